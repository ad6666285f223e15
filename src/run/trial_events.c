/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_events.c -- see trial_events.h. */
#include "run/trial_events.h"

#include <math.h>
#include <string.h>

#include "catalog/drug_events.h"
#include "run/dosing.h"
#include "run/trial_parts.h"

/* One event of one drug's table. */
typedef struct table_row {
    size_t drug, harm;  /* of the session; of the trial */
    double any, severe; /* hazards [1/day of the table's dose] */
    double most;        /* exposure that counts [day] */
    uint64_t key;
} table_row;

/* One event that is graded from a column of the watch. */
typedef struct count_row {
    const coley_event_term *term;
    size_t column, harm;
    uint64_t key;
} count_row;

typedef struct coley_trial_events {
    size_t n_tables, n_counts;
    table_row *table;
    count_row *count;
} coley_trial_events;

/* FNV-1a, 64 bits: a name as a tick of the random numbers, whatever else is in the trial. */
static uint64_t key_of(const char *a, const char *b)
{
    uint64_t hash = 14695981039346656037u;
    const char *const part[] = {a, ":", b};
    for (size_t i = 0; i < 3; i++)
        for (const char *c = part[i]; *c; c++) hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    return hash;
}

/* --- exposure --------------------------------------------------------------------------------------------------------
 */

double coley_exposure_day(size_t n, const coley_exposure *piece, double hazard, double most, double limit)
{
    const double wanted = hazard > 0 ? limit / hazard : INFINITY;
    if (!(wanted <= most)) return INFINITY;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double more = (piece[i].to_day - piece[i].from_day) * piece[i].rate;
        if (sum + more >= wanted && more > 0)
            return piece[i].from_day + (piece[i].to_day - piece[i].from_day) * (wanted - sum) / more;
        sum += more;
    }
    return INFINITY;
}

coley_status coley_trial_exposure(coley_arena *scratch, const coley_session *session, size_t drug,
                                  const unsigned char *given, size_t *n, coley_exposure **piece, coley_error *err)
{
    const coley_catalog_drug *d = session->drug[drug];
    const coley_drug_events *e = d->events;
    const double usual = e->label->dose * coley_dose_scale(&session->scenario->patient, e->label->basis);
    size_t last = SIZE_MAX;
    double amount = 0;
    *n = 0;
    if (!(*piece = COLEY_NEW(scratch, coley_exposure, session->n_doses + 1))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i <= session->n_doses; i++) {
        const int end = i == session->n_doses;
        if (!end && (!given[i] || !(session->given[i].amount > 0) || strcmp(session->given[i].drug, d->name) != 0))
            continue;
        if (last != SIZE_MAX) {
            const double from = session->given[last].day;
            const double to = fmin(end ? INFINITY : session->given[i].day, from + e->lasts_day);
            amount += session->given[last].amount;
            if (to > from) { /* of doses at one time the last stands for all */
                const double dose = amount / usual * e->label->every_day / (to - from);
                (*piece)[(*n)++] = (coley_exposure){from, to, e->by_dose ? dose : 1};
                amount = 0;
            }
        }
        last = i;
    }
    return COLEY_OK;
}

/* Which doses the person got: as the clinic has it, or all before the rule of progression ended treatment. */
static void doses_given(const coley_trial_block *b, size_t person, const coley_trial_patient *p, unsigned char *given)
{
    const coley_session *s = b->run->session;
    const unsigned char *known = s->care ? b->crowd.care->outcome[person].given : NULL;
    const double quit = known ? INFINITY : coley_trial_block_quit_day(b, person);
    for (size_t i = 0; i < s->n_doses; i++) given[i] = s->given[i].day < fmin(quit, p->os_day) && (!known || known[i]);
}

/* --- an arm ----------------------------------------------------------------------------------------------------------
 */

coley_status coley_trial_terms_read(coley_arena *arena, const char *catalog, const coley_event_terms **out,
                                    coley_error *err)
{
    const char *path = coley_arena_printf(arena, "%s/guidelines/adverse_events.yaml", catalog);
    coley_event_terms *terms = COLEY_NEW(arena, coley_event_terms, 1);
    const coley_yaml *root;
    if (!path || !terms) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_event_terms_read(arena, root, terms, err));
    *out = terms;
    return COLEY_OK;
}

int coley_trial_terms_want(const coley_event_terms *terms, const char *symbol)
{
    for (size_t i = 0; i < terms->n; i++)
        if (terms->term[i].symbol && !strcmp(terms->term[i].symbol, symbol)) return 1;
    return 0;
}

static coley_status find_harm(coley_trial *trial, const coley_event_term *term, size_t *harm, coley_error *err)
{
    *harm = coley_trial_harm_called(trial, term->name, term->system);
    if (*harm == SIZE_MAX)
        return COLEY_FAIL(err, COLEY_ERR_INPUT,
                          "the arms' drugs have more than %d kinds of adverse event; split the trial",
                          COLEY_TRIAL_MAX_EVENTS);
    return COLEY_OK;
}

