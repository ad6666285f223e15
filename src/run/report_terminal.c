/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_terminal.c -- a course in a terminal: key numbers as a table, the sum of diameters as a chart. */
#include "base/chart.h"
#include "base/table.h"
#include "io/plot.h"
#include "run/report.h"
#include "run/report_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Numbers as the page has them, without what only UTF-8 can say. */
static coley_figure number(double value, int ascii)
{
    coley_figure figure = coley_figure_of(value);
    if (!ascii) return figure;
    if (!isfinite(value))
        strcpy(figure.text, "-");
    else
        snprintf(figure.text, sizeof figure.text, "%.3g", value);
    return figure;
}

static void add_row(coley_table *table, const char *name, const char *text)
{
    coley_table_add(table, "%s", name);
    coley_table_add(table, "%s", text ? text : "");
    if (!text) table->failed = 1;
}

#define ROW(table, name, ...) add_row((table), (name), coley_arena_printf((table)->arena, __VA_ARGS__))

static void add_numbers(coley_arena *arena, const coley_course *course, int ascii, coley_text *out)
{
    static const char *const heading[] = {"what", "how much"};
    const coley_response_report *r = course->response;
    coley_table table = coley_table_begin(arena, heading, 2);
    if (r && r->n_assessments) {
        const coley_assessment *small = coley_report_smallest(r), *last = coley_report_last(r);
        ROW(&table, "best response", "%s (RECIST 1.1), %s (iRECIST)",
            ascii && !r->best ? "-" : coley_report_response_short(r->best),
            ascii && !r->ibest ? "-" : coley_report_iresponse_short(r->ibest));
        ROW(&table, "sum at the start", "%s mm", number(round(r->baseline_sod_mm), ascii).text);
        if (small)
            ROW(&table, "smallest sum", "%s mm on day %s (%s%s %%)", number(round(small->sod_mm), ascii).text,
                number(small->day, ascii).text, small->change_baseline_pct > 0 ? "+" : "",
                number(round(small->change_baseline_pct), ascii).text);
        if (last)
            ROW(&table, "last scan", "%s mm on day %s", number(round(last->sod_mm), ascii).text,
                number(last->day, ascii).text);
        if (isfinite(r->pfs_day))
            ROW(&table, "without progression", "%s%s days (RECIST 1.1), %s%s days (iRECIST)",
                r->pfs_event == COLEY_EVENT_CENSORED ? "over " : "", number(r->pfs_day, ascii).text,
                r->ipfs_event == COLEY_EVENT_CENSORED ? "over " : "", number(r->ipfs_day, ascii).text);
        if (r->pseudoprogression) ROW(&table, "pseudoprogression", "yes: growth that went back");
    }
    ROW(&table, "doses", "%zu", course->n_doses);
    if (course->n_twins) ROW(&table, "virtual people", "%zu", course->n_twins);
    ROW(&table, "seed", "%llu", (unsigned long long)course->seed);
    coley_table_draw(&table, out);
    if (table.failed) out->failed = 1;
}

coley_status coley_report_terminal(coley_arena *arena, const coley_course *course, size_t width, int ascii,
                                   coley_text *out, coley_error *err)
{
    coley_text_addf(out, "%s\npatient %s, %s\n\n", course->title ? course->title : "",
                    course->patient ? course->patient : "", course->cancer ? course->cancer : "");
    add_numbers(arena, course, ascii, out);
    for (size_t i = 0; i < course->n_series; i++) {
        if (strcmp(course->series[i].id, "SOD")) continue;
        const double *const curve[] = {course->series[i].value};
        const coley_chart chart = {.title = "sum of diameters [mm]",
                                   .x_label = "day",
                                   .width = width > 84   ? 72
                                            : width > 24 ? width - 12
                                                         : 12,
                                   .height = 9,
                                   .ascii = ascii,
                                   .n = course->n_days,
                                   .x = course->day,
                                   .n_series = 1,
                                   .y = curve};
        coley_text_addf(out, "\n");
        coley_chart_draw(&chart, out);
    }
    coley_text_addf(out, "\nSimulated. For research and teaching; not medical advice.\n");
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
