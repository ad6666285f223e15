/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h -- numbers and names out of text: strict where C's own functions are lax. */
#ifndef COLEY_BASE_TEXT_H
#define COLEY_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

/* The whole of `text` as a finite number, or false. No leading or trailing space, no hexadecimal, NaN or infinity;
 * always '.' for the decimal point, whatever the locale. */
int coley_text_number(const char *text, double *value);

/* The whole of `text` as an integer from low to high, or false. */
int coley_text_integer(const char *text, int64_t low, int64_t high, int64_t *value);

/* The nearest of n names to `name` by edit distance, or NULL when none is near: for "did you mean". */
const char *coley_text_nearest(const char *name, const char *const *names, size_t n);

/* True when the bytes are valid UTF-8; else `bad` (may be NULL) is the offset of the first wrong byte. */
int coley_text_utf8(const char *bytes, size_t length, size_t *bad);

/* A text that grows; `data` is always terminated once something was added. After a failure to grow, `failed` stays 1
 * and later additions do nothing, so that one check at the end is enough. */
typedef struct coley_text {
    coley_arena *arena; /* borrowed */
    char *data;
    size_t length, cap;
    int failed;
} coley_text;

void coley_text_add(coley_text *text, const char *bytes, size_t length);
void coley_text_addf(coley_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A whole file into the arena, terminated, at most `limit` bytes; a folder, an unreadable or too long file is an error
 * that names it. "-" reads standard input. */
COLEY_MUST_CHECK coley_status coley_file_read(coley_arena *arena, const char *path, size_t limit, char **bytes,
                                              size_t *length, coley_error *err);

/* Write a whole file at once: to a temporary name beside it, flushed, then renamed, so that a reader never sees half
 * of it and a full disk leaves nothing behind. */
COLEY_MUST_CHECK coley_status coley_file_write(const char *path, const char *bytes, size_t length, coley_error *err);

#endif
