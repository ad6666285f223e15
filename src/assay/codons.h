/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codons.h -- what a variant does to proteins, from a GFF3 of transcripts and the reference sequence, where no
 * annotator has said it.
 *
 * Each coding transcript that the variant touches is translated with and without it by the standard genetic code:
 * splice sites are the two bases of an intron beside an exon, splice regions three bases of an exon or eight of an
 * intron. One variant at a time: two in one codon are not put together. */
#ifndef COLEY_ASSAY_CODONS_H
#define COLEY_ASSAY_CODONS_H

#include "assay/effect.h"
#include "assay/lines.h"

typedef struct coley_codons coley_codons;

/* Read both files (.gz too); the FASTA needs its index (samtools faidx), or may be written to. Close it. */
COLEY_MUST_CHECK coley_status coley_codons_open(coley_arena *arena, const char *gff, const char *fasta,
                                                coley_codons **codons, coley_error *err);

/* Transcripts alone, for effects of sequence that the caller gives: see coley_codons_sequence. */
COLEY_MUST_CHECK coley_status coley_codons_parse(coley_arena *arena, coley_lines *gff, coley_codons **codons,
                                                 coley_error *err);

void coley_codons_close(coley_codons *codons);

size_t coley_codons_count(const coley_codons *codons);

/* A contig's bases in memory in place of a FASTA; borrowed. */
void coley_codons_sequence(coley_codons *codons, const char *contig, const char *bases, size_t n);

/* Effects of one alternative allele on all transcripts together; OTHER where there is none. `position` counts from 1.
 * REF must be what the sequence has there, else it is another reference: an error at `place`. */
COLEY_MUST_CHECK coley_status coley_codons_effects(coley_codons *codons, const char *contig, size_t contig_length,
                                                   int64_t position, const char *ref, size_t n_ref, const char *alt,
                                                   size_t n_alt, coley_place place, coley_effects *effects,
                                                   coley_error *err);

/* The gene of the most severe effect of the last call, or NULL. */
const char *coley_codons_gene(const coley_codons *codons);

#endif
