/* SPDX-License-Identifier: GPL-3.0-or-later */
/* covariates.h -- what people in trials are like beside what the model computes: catalog/covariates.yaml.
 *
 * Behind each covariate is a normal number; these are correlated among each other and with mutational burden, whose
 * number is the person's own in the model (patient/population.h). */
#ifndef COLEY_TRIAL_COVARIATES_H
#define COLEY_TRIAL_COVARIATES_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

/* Kept apart: what the random numbers of the stream TRIAL are for. Append only. */
typedef enum coley_trial_draw {
    COLEY_DRAW_AGE,
    COLEY_DRAW_ALBUMIN,
    COLEY_DRAW_NLR,
    COLEY_DRAW_LDH,
    COLEY_DRAW_ECOG,
    COLEY_DRAW_SIZE,
    COLEY_DRAW_SEX,
    COLEY_DRAW_WEIGHT,
    COLEY_DRAW_DEATH,
    COLEY_DRAW_CAUSE,
    COLEY_DRAW_DROPOUT,
    COLEY_DRAW_ENTRY,
    COLEY_DRAW_BLOCK,
    COLEY_DRAW_INFILTRATION,
    COLEY_DRAW_NEW_LESION,
    COLEY_DRAW_ROW = 90,                  /* of a file of people */
    COLEY_DRAW_LESION_SIZE = 100,         /* and so many on as the person has lesions */
    COLEY_DRAW_LESION_INFILTRATION = 200, /* likewise, two each */
} coley_trial_draw;

enum { COLEY_CORRELATED = 7 }; /* mutational burden, then AGE to SIZE */

typedef struct coley_covariate_rule {
    double value;
    int spread; /* coley_spread_kind */
    double a, b;
} coley_covariate_rule;

/* Of one cancer. */
typedef struct coley_covariate_rules {
    coley_covariate_rule age, albumin, nlr, ldh, weight;
    double male, ecog_0, ecog_1;
    double root[COLEY_CORRELATED * COLEY_CORRELATED]; /* lower triangle, math/correlation.h */
} coley_covariate_rules;

typedef struct coley_covariates {
    double age_year, albumin_g_per_L, nlr, ldh_uln, weight_kg;
    int male, ecog;
    double size; /* normal number behind the factor between people of all diameters */
} coley_covariates;

COLEY_MUST_CHECK coley_status coley_covariates_read(coley_arena *arena, const char *catalog, const char *cancer,
                                                    coley_covariate_rules *rules, coley_error *err);

/* Person `id`; z_tmb is the normal number behind the person's mutational burden. */
coley_covariates coley_covariates_draw(const coley_covariate_rules *rules, uint64_t seed, uint64_t id, double z_tmb);

/* The same from other normal numbers: those of COLEY_DRAW_AGE to COLEY_DRAW_SIZE, of the sex, of the weight. */
enum { COLEY_COVARIATE_SCORES = 8 };
coley_covariates coley_covariates_of(const coley_covariate_rules *rules, const double score[COLEY_COVARIATE_SCORES],
                                     double z_tmb);

/* What albumin and NLR add to the logarithm of the hazard, against this cancer's middle. */
double coley_covariates_prognosis(const coley_covariate_rules *rules, const coley_covariates *who, double per_albumin,
                                  double per_ln_nlr);

#endif
