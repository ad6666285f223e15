/* SPDX-License-Identifier: GPL-3.0-or-later */
/* integrator_parts.h -- the inside of a block of lanes: for integrator.c, which takes its steps, and
 * integrator_stand.c, which is about what happens between them. */
#ifndef COLEY_SOLVE_INTEGRATOR_PARTS_H
#define COLEY_SOLVE_INTEGRATOR_PARTS_H

#include "solve/awake.h"
#include "solve/events.h"
#include "solve/native.h"
#include "solve/rosenbrock.h"

enum { RESTART_BOLUS, RESTART_RATE, RESTART_START, RESTART_NONE = -1 };

/* What all blocks share. */
typedef struct run {
    const coley_system *system;
    const coley_cohort *cohort;
    const coley_integrator_options *options;
    const coley_rosenbrock *method;
    const coley_rosenbrock_kernels *kernels;
    coley_awakes *awakes;
    const coley_awake *whole;
    coley_isa isa;
    size_t next_patient; /* the next to be dealt; threads take it atomically */
} run;

/* One patient on the way. */
typedef struct lane {
    int active, finished;
    size_t patient;
    const coley_dose *dose;
    size_t n_doses, next_dose, first_live; /* doses before first_live are over, infusions included */
    coley_sample_times times;
    size_t next_sample;
    int pending; /* a sample waits in this lane's pending column */
    size_t pending_sample;
    double t_end_day;
    int handed_over;     /* `end` was called */
    double boundary_day; /* no step crosses it */
    double h_next;       /* 0: to be chosen from the derivative */
    int restart, reaches;
    int infused;  /* its inflow is not all 0 */
    int jumped;   /* a state, an input or its time jumped where it stands */
    double t_new; /* where the step just taken ends */
    int floors;   /* f sees 0 for what lies below 0 within tolerance: a step was no number */
    int floored;  /* it did in this step */
    int stands;   /* at a boundary or an event */
    coley_step_memory memory;
    coley_steady steady; /* sought where it stands: its column then runs through times before */
    coley_integration result;
} lane;

/* Columns of `width` lanes; all owned by the run's arena. */
typedef struct block {
    run *run;
    size_t width;
    coley_rosenbrock_block step;
    lane *lane;
    unsigned char *mask, *only; /* `only`: all 0 but during a call for one lane */
    unsigned char *goes_on;     /* lanes that do, while they start */
    const coley_native *native; /* or NULL */
    const coley_awake *awake;   /* what has to be computed */
    int stirred;                /* some lane's states have been changed but by steps */
    unsigned char *zero;        /* [n] states that are 0 in all lanes */
    double *t, *t_stage, *h, *inverse_h, *shift, *bad, *error, *accept; /* [width] */
    double *y, *inflow, *dfdt, *atol;
    double *jacobian, *factors;
    double *pending, *pending_t, *observed;
    double *take, *share, *weight; /* of dense output: lanes [width], x [width], of u_j [stages x width] */
    double *inputs, *one_inputs;
    double *leg_state;     /* [n] */
    double *before, *kept; /* of steady states: the interval's start, and what they are added to */
    void *work;
    int has_events; /* events or marks */
    coley_events events;
    double *t_end; /* ends of steps [width]; with events only */
    int floors;    /* some lane's does */
    double *seen;  /* the states, as f sees them then */
    int failed;    /* the first patient, in patient order, that did not reach the end */
    size_t failed_patient;
    coley_integration failed_result;
} block;

/* The samples of the accepted steps, one of each lane at a time, so that one pass of the observers serves all lanes. */
void coley_block_samples(block *b);

/* The patient of lane l is done; the lane is free. */
void coley_block_finish(block *b, size_t l, coley_status status, int32_t state);

/* The lanes of b->mask stand at a boundary or at an event: let happen what is due, take the samples of this time, give
 * doses, and let happen what these set off. The mask is spent. */
void coley_block_stand(block *b);

/* Fill free lanes with patients until none is free or none is left. */
void coley_block_refill(block *b);

#endif
