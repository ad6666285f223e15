/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_run.h -- coley assay msi: from files to a result, and its words for people and programs. */
#ifndef COLEY_RUN_MSI_RUN_H
#define COLEY_RUN_MSI_RUN_H

#include "assay/msi.h"
#include "base/text.h"

typedef struct coley_msi_request {
    const char *bam, *normal, *sites, *reference; /* files; NULL: not given */
    size_t n_panel;
    const char *const *panel; /* normals of other people */
    const char *lengths;      /* table of lengths in place of reads */
    const char *variants;     /* VCF or MAF: the fallback */
    double megabases;         /* that the variants were called in; NaN: not known */
    const char *cutoff;       /* NULL: the first that suits */
    coley_msi_test test;
    double coverage, fdr, distance, purity, least_normals; /* NaN: the catalog's; purity: not known */
    int n_threads, skip_missing, json;
    coley_msi_reads reads;
    coley_progress *progress;
    coley_text *json_report; /* the report as JSON besides; NULL: not wanted */
    coley_text *site_table;  /* every site's answer as a table; NULL: not wanted */
} coley_msi_request;

/* Nothing is printed; `text` gets the report. With a panel and no tumour it is a table of sites with thresholds. */
COLEY_MUST_CHECK coley_status coley_msi_run(coley_arena *arena, const coley_msi_request *request, coley_text *text,
                                            coley_error *err);

/* The same up to the result, for a report of several assays: paired or against thresholds, from reads. */
COLEY_MUST_CHECK coley_status coley_msi_from_reads(coley_arena *arena, const coley_msi_request *request,
                                                   coley_msi_result *result, coley_error *err);

#endif
