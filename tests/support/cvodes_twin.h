/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cvodes_twin.h -- one person of a cohort through CVODES (SUNDIALS): BDF, dense Newton, differenced Jacobian, restarted
 * at every dose. The right-hand side is the system's own, of which one lane in eight is used. Events without delays
 * are found by CVODES' own search for roots and happen in the order of the model; marks are stops. */
#ifndef COLEY_TESTS_CVODES_TWIN_H
#define COLEY_TESTS_CVODES_TWIN_H

#include <cvodes/cvodes.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <time.h>

#include "support/solving.h"

typedef struct twin {
    const coley_system *system;
    coley_arena *arena;
    double *t, *y, *f, *inputs, *one, *inflow, *trigger, *value, *mark;
    int *was;
    void *work;
    long steps, rhs_calls;
    double rhs_s, total_s; /* time in the right-hand side and in all */
} twin;

static inline double twin_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline twin twin_create(const coley_system *system)
{
    twin w = {.system = system, .arena = coley_arena_create()};
    w.t = COLEY_NEW(w.arena, double, COLEY_LANES);
    w.y = COLEY_NEW(w.arena, double, system->n *COLEY_LANES);
    w.f = COLEY_NEW(w.arena, double, system->n *COLEY_LANES);
    w.inputs = COLEY_NEW(w.arena, double, system->n_inputs *COLEY_LANES);
    w.one = COLEY_NEW(w.arena, double, system->n_inputs);
    w.inflow = COLEY_NEW(w.arena, double, system->n);
    w.trigger = COLEY_NEW(w.arena, double, system->n_events *COLEY_LANES);
    w.value = COLEY_NEW(w.arena, double, 2 * (system->n_events + system->n_targets) * COLEY_LANES);
    w.mark = COLEY_NEW(w.arena, double, system->n_marks *COLEY_LANES);
    w.was = COLEY_NEW(w.arena, int, system->n_events);
    w.work = coley_arena_alloc(w.arena, system->work_size(system->self, COLEY_LANES));
    return w;
}

static inline int twin_rhs(double t, N_Vector y, N_Vector dy, void *self)
{
    twin *w = self;
    const double start = twin_now();
    const size_t n = w->system->n;
    const double *from = N_VGetArrayPointer(y);
    double *to = N_VGetArrayPointer(dy);
    w->t[0] = t;
    for (size_t v = 0; v < n; v++) w->y[v * COLEY_LANES] = from[v];
    w->system->rhs(w->system->self, COLEY_LANES, w->t, w->y, w->work, w->f);
    for (size_t v = 0; v < n; v++) to[v] = w->f[v * COLEY_LANES] + w->inflow[v];
    w->rhs_calls++;
    w->rhs_s += twin_now() - start;
    return 0;
}

static inline void twin_point(twin *w, double t, const double *y)
{
    w->t[0] = t;
    for (size_t v = 0; v < w->system->n; v++) w->y[v * COLEY_LANES] = y[v];
}

static inline int twin_roots(double t, N_Vector y, double *gap, void *self)
{
    twin *w = self;
    twin_point(w, t, N_VGetArrayPointer(y));
    w->system->triggers(w->system->self, COLEY_LANES, w->t, w->y, w->work, w->trigger);
    for (size_t e = 0; e < w->system->n_events; e++) gap[e] = w->trigger[e * COLEY_LANES] != 0 ? 1 : -1;
    return 0;
}

/* Events whose triggers turn true at (t, y), until none does; true when one happened. */
static inline int twin_events(twin *w, double t, double *y)
{
    const coley_system *system = w->system;
    int any = 0;
    for (int again = system->n_events > 0; again;) {
        again = 0;
        twin_point(w, t, y);
        system->triggers(system->self, COLEY_LANES, w->t, w->y, w->work, w->trigger);
        system->event_values(system->self, COLEY_LANES, w->t, w->y, w->work, w->value);
        for (size_t e = 0; e < system->n_events; e++) {
            const int now = w->trigger[e * COLEY_LANES] != 0;
            for (size_t k = system->event[e].first;
                 now && !w->was[e] && k < system->event[e].first + system->event[e].n; k++) {
                const double size = w->value[(2 * system->n_events + system->n_targets + k) * COLEY_LANES];
                y[system->target[k]] = w->value[(2 * system->n_events + k) * COLEY_LANES] * size;
                any = again = 1;
            }
            w->was[e] = now;
        }
    }
    return any;
}

