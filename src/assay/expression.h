/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression.h -- expression scores of bulk RNA: genes, weights and housekeeping genes of
 * catalog/assays/expression.yaml.
 *
 *     weighted:  sum w_g (y_g - mean of housekeeping y),   y = log2(x + 1), or x when it is a logarithm already
 *     z_mean:    mean over g of (y_g - mean over samples) / SD over samples
 *     log_mean:  mean over g of y_g
 */
#ifndef COLEY_ASSAY_EXPRESSION_H
#define COLEY_ASSAY_EXPRESSION_H

#include "base/alloc.h"
#include "base/status.h"

typedef enum coley_expression_kind {
    COLEY_EXPRESSION_WEIGHTED,
    COLEY_EXPRESSION_Z_MEAN,
    COLEY_EXPRESSION_LOG_MEAN
} coley_expression_kind;

typedef struct coley_expression_score {
    const char *name, *words, *source;
    coley_expression_kind kind;
    size_t n_genes, n_housekeeping;
    int *gene; /* places in the list of genes */
    double *weight;
    int *housekeeping;
} coley_expression_score;

typedef struct coley_expression_rules {
    size_t n_scores, n_genes, n_aliases;
    coley_expression_score *score;
    const char **gene; /* every gene that a score needs */
    const char **alias;
    int *alias_of;
    double min_samples;
} coley_expression_rules;

COLEY_MUST_CHECK coley_status coley_expression_rules_read(coley_arena *arena, const char *path,
                                                          coley_expression_rules *rules, coley_error *err);

/* The genes of the rules as a file has them, logarithms. */
typedef struct coley_expression {
    const char *file;
    size_t n_samples, n_read; /* n_read: genes (or columns) in the whole file */
    const char **sample;
    int genes_in_rows;
    int *line;     /* [n_genes] where the gene stands (line or column); 0: not there */
    double *value; /* [n_samples * n_genes]; NaN: missing */
} coley_expression;

/* A table with tabs, commas or semicolons, plain or gzipped; genes in rows or in columns. is_log: the values are log2
 * already; else they are 0 or more. */
COLEY_MUST_CHECK coley_status coley_expression_read(coley_arena *arena, const char *path,
                                                    const coley_expression_rules *rules, int is_log,
                                                    coley_expression *expression, coley_error *err);
COLEY_MUST_CHECK coley_status coley_expression_parse(coley_arena *arena, const char *name, const char *bytes,
                                                     size_t length, const coley_expression_rules *rules, int is_log,
                                                     coley_expression *expression, coley_error *err);

/* value[n_samples]: NaN where it can't be told; *why (may stay NULL) is the reason for all samples. */
void coley_expression_judge(coley_arena *arena, const coley_expression *expression, const coley_expression_rules *rules,
                            size_t score, double *value, const char **why);

#endif
