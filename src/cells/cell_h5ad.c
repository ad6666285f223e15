/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_h5ad.c -- an AnnData file (.h5ad, layout of anndata 0.7 and later) as a table of cells.
 *
 * Columns are those of /obs (numbers, booleans, texts, categories), the first two of /obsm/spatial, called
 * "obsm/spatial 1" and "obsm/spatial 2", and the variables of /X by their names in /var, dense or sparse. Only the
 * columns that are asked for are read. */
#include "cells/cell_builder.h"

#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/yaml.h"

enum { MOST_CELLS = 100000000, MOST_CATEGORIES = 1000000, PIECE = 1 << 20 };

/* A column in memory: numbers, or words of which each row has one (-1: none), or a text a row. */
typedef struct column {
    double *number;
    const char **word; /* [n_words] */
    size_t n_words;
    int64_t *code;
} column;

typedef struct h5ad {
    coley_arena *arena;
    const char *file;
    hid_t id;
    size_t n, n_names, n_obs, n_spatial, n_var;
    const char **name; /* obs, spatial, var */
} h5ad;

static coley_status bad(const h5ad *h, const char *key, coley_error *err, const char *what)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = h->file, .key = key}), "%s", what);
}

/* --- small things --------------------------------------------------------------------------------------------------
 */

static int there(hid_t at, const char *path)
{
    char part[256];
    for (const char *p = path; (p = strchr(p, '/')); p++) {
        if ((size_t)(p - path) >= sizeof part) return 0;
        memcpy(part, path, (size_t)(p - path));
        part[p - path] = '\0';
        if (H5Lexists(at, part, H5P_DEFAULT) <= 0) return 0;
    }
    return H5Lexists(at, path, H5P_DEFAULT) > 0;
}

static int is_group(hid_t at, const char *path)
{
    const hid_t object = H5Oopen(at, path, H5P_DEFAULT);
    const int group = object >= 0 && H5Iget_type(object) == H5I_GROUP;
    if (object >= 0) H5Oclose(object);
    return group;
}

/* Rows and columns of a set of one or two dimensions; false when it has others. */
static int shape_of(hid_t set, hsize_t shape[2])
{
    const hid_t space = H5Dget_space(set);
    const int rank = H5Sget_simple_extent_ndims(space);
    shape[0] = shape[1] = 1;
    const int good = (rank == 1 || rank == 2) && H5Sget_simple_extent_dims(space, shape, NULL) == rank;
    H5Sclose(space);
    return good;
}

/* The text of an attribute, or NULL. */
static const char *attribute_of(const h5ad *h, hid_t at, const char *object, const char *name)
{
    char text[256] = "", *pointer = NULL;
    if (H5Aexists_by_name(at, object, name, H5P_DEFAULT) <= 0) return NULL;
    const hid_t attribute = H5Aopen_by_name(at, object, name, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0) return NULL;
    const hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    if (H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1) {
        const hid_t memory = H5Tcopy(type);
        if (H5Tis_variable_str(type) > 0) {
            if (H5Aread(attribute, memory, &pointer) >= 0 && pointer) {
                snprintf(text, sizeof text, "%s", pointer);
                H5Dvlen_reclaim(memory, space, H5P_DEFAULT, &pointer);
            }
        } else if (H5Tget_size(type) < sizeof text) {
            H5Aread(attribute, memory, text);
        }
        H5Tclose(memory);
    }
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
    return *text ? coley_arena_text(h->arena, text, strlen(text)) : NULL;
}

/* --- reading sets --------------------------------------------------------------------------------------------------
 */

