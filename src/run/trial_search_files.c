/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_search_files.c -- see trial_search_files.h. */
#include "run/trial_search_files.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "base/table.h"
#include "io/csv.h"

#define ADD(...) coley_text_addf(out, __VA_ARGS__)

/* --- what was tried --------------------------------------------------------------------------------------------------
 */

void coley_search_evaluations(const coley_search *s, coley_text *out)
{
    const coley_goals *goals = &s->design->utility;
    ADD("design,kind");
    for (size_t i = 0; i < s->space.n; i++) ADD(",%s", s->space.row[i].name);
    for (size_t k = 0; k < goals->n; k++) ADD(",%s", goals->goal[k].name);
    ADD(",utility,error,low,high");
    for (size_t i = 0; i < s->space.n; i++) ADD(",at_%s", s->space.row[i].name);
    ADD("\n");
    for (size_t j = 0; j < s->n; j++) {
        const coley_tried *t = &s->tried[j];
        ADD("%zu,%s", j + 1, coley_search_kinds[t->kind]);
        for (size_t i = 0; i < s->space.n; i++) ADD(",%s", coley_space_text(&s->space.row[i], t->u[i]).text);
        for (size_t k = 0; k < goals->n; k++) ADD(",%s", coley_digits_exact(t->goal[k]).text);
        ADD(",%s,%s", coley_digits_exact(t->utility).text, coley_digits_exact(t->error).text);
        ADD(",%s,%s", coley_digits_exact(t->low).text, coley_digits_exact(t->high).text);
        for (size_t i = 0; i < s->space.n; i++) ADD(",%s", coley_digits_exact(t->u[i]).text);
        ADD("\n");
    }
}

void coley_search_replicates(const coley_search *s, coley_text *out)
{
    ADD("design");
    for (size_t b = 0; b < COLEY_REPLICATES; b++) ADD(",r%zu", b + 1);
    ADD("\n");
    for (size_t j = 0; j < s->n; j++) {
        ADD("%zu", j + 1);
        for (size_t b = 0; b < COLEY_REPLICATES; b++) ADD(",%s", coley_digits_exact(s->tried[j].replicate[b]).text);
        ADD("\n");
    }
}

/* --- an interrupted search -------------------------------------------------------------------------------------------
 */

coley_status coley_search_hash(coley_arena *arena, const char *file, const coley_space *space, char hex[65],
                               coley_error *err)
{
    const char *const path[2] = {file, space->trial};
    coley_sha256_sum sum;
    coley_sha256_begin(&sum);
    for (int i = 0; i < 2; i++) {
        char *bytes;
        size_t length;
        COLEY_TRY(coley_file_read(arena, path[i], COLEY_YAML_MAX_BYTES, &bytes, &length, err));
        coley_sha256_add(&sum, bytes, length);
    }
    const char *rest =
        coley_arena_printf(arena, "%s %lld %lld", COLEY_VERSION, (long long)space->seed, (long long)space->people);
    if (!rest) return COLEY_FAIL_MEMORY(err);
    coley_sha256_add(&sum, rest, strlen(rest));
    memcpy(hex, coley_sha256_end(&sum).hex, 65);
    return COLEY_OK;
}

coley_status coley_search_same(coley_arena *arena, const char *folder, const char *mark, const char *fingerprint,
                               coley_error *err)
{
    const char *json = coley_arena_printf(arena, "%s/%s", folder, mark), *was;
    const coley_yaml *root, *at;
    if (!json) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, json, &root, err));
    if (!(at = coley_yaml_find(root, "fingerprint")))
        return coley_yaml_fail(root, err, "the key 'fingerprint' is missing");
    COLEY_TRY(coley_yaml_text(at, &was, err));
    if (strcmp(was, fingerprint) != 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = folder}),
                             "what is there had another file, trial, seed, number of people or version; give that one, "
                             "or start again with --force");
    return COLEY_OK;
}

static coley_status write_in(coley_arena *arena, const char *folder, const char *name, const coley_text *text,
                             coley_error *err)
{
    const char *path = coley_arena_printf(arena, "%s/%s", folder, name);
    if (!path || text->failed) return COLEY_FAIL_MEMORY(err);
    return coley_file_write(path, text->data, text->length, err);
}

coley_status coley_search_save(coley_arena *arena, const coley_search *s, const char *folder, const char *fingerprint,
                               coley_error *err)
{
    coley_text rows = {.arena = arena}, replicates = {.arena = arena}, mark = {.arena = arena};
    coley_text_addf(&mark, "{\"fingerprint\": \"%s\"}\n", fingerprint);
    coley_search_replicates(s, &replicates);
    coley_search_evaluations(s, &rows);
    COLEY_TRY(write_in(arena, folder, "search.json", &mark, err));
    /* What counts the designs goes last. */
    COLEY_TRY(write_in(arena, folder, "replicates.csv", &replicates, err));
    return write_in(arena, folder, "evaluations.csv", &rows, err);
}

