/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cvodes.c -- see cvodes.h. The system's functions fill columns of COLEY_LANES, all lanes alike. */
#include "solve/cvodes.h"

#include "solve/rosenbrock.h"

#include <math.h>
#include <string.h>

#ifndef COLEY_HAVE_CVODES

int coley_cvodes_is_built(void)
{
    return 0;
}

coley_status coley_integrate_cvodes(coley_arena *arena, const coley_system *system, const coley_cohort *cohort,
                                    const coley_integrator_options *options, coley_error *err)
{
    (void)arena, (void)system, (void)cohort, (void)options;
    return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED,
                      "this build has no CVODES: install libsundials-dev and build again, or use Coley's own solver");
}

int coley_cvodes_has_klu(void)
{
    return 0;
}

coley_status coley_integrate_cvodes_klu(coley_arena *arena, const coley_system *system, const coley_cohort *cohort,
                                        const coley_integrator_options *options, coley_error *err)
{
    (void)arena, (void)system, (void)cohort, (void)options;
    return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED,
                      "this build has no CVODES with KLU: install libsundials-dev and libsuitesparse-dev and build "
                      "again, or use Coley's own solver");
}

#else

#include <cvodes/cvodes.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#ifdef COLEY_HAVE_KLU
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>
#endif

/* One patient at a time; CVODES' objects serve all of them. */
typedef struct course {
    const coley_system *system;
    const coley_cohort *cohort;
    const coley_integrator_options *options;
    size_t n;
    double *t, *y, *f, *jacobian, *dfdt, *inputs, *one, *inflow, *trigger, *value, *mark, *observed, *initial;
    double *before, *kept; /* of steady states */
    int *was;
    void *work;
    SUNContext context;
    N_Vector state, tolerance;
    SUNMatrix matrix;
    SUNLinearSolver solver;
    void *cv;
    int klu; /* a sparse matrix and KLU, not a dense one */
    /* the patient */
    size_t patient;
    const coley_dose *dose;
    size_t n_doses, next_dose, first_live, next_sample;
    coley_sample_times times;
    coley_integration result;
    size_t steps_before; /* of the restarts so far */
    int has_delay;
    int32_t stopped; /* the event that stopped it, or -1 */
    double t_end;
} course;

static void point(course *c, double t, const double *y)
{
    for (size_t l = 0; l < COLEY_LANES; l++) {
        c->t[l] = t;
        for (size_t v = 0; v < c->n; v++) c->y[v * COLEY_LANES + l] = y[v];
    }
}

static int right_side(double t, N_Vector y, N_Vector dy, void *self)
{
    course *c = self;
    double *to = N_VGetArrayPointer(dy);
    point(c, t, N_VGetArrayPointer(y));
    c->system->rhs(c->system->self, COLEY_LANES, c->t, c->y, c->work, c->f);
    for (size_t v = 0; v < c->n; v++) to[v] = c->f[v * COLEY_LANES] + c->inflow[v];
    return 0;
}

static int jacobian(double t, N_Vector y, N_Vector dy, SUNMatrix J, void *self, N_Vector a, N_Vector b, N_Vector d)
{
    course *c = self;
    (void)dy, (void)a, (void)b, (void)d;
    point(c, t, N_VGetArrayPointer(y));
    c->system->jacobian(c->system->self, COLEY_LANES, c->t, c->y, c->work, c->jacobian, c->dfdt);
#ifdef COLEY_HAVE_KLU
    if (c->klu) {
        for (size_t i = 0; i <= c->n; i++) SUNSparseMatrix_IndexPointers(J)[i] = c->system->row_start[i];
        for (int32_t k = 0; k < c->system->row_start[c->n]; k++) {
            SUNSparseMatrix_IndexValues(J)[k] = c->system->column[k];
            SUNSparseMatrix_Data(J)[k] = c->jacobian[(size_t)k * COLEY_LANES];
        }
        return 0;
    }
#endif
    SUNMatZero(J);
    for (size_t i = 0; i < c->n; i++)
        for (int32_t k = c->system->row_start[i]; k < c->system->row_start[i + 1]; k++)
            SM_ELEMENT_D(J, (sunindextype)i, c->system->column[k]) = c->jacobian[(size_t)k * COLEY_LANES];
    return 0;
}

