/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hdf5_make.h -- pieces of an HDF5 file that are the same bytes every time: no time stamps, no compression.
 *
 * Not for two threads at once: HDF5's serial build is not safe for that. */
#ifndef COLEY_IO_HDF5_MAKE_H
#define COLEY_IO_HDF5_MAKE_H

#include <hdf5.h>
#include <stddef.h>

#include "base/alloc.h"
#include "base/status.h"

/* HDF5 prints its errors otherwise. */
typedef struct coley_hdf5_quiet {
    H5E_auto2_t print;
    void *print_to;
} coley_hdf5_quiet;

coley_hdf5_quiet coley_hdf5_hush(void);
void coley_hdf5_unhush(coley_hdf5_quiet quiet);

/* A new file in memory: HDF5 is never near a disk that may be full, which it does not take well. Negative on failure.
 */
hid_t coley_hdf5_create(void);

/* The file's bytes, owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_hdf5_image(coley_arena *arena, hid_t file, char **bytes, size_t *length,
                                               coley_error *err);

/* A group; the caller closes it. Negative on failure. */
hid_t coley_hdf5_group(hid_t at, const char *name);

/* A dataset with its values (`stored` the type in the file, `given` that in memory), rank 0 a single one; the caller
 * closes it. Negative on failure. */
hid_t coley_hdf5_set(hid_t at, const char *name, hid_t stored, hid_t given, int rank, const hsize_t *shape,
                     const void *value);

/* An attribute of text; non-zero on failure. The first has a fixed length, the other the length that it has, which is
 * what h5py takes for text. */
int coley_hdf5_note_fixed(hid_t at, const char *name, const char *text);
int coley_hdf5_note(hid_t at, const char *name, const char *text);

/* An attribute of n texts. */
int coley_hdf5_note_list(hid_t at, const char *name, const char *const *text, size_t n);

/* Text of any length; the caller closes it. */
hid_t coley_hdf5_text_type(void);

/* True and false as h5py has them; the caller closes it. In memory it is an int8_t. */
hid_t coley_hdf5_bool_type(void);

#endif
