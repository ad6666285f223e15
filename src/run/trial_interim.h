/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_interim.h -- looks at a trial before its end: each arm against the control, by the log-rank test of what is
 * known by then, won, given up or gone on with.
 *
 * The people of the trial are simulated to its end whatever the looks decide; a look cuts their data at the day when a
 * share of all events has come (of the control and of the arms that are still in the trial). The information of a
 * comparison is its events over those of its last analysis; alpha and beta are spent at the shares that the looks
 * really had (Lan and DeMets 1983). With several arms each has an equal part of alpha (Bonferroni). */
#ifndef COLEY_RUN_TRIAL_INTERIM_H
#define COLEY_RUN_TRIAL_INTERIM_H

#include "run/trial_run.h"

typedef enum coley_interim_decision {
    COLEY_LOOK_GOES_ON,
    COLEY_LOOK_WON,
    COLEY_LOOK_GIVEN_UP,
    COLEY_LOOK_NOT_WON, /* of the last analysis */
    COLEY_LOOK_NO_TEST, /* no event, or none since the look before */
} coley_interim_decision;

extern const char *const coley_interim_words_of[]; /* "goes on", "won", ... */

typedef struct coley_interim_look {
    double month;             /* from the trial's start */
    double information;       /* 0 to 1 */
    size_t events, people;    /* of this comparison; who has entered */
    double z;                 /* above 0: the arm is the better one */
    double win, give_up;      /* bounds; give_up is NaN where there is none */
    double trend, predictive; /* conditional power as it went; predictive power; NaN at the last analysis */
    coley_interim_decision decision;
} coley_interim_look;

typedef struct coley_interim_arm {
    size_t n_looks;
    coley_interim_look look[COLEY_TRIAL_MAX_LOOKS + 1];
    coley_interim_decision decision; /* of the last of them */
    size_t n_spared;                 /* people of the arm who had not entered when it was given up or had won */
} coley_interim_arm;

typedef struct coley_interim {
    double alpha;                                /* one-sided, of each comparison */
    coley_interim_arm arm[COLEY_TRIAL_MAX_ARMS]; /* that of the control is empty */
} coley_interim;

/* NULL without `interim` in the design. */
COLEY_MUST_CHECK coley_status coley_trial_look(coley_arena *arena, const coley_trial *trial, coley_interim **interim,
                                               coley_error *err);

void coley_interim_emit(const coley_trial *trial, const coley_interim *interim, coley_emit *emit);
void coley_interim_table(coley_arena *arena, const coley_trial *trial, const coley_interim *interim, coley_text *out);
void coley_interim_section(const coley_trial *trial, const coley_interim *interim, coley_text *out);

#endif
