/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bayes.c -- see bayes.h. Candidates are scrambled Sobol points and normal clouds around the best; the search among
 * them ends with the evolution strategy of math/cmaes.h. */
#include "math/bayes.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "math/cmaes.h"
#include "math/design.h"
#include "math/normal.h"

enum { CANDIDATES = 512, NEAR = 256, POLISH = 300, EFFORT = 250, EFFORT_WARM = 120 };

void coley_bayes_start(size_t k, size_t d, const coley_axis *axis, uint64_t seed, double *x)
{
    const coley_design design = {.kind = COLEY_DESIGN_SOBOL, .seed = seed};
    for (size_t i = 0; i < d; i++) x[i] = coley_axis_place(axis[i], coley_design_coordinate(&design, k, i));
}

double coley_log_improvement(double mean, double deviation, double best)
{
    if (!(deviation > 0.0)) return mean > best ? log(mean - best) : -INFINITY;
    const double z = (mean - best) / deviation;
    if (z < -5.0)
        return log(deviation) - 0.5 * z * z - 0.91893853320467274178 - 2.0 * log(-z) +
               log1p((-3.0 + 15.0 / (z * z)) / (z * z));
    return log(deviation * (0.39894228040143267794 * exp(-0.5 * z * z) + z * coley_normal_cdf(z)));
}

size_t coley_bayes_best(const coley_gaussian *g)
{
    size_t best = 0;
    double most = -INFINITY;
    for (size_t i = 0; i < g->n; i++) {
        const double mean = coley_gaussian_at(g, g->x + i * g->d, NULL);
        if (mean > most) most = mean, best = i;
    }
    return best;
}

typedef struct promise {
    const coley_gaussian *g;
    double best;
} promise;

/* On the axes' places, folded into the cube. */
static void settle(const coley_gaussian *g, const double *u, double *x)
{
    for (size_t i = 0; i < g->d; i++) x[i] = coley_axis_place(g->axis[i], coley_fold(u[i]));
}

static int is_known(const coley_gaussian *g, const double *x)
{
    for (size_t k = 0; k < g->n; k++) {
        double most = 0.0;
        for (size_t i = 0; i < g->d; i++) most = fmax(most, fabs(x[i] - g->x[k * g->d + i]));
        if (most < 1e-9) return 1;
    }
    return 0;
}

static double minus_promise(void *self, const double *u)
{
    const promise *p = self;
    double x[COLEY_GAUSSIAN_AXES], deviation;
    settle(p->g, u, x);
    if (is_known(p->g, x)) return INFINITY;
    const double mean = coley_gaussian_at(p->g, x, &deviation);
    return -coley_log_improvement(mean, deviation, p->best);
}

/* The k-th candidate: all over the cube, then around the best, ever nearer. */
static void candidate(const coley_gaussian *g, size_t k, const double *best, uint64_t seed, double *u)
{
    const coley_design design = {.kind = COLEY_DESIGN_SOBOL, .seed = seed};
    for (size_t i = 0; i < g->d; i++) {
        if (k < CANDIDATES)
            u[i] = coley_design_coordinate(&design, k, i);
        else
            u[i] = coley_fold(best[i] + 0.2 * pow(0.02, (double)(k - CANDIDATES) / NEAR) *
                                            coley_rng_normal(seed, COLEY_STREAM_SEARCH, k, i));
    }
}

coley_status coley_bayes_next(coley_arena *arena, size_t n, size_t d, const double *known, const coley_axis *axis,
                              const double *y, uint64_t seed, int warm, coley_gaussian *g, double *x, int *found,
                              coley_error *err)
{
    const coley_gaussian before = *g;
    double top[COLEY_GAUSSIAN_AXES] = {0}, u[COLEY_GAUSSIAN_AXES], value, least = INFINITY;
    const uint64_t key = seed + UINT64_C(0x9e3779b97f4a7c15) * (n + 1);
    COLEY_TRY(
        coley_gaussian_fit(arena, n, d, known, axis, y, warm ? EFFORT_WARM : EFFORT, warm ? &before : NULL, g, err));
    const size_t best = coley_bayes_best(g);
    promise p = {g, coley_gaussian_at(g, known + best * d, NULL)};
    *found = 0;
    for (size_t k = 0; k < CANDIDATES + NEAR; k++) {
        candidate(g, k, known + best * d, key, u);
        value = minus_promise(&p, u);
        if (!(value < least)) continue;
        least = value;
        memcpy(top, u, d * sizeof *u);
        *found = 1;
    }
    if (!*found) return COLEY_OK;
    COLEY_TRY(coley_cmaes_minimise(minus_promise, &p, d, top, 0.05, POLISH, key, &value, err));
    settle(g, top, x);
    return COLEY_OK;
}
