/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_cells.h -- what the reports of tables of cells share: which columns to read, and what was read. */
#ifndef COLEY_RUN_ASSAY_CELLS_H
#define COLEY_RUN_ASSAY_CELLS_H

#include "base/text.h"
#include "cells/cell_table.h"
#include "io/emit.h"

typedef struct coley_cells_request {
    const char *catalog; /* the folder catalog/ */
    const char *const *file;
    size_t n_files;
    const char *column[COLEY_COLUMN_COUNT]; /* NULL: by the words of catalog/assays/cells.yaml */
    const char *const *map, *const *call;   /* --map, --call */
    size_t n_maps, n_calls;
    const char *pick;   /* this sample only, or NULL */
    double um_per_unit; /* of x and y */
    int json;
    uint64_t seed;
} coley_cells_request;

/* One sample of one file. `table` is borrowed from the arena. */
typedef struct coley_cell_sample {
    const char *name; /* of the sample, else the file's */
    const coley_cell_table *table;
    coley_cells cells;
} coley_cell_sample;

/* Read all files and list their samples. `needed` as in cell_table.h. */
COLEY_MUST_CHECK coley_status coley_cells_read(coley_arena *arena, const coley_cells_request *request, unsigned needed,
                                               coley_cell_sample **sample, size_t *n, coley_error *err);

/* Which columns were read, and words that were not known. */
void coley_cells_add_note(coley_text *text, const coley_cell_table *table, unsigned shown);
void coley_cells_emit(coley_emit *emit, const coley_cell_table *table, unsigned shown);

#endif
