/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c -- strict numbers, nearest names, UTF-8, whole files. */
#include "base/text.h"

#include "base/whole_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int coley_text_number(const char *text, double *value)
{
    const char *p = text + (*text == '-' || *text == '+');
    if (!isdigit((unsigned char)*p) && !(*p == '.' && isdigit((unsigned char)p[1]))) return 0;
    if (*p == '0' && (p[1] == 'x' || p[1] == 'X')) return 0;
    char *end;
    const double number = strtod(text, &end);
    if (*end || !isfinite(number)) return 0;
    *value = number;
    return 1;
}

int coley_text_integer(const char *text, int64_t low, int64_t high, int64_t *value)
{
    const char *p = text + (*text == '-' || *text == '+');
    if (!isdigit((unsigned char)*p)) return 0;
    char *end;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    if (*end || errno || number < low || number > high) return 0;
    *value = number;
    return 1;
}

/* Levenshtein distance, cut off at names of up to 63 characters. */
static size_t distance(const char *a, const char *b)
{
    size_t row[64];
    const size_t n = strlen(b);
    if (n > 63) return n;
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            const size_t changed = diagonal + (tolower((unsigned char)a[i]) != tolower((unsigned char)b[j]));
            const size_t dropped = row[j + 1] + 1, added = row[j] + 1;
            diagonal = row[j + 1];
            row[j + 1] = changed < dropped ? changed : dropped;
            if (added < row[j + 1]) row[j + 1] = added;
        }
    }
    return row[n];
}

const char *coley_text_nearest(const char *name, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t best_distance = strlen(name) / 3 + 2;
    for (size_t i = 0; i < n; i++) {
        const size_t d = distance(name, names[i]);
        if (d < best_distance) {
            best_distance = d;
            best = names[i];
        }
    }
    return best;
}

int coley_text_utf8(const char *bytes, size_t length, size_t *bad)
{
    const unsigned char *p = (const unsigned char *)bytes;
    for (size_t i = 0; i < length;) {
        const unsigned char c = p[i];
        const size_t more = c < 0x80                ? 0
                            : c >= 0xC2 && c < 0xE0 ? 1
                            : c >= 0xE0 && c < 0xF0 ? 2
                            : c >= 0xF0 && c < 0xF5 ? 3
                                                    : 9;
        int good = more < 9 && i + more < length;
        for (size_t j = 1; good && j <= more; j++) good = (p[i + j] & 0xC0) == 0x80;
        if (good && c == 0xE0) good = p[i + 1] >= 0xA0;
        if (good && c == 0xED) good = p[i + 1] < 0xA0;
        if (good && c == 0xF0) good = p[i + 1] >= 0x90;
        if (good && c == 0xF4) good = p[i + 1] < 0x90;
        if (!good) {
            if (bad) *bad = i;
            return 0;
        }
        i += more + 1;
    }
    return 1;
}

static int text_room(coley_text *text, size_t more)
{
    if (text->failed) return 0;
    if (!COLEY_RESERVE(text->arena, text->data, text->cap, text->length + more + 1)) text->failed = 1;
    return !text->failed;
}

void coley_text_add(coley_text *text, const char *bytes, size_t length)
{
    if (!text_room(text, length)) return;
    if (length) memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void coley_text_addf(coley_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !text_room(text, (size_t)length)) return;
    va_start(arguments, format);
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}

coley_status coley_file_read(coley_arena *arena, const char *path, size_t limit, char **bytes, size_t *length,
                             coley_error *err)
{
    const coley_place place = {.file = path};
    const int standard = strcmp(path, "-") == 0;
    const int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "cannot open: %s", strerror(errno));
    coley_status status = COLEY_OK;
    char *data = NULL;
    size_t n = 0, cap = 0;
    for (;;) {
        if (n > limit) {
            status =
                COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "longer than the %zu bytes that are allowed here", limit);
            break;
        }
        if (!COLEY_RESERVE(arena, data, cap, n + 65536 + 1)) {
            status = COLEY_FAIL_MEMORY(err);
            break;
        }
        const ssize_t got = read(fd, data + n, cap - n - 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            status = COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "cannot read: %s", strerror(errno));
            break;
        }
        if (got == 0) break;
        n += (size_t)got;
    }
    if (!standard) close(fd);
    if (status != COLEY_OK) return status;
    data[n] = '\0';
    *bytes = data;
    *length = n;
    return COLEY_OK;
}

coley_status coley_file_write(const char *path, const char *bytes, size_t length, coley_error *err)
{
    coley_whole_file file;
    COLEY_TRY(coley_whole_file_open(&file, path, err));
    coley_whole_file_put(&file, bytes, length);
    return coley_whole_file_keep(&file, err);
}
