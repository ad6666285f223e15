/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression_rules.c -- reads catalog/assays/expression.yaml. */
#include "assay/assay_yaml.h"
#include "assay/expression.h"

#include <string.h>

typedef struct gene_list {
    coley_arena *arena;
    coley_expression_rules *rules;
    size_t cap;
} gene_list;

/* Place of a gene in the list; a new one is added. */
static coley_status place_of(gene_list *list, const char *gene, int *place, coley_error *err)
{
    coley_expression_rules *r = list->rules;
    for (*place = 0; (size_t)*place < r->n_genes; ++*place)
        if (strcmp(r->gene[*place], gene) == 0) return COLEY_OK;
    if (!COLEY_RESERVE(list->arena, r->gene, list->cap, r->n_genes + 1)) return COLEY_FAIL_MEMORY(err);
    r->gene[r->n_genes++] = gene;
    return COLEY_OK;
}

static coley_status read_genes(gene_list *list, const coley_yaml *map, coley_expression_score *score, coley_error *err)
{
    const coley_yaml *genes = coley_yaml_find(map, "genes"), *house = coley_yaml_find(map, "housekeeping");
    if (!genes) return coley_yaml_fail(map, err, "the key 'genes' is missing here");
    COLEY_TRY(coley_yaml_expect(genes, COLEY_YAML_MAP, err));
    score->gene = COLEY_NEW(list->arena, int, genes->n);
    score->weight = COLEY_NEW(list->arena, double, genes->n);
    if (!score->gene || !score->weight) return COLEY_FAIL_MEMORY(err);
    for (; score->n_genes < genes->n; score->n_genes++) {
        const size_t i = score->n_genes;
        COLEY_TRY(place_of(list, genes->key[i], &score->gene[i], err));
        COLEY_TRY(coley_yaml_number(genes->item[i], -1e6, 1e6, &score->weight[i], err));
    }
    if (!house) return COLEY_OK;
    COLEY_TRY(coley_yaml_expect(house, COLEY_YAML_LIST, err));
    if (!(score->housekeeping = COLEY_NEW(list->arena, int, house->n))) return COLEY_FAIL_MEMORY(err);
    for (; score->n_housekeeping < house->n; score->n_housekeeping++) {
        const char *gene;
        COLEY_TRY(coley_yaml_text(house->item[score->n_housekeeping], &gene, err));
        COLEY_TRY(place_of(list, gene, &score->housekeeping[score->n_housekeeping], err));
    }
    return COLEY_OK;
}

static coley_status read_score(gene_list *list, const coley_yaml *map, coley_expression_score *score, coley_error *err)
{
    static const char *const keys[] = {"name", "words", "kind", "genes", "housekeeping", "source"};
    static const char *const kinds[] = {"weighted", "z_mean", "log_mean"};
    int kind;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_assay_text(map, "name", &score->name, err));
    COLEY_TRY(coley_assay_text(map, "words", &score->words, err));
    COLEY_TRY(coley_assay_text(map, "source", &score->source, err));
    if (!coley_yaml_find(map, "kind")) return coley_yaml_fail(map, err, "the key 'kind' is missing here");
    COLEY_TRY(coley_yaml_choice(coley_yaml_find(map, "kind"), kinds, 3, &kind, err));
    score->kind = (coley_expression_kind)kind;
    COLEY_TRY(read_genes(list, map, score, err));
    if (kind == COLEY_EXPRESSION_WEIGHTED && !score->n_housekeeping)
        return coley_yaml_fail(map, err, "a weighted score needs housekeeping genes");
    return COLEY_OK;
}

static coley_status read_aliases(gene_list *list, const coley_yaml *root, coley_error *err)
{
    coley_expression_rules *r = list->rules;
    const coley_yaml *map = coley_yaml_find(root, "aliases");
    if (!map) return COLEY_OK;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    r->alias = COLEY_NEW(list->arena, const char *, map->n);
    r->alias_of = COLEY_NEW(list->arena, int, map->n);
    if (!r->alias || !r->alias_of) return COLEY_FAIL_MEMORY(err);
    for (; r->n_aliases < map->n; r->n_aliases++) {
        const char *gene;
        COLEY_TRY(coley_yaml_text(map->item[r->n_aliases], &gene, err));
        r->alias[r->n_aliases] = map->key[r->n_aliases];
        COLEY_TRY(place_of(list, gene, &r->alias_of[r->n_aliases], err));
    }
    return COLEY_OK;
}

coley_status coley_expression_rules_read(coley_arena *arena, const char *path, coley_expression_rules *r,
                                         coley_error *err)
{
    static const char *const keys[] = {"doc", "scores", "aliases", "min_samples"};
    const coley_yaml *root, *scores;
    gene_list list = {.arena = arena, .rules = r};
    *r = (coley_expression_rules){0};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_assay_list(root, "scores", &scores, err));
    COLEY_TRY(coley_assay_number(root, "min_samples", "1", 2, 1e6, &r->min_samples, err));
    if (!(r->score = COLEY_NEW(arena, coley_expression_score, scores->n))) return COLEY_FAIL_MEMORY(err);
    for (; r->n_scores < scores->n; r->n_scores++)
        COLEY_TRY(read_score(&list, scores->item[r->n_scores], &r->score[r->n_scores], err));
    return read_aliases(&list, root, err);
}
