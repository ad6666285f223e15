/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eigen.h -- eigenvalues and eigenvectors of a small symmetric matrix. */
#ifndef COLEY_MATH_EIGEN_H
#define COLEY_MATH_EIGEN_H

#include <stddef.h>

/* a[n*n], symmetric, becomes diagonal: value[i] is the i-th eigenvalue, in no order, and column i of `vector` [n*n] its
 * vector of length 1. Jacobi's rotations in rows. */
void coley_eigen(double *a, size_t n, double *value, double *vector);

#endif
