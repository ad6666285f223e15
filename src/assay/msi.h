/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi.h -- microsatellite instability of a tumour: sites that differ from the normal, their share, and what it means.
 */
#ifndef COLEY_ASSAY_MSI_H
#define COLEY_ASSAY_MSI_H

#include "assay/msi_count.h"
#include "assay/msi_test.h"
#include "base/yaml.h"

/* ---- facts: catalog/assays/msi.yaml ------------------------------------------------------------------------------ */

typedef enum coley_msi_mode {
    COLEY_MSI_PAIRED,   /* tumour against its own normal */
    COLEY_MSI_BASELINE, /* tumour against thresholds that stand with the sites */
    COLEY_MSI_ALONE,    /* nothing to hold the tumour against */
} coley_msi_mode;

typedef struct coley_msi_cutoff {
    const char *name, *words, *source;
    coley_msi_mode mode;
    double high_pct, low_pct; /* of the share of unstable sites */
    int64_t least_sites;
    int by_interval; /* no call where the 95 % interval reaches the other side */
} coley_msi_cutoff;

typedef struct coley_msi_indel_cutoff {
    const char *name, *source;
    double per_Mb, least_megabases;
} coley_msi_indel_cutoff;

typedef struct coley_msi_facts {
    size_t n_cutoffs, n_indel_cutoffs;
    coley_msi_cutoff *cutoff;
    coley_msi_indel_cutoff *indel_cutoff; /* the largest least_megabases first */
    double coverage, fdr, recognised, tumour_reads, distance, normals;
} coley_msi_facts;

/* assays/msi.yaml in the folder `catalog`. */
COLEY_MUST_CHECK coley_status coley_msi_facts_read(coley_arena *arena, const char *catalog, coley_msi_facts *facts,
                                                   coley_error *err);

/* By name; NULL: the first of that mode. A wrong one is answered with the nearest. */
COLEY_MUST_CHECK coley_status coley_msi_cutoff_find(const coley_msi_facts *facts, const char *name, coley_msi_mode mode,
                                                    const coley_msi_cutoff **cutoff, coley_error *err);

/* ---- sites ------------------------------------------------------------------------------------------------------- */

typedef enum coley_msi_test { COLEY_MSI_CHI2, COLEY_MSI_KS } coley_msi_test;

typedef struct coley_msi_options {
    coley_msi_test test;
    double coverage;       /* reads that both samples must have at a site */
    double fdr;            /* up to which a site is unstable */
    double distance;       /* that an unstable site must have at least, 0 to 1 */
    double purity;         /* share of tumour cells; NaN: not known */
    int64_t least_normals; /* behind a threshold */
    const coley_msi_cutoff *cutoff;
} coley_msi_options;

typedef struct coley_msi_site {
    coley_length_test test; /* paired only */
    double p, q;            /* of the chosen test, and its false discovery rate; NaN: not judged */
    double deleted;         /* share of deleted units in the tumour */
    int judged, unstable;
} coley_msi_site;

/* ---- the result -------------------------------------------------------------------------------------------------- */

typedef enum coley_msi_call { COLEY_MSI_CANNOT_TELL, COLEY_MSI_MSS, COLEY_MSI_HIGH } coley_msi_call;

typedef struct coley_msi_result {
    coley_msi_call call;
    const char *reason;                      /* a sentence with the numbers that decided */
    double score_pct, low95_pct, high95_pct; /* unstable of judged sites; NaN: none was judged */
    size_t n_sites, n_judged, n_unstable, n_missing_sites;
    double tumour_reads, normal_reads; /* at judged sites, mean */
    double distance;                   /* of unstable sites, mean; NaN: none, or no normal */
    double recognised;                 /* share of reads over sites in which the flanks were found; NaN: not known */
    coley_msi_mode mode;
    const coley_msi_cutoff *cutoff;
    const char *definition, *denominator, *filters, *would_change;
    const char *caution; /* or NULL */
} coley_msi_result;

/* "MSI-H", "MSS" or "cannot tell". */
const char *coley_msi_call_name(coley_msi_call call);

/* Distributions of n named sites, tumour and, unless NULL, normal; `units` of the reference and `threshold` and
 * `support` may be NULL. `site` is room for n answers. */
typedef struct coley_msi_input {
    size_t n;
    const coley_lengths *tumour, *normal;
    const coley_sites *sites; /* NULL: from a table of lengths */
    size_t n_missing_sites;
    double recognised;
    const char *filters; /* how reads were chosen */
    double marked;       /* share of the reads that are marked as duplicates and so on and were counted */
} coley_msi_input;

COLEY_MUST_CHECK coley_status coley_msi_judge(coley_arena *arena, const coley_msi_input *input,
                                              const coley_msi_facts *facts, const coley_msi_options *options,
                                              coley_msi_site *site, coley_msi_result *result, coley_error *err);

/* ---- thresholds from normals ------------------------------------------------------------------------------------- */

/* What several normals say of each site: mean and standard deviation of the share of deleted units. */
typedef struct coley_msi_baseline {
    size_t n_sites, n_normals;
    double *sum, *sum_of_squares;
    int32_t *support;
} coley_msi_baseline;

COLEY_MUST_CHECK coley_status coley_msi_baseline_begin(coley_arena *arena, size_t n_sites, coley_msi_baseline *baseline,
                                                       coley_error *err);
void coley_msi_baseline_add(coley_msi_baseline *baseline, const coley_sites *sites, const coley_lengths *normal,
                            double coverage);
/* Mean + 3 standard deviations, as MSIsensor-pro; NaN without a normal. */
double coley_msi_baseline_threshold(const coley_msi_baseline *baseline, size_t site);

#endif
