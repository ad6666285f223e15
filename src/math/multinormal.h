/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multinormal.h -- probabilities of correlated standard normal numbers. */
#ifndef COLEY_MATH_MULTINORMAL_H
#define COLEY_MATH_MULTINORMAL_H

#include <stddef.h>

enum { COLEY_MULTINORMAL_MOST = 8 };

/* P(-below < X_k < above for all k) for n <= 8 standard normal numbers with these correlations [n * n], which may be
 * singular (one number may follow from others). Error below 1e-5 for n > 2, by quasi-Monte-Carlo; always the same
 * bits. */
double coley_multinormal_box(const double *correlation, size_t n, double below, double above);

#endif
