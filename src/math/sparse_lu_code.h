/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu_code.h -- an elimination plan written down as C, statement by statement: the operations of
 * sparse_lu_kernel.h in the same order, so the same bits, without reading the plan while it runs.
 *
 * The statements name what a model's code names (model/codegen.h): V, A(number), LD and ST of columns, AGAIN a load that really
 * loads; s, the shift;
 * g, the factors. */
#ifndef COLEY_MATH_SPARSE_LU_CODE_H
#define COLEY_MATH_SPARSE_LU_CODE_H

#include "base/text.h"
#include "math/sparse_lu.h"

enum { COLEY_LU_NAME = 48 };

/* Writes what is missing for a value of A, or for the right-hand side of a variable, and gives an expression for it. */
typedef void (*coley_lu_operand)(void *self, size_t i, char name[COLEY_LU_NAME]);

/* Bits of the number below which, relative to where it started, a pivot is lost. */
uint64_t coley_sparse_lu_pivot_lost_bits(void);

/* From shift and values of A: all factors stored, and `V lost`, 1 in lanes that lost a pivot; is_pivot(pivot, start) tells. */
void coley_sparse_lu_write_factor(const coley_sparse_lu *lu, coley_lu_operand value, void *self, coley_text *text);

/* From factors and right-hand sides: the solution of each variable, stored to the columns u. */
void coley_sparse_lu_write_solve(const coley_sparse_lu *lu, coley_lu_operand right_side, void *self, coley_text *text);

#endif
