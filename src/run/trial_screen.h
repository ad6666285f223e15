/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_screen.h -- who may enter a trial, and which stratum somebody belongs to: conditions as the guidelines have
 * them (clinic/guideline.h), on covariates, biomarkers, and any parameter of the patient model by its own name. */
#ifndef COLEY_RUN_TRIAL_SCREEN_H
#define COLEY_RUN_TRIAL_SCREEN_H

#include "run/trial_run.h"

typedef struct coley_trial_screen coley_trial_screen;

/* Reads the design's conditions; `body` is the first arm's. */
COLEY_MUST_CHECK coley_status coley_trial_screen_create(coley_arena *arena, const coley_trial_design *design,
                                                        const coley_body *body, coley_trial_screen **screen,
                                                        coley_error *err);

/* Puts somebody before the conditions: tmb [1/Mb], tps as a share, sum of diameters [mm], and the model's inputs. */
void coley_trial_screen_person(coley_trial_screen *screen, const coley_covariates *who, double tmb_per_Mb,
                               double pdl1_tps, double sod_mm, const double *inputs);

/* Whether that person may enter; counts in `rule` [design->eligibility.n] who fails what. */
int coley_trial_screen_enters(const coley_trial_screen *screen, coley_trial_rule *rule);

/* Bit k: the k-th condition of `strata` holds. */
unsigned coley_trial_screen_stratum(const coley_trial_screen *screen);

/* Every name that a condition may use, with its meaning, as a Markdown table. */
void coley_trial_screen_document(coley_text *out);

#endif
