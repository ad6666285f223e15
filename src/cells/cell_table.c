/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_table.c -- rows of text into cells; see cell_table.h. */
#include "cells/cell_table.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "cells/cell_builder.h"
#include "cells/line_source.h"

/* What a column of the file is for: one bit each, several may be set. */
enum { SECOND_X = COLEY_COLUMN_COUNT, SECOND_Y, FIRST_CALL };

typedef struct reader {
    coley_cell_builder builder;
    coley_line_source source;
    char separator;
    size_t n_columns;
    const char **name;
    uint32_t *purpose; /* [n_columns] */
    size_t *idle;      /* [n_columns] columns from here on that serve none, one after the other */
    char spare[COLEY_LINE_MAX_FIELD + 1];
} reader;

static coley_place place_at(const reader *r, const char *row, const char *field, size_t column)
{
    return (coley_place){.file = r->source.file,
                         .line = r->source.line,
                         .column = (int)(field - row) + 1,
                         .key = r->name ? r->name[column] : NULL};
}

/* --- header --------------------------------------------------------------------------------------------------------
 */

/* The separator that the header has most of: comma, tab or semicolon. */
static char separator_of(const char *row, size_t length)
{
    static const char marks[] = {',', '\t', ';'};
    size_t count[3] = {0};
    int quoted = 0, best = 0;
    for (size_t i = 0; i < length; i++) {
        quoted ^= row[i] == '"';
        for (int k = 0; k < 3 && !quoted; k++) count[k] += row[i] == marks[k];
    }
    for (int k = 1; k < 3; k++)
        if (count[k] > count[best]) best = k;
    return marks[best];
}

static coley_status check_names(const reader *r, coley_error *err)
{
    for (size_t i = 0; i < r->n_columns; i++)
        for (size_t j = 0; r->n_columns <= 1000 && *r->name[i] && j < i; j++)
            if (strcmp(r->name[i], r->name[j]) == 0)
                return COLEY_FAIL_AT(
                    err, COLEY_ERR_INPUT, ((coley_place){.file = r->source.file, .line = r->source.line}),
                    "column \"%.60s\" stands twice in the header (%zu and %zu)", r->name[i], j + 1, i + 1);
    return COLEY_OK;
}

static coley_status read_header(coley_arena *arena, reader *r, const char *row, size_t length, coley_error *err)
{
    const coley_place place = {.file = r->source.file, .line = r->source.line};
    size_t bad, cap = 0;
    if (length >= 3 && memcmp(row, "\xef\xbb\xbf", 3) == 0) row += 3, length -= 3;
    if (!coley_text_utf8(row, length, &bad))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "the header is not UTF-8 at byte %zu; save it as UTF-8", bad);
    r->separator = separator_of(row, length);
    const char **name = NULL;
    for (const char *from = row, *end = row + length; from;) {
        const char *field;
        size_t n;
        from = coley_line_field(from, end, r->separator, r->spare, &field, &n);
        if (!field) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "a quote stands in the header where none may be");
        if (r->n_columns == COLEY_CELLS_MAX_COLUMNS)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "more than %d columns", COLEY_CELLS_MAX_COLUMNS);
        while (n && *field == ' ') field++, n--;
        while (n && field[n - 1] == ' ') n--;
        if (!COLEY_RESERVE(arena, name, cap, r->n_columns + 1)) return COLEY_FAIL_MEMORY(err);
        if (!(name[r->n_columns++] = coley_arena_text(arena, field, n))) return COLEY_FAIL_MEMORY(err);
    }
    r->name = name;
    return check_names(r, err);
}

static coley_status set_purposes(coley_arena *arena, reader *r, coley_error *err)
{
    const coley_cell_layout *layout = &r->builder.layout;
    const size_t n_calls = r->builder.options->n_calls;
    if (!(r->purpose = COLEY_NEW(arena, uint32_t, r->n_columns))) return COLEY_FAIL_MEMORY(err);
    for (int c = 0; c < COLEY_COLUMN_COUNT; c++)
        if (layout->at[c] >= 0) r->purpose[layout->at[c]] |= 1u << c;
    if (layout->second[COLEY_COLUMN_X] >= 0) r->purpose[layout->second[COLEY_COLUMN_X]] |= 1u << SECOND_X;
    if (layout->second[COLEY_COLUMN_Y] >= 0) r->purpose[layout->second[COLEY_COLUMN_Y]] |= 1u << SECOND_Y;
    for (size_t i = 0; i < n_calls; i++) r->purpose[layout->call[i]] |= 1u << (FIRST_CALL + i);
    if (!(r->idle = COLEY_NEW(arena, size_t, r->n_columns + 1))) return COLEY_FAIL_MEMORY(err);
    for (size_t c = r->n_columns; c-- > 0;) r->idle[c] = r->purpose[c] ? 0 : r->idle[c + 1] + 1;
    return COLEY_OK;
}