static void triggers(course *c, double t, const double *y)
{
    point(c, t, y);
    c->system->triggers(c->system->self, COLEY_LANES, c->t, c->y, c->work, c->trigger);
}

static int roots(double t, N_Vector y, double *gap, void *self)
{
    course *c = self;
    triggers(c, t, N_VGetArrayPointer(y));
    for (size_t e = 0; e < c->system->n_events; e++) gap[e] = c->trigger[e * COLEY_LANES] != 0 ? 1 : -1;
    return 0;
}

/* Events whose triggers turn true at (t, y), until none does; true when one happened. */
static int let_events_happen(course *c, double t, double *y)
{
    const coley_system *system = c->system;
    int any = 0;
    for (int again = system->n_events > 0, round = 0; again && round < 1000; round++) {
        again = 0;
        triggers(c, t, y);
        system->event_values(system->self, COLEY_LANES, c->t, c->y, c->work, c->value);
        for (size_t e = 0; e < system->n_events; e++) {
            const int now = c->trigger[e * COLEY_LANES] != 0, rose = now && !c->was[e];
            c->was[e] = now;
            if (!rose) continue;
            c->has_delay |= c->value[e * COLEY_LANES] != 0;
            for (size_t i = 0; i < c->cohort->n_stop_events && c->stopped < 0; i++)
                if ((size_t)c->cohort->stop_event[i] == e) c->stopped = (int32_t)e;
            any = again = 1;
            const coley_program_event *event = &system->event[e];
            for (size_t k = event->first; k < event->first + event->n; k++)
                y[system->target[k]] = c->value[(2 * system->n_events + k) * COLEY_LANES] *
                                       c->value[(2 * system->n_events + system->n_targets + k) * COLEY_LANES];
        }
    }
    return any;
}

static double next_mark(course *c, double t, const double *y)
{
    double next = INFINITY;
    if (!c->system->n_marks) return next;
    point(c, t, y);
    c->system->marks(c->system->self, COLEY_LANES, c->t, c->y, c->work, c->mark);
    for (size_t i = 0; i < c->system->n_marks; i++)
        if (c->mark[i * COLEY_LANES] > t) next = fmin(next, c->mark[i * COLEY_LANES]);
    return next;
}

/* Constants from the inputs, and the states of the start into y. */
static void start(course *c, double *y)
{
    for (size_t i = 0; i < c->system->n_inputs * COLEY_LANES; i++) c->inputs[i] = c->one[i / COLEY_LANES];
    c->system->initial(c->system->self, COLEY_LANES, NULL, c->inputs, c->work, c->y);
    for (size_t v = 0; v < c->n; v++) y[v] = c->y[v * COLEY_LANES];
}

static double atol_of(const course *c, size_t v)
{
    return c->options->atol_state ? c->options->atol_state[v] : c->options->atol;
}

/* Start anew at t with the state as it stands; false when CVODES refuses. */
static int restart(course *c, double t, double tighter)
{
    long steps = 0;
    CVodeGetNumSteps(c->cv, &steps);
    c->steps_before += (size_t)steps;
    for (size_t v = 0; v < c->n; v++) NV_Ith_S(c->tolerance, (sunindextype)v) = atol_of(c, v) * tighter;
    return CVodeReInit(c->cv, t, c->state) == 0 &&
           CVodeSVtolerances(c->cv, c->options->rtol * tighter, c->tolerance) == 0 &&
           CVodeSetMaxNumSteps(c->cv, (long)c->options->max_steps) == 0;
}

/* On from *t to `to` at most, and no look beyond `stop`; false when CVODES gives up. */
static int advance(course *c, double *t, double to, double stop)
{
    CVodeSetStopTime(c->cv, stop);
    if (CVode(c->cv, to, c->state, t, CV_NORMAL) < 0) return 0;
    if (*t > to - 1e-12 * (1 + fabs(to))) *t = to;
    return 1;
}

