/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_interim.c -- see trial_interim.h. */
#include "run/trial_interim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "math/logrank.h"
#include "math/sequential.h"
#include "run/page.h"
#include "run/trial_result.h"

const char *const coley_interim_words_of[] = {"goes on", "won", "given up", "not won", "no test"};

/* --- what is known on a day ------------------------------------------------------------------------------------------
 */

static coley_endpoint endpoint_of(const coley_trial *trial)
{
    return trial->design->interim.endpoint ? COLEY_END_OS : COLEY_END_PFS;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Days, from the trial's start, of the events of the control and of the arms that are in; sorted. */
static size_t event_days(const coley_trial *trial, const int *in, double *day)
{
    size_t n = 0;
    for (size_t a = 0; a < trial->n_arms; a++)
        for (size_t i = 0; in[a] && i < trial->arm[a].n; i++) {
            const coley_trial_patient *p = &trial->arm[a].patient[i];
            double month;
            int event;
            if (coley_trial_time(p, endpoint_of(trial), &month, &event) && event)
                day[n++] = p->entry_day + month * COLEY_TRIAL_MONTH;
        }
    qsort(day, n, sizeof *day, ascending);
    return n;
}

typedef struct cut {
    size_t n, events;
    double *month;
    int *event, *arm;
} cut;

/* An arm and the control as they are known on a day. */
static coley_status cut_at(coley_arena *arena, const coley_trial *trial, size_t a, double day, cut *c, coley_error *err)
{
    const size_t arms[2] = {trial->design->control_arm, a};
    const size_t most = trial->arm[arms[0]].n + trial->arm[a].n;
    *c = (cut){.month = COLEY_NEW(arena, double, most),
               .event = COLEY_NEW(arena, int, most),
               .arm = COLEY_NEW(arena, int, most)};
    if (!c->month || !c->event || !c->arm) return COLEY_FAIL_MEMORY(err);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < trial->arm[arms[k]].n; i++) {
            const coley_trial_patient *p = &trial->arm[arms[k]].patient[i];
            double month;
            int event;
            if (p->entry_day >= day || !coley_trial_time(p, endpoint_of(trial), &month, &event)) continue;
            const int known = p->entry_day + month * COLEY_TRIAL_MONTH <= day;
            c->month[c->n] = known ? month : (day - p->entry_day) / COLEY_TRIAL_MONTH;
            c->event[c->n] = known && event;
            c->arm[c->n] = k;
            c->events += (size_t)c->event[c->n++];
        }
    return COLEY_OK;
}

/* z of the log-rank test, above 0 when the arm has fewer events than expected; NaN without a test. */
static coley_status test_at(coley_arena *arena, const cut *c, double *z, coley_error *err)
{
    coley_survival survival;
    coley_logrank test;
    *z = NAN;
    if (!c->events) return COLEY_OK;
    const coley_survival_input input = {.n = c->n, .time = c->month, .event = c->event, .arm = c->arm, .n_arms = 2};
    COLEY_TRY(coley_survival_prepare(arena, &input, &survival, err));
    COLEY_TRY(coley_logrank_test(arena, &survival, NULL, &test, err));
    if (!test.why) *z = -test.z;
    return COLEY_OK;
}

/* --- decisions -------------------------------------------------------------------------------------------------------
 */

/* Bounds of the look after those in `arm`, at information t: at the shares that were, this one, the planned ones after
 * it, and 1. */
static coley_status bounds_at(const coley_trial *trial, const coley_interim *interim, const coley_interim_arm *arm,
                              double t, coley_interim_look *look, coley_error *err)
{
    const coley_trial_looks *d = &trial->design->interim;
    const coley_spending spend = {d->efficacy ? COLEY_SPENDING_POCOCK : COLEY_SPENDING_OBRIEN_FLEMING, 0};
    const coley_spending lose = {d->futility == 1 ? COLEY_SPENDING_POCOCK : COLEY_SPENDING_OBRIEN_FLEMING, 0};
    double share[2 * COLEY_TRIAL_MAX_LOOKS + 2], win[2 * COLEY_TRIAL_MAX_LOOKS + 2], low[2 * COLEY_TRIAL_MAX_LOOKS + 2];
    double drift;
    size_t n = 0;
    for (size_t k = 0; k < arm->n_looks; k++)
        if (arm->look[k].decision != COLEY_LOOK_NO_TEST) share[n++] = arm->look[k].information;
    const size_t now = n;
    share[n++] = t;
    for (size_t k = 0; k < d->at.n; k++)
        if (d->at.share[k] > share[n - 1] + 1e-9) share[n++] = d->at.share[k];
    if (share[n - 1] < 1) share[n++] = 1;
    COLEY_TRY(coley_bounds(spend, interim->alpha, share, n, win, err));
    look->win = win[now];
    look->give_up = NAN;
    if (d->futility == 2 || t >= 1) return COLEY_OK;
    COLEY_TRY(coley_futility(lose, d->beta, share, n, win, low, &drift, err));
    look->give_up = low[now];
    return COLEY_OK;
}