/* n numbers from `first` on, of column `at` when there are two dimensions. */
static int read_numbers(hid_t set, size_t first, size_t n, size_t at, double *to)
{
    hsize_t shape[2];
    if (!shape_of(set, shape) || first + n > shape[0] || at >= shape[1]) return 0;
    const hsize_t start[2] = {first, at}, count[2] = {n, 1};
    const hid_t space = H5Dget_space(set), memory = H5Screate_simple(1, count, NULL), type = H5Dget_type(set);
    int good = H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0;
    if (H5Tget_class(type) == H5T_ENUM && H5Tget_size(type) == 1) { /* booleans of h5py: no conversion but by hand */
        int8_t *small = (int8_t *)to;
        good = good && H5Dread(set, type, memory, space, H5P_DEFAULT, small) >= 0;
        for (size_t i = n; good && i-- > 0;) to[i] = small[i];
    } else {
        const H5T_class_t kind = H5Tget_class(type);
        good = good && (kind == H5T_INTEGER || kind == H5T_FLOAT) &&
               H5Dread(set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, to) >= 0;
    }
    H5Tclose(type);
    H5Sclose(memory);
    H5Sclose(space);
    return good;
}

static int read_fixed_texts(coley_arena *arena, hid_t set, hid_t type, size_t n, const char **to)
{
    const size_t size = H5Tget_size(type);
    if (size == 0 || size > 4096 || size * n > (size_t)1 << 31) return 0;
    char *all = COLEY_NEW(arena, char, size *n + 1);
    if (!all || H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all) < 0) return 0;
    for (size_t i = 0; i < n; i++)
        if (!(to[i] = coley_arena_text(arena, all + i * size, strnlen(all + i * size, size)))) return 0;
    return 1;
}

static int read_texts(coley_arena *arena, hid_t set, size_t n, const char **to)
{
    hsize_t shape[2];
    const hid_t type = H5Dget_type(set);
    int good = shape_of(set, shape) && shape[0] == n && shape[1] == 1 && H5Tget_class(type) == H5T_STRING;
    if (good && H5Tis_variable_str(type) <= 0) {
        good = read_fixed_texts(arena, set, type, n, to);
    } else if (good) {
        char **pointer = COLEY_NEW(arena, char *, n);
        const hid_t space = H5Dget_space(set);
        good = pointer && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointer) >= 0;
        for (size_t i = 0; good && i < n; i++)
            good = (to[i] = coley_arena_text(arena, pointer[i] ? pointer[i] : "",
                                             pointer[i] ? strlen(pointer[i]) : 0)) != NULL;
        if (pointer) H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointer);
        H5Sclose(space);
    }
    H5Tclose(type);
    return good;
}

static int is_text(hid_t set)
{
    const hid_t type = H5Dget_type(set);
    const int text = H5Tget_class(type) == H5T_STRING;
    H5Tclose(type);
    return text;
}

/* The words of a category: texts, or numbers written out. */
static int read_categories(h5ad *h, hid_t set, column *c)
{
    hsize_t shape[2];
    if (!shape_of(set, shape) || shape[1] != 1 || shape[0] > MOST_CATEGORIES) return 0;
    c->n_words = (size_t)shape[0];
    if (!(c->word = COLEY_NEW(h->arena, const char *, c->n_words))) return 0;
    if (is_text(set)) return read_texts(h->arena, set, c->n_words, c->word);
    double *number = COLEY_NEW(h->arena, double, c->n_words);
    if (!number || !read_numbers(set, 0, c->n_words, 0, number)) return 0;
    for (size_t i = 0; i < c->n_words; i++)
        if (!(c->word[i] = coley_arena_printf(h->arena, "%g", number[i]))) return 0;
    return 1;
}

static int read_codes(h5ad *h, hid_t set, column *c)
{
    double *code = COLEY_NEW(h->arena, double, h->n);
    if (!code || !(c->code = COLEY_NEW(h->arena, int64_t, h->n)) || !read_numbers(set, 0, h->n, 0, code)) return 0;
    for (size_t i = 0; i < h->n; i++) {
        if (!(code[i] >= -1 && code[i] < (double)c->n_words)) return 0;
        c->code[i] = (int64_t)code[i];
    }
    return 1;
}

/* --- columns of /obs -----------------------------------------------------------------------------------------------
 */

