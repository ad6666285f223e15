/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_tissue_output.c -- any bytes as the files that a run finds of an earlier one: the table of counts, the list of
 * frames, the animation. What is taken up again is a table, a list, an animation; the rest is refused. */
#include "io/movie.h"
#include "io/tissue_counts.h"
#include "base/text.h"
#include "io/vtk.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const coley_frame_type type = {"tumour", 0, NULL};
static const coley_tissue_frame frame = {.time_min = 120,
                                         .number = 2,
                                         .low_um = {0, 0, 0},
                                         .high_um = {20, 20, 20},
                                         .voxel_um = {20, 20, 20},
                                         .n_voxels = {1, 1, 1},
                                         .n_types = 1,
                                         .type = &type};

static void put(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || (size && fwrite(data, 1, size, file) != size) || fclose(file)) abort();
}

static void as_counts(coley_arena *arena, const char *path)
{
    coley_tissue_counts counts;
    coley_error err;
    if (coley_tissue_counts_open(arena, &frame, path, 120, &counts, &err) != COLEY_OK) return;
    if (coley_tissue_counts_add(&counts, &frame, &err) != COLEY_OK) abort();
    coley_tissue_counts_close(&counts);
    /* The rows before are the user's own if they have been edited; ours is at the end. */
    char *bytes = NULL;
    size_t length = 0;
    if (coley_file_read(arena, path, 1 << 24, &bytes, &length, &err) != COLEY_OK || length < 12) abort();
    if (strcmp(bytes + length - 12, "120,0,0,0,0\n") != 0) abort();
}

static void as_list(coley_arena *arena, const char *folder)
{
    coley_error err;
    char *bytes = NULL;
    size_t length = 0;
    if (coley_vtk_write(arena, &frame, folder, &err) != COLEY_OK) return;
    const char *path = coley_arena_printf(arena, "%s/cells.pvd", folder);
    static const char last[] = "file=\"cells00000002.vtu\"/>\n  </Collection>\n</VTKFile>\n";
    if (coley_file_read(arena, path, 1 << 24, &bytes, &length, &err) != COLEY_OK || length < sizeof last) abort();
    if (strcmp(bytes + length - (sizeof last - 1), last) != 0) abort();
}

static void as_movie(coley_arena *arena, const char *path)
{
    coley_movie movie;
    coley_error err;
    if (coley_movie_open(arena, path, 100, 3, &movie, &err) != COLEY_OK || !movie.n) return;
    if (movie.n > 3 || movie.width < 1 || movie.height < 1 || movie.width > 64 || movie.height > 64) return;
    const coley_raster picture = coley_raster_create(arena, movie.width, movie.height, (coley_rgb){1, 2, 3});
    const uint32_t before = movie.n;
    if (coley_movie_add(arena, &movie, &picture, &err) != COLEY_OK || movie.n != before + 1) abort();
    if (coley_movie_open(arena, path, 100, before + 1, &movie, &err) != COLEY_OK || movie.n != before + 1) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char folder[] = "/tmp/coley-fuzz-XXXXXX", path[3][64];
    static const char *const names[] = {"counts.csv", "cells.pvd",         "movie.png",
                                        "fields.pvd", "cells00000002.vtu", "fields00000002.vti"};
    if (!mkdtemp(folder)) abort();
    for (int i = 0; i < 3; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s", folder, names[i]);
        put(path[i], data, size);
    }
    coley_arena *arena = coley_arena_create();
    as_counts(arena, path[0]);
    as_list(arena, folder);
    as_movie(arena, path[2]);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(coley_arena_printf(arena, "%s/%s", folder, names[i]));
    coley_arena_destroy(arena);
    rmdir(folder);
    return 0;
}
