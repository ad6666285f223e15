/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hdf5_make.c -- HDF5's calls with the settings that make a file the same every time. */
#include "io/hdf5_make.h"

#include <stdint.h>
#include <string.h>

coley_hdf5_quiet coley_hdf5_hush(void)
{
    coley_hdf5_quiet quiet;
    H5Eget_auto2(H5E_DEFAULT, &quiet.print, &quiet.print_to);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return quiet;
}

void coley_hdf5_unhush(coley_hdf5_quiet quiet)
{
    H5Eset_auto2(H5E_DEFAULT, quiet.print, quiet.print_to);
}

hid_t coley_hdf5_create(void)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), settings = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_fapl_core(access, (size_t)1 << 20, 0);
    H5Pset_obj_track_times(settings, 0);
    const hid_t file = H5Fcreate("memory.h5", H5F_ACC_TRUNC, settings, access);
    H5Pclose(settings);
    H5Pclose(access);
    return file;
}

coley_status coley_hdf5_image(coley_arena *arena, hid_t file, char **bytes, size_t *length, coley_error *err)
{
    const ssize_t size = H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 ? -1 : H5Fget_file_image(file, NULL, 0);
    if (size <= 0) return COLEY_FAIL(err, COLEY_ERR_RUN, "HDF5 could not make the file");
    if (!(*bytes = coley_arena_alloc(arena, (size_t)size))) return COLEY_FAIL_MEMORY(err);
    if (H5Fget_file_image(file, *bytes, (size_t)size) != size)
        return COLEY_FAIL(err, COLEY_ERR_RUN, "HDF5 could not give the file");
    *length = (size_t)size;
    return COLEY_OK;
}

hid_t coley_hdf5_group(hid_t at, const char *name)
{
    const hid_t settings = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(settings, 0);
    const hid_t group = H5Gcreate2(at, name, H5P_DEFAULT, settings, H5P_DEFAULT);
    H5Pclose(settings);
    return group;
}

hid_t coley_hdf5_set(hid_t at, const char *name, hid_t stored, hid_t given, int rank, const hsize_t *shape,
                     const void *value)
{
    const hid_t space = rank ? H5Screate_simple(rank, shape, NULL) : H5Screate(H5S_SCALAR);
    const hid_t settings = H5Pcreate(H5P_DATASET_CREATE);
    hid_t set = -1;
    if (space >= 0 && H5Pset_obj_track_times(settings, 0) >= 0)
        set = H5Dcreate2(at, name, stored, space, H5P_DEFAULT, settings, H5P_DEFAULT);
    size_t n = 1;
    for (int i = 0; i < rank; i++) n *= shape[i];
    if (set >= 0 && n && H5Dwrite(set, given, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) < 0) {
        H5Dclose(set);
        set = -1;
    }
    H5Pclose(settings);
    if (space >= 0) H5Sclose(space);
    return set;
}

static int note(hid_t at, const char *name, hid_t type, hid_t space, const void *value)
{
    const hid_t attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    const int bad = attribute < 0 || H5Awrite(attribute, type, value) < 0;
    if (attribute >= 0) H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
    return bad;
}

int coley_hdf5_note_fixed(hid_t at, const char *name, const char *text)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    const int bad = H5Tset_size(type, strlen(text) + 1) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0;
    return note(at, name, type, H5Screate(H5S_SCALAR), text) || bad;
}

int coley_hdf5_note(hid_t at, const char *name, const char *text)
{
    return note(at, name, coley_hdf5_text_type(), H5Screate(H5S_SCALAR), &text);
}

int coley_hdf5_note_list(hid_t at, const char *name, const char *const *text, size_t n)
{
    const hsize_t shape[1] = {n};
    return note(at, name, coley_hdf5_text_type(), H5Screate_simple(1, shape, NULL), text);
}

hid_t coley_hdf5_text_type(void)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

hid_t coley_hdf5_bool_type(void)
{
    const hid_t type = H5Tenum_create(H5T_STD_I8LE);
    const int8_t no = 0, yes = 1;
    H5Tenum_insert(type, "FALSE", &no);
    H5Tenum_insert(type, "TRUE", &yes);
    return type;
}
