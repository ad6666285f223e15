/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_tissue_output.c -- how long a frame of a hundred thousand cells takes to write, in each form, disk included,
 * and how large it is. */
#include "bench.h"

#include <math.h>
#include <sys/stat.h>

#include "base/text.h"
#include "io/anndata.h"
#include "io/movie.h"
#include "io/multicellds.h"
#include "io/picture.h"
#include "io/png.h"
#include "io/tissue_counts.h"
#include "io/vtk.h"
#include "support/tissue_fixture.h"

static coley_error err;

static void must(coley_status status)
{
    if (status == COLEY_OK) return;
    fprintf(stderr, "%s\n", err.text);
    exit(1);
}

static double megabytes(coley_arena *arena, const char *folder, const char *const *name, size_t n)
{
    double sum = 0;
    struct stat what;
    for (size_t i = 0; i < n; i++)
        if (!stat(coley_arena_printf(arena, "%s/%s", folder, name[i]), &what)) sum += (double)what.st_size / 1e6;
    return sum;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/coley-bench-XXXXXX", command[64];
    if (!mkdtemp(folder)) return 1;
    coley_arena *keep = coley_arena_create(), *scratch = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(keep, 378, 0, 0);
    bench b = bench_begin("tissue_output");
    const char *h5ad = coley_arena_printf(keep, "%s/f.h5ad", folder),
               *png = coley_arena_printf(keep, "%s/f.png", folder);
    coley_tissue_counts counts;
    must(coley_tissue_counts_open(keep, &f, coley_arena_printf(keep, "%s/counts.csv", folder), -INFINITY, &counts,
                                  &err));
    coley_movie movie;
    must(coley_movie_open(keep, coley_arena_printf(keep, "%s/preview.png", folder), 100, 0, &movie, &err));
    coley_picture_options slice = COLEY_PICTURE_DEFAULT, body = COLEY_PICTURE_DEFAULT, small = COLEY_PICTURE_DEFAULT;
    body.view = COLEY_PICTURE_BODY;
    small.width = 640;
    coley_raster r;

    BENCH(&b, "MultiCellDS", "ms", 1e3, 1, 3)
    {
        must(coley_multicellds_write(scratch, &f, folder, NULL, &err));
        coley_arena_reset(scratch);
    }
    BENCH(&b, "AnnData", "ms", 1e3, 1, 3)
    {
        must(coley_anndata_write(scratch, &f, h5ad, &err));
        coley_arena_reset(scratch);
    }
    BENCH(&b, "VTK", "ms", 1e3, 1, 3)
    {
        must(coley_vtk_write(scratch, &f, folder, &err));
        coley_arena_reset(scratch);
    }
    BENCH(&b, "row of counts", "ms", 1e3, 1, 3) must(coley_tissue_counts_add(&counts, &f, &err));
    BENCH(&b, "picture, a cut", "ms", 1e3, 1, 3)
    {
        must(coley_picture_draw(scratch, &f, &slice, &r, &err));
        must(coley_png_write(scratch, &r, png, &err));
        coley_arena_reset(scratch);
    }
    BENCH(&b, "picture, the body", "ms", 1e3, 1, 3)
    {
        must(coley_picture_draw(scratch, &f, &body, &r, &err));
        must(coley_png_write(scratch, &r, png, &err));
        coley_arena_reset(scratch);
    }
    BENCH(&b, "picture of the preview", "ms", 1e3, 1, 3)
    {
        must(coley_picture_draw(scratch, &f, &small, &r, &err));
        must(coley_movie_add(scratch, &movie, &r, &err));
        coley_arena_reset(scratch);
    }
    static const char *const sets[3][4] = {
        {"output00000012_cells.mat", "output00000012_microenvironment0.mat", "output00000012.xml", "initial_mesh0.mat"},
        {"f.h5ad"},
        {"cells00000012.vtu", "fields00000012.vti"}};
    static const char *const words[3] = {"MultiCellDS, size", "AnnData, size", "VTK, size"};
    static const size_t n_files[3] = {4, 1, 2};
    for (int i = 0; i < 3; i++) {
        const double size = megabytes(keep, folder, sets[i], n_files[i]);
        bench_row(&b, words[i], size, size, "MB");
    }
    bench_row(&b, "cells", (double)f.n_cells, (double)f.n_cells, "");
    coley_tissue_counts_close(&counts);
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (system(command)) return 1;
    coley_arena_destroy(keep);
    coley_arena_destroy(scratch);
    return bench_end(&b, argc, argv);
}
