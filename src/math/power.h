/* SPDX-License-Identifier: GPL-3.0-or-later */
/* power.h -- power, type I error and sample size of a two-arm trial by simulation: piecewise constant hazards (delayed
 * effects, crossing curves), a cured share, dropout, accrual, looks at events or at calendar times. */
#ifndef COLEY_MATH_POWER_H
#define COLEY_MATH_POWER_H

#include <stdint.h>

#include "math/interval.h"
#include "math/logrank.h"

/* A rate from a time on, until the next piece begins. The first piece begins at 0. */
typedef struct coley_rate {
    double from, rate;
} coley_rate;

typedef struct coley_power_arm {
    size_t weight;              /* places in an allocation block, for example 2 for 2:1 */
    size_t n_hazard, n_dropout; /* at least one piece of hazard; no dropout: 0 */
    const coley_rate *hazard, *dropout;
    double cured; /* share that never has the event */
} coley_power_arm;

/* Analysis of those who have entered, at the later of a calendar time and of the day of the k-th event; when fewer
 * events than that ever come, at the last event or dropout. Arm 1 wins when its largest z (above 0: fewer events) is at
 * least `bound`; or, with alpha above 0, when the one-sided P of the combination is below alpha. tau above 0: the
 * difference of restricted means up to tau in place of weights, or up to the longest time where that is less. */
typedef struct coley_power_look {
    size_t events; /* 0: none asked */
    double time;   /* 0: none asked */
    size_t n_weights;
    const coley_weight *weight; /* none: the log-rank test */
    double tau;
    double bound, alpha;
    int may_stop; /* the trial is given up when z (of the best of several tests) is below `futility` */
    double futility;
} coley_power_look;

typedef struct coley_power_design {
    size_t n; /* people */
    coley_power_arm arm[2];
    size_t blocks; /* an allocation block is (weight 0 + weight 1) * blocks long; 0 counts as 1 */
    size_t n_accrual;
    const coley_rate *accrual; /* people a time; they enter as a Poisson process */
    size_t n_looks;
    const coley_power_look *look;
    uint64_t seed;
    size_t n_trials;
    int n_threads; /* results do not depend on it */
} coley_power_design;

enum { COLEY_POWER_LOOKS = 20 };

typedef struct coley_power_at {
    double won;                  /* share of trials that have won by this look */
    double stopped;              /* that have been given up by then */
    double time, events, people; /* means over the trials of which each would reach it, won before or not */
} coley_power_at;

typedef struct coley_power {
    size_t n_trials;
    double power, standard_error;
    coley_interval interval; /* Clopper and Pearson, 95 % */
    double events, time;     /* means at the look that ended the trial */
    size_t n_looks;
    coley_power_at look[COLEY_POWER_LOOKS];
} coley_power;

/* With equal arms the power is the type I error. */
COLEY_MUST_CHECK coley_status coley_power_simulate(const coley_power_design *design, coley_power *power,
                                                   coley_error *err);

/* The least n, a multiple of the block, from design->n to `most`, at which the power is at least `target`; events of
 * looks grow with n. Bisection on one seed: exact to the error of the simulation. Refused when `most` is not enough. */
COLEY_MUST_CHECK coley_status coley_power_size(const coley_power_design *design, double target, size_t most, size_t *n,
                                               coley_power *power, coley_error *err);

/* The time at which a cumulative hazard of piecewise constant pieces is reached; infinity: never. */
double coley_rate_time(const coley_rate *pieces, size_t n, double hazard);

#endif
