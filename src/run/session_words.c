/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_words.c -- what happened in a course, as events and as short sentences; every number is computed. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "io/plot.h"
#include "run/report.h"
#include "run/session_parts.h"

/* What counts as a moment worth telling. */
#define BLOCKED_SHARE   0.9 /* of the receptor */
#define LET_GO_SHARE    0.5 /* of what it was at the start */
#define PERMITTED_SHARE 0.9
#define HARMED_SHARE    0.99 /* of normal tissue */

typedef struct telling {
    coley_arena *arena;
    coley_course *course;
    coley_course_event *event;
    size_t n, cap;
    int failed;
} telling;

/* The text is NULL when there was no memory for it. */
static void tell(telling *t, double day, const char *kind, const char *what)
{
    if (!what || !COLEY_RESERVE(t->arena, t->event, t->cap, t->n + 1)) {
        t->failed = 1;
        return;
    }
    size_t i = t->n++;
    for (; i > 0 && t->event[i - 1].day > day; i--) t->event[i] = t->event[i - 1];
    t->event[i] = (coley_course_event){.day = day, .kind = kind, .what = what};
}

#define TELL(t, day, kind, ...) tell((t), (day), (kind), coley_arena_printf((t)->arena, __VA_ARGS__))
#define FIGURE(value)           coley_figure_of(value).text

/* First row on which a series is at least (sign 1) or at most (sign -1) `limit`; n_days when it never is. */
static size_t first_row(const coley_course *course, const coley_series *series, double sign, double limit)
{
    size_t i = 0;
    while (i < course->n_days && !(sign * series->value[i] >= sign * limit)) i++;
    return i;
}

static size_t extreme_row(const coley_course *course, const coley_series *series, double sign)
{
    size_t best = 0;
    for (size_t i = 1; i < course->n_days; i++)
        if (sign * series->value[i] > sign * series->value[best]) best = i;
    return best;
}

static const coley_series *of_lesion(const telling *t, size_t lesion, const char *name)
{
    char id[64];
    snprintf(id, sizeof id, "L%zu.%s", lesion + 1, name);
    return coley_course_series(t->course, id);
}

/* --- events ----------------------------------------------------------------------------------------------------------
 */

static void tell_doses(telling *t)
{
    const coley_course *c = t->course;
    for (size_t i = 0; i < c->n_doses; i++) {
        size_t before = 0, after = 0;
        for (size_t k = 0; k < c->n_doses; k++)
            if (!strcmp(c->dose[k].drug, c->dose[i].drug)) *(k < i ? &before : &after) += k != i;
        if (!before)
            TELL(t, c->dose[i].day, "note", "First dose of %s: %s %s.", c->dose[i].drug, FIGURE(c->dose[i].amount),
                 c->dose[i].unit);
        else if (!after)
            TELL(t, c->dose[i].day, "note", "Last of %zu doses of %s: %s %s.", before + 1, c->dose[i].drug,
                 FIGURE(c->dose[i].amount), c->dose[i].unit);
    }
}

static void tell_rechallenges(telling *t)
{
    const coley_course *c = t->course;
    for (size_t i = 0; i < c->n_rechallenges; i++) {
        const coley_rechallenge *r = &c->rechallenge[i];
        TELL(t, r->day, "rechallenge", "%s tumour cells are put back into lesion %d, their antigen %s.", FIGURE(r->cells),
             r->lesion, strcmp(r->antigen, "lost") ? "the same" : "lost");
        if (!isnan(r->outcome_day))
            TELL(t, r->outcome_day, "rechallenge", "The cells put back on day %s: %s; at most %s cells and %s mm.",
                 FIGURE(round(r->day)), r->outcome, FIGURE(r->most_cells), FIGURE(r->most_mm));
    }
}

