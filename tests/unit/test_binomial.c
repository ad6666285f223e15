/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binomial random numbers have the distribution's probabilities, on both sides of the change of method. */
#include "math/binomial.h"
#include "support/check.h"

static double probability(int64_t n, double p, int64_t k)
{
    const double x = (double)k, m = (double)n;
    return exp(lgamma(m + 1) - lgamma(x + 1) - lgamma(m - x + 1) + x * log(p) + (m - x) * log1p(-p));
}

/* Chi-squared over the values that are frequent enough; its SD is sqrt(2 df). */
static void counts_agree_with_the_probabilities(void)
{
    static const struct {
        int64_t n;
        double p;
    } cases[] = {{5, 0.3}, {40, 0.2}, {40, 0.26}, {60, 0.9}, {1000, 0.009}, {1000, 0.4}, {3000, 0.97}};
    enum { DRAWS = 200000, MOST = 3001 };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        static int seen[MOST];
        memset(seen, 0, sizeof seen);
        for (uint64_t i = 0; i < DRAWS; i++) {
            coley_uniforms u = {.seed = 5, .stream = COLEY_STREAM_TEST, .id = i, .tick = c << 32};
            const int64_t k = coley_binomial_draw(&u, cases[c].n, cases[c].p);
            CHECK(k >= 0 && k <= cases[c].n);
            seen[k]++;
        }
        double chi2 = 0, df = -1;
        for (int64_t k = 0; k <= cases[c].n; k++) {
            const double expected = DRAWS * probability(cases[c].n, cases[c].p, k);
            if (expected < 20) continue;
            chi2 += (seen[k] - expected) * (seen[k] - expected) / expected;
            df++;
        }
        CHECK(df >= 3);
        CHECK(chi2 < df + 4 * sqrt(2 * df));
    }
}

static void large_numbers_have_the_mean_and_variance(void)
{
    double sum = 0, squares = 0;
    const double n = 4e6, p = 0.3, draws = 20000;
    for (uint64_t i = 0; i < (uint64_t)draws; i++) {
        coley_uniforms u = {.seed = 6, .stream = COLEY_STREAM_TEST, .id = i};
        const double d = (double)coley_binomial_draw(&u, (int64_t)n, p) - n * p;
        sum += d;
        squares += d * d;
    }
    const double variance = n * p * (1 - p);
    CHECK(fabs(sum / draws) < 4 * sqrt(variance / draws));
    CHECK(fabs(squares / draws / variance - 1) < 4 * sqrt(2 / draws));
}

static void the_ends_are_certain(void)
{
    coley_uniforms u = {.seed = 1, .stream = COLEY_STREAM_TEST};
    CHECK(coley_binomial_draw(&u, 0, 0.5) == 0 && coley_binomial_draw(&u, 9, 0) == 0 &&
          coley_binomial_draw(&u, 9, 1) == 9);
}

int main(void)
{
    RUN(counts_agree_with_the_probabilities);
    RUN(large_numbers_have_the_mean_and_variance);
    RUN(the_ends_are_certain);
    return check_done();
}
