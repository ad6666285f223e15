/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock_kernel.h -- the loops of rosenbrock.h, one text for every instruction set: included once per file that
 * names KERNELS, the table to fill. Sums run in stage order, so every instruction set gives the same bits. */
#include <math.h>
#include <string.h>

#include "solve/rosenbrock.h"

static void state(size_t count, size_t stage, const double *a, const double *y, double *const *u, double *restrict out)
{
    switch (stage) {
    case 0:
        memcpy(out, y, count * sizeof *out);
        break;
    case 1:
        for (size_t i = 0; i < count; i++) out[i] = y[i] + a[0] * u[0][i];
        break;
    case 2:
        for (size_t i = 0; i < count; i++) out[i] = y[i] + (a[0] * u[0][i] + a[1] * u[1][i]);
        break;
    case 3:
        for (size_t i = 0; i < count; i++) out[i] = y[i] + (a[0] * u[0][i] + a[1] * u[1][i] + a[2] * u[2][i]);
        break;
    case 4:
        for (size_t i = 0; i < count; i++)
            out[i] = y[i] + (a[0] * u[0][i] + a[1] * u[1][i] + a[2] * u[2][i] + a[3] * u[3][i]);
        break;
    default:
        for (size_t i = 0; i < count; i++)
            out[i] = y[i] + (a[0] * u[0][i] + a[1] * u[1][i] + a[2] * u[2][i] + a[3] * u[3][i] + a[4] * u[4][i]);
    }
}

static void right(size_t n, size_t width, size_t stage, const double *c, double *const *u, const double *inverse_h,
                  double g, const double *h, const double *ft, const double *f, double *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const size_t at = i * width;
        const double *fi = f + at;
        double *restrict o = out + at;
        switch (stage) {
        case 0:
            memcpy(o, fi, width * sizeof *o);
            break;
        case 1:
            for (size_t l = 0; l < width; l++) o[l] = fi[l] + c[0] * u[0][at + l] * inverse_h[l];
            break;
        case 2:
            for (size_t l = 0; l < width; l++)
                o[l] = fi[l] + (c[0] * u[0][at + l] + c[1] * u[1][at + l]) * inverse_h[l];
            break;
        case 3:
            for (size_t l = 0; l < width; l++)
                o[l] = fi[l] + (c[0] * u[0][at + l] + c[1] * u[1][at + l] + c[2] * u[2][at + l]) * inverse_h[l];
            break;
        case 4:
            for (size_t l = 0; l < width; l++)
                o[l] = fi[l] + (c[0] * u[0][at + l] + c[1] * u[1][at + l] + c[2] * u[2][at + l] + c[3] * u[3][at + l]) *
                                   inverse_h[l];
            break;
        default:
            for (size_t l = 0; l < width; l++)
                o[l] = fi[l] + (c[0] * u[0][at + l] + c[1] * u[1][at + l] + c[2] * u[2][at + l] + c[3] * u[3][at + l] +
                                c[4] * u[4][at + l]) *
                                   inverse_h[l];
        }
        if (ft && g != 0.0)
            for (size_t l = 0; l < width; l++) o[l] += g * h[l] * ft[at + l];
    }
}

static void matrix(const coley_sparse_lu *lu, size_t width, const double *inverse_h_gamma, const double *jacobian,
                   double *restrict out)
{
    memset(out, 0, lu->n_entries * width * sizeof *out);
    for (size_t i = 0; i < lu->n; i++)
        memcpy(out + (size_t)lu->diagonal[i] * width, inverse_h_gamma, width * sizeof *out);
    for (size_t e = 0; e < lu->n_matrix; e++) {
        double *restrict o = out + (size_t)lu->place[e] * width;
        const double *j = jacobian + e * width;
        for (size_t l = 0; l < width; l++) o[l] -= j[l];
    }
}

static void norm(size_t n, size_t width, const double *atol, double rtol, const double *y, const double *y_new,
                 const double *error, double *restrict out)
{
    for (size_t l = 0; l < width; l++) out[l] = 0.0;
    for (size_t i = 0; i < n; i++) {
        const size_t at = i * width;
        for (size_t l = 0; l < width; l++) {
            const double a = fabs(y[at + l]), b = fabs(y_new[at + l]);
            const double scaled = error[at + l] / (atol[i] + rtol * (a > b ? a : b));
            out[l] += scaled * scaled;
        }
    }
    for (size_t l = 0; l < width; l++) out[l] = sqrt(out[l] / (double)n);
}

const coley_rosenbrock_kernels KERNELS = {
    .name = KERNELS_NAME, .state = state, .right = right, .matrix = matrix, .norm = norm};
