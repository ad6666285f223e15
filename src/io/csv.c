/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.c -- cells and rows as libcsv finds them, then the rules of csv.h. */
#include "io/csv.h"

#include <csv.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

typedef struct table_reader {
    coley_arena *arena;
    const char *file;
    size_t n_columns, n_cells, cap_cells, n_rows, cap_rows, n_in_row;
    const char **name, **cell;
    int *row_line;
    int line, line_of_row;
    coley_status status;
    coley_error *err;
} table_reader;

static coley_place place_of(const table_reader *r)
{
    return (coley_place){.file = r->file, .line = r->line};
}

static void take_cell(void *bytes, size_t length, void *self)
{
    table_reader *r = self;
    if (r->status != COLEY_OK) return;
    if (length > COLEY_CSV_MAX_CELL) {
        r->status = COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r), "a cell of %zu bytes, allowed up to %d", length,
                                  COLEY_CSV_MAX_CELL);
        return;
    }
    const size_t most = r->n_columns ? r->n_columns : COLEY_CSV_MAX_COLUMNS;
    if (r->n_in_row == most && !(r->n_columns && length == 0)) {
        r->status = r->n_columns ? COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r),
                                                 "more cells than the header's %zu columns", most)
                                 : COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r), "more than %zu columns", most);
        return;
    }
    if (r->n_in_row == most) { /* an empty cell too many is still one too many */
        r->status =
            COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r), "more cells than the header's %zu columns", most);
        return;
    }
    const char *from = bytes;
    while (length && (*from == ' ' || *from == '\t')) {
        from++;
        length--;
    }
    while (length && (from[length - 1] == ' ' || from[length - 1] == '\t')) length--;
    const char *text = coley_arena_text(r->arena, from, length);
    if (!text || !COLEY_RESERVE(r->arena, r->cell, r->cap_cells, r->n_cells + 1)) {
        r->status = COLEY_FAIL_MEMORY(r->err);
        return;
    }
    r->cell[r->n_cells++] = text;
    r->n_in_row++;
}

static coley_status take_header(table_reader *r)
{
    r->n_columns = r->n_in_row;
    r->name = COLEY_NEW(r->arena, const char *, r->n_columns);
    if (!r->name) return COLEY_FAIL_MEMORY(r->err);
    for (size_t i = 0; i < r->n_columns; i++) {
        r->name[i] = r->cell[i];
        if (!*r->name[i])
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r), "column %zu of the header has no name", i + 1);
        for (size_t j = 0; j < i; j++)
            if (strcmp(r->name[i], r->name[j]) == 0)
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r),
                                     "column \"%.60s\" stands twice in the header", r->name[i]);
    }
    r->n_cells = 0;
    return COLEY_OK;
}

static void take_row(int end, void *self)
{
    (void)end;
    table_reader *r = self;
    if (r->status != COLEY_OK) return;
    if (!r->name) {
        r->status = take_header(r);
    } else if (r->n_in_row != r->n_columns) {
        r->status = COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r), "%zu cells, but the header has %zu columns",
                                  r->n_in_row, r->n_columns);
    } else if (!COLEY_RESERVE(r->arena, r->row_line, r->cap_rows, r->n_rows + 1)) {
        r->status = COLEY_FAIL_MEMORY(r->err);
    } else {
        r->row_line[r->n_rows++] = r->line;
    }
    r->n_in_row = 0;
}

/* One line at a time, so that a fault has its line number; a long one in pieces, so that a cell without end is refused
 * before it is gathered. */
