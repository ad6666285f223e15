/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eigen.c -- see eigen.h. Golub and Van Loan, Matrix Computations, section 8.5. */
#include "math/eigen.h"

#include <math.h>

static double off_diagonal(const double *a, size_t n)
{
    double sum = 0.0;
    for (size_t p = 0; p < n; p++)
        for (size_t q = p + 1; q < n; q++) sum += a[p * n + q] * a[p * n + q];
    return sum;
}

/* The rotation of rows and columns p and q that makes a[p][q] zero. */
static void rotate(double *a, size_t n, double *vector, size_t p, size_t q)
{
    const double theta = (a[q * n + q] - a[p * n + p]) / (2.0 * a[p * n + q]);
    const double t = copysign(1.0, theta) / (fabs(theta) + sqrt(theta * theta + 1.0));
    const double c = 1.0 / sqrt(t * t + 1.0), s = t * c;
    for (size_t k = 0; k < n; k++) {
        const double kp = a[k * n + p], kq = a[k * n + q];
        a[k * n + p] = c * kp - s * kq;
        a[k * n + q] = s * kp + c * kq;
    }
    for (size_t k = 0; k < n; k++) {
        const double pk = a[p * n + k], qk = a[q * n + k];
        a[p * n + k] = c * pk - s * qk;
        a[q * n + k] = s * pk + c * qk;
        const double vp = vector[k * n + p], vq = vector[k * n + q];
        vector[k * n + p] = c * vp - s * vq;
        vector[k * n + q] = s * vp + c * vq;
    }
    a[p * n + q] = a[q * n + p] = 0.0;
}

void coley_eigen(double *a, size_t n, double *value, double *vector)
{
    double trace = 0.0;
    for (size_t i = 0; i < n * n; i++) vector[i] = i % (n + 1) == 0;
    for (size_t i = 0; i < n; i++) trace += a[i * n + i] * a[i * n + i];
    for (int sweep = 0; sweep < 60 && off_diagonal(a, n) > 1e-32 * trace; sweep++)
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++)
                if (a[p * n + q] != 0.0) rotate(a, n, vector, p, q);
    for (size_t i = 0; i < n; i++) value[i] = a[i * n + i];
}
