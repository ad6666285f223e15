/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normal.h -- the standard normal distribution function and its inverse. */
#ifndef COLEY_MATH_NORMAL_H
#define COLEY_MATH_NORMAL_H

/* P(Z < z). */
double coley_normal_cdf(double z);

/* z with P(Z < z) = p, to 1e-15 of |z|; -infinity for p = 0, infinity for p = 1, NaN outside. */
double coley_normal_quantile(double p);

#endif
