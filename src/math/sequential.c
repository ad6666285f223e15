/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sequential.c -- the density of Z among trials that go on is carried from look to look by numerical integration
 * (Armitage, McPherson, Rowe, J R Stat Soc A 1969; 132:235) on the grid of Jennison and Turnbull (Group Sequential
 * Methods, 2000, chapter 19), Simpson's rule. With B(t) = Z sqrt t, B moves by drift dt and variance dt. */
#include "math/sequential.h"

#include <math.h>

#include "math/normal.h"

enum { R = 32, MOST_POINTS = 12 * R + 3 };

static double density(double x)
{
    return exp(-0.5 * x * x) * 0.39894228040143267794;
}

double coley_spending_at(coley_spending spending, double alpha, double t)
{
    if (!(t > 0.0)) return 0.0;
    if (t >= 1.0) return alpha;
    switch (spending.kind) {
    case COLEY_SPENDING_OBRIEN_FLEMING:
        return 2.0 * coley_normal_cdf(coley_normal_quantile(0.5 * alpha) / sqrt(t));
    case COLEY_SPENDING_POCOCK:
        return alpha * log1p((M_E - 1.0) * t);
    case COLEY_SPENDING_POWER:
        return alpha * pow(t, spending.value);
    case COLEY_SPENDING_HWANG:
        break;
    }
    return spending.value == 0.0 ? alpha * t : alpha * expm1(-spending.value * t) / expm1(-spending.value);
}

/* Weighted density of Z at a look on its grid. */
typedef struct grid {
    size_t n;
    double z[MOST_POINTS], mass[MOST_POINTS];
} grid;

/* Points from `low`, which may be -infinity, to `bound`, dense around the mean, with Simpson's weights in `mass`. */
static void lay(grid *g, double mean, double low, double bound)
{
    double x[6 * R + 1];
    size_t n = 0;
    if (isfinite(low)) x[n++] = fmin(low, bound - 1e-9);
    for (int i = 1; i < 6 * R; i++) {
        const double at = i < R        ? -3.0 - 4.0 * log((double)R / i)
                          : i <= 5 * R ? -3.0 + 3.0 * (i - R) / (2.0 * R)
                                       : 3.0 + 4.0 * log((double)R / (6 * R - i));
        if (mean + at < bound && mean + at > low) x[n++] = mean + at;
    }
    if (!n) x[n++] = bound - 1.0;
    if (n < 6 * R - 1) x[n++] = bound;
    g->n = 2 * n - 1;
    for (size_t i = 0; i < g->n; i++) {
        g->z[i] = i % 2 ? 0.5 * (x[i / 2] + x[i / 2 + 1]) : x[i / 2];
        g->mass[i] = 0.0;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        const double width = (x[i + 1] - x[i]) / 6.0;
        g->mass[2 * i] += width;
        g->mass[2 * i + 1] += 4.0 * width;
        g->mass[2 * i + 2] += width;
    }
}

/* From the grid at t0 (t0 = 0: nobody has looked yet) to one at t, from `low` up to `bound`. */
static void carry(const grid *from, double t0, double t, double drift, double low, double bound, grid *to)
{
    lay(to, drift * sqrt(t), low, bound);
    const double dt = t - t0, root = sqrt(dt);
    for (size_t i = 0; i < to->n; i++) {
        const double b = to->z[i] * sqrt(t) - drift * dt;
        double sum = 0.0;
        if (t0 == 0.0) sum = density(b / root);
        for (size_t k = 0; t0 > 0.0 && k < from->n; k++)
            sum += from->mass[k] * density((b - from->z[k] * sqrt(t0)) / root);
        to->mass[i] *= sum * sqrt(t) / root;
    }
}

/* Chance to lie above `bound` at t, having gone on at t0. */
static double above(const grid *from, double t0, double t, double drift, double bound)
{
    const double dt = t - t0, root = sqrt(dt), b = bound * sqrt(t) - drift * dt;
    if (t0 == 0.0) return coley_normal_cdf(-b / root);
    double sum = 0.0;
    for (size_t k = 0; k < from->n; k++) sum += from->mass[k] * coley_normal_cdf((from->z[k] * sqrt(t0) - b) / root);
    return sum;
}

static coley_status check_looks(const double *t, size_t n, coley_error *err)
{
    if (n < 1 || n > COLEY_LOOKS_MOST)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu looks: 1 to %d are allowed", n, COLEY_LOOKS_MOST);
    for (size_t k = 0; k < n; k++)
        if (!(t[k] > (k ? t[k - 1] : 0.0) && t[k] <= 1.0))
            return COLEY_FAIL(err, COLEY_ERR_INPUT,
                              "look %zu: the share %g of the information; shares rise from above 0 to at most 1", k + 1,
                              t[k]);
    return COLEY_OK;
}

