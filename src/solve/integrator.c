/* SPDX-License-Identifier: GPL-3.0-or-later */
/* integrator.c -- patients dealt to the lanes of blocks, each lane with a clock of its own.
 *
 * All lanes of a block take a step together, each of its own length; then every lane decides for itself whether the
 * step stands, whether samples fall into it, and whether it ends at a boundary (a dose, the end of an infusion, the end
 * of the run). Sums over columns are the kernels' business; here is what happens once a step and lane. Nothing that a
 * lane computes looks at another lane, which is why neither neighbours nor width nor threads can change a result. */
#include "solve/integrator.h"

#include "math/sparse_lu.h"
#include "solve/awake.h"
#include "solve/events.h"
#include "solve/native.h"
#include "solve/rosenbrock.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

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

/* Hand over every waiting sample of the block: one pass of the observers serves them all. */
static void samples_flush(block *b)
{
    const coley_system *system = b->run->system;
    const coley_cohort *cohort = b->run->cohort;
    const double *value = b->pending;
    if (system->n_observed) {
        system->observe(system->observer, b->width, b->pending_t, b->pending, b->work, b->observed);
        value = b->observed;
    }
    for (size_t l = 0; l < b->width; l++) {
        if (!b->lane[l].pending) continue;
        b->lane[l].pending = 0;
        const coley_sample sample = {.patient = b->lane[l].patient,
                                     .index = b->lane[l].pending_sample,
                                     .t_day = b->pending_t[l],
                                     .value = value + l,
                                     .stride = b->width};
        cohort->sample(cohort->self, &sample);
    }
}

/* Whether the next sample of a lane lies at or before t_to, which itself does not count with `before`. */
static int sample_is_due(const lane *p, double t_to, int before)
{
    if (p->steady.stage || p->next_sample >= p->times.n) return 0;
    const double t = p->times.day[p->next_sample];
    if (t > t_to || (before && t == t_to)) return 0;
    return !p->times.after || p->times.after[p->next_sample] <= p->next_dose;
}

/* The next sample of lane l stands in its pending column, where it waits until this lane or a finishing one needs it. */
static void sample_wait(block *b, size_t l)
{
    lane *p = b->lane + l;
    b->pending_t[l] = p->times.day[p->next_sample];
    p->pending = 1;
    p->pending_sample = p->next_sample++;
}

static void column_copy(const block *b, size_t l, const double *from, double *to)
{
    for (size_t k = l; k < b->step.n * b->width; k += b->width) to[k] = from[k];
}

/* The samples of lane l up to where it stands, from the state as it is. */
static void samples_take(block *b, size_t l)
{
    while (sample_is_due(b->lane + l, b->t[l], 0)) {
        if (b->lane[l].pending) samples_flush(b);
        column_copy(b, l, b->y, b->pending);
        sample_wait(b, l);
    }
}

/* The samples of the accepted steps, one of each lane at a time, so that one pass of the observers serves all lanes. */
static void samples_take_all(block *b)
{
    const coley_rosenbrock *method = b->run->method;
    for (;;) {
        int any = 0, full = 0;
        for (size_t l = 0; l < b->width; l++) {
            const lane *p = b->lane + l;
            b->take[l] = b->accept[l] != 0 && sample_is_due(p, p->t_new, b->has_events && p->stands);
            any |= b->take[l] != 0;
            full |= b->take[l] != 0 && p->pending;
        }
        if (!any) return;
        if (full) samples_flush(b);
        for (size_t l = 0; l < b->width; l++) {
            const lane *p = b->lane + l;
            if (b->take[l] == 0) continue;
            const double t = p->times.day[p->next_sample];
            double weight[COLEY_STAGES_MAX], slope[COLEY_STAGES_MAX];
            b->share[l] = t < p->t_new ? (t - b->t[l]) / b->h[l] : 1;
            coley_dense_weights(method, b->share[l], weight, slope);
            for (int j = 0; j < method->n_stages; j++) b->weight[(size_t)j * b->width + l] = weight[j];
        }
        b->run->kernels->dense(&b->step, b->share, b->weight, b->take, b->pending);
        for (size_t l = 0; l < b->width; l++)
            if (b->take[l] != 0) sample_wait(b, l);
    }
}

/* Lane l is where its leg ends. False when an event still waits for its delay. */
static int lane_hand_over(block *b, size_t l)
{
    const coley_cohort *cohort = b->run->cohort;
    lane *p = b->lane + l;
    if (!cohort->end || p->handed_over) return 1;
    if (b->has_events && b->events.lane[l].n_waiting) {
        p->result.fault = COLEY_EVENT_LEFT;
        p->result.event = (int32_t)b->events.lane[l].waiting[0].event;
        return 0;
    }
    p->handed_over = 1;
    cohort->end(cohort->self, p->patient, b->t[l], b->y + l, b->width);
    return 1;
}

