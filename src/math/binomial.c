/* SPDX-License-Identifier: GPL-3.0-or-later */
/* binomial.c -- counted along the distribution where few succeed; else transformed rejection with squeeze (BTRS of
 * Hoermann 1993, J Stat Comput Simul 46:101; the decimals are that paper's). */
#include "math/binomial.h"

#include <math.h>

static double next_of(coley_uniforms *u)
{
    return coley_rng_uniform(u->seed, u->stream, u->id, u->tick++);
}

/* P(0) = q^n, P(x) = P(x - 1) ((n + 1) s / x - s), s = p / q */
static int64_t count_along(coley_uniforms *u, int64_t n, double p)
{
    const double s = p / (1 - p), a = (double)(n + 1) * s;
    double r = exp((double)n * log1p(-p)), left = next_of(u);
    int64_t x = 0;
    while (left > r && x < n) {
        left -= r;
        x++;
        r *= a / (double)x - s;
    }
    return x;
}

static double log_factorial(double k)
{
    int sign;
    return lgamma_r(k + 1, &sign);
}

static int64_t reject(coley_uniforms *uniforms, int64_t trials, double p)
{
    const double n = (double)trials, spq = sqrt(n * p * (1 - p));
    const double b = 1.15 + 2.53 * spq, a = -0.0873 + 0.0248 * b + 0.01 * p, c = n * p + 0.5;
    const double v_r = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * spq, lpq = log(p / (1 - p));
    const double m = floor((n + 1) * p), h = log_factorial(m) + log_factorial(n - m);
    for (;;) {
        const double u = next_of(uniforms) - 0.5, us = 0.5 - fabs(u);
        double v = next_of(uniforms);
        const double k = floor((2 * a / us + b) * u + c);
        if (us >= 0.07 && v <= v_r) return (int64_t)k;
        if (k < 0 || k > n) continue;
        v *= alpha / (a / (us * us) + b);
        if (log(v) <= h - log_factorial(k) - log_factorial(n - k) + (k - m) * lpq) return (int64_t)k;
    }
}

int64_t coley_binomial_draw(coley_uniforms *u, int64_t n, double p)
{
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - coley_binomial_draw(u, n, 1 - p);
    return (double)n * p < 10 ? count_along(u, n, p) : reject(u, n, p);
}
