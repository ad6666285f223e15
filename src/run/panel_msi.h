/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_msi.h -- what reads give to a panel of biomarkers: microsatellites. */
#ifndef COLEY_RUN_PANEL_MSI_H
#define COLEY_RUN_PANEL_MSI_H

#include "base/alloc.h"
#include "base/progress.h"
#include "base/status.h"

typedef struct coley_panel_reads {
    const char *catalog, *bam, *normal, *sites, *reference; /* files; normal and reference may be NULL */
    double purity;                                          /* NaN: not known */
    int n_threads;
} coley_panel_reads;

typedef struct coley_panel_msi {
    int msi; /* 0 stable, 2 high, as a scenario has it; -1: cannot tell */
    double score_pct, low_pct, high_pct;
    const char *call, *reason, *definition, *denominator, *filters, *would_change, *source;
} coley_panel_msi;

COLEY_MUST_CHECK coley_status coley_panel_msi_read(coley_arena *arena, const coley_panel_reads *reads,
                                                   coley_panel_msi *out, coley_error *err);

#endif
