/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codons.c -- placeholder while exploring */
#include "assay/codons.h"
coley_status coley_codons_open(coley_arena *arena, const char *gff, const char *fasta, coley_codons **codons,
                               coley_error *err)
{
    (void)arena;
    (void)gff;
    (void)fasta;
    (void)codons;
    return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED, "x");
}
void coley_codons_close(coley_codons *codons)
{
    (void)codons;
}
coley_status coley_codons_effects(coley_codons *codons, const char *contig, size_t contig_length, int64_t position,
                                  const char *ref, size_t n_ref, const char *alt, size_t n_alt, coley_place place,
                                  coley_effects *effects, coley_error *err)
{
    (void)codons;
    (void)contig;
    (void)contig_length;
    (void)position;
    (void)ref;
    (void)n_ref;
    (void)alt;
    (void)n_alt;
    (void)place;
    (void)effects;
    (void)err;
    return COLEY_OK;
}
const char *coley_codons_gene(const coley_codons *codons)
{
    (void)codons;
    return NULL;
}
