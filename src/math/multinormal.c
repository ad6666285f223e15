/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multinormal.c -- separation of variables (Genz A. Numerical computation of multivariate normal probabilities. J
 * Comput Graph Stat 1992; 1:141). X = L Y with Y independent; numbers that follow from others bound the last Y that
 * they contain. The cube is filled by Richtmyer's lattice, fractions of i sqrt(prime), folded into a tent so that the
 * integrand is periodic. */
#include "math/multinormal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "math/normal.h"

enum { MOST = COLEY_MULTINORMAL_MOST, POINTS = 10007 };
#define NO_VARIANCE 1e-9

static const double prime_root[MOST] = {1.4142135623730951, 1.7320508075688772, 2.2360679774997898, 2.6457513110645907,
                                        3.3166247903554,    3.6055512754639891, 4.1231056256176606, 4.3588989435406740};

/* Rows of L; row k bounds Y[last[k]]. rank: number of Y. */
typedef struct root {
    size_t n, rank;
    double l[MOST][MOST];
    size_t last[MOST];
} root;

static root take_root(const double *correlation, size_t n)
{
    root r = {.n = n};
    size_t pivot[MOST]; /* the row with which Y[c] came in */
    for (size_t i = 0; i < n; i++) {
        double left = correlation[i * n + i];
        for (size_t c = 0; c < r.rank; c++) {
            double sum = correlation[i * n + pivot[c]];
            for (size_t k = 0; k < c; k++) sum -= r.l[i][k] * r.l[pivot[c]][k];
            r.l[i][c] = sum / r.l[pivot[c]][c];
            left -= r.l[i][c] * r.l[i][c];
        }
        if (left > NO_VARIANCE) {
            r.l[i][r.rank] = sqrt(left);
            r.last[i] = r.rank;
            pivot[r.rank++] = i;
            continue;
        }
        for (size_t c = 0; c < r.rank; c++)
            if (fabs(r.l[i][c]) > 1e-6) r.last[i] = c;
    }
    return r;
}

/* P(low < Y[c] < high) given the Y before, as ends of the uniform number. */
static double piece(const root *r, size_t c, const double *y, double below, double above, double *start)
{
    double low = -INFINITY, high = INFINITY;
    for (size_t k = 0; k < r->n; k++) {
        if (r->last[k] != c) continue;
        double given = 0.0;
        for (size_t j = 0; j < c; j++) given += r->l[k][j] * y[j];
        const double a = (-below - given) / r->l[k][c], b = (above - given) / r->l[k][c];
        low = fmax(low, fmin(a, b));
        high = fmin(high, fmax(a, b));
    }
    *start = coley_normal_cdf(low);
    return fmax(0.0, coley_normal_cdf(high) - *start);
}

double coley_multinormal_box(const double *correlation, size_t n, double below, double above)
{
    assert(n >= 1 && n <= MOST);
    if (!(-below < above)) return 0.0;
    const root r = take_root(correlation, n);
    double y[MOST] = {0}, start, sum = 0.0;
    if (r.rank == 1) return piece(&r, 0, y, below, above, &start);
    const double first = piece(&r, 0, y, below, above, &start), first_start = start;
    for (int i = 1; i <= POINTS; i++) {
        double product = first;
        start = first_start;
        double width = first;
        for (size_t c = 1; c < r.rank && product > 0.0; c++) {
            const double u = fmod(i * prime_root[c - 1], 1.0), tent = fabs(2.0 * u - 1.0);
            const double p = start + tent * width;
            y[c - 1] = coley_normal_quantile(fmin(fmax(p, 1e-300), 1.0 - 1e-16));
            width = piece(&r, c, y, below, above, &start);
            product *= width;
        }
        sum += product;
    }
    return sum / POINTS;
}
