/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.c -- cutting series, asking forecasters, scoring what they say. */
#include "run/evaluate.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const double coley_ahead_day[COLEY_AHEAD_BINS] = {60.0, 120.0, 240.0, INFINITY};

/* ---- cutting ---- */

typedef struct visits {
    size_t n;
    double *day, *diameter_mm;
    int *too_small;
} visits;

/* One patient's visits with those of one day merged; an error for what is not a series. */
static coley_status merge_days(coley_arena *arena, const coley_scans *s, visits *v, coley_error *err)
{
    v->n = 0;
    v->day = COLEY_NEW(arena, double, s->n);
    v->diameter_mm = COLEY_NEW(arena, double, s->n);
    v->too_small = COLEY_NEW(arena, int, s->n);
    if (!v->day || !v->diameter_mm || !v->too_small) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0, same; i < s->n; i += same) {
        double sum = 0.0;
        int all_small = 1;
        for (same = 0; i + same < s->n && s->day[i + same] == s->day[i]; same++) {
            sum += s->diameter_mm[i + same];
            all_small = all_small && s->too_small && s->too_small[i + same];
        }
        /* same is 0 when the day is NaN */
        if (!same || !isfinite(sum) || sum < 0.0 || (v->n && s->day[i] < v->day[v->n - 1]))
            return COLEY_FAIL(err, COLEY_ERR_ARG,
                              "patient %s, day %g, %g mm: days must ascend and diameters be 0 mm or more", s->patient,
                              s->day[i], same ? sum : s->diameter_mm[i]);
        v->day[v->n] = s->day[i];
        v->diameter_mm[v->n] = sum / (double)same;
        v->too_small[v->n++] = all_small;
    }
    return COLEY_OK;
}

static coley_scans part(const char *patient, const visits *v, size_t from, size_t to)
{
    return (coley_scans){patient, to - from, v->day + from, v->diameter_mm + from, v->too_small + from};
}

coley_status coley_split_scans(coley_arena *arena, size_t n, const coley_scans *series,
                               const coley_split_options *options, size_t *n_splits, coley_split **split,
                               coley_error *err)
{
    if (options->use_first == 0 && options->hold_last == 0)
        return COLEY_FAIL(err, COLEY_ERR_ARG, "nothing is held out: hold out the last 1 or more, or use the first N");
    *n_splits = 0;
    *split = COLEY_NEW(arena, coley_split, n);
    if (!*split) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        visits v;
        COLEY_TRY(merge_days(arena, &series[i], &v, err));
        size_t cut = options->use_first;
        if (cut == 0) cut = v.n > options->hold_last ? v.n - options->hold_last : 0;
        if (v.n < options->min_visits || cut == 0 || cut >= v.n) continue;
        (*split)[(*n_splits)++] = (coley_split){series[i].patient, part(series[i].patient, &v, 0, cut),
                                                part(series[i].patient, &v, cut, v.n)};
    }
    return COLEY_OK;
}

/* ---- scoring ---- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts in place. */
static double median(size_t n, double *x)
{
    if (n == 0) return NAN;
    qsort(x, n, sizeof *x, by_value);
    return 0.5 * (x[(n - 1) / 2] + x[n / 2]);
}

/* What a forecast has to be compared with: a lesion too small to measure agrees with every diameter up to 5 mm. */
static double target_mm(const coley_scans *held, size_t j, double predicted_mm)
{
    return held->too_small[j] ? fmin(predicted_mm, COLEY_TOO_SMALL_MM) : held->diameter_mm[j];
}

static int inside(const coley_scans *held, size_t j, double low_mm, double high_mm)
{
    return held->too_small[j] ? low_mm <= COLEY_TOO_SMALL_MM
                              : low_mm <= held->diameter_mm[j] && held->diameter_mm[j] <= high_mm;
}

static size_t ahead_bin(double days)
{
    size_t bin = 0;
    while (days > coley_ahead_day[bin]) bin++;
    return bin;
}

