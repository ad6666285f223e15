/* SPDX-License-Identifier: GPL-3.0-or-later */
/* correlation.c -- Cholesky's root, and how far one correlation or all of them may go. */
#include "math/correlation.h"

#include <math.h>
#include <string.h>

/* Below this a row follows from those before it as far as doubles can tell. */
#define LEAST_PIVOT 1e-10

/* The root of the first n rows; the first row that fails, or n. */
static size_t root_from(double *a, size_t n, size_t stride)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * stride + j];
            for (size_t k = 0; k < j; k++) sum -= a[i * stride + k] * a[j * stride + k];
            if (i == j && !(sum > LEAST_PIVOT)) return i;
            a[i * stride + j] = i == j ? sqrt(sum) : sum / a[j * stride + j];
        }
    }
    return n;
}

size_t coley_correlation_root(double *matrix, size_t n)
{
    return root_from(matrix, n, n);
}

/* What is left of row `row`'s variance with r in place of its correlation with `column`. */
static double left_over(const double *matrix, size_t n, size_t row, size_t column, double r, double *work)
{
    memcpy(work, matrix, n * n * sizeof *work);
    work[row * n + column] = r;
    if (root_from(work, row, n) < row) return NAN;
    double left = 1.0;
    for (size_t j = 0; j < row; j++) {
        double sum = work[row * n + j];
        for (size_t k = 0; k < j; k++) sum -= work[row * n + k] * work[j * n + k];
        work[row * n + j] = sum / work[j * n + j];
        left -= work[row * n + j] * work[row * n + j];
    }
    return left;
}

/* The pivot is a parabola in r, open below. */
int coley_correlation_range(const double *matrix, size_t n, size_t row, size_t column, double *work, double *low,
                            double *high)
{
    const double at0 = left_over(matrix, n, row, column, 0.0, work) - LEAST_PIVOT;
    const double up = left_over(matrix, n, row, column, 1.0, work) - LEAST_PIVOT;
    const double down = left_over(matrix, n, row, column, -1.0, work) - LEAST_PIVOT;
    const double a = 0.5 * (up + down) - at0, b = 0.5 * (up - down), d = b * b - 4.0 * a * at0;
    if (!(a < 0.0 && d > 0.0)) return 0;
    *low = (-b + sqrt(d)) / (2.0 * a);
    *high = (-b - sqrt(d)) / (2.0 * a);
    return *low < *high;
}

double coley_correlation_scale(const double *matrix, size_t n, double *work)
{
    for (int percent = 100; percent > 0; percent--) {
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) work[i * n + j] = i == j ? 1.0 : matrix[i * n + j] * (0.01 * percent);
        if (root_from(work, n, n) == n) return 0.01 * percent;
    }
    return 0.0;
}