/* The patient of lane l is done; the lane is free. */
static void lane_finish(block *b, size_t l, coley_status status, int32_t state)
{
    lane *p = b->lane + l;
    if (p->pending) samples_flush(b);
    p->result.status = status;
    p->result.t_day = p->steady.stage ? p->steady.t : b->t[l];
    p->result.state = state;
    p->active = 0;
    if (status != COLEY_OK && (!b->failed || p->patient < b->failed_patient)) {
        b->failed = 1;
        b->failed_patient = p->patient;
        b->failed_result = p->result;
    }
    if (b->run->cohort->finish) b->run->cohort->finish(b->run->cohort->self, p->patient, &p->result);
}

/* The states of lane l as at the start, with its inputs of now, into column y, and its constants into the work space.
 */
static void lane_initial(block *b, size_t l, double *y)
{
    const coley_system *system = b->run->system;
    if (b->lane[l].pending) samples_flush(b); /* it is observed with the constants of before */
    b->only[l] = 1;
    system->initial(system->self, b->width, b->only, b->inputs, b->work, y);
    b->only[l] = 0;
}

static void inflow_clear(block *b, size_t l)
{
    b->lane[l].infused = 0;
    for (size_t v = 0; v < b->step.n; v++) b->inflow[v * b->width + l] = 0;
}

static void lane_restart(lane *p, int kind)
{
    p->memory.h_accepted = 0;
    p->memory.rejected = 0;
    p->restart = kind;
    p->h_next = p->memory.h_restart[kind];
}

/* The inflow of lane l while it seeks a steady state, up to the time at which it changes. */
static void steady_flow(block *b, size_t l)
{
    lane *p = b->lane + l;
    const double inflow = coley_steady_inflow(&p->steady, b->t[l], &p->boundary_day);
    inflow_clear(b, l);
    b->inflow[(size_t)p->steady.dose->state * b->width + l] = inflow;
    p->infused = inflow != 0;
}

/* Lane l begins the next stretch of its search, with a dose. */
static void steady_stretch(block *b, size_t l, int stage)
{
    enum { SAME_STEPS = 12 }; /* intervals after which all begin with the same step, as one map that converges */
    lane *p = b->lane + l;
    const coley_cohort *cohort = b->run->cohort;
    const coley_dose *d = p->steady.dose;
    const int bolus = d->interval_day > 0 && !(d->duration_day > 0);
    coley_steady_stretch(&p->steady, stage, cohort->t_end_day - cohort->t_start_day);
    if (p->steady.n_intervals == SAME_STEPS)
        memcpy(p->steady.h_restart, p->memory.h_restart, sizeof p->steady.h_restart);
    if (p->steady.n_intervals > SAME_STEPS)
        memcpy(p->memory.h_restart, p->steady.h_restart, sizeof p->steady.h_restart);
    b->t[l] = p->steady.from;
    column_copy(b, l, b->y, b->before);
    if (bolus) b->y[(size_t)d->state * b->width + l] += d->amount;
    steady_flow(b, l);
    lane_restart(p, bolus ? RESTART_BOLUS : RESTART_RATE);
    p->jumped = 1;
}

static void steady_begin(block *b, size_t l, const coley_dose *d)
{
    lane *p = b->lane + l;
    p->steady = (coley_steady){.dose = d, .t = b->t[l]};
    if (d->kind == COLEY_DOSE_STEADY_ADDED) column_copy(b, l, b->y, b->kept);
    lane_initial(b, l, b->y);
    steady_stretch(b, l, COLEY_STEADY_INTERVAL);
}

/* The steady state is found: lane l stands where it stood before. */
static void steady_end(block *b, size_t l)
{
    lane *p = b->lane + l;
    b->t[l] = p->steady.t;
    p->steady.stage = 0;
    if (p->steady.dose->kind != COLEY_DOSE_STEADY_ADDED) return;
    double *initial = b->step.stage; /* free between two steps */
    lane_initial(b, l, initial);
    for (size_t k = l; k < b->step.n * b->width; k += b->width)
        b->y[k] = b->kept[k] + (b->y[k] == initial[k] ? 0 : b->y[k]);
}

/* Largest change of lane l over the interval, in tolerances, and the state that shows it. */
static double steady_change(const block *b, size_t l, int32_t *state)
{
    double most = 0;
    *state = 0;
    for (size_t v = 0; v < b->step.n; v++) {
        const double y = b->y[v * b->width + l], change = fabs(y - b->before[v * b->width + l]);
        const double scaled = change / (b->atol[v] + b->step.rtol * fabs(y));
        if (scaled > most) most = scaled, *state = (int32_t)v;
    }
    return most;
}

/* Lane l is at the end of a stretch of its search, or where the inflow changes inside. True when the search is over. */
static int steady_arrive(block *b, size_t l)
{
    lane *p = b->lane + l;
    int32_t state;
    if (b->t[l] < p->steady.to) {
        steady_flow(b, l);
        lane_restart(p, RESTART_RATE);
        return 0;
    }
    if (p->steady.stage == COLEY_STEADY_INTERVAL) {
        const int settled = coley_steady_judge(&p->steady, steady_change(b, l, &state));
        if (settled < 0) {
            p->result.unsteady = 1;
            lane_finish(b, l, COLEY_ERR_DIVERGED, state);
            return 0;
        }
        if (!settled || p->steady.dose->phase_day > 0) {
            steady_stretch(b, l, settled ? COLEY_STEADY_PHASE : COLEY_STEADY_INTERVAL);
            return 0;
        }
    }
    steady_end(b, l);
    return 1;
}

