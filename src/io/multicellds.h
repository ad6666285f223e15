/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multicellds.h -- a frame as the files that PhysiCell 1.14 writes, so that what reads its output reads ours.
 *
 * output00000012.xml names the others: _cells.mat and _microenvironment0.mat (MATLAB level 4, one column a cell or
 * voxel), initial_mesh0.mat, and the text files of the graphs of neighbours, attached cells and springs. Each file
 * appears whole, the XML last: a frame is there when its XML is. All of PhysiCell's rows are there, in its order; one
 * that the frame has neither of its own nor as a column is 0. */
#ifndef COLEY_IO_MULTICELLDS_H
#define COLEY_IO_MULTICELLDS_H

#include "base/alloc.h"
#include "base/status.h"
#include "io/tissue_frame.h"

/* `base` is what the files' names begin with, as "initial" and "final"; NULL: output and the frame's number. */
COLEY_MUST_CHECK coley_status coley_multicellds_write(coley_arena *scratch, const coley_tissue_frame *frame,
                                                      const char *folder, const char *base, coley_error *err);

#endif
