/* SPDX-License-Identifier: GPL-3.0-or-later */
/* care_loop.c -- legs of the integrator between visits, and what is given in each. */
#include "run/care_loop.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "run/care_parts.h"
#include "solve/awake.h"

/* Visits nearer than this are one [day]. */
#define VISIT_GAP 0.5

/* How often people look at themselves [day]; between two looks severity is taken to run straight. Finer than a person
 * can tell, and coarse enough to cost little. */
#define LOOK_EVERY 3.0

/* A dose this much later than the ordinary interval still takes the place of an ordinary visit. */
#define DOSE_FOR_VISIT 1.5

typedef struct leg_sums {
    double severity[COLEY_MAX_ORGANS], worst_day[COLEY_MAX_ORGANS];
    int worst[COLEY_MAX_ORGANS];
    double severe_day, hazard;
} leg_sums;

typedef struct person {
    uint64_t id;
    coley_care care;
    double from_day, to_day; /* of the leg */
    coley_visit_reason reason;
    int again; /* the leg is run again, up to a report */
    int done, lost;
    double *state, *end_state; /* [n_states] at from_day; at to_day, once the leg has run */
    size_t n_doses, cap_doses;
    coley_dose *dose; /* that matter to the leg, sorted */
    size_t n_later, cap_later;
    coley_dose *later; /* of courses that have begun, sorted */
    size_t n_samples;
    double *sample_day;
    size_t *sample_row;         /* of the people's days, or SIZE_MAX */
    unsigned char *sample_look; /* is a look, too; rows of a course are not, so that what is written changes nothing */
    /* Filled while the leg runs. */
    double severity[COLEY_MAX_ORGANS], last_day, last_hazard;
    double last_severe;
    double start_severity[COLEY_MAX_ORGANS], start_hazard, start_severe;
    int told[COLEY_MAX_ORGANS]; /* highest grade that a report is under way for */
    double report_day;
    double turned_day;          /* of the look after which treatment ends */
    double quit_day, leave_day; /* from which planned doses, or visits, are over; infinite: not yet */
    double quit_from;           /* quit_day, as it was when the leg was planned */
    const coley_later *change;  /* what comes after the planned doses, or NULL */
    double change_day;          /* on which it could begin, if the leg counts; infinite: not yet */
    double later_day;           /* on which it begins; infinite: not yet */
    leg_sums sums;
    coley_care_outcome *outcome;
} person;

typedef struct loop {
    coley_arena *arena; /* for what lasts */
    const coley_session *session;
    const coley_session_care *bound;
    coley_people *people;
    person *person; /* [people->n] */
    size_t n_active;
    size_t *active; /* persons who have a leg to run */
    size_t n_states, n_inputs, first_severity;
    double end_day;
    coley_care_log log; /* the patient's */
} loop;

/* ---- what the integrator asks ---------------------------------------------------------------------------------------
 */

static person *person_of(void *self, size_t i)
{
    const loop *l = self;
    return &l->person[l->active[i]];
}

static void give_inputs(void *self, size_t i, double *inputs)
{
    const loop *l = self;
    memcpy(inputs, l->people->inputs + l->active[i] * l->n_inputs, l->n_inputs * sizeof *inputs);
}

static size_t give_doses(void *self, size_t i, const coley_dose **dose)
{
    const person *p = person_of(self, i);
    *dose = p->dose;
    return p->n_doses;
}

static void give_samples(void *self, size_t i, coley_sample_times *times)
{
    const person *p = person_of(self, i);
    *times = (coley_sample_times){.n = p->n_samples, .day = p->sample_day};
}

static void start_leg(void *self, size_t i, coley_leg *leg)
{
    const loop *l = self;
    const person *p = person_of(self, i);
    leg->t_start_day = p->from_day;
    leg->t_end_day = p->to_day;
    if (!p->state) return;
    if (p->from_day > -l->people->settle_day) {
        memcpy(leg->state, p->state, l->n_states * sizeof *leg->state);
        leg->goes_on = 1;
    }
}

