/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proportion.c -- Clopper's and Pearson's, Wilson's and Garwood's intervals. With alpha = 1 - level,
 *   exact:  beta quantile(alpha/2; k, n-k+1) to beta quantile(1-alpha/2; k+1, n-k)
 *   rate:   gamma quantile(alpha/2; k)/T to gamma quantile(1-alpha/2; k+1)/T */
#include "math/proportion.h"

#include <assert.h>
#include <math.h>

#include "math/normal.h"
#include "math/special.h"

coley_interval coley_proportion_exact(size_t k, size_t n, double level)
{
    assert(k <= n);
    const double half = 0.5 * (1.0 - level), a = (double)k, b = (double)(n - k);
    return (coley_interval){k ? coley_beta_quantile(a, b + 1.0, half) : 0.0,
                            k < n ? coley_beta_quantile(a + 1.0, b, 1.0 - half) : 1.0};
}

coley_interval coley_proportion_wilson(size_t k, size_t n, double level)
{
    assert(k <= n);
    if (!n) return (coley_interval){0.0, 1.0};
    const double z = -coley_normal_quantile(0.5 * (1.0 - level)), m = (double)n, p = (double)k / m;
    const double share = 1.0 + z * z / m, middle = (p + z * z / (2.0 * m)) / share;
    const double wide = z / share * sqrt(p * (1.0 - p) / m + z * z / (4.0 * m * m));
    return (coley_interval){k ? middle - wide : 0.0, k < n ? middle + wide : 1.0};
}

coley_interval coley_rate_exact(size_t k, double exposure, double level)
{
    if (!(exposure > 0.0)) return (coley_interval){0.0, INFINITY};
    const double half = 0.5 * (1.0 - level);
    return (coley_interval){k ? coley_gamma_quantile((double)k, half) / exposure : 0.0,
                            coley_gamma_quantile((double)k + 1.0, 1.0 - half) / exposure};
}

static double log_chance(size_t k, size_t n, double p)
{
    int sign;
    const double a = (double)k, m = (double)n;
    const double ways = lgamma_r(m + 1.0, &sign) - lgamma_r(a + 1.0, &sign) - lgamma_r(m - a + 1.0, &sign);
    return ways + (k ? a * log(p) : 0.0) + (k < n ? (m - a) * log1p(-p) : 0.0);
}

double coley_proportion_test(size_t k, size_t n, double p)
{
    assert(k <= n);
    const double own = log_chance(k, n, p);
    double sum = 0.0;
    for (size_t i = 0; i <= n; i++) {
        const double chance = log_chance(i, n, p);
        if (chance <= own + 1e-7) sum += exp(chance);
    }
    return fmin(sum, 1.0);
}
