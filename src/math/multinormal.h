/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multinormal.h -- probabilities of correlated standard normal numbers. */
#ifndef COLEY_MATH_MULTINORMAL_H
#define COLEY_MATH_MULTINORMAL_H

#include <stddef.h>

enum { COLEY_MULTINORMAL_MOST = 8 };

/* P(low_k < X_k < high_k for all k) for n <= 8 standard normal numbers with these correlations [n * n], which may be
 * singular (one number may follow from others). Quasi-Monte-Carlo beyond n = 1: relative error about 1e-5, always the
 * same bits. */
double coley_multinormal_box(const double *correlation, size_t n, const double *low, const double *high);

/* P(X_k < -below or X_k > above for some k): what the box leaves out, with the same relative error however small. */
double coley_multinormal_outside(const double *correlation, size_t n, double below, double above);

#endif
