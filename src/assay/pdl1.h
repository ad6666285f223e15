/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pdl1.h -- PD-L1 of cells: TPS, CPS and IC by the rules of catalog/assays/pdl1.yaml, with percentile bootstrap.
 *
 *     TPS = 100 stained tumour cells / tumour cells
 *     CPS = 100 (stained tumour cells + lymphocytes + macrophages) / tumour cells, at most 100
 *     IC  = 100 area of stained immune cells / area of all cells of the tumour
 *
 * A cell is stained when its value lies above a threshold. Cells whose value is missing count nowhere. The same
 * functions score a table of real cells and a simulated tissue: they take plain columns. */
#ifndef COLEY_ASSAY_PDL1_H
#define COLEY_ASSAY_PDL1_H

#include "base/alloc.h"
#include "base/status.h"
#include "cells/cells.h"

enum { COLEY_PDL1_MAX_SCORES = 8 };

typedef enum coley_pdl1_over { COLEY_PDL1_OVER_TUMOUR_CELLS, COLEY_PDL1_OVER_TUMOUR_AREA } coley_pdl1_over;

typedef struct coley_pdl1_score {
    const char *name, *words, *unit, *source;
    unsigned positive; /* 1 << coley_cell_kind | ... */
    coley_pdl1_over over;
    double most;
} coley_pdl1_score;

typedef struct coley_pdl1_assay {
    const char *name, *source, *note; /* note may be NULL */
    unsigned scores;                  /* 1 << place in the list of scores */
    int64_t min_tumour_cells;
} coley_pdl1_assay;

typedef struct coley_pdl1_cutoff {
    int assay, score;
    double at_least;
    const char *cancer, *therapy, *as_of, *source;
} coley_pdl1_cutoff;

/* Owned by the arena that they were read into. */
typedef struct coley_pdl1_rules {
    size_t n_scores, n_assays, n_cutoffs;
    coley_pdl1_score *score;
    coley_pdl1_assay *assay;
    coley_pdl1_cutoff *cutoff;
    int64_t replicates, min_tiles;
    double level, tile_um;
} coley_pdl1_rules;

COLEY_MUST_CHECK coley_status coley_pdl1_rules_read(coley_arena *arena, const char *path, coley_pdl1_rules *rules,
                                                    coley_error *err);

/* Cells whose PD-L1 was measured, by type. */
typedef struct coley_pdl1_counts {
    double n[COLEY_CELL_TYPE_COUNT], stained[COLEY_CELL_TYPE_COUNT];
    double area[COLEY_CELL_TYPE_COUNT], stained_area[COLEY_CELL_TYPE_COUNT]; /* um2; 0 without areas */
    size_t n_missing;                                                        /* cells that were not measured */
} coley_pdl1_counts;

/* Cells outside tumour and stroma are left out where the table knows regions. */
void coley_pdl1_count(const coley_cells *cells, double above, coley_pdl1_counts *counts);

/* The score of these counts; NaN when there is nothing to divide by. by_area: IC by areas, else by numbers. */
double coley_pdl1_value(const coley_pdl1_score *score, const coley_pdl1_counts *counts, int by_area);

typedef struct coley_pdl1_result {
    double value;
    double low, high;           /* cells drawn again; NaN: not known */
    double tile_low, tile_high; /* tiles drawn again */
    int by_area;                /* IC */
    const char *cannot_tell;    /* the reason, or NULL */
    const char *note;           /* what the number leaves out, or NULL */
} coley_pdl1_result;

/* Every score of one assay (others stay NaN), result[rules->n_scores]. */
COLEY_MUST_CHECK coley_status coley_pdl1_judge(coley_arena *arena, const coley_cells *cells, double above,
                                               const coley_pdl1_rules *rules, size_t assay, uint64_t seed,
                                               coley_pdl1_counts *counts, coley_pdl1_result *result, coley_error *err);

#endif
