/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is true of the statistics of every trial, over many simulated ones. */
#include <stdlib.h>

#include "base/rng.h"
#include "math/competing.h"
#include "math/cox.h"
#include "math/cure.h"
#include "math/logrank.h"
#include "math/power.h"
#include "math/proportion.h"
#include "math/rmst.h"
#include "math/roc.h"
#include "math/special.h"

#include "support/check.h"

enum { MOST = 400, SEEDS = 60 };

/* A simulated trial: exponential times, censoring; ties when `grid` is above 0. */
typedef struct trial {
    size_t n;
    double time[MOST], x[MOST], minus[MOST], other[MOST];
    int event[MOST], arm[MOST], stratum[MOST];
} trial;

static coley_arena *arena;

static double uniform(uint64_t seed, size_t i, uint64_t what)
{
    return coley_rng_uniform(seed, COLEY_STREAM_TEST, i, what);
}

static void simulate(uint64_t seed, double grid, trial *t)
{
    t->n = 40 + (size_t)(seed * 37 % 300);
    for (size_t i = 0; i < t->n; i++) {
        t->arm[i] = uniform(seed, i, 0) < 0.5;
        t->stratum[i] = (int)(3 * uniform(seed, i, 1));
        const double hazard = t->arm[i] ? 0.06 : 0.1;
        const double event = -log(uniform(seed, i, 2)) / hazard, end = 20 * uniform(seed, i, 3);
        t->time[i] = fmin(event, end);
        if (grid > 0) t->time[i] = ceil(t->time[i] / grid) * grid;
        t->event[i] = event <= end;
        t->x[i] = t->arm[i];
        t->minus[i] = 5 - 3 * t->x[i];
        t->other[i] = uniform(seed, i, 4);
    }
}

static coley_survival prepared(const trial *t, int strata)
{
    coley_survival s;
    const coley_survival_input in = {.n = t->n,
                                     .time = t->time,
                                     .event = t->event,
                                     .arm = t->arm,
                                     .n_arms = 2,
                                     .stratum = strata ? t->stratum : NULL,
                                     .n_strata = strata ? 3 : 1};
    coley_arena_reset(arena);
    CHECK(coley_survival_prepare(arena, &in, &s, NULL) == COLEY_OK);
    return s;
}

static double z_of(const coley_survival *s, coley_weight weight)
{
    coley_logrank test;
    CHECK(coley_logrank_test(arena, s, &weight, &test, NULL) == COLEY_OK);
    return test.z;
}

static coley_cox cox_of(const coley_survival *s, size_t n, const double *const *column, coley_ties ties)
{
    coley_cox cox;
    const coley_cox_input in = {.survival = s, .n_columns = n, .column = column, .ties = ties};
    CHECK(coley_cox_fit(arena, &in, &cox, NULL) == COLEY_OK);
    return cox;
}

static const coley_weight weights[] = {{COLEY_WEIGHT_LOGRANK, 0, 0, 0, 0},
                                       {COLEY_WEIGHT_FH, 0, 1, 0, 0},
                                       {COLEY_WEIGHT_FH, 1, 0.5, 0, 0},
                                       {COLEY_WEIGHT_GEHAN, 0, 0, 0, 0},
                                       {COLEY_WEIGHT_TARONE, 0, 0, 0, 0}};
enum { WEIGHTS = sizeof weights / sizeof *weights };

static void tests_and_ratios_see_only_the_order_of_times(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, seed % 2 ? 0.5 : 0, &t);
        double z[WEIGHTS];
        coley_survival s = prepared(&t, 1);
        for (int w = 0; w < WEIGHTS; w++) z[w] = z_of(&s, weights[w]);
        const double ratio = cox_of(&s, 0, NULL, COLEY_TIES_EFRON).log_ratio[0];
        for (size_t i = 0; i < t.n; i++)
            t.time[i] = seed % 3 == 0 ? expm1(t.time[i]) : seed % 3 == 1 ? sqrt(t.time[i]) : 3 + 100 * t.time[i];
        s = prepared(&t, 1);
        for (int w = 0; w < WEIGHTS; w++) CHECK_NEAR(z_of(&s, weights[w]), z[w], 1e-12);
        CHECK_NEAR(cox_of(&s, 0, NULL, COLEY_TIES_EFRON).log_ratio[0], ratio, 1e-11);
    }
}

