/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cox.h -- Cox's proportional hazards: log hazard ratios of covariates by partial likelihood, within strata. */
#ifndef COLEY_MATH_COX_H
#define COLEY_MATH_COX_H

#include "math/survival.h"

typedef enum coley_ties { COLEY_TIES_EFRON, COLEY_TIES_BRESLOW } coley_ties;

typedef struct coley_cox_input {
    const coley_survival *survival;
    size_t n_columns;            /* 0: the arms, each against arm 0 */
    const double *const *column; /* [n_columns][n], rows as in the input of coley_survival_prepare */
    const char *const *name;     /* [n_columns] for messages, or NULL */
    coley_ties ties;
} coley_cox_input;

/* Owned by the arena. A log ratio without bound is -infinity or infinity; its standard error is then infinite. When
 * `why` is set nothing was estimated: log_ratio is NaN, the tests are 0 with P = 1. */
typedef struct coley_cox {
    size_t n, n_events, n_columns;
    const double *log_ratio, *standard_error; /* [n_columns] */
    const double *covariance;                 /* [n_columns * n_columns] */
    double log_likelihood[2];                 /* at 0 and at the end */
    double wald, score, likelihood_ratio;     /* chi-square with n_columns degrees of freedom */
    double p_wald, p_score, p_likelihood_ratio;
    int iterations;
    int unbounded; /* columns without a finite ratio */
    const char *why;
} coley_cox;

/* Refused: a covariate that is no number. A covariate that does not vary among those at risk, or that is a combination
 * of others, is told in `why`. */
COLEY_MUST_CHECK coley_status coley_cox_fit(coley_arena *arena, const coley_cox_input *input, coley_cox *cox,
                                            coley_error *err);

/* Ratio, interval and Wald's two-sided P of a column. Without bound: 0 to infinity, P NaN. */
typedef struct coley_ratio {
    double ratio;
    coley_interval interval;
    double z, p;
} coley_ratio;
coley_ratio coley_cox_ratio(const coley_cox *cox, size_t column, double level);

#endif
