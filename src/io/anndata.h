/* SPDX-License-Identifier: GPL-3.0-or-later */
/* anndata.h -- a frame as an AnnData file (.h5ad; encoding "anndata" 0.1.0), which scanpy, squidpy and R's readers
 * open.
 *
 *   X               [cells x variables] the fields in each cell's voxel, then the frame's further columns
 *   var             name, unit and kind of each variable
 *   obs             cell_type, state (live, apoptotic, necrotic), dead, volumes, radius, cycle, pressure, damage, ...
 *   obsm/spatial    places [um]: x, y, in 3D also z
 *   uns             time_min, frame, program, seed, source, cell_type_colors
 *
 * The same frame gives the same bytes. Not for two threads at once: HDF5's serial build is not safe for that. */
#ifndef COLEY_IO_ANNDATA_H
#define COLEY_IO_ANNDATA_H

#include "base/alloc.h"
#include "base/status.h"
#include "io/tissue_frame.h"

COLEY_MUST_CHECK coley_status coley_anndata_write(coley_arena *scratch, const coley_tissue_frame *frame,
                                                  const char *path, coley_error *err);

#endif
