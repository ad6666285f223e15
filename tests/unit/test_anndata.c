/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_anndata.c -- what HDF5 itself finds in our .h5ad, against what anndata's documentation asks of each element. */
#include "io/anndata.h"

#include "base/text.h"
#include "io/hdf5_make.h"
#include "support/check.h"
#include "support/tissue_fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static char base[64], path[128];
static coley_error err;

static const char *note_of(hid_t file, const char *object, const char *name)
{
    static char text[4][64];
    static int next;
    char *value = NULL, *into = text[next++ % 4];
    const hid_t a = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT), type = coley_hdf5_text_type();
    *into = '\0';
    if (a >= 0 && H5Aread(a, type, &value) >= 0 && value) {
        snprintf(into, 64, "%s", value);
        H5free_memory(value);
    }
    if (a >= 0) H5Aclose(a);
    H5Tclose(type);
    return into;
}

static void *values(coley_arena *arena, hid_t file, const char *name, hid_t type, size_t size, hsize_t shape[2])
{
    const hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
    CHECK(set >= 0);
    if (set < 0) return NULL;
    const hid_t space = H5Dget_space(set);
    shape[0] = shape[1] = 1;
    H5Sget_simple_extent_dims(space, shape, NULL);
    void *value = coley_arena_alloc(arena, size * shape[0] * shape[1] + 8);
    CHECK(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0);
    if (H5Tis_variable_str(type) > 0) { /* HDF5 wants its texts back */
        char **text = coley_arena_alloc(arena, sizeof *text * shape[0]);
        for (size_t i = 0; i < shape[0]; i++) text[i] = coley_arena_printf(arena, "%s", ((char **)value)[i]);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, value);
        value = text;
    }
    H5Sclose(space);
    H5Dclose(set);
    return value;
}

static void every_element_says_how_it_is_encoded(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 100, 1, 0);
    CHECK(coley_anndata_write(arena, &f, path, &err) == COLEY_OK);
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    static const char *const expected[][3] = {
        {"/", "anndata", "0.1.0"},
        {"X", "array", "0.2.0"},
        {"obs", "dataframe", "0.2.0"},
        {"obs/cell_type", "categorical", "0.2.0"},
        {"obs/cell_type/codes", "array", "0.2.0"},
        {"obs/cell_type/categories", "string-array", "0.2.0"},
        {"obs/dead", "array", "0.2.0"},
        {"obs/_index", "string-array", "0.2.0"},
        {"var", "dataframe", "0.2.0"},
        {"obsm", "dict", "0.1.0"},
        {"uns/seed", "string", "0.2.0"},
        {"uns/time_min", "numeric-scalar", "0.2.0"},
        {"obsp", "dict", "0.1.0"},
        {"layers", "dict", "0.1.0"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        CHECK_TEXT(note_of(file, expected[i][0], "encoding-type"), expected[i][1]);
        CHECK_TEXT(note_of(file, expected[i][0], "encoding-version"), expected[i][2]);
    }
    CHECK_TEXT(note_of(file, "obs", "_index"), "_index");
    H5Fclose(file);
    coley_arena_destroy(arena);
}