static int read_categorical(h5ad *h, hid_t codes, hid_t categories, column *c)
{
    const int good = codes >= 0 && categories >= 0 && read_categories(h, categories, c) && read_codes(h, codes, c);
    if (codes >= 0) H5Dclose(codes);
    if (categories >= 0) H5Dclose(categories);
    return good;
}

/* {values, mask} of numbers that may be missing. */
static int read_masked(h5ad *h, hid_t group, column *c)
{
    const hid_t values = H5Dopen2(group, "values", H5P_DEFAULT), mask = H5Dopen2(group, "mask", H5P_DEFAULT);
    double *missing = COLEY_NEW(h->arena, double, h->n);
    c->number = COLEY_NEW(h->arena, double, h->n);
    const int good = values >= 0 && mask >= 0 && missing && c->number && read_numbers(values, 0, h->n, 0, c->number) &&
                     read_numbers(mask, 0, h->n, 0, missing);
    for (size_t i = 0; good && i < h->n; i++)
        if (missing[i] != 0) c->number[i] = NAN;
    if (values >= 0) H5Dclose(values);
    if (mask >= 0) H5Dclose(mask);
    return good;
}

static int read_plain(h5ad *h, hid_t set, column *c)
{
    if (!is_text(set))
        return (c->number = COLEY_NEW(h->arena, double, h->n)) && read_numbers(set, 0, h->n, 0, c->number);
    c->n_words = h->n;
    return (c->word = COLEY_NEW(h->arena, const char *, h->n)) && read_texts(h->arena, set, h->n, c->word);
}

static coley_status read_obs(h5ad *h, const char *name, column *c, coley_error *err)
{
    int good = 0;
    const hid_t obs = H5Gopen2(h->id, "obs", H5P_DEFAULT);
    char *old = coley_arena_printf(h->arena, "__categories/%s", name);
    if (!old) {
        H5Gclose(obs);
        return COLEY_FAIL_MEMORY(err);
    }
    if (is_group(obs, name)) {
        const hid_t group = H5Gopen2(obs, name, H5P_DEFAULT);
        if (there(group, "codes"))
            good = read_categorical(h, H5Dopen2(group, "codes", H5P_DEFAULT),
                                    H5Dopen2(group, "categories", H5P_DEFAULT), c);
        else if (there(group, "mask"))
            good = read_masked(h, group, c);
        H5Gclose(group);
    } else if (there(obs, old)) {
        good = read_categorical(h, H5Dopen2(obs, name, H5P_DEFAULT), H5Dopen2(obs, old, H5P_DEFAULT), c);
    } else {
        const hid_t set = H5Dopen2(obs, name, H5P_DEFAULT);
        good = set >= 0 && read_plain(h, set, c);
        if (set >= 0) H5Dclose(set);
    }
    H5Gclose(obs);
    return good ? COLEY_OK
                : bad(h, name, err,
                      "this column of obs can't be read: its length, kind or codes are not as AnnData "
                      "writes them");
}

/* --- columns of /X -------------------------------------------------------------------------------------------------
 */

typedef struct sparse {
    hid_t data, indices, indptr;
    size_t n_pointers, n_stored;
} sparse;

/* Values of a stretch of the stored numbers that are of variable `at`, into their rows (csr). */
static int take_rows(const sparse *s, const double *pointer, size_t at, double *index, double *value, double *to)
{
    size_t row = 0;
    for (size_t first = 0; first < s->n_stored; first += PIECE) {
        const size_t n = s->n_stored - first < PIECE ? s->n_stored - first : PIECE;
        if (!read_numbers(s->indices, first, n, 0, index) || !read_numbers(s->data, first, n, 0, value)) return 0;
        for (size_t i = 0; i < n; i++) {
            while (row + 2 < s->n_pointers && (double)(first + i) >= pointer[row + 1]) row++;
            if (index[i] == (double)at) to[row] = value[i];
        }
    }
    return 1;
}

