/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h -- how far a long piece of work has come, told through a callback; any thread may count.
 *
 * Work is a number of equal parts (patients, steps). The callback hears of the start, of every whole per cent that is
 * reached, and of the end; it decides what to draw. Counting costs one atomic addition. */
#ifndef COLEY_BASE_PROGRESS_H
#define COLEY_BASE_PROGRESS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef struct coley_progress_report {
    const char *what; /* "virtual patients" */
    uint64_t done, total;
    double elapsed_s, left_s; /* left_s is NaN until it can be told */
} coley_progress_report;

typedef struct coley_progress {
    void *self; /* borrowed; passed back */
    /* Never called by two threads at once. */
    void (*show)(void *self, const coley_progress_report *report);
    const char *what; /* borrowed */
    uint64_t total;
    double start_s;
    _Atomic uint64_t done;
    atomic_int shown_percent;
    atomic_flag showing;
} coley_progress;

/* NULL wherever a coley_progress * is taken means that nobody watches. Begin also starts a next piece of work. */
void coley_progress_begin(coley_progress *progress, const char *what, uint64_t total);
void coley_progress_add(coley_progress *progress, uint64_t parts);
void coley_progress_end(coley_progress *progress);

/* One line about a report, "virtual patients  [=====>    ]  45 %  1m 12s left", of at most `width` columns, into buffer
 * of `size` bytes. */
void coley_progress_bar(const coley_progress_report *report, size_t width, char *buffer, size_t size);

#endif
