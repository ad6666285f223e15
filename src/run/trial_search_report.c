/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_search_report.c -- the page of a search: the best design beside the one as written, how the utility changes
 * with each parameter and with two at once, and everything that was tried. */
#include "run/trial_search_files.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/scatter.h"
#include "run/page.h"

static const char notice[] =
    "For research and teaching; not medical advice. These people do not exist, and a design that is best for them "
    "need not be for others.";

enum { SLICE = 61, GRID = 28 };

/* --- tables ----------------------------------------------------------------------------------------------------------
 */

static void design_column(const coley_search *s, size_t i, const coley_tried *t, coley_text *out)
{
    if (t)
        coley_page_cell(out, 0, "%s", coley_space_text(&s->space.row[i], t->u[i]).text);
    else
        coley_page_cell(out, 0, "%s", "");
}

static void best_table(const coley_search *s, coley_text *out)
{
    static const char *const heads[] = {"", "best design", "where the optimum lies", "as written"};
    const coley_optimum *o = &s->optimum;
    const coley_goals *goals = &s->design->utility;
    const coley_tried *best = &s->tried[o->best];
    const coley_tried *written = s->tried[0].kind == COLEY_TRIED_WRITTEN ? &s->tried[0] : NULL;
    coley_page_section(out, "The best design",
                       "The tried design with the largest utility by the surface through all of them; and where, in "
                       "95 of 100 surfaces that fit the simulated people, the optimum lies.");
    coley_page_table(out, heads, 4);
    for (size_t i = 0; i < s->space.n; i++) {
        const coley_space_row *row = &s->space.row[i];
        coley_page_row(out);
        coley_page_cell(out, 1, "%s", row->name);
        design_column(s, i, best, out);
        if (row->choices.n)
            coley_page_cell(out, 0, "best in %.0f %% of surfaces",
                            100 * o->share[i][(size_t)coley_space_value(row, best->u[i])]);
        else
            coley_page_cell(out, 0, "%.4g to %.4g", o->from[i], o->to[i]);
        design_column(s, i, written, out);
        coley_page_row_end(out);
    }
    for (size_t k = 0; k <= goals->n; k++) {
        const int last = k == goals->n;
        coley_page_row(out);
        coley_page_cell(out, 1, "%s", last ? "utility" : goals->goal[k].name);
        coley_page_cell(out, 0, "%.3f", last ? best->utility : best->goal[k]);
        if (last)
            coley_page_cell(out, 0, "%.3f to %.3f", best->low, best->high);
        else
            coley_page_cell(out, 0, "weight %g", goals->goal[k].weight);
        if (written)
            coley_page_cell(out, 0, "%.3f", last ? written->utility : written->goal[k]);
        else
            coley_page_cell(out, 0, "%s", "");
        coley_page_row_end(out);
    }
    coley_page_table_end(out);
    if (written && o->best)
        coley_text_addf(out,
                        "<p>Gain over the trial as written: %.3f (%.3f to %.3f), on the people of the search.</p>\n",
                        o->gain, o->gain_low, o->gain_high);
    if (o->confirmed) {
        coley_text_addf(out, "<p>On %lld new people the best design has a utility of %.3f (%.3f to %.3f)",
                        (long long)s->design->confirm, o->again.utility, o->again.low, o->again.high);
        if (o->confirmed_written && o->best)
            coley_text_addf(out, ", %.3f (%.3f to %.3f) more than as written", o->again_gain, o->again_gain_low,
                            o->again_gain_high);
        coley_text_addf(
            out, ". The best of many tried designs is best by luck as well; the new people tell how much.</p>\n");
    }
    coley_page_section_end(out);
}

