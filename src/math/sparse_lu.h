/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu.h -- LU factors of many matrices of one sparsity pattern at once, one matrix a lane.
 *
 * The pattern is analysed once: a minimum-degree order of A + A' (Tinney and Walker 1967), the fill it makes, and flat
 * lists of the operations, which are then run over columns of lanes without a branch. There is no pivoting: the
 * matrices are I/(h gamma) - J of a stiff integrator, whose step falls until the diagonal leads; a lane whose factors
 * are not finite is the caller's to notice in its error norm. */
#ifndef COLEY_MATH_SPARSE_LU_H
#define COLEY_MATH_SPARSE_LU_H

#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

/* a[target] -= a[left] * a[right], all in units of columns. */
typedef struct coley_lu_update {
    int32_t target, left, right;
} coley_lu_update;

/* Row `i` of a triangle times x: x[i] -= sum over entries a[entry] * x[column]. */
typedef struct coley_lu_row {
    int32_t i, start, end; /* entries start to end of the triangle's entry and column lists */
} coley_lu_row;

typedef struct coley_sparse_lu {
    size_t n, n_entries;     /* rows; stored values, fill included */
    size_t n_matrix;         /* values of the matrix's own pattern */
    const int32_t *place;    /* [n_matrix] where each value of the pattern goes */
    const int32_t *diagonal; /* [n] where the diagonal of row i (in the matrix's order) is */
    const int32_t *order;    /* [n] row that is eliminated k-th */
    /* Elimination: for pivot k, scale entries scale[scale_start[k]..] by 1/pivot, then run updates. */
    const int32_t *pivot;               /* [n] entry of the k-th pivot */
    const int32_t *scale_start, *scale; /* [n + 1]; entries of L below the pivot */
    const int32_t *update_start;        /* [n + 1] */
    const coley_lu_update *update;
    const coley_lu_row *lower, *upper; /* [n] in order of elimination; upper to be run backwards */
    const int32_t *lower_entry, *lower_column, *upper_entry, *upper_column;
} coley_sparse_lu;

/* Analyse a pattern in compressed rows with the diagonal present. Owned by `arena`; NULL when there is no memory. */
const coley_sparse_lu *coley_sparse_lu_analyse(coley_arena *arena, size_t n, const int32_t *row_start,
                                               const int32_t *column);

/* Run the factorisation in place: a [n_entries x width], with the diagonal replaced by its reciprocal; then solve in
 * place x [n x width]. The best instruction set is picked when the pattern is analysed; all give the same bits. */
typedef struct coley_lu_kernels {
    const char *name;
    void (*factor)(const coley_sparse_lu *lu, size_t width, double *restrict a);
    void (*solve)(const coley_sparse_lu *lu, size_t width, const double *restrict a, double *restrict x);
} coley_lu_kernels;

extern const coley_lu_kernels coley_lu_portable, coley_lu_avx2, coley_lu_avx512;
const coley_lu_kernels *coley_lu_best(void);

#endif