static coley_status score_all(coley_arena *arena, size_t n_splits, const coley_split *split,
                              coley_prediction *const *prediction, coley_score *score, coley_error *err)
{
    size_t n_all = 0;
    for (size_t i = 0; i < n_splits; i++) n_all += split[i].held.n;
    double *mm = COLEY_NEW(arena, double, n_all), *pct = COLEY_NEW(arena, double, n_all);
    double *ahead[COLEY_AHEAD_BINS];
    for (size_t b = 0; b < COLEY_AHEAD_BINS; b++) {
        ahead[b] = COLEY_NEW(arena, double, n_all);
        if (!ahead[b]) return COLEY_FAIL_MEMORY(err);
    }
    if (!mm || !pct) return COLEY_FAIL_MEMORY(err);

    *score = (coley_score){0};
    double sum = 0.0, sum_log = 0.0, residual = 0.0, mean = 0.0, total = 0.0, total_change = 0.0;
    size_t n50 = 0, n90 = 0, in50 = 0, in90 = 0;
    for (size_t i = 0; i < n_splits; i++) {
        const coley_scans *used = &split[i].used, *held = &split[i].held;
        size_t scored = 0;
        for (size_t j = 0; j < held->n; j++) {
            const coley_prediction *p = &prediction[i][j];
            if (!isfinite(p->median_mm)) {
                score->n_missing++;
                continue;
            }
            const double truth = target_mm(held, j, p->median_mm), error = fabs(p->median_mm - truth);
            const double error_pct = 100.0 * error / fmax(held->diameter_mm[j], COLEY_TOO_SMALL_MM);
            const double last = used->diameter_mm[used->n - 1], change = held->diameter_mm[j] - last;
            const size_t bin = ahead_bin(held->day[j] - used->day[used->n - 1]), k = score->n_points++;
            mm[k] = error;
            pct[k] = error_pct;
            ahead[bin][score->n_points_ahead[bin]++] = error_pct;
            sum += error;
            sum_log += fabs(log(fmax(p->median_mm, 1.0) / fmax(truth, 1.0)));
            residual += error * error;
            total_change += change * change;
            mean += held->diameter_mm[j];
            scored++;
            if (isfinite(p->low50_mm) && isfinite(p->high50_mm)) {
                n50++;
                in50 += (size_t)inside(held, j, p->low50_mm, p->high50_mm);
            }
            if (isfinite(p->low90_mm) && isfinite(p->high90_mm)) {
                n90++;
                in90 += (size_t)inside(held, j, p->low90_mm, p->high90_mm);
            }
        }
        score->n_patients += scored > 0;
    }
    const double n = (double)score->n_points;
    mean /= n;
    for (size_t i = 0; i < n_splits; i++)
        for (size_t j = 0; j < split[i].held.n; j++)
            if (isfinite(prediction[i][j].median_mm)) total += pow(split[i].held.diameter_mm[j] - mean, 2.0);
    score->mean_abs_error_mm = n > 0.0 ? sum / n : NAN;
    score->mean_abs_log_error = n > 0.0 ? sum_log / n : NAN;
    score->r2 = total > 0.0 ? 1.0 - residual / total : NAN;
    score->r2_change = total_change > 0.0 ? 1.0 - residual / total_change : NAN;
    score->coverage50 = n50 ? (double)in50 / (double)n50 : NAN;
    score->coverage90 = n90 ? (double)in90 / (double)n90 : NAN;
    for (size_t b = 0; b < COLEY_AHEAD_BINS; b++)
        score->median_abs_error_pct_ahead[b] = median(score->n_points_ahead[b], ahead[b]);
    score->median_abs_error_pct = median(score->n_points, pct);
    score->median_abs_error_mm = median(score->n_points, mm);
    return COLEY_OK;
}

coley_status coley_evaluate(coley_arena *arena, size_t n, const coley_scans *series, const coley_split_options *options,
                            size_t n_forecasters, const coley_forecaster *forecaster, coley_evaluation *evaluation,
                            coley_error *err)
{
    size_t n_splits;
    coley_split *split;
    COLEY_TRY(coley_split_scans(arena, n, series, options, &n_splits, &split, err));
    coley_split *asked = COLEY_NEW(arena, coley_split, n_splits);
    coley_prediction **prediction = COLEY_NEW(arena, coley_prediction *, n_splits);
    coley_score *score = COLEY_NEW(arena, coley_score, n_forecasters);
    if (!asked || !prediction || !score) return COLEY_FAIL_MEMORY(err);
    *evaluation = (coley_evaluation){.options = *options,
                                     .n_series = n,
                                     .n_patients = n_splits,
                                     .n_forecasters = n_forecasters,
                                     .forecaster = forecaster,
                                     .score = score};
    for (size_t i = 0; i < n_splits; i++) {
        asked[i] = split[i];
        asked[i].held.diameter_mm = NULL;
        asked[i].held.too_small = NULL;
        prediction[i] = COLEY_NEW(arena, coley_prediction, split[i].held.n);
        if (!prediction[i]) return COLEY_FAIL_MEMORY(err);
        evaluation->n_held_out += split[i].held.n;
        for (size_t j = 0; j < split[i].held.n; j++) evaluation->n_too_small += split[i].held.too_small[j] != 0;
    }
    for (size_t f = 0; f < n_forecasters; f++) {
        for (size_t i = 0; i < n_splits; i++)
            for (size_t j = 0; j < split[i].held.n; j++) prediction[i][j] = (coley_prediction){NAN, NAN, NAN, NAN, NAN};
        COLEY_TRY(forecaster[f].forecast(forecaster[f].context, arena, n_splits, asked, prediction, err));
        COLEY_TRY(score_all(arena, n_splits, split, prediction, &score[f], err));
    }
    return COLEY_OK;
}

