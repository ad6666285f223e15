/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rows.c -- cuts lines into cells where they lie. */
#include "base/rows.h"

#include <string.h>

#include "base/text.h"

coley_status coley_rows_open(coley_arena *arena, const char *name, char *bytes, size_t length, coley_rows *rows,
                             coley_error *err)
{
    size_t bad;
    *rows = (coley_rows){.file = name, .next = bytes, .end = bytes + length};
    rows->cap = COLEY_ROWS_MAX_CELLS;
    rows->cell = COLEY_NEW(arena, char *, rows->cap);
    if (!rows->cell) return COLEY_FAIL_MEMORY(err);
    if (length > COLEY_ROWS_MAX_BYTES)
        return COLEY_ROWS_FAIL(rows, NULL, err, "longer than %d bytes", COLEY_ROWS_MAX_BYTES);
    if (memchr(bytes, '\0', length))
        return COLEY_ROWS_FAIL(rows, NULL, err, "a NUL byte in it: this is not a text file");
    if (!coley_text_utf8(bytes, length, &bad))
        return COLEY_ROWS_FAIL(rows, NULL, err, "not UTF-8 at byte %zu; save it as UTF-8", bad);
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) rows->next += 3;
    *rows->end = '\0';
    return COLEY_OK;
}

coley_status coley_rows_read(coley_arena *arena, const char *path, coley_rows *rows, coley_error *err)
{
    char *bytes;
    size_t length;
    COLEY_TRY(coley_file_read(arena, path, COLEY_ROWS_MAX_BYTES, &bytes, &length, err));
    return coley_rows_open(arena, path, bytes, length, rows, err);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static char *trimmed(char *from, char *end)
{
    while (from < end && is_blank(*from)) from++;
    while (end > from && is_blank(end[-1])) end--;
    *end = '\0';
    return from;
}

static coley_status cut(coley_rows *r, char *from, char *end, char delimiter, coley_error *err)
{
    r->n_cells = 0;
    for (bool last = false; !last;) {
        char *stop = memchr(from, delimiter, (size_t)(end - from));
        last = !stop;
        if (!stop) stop = end;
        if (r->n_cells == r->cap) return COLEY_ROWS_FAIL(r, NULL, err, "more than %zu cells in a line", r->cap);
        r->cell[r->n_cells++] = trimmed(from, stop);
        from = stop + 1;
    }
    return COLEY_OK;
}

coley_status coley_rows_next(coley_rows *r, bool *more, coley_error *err)
{
    for (*more = false; r->next < r->end && !*more;) {
        char *from = r->next, *end = memchr(from, '\n', (size_t)(r->end - from));
        if (!end) end = r->end;
        r->next = end < r->end ? end + 1 : end;
        r->line++;
        char *first = from;
        while (first < end && is_blank(*first)) first++;
        if (first == end) continue;
        COLEY_TRY(cut(r, from, end, memchr(from, ',', (size_t)(end - from)) ? ',' : '\t', err));
        *more = true;
    }
    return COLEY_OK;
}

coley_status coley_rows_number(const coley_rows *r, size_t cell, const char *name, double low, double high,
                               double *value, coley_error *err)
{
    const char *text = cell < r->n_cells ? r->cell[cell] : "";
    if (!*text) return COLEY_ROWS_FAIL(r, name, err, "is missing; write a number from %g to %g", low, high);
    double number;
    if (!coley_text_number(text, &number))
        return COLEY_ROWS_FAIL(r, name, err, "\"%.40s\" is not a number (allowed: %g to %g)", text, low, high);
    if (number < low || number > high)
        return COLEY_ROWS_FAIL(r, name, err, "%.40s is outside of what is possible (allowed: %g to %g)", text, low,
                               high);
    *value = number;
    return COLEY_OK;
}
