/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_figures.h -- the drawings of a trial's page. What fails for want of memory shows in out->failed. */
#ifndef COLEY_RUN_TRIAL_FIGURES_H
#define COLEY_RUN_TRIAL_FIGURES_H

#include "run/trial_result.h"

/* Kaplan-Meier curves of all arms with their bands, and a table of people at risk. */
void coley_trial_draw_curves(coley_arena *arena, const coley_trial_result *result, coley_endpoint endpoint,
                             coley_text *out);

/* Best change of each person, sorted. */
void coley_trial_draw_waterfall(const coley_trial_result *result, coley_text *out);

/* Change of the sum of diameters over time; one drawing an arm. */
void coley_trial_draw_spiders(coley_arena *arena, const coley_trial_result *result, coley_text *out);

/* Treatment, responses and the end of each person as a bar. */
void coley_trial_draw_swimmers(coley_arena *arena, const coley_trial_result *result, coley_text *out);

/* Hazard ratios of death or progression against the control: all people, then halves by covariates. */
COLEY_MUST_CHECK coley_status coley_trial_draw_forest(coley_arena *arena, const coley_trial_result *result,
                                                      coley_text *out, coley_error *err);

#endif
