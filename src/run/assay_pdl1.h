/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_pdl1.h -- PD-L1 scores of tables of cells, as text or JSON. */
#ifndef COLEY_RUN_ASSAY_PDL1_H
#define COLEY_RUN_ASSAY_PDL1_H

#include "run/assay_cells.h"

enum { COLEY_PDL1_MAX_ABOVE = 16 };

typedef struct coley_pdl1_request {
    coley_cells_request cells;
    const char *assay;                  /* "22C3" */
    double above[COLEY_PDL1_MAX_ABOVE]; /* a cell is stained above this; several: a score each */
    size_t n_above;                     /* 0: only for a column of calls */
} coley_pdl1_request;

COLEY_MUST_CHECK coley_status coley_assay_pdl1(coley_arena *arena, const coley_pdl1_request *request, coley_text *text,
                                               coley_error *err);

#endif
