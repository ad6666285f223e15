/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_msi.c -- one tumour's reads through the rules of microsatellite instability. */
#include "run/panel_msi.h"

#include <math.h>

#include "run/msi_run.h"

coley_status coley_panel_msi_read(coley_arena *arena, const coley_panel_reads *reads, coley_panel_msi *out,
                                  coley_error *err)
{
    coley_msi_result result;
    const coley_msi_request request = {.bam = reads->bam,
                                       .normal = reads->normal,
                                       .sites = reads->sites,
                                       .reference = reads->reference,
                                       .purity = reads->purity,
                                       .megabases = NAN,
                                       .coverage = NAN,
                                       .fdr = NAN,
                                       .distance = NAN,
                                       .least_normals = NAN,
                                       .n_threads = reads->n_threads,
                                       .reads = COLEY_MSI_READS_NEAR};
    COLEY_TRY(coley_msi_from_reads(arena, &request, &result, err));
    *out = (coley_panel_msi){.msi = result.call == COLEY_MSI_HIGH  ? 2
                                    : result.call == COLEY_MSI_MSS ? 0
                                                                   : -1,
                             .score_pct = result.score_pct,
                             .low_pct = result.low95_pct,
                             .high_pct = result.high95_pct,
                             .call = coley_msi_call_name(result.call),
                             .reason = result.reason,
                             .definition = result.definition,
                             .denominator = result.denominator,
                             .filters = result.filters,
                             .would_change = result.would_change,
                             .source = result.cutoff ? result.cutoff->source : NULL};
    return COLEY_OK;
}
