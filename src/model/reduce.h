/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reduce.h -- formulas made cheaper before they become tapes: a division takes ten times as long as a multiplication.
 *
 * What divides by something fixed for a patient multiplies by its reciprocal, which is computed once a patient; what
 * several numerators are divided by has its reciprocal taken once. The results differ from the formula as written by
 * one more rounding. */
#ifndef COLEY_MODEL_REDUCE_H
#define COLEY_MODEL_REDUCE_H

#include "model/expr.h"

/* Rewrite n formulas in place. Symbols from `first_moving` on, and time, move; others are fixed. False when there is no
 * memory. */
int coley_reduce(coley_arena *arena, coley_expr_pool *pool, int32_t first_moving, const coley_expr **formula, size_t n);

#endif
