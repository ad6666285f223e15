/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_people.c -- simulates the patient and the virtual people of a session in one cohort. */
#include <math.h>
#include <string.h>

#include "run/care_loop.h"

/* Cells below this are nobody; everything else in the model is of order one or more where it matters. */
#define ABSOLUTE_TOLERANCE 1e-5

static const size_t max_bytes = (size_t)8 << 30;

/* Rows of inputs: the patient, then virtual people 1, 2, ... */
static coley_status draw_people(coley_arena *arena, const coley_session *session, size_t n, double **inputs,
                                uint64_t *ids, coley_error *err)
{
    const coley_population *population = session->population;
    const coley_scenario *scenario = session->scenario;
    const size_t n_inputs = coley_program_input_count(session->body->program);
    const uint64_t seed = (uint64_t)scenario->run.seed, named = (uint64_t)scenario->patient.person;
    double *rows = COLEY_NEW(arena, double, n *n_inputs), *z = COLEY_NEW(arena, double, population->n_traits);
    if (!rows || !z) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        const uint64_t id = i ? (uint64_t)i : named;
        ids[i] = id;
        if (id) coley_population_scores(population, seed, id, z);
        coley_population_inputs(population, id ? z : NULL, rows + i * n_inputs);
    }
    *inputs = rows;
    return COLEY_OK;
}

/* True when every lesion of a person grows when it is let go on day 0. One that was about to vanish by itself would not
 * have been found at its size, so such people do not stand behind the bands. */
static int would_grow(const coley_session *session, const coley_crowd *crowd, size_t person)
{
    for (size_t lesion = 0; lesion < session->scenario->lesions.n; lesion++) {
        const ptrdiff_t column = coley_watch_row(&session->watch, (ptrdiff_t)lesion, "net_growth");
        if (column >= 0 && !(coley_crowd_at(crowd, person, 0, (size_t)column) > 0)) return 0;
    }
    return 1;
}

/* Drugs and rechallenges by day; on one day the drugs first. */
static coley_status all_doses(coley_arena *arena, const coley_session *s, const coley_dose **all, coley_error *err)
{
    coley_dose *dose = COLEY_NEW(arena, coley_dose, s->n_doses + s->n_reseed);
    if (!dose) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0, k = 0; i + k < s->n_doses + s->n_reseed;) {
        const int drug = i < s->n_doses && (k == s->n_reseed || s->dose[i].t_day <= s->reseed[k].t_day);
        dose[i + k] = drug ? s->dose[i] : s->reseed[k];
        *(drug ? &i : &k) += 1;
    }
    *all = dose;
    return COLEY_OK;
}

static coley_lost lost_person(const coley_session *s, uint64_t id, const coley_integration *result)
{
    coley_lost lost = {.person = id, .t_day = result->t_day, .state = "none"};
    if (result->state >= 0)
        lost.state = s->body->network->symbol[coley_program_state_symbol(s->body->program, (size_t)result->state)].id;
    return lost;
}

/* As coley_session_follow; `result` [n] may be NULL. */
static coley_status follow(coley_arena *arena, const coley_session *s, const coley_session_options *options,
                           const coley_roster *roster, size_t n_extra, const int32_t *extra, coley_crowd *crowd,
                           unsigned char *lost, coley_integration *result, double *value, coley_error *err)
{
    const size_t n = roster->n, n_columns = s->watch.n + n_extra;
    int32_t *observed = COLEY_NEW(arena, int32_t, n_columns);
    coley_care_crowd *care = NULL;
    const coley_dose *dose = NULL;
    if (!observed) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_columns; i++)
        observed[i] = i < s->watch.n ? s->watch.row[i].symbol : extra[i - s->watch.n];
    COLEY_TRY(all_doses(arena, s, &dose, err));
    coley_people people = {.body = s->body,
                           .n = n,
                           .inputs = roster->inputs,
                           .n_doses = s->n_doses + s->n_reseed,
                           .dose = dose,
                           .settle_day = COLEY_SETTLE_DAY,
                           .n_days = s->n_days,
                           .day = s->day,
                           .n_observed = n_columns,
                           .observed = observed,
                           .value = value,
                           .lost = lost,
                           .result = result,
                           .integrator = COLEY_INTEGRATOR_DEFAULT,
                           .progress = options->progress,
                           .turn = roster->turn,
                           .turn_self = roster->self,
                           .later = roster->later,
                           .later_day = roster->later_day};
    people.integrator.rtol = s->scenario->run.rtol;
    people.integrator.atol = ABSOLUTE_TOLERANCE;
    people.integrator.n_threads = options->n_threads;
    COLEY_TRY(s->care ? coley_care_simulate(arena, s, &people, roster->id, &care, err)
                      : coley_people_simulate(arena, &people, err));
    *crowd = (coley_crowd){.n = n,
                           .n_days = s->n_days,
                           .n_columns = n_columns,
                           .value = value,
                           .care = care,
                           .n_threads = options->n_threads};
    return COLEY_OK;
}

