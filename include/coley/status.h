/* SPDX-License-Identifier: GPL-3.0-or-later */
/* status.h -- how every Coley function reports failure: a status code, and a sentence that says what to change. */
#ifndef COLEY_STATUS_H
#define COLEY_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#define COLEY_EXPORT __attribute__((visibility("default")))
#define COLEY_MUST_CHECK __attribute__((warn_unused_result))

/* name, exit code of the command, what it means */
#define COLEY_STATUS_LIST(X)                                                                       \
    X(OK, 0, "success")                                                                            \
    X(ERR_RUN, 1, "the run failed")                                                                \
    X(ERR_USAGE, 2, "the command line is wrong")                                                   \
    X(ERR_ARG, 3, "an argument is out of its range")                                               \
    X(ERR_INPUT, 3, "an input file is wrong")                                                      \
    X(ERR_DIVERGED, 4, "the solver could not go on")                                               \
    X(ERR_IO, 5, "a file could not be read or written")                                            \
    X(ERR_UNSUPPORTED, 6, "not supported in this build")                                           \
    X(ERR_MEMORY, 1, "out of memory")

typedef enum coley_status {
#define COLEY_STATUS_ENUM(name, exit_code, text) COLEY_##name,
    COLEY_STATUS_LIST(COLEY_STATUS_ENUM)
#undef COLEY_STATUS_ENUM
} coley_status;

/* Where and why something failed. `line` and `column` count from 1; 0 means not known. Plain data, owned by the
 * caller; every function that takes one accepts NULL. */
typedef struct coley_error {
    coley_status code;
    int line, column;
    char file[256]; /* as the user named it; empty when no file is to blame */
    char key[160];  /* the scenario key, column or option to blame; may be empty */
    char text[768]; /* one sentence: the value, the allowed range, what to do */
} coley_error;

/* Short name of a status ("ERR_INPUT") and the exit code a command ends with. Never NULL. */
COLEY_EXPORT const char *coley_status_name(coley_status status);
COLEY_EXPORT const char *coley_status_text(coley_status status);
COLEY_EXPORT int coley_status_exit_code(coley_status status);

/* "file:line:column: key: text" with the unknown parts left out, into buffer of `size` bytes; always terminated. */
COLEY_EXPORT void coley_error_format(const coley_error *err, char *buffer, unsigned long size);

#ifdef __cplusplus
}
#endif
#endif
