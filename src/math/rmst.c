/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rmst.c -- areas under steps. */
#include "math/rmst.h"

#include <assert.h>
#include <math.h>

#include "math/normal.h"

coley_rmst coley_rmst_of(const coley_km *km, double tau, double level)
{
    assert(tau > 0.0);
    coley_rmst r = {.tau = tau};
    double variance = 0.0, area = 0.0, until = tau;
    size_t i = km->n;
    r.beyond = !km->n || (tau > km->time[km->n - 1] && km->survival[km->n - 1] > 0.0);
    /* From tau back to 0: `area` is what lies between the time of entry i and tau. */
    while (i-- > 0) {
        if (km->time[i] >= tau) continue;
        area += km->survival[i] * (until - km->time[i]);
        until = km->time[i];
        const double n = (double)km->at_risk[i], d = (double)km->n_events[i];
        if (d > 0.0 && n > d) variance += area * area * d / (n * (n - d));
    }
    r.mean = area + until;
    r.standard_error = sqrt(variance);
    const double wide = -coley_normal_quantile(0.5 * (1.0 - level)) * r.standard_error;
    r.interval = (coley_interval){fmax(0.0, r.mean - wide), fmin(tau, r.mean + wide)};
    return r;
}

double coley_rmst_longest(const coley_km *km, size_t n)
{
    double longest = INFINITY;
    for (size_t i = 0; i < n; i++)
        if (km[i].n) longest = fmin(longest, km[i].time[km[i].n - 1]);
    return longest;
}

coley_rmst_contrast coley_rmst_compare(coley_rmst a, coley_rmst b, double level)
{
    const double z = -coley_normal_quantile(0.5 * (1.0 - level));
    coley_rmst_contrast c = {.difference = b.mean - a.mean,
                             .standard_error = hypot(a.standard_error, b.standard_error),
                             .ratio = b.mean / a.mean};
    c.z = c.difference / c.standard_error;
    c.p = c.standard_error > 0.0 ? 2.0 * coley_normal_cdf(-fabs(c.z)) : c.difference == 0.0 ? 1.0 : 0.0;
    if (!(c.standard_error > 0.0)) c.z = NAN;
    c.difference_interval = (coley_interval){c.difference - z * c.standard_error, c.difference + z * c.standard_error};
    const double log_error = hypot(a.standard_error / a.mean, b.standard_error / b.mean);
    c.ratio_interval = a.mean > 0.0 && b.mean > 0.0
                           ? (coley_interval){c.ratio * exp(-z * log_error), c.ratio * exp(z * log_error)}
                           : (coley_interval){NAN, NAN};
    return c;
}
