/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_evaluate.c -- who is held out, what counts as an error, and what is printed. */
#include "run/evaluate.h"

#include "support/check.h"

#include <jansson.h>

static const double day[] = {-7, 42, 84, 126, 168, 210, 252};
static const double steady[] = {20, 20, 20, 20, 20, 20, 20}, growing[] = {20, 22, 24, 26, 28, 30, 32};
static const double vanishing[] = {10, 8, 6, 5, 5, 0, 0};
static const int last_are_small[] = {0, 0, 0, 1, 1, 0, 0};

static const coley_scans three[] = {
    {"A", 7, day, steady, NULL}, {"B", 7, day, growing, NULL}, {"C", 7, day, vanishing, last_are_small}};

static void the_last_three_of_six_are_held_out(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_scans series[] = {
        {"six", 6, day, growing, NULL}, {"five", 5, day, growing, NULL}, three[0], {"none", 0, NULL, NULL, NULL}};
    const coley_split_options options = COLEY_SPLIT_DEFAULT;
    size_t n;
    coley_split *split;
    CHECK(coley_split_scans(arena, 4, series, &options, &n, &split, NULL) == COLEY_OK);
    CHECK(n == 2);
    CHECK_TEXT(split[0].patient, "six");
    CHECK(split[0].used.n == 3 && split[0].held.n == 3);
    CHECK(split[0].used.day[2] == 84 && split[0].held.day[0] == 126 && split[0].held.diameter_mm[2] == 30);
    CHECK(split[1].used.n == 4 && split[1].held.n == 3);
    coley_arena_destroy(arena);
}

static void the_first_n_can_be_used_instead(void)
{
    coley_arena *arena = coley_arena_create();
    coley_split_options options = COLEY_SPLIT_DEFAULT;
    options.use_first = 2;
    size_t n;
    coley_split *split;
    CHECK(coley_split_scans(arena, 3, three, &options, &n, &split, NULL) == COLEY_OK);
    CHECK(n == 3 && split[2].used.n == 2 && split[2].held.n == 5);
    options.use_first = 7; /* nothing left to predict */
    CHECK(coley_split_scans(arena, 3, three, &options, &n, &split, NULL) == COLEY_OK);
    CHECK(n == 0);
    options.use_first = options.hold_last = 0;
    coley_error err;
    CHECK(coley_split_scans(arena, 3, three, &options, &n, &split, &err) == COLEY_ERR_ARG);
    CHECK_HAS(err.text, "held out");
    coley_arena_destroy(arena);
}

static void two_readings_of_one_day_are_one_visit(void)
{
    coley_arena *arena = coley_arena_create();
    const double twice[] = {0, 42, 42, 84, 126, 168};
    const coley_scans series[] = {{"A", 6, twice, growing, NULL}};
    coley_split_options options = COLEY_SPLIT_DEFAULT;
    size_t n;
    coley_split *split;
    CHECK(coley_split_scans(arena, 1, series, &options, &n, &split, NULL) == COLEY_OK && n == 0);
    options.min_visits = 5;
    CHECK(coley_split_scans(arena, 1, series, &options, &n, &split, NULL) == COLEY_OK && n == 1);
    CHECK(split[0].used.n == 2 && split[0].used.diameter_mm[1] == 23);
    coley_arena_destroy(arena);
}

static void a_broken_series_is_refused_by_name(void)
{
    coley_arena *arena = coley_arena_create();
    const double back[] = {0, 42, 21, 84, 126, 168}, hole[] = {0, 42, NAN, 84, 126, 168};
    const double below[] = {1, 2, -3, 4, 5, 6}, unread[] = {1, 2, NAN, 4, 5, 6};
    const coley_scans wrong[] = {{"P7", 6, back, growing, NULL},
                                 {"P7", 6, hole, growing, NULL},
                                 {"P7", 6, day, below, NULL},
                                 {"P7", 6, day, unread, NULL}};
    const coley_split_options options = COLEY_SPLIT_DEFAULT;
    for (size_t i = 0; i < 4; i++) {
        size_t n;
        coley_split *split;
        coley_error err;
        CHECK(coley_split_scans(arena, 1, &wrong[i], &options, &n, &split, &err) == COLEY_ERR_ARG);
        CHECK_HAS(err.text, "P7");
    }
    coley_arena_destroy(arena);
}

