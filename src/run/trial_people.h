/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_people.h -- how the people of a trial are drawn: at random, by scrambled Sobol points or Latin hypercubes, or
 * out of a file.
 *
 * Every normal number behind a covariate or a trait is an axis, the same in every arm; person i is point i - 1. Sobol
 * points have COLEY_SOBOL_DIMENSIONS axes: covariates come first, then traits of the body, then those of lesions; what
 * is left over is drawn at random.
 *
 * A file is CSV, a row a person. Columns are covariates (age, sex, weight, ecog, ldh, albumin, nlr), inputs of the
 * patient model by their names ("TMB", "L1.k_growth", "L1.D0_mm"), and `prevalence`. Without the last, person i is row
 * i, and when all rows were screened there is nobody left; with it, each person is a row drawn in proportion. */
#ifndef COLEY_RUN_TRIAL_PEOPLE_H
#define COLEY_RUN_TRIAL_PEOPLE_H

#include "run/trial_run.h"

typedef struct coley_trial_draws coley_trial_draws;

COLEY_MUST_CHECK coley_status coley_trial_draws_create(coley_arena *arena, const coley_trial *trial,
                                                       const coley_trial_draws **draws, coley_error *err);

/* The normal number behind one of COLEY_DRAW_... of person `id`. */
double coley_trial_score(const coley_trial *trial, uint64_t id, uint64_t draw);

/* Scores of a population's traits; covariates. */
void coley_trial_scores(const coley_trial *trial, const coley_population *population, uint64_t id, double *z);
coley_covariates coley_trial_covariates(const coley_trial *trial, uint64_t id, double z_tmb);

/* Put over what was drawn what the file says of the person. */
void coley_trial_people_take(const coley_trial *trial, const coley_body *body, uint64_t id, coley_covariates *who,
                             double *inputs);

/* Fails when the file has no person `id`. */
COLEY_MUST_CHECK coley_status coley_trial_people_left(const coley_trial *trial, uint64_t id, coley_error *err);

#endif
