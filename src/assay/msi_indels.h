/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_indels.h -- from variants alone: indels that lie in repeats. A fallback where there are no reads, no test of
 * them.
 *
 * An indel counts as one in a repeat when it adds or takes whole units of a listed site and stands in it. */
#ifndef COLEY_ASSAY_MSI_INDELS_H
#define COLEY_ASSAY_MSI_INDELS_H

#include "assay/sites.h"

typedef struct coley_indel_sample {
    const char *name; /* of the MAF's sample; the file for a VCF */
    size_t n_variants, n_indels, n_in_repeats;
} coley_indel_sample;

typedef struct coley_indel_counts {
    const char *file;
    size_t n, cap, n_filtered, n_elsewhere; /* elsewhere: on contigs without sites */
    coley_indel_sample *sample;
} coley_indel_counts;

/* VCF or BCF (one tumour's somatic calls; FILTER must be PASS or '.') or MAF, told by the first line. */
COLEY_MUST_CHECK coley_status coley_indels_read(coley_arena *arena, const char *path, const coley_sites *sites,
                                                coley_indel_counts *counts, coley_error *err);
COLEY_MUST_CHECK coley_status coley_indels_parse(coley_arena *arena, coley_lines *lines, const coley_sites *sites,
                                                 coley_indel_counts *counts, coley_error *err);

#endif
