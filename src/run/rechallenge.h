/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rechallenge.h -- tumour cells put back after a cure, and what became of them.
 *
 * models/patient/patient.yaml (`rechallenge`) names the mechanism that this loads and the symbols of a lesion that it
 * changes: cells are added, the clone's chance starts anew, and cells that lost their antigen are seen by no T cell. */
#ifndef COLEY_RUN_RECHALLENGE_H
#define COLEY_RUN_RECHALLENGE_H

#include "run/session.h"

/* The mechanism to load, or NULL when the scenario puts nothing back. */
COLEY_MUST_CHECK coley_status coley_rechallenge_mechanism(coley_arena *arena, const coley_scenario *scenario,
                                                          const char *models, const char **mechanism, coley_error *err);

/* Fill session->reseed, once the body is there. */
COLEY_MUST_CHECK coley_status coley_rechallenge_place(coley_arena *arena, coley_session *session, const char *models,
                                                      coley_error *err);

/* Fill course->rechallenge from the patient and the others. */
COLEY_MUST_CHECK coley_status coley_rechallenge_judge(coley_arena *arena, const coley_session *session,
                                                      const coley_crowd *crowd, coley_course *course, coley_error *err);

#endif
