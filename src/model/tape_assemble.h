/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape_assemble.h -- formulas written down as a tape. */
#ifndef COLEY_MODEL_TAPE_ASSEMBLE_H
#define COLEY_MODEL_TAPE_ASSEMBLE_H

#include "model/tape.h"

typedef struct coley_tape_making {
    coley_arena *arena;
    coley_expr_pool *pool;
    int32_t *column; /* [nodes of the pool] where a node's value stands already, or -1; filled for those of the tape.
                        The numbers among them have one, and 1 is known. */
    int32_t first_scratch; /* columns from here on are the tape's own */
    int keep;              /* no column is written twice, and no two operations become one */
    size_t n_scratch;      /* filled: columns of its own */
} coley_tape_making;

/* Instructions for everything below n results that has no column yet. False when there is no memory. */
int coley_tape_assemble(coley_tape_making *making, const coley_expr *const *result, size_t n, coley_tape *tape);

#endif
