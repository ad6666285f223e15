/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioning against cases with a known answer. */
#include "patient/condition.h"
#include "base/rng.h"
#include "support/check.h"

#include <stdlib.h>

enum { DAYS = 60, STEP = 7 };

/* People whose ln(relative diameter) is a straight line of the given slope [1/day]. */
static coley_courses lines(coley_arena *arena, size_t n, const double *slope)
{
    float *log_rel = COLEY_NEW(arena, float, n *DAYS), *before = COLEY_NEW(arena, float, n),
          *d0 = COLEY_NEW(arena, float, n);
    for (size_t k = 0; k < n; k++) {
        for (int j = 0; j < DAYS; j++) log_rel[k * DAYS + (size_t)j] = (float)(slope[k] * STEP * j);
        before[k] = (float)slope[k];
        d0[k] = (float)log(30.0);
    }
    return (coley_courses){.n = n,
                           .n_days = DAYS,
                           .step_day = STEP,
                           .log_rel = log_rel,
                           .slope = before,
                           .log_d0 = d0,
                           .log_d0_sd = INFINITY};
}

static const coley_scan_error plain = {.rel = 0.05, .visit_day = 42, .trust = 1};
static const double p3[] = {0.05, 0.5, 0.95};

static void one_person_and_one_scan_give_a_log_normal_of_both_errors(void)
{
    coley_arena *a = coley_arena_create();
    const double flat = 0;
    const coley_courses c = lines(a, 1, &flat);
    const double day = 0, mm = 40;
    const coley_seen seen = {.n = 1, .day = &day, .diameter_mm = &mm};
    coley_belief b;
    double q[3];
    CHECK(coley_condition(a, &c, &plain, &seen, &b, NULL) == COLEY_OK && b.effective == 1.0);
    CHECK(coley_forecast_quantiles(a, &c, &plain, &b, 84, p3, 3, q, NULL) == COLEY_OK);
    CHECK_NEAR(q[1], 40, 1e-6);
    CHECK_NEAR(log(q[2] / 40), 1.6448536269514722 * 0.05 * sqrt(2), 1e-6);
    CHECK_NEAR(log(q[0] / 40), -1.6448536269514722 * 0.05 * sqrt(2), 1e-6);
    coley_arena_destroy(a);
}

static void many_scans_of_a_flat_person_average_their_errors(void)
{
    coley_arena *a = coley_arena_create();
    const double flat = 0;
    const coley_courses c = lines(a, 1, &flat);
    double day[16], mm[16];
    for (int i = 0; i < 16; i++) {
        day[i] = 10.0 * i;
        mm[i] = 30 * exp(i % 2 ? 0.04 : -0.04);
    }
    const coley_seen seen = {.n = 16, .day = day, .diameter_mm = mm};
    coley_belief b;
    CHECK(coley_condition(a, &c, &plain, &seen, &b, NULL) == COLEY_OK);
    CHECK_NEAR(b.mean[0], log(30.0), 1e-9);
    CHECK_NEAR(b.variance[0], 0.05 * 0.05 / 16, 1e-9);
    coley_arena_destroy(a);
}

static void the_weights_are_those_of_bayes(void)
{
    coley_arena *a = coley_arena_create();
    const double slope[] = {-0.002, 0.0, 0.003};
    const coley_courses c = lines(a, 3, slope);
    const double day[] = {0, 50, 100}, mm[] = {30, 29, 28};
    const coley_seen seen = {.n = 3, .day = day, .diameter_mm = mm};
    coley_belief b;
    CHECK(coley_condition(a, &c, &plain, &seen, &b, NULL) == COLEY_OK);
    /* By hand: with a flat prior of the level, the residuals about their mean decide. */
    double like[3], sum = 0;
    for (int k = 0; k < 3; k++) {
        double r[3], mean = 0, squares = 0;
        for (int i = 0; i < 3; i++) mean += (r[i] = log(mm[i]) - slope[k] * day[i]) / 3;
        for (int i = 0; i < 3; i++) squares += (r[i] - mean) * (r[i] - mean);
        sum += like[k] = exp(-0.5 * squares / (0.05 * 0.05));
    }
    for (int k = 0; k < 3; k++) CHECK_NEAR(b.weight[k], like[k] / sum, 1e-5);
    coley_arena_destroy(a);
}

