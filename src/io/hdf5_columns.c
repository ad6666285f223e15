/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hdf5_columns.c -- HDF5's core driver keeps the file in memory; its image is what is written. */
#include "io/hdf5_columns.h"

#include "io/hdf5_make.h"

#include <string.h>

static int add_column(hid_t at, const char *name, const coley_hdf5_column *column, size_t n_rows)
{
    const hsize_t shape[1] = {n_rows};
    const hid_t set = coley_hdf5_set(at, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, shape, column->value);
    int bad = set < 0;
    for (size_t i = 0; !bad && i < 4 && column->attribute[i].name; i++)
        if (column->attribute[i].text)
            bad |= coley_hdf5_note_fixed(set, column->attribute[i].name, column->attribute[i].text);
    if (set >= 0) H5Dclose(set);
    return bad;
}

static coley_status fill(coley_arena *arena, hid_t file, const coley_hdf5_column *column, size_t n_columns,
                         size_t n_rows, coley_error *err)
{
    hid_t group = -1;
    int bad = 0;
    for (size_t i = 0; i < n_columns && !bad; i++) {
        const char *inside = column[i].group, *before = i ? column[i - 1].group : NULL;
        if (inside && (!before || strcmp(inside, before))) {
            if (group >= 0) H5Gclose(group);
            group = coley_hdf5_group(file, inside);
            bad = group < 0;
        }
        char *name = coley_arena_text(arena, column[i].name, strlen(column[i].name));
        if (!name) {
            if (group >= 0) H5Gclose(group);
            return COLEY_FAIL_MEMORY(err);
        }
        for (char *p = name; *p; p++)
            if (*p == '/') *p = '_';
        if (!bad && add_column(inside ? group : file, name, &column[i], n_rows)) bad = 1;
        if (bad) {
            if (group >= 0) H5Gclose(group);
            return COLEY_FAIL(err, COLEY_ERR_RUN, "HDF5 could not make the column '%s': is there another of that name?",
                              name);
        }
    }
    if (group >= 0) H5Gclose(group);
    return COLEY_OK;
}

coley_status coley_hdf5_columns_write(coley_arena *arena, const coley_hdf5_column *column, size_t n_columns,
                                      size_t n_rows, const coley_hdf5_attribute *root, size_t n_root, char **bytes,
                                      size_t *length, coley_error *err)
{
    const coley_hdf5_quiet quiet = coley_hdf5_hush();
    const hid_t file = coley_hdf5_create();
    coley_status status = file < 0 ? COLEY_FAIL(err, COLEY_ERR_RUN, "HDF5 could not start a file in memory") : COLEY_OK;
    for (size_t i = 0; i < n_root && status == COLEY_OK; i++)
        if (root[i].text && coley_hdf5_note_fixed(file, root[i].name, root[i].text))
            status = COLEY_FAIL(err, COLEY_ERR_RUN, "HDF5 could not note the %s", root[i].name);
    if (status == COLEY_OK) status = fill(arena, file, column, n_columns, n_rows, err);
    if (status == COLEY_OK) status = coley_hdf5_image(arena, file, bytes, length, err);
    if (file >= 0) H5Fclose(file);
    coley_hdf5_unhush(quiet);
    return status;
}