/* Dose d, which is due where lane l stands. False when the lane has left for a steady state. */
static int dose_give(block *b, size_t l, const coley_dose *d)
{
    lane *p = b->lane + l;
    const size_t place = (size_t)d->state * b->width + l, next = p->next_dose + 1;
    switch (d->kind) {
    case COLEY_DOSE_ADD:
        p->memory.settling = 1;
        if (d->duration_day > 0) return 1;
        b->y[place] += d->amount;
        break;
    case COLEY_DOSE_REPLACE:
        b->y[place] = d->amount;
        break;
    case COLEY_DOSE_INPUT:
        if (p->pending) samples_flush(b);
        b->inputs[place] = d->amount;
        /* The last of several computes what follows. */
        if (next == p->n_doses || p->dose[next].kind != COLEY_DOSE_INPUT || p->dose[next].t_day > d->t_day)
            lane_initial(b, l, b->step.stage);
        break;
    case COLEY_DOSE_RESET:
    case COLEY_DOSE_STEADY:
        p->first_live = next;
        if (b->has_events) coley_events_reset(&b->events, l);
        lane_initial(b, l, b->y);
        if (d->kind == COLEY_DOSE_RESET) break;
        steady_begin(b, l, d);
        return 0;
    case COLEY_DOSE_STEADY_ADDED:
        steady_begin(b, l, d);
        return 0;
    }
    p->jumped = 1;
    return 1;
}

/* Lane l stands at its boundary: give what is due, set the inflow, and look for the next boundary. */
static void lane_arrive(block *b, size_t l)
{
    lane *p = b->lane + l;
    p->jumped = 0;
    if (p->steady.stage) {
        if (!steady_arrive(b, l)) return;
        p->jumped = 1;
    }
    const double t = b->t[l];
    if (t >= p->t_end_day && !lane_hand_over(b, l)) {
        lane_finish(b, l, COLEY_ERR_DIVERGED, -1);
        return;
    }
    while (p->next_dose < p->n_doses && p->dose[p->next_dose].t_day <= t) {
        if (p->times.after) samples_take(b, l);
        const int stays = dose_give(b, l, p->dose + p->next_dose);
        p->next_dose++;
        if (!stays) return;
    }
    if (p->times.after) samples_take(b, l);
    p->boundary_day = p->t_end_day;
    if (p->next_dose < p->n_doses) p->boundary_day = fmin(p->boundary_day, p->dose[p->next_dose].t_day);
    inflow_clear(b, l);
    while (p->first_live < p->next_dose && p->dose[p->first_live].t_day + p->dose[p->first_live].duration_day <= t)
        p->first_live++;
    for (size_t i = p->first_live; i < p->next_dose; i++) {
        const coley_dose *d = p->dose + i;
        const double end = d->t_day + d->duration_day;
        if (end <= t || d->kind != COLEY_DOSE_ADD) continue;
        b->inflow[(size_t)d->state * b->width + l] += d->amount / d->duration_day;
        p->infused = 1;
        p->boundary_day = fmin(p->boundary_day, end);
    }
    lane_restart(p, p->jumped ? RESTART_BOLUS : RESTART_RATE);
    if (t >= p->t_end_day) lane_finish(b, l, COLEY_OK, -1);
}

/* An event has stopped the patient of lane l where it stands. */
static void lane_stop(block *b, size_t l)
{
    lane *p = b->lane + l;
    samples_take(b, l);
    const int good = lane_hand_over(b, l);
    if (good) p->result.event = b->events.lane[l].stopped;
    p->result.stopped = good;
    lane_finish(b, l, good ? COLEY_OK : COLEY_ERR_DIVERGED, -1);
}

/* The lanes of b->mask stand at a boundary or at an event: let happen what is due, take the samples of this time, give
 * doses, and let happen what these set off. The mask is spent. */
static void lanes_stand(block *b)
{
    b->stirred = 1;
    const double length = b->run->cohort->t_end_day - b->run->cohort->t_start_day;
    for (int round = 0, any = 1; any; round++) {
        any = 0;
        if (b->has_events) coley_events_settle(&b->events, b->mask, length, b->t, b->y, b->work);
        for (size_t l = 0; l < b->width; l++) {
            lane *p = b->lane + l;
            if (!b->mask[l]) continue;
            if (b->has_events && b->events.lane[l].fault) {
                p->result.fault = b->events.lane[l].fault;
                p->result.event = b->events.lane[l].fault_event;
                lane_finish(b, l, COLEY_ERR_DIVERGED, -1);
            } else if (b->has_events && b->events.lane[l].stopped >= 0) {
                lane_stop(b, l);
            } else if (round == 0) {
                samples_take(b, l);
                lane_arrive(b, l);
            }
            if (b->has_events && p->active)
                p->boundary_day = fmin(p->boundary_day, coley_events_next(&b->events, l, b->t[l]));
            /* Only a dose can have set off more. */
            b->mask[l] = b->has_events && round == 0 && p->active && p->jumped;
            any |= b->mask[l];
        }
    }
}

