/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pdl1_rules.c -- reads catalog/assays/pdl1.yaml. */
#include "assay/assay_yaml.h"
#include "assay/pdl1.h"

#include <string.h>

static coley_status read_score(const coley_yaml *map, coley_pdl1_score *score, coley_error *err)
{
    static const char *const keys[] = {"name", "words", "positive", "over", "unit", "most", "source"};
    static const char *const over[] = {"tumour cells", "tumour area"};
    int which;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_assay_text(map, "name", &score->name, err));
    COLEY_TRY(coley_assay_text(map, "words", &score->words, err));
    COLEY_TRY(coley_assay_text(map, "unit", &score->unit, err));
    COLEY_TRY(coley_assay_text(map, "source", &score->source, err));
    COLEY_TRY(coley_assay_types(map, "positive", &score->positive, err));
    COLEY_TRY(coley_assay_number(map, "most", "1", 0, 1e9, &score->most, err));
    if (!coley_yaml_find(map, "over")) return coley_yaml_fail(map, err, "the key 'over' is missing here");
    COLEY_TRY(coley_yaml_choice(coley_yaml_find(map, "over"), over, 2, &which, err));
    score->over = (coley_pdl1_over)which;
    return COLEY_OK;
}

/* The place of a score or an assay by its name. */
static coley_status find_score(const coley_pdl1_rules *r, const coley_yaml *node, int *place, coley_error *err)
{
    const char *name;
    COLEY_TRY(coley_yaml_text(node, &name, err));
    for (*place = 0; (size_t)*place < r->n_scores; ++*place)
        if (strcmp(name, r->score[*place].name) == 0) return COLEY_OK;
    return coley_yaml_fail(node, err, "there is no score %s", coley_quote_make(name).text);
}

static coley_status read_assay(const coley_pdl1_rules *r, const coley_yaml *map, coley_pdl1_assay *assay,
                               coley_error *err)
{
    static const char *const keys[] = {"name", "scores", "min_tumour_cells", "source", "note"};
    const coley_yaml *list;
    double least;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_assay_text(map, "name", &assay->name, err));
    COLEY_TRY(coley_assay_text(map, "source", &assay->source, err));
    if (coley_yaml_find(map, "note")) COLEY_TRY(coley_assay_text(map, "note", &assay->note, err));
    COLEY_TRY(coley_assay_number(map, "min_tumour_cells", "1", 1, 1e6, &least, err));
    assay->min_tumour_cells = (int64_t)least;
    COLEY_TRY(coley_assay_list(map, "scores", &list, err));
    for (size_t i = 0; i < list->n; i++) {
        int score;
        COLEY_TRY(find_score(r, list->item[i], &score, err));
        assay->scores |= 1u << score;
    }
    return COLEY_OK;
}

static coley_status read_cutoff(const coley_pdl1_rules *r, const coley_yaml *map, coley_pdl1_cutoff *cutoff,
                                coley_error *err)
{
    static const char *const keys[] = {"assay", "score", "at_least", "cancer", "therapy", "as_of", "source"};
    const char *name;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_assay_text(map, "assay", &name, err));
    COLEY_TRY(coley_assay_text(map, "cancer", &cutoff->cancer, err));
    COLEY_TRY(coley_assay_text(map, "therapy", &cutoff->therapy, err));
    COLEY_TRY(coley_assay_text(map, "as_of", &cutoff->as_of, err));
    COLEY_TRY(coley_assay_text(map, "source", &cutoff->source, err));
    COLEY_TRY(coley_assay_number(map, "at_least", "1", 0, 1e9, &cutoff->at_least, err));
    if (!coley_yaml_find(map, "score")) return coley_yaml_fail(map, err, "the key 'score' is missing here");
    COLEY_TRY(find_score(r, coley_yaml_find(map, "score"), &cutoff->score, err));
    for (cutoff->assay = 0; (size_t)cutoff->assay < r->n_assays; cutoff->assay++)
        if (strcmp(name, r->assay[cutoff->assay].name) == 0) return COLEY_OK;
    return coley_yaml_fail(map, err, "there is no assay %s", coley_quote_make(name).text);
}

static coley_status read_bootstrap(const coley_yaml *root, coley_pdl1_rules *r, coley_error *err)
{
    static const char *const keys[] = {"replicates", "level", "tile", "min_tiles"};
    const coley_yaml *map = coley_yaml_find(root, "bootstrap");
    double replicates, tiles;
    if (!map) return coley_yaml_fail(root, err, "the key 'bootstrap' is missing here");
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_assay_number(map, "replicates", "1", 100, 1e6, &replicates, err));
    COLEY_TRY(coley_assay_number(map, "level", "1", 0.5, 0.9999, &r->level, err));
    COLEY_TRY(coley_assay_number(map, "tile", "um", 1, 1e5, &r->tile_um, err));
    COLEY_TRY(coley_assay_number(map, "min_tiles", "1", 2, 1e6, &tiles, err));
    r->replicates = (int64_t)replicates;
    r->min_tiles = (int64_t)tiles;
    return COLEY_OK;
}

coley_status coley_pdl1_rules_read(coley_arena *arena, const char *path, coley_pdl1_rules *r, coley_error *err)
{
    static const char *const keys[] = {"doc", "scores", "assays", "cutoffs", "bootstrap"};
    const coley_yaml *root, *scores, *assays, *cutoffs;
    *r = (coley_pdl1_rules){0};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_assay_list(root, "scores", &scores, err));
    COLEY_TRY(coley_assay_list(root, "assays", &assays, err));
    COLEY_TRY(coley_assay_list(root, "cutoffs", &cutoffs, err));
    if (scores->n > COLEY_PDL1_MAX_SCORES)
        return coley_yaml_fail(scores, err, "more than %d scores", COLEY_PDL1_MAX_SCORES);
    r->score = COLEY_NEW(arena, coley_pdl1_score, scores->n);
    r->assay = COLEY_NEW(arena, coley_pdl1_assay, assays->n);
    r->cutoff = COLEY_NEW(arena, coley_pdl1_cutoff, cutoffs->n);
    if (!r->score || !r->assay || !r->cutoff) return COLEY_FAIL_MEMORY(err);
    for (; r->n_scores < scores->n; r->n_scores++)
        COLEY_TRY(read_score(scores->item[r->n_scores], &r->score[r->n_scores], err));
    for (; r->n_assays < assays->n; r->n_assays++)
        COLEY_TRY(read_assay(r, assays->item[r->n_assays], &r->assay[r->n_assays], err));
    for (; r->n_cutoffs < cutoffs->n; r->n_cutoffs++)
        COLEY_TRY(read_cutoff(r, cutoffs->item[r->n_cutoffs], &r->cutoff[r->n_cutoffs], err));
    return read_bootstrap(root, r, err);
}
