/* SPDX-License-Identifier: GPL-3.0-or-later */
/* competing.c -- cumulative incidence, dF = S(t-) d1 / n, with S the curve of any event. An event at u moves F(t) by
 *   cause:  S(u-)/n (1 - (F(t) - F(u))/S(u)),   another:  -S(u-)/n (F(t) - F(u))/S(u),
 * and the squares add up to the variance, ties by the hypergeometric factor 1 - (d-1)/(n-1), as in R's cmprsk. Gray's
 * score compares d1 of an arm with its share of R = n (1 - F(t-))/S(t-), the people of the subdistribution still free
 * of the cause; the variance is that of section 3 of his paper. */
#include "math/competing.h"

#include <math.h>
#include <string.h>

#include "math/dense.h"
#include "math/normal.h"
#include "math/special.h"

/* ---- cumulative incidence ---------------------------------------------------------------------------------------- */

/* Rows of one arm by time, over strata. */
typedef struct mixed {
    size_t n;
    double *time;
    int *event;
} mixed;

/* A merge of the strata, each in order already. */
static coley_status collect(coley_arena *arena, const coley_survival *s, int arm, mixed *m, coley_error *err)
{
    size_t *const head = COLEY_NEW(arena, size_t, s->n_strata);
    m->time = COLEY_NEW(arena, double, s->n);
    m->event = COLEY_NEW(arena, int, s->n);
    if (!head || !m->time || !m->event) return COLEY_FAIL_MEMORY(err);
    memcpy(head, s->first, s->n_strata * sizeof *head);
    m->n = 0;
    for (;;) {
        size_t best = s->n_strata;
        for (size_t k = 0; k < s->n_strata; k++) {
            while (head[k] < s->first[k + 1] && arm != COLEY_ALL_ARMS && s->arm[head[k]] != arm) head[k]++;
            if (head[k] == s->first[k + 1]) continue;
            if (best == s->n_strata || s->time[head[k]] < s->time[head[best]]) best = k;
        }
        if (best == s->n_strata) return COLEY_OK;
        m->time[m->n] = s->time[head[best]];
        m->event[m->n++] = s->event[head[best]++];
    }
}

static double tie_factor(double d, double n)
{
    return d > 1.0 && n > 1.0 ? 1.0 - (d - 1.0) / (n - 1.0) : 1.0;
}

coley_status coley_incidence_curve(coley_arena *arena, const coley_survival *survival, int arm, int cause,
                                   coley_incidence *incidence, coley_error *err)
{
    mixed m = {0};
    if (cause < 1) return COLEY_FAIL(err, COLEY_ERR_INPUT, "cause %d: causes count from 1", cause);
    COLEY_TRY(collect(arena, survival, arm, &m, err));
    double *const time = COLEY_NEW(arena, double, m.n), *const f = COLEY_NEW(arena, double, m.n);
    double *const error = COLEY_NEW(arena, double, m.n);
    if (!time || !f || !error) return COLEY_FAIL_MEMORY(err);
    /* The move of F(t) by an event is (a - F(t) b); sums of its squares' parts. */
    double s = 1.0, now = 0.0, aa = 0.0, ab = 0.0, bb = 0.0;
    size_t at = 0, events = 0;
    for (size_t i = 0; i < m.n;) {
        const double n = (double)(m.n - i), t = m.time[i];
        double d1 = 0.0, d2 = 0.0;
        for (; i < m.n && m.time[i] == t; i++) {
            d1 += m.event[i] == cause;
            d2 += m.event[i] != 0 && m.event[i] != cause;
        }
        const double after = s * (n - d1 - d2) / n, each = s * s / (n * n);
        now += s * d1 / n;
        const double b = after > 0.0 ? 1.0 / after : 0.0;
        if (d2 > 0.0 && after > 0.0) {
            const double q = tie_factor(d2, n) * d2 * each, a = now * b;
            aa += a * a * q, ab += a * b * q, bb += b * b * q;
        }
        if (d1 > 0.0) {
            const double q = tie_factor(d1, n) * d1 * each, a = 1.0 + now * b;
            aa += a * a * q, ab += a * b * q, bb += b * b * q;
        }
        s = after;
        events += (size_t)d1;
        time[at] = t;
        f[at] = now;
        /* F moves at the cause's own events alone, and with it what is known of it. */
        error[at] = d1 > 0.0 ? sqrt(fmax(0.0, aa + now * now * bb - 2.0 * now * ab)) : at ? error[at - 1] : 0.0;
        at++;
    }
    *incidence = (coley_incidence){
        .people = m.n, .events = events, .n = at, .time = time, .incidence = f, .standard_error = error};
    return COLEY_OK;
}

