/* SPDX-License-Identifier: GPL-3.0-or-later */
/* status.c -- status names and error sentences. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int exit_code;
    const char *text;
} statuses[] = {
#define COLEY_STATUS_ROW(name, exit_code, text) {#name, exit_code, text},
    COLEY_STATUS_LIST(COLEY_STATUS_ROW)
#undef COLEY_STATUS_ROW
};

static size_t status_index(coley_status status)
{
    const size_t n = sizeof statuses / sizeof *statuses;
    return (size_t)status < n ? (size_t)status : (size_t)COLEY_ERR_RUN;
}

const char *coley_status_name(coley_status status)
{
    return statuses[status_index(status)].name;
}

const char *coley_status_text(coley_status status)
{
    return statuses[status_index(status)].text;
}

int coley_status_exit_code(coley_status status)
{
    return statuses[status_index(status)].exit_code;
}

static void copy_text(char *to, size_t size, const char *from)
{
    const size_t length = from ? strnlen(from, size - 1) : 0;
    if (length) memcpy(to, from, length);
    to[length] = '\0';
}

coley_status coley_fail(coley_error *err, coley_status code, coley_place place, const char *format, ...)
{
    if (!err) return code;
    err->code = code;
    err->line = place.line;
    err->column = place.column;
    copy_text(err->file, sizeof err->file, place.file);
    copy_text(err->key, sizeof err->key, place.key);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    return code;
}

void coley_error_format(const coley_error *err, char *buffer, unsigned long size)
{
    char place[320] = "";
    if (err->file[0] && err->line && err->column)
        snprintf(place, sizeof place, "%s:%d:%d: ", err->file, err->line, err->column);
    else if (err->file[0] && err->line)
        snprintf(place, sizeof place, "%s:%d: ", err->file, err->line);
    else if (err->file[0])
        snprintf(place, sizeof place, "%s: ", err->file);
    snprintf(buffer, size, "%s%s%s%s", place, err->key, err->key[0] ? ": " : "", err->text);
}
