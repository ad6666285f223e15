/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.h -- a CSV file as a table of text cells that know their line; RFC 4180 by libcsv, strict.
 *
 * Refused, with file, line and column: what is not UTF-8, NUL bytes, a row with more or fewer cells than the header, an
 * open quote, a header that names a column twice or not at all, lines and files that are too long. A byte-order mark
 * and CRLF are fine; empty lines are skipped. */
#ifndef COLEY_IO_CSV_H
#define COLEY_IO_CSV_H

#include "base/alloc.h"
#include "base/status.h"

enum { COLEY_CSV_MAX_BYTES = 256 << 20, COLEY_CSV_MAX_CELL = 65536, COLEY_CSV_MAX_COLUMNS = 256 };

/* Owned by the arena it was read into. cell[row * n_columns + column]; line[row] counts from 1, the header included. */
typedef struct coley_csv {
    const char *file;
    size_t n_columns, n_rows;
    const char *const *name;
    const char *const *cell;
    const int *line;
} coley_csv;

COLEY_MUST_CHECK coley_status coley_csv_read(coley_arena *arena, const char *path, coley_csv *csv, coley_error *err);
COLEY_MUST_CHECK coley_status coley_csv_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                              coley_csv *csv, coley_error *err);

/* Column of that name, or -1. */
int coley_csv_column(const coley_csv *csv, const char *name);

/* Every column of the file is one of these n names; else the nearest is offered. */
COLEY_MUST_CHECK coley_status coley_csv_expect(const coley_csv *csv, const char *const *names, size_t n,
                                               coley_error *err);

/* Text of a cell; "" when column is -1. */
const char *coley_csv_cell(const coley_csv *csv, size_t row, int column);

/* The cell as a number from low to high. */
COLEY_MUST_CHECK coley_status coley_csv_number(const coley_csv *csv, size_t row, int column, double low, double high,
                                               double *value, coley_error *err);

/* Fail at a cell: file, line and column name are filled in. column -1: the row. */
coley_status coley_csv_fail(const coley_csv *csv, size_t row, int column, coley_error *err, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
