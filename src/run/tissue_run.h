/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_run.h -- a tissue model run from its start, or from where it was stopped, into a folder of results.
 *
 *   counts.csv          cells of each type and mean of each field, every save
 *   multicellds/        frames for PhysiCell's tools;  vtk/  for ParaView;  anndata/  for scanpy and squidpy
 *   cells/              a table of the cells (CSV), for coley assay and coley tissue seed;  pictures/, preview.png
 *   run.json            what was run, how far, how fast
 *   checkpoint.bin      to go on from, bit for bit
 *
 * Each file appears whole; a kill loses at most the frame that is being written. */
#ifndef COLEY_RUN_TISSUE_RUN_H
#define COLEY_RUN_TISSUE_RUN_H

#include "base/log.h"
#include "base/progress.h"
#include "io/tissue_frame.h"
#include "tissue/tissue.h"

enum {
    COLEY_TISSUE_MULTICELLDS = 1 << 0,
    COLEY_TISSUE_ANNDATA = 1 << 1,
    COLEY_TISSUE_VTK = 1 << 2,
    COLEY_TISSUE_PICTURES = 1 << 3,
    COLEY_TISSUE_CELLS_CSV = 1 << 4,
};

typedef struct coley_tissue_run_options {
    const coley_tissue_model *model;
    coley_tissue_options engine;
    double end_min, save_min, picture_min, checkpoint_s;
    unsigned formats;
    const char *folder, *program, *field; /* field: the substance that lies under pictures, or NULL */
    int force, resume, dark;
    const coley_log *log;
    coley_progress *progress;
    int (*stopped)(void); /* true: write a checkpoint and end */
} coley_tissue_run_options;

typedef struct coley_tissue_run_summary {
    double time_min, wall_s, resumed_at_min;
    size_t n_cells, n_frames;
    int stopped;
    coley_tissue_tally tally;
    double cell_steps; /* cells times steps of this call, each however long */
} coley_tissue_run_summary;

COLEY_MUST_CHECK coley_status coley_tissue_run(coley_arena *arena, const coley_tissue_run_options *options,
                                               coley_tissue_run_summary *summary, coley_error *err);

/* The tissue as it is now, for writers; all from the arena. NULL: no memory. */
const coley_tissue_frame *coley_tissue_frame_make(coley_arena *arena, const coley_tissue *tissue, size_t number,
                                                  const char *program, double wall_s);

/* The same frame with every cell's behaviours as columns under PhysiCell's labels, and who is in reach of whom. */
const coley_tissue_frame *coley_tissue_frame_full(coley_arena *arena, const coley_tissue *tissue,
                                                  const coley_tissue_frame *frame);

#endif
