/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaussian.c -- see gaussian.h. */
#include "math/gaussian.h"

#include <math.h>
#include <string.h>

#include "math/cmaes.h"
#include "math/dense.h"

/* Priors of the logarithms: lengths around half of the cube, noise around a thousandth of v. Weak. */
static const double usual_length = 0.5, spread_length = 1.0, usual_noise = 1e-3, spread_noise = 3.0;
/* Ends of what is tried. */
static const double shortest = 0.02, longest = 20.0, least_noise = 1e-8, most_noise = 10.0;

double coley_axis_place(coley_axis axis, double u)
{
    if (!axis.steps) return fmin(fmax(u, 0.0), 1.0);
    const double k = floor(fmin(fmax(u, 0.0), 1.0 - 1e-12) * (double)axis.steps);
    return (k + 0.5) / (double)axis.steps;
}

double coley_gaussian_correlation(const coley_gaussian *g, const double *a, const double *b)
{
    double square = 0.0;
    for (size_t i = 0; i < g->d; i++) {
        const double step = g->axis[i].category ? (double)(fabs(a[i] - b[i]) > 1e-9) : a[i] - b[i];
        square += step * step / (g->length[i] * g->length[i]);
    }
    const double s = sqrt(5.0 * square);
    return (1.0 + s + s * s / 3.0) * exp(-s);
}

void coley_gaussian_row(const coley_gaussian *g, const double *x, double *row)
{
    for (size_t i = 0; i < g->n; i++) row[i] = coley_gaussian_correlation(g, x, g->x + i * g->d);
}

double coley_gaussian_pull(const coley_gaussian *g, const double *y, double *pull)
{
    double up = 0.0, down = 0.0;
    for (size_t i = 0; i < g->n; i++) pull[i] = 1.0;
    coley_dense_solve(g->root, g->n, pull, pull);
    for (size_t i = 0; i < g->n; i++) {
        up += pull[i] * y[i];
        down += pull[i];
    }
    const double mean = up / down;
    for (size_t i = 0; i < g->n; i++) pull[i] = y[i] - mean;
    coley_dense_solve(g->root, g->n, pull, pull);
    return mean;
}

/* Everything that follows from lengths and noise; minus the logarithm of the likelihood, infinite where there is none.
 */
static double complete(coley_gaussian *g, const double *y)
{
    const size_t n = g->n;
    double form = 0.0, half = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double c = coley_gaussian_correlation(g, g->x + i * g->d, g->x + j * g->d);
            g->root[i * n + j] = g->root[j * n + i] = c + (i == j ? g->noise : 0.0);
        }
    if (coley_dense_root(g->root, n, 1e-13) < n) return INFINITY;
    g->mean = coley_gaussian_pull(g, y, g->pull);
    for (size_t i = 0; i < n; i++) {
        form += (y[i] - g->mean) * g->pull[i];
        half += log(g->root[i * n + i]);
    }
    g->variance = fmax(form / (double)n, 1e-300);
    return 0.5 * (double)n * log(g->variance) + half;
}

typedef struct fitting {
    coley_gaussian *g;
    const double *y;
} fitting;

static double clamped(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

static void take(coley_gaussian *g, const double *theta)
{
    for (size_t i = 0; i < g->d; i++) g->length[i] = clamped(exp(theta[i]), shortest, longest);
    g->noise = clamped(exp(theta[g->d]), least_noise, most_noise);
}

static double misfit(void *self, const double *theta)
{
    const fitting *f = self;
    double prior = 0.0;
    for (size_t i = 0; i < f->g->d; i++) prior += pow((theta[i] - log(usual_length)) / spread_length, 2.0);
    prior += pow((theta[f->g->d] - log(usual_noise)) / spread_noise, 2.0);
    take(f->g, theta);
    return complete(f->g, f->y) + 0.5 * prior;
}

coley_status coley_gaussian_fit(coley_arena *arena, size_t n, size_t d, const double *x, const coley_axis *axis,
                                const double *y, size_t effort, const coley_gaussian *before, coley_gaussian *g,
                                coley_error *err)
{
    double theta[COLEY_GAUSSIAN_AXES + 1], least;
    if (n < 2 || n > COLEY_GAUSSIAN_POINTS || d < 1 || d > COLEY_GAUSSIAN_AXES)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu points on %zu axes: 2 to %d points on at most %d", n, d,
                          COLEY_GAUSSIAN_POINTS, COLEY_GAUSSIAN_AXES);
    for (size_t i = 0; i < d; i++) theta[i] = log(before ? before->length[i] : usual_length);
    theta[d] = log(before ? before->noise : usual_noise);
    *g = (coley_gaussian){.n = n, .d = d, .x = x, .axis = axis};
    g->root = COLEY_NEW(arena, double, n *n);
    g->pull = COLEY_NEW(arena, double, n);
    g->work = COLEY_NEW(arena, double, n);
    if (!g->root || !g->pull || !g->work) return COLEY_FAIL_MEMORY(err);
    double low = y[0], high = y[0];
    for (size_t i = 1; i < n; i++) {
        low = fmin(low, y[i]);
        high = fmax(high, y[i]);
    }
    fitting f = {g, y};
    if (high > low) COLEY_TRY(coley_cmaes_minimise(misfit, &f, d + 1, theta, 0.7, effort, 1, &least, err));
    take(g, theta);
    while (!isfinite(complete(g, y))) {
        if (g->noise >= most_noise) return COLEY_FAIL(err, COLEY_ERR_DIVERGED, "the points do not hold a surface");
        g->noise *= 10.0;
    }
    return COLEY_OK;
}

double coley_gaussian_at(const coley_gaussian *g, const double *x, double *deviation)
{
    double value = g->mean;
    coley_gaussian_row(g, x, g->work);
    for (size_t i = 0; i < g->n; i++) value += g->work[i] * g->pull[i];
    if (deviation) {
        double left = 1.0;
        /* Forward through the root: |L^-1 k|^2. */
        for (size_t i = 0; i < g->n; i++) {
            double sum = g->work[i];
            for (size_t k = 0; k < i; k++) sum -= g->root[i * g->n + k] * g->work[k];
            g->work[i] = sum / g->root[i * g->n + i];
            left -= g->work[i] * g->work[i];
        }
        *deviation = sqrt(fmax(left, 0.0) * g->variance);
    }
    return value;
}