/* --- doses, as in integrator.c */

/* The stretch at hand of a steady state, from its dose on. The map from one interval to the next must be smoother than
 * what it is judged by. */
static int run_steady(course *c, const coley_steady *steady)
{
    double *y = N_VGetArrayPointer(c->state);
    const coley_dose *d = steady->dose;
    if (d->interval_day > 0 && !(d->duration_day > 0)) y[d->state] += d->amount;
    for (double t = steady->from, until; t < steady->to;) {
        memset(c->inflow, 0, c->n * sizeof *c->inflow);
        c->inflow[d->state] = coley_steady_inflow(steady, t, &until);
        const double stop = fmin(until, next_mark(c, t, y));
        if (!restart(c, t, fmax(0.01, 1e-14 / c->options->rtol))) return 0;
        while (t < stop)
            if (!advance(c, &t, stop, stop)) return 0;
    }
    return 1;
}

static int find_steady(course *c, const coley_dose *d, double t)
{
    double *y = N_VGetArrayPointer(c->state);
    const double length = c->cohort->t_end_day - c->cohort->t_start_day;
    coley_steady steady = {.dose = d, .t = t};
    memcpy(c->kept, y, c->n * sizeof *y);
    start(c, y);
    for (int settled = 0; !settled;) {
        coley_steady_stretch(&steady, COLEY_STEADY_INTERVAL, length);
        memcpy(c->before, y, c->n * sizeof *y);
        if (!run_steady(c, &steady)) return 0;
        double most = 0;
        for (size_t v = 0; v < c->n; v++) {
            const double change = fabs(y[v] - c->before[v]) / (atol_of(c, v) + c->options->rtol * fabs(y[v]));
            if (change > most) most = change, c->result.state = (int32_t)v;
        }
        settled = coley_steady_judge(&steady, most);
        if (settled < 0) {
            c->result.unsteady = 1;
            return 0;
        }
    }
    c->result.state = -1;
    if (d->phase_day > 0) {
        coley_steady_stretch(&steady, COLEY_STEADY_PHASE, length);
        if (!run_steady(c, &steady)) return 0;
    }
    if (d->kind != COLEY_DOSE_STEADY_ADDED) return 1;
    start(c, c->initial);
    for (size_t v = 0; v < c->n; v++) y[v] = c->kept[v] + (y[v] == c->initial[v] ? 0 : y[v]);
    return 1;
}

static int give_dose(course *c, const coley_dose *d, double t)
{
    double *y = N_VGetArrayPointer(c->state);
    switch (d->kind) {
    case COLEY_DOSE_ADD:
        if (!(d->duration_day > 0)) y[d->state] += d->amount;
        break;
    case COLEY_DOSE_REPLACE:
        y[d->state] = d->amount;
        break;
    case COLEY_DOSE_INPUT:
        c->one[d->state] = d->amount;
        start(c, c->initial);
        break;
    case COLEY_DOSE_RESET:
    case COLEY_DOSE_STEADY:
        c->first_live = c->next_dose + 1;
        for (size_t e = 0; e < c->system->n_events; e++) c->was[e] = c->system->event[e].initially_true != 0;
        start(c, y);
        return d->kind == COLEY_DOSE_RESET || find_steady(c, d, t);
    case COLEY_DOSE_STEADY_ADDED:
        return find_steady(c, d, t);
    }
    return 1;
}

static void give_samples(course *c, double t)
{
    for (; c->next_sample < c->times.n && c->times.day[c->next_sample] <= t; c->next_sample++) {
        if (c->times.after && c->times.after[c->next_sample] > c->next_dose) return;
        coley_sample sample = {.patient = c->patient,
                               .index = c->next_sample,
                               .t_day = t,
                               .value = N_VGetArrayPointer(c->state),
                               .stride = 1};
        if (c->system->n_observed) {
            point(c, t, sample.value);
            c->system->observe(c->system->observer, COLEY_LANES, c->t, c->y, c->work, c->observed);
            sample.value = c->observed;
            sample.stride = COLEY_LANES;
        }
        c->cohort->sample(c->cohort->self, &sample);
    }
}

