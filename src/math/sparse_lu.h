/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu.h -- one sparse pattern, many matrices: LU of (shift I - A) for a whole block of lanes at once.
 *
 * The pattern is analysed once: pivots are taken from the diagonal in the order of least fill (Markowitz 1957, Manage.
 * Sci. 3:255), and the elimination is written down as a flat list of sums of products. Carrying it out is then the same
 * straight run of operations in every lane, without pivoting or branches. Columns: value v of lane l at
 * [v * width + l], width a multiple of 8, columns aligned to 64 bytes.
 *
 * Without pivoting a lane may meet a pivot that has cancelled away, or one that is not a number: that lane is flagged,
 * its neighbours do not notice. A solver answers with a shorter step, which makes the shift dominate. */
#ifndef COLEY_MATH_SPARSE_LU_H
#define COLEY_MATH_SPARSE_LU_H

#include "base/alloc.h"
#include "base/status.h"
#include "math/isa.h"

#include <stdint.h>

typedef struct coley_sparse_lu coley_sparse_lu;

/* Analyse an n x n pattern in compressed rows (row_start[n + 1], columns ascending, the diagonal present). The result
 * is owned by `arena` and borrows nothing. ERR_ARG for a pattern without its diagonal or out of order. */
COLEY_MUST_CHECK coley_status coley_sparse_lu_analyse(coley_arena *arena, size_t n, const int32_t *row_start,
                                                      const int32_t *column, const coley_sparse_lu **lu,
                                                      coley_error *err);

/* The same for the part of a matrix that is left when some variables are left out: n of `whole`'s, in `variable`, ascending,
 * with a pattern among themselves. Pivots keep the order of the whole, so where what is left out would have been 0 the
 * results are the same bits. The solution stands where the whole's does; values of what is left out are not touched. */
COLEY_MUST_CHECK coley_status coley_sparse_lu_analyse_part(coley_arena *arena, const coley_sparse_lu *whole, size_t n,
                                                           const int32_t *variable, const int32_t *row_start,
                                                           const int32_t *column, const coley_sparse_lu **lu,
                                                           coley_error *err);

size_t coley_sparse_lu_size(const coley_sparse_lu *lu);        /* n */
size_t coley_sparse_lu_count(const coley_sparse_lu *lu);       /* values of L + U, with fill */
size_t coley_sparse_lu_factor_work(const coley_sparse_lu *lu); /* multiply-subtracts of one factorisation */

/* The k-th pivot's row and column. */
int32_t coley_sparse_lu_pivot(const coley_sparse_lu *lu, size_t k);

/* Factor shift[l] I - A: `values` is A [row_start[n] x width] in the order of the pattern, `factors`
 * [count x width]. bad[l] becomes 1 where a pivot is lost, else 0. */
void coley_sparse_lu_factor(const coley_sparse_lu *lu, coley_isa isa, size_t width, const double *shift,
                            const double *values, double *factors, double *bad);

/* Solve in place: x [n x width] holds the right-hand side, then the solution. */
void coley_sparse_lu_solve(const coley_sparse_lu *lu, coley_isa isa, size_t width, const double *factors, double *x);

#endif
