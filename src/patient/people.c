/* SPDX-License-Identifier: GPL-3.0-or-later */
/* people.c -- a cohort of the block integrator from rows of inputs. */
#include "patient/people.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

typedef struct run {
    coley_people *people;
    const coley_dose *dose; /* with the release of the tumour at day 0 */
    coley_dose *own;        /* [n][cap] a copy each, where somebody may quit; or NULL */
    size_t n_doses, cap, n_inputs;
    double end_day;
    atomic_size_t n_steps, n_lost;
} run;

static void give_inputs(void *self, size_t person, double *inputs)
{
    const run *r = self;
    memcpy(inputs, r->people->inputs + person * r->n_inputs, r->n_inputs * sizeof *inputs);
}

static int may_change(const run *r, size_t person)
{
    return r->people->later && r->people->later[person];
}

static size_t n_doses_of(const run *r, size_t person)
{
    return may_change(r, person) ? r->cap : r->n_doses;
}

static size_t give_doses(void *self, size_t person, const coley_dose **dose)
{
    const run *r = self;
    *dose = r->own ? r->own + person * r->cap : r->dose;
    return n_doses_of(r, person);
}

/* Doses of nothing after the end and the last dose, up to `cap`: room for what comes later. */
static void fill_up(const run *r, coley_dose *own, size_t n)
{
    const double day = fmax(r->end_day, n ? own[n - 1].t_day : 0) + 1;
    for (; n < r->cap; n++) own[n] = (coley_dose){.t_day = day, .state = r->people->body->hold_state};
}

/* A person's own doses. Who may get others later stops at every row, so that the solver stands where they may begin,
 * whoever shares the block. */
static void set_own(const run *r, size_t person)
{
    const coley_people *people = r->people;
    coley_dose *own = r->own + person * r->cap;
    if (!may_change(r, person)) {
        memcpy(own, r->dose, r->n_doses * sizeof *own);
        return;
    }
    size_t n = 0, row = 0;
    while (row < people->n_days && people->day[row] <= 0) row++;
    for (size_t i = 0; i < r->n_doses || row < people->n_days;) {
        const int stop = i == r->n_doses || (row < people->n_days && people->day[row] < r->dose[i].t_day);
        own[n++] = stop ? (coley_dose){.t_day = people->day[row], .state = people->body->hold_state} : r->dose[i];
        *(stop ? &row : &i) += 1;
    }
    fill_up(r, own, n);
}

/* Doses from the next row's day on become doses of nothing: the integrator holds a row back, but never beyond the next
 * one, so that what is given does not depend on who shares the block. */
static void quit(const run *r, size_t person, size_t row)
{
    const coley_people *people = r->people;
    const double day = row + 1 < people->n_days ? fmax(people->day[row + 1], 0) : INFINITY;
    for (size_t i = 0; i < n_doses_of(r, person); i++) {
        coley_dose *dose = &r->own[person * r->cap + i];
        if (dose->t_day >= day && dose->kind == COLEY_DOSE_ADD && dose->state != people->body->hold_state)
            dose->amount = 0;
    }
}

/* From the next row's day on what comes later takes the place of what was planned, for the same reason as above; the
 * stop of that day stays, since the solver may have looked for its next stop already or not. */
static void change(const run *r, size_t person, size_t row)
{
    const coley_people *people = r->people;
    const coley_later *later = people->later[person];
    coley_dose *own = r->own + person * r->cap;
    if (!isnan(people->later_day[person])) return;
    if (row + 1 >= people->n_days) return;
    const double next = people->day[row + 1], first = fmax(people->day[row] + later->delay_day, next);
    size_t from = 0, kept = 0;
    while (from < r->cap && own[from].t_day < next) from++;
    for (size_t i = from; i < r->cap; i++)
        if (own[i].kind != COLEY_DOSE_ADD) own[from + kept++] = own[i];
    const size_t n = kept + later->n_doses;
    for (size_t k = n, i = kept, j = later->n_doses; k-- > 0;) { /* merged from behind */
        const int planned = !j || (i && own[from + i - 1].t_day > first + later->dose[j - 1].t_day);
        own[from + 1 + k] = planned ? own[from + i - 1] : later->dose[j - 1];
        if (!planned) own[from + 1 + k].t_day += first;
        *(planned ? &i : &j) -= 1;
    }
    own[from] = (coley_dose){.t_day = next, .state = people->body->hold_state};
    fill_up(r, own, from + 1 + n);
    people->later_day[person] = first;
}

static void take_sample(void *self, const coley_sample *sample)
{
    const run *r = self;
    const coley_people *people = r->people;
    double *row = people->value + (sample->patient * people->n_days + sample->index) * people->n_observed;
    for (size_t i = 0; i < people->n_observed; i++) row[i] = sample->value[i * sample->stride];
    if (!people->turn) return;
    const coley_people_turn turn = people->turn(people->turn_self, sample->patient, sample->index);
    if (turn == COLEY_TURN_QUIT && may_change(r, sample->patient))
        change(r, sample->patient, sample->index);
    else if (turn != COLEY_TURN_GO_ON)
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
    run r = {.people = people,
             .n_inputs = coley_program_input_count(people->body->program),
             .end_day = people->n_days ? fmax(people->day[people->n_days - 1], 0.0) : 0.0};
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
        r.cap = r.n_doses;
        for (size_t i = 0; i < people->n; i++) {
            if (!may_change(&r, i)) continue;
            const size_t room = r.n_doses + people->n_days + people->later[i]->n_doses;
            if (room > r.cap) r.cap = room;
        }
        if (!(r.own = COLEY_NEW(arena, coley_dose, people->n * r.cap))) return COLEY_FAIL_MEMORY(err);
        for (size_t i = 0; i < people->n; i++) set_own(&r, i);
    }
    for (size_t i = 0; people->later && i < people->n; i++) people->later_day[i] = NAN;

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
                                 .t_end_day = r.end_day,
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
