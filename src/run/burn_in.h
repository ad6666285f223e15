/* SPDX-License-Identifier: GPL-3.0-or-later */
/* burn_in.h -- growth up to the diagnosis: each person runs from the model's start until a quantity reaches a size, and
 * what is there then is kept, as the baseline of as many arms as there are.
 *
 * The moment is that of an event "SYMBOL >= VALUE" (solve/events.h), to the last bits of the solution. An arm starts
 * from a baseline with its own time 0 at the diagnosis; a formula that names time sees it start again. */
#ifndef COLEY_RUN_BURN_IN_H
#define COLEY_RUN_BURN_IN_H

#include "base/progress.h"
#include "run/model_run.h"
#include "solve/integrator.h"

/* A model compiled together with its stop. Owned by the arena; never changes. */
typedef struct coley_burn_in {
    int32_t symbol;
    double value;  /* in the symbol's own unit */
    double within; /* in the model's unit of time: who has not come there by then never does */
    const coley_program *program;
    coley_system system;
    int32_t stop; /* the event */
} coley_burn_in;

typedef enum coley_burn_in_outcome {
    COLEY_BURN_IN_REACHED,
    COLEY_BURN_IN_NEVER, /* not by `within` */
    COLEY_BURN_IN_LOST,  /* the solver could not go on, or an event of the model still waited; `result` says more */
} coley_burn_in_outcome;

/* Where everybody stands at the diagnosis. Owned by the arena. */
typedef struct coley_baselines {
    size_t n, n_states;
    coley_burn_in_outcome *outcome; /* [n] */
    coley_integration *result;      /* [n]; t_day is when */
    double *state;                  /* [n][n_states] */
    size_t n_never, n_lost;
    size_t n_steps; /* of all together, to see that they were taken once */
} coley_baselines;

/* `until` is "SYMBOL=VALUE" or "SYMBOL=VALUE UNIT", as after --set. The model is borrowed and stays as it is. */
COLEY_MUST_CHECK coley_status coley_burn_in_make(coley_arena *arena, const coley_model *model, const char *until,
                                                 double within, coley_burn_in *burn_in, coley_error *err);

/* Run n people with those inputs [n][n_inputs of the model's program]. Who never gets there, or is lost, is an outcome,
 * not an error. `progress` may be NULL. */
COLEY_MUST_CHECK coley_status coley_burn_in_run(coley_arena *arena, const coley_burn_in *burn_in, size_t n,
                                                const double *inputs, const coley_integrator_options *options,
                                                coley_progress *progress, coley_baselines *baselines, coley_error *err);

/* "TumourDiameter has not reached 2 by time 3650": of a person who has no baseline. */
void coley_burn_in_reason(const coley_burn_in *burn_in, const coley_network *network, const coley_baselines *baselines,
                          size_t person, char *text, size_t size);

/* The start of that person's arm, inside coley_cohort.start; time stays as it is. */
void coley_baseline_depart(const coley_baselines *baselines, size_t person, coley_leg *leg);

#endif