static coley_status bind_counts(coley_trial *trial, const coley_session *s, coley_trial_events *events,
                                coley_error *err)
{
    for (size_t k = 0; k < trial->terms->n; k++) {
        const coley_event_term *term = &trial->terms->term[k];
        const ptrdiff_t column = term->symbol ? coley_watch_row(&s->watch, -1, term->symbol) : -1;
        if (column < 0) continue;
        count_row *row = &events->count[events->n_counts++];
        *row = (count_row){.term = term, .column = (size_t)column, .key = key_of("found", term->name)};
        COLEY_TRY(find_harm(trial, term, &row->harm, err));
    }
    return COLEY_OK;
}

static coley_status bind_table(coley_trial *trial, const coley_session *s, size_t drug, coley_trial_events *events,
                               coley_error *err)
{
    const coley_drug_events *e = s->drug[drug]->events;
    for (size_t i = 0; e && i < e->n; i++) {
        const ptrdiff_t k = coley_event_term_called(trial->terms, e->event[i].event);
        if (k < 0)
            return coley_yaml_fail(e->event[i].node, err, "%s is not among the events of adverse_events.yaml",
                                   coley_quote_make(e->event[i].event).text);
        const coley_event_term *term = &trial->terms->term[k];
        if (term->symbol)
            return coley_yaml_fail(e->event[i].node, err, "%s is graded from the model and has no place in a table",
                                   term->name);
        const double time = fmin(e->exposure_day, e->event[i].until_day);
        table_row *row = &events->table[events->n_tables++];
        *row = (table_row){.drug = drug,
                           .any = -log1p(-e->event[i].any) / time,
                           .severe = -log1p(-e->event[i].severe) / time,
                           .most = e->event[i].until_day,
                           .key = key_of(s->drug[drug]->name, term->name)};
        COLEY_TRY(find_harm(trial, term, &row->harm, err));
    }
    return COLEY_OK;
}

coley_status coley_trial_events_bind(coley_arena *arena, coley_trial *trial, size_t arm, coley_error *err)
{
    coley_trial_plan *plan = (coley_trial_plan *)trial->arm[arm].plan;
    const coley_session *s = plan->session;
    coley_trial_events *events = COLEY_NEW(arena, coley_trial_events, 1);
    size_t n = 0;
    for (size_t d = 0; d < s->n_drugs; d++) n += s->drug[d]->events ? s->drug[d]->events->n : 0;
    if (!events || !(events->table = COLEY_NEW(arena, table_row, n)) ||
        !(events->count = COLEY_NEW(arena, count_row, trial->terms->n)))
        return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(bind_counts(trial, s, events, err));
    for (size_t d = 0; d < s->n_drugs; d++) COLEY_TRY(bind_table(trial, s, d, events, err));
    plan->events = events;
    trial->harms_simulated[arm] |= events->n_tables + events->n_counts > 0;
    return COLEY_OK;
}

/* --- a person --------------------------------------------------------------------------------------------------------
 */

static double uniform(const coley_trial_block *b, const coley_trial_patient *p, uint64_t key)
{
    return coley_rng_uniform((uint64_t)b->trial->design->seed, COLEY_STREAM_HARM, p->id, key);
}

/* Of a count that falls only what lies below the grade before treatment is an event. */
static void judge_count(const coley_trial_block *b, const count_row *row, size_t person, coley_trial_patient *p)
{
    const coley_session *s = b->run->session;
    if (uniform(b, p, row->key) >= row->term->found) return;
    const int before = coley_event_term_grade(row->term, coley_crowd_at(&b->crowd, person, 0, row->column));
    for (size_t i = 0; i < s->n_days && s->day[i] <= p->os_day; i++) {
        const int grade = coley_event_term_grade(row->term, coley_crowd_at(&b->crowd, person, i, row->column));
        if (grade > before) coley_trial_note_harm(p, row->harm, grade, s->day[i]);
    }
}

coley_status coley_trial_events_judge(coley_arena *scratch, const coley_trial_block *b, size_t person,
                                      coley_trial_patient *p, coley_error *err)
{
    const coley_trial_events *events = b->run->plan->events;
    const coley_session *s = b->run->session;
    for (size_t i = 0; i < events->n_counts; i++) judge_count(b, &events->count[i], person, p);
    if (!events->n_tables) return COLEY_OK;
    unsigned char *given = COLEY_NEW(scratch, unsigned char, s->n_doses);
    coley_exposure *piece = NULL;
    size_t n = 0, drug = SIZE_MAX;
    if (!given) return COLEY_FAIL_MEMORY(err);
    doses_given(b, person, p, given);
    for (size_t i = 0; i < events->n_tables; i++) {
        const table_row *row = &events->table[i];
        if (row->drug != drug) COLEY_TRY(coley_trial_exposure(scratch, s, drug = row->drug, given, &n, &piece, err));
        const double limit = -log(uniform(b, p, row->key));
        const double mild = coley_exposure_day(n, piece, row->any, row->most, limit);
        const double severe = coley_exposure_day(n, piece, row->severe, row->most, limit);
        if (mild <= p->os_day) coley_trial_note_harm(p, row->harm, 1, mild);
        if (severe <= p->os_day) coley_trial_note_harm(p, row->harm, 3, severe);
    }
    return COLEY_OK;
}
