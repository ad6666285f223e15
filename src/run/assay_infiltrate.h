/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_infiltrate.h -- the infiltrate of tables of cells, as text or JSON. */
#ifndef COLEY_RUN_ASSAY_INFILTRATE_H
#define COLEY_RUN_ASSAY_INFILTRATE_H

#include "run/assay_cells.h"

typedef struct coley_infiltrate_request {
    coley_cells_request cells;
    double margin_um; /* NaN: that of the rules */
} coley_infiltrate_request;

COLEY_MUST_CHECK coley_status coley_assay_infiltrate(coley_arena *arena, const coley_infiltrate_request *request,
                                                     coley_text *text, coley_error *err);

#endif
