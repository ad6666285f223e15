/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense.h -- small symmetric systems of equations, row after row. */
#ifndef COLEY_MATH_DENSE_H
#define COLEY_MATH_DENSE_H

#include <stddef.h>

/* a = L L' in place: the lower triangle becomes L. Returns n, or the first row that follows from those before it: less
 * than `least` of its own variance is left. */
size_t coley_dense_root(double *a, size_t n, double least);

/* x = a^-1 b with the root from above; x and b may be one array. */
void coley_dense_solve(const double *root, size_t n, const double *b, double *x);

/* The whole inverse of a from its root; not in place. */
void coley_dense_inverse(const double *root, size_t n, double *inverse);

/* b' a^-1 b with the root; work: n. */
double coley_dense_form(const double *root, size_t n, const double *b, double *work);

#endif
