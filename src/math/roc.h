/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roc.h -- how well a number tells those with an outcome from those without: the ROC curve and the area under it. */
#ifndef COLEY_MATH_ROC_H
#define COLEY_MATH_ROC_H

#include <stddef.h>

#include "base/alloc.h"
#include "base/status.h"
#include "math/interval.h"

/* Points of the curve: "positive" is a score of at least `cutoff`; the first calls nobody positive (cutoff infinity).
 */
typedef struct coley_roc_point {
    double cutoff, sensitivity, specificity;
} coley_roc_point;

/* area: P(score of one with the outcome > of one without) + P(equal) / 2; its standard error by DeLong. The interval is
 * cut to [0, 1]. best: the point with the largest sensitivity + specificity (Youden), the highest cutoff of several. */
typedef struct coley_roc {
    size_t n_with, n_without;
    double area, standard_error;
    coley_interval interval;
    size_t n_points, best;
    const coley_roc_point *point;
    const double *share; /* [n] of the area that each person carries: what coley_roc_compare reads */
    const char *why;     /* NULL, or why there is no area: it is then 0.5, from 0 to 1 */
} coley_roc;

/* score and outcome (0 or not) of n people. Refused: nobody, a score that is NaN. */
COLEY_MUST_CHECK coley_status coley_roc_curve(coley_arena *arena, const double *score, const int *outcome, size_t n,
                                              double level, coley_roc *roc, coley_error *err);

/* Two scores of the same people: z and P that their areas are equal (DeLong, Biometrics 1988; 44:837). P is 1 when the
 * areas move together. */
typedef struct coley_roc_contrast {
    double difference, standard_error, z, p;
} coley_roc_contrast;
coley_roc_contrast coley_roc_compare(const coley_roc *a, const coley_roc *b, const int *outcome, size_t n);

#endif
