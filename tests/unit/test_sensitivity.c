/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity indices on functions whose indices are known. */
#include "math/sensitivity.h"

#include <stdlib.h>

#include "support/check.h"

typedef double function(const double *x, size_t d);

/* Ishigami and Homma 1990, a = 7, b = 0.1, x from -pi to pi. */
static double ishigami(const double *u, size_t d)
{
    double x[3];
    for (size_t i = 0; i < d; i++) x[i] = M_PI * (2 * u[i] - 1);
    return sin(x[0]) + 7 * pow(sin(x[1]), 2) + 0.1 * pow(x[2], 4) * sin(x[0]);
}

/* Sobol's g with a = 0, 1, 4.5, 9, 99, 99, 99, 99. */
static const double g_a[8] = {0, 1, 4.5, 9, 99, 99, 99, 99};
static double sobol_g(const double *x, size_t d)
{
    double y = 1;
    for (size_t i = 0; i < d; i++) y *= (fabs(4 * x[i] - 2) + g_a[i]) / (1 + g_a[i]);
    return y;
}

static double linear(const double *x, size_t d)
{
    (void)d;
    return 3 * x[0] - 2 * x[1];
}

static double product(const double *x, size_t d)
{
    (void)d;
    return x[0] * x[1];
}

static double constant(const double *x, size_t d)
{
    (void)d;
    return 0 * x[0] + 4;
}

static void analyse(function *f, coley_sensitivity_kind kind, size_t d, size_t rows, uint64_t seed,
                    coley_sensitivity *index)
{
    const coley_sensitivity_plan plan = {.kind = kind, .d = d, .rows = rows, .seed = seed};
    const size_t n = coley_sensitivity_points(&plan);
    double *y = malloc(n * sizeof *y), x[16];
    for (size_t k = 0; k < n; k++) {
        coley_sensitivity_point(&plan, k, x);
        for (size_t i = 0; i < d; i++) CHECK(x[i] >= 0 && x[i] <= 1);
        y[k] = f(x, d);
    }
    CHECK(coley_sensitivity_of(&plan, y, index, NULL) == COLEY_OK);
    free(y);
}

static void shares_of_ishigamis_function_are_those_of_theory(void)
{
    const double a = 7, b = 0.1, pi4 = pow(M_PI, 4), pi8 = pi4 * pi4;
    const double V = a * a / 8 + b * pi4 / 5 + b * b * pi8 / 18 + 0.5;
    const double V1 = 0.5 * pow(1 + b * pi4 / 5, 2), V2 = a * a / 8, V13 = b * b * pi8 * (1.0 / 18 - 1.0 / 50);
    FOR_ALL(3, seed)
    {
        coley_sensitivity s[3];
        analyse(ishigami, COLEY_SENSITIVITY_SOBOL, 3, 2048, seed, s);
        CHECK_NEAR(s[0].first.value, V1 / V, 0.02);
        CHECK_NEAR(s[1].first.value, V2 / V, 0.02);
        CHECK_NEAR(s[2].first.value, 0, 0.02);
        CHECK_NEAR(s[0].total.value, (V1 + V13) / V, 0.02);
        CHECK_NEAR(s[1].total.value, V2 / V, 0.02);
        CHECK_NEAR(s[2].total.value, V13 / V, 0.02);
    }
}

static void shares_of_sobols_g_are_those_of_theory(void)
{
    double V = 1, part[8];
    coley_sensitivity s[8];
    for (int i = 0; i < 8; i++) {
        part[i] = 1 / (3 * pow(1 + g_a[i], 2));
        V *= 1 + part[i];
    }
    const double all = V;
    V -= 1;
    analyse(sobol_g, COLEY_SENSITIVITY_SOBOL, 8, 2048, 5, s);
    for (int i = 0; i < 8; i++) {
        CHECK_NEAR(s[i].first.value, part[i] / V, 0.02);
        CHECK_NEAR(s[i].total.value, part[i] * all / (1 + part[i]) / V, 0.02);
    }
}

