/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.c -- runs each scenario on the same person and lays the courses side by side. The person is the same because
 * traits are keyed by seed, name and person, not by what else is loaded. */
#include "run/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/chart.h"
#include "base/table.h"
#include "io/emit.h"
#include "io/plot.h"
#include "run/outcome.h"
#include "run/report_style.h"
#include "run/report_words.h"

/* --- the same person
 * --------------------------------------------------------------------------------------------------
 */

static int same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* The first key in which two scenarios are not about the same person, or NULL. */
static const char *difference(const coley_scenario *a, const coley_scenario *b)
{
    const coley_scenario_patient *p = &a->patient, *q = &b->patient;
    if (strcmp(a->cancer, b->cancer)) return "cancer";
    if (strcmp(p->id, q->id)) return "patient.id";
    if (p->person != q->person) return "patient.person";
    if (!same(p->weight_kg, q->weight_kg) || !same(p->height_cm, q->height_cm)) return "patient.weight or height";
    if (!same(p->age_year, q->age_year) || p->sex != q->sex) return "patient.age or sex";
    if (!same(p->pdl1_tps, q->pdl1_tps)) return "patient.pdl1_tps";
    if (!same(p->tmb_per_Mb, q->tmb_per_Mb) || p->msi != q->msi) return "patient.tmb or msi";
    if (a->run.seed != b->run.seed) return "run.seed";
    if (a->lesions.n != b->lesions.n) return "lesions";
    for (size_t i = 0; i < a->lesions.n; i++) {
        const coley_scenario_lesion *x = COLEY_SCENARIO_LESION(a, i), *y = COLEY_SCENARIO_LESION(b, i);
        if (strcmp(x->site, y->site) || x->diameter_mm != y->diameter_mm || x->infiltration != y->infiltration ||
            x->nodal != y->nodal)
            return "lesions";
    }
    return NULL;
}

coley_status coley_compare_check(const coley_scenario *const *scenario, size_t n, coley_error *err)
{
    for (size_t i = 1; i < n; i++) {
        const char *key = difference(scenario[0], scenario[i]);
        if (key)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = scenario[i]->path, .key = key}),
                                 "is not the same as in %s; a comparison is of one person under different treatments",
                                 scenario[0]->path);
    }
    return COLEY_OK;
}

/* --- running ---------------------------------------------------------------------------------------------------------
 */

static coley_status compare_one(coley_arena *arena, const coley_session *session, const coley_session_options *options,
                                coley_compared *c, coley_error *err)
{
    coley_course *course;
    coley_crowd crowd;
    COLEY_TRY(coley_session_people(arena, session, options, 0, NULL, &crowd, err));
    COLEY_TRY(coley_session_judge(arena, session, &crowd, &course, err));
    const coley_outcome own = coley_outcome_of(session, &crowd, 0, -1);
    *c = (coley_compared){.scenario = session->scenario,
                          .course = course,
                          .best_change = own.best_change,
                          .response_day = own.response_day,
                          .progression_day = own.progression_day,
                          .gone_day = own.gone_day,
                          .last_change = own.last_change,
                          .n_people = crowd.n - 1};
    for (size_t i = 0; i < course->n_series; i++)
        if (!strcmp(course->series[i].id, "SOD")) c->sum = course->series[i].value;
    for (size_t p = 1; p < crowd.n; p++) {
        const coley_outcome o = coley_outcome_of(session, &crowd, p, -1);
        c->n_respond += isfinite(o.response_day) != 0;
        c->n_progression_free += !isfinite(o.progression_day);
        c->n_gone += isfinite(o.gone_day) != 0;
    }
    return COLEY_OK;
}

coley_status coley_compare_run(coley_arena *arena, const coley_session *const *session, size_t n,
                               const coley_session_options *options, coley_compared *compared, coley_error *err)
{
    for (size_t i = 0; i < n; i++) COLEY_TRY(compare_one(arena, session[i], options, &compared[i], err));
    return COLEY_OK;
}

/* --- writing ---------------------------------------------------------------------------------------------------------
 */

typedef struct cell {
    char text[48];
} cell;

static cell change(double value)
{
    cell c;
    snprintf(c.text, sizeof c.text, "%+.0f %%", 100 * value);
    return c;
}