static coley_status everything_tried(coley_arena *arena, const coley_search *s, coley_text *out, coley_error *err)
{
    const coley_goals *goals = &s->design->utility;
    const size_t n = 4 + s->space.n + goals->n;
    const char **heads = COLEY_NEW(arena, const char *, n);
    if (!heads) return COLEY_FAIL_MEMORY(err);
    size_t at = 0;
    heads[at++] = "design";
    heads[at++] = "";
    for (size_t i = 0; i < s->space.n; i++) heads[at++] = s->space.row[i].name;
    for (size_t k = 0; k < goals->n; k++) heads[at++] = goals->goal[k].name;
    heads[at++] = "utility";
    heads[at++] = "its error";
    coley_page_section(out, "Everything that was tried", "All designs met the same people with the same luck.");
    coley_page_table(out, heads, n);
    for (size_t j = 0; j < s->n; j++) {
        const coley_tried *t = &s->tried[j];
        coley_page_row(out);
        coley_page_cell(out, 1, "%zu%s", j + 1, j == s->optimum.best ? " (best)" : "");
        coley_page_cell(out, 0, "%s", coley_search_kinds[t->kind]);
        for (size_t i = 0; i < s->space.n; i++) design_column(s, i, t, out);
        for (size_t k = 0; k < goals->n; k++) coley_page_cell(out, 0, "%.3f", t->goal[k]);
        coley_page_cell(out, 0, "%.3f", t->utility);
        coley_page_cell(out, 0, "%.3f", t->error);
        coley_page_row_end(out);
    }
    coley_page_table_end(out);
    coley_page_section_end(out);
    return COLEY_OK;
}

/* --- pictures --------------------------------------------------------------------------------------------------------
 */

static coley_status draw_progress(coley_arena *arena, const coley_search *s, coley_text *out, coley_error *err)
{
    double *number = COLEY_NEW(arena, double, s->n), *top = COLEY_NEW(arena, double, s->n);
    double *low = COLEY_NEW(arena, double, s->n), *high = COLEY_NEW(arena, double, s->n);
    if (!number || !top || !low || !high) return COLEY_FAIL_MEMORY(err);
    for (size_t j = 0; j < s->n; j++) {
        number[j] = (double)j + 1;
        top[j] = j ? fmax(top[j - 1], s->y[j]) : s->y[j];
        low[j] = s->tried[j].low;
        high[j] = s->tried[j].high;
    }
    const double best_x = (double)s->optimum.best + 1, best_y = s->y[s->optimum.best];
    const coley_scatter_points series[] = {
        {.label = "designs", .colour = 7, .n = s->n, .x = number, .y = s->y, .low = low, .high = high},
        {.label = "best", .colour = 1, .large = 1, .n = 1, .x = &best_x, .y = &best_y}};
    const coley_scatter plot = {.alt = "Utility of each design in the order in which they were tried",
                                .x_name = "design",
                                .y_name = "utility",
                                .x_low = 0.5,
                                .x_high = (double)s->n + 0.5,
                                .y_low = NAN,
                                .y_high = NAN,
                                .n_series = 2,
                                .series = series,
                                .n_curve = s->n,
                                .curve_x = number,
                                .curve_y = top};
    coley_page_section(
        out, "How the search went",
        "Each design's utility with its 95 % interval, and the largest so far. Intervals are wide because "
        "they are of the people; the designs share these, so that differences are surer.");
    coley_scatter_draw(&plot, out);
    coley_page_section_end(out);
    return COLEY_OK;
}

/* The surface along one parameter, the others as in the best design. */
static coley_status draw_slice(coley_arena *arena, const coley_search *s, size_t i, coley_text *out, coley_error *err)
{
    const coley_space_row *row = &s->space.row[i];
    const size_t d = s->space.n, best = s->optimum.best, n = row->choices.n ? row->choices.n : SLICE;
    double u[COLEY_SPACE_MOST], deviation, *column[6];
    for (int k = 0; k < 6; k++)
        if (!(column[k] = COLEY_NEW(arena, double, k < 4 ? n : s->n))) return COLEY_FAIL_MEMORY(err);
    double *x = column[0], *mean = column[1], *low = column[2], *high = column[3], *at = column[4], *value = column[5];
    memcpy(u, s->x + best * d, d * sizeof *u);
    for (size_t k = 0; k < n; k++) {
        u[i] = row->choices.n ? ((double)k + 0.5) / (double)n : (double)k / (double)(n - 1);
        const double place = coley_axis_place(row->axis, u[i]);
        x[k] = coley_space_value(row, u[i]);
        u[i] = place;
        mean[k] = coley_gaussian_at(&s->surface, u, &deviation);
        low[k] = mean[k] - 1.96 * deviation;
        high[k] = mean[k] + 1.96 * deviation;
    }
    for (size_t j = 0; j < s->n; j++) {
        at[j] = coley_space_value(row, s->x[j * d + i]);
        value[j] = s->y[j];
    }
    const double best_x = at[best], best_y = value[best];
    const coley_scatter_points series[] = {
        {.label = "tried, other parameters differ", .colour = 7, .n = s->n, .x = at, .y = value},
        {.label = "best", .colour = 1, .large = 1, .n = 1, .x = &best_x, .y = &best_y}};
    const coley_scatter_points choices[] = {
        {.label = "tried, other parameters differ", .colour = 7, .n = s->n, .x = at, .y = value},
        {.label = "surface", .colour = 0, .large = 1, .n = n, .x = x, .y = mean, .low = low, .high = high}};
    coley_scatter plot = {.alt = "Utility along one parameter",
                          .x_name = row->name,
                          .y_name = "utility",
                          .x_low = row->low,
                          .x_high = row->high,
                          .x_log = row->scale == COLEY_SCALE_LOG,
                          .y_low = NAN,
                          .y_high = NAN,
                          .n_series = 2,
                          .series = series,
                          .n_curve = n,
                          .curve_x = x,
                          .curve_y = mean,
                          .curve_low = low,
                          .curve_high = high};
    if (row->choices.n) {
        plot.n_places = n;
        plot.place = row->choices.name;
        plot.series = choices;
        plot.n_curve = 0;
    }
    coley_text_addf(out, "<h3>%s</h3>\n", row->name);
    coley_scatter_draw(&plot, out);
    return COLEY_OK;
}