coley_status coley_bounds(coley_spending spending, double alpha, const double *t, size_t n, double *z, coley_error *err)
{
    grid grids[2];
    COLEY_TRY(check_looks(t, n, err));
    if (!(alpha > 0.0 && alpha < 1.0)) return COLEY_FAIL(err, COLEY_ERR_INPUT, "alpha %g: above 0 and below 1", alpha);
    if (spending.kind == COLEY_SPENDING_POWER && !(spending.value > 0.0))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the power of the spending is %g; it is above 0", spending.value);
    grids[0].n = grids[1].n = 0;
    for (size_t k = 0; k < n; k++) {
        const double t0 = k ? t[k - 1] : 0.0;
        const double spend = coley_spending_at(spending, alpha, t[k]) - coley_spending_at(spending, alpha, t0);
        const grid *const from = &grids[k % 2];
        double low = -10.0, high = 38.0;
        for (int i = 0; i < 100 && high - low > 1e-13; i++) {
            const double middle = 0.5 * (low + high);
            if (above(from, t0, t[k], 0.0, middle) > spend)
                low = middle;
            else
                high = middle;
        }
        z[k] = 0.5 * (low + high);
        carry(from, t0, t[k], 0.0, -INFINITY, z[k], &grids[(k + 1) % 2]);
    }
    return COLEY_OK;
}

coley_status coley_crossing(const double *z, const double *t, size_t n, double drift, double *cumulative,
                            coley_error *err)
{
    grid grids[2];
    COLEY_TRY(check_looks(t, n, err));
    grids[0].n = grids[1].n = 0;
    for (size_t k = 0; k < n; k++) {
        const double t0 = k ? t[k - 1] : 0.0;
        cumulative[k] = (k ? cumulative[k - 1] : 0.0) + above(&grids[k % 2], t0, t[k], drift, z[k]);
        carry(&grids[k % 2], t0, t[k], drift, -INFINITY, z[k], &grids[(k + 1) % 2]);
    }
    return COLEY_OK;
}

/* Chance to lie below `bound` at t, having gone on at t0. */
static double below(const grid *from, double t0, double t, double drift, double bound)
{
    const double dt = t - t0, root = sqrt(dt), b = bound * sqrt(t) - drift * dt;
    if (t0 == 0.0) return coley_normal_cdf(b / root);
    double sum = 0.0;
    for (size_t k = 0; k < from->n; k++) sum += from->mass[k] * coley_normal_cdf((b - from->z[k] * sqrt(t0)) / root);
    return sum;
}

/* Bounds of giving up that spend beta when the drift is that; how far the last lies above the last of winning. */
static double futile(coley_spending spending, double beta, const double *t, size_t n, const double *win, double drift,
                     double *give_up)
{
    grid grids[2];
    grids[0].n = grids[1].n = 0;
    for (size_t k = 0; k < n; k++) {
        const double t0 = k ? t[k - 1] : 0.0;
        const double spend = coley_spending_at(spending, beta, t[k]) - coley_spending_at(spending, beta, t0);
        const grid *const from = &grids[k % 2];
        double low = -38.0, high = 38.0;
        for (int i = 0; i < 100 && high - low > 1e-13; i++) {
            const double middle = 0.5 * (low + high);
            if (below(from, t0, t[k], drift, middle) < spend)
                low = middle;
            else
                high = middle;
        }
        give_up[k] = 0.5 * (low + high);
        if (k + 1 == n) break;
        give_up[k] = fmin(give_up[k], win[k]);
        carry(from, t0, t[k], drift, give_up[k], win[k], &grids[(k + 1) % 2]);
    }
    return give_up[n - 1] - win[n - 1];
}

coley_status coley_futility(coley_spending spending, double beta, const double *t, size_t n, const double *win,
                            double *give_up, double *drift, coley_error *err)
{
    COLEY_TRY(check_looks(t, n, err));
    if (!(beta > 0.0 && beta < 1.0)) return COLEY_FAIL(err, COLEY_ERR_INPUT, "beta %g: above 0 and below 1", beta);
    double low = 0.0, high = 20.0;
    for (int i = 0; i < 60 && high - low > 1e-11; i++) {
        const double middle = 0.5 * (low + high);
        if (futile(spending, beta, t, n, win, middle, give_up) < 0.0)
            low = middle;
        else
            high = middle;
    }
    *drift = 0.5 * (low + high);
    futile(spending, beta, t, n, win, *drift, give_up);
    give_up[n - 1] = win[n - 1];
    return COLEY_OK;
}

double coley_conditional_power(double z, double t, double bound, double drift)
{
    if (t >= 1.0) return z > bound ? 1.0 : 0.0;
    return coley_normal_cdf((z * sqrt(t) + drift * (1.0 - t) - bound) / sqrt(1.0 - t));
}

double coley_conditional_power_trend(double z, double t, double bound)
{
    return coley_conditional_power(z, t, bound, z / sqrt(t));
}

double coley_predictive_power(double z, double t, double bound)
{
    if (t >= 1.0) return z > bound ? 1.0 : 0.0;
    return coley_normal_cdf((z - bound * sqrt(t)) / sqrt(1.0 - t));
}
