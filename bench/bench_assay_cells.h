/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_assay_cells.h -- PD-L1 and infiltrate of a made table of a million cells, in CPU seconds of one core: read,
 * scored, bootstrapped.
 *
 * The file is synthetic: the 32 columns of an inForm export, a million cells in the order of a scan over 8 x 8 mm, four
 * of ten of them tumour cells in stripes. */
#ifndef COLEY_BENCH_ASSAY_CELLS_H
#define COLEY_BENCH_ASSAY_CELLS_H

#include <math.h>

#include "assay/infiltrate.h"
#include "assay/pdl1.h"
#include "base/rng.h"
#include "bench.h"
#include "cells/cell_table.h"

enum { CELLS_ROWS = 1000000, CELLS_RUNS = 5 };

static double cells_cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Megabytes written; 0: it failed. */
static int cells_write(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) return 0;
    fputs("Cell ID,Cell X Position,Cell Y Position,Tissue Category,Phenotype,Confidence,Entire Cell Area (sq microns)",
          file);
    for (int k = 7; k < 31; k++) fprintf(file, ",Nucleus marker %d Mean", k);
    fputs(",Membrane PDL1 (Opal 520) Mean\n", file);
    for (uint64_t i = 0; i < CELLS_ROWS; i++) {
        double u[8];
        for (uint64_t k = 0; k < 8; k++) u[k] = coley_rng_uniform(1, COLEY_STREAM_TEST, i, k);
        /* line by line of 16 um */
        const double x = 8000 * u[0], y = 16 * (floor((double)i / 2000) + u[1]);
        const int tumour = fmod(x, 1000) < 550;
        const char *type = tumour        ? u[2] < 0.85  ? "CK+"
                                           : u[2] < 0.9 ? "CD8+"
                                                        : "other"
                           : u[2] < 0.1  ? "CD8+"
                           : u[2] < 0.2  ? "CD68+"
                           : u[2] < 0.25 ? "FoxP3+"
                                         : "other";
        fprintf(file, "%llu,%.1f,%.1f,%s,%s,%.4f,%.2f", (unsigned long long)i, x, y, tumour ? "Tumor" : "Stroma", type,
                u[3], 30 + 80 * u[4]);
        for (int k = 7; k < 31; k++) fprintf(file, ",%.3f", 6 * u[k % 8]);
        fprintf(file, ",%.3f\n", -log(u[5]) * (0.5 + fmod(y, 1000) / 400));
    }
    const long bytes = ftell(file);
    return fclose(file) == 0 ? (int)(bytes / 1000000) : 0;
}

/* CPU seconds of one pass; infiltrate too when asked. Negative: it failed. */
static double cells_pass(const char *path, int infiltrate, double *tps)
{
    const double start = cells_cpu_s();
    coley_arena *arena = coley_arena_create();
    coley_cell_words words;
    coley_pdl1_rules rules;
    coley_infiltrate_rules zones;
    coley_pdl1_counts counts;
    coley_pdl1_result result[COLEY_PDL1_MAX_SCORES];
    coley_cell_table table;
    coley_infiltrate f;
    coley_error err = {0};
    const coley_cell_table_options options = {.words = &words, .um_per_unit = 1};
    int good = coley_cell_words_read(arena, COLEY_SOURCE_DIR "/catalog/assays/cells.yaml", &words, &err) == COLEY_OK &&
               coley_pdl1_rules_read(arena, COLEY_SOURCE_DIR "/catalog/assays/pdl1.yaml", &rules, &err) == COLEY_OK &&
               coley_infiltrate_rules_read(arena, COLEY_SOURCE_DIR "/catalog/assays/infiltrate.yaml", &zones, &err) ==
                   COLEY_OK &&
               coley_cell_table_read(arena, path, &options, &table, &err) == COLEY_OK;
    if (good && infiltrate)
        good = coley_infiltrate_judge(arena, &table.cells, 1, &zones, &f, &err) == COLEY_OK;
    else if (good)
        good = coley_pdl1_judge(arena, &table.cells, 1, &rules, 0, 1, &counts, result, &err) == COLEY_OK;
    if (!good) fprintf(stderr, "%s:%d: %s\n", err.file, err.line, err.text);
    *tps = good && !infiltrate ? result[0].value : NAN;
    coley_arena_destroy(arena);
    return good ? cells_cpu_s() - start : -1;
}

static void bench_assay_cells(bench *b)
{
    static const char *const what[] = {"PD-L1 of a million cells, CPU", "infiltrate of a million cells, CPU"};
    double best[2] = {INFINITY, INFINITY}, tps = NAN;
    char path[64];
    snprintf(path, sizeof path, "/tmp/coley-bench-cells-%d.csv", (int)getpid());
    const int megabytes = cells_write(path);
    if (!megabytes) return;
    bench_row(b, "the table", megabytes, megabytes, "MB");
    for (int kind = 0; kind < 2; kind++) {
        double s[CELLS_RUNS];
        for (int run = 0; run < CELLS_RUNS; run++) {
            double other;
            s[run] = cells_pass(path, kind, kind ? &other : &tps);
            if (s[run] < 0) goto out;
        }
        qsort(s, CELLS_RUNS, sizeof *s, bench_compare);
        best[kind] = s[0];
        bench_row(b, what[kind], s[0], s[CELLS_RUNS / 2], "s");
    }
    bench_figure(b, "cells_rows_per_core_second", CELLS_ROWS / best[0]);
    bench_figure(b, "cells_infiltrate_rows_per_core_second", CELLS_ROWS / best[1]);
    bench_figure(b, "cells_tps", tps);
out:
    unlink(path);
}

#endif
