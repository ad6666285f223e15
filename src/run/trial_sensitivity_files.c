/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_sensitivity_files.c -- an analysis as CSV, JSON, a table and a page; and an interrupted one taken up again. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "io/csv.h"
#include "io/scatter.h"
#include "run/page.h"
#include "run/trial_search_files.h"
#include "run/trial_sensitivity.h"

#define ADD(...) coley_text_addf(out, __VA_ARGS__)

static const char notice[] = "For research and teaching; not medical advice. What matters here matters in the model.";

/* --- the trials as rows ----------------------------------------------------------------------------------------------
 */

void coley_sensitivity_evaluations(const coley_sensitivity_run *r, coley_text *out)
{
    const coley_goals *goals = &r->design->endpoints;
    ADD("point");
    for (size_t i = 0; i < r->space.n; i++) ADD(",%s", r->space.row[i].name);
    for (size_t g = 0; g < goals->n; g++) ADD(",y_%s", goals->goal[g].name);
    ADD("\n");
    for (size_t k = 0; k < r->n; k++) {
        double u[COLEY_SPACE_MOST];
        coley_sensitivity_point(&r->plan, k, u);
        ADD("%zu", k + 1);
        for (size_t i = 0; i < r->space.n; i++) ADD(",%s", coley_space_text(&r->space.row[i], u[i]).text);
        for (size_t g = 0; g < goals->n; g++) ADD(",%s", coley_digits_exact(r->value[k * goals->n + g]).text);
        ADD("\n");
    }
}

coley_status coley_sensitivity_save(coley_arena *arena, const coley_sensitivity_run *r, const char *folder,
                                    const char *fingerprint, coley_error *err)
{
    coley_text rows = {.arena = arena}, mark = {.arena = arena};
    const char *path[2] = {coley_arena_printf(arena, "%s/sensitivity.json", folder),
                           coley_arena_printf(arena, "%s/evaluations.csv", folder)};
    coley_text_addf(&mark, "{\"fingerprint\": \"%s\"}\n", fingerprint);
    coley_sensitivity_evaluations(r, &rows);
    if (!path[0] || !path[1] || mark.failed || rows.failed) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_file_write(path[0], mark.data, mark.length, err));
    return coley_file_write(path[1], rows.data, rows.length, err);
}

coley_status coley_sensitivity_restore(coley_arena *arena, coley_sensitivity_run *r, const char *folder,
                                       const char *mark, const char *fingerprint, coley_error *err)
{
    const coley_goals *goals = &r->design->endpoints;
    const char *path = coley_arena_printf(arena, "%s/evaluations.csv", folder);
    coley_csv rows;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_search_same(arena, folder, mark, fingerprint, err));
    COLEY_TRY(coley_csv_read(arena, path, &rows, err));
    for (r->n = 0; r->n < rows.n_rows && r->n < r->n_points; r->n++)
        for (size_t g = 0; g < goals->n; g++) {
            char name[80];
            snprintf(name, sizeof name, "y_%s", goals->goal[g].name);
            COLEY_TRY(coley_csv_number(&rows, r->n, coley_csv_column(&rows, name), -1e9, 1e9,
                                       &r->value[r->n * goals->n + g], err));
        }
    return COLEY_OK;
}

/* --- the indices -----------------------------------------------------------------------------------------------------
 */

enum { COLUMNS = 3 };

/* What is told of an input: two shares, or three figures of its effects. */
static size_t told(const coley_sensitivity_run *r, const coley_sensitivity *s, coley_sensitivity_index index[COLUMNS],
                   const char *name[COLUMNS])
{
    if (r->plan.kind == COLEY_SENSITIVITY_SOBOL) {
        index[0] = s->first;
        index[1] = s->total;
        name[0] = "first";
        name[1] = "total";
        return 2;
    }
    index[0] = s->size;
    index[1] = s->mean;
    index[2] = s->deviation;
    name[0] = "size";
    name[1] = "mean";
    name[2] = "deviation";
    return 3;
}

static void add_number(coley_text *out, double x)
{
    if (isfinite(x))
        ADD(",%s", coley_digits_exact(x).text);
    else
        ADD(",");
}