static cell day(double value)
{
    cell c = {"not seen"};
    if (isfinite(value)) snprintf(c.text, sizeof c.text, "day %.0f", value);
    return c;
}

static cell of_people(size_t count, size_t n)
{
    cell c = {"-"};
    if (n) snprintf(c.text, sizeof c.text, "%.0f of 100", 100 * (double)count / (double)n);
    return c;
}

enum { N_ROWS = 9 };

static const char *const row_name[N_ROWS] = {
    "this person: smallest sum",   "this person: sum at the last scan", "this person: 30 % smaller from",
    "this person: grows again",    "this person: nothing to be seen",   "people like this: respond",
    "people like this: no growth", "people like this: nothing to see",  "doses",
};

static cell row_cell(const coley_compared *c, size_t row)
{
    cell count;
    switch (row) {
    case 0:
        return change(c->best_change);
    case 1:
        return change(c->last_change);
    case 2:
        return day(c->response_day);
    case 3:
        return day(c->progression_day);
    case 4:
        return day(c->gone_day);
    case 5:
        return of_people(c->n_respond, c->n_people);
    case 6:
        return of_people(c->n_progression_free, c->n_people);
    case 7:
        return of_people(c->n_gone, c->n_people);
    default:
        snprintf(count.text, sizeof count.text, "%zu", c->course->n_doses);
        return count;
    }
}

coley_status coley_compare_terminal(coley_arena *arena, const coley_compared *c, size_t n, int ascii, coley_text *out,
                                    coley_error *err)
{
    const char *heading[COLEY_COMPARE_MAX + 1] = {"what"};
    const double *curve[COLEY_COMPARE_MAX];
    static const char letter[] = "ABCDEFGH";
    coley_text_addf(out, "patient %s, %s\n\n", c->course->patient, c->course->cancer);
    for (size_t i = 0; i < n; i++) {
        if (!(heading[i + 1] = coley_arena_printf(arena, "%c", letter[i]))) return COLEY_FAIL_MEMORY(err);
        coley_text_addf(out, "%c  %s\n", letter[i], c[i].course->title);
    }
    coley_text_addf(out, "\n");
    coley_table table = coley_table_begin(arena, heading, n + 1);
    for (size_t row = 0; row < N_ROWS; row++) {
        coley_table_add(&table, "%s", row_name[row]);
        for (size_t i = 0; i < n; i++) coley_table_add(&table, "%s", row_cell(&c[i], row).text);
    }
    coley_table_draw(&table, out);
    /* One chart of them all where they share their days. */
    size_t shared = 0;
    for (; shared < n && c[shared].course->n_days == c->course->n_days &&
           !memcmp(c[shared].course->day, c->course->day, c->course->n_days * sizeof(double));
         shared++)
        curve[shared] = c[shared].sum;
    const coley_chart chart = {.title = "sum of diameters [mm]",
                               .x_label = "day",
                               .width = 72,
                               .height = 12,
                               .ascii = ascii || n > 1,
                               .n = c->course->n_days,
                               .x = c->course->day,
                               .n_series = shared,
                               .y = curve};
    coley_text_addf(out, "\n");
    coley_chart_draw(&chart, out);
    coley_text_addf(out, "\nFor research and teaching; not medical advice.\n");
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

void coley_compare_csv(const coley_compared *c, size_t n, coley_text *out)
{
    coley_text_addf(out, "scenario,title,day,sum_of_diameters_mm\n");
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < c[i].course->n_days; d++) {
            coley_text_addf(out, "%zu,\"", i + 1);
            for (const char *p = c[i].course->title; *p; p++) coley_text_addf(out, *p == '"' ? "\"\"" : "%c", *p);
            coley_text_addf(out, "\",%s,%s\n", coley_digits_exact(c[i].course->day[d]).text,
                            coley_digits_exact(c[i].sum[d]).text);
        }
}

