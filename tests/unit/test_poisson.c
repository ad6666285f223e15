/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/poisson.h"
#include "math/special.h"
#include "support/check.h"

/* qgamma, binom.test, ppois, pgamma and pbeta of R 4.2.2. */
static void the_interval_of_a_count_is_that_of_R(void)
{
    static const struct {
        double k, low, high;
    } known[] = {
        {0, 0, 3.68887945411394},
        {1, 0.0253178079842899, 5.5716433909389},
        {5, 1.62348639011842, 11.6683320793227},
        {14, 7.6539302763006, 23.4896211218356},
        {102, 83.1688101937875, 123.821040609529},
        {17069, 16813.8823396893, 17327.0194590523},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const coley_interval own = coley_poisson_interval(known[i].k, 0.95);
        CHECK_NEAR(own.low, known[i].low, 1e-11);
        CHECK_NEAR(own.high, known[i].high, 1e-11);
    }
}

static void the_interval_of_a_share_is_that_of_R(void)
{
    static const struct {
        double k, n, low, high;
    } known[] = {
        {0, 10, 0, 0.308497107818761},
        {3, 10, 0.0667395111777345, 0.652452850059997},
        {10, 10, 0.691502892181239, 1},
        {47, 94, 0.395055168235342, 0.604944831764658},
        {1, 5000, 5.06354877705159e-06, 0.00111381938033397},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const coley_interval own = coley_binomial_interval(known[i].k, known[i].n, 0.95);
        CHECK_NEAR(own.low, known[i].low, 1e-10);
        CHECK_NEAR(own.high, known[i].high, 1e-10);
    }
}

static void each_end_of_the_interval_leaves_a_fortieth_outside(void)
{
    for (int k = 1; k < 300; k += 7) {
        const coley_interval own = coley_poisson_interval(k, 0.95);
        CHECK_NEAR(1 - coley_poisson_below(k - 1, own.low), 0.025, 1e-10);
        CHECK_NEAR(coley_poisson_below(k, own.high), 0.025, 1e-10);
    }
}

static void incomplete_functions_are_those_of_R(void)
{
    CHECK_NEAR(coley_gamma_cdf(2.5, 3.3), 0.7478718492273352, 1e-13);
    CHECK_NEAR(coley_beta_cdf(2.5, 4, 0.3), 0.3521975859067671, 1e-13);
    CHECK_NEAR(coley_poisson_below(9, 12.5), 0.2014311049455358, 1e-12);
    CHECK_NEAR(coley_poisson_below(100, 80), 0.9868311451240661, 1e-12);
}

int main(void)
{
    RUN(the_interval_of_a_count_is_that_of_R);
    RUN(the_interval_of_a_share_is_that_of_R);
    RUN(each_end_of_the_interval_leaves_a_fortieth_outside);
    RUN(incomplete_functions_are_those_of_R);
    return check_done();
}
