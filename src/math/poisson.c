/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poisson.c -- incomplete gamma and beta functions by series and continued fraction, quantiles by bisection. */
#include "math/poisson.h"

#include <assert.h>
#include <float.h>
#include <math.h>

enum { MAX_TERMS = 100000 };

static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

/* x^a e^-x / Gamma(a + 1) sum x^n / ((a + 1) ... (a + n)), for x < a + 1 */
static double gamma_series(double a, double x)
{
    double term = 1, sum = 1;
    for (int n = 1; n < MAX_TERMS && term > sum * DBL_EPSILON * 0.1; n++) sum += term *= x / (a + n);
    return sum * exp(a * log(x) - x - log_gamma(a + 1));
}

/* 1 - P by Lentz's continued fraction, for x >= a + 1 */
static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1 / DBL_MIN, d = 1 / b, h = d;
    for (int i = 1; i < MAX_TERMS; i++) {
        const double an = -i * (i - a);
        b += 2;
        d = an * d + b;
        c = b + an / c;
        if (fabs(d) < DBL_MIN) d = DBL_MIN;
        if (fabs(c) < DBL_MIN) c = DBL_MIN;
        d = 1 / d;
        const double step = d * c;
        h *= step;
        if (fabs(step - 1) < 4 * DBL_EPSILON) break;
    }
    return h * exp(a * log(x) - x - log_gamma(a));
}

double coley_gamma_p(double a, double x)
{
    assert(a > 0);
    if (!(x > 0)) return 0;
    return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}

static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    if (fabs(d) < DBL_MIN) d = DBL_MIN;
    d = 1 / d;
    double h = d;
    for (int m = 1; m < MAX_TERMS; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        for (int half = 0; half < 2; half++) {
            const double an = half ? odd : even;
            d = 1 + an * d;
            c = 1 + an / c;
            if (fabs(d) < DBL_MIN) d = DBL_MIN;
            if (fabs(c) < DBL_MIN) c = DBL_MIN;
            d = 1 / d;
            h *= d * c;
        }
        if (fabs(d * c - 1) < 4 * DBL_EPSILON) break;
    }
    return h;
}

double coley_beta_i(double a, double b, double x)
{
    assert(a > 0 && b > 0);
    if (!(x > 0)) return 0;
    if (x >= 1) return 1;
    const double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* The x in [low, high] at which a growing function of it is p. */
static double gamma_quantile(double a, double p)
{
    double low = 0, high = a + 10 * sqrt(a) + 20;
    while (coley_gamma_p(a, high) < p) high *= 2;
    for (int i = 0; i < 200 && high - low > 2 * DBL_EPSILON * high; i++) {
        const double middle = 0.5 * (low + high);
        *(coley_gamma_p(a, middle) < p ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}

static double beta_quantile(double a, double b, double p)
{
    double low = 0, high = 1;
    for (int i = 0; i < 200 && high - low > 2 * DBL_EPSILON * high; i++) {
        const double middle = 0.5 * (low + high);
        *(coley_beta_i(a, b, middle) < p ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}

coley_interval coley_poisson_interval(double k, double level)
{
    assert(k >= 0 && level > 0 && level < 1);
    const double tail = 0.5 * (1 - level);
    return (coley_interval){k > 0 ? gamma_quantile(k, tail) : 0, gamma_quantile(k + 1, 1 - tail)};
}

coley_interval coley_binomial_interval(double k, double n, double level)
{
    assert(k >= 0 && k <= n && level > 0 && level < 1);
    const double tail = 0.5 * (1 - level);
    return (coley_interval){k > 0 ? beta_quantile(k, n - k + 1, tail) : 0,
                            k < n ? beta_quantile(k + 1, n - k, 1 - tail) : 1};
}

double coley_poisson_below(double k, double mean)
{
    return mean > 0 ? 1 - coley_gamma_p(floor(k) + 1, mean) : 1;
}