/* Deal the next patient to lane l; false when there are none left. */
static int lane_deal(block *b, size_t l)
{
    const coley_system *system = b->run->system;
    const coley_cohort *cohort = b->run->cohort;
    size_t *next = &b->run->next_patient, patient;
#pragma omp atomic capture
    patient = (*next)++;
    if (patient >= cohort->n) return 0;
    lane *p = b->lane + l;
    *p = (lane){.active = 1, .patient = patient, .result = {.state = -1, .event = -1}};
    if (b->has_events) coley_events_begin(&b->events, l, patient);
    cohort->inputs(cohort->self, patient, b->one_inputs);
    for (size_t i = 0; i < system->n_inputs; i++) b->inputs[i * b->width + l] = b->one_inputs[i];
    if (cohort->doses) p->n_doses = cohort->doses(cohort->self, patient, &p->dose);
    p->times = (coley_sample_times){.n = cohort->n_samples, .day = cohort->sample_day};
    if (cohort->samples) cohort->samples(cohort->self, patient, &p->times);
    b->t[l] = cohort->t_start_day;
    p->t_end_day = cohort->t_end_day;
    return 1;
}

/* The caller's start of the patient in lane l, whose constants and initial states are there; false when it is none. */
static int lane_depart(block *b, size_t l)
{
    const coley_cohort *cohort = b->run->cohort;
    const size_t n = b->step.n, width = b->width;
    lane *p = b->lane + l;
    coley_leg leg = {.t_start_day = b->t[l], .t_end_day = p->t_end_day, .state = b->leg_state};
    for (size_t v = 0; v < n; v++) leg.state[v] = b->y[v * width + l];
    cohort->start(cohort->self, p->patient, &leg);
    b->t[l] = leg.t_start_day;
    p->t_end_day = leg.t_end_day;
    if (!coley_leg_is_good(cohort, &leg, n, &p->result.state)) return 0;
    for (size_t v = 0; v < n; v++) b->y[v * width + l] = leg.state[v];
    int changed = 0;
    for (; p->next_dose < p->n_doses && p->dose[p->next_dose].t_day < leg.t_start_day; p->next_dose++) {
        const coley_dose *d = p->dose + p->next_dose;
        if (d->kind == COLEY_DOSE_RESET || d->kind == COLEY_DOSE_STEADY) p->first_live = p->next_dose + 1;
        if (d->kind == COLEY_DOSE_INPUT) b->inputs[(size_t)d->state * width + l] = d->amount, changed = 1;
    }
    if (changed) lane_initial(b, l, b->step.stage);
    while (p->next_sample < p->times.n && p->times.day[p->next_sample] < leg.t_start_day) p->next_sample++;
    b->goes_on[l] = (unsigned char)(leg.goes_on != 0);
    return 1;
}

/* Fill free lanes with patients until none is free or none is left. */
static void lanes_refill(block *b)
{
    const coley_system *system = b->run->system;
    const coley_cohort *cohort = b->run->cohort;
    for (int dealt = 1; dealt;) {
        dealt = 0;
        for (size_t l = 0; l < b->width; l++) {
            b->mask[l] = (unsigned char)(!b->lane[l].active && lane_deal(b, l));
            dealt |= b->mask[l];
        }
        if (!dealt) return;
        b->stirred = 1;
        system->initial(system->self, b->width, b->mask, b->inputs, b->work, b->y);
        for (size_t l = 0; l < b->width; l++) {
            if (!b->mask[l]) continue;
            lane *p = b->lane + l;
            if (coley_doses_check(system, cohort, p->patient, p->dose, p->n_doses, NULL) != COLEY_OK ||
                (cohort->samples && coley_times_check(cohort, p->patient, &p->times, NULL) != COLEY_OK) ||
                (cohort->start && !lane_depart(b, l))) {
                lane_finish(b, l, COLEY_ERR_ARG, p->result.state);
                b->mask[l] = 0;
            }
        }
        if (cohort->start) {
            if (b->has_events) coley_events_resume(&b->events, b->goes_on, b->t, b->y, b->work);
            memset(b->goes_on, 0, b->width);
        }
        lanes_stand(b);
        for (size_t l = 0; l < b->width; l++)
            if (b->lane[l].active && b->lane[l].result.n_steps + b->lane[l].result.n_rejected == 0)
                b->lane[l].restart = RESTART_START;
    }
}

