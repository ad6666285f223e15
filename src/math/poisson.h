/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poisson.h -- exact intervals of counts: how far the mean behind a count, or the share behind a proportion, may be.
 *
 *   Poisson    low = Q(alpha/2; k, 1), high = Q(1 - alpha/2; k + 1, 1)     Q: quantile of the gamma distribution
 *   binomial   low = B(alpha/2; k, n-k+1), high = B(1 - alpha/2; k+1, n-k) B: quantile of the beta distribution
 *
 * Garwood 1936, Biometrika 28:437; Clopper and Pearson 1934, Biometrika 26:404. */
#ifndef COLEY_MATH_POISSON_H
#define COLEY_MATH_POISSON_H

#include "math/interval.h"

/* Two-sided interval of the mean behind a count of k events; level 0.95 for 95 %. */
coley_interval coley_poisson_interval(double k, double level);

/* Two-sided interval of the share behind k of n. n = 0: 0 to 1. */
coley_interval coley_binomial_interval(double k, double n, double level);

/* P(X <= k) of a Poisson count with that mean. */
double coley_poisson_below(double k, double mean);

#endif
