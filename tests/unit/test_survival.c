/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small and degenerate trials: what is defined, what is refused, what is said. */
#include "math/survival.h"

#include "math/competing.h"
#include "math/cox.h"
#include "math/cure.h"
#include "math/forest.h"
#include "math/logrank.h"
#include "math/proportion.h"
#include "math/rmst.h"
#include "math/roc.h"

#include "support/check.h"

static coley_arena *arena;

static coley_survival prepared(size_t n, const double *time, const int *event, const int *arm)
{
    coley_survival s = {0};
    const coley_survival_input in = {.n = n, .time = time, .event = event, .arm = arm, .n_arms = 2};
    CHECK(coley_survival_prepare(arena, &in, &s, NULL) == COLEY_OK);
    return s;
}

static coley_logrank logrank(const coley_survival *s)
{
    coley_logrank test;
    CHECK(coley_logrank_test(arena, s, NULL, &test, NULL) == COLEY_OK);
    return test;
}

static coley_cox cox(const coley_survival *s)
{
    coley_cox fit;
    CHECK(coley_cox_fit(arena, &(coley_cox_input){.survival = s}, &fit, NULL) == COLEY_OK);
    return fit;
}

static coley_km curve(const coley_survival *s, int arm)
{
    coley_km km;
    CHECK(coley_km_curve(arena, s, arm, &km, NULL) == COLEY_OK);
    return km;
}

/* Kaplan and Meier 1958, section 2: deaths at 0.8, 3.1, 5.4, 9.2, losses at 1.0, 2.7, 7.0, 12.1. */
static void the_example_of_kaplan_and_meier_has_their_curve(void)
{
    static const double time[] = {1.0, 9.2, 0.8, 12.1, 2.7, 5.4, 7.0, 3.1};
    static const int event[] = {0, 1, 1, 0, 0, 1, 0, 1};
    const coley_survival s = prepared(8, time, event, NULL);
    const coley_km km = curve(&s, COLEY_ALL_ARMS);
    static const double at[] = {0.8, 3.1, 5.4, 9.2};
    double expected = 1;
    static const double left[] = {7.0 / 8, 4.0 / 5, 3.0 / 4, 1.0 / 2};
    for (int k = 0; k < 4; k++) {
        expected *= left[k];
        CHECK_NEAR(coley_km_at(&km, at[k], COLEY_KM_LOG, 0.95).survival, expected, 1e-15);
    }
    CHECK(coley_km_at(&km, 0.5, COLEY_KM_LOG, 0.95).survival == 1.0);
    CHECK(coley_km_at(&km, 3.1, COLEY_KM_LOG, 0.95).at_risk == 5);
    CHECK(coley_km_at(&km, 13, COLEY_KM_LOG, 0.95).at_risk == 0 && coley_km_at(&km, 13, COLEY_KM_LOG, 0.95).beyond);
}

static void someone_lost_at_the_time_of_an_event_was_at_risk_of_it(void)
{
    static const double time[] = {2, 2, 3};
    static const int event[] = {0, 1, 1};
    const coley_survival s = prepared(3, time, event, NULL);
    CHECK_NEAR(curve(&s, 0).survival[0], 2.0 / 3, 1e-15);
}