static void who_grows_is_told_from_who_shrinks(void)
{
    coley_arena *a = coley_arena_create();
    double slope[200];
    for (int k = 0; k < 200; k++) slope[k] = 0.00005 * (k - 100);
    const coley_courses c = lines(a, 200, slope);
    const double day[] = {-5, 42, 84, 126},
                 mm[] = {30, 30 * exp(0.003 * 47), 30 * exp(0.003 * 89), 30 * exp(0.003 * 131)};
    const coley_seen seen = {.n = 4, .day = day, .diameter_mm = mm};
    coley_belief b;
    double q[3];
    CHECK(coley_condition(a, &c, &plain, &seen, &b, NULL) == COLEY_OK);
    CHECK(coley_forecast_quantiles(a, &c, &plain, &b, 300, p3, 3, q, NULL) == COLEY_OK);
    const double truth = 30 * exp(0.003 * 305);
    CHECK(fabs(q[1] / truth - 1) < 0.03 && q[0] < truth && truth < q[2]);
    CHECK(coley_forecast_probability(&c, &plain, &b, 300, 0.9 * truth) < 0.2);
    CHECK(coley_forecast_probability(&c, &plain, &b, 300, 1.3 * truth) > 0.95);
    coley_arena_destroy(a);
}

static void ranges_hold_what_they_say_when_the_model_is_right(void)
{
    coley_arena *a = coley_arena_create();
    enum { N = 400, PEOPLE = 600 };
    double slope[N];
    for (uint64_t k = 0; k < N; k++) slope[k] = 0.003 * coley_rng_normal(5, COLEY_STREAM_TEST, k, 0);
    const coley_courses c = lines(a, N, slope);
    const coley_scan_error e = {
        .rel = 0.05, .mm = 0.5, .drift = 0.01, .memory_day = 60, .visit_day = 42, .trust = 1};
    int inside = 0;
    for (uint64_t i = 0; i < PEOPLE; i++) {
        const double s = 0.003 * coley_rng_normal(6, COLEY_STREAM_TEST, i, 0);
        double day[4], mm[4], x = log(35.0);
        for (uint64_t v = 0; v < 4; v++) {
            day[v] = 42.0 * (double)v;
            if (v) x += sqrt(0.01 * 0.01 * 60 * -expm1(-42.0 / 60)) * coley_rng_normal(6, COLEY_STREAM_TEST, i, 10 + v);
            const double d = exp(x + s * day[v]);
            mm[v] = d * exp(sqrt(0.05 * 0.05 + 0.25 / (d * d)) * coley_rng_normal(6, COLEY_STREAM_TEST, i, 20 + v));
        }
        const coley_seen seen = {.n = 3, .day = day, .diameter_mm = mm};
        coley_arena *scratch = coley_arena_create();
        coley_belief b;
        double q[3];
        CHECK(coley_condition(scratch, &c, &e, &seen, &b, NULL) == COLEY_OK);
        CHECK(coley_forecast_quantiles(scratch, &c, &e, &b, day[3], p3, 3, q, NULL) == COLEY_OK);
        inside += q[0] <= mm[3] && mm[3] <= q[2];
        coley_arena_destroy(scratch);
    }
    printf("# 90 %% range holds %.1f %%\n", 100.0 * inside / PEOPLE);
    CHECK(inside > 0.87 * PEOPLE && inside < 0.93 * PEOPLE);
    coley_arena_destroy(a);
}

static void a_lesion_too_small_to_measure_speaks_for_who_shrinks(void)
{
    coley_arena *a = coley_arena_create();
    const double slope[] = {-0.02, 0.0};
    const coley_courses c = lines(a, 2, slope);
    const double day[] = {0, 126}, mm[] = {30, 5};
    const int small[] = {0, 1};
    const coley_seen seen = {.n = 2, .day = day, .diameter_mm = mm, .too_small = small};
    coley_belief b;
    CHECK(coley_condition(a, &c, &plain, &seen, &b, NULL) == COLEY_OK);
    CHECK(b.weight[0] > 0.999);
    coley_arena_destroy(a);
}