static coley_status look_at(coley_arena *arena, const coley_trial *trial, const coley_interim *interim, size_t a,
                            double day, size_t all_events, int last, coley_interim_arm *arm, coley_error *err)
{
    coley_interim_look look = {.month = day / COLEY_TRIAL_MONTH,
                               .win = NAN,
                               .give_up = NAN,
                               .trend = NAN,
                               .predictive = NAN,
                               .decision = COLEY_LOOK_NO_TEST};
    cut c;
    COLEY_TRY(cut_at(arena, trial, a, last ? INFINITY : day, &c, err));
    COLEY_TRY(test_at(arena, &c, &look.z, err));
    look.events = c.events;
    look.people = c.n;
    look.information = last ? 1 : all_events ? (double)c.events / (double)all_events : 0;
    double before = 0;
    for (size_t k = 0; k < arm->n_looks; k++)
        if (arm->look[k].decision != COLEY_LOOK_NO_TEST) before = arm->look[k].information;
    if (!isnan(look.z) && look.information > before && (last || look.information < 1)) {
        COLEY_TRY(bounds_at(trial, interim, arm, look.information, &look, err));
        look.decision = look.z >= look.win                              ? COLEY_LOOK_WON
                        : last                                          ? COLEY_LOOK_NOT_WON
                        : !isnan(look.give_up) && look.z < look.give_up ? COLEY_LOOK_GIVEN_UP
                                                                        : COLEY_LOOK_GOES_ON;
        if (!last) {
            /* The bound of the last analysis, were there no look between. */
            coley_interim_arm then = *arm;
            coley_interim_look end;
            then.look[then.n_looks++] = look;
            COLEY_TRY(bounds_at(trial, interim, &then, 1, &end, err));
            look.trend = coley_conditional_power_trend(look.z, look.information, end.win);
            look.predictive = coley_predictive_power(look.z, look.information, end.win);
        }
    }
    arm->look[arm->n_looks++] = look;
    return COLEY_OK;
}

/* The arm is over: who of it had not entered yet? */
static void stop(const coley_trial *trial, size_t a, double day, coley_interim_arm *arm)
{
    for (size_t i = 0; i < trial->arm[a].n; i++) arm->n_spared += trial->arm[a].patient[i].entry_day >= day;
}

static coley_status run_looks(coley_arena *arena, const coley_trial *trial, coley_interim *interim, coley_error *err)
{
    const coley_trial_looks *d = &trial->design->interim;
    int in[COLEY_TRIAL_MAX_ARMS];
    size_t people = 0, all_events[COLEY_TRIAL_MAX_ARMS] = {0};
    for (size_t a = 0; a < trial->n_arms; a++) {
        cut c;
        in[a] = 1;
        people += trial->arm[a].n;
        COLEY_TRY(cut_at(arena, trial, a, INFINITY, &c, err));
        all_events[a] = c.events;
    }
    double *day = COLEY_NEW(arena, double, people);
    if (!day) return COLEY_FAIL_MEMORY(err);
    double reached = 0;
    for (size_t k = 0; k <= d->at.n; k++) {
        const int last = k == d->at.n;
        const size_t n = event_days(trial, in, day);
        size_t left = 0;
        for (size_t a = 0; a < trial->n_arms; a++) left += in[a] && a != trial->design->control_arm;
        if (!left) break;
        const size_t place = last || !n ? 0 : (size_t)ceil(d->at.share[k] * (double)n) - 1;
        /* A look never comes before the one before it, also when arms have left and fewer events are waited for. */
        if (last)
            reached = trial->cutoff_day;
        else if (n)
            reached = fmax(reached, day[place]);
        for (size_t a = 0; a < trial->n_arms; a++) {
            coley_interim_arm *arm = &interim->arm[a];
            if (!in[a] || a == trial->design->control_arm) continue;
            COLEY_TRY(look_at(arena, trial, interim, a, reached, all_events[a], last, arm, err));
            arm->decision = arm->look[arm->n_looks - 1].decision;
            if (last || (arm->decision != COLEY_LOOK_WON && arm->decision != COLEY_LOOK_GIVEN_UP)) continue;
            in[a] = 0;
            stop(trial, a, reached, arm);
        }
    }
    return COLEY_OK;
}

coley_status coley_trial_look(coley_arena *arena, const coley_trial *trial, coley_interim **out, coley_error *err)
{
    *out = NULL;
    if (!trial->design->interim.at.n || trial->n_arms < 2) return COLEY_OK;
    if (!(*out = COLEY_NEW(arena, coley_interim, 1))) return COLEY_FAIL_MEMORY(err);
    (*out)->alpha = trial->design->interim.alpha / (double)(trial->n_arms - 1);
    return run_looks(arena, trial, *out, err);
}

/* --- what comes out --------------------------------------------------------------------------------------------------
 */