/* First step of lane l from the size of the state and of the derivative, which stands in u_0. */
static double first_step(const block *b, size_t l)
{
    double d0 = 0, d1 = 0;
    for (size_t v = 0; v < b->step.n; v++) {
        const size_t k = v * b->width + l;
        const double tolerance = b->atol[v] + b->step.rtol * fabs(b->y[k]);
        const double r0 = b->y[k] / tolerance, r1 = (b->step.u[k] + b->inflow[k]) / tolerance;
        d0 += r0 * r0;
        d1 += r1 * r1;
    }
    const double n = b->step.n ? (double)b->step.n : 1;
    const double h = coley_step_first(sqrt(d0 / n), sqrt(d1 / n));
    return isfinite(h) ? h : 0;
}

/* The length of every lane's next step. */
static void steps_choose(block *b)
{
    const coley_cohort *cohort = b->run->cohort;
    for (size_t l = 0; l < b->width; l++) {
        lane *p = b->lane + l;
        double h = 1;
        if (p->active) {
            const double least = coley_step_least(b->t[l], cohort->t_end_day - cohort->t_start_day);
            if (!(p->h_next > 0)) p->h_next = fmax(first_step(b, l), 2 * least);
            h = coley_step_towards(b->t[l], fmin(p->h_next, b->run->options->h_max_day), p->boundary_day, &p->reaches);
        }
        b->h[l] = h;
        b->inverse_h[l] = 1 / h;
        b->shift[l] = 1 / (h * b->run->method->gamma);
    }
}

/* A step between two marks is one over an open interval: what jumps at them has the value of the inside. */
static void stay_inside(block *b)
{
    for (size_t l = 0; l < b->width; l++)
        b->t_stage[l] =
            fmax(nextafter(b->t[l], INFINITY), fmin(b->t_stage[l], nextafter(b->lane[l].boundary_day, -INFINITY)));
}

/* Machine code, where there is some and no lane's Jacobian has to be mended. */
static const coley_native *native_of(const block *b)
{
    return b->floors ? NULL : b->native;
}

/* What f sees of y. */
static const double *seen(block *b, const double *y)
{
    if (!b->floors) return y;
    memcpy(b->seen, y, b->step.n * b->width * sizeof *y);
    for (size_t l = 0; l < b->width; l++)
        if (b->lane[l].floors) b->lane[l].floored |= coley_lane_floor(&b->step, l, b->seen);
    return b->seen;
}

/* dy = f(t, y) by machine code where there is some. */
static void rhs(const block *b, const double *t, const double *y, double *dy)
{
    const coley_system *system = b->run->system;
    if (native_of(b))
        b->native->rhs(b->native->function, b->work, t, y, dy);
    else if (b->awake->program)
        coley_awake_rhs(b->awake->program, b->width, t, y, b->work, NULL, dy);
    else
        system->rhs(system->self, b->width, t, y, b->work, dy);
}

static void solve(const block *b, double *x)
{
    if (native_of(b))
        b->native->solve(b->factors, x);
    else
        coley_sparse_lu_solve(b->awake->lu, b->run->isa, b->width, b->factors, x);
}

/* Find out what has to be computed from now on. What is left out is 0, and so is whatever steps would say of it. */
static void wake(block *b)
{
    const size_t n = b->step.n, width = b->width;
    b->stirred = 0;
    if (b->native) return;
    for (size_t v = 0; v < n; v++) {
        int stirs = 0;
        for (size_t l = 0; l < width; l++)
            stirs |= b->lane[l].active && !(b->y[v * width + l] == 0 && b->inflow[v * width + l] == 0);
        b->zero[v] = !stirs;
    }
    b->awake = coley_awake_of(b->run->awakes, b->zero);
    b->step.n_spans = b->awake->n_spans;
    b->step.span = b->awake->span;
    for (size_t s = 0, v = 0; v < n; v++) {
        while (s < b->step.n_spans && b->step.span[s].end <= v) s++;
        if (s < b->step.n_spans && b->step.span[s].first <= v) continue;
        memset(b->step.stage + v * width, 0, width * sizeof(double));
        for (int i = 0; i < b->run->method->n_stages; i++)
            memset(b->step.u + ((size_t)i * n + v) * width, 0, width * sizeof(double));
    }
}

/* The length of the step, and the factors of its matrix. */
static void step_begin(block *b)
{
    const run *r = b->run;
    const coley_system *system = r->system;
    int first = 0;
    b->step.flows = b->floors = 0;
    for (size_t l = 0; l < b->width; l++) {
        b->step.flows |= b->lane[l].infused;
        b->floors |= b->lane[l].floors;
        b->lane[l].floored = 0;
        first |= b->lane[l].active && !(b->lane[l].h_next > 0);
        b->t_stage[l] = system->n_marks ? nextafter(b->t[l], INFINITY) : b->t[l];
    }
    const double *y = seen(b, b->y);
    if (first) rhs(b, b->t_stage, y, b->step.u);
    steps_choose(b);
    if (native_of(b)) {
        b->native->factor(b->native->function, b->work, b->t_stage, b->y, b->shift, b->factors, b->bad, b->dfdt);
        return;
    }
    if (b->awake->program)
        coley_awake_jacobian(b->awake->program, b->width, b->t_stage, y, b->work, b->jacobian, b->dfdt);
    else
        system->jacobian(system->self, b->width, b->t_stage, y, b->work, b->jacobian, b->dfdt);
    for (size_t l = 0; l < b->width && b->floors; l++) {
        if (!b->lane[l].floors) continue;
        b->lane[l].floored |= coley_lane_mend(b->jacobian + l, b->awake->n_values, b->width);
        if (system->uses_time) b->lane[l].floored |= coley_lane_mend(b->dfdt + l, system->n, b->width);
    }
    coley_sparse_lu_factor(b->awake->lu, r->isa, b->width, b->shift, b->jacobian, b->factors, b->bad);
}

