/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AnnData files of every layout that anndata writes, and broken ones. */
#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "cells/cell_table.h"
#include "support/check.h"

static coley_arena *arena;
static coley_cell_words words;
static coley_error err;
static char path[64];

static void put_text(hid_t at, const char *name, const char *text)
{
    const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, strlen(text) + 1);
    const hid_t attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, text);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

static void put(hid_t at, const char *name, hid_t type, const void *value, hsize_t rows, hsize_t columns)
{
    const hsize_t shape[2] = {rows, columns};
    const hid_t space = H5Screate_simple(columns ? 2 : 1, shape, NULL);
    const hid_t set = H5Dcreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value);
    H5Dclose(set);
    H5Sclose(space);
}

/* Texts of up to 7 bytes, of fixed size. */
static void put_words(hid_t at, const char *name, const char value[][8], hsize_t n)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 8);
    put(at, name, type, value, n, 0);
    H5Tclose(type);
}

typedef struct made {
    hid_t file, obs;
} made;

/* Four cells with an index, x, y and nothing else. */
static made begin(void)
{
    static const char index[4][8] = {"a", "b", "c", "d"};
    static const double x[] = {1, 2, 3, 4}, y[] = {5, 6, 7, 8};
    made m = {.file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)};
    m.obs = H5Gcreate2(m.file, "obs", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    put_text(m.obs, "_index", "_index");
    put_words(m.obs, "_index", index, 4);
    put(m.obs, "x", H5T_NATIVE_DOUBLE, x, 4, 0);
    put(m.obs, "y", H5T_NATIVE_DOUBLE, y, 4, 0);
    return m;
}

