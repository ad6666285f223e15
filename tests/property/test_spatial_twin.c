/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neighbours on a grid against every pair of points, and against what theory says of points without order. */
#include <stdlib.h>

#include "assay/spatial.h"
#include "base/rng.h"
#include "support/check.h"

enum { MOST = 4000 };

static double x[2][MOST], y[2][MOST];

static double uniform(uint64_t seed, uint64_t id, uint64_t tick)
{
    return coley_rng_uniform(seed, COLEY_STREAM_TEST, id, tick);
}

/* n points: even, in clumps, on a line or all in one place, by the seed. */
static coley_points scatter(int set, size_t n, uint64_t seed, double width, double height)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t id = (uint64_t)set * MOST + i;
        const double u = uniform(seed, id, 0), v = uniform(seed, id, 1);
        const int kind = (int)(seed % 4);
        x[set][i] = width * (kind == 1 ? 0.3 + 0.05 * u : kind == 3 ? 0.5 : u);
        y[set][i] = height * (kind == 1 ? floor(3 * v) / 3 : kind == 2 ? 0.25 : kind == 3 ? 0.5 : v);
    }
    return (coley_points){.n = n, .x = x[set], .y = y[set]};
}

static double naive_nearest(const coley_points *p, double at_x, double at_y, size_t skip)
{
    double best = INFINITY;
    for (size_t i = 0; i < p->n; i++)
        if (i != skip)
            best = fmin(best, sqrt((p->x[i] - at_x) * (p->x[i] - at_x) + (p->y[i] - at_y) * (p->y[i] - at_y)));
    return best;
}

static void the_nearest_point_on_the_grid_is_the_nearest_of_all(void)
{
    FOR_ALL(40, seed)
    {
        coley_arena *arena = coley_arena_create();
        coley_grid grid;
        coley_error err;
        const coley_points p = scatter(0, 1 + seed * 17 % 300, seed, 1000, seed % 3 ? 700 : 3);
        CHECK(coley_grid_make(arena, &p, 1 + (double)(seed % 5) * 40, &grid, &err) == COLEY_OK);
        for (uint64_t q = 0; q < 200; q++) { /* also far outside */
            const double at_x = 3000 * uniform(seed, q, 9) - 1000, at_y = 3000 * uniform(seed, q, 10) - 1000;
            size_t place;
            const double d = coley_grid_nearest(&grid, at_x, at_y, INFINITY, SIZE_MAX, &place);
            CHECK(d == naive_nearest(&p, at_x, at_y, SIZE_MAX) && place < p.n);
            const double reach = d * (q % 2 ? 0.999 : 1.001);
            CHECK(isinf(coley_grid_nearest(&grid, at_x, at_y, reach, SIZE_MAX, NULL)) == (q % 2 != 0 && d > 0));
        }
        for (size_t i = 0; i < p.n; i++)
            CHECK(coley_grid_nearest(&grid, p.x[i], p.y[i], INFINITY, i, NULL) == naive_nearest(&p, p.x[i], p.y[i], i));
        coley_arena_destroy(arena);
    }
}

static void guesses_change_nothing(void)
{
    FOR_ALL(40, seed)
    {
        coley_arena *arena = coley_arena_create();
        coley_grid grid;
        coley_error err;
        const coley_points p = scatter(0, 1 + seed * 23 % 400, seed, 1000, seed % 3 ? 700 : 3);
        CHECK(coley_grid_make(arena, &p, 5 + (double)(seed % 4) * 30, &grid, &err) == COLEY_OK);
        size_t slot = SIZE_MAX, row[101], guess = seed;
        const double step = 11.3, reach = 40 + (double)(seed % 5) * 100;
        for (size_t i = 0; i < 101; i++) row[i] = i % 3 ? SIZE_MAX : (i * seed) % p.n;
        for (uint64_t q = 0; q < 60; q++) {
            const double y_of = 900 * uniform(seed, q, 11) - 100;
            coley_grid_nearest_row(&grid, -60, step, 101, y_of, reach, row);
            for (size_t i = 0; i < 101; i++) {
                size_t place;
                const double x_of = -60 + ((double)i + 0.5) * step;
                const double d = coley_grid_nearest(&grid, x_of, y_of, reach, SIZE_MAX, &place);
                CHECK(row[i] == place);
                CHECK(coley_grid_nearest_from(&grid, x_of, y_of, reach, &slot) == d);
                CHECK(slot == SIZE_MAX ? place == SIZE_MAX : grid.place[slot] == place);
                CHECK(coley_grid_any(&grid, x_of, y_of, reach, &guess) == (place != SIZE_MAX));
            }
        }
        coley_arena_destroy(arena);
    }
}