/* Somebody notices a grade that the clinic doesn't know: how long until they tell it [day]. Visits are on whole days.
 */
static double delay_of(const loop *l, const person *p, size_t organ, int grade)
{
    const coley_policy *policy = l->bound->policy;
    const uint64_t tick = ((uint64_t)p->care.n_visits * COLEY_MAX_ORGANS + organ) * 8 + (uint64_t)grade;
    const double z = coley_rng_normal((uint64_t)l->session->scenario->run.seed, COLEY_STREAM_CARE, p->id, tick);
    return (grade >= 3 ? policy->report_severe_day : policy->report_day) * exp(policy->report_spread * z);
}

static int is_fatigue(const loop *l, size_t organ)
{
    return (int)organ == l->bound->policy->fatigue;
}

/* When a severity that was `before` at the last look went past where `grade` begins [day]. */
static double crossing(const person *p, const coley_organ_grades *organ, int grade, double before, double day,
                       double severity)
{
    const double from = organ->from[grade - 1];
    return before < from ? p->last_day + (day - p->last_day) * (from - before) / (severity - before) : day;
}

static void look(loop *l, person *p, double day, const double *value, size_t stride)
{
    const coley_grading *grading = l->bound->grading;
    const double dt = day - p->last_day;
    int severe = 0;
    for (size_t k = 0; k < grading->n; k++) {
        const double severity = value[k * stride], before = p->severity[k];
        const int grade = coley_grade_of(&grading->organ[k], severity);
        p->severity[k] = severity;
        p->sums.severity[k] = fmax(p->sums.severity[k], severity);
        if (grade > p->sums.worst[k]) {
            p->sums.worst[k] = grade;
            p->sums.worst_day[k] = day;
        }
        severe |= grade >= 3 && !is_fatigue(l, k);
        const int felt = coley_care_unreported(grading, &p->care, k, severity);
        if (felt <= p->told[k] || !l->bound->policy->organ[k].given) continue;
        p->told[k] = felt;
        const double noticed = crossing(p, &grading->organ[k], felt, before, day, severity);
        p->report_day = fmin(p->report_day, ceil(noticed + delay_of(l, p, k, felt)));
    }
    const double hazard = l->bound->hazard < 0 ? 0 : value[grading->n * stride];
    p->sums.hazard += 0.5 * dt * (hazard + p->last_hazard);
    p->sums.severe_day += 0.5 * dt * (severe + p->last_severe);
    p->last_hazard = hazard;
    p->last_severe = severe;
    p->last_day = day;
}

static void take_sample(void *self, const coley_sample *sample)
{
    loop *l = self;
    const size_t who = l->active[sample->patient], n_observed = l->people->n_observed, n_organs = l->bound->grading->n;
    person *p = &l->person[who];
    const size_t row = p->sample_row[sample->index];
    if (row != SIZE_MAX) {
        double *value = l->people->value + (who * l->people->n_days + row) * n_observed;
        for (size_t i = 0; i < n_observed; i++) value[i] = sample->value[i * sample->stride];
        if (l->people->turn) {
            const coley_people_turn turn = l->people->turn(l->people->turn_self, who, row);
            if (turn != COLEY_TURN_GO_ON && isinf(p->quit_day)) {
                p->turned_day = sample->t_day;
                p->quit_day = row + 1 < l->people->n_days ? l->people->day[row + 1] : l->end_day;
                if (turn == COLEY_TURN_QUIT && p->change)
                    p->change_day = fmax(sample->t_day + p->change->delay_day, p->quit_day);
            }
            if (turn == COLEY_TURN_LEAVE) p->leave_day = fmin(p->leave_day, sample->t_day);
        }
        if (!who) {
            for (size_t k = 0; k < n_organs; k++)
                l->log.severity[row * n_organs + k] = sample->value[(l->first_severity + k) * sample->stride];
            l->log.prednisone[row] = coley_care_prednisone(l->bound->policy, &p->care, sample->t_day - 1e-6);
        }
    }
    if (p->sample_look[sample->index])
        look(l, p, sample->t_day, sample->value + l->first_severity * sample->stride, sample->stride);
}

