/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_schedule.c -- one person's records written out as doses and observations in the order in which they act. */
#include "run/model_doses_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What acts at one time: records in the order of the file, each its covariate before and its dose after; then what
 * comes from records of earlier times. */
typedef struct entry {
    coley_dose dose;
    size_t row, step;
    int later;       /* an additional or a lagged dose */
    int is_observed; /* an observation, not a dose */
} entry;

enum { STEP_COVARIATE, STEP_RESET, STEP_DOSE, STEP_NEXT_COVARIATE };

typedef struct writer {
    coley_arena *arena;
    const coley_model_doses *d;
    const doses_person *person;
    double t_start, t_end;
    double *inputs; /* as at the record at hand */
    entry *entry;
    size_t n, cap;
    coley_schedule_notes *notes;
    coley_error *err;
} writer;

static coley_place place_of(const writer *w, const coley_event_record *row, const char *key)
{
    return (coley_place){.file = w->d->table->file, .line = row->line, .key = key};
}

static coley_status add(writer *w, const entry *e)
{
    if (w->n == COLEY_EVENT_TABLE_MAX_DOSES)
        return COLEY_FAIL_AT(w->err, COLEY_ERR_INPUT, place_of(w, &w->d->table->row[w->person->first + e->row], "ADDL"),
                             "%smore than %d doses and observations", doses_who_is(w->person->id, ": ").text,
                             COLEY_EVENT_TABLE_MAX_DOSES);
    if (!COLEY_RESERVE(w->arena, w->entry, w->cap, w->n + 1)) return COLEY_FAIL_MEMORY(w->err);
    w->entry[w->n++] = *e;
    return COLEY_OK;
}

static double time_of(const writer *w, size_t i)
{
    return w->d->table->row[w->person->first + i].time * w->d->time_factor;
}

/* --- covariates -------------------------------------------------------------------------------------------------- */

/* Row i as far as covariates go: the inputs that it changes, at the time of the rule. */
static coley_status add_covariates(writer *w, size_t i)
{
    const coley_model_doses *d = w->d;
    for (size_t k = 0; k < d->n_covariates; k++) {
        const doses_covariate *c = &d->covariate[k];
        const double value = c->value[w->person->first + i];
        if (isnan(value) || value == w->inputs[c->input]) continue;
        w->inputs[c->input] = value;
        if (i == 0) continue;
        const int back = d->carry == COLEY_CARRY_NOCB;
        const entry e = {.dose = {.t_day = time_of(w, back ? i - 1 : i),
                                  .amount = value,
                                  .state = c->input,
                                  .kind = COLEY_DOSE_INPUT},
                         .row = back ? i - 1 : i,
                         .step = back ? STEP_NEXT_COVARIATE : STEP_COVARIATE};
        if (e.dose.t_day <= w->t_end) COLEY_TRY(add(w, &e));
    }
    return COLEY_OK;
}

/* --- doses ------------------------------------------------------------------------------------------------------- */

/* The row's own cell, else what was given for the state, else `missing`. */
static coley_status changer(const writer *w, const coley_event_record *row, const doses_changer *c, int32_t column,
                            double factor, double missing, double *value)
{
    const coley_event_table *t = w->d->table;
    const char *text = column < 0 ? "" : row->other[column];
    *value = !c->given ? missing : c->input < 0 ? c->value : w->inputs[c->input];
    if (*text && !coley_text_number(text, value))
        return COLEY_FAIL_AT(w->err, COLEY_ERR_INPUT, place_of(w, row, t->other_name[column]), "%s%s is not a number",
                             doses_who_is(row->id, ": ").text, coley_quote_make(text).text);
    if (*text) *value *= factor;
    if (!(*value >= 0 && *value <= 1e15))
        return COLEY_FAIL_AT(w->err, COLEY_ERR_INPUT, place_of(w, row, missing == 0 ? "lag" : "bioavailability"),
                             "%stime %g: %g must be 0 or more", doses_who_is(row->id, ", ").text, row->time, *value);
    return COLEY_OK;
}

/* A dose written out. */
typedef struct given {
    size_t row;
    double t, lag, amount, duration, interval;
    double until; /* a later reset drops what has not been given by then */
    int32_t state;
} given;

