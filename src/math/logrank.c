/* SPDX-License-Identifier: GPL-3.0-or-later */
/* logrank.c -- scores of weighted log-rank tests. At each event time of a stratum, n people at risk, n_j of them in arm
 * j, d events:
 *   U_j = sum w (d_j - d n_j / n),   V_jl = sum w^2 d (n - d)/(n - 1) n_j/n (delta_jl - n_l/n)
 * (Mantel 1966; Peto, Peto 1972). Two weighted scores of one trial have covariance sum w w' v, from which the largest
 * of several has its joint normal distribution (Karrison, Stata J 2016; 16:678). */
#include "math/logrank.h"

#include <assert.h>
#include <math.h>

#include "math/dense.h"
#include "math/multinormal.h"
#include "math/normal.h"
#include "math/special.h"

static const coley_weight plain = {.kind = COLEY_WEIGHT_LOGRANK};

const coley_weight coley_maxcombo_usual[4] = {{COLEY_WEIGHT_FH, 0, 0, 0, 0},
                                              {COLEY_WEIGHT_FH, 0, 1, 0, 0},
                                              {COLEY_WEIGHT_FH, 1, 0, 0, 0},
                                              {COLEY_WEIGHT_FH, 1, 1, 0, 0}};

static double power_of(double x, double exponent)
{
    return exponent == 0.0 ? 1.0 : exponent == 1.0 ? x : pow(x, exponent);
}

/* `before`: the curve of all arms just before t; `held`: the same, but not below its value at the delay. */
static double weight_at(const coley_weight *w, double before, double held, double at_risk)
{
    switch (w->kind) {
    case COLEY_WEIGHT_LOGRANK:
        return 1.0;
    case COLEY_WEIGHT_FH:
        return power_of(before, w->rho) * power_of(1.0 - before, w->gamma);
    case COLEY_WEIGHT_GEHAN:
        return at_risk;
    case COLEY_WEIGHT_TARONE:
        return sqrt(at_risk);
    case COLEY_WEIGHT_MODEST:
        break;
    }
    return w->most > 0.0 ? fmin(1.0 / held, w->most) : 1.0 / held;
}

static coley_status check_weight(const coley_weight *w, coley_error *err)
{
    if (w->kind == COLEY_WEIGHT_FH && !(w->rho >= 0.0 && w->gamma >= 0.0 && isfinite(w->rho) && isfinite(w->gamma)))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "Fleming and Harrington's weight (%g, %g): both are 0 or more", w->rho,
                          w->gamma);
    if (w->kind == COLEY_WEIGHT_MODEST && !(w->delay >= 0.0 && (w->most == 0.0 || w->most >= 1.0)))
        return COLEY_FAIL(err, COLEY_ERR_INPUT,
                          "modest weight (delay %g, most %g): the delay is 0 or more, the largest weight 1 or more",
                          w->delay, w->most);
    return COLEY_OK;
}

/* The sums for m weights; those of weight k: observed + k n_arms and so on. `cross` [m * m], two arms only: covariances
 * of the scores of arm 1; or NULL. */
typedef struct sums {
    size_t m;
    const coley_weight *weight;
    double *observed, *expected, *variance, *cross;
} sums;

static void add_time(const sums *out, size_t n_arms, const double *risk, const double *died, double n, double d,
                     double before, const double *held)
{
    double w[COLEY_COMBO_MOST];
    const double spread = n > 1.0 ? d * (n - d) / (n - 1.0) : 0.0;
    for (size_t k = 0; k < out->m; k++) {
        w[k] = weight_at(&out->weight[k], before, held[k], n);
        double *const variance = out->variance + k * n_arms * n_arms, scale = w[k] * w[k] * spread / n;
        for (size_t j = 0; j < n_arms; j++) {
            out->observed[k * n_arms + j] += w[k] * died[j];
            out->expected[k * n_arms + j] += w[k] * d * risk[j] / n;
            for (size_t l = 0; l <= j; l++)
                variance[j * n_arms + l] += scale * risk[j] * ((j == l ? 1.0 : 0.0) - risk[l] / n);
        }
    }
    if (!out->cross) return;
    const double v = spread * risk[0] * risk[1] / (n * n);
    for (size_t k = 0; k < out->m; k++)
        for (size_t l = 0; l < out->m; l++) out->cross[k * out->m + l] += w[k] * w[l] * v;
}

/* One stratum, from the first time to the last. risk and died: [n_arms]. */
static void add_stratum(const sums *out, const coley_survival *s, size_t stratum, double *risk, double *died)
{
    const size_t end = s->first[stratum + 1];
    double held[COLEY_COMBO_MOST], before = 1.0;
    for (size_t k = 0; k < out->m; k++) held[k] = 1.0;
    for (size_t j = 0; j < s->n_arms; j++) risk[j] = 0.0;
    for (size_t i = s->first[stratum]; i < end; i++) risk[s->arm[i]]++;
    for (size_t i = s->first[stratum]; i < end;) {
        const double time = s->time[i], n = (double)(end - i);
        double d = 0.0;
        size_t next = i;
        for (; next < end && s->time[next] == time && s->event[next]; next++) d++;
        if (d > 0.0) {
            for (size_t j = 0; j < s->n_arms; j++) died[j] = 0.0;
            for (size_t k = i; k < next; k++) died[s->arm[k]]++;
            add_time(out, s->n_arms, risk, died, n, d, before, held);
            before *= (n - d) / n;
            for (size_t k = 0; k < out->m; k++)
                if (time <= out->weight[k].delay) held[k] = before;
        }
        for (; next < end && s->time[next] == time; next++) {}
        for (; i < next; i++) risk[s->arm[i]]--;
    }
}

