/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmaes.c -- see cmaes.h; symbols and constants are those of Hansen's tutorial, table 1. */
#include "math/cmaes.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "math/eigen.h"

double coley_fold(double x)
{
    const double t = fmod(fabs(x), 2.0);
    return t > 1.0 ? 2.0 - t : t;
}

static void set_constants(coley_cmaes *s)
{
    const double n = (double)s->n;
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < s->mu; i++)
        sum += s->weight[i] = log(0.5 * ((double)s->lambda + 1.0)) - log((double)i + 1.0);
    for (size_t i = 0; i < s->mu; i++) {
        s->weight[i] /= sum;
        squares += s->weight[i] * s->weight[i];
    }
    s->mu_eff = 1.0 / squares;
    s->c_step = (s->mu_eff + 2.0) / (n + s->mu_eff + 5.0);
    s->d_step = 1.0 + 2.0 * fmax(0.0, sqrt((s->mu_eff - 1.0) / (n + 1.0)) - 1.0) + s->c_step;
    s->c_path = (4.0 + s->mu_eff / n) / (n + 4.0 + 2.0 * s->mu_eff / n);
    s->c_one = 2.0 / ((n + 1.3) * (n + 1.3) + s->mu_eff);
    s->c_mu = fmin(1.0 - s->c_one, 2.0 * (s->mu_eff - 2.0 + 1.0 / s->mu_eff) / ((n + 2.0) * (n + 2.0) + s->mu_eff));
    s->chi = sqrt(n) * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));
}

coley_status coley_cmaes_init(coley_arena *arena, size_t n, const double *start, double step, size_t lambda,
                              uint64_t seed, coley_cmaes *s, coley_error *err)
{
    if (n < 1 || n > COLEY_CMAES_MOST)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu axes to search: 1 to %d are allowed", n, COLEY_CMAES_MOST);
    *s = (coley_cmaes){.n = n, .lambda = lambda ? lambda : 4 + (size_t)(3.0 * log((double)n)), .seed = seed};
    s->step = step;
    s->mu = s->lambda / 2;
    s->mean = COLEY_NEW(arena, double, n);
    s->covariance = COLEY_NEW(arena, double, n *n);
    s->axes = COLEY_NEW(arena, double, n *n);
    s->scale = COLEY_NEW(arena, double, n);
    s->path = COLEY_NEW(arena, double, n);
    s->path_step = COLEY_NEW(arena, double, n);
    s->weight = COLEY_NEW(arena, double, s->mu);
    s->work = COLEY_NEW(arena, double, n *n + 3 * n + s->lambda);
    s->order = COLEY_NEW(arena, size_t, s->lambda);
    if (!s->mean || !s->covariance || !s->axes || !s->scale || !s->path || !s->path_step || !s->weight || !s->work ||
        !s->order)
        return COLEY_FAIL_MEMORY(err);
    memcpy(s->mean, start, n * sizeof *start);
    for (size_t i = 0; i < n; i++) s->covariance[i * n + i] = s->axes[i * n + i] = s->scale[i] = 1.0;
    set_constants(s);
    return COLEY_OK;
}

void coley_cmaes_ask(const coley_cmaes *s, double *x)
{
    const size_t n = s->n;
    for (size_t k = 0; k < s->lambda; k++) {
        double *point = x + k * n;
        memcpy(point, s->mean, n * sizeof *point);
        for (size_t j = 0; j < n; j++) {
            const double z = coley_rng_normal(s->seed, COLEY_STREAM_SEARCH, s->generation * s->lambda + k, j);
            for (size_t i = 0; i < n; i++) point[i] += s->step * s->axes[i * n + j] * s->scale[j] * z;
        }
    }
}

/* By value, the less the better; what is no number comes last; equal ones stay in their order. */
static void sort_points(coley_cmaes *s, const double *f)
{
    for (size_t k = 0; k < s->lambda; k++) {
        size_t at = k;
        const double value = isnan(f[k]) ? INFINITY : f[k];
        for (; at && (isnan(f[s->order[at - 1]]) ? INFINITY : f[s->order[at - 1]]) > value; at--)
            s->order[at] = s->order[at - 1];
        s->order[at] = k;
    }
}