/* Says `context` for everybody, +-10 % for one half and +-50 % for nine tenths. */
static coley_status same_for_all(void *context, coley_arena *arena, size_t n_splits, const coley_split *split,
                                 coley_prediction *const *out, coley_error *err)
{
    (void)arena, (void)err;
    const double mm = *(const double *)context;
    for (size_t i = 0; i < n_splits; i++) {
        CHECK(!split[i].held.diameter_mm && !split[i].held.too_small);
        for (size_t j = 0; j < split[i].held.n; j++) {
            CHECK(isnan(out[i][j].median_mm) && isnan(out[i][j].low90_mm));
            out[i][j] = (coley_prediction){mm, 0.9 * mm, 1.1 * mm, 0.5 * mm, 1.5 * mm};
        }
    }
    return COLEY_OK;
}

static coley_status only_the_first(void *context, coley_arena *arena, size_t n_splits, const coley_split *split,
                                   coley_prediction *const *out, coley_error *err)
{
    (void)context, (void)arena, (void)split, (void)err;
    if (n_splits) out[0][0].median_mm = 20.0;
    return COLEY_OK;
}

static coley_status gives_up(void *context, coley_arena *arena, size_t n_splits, const coley_split *split,
                             coley_prediction *const *out, coley_error *err)
{
    (void)context, (void)arena, (void)n_splits, (void)split, (void)out;
    return COLEY_FAIL(err, COLEY_ERR_DIVERGED, "no more");
}

static void errors_and_coverage_are_those_counted_by_hand(void)
{
    /* Held out: 20 20 20, 28 30 32 and 5 (too small) 0 0; told 22 with 19.8..24.2 and 11..33. */
    coley_arena *arena = coley_arena_create();
    double told = 22.0;
    const coley_forecaster f = {"same", "same for all", same_for_all, &told};
    const coley_split_options options = COLEY_SPLIT_DEFAULT;
    coley_evaluation e;
    CHECK(coley_evaluate(arena, 3, three, &options, 1, &f, &e, NULL) == COLEY_OK);
    CHECK(e.n_series == 3 && e.n_patients == 3 && e.n_held_out == 9 && e.n_too_small == 1);
    const coley_score *s = e.score;
    CHECK(s->n_patients == 3 && s->n_points == 9 && s->n_missing == 0);
    CHECK_NEAR(s->median_abs_error_mm, 8.0, 1e-15); /* 2 2 2 6 8 10 17 22 22 */
    CHECK_NEAR(s->mean_abs_error_mm, 91.0 / 9.0, 1e-14);
    /* 10 10 10 21.4 26.7 31.2 340 440 440 % */
    CHECK_NEAR(s->median_abs_error_pct, 100.0 * 8.0 / 30.0, 1e-12);
    CHECK_NEAR(s->coverage50, 3.0 / 9.0, 1e-15);
    CHECK_NEAR(s->coverage90, 6.0 / 9.0, 1e-15);
    const double mean = 155.0 / 9.0;
    const double total = 3 * pow(20 - mean, 2) + pow(28 - mean, 2) + pow(30 - mean, 2) + pow(32 - mean, 2) +
                         pow(5 - mean, 2) + 2 * mean * mean;
    CHECK_NEAR(s->r2, 1.0 - (3 * 4 + 36 + 64 + 100 + 289 + 2 * 484) / total, 1e-13);
    /* changes since the last used visit (20, 26, 5): 0 0 0 2 4 6 0 -5 -5 */
    CHECK_NEAR(s->r2_change, 1.0 - 1469.0 / 106.0, 1e-13);
    /* 42, 84 and 126 days ahead */
    CHECK(s->n_points_ahead[0] == 3 && s->n_points_ahead[1] == 3 && s->n_points_ahead[2] == 3 && !s->n_points_ahead[3]);
    CHECK(isnan(s->median_abs_error_pct_ahead[3]));
    coley_arena_destroy(arena);
}

