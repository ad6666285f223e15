/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_result.h -- what a trial found: responses, curves, ratios of hazards, side effects; and how that compares with
 * what was published of the same arms. */
#ifndef COLEY_RUN_TRIAL_RESULT_H
#define COLEY_RUN_TRIAL_RESULT_H

#include "math/competing.h"
#include "math/cox.h"
#include "math/logrank.h"
#include "math/proportion.h"
#include "run/trial_interim.h"

typedef enum coley_endpoint {
    COLEY_END_PFS,
    COLEY_END_OS,
    COLEY_END_IPFS,
    COLEY_END_DOR,
    COLEY_END_COUNT
} coley_endpoint;

extern const char *const coley_endpoint_key[COLEY_END_COUNT];   /* "PFS" */
extern const char *const coley_endpoint_words[COLEY_END_COUNT]; /* "progression-free survival" */

/* A share of people with its exact 95 % interval. */
typedef struct coley_trial_share {
    size_t k, n;
    double share; /* 0 when n is 0 */
    coley_interval interval;
} coley_trial_share;

typedef struct coley_trial_arm_result {
    size_t n_best[COLEY_RESPONSE_CR + 1];          /* by coley_response */
    coley_trial_share response, complete, control; /* CR + PR; CR; these and SD */
    coley_trial_share pseudoprogression;
    coley_km curve[COLEY_END_COUNT]; /* months */
    coley_km_quantile median[COLEY_END_COUNT];
    coley_km_point at[COLEY_END_COUNT][COLEY_TRIAL_MAX_MONTHS]; /* landmarks */
    coley_ratio ratio[COLEY_END_COUNT]; /* against the control, PFS and OS; NaN for the control itself */
    double p[COLEY_END_COUNT];          /* log-rank, two-sided */
    size_t n_death[4];                  /* by coley_death */
    size_t n_lost_to_follow_up;
    coley_trial_share any[COLEY_TRIAL_MAX_EVENTS + 1],
        severe[COLEY_TRIAL_MAX_EVENTS + 1];             /* grade 3 or 4; last: of all */
    coley_trial_share immune_any, immune_severe;        /* in any organ of the clinic's grading but fatigue */
    coley_incidence severe_incidence, immune_incidence; /* of the first grade 3 or 4; death excludes it; months */
} coley_trial_arm_result;

/* inside: within the published interval, or within the exact interval of as many people, or within 15 %; near: within
 * twice that distance, or the simulated interval reaches it. */
typedef enum coley_verdict_kind { COLEY_INSIDE, COLEY_NEAR, COLEY_OUTSIDE, COLEY_NOT_COMPARED } coley_verdict_kind;

typedef struct coley_trial_comparison {
    size_t arm;
    const coley_trial_published *published;
    double value, low, high; /* simulated, with its Monte-Carlo interval */
    double least, most;      /* what counts as inside */
    coley_verdict_kind verdict;
    const char *why; /* NOT_COMPARED */
} coley_trial_comparison;

typedef struct coley_trial_result {
    const coley_trial *trial;
    coley_trial_arm_result arm[COLEY_TRIAL_MAX_ARMS];
    size_t n_comparisons;
    coley_trial_comparison *comparison;
    coley_interim *interim; /* NULL: no looks before the end */
} coley_trial_result;

COLEY_MUST_CHECK coley_status coley_trial_analyse(coley_arena *arena, const coley_trial *trial,
                                                  coley_trial_result *result, coley_error *err);

/* Hazard of arm a against arm b by Cox regression, and the log-rank test's P. */
COLEY_MUST_CHECK coley_status coley_trial_ratio_of(coley_arena *arena, const coley_trial *trial, size_t a, size_t b,
                                                   coley_endpoint endpoint, coley_ratio *ratio, double *p,
                                                   coley_error *err);

/* Time [month] and event of one person. False for who does not count (duration without a response). */
int coley_trial_time(const coley_trial_patient *patient, coley_endpoint endpoint, double *month, int *event);

const char *coley_verdict_word(coley_verdict_kind verdict);

/* For a terminal. */
COLEY_MUST_CHECK coley_status coley_trial_words(coley_arena *arena, const coley_trial_result *result, coley_text *out,
                                                coley_error *err);

#endif