static void of_the_change_ahead_the_trusted_share_is_forecast(void)
{
    coley_arena *a = coley_arena_create();
    const double slope = 0.004;
    const coley_courses c = lines(a, 1, &slope);
    const double day[] = {0, 42}, mm[] = {30, 30 * exp(0.004 * 42)};
    const coley_seen seen = {.n = 2, .day = day, .diameter_mm = mm};
    for (int i = 0; i <= 4; i++) {
        coley_scan_error e = plain;
        e.trust = 0.25 * i;
        coley_belief b;
        double q[3];
        CHECK(coley_condition(a, &c, &e, &seen, &b, NULL) == COLEY_OK);
        CHECK(coley_forecast_quantiles(a, &c, &e, &b, 142, p3, 3, q, NULL) == COLEY_OK);
        CHECK_NEAR(log(q[1] / mm[1]), e.trust * 0.004 * 100, 1e-6);
    }
    coley_arena_destroy(a);
}

static void a_run_of_unchanged_numbers_is_expected_to_go_on_as_in_polyas_urn(void)
{
    coley_arena *a = coley_arena_create();
    const double flat = 0;
    const coley_courses c = lines(a, 1, &flat);
    const double day[] = {0, 42, 84, 126, 168}, mm[] = {30, 31, 30, 30, 30};
    const coley_seen seen = {.n = 5, .day = day, .diameter_mm = mm};
    coley_scan_error e = plain;
    e.repeat = 0.4;
    e.repeat_runs = 2;
    coley_belief b;
    CHECK(coley_condition(a, &c, &e, &seen, &b, NULL) == COLEY_OK);
    CHECK_NEAR(b.again, 0.8 + 2, 1e-12); /* two in a row since the last change, which is remembered as one */
    CHECK_NEAR(b.anew, 1.2 + 1, 1e-12);
    /* The number itself has a probability of its own, E[p^n] by the moments of a Beta distribution. */
    const double once = 2.8 / 5.0, twice = once * 3.8 / 6.0;
    const double share[] = {once, twice};
    enum { FINE = 2000 };
    double p[FINE], q[FINE];
    for (int i = 0; i < FINE; i++) p[i] = (i + 0.5) / FINE;
    for (int visits = 1; visits <= 2; visits++) {
        CHECK(coley_forecast_quantiles(a, &c, &e, &b, 168 + 42 * visits, p, FINE, q, NULL) == COLEY_OK);
        int at_last = 0;
        for (int i = 0; i < FINE; i++) at_last += fabs(q[i] - 30) < 1e-5;
        CHECK_NEAR((double)at_last / FINE, share[visits - 1], 2.0 / FINE);
    }
    coley_arena_destroy(a);
}

static void nobody_left_is_said(void)
{
    coley_arena *a = coley_arena_create();
    const double flat = NAN, day = 0, mm = 30;
    const coley_courses c = lines(a, 1, &flat);
    const coley_seen seen = {.n = 1, .day = &day, .diameter_mm = &mm};
    coley_belief b;
    coley_error err = {0};
    CHECK(coley_condition(a, &c, &plain, &seen, &b, &err) == COLEY_ERR_RUN);
    CHECK_HAS(err.text, "no virtual person");
    coley_arena_destroy(a);
}

int main(void)
{
    RUN(one_person_and_one_scan_give_a_log_normal_of_both_errors);
    RUN(many_scans_of_a_flat_person_average_their_errors);
    RUN(the_weights_are_those_of_bayes);
    RUN(who_grows_is_told_from_who_shrinks);
    RUN(ranges_hold_what_they_say_when_the_model_is_right);
    RUN(a_lesion_too_small_to_measure_speaks_for_who_shrinks);
    RUN(of_the_change_ahead_the_trusted_share_is_forecast);
    RUN(a_run_of_unchanged_numbers_is_expected_to_go_on_as_in_polyas_urn);
    RUN(nobody_left_is_said);
    return check_done();
}