static void anything_up_to_5_mm_agrees_with_too_small_to_measure(void)
{
    coley_arena *arena = coley_arena_create();
    const double d[] = {10, 8, 6, 5, 5, 5};
    const int small[] = {0, 0, 0, 1, 1, 1};
    const coley_scans series = {"C", 6, day, d, small};
    const coley_split_options options = COLEY_SPLIT_DEFAULT;
    double tiny = 0.5, large = 9.0;
    const coley_forecaster f[] = {{"tiny", "tiny", same_for_all, &tiny}, {"large", "large", same_for_all, &large}};
    coley_evaluation e;
    CHECK(coley_evaluate(arena, 1, &series, &options, 2, f, &e, NULL) == COLEY_OK);
    CHECK(e.score[0].median_abs_error_mm == 0.0 && e.score[0].coverage50 == 1.0);
    CHECK(e.score[1].median_abs_error_mm == 4.0 && e.score[1].median_abs_error_pct == 80.0);
    CHECK(e.score[1].coverage50 == 0.0 && e.score[1].coverage90 == 1.0); /* 8.1 is above 5, 4.5 is not */
    coley_arena_destroy(arena);
}

static void a_missing_forecast_is_counted_not_scored(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_forecaster f[] = {{"first", "first", only_the_first, NULL}, {"up", "gives up", gives_up, NULL}};
    const coley_split_options options = COLEY_SPLIT_DEFAULT;
    coley_evaluation e;
    CHECK(coley_evaluate(arena, 3, three, &options, 1, f, &e, NULL) == COLEY_OK);
    CHECK(e.score[0].n_points == 1 && e.score[0].n_missing == 8 && e.score[0].n_patients == 1);
    CHECK(e.score[0].median_abs_error_mm == 0.0 && isnan(e.score[0].r2) && isnan(e.score[0].coverage50));
    CHECK_HAS(coley_evaluation_table(arena, &e), "8 without a forecast");
    coley_error err;
    CHECK(coley_evaluate(arena, 3, three, &options, 2, f, &e, &err) == COLEY_ERR_DIVERGED);
    CHECK_TEXT(err.text, "no more");
    CHECK(coley_evaluate(arena, 0, NULL, &options, 1, f, &e, NULL) == COLEY_OK);
    CHECK(e.score[0].n_points == 0 && isnan(e.score[0].median_abs_error_pct) && isnan(e.score[0].mean_abs_error_mm));
    CHECK(coley_evaluation_json(arena, &e) && coley_evaluation_table(arena, &e));
    coley_arena_destroy(arena);
}

static void benchmarks_forecast_everybody_and_as_last_time_is_exact_for_the_steady(void)
{
    coley_arena *arena = coley_arena_create();
    coley_forecaster list[COLEY_BENCHMARKS];
    coley_evaluate_benchmarks(COLEY_CLASSICAL_VOLUME, list);
    const coley_split_options options = COLEY_SPLIT_DEFAULT;
    coley_evaluation e;
    CHECK(coley_evaluate(arena, 1, three, &options, COLEY_BENCHMARKS, list, &e, NULL) == COLEY_OK);
    for (size_t f = 0; f < COLEY_BENCHMARKS; f++) {
        CHECK(e.score[f].n_missing == 0 && e.score[f].n_points == 3);
        CHECK_NEAR(e.score[f].median_abs_error_mm, 0.0, 0.02);
    }
    CHECK(coley_evaluate(arena, 3, three, &options, COLEY_BENCHMARKS, list, &e, NULL) == COLEY_OK);
    CHECK(e.score[0].r2_change == 0.0);
    for (size_t f = 0; f < COLEY_BENCHMARKS; f++) CHECK(e.score[f].n_missing == 0 && e.score[f].n_points == 9);
    coley_arena_destroy(arena);
}