static void draw_two(coley_arena *arena, const coley_search *s, size_t a, size_t b, coley_text *out)
{
    const size_t d = s->space.n, best = s->optimum.best;
    const coley_space_row *x = &s->space.row[a], *y = &s->space.row[b];
    double *value = COLEY_NEW(arena, double, GRID *GRID), u[COLEY_SPACE_MOST];
    char alt[200];
    if (!value) {
        out->failed = 1;
        return;
    }
    memcpy(u, s->x + best * d, d * sizeof *u);
    for (size_t r = 0; r < GRID; r++)
        for (size_t c = 0; c < GRID; c++) {
            u[a] = coley_axis_place(x->axis, ((double)c + 0.5) / GRID);
            u[b] = coley_axis_place(y->axis, ((double)r + 0.5) / GRID);
            value[r * GRID + c] = coley_gaussian_at(&s->surface, u, NULL);
        }
    snprintf(alt, sizeof alt, "Utility over %s and %s; the darkest is the best", x->name, y->name);
    const coley_surface surface = {.alt = alt,
                                   .x_name = x->name,
                                   .y_name = y->name,
                                   .x_low = x->low,
                                   .x_high = x->high,
                                   .y_low = y->low,
                                   .y_high = y->high,
                                   .x_log = x->scale == COLEY_SCALE_LOG,
                                   .y_log = y->scale == COLEY_SCALE_LOG,
                                   .rows = GRID,
                                   .columns = GRID,
                                   .value = value,
                                   .mark_x = s->x[best * d + a],
                                   .mark_y = s->x[best * d + b]};
    coley_text_addf(out, "<h3>%s and %s</h3>\n", x->name, y->name);
    coley_surface_draw(&surface, out);
}

coley_status coley_search_page(coley_arena *arena, const coley_search *s, coley_text *out, coley_error *err)
{
    char foot[200];
    size_t number[COLEY_SPACE_MOST], n = 0;
    coley_page_open(out, "search for a design", s->design->title, NULL, notice);
    best_table(s, out);
    COLEY_TRY(draw_progress(arena, s, out, err));
    coley_page_section(out, "The utility along each parameter",
                       "The surface (a Gaussian process through all designs) with the other parameters as in the best "
                       "design; the band is 95 % of it.");
    for (size_t i = 0; i < s->space.n; i++) {
        COLEY_TRY(draw_slice(arena, s, i, out, err));
        if (!s->space.row[i].choices.n) number[n++] = i;
    }
    coley_page_section_end(out);
    if (n > 1) {
        coley_page_section(out, "Two parameters at once", "The same surface from above: the darker, the better.");
        for (size_t a = 0; a < n && a < 3; a++)
            for (size_t b = a + 1; b < n && b < 3; b++) draw_two(arena, s, number[a], number[b], out);
        coley_page_section_end(out);
    }
    COLEY_TRY(everything_tried(arena, s, out, err));
    snprintf(foot, sizeof foot, "%s Seed %lld, %lld people in each arm.", notice, (long long)s->design->seed,
             (long long)s->design->people);
    coley_page_close(out, foot);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