static void without_ties_cox_s_score_test_is_the_log_rank_test(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, 0, &t);
        for (int strata = 0; strata < 2; strata++) {
            const coley_survival s = prepared(&t, strata);
            coley_logrank test;
            CHECK(coley_logrank_test(arena, &s, NULL, &test, NULL) == COLEY_OK);
            CHECK_NEAR(cox_of(&s, 0, NULL, COLEY_TIES_BRESLOW).score, test.chi2, 1e-10);
            CHECK_NEAR(cox_of(&s, 0, NULL, COLEY_TIES_EFRON).score, test.chi2, 1e-10);
        }
    }
}

static void the_other_arm_s_ratio_is_the_inverse(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, 1, &t);
        coley_survival s = prepared(&t, 0);
        const double z = z_of(&s, weights[1]), b = cox_of(&s, 0, NULL, COLEY_TIES_EFRON).log_ratio[0];
        for (size_t i = 0; i < t.n; i++) t.arm[i] = !t.arm[i];
        s = prepared(&t, 0);
        CHECK_NEAR(z_of(&s, weights[1]), -z, 1e-11);
        CHECK_NEAR(cox_of(&s, 0, NULL, COLEY_TIES_EFRON).log_ratio[0], -b, 1e-10);
    }
}

/* x -> 5 - 3 x divides the log ratio by -3 and leaves every test. */
static void a_covariate_s_unit_does_not_matter(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, 1, &t);
        const coley_survival s = prepared(&t, 1);
        const double *const plain[] = {t.x, t.other}, *const changed[] = {t.minus, t.other};
        const coley_cox a = cox_of(&s, 2, plain, COLEY_TIES_EFRON), b = cox_of(&s, 2, changed, COLEY_TIES_EFRON);
        CHECK_NEAR(b.log_ratio[0], a.log_ratio[0] / -3, 1e-10);
        CHECK_NEAR(b.standard_error[0], a.standard_error[0] / 3, 1e-10);
        CHECK_NEAR(b.wald, a.wald, 1e-9);
        CHECK_NEAR(b.log_ratio[1], a.log_ratio[1], 1e-9);
    }
}

static void events_that_were_expected_add_up_to_those_observed(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, 2, &t);
        const coley_survival s = prepared(&t, 1);
        for (int w = 0; w < WEIGHTS; w++) {
            coley_logrank test;
            CHECK(coley_logrank_test(arena, &s, &weights[w], &test, NULL) == COLEY_OK);
            CHECK_NEAR(test.expected[0] + test.expected[1], test.observed[0] + test.observed[1], 1e-11);
            CHECK_NEAR(test.variance[0], test.variance[3], 1e-11);
            CHECK_NEAR(test.variance[1], -test.variance[3], 1e-11);
        }
    }
}

static void modest_weights_without_delay_are_the_log_rank_test(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, 0.5, &t);
        const coley_survival s = prepared(&t, 1);
        const double z = z_of(&s, weights[0]);
        CHECK_NEAR(z_of(&s, (coley_weight){.kind = COLEY_WEIGHT_MODEST}), z, 1e-12);
        CHECK_NEAR(z_of(&s, (coley_weight){.kind = COLEY_WEIGHT_MODEST, .delay = INFINITY, .most = 1}), z, 1e-12);
    }
}

static void the_largest_of_several_tests_lies_between_the_best_and_bonferroni(void)
{
    static trial t;
    FOR_ALL(20, seed)
    {
        simulate(seed, 0, &t);
        const coley_survival s = prepared(&t, 0);
        coley_maxcombo combo, one;
        coley_logrank test;
        CHECK(coley_maxcombo_test(arena, &s, coley_maxcombo_usual, 4, &combo, NULL) == COLEY_OK && !combo.why);
        double most = 0;
        for (int k = 0; k < 4; k++) most = fmax(most, fabs(combo.z[k]));
        const double best = coley_chi2_tail(1, most * most);
        CHECK(combo.p > best * (1 - 1e-4) && combo.p < 4 * best * (1 + 1e-4));
        CHECK(coley_maxcombo_test(arena, &s, weights, 1, &one, NULL) == COLEY_OK);
        CHECK(coley_logrank_test(arena, &s, NULL, &test, NULL) == COLEY_OK);
        CHECK_NEAR(one.p, test.p, 1e-12);
        CHECK_NEAR(one.p_lower, test.p_lower, 1e-12);
    }
}

