/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_report.h -- a trial for people to read: one self-contained page. */
#ifndef COLEY_RUN_TRIAL_REPORT_H
#define COLEY_RUN_TRIAL_REPORT_H

#include "run/trial_result.h"

/* report.html; `arena` holds what is needed on the way. */
COLEY_MUST_CHECK coley_status coley_trial_page(coley_arena *arena, const coley_trial_result *result, coley_text *out,
                                               coley_error *err);

#endif
