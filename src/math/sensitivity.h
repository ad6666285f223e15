/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sensitivity.h -- which of several inputs, uniform on the unit cube, an output hangs on, all over the cube.
 *
 * sobol: shares of the variance. First S_i = Var(E(y | x_i)) / Var(y), what the input does by itself; total T_i, with
 *   all that it does together with others. From rows A, B and A with column i of B (Saltelli 2002 and 2010, Comput Phys
 *   Commun 181:259; total by Jansen 1999), the rows being scrambled Sobol points of 2 d axes:
 *
 *     S_i = mean((f_B - m) (f_ABi - f_A)) / V      T_i = mean((f_A - f_ABi)^2) / 2 V
 *
 * morris: elementary effects (f(x + D e_i) - f(x)) / D along random paths on a grid of four levels, D = 2/3 (Morris
 *   1991, Technometrics 33:161): mean, mean of the sizes mu* (Campolongo 2007), and standard deviation, which tells of
 *   curvature and interactions.
 *
 * Intervals: the Bayesian bootstrap over rows. */
#ifndef COLEY_MATH_SENSITIVITY_H
#define COLEY_MATH_SENSITIVITY_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"
#include "math/interval.h"

typedef enum coley_sensitivity_kind { COLEY_SENSITIVITY_SOBOL, COLEY_SENSITIVITY_MORRIS } coley_sensitivity_kind;

typedef struct coley_sensitivity_plan {
    coley_sensitivity_kind kind;
    size_t d, rows; /* inputs; rows, or paths */
    uint64_t seed;
} coley_sensitivity_plan;

/* A number with its 95 % interval. */
typedef struct coley_sensitivity_index {
    double value;
    coley_interval interval;
} coley_sensitivity_index;

typedef struct coley_sensitivity {
    coley_sensitivity_index first, total;          /* sobol */
    coley_sensitivity_index mean, size, deviation; /* morris: mu, mu*, sigma */
} coley_sensitivity;

/* Points in all: rows * (d + 2), or rows * (d + 1). */
size_t coley_sensitivity_points(const coley_sensitivity_plan *plan);

/* The k-th point x [d], a function of the plan. Points of one row stand together, so that whole rows come first. */
void coley_sensitivity_point(const coley_sensitivity_plan *plan, size_t k, double *x);

/* From the outputs y [points], the index of each input [d]. An output that is the same everywhere has none: NaN. */
COLEY_MUST_CHECK coley_status coley_sensitivity_of(const coley_sensitivity_plan *plan, const double *y,
                                                   coley_sensitivity *index, coley_error *err);

#endif