/* The stored numbers of variable `at` are one stretch (csc). */
static int take_column(const sparse *s, const double *pointer, size_t at, size_t n_rows, double *index, double *value,
                       double *to)
{
    const size_t begin = (size_t)pointer[at], end = (size_t)pointer[at + 1];
    for (size_t first = begin; first < end; first += PIECE) {
        const size_t n = end - first < PIECE ? end - first : PIECE;
        if (!read_numbers(s->indices, first, n, 0, index) || !read_numbers(s->data, first, n, 0, value)) return 0;
        for (size_t i = 0; i < n; i++) {
            if (!(index[i] >= 0 && index[i] < (double)n_rows)) return 0;
            to[(size_t)index[i]] = value[i];
        }
    }
    return 1;
}

static int read_sparse(h5ad *h, hid_t group, int by_row, size_t at, double *to)
{
    hsize_t shape[2];
    sparse s = {.data = H5Dopen2(group, "data", H5P_DEFAULT),
                .indices = H5Dopen2(group, "indices", H5P_DEFAULT),
                .indptr = H5Dopen2(group, "indptr", H5P_DEFAULT)};
    int good = s.data >= 0 && s.indices >= 0 && s.indptr >= 0 && shape_of(s.indptr, shape);
    s.n_pointers = good ? (size_t)shape[0] : 0;
    good = good && s.n_pointers == (by_row ? h->n : h->n_var) + 1 && shape_of(s.data, shape);
    s.n_stored = good ? (size_t)shape[0] : 0;
    double *pointer = COLEY_NEW(h->arena, double, s.n_pointers + 1), *index = COLEY_NEW(h->arena, double, PIECE);
    double *value = COLEY_NEW(h->arena, double, PIECE);
    good = good && pointer && index && value && read_numbers(s.indptr, 0, s.n_pointers, 0, pointer);
    for (size_t i = 0; good && i < s.n_pointers; i++)
        good = pointer[i] >= (i ? pointer[i - 1] : 0) && pointer[i] <= (double)s.n_stored;
    good = good && (by_row ? take_rows(&s, pointer, at, index, value, to)
                           : take_column(&s, pointer, at, h->n, index, value, to));
    if (s.data >= 0) H5Dclose(s.data);
    if (s.indices >= 0) H5Dclose(s.indices);
    if (s.indptr >= 0) H5Dclose(s.indptr);
    return good;
}

static coley_status read_x(h5ad *h, size_t at, column *c, coley_error *err)
{
    const char *key = h->name[h->n_obs + h->n_spatial + at];
    int good = 0;
    if (!(c->number = COLEY_NEW(h->arena, double, h->n))) return COLEY_FAIL_MEMORY(err);
    if (!there(h->id, "X")) return bad(h, key, err, "the file has no matrix X that this variable could be read from");
    if (is_group(h->id, "X")) {
        const char *kind = attribute_of(h, h->id, "X", "encoding-type");
        if (!kind) kind = attribute_of(h, h->id, "X", "h5sparse_format");
        const int by_row = kind && strncmp(kind, "csr", 3) == 0;
        const hid_t group = H5Gopen2(h->id, "X", H5P_DEFAULT);
        good = kind && (by_row || strncmp(kind, "csc", 3) == 0) && read_sparse(h, group, by_row, at, c->number);
        H5Gclose(group);
    } else {
        const hid_t set = H5Dopen2(h->id, "X", H5P_DEFAULT);
        hsize_t shape[2];
        good = set >= 0 && shape_of(set, shape) && shape[0] == h->n && shape[1] == h->n_var &&
               read_numbers(set, 0, h->n, at, c->number);
        if (set >= 0) H5Dclose(set);
    }
    return good ? COLEY_OK
                : bad(h, key, err, "this variable of X can't be read: the matrix is not as AnnData writes it");
}

/* --- names ---------------------------------------------------------------------------------------------------------
 */

