/* SPDX-License-Identifier: GPL-3.0-or-later */
/* competing.h -- several kinds of event that exclude one another: cumulative incidence of a cause (Aalen, Johansen,
 * Scand J Stat 1978; 5:141) and Gray's test between arms (Ann Stat 1988; 16:1141). */
#ifndef COLEY_MATH_COMPETING_H
#define COLEY_MATH_COMPETING_H

#include "math/survival.h"

/* One entry a distinct time. */
typedef struct coley_incidence {
    size_t people, events; /* of the cause */
    size_t n;
    const double *time, *incidence, *standard_error; /* [n] */
} coley_incidence;

/* Cumulative incidence of a cause (the code of the event, from 1) in an arm or in all (COLEY_ALL_ARMS). */
COLEY_MUST_CHECK coley_status coley_incidence_curve(coley_arena *arena, const coley_survival *survival, int arm,
                                                    int cause, coley_incidence *incidence, coley_error *err);

/* Value at a time, with an interval symmetric in log(-log(1 - F)) (Kalbfleisch, Prentice); NaN ends where F is 0 or 1.
 */
typedef struct coley_incidence_point {
    double incidence, standard_error;
    coley_interval interval;
} coley_incidence_point;
coley_incidence_point coley_incidence_at(const coley_incidence *incidence, double time, double level);

/* Gray's test that a cause's cumulative incidence is the same in all arms; stratified when the data are. */
typedef struct coley_gray {
    double chi2, p;
    size_t df;
    const char *why; /* NULL, or why there is no test; then 0 and 1 */
} coley_gray;
COLEY_MUST_CHECK coley_status coley_gray_test(coley_arena *arena, const coley_survival *survival, int cause,
                                              coley_gray *test, coley_error *err);

#endif
