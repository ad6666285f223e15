/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dosing.h -- the doses that a scenario's regimen and event table mean, one by one. */
#ifndef COLEY_RUN_DOSING_H
#define COLEY_RUN_DOSING_H

#include "run/course.h"
#include "run/scenario.h"

/* All doses before the end of the run, by day; on one day the regimen's before the table's, each in its own order.
 * Doses per kg are multiplied out. Of a table with several people those of `patient.id` count. A record whose CMT names
 * no drug (empty, or a number as NONMEM has it) is of the regimen's only drug. */
COLEY_MUST_CHECK coley_status coley_dosing_of(coley_arena *arena, const coley_scenario *scenario,
                                              coley_given_dose **dose, size_t *n, coley_error *err);

/* What a dose is multiplied by for somebody: kg, m2 of body surface, or 1. */
double coley_dose_scale(const coley_scenario_patient *patient, coley_dose_basis basis);

#endif