static hid_t group(hid_t at, const char *name)
{
    return H5Gcreate2(at, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
}

static void categories(hid_t at, int wrong_code)
{
    static const char word[2][8] = {"CK+", "CD8+"};
    const int8_t code[] = {0, 1, -1, (int8_t)(wrong_code ? 2 : 1)};
    const hid_t g = group(at, "phenotype");
    put_words(g, "categories", word, 2);
    put(g, "codes", H5T_NATIVE_INT8, code, 4, 0);
    H5Gclose(g);
}

static coley_status read_it(made m, const char *pdl1, coley_cell_table *table)
{
    coley_cell_table_options o = {.words = &words, .um_per_unit = 1, .needed = 1u << COLEY_COLUMN_PHENOTYPE};
    o.column[COLEY_COLUMN_PDL1] = pdl1;
    H5Gclose(m.obs);
    H5Fclose(m.file);
    err = (coley_error){0};
    *table = (coley_cell_table){0};
    return coley_cell_table_read(arena, path, &o, table, &err);
}

static void categories_texts_and_older_categories_are_one(void)
{
    static const char plain[4][8] = {"CK+", "CD8+", "", "CD8+"}, word[2][8] = {"CK+", "CD8+"};
    static const int8_t code[] = {0, 1, -1, 1};
    for (int layout = 0; layout < 3; layout++) {
        coley_cell_table t;
        made m = begin();
        if (layout == 0) categories(m.obs, 0);
        if (layout == 1) put_words(m.obs, "phenotype", plain, 4);
        if (layout == 2) {
            const hid_t old = group(m.obs, "__categories");
            put_words(old, "phenotype", word, 2);
            put(m.obs, "phenotype", H5T_NATIVE_INT8, code, 4, 0);
            H5Gclose(old);
        }
        CHECK(read_it(m, NULL, &t) == COLEY_OK);
        CHECK(t.n == 4 && t.cells.type[0] == COLEY_CELL_TUMOUR && t.cells.type[1] == COLEY_CELL_CD8);
        CHECK(t.cells.type[2] == COLEY_CELL_OTHER && t.cells.type[3] == COLEY_CELL_CD8);
        CHECK(t.cells.x_um[2] == 3 && t.cells.y_um[3] == 8);
    }
}

static void numbers_that_may_be_missing_keep_their_holes(void)
{
    static const double value[] = {1, 2, 3, 4};
    static const int8_t mask[] = {0, 0, 1, 0};
    coley_cell_table t;
    made m = begin();
    categories(m.obs, 0);
    const hid_t g = group(m.obs, "pdl1");
    put(g, "values", H5T_NATIVE_DOUBLE, value, 4, 0);
    put(g, "mask", H5T_NATIVE_INT8, mask, 4, 0);
    H5Gclose(g);
    CHECK(read_it(m, NULL, &t) == COLEY_OK);
    CHECK(t.cells.pdl1[1] == 2 && isnan(t.cells.pdl1[2]) && t.cells.pdl1[3] == 4);
}

/* Variables A and PDL1 of X by row; `broken` spoils one part. */
static made sparse(const char *broken)
{
    static const char var_names[2][8] = {"A", "PDL1"};
    static const double data[] = {9, 1.5, 2.5, 8};
    int32_t indices[] = {0, 1, 1, 0}, indptr[] = {0, 2, 2, 3, 4};
    made m = begin();
    categories(m.obs, 0);
    const hid_t var = group(m.file, "var"), x = group(m.file, "X");
    put_text(var, "_index", "name");
    put_words(var, "name", var_names, 2);
    put_text(x, "encoding-type", strcmp(broken, "kind") == 0 ? "coo_matrix" : "csr_matrix");
    if (strcmp(broken, "order") == 0) indptr[1] = 4;
    if (strcmp(broken, "past the end") == 0) indptr[4] = 400;
    put(x, "data", H5T_NATIVE_DOUBLE, data, 4, 0);
    put(x, "indices", H5T_NATIVE_INT32, indices, strcmp(broken, "short") == 0 ? 3 : 4, 0);
    put(x, "indptr", H5T_NATIVE_INT32, indptr, strcmp(broken, "rows") == 0 ? 4 : 5, 0);
    H5Gclose(var);
    H5Gclose(x);
    return m;
}

static void a_sparse_matrix_has_zeros_where_nothing_is_stored(void)
{
    coley_cell_table t;
    CHECK(read_it(sparse(""), "PDL1", &t) == COLEY_OK);
    CHECK(t.cells.pdl1[0] == 1.5 && t.cells.pdl1[1] == 0 && t.cells.pdl1[2] == 2.5 && t.cells.pdl1[3] == 0);
}

static void broken_matrices_are_refused_by_name(void)
{
    static const char *const faults[] = {"kind", "order", "past the end", "short", "rows"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        coley_cell_table t;
        CHECK(read_it(sparse(faults[i]), "PDL1", &t) == COLEY_ERR_INPUT);
        CHECK_TEXT(err.key, "PDL1");
        CHECK_HAS(err.text, "not as AnnData writes it");
    }
}

static void broken_columns_are_refused_by_name(void)
{
    static const double three[] = {1, 2, 3}, four[] = {1, 2, NAN, 4};
    coley_cell_table t;
    made m = begin();
    categories(m.obs, 1); /* a code without a category */
    CHECK(read_it(m, NULL, &t) == COLEY_ERR_INPUT);
    CHECK_TEXT(err.key, "phenotype");
    m = begin();
    categories(m.obs, 0);
    put(m.obs, "pdl1", H5T_NATIVE_DOUBLE, three, 3, 0);
    CHECK(read_it(m, NULL, &t) == COLEY_ERR_INPUT);
    CHECK_TEXT(err.key, "pdl1");
    m = begin();
    categories(m.obs, 0);
    H5Ldelete(m.obs, "x", H5P_DEFAULT);
    put(m.obs, "x", H5T_NATIVE_DOUBLE, four, 4, 0);
    CHECK(read_it(m, NULL, &t) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "cell 3 has no number here");
    m = begin();
    categories(m.obs, 0);
    H5Adelete(m.obs, "_index");
    CHECK(read_it(m, NULL, &t) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "has no index");
    m = begin();
    CHECK(read_it(m, NULL, &t) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "name it with --phenotype");
}

static void other_hdf5_files_are_refused(void)
{
    static const double x[] = {1};
    coley_cell_table t;
    made m = {.file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)};
    m.obs = group(m.file, "something");
    CHECK(read_it(m, NULL, &t) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "has no group obs");
    m.file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    m.obs = group(m.file, "uns");
    put(m.file, "obs", H5T_NATIVE_DOUBLE, x, 1, 0);
    CHECK(read_it(m, NULL, &t) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "before 0.7");
}

int main(void)
{
    arena = coley_arena_create();
    snprintf(path, sizeof path, "/tmp/coley-h5ad-%d.h5ad", (int)getpid());
    if (coley_cell_words_read(arena, COLEY_SOURCE_DIR "/catalog/assays/cells.yaml", &words, &err) != COLEY_OK) {
        printf("Bail out! %s\n", err.text);
        return 1;
    }
    RUN(categories_texts_and_older_categories_are_one);
    RUN(numbers_that_may_be_missing_keep_their_holes);
    RUN(a_sparse_matrix_has_zeros_where_nothing_is_stored);
    RUN(broken_matrices_are_refused_by_name);
    RUN(broken_columns_are_refused_by_name);
    RUN(other_hdf5_files_are_refused);
    unlink(path);
    coley_arena_destroy(arena);
    return check_done();
}