/* --- rows ----------------------------------------------------------------------------------------------------------
 */

static coley_status not_a_number(coley_place place, const char *field, size_t n, const char *what, coley_error *err)
{
    char text[41];
    const size_t shown = n < sizeof text ? n : sizeof text - 1;
    memcpy(text, field, shown);
    text[shown] = '\0';
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s %s", coley_quote_make(text).text, what);
}

/* A position; two columns of one axis are added up and halved at the end of the row. */
static coley_status read_position(const char *field, size_t n, coley_place place, double *value, coley_error *err)
{
    double x;
    if (!coley_cell_number(field, n, &x) || isnan(x))
        return not_a_number(place, field, n, "is no position; each cell needs a number here", err);
    *value += x;
    return COLEY_OK;
}

static coley_status read_measure(const char *field, size_t n, coley_place place, int column, double *value,
                                 coley_error *err)
{
    if (column == COLEY_COLUMN_PDL1) {
        if (!coley_cell_call(field, n, value))
            return not_a_number(place, field, n,
                                "is neither a number nor a call (0, 1, yes, no, positive, negative, "
                                "PDL1+, PDL1-; empty or NA where it was not measured)",
                                err);
    } else {
        if (!coley_cell_number(field, n, value) || *value < 0)
            return not_a_number(place, field, n, "is no area in um2", err);
    }
    return COLEY_OK;
}

typedef struct reading {
    coley_cell_row row;
    int called; /* number of the first call that said yes, plus one */
    int type;
} reading;

static coley_status read_call(const reader *r, int bit, const char *field, size_t n, coley_place place, reading *in,
                              coley_error *err)
{
    double value;
    const int i = bit - FIRST_CALL;
    if (!coley_cell_call(field, n, &value))
        return not_a_number(place, field, n, "is no call (0, 1, yes, no, positive, negative)", err);
    if (value > 0 && (!in->called || i + 1 < in->called)) {
        in->called = i + 1;
        in->row.type = (uint8_t)r->builder.layout.call_type[i];
    }
    return COLEY_OK;
}

static coley_status read_word(reader *r, int column, const char *field, size_t n, coley_place place, reading *in,
                              coley_error *err)
{
    coley_cell_builder *b = &r->builder;
    uint32_t number;
    COLEY_TRY(coley_cell_intern(b, (coley_cell_column)column, field, n, place, &number, err));
    if (column == COLEY_COLUMN_SAMPLE) in->row.sample = number;
    if (column == COLEY_COLUMN_PHENOTYPE) in->type = b->phenotype.seen[number].meaning;
    if (column == COLEY_COLUMN_REGION) in->row.region = (uint8_t)b->region.seen[number].meaning;
    return COLEY_OK;
}

static coley_status read_field(reader *r, const char *row, size_t column, const char *field, size_t n, reading *in,
                               const char *where, coley_error *err)
{
    const coley_place place = place_at(r, row, where, column);
    for (uint32_t left = r->purpose[column]; left; left &= left - 1) {
        const int bit = __builtin_ctz(left);
        if (bit == COLEY_COLUMN_X || bit == SECOND_X)
            COLEY_TRY(read_position(field, n, place, &in->row.x, err));
        else if (bit == COLEY_COLUMN_Y || bit == SECOND_Y)
            COLEY_TRY(read_position(field, n, place, &in->row.y, err));
        else if (bit == COLEY_COLUMN_PDL1)
            COLEY_TRY(read_measure(field, n, place, bit, &in->row.pdl1, err));
        else if (bit == COLEY_COLUMN_AREA)
            COLEY_TRY(read_measure(field, n, place, bit, &in->row.area, err));
        else if (bit < FIRST_CALL)
            COLEY_TRY(read_word(r, bit, field, n, place, in, err));
        else
            COLEY_TRY(read_call(r, bit, field, n, place, in, err));
    }
    return COLEY_OK;
}

