/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forest.h -- hazard ratios in subgroups of a two-arm trial: the rows of a forest plot. */
#ifndef COLEY_MATH_FOREST_H
#define COLEY_MATH_FOREST_H

#include "math/cox.h"

/* A factor that cuts the people: level [n] from 0, or -1 where it is not known. */
typedef struct coley_factor {
    const char *name;
    const int *level;
    size_t n_levels;
    const char *const *level_name; /* [n_levels] */
} coley_factor;

/* One level: people and events of both arms and arm 1's ratio in it. why: NULL, or why there is no ratio. */
typedef struct coley_forest_row {
    const char *factor, *level; /* "all" and "" in the first row */
    size_t people[2], events[2];
    coley_ratio ratio;
    const char *why;
} coley_forest_row;

/* P that the ratio is the same in all levels of a factor: likelihood ratio of arm x level; NaN and why when it cannot
 * be judged. */
typedef struct coley_interaction {
    double chi2, p;
    size_t df;
    const char *why;
} coley_interaction;

typedef struct coley_forest {
    size_t n_rows;
    const coley_forest_row *row; /* all, then each factor's levels */
    size_t n_factors;
    const coley_interaction *interaction; /* [n_factors] */
} coley_forest;

/* Ratios by Cox's model within the strata of the input, ties by Efron. Refused: other than two arms, a level outside
 * its range. */
COLEY_MUST_CHECK coley_status coley_forest_of(coley_arena *arena, const coley_survival_input *input,
                                              const coley_factor *factor, size_t n_factors, double level,
                                              coley_forest *forest, coley_error *err);

#endif