static double naive_k(const coley_points *a, const coley_points *b, int same, const coley_window *w, double r)
{
    const double width = w->x1 - w->x0, height = w->y1 - w->y0, area = width * height;
    double sum = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++) {
            const double dx = fabs(a->x[i] - b->x[j]), dy = fabs(a->y[i] - b->y[j]);
            if (dx * dx + dy * dy <= r * r && !(same && i == j)) sum += area / ((width - dx) * (height - dy));
        }
    return sum * area / ((double)a->n * (same ? (double)b->n - 1 : (double)b->n));
}

static void k_on_the_grid_is_that_of_every_pair(void)
{
    static const double r[] = {5, 20, 60, 150};
    FOR_ALL(24, seed)
    {
        coley_arena *arena = coley_arena_create();
        coley_grid near, self;
        coley_error err;
        double k[4];
        const coley_points a = scatter(0, 20 + seed * 7, seed, 900, 700),
                           b = scatter(1, 30 + seed * 5, seed + 1, 900, 700);
        const coley_window w = {-1, -2, 901, 702};
        CHECK(coley_grid_make(arena, &b, 37, &near, &err) == COLEY_OK &&
              coley_grid_make(arena, &a, 20, &self, &err) == COLEY_OK);
        coley_cross_k(&a, &near, 0, &w, r, 4, k);
        for (int i = 0; i < 4; i++) CHECK_NEAR(k[i], naive_k(&a, &b, 0, &w, r[i]), 1e-12);
        coley_cross_k(&a, &self, 1, &w, r, 4, k);
        for (int i = 0; i < 4; i++) CHECK_NEAR(k[i], naive_k(&a, &a, 1, &w, r[i]), 1e-12);
        coley_arena_destroy(arena);
    }
}

static void g_counts_only_points_whose_neighbourhood_was_seen(void)
{
    static const double r[] = {10, 40, 90, 400};
    FOR_ALL(12, seed)
    {
        coley_arena *arena = coley_arena_create();
        coley_grid near;
        coley_error err;
        coley_nearest nearest;
        double g[4], mean = 0;
        const coley_points a = scatter(0, 150, 4 * seed, 800, 700), b = scatter(1, 60, 4 * seed + 1, 800, 700);
        const coley_window w = {0, 0, 800, 700};
        CHECK(coley_grid_make(arena, &b, 25, &near, &err) == COLEY_OK);
        CHECK(coley_nearest_make(arena, &a, &near, &w, r, 4, g, &nearest, &err) == COLEY_OK);
        for (int i = 0; i < 4; i++) {
            double seen = 0, within = 0;
            for (size_t k = 0; k < a.n; k++) {
                const double edge = fmin(fmin(a.x[k], 800 - a.x[k]), fmin(a.y[k], 700 - a.y[k]));
                const double d = naive_nearest(&b, a.x[k], a.y[k], SIZE_MAX);
                seen += edge >= r[i];
                within += edge >= r[i] && d <= r[i];
                if (i == 0) mean += d / (double)a.n;
            }
            if (seen > 0)
                CHECK_NEAR(g[i], within / seen, 1e-12);
            else
                CHECK(isnan(g[i]));
        }
        CHECK_NEAR(nearest.mean_um, mean, 1e-12);
        coley_arena_destroy(arena);
    }
}

/* Complete spatial randomness: K = pi r^2 and G = 1 - exp(-density pi r^2), at the edges too. */
static void points_without_order_have_the_k_and_g_of_theory(void)
{
    static const double r[] = {10, 30, 100, 200};
    double k_sum[4] = {0}, g_sum[4] = {0};
    for (uint64_t seed = 4; seed <= 160; seed += 4) {
        coley_arena *arena = coley_arena_create();
        coley_grid near;
        coley_error err;
        coley_nearest nearest;
        double k[4], g[4];
        const coley_points a = scatter(0, 800, seed, 1000, 800), b = scatter(1, 600, seed, 1000, 800);
        const coley_window w = {0, 0, 1000, 800};
        CHECK(coley_grid_make(arena, &b, 25, &near, &err) == COLEY_OK);
        coley_cross_k(&a, &near, 0, &w, r, 4, k);
        CHECK(coley_nearest_make(arena, &a, &near, &w, r, 4, g, &nearest, &err) == COLEY_OK);
        for (int i = 0; i < 4; i++) k_sum[i] += k[i] / 40, g_sum[i] += g[i] / 40;
        coley_arena_destroy(arena);
    }
    for (int i = 0; i < 4; i++) {
        const double disc = 3.14159265358979 * r[i] * r[i];
        CHECK(fabs(k_sum[i] / disc - 1) < 0.03);
        CHECK(fabs(g_sum[i] - (1 - exp(-600.0 / 800000 * disc))) < 0.02);
    }
}

int main(void)
{
    RUN(the_nearest_point_on_the_grid_is_the_nearest_of_all);
    RUN(guesses_change_nothing);
    RUN(k_on_the_grid_is_that_of_every_pair);
    RUN(g_counts_only_points_whose_neighbourhood_was_seen);
    RUN(points_without_order_have_the_k_and_g_of_theory);
    return check_done();
}