static void keep_state(void *self, size_t i, double t_day, const double *state, size_t stride)
{
    const loop *l = self;
    person *p = person_of(self, i);
    (void)t_day;
    for (size_t v = 0; v < l->n_states; v++) p->end_state[v] = state[v * stride];
}

static void keep_result(void *self, size_t i, const coley_integration *result)
{
    const loop *l = self;
    person *p = person_of(self, i);
    if (l->people->result) l->people->result[p - l->person] = *result;
    if (result->status != COLEY_OK) p->lost = 1;
}

/* ---- planning a leg
 * --------------------------------------------------------------------------------------------------
 */

/* Insert behind those of the same time. */
static int add_dose(coley_arena *arena, coley_dose **list, size_t *cap, size_t *n, coley_dose dose)
{
    if (!COLEY_RESERVE(arena, *list, *cap, *n + 1)) return 0;
    size_t i = (*n)++;
    for (; i > 0 && (*list)[i - 1].t_day > dose.t_day; i--) (*list)[i] = (*list)[i - 1];
    (*list)[i] = dose;
    return 1;
}

#define ADD_DOSE(l, p, ...) add_dose((l)->arena, &(p)->dose, &(p)->cap_doses, &(p)->n_doses, __VA_ARGS__)

/* A drug of the policy at mg a day, from one day to another. */
static coley_dose flow(const loop *l, int drug, double mg_day, double from, double to)
{
    return (coley_dose){.t_day = from,
                        .amount = mg_day * l->bound->per_mg[drug] * (to - from),
                        .duration_day = to - from,
                        .state = l->bound->drug_state[drug]};
}