/* y = C^(-1/2) of a move of the mean. */
static void whiten(const coley_cmaes *s, const double *move, double *y)
{
    const size_t n = s->n;
    memset(y, 0, n * sizeof *y);
    for (size_t j = 0; j < n; j++) {
        double along = 0.0;
        for (size_t i = 0; i < n; i++) along += s->axes[i * n + j] * move[i];
        for (size_t i = 0; i < n; i++) y[i] += s->axes[i * n + j] * along / s->scale[j];
    }
}

static void adapt_covariance(coley_cmaes *s, const double *x, const double *old, int steady)
{
    const size_t n = s->n;
    const double lost = (1.0 - (double)steady) * s->c_path * (2.0 - s->c_path);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double rank_mu = 0.0;
            for (size_t k = 0; k < s->mu; k++) {
                const double *point = x + s->order[k] * n;
                rank_mu += s->weight[k] * (point[i] - old[i]) * (point[j] - old[j]) / (s->step * s->step);
            }
            double *c = &s->covariance[i * n + j];
            *c = (1.0 - s->c_one - s->c_mu) * *c + s->c_one * (s->path[i] * s->path[j] + lost * *c) + s->c_mu * rank_mu;
            s->covariance[j * n + i] = *c;
        }
}

void coley_cmaes_tell(coley_cmaes *s, const double *x, const double *f)
{
    const size_t n = s->n;
    double *const old = s->work, *const move = old + n, *const white = move + n, *const matrix = white + n;
    memcpy(old, s->mean, n * sizeof *old);
    sort_points(s, f);
    s->generation++;
    for (size_t i = 0; i < n; i++) {
        s->mean[i] = 0.0;
        for (size_t k = 0; k < s->mu; k++) s->mean[i] += s->weight[k] * x[s->order[k] * n + i];
        move[i] = (s->mean[i] - old[i]) / s->step;
    }
    whiten(s, move, white);
    double length = 0.0;
    for (size_t i = 0; i < n; i++) {
        s->path_step[i] =
            (1.0 - s->c_step) * s->path_step[i] + sqrt(s->c_step * (2.0 - s->c_step) * s->mu_eff) * white[i];
        length += s->path_step[i] * s->path_step[i];
    }
    length = sqrt(length);
    const double settled = sqrt(1.0 - pow(1.0 - s->c_step, 2.0 * (double)s->generation));
    const int steady = length / settled < (1.4 + 2.0 / ((double)n + 1.0)) * s->chi;
    for (size_t i = 0; i < n; i++)
        s->path[i] =
            (1.0 - s->c_path) * s->path[i] + steady * sqrt(s->c_path * (2.0 - s->c_path) * s->mu_eff) * move[i];
    adapt_covariance(s, x, old, steady);
    s->step *= exp(fmin(1.0, s->c_step / s->d_step * (length / s->chi - 1.0)));
    memcpy(matrix, s->covariance, n * n * sizeof *matrix);
    coley_eigen(matrix, n, s->scale, s->axes);
    for (size_t i = 0; i < n; i++) s->scale[i] = sqrt(fmax(s->scale[i], 1e-30));
}

coley_status coley_cmaes_minimise(coley_objective *f, void *self, size_t n, double *x, double step, size_t evaluations,
                                  uint64_t seed, double *least, coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    coley_cmaes s;
    coley_status status = arena ? coley_cmaes_init(arena, n, x, step, 0, seed, &s, err) : COLEY_FAIL_MEMORY(err);
    if (status == COLEY_OK) {
        double *points = COLEY_NEW(arena, double, s.lambda *n), *value = COLEY_NEW(arena, double, s.lambda);
        if (!points || !value) status = COLEY_FAIL_MEMORY(err);
        *least = f(self, x);
        for (size_t done = 1; status == COLEY_OK && done < evaluations; done += s.lambda) {
            coley_cmaes_ask(&s, points);
            for (size_t k = 0; k < s.lambda; k++) {
                value[k] = f(self, points + k * n);
                if (!(value[k] < *least)) continue;
                *least = value[k];
                memcpy(x, points + k * n, n * sizeof *x);
            }
            coley_cmaes_tell(&s, points, value);
            if (s.step < 1e-14) break;
        }
    }
    coley_arena_destroy(arena);
    return status;
}
