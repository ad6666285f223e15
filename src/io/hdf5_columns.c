/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hdf5_columns.c -- HDF5's core driver keeps the file in memory; its image is what is written. */
#include "io/hdf5_columns.h"

#include <hdf5.h>
#include <string.h>

static int add_text(hid_t at, const char *name, const char *text)
{
    const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    int bad = H5Tset_size(type, strlen(text) + 1) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0;
    const hid_t attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bad |= attribute < 0 || H5Awrite(attribute, type, text) < 0 || H5Aclose(attribute) < 0;
    H5Tclose(type);
    H5Sclose(space);
    return bad;
}

static int add_column(hid_t at, const char *name, const coley_hdf5_column *column, size_t n_rows)
{
    const hsize_t shape[1] = {n_rows};
    const hid_t space = H5Screate_simple(1, shape, NULL), settings = H5Pcreate(H5P_DATASET_CREATE);
    int bad = space < 0 || settings < 0 || H5Pset_obj_track_times(settings, 0) < 0;
    const hid_t set = H5Dcreate2(at, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, settings, H5P_DEFAULT);
    bad |= set < 0;
    if (!bad && n_rows) bad |= H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, column->value) < 0;
    for (size_t i = 0; !bad && i < 4 && column->attribute[i].name; i++)
        if (column->attribute[i].text) bad |= add_text(set, column->attribute[i].name, column->attribute[i].text);
    if (set >= 0) H5Dclose(set);
    H5Pclose(settings);
    H5Sclose(space);
    return bad;
}

static hid_t create_group(hid_t file, const char *name)
{
    const hid_t settings = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(settings, 0);
    const hid_t group = H5Gcreate2(file, name, H5P_DEFAULT, settings, H5P_DEFAULT);
    H5Pclose(settings);
    return group;
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
            group = create_group(file, inside);
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

static coley_status take_image(coley_arena *arena, hid_t file, char **bytes, size_t *length, coley_error *err)
{
    const ssize_t size = H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 ? -1 : H5Fget_file_image(file, NULL, 0);
    if (size <= 0) return COLEY_FAIL(err, COLEY_ERR_RUN, "HDF5 could not make the file");
    if (!(*bytes = coley_arena_alloc(arena, (size_t)size))) return COLEY_FAIL_MEMORY(err);
    if (H5Fget_file_image(file, *bytes, (size_t)size) != size)
        return COLEY_FAIL(err, COLEY_ERR_RUN, "HDF5 could not give the file");
    *length = (size_t)size;
    return COLEY_OK;
}

coley_status coley_hdf5_columns_write(coley_arena *arena, const coley_hdf5_column *column, size_t n_columns,
                                      size_t n_rows, const coley_hdf5_attribute *root, size_t n_root, char **bytes,
                                      size_t *length, coley_error *err)
{
    H5E_auto2_t print;
    void *print_to;
    H5Eget_auto2(H5E_DEFAULT, &print, &print_to);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* HDF5 prints its errors otherwise */

    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), settings = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_fapl_core(access, (size_t)1 << 20, 0);
    H5Pset_obj_track_times(settings, 0);
    const hid_t file = H5Fcreate("trajectory.h5", H5F_ACC_TRUNC, settings, access);
    coley_status status = file < 0 ? COLEY_FAIL(err, COLEY_ERR_RUN, "HDF5 could not start a file in memory") : COLEY_OK;
    for (size_t i = 0; i < n_root && status == COLEY_OK; i++)
        if (root[i].text && add_text(file, root[i].name, root[i].text))
            status = COLEY_FAIL(err, COLEY_ERR_RUN, "HDF5 could not note the %s", root[i].name);
    if (status == COLEY_OK) status = fill(arena, file, column, n_columns, n_rows, err);
    if (status == COLEY_OK) status = take_image(arena, file, bytes, length, err);
    if (file >= 0) H5Fclose(file);
    H5Pclose(settings);
    H5Pclose(access);

    H5Eset_auto2(H5E_DEFAULT, print, print_to);
    return status;
}
