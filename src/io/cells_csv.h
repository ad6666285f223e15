/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells_csv.h -- a frame's cells as a table for any program: x, y, z (um), type, state, volume (um3), ID, then a column
 * for each of the frame's. It begins as PhysiCell's cells CSV does, and is what coley assay and coley tissue seed read.
 */
#ifndef COLEY_IO_CELLS_CSV_H
#define COLEY_IO_CELLS_CSV_H

#include "base/status.h"
#include "io/tissue_frame.h"

/* folder/cells00000012.csv, whole or not at all. */
COLEY_MUST_CHECK coley_status coley_cells_csv_write(coley_arena *scratch, const coley_tissue_frame *frame,
                                                    const char *folder, coley_error *err);

#endif
