/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sensitivity.c -- see sensitivity.h. */
#include "math/sensitivity.h"

#include <math.h>

#include "base/rng.h"
#include "math/design.h"
#include "math/quantile.h"

enum { REPLICATES = 400, LEVELS = 4 };

/* The step along a path, in whole levels: p/2 of p - 1. */
static const double stride = 2.0 / 3.0;

static size_t row_length(const coley_sensitivity_plan *plan)
{
    return plan->d + (plan->kind == COLEY_SENSITIVITY_SOBOL ? 2 : 1);
}

size_t coley_sensitivity_points(const coley_sensitivity_plan *plan)
{
    return plan->rows * row_length(plan);
}

/* --- points ----------------------------------------------------------------------------------------------------------
 */

/* Of a row: A, then A with column i of B, then B. */
static void sobol_point(const coley_sensitivity_plan *plan, size_t row, size_t at, double *x)
{
    const coley_design design = {.kind = COLEY_DESIGN_SOBOL, .seed = plan->seed};
    for (size_t i = 0; i < plan->d; i++)
        x[i] = coley_design_coordinate(&design, row, at == plan->d + 1 || at == i + 1 ? plan->d + i : i);
}

static double luck(const coley_sensitivity_plan *plan, size_t row, size_t k)
{
    return coley_rng_uniform(plan->seed, COLEY_STREAM_SEARCH, row, k);
}

/* The input that moves in step j of a path: the j-th by a random key of each. */
static size_t mover(const coley_sensitivity_plan *plan, size_t row, size_t j)
{
    for (size_t i = 0; i < plan->d; i++) {
        size_t before = 0;
        const double own = luck(plan, row, plan->d + i);
        for (size_t k = 0; k < plan->d; k++) {
            const double other = luck(plan, row, plan->d + k);
            before += other < own || (other == own && k < i);
        }
        if (before == j) return i;
    }
    return 0;
}

/* Each input starts on a level from which one way stays inside, and moves when its turn has come. */
static void morris_point(const coley_sensitivity_plan *plan, size_t row, size_t at, double *x)
{
    for (size_t i = 0; i < plan->d; i++) x[i] = floor(luck(plan, row, i) * LEVELS) / (LEVELS - 1);
    for (size_t j = 0; j < at; j++) {
        const size_t i = mover(plan, row, j);
        x[i] += x[i] < 0.5 ? stride : -stride;
    }
}

void coley_sensitivity_point(const coley_sensitivity_plan *plan, size_t k, double *x)
{
    const size_t row = k / row_length(plan), at = k % row_length(plan);
    if (plan->kind == COLEY_SENSITIVITY_SOBOL)
        sobol_point(plan, row, at, x);
    else
        morris_point(plan, row, at, x);
}

/* --- indices ---------------------------------------------------------------------------------------------------------
 */

/* Weight of a row in replicate b; in replicate 0 all count the same. */
static double weight(const coley_sensitivity_plan *plan, size_t row, size_t b)
{
    return b ? -log(coley_rng_uniform(plan->seed, COLEY_STREAM_REPLICATE, row, b)) : 1.0;
}

/* First and total shares of input i, one pass over the rows for the mean and one for the rest. */
static void shares(const coley_sensitivity_plan *plan, const double *w, const double *y, size_t i, double *first,
                   double *total)
{
    const size_t n = row_length(plan);
    double all = 0, mean = 0, variance = 0, together = 0, apart = 0;
    for (size_t r = 0; r < plan->rows; r++) {
        all += w[r];
        mean += w[r] * 0.5 * (y[r * n] + y[r * n + n - 1]);
    }
    mean /= all;
    for (size_t r = 0; r < plan->rows; r++) {
        const double a = y[r * n] - mean, b = y[r * n + n - 1] - mean, ab = y[r * n + 1 + i] - mean;
        variance += w[r] * 0.5 * (a * a + b * b);
        together += w[r] * b * (ab - a);
        apart += w[r] * 0.5 * (a - ab) * (a - ab);
    }
    *first = variance > 0 ? together / variance : NAN;
    *total = variance > 0 ? apart / variance : NAN;
}

