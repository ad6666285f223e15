/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multinormal.c -- separation of variables (Genz A. Numerical computation of multivariate normal probabilities. J
 * Comput Graph Stat 1992; 1:141). X = L Y with Y independent; numbers that follow from others bound the last Y that
 * they contain. The cube is filled by Richtmyer's lattice, fractions of i sqrt(prime), folded into a tent so that the
 * integrand is periodic. What lies outside is cut by the first number that leaves the box, so that tails keep their
 * digits. */
#include "math/multinormal.h"

#include <assert.h>
#include <math.h>

#include "math/normal.h"

enum { MOST = COLEY_MULTINORMAL_MOST, POINTS = 10007 };
#define NO_VARIANCE 1e-9

static const double prime_root[MOST] = {1.4142135623730951, 1.7320508075688772, 2.2360679774997898, 2.6457513110645907,
                                        3.3166247903554,    3.6055512754639891, 4.1231056256176606, 4.3588989435406740};

/* Rows of L in the order of the numbers; row k bounds Y[last[k]]. rank: how many Y there are. */
typedef struct root {
    size_t n, rank;
    double l[MOST][MOST], low[MOST], high[MOST];
    size_t last[MOST];
} root;

/* order[n]: which number is which row. */
static void take_root(root *r, const double *correlation, size_t stride, const size_t *order, size_t n)
{
    size_t pivot[MOST]; /* the row with which Y[c] came in */
    r->n = n;
    r->rank = 0;
    for (size_t i = 0; i < n; i++) {
        double left = correlation[order[i] * stride + order[i]];
        for (size_t c = 0; c < r->rank; c++) {
            double sum = correlation[order[i] * stride + order[pivot[c]]];
            for (size_t k = 0; k < c; k++) sum -= r->l[i][k] * r->l[pivot[c]][k];
            r->l[i][c] = sum / r->l[pivot[c]][c];
            left -= r->l[i][c] * r->l[i][c];
        }
        if (left > NO_VARIANCE) {
            r->l[i][r->rank] = sqrt(left);
            r->last[i] = r->rank;
            pivot[r->rank++] = i;
            continue;
        }
        r->last[i] = 0;
        for (size_t c = 0; c < r->rank; c++)
            if (fabs(r->l[i][c]) > 1e-6) r->last[i] = c;
    }
}

/* The range of Y[c] given the Y before: where it starts and how wide it is as a uniform number; mirrored in the upper
 * half, where the distribution function has no digits left. */
typedef struct range {
    double start, width;
    int mirrored;
} range;

static range range_of(const root *r, size_t c, const double *y)
{
    double low = -INFINITY, high = INFINITY;
    for (size_t k = 0; k < r->n; k++) {
        if (r->last[k] != c) continue;
        double given = 0.0;
        for (size_t j = 0; j < c; j++) given += r->l[k][j] * y[j];
        const double a = (r->low[k] - given) / r->l[k][c], b = (r->high[k] - given) / r->l[k][c];
        low = fmax(low, fmin(a, b));
        high = fmin(high, fmax(a, b));
    }
    if (!(low < high)) return (range){0.0, 0.0, 0};
    const int mirrored = low > 0.0;
    const double start = coley_normal_cdf(mirrored ? -high : low);
    return (range){start, coley_normal_cdf(mirrored ? -low : high) - start, mirrored};
}

static double value_at(range g, double u)
{
    const double z = coley_normal_quantile(fmin(fmax(g.start + u * g.width, 1e-300), 1.0 - 1e-16));
    return g.mirrored ? -z : z;
}

static double integral(const root *r)
{
    double y[MOST] = {0}, sum = 0.0;
    const range first = range_of(r, 0, y);
    if (r->rank == 1 || first.width == 0.0) return first.width;
    for (int i = 1; i <= POINTS; i++) {
        range g = first;
        double product = g.width;
        for (size_t c = 1; c < r->rank && product > 0.0; c++) {
            y[c - 1] = value_at(g, fabs(2.0 * fmod(i * prime_root[c - 1], 1.0) - 1.0));
            g = range_of(r, c, y);
            product *= g.width;
        }
        sum += product;
    }
    return sum / POINTS;
}

double coley_multinormal_box(const double *correlation, size_t n, const double *low, const double *high)
{
    assert(n >= 1 && n <= MOST);
    size_t order[MOST];
    root r;
    for (size_t k = 0; k < n; k++) order[k] = k, r.low[k] = low[k], r.high[k] = high[k];
    take_root(&r, correlation, n, order, n);
    return integral(&r);
}

double coley_multinormal_outside(const double *correlation, size_t n, double below, double above)
{
    assert(n >= 1 && n <= MOST);
    double sum = 0.0;
    if (!(-below < above)) return 1.0;
    for (size_t first = 0; first < n; first++) {
        size_t order[MOST];
        root r;
        for (size_t k = 0; k < first; k++) order[k + 1] = k, r.low[k + 1] = -below, r.high[k + 1] = above;
        order[0] = first;
        take_root(&r, correlation, n, order, first + 1);
        r.low[0] = -INFINITY, r.high[0] = -below;
        if (isfinite(below)) sum += integral(&r);
        r.low[0] = above, r.high[0] = INFINITY;
        if (isfinite(above)) sum += integral(&r);
    }
    return fmin(sum, 1.0);
}