void coley_interim_emit(const coley_trial *trial, const coley_interim *interim, coley_emit *emit)
{
    coley_emit_map(emit, "interim");
    coley_emit_text(emit, "endpoint", coley_endpoint_key[endpoint_of(trial)]);
    coley_emit_number(emit, "alpha_of_each_arm", interim->alpha);
    coley_emit_list(emit, "arms");
    for (size_t a = 0; a < trial->n_arms; a++) {
        const coley_interim_arm *arm = &interim->arm[a];
        if (a == trial->design->control_arm) continue;
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "name", trial->arm[a].arm->name);
        coley_emit_text(emit, "decision", coley_interim_words_of[arm->decision]);
        coley_emit_integer(emit, "people_spared", (int64_t)arm->n_spared);
        coley_emit_list(emit, "looks");
        for (size_t k = 0; k < arm->n_looks; k++) {
            const coley_interim_look *l = &arm->look[k];
            coley_emit_map(emit, NULL);
            coley_emit_number(emit, "month", l->month);
            coley_emit_integer(emit, "people", (int64_t)l->people);
            coley_emit_integer(emit, "events", (int64_t)l->events);
            coley_emit_number(emit, "information", l->information);
            coley_emit_number(emit, "z", l->z);
            coley_emit_number(emit, "win", l->win);
            coley_emit_number(emit, "give_up", l->give_up);
            coley_emit_number(emit, "conditional_power", l->trend);
            coley_emit_number(emit, "predictive_power", l->predictive);
            coley_emit_text(emit, "decision", coley_interim_words_of[l->decision]);
            coley_emit_end(emit);
        }
        coley_emit_end(emit);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    coley_emit_end(emit);
}

static const char *const heads[] = {"arm",
                                    "month",
                                    "people",
                                    "events",
                                    "information",
                                    "z",
                                    "wins from",
                                    "given up below",
                                    "conditional power",
                                    "predictive power",
                                    ""};
enum { COLUMNS = 11 };

/* Cell `column` of a look, from month on. */
typedef struct word {
    char text[32];
} word;
static word cell(const coley_interim_look *l, int column)
{
    const double value[] = {l->z, l->win, l->give_up, l->trend, l->predictive};
    word w = {"-"};
    if (column == 0) snprintf(w.text, sizeof w.text, "%.1f", l->month);
    if (column == 1) snprintf(w.text, sizeof w.text, "%zu", l->people);
    if (column == 2) snprintf(w.text, sizeof w.text, "%zu", l->events);
    if (column == 3) snprintf(w.text, sizeof w.text, "%.2f", l->information);
    if (column > 3 && column < 9 && !isnan(value[column - 4]))
        snprintf(w.text, sizeof w.text, column < 7 ? "%.2f" : "%.3f", value[column - 4]);
    if (column == 9) snprintf(w.text, sizeof w.text, "%s", coley_interim_words_of[l->decision]);
    return w;
}

void coley_interim_table(coley_arena *arena, const coley_trial *trial, const coley_interim *interim, coley_text *out)
{
    coley_table table = coley_table_begin(arena, heads, COLUMNS);
    for (size_t a = 0; a < trial->n_arms; a++)
        for (size_t k = 0; k < interim->arm[a].n_looks; k++) {
            coley_table_add(&table, "%s", trial->arm[a].arm->name);
            for (int c = 0; c < COLUMNS - 1; c++) coley_table_add(&table, "%s", cell(&interim->arm[a].look[k], c).text);
        }
    coley_text_addf(out, "\nLooks at %s (one-sided alpha %.4g for each arm):\n\n",
                    coley_endpoint_words[endpoint_of(trial)], interim->alpha);
    coley_table_draw(&table, out);
    if (table.failed) out->failed = 1;
}

void coley_interim_section(const coley_trial *trial, const coley_interim *interim, coley_text *out)
{
    coley_page_section(out, "Looks before the end",
                       "What a trial with these looks would have decided, by the log-rank test of what was known then. "
                       "Curves and ratios on this page are of everybody, followed to the end.");
    coley_page_table(out, heads, COLUMNS);
    for (size_t a = 0; a < trial->n_arms; a++)
        for (size_t k = 0; k < interim->arm[a].n_looks; k++) {
            coley_page_row(out);
            coley_page_cell(out, 1, "%s", trial->arm[a].arm->name);
            for (int c = 0; c < COLUMNS - 1; c++) coley_page_cell(out, 0, "%s", cell(&interim->arm[a].look[k], c).text);
            coley_page_row_end(out);
        }
    coley_page_table_end(out);
    for (size_t a = 0; a < trial->n_arms; a++) {
        if (!interim->arm[a].n_spared) continue;
        coley_text_addf(out, "<p>");
        coley_text_add_escaped(out, trial->arm[a].arm->name);
        coley_text_addf(out, ": %zu people had not entered when it was decided.</p>\n", interim->arm[a].n_spared);
    }
    coley_page_section_end(out);
}