coley_status coley_session_follow(coley_arena *arena, const coley_session *s, const coley_session_options *options,
                                  const coley_roster *roster, size_t n_extra, const int32_t *extra, double *value,
                                  coley_crowd *crowd, unsigned char *lost, coley_error *err)
{
    if (!value) value = COLEY_NEW(arena, double, roster->n * s->n_days * (s->watch.n + n_extra));
    if (!value) return COLEY_FAIL_MEMORY(err);
    return follow(arena, s, options, roster, n_extra, extra, crowd, lost, NULL, value, err);
}

coley_status coley_session_people(coley_arena *arena, const coley_session *s, const coley_session_options *options,
                                  size_t n_extra, const int32_t *extra, coley_crowd *crowd, coley_error *err)
{
    const size_t n = 1 + (size_t)s->scenario->run.population, n_columns = s->watch.n + n_extra;
    const size_t row = s->n_days * n_columns;
    if (n > max_bytes / sizeof(double) / row)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = s->scenario->path, .key = "run.population"}),
                             "%zu people, %zu rows and %zu quantities need %.0f GB of memory; lower run.population or "
                             "raise run.output_every",
                             n, s->n_days, n_columns, 8e-9 * (double)n * (double)row);
    double *value = COLEY_NEW(arena, double, n *row), *inputs = NULL;
    unsigned char *lost = COLEY_NEW(arena, unsigned char, n);
    uint64_t *ids = COLEY_NEW(arena, uint64_t, n);
    coley_integration *result = COLEY_NEW(arena, coley_integration, n);
    coley_lost *gone = COLEY_NEW(arena, coley_lost, n);
    if (!value || !lost || !ids || !result || !gone) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(draw_people(arena, s, n, &inputs, ids, err));
    const coley_roster roster = {.n = n, .id = ids, .inputs = inputs};
    coley_progress_begin(options->progress, "virtual people", n);
    const coley_status status = follow(arena, s, options, &roster, n_extra, extra, crowd, lost, result, value, err);
    coley_progress_end(options->progress);
    COLEY_TRY(status);
    if (lost[0])
        return COLEY_FAIL_AT(err, COLEY_ERR_DIVERGED, ((coley_place){.file = s->scenario->path}),
                             "the solver could not follow the patient to the end; set run.rtol to %g, or look at "
                             "model.parameters for a value far from the model's own",
                             s->scenario->run.rtol / 100);
    coley_care_outcome *outcome = crowd->care ? crowd->care->outcome : NULL;
    crowd->n = 1;
    crowd->lost = gone;
    for (size_t i = 1; i < n; i++) {
        if (lost[i]) {
            gone[crowd->n_lost++] = lost_person(s, ids[i], &result[i]);
        } else if (!would_grow(s, crowd, i)) {
            crowd->n_vanished++;
        } else {
            if (crowd->n != i) memcpy(value + crowd->n * row, value + i * row, row * sizeof *value);
            if (outcome) outcome[crowd->n] = outcome[i];
            crowd->n++;
        }
    }
    return COLEY_OK;
}

size_t coley_session_scan_row(const coley_session *s, size_t k)
{
    size_t low = 0, high = s->n_days - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (s->day[middle] < s->scan_day[k])
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