/* ---- what every forecast is measured against ---- */

static coley_status as_last_time(void *context, coley_arena *arena, size_t n_splits, const coley_split *split,
                                 coley_prediction *const *out, coley_error *err)
{
    (void)context, (void)arena, (void)err;
    for (size_t i = 0; i < n_splits; i++)
        for (size_t j = 0; j < split[i].held.n; j++)
            out[i][j].median_mm = split[i].used.diameter_mm[split[i].used.n - 1];
    return COLEY_OK;
}

static coley_status classical_law(coley_classical_model model, const coley_classical_scale *scale, coley_arena *arena,
                                  size_t n_splits, const coley_split *split, coley_prediction *const *out,
                                  coley_error *err)
{
    for (size_t i = 0; i < n_splits; i++) {
        const coley_scans *used = &split[i].used, *held = &split[i].held;
        /* The laws know of no treatment: a scan before it stands for the lesion on the first day, as in the study. */
        double *day = COLEY_NEW(arena, double, used->n);
        if (!day) return COLEY_FAIL_MEMORY(err);
        for (size_t j = 0; j < used->n; j++) day[j] = fmax(used->day[j], 0.0);
        coley_classical fit;
        COLEY_TRY(coley_classical_fit(model, *scale, used->n, day, used->diameter_mm, &fit, err));
        for (size_t j = 0; j < held->n; j++)
            out[i][j].median_mm = coley_classical_diameter_mm(&fit, fmax(held->day[j], 0.0));
    }
    return COLEY_OK;
}