/* Doses due at t; *stop is when an infusion ends or the next is due. False when a steady state is not found. */
static int arrive(course *c, double t, int *changed, double *stop)
{
    for (; c->next_dose < c->n_doses && c->dose[c->next_dose].t_day <= t; c->next_dose++) {
        if (c->times.after) give_samples(c, t);
        if (!give_dose(c, c->dose + c->next_dose, t)) return 0;
        *changed = 1;
    }
    if (c->times.after) give_samples(c, t);
    *stop = c->t_end;
    if (c->next_dose < c->n_doses) *stop = fmin(*stop, c->dose[c->next_dose].t_day);
    memset(c->inflow, 0, c->n * sizeof *c->inflow);
    for (size_t i = c->first_live; i < c->next_dose; i++) {
        const coley_dose *d = c->dose + i;
        const double end = d->t_day + d->duration_day;
        if (d->kind != COLEY_DOSE_ADD) continue;
        *changed |= d->duration_day > 0 && end == t;
        if (end <= t) continue;
        c->inflow[d->state] += d->amount / d->duration_day;
        *stop = fmin(*stop, end);
    }
    return 1;
}

/* The caller's start of the patient; false when it is none. */
static int depart(course *c, double *y, double *t)
{
    const coley_cohort *cohort = c->cohort;
    if (!cohort->start) return 1;
    coley_leg leg = {.t_start_day = *t, .t_end_day = c->t_end, .state = y};
    cohort->start(cohort->self, c->patient, &leg);
    *t = c->result.t_day = leg.t_start_day;
    c->t_end = leg.t_end_day;
    if (!coley_leg_is_good(cohort, &leg, c->n, &c->result.state)) return 0;
    for (; c->next_dose < c->n_doses && c->dose[c->next_dose].t_day < *t; c->next_dose++) {
        const coley_dose *d = c->dose + c->next_dose;
        if (d->kind == COLEY_DOSE_INPUT) c->one[d->state] = d->amount;
        if (d->kind == COLEY_DOSE_RESET || d->kind == COLEY_DOSE_STEADY) c->first_live = c->next_dose + 1;
    }
    start(c, c->initial);
    while (c->next_sample < c->times.n && c->times.day[c->next_sample] < *t) c->next_sample++;
    if (c->system->n_events && leg.goes_on) triggers(c, *t, y);
    for (size_t e = 0; e < c->system->n_events && leg.goes_on; e++) c->was[e] = c->trigger[e * COLEY_LANES] != 0;
    return 1;
}

/* True when the leg is over where it stands: an event stopped it or, with `reached`, it is at the end. */
static int is_over(course *c, double t, const double *y, int reached)
{
    if (c->has_delay || (c->stopped < 0 && !reached)) return 0;
    if (c->cohort->end) c->cohort->end(c->cohort->self, c->patient, t, y, 1);
    c->result.stopped = c->stopped >= 0;
    if (c->stopped >= 0) c->result.event = c->stopped;
    return 1;
}

/* The whole course of the patient; COLEY_OK when it reached the end, COLEY_ERR_ARG when it has no start. */
static coley_status run_patient(course *c)
{
    double *y = N_VGetArrayPointer(c->state), t = c->cohort->t_start_day, stop;
    start(c, y);
    for (size_t e = 0; e < c->system->n_events; e++) c->was[e] = c->system->event[e].initially_true != 0;
    if (!depart(c, y, &t)) return COLEY_ERR_ARG;
    for (int first = 1;; first = 0) {
        int changed = first | let_events_happen(c, t, y);
        c->result.t_day = t;
        give_samples(c, t);
        const int over = is_over(c, t, y, t >= c->t_end);
        if (over && c->stopped >= 0) return COLEY_OK;
        if (!arrive(c, t, &changed, &stop)) return COLEY_ERR_DIVERGED;
        if (t >= c->t_end) return over ? COLEY_OK : COLEY_ERR_DIVERGED;
        changed |= let_events_happen(c, t, y);
        if (is_over(c, t, y, 0)) return COLEY_OK;
        stop = fmin(stop, next_mark(c, t, y));
        if ((changed || c->system->n_marks) && !restart(c, t, 1)) return COLEY_ERR_DIVERGED;
        const double sample = c->next_sample < c->times.n ? c->times.day[c->next_sample] : stop;
        if (c->has_delay || !advance(c, &t, sample > t ? fmin(stop, sample) : stop, stop)) return COLEY_ERR_DIVERGED;
    }
}

