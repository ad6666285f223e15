/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sparse LU over lanes against dense elimination, and its promises: order, bits, flags, failures. */
#include "math/sparse_lu.h"
#include "base/rng.h"
#include "support/check.h"

#include <stdlib.h>

enum { N_MOST = 40, WIDTH_MOST = 64 };

typedef struct pattern {
    size_t n;
    int32_t row_start[N_MOST + 1], column[N_MOST * N_MOST];
} pattern;

/* A random pattern with about `per_row` entries a row besides the diagonal. */
static void pattern_draw(pattern *p, uint64_t seed, size_t n, double per_row)
{
    int32_t k = 0;
    p->n = n;
    for (size_t i = 0; i < n; i++) {
        p->row_start[i] = k;
        for (size_t j = 0; j < n; j++)
            if (i == j || coley_rng_uniform(seed, COLEY_STREAM_TEST, i, j) < per_row / (double)n)
                p->column[k++] = (int32_t)j;
    }
    p->row_start[n] = k;
}

/* Values with rows that sum, in size, to less than the shift: lanes differ. */
static void values_draw(const pattern *p, uint64_t seed, size_t width, double *values)
{
    for (int32_t k = 0; k < p->row_start[p->n]; k++)
        for (size_t l = 0; l < width; l++)
            values[(size_t)k * width + l] = coley_rng_normal(seed, COLEY_STREAM_TEST, (uint64_t)k, 1000 + l);
}

static int available(coley_isa isa)
{
    return isa <= coley_isa_best();
}

static double *column_of(size_t count)
{
    double *p = aligned_alloc(64, (count * sizeof(double) + 63) / 64 * 64);
    memset(p, 0, count * sizeof(double));
    return p;
}

/* Largest |(shift I - A) x - b| over rows, scaled, in lane l. */
static double residual(const pattern *p, size_t width, size_t l, double shift, const double *values, const double *x,
                       const double *b)
{
    double most = 0;
    for (size_t i = 0; i < p->n; i++) {
        double sum = shift * x[i * width + l] - b[i * width + l], size = fabs(shift * x[i * width + l]);
        for (int32_t k = p->row_start[i]; k < p->row_start[i + 1]; k++) {
            const double part = values[(size_t)k * width + l] * x[(size_t)p->column[k] * width + l];
            sum -= part;
            size += fabs(part);
        }
        most = fmax(most, fabs(sum) / (size + 1e-300));
    }
    return most;
}

static void random_systems_are_solved_to_rounding_in_every_lane(void)
{
    FOR_ALL(60, seed)
    {
        static pattern p;
        pattern_draw(&p, seed, 1 + (size_t)(seed * 7 % N_MOST), 1 + (double)(seed % 5));
        coley_arena *arena = coley_arena_create();
        const coley_sparse_lu *lu = NULL;
        coley_error err = {0};
        CHECK(coley_sparse_lu_analyse(arena, p.n, p.row_start, p.column, &lu, &err) == COLEY_OK);
        const size_t width = (size_t)8 << (seed % 4), count = (size_t)p.row_start[p.n];
        double *values = column_of(count * width), *factors = column_of(coley_sparse_lu_count(lu) * width);
        double *x = column_of(p.n * width), *b = column_of(p.n * width), *shift = column_of(width),
               *bad = column_of(width);
        values_draw(&p, seed, width, values);
        for (size_t l = 0; l < width; l++) shift[l] = 15 + (double)l;
        for (size_t k = 0; k < p.n * width; k++) x[k] = b[k] = coley_rng_normal(seed, COLEY_STREAM_TEST, k, 7);
        coley_sparse_lu_factor(lu, coley_isa_best(), width, shift, values, factors, bad);
        coley_sparse_lu_solve(lu, coley_isa_best(), width, factors, x);
        for (size_t l = 0; l < width; l++) {
            CHECK(bad[l] == 0);
            CHECK(residual(&p, width, l, shift[l], values, x, b) < 1e-12);
        }
        free(values), free(factors), free(x), free(b), free(shift), free(bad);
        coley_arena_destroy(arena);
    }
}

