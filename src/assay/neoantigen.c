/* SPDX-License-Identifier: GPL-3.0-or-later */
/* neoantigen.c -- ratios, clonality by reads, and lists of predictors. */
#include "assay/neoantigen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- facts ------------------------------------------------------------------------------------------------------- */

static coley_status read_fact(const coley_yaml *root, const char *key, const char *unit, coley_neoantigen_fact *fact,
                              coley_error *err)
{
    static const char *const keys[] = {"value", "low", "high", "unit", "source"};
    const coley_yaml *map = coley_yaml_find(root, key);
    if (!map) return coley_yaml_fail(root, err, "the key '%s' is missing here", key);
    COLEY_TRY(coley_yaml_keys(map, keys, 5, err));
    const char *named;
    for (size_t i = 0; i < 5; i++)
        if (!coley_yaml_find(map, keys[i])) return coley_yaml_fail(map, err, "the key '%s' is missing here", keys[i]);
    COLEY_TRY(coley_yaml_text(coley_yaml_find(map, "unit"), &named, err));
    if (strcmp(named, unit)) return coley_yaml_fail(map, err, "is in %s; this file says it in %s", named, unit);
    COLEY_TRY(coley_yaml_number(coley_yaml_find(map, "value"), 0, 1e6, &fact->value, err));
    COLEY_TRY(coley_yaml_number(coley_yaml_find(map, "low"), 0, fact->value, &fact->low, err));
    COLEY_TRY(coley_yaml_number(coley_yaml_find(map, "high"), fact->value, 1e6, &fact->high, err));
    return coley_yaml_text(coley_yaml_find(map, "source"), &fact->source, err);
}

coley_status coley_neoantigen_facts_read(coley_arena *arena, const char *catalog, coley_neoantigen_facts *facts,
                                         coley_error *err)
{
    static const char *const keys[] = {"seen_share",        "exome_megabases", "clonal_share_typical",   "clonal_from",
                                       "class_one_alleles", "binds_below",     "subclonal_cells_typical"};
    const char *path = coley_arena_printf(arena, "%s/assays/neoantigen.yaml", catalog);
    const coley_yaml *root;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, 7, err));
    COLEY_TRY(read_fact(root, keys[0], "dimensionless", &facts->seen_share, err));
    COLEY_TRY(read_fact(root, keys[1], "Mb", &facts->exome_megabases, err));
    COLEY_TRY(read_fact(root, keys[2], "dimensionless", &facts->clonal_typical, err));
    COLEY_TRY(read_fact(root, keys[3], "dimensionless", &facts->clonal_from, err));
    COLEY_TRY(read_fact(root, keys[4], "dimensionless", &facts->alleles, err));
    COLEY_TRY(read_fact(root, keys[6], "dimensionless", &facts->subclonal_cells, err));
    return read_fact(root, keys[5], "nM", &facts->binds_below, err);
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

typedef struct list_columns {
    int gene, contig, start, mutation, affinity; /* -1: not there */
} list_columns;

static list_columns columns_of(const char *header)
{
    static const struct {
        const char *name;
        size_t offset;
    } names[] = {
        {"Chromosome", offsetof(list_columns, contig)},
        {"Start", offsetof(list_columns, start)},
        {"Gene Name", offsetof(list_columns, gene)},
        {"Gene", offsetof(list_columns, gene)},
        {"Mutation", offsetof(list_columns, mutation)},
        {"AA Change", offsetof(list_columns, mutation)},
        {"Index", offsetof(list_columns, mutation)},
        {"Median MT IC50 Score", offsetof(list_columns, affinity)},
        {"Median MT Score", offsetof(list_columns, affinity)},
        {"Median Score", offsetof(list_columns, affinity)},
        {"IC50 MT", offsetof(list_columns, affinity)},
    };
    list_columns found = {-1, -1, -1, -1, -1};
    for (int at = 0;; at++) {
        const size_t n = strcspn(header, "\t");
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            int *column = (int *)(void *)((char *)&found + names[i].offset);
            if (*column < 0 && strlen(names[i].name) == n && !strncmp(names[i].name, header, n)) *column = at;
        }
        header += n;
        if (!*header++) return found;
    }
}

static const char *cell_of(const char *line, int column, size_t *length)
{
    *length = 0;
    if (column < 0) return "";
    for (; column > 0; column--) {
        line += strcspn(line, "\t");
        if (!*line++) return NULL;
    }
    *length = strcspn(line, "\t");
    return line;
}

/* One row's affinity and a hash of its mutation. */
static coley_status read_list_row(const coley_lines *lines, const char *line, const list_columns *at, double *nM,
                                  uint64_t *mutation, coley_error *err)
{
    const int key[] = {at->contig, at->start, at->gene, at->mutation};
    size_t length;
    const char *cell = cell_of(line, at->affinity, &length);
    char copy[40] = "", *end = copy;
    if (cell && length < sizeof copy) {
        memcpy(copy, cell, length);
        copy[length] = '\0';
        *nM = strtod(copy, &end);
    }
    if (end == copy || *end || !(*nM >= 0))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(lines),
                             "has no affinity [nM] in its column of medians; a list as pVACtools writes it is wanted");
    *mutation = 14695981039346656037u;
    for (size_t k = 0; k < 4; k++) {
        cell = cell_of(line, key[k], &length);
        for (size_t i = 0; cell && i < length; i++) *mutation = (*mutation ^ (unsigned char)cell[i]) * 1099511628211u;
        *mutation = (*mutation ^ k) * 1099511628211u;
    }
    return COLEY_OK;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