static coley_status read_lines(table_reader *r, struct csv_parser *parser, const char *bytes, size_t length)
{
    int starts = 1;
    while (length && r->status == COLEY_OK) {
        const char *newline = memchr(bytes, '\n', length);
        size_t n = newline ? (size_t)(newline - bytes) + 1 : length;
        if (starts) r->line++;
        starts = n <= COLEY_CSV_MAX_CELL;
        if (!starts) n = COLEY_CSV_MAX_CELL;
        if (csv_parse(parser, bytes, n, take_cell, take_row, r) != n && r->status == COLEY_OK)
            return csv_error(parser) == CSV_EPARSE
                       ? COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r), "a quote stands where none may be")
                       : COLEY_FAIL_MEMORY(r->err);
        if (parser->entry_pos > COLEY_CSV_MAX_CELL && r->status == COLEY_OK)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r), "a cell of more than %d bytes",
                                 COLEY_CSV_MAX_CELL);
        bytes += n;
        length -= n;
    }
    if (r->status == COLEY_OK && csv_fini(parser, take_cell, take_row, r))
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(r), "the file ends inside a quoted cell");
    return r->status;
}

coley_status coley_csv_parse(coley_arena *arena, const char *name, const char *bytes, size_t length, coley_csv *csv,
                             coley_error *err)
{
    table_reader r = {.arena = arena, .file = name, .err = err};
    size_t bad;
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    if (memchr(bytes, '\0', length))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_of(&r), "a NUL byte in it: this is not a text file");
    if (!coley_text_utf8(bytes, length, &bad))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_of(&r), "not UTF-8 at byte %zu; save it as UTF-8", bad);
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI)) return COLEY_FAIL_MEMORY(err);
    const coley_status status = read_lines(&r, &parser, bytes, length);
    csv_free(&parser);
    COLEY_TRY(status);
    if (!r.name)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = name}),
                             "the file is empty; the first line names the columns");
    *csv = (coley_csv){
        .file = name, .n_columns = r.n_columns, .n_rows = r.n_rows, .name = r.name, .cell = r.cell, .line = r.row_line};
    return COLEY_OK;
}

coley_status coley_csv_read(coley_arena *arena, const char *path, coley_csv *csv, coley_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    COLEY_TRY(coley_file_read(arena, path, COLEY_CSV_MAX_BYTES, &bytes, &length, err));
    return coley_csv_parse(arena, path, bytes, length, csv, err);
}

int coley_csv_column(const coley_csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->n_columns; i++)
        if (strcmp(csv->name[i], name) == 0) return (int)i;
    return -1;
}

coley_status coley_csv_expect(const coley_csv *csv, const char *const *names, size_t n, coley_error *err)
{
    for (size_t i = 0; i < csv->n_columns; i++) {
        size_t j = 0;
        while (j < n && strcmp(csv->name[i], names[j]) != 0) j++;
        if (j < n) continue;
        const char *near = coley_text_nearest(csv->name[i], names, n);
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = csv->file, .line = 1, .key = csv->name[i]}),
                             "unknown column%s%s%s", near ? "; did you mean \"" : "", near ? near : "",
                             near ? "\"?" : "");
    }
    return COLEY_OK;
}

const char *coley_csv_cell(const coley_csv *csv, size_t row, int column)
{
    return column < 0 ? "" : csv->cell[row * csv->n_columns + (size_t)column];
}

coley_status coley_csv_fail(const coley_csv *csv, size_t row, int column, coley_error *err, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return COLEY_FAIL_AT(
        err, COLEY_ERR_INPUT,
        ((coley_place){.file = csv->file, .line = csv->line[row], .key = column < 0 ? NULL : csv->name[column]}), "%s",
        text);
}

coley_status coley_csv_number(const coley_csv *csv, size_t row, int column, double low, double high, double *value,
                              coley_error *err)
{
    const char *text = coley_csv_cell(csv, row, column);
    if (!coley_text_number(text, value))
        return coley_csv_fail(csv, row, column, err, "\"%.40s\" is not a number (allowed %g to %g)", text, low, high);
    if (*value < low || *value > high)
        return coley_csv_fail(csv, row, column, err, "%g is outside %g to %g", *value, low, high);
    return COLEY_OK;
}
