/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense.c -- Cholesky's root and what is solved with it. */
#include "math/dense.h"

#include <math.h>

size_t coley_dense_root(double *a, size_t n, double least)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
            if (i == j && !(sum > least * a[i * n + i] && sum > 0.0)) return i;
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    return n;
}

void coley_dense_solve(const double *root, size_t n, const double *b, double *x)
{
    for (size_t i = 0; i < n; i++) {
        double sum = b[i];
        for (size_t k = 0; k < i; k++) sum -= root[i * n + k] * x[k];
        x[i] = sum / root[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        double sum = x[i];
        for (size_t k = i + 1; k < n; k++) sum -= root[k * n + i] * x[k];
        x[i] = sum / root[i * n + i];
    }
}

void coley_dense_inverse(const double *root, size_t n, double *inverse)
{
    for (size_t k = 0; k < n; k++) {
        double *const row = inverse + k * n; /* symmetric: a row is a column */
        for (size_t i = 0; i < n; i++) row[i] = i == k ? 1.0 : 0.0;
        coley_dense_solve(root, n, row, row);
    }
}

double coley_dense_form(const double *root, size_t n, const double *b, double *work)
{
    double form = 0.0;
    for (size_t i = 0; i < n; i++) {
        double sum = b[i];
        for (size_t k = 0; k < i; k++) sum -= root[i * n + k] * work[k];
        work[i] = sum / root[i * n + i];
        form += work[i] * work[i];
    }
    return form;
}
