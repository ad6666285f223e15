/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sampling.c -- designs, the normal quantile, correlations and sketches against what is published or exact. */
#include "math/correlation.h"
#include "math/design.h"
#include "math/normal.h"
#include "math/sketch.h"

#include "base/rng.h"
#include "support/check.h"

#include <stdlib.h>

static void the_normal_quantile_is_the_published_one(void)
{
    /* Wichura 1988 gives p = 0.25, 0.001 and 1e-20. */
    CHECK_NEAR(coley_normal_quantile(0.25), -0.6744897501960817, 1e-15);
    CHECK_NEAR(coley_normal_quantile(0.001), -3.090232306167814, 1e-15);
    CHECK_NEAR(coley_normal_quantile(1e-20), -9.262340089798408, 1e-15);
    CHECK_NEAR(coley_normal_quantile(0.975), 1.959963984540054, 1e-15);
    CHECK(coley_normal_quantile(0.5) == 0.0);
    CHECK(coley_normal_quantile(0.0) == -INFINITY && coley_normal_quantile(1.0) == INFINITY);
    CHECK(isnan(coley_normal_quantile(-0.1)) && isnan(coley_normal_quantile(NAN)));
}

static void the_quantile_undoes_the_distribution_function(void)
{
    for (double z = -37.0; z < 6.0; z += 0.01) {
        /* Near 1 the probability itself has no more digits. */
        const double p = coley_normal_cdf(z), slope = exp(-0.5 * z * z) * 0.3989422804014327;
        CHECK(fabs(coley_normal_quantile(p) - z) <= 2e-14 * fabs(z) + 1e-15 + 2.3e-16 * p / slope);
    }
}

static void sobol_starts_as_published(void)
{
    /* Bratley and Fox 1988, Joe and Kuo 2008: first points of the first three axes, in eighths. */
    static const uint32_t eighths[8][3] = {{0, 0, 0}, {4, 4, 4}, {6, 2, 2}, {2, 6, 6},
                                           {3, 3, 5}, {7, 7, 1}, {5, 1, 7}, {1, 5, 3}};
    for (uint64_t i = 0; i < 8; i++)
        for (size_t axis = 0; axis < 3; axis++) CHECK(coley_sobol_digits(i, axis) == eighths[i][axis] << 29);
}

/* Every pair of 2^k points shares no stratum: each axis is a (0, k, 1)-net, before and after scrambling. */
static void every_axis_of_sobol_has_one_point_a_stratum(void)
{
    enum { N = 1024 };
    const coley_design design = {.kind = COLEY_DESIGN_SOBOL, .seed = 7, .n = N};
    for (size_t axis = 0; axis < coley_design_most_axes(COLEY_DESIGN_SOBOL); axis += axis < 8 ? 1 : 31) {
        int plain[N] = {0}, scrambled[N] = {0}, later[N] = {0};
        for (uint64_t i = 0; i < N; i++) {
            plain[coley_sobol_digits(i, axis) >> 22]++;
            scrambled[(int)(coley_design_coordinate(&design, i, axis) * N)]++;
            later[(int)(coley_design_coordinate(&design, 5 * N + i, axis) * N)]++;
        }
        for (int k = 0; k < N; k++) CHECK(plain[k] == 1 && scrambled[k] == 1 && later[k] == 1);
    }
}

static void the_first_two_axes_of_sobol_fill_every_box(void)
{
    const coley_design design = {.kind = COLEY_DESIGN_SOBOL, .seed = 3, .n = 256};
    for (int split = 0; split <= 8; split++) {
        int count[256] = {0};
        for (uint64_t i = 0; i < 256; i++) {
            const int a = (int)(coley_design_coordinate(&design, i, 0) * (1 << split));
            const int b = (int)(coley_design_coordinate(&design, i, 1) * (1 << (8 - split)));
            count[(a << (8 - split)) + b]++;
        }
        for (int k = 0; k < 256; k++) CHECK(count[k] == 1);
    }
}