/* All stages of one step from (t, y): the new state in step.stage, its error in tolerances in `error`. */
static void step_try(block *b)
{
    const run *r = b->run;
    const coley_system *system = r->system;
    const size_t count = b->step.n * b->width;
    step_begin(b);
    for (int i = 0; i < r->method->n_stages; i++) {
        double *u = b->step.u + (size_t)i * count;
        r->kernels->combine(&b->step, i);
        const double *y = seen(b, i ? b->step.stage : b->y);
        for (size_t l = 0; l < b->width; l++) b->t_stage[l] = b->t[l] + r->method->alpha[i] * b->h[l];
        if (system->n_marks) stay_inside(b);
        if (native_of(b)) {
            b->native->stage(b->native->function, b->work, b->t_stage, y, b->step.sum, b->factors, u);
            continue;
        }
        if (b->awake->program) {
            coley_awake_rhs(b->awake->program, b->width, b->t_stage, y, b->work, b->step.sum, u);
        } else if (system->rhs_plus) {
            system->rhs_plus(system->self, b->width, b->t_stage, y, b->work, b->step.sum, u);
        } else {
            rhs(b, b->t_stage, y, u);
            r->kernels->right_side(&b->step, i);
        }
        solve(b, u);
    }
    r->kernels->close(&b->step, b->error);
    if (!system->uses_time) return;
    double *f = b->dfdt; /* its own content has done its work */
    r->kernels->look_inside(&b->step);
    for (size_t l = 0; l < b->width; l++) b->t_stage[l] = b->t[l] + COLEY_INSIDE * b->h[l];
    if (system->n_marks) stay_inside(b);
    rhs(b, b->t_stage, seen(b, b->step.sum), f);
    r->kernels->residual(&b->step, f);
    solve(b, b->step.inside);
    r->kernels->close_inside(&b->step, b->error);
}

/* The state of lane l that is most to blame for the step just refused: the first whose derivative is no number, at the
 * step's start or else in the earliest stage that shows it; failing that, the one with the largest error. Called after
 * the derivative at (t, y) was put into step.sum. */
static int32_t state_to_blame(const block *b, size_t l)
{
    const size_t n = b->step.n, count = n * b->width;
    const int last = b->run->method->n_stages - 1;
    for (size_t v = 0; v < n; v++)
        if (!isfinite(b->y[v * b->width + l]) || !isfinite(b->step.sum[v * b->width + l])) return (int32_t)v;
    for (int i = 0; i <= last; i++)
        for (size_t v = 0; v < n; v++)
            if (!isfinite(b->step.u[(size_t)i * count + v * b->width + l])) return (int32_t)v;
    int32_t worst = 0;
    double most = -1;
    for (size_t v = 0; v < n; v++) {
        const size_t k = v * b->width + l;
        double estimate = 0;
        for (int j = 0; j <= last; j++) estimate += b->run->method->estimate[j] * b->step.u[(size_t)j * count + k];
        const double error = fabs(estimate) / (b->atol[v] + b->step.rtol * fabs(b->y[k]));
        if (error > most) most = error, worst = (int32_t)v;
    }
    return worst;
}

/* Lane l cannot go on: steps too short, or too many. */
static void lane_diverge(block *b, size_t l)
{
    const coley_system *system = b->run->system;
    system->rhs(system->self, b->width, b->t, b->y, b->work, b->step.sum);
    lane_finish(b, l, COLEY_ERR_DIVERGED, state_to_blame(b, l));
}

/* Cut the steps inside which events fire, and take the samples of the accepted ones. */
static void steps_end(block *b)
{
    for (size_t l = 0; l < b->width; l++) b->t_end[l] = b->lane[l].t_new;
    coley_events_locate(&b->events, &b->step, b->accept, b->run->cohort->t_end_day - b->run->cohort->t_start_day, b->t,
                        b->t_end, b->work);
    for (size_t l = 0; l < b->width; l++) {
        lane *p = b->lane + l;
        if (b->accept[l] == 0) continue;
        p->t_new = b->events.t_cut[l];
        p->stands |= b->events.found[l];
    }
    samples_take_all(b);
    coley_events_cut(&b->events, &b->step, b->t, b->t_end);
}