coley_incidence_point coley_incidence_at(const coley_incidence *incidence, double time, double level)
{
    size_t low = 0, high = incidence->n;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (incidence->time[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    coley_incidence_point p = {.interval = {NAN, NAN}};
    if (!low) return p;
    p.incidence = incidence->incidence[low - 1];
    p.standard_error = incidence->standard_error[low - 1];
    const double s = 1.0 - p.incidence;
    if (!(p.incidence > 0.0 && s > 0.0)) return p;
    const double middle = log(-log(s));
    const double wide = -coley_normal_quantile(0.5 * (1.0 - level)) * p.standard_error / (s * -log(s));
    p.interval = (coley_interval){1.0 - exp(-exp(middle - wide)), 1.0 - exp(-exp(middle + wide))};
    return p;
}

/* ---- Gray's test ------------------------------------------------------------------------------------------------- */

/* State of the arms of a stratum: curve of any event and incidence, before and after a time; and the sums. Matrices are
 * [arms * arms], column k the arm whose events move the score. */
typedef struct gray {
    size_t arms;
    double *risk, *d1, *d2, *s0, *s1, *f0, *f1; /* [arms] */
    double *a, *c, *cross, *own;                /* matrices; own [arms] */
    double *score, *variance;                   /* [arms], matrix: over all strata */
    double *stratum;                            /* matrix: variance of this stratum */
} gray;

static int gray_create(coley_arena *arena, size_t arms, gray *g)
{
    double *const v = COLEY_NEW(arena, double, 9 * arms + 5 * arms * arms);
    if (!v) return 0;
    *g = (gray){.arms = arms,
                .risk = v,
                .d1 = v + arms,
                .d2 = v + 2 * arms,
                .s0 = v + 3 * arms,
                .s1 = v + 4 * arms,
                .f0 = v + 5 * arms,
                .f1 = v + 6 * arms,
                .own = v + 7 * arms,
                .score = v + 8 * arms};
    g->a = v + 9 * arms;
    g->c = g->a + arms * arms;
    g->cross = g->c + arms * arms;
    g->variance = g->cross + arms * arms;
    g->stratum = g->variance + arms * arms;
    return 1;
}

static void gray_begin(gray *g)
{
    const size_t n = g->arms;
    for (size_t k = 0; k < n; k++) g->risk[k] = g->f0[k] = g->f1[k] = g->own[k] = 0.0, g->s0[k] = g->s1[k] = 1.0;
    memset(g->c, 0, n * n * sizeof *g->c);
    memset(g->cross, 0, n * n * sizeof *g->cross);
    memset(g->stratum, 0, n * n * sizeof *g->stratum);
}

/* What an event in arm k does to the score of each arm: `move` times the increment, the rest through c at the end. */
static void gray_spread(gray *g, size_t k, double share, double q, int direct)
{
    const size_t n = g->arms;
    g->own[k] += share * share * q;
    for (size_t i = 0; i < n; i++) {
        const double move = (direct ? g->a[i * n + k] : 0.0) - share * g->c[i * n + k];
        g->cross[i * n + k] += move * share * q;
        for (size_t j = 0; j < n; j++) {
            const double other = (direct ? g->a[j * n + k] : 0.0) - share * g->c[j * n + k];
            g->stratum[i * n + j] += move * other * q;
        }
    }
}

/* One time; f: pooled incidence before it, updated. */
static void gray_time(gray *g, double *f)
{
    const size_t n = g->arms;
    double d1 = 0.0, d2 = 0.0, sum_h = 0.0, sum_r = 0.0;
    for (size_t k = 0; k < n; k++) d1 += g->d1[k], d2 += g->d2[k];
    if (!(d1 + d2 > 0.0)) return;
    for (size_t k = 0; k < n; k++) {
        if (!(g->risk[k] > 0.0)) continue;
        g->s1[k] = g->s0[k] * (g->risk[k] - g->d1[k] - g->d2[k]) / g->risk[k];
        g->f1[k] = g->f0[k] + g->s0[k] * g->d1[k] / g->risk[k];
        sum_h += g->risk[k] / g->s0[k];
        sum_r += g->risk[k] * (1.0 - g->f0[k]) / g->s0[k];
    }
    const double before = *f, after = before + d1 / sum_h;
    *f = after;
    for (size_t i = 0; i < n; i++) {
        const double h = g->risk[i] > 0.0 ? g->risk[i] / g->s0[i] : 0.0;
        for (size_t j = 0; j < n; j++) {
            const double other = g->risk[j] > 0.0 ? g->risk[j] / g->s0[j] : 0.0;
            g->a[i * n + j] = h * ((i == j ? 1.0 : 0.0) - other / sum_h);
            if (before < 1.0) g->c[i * n + j] += g->a[i * n + j] * d1 / (sum_h * (1.0 - before));
        }
        if (g->risk[i] > 0.0) g->score[i] += g->d1[i] - d1 * g->risk[i] * (1.0 - g->f0[i]) / (g->s0[i] * sum_r);
    }
    for (size_t k = 0; k < n && d1 > 0.0; k++) {
        if (!(g->risk[k] > 0.0)) continue;
        const double share = g->s1[k] > 0.0 ? 1.0 - (1.0 - after) / g->s1[k] : 1.0;
        const double q = tie_factor(d1, sum_h * g->s0[k]) * g->s0[k] * d1 / (sum_h * g->risk[k]);
        gray_spread(g, k, share, q, 1);
    }
    for (size_t k = 0; k < n; k++) {
        if (!(g->d2[k] > 0.0 && g->s1[k] > 0.0)) continue;
        const double q = tie_factor(g->d2[k], g->risk[k]) * g->s0[k] * g->s0[k] * g->d2[k] / (g->risk[k] * g->risk[k]);
        gray_spread(g, k, (1.0 - after) / g->s1[k], q, 0);
    }
}

static void gray_stratum(gray *g, const coley_survival *s, size_t stratum, int cause)
{
    const size_t n = g->arms, end = s->first[stratum + 1];
    double f = 0.0;
    gray_begin(g);
    for (size_t i = s->first[stratum]; i < end; i++) g->risk[s->arm[i]]++;
    for (size_t i = s->first[stratum]; i < end;) {
        const double t = s->time[i];
        size_t next = i;
        for (size_t k = 0; k < n; k++) g->d1[k] = g->d2[k] = 0.0;
        for (; next < end && s->time[next] == t; next++)
            if (s->event[next]) *(s->event[next] == cause ? &g->d1[s->arm[next]] : &g->d2[s->arm[next]]) += 1.0;
        gray_time(g, &f);
        for (; i < next; i++) g->risk[s->arm[i]]--;
        memcpy(g->s0, g->s1, n * sizeof *g->s0);
        memcpy(g->f0, g->f1, n * sizeof *g->f0);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = g->stratum[i * n + j];
            for (size_t k = 0; k < n; k++)
                sum += g->c[i * n + k] * g->c[j * n + k] * g->own[k] + g->c[i * n + k] * g->cross[j * n + k] +
                       g->c[j * n + k] * g->cross[i * n + k];
            g->variance[i * n + j] += sum;
        }
}

coley_status coley_gray_test(coley_arena *arena, const coley_survival *survival, int cause, coley_gray *test,
                             coley_error *err)
{
    const size_t arms = survival->n_arms;
    gray g;
    double *const work = COLEY_NEW(arena, double, arms *arms + arms);
    size_t *const kept = COLEY_NEW(arena, size_t, arms), n_kept = 0, events = 0;
    if (!gray_create(arena, arms, &g) || !work || !kept) return COLEY_FAIL_MEMORY(err);
    if (cause < 1) return COLEY_FAIL(err, COLEY_ERR_INPUT, "cause %d: causes count from 1", cause);
    *test = (coley_gray){.p = 1.0};
    for (size_t stratum = 0; stratum < survival->n_strata; stratum++) gray_stratum(&g, survival, stratum, cause);
    for (size_t i = 0; i < survival->n; i++) events += survival->event[i] == cause;
    for (size_t k = 0; k < arms; k++)
        if (coley_survival_counts(survival, (int)k).people) kept[n_kept++] = k;
    if (n_kept < 2 || !events) {
        test->why = events ? "there is one arm" : "there is no event of the cause";
        return COLEY_OK;
    }
    const size_t df = n_kept - 1;
    for (size_t i = 0; i < df; i++)
        for (size_t j = 0; j < df; j++) work[i * df + j] = g.variance[kept[i] * arms + kept[j]];
    for (size_t i = 0; i < df; i++) g.score[i] = g.score[kept[i]];
    if (coley_dense_root(work, df, 1e-12) < df) {
        test->why = "events never fell where two arms were at risk";
        return COLEY_OK;
    }
    test->df = df;
    test->chi2 = coley_dense_form(work, df, g.score, work + arms * arms);
    test->p = coley_chi2_tail((double)df, test->chi2);
    return COLEY_OK;
}
