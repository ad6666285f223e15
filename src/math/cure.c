/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cure.c -- Newton's method with a ridge where the likelihood is not concave. With a = k (log t - log b), H = e^a and
 * E = e^-H: an event adds log(1 - pi) + a - H + log k - log t, a censoring log(pi + (1 - pi) E). Both are functions of
 * eta = logit pi and of a; the rest is the chain rule. */
#include "math/cure.h"

#include <math.h>
#include <string.h>

#include "math/dense.h"
#include "math/normal.h"
#include "math/special.h"

enum { MOST_STEPS = 200 };
#define LEAST_LOGIT (-12.0)

typedef struct person {
    double log_t;
    int event, arm;
} person;

typedef struct model {
    const person *p;
    size_t n, n_cure, n_scale, n_all; /* people; parameters */
    int exponential, none;            /* none: pi = 0, without parameters of its own */
    double log_l, *gradient, *hessian;
} model;

/* Derivatives of one person's log likelihood by eta and a. */
typedef struct slopes {
    double value, eta, a, eta_eta, eta_a, a_a;
} slopes;

static slopes slopes_of(int event, double eta, double a, int none)
{
    const double pi = none ? 0.0 : 1.0 / (1.0 + exp(-eta)), rest = none ? 1.0 : 1.0 / (1.0 + exp(eta)), h = exp(a);
    slopes s = {0};
    if (event) {
        s.value = (none ? 0.0 : eta > 0.0 ? -eta - log1p(exp(-eta)) : -log1p(exp(eta))) + a - h;
        s.eta = -pi;
        s.eta_eta = -pi * rest;
        s.a = 1.0 - h;
        s.a_a = -h;
        return s;
    }
    if (none) {
        s.value = -h;
        s.a = s.a_a = -h;
        return s;
    }
    const double e = exp(-h), eh = h < 700.0 ? e * h : 0.0, p = pi + rest * e;
    s.value = log(p);
    s.eta = pi * rest * -expm1(-h) / p;
    s.a = -rest * eh / p;
    s.eta_eta = pi * rest * (rest - pi) * -expm1(-h) / p - s.eta * s.eta;
    s.eta_a = pi * rest * eh / p - s.eta * s.a;
    s.a_a = h < 700.0 ? -rest * eh * (1.0 - h) / p - s.a * s.a : 0.0;
    return s;
}

static void add(model *m, size_t i, size_t j, double x)
{
    m->hessian[i * m->n_all + j] += x;
    if (i != j) m->hessian[j * m->n_all + i] += x;
}

/* Log likelihood, gradient and the negative of the second derivatives. */
static void evaluate(model *m, const double *b)
{
    const size_t n = m->n_all, shape = n - 1;
    const double log_k = m->exponential ? 0.0 : b[shape], k = exp(log_k);
    m->log_l = 0.0;
    memset(m->gradient, 0, n * sizeof *m->gradient);
    memset(m->hessian, 0, n * n * sizeof *m->hessian);
    for (size_t i = 0; i < m->n; i++) {
        const person *const q = &m->p[i];
        const size_t arm = (size_t)q->arm, scale = m->n_cure;
        const size_t cures[2] = {0, arm}, scales[2] = {scale, scale + arm};
        const size_t in_cure = m->n_cure == 0 ? 0 : 1 + (arm > 0 && arm < m->n_cure);
        const size_t in_scale = 1 + (arm > 0 && arm < m->n_scale);
        double eta = 0.0, mu = 0.0;
        for (size_t c = 0; c < in_cure; c++) eta += b[cures[c]];
        for (size_t c = 0; c < in_scale; c++) mu += b[scales[c]];
        const double a = k * (q->log_t - mu);
        const slopes s = slopes_of(q->event, eta, a, m->none);
        m->log_l += s.value + (q->event ? log_k - q->log_t : 0.0);
        for (size_t c = 0; c < in_cure; c++) {
            m->gradient[cures[c]] += s.eta;
            for (size_t d = 0; d <= c; d++) add(m, cures[c], cures[d], -s.eta_eta);
            for (size_t d = 0; d < in_scale; d++) add(m, cures[c], scales[d], k * s.eta_a);
            if (!m->exponential) add(m, cures[c], shape, -a * s.eta_a);
        }
        for (size_t c = 0; c < in_scale; c++) {
            m->gradient[scales[c]] -= k * s.a;
            for (size_t d = 0; d <= c; d++) add(m, scales[c], scales[d], -k * k * s.a_a);
            if (!m->exponential) add(m, scales[c], shape, k * s.a + k * a * s.a_a);
        }
        if (m->exponential) continue;
        m->gradient[shape] += a * s.a + (q->event ? 1.0 : 0.0);
        add(m, shape, shape, -(a * a * s.a_a + a * s.a));
    }
}