static void every_instruction_set_and_every_width_gives_the_same_bits(void)
{
    static pattern p;
    pattern_draw(&p, 5, 31, 4);
    coley_arena *arena = coley_arena_create();
    const coley_sparse_lu *lu = NULL;
    coley_error err = {0};
    CHECK(coley_sparse_lu_analyse(arena, p.n, p.row_start, p.column, &lu, &err) == COLEY_OK);
    const size_t count = (size_t)p.row_start[p.n];
    double *all = column_of(count * WIDTH_MOST), expected[N_MOST][WIDTH_MOST];
    values_draw(&p, 3, WIDTH_MOST, all);
    int first = 1;
    for (int isa = 0; isa < COLEY_ISA_COUNT; isa++) {
        if (!available((coley_isa)isa)) continue;
        for (size_t width = 8; width <= WIDTH_MOST; width += 8) {
            double *values = column_of(count * width), *factors = column_of(coley_sparse_lu_count(lu) * width);
            double *x = column_of(p.n * width), *shift = column_of(width), *bad = column_of(width);
            for (size_t from = 0; from + width <= WIDTH_MOST; from += width) {
                for (size_t l = 0; l < width; l++) {
                    shift[l] = 3 + (double)(from + l);
                    for (size_t k = 0; k < count; k++) values[k * width + l] = all[k * WIDTH_MOST + from + l];
                    for (size_t i = 0; i < p.n; i++) x[i * width + l] = (double)(i + 1) / 7;
                }
                coley_sparse_lu_factor(lu, (coley_isa)isa, width, shift, values, factors, bad);
                coley_sparse_lu_solve(lu, (coley_isa)isa, width, factors, x);
                for (size_t i = 0; i < p.n; i++)
                    for (size_t l = 0; l < width; l++) {
                        if (first) expected[i][from + l] = x[i * width + l];
                        CHECK(memcmp(&expected[i][from + l], &x[i * width + l], sizeof(double)) == 0);
                    }
            }
            first = 0;
            free(values), free(factors), free(x), free(shift), free(bad);
        }
    }
    free(all);
    coley_arena_destroy(arena);
}

/* Variables that nothing drives: their right-hand side is 0, and so are their rows' values in other columns. */
static void the_part_without_variables_that_are_0_has_the_bits_of_the_whole(void)
{
    enum { WIDTH = 16 };
    FOR_ALL(20, seed)
    {
        static pattern p, part;
        pattern_draw(&p, seed, N_MOST, 4);
        int32_t left[N_MOST], place[N_MOST], k = 0;
        part.n = 0;
        for (int32_t i = 0; i < N_MOST; i++) {
            place[i] = coley_rng_uniform(seed, COLEY_STREAM_TEST, (uint64_t)i, 9) < 0.6 ? (int32_t)part.n : -1;
            if (place[i] >= 0) left[part.n++] = i;
        }
        double *all = column_of((size_t)p.row_start[N_MOST] * WIDTH), *some = column_of(N_MOST * N_MOST * WIDTH);
        values_draw(&p, seed, WIDTH, all);
        for (int32_t i = 0; i < N_MOST; i++) {
            if (place[i] >= 0) part.row_start[place[i]] = k;
            for (int32_t e = p.row_start[i]; e < p.row_start[i + 1]; e++) {
                const size_t from = (size_t)e * WIDTH;
                const int is_in = place[p.column[e]] >= 0;
                for (size_t l = 0; l < WIDTH && place[i] < 0 && is_in; l++) all[from + l] = 0;
                if (place[i] < 0 || !is_in) continue;
                memcpy(some + (size_t)k * WIDTH, all + from, WIDTH * sizeof *all);
                part.column[k++] = place[p.column[e]];
            }
        }
        part.row_start[part.n] = k;
        coley_arena *arena = coley_arena_create();
        const coley_sparse_lu *lu, *less;
        coley_error err = {0};
        CHECK(coley_sparse_lu_analyse(arena, p.n, p.row_start, p.column, &lu, &err) == COLEY_OK);
        CHECK(coley_sparse_lu_analyse_part(arena, lu, part.n, left, part.row_start, part.column, &less, &err) ==
              COLEY_OK);
        CHECK(coley_sparse_lu_count(less) < coley_sparse_lu_count(lu));
        double *factors = column_of(coley_sparse_lu_count(lu) * WIDTH), *shift = column_of(WIDTH),
               *bad = column_of(WIDTH);
        double *x = column_of(N_MOST * WIDTH), *y = column_of(N_MOST * WIDTH);
        for (size_t l = 0; l < WIDTH; l++) shift[l] = 15 + (double)l;
        for (size_t e = 0; e < N_MOST * WIDTH; e++)
            x[e] = y[e] = place[e / WIDTH] < 0 ? 0 : coley_rng_normal(seed, COLEY_STREAM_TEST, e, 7);
        coley_sparse_lu_factor(lu, coley_isa_best(), WIDTH, shift, all, factors, bad);
        coley_sparse_lu_solve(lu, coley_isa_best(), WIDTH, factors, x);
        coley_sparse_lu_factor(less, coley_isa_best(), WIDTH, shift, some, factors, bad);
        coley_sparse_lu_solve(less, coley_isa_best(), WIDTH, factors, y);
        size_t differ = 0;
        for (size_t e = 0; e < N_MOST * WIDTH; e++) differ += x[e] != y[e];
        CHECK(differ == 0);
        free(all), free(some), free(factors), free(shift), free(bad), free(x), free(y);
        coley_arena_destroy(arena);
    }
}