/* Names of the members of obs. */
static coley_status name_obs(h5ad *h, size_t *cap, coley_error *err)
{
    H5G_info_t info;
    char name[512];
    const hid_t obs = H5Gopen2(h->id, "obs", H5P_DEFAULT);
    int good = obs >= 0 && H5Gget_info(obs, &info) >= 0 && info.nlinks <= COLEY_CELLS_MAX_COLUMNS;
    for (hsize_t i = 0; good && i < info.nlinks; i++) {
        const ssize_t n = H5Lget_name_by_idx(obs, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
        if (n <= 0 || (size_t)n >= sizeof name || strcmp(name, "__categories") == 0) continue;
        good = COLEY_RESERVE(h->arena, h->name, *cap, h->n_names + 1) &&
               (h->name[h->n_names] = coley_arena_text(h->arena, name, (size_t)n)) != NULL;
        h->n_names += (size_t)good;
    }
    if (obs >= 0) H5Gclose(obs);
    h->n_obs = h->n_names;
    return good ? COLEY_OK : bad(h, "obs", err, "can't be read, or has too many columns");
}

/* Number of cells: the length of the index of obs. */
static coley_status count_cells(h5ad *h, coley_error *err)
{
    hsize_t shape[2] = {0, 0};
    const char *index = attribute_of(h, h->id, "obs", "_index");
    char *path = index ? coley_arena_printf(h->arena, "obs/%s", index) : NULL;
    if (!path || !there(h->id, path)) return bad(h, "obs", err, "has no index, as AnnData writes it");
    const hid_t set = H5Dopen2(h->id, path, H5P_DEFAULT);
    const int good = set >= 0 && shape_of(set, shape) && shape[1] == 1;
    if (set >= 0) H5Dclose(set);
    if (!good) return bad(h, path, err, "the index can't be read");
    if (!shape[0]) return bad(h, "obs", err, "there is no cell in it");
    if (shape[0] > MOST_CELLS) return bad(h, "obs", err, "more than 100 million cells");
    h->n = (size_t)shape[0];
    return COLEY_OK;
}

static coley_status name_variables(h5ad *h, size_t *cap, coley_error *err)
{
    hsize_t shape[2];
    const char *index = there(h->id, "var") ? attribute_of(h, h->id, "var", "_index") : NULL;
    char *path = index ? coley_arena_printf(h->arena, "var/%s", index) : NULL;
    if (!path || !there(h->id, path)) return COLEY_OK;
    const hid_t set = H5Dopen2(h->id, path, H5P_DEFAULT);
    int good = set >= 0 && shape_of(set, shape) && shape[1] == 1 && shape[0] <= MOST_CATEGORIES;
    h->n_var = good ? (size_t)shape[0] : 0;
    good = good && COLEY_RESERVE(h->arena, h->name, *cap, h->n_names + h->n_var + 1) &&
           read_texts(h->arena, set, h->n_var, h->name + h->n_names);
    if (set >= 0) H5Dclose(set);
    if (!good) return bad(h, path, err, "the names of variables can't be read");
    h->n_names += h->n_var;
    return COLEY_OK;
}

static coley_status name_columns(h5ad *h, coley_error *err)
{
    hsize_t shape[2] = {0, 0};
    size_t cap = 0;
    if (!there(h->id, "obs")) return bad(h, NULL, err, "this HDF5 file has no group obs: it is no AnnData file");
    if (!is_group(h->id, "obs"))
        return bad(h, "obs", err,
                   "is in the layout of anndata before 0.7; read it and write it again with a newer one");
    COLEY_TRY(count_cells(h, err));
    COLEY_TRY(name_obs(h, &cap, err));
    if (there(h->id, "obsm/spatial")) {
        const hid_t set = H5Dopen2(h->id, "obsm/spatial", H5P_DEFAULT);
        const int good = set >= 0 && shape_of(set, shape) && shape[0] == h->n && shape[1] >= 2;
        if (set >= 0) H5Dclose(set);
        if (!good) return bad(h, "obsm/spatial", err, "has not two columns and a row a cell");
        if (!COLEY_RESERVE(h->arena, h->name, cap, h->n_names + 2)) return COLEY_FAIL_MEMORY(err);
        h->name[h->n_names++] = "obsm/spatial 1";
        h->name[h->n_names++] = "obsm/spatial 2";
        h->n_spatial = 2;
    }
    return name_variables(h, &cap, err);
}

/* --- cells ---------------------------------------------------------------------------------------------------------
 */

static coley_status read_column(h5ad *h, int at, column *c, coley_error *err)
{
    *c = (column){0};
    if (at < 0) return COLEY_OK;
    if ((size_t)at < h->n_obs) return read_obs(h, h->name[at], c, err);
    if ((size_t)at >= h->n_obs + h->n_spatial) return read_x(h, (size_t)at - h->n_obs - h->n_spatial, c, err);
    const hid_t set = H5Dopen2(h->id, "obsm/spatial", H5P_DEFAULT);
    c->number = COLEY_NEW(h->arena, double, h->n);
    const int good = c->number && set >= 0 && read_numbers(set, 0, h->n, (size_t)at - h->n_obs, c->number);
    if (set >= 0) H5Dclose(set);
    return good ? COLEY_OK : bad(h, "obsm/spatial", err, "can't be read as numbers");
}

static const char *text_at(const column *c, size_t i, char buffer[32])
{
    if (c->number) {
        if (isnan(c->number[i])) return "";
        snprintf(buffer, 32, "%g", c->number[i]);
        return buffer;
    }
    if (!c->code) return c->word[i];
    return c->code[i] < 0 ? "" : c->word[c->code[i]];
}

static int number_at(const column *c, size_t i, double *value)
{
    char buffer[32];
    if (c->number) {
        *value = c->number[i];
        return 1;
    }
    const char *text = text_at(c, i, buffer);
    return coley_cell_call(text, strlen(text), value);
}

typedef struct columns {
    column at[COLEY_COLUMN_COUNT], second[COLEY_COLUMN_COUNT], call[COLEY_CELLS_MAX_CALLS];
} columns;

static coley_status read_columns(h5ad *h, const coley_cell_layout *layout, size_t n_calls, columns *all,
                                 coley_error *err)
{
    for (int c = 0; c < COLEY_COLUMN_COUNT; c++) {
        COLEY_TRY(read_column(h, layout->at[c], &all->at[c], err));
        COLEY_TRY(read_column(h, layout->second[c], &all->second[c], err));
    }
    for (size_t i = 0; i < n_calls; i++) COLEY_TRY(read_column(h, layout->call[i], &all->call[i], err));
    return COLEY_OK;
}

static coley_status not_number(const h5ad *h, const char *name, size_t i, coley_error *err)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = h->file, .key = name}),
                         "cell %zu has no number here that could be used", i + 1);
}