/* Climbs from b to the top; root and step: work. Steps taken. */
static int climb(model *m, double *b, double *root, double *step)
{
    const size_t n = m->n_all;
    int i = 0;
    evaluate(m, b);
    for (; i < MOST_STEPS; i++) {
        double ridge = 0.0, rise = 0.0, largest = 0.0;
        for (size_t k = 0; k < n; k++) largest = fmax(largest, fabs(m->hessian[k * n + k]));
        for (;; ridge = ridge > 0.0 ? 4.0 * ridge : 1e-4 * (largest + 1e-8)) {
            memcpy(root, m->hessian, n * n * sizeof *root);
            for (size_t k = 0; k < n; k++) root[k * n + k] += ridge;
            if (coley_dense_root(root, n, 1e-13) == n) break;
            if (ridge > 1e12 * (largest + 1.0)) return i;
        }
        const double before = m->log_l;
        coley_dense_solve(root, n, m->gradient, step);
        for (size_t k = 0; k < n; k++) {
            rise += step[k] * m->gradient[k];
            step[k] = fmin(fmax(step[k], -3.0), 3.0);
            b[k] += step[k];
        }
        evaluate(m, b);
        for (int half = 0; half < 40 && !(m->log_l >= before - 1e-13 * fabs(before)); half++) {
            for (size_t k = 0; k < n; k++) step[k] *= 0.5, b[k] -= step[k];
            evaluate(m, b);
        }
        if (rise < 1e-16) break;
        if (!m->none && m->n_cure && b[0] < LEAST_LOGIT - 3.0) break;
    }
    return i;
}

/* A start: half of the censored are cured, the others' times are exponential. */
static void start(const model *m, double *b)
{
    double events = 0.0, time = 0.0;
    for (size_t i = 0; i < m->n; i++)
        if (m->p[i].event) events++, time += exp(m->p[i].log_t);
    memset(b, 0, m->n_all * sizeof *b);
    const double censored = (double)m->n - events, share = (0.5 * censored + 0.25) / ((double)m->n + 1.0);
    if (m->n_cure) b[0] = log(share / (1.0 - share));
    b[m->n_cure] = log(fmax(time, 1e-300) / events);
}

static const char *cannot(const model *m)
{
    double first = NAN;
    size_t events = 0;
    int differ = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (!m->p[i].event) continue;
        events++;
        if (!isfinite(m->p[i].log_t)) return "an event at time 0 has no density";
        if (isnan(first)) first = m->p[i].log_t;
        differ |= m->p[i].log_t != first;
    }
    if (!events) return "there is no event";
    if (!m->exponential && !differ) return "all events fall on one time";
    return NULL;
}

static coley_status people_of(coley_arena *arena, const coley_cure_input *in, model *m, coley_cure *cure,
                              coley_error *err)
{
    const coley_survival *const s = in->survival;
    person *const p = COLEY_NEW(arena, person, s->n);
    if (!p) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < s->n; i++) {
        if (in->arm != COLEY_ALL_ARMS && s->arm[i] != in->arm) continue;
        cure->events += s->event[i] != 0;
        cure->people++;
        if (s->time[i] == 0.0 && !s->event[i]) continue; /* censored at once: says nothing */
        p[m->n++] = (person){log(s->time[i]), s->event[i] != 0, in->arm == COLEY_ALL_ARMS ? s->arm[i] : 0};
    }
    m->p = p;
    const size_t arms = in->arm == COLEY_ALL_ARMS ? s->n_arms : 1;
    m->exponential = in->exponential;
    m->n_cure = in->arms_cure ? arms : 1;
    m->n_scale = in->arms_scale ? arms : 1;
    m->n_all = m->n_cure + m->n_scale + !m->exponential;
    return COLEY_OK;
}