static coley_status add_all(coley_arena *arena, const coley_survival *s, sums *out, int crossed, coley_error *err)
{
    const size_t m = out->m, n_arms = s->n_arms;
    for (size_t k = 0; k < m; k++) COLEY_TRY(check_weight(&out->weight[k], err));
    double *const work = COLEY_NEW(arena, double, 2 * n_arms);
    out->observed = COLEY_NEW(arena, double, m *n_arms);
    out->expected = COLEY_NEW(arena, double, m *n_arms);
    out->variance = COLEY_NEW(arena, double, m *n_arms *n_arms);
    out->cross = crossed ? COLEY_NEW(arena, double, m *m) : NULL;
    if (!work || !out->observed || !out->expected || !out->variance || (crossed && !out->cross))
        return COLEY_FAIL_MEMORY(err);
    for (size_t stratum = 0; stratum < s->n_strata; stratum++) add_stratum(out, s, stratum, work, work + n_arms);
    for (size_t k = 0; k < m; k++)
        for (size_t j = 0; j < n_arms; j++)
            for (size_t l = j + 1; l < n_arms; l++)
                out->variance[(k * n_arms + j) * n_arms + l] = out->variance[(k * n_arms + l) * n_arms + j];
    return COLEY_OK;
}

/* Chi-square over the arms that ever had an event to expect, the first of them left out. */
static coley_status judge(coley_arena *arena, coley_logrank *test, coley_error *err)
{
    const size_t n_arms = test->n_arms;
    size_t *const kept = COLEY_NEW(arena, size_t, n_arms), m = 0;
    double *const v = COLEY_NEW(arena, double, n_arms *n_arms + 2 * n_arms);
    if (!kept || !v) return COLEY_FAIL_MEMORY(err);
    double *const u = v + n_arms * n_arms, *const work = u + n_arms;
    for (size_t j = 0; j < n_arms; j++)
        if (test->expected[j] > 0.0) kept[m++] = j;
    if (m < 2) {
        test->why = "fewer than two arms were at risk of an event";
        return COLEY_OK;
    }
    for (size_t j = 1; j < m; j++) {
        u[j - 1] = test->observed[kept[j]] - test->expected[kept[j]];
        for (size_t l = 1; l < m; l++) v[(j - 1) * (m - 1) + l - 1] = test->variance[kept[j] * n_arms + kept[l]];
    }
    if (coley_dense_root(v, m - 1, 1e-12) < m - 1) {
        test->why = "events never fell where two arms were at risk";
        return COLEY_OK;
    }
    test->df = m - 1;
    test->chi2 = coley_dense_form(v, m - 1, u, work);
    test->p = coley_chi2_tail((double)test->df, test->chi2);
    if (n_arms != 2) return COLEY_OK;
    test->z = (test->observed[1] - test->expected[1]) / sqrt(test->variance[3]);
    test->p_lower = coley_normal_cdf(test->z);
    return COLEY_OK;
}

coley_status coley_logrank_test(coley_arena *arena, const coley_survival *survival, const coley_weight *weight,
                                coley_logrank *test, coley_error *err)
{
    sums out = {.m = 1, .weight = weight ? weight : &plain};
    COLEY_TRY(add_all(arena, survival, &out, 0, err));
    *test = (coley_logrank){.n_arms = survival->n_arms,
                            .observed = out.observed,
                            .expected = out.expected,
                            .variance = out.variance,
                            .p = 1.0,
                            .p_lower = 0.5};
    if (survival->n_events) return judge(arena, test, err);
    test->why = "there is no event";
    return COLEY_OK;
}

coley_status coley_maxcombo_test(coley_arena *arena, const coley_survival *survival, const coley_weight *weight,
                                 size_t n, coley_maxcombo *test, coley_error *err)
{
    if (n < 1 || n > COLEY_COMBO_MOST)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu weights: a combination takes 1 to %d", n, COLEY_COMBO_MOST);
    if (survival->n_arms != 2)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu arms: a combination of weights compares two", survival->n_arms);
    sums out = {.m = n, .weight = weight};
    COLEY_TRY(add_all(arena, survival, &out, 1, err));
    *test = (coley_maxcombo){.n = n, .p = 1.0, .p_lower = 0.5};
    for (size_t k = 0; k < n; k++)
        if (!(out.cross[k * n + k] > 0.0)) test->why = "too few events where both arms were at risk";
    if (test->why) return COLEY_OK;
    double least = INFINITY, most = 0.0;
    for (size_t k = 0; k < n; k++) {
        test->z[k] = (out.observed[2 * k + 1] - out.expected[2 * k + 1]) / sqrt(out.cross[k * n + k]);
        least = fmin(least, test->z[k]);
        most = fmax(most, fabs(test->z[k]));
        for (size_t l = 0; l < n; l++)
            test->correlation[k * n + l] = out.cross[k * n + l] / sqrt(out.cross[k * n + k] * out.cross[l * n + l]);
    }
    test->p_lower = 1.0 - coley_multinormal_box(test->correlation, n, -least, INFINITY);
    test->p = 1.0 - coley_multinormal_box(test->correlation, n, most, most);
    return COLEY_OK;
}
