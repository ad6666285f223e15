/* SPDX-License-Identifier: GPL-3.0-or-later */
/* neoantigen.h -- how many neoantigens a tumour may show, from its mutations by published ratios, or from a list that a
 * predictor made.
 *
 *   mutations   nonsynonymous ones of the whole exome: counted, or a panel's burden times the exome's megabases
 *   seen        mutations x share that T cells see x HLA alleles left / all
 *   clonal      a mutation whose share of cancer cells, 2 f / purity in a diploid tumour, reaches 1 in its 95 %
 * interval
 *   factor      (clonal + subclonal x their share of cells) over that of a typical tumour x HLA alleles left: what T
 *               cells find of the mutations, for the model's number of clones
 *
 * It is no prediction of binding: which peptides are seen is not asked. Copy numbers are not known to it. */
#ifndef COLEY_ASSAY_NEOANTIGEN_H
#define COLEY_ASSAY_NEOANTIGEN_H

#include "assay/tmb.h"

typedef struct coley_neoantigen_fact {
    double value, low, high;
    const char *source;
} coley_neoantigen_fact;

typedef struct coley_neoantigen_facts {
    coley_neoantigen_fact seen_share, exome_megabases, clonal_typical, subclonal_cells, clonal_from, alleles,
        binds_below;
} coley_neoantigen_facts;

/* assays/neoantigen.yaml in the folder `catalog`. */
COLEY_MUST_CHECK coley_status coley_neoantigen_facts_read(coley_arena *arena, const char *catalog,
                                                          coley_neoantigen_facts *facts, coley_error *err);

/* What was asked; NaN: not known. */
typedef struct coley_neoantigen_options {
    double purity;         /* share of cells of the sample that are the tumour's */
    int alleles_lost;      /* of class I; -1: not known */
    const char *predicted; /* a list by a predictor (pVACtools, TSV), or NULL */
} coley_neoantigen_options;

typedef struct coley_neoantigens {
    double mutations, mutations_low, mutations_high; /* in the exome; NaN: cannot tell */
    const char *mutations_from;
    double seen, seen_low, seen_high;             /* mutations that T cells see */
    double clonal_share, clonal_low, clonal_high; /* of the mutations; NaN: cannot tell */
    size_t n_clonal, n_with_reads;
    double covered;                  /* share of cancer cells that carry a mutation, on average; NaN */
    double presented;                /* share of HLA alleles left; 1 when nothing is known */
    uint64_t n_predicted, n_binders; /* rows of the list; mutations with a peptide below the cut-off */
    int hla_known;
    int has_list;
    double factor;             /* clones of T cells against a tumour of that burden that is typical */
    const char *reason;        /* what could not be told and why, or NULL */
    const char *clonal_reason; /* likewise of clonality */
} coley_neoantigens;

COLEY_MUST_CHECK coley_status coley_neoantigens_of(coley_arena *arena, const coley_tmb_report *report,
                                                   const coley_tmb *tmb, const coley_neoantigen_facts *facts,
                                                   const coley_neoantigen_options *options, coley_neoantigens *found,
                                                   coley_error *err);

/* Count a predictor's list: rows, and mutations with a peptide whose median affinity lies below the cut-off. */
COLEY_MUST_CHECK coley_status coley_neoantigen_list(coley_arena *arena, coley_lines *lines, double below_nM,
                                                    uint64_t *n_rows, uint64_t *n_binders, coley_error *err);

/* Is a mutation with these reads clonal in a tumour of that purity? -1: its reads are not known. */
int coley_neoantigen_is_clonal(double fraction, double depth, double purity, double from);

#endif