static coley_status restore_row(const coley_csv *rows, const coley_csv *replicates, size_t j, const coley_search *s,
                                coley_tried *t, coley_error *err)
{
    const coley_goals *goals = &s->design->utility;
    const char *kind = coley_csv_cell(rows, j, coley_csv_column(rows, "kind"));
    for (t->kind = 0; coley_search_kinds[t->kind] && strcmp(kind, coley_search_kinds[t->kind]) != 0;) t->kind++;
    if (!coley_search_kinds[t->kind])
        return coley_csv_fail(rows, j, coley_csv_column(rows, "kind"), err, "is not known");
    for (size_t i = 0; i < s->space.n; i++) {
        char name[160];
        snprintf(name, sizeof name, "at_%s", s->space.row[i].name);
        COLEY_TRY(coley_csv_number(rows, j, coley_csv_column(rows, name), 0, 1, &t->u[i], err));
    }
    for (size_t k = 0; k < goals->n; k++)
        COLEY_TRY(coley_csv_number(rows, j, coley_csv_column(rows, goals->goal[k].name), -1e9, 1e9, &t->goal[k], err));
    COLEY_TRY(coley_csv_number(rows, j, coley_csv_column(rows, "utility"), -1e9, 1e9, &t->utility, err));
    COLEY_TRY(coley_csv_number(rows, j, coley_csv_column(rows, "error"), 0, 1e9, &t->error, err));
    COLEY_TRY(coley_csv_number(rows, j, coley_csv_column(rows, "low"), -1e9, 1e9, &t->low, err));
    COLEY_TRY(coley_csv_number(rows, j, coley_csv_column(rows, "high"), -1e9, 1e9, &t->high, err));
    for (size_t b = 0; b < COLEY_REPLICATES; b++)
        COLEY_TRY(coley_csv_number(replicates, j, (int)b + 1, -1e9, 1e9, &t->replicate[b], err));
    return COLEY_OK;
}

coley_status coley_search_restore(coley_arena *arena, coley_search *s, const char *folder, const char *mark,
                                  const char *fingerprint, coley_error *err)
{
    const char *path[2] = {coley_arena_printf(arena, "%s/evaluations.csv", folder),
                           coley_arena_printf(arena, "%s/replicates.csv", folder)};
    coley_csv rows, replicates;
    if (!path[0] || !path[1]) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_search_same(arena, folder, mark, fingerprint, err));
    COLEY_TRY(coley_csv_read(arena, path[0], &rows, err));
    COLEY_TRY(coley_csv_read(arena, path[1], &replicates, err));
    if (rows.n_rows > replicates.n_rows || replicates.n_columns != COLEY_REPLICATES + 1)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = path[1]}),
                             "does not go with evaluations.csv; start again with --force");
    for (s->n = 0; s->n < rows.n_rows && s->n < s->cap; s->n++)
        COLEY_TRY(restore_row(&rows, &replicates, s->n, s, &s->tried[s->n], err));
    return COLEY_OK;
}

/* --- the optimum -----------------------------------------------------------------------------------------------------
 */

static void emit_design(coley_emit *e, const char *key, const coley_search *s, const coley_tried *t)
{
    const coley_goals *goals = &s->design->utility;
    coley_emit_map(e, key);
    coley_emit_map(e, "parameters");
    for (size_t i = 0; i < s->space.n; i++) {
        const coley_space_row *row = &s->space.row[i];
        if (row->choices.n)
            coley_emit_text(e, row->name, coley_space_text(row, t->u[i]).text);
        else
            coley_emit_number(e, row->name, coley_space_value(row, t->u[i]));
    }
    coley_emit_end(e);
    coley_emit_map(e, "endpoints");
    for (size_t k = 0; k < goals->n; k++) coley_emit_number(e, goals->goal[k].name, t->goal[k]);
    coley_emit_end(e);
    coley_emit_number(e, "utility", t->utility);
    coley_emit_number(e, "error", t->error);
    coley_emit_number(e, "low", t->low);
    coley_emit_number(e, "high", t->high);
    coley_emit_end(e);
}

static void emit_interval(coley_emit *e, const char *key, double value, double low, double high)
{
    coley_emit_map(e, key);
    coley_emit_number(e, "value", value);
    coley_emit_number(e, "low", low);
    coley_emit_number(e, "high", high);
    coley_emit_end(e);
}