static coley_status position_at(const h5ad *h, const coley_cell_layout *layout, const columns *all, int c, size_t i,
                                double unit, double *to, coley_error *err)
{
    double first, second;
    if (layout->at[c] < 0) return COLEY_OK;
    if (!number_at(&all->at[c], i, &first) || !isfinite(first)) return not_number(h, h->name[layout->at[c]], i, err);
    second = first;
    if (layout->second[c] >= 0 && (!number_at(&all->second[c], i, &second) || !isfinite(second)))
        return not_number(h, h->name[layout->second[c]], i, err);
    *to = 0.5 * (first + second) * unit;
    return COLEY_OK;
}

static coley_status word_at(h5ad *h, coley_cell_builder *b, const columns *all, int c, size_t i, uint32_t *number,
                            coley_error *err)
{
    char buffer[32];
    const char *text = text_at(&all->at[c], i, buffer);
    const coley_place place = {.file = h->file, .key = coley_cell_column_name((coley_cell_column)c)};
    return coley_cell_intern(b, (coley_cell_column)c, text, strlen(text), place, number, err);
}

static coley_status add_cell(h5ad *h, coley_cell_builder *b, const columns *all, size_t i, coley_error *err)
{
    const coley_cell_layout *layout = &b->layout;
    coley_cell_row row = {.pdl1 = NAN, .area = NAN};
    uint32_t word = 0;
    double value;
    COLEY_TRY(position_at(h, layout, all, COLEY_COLUMN_X, i, b->options->um_per_unit, &row.x, err));
    COLEY_TRY(position_at(h, layout, all, COLEY_COLUMN_Y, i, b->options->um_per_unit, &row.y, err));
    if (layout->at[COLEY_COLUMN_PDL1] >= 0 && !number_at(&all->at[COLEY_COLUMN_PDL1], i, &row.pdl1))
        return not_number(h, h->name[layout->at[COLEY_COLUMN_PDL1]], i, err);
    if (layout->at[COLEY_COLUMN_AREA] >= 0 && !number_at(&all->at[COLEY_COLUMN_AREA], i, &row.area))
        return not_number(h, h->name[layout->at[COLEY_COLUMN_AREA]], i, err);
    if (layout->at[COLEY_COLUMN_SAMPLE] >= 0) COLEY_TRY(word_at(h, b, all, COLEY_COLUMN_SAMPLE, i, &row.sample, err));
    if (layout->at[COLEY_COLUMN_PHENOTYPE] >= 0) {
        COLEY_TRY(word_at(h, b, all, COLEY_COLUMN_PHENOTYPE, i, &word, err));
        row.type = (uint8_t)b->phenotype.seen[word].meaning;
    }
    if (layout->at[COLEY_COLUMN_REGION] >= 0) {
        COLEY_TRY(word_at(h, b, all, COLEY_COLUMN_REGION, i, &word, err));
        row.region = (uint8_t)b->region.seen[word].meaning;
    }
    for (size_t k = b->options->n_calls; k-- > 0;) {
        if (!number_at(&all->call[k], i, &value)) return not_number(h, h->name[layout->call[k]], i, err);
        if (value > 0) row.type = (uint8_t)layout->call_type[k];
    }
    return coley_cell_builder_add(b, &row, err);
}

