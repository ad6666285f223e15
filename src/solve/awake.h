/* SPDX-License-Identifier: GPL-3.0-or-later */
/* awake.h -- what of a system a block has to compute: all states but those that are 0 in every lane and stay 0 until
 * something is given (model/idle.h). A loaded mechanism that nobody needs costs next to nothing.
 *
 * The states of a block decide, and a lane's bits are the same either way, so that neighbours still change nothing. */
#ifndef COLEY_SOLVE_AWAKE_H
#define COLEY_SOLVE_AWAKE_H

#include "math/sparse_lu.h"
#include "model/idle.h"
#include "solve/system.h"

/* Columns hold all states; what is left out is neither read nor written. */
typedef struct coley_awake {
    const coley_awake_program *program; /* NULL: nothing is left out */
    const coley_sparse_lu *lu;
    size_t n, n_values; /* states; values of their Jacobian */
    size_t n_spans;
    const coley_span *span;
} coley_awake;

/* What was met so far; may serve several runs of a system, one after the other. NULL when there is no memory. */
coley_awakes *coley_awakes_create(const coley_system *system);
void coley_awakes_destroy(coley_awakes *awakes);

/* The whole system; NULL when there is no memory, or the pattern is none. */
COLEY_MUST_CHECK coley_status coley_awake_whole(coley_awakes *awakes, const coley_awake **whole, coley_error *err);

/* The least that leaves all states alone that are not in `zero`; several threads may ask at a time. What is met for the
 * first time is made when it is worth it: the answer may be more than the least. */
const coley_awake *coley_awake_of(coley_awakes *awakes, const unsigned char *zero);

#endif