void coley_compare_json(const coley_compared *c, size_t n, coley_text *out)
{
    coley_emit emit = {.style = COLEY_EMIT_JSON, .out = out};
    coley_emit_map(&emit, NULL);
    coley_emit_list(&emit, "compared");
    for (size_t i = 0; i < n; i++) {
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "title", c[i].course->title);
        coley_emit_number(&emit, "best_change", c[i].best_change);
        coley_emit_number(&emit, "last_change", c[i].last_change);
        coley_emit_number(&emit, "response_day", c[i].response_day);
        coley_emit_number(&emit, "progression_day", c[i].progression_day);
        coley_emit_number(&emit, "gone_day", c[i].gone_day);
        coley_emit_integer(&emit, "people", (int64_t)c[i].n_people);
        coley_emit_integer(&emit, "people_respond", (int64_t)c[i].n_respond);
        coley_emit_integer(&emit, "people_progression_free", (int64_t)c[i].n_progression_free);
        coley_emit_integer(&emit, "people_gone", (int64_t)c[i].n_gone);
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_end(&emit);
}

static void add_figure(const coley_compared *c, size_t n, coley_text *out)
{
    coley_plot_line line[COLEY_COMPARE_MAX] = {0};
    double last = 0;
    for (size_t i = 0; i < n; i++) {
        line[i] = (coley_plot_line){.label = c[i].course->title,
                                    .x = c[i].course->day,
                                    .y = c[i].sum,
                                    .n = c[i].course->n_days,
                                    .colour = (int)i,
                                    .weight = 3,
                                    .dashed = i % 2 == 1};
        last = fmax(last, c[i].course->day[c[i].course->n_days - 1]);
    }
    const coley_plot plot = {.alt = "Sum of diameters over time, one line a scenario",
                             .unit = "mm",
                             .day_low = 0,
                             .day_high = last,
                             .low = 0,
                             .high = NAN,
                             .height = 320,
                             .shade_from_day = NAN,
                             .n_lines = n,
                             .line = line};
    coley_plot_legend(&plot, out);
    coley_plot_draw(&plot, COLEY_PLOT_WIDE, out);
    coley_plot_draw(&plot, COLEY_PLOT_NARROW, out);
}

coley_status coley_compare_page(coley_arena *arena, const coley_compared *c, size_t n, coley_text *out,
                                coley_error *err)
{
    (void)arena;
    coley_text_addf(out,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                    "'unsafe-inline'\"/>\n<title>Compared – Coley</title>\n<style>\n%sthead "
                    "th{white-space:normal}</style>\n</head>\n<body>\n"
                    "<header><p class=\"brand\">Coley · simulated courses</p>\n<h1>One person, %zu ways</h1>\n"
                    "<p class=\"who\">Patient <strong>",
                    report_style, n);
    coley_text_add_escaped(out, c->course->patient);
    coley_text_addf(out, "</strong>, ");
    coley_text_add_escaped(out, c->course->cancer);
    coley_text_addf(out, "</p>\n<p class=\"notice\" role=\"note\"><strong>For research and teaching; not medical "
                         "advice.</strong> A computer model worked this out. It leaves out much of what happens in a "
                         "body, and it is not anybody’s future.</p></header>\n<main>\n<section><h2>Size of the "
                         "tumours</h2>\n<figure>\n");
    add_figure(c, n, out);
    coley_text_addf(out, "</figure></section>\n<section><h2>Side by side</h2>\n<div class=\"scroll\"><table><thead><tr>"
                         "<th scope=\"col\" class=\"words\">what</th>");
    for (size_t i = 0; i < n; i++) {
        coley_text_addf(out, "<th scope=\"col\">");
        coley_text_add_escaped(out, c[i].course->title);
        coley_text_addf(out, "</th>");
    }
    coley_text_addf(out, "</tr></thead><tbody>\n");
    for (size_t row = 0; row < N_ROWS; row++) {
        coley_text_addf(out, "<tr><th scope=\"row\" class=\"words\">%s</th>", row_name[row]);
        for (size_t i = 0; i < n; i++) coley_text_addf(out, "<td>%s</td>", row_cell(&c[i], row).text);
        coley_text_addf(out, "</tr>\n");
    }
    coley_text_addf(out,
                    "</tbody></table></div>\n<p>“People like this” are virtual people who share all that is known of "
                    "the person and differ in the rest (%zu here). Sizes are the model's own, without readers' "
                    "noise.</p></section>\n</main>\n<footer><p>Simulated by Coley " COLEY_VERSION
                    ". For research and teaching; not medical advice.</p></footer>\n</body>\n</html>\n",
                    c->n_people);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
