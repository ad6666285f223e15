/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tmb.h -- tumour mutational burden: eligible somatic variants over megabases, with an exact interval, out of VCF, BCF
 * or MAF.
 *
 *   TMB = n / Mb,   95 % interval: that of a Poisson mean behind n, over Mb
 *
 * Whatever was left out is counted by its reason, and where the input can't support a call the answer is "cannot tell".
 */
#ifndef COLEY_ASSAY_TMB_H
#define COLEY_ASSAY_TMB_H

#include "assay/codons.h"
#include "assay/target.h"
#include "assay/tmb_facts.h"
#include "math/poisson.h"

/* Why a variant was left out; the first that holds is counted. */
#define COLEY_TMB_REASON_LIST(X)                                                                                       \
    X(FILTER, "failed the caller's filters")                                                                           \
    X(TARGET, "outside the targets")                                                                                   \
    X(GERMLINE, "not somatic by its caller")                                                                           \
    X(ABSENT, "not in the tumour's genotype")                                                                          \
    X(DEPTH, "too few reads")                                                                                          \
    X(FRACTION, "too small an allele fraction")                                                                        \
    X(POPULATION, "known in the population")                                                                           \
    X(EFFECT, "of an effect that does not count")                                                                      \
    X(DRIVER, "a known driver")                                                                                        \
    X(REPEATED, "named before")

typedef enum coley_tmb_reason {
#define COLEY_TMB_REASON_ENUM(name, words) COLEY_TMB_##name,
    COLEY_TMB_REASON_LIST(COLEY_TMB_REASON_ENUM)
#undef COLEY_TMB_REASON_ENUM
        COLEY_TMB_REASONS
} coley_tmb_reason;

extern const char *const coley_tmb_reason_words[COLEY_TMB_REASONS];

typedef enum coley_tmb_call { COLEY_TMB_CANNOT_TELL, COLEY_TMB_LOW, COLEY_TMB_HIGH } coley_tmb_call;

/* An eligible variant's reads, for clonality. */
typedef struct coley_tmb_reads {
    float fraction, depth; /* NaN: not given */
} coley_tmb_reads;

/* One sample's count. */
typedef struct coley_tmb {
    const char *sample;
    uint64_t n_variants; /* alleles, or rows of a MAF, that were looked at */
    uint64_t n_left_out[COLEY_TMB_REASONS];
    uint64_t n_eligible;
    uint64_t n_by_effect[COLEY_EFFECT_COUNT]; /* eligible, by the most severe effect that counts */
    uint64_t n_unfiltered, n_repeated, n_unknown_word, n_no_depth, n_no_fraction;
    size_t n_reads, cap_reads;
    coley_tmb_reads *reads; /* of the eligible ones */
    double megabases;       /* NaN: not known */
    const char *denominator;
    double per_Mb, low, high; /* NaN where there are no megabases */
    coley_tmb_call call;
    const char *reason; /* of a call that cannot be made, or NULL */
} coley_tmb;

typedef struct coley_tmb_options {
    const coley_tmb_facts *facts;
    const coley_tmb_definition *definition;
    int any_filter;                                /* count what failed the caller's filters too */
    double min_depth, min_fraction, max_frequency; /* NaN: not asked */
    int picked;                                    /* the annotator's chosen transcript only */
    int unique;                                    /* a variant that a MAF names twice counts once */
    const char *sample;                            /* NULL: the tumour of a VCF, every sample of a MAF */
    const coley_target *target;                    /* or NULL */
    double megabases;                              /* NaN: of the target, or not known */
    const char *denominator;                       /* what the megabases are, for the report */
    const char *panels;                            /* a table of sample and panel, or NULL */
    const coley_drivers *drivers;                  /* or NULL */
    coley_codons *codons;                          /* or NULL; asked where no annotator has spoken */
} coley_tmb_options;

typedef enum coley_tmb_format { COLEY_TMB_VCF, COLEY_TMB_MAF } coley_tmb_format;

typedef struct coley_tmb_report {
    const char *file;
    coley_tmb_format format;
    const coley_tmb_options *options;
    const char *effects_from; /* "CSQ of the file", "Variant_Classification", "own codon caller", or NULL */
    const char *chosen;       /* VCF: how the sample was chosen */
    int tumour_only;          /* VCF: no other sample that could be a normal */
    uint64_t n_records;
    size_t n, cap;
    coley_tmb *tmb;
    size_t n_cautions, cap_cautions;
    const char **caution;
} coley_tmb_report;

/* Count a file. The format is told by its first line. */
COLEY_MUST_CHECK coley_status coley_tmb_run(coley_arena *arena, const char *path, const coley_tmb_options *options,
                                            coley_tmb_report *report, coley_error *err);
COLEY_MUST_CHECK coley_status coley_tmb_count(coley_arena *arena, coley_lines *lines, const coley_tmb_options *options,
                                              coley_tmb_report *report, coley_error *err);

/* ---- inside src/assay -------------------------------------------------------------------------------------------- */

/* What a reader knows of a variant that has passed its caller's filters and lies in the targets. */
typedef struct coley_tmb_variant {
    double depth, fraction, frequency; /* NaN: not given */
    coley_effects effects;
    const char *gene, *protein; /* not terminated; NULL: not given */
    size_t gene_length, protein_length;
} coley_tmb_variant;

coley_tmb *coley_tmb_sample(coley_arena *arena, coley_tmb_report *report, const char *name, size_t length);
COLEY_MUST_CHECK coley_status coley_tmb_caution(coley_arena *arena, coley_tmb_report *report, coley_error *err,
                                                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Does the depth, fraction or population frequency rule it out? The reason, or COLEY_TMB_REASONS. */
coley_tmb_reason coley_tmb_judge_reads(coley_tmb *tmb, const coley_tmb_options *options,
                                       const coley_tmb_variant *variant);

/* Count it or leave it out by effect or as a driver. */
COLEY_MUST_CHECK coley_status coley_tmb_judge_effect(coley_arena *arena, coley_tmb *tmb,
                                                     const coley_tmb_options *options, const coley_tmb_variant *variant,
                                                     coley_error *err);

#endif
