/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_events.h -- adverse events of a trial beyond the clinic's organs: those of a drug's table
 * (catalog/drug_events.h) and counts that fall in the model (clinic/event_terms.h).
 *
 * An event of a table comes when the hazard, summed up while the drug is given to this person, reaches the person's own
 * -ln U: no dose, no event; half the dose, half the hazard; none after the last dose has worn off. Any grade and grade
 * 3 or 4 share one U, so that the severe event is a part of the other. U is a function of seed, person, drug and event.
 */
#ifndef COLEY_RUN_TRIAL_EVENTS_H
#define COLEY_RUN_TRIAL_EVENTS_H

#include "run/trial_run.h"

/* A time under a drug, in days of the table's dose a day. */
typedef struct coley_exposure {
    double from_day, to_day, rate;
} coley_exposure;

/* First day on which hazard x exposure reaches `limit`; exposure beyond `most` counts for nothing. Infinite: never. */
double coley_exposure_day(size_t n, const coley_exposure *piece, double hazard, double most, double limit);

/* Read catalog/guidelines/adverse_events.yaml. */
COLEY_MUST_CHECK coley_status coley_trial_terms_read(coley_arena *arena, const char *catalog,
                                                     const coley_event_terms **terms, coley_error *err);

/* Is that symbol one by which events are graded? */
int coley_trial_terms_want(const coley_event_terms *terms, const char *symbol);

/* What of the terms this arm can have. */
struct coley_trial_events;
COLEY_MUST_CHECK coley_status coley_trial_events_bind(coley_arena *arena, coley_trial *trial, size_t arm,
                                                      coley_error *err);

/* Exposure of one person to one drug of the arm: `given[i]` says whether dose i of the session was. Pieces are owned by
 * `scratch`. */
COLEY_MUST_CHECK coley_status coley_trial_exposure(coley_arena *scratch, const coley_session *session, size_t drug,
                                                   const unsigned char *given, size_t *n, coley_exposure **piece,
                                                   coley_error *err);

struct coley_trial_block; /* run/trial_parts.h */

/* Events of one person of a block, added to the record's. */
COLEY_MUST_CHECK coley_status coley_trial_events_judge(coley_arena *scratch, const struct coley_trial_block *block,
                                                       size_t person, coley_trial_patient *patient, coley_error *err);

#endif
