/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sequential.h -- looks at a trial before its end: alpha spent, bounds, chances to cross them, conditional power. Here
 * z is above 0 in favour of the new arm: minus that of coley_logrank. */
#ifndef COLEY_MATH_SEQUENTIAL_H
#define COLEY_MATH_SEQUENTIAL_H

#include <stddef.h>

#include "base/status.h"

enum { COLEY_LOOKS_MOST = 20 };

typedef enum coley_spending_kind {
    COLEY_SPENDING_OBRIEN_FLEMING, /* 2 - 2 Phi(z(alpha/2) / sqrt t) (Lan, DeMets, Biometrika 1983; 70:659) */
    COLEY_SPENDING_POCOCK,         /* alpha log(1 + (e - 1) t) */
    COLEY_SPENDING_POWER,          /* alpha t^value (Kim, DeMets 1987); value above 0 */
    COLEY_SPENDING_HWANG, /* alpha (1 - e^(-value t)) / (1 - e^-value) (Hwang, Shih, DeCani 1990); 0 is linear */
} coley_spending_kind;

typedef struct coley_spending {
    coley_spending_kind kind;
    double value;
} coley_spending;

/* One-sided alpha spent by the share t of the information, 0 to 1. */
double coley_spending_at(coley_spending spending, double alpha, double t);

/* Bounds z[n] at shares t[n] of the information, rising to at most 1, that spend one-sided alpha. */
COLEY_MUST_CHECK coley_status coley_bounds(coley_spending spending, double alpha, const double *t, size_t n, double *z,
                                           coley_error *err);

/* Bounds below which a trial is given up, give_up[n], beside the bounds of winning: they spend the chance beta to miss an
 * effect by the same kind of function, under the drift (mean of Z at t = 1) at which the power is 1 - beta, which is
 * found too. Not binding: the bounds of winning hold alpha whether or not a trial is given up. The last is that of
 * winning. */
COLEY_MUST_CHECK coley_status coley_futility(coley_spending spending, double beta, const double *t, size_t n,
                                             const double *win, double *give_up, double *drift, coley_error *err);

/* Chance to have crossed z by each look, when the mean of Z at t = 1 is `drift`. */
COLEY_MUST_CHECK coley_status coley_crossing(const double *z, const double *t, size_t n, double drift,
                                             double *cumulative, coley_error *err);

/* Chance that Z at the end exceeds `bound`, seen z at t: under that drift; under the trend so far, z / sqrt t; and over
 * what is believed about the drift after z (predictive power, flat prior). t above 0. */
double coley_conditional_power(double z, double t, double bound, double drift);
double coley_conditional_power_trend(double z, double t, double bound);
double coley_predictive_power(double z, double t, double bound);

#endif