static void a_latin_hypercube_has_one_point_a_stratum_for_any_n(void)
{
    static const uint64_t sizes[] = {1, 2, 3, 10, 97, 1000, 4096, 5001};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t axis = 0; axis < 4; axis++) {
            const coley_design design = {.kind = COLEY_DESIGN_LHS, .seed = 11, .n = sizes[s]};
            int *count = calloc(sizes[s], sizeof *count);
            for (uint64_t i = 0; i < sizes[s]; i++)
                count[(size_t)(coley_design_coordinate(&design, i, axis) * (double)sizes[s])]++;
            for (uint64_t k = 0; k < sizes[s]; k++) CHECK(count[k] == 1);
            free(count);
        }
}

/* Warnock's formula for the squared L2 star discrepancy. */
static double discrepancy(const coley_design *design, size_t n_axes)
{
    double pairs = 0.0, single = 0.0;
    const uint64_t n = design->n;
    double *x = malloc(n * n_axes * sizeof *x);
    for (uint64_t i = 0; i < n; i++)
        for (size_t a = 0; a < n_axes; a++) x[i * n_axes + a] = coley_design_coordinate(design, i, a);
    for (uint64_t i = 0; i < n; i++) {
        double product = 1.0;
        for (size_t a = 0; a < n_axes; a++) product *= 0.5 * (1.0 - x[i * n_axes + a] * x[i * n_axes + a]);
        single += product;
        for (uint64_t j = 0; j < n; j++) {
            product = 1.0;
            for (size_t a = 0; a < n_axes; a++) product *= 1.0 - fmax(x[i * n_axes + a], x[j * n_axes + a]);
            pairs += product;
        }
    }
    free(x);
    return pow(3.0, -(double)n_axes) - 2.0 / (double)n * single + pairs / ((double)n * (double)n);
}

static void sobol_is_more_even_than_lhs_and_lhs_than_chance(void)
{
    double mean[3] = {0};
    for (uint64_t seed = 1; seed <= 5; seed++)
        for (int kind = 0; kind < 3; kind++)
            mean[kind] += discrepancy(&(coley_design){.kind = (coley_design_kind)kind, .seed = seed, .n = 256}, 4);
    CHECK(mean[COLEY_DESIGN_SOBOL] < 0.2 * mean[COLEY_DESIGN_LHS]);
    CHECK(mean[COLEY_DESIGN_LHS] < 0.8 * mean[COLEY_DESIGN_RANDOM]);
}

static void seeds_and_axes_differ_and_coordinates_are_inside(void)
{
    for (int kind = 0; kind < 3; kind++) {
        coley_design a = {.kind = (coley_design_kind)kind, .seed = 1, .n = 1000}, b = a;
        b.seed = 2;
        double same = 0.0, cross = 0.0;
        for (uint64_t i = 0; i < 1000; i++) {
            const double x = coley_design_coordinate(&a, i, 0), y = coley_design_coordinate(&b, i, 0);
            CHECK(x > 0.0 && x < 1.0);
            same += (x - 0.5) * (y - 0.5);
            cross += (x - 0.5) * (coley_design_coordinate(&a, i, 7) - 0.5);
        }
        /* Two scramblings of Sobol's go through the halves of an axis in the same order or the opposite one. */
        CHECK(fabs(same / 1000 * 12) < (kind == COLEY_DESIGN_SOBOL ? 0.99 : 0.13));
        CHECK(fabs(cross / 1000 * 12) < 0.13);
    }
}

static void the_root_times_itself_is_the_matrix(void)
{
    const double R[9] = {1, 0.5, -0.3, 0.5, 1, 0.2, -0.3, 0.2, 1};
    double L[9];
    memcpy(L, R, sizeof L);
    CHECK(coley_correlation_root(L, 3) == 3);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0.0;
            for (int k = 0; k <= j; k++) sum += L[3 * i + k] * L[3 * j + k];
            CHECK_NEAR(sum, R[3 * i + j], 1e-15);
        }
}