void coley_sensitivity_indices(const coley_sensitivity_run *r, coley_text *out)
{
    const coley_goals *goals = &r->design->endpoints;
    ADD("endpoint,parameter,index,value,low,high\n");
    for (size_t g = 0; g < goals->n; g++)
        for (size_t i = 0; i < r->space.n; i++) {
            coley_sensitivity_index index[COLUMNS];
            const char *name[COLUMNS];
            const size_t n = told(r, &r->index[g * r->space.n + i], index, name);
            for (size_t k = 0; k < n; k++) {
                ADD("%s,%s,%s", goals->goal[g].name, r->space.row[i].name, name[k]);
                add_number(out, index[k].value);
                add_number(out, index[k].interval.low);
                add_number(out, index[k].interval.high);
                ADD("\n");
            }
        }
}

void coley_sensitivity_summary(const coley_sensitivity_run *r, const char *fingerprint, coley_text *out)
{
    const coley_goals *goals = &r->design->endpoints;
    coley_emit e = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "title", r->design->title);
    coley_emit_text(&e, "fingerprint", fingerprint);
    coley_emit_text(&e, "method", r->plan.kind == COLEY_SENSITIVITY_SOBOL ? "sobol" : "morris");
    coley_emit_integer(&e, "seed", r->design->seed);
    coley_emit_integer(&e, "people", r->design->people);
    coley_emit_integer(&e, "rows", r->design->rows);
    coley_emit_integer(&e, "trials", (int64_t)r->n);
    coley_emit_map(&e, "endpoints");
    for (size_t g = 0; g < goals->n; g++) {
        coley_emit_map(&e, goals->goal[g].name);
        coley_emit_number(&e, "mean", r->mean[g]);
        coley_emit_number(&e, "deviation", r->deviation[g]);
        coley_emit_map(&e, "parameters");
        for (size_t i = 0; i < r->space.n; i++) {
            coley_sensitivity_index index[COLUMNS];
            const char *name[COLUMNS];
            const size_t n = told(r, &r->index[g * r->space.n + i], index, name);
            coley_emit_map(&e, r->space.row[i].name);
            for (size_t k = 0; k < n; k++) {
                coley_emit_map(&e, name[k]);
                coley_emit_number(&e, "value", index[k].value);
                coley_emit_number(&e, "low", index[k].interval.low);
                coley_emit_number(&e, "high", index[k].interval.high);
                coley_emit_end(&e);
            }
            coley_emit_end(&e);
        }
        coley_emit_end(&e);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_end(&e);
}

/* "0.42 (0.31 to 0.55)" */
typedef struct words {
    char text[80];
} words;
static words index_words(coley_sensitivity_index x)
{
    words w;
    if (isfinite(x.value))
        snprintf(w.text, sizeof w.text, "%.3f (%.3f to %.3f)", x.value, x.interval.low, x.interval.high);
    else
        snprintf(w.text, sizeof w.text, "-");
    return w;
}

static const char *const sobol_heads[] = {"endpoint", "parameter", "by itself", "in all"};
static const char *const morris_heads[] = {"endpoint", "parameter", "size of effect", "mean effect", "deviation"};

void coley_sensitivity_words(coley_arena *arena, const coley_sensitivity_run *r, coley_text *out)
{
    const int sobol = r->plan.kind == COLEY_SENSITIVITY_SOBOL;
    const coley_goals *goals = &r->design->endpoints;
    coley_table table = coley_table_begin(arena, sobol ? sobol_heads : morris_heads, sobol ? 4 : 5);
    for (size_t g = 0; g < goals->n; g++)
        for (size_t i = 0; i < r->space.n; i++) {
            coley_sensitivity_index index[COLUMNS];
            const char *name[COLUMNS];
            const size_t n = told(r, &r->index[g * r->space.n + i], index, name);
            coley_table_add(&table, "%s", i ? "" : goals->goal[g].name);
            coley_table_add(&table, "%s", r->space.row[i].name);
            for (size_t k = 0; k < n; k++) coley_table_add(&table, "%s", index_words(index[k]).text);
        }
    coley_table_draw(&table, out);
    if (table.failed) out->failed = 1;
    for (size_t g = 0; g < goals->n; g++) {
        ADD("%s%s is %.3f on average over the ranges, standard deviation %.3f", g ? "; " : "\n", goals->goal[g].name,
            r->mean[g], r->deviation[g]);
        if (!(r->deviation[g] > 0)) ADD(" (it never changes)");
    }
    ADD(".\n%s; %zu trials of %lld people in an arm.\n",
        sobol ? "Shares of the variance with 95 % of the bootstrap" : "Effects over the whole range", r->n,
        (long long)r->design->people);
}

/* --- the page --------------------------------------------------------------------------------------------------------
 */

