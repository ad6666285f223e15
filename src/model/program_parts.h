/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_parts.h -- the inside of a program and of its making: for program.c, program_event.c and idle.c only. */
#ifndef COLEY_MODEL_PROGRAM_PARTS_H
#define COLEY_MODEL_PROGRAM_PARTS_H

#include "model/program.h"
#include "model/tape.h"

typedef coley_tape tape;

struct coley_program {
    const coley_network *network;
    size_t n_states, n_inputs, n_literals, n_constants, n_scratch;
    int32_t *state_symbol, *input_symbol, *state_of, *input_of;
    double *input_default, *literal;
    int32_t *row_start, *column;
    int uses_time;
    const coley_expr **run_value; /* by symbol: its formula at run time */
    const coley_expr **state_leaf;
    const coley_expr **change, **slope; /* formulas of the run: [n_states]; the Jacobian's, then [n_states] df/dt */
    tape initial, rhs, jacobian, triggers, event_values, marks;
    size_t n_events, n_targets, n_marks, n_watched;
    coley_program_event *event;
    int32_t *target;                           /* state that each assignment sets */
    int32_t *watched;                          /* states that triggers look at */
    int watch_inside;                          /* a trigger may change sides at other times than marks */
    int32_t *literal_column, *constant_column; /* by node id, -1; for observers compiled later */
    size_t n_column_ids;
    const coley_tape_kernels *kernels;
    coley_expr_pool *pool;
};

typedef struct compiler {
    coley_arena *arena;
    const coley_network *network;
    coley_expr_pool *pool;
    coley_program *program;
    const coley_expr **start_value; /* by symbol */
    unsigned char *run_mark, *start_mark;
    const coley_expr **written[2]; /* by node id: written out at run time, at the start */
    size_t n_written[2];
    coley_error *err;
} compiler;

typedef struct formulas {
    const coley_expr **start;    /* [n_states] initial amounts */
    const coley_expr **change;   /* [n_states] */
    const coley_expr **jacobian; /* [n_jacobian] then [n_states] df/dt when time is used */
    size_t n_jacobian;
    const coley_expr **trigger; /* [n_events] */
    const coley_expr **value;   /* [2 n_events + 2 n_targets]: delays, priorities, values, sizes */
    const coley_expr **mark;    /* [n_marks] */
} formulas;

/* A formula with every symbol replaced by its own formula over leaves, at the start or at run time. Recursion is as
 * deep as the formula, which the readers bound. NULL: see coley_program_formula_failed. */
const coley_expr *coley_program_written_out(compiler *c, const coley_expr *e, int at_start);

/* Amount of a species, value of anything else. */
const coley_expr *coley_program_value_of(compiler *c, int32_t symbol, int at_start);

/* NULL from a formula means no memory, unless the error already says more. */
coley_status coley_program_formula_failed(compiler *c);

/* The formulas of events; then, from them and from the right-hand side, the marks. */
COLEY_MUST_CHECK coley_status coley_program_write_events(compiler *c, formulas *f);
COLEY_MUST_CHECK coley_status coley_program_write_marks(compiler *c, formulas *f);

/* All results of a tape at (t, y). */
void coley_program_run(const coley_program *p, const tape *made, size_t width, const double *t, const double *y,
                       void *work, double *out);

#endif
