/* SPDX-License-Identifier: GPL-3.0-or-later */
/* neoantigen_report.c -- the load with its ratios, and what it is not. */
#include "run/neoantigen_report.h"

#include <math.h>

void coley_neoantigen_words(const coley_tmb *tmb, const coley_neoantigens *n, const coley_neoantigen_facts *facts,
                            coley_text *out)
{
    coley_text_addf(out, "Neoantigen load of %s\n\n", tmb->sample);
    if (n->reason)
        coley_text_addf(out, "  cannot tell: %s\n", n->reason);
    else
        coley_text_addf(
            out, "  %.1f mutations that T cells see (%.1f to %.1f), of %.0f nonsynonymous ones (%.0f to %.0f, %s)\n",
            n->seen, n->seen_low, n->seen_high, n->mutations, n->mutations_low, n->mutations_high, n->mutations_from);
    if (n->clonal_reason)
        coley_text_addf(out, "  clonal     cannot tell: %s\n", n->clonal_reason);
    else
        coley_text_addf(out, "  clonal     %.0f %% (%.0f to %.0f) of %zu with reads, taken as diploid\n",
                        100 * n->clonal_share, 100 * n->clonal_low, 100 * n->clonal_high, n->n_with_reads);
    coley_text_addf(out, "  HLA        %.0f %% of class I alleles left%s\n", 100 * n->presented,
                    n->hla_known ? "" : ": nothing is known of a loss, and none was taken (--hla-lost)");
    if (n->has_list)
        coley_text_addf(out, "  predicted  %llu mutations with a peptide below %g nM, in a list of %llu rows\n",
                        (unsigned long long)n->n_binders, facts->binds_below.value, (unsigned long long)n->n_predicted);
    coley_text_addf(out, "  ratio      %g (%g to %g): %s\n", facts->seen_share.value, facts->seen_share.low,
                    facts->seen_share.high, facts->seen_share.source);
    coley_text_addf(out, "  clonal if  %s\n", facts->clonal_from.source);
    if (!isnan(n->factor)) {
        const double clonal = facts->clonal_typical.value;
        coley_text_addf(out, "  model      clones of T cells times %.2f (n_clones_ref): of HLA %.0f %% are left",
                        n->factor, 100 * n->presented);
        if (!isnan(n->covered))
            coley_text_addf(out, "; a mutation is in %.0f %% of cells on average, against a typical tumour's %.0f",
                            100 * n->covered, 100 * (clonal + (1 - clonal) * facts->subclonal_cells.value));
        coley_text_addf(out, "\n");
    }
    coley_text_addf(out,
                    "  careful    no binding is predicted: it is a ratio of many tumours, and says nothing about which "
                    "peptide is seen; copy numbers are not known\n"
                    "  would move purity, copy numbers, HLA loss, expression of the mutated genes\n");
}

void coley_neoantigen_emit(const coley_neoantigens *n, const coley_neoantigen_facts *facts, const char *key,
                           coley_emit *emit)
{
    coley_emit_map(emit, key);
    coley_emit_number(emit, "seen", n->seen);
    coley_emit_number(emit, "low", n->seen_low);
    coley_emit_number(emit, "high", n->seen_high);
    coley_emit_text(emit, "reason", n->reason);
    coley_emit_number(emit, "mutations", n->mutations);
    coley_emit_number(emit, "mutations_low", n->mutations_low);
    coley_emit_number(emit, "mutations_high", n->mutations_high);
    coley_emit_text(emit, "mutations_from", n->mutations_from);
    coley_emit_number(emit, "clonal_share", n->clonal_share);
    coley_emit_number(emit, "cells_covered", n->covered);
    coley_emit_number(emit, "clonal_low", n->clonal_low);
    coley_emit_number(emit, "clonal_high", n->clonal_high);
    coley_emit_integer(emit, "with_reads", (int64_t)n->n_with_reads);
    coley_emit_text(emit, "clonal_reason", n->clonal_reason);
    coley_emit_number(emit, "hla_left", n->hla_known ? n->presented : NAN);
    if (n->has_list) coley_emit_integer(emit, "predicted_binders", (int64_t)n->n_binders);
    coley_emit_number(emit, "ratio", facts->seen_share.value);
    coley_emit_text(emit, "ratio_source", facts->seen_share.source);
    coley_emit_number(emit, "clones_factor", n->factor);
    coley_emit_text(emit, "not", "no prediction of binding; diploid; copy numbers are not known");
    coley_emit_end(emit);
}
