/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diff.h -- symbolic derivatives of formulas with respect to one leaf. */
#ifndef COLEY_MODEL_DIFF_H
#define COLEY_MODEL_DIFF_H

#include "model/expr.h"

/* Derivatives with respect to one leaf (a symbol, or time), remembered node by node so that shared parts are derived
 * once. Start from a zeroed struct with pool and arena; coley_diff_start begins a new leaf. */
typedef struct coley_diff {
    coley_expr_pool *pool;
    coley_arena *arena;
    const coley_expr *leaf, *zero;
    size_t cap, cap_stamp;
    const coley_expr **known; /* by node id */
    uint32_t *stamp;          /* by node id: known in this round */
    uint32_t round;
    size_t cap_kind;
    unsigned char *kind; /* by node id: what may make it overflow, kept from leaf to leaf */
} coley_diff;

void coley_diff_start(coley_diff *diff, const coley_expr *leaf);

/* d expr / d leaf; NULL when there is no memory. Powers with a real exponent are taken as 0 at x = 0 where the formula
 * x^(n-1) has no value; min, max, abs and choices are derived piece by piece; floor, ceil and conditions are flat.
 * A quotient whose denominator holds an exponential or a power of a quotient is flat where that has grown past all
 * measure: 1 / (1 + exp(x)) has a slope of 0 there, not 0 times infinity. */
const coley_expr *coley_diff_of(coley_diff *diff, const coley_expr *expr);

#endif
