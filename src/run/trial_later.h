/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_later.h -- what people in a trial get after progression: the key `after_progression`. */
#ifndef COLEY_RUN_TRIAL_LATER_H
#define COLEY_RUN_TRIAL_LATER_H

#include "run/trial_run.h"

enum { COLEY_TRIAL_MAX_LATER = 8 };

/* One of the therapies that people of an arm may come to. */
typedef struct coley_trial_later {
    const char *name;          /* not given: made of its drugs or its arm */
    const coley_yaml *regimen; /* as in a scenario, or NULL */
    const char *arm;           /* crossover to this arm's regimen, or NULL */
    double share;              /* of those whose disease progresses */
    double delay_day;          /* from the scan that shows it */
    const char *source;

    /* Not keys. */
    coley_scenario *scenario; /* the regimen, from day 0 */
} coley_trial_later;

extern const coley_field coley_trial_later_fields[];

#define COLEY_TRIAL_LATER(arm, i) (&((coley_trial_later *)(arm)->later.item)[i])

/* Checks of the arms' lists, each with what it inherits of the trial's. */
COLEY_MUST_CHECK coley_status coley_trial_later_check(coley_arena *arena, coley_trial_design *design,
                                                      const coley_yaml *root, coley_error *err);

/* The therapies of one arm as scenarios, into the arm's own. `node_of` [arms]: what each arm's scenario was read from.
 */
COLEY_MUST_CHECK coley_status coley_trial_later_make(coley_arena *arena, const char *catalog,
                                                     const coley_trial_design *design, size_t arm,
                                                     const coley_yaml *const *node_of, coley_error *err);

/* How many of an arm began what after progression; nothing when the arm has no such therapy. */
void coley_trial_later_words(const coley_trial_arm_run *run, coley_text *out);

#endif