static coley_status draw_indices(coley_arena *arena, const coley_sensitivity_run *r, size_t g, coley_text *out,
                                 coley_error *err)
{
    const size_t d = r->space.n;
    const int sobol = r->plan.kind == COLEY_SENSITIVITY_SOBOL;
    const char **place = COLEY_NEW(arena, const char *, d);
    double *x = COLEY_NEW(arena, double, d), *column[6];
    for (int k = 0; k < 6; k++)
        if (!(column[k] = COLEY_NEW(arena, double, d))) return COLEY_FAIL_MEMORY(err);
    if (!place || !x) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < d; i++) {
        const coley_sensitivity *s = &r->index[g * d + i];
        const coley_sensitivity_index two[2] = {sobol ? s->first : s->size, sobol ? s->total : s->deviation};
        x[i] = (double)i;
        place[i] = r->space.row[i].name;
        for (int k = 0; k < 2; k++) {
            column[3 * k][i] = two[k].value;
            column[3 * k + 1][i] = two[k].interval.low;
            column[3 * k + 2][i] = two[k].interval.high;
        }
    }
    const coley_scatter_points series[] = {{.label = sobol ? "by itself" : "mean size",
                                            .colour = 0,
                                            .n = d,
                                            .x = x,
                                            .y = column[0],
                                            .low = column[1],
                                            .high = column[2]},
                                           {.label = sobol ? "in all" : "deviation",
                                            .colour = 1,
                                            .n = d,
                                            .x = x,
                                            .y = column[3],
                                            .low = column[4],
                                            .high = column[5]}};
    const coley_scatter plot = {.alt = "Sensitivity of the endpoint to each parameter, with intervals",
                                .y_name = sobol ? "share of the variance" : "change of the endpoint over the range",
                                .y_low = NAN,
                                .y_high = NAN,
                                .n_places = d,
                                .place = place,
                                .n_series = 2,
                                .series = series};
    coley_scatter_draw(&plot, out);
    return COLEY_OK;
}

static void ranges(const coley_sensitivity_run *r, coley_text *out)
{
    static const char *const heads[] = {"parameter", "from", "to", "what it is"};
    coley_page_section(out, "What was moved", "Every parameter over its whole range, all at once.");
    coley_page_table(out, heads, 4);
    for (size_t i = 0; i < r->space.n; i++) {
        const coley_space_row *row = &r->space.row[i];
        coley_page_row(out);
        coley_page_cell(out, 1, "%s", row->name);
        coley_page_cell(out, 0, "%s", coley_space_text(row, 0).text);
        coley_page_cell(out, 0, "%s", coley_space_text(row, 1).text);
        coley_page_cell(out, 0, "%s", row->trait ? row->trait : row->path.text[0]);
        coley_page_row_end(out);
    }
    coley_page_table_end(out);
    coley_page_section_end(out);
}

coley_status coley_sensitivity_page(coley_arena *arena, const coley_sensitivity_run *r, coley_text *out,
                                    coley_error *err)
{
    const int sobol = r->plan.kind == COLEY_SENSITIVITY_SOBOL;
    const coley_goals *goals = &r->design->endpoints;
    char lead[300], foot[300];
    coley_page_open(out, "sensitivity", r->design->title, NULL, notice);
    for (size_t g = 0; g < goals->n; g++) {
        snprintf(lead, sizeof lead, "%.3f on average over the ranges, standard deviation %.3f. %s", r->mean[g],
                 r->deviation[g],
                 sobol
                     ? "Share of that variance that a parameter explains by itself, and in all that it takes part in."
                     : "How much the endpoint changes when a parameter goes over its range, and how much that differs "
                       "between places.");
        coley_page_section(out, goals->goal[g].name, lead);
        COLEY_TRY(draw_indices(arena, r, g, out, err));
        coley_page_table(out, (sobol ? sobol_heads : morris_heads) + 1, sobol ? 3 : 4);
        for (size_t i = 0; i < r->space.n; i++) {
            coley_sensitivity_index index[COLUMNS];
            const char *name[COLUMNS];
            const size_t n = told(r, &r->index[g * r->space.n + i], index, name);
            coley_page_row(out);
            coley_page_cell(out, 1, "%s", r->space.row[i].name);
            for (size_t k = 0; k < n; k++) coley_page_cell(out, 0, "%s", index_words(index[k]).text);
            coley_page_row_end(out);
        }
        coley_page_table_end(out);
        coley_page_section_end(out);
    }
    ranges(r, out);
    snprintf(foot, sizeof foot, "%s Seed %lld, %zu trials of %lld people in an arm.", notice,
             (long long)r->design->seed, r->n, (long long)r->design->people);
    coley_page_close(out, foot);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