static coley_status finish_row(reader *r, reading *in, coley_error *err)
{
    const coley_cell_layout *layout = &r->builder.layout;
    const double unit = r->builder.options->um_per_unit;
    if (!in->called) in->row.type = (uint8_t)in->type;
    in->row.x *= layout->second[COLEY_COLUMN_X] >= 0 ? 0.5 * unit : unit;
    in->row.y *= layout->second[COLEY_COLUMN_Y] >= 0 ? 0.5 * unit : unit;
    return coley_cell_builder_add(&r->builder, &in->row, err);
}

static coley_status wrong_count(const reader *r, size_t n, coley_error *err)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = r->source.file, .line = r->source.line}),
                         "%s%zu fields, but the header has %zu columns", n > r->n_columns ? "at least " : "", n,
                         r->n_columns);
}

static coley_status read_row(reader *r, const char *row, size_t length, int quoted, coley_error *err)
{
    reading in = {.row = {.pdl1 = NAN, .area = NAN}};
    const char *from = row, *end = row + length;
    size_t column = 0;
    while (from) {
        const char *field, *where = from;
        size_t n;
        if (column == r->n_columns) return wrong_count(r, column + 1, err);
        if (!quoted && r->idle[column]) {
            from = coley_line_skip(from, end, r->separator, r->idle[column], &n);
            column += n;
            continue;
        }
        from = coley_line_field(from, end, r->separator, r->spare, &field, &n);
        if (!field)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_at(r, row, where, column),
                                 "a quote stands where none may be, or a quoted field of more than %d bytes",
                                 COLEY_LINE_MAX_FIELD);
        if (r->purpose[column]) COLEY_TRY(read_field(r, row, column, field, n, &in, where, err));
        column++;
    }
    if (column != r->n_columns) return wrong_count(r, column, err);
    return finish_row(r, &in, err);
}

static coley_status read_all(coley_arena *arena, reader *r, coley_cell_table *table, coley_error *err)
{
    const char *row;
    size_t length;
    int quoted;
    const coley_cell_table_options *o = r->builder.options;
    for (;;) {
        COLEY_TRY(coley_line_next(&r->source, &row, &length, &quoted, err));
        if (!row) break;
        if (!length) continue;
        if (r->name) {
            COLEY_TRY(read_row(r, row, length, quoted, err));
            continue;
        }
        COLEY_TRY(read_header(arena, r, row, length, err));
        const coley_place place = {.file = r->source.file, .line = r->source.line};
        COLEY_TRY(coley_cell_layout_find(arena, r->name, r->n_columns, o, place, &r->builder.layout, err));
        COLEY_TRY(set_purposes(arena, r, err));
    }
    const coley_place place = {.file = r->source.file};
    if (!r->name)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "the file is empty; the first line names the columns");
    if (!r->builder.n) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "there is no cell below the header");
    return coley_cell_builder_finish(&r->builder, r->source.file, r->name, table, err);
}

coley_status coley_cell_table_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                    const coley_cell_table_options *options, coley_cell_table *table, coley_error *err)
{
    reader *r = COLEY_NEW(arena, reader, 1);
    if (!r) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_cell_builder_begin(arena, options, &r->builder, err));
    coley_line_of_bytes(name, bytes, length, &r->source);
    const coley_status status = read_all(arena, r, table, err);
    coley_cell_builder_end(&r->builder);
    return status;
}

static int ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcasecmp(text + n - m, end) == 0;
}

coley_status coley_cell_table_read(coley_arena *arena, const char *path, const coley_cell_table_options *options,
                                   coley_cell_table *table, coley_error *err)
{
    if (!strstr(path, "://") && (ends_with(path, ".h5ad") || ends_with(path, ".h5")))
        return coley_cell_h5ad_read(arena, path, options, table, err);
    reader *r = COLEY_NEW(arena, reader, 1);
    if (!r) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_cell_builder_begin(arena, options, &r->builder, err));
    coley_status status = coley_line_open(r->builder.scratch, path, &r->source, err);
    if (status == COLEY_OK) status = read_all(arena, r, table, err);
    coley_line_close(&r->source);
    coley_cell_builder_end(&r->builder);
    return status;
}
