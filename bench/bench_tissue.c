/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_tissue.c -- the tissue engine: substances, cells, a tumour with immune cells in 3D, a million cells.
 *
 * User CPU time of one thread, so that others on the machine matter less; the speed of two threads is by the clock. The
 * tumour with immune cells has the numbers of PhysiCell's own sample (18,000 tumour cells in a ball, 7,500 immune cells
 * around it, 75^3 voxels, two substances, steps of 0.01, 0.1 and 6 min); a phenotype step falls on every 60th step, and
 * so on the first of the 60 that are timed. The default scheme is timed over half an hour: it takes short steps at
 * first, while cells that were placed over each other part. COLEY_PHYSICELL_SETTINGS names a settings file that is run
 * to its end besides: figure pdac_tissue_1_cpu_s. */
#include "bench.h"

#include <math.h>
#include <sys/resource.h>

#include "support/little_tissue.h"
#include "tissue/physicell_xml.h"

static double user_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_utime.tv_sec + 1e-6 * (double)used.ru_utime.tv_usec;
}

static long peak_mb(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss / 1024;
}

static void no_memory(const coley_error *err)
{
    fprintf(stderr, "bench: %s\n", err->text);
    exit(1);
}

/* Close to the densest packing, spheres 0.95 of their diameter apart; returns how many lie in the ball. */
static size_t fill_ball(double radius, coley_place_cell *placed)
{
    const double d = 16.8 * 0.95;
    const int far = (int)(2.2 * radius / d) + 2;
    size_t n = 0;
    for (int z = -far; z <= far; z++)
        for (int y = -far; y <= far; y++)
            for (int x = -far; x <= far; x++) {
                const double at[3] = {(x + 0.5 * ((y + z) & 1)) * d, y * d * 0.866, z * d * 0.816};
                if (at[0] * at[0] + at[1] * at[1] + at[2] * at[2] >= radius * radius) continue;
                if (placed) memcpy(placed[n].at_um, at, sizeof at);
                n++;
            }
    return n;
}

static void shell(coley_place_cell *placed, size_t n, double low, double high)
{
    srand(1);
    for (size_t i = 0; i < n; i++) {
        double r2;
        do {
            r2 = 0;
            for (int a = 0; a < 3; a++) {
                placed[i].at_um[a] = high * (2.0 * rand() / RAND_MAX - 1);
                r2 += placed[i].at_um[a] * placed[i].at_um[a];
            }
        } while (r2 < low * low || r2 > high * high);
        placed[i].type = 1;
    }
}

/* A tumour in a ball and immune cells around it. */
static little_tissue tumour(double radius, size_t n_immune, size_t n_voxels)
{
    const size_t n = fill_ball(radius, NULL);
    little_tissue f = little_tissue_make(n_voxels, n_voxels, n_voxels, 2, 2, 0, n + n_immune);
    const coley_behaviours *b = &f.model.b;
    fill_ball(radius, f.placed);
    shell(f.placed + n, n_immune, radius + 10, radius + 60);
    f.substrate[0] = (coley_substrate){
        .name = "oxygen", .unit = "mmHg", .diffusion_um2_per_min = 1e5, .decay_per_min = 0.1, .initial = 38};
    for (int k = 0; k < COLEY_FACE_COUNT; k++) {
        f.substrate[0].face_fixed[k] = true;
        f.substrate[0].face_value[k] = 38;
    }
    f.substrate[1] =
        (coley_substrate){.name = "factor", .unit = "1", .diffusion_um2_per_min = 1000, .decay_per_min = 0.016};
    f.model.virtual_walls = true;
    *little_tissue_base(&f, 0, b->uptake) = 10;
    *little_tissue_base(&f, 0, b->secretion + 1) = 10;
    *little_tissue_base(&f, 0, b->secretion_target + 1) = 1;
    little_tissue_rest(&f, 1);
    *little_tissue_base(&f, 1, b->uptake) = 10;
    *little_tissue_base(&f, 1, b->attack) = 0.2;
    *little_tissue_base(&f, 1, b->attack_duration) = 60;
    *little_tissue_base(&f, 1, b->persistence) = 10;
    *little_tissue_base(&f, 1, b->adhesion) = 0;
    f.type[1].motile = true;
    f.type[1].chemotaxis = COLEY_CHEMOTAXIS_ONE;
    f.type[1].chemotaxis_substrate = 1;
    f.type[1].chemotaxis_sign = 1;
    coley_rule_term *term = COLEY_NEW(f.arena, coley_rule_term, 1);
    coley_rule *rule = COLEY_NEW(f.arena, coley_rule, 1);
    *term = (coley_rule_term){.signal = f.model.s.substrate, .increases = true, .half = 21.5, .hill = 4};
    *rule = (coley_rule){.behaviour = b->cycle_exit, .maximum = 0.00072, .n_terms = 1, .term = term};
    f.model.rule = rule;
    f.model.n_rules = 1;
    return f;
}

