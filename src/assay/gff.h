/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gff.h -- coding transcripts out of a GFF3 file (Ensembl, GENCODE or RefSeq): exons and coding stretches, gene names.
 *
 * A transcript is what CDS rows name as their Parent; its exon rows bound its introns, or the CDS rows where there are
 * none. Rows of other kinds are passed over. */
#ifndef COLEY_ASSAY_GFF_H
#define COLEY_ASSAY_GFF_H

#include "assay/target.h"

typedef struct coley_transcript {
    const char *id, *gene; /* gene: its name, its identity, or NULL */
    uint32_t contig;       /* place in the contigs */
    int minus;             /* on the reverse strand */
    int64_t begin, end;    /* of all exons; from 0, half open */
    size_t n_exons, cap_exons, n_cds, cap_cds;
    coley_stretch *exon, *cds;       /* sorted, without overlaps */
    uint8_t first_phase, last_phase; /* of the lowest and the highest CDS row */
    char *bases;                     /* of all CDS in the transcript's sense, once they were fetched; or NULL */
    size_t n_bases;
} coley_transcript;

typedef struct coley_gff_contig {
    const char *name; /* without "chr" */
    size_t first, n;  /* its transcripts, by begin */
    int64_t *reach;   /* [n] the largest end up to and with each */
} coley_gff_contig;

typedef struct coley_gff {
    const char *file;
    size_t n, cap, n_contigs, cap_contigs;
    coley_transcript *transcript;
    coley_gff_contig *contig;
} coley_gff;

COLEY_MUST_CHECK coley_status coley_gff_parse(coley_arena *arena, coley_lines *lines, coley_gff *gff, coley_error *err);

/* The contig of that name, or NULL. */
const coley_gff_contig *coley_gff_find(const coley_gff *gff, const char *name, size_t length);

#endif
