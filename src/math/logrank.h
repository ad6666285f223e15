/* SPDX-License-Identifier: GPL-3.0-or-later */
/* logrank.h -- the log-rank test, its weights, and the largest of several weighted tests. */
#ifndef COLEY_MATH_LOGRANK_H
#define COLEY_MATH_LOGRANK_H

#include "math/survival.h"

typedef enum coley_weight_kind {
    COLEY_WEIGHT_LOGRANK, /* 1 */
    COLEY_WEIGHT_FH,      /* S(t-)^rho (1 - S(t-))^gamma of all arms together (Fleming, Harrington 1991) */
    COLEY_WEIGHT_GEHAN,   /* people at risk (Gehan, Biometrika 1965; 52:203) */
    COLEY_WEIGHT_TARONE,  /* root of the people at risk (Tarone, Ware, Biometrika 1977; 64:156) */
    COLEY_WEIGHT_MODEST,  /* 1 / max(S(t-), S(delay)), at most `most` (Magirr, Burman, Stat Med 2019; 38:3782) */
} coley_weight_kind;

typedef struct coley_weight {
    coley_weight_kind kind;
    double rho, gamma;  /* FH */
    double delay, most; /* MODEST; 0 stands for no limit in `most` */
} coley_weight;

/* Weighted sums over event times within strata. z and p_lower are those of two arms: z below 0 when arm 1 has fewer
 * events than expected, p_lower = P(Z < z). */
typedef struct coley_logrank {
    size_t n_arms;
    const double *observed, *expected; /* [n_arms] events, weighted */
    const double *variance;            /* [n_arms * n_arms] of observed - expected */
    double chi2, p;                    /* no events or one arm: 0 and 1 */
    size_t df;
    double z, p_lower;
    const char *why; /* NULL, or why there is no test */
} coley_logrank;

/* weight NULL: the log-rank test. Stratified when the data are. */
COLEY_MUST_CHECK coley_status coley_logrank_test(coley_arena *arena, const coley_survival *survival,
                                                 const coley_weight *weight, coley_logrank *test, coley_error *err);

/* Several weights on two arms: the scores, their standardised values and correlations. */
enum { COLEY_COMBO_MOST = 8 };
typedef struct coley_maxcombo {
    size_t n;
    double z[COLEY_COMBO_MOST];
    double correlation[COLEY_COMBO_MOST * COLEY_COMBO_MOST];
    double p_lower; /* P(min of correlated normals < min z): one-sided, arm 1 the better */
    double p;       /* P(max |.| > max |z|): two-sided */
    const char *why;
} coley_maxcombo;

/* The four weights FH(0,0), FH(0,1), FH(1,0), FH(1,1) of Lin 2020 (Stat Biopharm Res 12:187). */
extern const coley_weight coley_maxcombo_usual[4];

COLEY_MUST_CHECK coley_status coley_maxcombo_test(coley_arena *arena, const coley_survival *survival,
                                                  const coley_weight *weight, size_t n, coley_maxcombo *test,
                                                  coley_error *err);

#endif