static coley_status plan_doses(loop *l, person *p, coley_error *err)
{
    const coley_session *s = l->session;
    const coley_session_care *b = l->bound;
    size_t n = 0;
    int good = 1;
    for (size_t i = 0; i < p->n_doses; i++) /* infusions that are not over, and numbers that were changed */
        if (p->dose[i].t_day < p->from_day &&
            (p->dose[i].kind == COLEY_DOSE_INPUT || p->dose[i].t_day + p->dose[i].duration_day > p->from_day))
            p->dose[n++] = p->dose[i];
    p->n_doses = n;
    if (p->from_day <= 0 && p->to_day > 0)
        good &= ADD_DOSE(l, p, ((coley_dose){.amount = -1, .state = l->people->body->hold_state}));
    for (size_t i = 0; i < s->n_doses; i++) {
        const int class = b->dose_class[i];
        if (s->dose[i].t_day < p->from_day || s->dose[i].t_day >= p->to_day || s->dose[i].amount == 0) continue;
        if (s->dose[i].t_day >= p->quit_from) continue;
        if (class < 0 || coley_care_gives(&p->care, (size_t) class)) good &= ADD_DOSE(l, p, s->dose[i]);
    }
    for (size_t i = 0; isfinite(p->later_day) && i < p->change->n_doses; i++) {
        coley_dose dose = p->change->dose[i];
        dose.t_day += p->later_day;
        if (dose.t_day < p->from_day || dose.t_day >= p->to_day || dose.amount == 0) continue;
        const int class = p->change->dose_class[i];
        if (class < 0 || coley_care_gives(&p->care, (size_t) class)) good &= ADD_DOSE(l, p, dose);
    }
    for (size_t i = 0; i < s->n_reseed; i++)
        if (s->reseed[i].t_day >= p->from_day && s->reseed[i].t_day < p->to_day) good &= ADD_DOSE(l, p, s->reseed[i]);
    for (size_t i = 0; i < p->n_later; i++)
        if (p->later[i].t_day >= p->from_day && p->later[i].t_day < p->to_day) good &= ADD_DOSE(l, p, p->later[i]);
    for (double day = p->from_day, mg, until; day < p->to_day; day = until) {
        const int drug = coley_care_steroid(b->policy, &p->care, day, &mg, &until);
        until = fmin(until, p->to_day);
        assert(until > day);
        if (drug >= 0 && mg > 0) good &= ADD_DOSE(l, p, flow(l, drug, mg, day, until));
    }
    for (size_t d = 0; d < b->policy->n_drugs; d++)
        if (p->care.daily >> d & 1)
            good &= ADD_DOSE(l, p,
                             flow(l, (int)d, coley_care_mg(&p->care, b->policy->drug[d].dose), p->from_day, p->to_day));
    return good ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

/* The leg's samples: looks, its end among them, and rows of the course. */
static coley_status plan_samples(loop *l, person *p, coley_arena *scratch, coley_error *err)
{
    const double *day = l->people->day;
    size_t low = 0, high = l->people->n_days;
    const int first = p->from_day <= -l->people->settle_day;
    while (low < high) { /* the first row in the leg */
        const size_t middle = (low + high) / 2;
        if (day[middle] > p->from_day || (first && day[middle] >= p->from_day))
            high = middle;
        else
            low = middle + 1;
    }
    double next = first ? INFINITY : p->from_day + LOOK_EVERY;
    size_t most = (size_t)fmax((p->to_day - p->from_day) / LOOK_EVERY, 0) + 2;
    for (size_t i = low; i < l->people->n_days && day[i] <= p->to_day; i++) most++;
    p->sample_day = COLEY_NEW(scratch, double, most);
    p->sample_row = COLEY_NEW(scratch, size_t, most);
    p->sample_look = COLEY_NEW(scratch, unsigned char, most);
    if (!p->sample_day || !p->sample_row || !p->sample_look) return COLEY_FAIL_MEMORY(err);
    p->n_samples = 0;
    for (double at = -INFINITY; at < p->to_day;) {
        const double row = low < l->people->n_days ? day[low] : INFINITY;
        at = fmin(fmin(row, next), p->to_day);
        p->sample_day[p->n_samples] = at;
        p->sample_look[p->n_samples] = next == at || at == p->to_day;
        p->sample_row[p->n_samples++] = row == at ? low++ : SIZE_MAX;
        if (next == at) next += LOOK_EVERY;
    }
    assert(p->n_samples <= most);
    return COLEY_OK;
}

/* The next planned dose after the leg's start that a visit goes with; infinite when there is none. */
static double next_dose(const loop *l, const person *p)
{
    const coley_session *s = l->session;
    if (isfinite(p->later_day)) {
        for (size_t i = 0; i < p->change->n_doses; i++)
            if (p->later_day + p->change->dose[i].t_day > p->from_day + VISIT_GAP && p->change->dose_class[i] >= 0 &&
                !(p->care.stopped >> p->change->dose_class[i] & 1))
                return p->later_day + p->change->dose[i].t_day;
        return INFINITY;
    }
    for (size_t i = 0; i < s->n_doses; i++)
        if (s->dose[i].t_day > p->from_day + VISIT_GAP && l->bound->dose_class[i] >= 0 &&
            !(p->care.stopped >> l->bound->dose_class[i] & 1))
            return s->dose[i].t_day;
    return INFINITY;
}

static coley_status plan_leg(loop *l, person *p, double to_day, coley_visit_reason reason, coley_arena *scratch,
                             coley_error *err)
{
    p->to_day = to_day;
    p->reason = reason;
    p->report_day = INFINITY;
    if (p->turned_day > p->from_day)
        p->turned_day = p->quit_day = p->change_day = INFINITY; /* seen in a leg that is run again */
    if (p->leave_day > p->from_day) p->leave_day = INFINITY;
    p->quit_from = p->quit_day;
    p->last_day = p->from_day;
    p->last_hazard = p->start_hazard;
    p->last_severe = p->start_severe;
    memcpy(p->severity, p->start_severity, sizeof p->severity);
    p->sums = (leg_sums){0};
    for (size_t k = 0; k < COLEY_MAX_ORGANS; k++) p->told[k] = p->care.organ[k].grade;
    COLEY_TRY(plan_doses(l, p, err));
    return plan_samples(l, p, scratch, err);
}

/* The leg to the next visit that anybody knows of, or to the end. */
static coley_status plan_next(loop *l, person *p, coley_arena *scratch, coley_error *err)
{
    const coley_policy *policy = l->bound->policy;
    coley_visit_reason reason = COLEY_VISIT_SCHEDULED;
    double to = p->from_day + policy->every_day;
    p->again = 0;
    if (isinf(p->later_day) && isfinite(p->change_day)) p->later_day = fmax(p->change_day, p->from_day);
    if (p->later_day <= p->from_day) p->care.treated_with |= p->change->treated_with;
    if (policy->at_doses) {
        const double dose = next_dose(l, p);
        if (dose <= p->from_day + DOSE_FOR_VISIT * policy->every_day) to = dose;
    }
    if (p->care.next_day < to) {
        to = p->care.next_day;
        reason = COLEY_VISIT_FOLLOW_UP;
    }
    if (p->later_day > p->from_day && p->later_day < to) { /* therapy changes at a visit */
        to = p->later_day;
        reason = COLEY_VISIT_SCHEDULED;
    }
    if (to > l->end_day - VISIT_GAP) to = l->end_day;
    return plan_leg(l, p, to, reason, scratch, err);
}

/* ---- a visit
 * ---------------------------------------------------------------------------------------------------------
 */

/* The leg counts: what was seen, what was given. */
static void settle_leg(const loop *l, person *p)
{
    coley_care_outcome *o = p->outcome;
    const coley_session_care *b = l->bound;
    for (size_t k = 0; k < b->grading->n; k++) {
        if (p->from_day >= p->later_day) break; /* what the planned therapy did is complete */
        o->severity[k] = fmax(o->severity[k], p->sums.severity[k]);
        if (p->sums.worst[k] <= o->worst[k]) continue;
        o->worst[k] = p->sums.worst[k];
        o->worst_day[k] = p->sums.worst_day[k];
    }
    o->hazard += p->sums.hazard;
    o->severe_day += p->sums.severe_day;
    p->start_hazard = p->last_hazard;
    p->start_severe = p->last_severe;
    memcpy(p->start_severity, p->severity, sizeof p->start_severity);
    for (double day = p->from_day, mg, until; day < p->to_day; day = until) {
        const int drug = coley_care_steroid(b->policy, &p->care, day, &mg, &until);
        until = fmin(until, p->to_day);
        if (drug < 0 || !(mg > 0)) continue;
        o->steroid_day += until - day;
        o->prednisone_mg += mg * (until - day) * b->policy->drug[drug].as_prednisone;
    }
    for (size_t i = 0; i < l->session->n_doses; i++) {
        const coley_dose *d = &l->session->dose[i];
        const int class = b->dose_class[i];
        if (d->t_day < p->from_day || d->t_day >= p->to_day || d->t_day >= p->quit_from) continue;
        o->given[i] = class < 0 || coley_care_gives(&p->care, (size_t) class);
        if (class < 0) continue;
        o->n_planned++;
        if (p->care.stopped >> class & 1)
            o->n_stopped++;
        else if (p->care.held)
            o->n_held++;
        else
            o->n_given++;
    }
}

static coley_status begin_courses(loop *l, person *p, const coley_care_visit *visit, coley_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_later; i++) /* those that are still to come */
        if (p->later[i].t_day >= visit->day) p->later[n++] = p->later[i];
    p->n_later = n;
    for (size_t i = 0; i < visit->n_actions; i++) {
        const coley_care_action *a = &visit->action[i];
        if (a->deed != COLEY_DEED_COURSE) continue;
        const coley_policy_drug *drug = &l->bound->policy->drug[a->drug];
        for (size_t k = 0; k < drug->n_days; k++)
            if (!add_dose(l->arena, &p->later, &p->cap_later, &p->n_later,
                          (coley_dose){.t_day = visit->day + drug->day[k],
                                       .amount = a->mg * l->bound->per_mg[a->drug],
                                       .duration_day = drug->infusion_day,
                                       .state = l->bound->drug_state[a->drug]}))
                return COLEY_FAIL_MEMORY(err);
    }
    return COLEY_OK;
}

