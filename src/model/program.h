/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program.h -- a network compiled to a flat vector program that runs for a whole block of patients at once.
 *
 * Columns: value v of lane l stands at [v * width + l]; width is a multiple of COLEY_LANES and columns are aligned to
 * 64 bytes. Every lane is computed by the same operations in the same order whatever its neighbours hold, so a
 * patient's bits do not depend on the block it is in, nor on the instruction set (no contraction; exp, log and pow
 * are deterministic ones).
 *
 * States are the species and rate-rule symbols that change; a species' state is its amount. Inputs are the symbols with
 * a number of their own that no rule or reaction changes, and the initial values of states (input "X" for state X
 * with a plain initial number). A caller overrides inputs lane by lane; what follows from them (initial assignments,
 * constant subexpressions) is recomputed by coley_program_initial. */
#ifndef COLEY_MODEL_PROGRAM_H
#define COLEY_MODEL_PROGRAM_H

#include "model/network.h"

enum { COLEY_LANES = 8 };

typedef struct coley_program coley_program;

/* Compile; the program is owned by `arena` and keeps a borrowed pointer to the network. */
COLEY_MUST_CHECK coley_status coley_program_compile(coley_arena *arena, const coley_network *network,
                                                    const coley_program **program, coley_error *err);

size_t coley_program_state_count(const coley_program *program);
size_t coley_program_input_count(const coley_program *program);
size_t coley_program_symbol_count(const coley_program *program);

/* Symbol of state i or of input i; state or input that belongs to a symbol, or -1. */
int32_t coley_program_state_symbol(const coley_program *program, size_t state);
int32_t coley_program_input_symbol(const coley_program *program, size_t input);
int32_t coley_program_state_of(const coley_program *program, int32_t symbol);
int32_t coley_program_input_of(const coley_program *program, int32_t symbol);

/* Default value of every input, as the model file gives it. */
const double *coley_program_input_default(const coley_program *program);

/* Jacobian pattern: compressed rows, row_start[n_states + 1], column[row_start[n_states]] ascending within a row, the
 * diagonal always present. */
size_t coley_program_jacobian_count(const coley_program *program);
const int32_t *coley_program_jacobian_row_start(const coley_program *program);
const int32_t *coley_program_jacobian_column(const coley_program *program);

/* True when the right-hand side names time itself. */
int coley_program_uses_time(const coley_program *program);

/* Bytes of work space for one block of that width: kept by the caller between calls, since the constants of the lanes
 * that coley_program_initial computes live there. */
size_t coley_program_work_size(const coley_program *program, size_t width);

/* From inputs [n_inputs x width]: the lanes' constants into `work`, the initial states into y. Only lanes with
 * mask[lane] != 0 are written (mask may be NULL for all). */
void coley_program_initial(const coley_program *program, size_t width, const unsigned char *mask, const double *inputs,
                           void *work, double *y);

/* dy = f(t, y). t [width], y and dy [n_states x width]. */
void coley_program_rhs(const coley_program *program, size_t width, const double *t, const double *y, void *work,
                       double *dy);

/* dy = f(t, y) + plus, all [n_states x width]. */
void coley_program_rhs_plus(const coley_program *program, size_t width, const double *t, const double *y, void *work,
                            const double *plus, double *dy);

/* Values of the Jacobian df/dy [n_jacobian x width] and, when the program uses time, df/dt [n_states x width]. */
void coley_program_jacobian(const coley_program *program, size_t width, const double *t, const double *y, void *work,
                            double *jacobian, double *dfdt);

/* --- events: what an event sets is a state, too, whose derivative is 0 unless something else changes it. */

typedef struct coley_program_event {
    const char *id;
    int persistent;        /* waits on when its trigger turns false again */
    int initially_true;    /* the trigger counts as true before the start: it does not fire there */
    int values_at_trigger; /* sets what its formulas gave when it was triggered, not when it happens */
    int has_priority;
    size_t first, n; /* its assignments: first .. first + n - 1 of the program's */
} coley_program_event;

size_t coley_program_event_count(const coley_program *program);
const coley_program_event *coley_program_events(const coley_program *program);
size_t coley_program_target_count(const coley_program *program);
const int32_t *coley_program_targets(const coley_program *program); /* state that each assignment sets */

/* Triggers [n_events x width], true when not 0, at (t, y). */
void coley_program_triggers(const coley_program *program, size_t width, const double *t, const double *y, void *work,
                            double *trigger);

/* Delays and priorities [n_events x width each]; then, of all targets, the values [n_targets x width] and what they are
 * multiplied by when the event happens: the size of the compartment for a concentration, else 1 [n_targets x width].
 * An event that sets a concentration and its compartment takes the size from before. */
void coley_program_event_values(const coley_program *program, size_t width, const double *t, const double *y,
                                void *work, double *value);

/* States that triggers look at, ascending. `inside` is 0 when every comparison in a trigger is a mark (below), so that
 * triggers change at marks and events alone. */
size_t coley_program_watched(const coley_program *program, const int32_t **state, int *inside);

/* Marks [n_marks x width]: moments at which a comparison in the right-hand side or in a trigger changes sides, as
 * time >= t_on does. They follow from (t, y) and hold until an event or a dose changes a state. */
size_t coley_program_mark_count(const coley_program *program);
void coley_program_marks(const coley_program *program, size_t width, const double *t, const double *y, void *work,
                         double *mark);

/* Values [n x width] of any n symbols at (t, y): states (species as concentration or amount as in formulas), rules,
 * parameters, compartments. An observer is compiled once for a list of symbols, owned by `arena`. */
typedef struct coley_observer coley_observer;
COLEY_MUST_CHECK coley_status coley_observer_compile(coley_arena *arena, const coley_program *program,
                                                     const int32_t *symbols, size_t n, const coley_observer **observer,
                                                     coley_error *err);
void coley_observe(const coley_observer *observer, size_t width, const double *t, const double *y, void *work,
                   double *values);

#endif