static void begin_patient(course *c, size_t patient)
{
    const coley_cohort *cohort = c->cohort;
    c->patient = patient;
    c->dose = NULL;
    c->n_doses = cohort->doses ? cohort->doses(cohort->self, patient, &c->dose) : 0;
    c->next_dose = c->first_live = c->next_sample = c->steps_before = 0;
    c->has_delay = 0;
    c->stopped = -1;
    c->t_end = cohort->t_end_day;
    c->times = (coley_sample_times){.n = cohort->n_samples, .day = cohort->sample_day};
    if (cohort->samples) cohort->samples(cohort->self, patient, &c->times);
    c->result = (coley_integration){.t_day = cohort->t_start_day, .state = -1, .event = -1};
    cohort->inputs(cohort->self, patient, c->one);
    (void)CVodeReInit(c->cv, cohort->t_start_day, c->state); /* its count of steps is 0 */
}

static coley_status patient_status(course *c)
{
    if (coley_doses_check(c->system, c->cohort, c->patient, c->dose, c->n_doses, NULL) != COLEY_OK ||
        (c->cohort->samples && coley_times_check(c->cohort, c->patient, &c->times, NULL) != COLEY_OK))
        return COLEY_ERR_ARG;
    const coley_status status = run_patient(c);
    long steps = 0;
    CVodeGetNumSteps(c->cv, &steps);
    c->result.n_steps = c->steps_before + (size_t)steps;
    if (status == COLEY_ERR_DIVERGED && !c->has_delay && c->result.state < 0) c->result.state = 0;
    return status == COLEY_ERR_DIVERGED && c->has_delay ? COLEY_ERR_UNSUPPORTED : status;
}

static int take_memory(course *c, coley_arena *arena)
{
    const coley_system *s = c->system;
    const size_t n = c->n, w = COLEY_LANES;
    const struct {
        double **column;
        size_t n;
    } need[] = {{&c->t, w},
                {&c->y, n * w},
                {&c->f, n * w},
                {&c->jacobian, (size_t)s->row_start[n] * w},
                {&c->dfdt, n * w},
                {&c->inputs, s->n_inputs * w},
                {&c->one, s->n_inputs},
                {&c->inflow, n},
                {&c->trigger, s->n_events * w},
                {&c->value, 2 * (s->n_events + s->n_targets) * w},
                {&c->mark, s->n_marks * w},
                {&c->observed, s->n_observed * w},
                {&c->initial, n},
                {&c->before, n},
                {&c->kept, n}};
    for (size_t i = 0; i < sizeof need / sizeof *need; i++)
        if (!(*need[i].column = COLEY_NEW(arena, double, need[i].n))) return 0;
    c->was = COLEY_NEW(arena, int, s->n_events);
    c->work = coley_arena_alloc(arena, s->work_size ? s->work_size(s->self, w) : 0);
    return c->was && c->work;
}

/* The matrix and what solves it; false without memory. */
static int make_linear(course *c, sunindextype n)
{
#ifdef COLEY_HAVE_KLU
    if (c->klu) {
        const sunindextype entries = c->system->row_start[c->n];
        c->matrix = SUNSparseMatrix(n, n, entries > 0 ? entries : 1, CSR_MAT, c->context);
        c->solver = c->matrix ? SUNLinSol_KLU(c->state, c->matrix, c->context) : NULL;
        return c->solver != NULL;
    }
#endif
    c->matrix = SUNDenseMatrix(n, n, c->context);
    c->solver = c->matrix ? SUNLinSol_Dense(c->state, c->matrix, c->context) : NULL;
    return c->solver != NULL;
}

