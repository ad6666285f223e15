/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantile.h -- a few quantiles of many numbers, without sorting all of them. */
#ifndef COLEY_MATH_QUANTILE_H
#define COLEY_MATH_QUANTILE_H

#include <stddef.h>

/* Quantiles p[0] <= p[1] <= ... (0 to 1) of n >= 1 numbers, between neighbours in proportion (Hyndman and Fan 1996, Am
 * Stat 50:361, type 7). x is left in another order. The same bits whatever the order was; with a number that is none
 * among them the results mean nothing. */
void coley_quantiles(double *x, size_t n, const double *p, size_t n_p, double *q);

#endif
