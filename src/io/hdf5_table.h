/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hdf5_table.h -- a CSV file of numbers as an HDF5 file, however long it is: one data set a column, in chunks, read and
 * written a piece at a time. */
#ifndef COLEY_IO_HDF5_TABLE_H
#define COLEY_IO_HDF5_TABLE_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

/* Columns "name [unit]" become data sets `name` of doubles with the attribute `unit`; an empty field is NaN. A column
 * whose first field is no number becomes one of texts of up to 63 bytes. The file has n_rows rows after its header, and
 * no quoted field but in the header. */
COLEY_MUST_CHECK coley_status coley_hdf5_table_of_csv(coley_arena *arena, const char *csv_path, const char *path,
                                                      uint64_t n_rows, coley_error *err);

#endif
