/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vtk.h -- a frame for ParaView and VisIt: cells00000012.vtu (a point a cell, with its radius, type, state, ...),
 * fields00000012.vti (a value a voxel), and cells.pvd and fields.pvd, which list the frames with their times.
 *
 * VTK's XML formats 1.0 with appended raw data. Each file appears whole, the lists last. */
#ifndef COLEY_IO_VTK_H
#define COLEY_IO_VTK_H

#include "base/alloc.h"
#include "base/status.h"
#include "io/tissue_frame.h"

/* Frames that the lists have under this number or a later one, from a run that went further, leave them. */
COLEY_MUST_CHECK coley_status coley_vtk_write(coley_arena *scratch, const coley_tissue_frame *frame, const char *folder,
                                              coley_error *err);

#endif
