/* SPDX-License-Identifier: GPL-3.0-or-later */
/* algebraic.h -- what a network says of a variable without saying it: the value that an algebraic rule gives it, and
 * its speed. Used by the readers of model languages when all else is read. */
#ifndef COLEY_MODEL_ALGEBRAIC_H
#define COLEY_MODEL_ALGEBRAIC_H

#include "model/network.h"

/* 0 = formula at all times. */
typedef struct coley_algebraic {
    const coley_expr *formula;
    coley_place place;
} coley_algebraic;

/* Assignment rules out of the algebraic ones: each that is linear in a variable which nothing else sets is solved for
 * it; the rest is COLEY_ERR_UNSUPPORTED. Rules, reactions and events are in the network. */
COLEY_MUST_CHECK coley_status coley_algebraic_solve(coley_arena *arena, coley_network *network,
                                                    const coley_algebraic *algebraic, size_t n, coley_error *err);

/* d x / d time as formulas see x, as a formula; reactions and rules are in the network. */
COLEY_MUST_CHECK coley_status coley_rate_of(const coley_network *network, int32_t x, const coley_expr **rate,
                                            coley_error *err);

#endif
