/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_tissue_counts.c -- the table's numbers are counted again here, and it outlives a kill in the middle. */
#include "io/tissue_counts.h"

#include "io/csv.h"
#include "support/check.h"
#include "support/tissue_fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[64];
static coley_error err;

static double number(const coley_csv *csv, size_t row, const char *name)
{
    double value = NAN;
    CHECK(coley_csv_number(csv, row, coley_csv_column(csv, name), -1e300, 1e300, &value, &err) == COLEY_OK);
    return value;
}

static void put(coley_arena *arena, const coley_tissue_frame *f, double from_min, int n)
{
    coley_tissue_counts counts;
    coley_tissue_frame frame = *f;
    CHECK(coley_tissue_counts_open(arena, f, path, from_min, &counts, &err) == COLEY_OK);
    for (int i = 0; i < n; i++) {
        frame.time_min = 60.0 * i + (from_min > 0 ? from_min : 0);
        CHECK(coley_tissue_counts_add(&counts, &frame, &err) == COLEY_OK);
    }
    coley_tissue_counts_close(&counts);
}

static void a_row_counts_each_type_by_its_state_and_averages_each_field(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 100, 1, 0);
    coley_csv csv;
    put(arena, &f, -INFINITY, 2);
    CHECK(coley_csv_read(arena, path, &csv, &err) == COLEY_OK);
    CHECK(csv.n_rows == 2 && csv.n_columns == 2 + 3 * 5 + 2);
    size_t live = 0, necrotic = 0, odd = 0;
    for (size_t i = 0; i < f.n_cells; i++) {
        live += f.type_of[i] == 0 && f.death[i] == COLEY_FRAME_LIVE;
        necrotic += f.type_of[i] == 0 && f.death[i] == COLEY_FRAME_NECROTIC;
        odd += f.type_of[i] == 4;
    }
    CHECK(live && necrotic && odd);
    CHECK(number(&csv, 1, "time_min") == 60 && number(&csv, 1, "cells") == (double)f.n_cells);
    CHECK(number(&csv, 1, "tumour live") == (double)live && number(&csv, 0, "tumour necrotic") == (double)necrotic);
    CHECK(number(&csv, 1, "T <reg> & \"co\" live") == (double)odd);
    double sum = 0;
    for (size_t v = 0; v < 100; v++) sum += (double)f.field[0].value[v];
    CHECK_NEAR(number(&csv, 0, "oxygen mean"), sum / 100, 1e-6);
    coley_arena_destroy(arena);
}

static void a_run_taken_up_again_goes_on_where_it_was(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 60, 1, 0);
    char *whole = NULL, *again = NULL;
    size_t n_whole = 0, n_again = 0;
    put(arena, &f, -INFINITY, 6); /* 0 .. 300 */
    CHECK(coley_file_read(arena, path, 1 << 20, &whole, &n_whole, &err) == COLEY_OK);
    put(arena, &f, 180, 3); /* 180 .. 300 */
    CHECK(coley_file_read(arena, path, 1 << 20, &again, &n_again, &err) == COLEY_OK);
    CHECK(n_whole == n_again && !memcmp(whole, again, n_whole));
    CHECK(truncate(path, (off_t)n_whole - 7) == 0); /* what a kill may leave */
    put(arena, &f, 300, 1);
    CHECK(coley_file_read(arena, path, 1 << 20, &again, &n_again, &err) == COLEY_OK);
    CHECK(n_whole == n_again && !memcmp(whole, again, n_whole));

    coley_tissue_counts counts;
    coley_tissue_frame other = f;
    other.n_types = 2;
    CHECK(coley_tissue_counts_open(arena, &other, path, 60, &counts, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "another file");
    coley_arena_destroy(arena);
}

static void a_kill_leaves_whole_rows(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 60, 1, 0);
    for (int round = 0; round < 5; round++) {
        unlink(path);
        const pid_t child = fork();
        if (child == 0) {
            put(arena, &f, -INFINITY, 1 << 30);
            _exit(0);
        }
        struct stat file = {0};
        while (file.st_size < 4000 + 1000 * round) { /* some rows, however busy the machine is */
            usleep(200);
            if (stat(path, &file)) file.st_size = 0;
        }
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        char *bytes = NULL;
        size_t length = 0;
        CHECK(coley_file_read(arena, path, 1 << 28, &bytes, &length, &err) == COLEY_OK);
        while (length && bytes[length - 1] != '\n') length--;
        coley_csv csv;
        CHECK(coley_csv_parse(arena, "counts", bytes, length, &csv, &err) == COLEY_OK);
        CHECK(csv.n_rows > 10);
        CHECK(csv.n_rows > 0 && number(&csv, csv.n_rows - 1, "time_min") == 60.0 * (double)(csv.n_rows - 1));
    }
    coley_arena_destroy(arena);
}

static void a_disk_that_fills_up_leaves_whole_rows_and_is_said(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 60, 1, 0);
    coley_tissue_counts counts;
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 1000;
    signal(SIGXFSZ, SIG_IGN);
    coley_status status = coley_tissue_counts_open(arena, &f, path, -INFINITY, &counts, &err);
    setrlimit(RLIMIT_FSIZE, &small);
    while (status == COLEY_OK) status = coley_tissue_counts_add(&counts, &f, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    coley_tissue_counts_close(&counts);
    CHECK(status == COLEY_ERR_IO);
    coley_csv csv;
    CHECK(coley_csv_read(arena, path, &csv, &err) == COLEY_OK);
    CHECK(csv.n_rows > 2);
    CHECK(coley_tissue_counts_open(arena, &f, "/nowhere/at/all.csv", -INFINITY, &counts, &err) == COLEY_ERR_IO);
    coley_arena_destroy(arena);
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/coley-counts-%ld.csv", (long)getpid());
    RUN(a_row_counts_each_type_by_its_state_and_averages_each_field);
    RUN(a_run_taken_up_again_goes_on_where_it_was);
    RUN(a_kill_leaves_whole_rows);
    RUN(a_disk_that_fills_up_leaves_whole_rows_and_is_said);
    unlink(path);
    return check_done();
}
