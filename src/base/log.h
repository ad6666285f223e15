/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log.h -- messages on their way out: the library formats, whoever called it decides where they go. */
#ifndef COLEY_BASE_LOG_H
#define COLEY_BASE_LOG_H

typedef enum coley_log_level {
    COLEY_LOG_WARNING, /* the result may not be what the user thinks */
    COLEY_LOG_NOTE,    /* what is being done */
    COLEY_LOG_DETAIL,  /* for --verbose */
} coley_log_level;

/* Where messages go. Plain data; NULL wherever a coley_log * is taken means nowhere. */
typedef struct coley_log {
    void *self;            /* borrowed; passed back */
    coley_log_level limit; /* messages above this level are dropped */
    /* One line without its end; valid during the call. May come from several threads at once. */
    void (*write)(void *self, coley_log_level level, const char *text);
} coley_log;

/* One message of at most 1000 characters; a longer one is cut and ends in "...". */
void coley_log_add(const coley_log *log, coley_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
