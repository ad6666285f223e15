/* SPDX-License-Identifier: GPL-3.0-or-later */
/* line_source.h -- a table of text, plain or gzipped, row by row without reading it whole: fast, and every row knows
 * its line.
 *
 * A row ends at a line break outside quotes (RFC 4180). Nothing is changed in the bytes; fields are pieces of the row.
 */
#ifndef COLEY_CELLS_LINE_SOURCE_H
#define COLEY_CELLS_LINE_SOURCE_H

#include "base/alloc.h"
#include "base/status.h"

enum { COLEY_LINE_MAX_BYTES = 4 << 20 };

typedef struct coley_line_source {
    const char *file; /* for messages */
    void *gz;         /* NULL: the bytes are all in memory */
    char *buffer;     /* owned by the arena; NULL when the bytes are in memory */
    const char *data;
    size_t begin, end, scanned, cap; /* row begins at data + begin; bytes after it that were looked at */
    size_t quotes;                   /* in what was looked at */
    int ended, line, next_line;      /* line: of the row, from 1 */
    coley_arena *arena;
} coley_line_source;

/* A file ("-": standard input), gzipped or not. Close it even after a failure of reading. */
COLEY_MUST_CHECK coley_status coley_line_open(coley_arena *arena, const char *path, coley_line_source *source,
                                              coley_error *err);
void coley_line_of_bytes(const char *name, const char *bytes, size_t length, coley_line_source *source);
void coley_line_close(coley_line_source *source);

/* The next row without its line break, valid until the next call; *row is NULL after the last. `quoted`: there are
 * quotes in it. */
COLEY_MUST_CHECK coley_status coley_line_next(coley_line_source *source, const char **row, size_t *length, int *quoted,
                                              coley_error *err);

/* The field that begins at `from` of a row that ends at `end`; returns where the next begins, or NULL after the last.
 * Quotes are taken off; a field with doubled quotes is rewritten into `spare` (room for COLEY_LINE_MAX_FIELD). NULL in
 * *field: the quotes are wrong or the field is too long. */
enum { COLEY_LINE_MAX_FIELD = 4096 };
const char *coley_line_field(const char *from, const char *end, char separator, char *spare, const char **field,
                             size_t *length);

/* Passes n >= 1 fields of a row without quotes: where the next begins, or NULL when the row ends first or with them,
 * and how many were passed. */
const char *coley_line_skip(const char *from, const char *end, char separator, size_t n, size_t *skipped);

#endif
