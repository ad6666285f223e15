/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_parts.h -- what the session's own files share. */
#ifndef COLEY_RUN_SESSION_PARTS_H
#define COLEY_RUN_SESSION_PARTS_H

#include "run/session.h"

/* Events of a course: what happened, in the order of days. Reads series, lesions and response. */
COLEY_MUST_CHECK coley_status coley_session_events(coley_arena *arena, const coley_session *session,
                                                   coley_course *course, coley_error *err);

/* course->summary, from computed quantities only. `n_shrank` of `n_people` had a sum of diameters that fell by 30 % at
 * some scan. */
COLEY_MUST_CHECK coley_status coley_session_summary(coley_arena *arena, const coley_session *session,
                                                    coley_course *course, size_t n_shrank, size_t n_people,
                                                    coley_error *err);

/* The series called `id`, or NULL. */
const coley_series *coley_course_series(const coley_course *course, const char *id);

#endif