/* Every lane decides about its step. */
static void step_decide(block *b)
{
    const run *r = b->run;
    const double length = r->cohort->t_end_day - r->cohort->t_start_day;
    for (size_t l = 0; l < b->width; l++) {
        lane *p = b->lane + l;
        b->accept[l] = 0;
        if (!p->active) continue;
        const double h = b->h[l], weight = p->steady.stage ? 1 : coley_step_weight(&p->memory, h, length);
        const double error = b->error[l] * weight;
        const int computed = error <= DBL_MAX && b->bad[l] == 0, good = computed && error <= 1;
        const int first_failure = !computed && !p->floors;
        const double least = coley_step_least(b->t[l], length);
        const int whole = p->restart >= 0 && p->restart < RESTART_START && h == p->h_next;
        if (computed) {
            p->h_next = coley_step_next(r->method, &p->memory, h, error, whole ? p->restart : RESTART_NONE);
        } else {
            p->h_next = fmax(0.2 * h, first_failure ? 2 * least : 0);
            p->memory.rejected = 1;
            p->floors = 1;
        }
        if (good) {
            p->result.n_steps++;
            p->floors = p->floored;
            p->restart = RESTART_NONE;
            b->accept[l] = 1;
            p->stands = p->reaches;
            p->t_new = p->reaches ? p->boundary_day : b->t[l] + h;
        } else {
            p->result.n_rejected++;
        }
        const int stuck = !good && p->h_next < least;
        if (stuck || p->result.n_steps + p->result.n_rejected >= r->options->max_steps) p->finished = 1;
    }
    if (!b->has_events) samples_take_all(b);
}

/* Make the good steps final, arrive at boundaries, give up where it cannot go on. */
static void step_conclude(block *b)
{
    int any = 0;
    if (b->has_events) steps_end(b);
    b->run->kernels->accept(&b->step, b->accept, b->y);
    for (size_t l = 0; l < b->width; l++) {
        lane *p = b->lane + l;
        b->mask[l] = 0;
        if (b->accept[l] != 0) {
            b->t[l] = p->t_new;
            b->mask[l] = (unsigned char)p->stands;
            any |= p->stands;
        }
    }
    if (any) lanes_stand(b);
    for (size_t l = 0; l < b->width; l++)
        if (b->lane[l].active && b->lane[l].finished) lane_diverge(b, l);
}

static void block_run(block *b)
{
    for (;;) {
        lanes_refill(b);
        int active = 0;
        for (size_t l = 0; l < b->width; l++) active |= b->lane[l].active;
        if (!active) return;
        if (b->stirred) wake(b);
        step_try(b);
        step_decide(b);
        step_conclude(b);
    }
}

/* All memory of a block; false when there is not enough. */
static int block_init(block *b, coley_arena *arena, run *r, size_t width)
{
    const coley_system *system = r->system;
    const size_t n = system->n, n_values = (size_t)system->row_start[n];
    double **const column[] = {&b->t,      &b->t_stage, &b->h,          &b->inverse_h, &b->shift,
                               &b->bad,    &b->error,   &b->accept,     &b->pending_t, &b->take,
                               &b->share,  &b->y,       &b->inflow,     &b->pending,   &b->step.stage,
                               &b->step.sum};
    for (size_t i = 0; i < sizeof column / sizeof *column; i++)
        if (!(*column[i] = COLEY_NEW(arena, double, (i < 11 ? 1 : n) * width))) return 0;
    b->run = r;
    b->width = width;
    b->native = width == COLEY_LANES ? system->native : NULL;
    b->awake = r->whole;
    b->zero = COLEY_NEW(arena, unsigned char, n);
    b->weight = COLEY_NEW(arena, double, (size_t)r->method->n_stages *width);
    b->lane = COLEY_NEW(arena, lane, width);
    b->mask = COLEY_NEW(arena, unsigned char, width);
    b->only = COLEY_NEW(arena, unsigned char, width);
    b->before = COLEY_NEW(arena, double, n *width);
    b->kept = COLEY_NEW(arena, double, n *width);
    b->dfdt = COLEY_NEW(arena, double, n *width);
    b->atol = COLEY_NEW(arena, double, n);
    b->jacobian = COLEY_NEW(arena, double, n_values *width);
    b->factors = COLEY_NEW(arena, double, coley_sparse_lu_count(r->whole->lu) * width);
    b->observed = COLEY_NEW(arena, double, system->n_observed *width);
    b->inputs = COLEY_NEW(arena, double, system->n_inputs *width);
    b->has_events = system->n_events || system->n_marks;
    b->t_end = COLEY_NEW(arena, double, width);
    if (!b->t_end || !coley_events_init(&b->events, arena, system, width)) return 0;
    for (size_t i = 0; i < r->cohort->n_stop_events; i++) b->events.stops[r->cohort->stop_event[i]] = 1;
    b->one_inputs = COLEY_NEW(arena, double, system->n_inputs);
    b->leg_state = COLEY_NEW(arena, double, n);
    b->seen = COLEY_NEW(arena, double, n *width);
    b->goes_on = COLEY_NEW(arena, unsigned char, width);
    if (!b->leg_state || !b->seen || !b->goes_on) return 0;
    b->work = coley_arena_alloc(arena, system->work_size ? system->work_size(system->self, width) : 0);
    double *u = COLEY_NEW(arena, double, (size_t)r->method->n_stages *n *width);
    double *estimate = COLEY_NEW(arena, double, n *width);
    double *inside = COLEY_NEW(arena, double, system->uses_time ? n *width : 0);
    if (!b->zero || !b->weight || !b->lane || !b->mask || !b->only || !b->before || !b->kept || !b->dfdt || !b->atol || !b->jacobian ||
        !b->factors || !b->observed || !b->inputs || !b->one_inputs || !b->work || !u || !estimate || !inside)
        return 0;
    for (size_t v = 0; v < n; v++) b->atol[v] = r->options->atol_state ? r->options->atol_state[v] : r->options->atol;
    b->step = (coley_rosenbrock_block){.method = r->method,
                                       .n = n,
                                       .width = width,
                                       .n_spans = r->whole->n_spans,
                                       .span = r->whole->span,
                                       .y = b->y,
                                       .inflow = b->inflow,
                                       .dfdt = system->uses_time ? b->dfdt : NULL,
                                       .h = b->h,
                                       .inverse_h = b->inverse_h,
                                       .u = u,
                                       .stage = b->step.stage,
                                       .sum = b->step.sum,
                                       .estimate = estimate,
                                       .atol = b->atol,
                                       .rtol = r->options->rtol,
                                       .inside = inside};
    return 1;
}

