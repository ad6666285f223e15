/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cure.h -- the mixture cure model: a share of people never has the event, the others at Weibull times,
 *   S(t) = pi + (1 - pi) exp(-(t/b)^k)   (Boag, J R Stat Soc B 1949; 11:15; Farewell, Biometrics 1982; 38:1041),
 * logit pi and log b linear in covariates. */
#ifndef COLEY_MATH_CURE_H
#define COLEY_MATH_CURE_H

#include "math/survival.h"

typedef struct coley_cure_input {
    const coley_survival *survival;
    int arm;                   /* of this arm, or COLEY_ALL_ARMS */
    int arms_cure, arms_scale; /* with all arms: each arm but 0 has a term of its own in logit pi, in log b */
    int exponential;           /* shape 1 */
} coley_cure_input;

/* Parameters in this order: logit pi of arm 0 and the other arms' differences, log b likewise, log k unless
 * exponential. Owned by the arena. */
typedef struct coley_cure {
    size_t people, events, n;             /* parameters */
    const double *value, *standard_error; /* [n]; a share at 0 has -infinity and its error infinity */
    const double *covariance;             /* [n * n] */
    double log_likelihood;
    double log_likelihood_none; /* of the same model without a cured share */
    double p_none; /* that nobody is cured, when one share is fitted: half a chi-square with 1 df; else NaN */
    int iterations;
    int nobody;      /* the best share is 0 */
    const char *why; /* NULL, or why nothing was fitted */
} coley_cure;

/* Maximum likelihood by Newton's method. Refused: nobody. */
COLEY_MUST_CHECK coley_status coley_cure_fit(coley_arena *arena, const coley_cure_input *input, coley_cure *cure,
                                             coley_error *err);

/* Share cured in an arm with its interval, symmetric in the logit. */
typedef struct coley_cure_share {
    double share;
    coley_interval interval;
} coley_cure_share;
coley_cure_share coley_cure_share_of(const coley_cure *cure, const coley_cure_input *input, int arm, double level);

#endif
