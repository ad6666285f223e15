/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock.h -- the methods, and the rule that chooses the step: shared by the block integrator and its naive twin.
 *
 * A step of h from (t, y) solves s linear systems with one matrix (Hairer and Wanner 1996, Solving Ordinary
 * Differential Equations II, IV.7, in the form without matrix-vector products):
 *
 *     (I/(h gamma) - J) u_i = f(t + alpha_i h, y + sum_j a_ij u_j) + sum_j (c_ij/h) u_j + gamma_i h df/dt,   j < i
 *     y1 = y + sum_j a_sj u_j + u_s,     error estimate sum_j e_j u_j
 *
 * and between t and t + h, with x the fraction of the step,
 *
 *     y(x) = (1-x) y + x (y1 + (1-x) (k_1 + x k_2 [+ x^2 k_3])),   k_m = sum_j d_mj u_j.
 *
 * Where f names time, the estimate can miss what time alone drives: a fast state on a moving balance lands on it at the
 * end of any step, however long, and the estimate is nearly zero while y(x) is wrong in between. There the residual of y(x) a quarter
 * into the step, brought to a state by the step's own matrix, is held to the tolerance, too:
 *
 *     (I/(h gamma) - J) r = f(t + h/4, y(1/4)) - y'(1/4)/h.
 *
 * Half-way would not do: RODAS' y(x) crosses a moving balance there. */
#ifndef COLEY_SOLVE_ROSENBROCK_H
#define COLEY_SOLVE_ROSENBROCK_H

#include "model/idle.h"
#include "solve/integrator.h"

enum { COLEY_STAGES_MAX = 8, COLEY_DENSE_MAX = 3 };

/* Fraction of a step at which the residual is looked at. */
#define COLEY_INSIDE 0.25

typedef struct coley_rosenbrock {
    const char *name;
    int n_stages, order; /* the estimate's order is one less */
    double gamma;
    double alpha[COLEY_STAGES_MAX], gamma_i[COLEY_STAGES_MAX];
    double a[COLEY_STAGES_MAX][COLEY_STAGES_MAX], c[COLEY_STAGES_MAX][COLEY_STAGES_MAX];
    int embedded; /* e names other stages than the last */
    double estimate[COLEY_STAGES_MAX]; /* e */
    int n_dense;
    double dense[COLEY_DENSE_MAX][COLEY_STAGES_MAX];
} coley_rosenbrock;

const coley_rosenbrock *coley_rosenbrock_of(coley_method method);

/* Weights of u_j in y(x) beside (1-x) y + x y1, and in its derivative beside y1 - y. */
void coley_dense_weights(const coley_rosenbrock *method, double x, double *weight, double *slope);

/* What the step rule remembers of one patient. Zero it at the start. */
typedef struct coley_step_memory {
    double h_accepted;   /* last accepted step; 0: none since the last restart */
    double want_accepted; /* error^(-1/order) of that step */
    int rejected;                      /* the step before was */
    int settling;                      /* a dose was added, and no step since was long */
    double h_restart[2];               /* good first step after a bolus and after a change of rate; 0: not known */
} coley_step_memory;

/* Step that follows one of h whose error (RMS, in tolerances) was `error`, a number >= 0; accepted when error <= 1.
 * Predictive control (Gustafsson 1994, ACM TOMS 20:496).
 * Restarting steps (kind 0 bolus, 1 rate, -1 none) leave behind what their first step should have been. */
double coley_step_next(const coley_rosenbrock *method, coley_step_memory *memory, double h, double error,
                       int restart_kind);

/* What the error of a step of h counts for, in a run of that length: 1, but after a dose that was added, until a step is
 * as long as a ten-thousandth of the run, as much less as it is shorter, down to a fifth. Such steps follow what a dose
 * stirs up and what is soon over; errors there die out with it, where those of long steps stay, and the estimate is about
 * ten times the true error. docs/integrator.md has what it was measured on. */
double coley_step_weight(coley_step_memory *memory, double h, double length);

/* First step where nothing is known: d0 and d1 are the RMS norms, in tolerances, of the state and of its derivative. */
double coley_step_first(double d0, double d1);

/* h cut to reach `boundary` exactly or to get there in two equal steps; *reaches is set when t + h is the boundary. */
double coley_step_towards(double t, double h, double boundary, int *reaches);

/* Shortest step worth taking at t in a run of that length. */
double coley_step_least(double t, double length);

/* Whether 0 may stand for x: it lies below it by no more than the tolerance. After a step that could not be computed, f
 * sees such states as 0, and what is no number in its Jacobian counts as 0, until a step needed neither: f of a species
 * that ought not to be negative is often no number there, as x^0.3 is. docs/integrator.md says why. */
int coley_step_floors(double x, double tolerance);

/* What every run asks of its arguments, and every patient of its doses; messages name what to change. */
COLEY_MUST_CHECK coley_status coley_run_check(const coley_system *system, const coley_cohort *cohort,
                                              const coley_integrator_options *options, coley_error *err);
