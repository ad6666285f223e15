/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_lengths.c -- reads a table of repeat lengths. */
#include "assay/msi_lengths.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"

enum { SITE, SAMPLE, LENGTH, READS, N_FIELDS, MAX_COLUMNS = 32 };

static const char *const field_names[N_FIELDS] = {"site", "sample", "length", "reads"};

typedef struct reader {
    coley_arena *arena;
    coley_lines *lines;
    coley_length_table *table;
    int column[N_FIELDS];
    size_t n_columns;
    char *cell[MAX_COLUMNS];
    coley_length_count *kind[2]; /* of the site under way: normal, tumour */
    size_t n_kinds[2], cap_kinds[2];
} reader;

static coley_status cut(reader *r, char *line, size_t *n, coley_error *err)
{
    for (*n = 0;;) {
        char *const tab = strchr(line, '\t');
        if (*n == MAX_COLUMNS)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "more than %d columns",
                                 MAX_COLUMNS);
        r->cell[(*n)++] = line;
        if (!tab) return COLEY_OK;
        *tab = '\0';
        line = tab + 1;
    }
}

static coley_status fail_cell(const reader *r, int field, const char *want, coley_error *err)
{
    coley_place place = coley_lines_place(r->lines);
    place.key = field_names[field];
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s is not %s", coley_quote_make(r->cell[r->column[field]]).text,
                         want);
}

static int by_units(const void *a, const void *b)
{
    const uint32_t x = ((const coley_length_count *)a)->units, y = ((const coley_length_count *)b)->units;
    return (x > y) - (x < y);
}

/* Sort a site's lengths, add those that stand there twice. */
static coley_status finish(reader *r, int sample, coley_lengths *out, coley_error *err)
{
    coley_length_count *kind = r->kind[sample];
    const size_t n = r->n_kinds[sample];
    uint64_t sum = 0;
    size_t at = 0;
    if (n) qsort(kind, n, sizeof *kind, by_units);
    for (size_t i = 0; i < n; i++) {
        sum += kind[i].reads;
        if (at && kind[at - 1].units == kind[i].units)
            kind[at - 1].reads += kind[i].reads;
        else
            kind[at++] = kind[i];
    }
    if (sum > UINT32_MAX)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "a site with more than 4e9 reads");
    coley_length_count *copy = COLEY_NEW(r->arena, coley_length_count, at);
    if (!copy) return COLEY_FAIL_MEMORY(err);
    if (at) memcpy(copy, kind, at * sizeof *copy);
    *out = (coley_lengths){.kind = copy, .n_kinds = (uint32_t)at, .n_reads = (uint32_t)sum};
    r->n_kinds[sample] = 0;
    return COLEY_OK;
}

static coley_status finish_site(reader *r, coley_error *err)
{
    coley_length_table *t = r->table;
    if (!t->n) return COLEY_OK;
    COLEY_TRY(finish(r, 0, &t->normal[t->n - 1], err));
    return finish(r, 1, &t->tumour[t->n - 1], err);
}

static coley_status begin_site(reader *r, const char *name, coley_error *err)
{
    coley_length_table *t = r->table;
    COLEY_TRY(finish_site(r, err));
    if (!*name) return fail_cell(r, SITE, "the name of a site", err);
    if (!COLEY_RESERVE(r->arena, t->name, t->cap, t->n + 1) ||
        !COLEY_RESERVE(r->arena, t->tumour, t->cap_tumour, t->n + 1) ||
        !COLEY_RESERVE(r->arena, t->normal, t->cap_normal, t->n + 1) ||
        !(t->name[t->n] = coley_arena_text(r->arena, name, strlen(name))))
        return COLEY_FAIL_MEMORY(err);
    t->n++;
    return COLEY_OK;
}

static coley_status read_row(reader *r, char *line, coley_error *err)
{
    coley_length_table *t = r->table;
    int64_t length, reads;
    size_t n;
    COLEY_TRY(cut(r, line, &n, err));
    if (n != r->n_columns)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                             "%zu columns where the heading has %zu; they are parted by tabs", n, r->n_columns);
    const char *name = r->cell[r->column[SITE]], *sample = r->cell[r->column[SAMPLE]];
    if (!t->n || strcmp(t->name[t->n - 1], name) != 0) COLEY_TRY(begin_site(r, name, err));
    const int tumour = strcmp(sample, "tumour") == 0 || strcmp(sample, "tumor") == 0;
    if (!tumour && strcmp(sample, "normal") != 0) return fail_cell(r, SAMPLE, "tumour or normal", err);
    if (!coley_text_integer(r->cell[r->column[LENGTH]], 0, 1000000, &length))
        return fail_cell(r, LENGTH, "a whole number from 0 to 1000000", err);
    if (!coley_text_integer(r->cell[r->column[READS]], 0, 1000000000, &reads))
        return fail_cell(r, READS, "a whole number from 0 to 1000000000", err);
    if (!reads) return COLEY_OK;
    if (!COLEY_RESERVE(r->arena, r->kind[tumour], r->cap_kinds[tumour], r->n_kinds[tumour] + 1))
        return COLEY_FAIL_MEMORY(err);
    r->kind[tumour][r->n_kinds[tumour]++] = (coley_length_count){.units = (uint32_t)length, .reads = (uint32_t)reads};
    return COLEY_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A site whose rows do not stand together would be two sites. */
static coley_status check_names(coley_arena *arena, const coley_length_table *t, coley_error *err)
{
    const char **sorted = COLEY_NEW(arena, const char *, t->n);
    if (!sorted) return COLEY_FAIL_MEMORY(err);
    memcpy(sorted, t->name, t->n * sizeof *sorted);
    qsort(sorted, t->n, sizeof *sorted, by_name);
    for (size_t i = 1; i < t->n; i++)
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = t->file},
                                 "rows of the site %s stand in two places; put them together",
                                 coley_quote_make(sorted[i]).text);
    return COLEY_OK;
}

coley_status coley_length_table_parse(coley_arena *arena, coley_lines *lines, coley_length_table *table,
                                      coley_error *err)
{
    reader r = {.arena = arena, .lines = lines, .table = table};
    char *line;
    size_t length;
    *table = (coley_length_table){.file = coley_lines_place(lines).file};
    const coley_place place = {.file = table->file};
    COLEY_TRY(coley_lines_next(lines, &line, &length, err));
    if (!line) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is empty");
    COLEY_TRY(cut(&r, line, &r.n_columns, err));
    for (int f = 0; f < N_FIELDS; f++) {
        r.column[f] = -1;
        for (size_t i = 0; i < r.n_columns; i++)
            if (strcmp(r.cell[i], field_names[f]) == 0) r.column[f] = (int)i;
        if (r.column[f] < 0)
            return COLEY_FAIL_AT(
                err, COLEY_ERR_INPUT, coley_lines_place(lines),
                "the heading has no column %s; the columns are site, sample, length, reads, parted by tabs",
                field_names[f]);
    }
    for (;;) {
        COLEY_TRY(coley_lines_next(lines, &line, &length, err));
        if (!line) break;
        if (length) COLEY_TRY(read_row(&r, line, err));
    }
    if (!table->n) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "has a heading and no rows");
    COLEY_TRY(finish_site(&r, err));
    return check_names(arena, table, err);
}

coley_status coley_length_table_read(coley_arena *arena, const char *path, coley_length_table *table, coley_error *err)
{
    coley_lines *lines;
    COLEY_TRY(coley_lines_open(arena, path, &lines, err));
    const coley_status status = coley_length_table_parse(arena, lines, table, err);
    coley_lines_close(lines);
    return status;
}
