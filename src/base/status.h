/* SPDX-License-Identifier: GPL-3.0-or-later */
/* status.h -- the library's own side of coley/status.h: how a function fails and how it passes a failure up. */
#ifndef COLEY_BASE_STATUS_H
#define COLEY_BASE_STATUS_H

#include "coley/status.h"

/* The place in the user's input that is to blame. Strings are copied. NULL and 0 mean not known. */
typedef struct coley_place {
    const char *file;
    int line, column;
    const char *key;
} coley_place;

/* Fill `err` (may be NULL) and return `code`. The text says the value, the allowed range and what to do. */
coley_status coley_fail(coley_error *err, coley_status code, coley_place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#define COLEY_FAIL(err, code, ...) coley_fail((err), (code), (coley_place){0}, __VA_ARGS__)
#define COLEY_FAIL_AT(err, code, place, ...) coley_fail((err), (code), (place), __VA_ARGS__)
#define COLEY_FAIL_MEMORY(err) coley_fail((err), COLEY_ERR_MEMORY, (coley_place){0}, "out of memory")

/* Pass a failure up. */
#define COLEY_TRY(call)                                                                            \
    do {                                                                                           \
        const coley_status try_status_ = (call);                                                   \
        if (try_status_ != COLEY_OK) return try_status_;                                           \
    } while (0)

#endif
