/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_base.c -- what everything else stands on: random numbers, arenas, units. */
#include "bench.h"

#include "base/alloc.h"
#include "base/rng.h"
#include "base/units.h"

enum { N = 1000000 };

int main(int argc, char **argv)
{
    bench b = bench_begin("base");
    volatile double sink = 0;
    double sum = 0;
    BENCH(&b, "uniform random number", "ns", 1e9, N, 9)
        for (uint64_t i = 0; i < N; i++) sum += coley_rng_uniform(1, COLEY_STREAM_TEST, i, 0);
    BENCH(&b, "normal random number", "ns", 1e9, N, 9)
        for (uint64_t i = 0; i < N; i++) sum += coley_rng_normal(1, COLEY_STREAM_TEST, i, 0);
    coley_arena *arena = coley_arena_create();
    BENCH(&b, "64 bytes from an arena", "ns", 1e9, N, 9) {
        coley_arena_reset(arena);
        for (int i = 0; i < N; i++) sum += coley_arena_alloc(arena, 64) != NULL;
    }
    BENCH(&b, "ug/mL converted to mg/L", "ns", 1e9, 10000, 9)
        for (int i = 0; i < 10000; i++) {
            double value;
            if (coley_unit_convert(i, "ug/mL", "mg/L", &value, NULL) == COLEY_OK) sum += value;
        }
    sink = sum;
    (void)sink;
    coley_arena_destroy(arena);
    return bench_end(&b, argc, argv);
}