static void tell_scans(telling *t, const coley_session *session)
{
    const coley_response_report *r = t->course->response;
    if (!r->n_targets) return;
    TELL(t, session->scan_day[0], "scan", "First scan: the target tumours add up to %s mm.",
         FIGURE(round(r->baseline_sod_mm)));
    for (size_t i = 0; i < r->n_assessments; i++) {
        const coley_assessment *a = &r->assessment[i], *last = i ? a - 1 : NULL;
        if (isfinite(a->sod_mm))
            TELL(t, a->day, "scan", "Scan: %s mm, %s%s %% against the first.", FIGURE(round(a->sod_mm)),
                 a->change_baseline_pct > 0 ? "+" : "", FIGURE(round(a->change_baseline_pct)));
        if (!last || a->overall != last->overall || a->ioverall != last->ioverall)
            TELL(t, a->day, "response", "RECIST says %s; iRECIST says %s.", coley_report_response_words(a->overall),
                 coley_report_iresponse_words(a->ioverall));
    }
}

/* Which receptor the drug of this lesion sits on, and the series of its share. */
static const coley_series *blocked(const telling *t, size_t lesion, const char **receptor)
{
    static const char *const rows[][2] = {{"RO_PD1", "PD-1"}, {"RO_PDL1", "PD-L1"}, {"RO_CTLA4", "CTLA-4"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const coley_series *series = of_lesion(t, lesion, rows[i][0]);
        *receptor = rows[i][1];
        if (series && series->value[extreme_row(t->course, series, 1)] > 0) return series;
    }
    return NULL;
}

static void tell_blocking(telling *t)
{
    const coley_series *step = of_lesion(t, 0, "step3_inhibitor");
    size_t before = SIZE_MAX;
    for (size_t lesion = 0; t->course->lesions && lesion < t->course->lesions->n_lesions; lesion++) {
        const char *receptor;
        const coley_series *series = blocked(t, lesion, &receptor);
        const size_t row = series ? first_row(t->course, series, 1, BLOCKED_SHARE) : t->course->n_days;
        if (row == t->course->n_days || (lesion && row == before)) continue; /* one line for all that go together */
        before = row;
        const int first = lesion == 0 && step && strcmp(receptor, "CTLA-4");
        TELL(t, t->course->day[row], first ? "five_steps" : "note", "%s%s%.0f %% of %s in lesion %zu is blocked.",
             first ? step->label : "", first ? ": " : "", 100 * BLOCKED_SHARE, receptor, lesion + 1);
    }
}

/* The guide's steps in the first lesion, each on the day it turned. */
static void tell_steps(telling *t)
{
    const coley_course *c = t->course;
    const coley_series *handshake = of_lesion(t, 0, "step1_handshake"), *brake = of_lesion(t, 0, "step2_brake"),
                       *disguise = of_lesion(t, 0, "step4_disguise_fails"), *attack = of_lesion(t, 0, "step5_attack");
    size_t row;
    if (handshake && (row = first_row(c, handshake, -1, LET_GO_SHARE * handshake->value[0])) < c->n_days && row)
        TELL(t, c->day[row], "five_steps",
             "%s: in lesion 1 PD-L1 still holds %s %% of PD-1, at the start it was %s %%.", handshake->label,
             FIGURE(round(100 * handshake->value[row])), FIGURE(round(100 * handshake->value[0])));
    if (brake && (row = first_row(c, brake, -1, LET_GO_SHARE * brake->value[0])) < c->n_days && row)
        TELL(t, c->day[row], "five_steps", "%s: less than half as hard in lesion 1 as at the start.", brake->label);
    if (disguise && disguise->value[0] < PERMITTED_SHARE &&
        (row = first_row(c, disguise, 1, PERMITTED_SHARE)) < c->n_days)
        TELL(t, c->day[row], "five_steps", "%s: PD-1 no longer stops the T cells of lesion 1 (%.0f %% free to kill).",
             disguise->label, 100 * PERMITTED_SHARE);
    if (attack && attack->value[row = extreme_row(c, attack, 1)] > 0)
        TELL(t, c->day[row], "five_steps",
             "%s: strongest in lesion 1, where %s of 1,000 tumour cells in sight are killed in a day.", attack->label,
             FIGURE(round(-1000 * expm1(-attack->value[row]))));
}

static void tell_harm(telling *t)
{
    const coley_series *tissue = coley_course_series(t->course, "H_tissue");
    const size_t row = tissue ? extreme_row(t->course, tissue, -1) : 0;
    if (tissue && tissue->value[row] < HARMED_SHARE)
        TELL(t, t->course->day[row], "note", "Healthy tissue is at its lowest: %s %% of normal.",
             FIGURE(floor(100 * tissue->value[row])));
}

coley_status coley_session_events(coley_arena *arena, const coley_session *session, coley_course *course,
                                  coley_error *err)
{
    telling t = {.arena = arena, .course = course};
    tell_doses(&t);
    tell_rechallenges(&t);
    tell_scans(&t, session);
    tell_blocking(&t);
    tell_steps(&t);
    tell_harm(&t);
    course->event = t.event;
    course->n_events = t.n;
    return t.failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

/* --- sentences -------------------------------------------------------------------------------------------------------
 */

enum { MAX_SENTENCES = sizeof((coley_course *)0)->summary / sizeof *((coley_course *)0)->summary - 1 };

typedef struct speech {
    coley_course *course;
    size_t n;
    int failed;
} speech;

static void say(speech *s, const char *sentence)
{
    if (!sentence) s->failed = 1;
    if (sentence && s->n < MAX_SENTENCES) s->course->summary[s->n++] = sentence;
}

static void say_attack(telling *t, speech *s)
{
    const coley_series *attack = of_lesion(t, 0, "step5_attack");
    if (!attack) return;
    const size_t most = extreme_row(t->course, attack, 1);
    if (round(-1000 * expm1(-attack->value[most])) < 1) return;
    say(s,
        coley_arena_printf(t->arena,
                           "The attack on the first tumour was strongest on day %s: T cells killed %s of every 1,000 "
                           "cells that they could see.",
                           FIGURE(t->course->day[most]), FIGURE(round(-1000 * expm1(-attack->value[most])))));
}

static void say_harm(telling *t, speech *s)
{
    const coley_series *tissue = coley_course_series(t->course, "H_tissue");
    if (!tissue || !t->course->n_doses) return;
    const double least = tissue->value[extreme_row(t->course, tissue, -1)];
    if (least < HARMED_SHARE)
        say(s, coley_arena_printf(t->arena, "Healthy tissue was harmed too: at worst %s %% of it was left.",
                                  FIGURE(floor(100 * least))));
}

static void say_care(telling *t, speech *s)
{
    static const char *const grades[] = {"", "mild", "moderate", "severe", "life-threatening"};
    const coley_course_care *care = t->course->care;
    const coley_care_organ *worst = NULL;
    if (!care) return;
    for (size_t i = 0; i < care->n_organs; i++) /* everybody is tired now and then */
        if (strcmp(care->organ[i].organ, "fatigue") && care->organ[i].worst > (worst ? worst->worst : 0))
            worst = &care->organ[i];
    if (!worst) {
        say(s, "The treatment did not turn against healthy organs.");
        return;
    }
    say(s,
        coley_arena_printf(t->arena, "The treatment turned against healthy tissue, worst on day %s: %s (%s, grade %d).",
                           FIGURE(worst->worst_day), worst->words ? worst->words : worst->organ, grades[worst->worst],
                           worst->worst));
    if (care->steroid_day > 0 || care->n_held || care->n_stopped)
        say(s,
            coley_arena_printf(t->arena,
                               "The clinic's answer: %s days of cortisone-like medicine; %zu of %zu planned doses were "
                               "left out.",
                               FIGURE(round(care->steroid_day)), care->n_held + care->n_stopped, care->n_planned));
}

coley_status coley_session_summary(coley_arena *arena, const coley_session *session, coley_course *course,
                                   size_t n_shrank, size_t n_people, coley_error *err)
{
    (void)session;
    const char *sentence[COLEY_REPORT_MAX_SENTENCES + 1];
    telling t = {.arena = arena, .course = course};
    speech s = {.course = course};
    COLEY_TRY(coley_report_sentences(arena, course, sentence, err)); /* doses, sizes, response */
    for (size_t i = 0; sentence[i]; i++) say(&s, sentence[i]);
    say_attack(&t, &s);
    say_harm(&t, &s);
    say_care(&t, &s);
    if (n_people)
        say(&s,
            coley_arena_printf(arena,
                               "Of %zu made-up people with the same tumours and the same treatment, %zu had tumours "
                               "that shrank by 30 %% or more.",
                               n_people, n_shrank));
    say(&s, "A computer worked this out for research and teaching. It is not medical advice.");
    return s.failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