static coley_status read_table(h5ad *h, coley_cell_builder *b, coley_cell_table *table, coley_error *err)
{
    const coley_place place = {.file = h->file};
    columns *all = COLEY_NEW(h->arena, columns, 1);
    if (!all) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(name_columns(h, err));
    COLEY_TRY(coley_cell_layout_find(h->arena, h->name, h->n_names, b->options, place, &b->layout, err));
    COLEY_TRY(read_columns(h, &b->layout, b->options->n_calls, all, err));
    for (size_t i = 0; i < h->n; i++) COLEY_TRY(add_cell(h, b, all, i, err));
    for (size_t i = 0; i < h->n_names; i++) { /* the names outlive the scratch arena */
        char *copy = coley_arena_text(b->arena, h->name[i], strlen(h->name[i]));
        if (!copy) return COLEY_FAIL_MEMORY(err);
        h->name[i] = copy;
    }
    return coley_cell_builder_finish(b, h->file, h->name, table, err);
}

coley_status coley_cell_h5ad_read(coley_arena *arena, const char *path, const coley_cell_table_options *options,
                                  coley_cell_table *table, coley_error *err)
{
    H5E_auto2_t print;
    void *print_to;
    coley_cell_builder b;
    COLEY_TRY(coley_cell_builder_begin(arena, options, &b, err));
    H5Eget_auto2(H5E_DEFAULT, &print, &print_to);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* HDF5 prints its errors otherwise */
    h5ad h = {.arena = b.scratch, .file = path, .id = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT)};
    coley_status status = h.id < 0
                              ? COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = path}),
                                              "is not there, or can't be read as an HDF5 file (.h5ad); is it whole?")
                              : read_table(&h, &b, table, err);
    if (h.id >= 0) H5Fclose(h.id);
    coley_cell_builder_end(&b);
    H5Eset_auto2(H5E_DEFAULT, print, print_to);
    return status;
}