static inline double twin_next_mark(twin *w, double t, const double *y)
{
    double next = INFINITY;
    if (!w->system->n_marks) return next;
    twin_point(w, t, y);
    w->system->marks(w->system->self, COLEY_LANES, w->t, w->y, w->work, w->mark);
    for (size_t i = 0; i < w->system->n_marks; i++)
        if (w->mark[i * COLEY_LANES] > t) next = fmin(next, w->mark[i * COLEY_LANES]);
    return next;
}

/* The whole course of one patient; samples go to the cohort's own function. False when CVODES gave up. */
static inline int twin_run(twin *w, const coley_cohort *c, size_t patient, double rtol, double atol)
{
    const size_t n = w->system->n;
    const coley_dose *dose = NULL;
    const size_t n_doses = c->doses ? c->doses(c->self, patient, &dose) : 0;
    c->inputs(c->self, patient, w->one);
    for (size_t i = 0; i < w->system->n_inputs * COLEY_LANES; i++) w->inputs[i] = w->one[i / COLEY_LANES];
    w->system->initial(w->system->self, COLEY_LANES, NULL, w->inputs, w->work, w->y);
    w->steps = w->rhs_calls = 0;
    w->rhs_s = 0;
    const double start = twin_now();

    SUNContext context;
    SUNContext_Create(NULL, &context);
    N_Vector y = N_VNew_Serial((sunindextype)n, context);
    double *at = N_VGetArrayPointer(y);
    for (size_t v = 0; v < n; v++) at[v] = w->y[v * COLEY_LANES];
    SUNMatrix matrix = SUNDenseMatrix((sunindextype)n, (sunindextype)n, context);
    SUNLinearSolver solver = SUNLinSol_Dense(y, matrix, context);
    void *cv = CVodeCreate(CV_BDF, context);
    int good = CVodeInit(cv, twin_rhs, c->t_start_day, y) == 0 && CVodeSStolerances(cv, rtol, atol) == 0 &&
               CVodeSetUserData(cv, w) == 0 && CVodeSetLinearSolver(cv, solver, matrix) == 0 &&
               (!w->system->n_events || CVodeRootInit(cv, (int)w->system->n_events, twin_roots) == 0) &&
               CVodeSetMaxNumSteps(cv, 1000000) == 0 && CVodeSetMaxHnilWarns(cv, -1) == 0;

    for (size_t e = 0; e < w->system->n_events; e++) w->was[e] = w->system->event[e].initially_true;
    double t = c->t_start_day;
    size_t next_dose = 0, next_sample = 0;
    const double *sample_day = c->sample_day;
    int first = 1;
    while (good) {
        int changed = first | twin_events(w, t, at);
        for (; next_sample < c->n_samples && sample_day[next_sample] <= t; next_sample++) {
            const coley_sample sample = {
                .patient = patient, .index = next_sample, .t_day = t, .value = at, .stride = 1};
            c->sample(c->self, &sample);
        }
        if (t >= c->t_end_day) break;
        double stop = c->t_end_day;
        first = 0;
        for (; next_dose < n_doses && dose[next_dose].t_day <= t; next_dose++) {
            changed = 1;
            if (!(dose[next_dose].duration_day > 0)) at[dose[next_dose].state] += dose[next_dose].amount;
        }
        memset(w->inflow, 0, n * sizeof *w->inflow);
        for (size_t i = 0; i < next_dose; i++) {
            const double end = dose[i].t_day + dose[i].duration_day;
            changed |= dose[i].duration_day > 0 && end == t;
            if (end <= t) continue;
            w->inflow[dose[i].state] += dose[i].amount / dose[i].duration_day;
            stop = fmin(stop, end);
        }
        if (next_dose < n_doses) stop = fmin(stop, dose[next_dose].t_day);
        changed |= twin_events(w, t, at);
        stop = fmin(stop, twin_next_mark(w, t, at));
        if (changed || w->system->n_marks) {
            long steps = 0;
            CVodeGetNumSteps(cv, &steps);
            w->steps += steps;
            good = CVodeReInit(cv, t, y) == 0;
        }
        CVodeSetStopTime(cv, stop);
        const double to = next_sample < c->n_samples ? fmin(stop, sample_day[next_sample]) : stop;
        good = good && CVode(cv, to, y, &t, CV_NORMAL) >= 0;
        if (t > to - 1e-12 * (1 + fabs(to))) t = to;
    }
    long steps = 0;
    CVodeGetNumSteps(cv, &steps);
    w->steps += steps;
    CVodeFree(&cv);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(y);
    SUNContext_Free(&context);
    w->total_s = twin_now() - start;
    return good;
}

#endif