/* Of 40 analyses with few rows, the intervals should hold the true shares about 95 times of 100. */
static void intervals_hold_the_true_shares_as_often_as_they_say(void)
{
    int inside = 0, n = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        coley_sensitivity s[3];
        analyse(ishigami, COLEY_SENSITIVITY_SOBOL, 3, 128, seed, s);
        const double first[2] = {0.3139, 0.4424}, total[3] = {0.5576, 0.4424, 0.2437};
        for (int i = 0; i < 3; i++, n++)
            inside += s[i].total.interval.low <= total[i] && total[i] <= s[i].total.interval.high;
        for (int i = 0; i < 2; i++, n++)
            inside += s[i].first.interval.low <= first[i] && first[i] <= s[i].first.interval.high;
    }
    const double share = (double)inside / n;
    printf("# inside %.3f\n", share);
    CHECK(share > 0.85);
}

static void a_linear_function_has_effects_that_do_not_differ(void)
{
    coley_sensitivity s[3];
    analyse(linear, COLEY_SENSITIVITY_MORRIS, 3, 10, 1, s);
    CHECK_NEAR(s[0].mean.value, 3, 1e-12);
    CHECK_NEAR(s[1].mean.value, -2, 1e-12);
    CHECK_NEAR(s[1].size.value, 2, 1e-12);
    CHECK_NEAR(s[0].deviation.value, 0, 1e-6);
    CHECK_NEAR(s[2].size.value, 0, 1e-12);
}

/* d(xy)/dx on the four levels: the other is 0, 1/3, 2/3 or 1 with the same chance: mean 1/2, variance 5/36. */
static void an_interaction_shows_in_the_deviation_of_effects(void)
{
    coley_sensitivity s[2];
    analyse(product, COLEY_SENSITIVITY_MORRIS, 2, 4000, 1, s);
    for (int i = 0; i < 2; i++) {
        CHECK_NEAR(s[i].mean.value, 0.5, 0.02);
        CHECK_NEAR(s[i].deviation.value, sqrt(5.0 / 36), 0.02);
        CHECK(s[i].size.interval.low < 0.5 && s[i].size.interval.high > 0.5);
    }
}

static void morris_ranks_the_inputs_of_sobols_g_as_the_total_shares_do(void)
{
    coley_sensitivity s[8];
    analyse(sobol_g, COLEY_SENSITIVITY_MORRIS, 8, 60, 3, s);
    for (int i = 0; i < 4; i++) CHECK(s[i].size.value > s[i + 1].size.value);
}

static void a_path_moves_one_input_at_a_time_and_each_once(void)
{
    const coley_sensitivity_plan plan = {.kind = COLEY_SENSITIVITY_MORRIS, .d = 5, .rows = 20, .seed = 9};
    for (size_t row = 0; row < plan.rows; row++) {
        int moved[5] = {0};
        for (size_t j = 0; j < 5; j++) {
            double a[5], b[5];
            coley_sensitivity_point(&plan, row * 6 + j, a);
            coley_sensitivity_point(&plan, row * 6 + j + 1, b);
            for (int i = 0; i < 5; i++) {
                if (a[i] == b[i]) continue;
                CHECK_NEAR(fabs(a[i] - b[i]), 2.0 / 3, 1e-12);
                moved[i]++;
            }
        }
        for (int i = 0; i < 5; i++) CHECK(moved[i] == 1);
    }
}

static void what_never_changes_has_no_shares_and_one_row_is_refused(void)
{
    coley_sensitivity s[2];
    coley_error err = {0};
    analyse(constant, COLEY_SENSITIVITY_SOBOL, 2, 8, 1, s);
    CHECK(isnan(s[0].first.value) && isnan(s[0].total.interval.low));
    const coley_sensitivity_plan plan = {.kind = COLEY_SENSITIVITY_SOBOL, .d = 2, .rows = 1};
    const double y[4] = {1, 2, 3, 4};
    CHECK(coley_sensitivity_of(&plan, y, s, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "at least 2");
}

int main(void)
{
    RUN(shares_of_ishigamis_function_are_those_of_theory);
    RUN(shares_of_sobols_g_are_those_of_theory);
    RUN(intervals_hold_the_true_shares_as_often_as_they_say);
    RUN(a_linear_function_has_effects_that_do_not_differ);
    RUN(an_interaction_shows_in_the_deviation_of_effects);
    RUN(morris_ranks_the_inputs_of_sobols_g_as_the_total_shares_do);
    RUN(a_path_moves_one_input_at_a_time_and_each_once);
    RUN(what_never_changes_has_no_shares_and_one_row_is_refused);
    return check_done();
}
