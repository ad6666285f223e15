/* SPDX-License-Identifier: GPL-3.0-or-later */
/* correlation.h -- a matrix of correlations and its triangular root, which makes independent normal numbers
 * correlated. */
#ifndef COLEY_MATH_CORRELATION_H
#define COLEY_MATH_CORRELATION_H

#include <stddef.h>

/* R = L L' in place: the lower triangle of the n x n matrix becomes L (Cholesky). Returns n, or the row that the rows
 * before it already rule out: R is not positive definite. */
size_t coley_correlation_root(double *matrix, size_t n);

/* Values of R[row][column] between which rows 0 .. row stay positive definite, all else as it is; column < row, rows
 * before `row` positive definite. False when there are none. work: n x n doubles. */
int coley_correlation_range(const double *matrix, size_t n, size_t row, size_t column, double *work, double *low,
                            double *high);

/* The largest s <= 1, of hundredths, with s R + (1 - s) I positive definite: all correlations weakened alike. */
double coley_correlation_scale(const double *matrix, size_t n, double *work);

#endif
