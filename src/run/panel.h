/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel.h -- all biomarkers of one tumour at once: what each assay found, what it moves in the model and by how much.
 *
 * Which parameters and starting states a biomarker moves is asked of the model itself: the typical person of the cancer
 * is made with and without it, and what differs is listed. */
#ifndef COLEY_RUN_PANEL_H
#define COLEY_RUN_PANEL_H

#include "assay/neoantigen.h"
#include "io/emit.h"
#include "run/biomarkers.h"
#include "run/panel_cells.h"
#include "run/panel_msi.h"
#include "run/tmb_report.h"

typedef struct coley_panel_request {
    const char *models, *catalog; /* folders */
    const char *cancer;           /* of the catalog: where the model starts from */
    const char *id;               /* NULL: the sample's */
    coley_tmb_request variants;   /* .variants NULL: none */
    coley_neoantigen_options neoantigen;
    const coley_pdl1_request *cells; /* or NULL */
    const coley_panel_reads *reads;  /* or NULL */
    double pdl1_tps;                 /* by hand [%]; NaN: not given */
    int msi, infiltration;           /* by hand; -1 */
} coley_panel_request;

/* One parameter, or state at the start, of the typical person. */
typedef struct coley_panel_move {
    const char *symbol, *words; /* words: the model's own, or NULL */
    double from, to;
    int is_state; /* follows from a parameter */
} coley_panel_move;

typedef struct coley_panel_item {
    const char *name;             /* "tumour mutational burden" */
    const char *value, *interval; /* with unit; NULL: cannot tell */
    const char *call, *reason;    /* reason: why it cannot be told, or NULL */
    const char *definition, *denominator, *filters, *source;
    const char *would_move; /* what else would change it */
    size_t n_moves;
    coley_panel_move *move;
} coley_panel_item;

enum { COLEY_PANEL_MAX_ITEMS = 8 };

typedef struct coley_panel {
    const char *cancer;
    coley_biomarkers biomarkers;
    size_t n_items;
    coley_panel_item item[COLEY_PANEL_MAX_ITEMS];
} coley_panel;

COLEY_MUST_CHECK coley_status coley_panel_run(coley_arena *arena, const coley_panel_request *request,
                                              coley_panel *panel, coley_error *err);

void coley_panel_words(const coley_panel *panel, coley_text *out);
/* biomarkers.yaml, or the same as JSON. */
void coley_panel_write(const coley_panel *panel, coley_emit_style style, coley_text *out);

#endif