static coley_status see_person(loop *l, person *p, coley_error *err)
{
    const coley_session_care *b = l->bound;
    coley_care_visit visit = {.day = p->to_day, .reason = p->reason};
    memcpy(visit.severity, p->severity, sizeof visit.severity);
    coley_care_observe(b->policy, b->grading, &p->care, &visit);
    coley_care_decide(b->policy, &p->care, &visit);
    p->outcome->n_visits++;
    p->outcome->n_reported += p->reason == COLEY_VISIT_REPORTED;
    for (size_t k = 0; k < b->grading->n; k++) p->outcome->worst_known[k] = p->care.organ[k].worst;
    if (p->care.stopped && !p->outcome->stopped) p->outcome->stopped_day = p->to_day;
    p->outcome->stopped = p->care.stopped;
    COLEY_TRY(begin_courses(l, p, &visit, err));
    return p == l->person ? coley_care_log_visit(&l->log, b, &visit, err) : COLEY_OK;
}

/* After a leg: run it again, from its start, up to a report, or see the person and plan the next. Only now is known
 * what was noticed on the way: the integrator may hand over a leg's end before its last sample. */
static coley_status go_on(loop *l, person *p, coley_arena *scratch, coley_error *err)
{
    if (!p->lost && !p->again && p->report_day < p->to_day - VISIT_GAP) {
        p->again = 1;
        return plan_leg(l, p, p->report_day, COLEY_VISIT_REPORTED, scratch, err);
    }
    if (!p->lost) {
        double *const start = p->state;
        p->state = p->end_state;
        p->end_state = start;
        settle_leg(l, p);
        if (p == l->person) COLEY_TRY(coley_care_log_doses(&l->log, l->session, &p->care, p->from_day, p->to_day, err));
    }
    if (p->lost || p->to_day >= l->end_day || p->leave_day <= p->to_day) {
        p->done = 1;
        coley_progress_add(l->people->progress, 1);
        return COLEY_OK;
    }
    COLEY_TRY(see_person(l, p, err));
    p->from_day = p->to_day;
    return plan_next(l, p, scratch, err);
}