/* Lanes a block: as asked for, else the width that measured best on 50 and on 228 states (wider columns share the cost
 * of reading the programs, but leave more lanes idle while the last patients finish, and many of them outgrow the
 * caches), and not more than there are patients for. */
static size_t width_of(const coley_system *system, const coley_cohort *cohort, const coley_integrator_options *options)
{
    const size_t threads = (size_t)options->n_threads, share = (cohort->n + threads - 1) / threads;
    if (options->width) return options->width;
    if (system->native) return COLEY_LANES;
    const size_t best = system->n > 100 ? 16 : 24, rounds = (share + best - 1) / best;
    const size_t even = (share + rounds - 1) / rounds;
    return (even + COLEY_LANES - 1) / COLEY_LANES * COLEY_LANES;
}

/* The run of a cohort that is not empty, in blocks from `arena`. */
static coley_status run_blocks(coley_arena *arena, run *r, coley_error *err)
{
    const coley_integrator_options *options = r->options;
    const size_t n = r->cohort->n, width = width_of(r->system, r->cohort, options), needed = (n + width - 1) / width;
    const int n_blocks = needed < (size_t)options->n_threads ? (int)needed : options->n_threads;
    COLEY_TRY(coley_awake_whole(r->awakes, &r->whole, err));
    block *blocks = COLEY_NEW(arena, block, (size_t)n_blocks);
    if (!blocks) return COLEY_FAIL_MEMORY(err);
    for (int i = 0; i < n_blocks; i++)
        if (!block_init(blocks + i, arena, r, width)) return COLEY_FAIL_MEMORY(err);

#pragma omp parallel for schedule(static, 1) num_threads(n_blocks)
    for (int i = 0; i < n_blocks; i++) block_run(blocks + i);

    const block *first = NULL;
    for (int i = 0; i < n_blocks; i++)
        if (blocks[i].failed && (!first || blocks[i].failed_patient < first->failed_patient)) first = blocks + i;
    return first ? coley_run_failed(r->system, r->cohort, first->failed_patient, &first->failed_result, err) : COLEY_OK;
}

coley_status coley_integrate_in(coley_arena *arena, const coley_system *system, const coley_cohort *cohort,
                                const coley_integrator_options *options, coley_error *err)
{
    COLEY_TRY(coley_run_check(system, cohort, options, err));
    if (cohort->n == 0) return COLEY_OK;
    const coley_isa isa = coley_isa_best();
    run r = {.system = system,
             .cohort = cohort,
             .options = options,
             .method = coley_rosenbrock_of(options->method),
             .kernels = isa == COLEY_ISA_AVX512 ? &coley_rosenbrock_kernels_avx512
                        : isa == COLEY_ISA_AVX2 ? &coley_rosenbrock_kernels_avx2
                                                : &coley_rosenbrock_kernels_portable,
             .awakes = system->awakes ? system->awakes : coley_awakes_create(system),
             .isa = isa};
    if (!r.awakes) return COLEY_FAIL_MEMORY(err);
    const coley_status status = run_blocks(arena, &r, err);
    if (!system->awakes) coley_awakes_destroy(r.awakes);
    return status;
}

coley_status coley_integrate(const coley_system *system, const coley_cohort *cohort,
                             const coley_integrator_options *options, coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    if (!arena) return COLEY_FAIL_MEMORY(err);
    const coley_status status = coley_integrate_in(arena, system, cohort, options, err);
    coley_arena_destroy(arena);
    return status;
}
