/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sites.h -- microsatellites: found in a reference sequence, and read back from the table that was written.
 *
 * A site is a unit of 1 to 8 bases that stands several times in a row, with a few bases on either side (flanks) by
 * which a read is recognised. The table has the columns of MSIsensor's and MSIsensor-pro's lists, which are read too.
 */
#ifndef COLEY_ASSAY_SITES_H
#define COLEY_ASSAY_SITES_H

#include <stddef.h>
#include <stdint.h>

#include "assay/lines.h"
#include "base/text.h"

enum { COLEY_SITE_MAX_UNIT = 8, COLEY_SITE_MAX_FLANK = 16, COLEY_SITE_MAX_UNITS = 65535 };

/* Bases are coded as in BAM: A 1, C 2, G 4, T 8. */
typedef struct coley_site {
    int32_t contig;                    /* index in coley_sites.contig */
    int32_t position;                  /* of its first base, from 0 */
    uint16_t units;                    /* in the reference */
    uint8_t unit_length;               /* [bases] */
    uint8_t unit[COLEY_SITE_MAX_UNIT]; /* codes */
    uint64_t left, right;              /* flanks, four bits a base, the last base lowest */
    float threshold;                   /* share of deleted units above which a tumour alone is unstable; NaN: none */
    int32_t support;                   /* normals behind the threshold; 0: none */
    int32_t line;                      /* of the table */
} coley_site;

typedef struct coley_sites {
    const char *file;
    size_t n, cap, n_contigs, cap_contigs;
    coley_site *site; /* contig by contig, positions rising */
    const char **contig;
    size_t *first;       /* of each contig, then n */
    int flank;           /* bases on either side, the same for all */
    size_t n_filtered;   /* rows whose filter is not PASS: left out */
    size_t n_thresholds; /* sites with a threshold */
} coley_sites;

/* ---- the scan ---------------------------------------------------------------------------------------------------- */

typedef struct coley_site_scan_options {
    int least_homopolymer; /* units of one base */
    int least_repeats;     /* units of two bases and more */
    int longest_unit;      /* [bases] */
    int flank;             /* [bases] */
} coley_site_scan_options;

#define COLEY_SITE_SCAN_DEFAULT                                                                                        \
    {                                                                                                                  \
        .least_homopolymer = 8, .least_repeats = 5, .longest_unit = 6, .flank = 5                                      \
    }

/* A site as it is found; texts are borrowed until the next. */
typedef struct coley_site_row {
    const char *contig;
    int64_t position; /* from 0 */
    int64_t units;
    char unit[COLEY_SITE_MAX_UNIT + 1], left[COLEY_SITE_MAX_FLANK + 1], right[COLEY_SITE_MAX_FLANK + 1];
} coley_site_row;

typedef struct coley_site_scan_totals {
    size_t n_contigs, n_sites;
    int64_t n_bases, n_unknown; /* unknown: not A, C, G or T */
} coley_site_scan_totals;

typedef coley_status (*coley_site_take)(void *self, const coley_site_row *row, coley_error *err);

/* Every site of a FASTA file (plain, gzip or bgzip), in order. Memory does not grow with the file. A homopolymer is
 * taken as one; elsewhere the shortest unit that repeats often enough wins. Sites within `flank` of an unknown base or
 * of an end of the contig are left out. */
COLEY_MUST_CHECK coley_status coley_sites_scan(coley_arena *arena, const char *path,
                                               const coley_site_scan_options *options, coley_site_take take, void *self,
                                               coley_site_scan_totals *totals, coley_error *err);
COLEY_MUST_CHECK coley_status coley_sites_scan_bytes(coley_arena *arena, const char *name, const char *bytes,
                                                     size_t length, const coley_site_scan_options *options,
                                                     coley_site_take take, void *self, coley_site_scan_totals *totals,
                                                     coley_error *err);

/* The table's heading, and a row of it with threshold, support and filter unset. */
extern const char coley_sites_heading[];
void coley_site_row_add(coley_text *text, const coley_site_row *row);

/* ---- the table --------------------------------------------------------------------------------------------------- */

COLEY_MUST_CHECK coley_status coley_sites_read(coley_arena *arena, const char *path, coley_sites *sites,
                                               coley_error *err);
COLEY_MUST_CHECK coley_status coley_sites_parse(coley_arena *arena, coley_lines *lines, coley_sites *sites,
                                                coley_error *err);

/* The site's texts again. */
void coley_site_row_of(const coley_sites *sites, const coley_site *site, coley_site_row *row);

/* Index of the contig of that name, "chr" or not, or -1. */
ptrdiff_t coley_sites_contig(const coley_sites *sites, const char *name);

#endif
