/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock.h -- RODAS (Hairer and Wanner 1996, Solving Ordinary Differential Equations II, section VI.4): six stages,
 * order 4 with an embedded 3, L-stable, stiffly accurate, dense output of order 3.
 *
 *   (I/(h gamma) - J) U_i = f(t + alpha_i h, y + sum a_ij U_j) + sum c_ij/h U_j + gamma_i h f_t
 *   y_new = y + sum a_6j U_j + U_6,   error = U_6
 *   y(t + s h) = (1 - s) y + s (y_new + (1 - s) (d_2 + s d_3)),   d_k = sum D_kj U_j
 *
 * The loops over columns of lanes; compiled for each instruction set with the same bits. */
#ifndef COLEY_SOLVE_ROSENBROCK_H
#define COLEY_SOLVE_ROSENBROCK_H

#include <stddef.h>

#include "math/sparse_lu.h"

enum { COLEY_ROSENBROCK_STAGES = 6 };

typedef struct coley_rosenbrock {
    double gamma;
    double alpha[6], gamma_sum[6];
    double a[6][6], c[6][6];
    double d2[5], d3[5];
} coley_rosenbrock;

extern const coley_rosenbrock coley_rodas4;

/* n rows, width lanes; every array [n x width] unless said. */
typedef struct coley_rosenbrock_kernels {
    const char *name;
    /* out = y + sum over j < stage of a[j] u[j] */
    void (*state)(size_t count, size_t stage, const double *a, const double *y, double *const *u, double *restrict out);
    /* out = f + (sum over j < stage of c[j] u[j]) / h + g h ft; h [width]; ft may be NULL */
    void (*right)(size_t n, size_t width, size_t stage, const double *c, double *const *u, const double *inverse_h,
                  double g, const double *h, const double *ft, const double *f, double *restrict out);
    /* matrix = I/(h gamma) - J in the factors' places; matrix [lu->n_entries x width] */
    void (*matrix)(const coley_sparse_lu *lu, size_t width, const double *inverse_h_gamma, const double *jacobian,
                   double *restrict matrix);
    /* norm[width]: root mean square of error / (atol + rtol max(|y|, |y_new|)); squares are added in row order */
    void (*norm)(size_t n, size_t width, const double *atol, double rtol, const double *y, const double *y_new,
                 const double *error, double *restrict norm);
} coley_rosenbrock_kernels;

extern const coley_rosenbrock_kernels coley_rosenbrock_portable, coley_rosenbrock_avx2, coley_rosenbrock_avx512;
const coley_rosenbrock_kernels *coley_rosenbrock_best(void);

#endif
