/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scores.h -- published scores of response and prognosis: LORIS, LIPI, Royal Marsden, GRIm. */
#ifndef COLEY_CLINIC_SCORES_H
#define COLEY_CLINIC_SCORES_H

#include "base/yaml.h"

/* What scores ask for; NaN: not known. */
typedef struct coley_score_inputs {
    const char *cancer; /* as scores.yaml names it */
    double tmb_per_Mb;  /* by panel */
    double tps_pct;     /* PD-L1 tumour proportion score [%] */
    double prior;       /* 1: systemic therapy before, 0: none */
    double albumin_g_dL, nlr, age_year;
    double dnlr, ldh_uln; /* derived NLR; lactate dehydrogenase in upper limits of normal */
    double metastatic_sites;
} coley_score_inputs;

/* One form of LORIS (Chang 2024, Nature Cancer), with a recalibration logit(p) = a + b S; all out of scores.yaml. */
typedef struct coley_loris {
    double intercept, tmb, tps, prior, albumin, nlr, age; /* per unit; 0: not in this form */
    double cap_tmb, cap_nlr, cap_age;
    size_t n_cancers;
    const char *const *cancer;
    const double *cancer_term;
    double a, b, var_a, cov_ab, var_b; /* of the recalibration; NaN: none */
    const char *source, *recalibration_source;
} coley_loris;

typedef struct coley_loris_result {
    int known;                    /* all inputs were there */
    double linear;                /* S */
    double score;                 /* 1/(1 + exp(-S)) */
    double chance, low95, high95; /* recalibrated chance of response; NaN without recalibration */
} coley_loris_result;

/* The section `key` of scores.yaml. */
COLEY_MUST_CHECK coley_status coley_loris_read(coley_arena *arena, const coley_yaml *root, const char *key,
                                               coley_loris *loris, coley_error *err);
/* Index of the cancer, or -1 when the form has no term for it. A form without cancers takes its `cancer` from the
 * caller's word: NSCLC's is for NSCLC only. */
ptrdiff_t coley_loris_cancer(const coley_loris *loris, const char *cancer);
coley_loris_result coley_loris_score(const coley_loris *loris, const coley_score_inputs *inputs);

/* -1: something is not known. LIPI: (dNLR > 3) + (LDH > ULN). Royal Marsden: (LDH > ULN) + (albumin < 3.5 g/dL) +
 * (more than 2 metastatic sites). GRIm: (NLR > 6) + (LDH > ULN) + (albumin < 3.5 g/dL). */
int coley_score_lipi(const coley_score_inputs *inputs);
int coley_score_marsden(const coley_score_inputs *inputs);
int coley_score_grim(const coley_score_inputs *inputs);

/* Wilson's interval of a share k of n at 95 %; n = 0 gives 0 to 1. */
void coley_share_interval(double k, double n, double *low, double *high);

#endif
