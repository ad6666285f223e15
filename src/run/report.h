/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h -- a course for people to read: one self-contained page, and a few lines for the terminal.
 *
 * The page asks for nothing from elsewhere, runs no script, reads on a phone, in the dark, on paper and aloud, and says
 * the plain words first. The same course gives the same bytes. */
#ifndef COLEY_RUN_REPORT_H
#define COLEY_RUN_REPORT_H

#include "base/text.h"
#include "run/course.h"
#include "run/scenario.h"

enum { COLEY_REPORT_MAX_SENTENCES = 16 };

/* The course in short sentences with absolute numbers, for somebody of twelve; `sentence` ends with NULL. The course's
 * own summary where it has one. */
COLEY_MUST_CHECK coley_status coley_report_sentences(coley_arena *arena, const coley_course *course,
                                                     const char *sentence[COLEY_REPORT_MAX_SENTENCES + 1],
                                                     coley_error *err);

/* report.html; `scenario` may be NULL. `arena` holds what is needed on the way. */
COLEY_MUST_CHECK coley_status coley_report_page(coley_arena *arena, const coley_course *course,
                                                const coley_scenario *scenario, coley_text *out, coley_error *err);

/* Best response, key numbers and a small chart, at most `width` columns wide; `ascii` when the terminal has no UTF-8.
 */
COLEY_MUST_CHECK coley_status coley_report_terminal(coley_arena *arena, const coley_course *course, size_t width,
                                                    int ascii, coley_text *out, coley_error *err);

/* Names of responses as they are read out: "partial response"; never NULL. */
const char *coley_report_response_words(coley_response response);
const char *coley_report_iresponse_words(coley_iresponse response);

#endif
