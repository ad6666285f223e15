/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survival_file.h -- a file of times to an event, analysed as a trial is, as text, JSON, CSV or SVG. */
#ifndef COLEY_RUN_SURVIVAL_FILE_H
#define COLEY_RUN_SURVIVAL_FILE_H

#include "base/text.h"
#include "math/cox.h"

typedef enum coley_survival_format {
    COLEY_SURVIVAL_TEXT, /* for people */
    COLEY_SURVIVAL_JSON,
    COLEY_SURVIVAL_CSV, /* the curves, a row an arm and time */
    COLEY_SURVIVAL_SVG, /* the curves with intervals and the people at risk */
} coley_survival_format;

enum {
    COLEY_SURVIVAL_ARMS = 16,
    COLEY_SURVIVAL_STRATA = 1000,
    COLEY_SURVIVAL_COVARIATES = 16,
    COLEY_SURVIVAL_SUBGROUPS = 16,
    COLEY_SURVIVAL_LEVELS = 12,
    COLEY_SURVIVAL_TIMES = 32,
};

typedef struct coley_survival_request {
    const char *file;    /* CSV: time, event, and may have arm, stratum and covariates */
    const char *control; /* arm that the others are compared with; NULL: the first of the file */
    const char *unit;    /* of the times: "day", "week", "month", "year" */
    size_t n_covariates;
    const char *covariate[COLEY_SURVIVAL_COVARIATES]; /* columns that enter Cox's model beside the arms */
    size_t n_subgroups;
    const char *subgroup[COLEY_SURVIVAL_SUBGROUPS]; /* columns of names: a ratio in each; two arms */
    size_t n_times;
    double time[COLEY_SURVIVAL_TIMES]; /* survival at these; none: a few round ones */
    double tau;                        /* of restricted means; 0: the longest that all arms cover */
    double level;                      /* 0.95 */
    coley_km_scale scale;
    coley_ties ties;
    int cure;  /* fit cured shares too */
    int chart; /* draw the curves in characters; 2: plain ASCII */
    coley_survival_format format;
} coley_survival_request;

COLEY_MUST_CHECK coley_status coley_survival_run(coley_arena *arena, const coley_survival_request *request,
                                                 coley_text *text, coley_error *err);

/* The same for bytes that stand in for the file: what the fuzzer feeds. */
COLEY_MUST_CHECK coley_status coley_survival_run_bytes(coley_arena *arena, const coley_survival_request *request,
                                                       const char *bytes, size_t length, coley_text *text,
                                                       coley_error *err);

#endif
