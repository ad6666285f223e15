/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hdf5_columns.h -- columns of doubles as an HDF5 file in memory: no time stamps, no compression, so that the same
 * columns are the same bytes everywhere. Not for two threads at once: HDF5's serial build is not safe for that. */
#ifndef COLEY_IO_HDF5_COLUMNS_H
#define COLEY_IO_HDF5_COLUMNS_H

#include <stddef.h>

#include "base/alloc.h"
#include "base/status.h"

typedef struct coley_hdf5_attribute {
    const char *name, *text;
} coley_hdf5_attribute;

typedef struct coley_hdf5_column {
    const char *group;                 /* folder inside the file, NULL for the root */
    const char *name;                  /* a '/' in it becomes '_' */
    const double *value;               /* [n_rows] */
    coley_hdf5_attribute attribute[4]; /* ended by a NULL name; NULL texts are left out */
} coley_hdf5_column;

/* The file's bytes, owned by `arena`. Columns of one group stand together. */
COLEY_MUST_CHECK coley_status coley_hdf5_columns_write(coley_arena *arena, const coley_hdf5_column *column,
                                                       size_t n_columns, size_t n_rows,
                                                       const coley_hdf5_attribute *root, size_t n_root, char **bytes,
                                                       size_t *length, coley_error *err);

#endif
