/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poisson.c -- exact intervals of counts, from the quantiles of special.h. */
#include "math/poisson.h"

#include <assert.h>
#include <math.h>

#include "math/special.h"

coley_interval coley_poisson_interval(double k, double level)
{
    assert(k >= 0 && level > 0 && level < 1);
    const double tail = 0.5 * (1 - level);
    return (coley_interval){k > 0 ? coley_gamma_quantile(k, tail) : 0, coley_gamma_quantile(k + 1, 1 - tail)};
}

coley_interval coley_binomial_interval(double k, double n, double level)
{
    assert(k >= 0 && k <= n && level > 0 && level < 1);
    const double tail = 0.5 * (1 - level);
    return (coley_interval){k > 0 ? coley_beta_quantile(k, n - k + 1, tail) : 0,
                            k < n ? coley_beta_quantile(k + 1, n - k, 1 - tail) : 1};
}

double coley_poisson_below(double k, double mean)
{
    return mean > 0 ? coley_gamma_tail(floor(k) + 1, mean) : 1;
}