#define LAW(id, key, title, n)                                                                                         \
    static coley_status law_##id(void *context, coley_arena *arena, size_t n_splits, const coley_split *split,         \
                                 coley_prediction *const *out, coley_error *err)                                       \
    {                                                                                                                  \
        return classical_law(COLEY_CLASSICAL_##id, context, arena, n_splits, split, out, err);                         \
    }
COLEY_CLASSICAL_LIST(LAW)
#undef LAW

void coley_evaluate_benchmarks(coley_classical_scale scale, coley_forecaster *list)
{
    static const coley_classical_scale scales[] = {COLEY_CLASSICAL_VOLUME, COLEY_CLASSICAL_DIAMETER};
    const coley_forecaster rows[COLEY_BENCHMARKS] = {{"as_last_time", "as last time", as_last_time, NULL},
#define ROW(id, key, title, n) {key, title, law_##id, (void *)&scales[scale]}, /* only read */
                                                     COLEY_CLASSICAL_LIST(ROW)
#undef ROW
    };
    memcpy(list, rows, sizeof rows);
}

/* ---- telling ---- */

static void add_cell(coley_text *t, double x, int width, int digits)
{
    if (isfinite(x))
        coley_text_addf(t, "%*.*f", width, digits, x);
    else
        coley_text_addf(t, "%*s", width, "-");
}

char *coley_evaluation_table(coley_arena *arena, const coley_evaluation *e)
{
    coley_text t = {.arena = arena};
    coley_text_addf(&t, "%zu of %zu patients have at least %zu visits; ", e->n_patients, e->n_series,
                    e->options.min_visits);
    if (e->options.use_first)
        coley_text_addf(&t, "the first %zu are used, ", e->options.use_first);
    else
        coley_text_addf(&t, "the last %zu are held out, ", e->options.hold_last);
    coley_text_addf(&t, "%zu visits to predict (%zu too small to measure: at most %g mm)\n\n", e->n_held_out,
                    e->n_too_small, COLEY_TOO_SMALL_MM);
    coley_text_addf(&t, "%-22s %8s %8s %8s %8s %7s %6s %6s   median error %% by days ahead\n", "", "median", "median",
                    "mean", "", "R2 of", "in", "in");
    coley_text_addf(&t, "%-22s %8s %8s %8s %8s %7s %6s %6s %8s %8s %8s %8s\n", "forecast", "error %", "error mm",
                    "error mm", "R2", "change", "50 %", "90 %", "to 60", "to 120", "to 240", "later");
    for (size_t f = 0; f < e->n_forecasters; f++) {
        const coley_score *s = &e->score[f];
        coley_text_addf(&t, "%-22s", e->forecaster[f].title);
        add_cell(&t, s->median_abs_error_pct, 9, 1);
        add_cell(&t, s->median_abs_error_mm, 9, 2);
        add_cell(&t, s->mean_abs_error_mm, 9, 2);
        add_cell(&t, s->r2, 9, 3);
        add_cell(&t, s->r2_change, 8, 3);
        add_cell(&t, 100.0 * s->coverage50, 7, 1);
        add_cell(&t, 100.0 * s->coverage90, 7, 1);
        for (size_t b = 0; b < COLEY_AHEAD_BINS; b++) add_cell(&t, s->median_abs_error_pct_ahead[b], 9, 1);
        if (s->n_missing) coley_text_addf(&t, "   %zu without a forecast", s->n_missing);
        coley_text_addf(&t, "\n");
    }
    return t.failed ? NULL : t.data;
}

static void add_number(coley_text *t, const char *prefix, const char *key, double x)
{
    coley_text_addf(t, ",\n  \"%s%s%s\": ", prefix, *prefix ? "_" : "", key);
    if (isfinite(x))
        coley_text_addf(t, "%.10g", x);
    else
        coley_text_addf(t, "null");
}

/* Smallest median error among the six laws, or NaN; "as last time" is not a law. */
static double best_classical(const coley_evaluation *e)
{
    double best = NAN;
    for (size_t f = 0; f < e->n_forecasters; f++)
        for (size_t m = 0; m < COLEY_CLASSICAL_COUNT; m++)
            if (strcmp(e->forecaster[f].key, coley_classical_key((coley_classical_model)m)) == 0)
                best = fmin(best, e->score[f].median_abs_error_pct);
    return best;
}

char *coley_evaluation_json(coley_arena *arena, const coley_evaluation *e)
{
    coley_text t = {.arena = arena};
    coley_text_addf(
        &t,
        "{\n  \"series\": %zu,\n  \"patients\": %zu,\n  \"held_out\": %zu,\n  \"held_out_too_small\": %zu,\n"
        "  \"min_visits\": %zu,\n  \"use_first\": %zu,\n  \"hold_last\": %zu",
        e->n_series, e->n_patients, e->n_held_out, e->n_too_small, e->options.min_visits, e->options.use_first,
        e->options.use_first ? 0 : e->options.hold_last);
    if (e->n_forecasters) coley_text_addf(&t, ",\n  \"model\": \"%s\"", e->forecaster[0].key);
    for (size_t f = 0; f < e->n_forecasters; f++) {
        const coley_score *s = &e->score[f];
        const char *prefix = f ? e->forecaster[f].key : "";
        add_number(&t, prefix, "patients_scored", (double)s->n_patients);
        add_number(&t, prefix, "points_scored", (double)s->n_points);
        add_number(&t, prefix, "points_missing", (double)s->n_missing);
        add_number(&t, prefix, "median_abs_error_mm", s->median_abs_error_mm);
        add_number(&t, prefix, "median_abs_error_pct", s->median_abs_error_pct);
        add_number(&t, prefix, "mean_abs_error_mm", s->mean_abs_error_mm);
        add_number(&t, prefix, "mean_abs_log_error", s->mean_abs_log_error);
        add_number(&t, prefix, "r2", s->r2);
        add_number(&t, prefix, "r2_change", s->r2_change);
        add_number(&t, prefix, "coverage_50", s->coverage50);
        add_number(&t, prefix, "coverage_90", s->coverage90);
        for (size_t b = 0; b < COLEY_AHEAD_BINS; b++) {
            char key[64];
            if (isfinite(coley_ahead_day[b]))
                snprintf(key, sizeof key, "median_abs_error_pct_to_day_%g", coley_ahead_day[b]);
            else
                snprintf(key, sizeof key, "median_abs_error_pct_later");
            add_number(&t, prefix, key, s->median_abs_error_pct_ahead[b]);
        }
    }
    add_number(&t, "", "best_classical_median_abs_error_pct", best_classical(e));
    coley_text_addf(&t, "\n}\n");
    return t.failed ? NULL : t.data;
}
