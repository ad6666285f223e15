/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu_plan.h -- the elimination as data: what sparse_lu.c writes and sparse_lu_kernel.h carries out.
 *
 * Entries of L and U stand row by row in pivot order; the diagonal holds 1/u_ii. Entry e is
 *
 *     sum = (diagonal ? shift : 0) - (source >= 0 ? A[source] : 0) - sum over its pairs of f[left] f[right]
 *     f[e] = below the diagonal: sum * f[scale],  on it: 1 / sum,  above it: sum                                     */
#ifndef COLEY_MATH_SPARSE_LU_PLAN_H
#define COLEY_MATH_SPARSE_LU_PLAN_H

#include "math/sparse_lu.h"

/* A pivot this much smaller than the diagonal it started from has no digits left worth keeping. */
#define COLEY_LU_PIVOT_LOST 1e-13

typedef struct coley_lu_entry {
    int32_t source; /* value of A, or -1 for fill */
    int32_t scale;  /* below the diagonal: entry of the pivot's reciprocal; on it -1; above it -2 */
    int32_t pairs;  /* end of its pairs in `pair` (they start where those of the entry before end) */
} coley_lu_entry;

typedef struct coley_lu_pair {
    int32_t left, right;
} coley_lu_pair;

struct coley_sparse_lu {
    size_t n, n_entries, n_pairs;
    coley_lu_entry *entry;
    coley_lu_pair *pair;
    int32_t *pivot;    /* variable eliminated k-th */
    int32_t *row;      /* first entry of pivot row k; n + 1 of them */
    int32_t *diagonal; /* entry of the diagonal of pivot row k */
    int32_t *variable; /* variable (column of A) of each entry */
};

/* One compilation of the kernels. */
typedef struct coley_lu_kernels {
    void (*factor)(const coley_sparse_lu *lu, size_t width, const double *shift, const double *values, double *factors,
                   double *bad);
    void (*solve)(const coley_sparse_lu *lu, size_t width, const double *factors, double *x);
} coley_lu_kernels;

extern const coley_lu_kernels coley_lu_kernels_portable, coley_lu_kernels_avx2, coley_lu_kernels_avx512;

#endif