static coley_status add_one(writer *w, const given *g, double t, double amount, double duration, int later,
                            coley_dose_kind kind)
{
    const entry e = {.dose = {.t_day = t, .amount = amount, .duration_day = duration, .state = g->state, .kind = kind},
                     .row = g->row,
                     .step = STEP_DOSE,
                     .later = later};
    if (t > w->t_end || (later && t >= g->until)) return COLEY_OK;
    const double end = fmin(t + duration, g->until);
    if (w->notes && duration > 0 && end > w->t_end && w->notes->n_cut++ == 0) {
        w->notes->cut_line = w->d->table->row[w->person->first + g->row].line;
        w->notes->cut_time = end;
        w->notes->cut_id = w->person->id;
    }
    return add(w, &e);
}

/* The doses of a steady state that were given before its record and still act, or that its lag holds back. */
static coley_status add_steady(writer *w, const given *g, int steady)
{
    const double behind = g->interval > 0 ? ceil(g->lag / g->interval) : 0;
    double phase = behind * g->interval - g->lag;
    if (!(phase > 0 && phase < g->interval)) phase = 0;
    const entry e = {.dose = {.t_day = g->t,
                              .amount = g->amount,
                              .duration_day = g->duration,
                              .interval_day = g->interval,
                              .phase_day = phase,
                              .state = g->state,
                              .kind = steady == 1 ? COLEY_DOSE_STEADY : COLEY_DOSE_STEADY_ADDED},
                     .row = g->row,
                     .step = STEP_DOSE};
    if (g->t > w->t_end) return COLEY_OK;
    COLEY_TRY(add(w, &e));
    if (!(g->interval > 0)) return COLEY_OK;
    if (behind > COLEY_EVENT_TABLE_MAX_DOSES || g->duration / g->interval > COLEY_EVENT_TABLE_MAX_DOSES)
        return COLEY_FAIL_AT(w->err, COLEY_ERR_INPUT, place_of(w, &w->d->table->row[w->person->first + g->row], "II"),
                             "%smore than %d doses act at once, one every %g", doses_who_is(w->person->id, ": ").text,
                             COLEY_EVENT_TABLE_MAX_DOSES, g->interval);
    const double oldest = ceil((g->lag + g->duration) / g->interval);
    for (double k = oldest; k >= 1; k--) {
        /* Of a lag of whole intervals, the dose that comes right now. */
        const double start = phase == 0 && k == behind ? g->t : g->t + (g->lag - k * g->interval);
        const double left = start + g->duration - g->t;
        if (start >= g->t)
            COLEY_TRY(add_one(w, g, start, g->amount, g->duration, start > g->t, COLEY_DOSE_ADD));
        else if (g->duration > 0 && left > 0)
            COLEY_TRY(add_one(w, g, g->t, g->amount * (left / g->duration), left, 0, COLEY_DOSE_ADD));
    }
    return COLEY_OK;
}

static coley_status add_dose(writer *w, size_t i, double until)
{
    const coley_model_doses *d = w->d;
    const coley_event_record *row = &d->table->row[w->person->first + i];
    const int32_t state = d->row_state[w->person->first + i];
    const doses_state *s = &d->state[state];
    given g = {.row = i,
               .t = time_of(w, i),
               .amount = row->amount * s->amount_factor,
               .interval = row->interval * d->interval_factor,
               .until = until,
               .state = state};
    const int replaces = row->evid == COLEY_EVID_REPLACE;
    if (!replaces) {
        double part;
        COLEY_TRY(changer(w, row, &s->lag, s->lag_column, s->lag_column_factor, 0, &g.lag));
        COLEY_TRY(changer(w, row, &s->part, s->part_column, s->part_column_factor, 1, &part));
        const double rate = row->rate * s->rate_factor;
        g.amount *= part;
        if (row->steady && row->interval == 0) {
            g.amount = rate;
            return add_steady(w, &g, row->steady);
        }
        if (rate > 0) g.duration = g.amount / rate;
        if (!(g.amount <= 1e300 && g.duration <= 1e15))
            return COLEY_FAIL_AT(w->err, COLEY_ERR_INPUT, place_of(w, row, "RATE"),
                                 "%stime %g: an infusion of %g at a rate of %g takes %g, longer than there is time "
                                 "(1e15 at most)",
                                 doses_who_is(row->id, ", ").text, row->time, g.amount, rate, g.duration);
        if (row->steady) COLEY_TRY(add_steady(w, &g, row->steady));
    }
    for (int64_t k = 0; k <= row->additional; k++) {
        const double t = g.t + g.lag + (double)k * g.interval;
        if (t > w->t_end || (k && t >= until)) break;
        COLEY_TRY(add_one(w, &g, t, g.amount, g.duration, k > 0 || g.lag > 0,
                          replaces ? COLEY_DOSE_REPLACE : COLEY_DOSE_ADD));
    }
    return COLEY_OK;
}

