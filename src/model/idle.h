/* SPDX-License-Identifier: GPL-3.0-or-later */
/* idle.h -- a program without those of its states that are 0 and stay 0 whatever the others do: a mechanism whose drug
 * was not given, a virus that nobody has.
 *
 * What is left does the same operations on the same numbers in the same order, less those with a 0 that change nothing
 * (x + 0, 0 x), so its states have the same bits as in the whole program. It uses the work space of the whole one. */
#ifndef COLEY_MODEL_IDLE_H
#define COLEY_MODEL_IDLE_H

#include "model/program.h"
#include "model/tape.h"

/* States first, first + 1, ... end - 1. */
typedef struct coley_span {
    size_t first, end;
} coley_span;

/* What is known of a program's formulas; owned by `arena`, borrows the program. NULL when there is no memory. */
typedef struct coley_idle coley_idle;
coley_idle *coley_idle_create(coley_arena *arena, const coley_program *program);

/* zero[v]: state v is 0. Narrowed to the largest set of states that keep one another at 0, by themselves and for the
 * solver: their derivatives are 0, and so is their part of the Jacobian that reads other states. A formula that may be
 * no number there counts as one that is not 0. */
void coley_idle_narrow(coley_idle *idle, unsigned char *zero);

/* The program of the states that are not idle. Columns hold all states, as in the whole program's functions; those of
 * idle states are neither read nor written. */
typedef struct coley_awake_program {
    const coley_program *whole;
    size_t n, n_spans;
    const int32_t *state;              /* [n] ascending */
    const coley_span *span;            /* the same as runs of neighbours */
    const int32_t *row_start, *column; /* pattern of their Jacobian; columns count among the n */
    coley_tape rhs, jacobian;
    size_t n_literals; /* numbers that the whole program has no column for */
    const double *literal;
} coley_awake_program;

/* Idle states are those that coley_idle_narrow left in `zero`. NULL when there is no memory or no room in the work
 * space. */
const coley_awake_program *coley_awake_make(coley_arena *arena, coley_idle *idle, const unsigned char *zero);

/* dy = f(t, y), or f(t, y) + plus when that is not NULL. */
void coley_awake_rhs(const coley_awake_program *awake, size_t width, const double *t, const double *y, void *work,
                     const double *plus, double *dy);

/* Values of the Jacobian in the order of `column` and, when the program uses time, df/dt. */
void coley_awake_jacobian(const coley_awake_program *awake, size_t width, const double *t, const double *y, void *work,
                          double *jacobian, double *dfdt);

#endif
