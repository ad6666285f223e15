/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rmst.h -- restricted mean survival time: the area under a curve up to tau (Royston, Parmar, BMC Med Res Methodol
 * 2013; 13:152). */
#ifndef COLEY_MATH_RMST_H
#define COLEY_MATH_RMST_H

#include "math/survival.h"

typedef struct coley_rmst {
    double tau, mean, standard_error;
    coley_interval interval;
    int beyond; /* tau is after the last time and the curve is not 0 there: it was carried forward */
} coley_rmst;

/* tau > 0. The variance is Greenwood's: sum of A^2 d / (n (n - d)), A the area from a time to tau. */
coley_rmst coley_rmst_of(const coley_km *km, double tau, double level);

/* The longest tau that every curve covers: the least of their last times. */
double coley_rmst_longest(const coley_km *km, size_t n);

/* b against a: difference b - a, ratio b / a, z and P of the difference. standard errors of 0: z is NaN and P 1 when
 * the means agree, else P 0. */
typedef struct coley_rmst_contrast {
    double difference, standard_error, z, p;
    coley_interval difference_interval;
    double ratio;
    coley_interval ratio_interval; /* NaN when a mean is 0 */
} coley_rmst_contrast;
coley_rmst_contrast coley_rmst_compare(coley_rmst a, coley_rmst b, double level);

#endif
