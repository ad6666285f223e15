/* SPDX-License-Identifier: GPL-3.0-or-later */
/* people.c -- a cohort of the block integrator from rows of inputs. */
#include "patient/people.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

typedef struct run {
    coley_people *people;
    const coley_dose *dose; /* with the release of the tumour at day 0 */
    coley_dose *own;        /* [n][n_doses] a copy each, where somebody may quit; or NULL */
    size_t n_doses, n_inputs;
    atomic_size_t n_steps, n_lost;
} run;

static void give_inputs(void *self, size_t person, double *inputs)
{
    const run *r = self;
    memcpy(inputs, r->people->inputs + person * r->n_inputs, r->n_inputs * sizeof *inputs);
}

static size_t give_doses(void *self, size_t person, const coley_dose **dose)
{
    const run *r = self;
    *dose = r->own ? r->own + person * r->n_doses : r->dose;
    return r->n_doses;
}

/* Doses from the next row's day on become doses of nothing: the integrator holds a row back, but never beyond the next
 * one, so that what is given does not depend on who shares the block. */
static void quit(const run *r, size_t person, size_t row)
{
    const coley_people *people = r->people;
    const double day = row + 1 < people->n_days ? fmax(people->day[row + 1], 0) : INFINITY;
    for (size_t i = 0; i < r->n_doses; i++) {
        coley_dose *dose = &r->own[person * r->n_doses + i];
        if (dose->t_day >= day && dose->kind == COLEY_DOSE_ADD && dose->state != people->body->hold_state)
            dose->amount = 0;
    }
}

static void take_sample(void *self, const coley_sample *sample)
{
    const run *r = self;
    const coley_people *people = r->people;
    double *row = people->value + (sample->patient * people->n_days + sample->index) * people->n_observed;
    for (size_t i = 0; i < people->n_observed; i++) row[i] = sample->value[i * sample->stride];
    if (people->turn && people->turn(people->turn_self, sample->patient, sample->index) != COLEY_TURN_GO_ON)
        quit(r, sample->patient, sample->index);
}

static void take_result(void *self, size_t person, const coley_integration *result)
{
    run *r = self;
    atomic_fetch_add(&r->n_steps, result->n_steps);
    coley_progress_add(r->people->progress, 1);
    if (r->people->result) r->people->result[person] = *result;
    if (result->status == COLEY_OK) return;
    atomic_fetch_add(&r->n_lost, 1);
    if (r->people->lost) r->people->lost[person] = 1;
}

static int is_nothing(const coley_dose *dose)
{
    return dose->kind == COLEY_DOSE_ADD && dose->amount == 0.0;
}

coley_status coley_people_simulate(coley_arena *arena, coley_people *people, coley_error *err)
{
    run r = {.people = people, .n_inputs = coley_program_input_count(people->body->program)};
    coley_dose *dose = COLEY_NEW(arena, coley_dose, people->n_doses + 1);
    if (!dose) return COLEY_FAIL_MEMORY(err);
    /* The tumour is let go at day 0, ahead of that day's doses. A dose of nothing is left out: it would only break a
     * step in two. */
    size_t next = 0;
    for (; next < people->n_doses && people->dose[next].t_day < 0.0; next++)
        if (!is_nothing(&people->dose[next])) dose[r.n_doses++] = people->dose[next];
    dose[r.n_doses++] = (coley_dose){.t_day = 0.0, .amount = -1.0, .state = people->body->hold_state};
    for (; next < people->n_doses; next++)
        if (!is_nothing(&people->dose[next])) dose[r.n_doses++] = people->dose[next];
    r.dose = dose;
    if (people->turn) {
        if (!(r.own = COLEY_NEW(arena, coley_dose, people->n * r.n_doses))) return COLEY_FAIL_MEMORY(err);
        for (size_t i = 0; i < people->n; i++) memcpy(r.own + i * r.n_doses, dose, r.n_doses * sizeof *dose);
    }

    const size_t n_values = people->n * people->n_days * people->n_observed;
    for (size_t i = 0; i < n_values; i++) people->value[i] = NAN;
    if (people->lost) memset(people->lost, 0, people->n);

    const coley_observer *observer;
    COLEY_TRY(
        coley_observer_compile(arena, people->body->program, people->observed, people->n_observed, &observer, err));
    coley_system system = coley_system_of_program(people->body->program, observer, people->n_observed);
    system.native = people->body->native;
    const coley_cohort cohort = {.self = &r,
                                 .n = people->n,
                                 .t_start_day = -people->settle_day,
                                 .t_end_day = people->n_days ? fmax(people->day[people->n_days - 1], 0.0) : 0.0,
                                 .n_samples = people->n_days,
                                 .sample_day = people->day,
                                 .inputs = give_inputs,
                                 .doses = give_doses,
                                 .sample = take_sample,
                                 .finish = take_result};
    const coley_status status = coley_integrate(&system, &cohort, &people->integrator, err);
    people->n_steps = r.n_steps;
    if (status == COLEY_ERR_DIVERGED && r.n_lost < people->n) return COLEY_OK;
    return status;
}