static void a_lost_pivot_is_flagged_in_its_own_lane_only(void)
{
    /* [1 1; 1 1] cancels; shift 0 with A = -that. Lane 2: cancelled, lane 5: not a number, lane 6: infinite. */
    const int32_t row_start[] = {0, 2, 4}, column[] = {0, 1, 0, 1};
    coley_arena *arena = coley_arena_create();
    const coley_sparse_lu *lu = NULL;
    coley_error err = {0};
    CHECK(coley_sparse_lu_analyse(arena, 2, row_start, column, &lu, &err) == COLEY_OK);
    for (int isa = 0; isa < COLEY_ISA_COUNT; isa++) {
        if (!available((coley_isa)isa)) continue;
        double *values = column_of(32), *factors = column_of(32), *shift = column_of(8), *bad = column_of(8),
               *x = column_of(16);
        for (size_t l = 0; l < 8; l++) {
            values[l] = -1, values[8 + l] = values[16 + l] = -1, values[24 + l] = l == 2 ? -1 : -3;
            x[l] = 1, x[8 + l] = 2;
        }
        values[5] = NAN;
        values[24 + 6] = INFINITY;
        coley_sparse_lu_factor(lu, (coley_isa)isa, 8, shift, values, factors, bad);
        coley_sparse_lu_solve(lu, (coley_isa)isa, 8, factors, x);
        for (size_t l = 0; l < 8; l++) {
            CHECK((bad[l] != 0) == (l == 2 || l == 5 || l == 6));
            if (bad[l] == 0) CHECK(x[l] == 0.5 && x[8 + l] == 0.5);
        }
        free(values), free(factors), free(shift), free(bad), free(x);
    }
    coley_arena_destroy(arena);
}

static void an_arrow_is_eliminated_from_its_tip_without_fill(void)
{
    /* First row and column full: in the given order everything fills in, in the best one nothing does. */
    enum { N = 30 };
    static pattern p = {.n = N};
    int32_t k = 0;
    for (int32_t i = 0; i < N; i++) {
        p.row_start[i] = k;
        for (int32_t j = 0; j < N; j++)
            if (i == 0 || j == 0 || i == j) p.column[k++] = j;
    }
    p.row_start[N] = k;
    coley_arena *arena = coley_arena_create();
    const coley_sparse_lu *lu = NULL;
    coley_error err = {0};
    CHECK(coley_sparse_lu_analyse(arena, N, p.row_start, p.column, &lu, &err) == COLEY_OK);
    CHECK(coley_sparse_lu_count(lu) == (size_t)k && coley_sparse_lu_size(lu) == N);
    CHECK(coley_sparse_lu_factor_work(lu) == N - 1);
    unsigned seen = 0;
    for (size_t i = 0; i < N; i++) seen |= 1u << coley_sparse_lu_pivot(lu, i);
    CHECK(seen == (1u << N) - 1);
    coley_arena_destroy(arena);
}

static void patterns_that_are_out_of_order_are_refused(void)
{
    const int32_t row_start[] = {0, 2, 3}, no_diagonal[] = {0, 1, 0}, swapped[] = {1, 0, 1}, outside[] = {0, 2, 1};
    const struct {
        const int32_t *column;
        const char *says;
    } cases[] = {{no_diagonal, "no diagonal"}, {swapped, "column 0"}, {outside, "column 2"}};
    for (size_t i = 0; i < 3; i++) {
        coley_arena *arena = coley_arena_create();
        const coley_sparse_lu *lu = NULL;
        coley_error err = {0};
        CHECK(coley_sparse_lu_analyse(arena, 2, row_start, cases[i].column, &lu, &err) == COLEY_ERR_ARG);
        CHECK_HAS(err.text, cases[i].says);
        coley_arena_destroy(arena);
    }
}

static void every_failed_allocation_is_reported(void)
{
    static pattern p;
    pattern_draw(&p, 9, 20, 3);
    coley_status status = COLEY_ERR_MEMORY;
    for (size_t k = 1; status != COLEY_OK && k < 100; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        const coley_sparse_lu *lu = NULL;
        coley_error err = {0};
        status = coley_sparse_lu_analyse(arena, p.n, p.row_start, p.column, &lu, &err);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK);
}

int main(void)
{
    RUN(random_systems_are_solved_to_rounding_in_every_lane);
    RUN(every_instruction_set_and_every_width_gives_the_same_bits);
    RUN(the_part_without_variables_that_are_0_has_the_bits_of_the_whole);
    RUN(a_lost_pivot_is_flagged_in_its_own_lane_only);
    RUN(an_arrow_is_eliminated_from_its_tip_without_fill);
    RUN(patterns_that_are_out_of_order_are_refused);
    RUN(every_failed_allocation_is_reported);
    return check_done();
}
