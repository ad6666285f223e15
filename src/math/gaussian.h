/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaussian.h -- a function of a few numbers known at some points, as a Gaussian process.
 *
 *   y = mean + f(x) + noise,  cov(f(x), f(x')) = v (1 + s + s^2/3) exp(-s),  s = sqrt 5 |x - x'|_l   (Matern 5/2)
 *
 * Each axis has its own length l; an axis of categories has distance 0 or 1. Mean and v have their best values in
 * closed form, lengths and the share of noise are those of the largest marginal likelihood under weak priors (Rasmussen
 * and Williams, Gaussian Processes for Machine Learning, 2006, chapter 5). */
#ifndef COLEY_MATH_GAUSSIAN_H
#define COLEY_MATH_GAUSSIAN_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

enum { COLEY_GAUSSIAN_AXES = 16, COLEY_GAUSSIAN_POINTS = 2000 };

/* An axis of the unit cube. With steps above 0 it has so many places, (k + 0.5) / steps. */
typedef struct coley_axis {
    size_t steps;
    int category; /* places have no order */
} coley_axis;

double coley_axis_place(coley_axis axis, double u);

/* Owned by the arena that it was fitted in. */
typedef struct coley_gaussian {
    size_t n, d;
    const double *x;                           /* [n*d], borrowed */
    const coley_axis *axis;                    /* [d], borrowed */
    double length[COLEY_GAUSSIAN_AXES], noise; /* noise: its variance over v */
    double mean, variance;                     /* v */
    double *root;                              /* [n*n] of the correlations */
    double *pull;                              /* [n] K^-1 (y - mean) */
    double *work;                              /* [n] */
} coley_gaussian;

/* y [n]; all equal is allowed. `effort`: evaluations of the likelihood. The lengths and noise of `before`, or NULL, are
 * where the search for them starts. */
COLEY_MUST_CHECK coley_status coley_gaussian_fit(coley_arena *arena, size_t n, size_t d, const double *x,
                                                 const coley_axis *axis, const double *y, size_t effort,
                                                 const coley_gaussian *before, coley_gaussian *process,
                                                 coley_error *err);

/* Other values at the same points: mean, and pull [n] to use in place of process->pull. */
double coley_gaussian_pull(const coley_gaussian *process, const double *y, double *pull);

/* Correlation of f at two points, and of f at x with the n known ones [n]. */
double coley_gaussian_correlation(const coley_gaussian *process, const double *a, const double *b);
void coley_gaussian_row(const coley_gaussian *process, const double *x, double *row);

/* f + mean at x, and its standard deviation (NULL: not asked). */
double coley_gaussian_at(const coley_gaussian *process, const double *x, double *deviation);

#endif
