/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/quantile.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "support/check.h"

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void a_few_quantiles_are_those_of_the_sorted_numbers(void)
{
    enum { N = 700 };
    static const double p[] = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
    double x[N], sorted[N], q[7];
    for (uint64_t seed = 1; seed <= 400; seed++) {
        const size_t n = 1 + (size_t)(seed * 7919 % N);
        for (size_t i = 0; i < n; i++) {
            const double u = coley_rng_uniform(seed, COLEY_STREAM_CARE, i, 0);
            /* spread out, many equal, rising, falling, a hill */
            x[i] = seed % 5 == 0   ? u
                   : seed % 5 == 1 ? floor(3 * u)
                   : seed % 5 == 2 ? (double)i
                   : seed % 5 == 3 ? -(double)i
                                   : (double)(i < n / 2 ? i : n - i);
            sorted[i] = x[i];
        }
        qsort(sorted, n, sizeof *sorted, by_value);
        coley_quantiles(x, n, p, 7, q);
        for (size_t k = 0; k < 7; k++) {
            const double place = p[k] * (double)(n - 1);
            const size_t low = (size_t)place;
            const double naive =
                low + 1 < n ? sorted[low] + (place - (double)low) * (sorted[low + 1] - sorted[low]) : sorted[n - 1];
            CHECK(q[k] == naive);
        }
    }
}

static void the_median_of_four_lies_between_the_middle_two(void)
{
    double x[] = {4, 1, 3, 2}, q;
    const double half = 0.5;
    coley_quantiles(x, 4, &half, 1, &q);
    CHECK_NEAR(q, 2.5, 1e-15);
}

int main(void)
{
    RUN(a_few_quantiles_are_those_of_the_sorted_numbers);
    RUN(the_median_of_four_lies_between_the_middle_two);
    return check_done();
}