static void a_curve_without_censoring_is_the_share_that_is_left(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, 0.5, &t);
        double sum = 0, longest = 0;
        for (size_t i = 0; i < t.n; i++) t.event[i] = 1, sum += t.time[i], longest = fmax(longest, t.time[i]);
        const coley_survival s = prepared(&t, 1);
        coley_km km;
        CHECK(coley_km_curve(arena, &s, COLEY_ALL_ARMS, &km, NULL) == COLEY_OK);
        for (double at = 0; at < 20; at += 0.7) {
            size_t left = 0;
            for (size_t i = 0; i < t.n; i++) left += t.time[i] > at;
            CHECK_NEAR(coley_km_at(&km, at, COLEY_KM_PLAIN, 0.95).survival, (double)left / (double)t.n, 1e-12);
        }
        /* Its area is the mean time, and Greenwood's error that of a mean of n. */
        const coley_rmst area = coley_rmst_of(&km, longest, 0.95);
        const double mean = sum / (double)t.n;
        double square = 0;
        for (size_t i = 0; i < t.n; i++) square += (t.time[i] - mean) * (t.time[i] - mean);
        CHECK_NEAR(area.mean, mean, 1e-12);
        CHECK_NEAR(area.standard_error, sqrt(square) / (double)t.n, 1e-12);
        CHECK(!area.beyond);
    }
}

/* Over 400 samples z = (estimate - truth) / standard error is standard normal: mean 0 -+ 0.2, variance 1 -+ 0.25. */
static void the_restricted_mean_of_exponential_times_is_its_integral(void)
{
    static trial t;
    const double truth = (1 - exp(-0.1 * 8)) / 0.1;
    double sum = 0, square = 0;
    enum { SAMPLES = 400 };
    for (uint64_t seed = 1; seed <= SAMPLES; seed++) {
        simulate(1000 + seed, 0, &t);
        const coley_survival s = prepared(&t, 0);
        coley_km km;
        CHECK(coley_km_curve(arena, &s, 0, &km, NULL) == COLEY_OK);
        const coley_rmst area = coley_rmst_of(&km, 8, 0.95);
        const double z = (area.mean - truth) / area.standard_error;
        sum += z;
        square += z * z;
    }
    CHECK(fabs(sum / SAMPLES) < 0.2);
    CHECK(fabs(square / SAMPLES - 1) < 0.25);
}

static void intervals_hold_the_curve_and_widen_with_their_level(void)
{
    static const coley_km_scale scales[] = {COLEY_KM_LOGLOG, COLEY_KM_LOG, COLEY_KM_PLAIN};
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, 0.5, &t);
        const coley_survival s = prepared(&t, 0);
        coley_km km;
        CHECK(coley_km_curve(arena, &s, 1, &km, NULL) == COLEY_OK);
        for (size_t i = 0; i < km.n; i++)
            for (int k = 0; k < 3; k++) {
                const coley_km_point p = coley_km_entry(&km, i, scales[k], 0.95);
                const coley_km_point q = coley_km_entry(&km, i, scales[k], 0.99);
                if (isnan(p.interval.low)) continue;
                CHECK(p.interval.low <= p.survival + 1e-15 && p.survival <= p.interval.high + 1e-15);
                CHECK(q.interval.low <= p.interval.low && p.interval.high <= q.interval.high);
                CHECK(p.interval.low >= 0 && p.interval.high <= 1);
            }
    }
}

static void causes_and_survival_add_up_to_one(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, seed % 2 ? 0 : 1, &t);
        for (size_t i = 0; i < t.n; i++)
            if (t.event[i]) t.event[i] = 1 + (int)(3 * uniform(seed, i, 9));
        const coley_survival s = prepared(&t, 1);
        coley_km km;
        coley_incidence f[3];
        CHECK(coley_km_curve(arena, &s, 0, &km, NULL) == COLEY_OK);
        for (int k = 0; k < 3; k++) CHECK(coley_incidence_curve(arena, &s, 0, k + 1, &f[k], NULL) == COLEY_OK);
        for (size_t i = 0; i < km.n; i++)
            CHECK_NEAR(f[0].incidence[i] + f[1].incidence[i] + f[2].incidence[i] + km.survival[i], 1.0, 1e-12);
    }
}