/* As coley tissue run has it unless told otherwise. */
enum { AT_ONCE = 5 };

typedef struct timing {
    double cpu_s, wall_s, cells;
    size_t bytes_per_cell, scratch_per_cell;
} timing;

/* n_steps mechanics steps of the model; at_once: so many may be taken in one. */
static timing time_steps(little_tissue *f, coley_field_scheme scheme, int n_threads, int n_steps, int at_once)
{
    coley_tissue *t;
    coley_error err;
    const coley_tissue_options options = {
        .scheme = scheme, .seed = 1, .n_threads = n_threads, .steps_at_once = at_once};
    if (coley_tissue_create(&f->model, options, &t, &err) != COLEY_OK) no_memory(&err);
    const double cpu = user_s(), wall = bench_now_s();
    while (coley_tissue_steps(t) < (uint64_t)n_steps)
        if (coley_tissue_step(t, &err) != COLEY_OK) no_memory(&err);
    const coley_tissue_memory memory = coley_tissue_memory_of(t);
    const timing r = {user_s() - cpu, bench_now_s() - wall, (double)coley_tissue_cells(t)->n, memory.cell_columns,
                      memory.cell_scratch};
    coley_tissue_destroy(t);
    return r;
}

static timing best_of(int n, little_tissue *f, coley_field_scheme scheme, int n_threads, int n_steps, int at_once)
{
    timing best = time_steps(f, scheme, n_threads, n_steps, at_once);
    for (int k = 1; k < n; k++) {
        const timing next = time_steps(f, scheme, n_threads, n_steps, at_once);
        if (next.cpu_s < best.cpu_s) best.cpu_s = next.cpu_s;
        if (next.wall_s < best.wall_s) best.wall_s = next.wall_s;
    }
    return best;
}

static void substances(bench *b)
{
    little_tissue f = little_tissue_make(75, 75, 75, 2, 1, 0, 0);
    f.substrate[0].initial = f.substrate[1].initial = 1;
    f.substrate[0].diffusion_um2_per_min = 1e5;
    coley_fields *fields;
    coley_error err;
    if (coley_fields_create(f.arena, &f.model, COLEY_FIELD_SPLIT, 1, &fields, &err) != COLEY_OK) no_memory(&err);
    double best = INFINITY;
    for (int run = 0; run < 5; run++) {
        const double cpu = user_s();
        for (int k = 0; k < 100; k++) coley_fields_step(fields, 0.01f, NULL, 1);
        best = fmin(best, user_s() - cpu);
    }
    const double rate = 2.0 * 75 * 75 * 75 * 100 / best;
    bench_row(b, "substances, split scheme", rate / 1e6, rate / 1e6, "M voxel steps/s and core");
    bench_figure(b, "voxel_steps_per_core_second", rate);
    little_tissue_clear(&f);
}

