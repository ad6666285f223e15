/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_count.h -- how long the repeats of a file of reads are: a distribution of units for every site.
 *
 * A read is evidence for a site when the left flank, at least one unit and the right flank stand in it one behind the
 * other; the first such place counts. With an index the sites are shared out among threads, without one the file is
 * read from end to end. The counts are the same either way and for any number of threads. */
#ifndef COLEY_ASSAY_MSI_COUNT_H
#define COLEY_ASSAY_MSI_COUNT_H

#include "assay/sites.h"
#include "base/progress.h"

enum { COLEY_MSI_MAX_LENGTH = 99 }; /* units; longer repeats are not counted */

/* Which reads are looked at for a site. */
typedef enum coley_msi_reads {
    COLEY_MSI_READS_NEAR,     /* all mapped ones that start within 110 bases of it, as MSIsensor-pro */
    COLEY_MSI_READS_SPANNING, /* those that lie over it, but no duplicate, secondary, supplementary or failed ones */
} coley_msi_reads;

typedef struct coley_length_count {
    uint32_t units, reads;
} coley_length_count;

typedef struct coley_lengths {
    const coley_length_count *kind; /* units rising; owned by the arena */
    uint32_t n_kinds, n_reads;
} coley_lengths;

typedef struct coley_msi_count_options {
    const char *reference; /* for CRAM; NULL: none */
    int n_threads;
    coley_msi_reads reads;
    int skip_missing; /* contigs of the sites that the file lacks: left out, in place of an error */
    coley_progress *progress;
} coley_msi_count_options;

/* Of a file of reads. Reads that an index query meets twice count once only in what is said of sites. */
typedef struct coley_msi_counts {
    const char *file;
    coley_lengths *site;      /* one a site */
    uint64_t n_reads;         /* that were read */
    uint64_t n_left_out;      /* of them: unmapped and, with SPANNING, duplicates and so on */
    uint64_t n_marked;        /* duplicates, secondary, supplementary or failed that were not left out */
    uint64_t n_spanning;      /* read and site: the aligned read holds the site with both flanks */
    uint64_t n_recognised;    /* of them: the flanks were there */
    size_t n_missing_contigs; /* of the sites, that the file lacks */
    size_t n_missing_sites;   /* on them */
    int indexed;              /* an index was used */
} coley_msi_counts;

COLEY_MUST_CHECK coley_status coley_msi_count(coley_arena *arena, const char *path, const coley_sites *sites,
                                              const coley_msi_count_options *options, coley_msi_counts *counts,
                                              coley_error *err);

#endif