COLEY_MUST_CHECK coley_status coley_doses_check(const coley_system *system, const coley_cohort *cohort, size_t patient,
                                                const coley_dose *dose, size_t n, coley_error *err);

/* Whether a leg lies within the run and starts from numbers; `state` is the first that is none, or -1. */
int coley_leg_is_good(const coley_cohort *cohort, const coley_leg *leg, size_t n, int32_t *state);

COLEY_MUST_CHECK coley_status coley_times_check(const coley_cohort *cohort, size_t patient,
                                                const coley_sample_times *times, coley_error *err);

/* --- steady states, as both integrators look for them */

/* How the search for one stands. Zero it, but for the dose. */
typedef struct coley_steady {
    const coley_dose *dose;
    int stage;           /* 0: nothing is sought; else one of below */
    double t;            /* where the patient's course stands meanwhile */
    double from, to;     /* the stretch at hand */
    size_t n_intervals;  /* that are over */
    double change;       /* over the last, in tolerances */
    double h_restart[2]; /* first steps of every interval from some time on, so that all are the same map */
} coley_steady;

enum { COLEY_STEADY_INTERVAL = 1, COLEY_STEADY_PHASE };

/* The next stretch of the search: an interval, or with COLEY_STEADY_PHASE the rest from the last dose to the patient's
 * time. `length` of the run. */
void coley_steady_stretch(coley_steady *steady, int stage, double length);

/* Inflow of the dosed state from t on, and in `until` the time at which it changes: the stretch's end or before. */
double coley_steady_inflow(const coley_steady *steady, double t, double *until);

/* An interval is over in which the states changed by `change` tolerances at most. 1: this is the steady state; 0: go on;
 * -1: there is none. `left` to go is judged by how much less the change was than that of the interval before. */
int coley_steady_judge(coley_steady *steady, double change);

/* How a run ends when `patient` is the first that failed. */
coley_status coley_run_failed(const coley_system *system, const coley_cohort *cohort, size_t patient,
                              const coley_integration *result, coley_error *err);

/* The kernels of one block: columns of n values by `width` lanes. */
typedef struct coley_rosenbrock_block {
    const coley_rosenbrock *method;
    size_t n, width;
    size_t n_spans; /* of states that are computed; those of all others are left alone, and count as without error */
    const coley_span *span;
    const double *y, *inflow, *dfdt; /* dfdt NULL: the system does not use time */
    int flows;                       /* some lane has an inflow that is not 0 */
    const double *h, *inverse_h;     /* [width] */
    double *u;                       /* [stages x n x width] */
    double *stage;                   /* argument of the stage at hand, the new state in the end */
    double *sum;                     /* right-hand side of the stage at hand, but for f */
    double *estimate;                /* what the stages before the last say of the error */
    const double *atol;              /* [n] */
    double rtol;
    double *inside; /* y'(x)/h inside the step, then r; the system uses time */
} coley_rosenbrock_block;

/* Lane l of the states x as f sees them when it floors, from a step at block->y; true when any became 0. */
int coley_lane_floor(const coley_rosenbrock_block *block, size_t l, double *x);

/* Of n values, `width` apart, those that are no number become 0; true when any did. */
int coley_lane_mend(double *value, size_t n, size_t width);

typedef struct coley_rosenbrock_kernels {
    /* stage = y + sum_j a_ij u_j and sum = inflow + sum_j (c_ij/h) u_j + gamma_i h df/dt of stage i; `stage` of i = 0 is
     * left alone. The last makes `estimate`, too. */
    void (*combine)(const coley_rosenbrock_block *block, int i);
    /* u_i holds f; becomes f + sum. */
    void (*right_side)(const coley_rosenbrock_block *block, int i);
    /* stage += u_s; error[l] = RMS of the estimate in tolerances. */
    void (*close)(const coley_rosenbrock_block *block, double *error);
    /* After `close`: sum = y(x), inside = y'(x)/h at x = COLEY_INSIDE. */
    void (*look_inside)(const coley_rosenbrock_block *block);
    /* inside = f + inflow - inside. */
    void (*residual)(const coley_rosenbrock_block *block, const double *f);
    /* error[l] = the larger of itself and the RMS of `inside` in tolerances. */
    void (*close_inside)(const coley_rosenbrock_block *block, double *error);
    /* After `close`, of all states: to[v][l] = y(x[l]) where take[l] != 0, the new state at x = 1. `weight` is that of u_j
     * at x[l] [stages x width], of coley_dense_weights. */
    void (*dense)(const coley_rosenbrock_block *block, const double *x, const double *weight, const double *take,
                  double *to);
    /* y[v][l] = stage[v][l] where accept[l] != 0. */
    void (*accept)(const coley_rosenbrock_block *block, const double *accept, double *y);
} coley_rosenbrock_kernels;

extern const coley_rosenbrock_kernels coley_rosenbrock_kernels_portable, coley_rosenbrock_kernels_avx2,
    coley_rosenbrock_kernels_avx512;

#endif
