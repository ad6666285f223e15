/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast_run.h -- the two uses of a forecast: one person's outlook as a course, and the marks on held-out scans. */
#ifndef COLEY_RUN_FORECAST_RUN_H
#define COLEY_RUN_FORECAST_RUN_H

#include "base/text.h"
#include "run/forecast.h"
#include "run/lesions.h"

typedef struct coley_forecast_request {
    const char *data;             /* folder that holds models/ and catalog/ */
    const char *lesions;          /* CSV, see lesions.h */
    const char *patient;          /* or NULL when the file has one */
    const char *title;            /* of the course, or NULL */
    const char *cancer, *regimen; /* or NULL */
    const char *biomarkers;       /* of a file of run/biomarkers.h, or NULL */
    size_t using_first;           /* scans that the forecast may see; 0: all of them */
    size_t people;                /* 0: as the settings say */
    double beyond_day;            /* how far past the last scan the forecast goes */
    uint64_t seed;
    int n_threads;
    coley_progress *progress;
} coley_forecast_request;

/* Read, simulate, condition, and lay out as a course for record and report; all owned by `arena`. The later scans stay
 * in the course's lesion table, after forecast_from_day. `outlook` (may be NULL) gets the numbers. */
COLEY_MUST_CHECK coley_status coley_forecast_run(coley_arena *arena, const coley_forecast_request *request,
                                                 coley_course *course, coley_outlook *outlook, coley_error *err);

/* The forecast as a table of the coming (and held-out) scans for people, or as one JSON object. */
COLEY_MUST_CHECK coley_status coley_forecast_print(const coley_course *course, const coley_outlook *outlook, int json,
                                                   coley_text *text, coley_error *err);

/* Every patient of the file with enough visits: the later ones are held out, Coley and the classical laws predict them.
 * Prints a table, or flat JSON. `split` says which are held out. */
COLEY_MUST_CHECK coley_status coley_forecast_evaluate(coley_arena *arena, const coley_forecast_request *request,
                                                      const coley_split_options *split, int json, coley_text *text,
                                                      coley_error *err);

#endif
