/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rows.h -- a text file line by line, each cut at a delimiter: for tables that csv.h is too strict for, whose rows have
 * no header, comments between them or cells left out at the end. There are no quotes. */
#ifndef COLEY_BASE_ROWS_H
#define COLEY_BASE_ROWS_H

#include <stdbool.h>

#include "base/alloc.h"
#include "base/status.h"

enum { COLEY_ROWS_MAX_BYTES = 1 << 30, COLEY_ROWS_MAX_CELLS = 2048 };

typedef struct coley_rows {
    const char *file;
    char *next, *end; /* what is left; lines that were read are cut up in place */
    int line;         /* of the row that was read last, from 1 */
    size_t n_cells, cap;
    char **cell; /* without blanks around them; valid until the bytes go */
} coley_rows;

/* Refused: NUL bytes, what is not UTF-8, too long a file. A byte-order mark is skipped. */
COLEY_MUST_CHECK coley_status coley_rows_read(coley_arena *arena, const char *path, coley_rows *rows, coley_error *err);
/* `bytes` is written into; bytes[length] is written to as well. */
COLEY_MUST_CHECK coley_status coley_rows_open(coley_arena *arena, const char *name, char *bytes, size_t length,
                                              coley_rows *rows, coley_error *err);

/* The next line that is not blank: *more is false after the last. A line with one cell is cut at tabs. */
COLEY_MUST_CHECK coley_status coley_rows_next(coley_rows *rows, bool *more, coley_error *err);

/* The cell as a number from low to high; what the error calls it is `name`. */
COLEY_MUST_CHECK coley_status coley_rows_number(const coley_rows *rows, size_t cell, const char *name, double low,
                                                double high, double *value, coley_error *err);

#define COLEY_ROWS_FAIL(rows, name, err, ...)                                                                          \
    COLEY_FAIL_AT((err), COLEY_ERR_INPUT, ((coley_place){.file = (rows)->file, .line = (rows)->line, .key = (name)}),  \
                  __VA_ARGS__)

#endif
