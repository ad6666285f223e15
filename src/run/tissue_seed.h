/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_seed.h -- a table of the cells of a real tumour as the initial state of a tissue model.
 *
 * Writes into a folder: cells.csv (PhysiCell's second form), settings.xml (the model's settings with a domain around
 * the cells and cell_positions that name cells.csv; comments are not kept), and the files that the settings name, so
 * that coley tissue run and PhysiCell run it as it is. Cells stay where the table has them, also when they overlap. */
#ifndef COLEY_RUN_TISSUE_SEED_H
#define COLEY_RUN_TISSUE_SEED_H

#include "base/text.h"
#include "cells/cell_table.h"
#include "tissue/tissue_model.h"

enum { COLEY_SEED_MAX_CUSTOM = 32 };

typedef struct coley_tissue_seed_request {
    const char *table, *settings, *folder;
    const char *catalog;                    /* the folder catalog/: words of columns */
    const char *column[COLEY_COLUMN_COUNT]; /* NULL: by the words of the catalog */
    const char *pick;                       /* this sample only, or NULL */
    const char *const *type;   /* "CD8 T cell=CD8+,cytotoxic"; a phenotype of a type's own name needs none */
    const char *const *custom; /* "PD-L1=column*scale" */
    size_t n_types, n_custom;
    double um_per_unit, margin_um;
    const double *window_um; /* x0, y0, x1, y1, or NULL */
    size_t max_cells;        /* those nearest to the middle; 0: all */
    size_t layers;           /* 1: a plane; more: so many along z, the middle one the table's, the others jittered */
    uint64_t seed;
    int drop_unmapped, ignore_unsupported, force, json, dry_run;
} coley_tissue_seed_request;

/* Write the folder, read what was written, and report what became what. */
COLEY_MUST_CHECK coley_status coley_tissue_seed(coley_arena *arena, const coley_tissue_seed_request *request,
                                                coley_text *out, coley_error *err);

/* tissue_seed_settings.c: the settings with this domain, cells from cells.csv and none at random; the files that they
 * name are copied. *n_random: cells that the settings would have placed at random. */
COLEY_MUST_CHECK coley_status coley_tissue_seed_settings(coley_arena *arena, const char *settings, const char *folder,
                                                         const coley_tissue_model *domain, double *n_random,
                                                         coley_error *err);

#endif