static int make_solver(course *c)
{
    const sunindextype n = (sunindextype)c->n;
    if (SUNContext_Create(NULL, &c->context) != 0) return 0;
    c->state = N_VNew_Serial(n, c->context);
    c->tolerance = N_VNew_Serial(n, c->context);
    if (!c->state || !c->tolerance || !make_linear(c, n)) return 0;
    c->cv = CVodeCreate(CV_BDF, c->context);
    if (!c->cv) return 0;
    N_VConst(0, c->state);
    const double h_max = c->options->h_max_day;
    return CVodeInit(c->cv, right_side, c->cohort->t_start_day, c->state) == 0 && restart(c, 0, 1) &&
           CVodeSetUserData(c->cv, c) == 0 && CVodeSetLinearSolver(c->cv, c->solver, c->matrix) == 0 &&
           CVodeSetJacFn(c->cv, jacobian) == 0 && CVodeSetErrFile(c->cv, NULL) == 0 &&
           CVodeSetMaxStep(c->cv, h_max) == 0 && CVodeSetMaxHnilWarns(c->cv, -1) == 0 &&
           (!c->system->n_events ||
            (CVodeRootInit(c->cv, (int)c->system->n_events, roots) == 0 && CVodeSetNoInactiveRootWarn(c->cv) == 0));
}

static void free_solver(course *c)
{
    if (c->cv) CVodeFree(&c->cv);
    if (c->solver) SUNLinSolFree(c->solver);
    if (c->matrix) SUNMatDestroy(c->matrix);
    if (c->tolerance) N_VDestroy(c->tolerance);
    if (c->state) N_VDestroy(c->state);
    if (c->context) SUNContext_Free(&c->context);
}

int coley_cvodes_is_built(void)
{
    return 1;
}

static coley_status integrate(coley_arena *arena, const coley_system *system, const coley_cohort *cohort,
                              const coley_integrator_options *options, int klu, coley_error *err)
{
    COLEY_TRY(coley_run_check(system, cohort, options, err));
    course c = {.system = system, .cohort = cohort, .options = options, .n = system->n, .klu = klu};
    if (!take_memory(&c, arena)) return COLEY_FAIL_MEMORY(err);
    if (!make_solver(&c)) {
        free_solver(&c);
        return COLEY_FAIL(err, COLEY_ERR_MEMORY, "CVODES could not be set up for %zu states", system->n);
    }
    coley_status status = COLEY_OK;
    for (size_t patient = 0; patient < cohort->n; patient++) {
        begin_patient(&c, patient);
        c.result.status = patient_status(&c);
        if (cohort->finish) cohort->finish(cohort->self, patient, &c.result);
        if (status != COLEY_OK || c.result.status == COLEY_OK) continue;
        status = c.has_delay ? COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED,
                                          "patient %zu: an event has a delay, which is not done with CVODES; use "
                                          "Coley's own solver",
                                          patient)
                             : coley_run_failed(system, cohort, patient, &c.result, err);
    }
    free_solver(&c);
    return status;
}

coley_status coley_integrate_cvodes(coley_arena *arena, const coley_system *system, const coley_cohort *cohort,
                                    const coley_integrator_options *options, coley_error *err)
{
    return integrate(arena, system, cohort, options, 0, err);
}

int coley_cvodes_has_klu(void)
{
#ifdef COLEY_HAVE_KLU
    return 1;
#else
    return 0;
#endif
}

coley_status coley_integrate_cvodes_klu(coley_arena *arena, const coley_system *system, const coley_cohort *cohort,
                                        const coley_integrator_options *options, coley_error *err)
{
    if (!coley_cvodes_has_klu())
        return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED,
                          "this build's CVODES has no KLU: install libsuitesparse-dev and build again, or use the "
                          "dense one, or Coley's own solver");
    return integrate(arena, system, cohort, options, 1, err);
}

#endif
