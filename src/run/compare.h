/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.h -- several ways of treating one person, side by side. */
#ifndef COLEY_RUN_COMPARE_H
#define COLEY_RUN_COMPARE_H

#include "run/session.h"

enum { COLEY_COMPARE_MAX = 8 };

/* One scenario of the comparison. Shares are of the virtual people who share all that is known of the person. */
typedef struct coley_compared {
    const coley_scenario *scenario;
    const coley_course *course;
    const double *sum;             /* of diameters [course->n_days] */
    double best_change;            /* of the sum, relative to the start; without readers' noise */
    double response_day, progression_day, gone_day; /* infinite: not within the run */
    double last_change;
    size_t n_people, n_respond, n_progression_free, n_gone; /* people; to the end of the run */
} coley_compared;

/* The person, the cancer, the tumours and the seed must be the same in all: what is not is an error that names it. */
COLEY_MUST_CHECK coley_status coley_compare_check(const coley_scenario *const *scenario, size_t n, coley_error *err);

COLEY_MUST_CHECK coley_status coley_compare_run(coley_arena *arena, const coley_session *const *session, size_t n,
                                                const coley_session_options *options, coley_compared *compared,
                                                coley_error *err);

/* A table and a chart for the terminal; compare.csv; compare.html; compare.json. */
COLEY_MUST_CHECK coley_status coley_compare_terminal(coley_arena *arena, const coley_compared *compared, size_t n,
                                                     int ascii, coley_text *out, coley_error *err);
void coley_compare_csv(const coley_compared *compared, size_t n, coley_text *out);
void coley_compare_json(const coley_compared *compared, size_t n, coley_text *out);
COLEY_MUST_CHECK coley_status coley_compare_page(coley_arena *arena, const coley_compared *compared, size_t n,
                                                 coley_text *out, coley_error *err);

#endif