static void emit_where(coley_emit *e, const coley_search *s)
{
    const coley_optimum *o = &s->optimum;
    coley_emit_map(e, "where");
    for (size_t i = 0; i < s->space.n; i++) {
        const coley_space_row *row = &s->space.row[i];
        coley_emit_map(e, row->name);
        for (size_t c = 0; c < row->choices.n; c++) coley_emit_number(e, row->choices.name[c], o->share[i][c]);
        if (!row->choices.n) {
            coley_emit_number(e, "low", o->from[i]);
            coley_emit_number(e, "high", o->to[i]);
        }
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

void coley_search_summary(const coley_search *s, const char *fingerprint, coley_text *out)
{
    const coley_optimum *o = &s->optimum;
    coley_emit e = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "title", s->design->title);
    coley_emit_text(&e, "fingerprint", fingerprint);
    coley_emit_integer(&e, "seed", s->design->seed);
    coley_emit_integer(&e, "people", s->design->people);
    coley_emit_integer(&e, "designs", (int64_t)s->n);
    coley_emit_flag(&e, "exhausted", s->exhausted);
    coley_emit_integer(&e, "best", (int64_t)o->best + 1);
    emit_design(&e, "optimum", s, &s->tried[o->best]);
    emit_interval(&e, "surface", o->mean, o->low, o->high);
    emit_where(&e, s);
    if (s->tried[0].kind == COLEY_TRIED_WRITTEN) {
        emit_design(&e, "as_written", s, &s->tried[0]);
        emit_interval(&e, "gain", o->gain, o->gain_low, o->gain_high);
    }
    if (o->confirmed) {
        coley_emit_map(&e, "on_new_people");
        coley_emit_integer(&e, "people", s->design->confirm);
        emit_design(&e, "optimum", s, &o->again);
        if (o->confirmed_written) {
            emit_design(&e, "as_written", s, &o->written_again);
            emit_interval(&e, "gain", o->again_gain, o->again_gain_low, o->again_gain_high);
        }
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
}

/* --- for a terminal --------------------------------------------------------------------------------------------------
 */

static void add_range(coley_table *table, const coley_search *s, size_t i)
{
    const coley_space_row *row = &s->space.row[i];
    const coley_optimum *o = &s->optimum;
    if (!row->choices.n) {
        coley_table_add(table, "%.4g to %.4g", o->from[i], o->to[i]);
        return;
    }
    const size_t best = (size_t)coley_space_value(row, s->tried[o->best].u[i]);
    coley_table_add(table, "best in %.0f %% of surfaces", 100 * o->share[i][best]);
}

static void add_if(coley_table *table, int there, double x)
{
    if (there)
        coley_table_add(table, "%.3f", x);
    else
        coley_table_add(table, "%s", "");
}

void coley_search_words(coley_arena *arena, const coley_search *s, coley_text *out)
{
    static const char *const heads[] = {"", "best design", "where the optimum lies", "as written"};
    const coley_optimum *o = &s->optimum;
    const coley_goals *goals = &s->design->utility;
    const coley_tried *best = &s->tried[o->best], *written = s->tried[0].kind ? NULL : &s->tried[0];
    coley_table table = coley_table_begin(arena, heads, 4);
    for (size_t i = 0; i < s->space.n; i++) {
        coley_table_add(&table, "%s", s->space.row[i].name);
        coley_table_add(&table, "%s", coley_space_text(&s->space.row[i], best->u[i]).text);
        add_range(&table, s, i);
        coley_table_add(&table, "%s", written ? coley_space_text(&s->space.row[i], written->u[i]).text : "");
    }
    for (size_t k = 0; k < goals->n; k++) {
        coley_table_add(&table, "%s", goals->goal[k].name);
        coley_table_add(&table, "%.3f", best->goal[k]);
        coley_table_add(&table, "%s", "");
        add_if(&table, written != NULL, written ? written->goal[k] : 0);
    }
    coley_table_add(&table, "%s", "utility");
    coley_table_add(&table, "%.3f (%.3f to %.3f)", best->utility, best->low, best->high);
    coley_table_add(&table, "%s", "");
    add_if(&table, written != NULL, written ? written->utility : 0);
    coley_table_draw(&table, out);
    if (table.failed) out->failed = 1;
    if (written && o->best)
        ADD("\nGain over the trial as written: %.3f (%.3f to %.3f), on the people of the search.\n", o->gain,
            o->gain_low, o->gain_high);
    if (written && !o->best) ADD("\nNo design tried is better than the one as written.\n");
    if (o->confirmed)
        ADD("On %lld new people the best design has a utility of %.3f (%.3f to %.3f)", (long long)s->design->confirm,
            o->again.utility, o->again.low, o->again.high);
    if (o->confirmed && o->confirmed_written && o->best)
        ADD(", %.3f (%.3f to %.3f) more than as written", o->again_gain, o->again_gain_low, o->again_gain_high);
    if (o->confirmed) ADD(".\n");
    if (s->exhausted) ADD("Every design that the parameters allow was tried: %zu.\n", s->n);
}