/* One kind of event: F = 1 - S, Gray's test sees what the log-rank test sees; their squares agree to a few percent. */
static void with_one_cause_gray_s_test_is_near_the_log_rank_test(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, 0, &t);
        if (t.n < 200) continue;
        const coley_survival s = prepared(&t, 0);
        coley_gray gray;
        coley_logrank test;
        CHECK(coley_gray_test(arena, &s, 1, &gray, NULL) == COLEY_OK);
        CHECK(coley_logrank_test(arena, &s, NULL, &test, NULL) == COLEY_OK);
        CHECK(fabs(sqrt(gray.chi2) - sqrt(test.chi2)) < 0.06 * (1 + sqrt(test.chi2)));
    }
}

static void the_area_under_a_roc_curve_is_that_of_all_pairs(void)
{
    static trial t;
    FOR_ALL(SEEDS, seed)
    {
        simulate(seed, 1, &t);
        coley_roc roc, other;
        coley_arena_reset(arena);
        for (size_t i = 0; i < t.n; i++) t.x[i] = -t.time[i];
        CHECK(coley_roc_curve(arena, t.time, t.event, t.n, 0.95, &roc, NULL) == COLEY_OK);
        CHECK(coley_roc_curve(arena, t.x, t.event, t.n, 0.95, &other, NULL) == COLEY_OK);
        double pairs = 0, above = 0, area = 0;
        for (size_t i = 0; i < t.n; i++)
            for (size_t k = 0; k < t.n; k++) {
                if (!t.event[i] || t.event[k]) continue;
                pairs++;
                above += t.time[i] > t.time[k] ? 1 : t.time[i] == t.time[k] ? 0.5 : 0;
            }
        for (size_t i = 1; i < roc.n_points; i++)
            area += 0.5 * (roc.point[i].sensitivity + roc.point[i - 1].sensitivity) *
                    (roc.point[i - 1].specificity - roc.point[i].specificity);
        CHECK_NEAR(roc.area, above / pairs, 1e-12);
        CHECK_NEAR(roc.area, area, 1e-12);
        CHECK_NEAR(other.area, 1 - roc.area, 1e-12);
        CHECK_NEAR(other.standard_error, roc.standard_error, 1e-12);
    }
}

static void the_exact_interval_covers_at_least_as_often_as_it_says(void)
{
    enum { N = 23 };
    coley_interval exact[N + 1];
    double least = 1;
    for (size_t k = 0; k <= N; k++) exact[k] = coley_proportion_exact(k, N, 0.95);
    for (double p = 0.005; p < 1; p += 0.005) {
        double covered = 0;
        for (int k = 0; k <= N; k++)
            if (exact[k].low <= p && p <= exact[k].high)
                covered += exp(lgamma(N + 1) - lgamma(k + 1) - lgamma(N - k + 1) + k * log(p) + (N - k) * log1p(-p));
        least = fmin(least, covered);
    }
    CHECK(least >= 0.95 - 1e-12);
}

/* Followed far beyond the last event, the cured are those without one and the rest are exponential: share (n - d)/n,
 * scale the mean of the events. */
static void with_long_follow_up_the_cured_share_is_that_without_an_event(void)
{
    static trial t;
    FOR_ALL(30, seed)
    {
        simulate(seed, 0, &t);
        double sum = 0;
        size_t d = 0;
        for (size_t i = 0; i < t.n; i++) {
            if (t.event[i])
                sum += t.time[i], d++;
            else
                t.time[i] = 5000;
        }
        const coley_survival s = prepared(&t, 0);
        coley_cure cure;
        const coley_cure_input in = {.survival = &s, .arm = COLEY_ALL_ARMS, .exponential = 1};
        CHECK(coley_cure_fit(arena, &in, &cure, NULL) == COLEY_OK && !cure.why && !cure.nobody);
        const double cured = (double)(t.n - d), n = (double)t.n;
        CHECK_NEAR(cure.value[0], log(cured / (n - cured)), 1e-9);
        CHECK_NEAR(cure.value[1], log(sum / (double)d), 1e-9);
        /* The observed information then splits: a binomial's logit, and an exponential's log. */
        CHECK_NEAR(cure.standard_error[0], sqrt(n / (cured * (n - cured))), 1e-8);
        CHECK_NEAR(cure.standard_error[1], 1 / sqrt((double)d), 1e-8);
        CHECK(cure.p_none < 1e-6);
    }
}