static void what_a_correlation_may_be_is_told(void)
{
    /* a-b 0.9, a-c 0.9: b-c must be above 0.62 (0.81 - 0.19). */
    double R[9] = {1, 0.9, 0.9, 0.9, 1, -0.5, 0.9, -0.5, 1}, L[9], work[9], low, high;
    memcpy(L, R, sizeof L);
    CHECK(coley_correlation_root(L, 3) == 2);
    CHECK(coley_correlation_range(R, 3, 2, 1, work, &low, &high));
    CHECK_NEAR(low, 0.62, 1e-8);
    CHECK_NEAR(high, 1.0, 1e-8);
    const double scale = coley_correlation_scale(R, 3, work);
    CHECK(scale > 0.3 && scale < 0.9);
    R[7] = R[5] = 0.63;
    CHECK(coley_correlation_scale(R, 3, work) == 1.0);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The naive twin sorts. */
static void sketched_quantiles_are_within_their_error_of_sorted_ones(void)
{
    enum { N = 5001 };
    static double value[N];
    static const double widths[] = {0.1, 1.0, 10.0, 60.0};
    for (size_t w = 0; w < 4; w++)
        for (int sign = 0; sign < 2; sign++) {
            coley_arena *arena = coley_arena_create();
            coley_sketch sketch = {0};
            double sum = 0.0;
            for (int i = 0; i < N; i++) {
                value[i] = exp(widths[w] * coley_rng_normal(w + 1, COLEY_STREAM_TEST, (uint64_t)i, 0));
                if (sign && i % 3 == 0) value[i] = -value[i];
                if (sign && i % 7 == 0) value[i] = 0.0;
                CHECK(coley_sketch_add(arena, &sketch, value[i]));
                sum += value[i];
            }
            CHECK(sketch.sum == sum && sketch.n == N);
            qsort(value, N, sizeof *value, by_value);
            CHECK(sketch.low == value[0] && sketch.high == value[N - 1]);
            CHECK(coley_sketch_error(&sketch) == (w < 2 ? 1.0 / 256 : coley_sketch_error(&sketch)));
            for (int p = 0; p <= 100; p++) {
                const double exact = value[50 * p], got = coley_sketch_quantile(&sketch, p / 100.0);
                CHECK(fabs(got - exact) <= coley_sketch_error(&sketch) * fabs(exact) * (1 + 1e-12));
            }
            coley_arena_destroy(arena);
        }
}

static void a_sketch_does_not_depend_on_the_order(void)
{
    enum { N = 3000 };
    coley_arena *arena = coley_arena_create();
    coley_sketch up = {0}, down = {0};
    for (int i = 0; i < N; i++) {
        CHECK(coley_sketch_add(arena, &up, exp(0.1 * (i - N / 2))));
        CHECK(coley_sketch_add(arena, &down, exp(0.1 * (N - 1 - i - N / 2))));
    }
    CHECK(up.positive.joined == down.positive.joined && up.positive.joined > 0);
    for (int p = 0; p <= 20; p++) CHECK(coley_sketch_quantile(&up, p / 20.0) == coley_sketch_quantile(&down, p / 20.0));
    coley_arena_destroy(arena);
}

static void a_sketch_without_memory_says_so(void)
{
    coley_arena *arena = coley_arena_create_failing(1);
    coley_sketch sketch = {0};
    CHECK(!coley_sketch_add(arena, &sketch, 1.0));
    CHECK(isnan(coley_sketch_quantile(&(coley_sketch){0}, 0.5)));
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(the_normal_quantile_is_the_published_one);
    RUN(the_quantile_undoes_the_distribution_function);
    RUN(sobol_starts_as_published);
    RUN(every_axis_of_sobol_has_one_point_a_stratum);
    RUN(the_first_two_axes_of_sobol_fill_every_box);
    RUN(a_latin_hypercube_has_one_point_a_stratum_for_any_n);
    RUN(sobol_is_more_even_than_lhs_and_lhs_than_chance);
    RUN(seeds_and_axes_differ_and_coordinates_are_inside);
    RUN(the_root_times_itself_is_the_matrix);
    RUN(what_a_correlation_may_be_is_told);
    RUN(sketched_quantiles_are_within_their_error_of_sorted_ones);
    RUN(a_sketch_does_not_depend_on_the_order);
    RUN(a_sketch_without_memory_says_so);
    return check_done();
}
