/* SPDX-License-Identifier: GPL-3.0-or-later */
/* special.c -- the incomplete gamma function by its series and by Legendre's continued fraction, the incomplete beta
 * function by its continued fraction, both evaluated by Lentz's method (Lentz WJ. Appl Opt 1976; 15:668); quantiles by
 * Newton's method kept inside a bracket. */
#include "math/special.h"

#include <assert.h>
#include <float.h>
#include <math.h>

enum { MOST_TERMS = 100000 };
#define TINY (DBL_MIN / DBL_EPSILON)

/* lgamma writes a global sign; this one does not. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

/* P(shape, x) by the series, for x < shape + 1. */
static double gamma_series(double shape, double x)
{
    double term = 1.0 / shape, sum = term;
    for (int k = 1; k < MOST_TERMS && term > sum * (0.1 * DBL_EPSILON); k++) {
        term *= x / (shape + k);
        sum += term;
    }
    return sum * exp(shape * log(x) - x - log_gamma(shape));
}

/* Q(shape, x) by the continued fraction, for x >= shape + 1. */
static double gamma_fraction(double shape, double x)
{
    double b = x + 1.0 - shape, c = 1.0 / TINY, d = 1.0 / b, h = d;
    for (int i = 1; i < MOST_TERMS; i++) {
        const double a = -i * (i - shape);
        b += 2.0;
        d = a * d + b;
        c = b + a / c;
        if (fabs(d) < TINY) d = TINY;
        if (fabs(c) < TINY) c = TINY;
        d = 1.0 / d;
        h *= d * c;
        if (fabs(d * c - 1.0) <= DBL_EPSILON) break;
    }
    return h * exp(shape * log(x) - x - log_gamma(shape));
}

double coley_gamma_cdf(double shape, double x)
{
    if (!(shape > 0.0) || isnan(x)) return NAN;
    if (x <= 0.0) return 0.0;
    if (isinf(x)) return 1.0;
    return x < shape + 1.0 ? gamma_series(shape, x) : 1.0 - gamma_fraction(shape, x);
}

double coley_gamma_tail(double shape, double x)
{
    if (!(shape > 0.0) || isnan(x)) return NAN;
    if (x <= 0.0) return 1.0;
    if (isinf(x)) return 0.0;
    return x < shape + 1.0 ? 1.0 - gamma_series(shape, x) : gamma_fraction(shape, x);
}

double coley_chi2_tail(double df, double x)
{
    return coley_gamma_tail(0.5 * df, 0.5 * x);
}

static double beta_fraction(double a, double b, double x)
{
    double c = 1.0, d = 1.0 - (a + b) * x / (a + 1.0);
    if (fabs(d) < TINY) d = TINY;
    d = 1.0 / d;
    double h = d;
    for (int m = 1; m < MOST_TERMS; m++) {
        const double am = a + 2.0 * m;
        const double step[2] = {m * (b - m) * x / ((am - 1.0) * am), -(a + m) * (a + b + m) * x / (am * (am + 1.0))};
        for (int k = 0; k < 2; k++) {
            d = 1.0 + step[k] * d;
            c = 1.0 + step[k] / c;
            if (fabs(d) < TINY) d = TINY;
            if (fabs(c) < TINY) c = TINY;
            d = 1.0 / d;
            h *= d * c;
        }
        if (fabs(d * c - 1.0) <= DBL_EPSILON) break;
    }
    return h;
}

double coley_beta_cdf(double a, double b, double x)
{
    if (!(a > 0.0 && b > 0.0) || isnan(x)) return NAN;
    if (x <= 0.0) return 0.0;
    if (x >= 1.0) return 1.0;
    const double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1.0) / (a + b + 2.0) ? front * beta_fraction(a, b, x) / a
                                         : 1.0 - front * beta_fraction(b, a, 1.0 - x) / b;
}

double coley_student_tails(double df, double t)
{
    return coley_beta_cdf(0.5 * df, 0.5, df / (df + t * t));
}

/* Newton's method from the middle of [low, high], halving where a step leaves the bracket. */
typedef double distribution(double a, double b, double x);

static double solve(distribution *cdf, distribution *log_density, double a, double b, double p, double low, double high)
{
    double x = 0.5 * (low + high);
    for (int i = 0; i < 200; i++) {
        const double miss = cdf(a, b, x) - p;
        if (miss < 0.0)
            low = x;
        else
            high = x;
        double next = x - miss * exp(-log_density(a, b, x));
        if (!(next > low && next < high)) next = 0.5 * (low + high);
        if (fabs(next - x) <= 2.0 * DBL_EPSILON * fabs(x)) return next;
        x = next;
    }
    return x;
}

static double beta_log_density(double a, double b, double x)
{
    return log_gamma(a + b) - log_gamma(a) - log_gamma(b) + (a - 1.0) * log(x) + (b - 1.0) * log1p(-x);
}

double coley_beta_quantile(double a, double b, double p)
{
    if (!(p >= 0.0 && p <= 1.0) || !(a > 0.0 && b > 0.0)) return NAN;
    if (p == 0.0 || p == 1.0) return p;
    return solve(coley_beta_cdf, beta_log_density, a, b, p, 0.0, 1.0);
}

static double gamma_cdf_of(double shape, double unused, double x)
{
    (void)unused;
    return coley_gamma_cdf(shape, x);
}

static double gamma_log_density(double shape, double unused, double x)
{
    (void)unused;
    return (shape - 1.0) * log(x) - x - log_gamma(shape);
}

double coley_gamma_quantile(double shape, double p)
{
    if (!(p >= 0.0 && p <= 1.0) || !(shape > 0.0)) return NAN;
    if (p == 0.0) return 0.0;
    if (p == 1.0) return INFINITY;
    double high = shape + 1.0;
    while (coley_gamma_cdf(shape, high) < p) high *= 2.0;
    return solve(gamma_cdf_of, gamma_log_density, shape, 0.0, p, 0.0, high);
}