/* ---- all of them
 * -----------------------------------------------------------------------------------------------------
 */

static coley_status set_out(loop *l, const uint64_t *id, coley_care_crowd *crowd, coley_error *err)
{
    coley_people *people = l->people;
    double *state = COLEY_NEW(l->arena, double, 2 * people->n * l->n_states);
    l->person = COLEY_NEW(l->arena, person, people->n);
    l->active = COLEY_NEW(l->arena, size_t, people->n);
    crowd->outcome = COLEY_NEW(l->arena, coley_care_outcome, people->n);
    unsigned char *given = COLEY_NEW(l->arena, unsigned char, people->n *l->session->n_doses);
    if (!state || !l->person || !l->active || !crowd->outcome || !given) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < people->n; i++) {
        person *p = &l->person[i];
        p->id = id[i];
        p->state = state + 2 * i * l->n_states;
        p->end_state = p->state + l->n_states;
        p->outcome = &crowd->outcome[i];
        p->outcome->stopped_day = NAN;
        p->outcome->given = given + i * l->session->n_doses;
        for (size_t k = 0; k < COLEY_MAX_ORGANS; k++) p->outcome->worst_day[k] = NAN;
        p->from_day = -people->settle_day;
        p->turned_day = p->quit_day = p->leave_day = p->change_day = p->later_day = INFINITY;
        p->change = people->later ? people->later[i] : NULL;
        coley_care_begin(&p->care, l->session->scenario->patient.weight_kg, l->bound->treated_with);
    }
    return COLEY_OK;
}

