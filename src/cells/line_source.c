/* SPDX-License-Identifier: GPL-3.0-or-later */
/* line_source.c -- see line_source.h. */
#include "cells/line_source.h"

#include <errno.h>
#include <stdint.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE = 1 << 20 };

coley_status coley_line_open(coley_arena *arena, const char *path, coley_line_source *source, coley_error *err)
{
    *source = (coley_line_source){.file = path, .arena = arena, .next_line = 1};
    const coley_place place = {.file = path};
    if (strstr(path, "://"))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "is an address; only files are read: fetch it first");
    const int fd = strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "cannot be read: %s", strerror(errno));
    struct stat about;
    if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
        close(fd);
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "is a folder; give a file");
    }
    gzFile gz = gzdopen(fd, "rb");
    if (!gz) {
        close(fd);
        return COLEY_FAIL_MEMORY(err);
    }
    source->gz = gz;
    gzbuffer(gz, 1 << 17);
    source->cap = 2 * PIECE;
    if (!(source->buffer = COLEY_NEW(arena, char, source->cap))) {
        coley_line_close(source);
        return COLEY_FAIL_MEMORY(err);
    }
    source->data = source->buffer;
    return COLEY_OK;
}

void coley_line_of_bytes(const char *name, const char *bytes, size_t length, coley_line_source *source)
{
    *source = (coley_line_source){.file = name, .data = bytes, .end = length, .ended = 1, .next_line = 1};
}

void coley_line_close(coley_line_source *source)
{
    if (source->gz) gzclose(source->gz);
    source->gz = NULL;
}

static coley_status fail_here(const coley_line_source *s, coley_error *err, const char *what)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = s->file, .line = s->next_line}), "%s", what);
}

/* More bytes behind those that are there: the row's start moves to the front. */
static coley_status refill(coley_line_source *s, coley_error *err)
{
    if (s->begin) memmove(s->buffer, s->buffer + s->begin, s->end - s->begin);
    s->end -= s->begin;
    s->begin = 0;
    if (s->end > COLEY_LINE_MAX_BYTES)
        return fail_here(s, err, "a row of more than 4 MB; is a quote left open, or is this no table of text?");
    if (s->cap - s->end < PIECE) {
        char *grown = coley_arena_grow(s->arena, s->buffer, s->end, 2 * s->cap);
        if (!grown) return COLEY_FAIL_MEMORY(err);
        s->data = s->buffer = grown;
        s->cap *= 2;
    }
    const int n = gzread(s->gz, s->buffer + s->end, PIECE);
    int code = Z_OK;
    const char *why = gzerror(s->gz, &code);
    if (n < 0 || (n == 0 && code != Z_OK && code != Z_STREAM_END))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = s->file, .line = s->next_line}),
                             "cannot be read on from here: %s",
                             code == Z_ERRNO       ? strerror(errno)
                             : code == Z_BUF_ERROR ? "the compressed file ends too early (is it cut off?)"
                                                   : why);
    if (memchr(s->buffer + s->end, '\0', (size_t)n))
        return fail_here(s, err, "a NUL byte in it: this is not a table of text");
    s->end += (size_t)n;
    s->ended = n == 0;
    return COLEY_OK;
}

static size_t count_quotes(const char *from, const char *end)
{
    size_t n = 0;
    while (from < end && (from = memchr(from, '"', (size_t)(end - from)))) n++, from++;
    return n;
}

static int count_lines(const char *from, const char *end)
{
    int n = 0;
    while (from < end && (from = memchr(from, '\n', (size_t)(end - from)))) n++, from++;
    return n;
}

static void give_row(coley_line_source *s, size_t length, size_t with_break, const char **row, size_t *row_length,
                     int *quoted)
{
    const char *from = s->data + s->begin;
    s->line = s->next_line;
    s->next_line += s->quotes ? count_lines(from, from + length) + 1 : 1;
    *row = from;
    *row_length = length && from[length - 1] == '\r' ? length - 1 : length;
    *quoted = s->quotes != 0;
    s->begin += with_break;
    s->scanned = s->quotes = 0;
}

coley_status coley_line_next(coley_line_source *s, const char **row, size_t *length, int *quoted, coley_error *err)
{
    *row = NULL;
    if (!s->gz && s->begin == 0 && s->end && memchr(s->data, '\0', s->end))
        return fail_here(s, err, "a NUL byte in it: this is not a table of text");
    for (;;) {
        const char *from = s->data + s->begin, *look = from + s->scanned, *end = s->data + s->end;
        const char *stop = s->end > s->begin ? memchr(look, '\n', (size_t)(end - look)) : NULL;
        s->quotes += look < end ? count_quotes(look, stop ? stop : end) : 0;
        if (stop && s->quotes % 2 == 0) {
            give_row(s, (size_t)(stop - from), (size_t)(stop - from) + 1, row, length, quoted);
            return COLEY_OK;
        }
        s->scanned = stop ? (size_t)(stop - from) + 1 : s->end - s->begin;
        if (stop) continue;
        if (s->ended) {
            if (s->quotes % 2) return fail_here(s, err, "a quote that is opened in this row is never closed");
            if (s->end > s->begin) give_row(s, s->end - s->begin, s->end - s->begin, row, length, quoted);
            return COLEY_OK;
        }
        COLEY_TRY(refill(s, err));
    }
}

static const char *quoted_field(const char *from, const char *end, char separator, char *spare, const char **field,
                                size_t *length)
{
    size_t n = 0;
    const char *start = ++from;
    int doubled = 0;
    *field = NULL;
    for (;;) {
        const char *quote = memchr(from, '"', (size_t)(end - from));
        if (!quote) return NULL;
        const size_t piece = (size_t)(quote - from);
        const int again = quote + 1 < end && quote[1] == '"';
        if (again || doubled) {
            if (n + piece + 1 > COLEY_LINE_MAX_FIELD) return NULL;
            memcpy(spare + n, from, piece);
            n += piece;
        }
        if (again) {
            spare[n++] = '"';
            doubled = 1;
            from = quote + 2;
            continue;
        }
        if (quote + 1 < end && quote[1] != separator) return NULL;
        *field = doubled ? spare : start;
        *length = doubled ? n : (size_t)(quote - start);
        return quote + 1 < end ? quote + 2 : NULL;
    }
}

const char *coley_line_field(const char *from, const char *end, char separator, char *spare, const char **field,
                             size_t *length)
{
    if (from < end && *from == '"') return quoted_field(from, end, separator, spare, field, length);
    const char *stop = from < end ? memchr(from, separator, (size_t)(end - from)) : NULL;
    *field = from;
    *length = (size_t)((stop ? stop : end) - from);
    return stop ? stop + 1 : NULL;
}

/* A bit at the top of each byte of `word` that is `byte`; exact, no carry runs into the next. */
static inline uint64_t bytes_that_are(uint64_t word, char byte)
{
    const uint64_t low = 0x7f7f7f7f7f7f7f7f, other = word ^ (0x0101010101010101 * (unsigned char)byte);
    return ~(((other & low) + low) | other | low);
}

const char *coley_line_skip(const char *from, const char *end, char separator, size_t n, size_t *skipped)
{
    size_t left = n;
    for (; end - from >= 8; from += 8) {
        uint64_t word;
        memcpy(&word, from, sizeof word);
        const uint64_t here = (bytes_that_are(word, separator) >> 7) * 0x0101010101010101 >> 56;
        if (here >= left) break;
        left -= here;
    }
    for (; from < end; from++)
        if (*from == separator && --left == 0) {
            *skipped = n;
            return from + 1;
        }
    *skipped = n - left + 1;
    return NULL;
}
