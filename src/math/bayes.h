/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bayes.h -- the point of the unit cube to try next, for the largest value of a function that is dear to compute:
 * the one that promises most beyond the best so far (expected improvement: Jones, Schonlau, Welch 1998, J Glob Optim
 * 13:455) under a Gaussian process; the best is the largest mean at a known point, since values have noise. */
#ifndef COLEY_MATH_BAYES_H
#define COLEY_MATH_BAYES_H

#include "math/gaussian.h"

/* The k-th point of a search that knows nothing yet: scrambled Sobol points on the axes' places. */
void coley_bayes_start(size_t k, size_t d, const coley_axis *axis, uint64_t seed, double *x);

/* The next point x [d] after n evaluated ones, never one of these; `found` 0: there is none left. `process` holds the
 * fit, and with `warm` the fit of the call before. */
COLEY_MUST_CHECK coley_status coley_bayes_next(coley_arena *arena, size_t n, size_t d, const double *known,
                                               const coley_axis *axis, const double *y, uint64_t seed, int warm,
                                               coley_gaussian *process, double *x, int *found, coley_error *err);

/* ln of the expected improvement of N(mean, deviation^2) over `best`, far out too (Ament 2023, NeurIPS 36). */
double coley_log_improvement(double mean, double deviation, double best);

/* Place of the known point with the largest mean. */
size_t coley_bayes_best(const coley_gaussian *process);

#endif
