/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_people_table.h -- the people whom a trial would screen, without simulating them: as a table, in figures, and
 * their distributions as a PEtab parameter table (Schmiester 2021, PLoS Comput Biol 17:e1008646). */
#ifndef COLEY_RUN_TRIAL_PEOPLE_TABLE_H
#define COLEY_RUN_TRIAL_PEOPLE_TABLE_H

#include "run/trial_run.h"

/* A figure of the people screened. */
typedef struct coley_people_row {
    const char *name;
    double mean, deviation, low, median, high; /* 5, 50, 95 % */
    double mean_in, median_in;                 /* of those who may enter */
} coley_people_row;

typedef struct coley_people_table {
    size_t n, n_eligible, n_rows;
    coley_people_row *row;
    size_t n_correlated;
    const char *correlated[10];
    double correlation[100];       /* of ranks (Spearman) */
    coley_text people, parameters; /* people.csv; parameters.tsv */
} coley_people_table;

/* People 1 to n of a trial that was prepared, as its first arm has them. */
COLEY_MUST_CHECK coley_status coley_people_draw(coley_arena *arena, coley_trial *trial, size_t n,
                                                coley_people_table *table, coley_error *err);

void coley_people_summary(const coley_trial *trial, const coley_people_table *table, coley_text *out);
COLEY_MUST_CHECK coley_status coley_people_words(coley_arena *arena, const coley_trial *trial,
                                                 const coley_people_table *table, coley_text *out, coley_error *err);

#endif
