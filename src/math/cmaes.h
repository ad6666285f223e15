/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmaes.h -- the least value of a function of a few numbers, by a normal distribution that learns the function's shape:
 * covariance matrix adaptation (Hansen, arXiv:1604.00772, 2016), rank one and rank mu updates, no restarts. */
#ifndef COLEY_MATH_CMAES_H
#define COLEY_MATH_CMAES_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

enum { COLEY_CMAES_MOST = 32 };

/* Owned by the arena that it was made in. Points are a function of the seed and of the values told. */
typedef struct coley_cmaes {
    size_t n, lambda, mu; /* axes; points a generation; of these the better half */
    uint64_t seed, generation;
    double step;              /* standard deviation along an axis of unit scale */
    double *mean;             /* [n] */
    double *covariance;       /* [n*n] */
    double *axes, *scale;     /* eigenvectors [n*n] and roots of eigenvalues [n] of it */
    double *path, *path_step; /* [n] evolution paths of the covariance and of the step */
    double *weight;           /* [mu] */
    double mu_eff, c_step, d_step, c_path, c_one, c_mu, chi;
    double *work;  /* [n*n + 3 n + lambda] */
    size_t *order; /* [lambda] */
} coley_cmaes;

/* lambda 0: 4 + 3 ln n. */
COLEY_MUST_CHECK coley_status coley_cmaes_init(coley_arena *arena, size_t n, const double *start, double step,
                                               size_t lambda, uint64_t seed, coley_cmaes *search, coley_error *err);

/* The points of this generation, x [lambda*n]; then their values f [lambda], the less the better. */
void coley_cmaes_ask(const coley_cmaes *search, double *x);
void coley_cmaes_tell(coley_cmaes *search, const double *x, const double *f);

/* A number folded into 0 to 1 as by mirrors at both ends. */
double coley_fold(double x);

/* The least value found in about `evaluations`, with its point in x [n], which also is the start. */
typedef double coley_objective(void *self, const double *x);
COLEY_MUST_CHECK coley_status coley_cmaes_minimise(coley_objective *f, void *self, size_t n, double *x, double step,
                                                   size_t evaluations, uint64_t seed, double *least, coley_error *err);

#endif
