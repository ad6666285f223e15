/* SPDX-License-Identifier: GPL-3.0-or-later */
/* effect.h -- what a variant does to a protein, in the words of every annotator: a set of effects.
 *
 * MAF has one word a variant (Missense_Mutation); VEP (CSQ), SnpEff (ANN) and bcftools csq (BCSQ) have terms of the
 * Sequence Ontology for every transcript, joined by '&'. A set holds all that were said; a definition of TMB asks
 * whether one of its own is among them. */
#ifndef COLEY_ASSAY_EFFECT_H
#define COLEY_ASSAY_EFFECT_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* name in catalog/assays, least severe first */
#define COLEY_EFFECT_LIST(X)                                                                                           \
    X(OTHER, "other")                                                                                                  \
    X(SYNONYMOUS, "synonymous")                                                                                        \
    X(SPLICE_REGION, "splice_region")                                                                                  \
    X(INFRAME_DELETION, "inframe_deletion")                                                                            \
    X(INFRAME_INSERTION, "inframe_insertion")                                                                          \
    X(MISSENSE, "missense")                                                                                            \
    X(START_LOST, "start_lost")                                                                                        \
    X(STOP_LOST, "stop_lost")                                                                                          \
    X(FRAMESHIFT_DELETION, "frameshift_deletion")                                                                      \
    X(FRAMESHIFT_INSERTION, "frameshift_insertion")                                                                    \
    X(SPLICE, "splice")                                                                                                \
    X(STOP_GAINED, "stop_gained")

typedef enum coley_effect {
#define COLEY_EFFECT_ENUM(name, word) COLEY_EFFECT_##name,
    COLEY_EFFECT_LIST(COLEY_EFFECT_ENUM)
#undef COLEY_EFFECT_ENUM
        COLEY_EFFECT_COUNT
} coley_effect;

/* Names, ended by NULL. */
extern const char *const coley_effect_names[COLEY_EFFECT_COUNT + 1];

typedef uint32_t coley_effects; /* bit e: effect e; 0: nothing was said, or a word that is not known */
#define COLEY_EFFECT_BIT(name) (1u << COLEY_EFFECT_##name)

/* The most severe of a set; OTHER for an empty one. */
coley_effect coley_effects_worst(coley_effects set);

/* A word of a MAF's Variant_Classification; 0 for one that is not known. */
coley_effects coley_effects_of_maf(const char *word, size_t length);

/* Terms joined by '&' (or '+'), as "missense_variant&splice_region_variant"; terms of bcftools without "_variant" too.
 * A frameshift counts as insertion or deletion by `grows` (> 0, < 0 or 0: a deletion). Terms that are not known are
 * OTHER. */
coley_effects coley_effects_of_terms(const char *terms, size_t length, int grows);

/* ---- annotation in INFO ------------------------------------------------------------------------------------------ */

typedef enum coley_annotator {
    COLEY_ANNOTATOR_NONE,
    COLEY_ANNOTATOR_CSQ,
    COLEY_ANNOTATOR_ANN,
    COLEY_ANNOTATOR_BCSQ
} coley_annotator;

enum { COLEY_ANNOTATION_MAX_FREQUENCIES = 8 };

/* Where the parts of an entry stand, from the header's description; -1: not there. */
typedef struct coley_annotation {
    coley_annotator annotator;
    int allele, terms, pick, canonical, allele_number, gene, protein;
    int n_frequencies, frequency[COLEY_ANNOTATION_MAX_FREQUENCIES];
    char key[8]; /* "CSQ=" */
} coley_annotation;

/* Take one line of a VCF header; true when it describes an annotation (a CSQ is preferred to an ANN to a BCSQ). */
int coley_annotation_of_header(coley_annotation *annotation, const char *line);

/* What a reader of entries wants beside the effects. */
enum {
    COLEY_ANNOTATION_PICKED =
        1, /* of the transcript that the annotator marked only: PICK, else CANONICAL, else the first */
    COLEY_ANNOTATION_FREQUENCY = 2, /* the highest frequency in the population */
    COLEY_ANNOTATION_GENE = 4,      /* gene and change of protein */
};

/* One entry's answer for one alternative allele. */
typedef struct coley_annotation_view {
    coley_effects effects;
    int n_entries;    /* of that allele */
    int elsewhere;    /* BCSQ: the effect is told at another record, of which this one is a part */
    double frequency; /* highest population frequency that was named; NaN: none */
    const char *gene; /* of the most severe entry, or NULL; not terminated */
    size_t gene_length;
    const char *protein; /* its change of protein (HGVSp or SnpEff's), or NULL */
    size_t protein_length;
} coley_annotation_view;

/* Read an INFO value (what stands behind "CSQ=", up to ';'). `allele` is the place of the alternative allele from 0;
 * `alleles` holds REF and then each ALT, n_alleles in all. */
void coley_annotation_read(const coley_annotation *annotation, const char *value, size_t length, size_t n_alleles,
                           const char *const *alleles, const size_t *lengths, size_t allele, unsigned wanted,
                           coley_annotation_view *view);

#endif