static void a_cell_has_its_type_its_place_and_the_fields_of_its_voxel(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 60, 0, 0);
    hsize_t shape[2];
    CHECK(coley_anndata_write(arena, &f, path, &err) == COLEY_OK);
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), text = coley_hdf5_text_type();
    const float *x = values(arena, file, "X", H5T_NATIVE_FLOAT, 4, shape);
    CHECK(shape[0] == f.n_cells && shape[1] == 5);
    const float *at = values(arena, file, "obsm/spatial", H5T_NATIVE_FLOAT, 4, shape);
    CHECK(shape[0] == f.n_cells && shape[1] == 3);
    const int *code = values(arena, file, "obs/cell_type/codes", H5T_NATIVE_INT, 4, shape);
    const int *state = values(arena, file, "obs/state/codes", H5T_NATIVE_INT, 4, shape);
    char *const *type = values(arena, file, "obs/cell_type/categories", text, sizeof(char *), shape);
    CHECK(shape[0] == 5);
    CHECK_TEXT(type[4], "T <reg> & \"co\"");
    char *const *name = values(arena, file, "var/_index", text, sizeof(char *), shape);
    CHECK_TEXT(name[1], "IFN-gamma");
    CHECK_TEXT(name[3], "IFN-gamma_secretion_rates");
    char *const *id = values(arena, file, "obs/_index", text, sizeof(char *), shape);
    CHECK_TEXT(id[2], "7");
    for (size_t i = 0; i < f.n_cells; i++) {
        size_t voxel = 0;
        for (size_t v = 0; v < 6 * 6 * 6; v++) { /* the voxel whose box holds the cell, by looking at all */
            const double low[3] = {-60 + 20.0 * (double)(v % 6), -60 + 20.0 * (double)(v / 6 % 6),
                                   -60 + 20.0 * (double)(v / 36)};
            const double p[3] = {f.x_um[i], f.y_um[i], f.z_um[i]};
            int inside = 1;
            for (int a = 0; a < 3; a++) inside &= p[a] >= low[a] && p[a] < low[a] + 20;
            if (inside) voxel = v;
        }
        CHECK(x[5 * i] == f.field[0].value[voxel] && x[5 * i + 1] == f.field[1].value[voxel]);
        CHECK(x[5 * i + 4] == f.damage[i] && at[3 * i + 2] == f.z_um[i]);
        CHECK(code[i] == f.type_of[i] && state[i] == f.death[i]);
    }
    H5Tclose(text);
    H5Fclose(file);
    coley_arena_destroy(arena);
}

static void the_same_frame_gives_the_same_bytes(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 100, 1, 0);
    char *bytes[2];
    size_t length[2];
    for (int i = 0; i < 2; i++) {
        CHECK(coley_anndata_write(arena, &f, path, &err) == COLEY_OK);
        CHECK(coley_file_read(arena, path, 1 << 26, &bytes[i], &length[i], &err) == COLEY_OK);
    }
    CHECK(length[0] == length[1] && !memcmp(bytes[0], bytes[1], length[0]));
    coley_arena_destroy(arena);
}

static void no_cells_are_a_table_of_no_rows(void)
{
    coley_arena *arena = coley_arena_create();
    coley_tissue_frame f = fixture_frame(arena, 60, 1, 0);
    hsize_t shape[2];
    f.n_cells = 0;
    CHECK(coley_anndata_write(arena, &f, path, &err) == COLEY_OK);
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    values(arena, file, "X", H5T_NATIVE_FLOAT, 4, shape);
    CHECK(shape[0] == 0 && shape[1] == 5);
    H5Fclose(file);
    coley_arena_destroy(arena);
}

static void a_full_disk_and_missing_memory_are_said_and_leave_the_old_file(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 100, 1, 0);
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 4096;
    signal(SIGXFSZ, SIG_IGN);
    char *before = NULL, *after = NULL;
    size_t n_before = 0, n_after = 0;
    CHECK(coley_file_read(arena, path, 1 << 26, &before, &n_before, &err) == COLEY_OK);
    setrlimit(RLIMIT_FSIZE, &small);
    const coley_status status = coley_anndata_write(arena, &f, path, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    CHECK(status == COLEY_ERR_IO);
    CHECK_HAS(err.text, "cannot write");
    CHECK(coley_file_read(arena, path, 1 << 26, &after, &n_after, &err) == COLEY_OK);
    CHECK(n_before == n_after && !memcmp(before, after, n_after));
    CHECK(coley_anndata_write(arena, &f, "/nowhere/at/all.h5ad", &err) == COLEY_ERR_IO);
    for (size_t k = 1;; k++) {
        coley_arena *failing = coley_arena_create_failing(k);
        const coley_status sweep = coley_anndata_write(failing, &f, path, &err);
        coley_arena_destroy(failing);
        if (sweep == COLEY_OK) break;
        CHECK(sweep == COLEY_ERR_MEMORY);
    }
    coley_arena_destroy(arena);
}

int main(void)
{
    snprintf(base, sizeof base, "/tmp/coley-anndata-XXXXXX");
    if (!mkdtemp(base)) return 1;
    snprintf(path, sizeof path, "%s/frame.h5ad", base);
    RUN(every_element_says_how_it_is_encoded);
    RUN(a_cell_has_its_type_its_place_and_the_fields_of_its_voxel);
    RUN(the_same_frame_gives_the_same_bytes);
    RUN(no_cells_are_a_table_of_no_rows);
    RUN(a_full_disk_and_missing_memory_are_said_and_leave_the_old_file);
    unlink(path);
    return check_done() | (rmdir(base) != 0);
}
