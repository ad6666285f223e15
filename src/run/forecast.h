/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast.h -- a real person's scans, answered by virtual people.
 *
 * First a large population of the patient model is simulated once under the regimen: its courses are the prior. A
 * person's scans weight them (condition.h). Then the best are taken as parents: virtual people near them, with the
 * person's own lesion size, are simulated and weighted again. What later scans will show is the weighted mixture. */
#ifndef COLEY_RUN_FORECAST_H
#define COLEY_RUN_FORECAST_H

#include "base/progress.h"
#include "patient/condition.h"
#include "patient/people.h"
#include "run/course.h"
#include "run/evaluate.h"

typedef struct coley_forecast_options {
    const char *data;             /* folder that holds models/ and catalog/ */
    const char *cancer, *regimen; /* names in the catalog, or NULL for those of models/patient/forecast.yaml */
    const char *biomarkers;       /* of a file of run/biomarkers.h, or NULL */
    size_t people;                /* 0: as the settings file says */
    double horizon_day;           /* forecasts reach this far */
    uint64_t seed;
    int n_threads;
    coley_progress *progress; /* or NULL */
} coley_forecast_options;

/* The prior, ready; owned by the arena it was made in and never changed. */
typedef struct coley_forecast coley_forecast;

COLEY_MUST_CHECK coley_status coley_forecast_create(coley_arena *arena, const coley_forecast_options *options,
                                                    coley_forecast **forecast, coley_error *err);

size_t coley_forecast_people(const coley_forecast *forecast);
const char *coley_forecast_cancer(const coley_forecast *forecast);
const char *coley_forecast_regimen(const coley_forecast *forecast);
double coley_forecast_steps(const coley_forecast *forecast); /* integration steps a virtual person */

/* One person's forecast on a grid of days. Arrays are owned by the arena. */
typedef struct coley_outlook {
    size_t n_days;
    const double *day;
    coley_prediction *at;              /* [n_days]; what a scan would show */
    double effective_prior, effective; /* people that matter before and after refining */
    size_t n_refined;
    double response_probability,
        progression_probability; /* by the last day: at least 30 % under baseline; 20 % and 5 mm over the nadir */
    /* Best-weighted people's inner quantities: weighted medians on the same days. */
    size_t n_series;
    const coley_series *series; /* with 50 and 90 % bands */
} coley_outlook;

/* What is to come for a person seen so far. */
COLEY_MUST_CHECK coley_status coley_forecast_person(coley_arena *arena, const coley_forecast *forecast,
                                                    const coley_seen *seen, size_t n_days, const double *day,
                                                    coley_outlook *outlook, coley_error *err);

/* The doses of the regimen up to the course's last day, and an event for each, into the course. */
COLEY_MUST_CHECK coley_status coley_forecast_doses(coley_arena *arena, const coley_forecast *forecast,
                                                   coley_course *course, coley_error *err);

/* As a forecaster for coley_evaluate; context is the coley_forecast. Without refining: the prior's people only. */
coley_status coley_forecast_all(void *context, coley_arena *arena, size_t n_splits, const coley_split *split,
                                coley_prediction *const *out, coley_error *err);

#endif
