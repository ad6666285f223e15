/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.h -- how well a forecast does on scans that it was not shown.
 *
 * Each patient's first visits are given to every forecaster, the later ones are predicted, and the predictions are
 * scored against what was measured. By default the last three visits of every patient with at least six are held out:
 * the protocol by which Ghaffari Laleh et al. 2022 (PLoS Comput Biol 18:e1009822) compared the six classical laws, as
 * the published history of their program has it (fitted to all but the last three, errors over those three). */
#ifndef COLEY_RUN_EVALUATE_H
#define COLEY_RUN_EVALUATE_H

#include "base/alloc.h"
#include "base/status.h"
#include "patient/classical.h"

/* The diameter of one lesion, or the sum of diameters, over one patient's visits. All arrays have n entries. */
typedef struct coley_scans {
    const char *patient;
    size_t n;
    const double *day;         /* ascending, negative before treatment [day] */
    const double *diameter_mm; /* 0: gone [mm] */
    const int *too_small;      /* seen but too small to measure; `diameter_mm` is 5 then */
} coley_scans;

/* RECIST 1.1's diameter of a lesion that is there but too small to measure [mm]. */
#define COLEY_TOO_SMALL_MM 5.0

typedef struct coley_split_options {
    size_t min_visits; /* patients with fewer are left out */
    size_t use_first;  /* visits given to the forecaster; 0: all but the last hold_last */
    size_t hold_last;  /* with use_first = 0: the last visits are held out */
} coley_split_options;

#define COLEY_SPLIT_DEFAULT                                                                                            \
    {                                                                                                                  \
        .min_visits = 6, .use_first = 0, .hold_last = 3                                                                \
    }

/* One patient, cut. */
typedef struct coley_split {
    const char *patient;
    coley_scans used, held; /* both not empty */
} coley_split;

/* What a forecaster says of one held-out visit: the median and, unless it gives none (NaN), intervals [mm]. */
typedef struct coley_prediction {
    double median_mm, low50_mm, high50_mm, low90_mm, high90_mm;
} coley_prediction;

/* All patients in one call, so that a forecaster may run them side by side. out[i][j] is held-out visit j of split i,
 * filled with NaN beforehand; a median left NaN is "no forecast" and counted as missing. A forecaster may look at
 * held.n and held.day, never at held.diameter_mm, which is NULL here to make sure. */
typedef coley_status coley_forecast_fn(void *context, coley_arena *arena, size_t n_splits, const coley_split *split,
                                       coley_prediction *const *out, coley_error *err);

typedef struct coley_forecaster {
    const char *key;   /* "gompertz", the name in files */
    const char *title; /* "Gompertz" */
    coley_forecast_fn *forecast;
    void *context; /* borrowed */
} coley_forecaster;

enum { COLEY_AHEAD_BINS = 4 };

/* One forecaster's marks. Errors are of the median, in diameter. A visit "too small to measure" is known only to be at
 * most 5 mm: a prediction at or under that has no error, and an interval that reaches under it covers it. NaN where
 * nothing was there to score. */
typedef struct coley_score {
    size_t n_patients, n_points; /* scored */
    size_t n_missing;            /* held-out visits without a forecast */
    double median_abs_error_mm;
    double median_abs_error_pct; /* of the measured diameter, of 5 mm when it is smaller [%] */
    double mean_abs_error_mm;
    double mean_abs_log_error; /* |ln(predicted / measured)|, both taken as 1 mm at least: big misses count, once */
    double r2;                 /* 1 - (residual / total squares), all held-out diameters together; can be negative */
    double r2_change;          /* as r2, of the change since the last used visit: 0 for who says "as last time" */
    double coverage50, coverage90;                       /* share of held-out visits inside the interval, 0 to 1 */
    double median_abs_error_pct_ahead[COLEY_AHEAD_BINS]; /* by days since the last used visit, see coley_ahead_day */
    size_t n_points_ahead[COLEY_AHEAD_BINS];
} coley_score;

/* Upper end of each bin of days ahead; the last is infinite. */
extern const double coley_ahead_day[COLEY_AHEAD_BINS];

typedef struct coley_evaluation {
    coley_split_options options;
    size_t n_series;               /* patients offered */
    size_t n_patients, n_held_out; /* patients with enough visits, and their held-out visits */
    size_t n_too_small;            /* of these, too small to measure */
    size_t n_forecasters;
    const coley_forecaster *forecaster; /* borrowed from the caller */
    const coley_score *score;           /* [n_forecasters] */
} coley_evaluation;

/* Cut each patient's series. Visits on one day become one, their mean. The splits are owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_split_scans(coley_arena *arena, size_t n, const coley_scans *series,
                                                const coley_split_options *options, size_t *n_splits,
                                                coley_split **split, coley_error *err);

/* Ask and score every forecaster. Everything is owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_evaluate(coley_arena *arena, size_t n, const coley_scans *series,
                                             const coley_split_options *options, size_t n_forecasters,
                                             const coley_forecaster *forecaster, coley_evaluation *evaluation,
                                             coley_error *err);

/* The forecasters that every other is measured against: "as last time" (LOCF), then the six classical laws, each fitted
 * to a patient's used visits alone, by squares of volume as in the 2022 study, or of diameter, which serves the laws
 * better where diameters are scored. They give no intervals. `list` has room for COLEY_BENCHMARKS. */
enum { COLEY_BENCHMARKS = 7 };
void coley_evaluate_benchmarks(coley_classical_scale scale, coley_forecaster *list);

/* A table for people, and one flat JSON object: what the evaluation held, then the first forecaster's marks under their
 * own names and each other forecaster's under "<key>_<mark>". NULL when there is no memory. */
char *coley_evaluation_table(coley_arena *arena, const coley_evaluation *evaluation);
char *coley_evaluation_json(coley_arena *arena, const coley_evaluation *evaluation);

#endif
