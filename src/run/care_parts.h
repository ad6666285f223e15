/* SPDX-License-Identifier: GPL-3.0-or-later */
/* care_parts.h -- the patient's own log of the clinic's loop: what the loop tells, what a course shows of it. */
#ifndef COLEY_RUN_CARE_PARTS_H
#define COLEY_RUN_CARE_PARTS_H

#include "run/care_loop.h"

typedef struct coley_care_log {
    coley_arena *arena;
    size_t n, cap, n_given, cap_given;
    coley_care_row *row;
    coley_given_dose *given;
    double *severity;   /* [n_days][n_organs] */
    double *prednisone; /* [n_days] */
} coley_care_log;

COLEY_MUST_CHECK coley_status coley_care_log_begin(coley_arena *arena, size_t n_days, size_t n_organs,
                                                   coley_care_log *log, coley_error *err);

/* What a visit saw and did. */
COLEY_MUST_CHECK coley_status coley_care_log_visit(coley_care_log *log, const coley_session_care *care,
                                                   const coley_care_visit *visit, coley_error *err);

/* Planned doses of a leg that is over: given, or held; `care` as it was during the leg. */
COLEY_MUST_CHECK coley_status coley_care_log_doses(coley_care_log *log, const coley_session *session,
                                                   const coley_care *care, double from_day, double to_day,
                                                   coley_error *err);

void coley_care_log_end(const coley_care_log *log, coley_care_crowd *crowd);

#endif