/* --- records ----------------------------------------------------------------------------------------------------- */

static int resets(const coley_event_record *row)
{
    return row->evid == COLEY_EVID_RESET || row->evid == COLEY_EVID_RESET_AND_DOSE || row->steady == 1;
}

/* Time of the next record after row i that drops what row i still holds back. */
static double next_reset(const writer *w, const size_t *next, size_t i)
{
    return next[i] < w->person->n ? time_of(w, next[i]) : INFINITY;
}

static coley_status add_record(writer *w, size_t i, double until)
{
    const coley_event_record *row = &w->d->table->row[w->person->first + i];
    const double t = time_of(w, i);
    if (t < w->t_start)
        return COLEY_FAIL_AT(w->err, COLEY_ERR_INPUT, place_of(w, row, "TIME"),
                             "%sthe record is at %g, before the run starts at %g", doses_who_is(row->id, ": ").text, t,
                             w->t_start);
    COLEY_TRY(add_covariates(w, i));
    if (t > w->t_end) {
        if (w->notes && w->notes->n_late++ == 0) {
            w->notes->late_line = row->line;
            w->notes->late_time = t;
            w->notes->late_id = row->id;
        }
        return COLEY_OK;
    }
    const entry reset = {.dose = {.t_day = t, .kind = COLEY_DOSE_RESET}, .row = i, .step = STEP_RESET};
    const entry seen = {.dose = {.t_day = t}, .row = i, .step = STEP_DOSE, .is_observed = 1};
    if (row->evid == COLEY_EVID_OBSERVATION) return add(w, &seen);
    if (row->evid == COLEY_EVID_RESET || row->evid == COLEY_EVID_RESET_AND_DOSE) COLEY_TRY(add(w, &reset));
    return coley_event_gives(row) ? add_dose(w, i, until) : COLEY_OK;
}

static int by_order(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->dose.t_day != y->dose.t_day) return x->dose.t_day < y->dose.t_day ? -1 : 1;
    if (x->later != y->later) return x->later - y->later;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    if (x->step != y->step) return x->step < y->step ? -1 : 1;
    /* Of one step: a steady state before its doses, infusions begun before in their order, inputs by number. */
    const int steady_x = x->dose.kind >= COLEY_DOSE_STEADY, steady_y = y->dose.kind >= COLEY_DOSE_STEADY;
    if (steady_x != steady_y) return steady_y - steady_x;
    if (x->dose.kind == COLEY_DOSE_INPUT) return x->dose.state < y->dose.state ? -1 : x->dose.state > y->dose.state;
    return x->dose.duration_day < y->dose.duration_day ? -1 : x->dose.duration_day > y->dose.duration_day;
}

static coley_status split(const writer *w, coley_schedule *schedule)
{
    schedule->dose = COLEY_NEW(w->arena, coley_dose, w->n);
    schedule->observation = COLEY_NEW(w->arena, coley_observation, w->n);
    if (!schedule->dose || !schedule->observation) return COLEY_FAIL_MEMORY(w->err);
    for (size_t i = 0; i < w->n; i++) {
        const entry *e = &w->entry[i];
        const size_t at = w->person->first + e->row;
        const coley_event_record *row = &w->d->table->row[at];
        if (e->is_observed)
            schedule->observation[schedule->n_observations++] = (coley_observation){.time = e->dose.t_day,
                                                                                    .after = schedule->n_doses,
                                                                                    .dv = row->dv,
                                                                                    .has_dv = row->has_dv,
                                                                                    .state = w->d->row_state[at],
                                                                                    .line = row->line};
        else
            schedule->dose[schedule->n_doses++] = e->dose;
    }
    return COLEY_OK;
}

