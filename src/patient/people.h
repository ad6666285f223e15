/* SPDX-License-Identifier: GPL-3.0-or-later */
/* people.h -- many virtual people through one body: settle, treat, observe.
 *
 * A run starts settle_day before day 0 with the tumour held at its size, so that the immune system comes to its balance
 * with it; at day 0 the tumour is let go and treatment starts. */
#ifndef COLEY_PATIENT_PEOPLE_H
#define COLEY_PATIENT_PEOPLE_H

#include "base/progress.h"
#include "patient/population.h"
#include "solve/integrator.h"

typedef enum coley_people_turn {
    COLEY_TURN_GO_ON,
    COLEY_TURN_QUIT,  /* planned doses from the next row's day on are not given */
    COLEY_TURN_LEAVE, /* nobody looks any more: rows from here on may stay empty */
} coley_people_turn;

/* What somebody gets once the planned doses are over because of a turn. */
typedef struct coley_later {
    double delay_day; /* from the row of the turn; it begins at the next row at the earliest */
    size_t n_doses;
    const coley_dose *dose; /* sorted; day 0 is the first of this therapy */
    const int *dose_class;  /* [n_doses] as coley_session_care has them for planned doses; NULL without a policy */
    unsigned treated_with;  /* likewise */
} coley_later;

typedef struct coley_people {
    const coley_body *body;
    size_t n;
    const double *inputs; /* [n][n_inputs], a row a person */
    size_t n_doses;       /* everybody's; sorted by day */
    const coley_dose *dose;
    double settle_day; /* > 0 */
    size_t n_days;
    const double *day; /* ascending, from -settle_day */
    size_t n_observed;
    const int32_t *observed;   /* symbols */
    double *value;             /* [n][n_days][n_observed], filled; NaN from where a person's solution was lost */
    unsigned char *lost;       /* [n], filled: 1 when the solver could not go on; may be NULL */
    coley_integration *result; /* [n], filled: how each one's run, or its last leg, ended; may be NULL */
    coley_integrator_options integrator;
    coley_progress *progress; /* counts people who are done; may be NULL */
    /* Called with each row as it is filled; says what becomes of the person from there on. It may look at the rows
     * before this one, and at nothing else that changes: a row may be filled twice. May be NULL. */
    coley_people_turn (*turn)(void *self, size_t person, size_t row);
    void *turn_self; /* borrowed */
    /* With `turn`: what each gets after the first COLEY_TURN_QUIT. May be NULL, and so may any of its entries. */
    const coley_later *const *later; /* [n] */
    double *later_day;               /* [n], filled with `later`: its first day; NaN: it did not come to that */
    size_t n_steps;                  /* filled: steps of all together */
} coley_people;

/* Simulate. People whose solution is lost are marked and left out, not an error, unless everybody's is. Work space
 * comes from `arena`. */
COLEY_MUST_CHECK coley_status coley_people_simulate(coley_arena *arena, coley_people *people, coley_error *err);

#endif