static void the_laws_can_be_fitted_to_volume_or_diameter(void)
{
    coley_arena *arena = coley_arena_create();
    const double noisy[] = {20, 26, 24, 31, 28, 36, 37};
    const coley_scans series = {"N", 7, day, noisy, NULL};
    const coley_split_options options = COLEY_SPLIT_DEFAULT;
    coley_forecaster list[COLEY_BENCHMARKS];
    double mean_mm[2];
    for (int scale = 0; scale < 2; scale++) {
        coley_evaluate_benchmarks((coley_classical_scale)scale, list);
        coley_evaluation e;
        CHECK(coley_evaluate(arena, 1, &series, &options, COLEY_BENCHMARKS, list, &e, NULL) == COLEY_OK);
        CHECK_TEXT(list[1].key, "exponential");
        mean_mm[scale] = e.score[1].mean_abs_error_mm;
    }
    CHECK(isfinite(mean_mm[0]) && isfinite(mean_mm[1]) && fabs(mean_mm[0] - mean_mm[1]) > 1e-3);
    coley_arena_destroy(arena);
}

static void the_json_is_flat_and_the_first_forecaster_has_the_plain_names(void)
{
    coley_arena *arena = coley_arena_create();
    double told = 22.0;
    coley_forecaster list[1 + COLEY_BENCHMARKS] = {{"same", "same for all", same_for_all, &told}};
    coley_evaluate_benchmarks(COLEY_CLASSICAL_VOLUME, list + 1);
    const coley_split_options options = COLEY_SPLIT_DEFAULT;
    coley_evaluation e;
    CHECK(coley_evaluate(arena, 3, three, &options, 1 + COLEY_BENCHMARKS, list, &e, NULL) == COLEY_OK);
    json_t *root = json_loads(coley_evaluation_json(arena, &e), JSON_REJECT_DUPLICATES, NULL);
    CHECK(json_is_object(root));
    CHECK_TEXT(json_string_value(json_object_get(root, "model")), "same");
    CHECK_NEAR(json_number_value(json_object_get(root, "median_abs_error_mm")), 8.0, 1e-9);
    CHECK_NEAR(json_number_value(json_object_get(root, "coverage_90")), 6.0 / 9.0, 1e-9);
    CHECK(json_integer_value(json_object_get(root, "patients")) == 3);
    CHECK(json_is_number(json_object_get(root, "gompertz_median_abs_error_pct")));
    CHECK(json_is_null(json_object_get(root, "gompertz_coverage_50")));
    CHECK(json_is_null(json_object_get(root, "median_abs_error_pct_later")));
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value) CHECK(!json_is_object(value) && !json_is_array(value));
    json_decref(root);
    const char *table = coley_evaluation_table(arena, &e);
    CHECK_HAS(table, "3 of 3 patients");
    CHECK_HAS(table, "general Bertalanffy");
    coley_arena_destroy(arena);
}

static void every_failed_allocation_is_reported(void)
{
    coley_forecaster list[COLEY_BENCHMARKS];
    coley_evaluate_benchmarks(COLEY_CLASSICAL_VOLUME, list);
    const coley_split_options options = COLEY_SPLIT_DEFAULT;
    int done = 0;
    for (size_t k = 1; k < 400 && !done; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_evaluation e;
        const coley_status status = coley_evaluate(arena, 3, three, &options, COLEY_BENCHMARKS, list, &e, NULL);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        if (status == COLEY_OK) {
            const char *table = coley_evaluation_table(arena, &e), *json = coley_evaluation_json(arena, &e);
            done = table && json;
        }
        coley_arena_destroy(arena);
    }
    CHECK(done);
}

int main(void)
{
    RUN(the_last_three_of_six_are_held_out);
    RUN(the_first_n_can_be_used_instead);
    RUN(two_readings_of_one_day_are_one_visit);
    RUN(a_broken_series_is_refused_by_name);
    RUN(errors_and_coverage_are_those_counted_by_hand);
    RUN(anything_up_to_5_mm_agrees_with_too_small_to_measure);
    RUN(a_missing_forecast_is_counted_not_scored);
    RUN(benchmarks_forecast_everybody_and_as_last_time_is_exact_for_the_steady);
    RUN(the_laws_can_be_fitted_to_volume_or_diameter);
    RUN(the_json_is_flat_and_the_first_forecaster_has_the_plain_names);
    RUN(every_failed_allocation_is_reported);
    return check_done();
}