coley_status coley_neoantigen_list(coley_arena *arena, coley_lines *lines, double below_nM, uint64_t *n_rows,
                                   uint64_t *n_binders, coley_error *err)
{
    char *line;
    size_t length, n = 0, cap = 0;
    uint64_t *mutation = NULL;
    *n_rows = *n_binders = 0;
    COLEY_TRY(coley_lines_next(lines, &line, &length, err));
    const list_columns at = columns_of(line ? line : "");
    if (at.affinity < 0 || (at.gene < 0 && at.start < 0))
        return COLEY_FAIL_AT(
            err, COLEY_ERR_INPUT, coley_lines_place(lines),
            "is no list of predicted neoantigens: as pVACtools writes it, with a column 'Median MT IC50 "
            "Score' or 'IC50 MT', and the gene or place of the mutation");
    for (;;) {
        double nM = NAN;
        uint64_t h = 0;
        COLEY_TRY(coley_lines_next(lines, &line, &length, err));
        if (!line) break;
        if (!*line) continue;
        COLEY_TRY(read_list_row(lines, line, &at, &nM, &h, err));
        ++*n_rows;
        if (!(nM < below_nM)) continue;
        if (!COLEY_RESERVE(arena, mutation, cap, n + 1)) return COLEY_FAIL_MEMORY(err);
        mutation[n++] = h;
    }
    if (n) qsort(mutation, n, sizeof *mutation, by_number);
    for (size_t i = 0; i < n; i++) *n_binders += !i || mutation[i] != mutation[i - 1];
    return COLEY_OK;
}

/* ---- mutations --------------------------------------------------------------------------------------------------- */

int coley_neoantigen_is_clonal(double fraction, double depth, double purity, double from)
{
    if (!(fraction >= 0 && fraction <= 1) || !(depth > 0)) return -1;
    const coley_interval interval = coley_binomial_interval(fmin(round(fraction * depth), depth), depth, 0.95);
    return 2 * interval.high / purity >= from;
}

static void count_clonal(const coley_tmb *tmb, const coley_neoantigen_facts *facts, double purity, coley_neoantigens *n)
{
    double covered = 0;
    n->clonal_share = n->clonal_low = n->clonal_high = n->covered = NAN;
    if (isnan(purity)) {
        n->clonal_reason = "the sample's purity is not known: give --purity";
        return;
    }
    for (size_t i = 0; i < tmb->n_reads; i++) {
        const int clonal =
            coley_neoantigen_is_clonal(tmb->reads[i].fraction, tmb->reads[i].depth, purity, facts->clonal_from.value);
        if (clonal < 0) continue;
        n->n_with_reads++;
        n->n_clonal += (size_t)clonal;
        covered += clonal ? 1 : fmin(2 * tmb->reads[i].fraction / purity, 1);
    }
    if (!n->n_with_reads) {
        n->clonal_reason = "no variant has both depth and allele fraction";
        return;
    }
    const coley_interval interval = coley_binomial_interval((double)n->n_clonal, (double)n->n_with_reads, 0.95);
    n->clonal_share = (double)n->n_clonal / (double)n->n_with_reads;
    n->covered = covered / (double)n->n_with_reads;
    n->clonal_low = interval.low;
    n->clonal_high = interval.high;
}

coley_status coley_neoantigens_of(coley_arena *arena, const coley_tmb_report *report, const coley_tmb *tmb,
                                  const coley_neoantigen_facts *facts, const coley_neoantigen_options *options,
                                  coley_neoantigens *n, coley_error *err)
{
    *n = (coley_neoantigens){.presented = 1,
                             .factor = NAN,
                             .mutations = NAN,
                             .mutations_low = NAN,
                             .mutations_high = NAN,
                             .seen = NAN,
                             .seen_low = NAN,
                             .seen_high = NAN,
                             .mutations_from = "not known"};
    const double clonal = facts->clonal_typical.value;
    const double typical = clonal + (1 - clonal) * facts->subclonal_cells.value;
    const coley_neoantigen_fact *share = &facts->seen_share, *exome = &facts->exome_megabases;
    const coley_effects changes = report->options->definition->counted;
    if (!changes || (changes & COLEY_EFFECT_BIT(SYNONYMOUS)))
        n->reason = "the count holds variants that change no protein: take --definition nonsynonymous";
    else if (isnan(tmb->per_Mb))
        n->reason = tmb->reason;
    if (!n->reason) {
        const coley_interval count = coley_poisson_interval((double)tmb->n_eligible, 0.95);
        const int whole = tmb->megabases >= exome->low;
        n->mutations_from = whole ? "counted in the exome" : "a panel's burden over a whole exome";
        const double low = exome->low / tmb->megabases, high = exome->high / tmb->megabases;
        n->mutations = (double)tmb->n_eligible * (whole ? 1 : exome->value / tmb->megabases);
        n->mutations_low = count.low * (whole ? 1 : low);
        n->mutations_high = count.high * (whole ? 1 : high);
    }
    n->hla_known = options->alleles_lost >= 0;
    if (n->hla_known) n->presented = 1 - options->alleles_lost / facts->alleles.value;
    n->seen = n->mutations * share->value * n->presented;
    n->seen_low = n->mutations_low * share->low * n->presented;
    n->seen_high = n->mutations_high * share->high * n->presented;
    count_clonal(tmb, facts, options->purity, n);
    if (!isnan(n->clonal_share) || n->hla_known)
        n->factor = n->presented * (isnan(n->covered) ? 1 : n->covered / typical);
    if (!options->predicted) return COLEY_OK;
    coley_lines *lines;
    COLEY_TRY(coley_lines_open(arena, options->predicted, &lines, err));
    const coley_status status =
        coley_neoantigen_list(arena, lines, facts->binds_below.value, &n->n_predicted, &n->n_binders, err);
    coley_lines_close(lines);
    n->has_list = 1;
    return status;
}