static void cells(bench *b)
{
    little_tissue f = tumour(400, 0, 50);
    const timing t = best_of(3, &f, COLEY_FIELD_DELTA, 1, 60, 1), two = best_of(3, &f, COLEY_FIELD_DELTA, 2, 60, 1),
                 one = best_of(3, &f, COLEY_FIELD_DELTA, 1, 60, 1);
    const double rate = t.cells * 60 / t.cpu_s;
    bench_row(b, "a ball of 94,000 cells, whole step", rate / 1e6, rate / 1e6, "M cell steps/s and core");
    bench_row(b, "the same, two threads", one.wall_s / two.wall_s, one.wall_s / two.wall_s, "times one thread");
    bench_figure(b, "cell_steps_per_core_second", rate);
    bench_figure(b, "two_thread_speedup", one.wall_s / two.wall_s);
    bench_figure(b, "bytes_per_cell", (double)(t.bytes_per_cell + t.scratch_per_cell));
    little_tissue_clear(&f);
}

static void immune(bench *b)
{
    little_tissue f = tumour(232, 7500, 75);
    const timing split = best_of(2, &f, COLEY_FIELD_SPLIT, 1, 60, 1),
                 single = best_of(2, &f, COLEY_FIELD_DELTA, 1, 60, 1),
                 delta = best_of(2, &f, COLEY_FIELD_DELTA, 1, 300, AT_ONCE);
    bench_row(b, "tumour and immune cells, PhysiCell's scheme and steps", split.cpu_s * 10, split.cpu_s * 10,
              "CPU s an hour of tissue");
    bench_row(b, "the same, delta scheme, mechanics steps one by one", single.cpu_s * 10, single.cpu_s * 10,
              "CPU s an hour of tissue");
    bench_row(b, "the same, default scheme", delta.cpu_s * 2, delta.cpu_s * 2, "CPU s an hour of tissue");
    bench_figure(b, "immune3d_cpu_s_per_hour_equal_steps", split.cpu_s * 10);
    bench_figure(b, "immune3d_cpu_s_per_hour_default", delta.cpu_s * 2);
    little_tissue_clear(&f);
}

static void million(bench *b)
{
    const long before = peak_mb();
    little_tissue f = tumour(892, 0, 100);
    const timing t = time_steps(&f, COLEY_FIELD_DELTA, 1, 60, AT_ONCE);
    bench_row(b, "1.04 million cells, default scheme", t.cpu_s * 10, t.cpu_s * 10, "CPU s an hour of tissue");
    bench_row(b, "the same, memory of the program", (double)peak_mb(), (double)before, "MB; before it");
    bench_figure(b, "million_cells", t.cells);
    bench_figure(b, "million_cells_cpu_s_per_hour", t.cpu_s * 10);
    bench_figure(b, "million_cells_rss_mb", (double)peak_mb());
    little_tissue_clear(&f);
}

static void settings(bench *b, const char *path)
{
    coley_arena *arena = coley_arena_create();
    coley_tissue_model model;
    coley_error err;
    coley_tissue *t;
    if (coley_physicell_read(arena, path, (coley_physicell_options){0}, &model, &err) != COLEY_OK) no_memory(&err);
    const coley_tissue_options options = {
        .scheme = COLEY_FIELD_DELTA, .seed = 1, .n_threads = 1, .steps_at_once = AT_ONCE};
    if (coley_tissue_create(&model, options, &t, &err) != COLEY_OK) no_memory(&err);
    const double cpu = user_s();
    while (coley_tissue_time(t) < model.end_min - 1e-9)
        if (coley_tissue_step(t, &err) != COLEY_OK) no_memory(&err);
    bench_row(b, "the named settings, to their end", user_s() - cpu, user_s() - cpu, "CPU s");
    bench_figure(b, "pdac_tissue_1_cpu_s", user_s() - cpu);
    coley_tissue_destroy(t);
    coley_arena_destroy(arena);
}

int main(int argc, char **argv)
{
    bench b = bench_begin("tissue");
    substances(&b);
    cells(&b);
    immune(&b);
    million(&b);
    if (getenv("COLEY_PHYSICELL_SETTINGS")) settings(&b, getenv("COLEY_PHYSICELL_SETTINGS"));
    return bench_end(&b, argc, argv);
}