/* Mean, mean size and standard deviation of the elementary effects of input i. */
static void effects(const coley_sensitivity_plan *plan, const double *w, const size_t *step, const double *y,
                    double *mean, double *size, double *deviation)
{
    const size_t n = row_length(plan);
    double all = 0, squares = 0, weights = 0;
    *mean = *size = 0;
    for (size_t r = 0; r < plan->rows; r++) {
        const size_t j = step[r] >> 1;
        const double sign = step[r] & 1 ? 1.0 : -1.0;
        const double effect = sign * (y[r * n + j + 1] - y[r * n + j]) / stride;
        all += w[r];
        weights += w[r] * w[r];
        *mean += w[r] * effect;
        *size += w[r] * fabs(effect);
        squares += w[r] * effect * effect;
    }
    *mean /= all;
    *size /= all;
    const double left = 1.0 - weights / (all * all); /* (n - 1) / n with equal weights */
    *deviation = left > 0 ? sqrt(fmax(squares / all - *mean * *mean, 0.0) / left) : NAN;
}

/* In which step of each path input i moves, and whether up: 2 j + up. */
static void find_steps(const coley_sensitivity_plan *plan, size_t i, size_t *step)
{
    for (size_t r = 0; r < plan->rows; r++)
        for (size_t j = 0; j < plan->d; j++)
            if (mover(plan, r, j) == i) step[r] = j << 1 | (floor(luck(plan, r, i) * LEVELS) / (LEVELS - 1) < 0.5);
}

static coley_interval ends(double *x)
{
    static const double p[] = {0.025, 0.975};
    double q[2];
    for (size_t b = 0; b < REPLICATES; b++)
        if (isnan(x[b])) return (coley_interval){NAN, NAN};
    coley_quantiles(x, REPLICATES, p, 2, q);
    return (coley_interval){q[0], q[1]};
}

static void index_of(const coley_sensitivity_plan *plan, const double *w, size_t *step, const double *y, size_t i,
                     coley_sensitivity *out)
{
    double drawn[3][REPLICATES], value[3] = {NAN, NAN, NAN};
    const int sobol = plan->kind == COLEY_SENSITIVITY_SOBOL;
    coley_sensitivity_index *const to[3] = {sobol ? &out->first : &out->mean, sobol ? &out->total : &out->size,
                                            &out->deviation};
    if (!sobol) find_steps(plan, i, step);
    for (size_t b = 0; b <= REPLICATES; b++) {
        const double *wb = w + b * plan->rows;
        if (sobol)
            shares(plan, wb, y, i, &value[0], &value[1]);
        else
            effects(plan, wb, step, y, &value[0], &value[1], &value[2]);
        for (int k = 0; k < (sobol ? 2 : 3); k++) {
            if (b)
                drawn[k][b - 1] = value[k];
            else
                to[k]->value = value[k];
        }
    }
    for (int k = 0; k < (sobol ? 2 : 3); k++) to[k]->interval = ends(drawn[k]);
}

coley_status coley_sensitivity_of(const coley_sensitivity_plan *plan, const double *y, coley_sensitivity *index,
                                  coley_error *err)
{
    if (plan->rows < 2) return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu rows; at least 2 are needed", plan->rows);
    coley_arena *arena = coley_arena_create();
    double *w = arena ? COLEY_NEW(arena, double, (REPLICATES + 1) * plan->rows) : NULL;
    size_t *step = arena ? COLEY_NEW(arena, size_t, plan->rows) : NULL;
    const coley_status status = w && step ? COLEY_OK : COLEY_FAIL_MEMORY(err);
    for (size_t b = 0; status == COLEY_OK && b <= REPLICATES; b++)
        for (size_t r = 0; r < plan->rows; r++) w[b * plan->rows + r] = weight(plan, r, b);
    for (size_t i = 0; status == COLEY_OK && i < plan->d; i++) index_of(plan, w, step, y, i, &index[i]);
    coley_arena_destroy(arena);
    return status;
}
