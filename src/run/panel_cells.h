/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_cells.h -- what a table of cells gives to a panel of biomarkers: PD-L1 scores and the immune phenotype. */
#ifndef COLEY_RUN_PANEL_CELLS_H
#define COLEY_RUN_PANEL_CELLS_H

#include "run/assay_pdl1.h"

typedef struct coley_panel_score {
    double value, low, high; /* NaN: not known */
    const char *reason;      /* why it cannot be told, or NULL */
    const char *words;       /* the definition; NULL: the assay does not report it */
} coley_panel_score;

typedef struct coley_panel_cells {
    const char *sample;
    const char *assay, *pdl1_column; /* the column: NULL when there is none */
    double above;
    double n_tumour;
    coley_panel_score tps, cps, ic;
    int phenotype; /* inflamed, excluded, desert: 0, 1, 2; -1: cannot tell */
    const char *phenotype_name, *phenotype_reason, *phenotype_source;
    double cd8_tumour_per_mm2, cd8_stroma_per_mm2;
} coley_panel_cells;

/* The table must hold one sample, or `pick` one. */
COLEY_MUST_CHECK coley_status coley_panel_cells_read(coley_arena *arena, const coley_pdl1_request *request,
                                                     coley_panel_cells *cells, coley_error *err);

#endif