/* Values and errors of a fit; with nobody cured those of the model without a share. */
static void report(coley_cure *cure, const model *m, const double *b, double *root, double *value, double *error,
                   double *covariance)
{
    const size_t n = m->n_all;
    memcpy(value, b, n * sizeof *value);
    memcpy(root, m->hessian, n * n * sizeof *root);
    const int whole = coley_dense_root(root, n, 1e-13) == n;
    if (whole) coley_dense_inverse(root, n, covariance);
    for (size_t k = 0; k < n; k++) error[k] = whole ? sqrt(covariance[k * n + k]) : INFINITY;
    cure->log_likelihood = m->log_l;
}

coley_status coley_cure_fit(coley_arena *arena, const coley_cure_input *input, coley_cure *cure, coley_error *err)
{
    model m = {0};
    *cure = (coley_cure){.p_none = NAN};
    COLEY_TRY(people_of(arena, input, &m, cure, err));
    if (!cure->people) return COLEY_FAIL(err, COLEY_ERR_INPUT, "there is nobody in arm %d", input->arm);
    const size_t n = cure->n = m.n_all;
    double *const b = COLEY_NEW(arena, double, 4 * n), *const square = COLEY_NEW(arena, double, 3 * n * n);
    double *const result = COLEY_NEW(arena, double, 2 * n);
    if (!b || !square || !result) return COLEY_FAIL_MEMORY(err);
    double *const root = square + n * n, *const covariance = root + n * n, *const step = b + n;
    m.gradient = b + 2 * n;
    m.hessian = square;
    cure->value = result;
    cure->standard_error = result + n;
    cure->covariance = covariance;
    for (size_t k = 0; k < 2 * n; k++) result[k] = NAN;
    if ((cure->why = cannot(&m))) return COLEY_OK;
    model none = m;
    none.none = 1;
    none.n_cure = 0;
    none.n_all = n - m.n_cure;
    start(&none, b);
    climb(&none, b, root, step);
    cure->log_likelihood_none = none.log_l;
    double *const bare = b + 3 * n;
    memcpy(bare, b, none.n_all * sizeof *b);
    start(&m, b);
    cure->iterations = climb(&m, b, root, step);
    report(cure, &m, b, root, result, result + n, covariance);
    cure->nobody = m.n_cure == 1 && (b[0] < LEAST_LOGIT || m.log_l < none.log_l - 1e-9);
    if (cure->nobody) {
        evaluate(&none, bare);
        memset(covariance, 0, n * n * sizeof *covariance);
        report(cure, &none, bare, root, result + 1, result + n + 1, covariance);
        result[0] = -INFINITY;
        result[n] = INFINITY;
    }
    if (m.n_cure == 1) {
        const double twice = 2.0 * (cure->log_likelihood - cure->log_likelihood_none);
        cure->p_none = twice > 0.0 && !cure->nobody ? 0.5 * coley_chi2_tail(1.0, twice) : 1.0;
    }
    return COLEY_OK;
}

coley_cure_share coley_cure_share_of(const coley_cure *cure, const coley_cure_input *input, int arm, double level)
{
    if (cure->why) return (coley_cure_share){NAN, {NAN, NAN}};
    if (cure->nobody) return (coley_cure_share){0.0, {NAN, NAN}};
    const size_t n = cure->n, k = input->arms_cure && arm > 0 ? (size_t)arm : 0;
    double eta = cure->value[0], variance = cure->covariance[0];
    if (k) {
        eta += cure->value[k];
        variance += cure->covariance[k * n + k] + 2.0 * cure->covariance[k];
    }
    const double wide = -coley_normal_quantile(0.5 * (1.0 - level)) * sqrt(variance);
    return (coley_cure_share){1.0 / (1.0 + exp(-eta)),
                              {1.0 / (1.0 + exp(-(eta - wide))), 1.0 / (1.0 + exp(-(eta + wide)))}};
}