coley_status coley_model_doses_schedule(coley_arena *arena, const coley_model_doses *doses, size_t person,
                                        double t_start, double t_end, double *inputs, coley_schedule *schedule,
                                        coley_schedule_notes *notes, coley_error *err)
{
    const size_t n_inputs = coley_program_input_count(doses->program);
    const doses_person *p = &doses->person[person];
    writer w = {.arena = arena,
                .d = doses,
                .person = p,
                .t_start = t_start,
                .t_end = t_end,
                .inputs = COLEY_NEW(arena, double, n_inputs),
                .notes = notes,
                .err = err};
    size_t *next = COLEY_NEW(arena, size_t, p->n);
    *schedule = (coley_schedule){0};
    if (!w.inputs || !next) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < doses->n_covariates; k++) {
        const doses_covariate *c = &doses->covariate[k];
        if (!isnan(c->value[p->first])) inputs[c->input] = c->value[p->first];
    }
    if (n_inputs) memcpy(w.inputs, inputs, n_inputs * sizeof *inputs);
    for (size_t i = p->n; i-- > 0;)
        next[i] = i + 1 == p->n ? p->n : resets(&doses->table->row[p->first + i + 1]) ? i + 1 : next[i + 1];
    for (size_t i = 0; i < p->n; i++) COLEY_TRY(add_record(&w, i, next_reset(&w, next, i)));
    if (w.n) qsort(w.entry, w.n, sizeof *w.entry, by_order);
    return split(&w, schedule);
}

void coley_schedule_warn(const coley_model_doses *doses, const coley_schedule_notes *notes, double t_end,
                         const coley_log *log)
{
    const char *file = doses->table->file;
    char more[40] = "";
    if (notes->n_late) {
        if (notes->n_late > 1) snprintf(more, sizeof more, ", and %zu more", notes->n_late - 1);
        coley_log_add(log, COLEY_LOG_WARNING, "%s:%d: %sthe record at %g is after the end of the run, %g%s", file,
                      notes->late_line, doses_who_is(notes->late_id, ": ").text, notes->late_time, t_end, more);
    }
    if (notes->n_cut) {
        *more = '\0';
        if (notes->n_cut > 1) snprintf(more, sizeof more, ", and %zu more", notes->n_cut - 1);
        coley_log_add(log, COLEY_LOG_WARNING, "%s:%d: %sthe infusion runs until %g, past the end of the run, %g%s",
                      file, notes->cut_line, doses_who_is(notes->cut_id, ": ").text, notes->cut_time, t_end, more);
    }
}

coley_status coley_schedule_samples(coley_arena *arena, const coley_schedule *schedule, size_t n_grid,
                                    const double *grid, coley_sample_times *times, const ptrdiff_t **observation,
                                    coley_error *err)
{
    const size_t most = n_grid + schedule->n_observations;
    double *day = COLEY_NEW(arena, double, most);
    size_t *after = COLEY_NEW(arena, size_t, most);
    ptrdiff_t *which = COLEY_NEW(arena, ptrdiff_t, most);
    if (!day || !after || !which) return COLEY_FAIL_MEMORY(err);
    size_t n = 0, g = 0, before = 0;
    for (size_t o = 0; o <= schedule->n_observations; o++) {
        const coley_observation *seen = o < schedule->n_observations ? &schedule->observation[o] : NULL;
        for (; g < n_grid && (!seen || grid[g] <= seen->time); g++) {
            while (before < schedule->n_doses && schedule->dose[before].t_day < grid[g]) before++;
            if (seen && grid[g] == seen->time && seen->after == before) continue;
            day[n] = grid[g];
            after[n] = before;
            which[n++] = -1;
        }
        if (!seen) break;
        day[n] = seen->time;
        after[n] = seen->after;
        which[n++] = (ptrdiff_t)o;
    }
    *times = (coley_sample_times){.n = n, .day = day, .after = after};
    *observation = which;
    return COLEY_OK;
}