/* Arms that are fitted together with terms of their own in both parts are as if fitted alone, when the shape is 1. */
static void arms_with_terms_of_their_own_are_fitted_as_if_alone(void)
{
    static trial t;
    FOR_ALL(20, seed)
    {
        simulate(seed, 0, &t);
        for (size_t i = 0; i < t.n; i++)
            if (uniform(seed, i, 7) < 0.3) t.event[i] = 0, t.time[i] = 60;
        const coley_survival s = prepared(&t, 0);
        coley_cure both, alone[2];
        const coley_cure_input in = {
            .survival = &s, .arm = COLEY_ALL_ARMS, .arms_cure = 1, .arms_scale = 1, .exponential = 1};
        CHECK(coley_cure_fit(arena, &in, &both, NULL) == COLEY_OK && both.n == 4);
        for (int a = 0; a < 2; a++) {
            const coley_cure_input one = {.survival = &s, .arm = a, .exponential = 1};
            CHECK(coley_cure_fit(arena, &one, &alone[a], NULL) == COLEY_OK && !alone[a].nobody);
            CHECK_NEAR(coley_cure_share_of(&both, &in, a, 0.95).share,
                       coley_cure_share_of(&alone[a], &one, 0, 0.95).share, 1e-7);
            CHECK_NEAR(coley_cure_share_of(&both, &in, a, 0.95).interval.high,
                       coley_cure_share_of(&alone[a], &one, 0, 0.95).interval.high, 1e-6);
        }
        CHECK_NEAR(both.log_likelihood, alone[0].log_likelihood + alone[1].log_likelihood, 1e-9);
    }
}

static void piecewise_times_have_the_cumulative_hazard_that_was_asked_for(void)
{
    static const coley_rate pieces[] = {{0, 0.2}, {2, 0}, {5, 0.1}};
    CHECK_NEAR(coley_rate_time(pieces, 3, 0.1), 0.5, 1e-15);
    CHECK_NEAR(coley_rate_time(pieces, 3, 0.4), 2, 1e-15);
    CHECK_NEAR(coley_rate_time(pieces, 3, 0.5), 6, 1e-12);
    CHECK(isinf(coley_rate_time(pieces, 2, 0.5)));
}

static void quantiles_of_beta_and_gamma_invert_their_distributions(void)
{
    FOR_ALL(300, seed)
    {
        /* Counts make both at least 1; below that a beta quantile near 1 has no room in a double. */
        const double a = exp(10 * uniform(seed, 0, 0)), b = exp(8 * uniform(seed, 1, 0)), p = uniform(seed, 2, 0);
        CHECK_NEAR(coley_beta_cdf(a, b, coley_beta_quantile(a, b, p)), p, 1e-9);
        CHECK_NEAR(coley_gamma_cdf(a, coley_gamma_quantile(a, p)), p, 1e-9);
        CHECK_NEAR(coley_gamma_cdf(a, b) + coley_gamma_tail(a, b), 1, 1e-12);
    }
}

int main(void)
{
    arena = coley_arena_create();
    RUN(tests_and_ratios_see_only_the_order_of_times);
    RUN(without_ties_cox_s_score_test_is_the_log_rank_test);
    RUN(the_other_arm_s_ratio_is_the_inverse);
    RUN(a_covariate_s_unit_does_not_matter);
    RUN(events_that_were_expected_add_up_to_those_observed);
    RUN(modest_weights_without_delay_are_the_log_rank_test);
    RUN(the_largest_of_several_tests_lies_between_the_best_and_bonferroni);
    RUN(a_curve_without_censoring_is_the_share_that_is_left);
    RUN(the_restricted_mean_of_exponential_times_is_its_integral);
    RUN(intervals_hold_the_curve_and_widen_with_their_level);
    RUN(causes_and_survival_add_up_to_one);
    RUN(with_one_cause_gray_s_test_is_near_the_log_rank_test);
    RUN(the_area_under_a_roc_curve_is_that_of_all_pairs);
    RUN(the_exact_interval_covers_at_least_as_often_as_it_says);
    RUN(with_long_follow_up_the_cured_share_is_that_without_an_event);
    RUN(arms_with_terms_of_their_own_are_fitted_as_if_alone);
    RUN(piecewise_times_have_the_cumulative_hazard_that_was_asked_for);
    RUN(quantiles_of_beta_and_gamma_invert_their_distributions);
    coley_arena_destroy(arena);
    return check_done();
}