static void nobody_and_impossible_times_are_refused_by_name(void)
{
    static const int event[] = {1, 0}, bad_arm[] = {0, 2};
    const double times[][2] = {{1, NAN}, {1, -0.5}, {1, INFINITY}};
    coley_survival s;
    coley_error err = {0};
    for (int k = 0; k < 3; k++) {
        const coley_survival_input in = {.n = 2, .time = times[k], .event = event};
        CHECK(coley_survival_prepare(arena, &in, &s, &err) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, "person 2");
        CHECK_HAS(err.text, "0 or more");
    }
    static const double good[] = {1, 2};
    coley_survival_input in = {.n = 0, .time = good, .event = event};
    CHECK(coley_survival_prepare(arena, &in, &s, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "nobody");
    in = (coley_survival_input){.n = 2, .time = good, .event = event, .arm = bad_arm, .n_arms = 2};
    CHECK(coley_survival_prepare(arena, &in, &s, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "no arm 2");
}

static void a_trial_without_events_has_no_test_and_says_so(void)
{
    static const double time[] = {1, 2, 3, 4};
    static const int event[] = {0, 0, 0, 0}, arm[] = {0, 1, 0, 1};
    const coley_survival s = prepared(4, time, event, arm);
    const coley_logrank test = logrank(&s);
    CHECK(test.chi2 == 0 && test.p == 1 && test.df == 0);
    CHECK_TEXT(test.why, "there is no event");
    const coley_cox fit = cox(&s);
    CHECK_TEXT(fit.why, "there is no event");
    CHECK(fit.p_wald == 1 && fit.p_score == 1 && fit.p_likelihood_ratio == 1);
    const coley_km km = curve(&s, 0);
    CHECK(isinf(coley_km_quantile_of(&km, 0.5, COLEY_KM_LOGLOG, 0.95).time));
    CHECK(coley_km_at(&km, 2, COLEY_KM_LOG, 0.95).survival == 1);
    const coley_rmst area = coley_rmst_of(&km, 2, 0.95);
    CHECK(area.mean == 2 && area.standard_error == 0);
    coley_cure cure;
    CHECK(coley_cure_fit(arena, &(coley_cure_input){.survival = &s}, &cure, NULL) == COLEY_OK);
    CHECK_TEXT(cure.why, "there is no event");
    coley_gray gray;
    CHECK(coley_gray_test(arena, &s, 1, &gray, NULL) == COLEY_OK && gray.p == 1 && gray.why);
    coley_maxcombo combo;
    CHECK(coley_maxcombo_test(arena, &s, coley_maxcombo_usual, 4, &combo, NULL) == COLEY_OK && combo.p == 1 &&
          combo.why);
}

static void one_person_is_a_trial(void)
{
    static const double time[] = {3};
    static const int event[] = {1};
    const coley_survival s = prepared(1, time, event, NULL);
    const coley_km km = curve(&s, 0);
    CHECK(km.n == 1 && km.survival[0] == 0 && km.at_risk[0] == 1);
    CHECK(coley_km_quantile_of(&km, 0.5, COLEY_KM_LOGLOG, 0.95).time == 3);
    CHECK(coley_rmst_of(&km, 3, 0.95).mean == 3);
    CHECK(logrank(&s).why && logrank(&s).p == 1);
    CHECK(cox(&s).why != NULL);
    const coley_km nobody = curve(&s, 1);
    CHECK(nobody.n == 0 && nobody.people == 0);
    CHECK(isinf(coley_km_quantile_of(&nobody, 0.5, COLEY_KM_LOG, 0.95).time));
}

static void an_arm_without_events_has_a_ratio_of_0_without_bound(void)
{
    static const double time[] = {1, 2, 3, 4, 5, 6};
    static const int event[] = {1, 1, 1, 0, 0, 0}, arm[] = {0, 0, 0, 1, 1, 1};
    const coley_survival s = prepared(6, time, event, arm);
    const coley_cox fit = cox(&s);
    CHECK(!fit.why && fit.unbounded == 1);
    const coley_ratio ratio = coley_cox_ratio(&fit, 0, 0.95);
    CHECK(ratio.ratio == 0 && ratio.interval.low == 0 && isinf(ratio.interval.high) && isnan(ratio.p));
    /* The tests that remain are those of the log-rank table and of the likelihood's limit: log L -> -log(3!). */
    CHECK_NEAR(fit.score, logrank(&s).chi2, 1e-12);
    CHECK_NEAR(fit.log_likelihood[1], -log(6), 1e-6);
    CHECK_NEAR(fit.likelihood_ratio, 2 * (log(6.0 * 5 * 4) - log(6)), 1e-6);
}

static void everybody_at_one_time_is_one_table(void)
{
    static const double time[] = {2, 2, 2, 2, 2};
    static const int event[] = {1, 1, 1, 1, 0}, arm[] = {0, 1, 0, 1, 1};
    const coley_survival s = prepared(5, time, event, arm);
    const coley_logrank test = logrank(&s);
    /* 2 of 2 and 2 of 3: hypergeometric mean 12/5, variance 4 1/4 6/25. */
    CHECK_NEAR(test.expected[1], 2.4, 1e-15);
    CHECK_NEAR(test.chi2, 0.4 * 0.4 / (4.0 * 1 / 4 * 6 / 25), 1e-12);
    CHECK(isfinite(cox(&s).log_ratio[0]));
}

static void a_covariate_that_cannot_be_told_apart_is_named_as_the_reason(void)
{
    static const double time[] = {1, 2, 3, 4}, same[] = {7, 7, 7, 7}, x[] = {1, 2, 3, 5}, twice[] = {2, 4, 6, 10},
                        missing[] = {1, 2, NAN, 3};
    static const int event[] = {1, 1, 1, 1};
    const coley_survival s = prepared(4, time, event, NULL);
    const double *const constant[] = {same}, *const doubled[] = {x, twice}, *const hole[] = {missing};
    static const char *const name[] = {"albumin"};
    coley_cox fit;
    coley_error err = {0};
    coley_cox_input in = {.survival = &s, .n_columns = 1, .column = constant};
    CHECK(coley_cox_fit(arena, &in, &fit, NULL) == COLEY_OK);
    CHECK_HAS(fit.why, "does not vary");
    in = (coley_cox_input){.survival = &s, .n_columns = 2, .column = doubled};
    CHECK(coley_cox_fit(arena, &in, &fit, NULL) == COLEY_OK);
    CHECK_HAS(fit.why, "follows from the others");
    in = (coley_cox_input){.survival = &s, .n_columns = 1, .column = hole, .name = name};
    CHECK(coley_cox_fit(arena, &in, &fit, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "person 3: albumin");
}

static void an_outcome_that_all_or_none_have_gives_no_area(void)
{
    static const double score[] = {1, 2, 3}, nan_score[] = {1, NAN, 3};
    static const int all[] = {1, 1, 1}, none[] = {0, 0, 0}, some[] = {0, 1, 0};
    coley_roc roc;
    coley_error err = {0};
    CHECK(coley_roc_curve(arena, score, all, 3, 0.95, &roc, NULL) == COLEY_OK && roc.area == 0.5);
    CHECK_TEXT(roc.why, "everybody has the outcome");
    CHECK(coley_roc_curve(arena, score, none, 3, 0.95, &roc, NULL) == COLEY_OK && roc.interval.high == 1);
    CHECK_TEXT(roc.why, "nobody has the outcome");
    CHECK(coley_roc_curve(arena, nan_score, some, 3, 0.95, &roc, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "person 2");
    CHECK(coley_roc_curve(arena, score, some, 3, 0.95, &roc, NULL) == COLEY_OK && !roc.why);
    CHECK(isfinite(roc.standard_error) && roc.area == 0.5);
}

static void a_subgroup_that_an_arm_does_not_reach_has_no_ratio(void)
{
    static const double time[] = {1, 2, 3, 4, 5, 6};
    static const int event[] = {1, 1, 0, 1, 1, 1}, arm[] = {0, 1, 0, 1, 0, 0}, level[] = {0, 0, 0, 0, 1, -1};
    static const char *const name[] = {"low", "high"};
    const coley_survival_input in = {.n = 6, .time = time, .event = event, .arm = arm, .n_arms = 2};
    const coley_factor factor = {"PD-L1", level, 2, name};
    coley_forest forest;
    CHECK(coley_forest_of(arena, &in, &factor, 1, 0.95, &forest, NULL) == COLEY_OK && forest.n_rows == 3);
    CHECK_TEXT(forest.row[0].factor, "all");
    CHECK_TEXT(forest.row[2].why, "an arm is empty");
    CHECK(forest.row[2].people[0] == 1 && forest.row[2].people[1] == 0);
    CHECK(isfinite(forest.row[1].ratio.ratio));
    CHECK(forest.interaction[0].why != NULL);
}

static void counts_at_their_ends_have_whole_intervals(void)
{
    CHECK(coley_proportion_exact(0, 0, 0.95).low == 0 && coley_proportion_exact(0, 0, 0.95).high == 1);
    CHECK(coley_proportion_wilson(0, 0, 0.95).high == 1);
    CHECK_NEAR(coley_proportion_exact(0, 10, 0.95).high, 1 - pow(0.025, 0.1), 1e-14);
    CHECK(coley_proportion_exact(10, 10, 0.95).high == 1);
    CHECK(coley_rate_exact(0, 10, 0.95).low == 0);
    CHECK_NEAR(coley_rate_exact(0, 10, 0.95).high, -log(0.025) / 10, 1e-14);
    CHECK(isinf(coley_rate_exact(3, 0, 0.95).high));
}

static void impossible_weights_are_refused(void)
{
    static const double time[] = {1, 2};
    static const int event[] = {1, 1}, arm[] = {0, 1};
    const coley_survival s = prepared(2, time, event, arm);
    const coley_weight bad[] = {{.kind = COLEY_WEIGHT_FH, .rho = -1}, {.kind = COLEY_WEIGHT_MODEST, .most = 0.5}};
    coley_logrank test;
    coley_error err = {0};
    for (int k = 0; k < 2; k++) CHECK(coley_logrank_test(arena, &s, &bad[k], &test, &err) == COLEY_ERR_INPUT);
    coley_maxcombo combo;
    CHECK(coley_maxcombo_test(arena, &s, coley_maxcombo_usual, 0, &combo, &err) == COLEY_ERR_INPUT);
}

/* Every function, with the k-th allocation failing. */
static coley_status everything(coley_arena *from)
{
    enum { N = 30 };
    double time[N];
    int event[N], arm[N], level[N];
    static const char *const name[] = {"a", "b"};
    for (int i = 0; i < N; i++) time[i] = 1 + i * 7 % 11, event[i] = i % 3, arm[i] = i % 2, level[i] = i / 2 % 2;
    const coley_survival_input in = {.n = N, .time = time, .event = event, .arm = arm, .n_arms = 2};
    const coley_factor factor = {"f", level, 2, name};
    coley_survival s;
    coley_km km;
    coley_logrank test;
    coley_maxcombo combo;
    coley_cox fit;
    coley_incidence incidence;
    coley_gray gray;
    coley_cure cure;
    coley_roc roc;
    coley_forest forest;
    COLEY_TRY(coley_survival_prepare(from, &in, &s, NULL));
    COLEY_TRY(coley_km_curve(from, &s, 0, &km, NULL));
    COLEY_TRY(coley_km_follow_up(from, &s, 0, &km, NULL));
    COLEY_TRY(coley_logrank_test(from, &s, NULL, &test, NULL));
    COLEY_TRY(coley_maxcombo_test(from, &s, coley_maxcombo_usual, 2, &combo, NULL));
    COLEY_TRY(coley_cox_fit(from, &(coley_cox_input){.survival = &s}, &fit, NULL));
    COLEY_TRY(coley_incidence_curve(from, &s, 0, 1, &incidence, NULL));
    COLEY_TRY(coley_gray_test(from, &s, 1, &gray, NULL));
    COLEY_TRY(coley_cure_fit(from, &(coley_cure_input){.survival = &s}, &cure, NULL));
    COLEY_TRY(coley_roc_curve(from, time, arm, N, 0.95, &roc, NULL));
    return coley_forest_of(from, &in, &factor, 1, 0.95, &forest, NULL);
}

static void every_failure_to_get_memory_is_passed_up(void)
{
    size_t k = 1;
    for (; k < 500; k++) {
        coley_arena *failing = coley_arena_create_failing(k);
        const coley_status status = everything(failing);
        coley_arena_destroy(failing);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
    }
    CHECK(k > 40 && k < 500);
}

int main(void)
{
    arena = coley_arena_create();
    RUN(the_example_of_kaplan_and_meier_has_their_curve);
    RUN(someone_lost_at_the_time_of_an_event_was_at_risk_of_it);
    RUN(nobody_and_impossible_times_are_refused_by_name);
    RUN(a_trial_without_events_has_no_test_and_says_so);
    RUN(one_person_is_a_trial);
    RUN(an_arm_without_events_has_a_ratio_of_0_without_bound);
    RUN(everybody_at_one_time_is_one_table);
    RUN(a_covariate_that_cannot_be_told_apart_is_named_as_the_reason);
    RUN(an_outcome_that_all_or_none_have_gives_no_area);
    RUN(a_subgroup_that_an_arm_does_not_reach_has_no_ratio);
    RUN(counts_at_their_ends_have_whole_intervals);
    RUN(impossible_weights_are_refused);
    RUN(every_failure_to_get_memory_is_passed_up);
    coley_arena_destroy(arena);
    return check_done();
}
