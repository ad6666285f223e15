/* SPDX-License-Identifier: GPL-3.0-or-later */
/* integrator_stand.c -- what happens to a lane where it stands, between two steps: samples, doses, steady states,
 * events, the start and the end of a patient. */
#include <math.h>
#include <string.h>

#include "solve/integrator_parts.h"

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

/* The next sample of lane l stands in its pending column, where it waits until this lane or a finishing one needs it.
 */
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
void coley_block_samples(block *b)
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
void coley_block_finish(block *b, size_t l, coley_status status, int32_t state)
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
            coley_block_finish(b, l, COLEY_ERR_DIVERGED, state);
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
        coley_block_finish(b, l, COLEY_ERR_DIVERGED, -1);
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
    if (t >= p->t_end_day) coley_block_finish(b, l, COLEY_OK, -1);
}

/* An event has stopped the patient of lane l where it stands. */
static void lane_stop(block *b, size_t l)
{
    lane *p = b->lane + l;
    samples_take(b, l);
    const int good = lane_hand_over(b, l);
    if (good) p->result.event = b->events.lane[l].stopped;
    p->result.stopped = good;
    coley_block_finish(b, l, good ? COLEY_OK : COLEY_ERR_DIVERGED, -1);
}

/* The lanes of b->mask stand at a boundary or at an event: let happen what is due, take the samples of this time, give
 * doses, and let happen what these set off. The mask is spent. */
void coley_block_stand(block *b)
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
                coley_block_finish(b, l, COLEY_ERR_DIVERGED, -1);
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
void coley_block_refill(block *b)
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
                coley_block_finish(b, l, COLEY_ERR_ARG, p->result.state);
                b->mask[l] = 0;
            }
        }
        if (cohort->start) {
            if (b->has_events) coley_events_resume(&b->events, b->goes_on, b->t, b->y, b->work);
            memset(b->goes_on, 0, b->width);
        }
        coley_block_stand(b);
        for (size_t l = 0; l < b->width; l++)
            if (b->lane[l].active && b->lane[l].result.n_steps + b->lane[l].result.n_rejected == 0)
                b->lane[l].restart = RESTART_START;
    }
}
