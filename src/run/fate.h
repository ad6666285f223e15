/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fate.h -- how a course ends, and why: cure, control or relapse, each told apart by rules that are data.
 *
 *   cure              no clone of any lesion has a cell left
 *   functional cure   nothing to be seen, and no dose for a year
 *   remission         nothing to be seen, but treated within the year
 *   chronic control   a tumour is seen, does not grow, and no dose was given for half a year
 *   response          treated within half a year; 30 % smaller than at the start and not growing again
 *   stable            the same, not as much smaller
 *   relapse           was 30 % smaller or out of sight and has grown by 20 % and 5 mm since
 *   progression       has grown without having been so
 *
 * The mechanism of a relapse is the factor of the kill that fell most (in its logarithm) between the day of the
 * strongest attack and the end, in the lesion that grew most; hidden cells, when they are most of what has grown, by
 * what they lost: antigen or MHC. That of a progression is the factor that is smallest on the day of the strongest
 * attack. */
#ifndef COLEY_RUN_FATE_H
#define COLEY_RUN_FATE_H

#include "run/course.h"

enum { COLEY_FATE_MAX_BRAKES = 12 };

typedef struct coley_fate_cause {
    const char *symbol; /* of a lesion; NULL where there is none */
    const char *name, *words;
} coley_fate_cause;

/* models/patient/fate.yaml */
typedef struct coley_fate_rules {
    double gone_below_cells, not_seen_mm, shrank, grew, grew_by_mm, off_treatment_day, functional_cure_day, enough;
    const char *seen, *hidden, *effector, *exhausted; /* symbols of a lesion */
    const char *seen_lives, *hidden_lives; /* likewise: 1 while that clone lives, 0 when chance has ended it */
    coley_fate_cause antigen_loss, mhc_loss, few, worn_out; /* mhc_loss.symbol: 1 where the hidden clone lost MHC */
    size_t n_brakes;
    coley_fate_cause brake[COLEY_FATE_MAX_BRAKES];
} coley_fate_rules;

COLEY_MUST_CHECK coley_status coley_fate_rules_read(coley_arena *arena, const char *models, coley_fate_rules *rules,
                                                    coley_error *err);

typedef enum coley_fate_kind {
    COLEY_FATE_UNKNOWN, /* the course has not the series that it takes */
    COLEY_FATE_CURE,
    COLEY_FATE_FUNCTIONAL_CURE,
    COLEY_FATE_REMISSION,
    COLEY_FATE_CONTROL,
    COLEY_FATE_RESPONSE,
    COLEY_FATE_STABLE,
    COLEY_FATE_RELAPSE,
    COLEY_FATE_PROGRESSION,
} coley_fate_kind;

typedef struct coley_fate {
    coley_fate_kind kind;
    double since_day;              /* from when it was so; NaN when that means nothing */
    double last_dose_day;          /* NaN without a dose */
    int lesion;                    /* 1 to 5: where the cause was found; 0: none */
    const coley_fate_cause *cause; /* of the rules; NULL when there is none */
    const char *quantity;          /* series that shows the cause, and its value on cause_day */
    double cause_day, cause_value;
} coley_fate;

/* "functional cure"; never NULL. */
const char *coley_fate_name(coley_fate_kind kind);

/* Reads series and doses of the course. Cannot fail: what cannot be told is COLEY_FATE_UNKNOWN. */
coley_fate coley_fate_of(const coley_course *course, const coley_fate_rules *rules);

#endif
