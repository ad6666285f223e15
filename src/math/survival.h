/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survival.h -- times to an event of people in arms and strata, sorted once for every statistic that reads them; and
 * the Kaplan-Meier curve (Kaplan, Meier, J Am Stat Assoc 1958; 53:457).
 *
 * Times that are equal as doubles are tied; someone censored at the time of an event was still at risk of it. What does
 * not exist (an interval where the curve is 0, a median that is not reached) is NaN or infinity in memory, as each
 * function says, and what prints it says so in words. */
#ifndef COLEY_MATH_SURVIVAL_H
#define COLEY_MATH_SURVIVAL_H

#include <stddef.h>

#include "base/alloc.h"
#include "base/status.h"
#include "math/interval.h"

/* Columns of n people; borrowed. */
typedef struct coley_survival_input {
    size_t n;
    const double *time; /* [n] 0 or more, finite; any unit */
    const int *event;   /* [n] 0 censored, else an event; competing risks: the cause from 1 */
    const int *arm;     /* [n] 0 to n_arms - 1, or NULL: all in arm 0 */
    size_t n_arms;      /* 0 counts as 1 */
    const int *stratum; /* [n] 0 to n_strata - 1, or NULL: one stratum */
    size_t n_strata;    /* 0 counts as 1 */
} coley_survival_input;

/* The same people by stratum, then time, events before censorings. Owned by the arena. */
typedef struct coley_survival {
    size_t n, n_arms, n_strata, n_events;
    const double *time;  /* [n] */
    const int *event;    /* [n] */
    const int *arm;      /* [n] */
    const size_t *row;   /* [n] place in the input */
    const size_t *first; /* [n_strata + 1] first person of each stratum */
} coley_survival;

/* Refused: nobody, a time that is negative or no number, an arm or stratum outside its range; the person is named. */
COLEY_MUST_CHECK coley_status coley_survival_prepare(coley_arena *arena, const coley_survival_input *input,
                                                     coley_survival *survival, coley_error *err);

enum { COLEY_ALL_ARMS = -1 };

/* People and events of an arm. */
typedef struct coley_survival_count {
    size_t people, events;
    double time; /* summed over people */
} coley_survival_count;
coley_survival_count coley_survival_counts(const coley_survival *survival, int arm);

/* A curve: one entry a distinct time. log_error is Greenwood's standard error of log S, infinite once S is 0. */
typedef struct coley_km {
    size_t people, events;
    size_t n;
    const double *time, *survival, *log_error;     /* [n] */
    const size_t *at_risk, *n_events, *n_censored; /* [n] at risk just before */
} coley_km;

/* The curve of an arm, or of all arms together, over all strata. An arm without people has n = 0. */
COLEY_MUST_CHECK coley_status coley_km_curve(coley_arena *arena, const coley_survival *survival, int arm, coley_km *km,
                                             coley_error *err);

/* Interval of S: plain S -+ z se; log, symmetric in log S; log-log, symmetric in log(-log S). Cut to [0, 1]. */
typedef enum coley_km_scale { COLEY_KM_LOGLOG, COLEY_KM_LOG, COLEY_KM_PLAIN } coley_km_scale;

/* A point of the curve. standard_error = S log_error (Greenwood's). The interval is NaN where its scale has none: log
 * and log-log at S = 0, log-log at S = 1. */
typedef struct coley_km_point {
    double survival, standard_error;
    coley_interval interval;
    size_t at_risk; /* at this time or later */
    int beyond;     /* after the last time: S is carried forward and nobody is at risk */
} coley_km_point;
coley_km_point coley_km_at(const coley_km *km, double time, coley_km_scale scale, double level);

/* As above for the i-th entry. */
coley_km_point coley_km_entry(const coley_km *km, size_t i, coley_km_scale scale, double level);

/* First time at which S <= 1 - p, the middle of the flat piece when S = 1 - p there; p = 0.5 for the median. The
 * interval inverts the curve's (Brookmeyer, Crowley, Biometrics 1982; 38:29). Infinity: not reached. */
typedef struct coley_km_quantile {
    double time;
    coley_interval interval;
} coley_km_quantile;
coley_km_quantile coley_km_quantile_of(const coley_km *km, double p, coley_km_scale scale, double level);

/* Median of follow-up: the same with events and censorings exchanged (Schemper, Smith, Control Clin Trials 1996;
 * 17:343). */
COLEY_MUST_CHECK coley_status coley_km_follow_up(coley_arena *arena, const coley_survival *survival, int arm,
                                                 coley_km *km, coley_error *err);

#endif
