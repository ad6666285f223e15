/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench.h -- time a piece of work, print a table, leave the figures as JSON.
 *
 *     bench b = bench_begin("rng");
 *     BENCH(&b, "one normal", "ns", 1e9, 1000000, 7) for (int i = 0; i < 1000000; i++) sum += coley_rng_normal(...);
 *     return bench_end(&b, argc, argv);
 *
 * Each row runs the statement behind BENCH a number of times; the table has the best and the median time. */
#ifndef COLEY_BENCH_BENCH_H
#define COLEY_BENCH_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/table.h"

enum { BENCH_MAX_RUNS = 64 };

typedef struct bench {
    const char *name;
    coley_arena *arena;
    coley_table table;
    coley_text json, figures;
    int rows;
    double start_s, time_s[BENCH_MAX_RUNS];
    int run;
} bench;

static inline double bench_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The processor as Linux names it. */
static inline void bench_processor(char *name, size_t size)
{
    snprintf(name, size, "not known");
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256];
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "model name", 10) == 0 && strchr(line, ':')) {
            snprintf(name, size, "%s", strchr(line, ':') + 2);
            name[strcspn(name, "\n\"\\")] = '\0';
            break;
        }
    if (file) fclose(file);
}

static inline bench bench_begin(const char *name)
{
    static const char *const heading[] = {"what", "best", "median", "unit"};
    bench b = {.name = name, .arena = coley_arena_create()};
    char processor[128];
    bench_processor(processor, sizeof processor);
    b.table = coley_table_begin(b.arena, heading, 4);
    b.json.arena = b.figures.arena = b.arena;
    coley_text_add(&b.figures, "", 0);
    coley_text_addf(&b.json, "{\"name\":\"%s\",\"version\":\"%s\",\"processor\":\"%s\",\"cores\":%ld,\"compiler\":\"%s\",\"rows\":[",
                    name, COLEY_VERSION, processor, sysconf(_SC_NPROCESSORS_ONLN), __VERSION__);
    return b;
}

/* A row of figures that were measured by other means. */
static inline void bench_row(bench *b, const char *what, double best, double median, const char *unit)
{
    coley_table_add(&b->table, "%s", what);
    coley_table_add(&b->table, "%.4g", best);
    coley_table_add(&b->table, "%.4g", median);
    coley_table_add(&b->table, "%s", unit);
    coley_text_addf(&b->json, "%s{\"what\":\"%s\",\"best\":%.6g,\"median\":%.6g,\"unit\":\"%s\"}", b->rows++ ? "," : "", what, best,
                    median, unit);
}

/* A figure under a name of its own in the JSON, beside the rows: what a script asks for. */
static inline void bench_figure(bench *b, const char *name, double value)
{
    coley_text_addf(&b->figures, ",\"%s\":%.6g", name, value);
}

static inline int bench_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* False, with the row added, when all runs are done. */
static inline int bench_next(bench *b, const char *what, const char *unit, double per_second, double parts, int runs)
{
    const double now = bench_now_s();
    if (b->run > 0) b->time_s[b->run - 1] = now - b->start_s;
    if (b->run == runs) {
        qsort(b->time_s, (size_t)runs, sizeof *b->time_s, bench_compare);
        bench_row(b, what, b->time_s[0] * per_second / parts, b->time_s[runs / 2] * per_second / parts, unit);
        b->run = 0;
        return 0;
    }
    b->run++;
    b->start_s = bench_now_s();
    return 1;
}

/* Time of the next statement divided into `parts`, in a unit of which a second holds `per_second`; `runs` <= 64. */
#define BENCH(b, what, unit, per_second, parts, runs)                                              \
    while (bench_next((b), (what), (unit), (per_second), (double)(parts), (runs)))

/* Print the table, write the JSON into the file that is the first argument; the program's exit code. */
static inline int bench_end(bench *b, int argc, char **argv)
{
    coley_text text = {.arena = b->arena};
    coley_error err = {0};
    coley_table_draw(&b->table, &text);
    coley_text_addf(&b->json, "]%s}\n", b->figures.data);
    if (text.failed || b->json.failed) return 1;
    fputs(text.data, stdout);
    if (argc > 1 && coley_file_write(argv[1], b->json.data, b->json.length, &err) != COLEY_OK) {
        fprintf(stderr, "%s: %s\n", err.file, err.text);
        return 1;
    }
    coley_arena_destroy(b->arena);
    return 0;
}

#endif