/* Legs in turn, until nobody has one left. `scratch` holds what a leg needs and its successor doesn't. */
static coley_status run_legs(loop *l, const coley_system *system, coley_arena *scratch, coley_error *err)
{
    coley_people *people = l->people;
    for (size_t i = 0; i < people->n; i++) {
        /* Up to day 0 nothing is reported: the first visit is then. */
        COLEY_TRY(plan_leg(l, &l->person[i], fmin(0, l->end_day), COLEY_VISIT_SCHEDULED, scratch, err));
        l->person[i].again = 1;
        l->active[l->n_active++] = i;
    }
    while (l->n_active) {
        const coley_cohort cohort = {.self = l,
                                     .n = l->n_active,
                                     .t_start_day = -people->settle_day,
                                     .t_end_day = l->end_day,
                                     .inputs = give_inputs,
                                     .doses = give_doses,
                                     .samples = give_samples,
                                     .sample = take_sample,
                                     .finish = keep_result,
                                     .start = start_leg,
                                     .end = keep_state};
        const coley_status status = coley_integrate(system, &cohort, &people->integrator, err);
        if (status != COLEY_OK && status != COLEY_ERR_DIVERGED) return status;
        coley_arena_reset(scratch);
        size_t n = 0;
        for (size_t i = 0; i < l->n_active; i++) {
            person *p = &l->person[l->active[i]];
            COLEY_TRY(go_on(l, p, scratch, err));
            if (!p->done) l->active[n++] = l->active[i];
        }
        l->n_active = n;
    }
    return COLEY_OK;
}

static coley_status simulate(loop *l, const uint64_t *id, coley_arena *scratch, coley_care_crowd *crowd,
                             coley_error *err)
{
    coley_people *people = l->people;
    const coley_session_care *b = l->bound;
    const size_t n_observed = people->n_observed + b->grading->n + 1;
    int32_t *observed = COLEY_NEW(l->arena, int32_t, n_observed);
    const coley_observer *observer;
    if (!observed) return COLEY_FAIL_MEMORY(err);
    memcpy(observed, people->observed, people->n_observed * sizeof *observed);
    memcpy(observed + people->n_observed, b->severity, b->grading->n * sizeof *observed);
    observed[n_observed - 1] = b->hazard < 0 ? b->severity[0] : b->hazard;
    COLEY_TRY(coley_observer_compile(l->arena, people->body->program, observed, n_observed, &observer, err));
    coley_system system = coley_system_of_program(people->body->program, observer, n_observed);
    system.native = people->body->native;
    l->n_states = system.n;
    l->first_severity = people->n_observed;
    for (size_t i = 0; i < people->n * people->n_days * people->n_observed; i++) people->value[i] = NAN;
    COLEY_TRY(coley_care_log_begin(l->arena, people->n_days, b->grading->n, &l->log, err));
    COLEY_TRY(set_out(l, id, crowd, err));
    system.awakes = coley_awakes_create(&system); /* kept from leg to leg; without it each begins anew */
    const coley_status status = run_legs(l, &system, scratch, err);
    coley_awakes_destroy(system.awakes);
    COLEY_TRY(status);
    size_t n_lost = 0;
    for (size_t i = 0; i < people->n; i++) {
        if (people->lost) people->lost[i] = (unsigned char)l->person[i].lost;
        n_lost += (size_t)l->person[i].lost;
        if (people->later) people->later_day[i] = isfinite(l->person[i].later_day) ? l->person[i].later_day : NAN;
    }
    coley_care_log_end(&l->log, crowd);
    if (n_lost == people->n)
        return COLEY_FAIL(err, COLEY_ERR_DIVERGED, "the solver could not follow anybody to the end");
    return COLEY_OK;
}

coley_status coley_care_simulate(coley_arena *arena, const coley_session *session, coley_people *people,
                                 const uint64_t *id, coley_care_crowd **out, coley_error *err)
{
    loop l = {.arena = arena,
              .session = session,
              .bound = session->care,
              .people = people,
              .n_inputs = coley_program_input_count(people->body->program),
              .end_day = people->n_days ? fmax(people->day[people->n_days - 1], 0) : 0};
    coley_care_crowd *crowd = COLEY_NEW(arena, coley_care_crowd, 1);
    coley_arena *scratch = coley_arena_create();
    const coley_status status = crowd && scratch ? simulate(&l, id, scratch, crowd, err) : COLEY_FAIL_MEMORY(err);
    coley_arena_destroy(scratch);
    *out = crowd;
    return status;
}
