/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_calibrate.h -- a cancer's population fitted to published arms by prevalence weighting.
 *
 * The people of each arm are simulated once. If the normal number z behind a trait had its mean at d instead of 0,
 * somebody with z would be exp(d z - d^2/2) times as frequent (an exponential tilt; for a lesion's trait, with the mean
 * over the person's lesions and its variance): every figure under the shifted population is a weighted mean over people
 * who have been simulated already. The shifts d, few of them, minimise
 *
 *   sum over figures ((weighted - published) / error)^2  +  sum over shifts (d / prior)^2
 *
 * by Gauss and Newton; the second sum (ridge) keeps at 0 what the figures do not speak about. When the weights leave
 * fewer than a share of the people (effective number, Kish 1965: 1 / sum w^2), the step ends there, and the people are
 * simulated again around the new middle. Traits are chosen one after another, each time the one that explains most of
 * what is still missed; those of drugs, and what was measured in the trials (TMB, PD-L1), are left alone. The hazard of
 * death at 100 mm is fitted with them: for a person the chance to live is exp(-h B - O), with the burden B and all else
 * O known. */
#ifndef COLEY_RUN_TRIAL_CALIBRATE_H
#define COLEY_RUN_TRIAL_CALIBRATE_H

#include "run/trial_result.h"

enum { COLEY_CALIBRATE_MAX_TRIALS = 24, COLEY_CALIBRATE_MAX_TARGETS = 256, COLEY_CALIBRATE_MAX_SHIFTS = 24 };

typedef struct coley_calibrate_options {
    size_t n_trials;
    const char *const *path; /* trial files of one cancer to fit */
    size_t n_tests;
    const char *const *test; /* and to test with */
    const char *models, *catalog;
    const char *start; /* shifts to start from, or NULL: none */
    int64_t people;    /* in each arm */
    int rounds;        /* of simulation */
    size_t n_shifts;   /* at most so many traits */
    size_t n_only;
    const char *const *only; /* and none but these, by name; n_only 0: any */
    double prior;            /* of each shift, in standard deviations */
    double least_effective;  /* share of the people that weights must leave */
    coley_session_options session;
} coley_calibrate_options;

typedef struct coley_calibrate_target {
    const char *trial, *arm;
    const coley_trial_published *published;
    int fitted;
    double value, error;  /* published, and its standard error */
    double before, after; /* simulated: with the start's population, with the last one */
} coley_calibrate_target;

typedef struct coley_calibration {
    const char *cancer;
    coley_trial_shifts shifts;                    /* the result */
    double shrinkage[COLEY_CALIBRATE_MAX_SHIFTS]; /* 0: the figures say nothing; 1: they say all */
    double effective;                             /* smallest share of people in the last round */
    double misfit[2], test_misfit[2];             /* root mean square of (simulated - published) / error */
    int rounds;
    size_t n_targets;
    coley_calibrate_target target[COLEY_CALIBRATE_MAX_TARGETS];
} coley_calibration;

COLEY_MUST_CHECK coley_status coley_calibrate(coley_arena *arena, const coley_calibrate_options *options,
                                              coley_calibration *calibration, coley_error *err);

/* population.yaml, calibration.json, and a table for the terminal. */
void coley_calibration_yaml(const coley_calibration *calibration, const coley_calibrate_options *options,
                            coley_text *out);
void coley_calibration_json(const coley_calibration *calibration, coley_text *out);
COLEY_MUST_CHECK coley_status coley_calibration_words(coley_arena *arena, const coley_calibration *calibration,
                                                      coley_text *out, coley_error *err);

#endif
