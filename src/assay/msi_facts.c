/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_facts.c -- reads catalog/assays/msi.yaml. */
#include <string.h>

#include "assay/msi.h"

static coley_status member(const coley_yaml *map, const char *key, const coley_yaml **node, coley_error *err)
{
    *node = coley_yaml_find(map, key);
    return *node ? COLEY_OK : coley_yaml_fail(map, err, "the key '%s' is missing here", key);
}

static coley_status text(const coley_yaml *map, const char *key, const char **value, coley_error *err)
{
    const coley_yaml *node;
    COLEY_TRY(member(map, key, &node, err));
    return coley_yaml_text(node, value, err);
}

static coley_status quantity(const coley_yaml *map, const char *key, const char *unit, double high, double *value,
                             coley_error *err)
{
    const coley_yaml *node;
    COLEY_TRY(member(map, key, &node, err));
    return coley_yaml_quantity(node, unit, 0, high, value, err);
}

/* {value, unit, source}: a number that has a source. */
static coley_status sourced(const coley_yaml *root, const char *key, double high, double *value, coley_error *err)
{
    static const char *const keys[] = {"value", "unit", "source"};
    const coley_yaml *map, *node;
    const char *source;
    COLEY_TRY(member(root, key, &map, err));
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, 3, err));
    COLEY_TRY(text(map, "source", &source, err));
    COLEY_TRY(member(map, "value", &node, err));
    return coley_yaml_number(node, 0, high, value, err);
}

static coley_status read_cutoff(const coley_yaml *map, const char *name, coley_msi_cutoff *c, coley_error *err)
{
    static const char *const keys[] = {"words", "mode", "high", "low", "least_sites", "interval", "source"};
    static const char *const modes[] = {"paired", "baseline"};
    const coley_yaml *node;
    int mode;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, 7, err));
    c->name = name;
    COLEY_TRY(text(map, "words", &c->words, err));
    COLEY_TRY(text(map, "source", &c->source, err));
    COLEY_TRY(member(map, "mode", &node, err));
    COLEY_TRY(coley_yaml_choice(node, modes, 2, &mode, err));
    c->mode = mode ? COLEY_MSI_BASELINE : COLEY_MSI_PAIRED;
    COLEY_TRY(quantity(map, "high", "%", 100, &c->high_pct, err));
    COLEY_TRY(quantity(map, "low", "%", 100, &c->low_pct, err));
    COLEY_TRY(member(map, "least_sites", &node, err));
    COLEY_TRY(coley_yaml_integer(node, 1, 1000000, &c->least_sites, err));
    COLEY_TRY(member(map, "interval", &node, err));
    COLEY_TRY(coley_yaml_flag(node, &c->by_interval, err));
    if (c->low_pct > c->high_pct) return coley_yaml_fail(map, err, "'low' is above 'high'");
    return COLEY_OK;
}

static coley_status read_indel_cutoff(const coley_yaml *map, const char *name, coley_msi_indel_cutoff *c,
                                      coley_error *err)
{
    static const char *const keys[] = {"value", "unit", "least_megabases", "source"};
    const coley_yaml *node;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, 4, err));
    c->name = name;
    COLEY_TRY(text(map, "source", &c->source, err));
    COLEY_TRY(member(map, "value", &node, err));
    COLEY_TRY(coley_yaml_number(node, 0, 1e6, &c->per_Mb, err));
    COLEY_TRY(member(map, "least_megabases", &node, err));
    return coley_yaml_number(node, 0, 1e6, &c->least_megabases, err);
}

coley_status coley_msi_facts_read(coley_arena *arena, const char *catalog, coley_msi_facts *facts, coley_error *err)
{
    static const char *const keys[] = {"cutoffs",      "coverage", "fdr",     "recognised",
                                       "tumour_reads", "distance", "normals", "indels"};
    const coley_yaml *root, *cutoffs, *indels;
    const char *path = coley_arena_printf(arena, "%s/assays/msi.yaml", catalog);
    if (!path) return COLEY_FAIL_MEMORY(err);
    *facts = (coley_msi_facts){0};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_expect(root, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(member(root, "cutoffs", &cutoffs, err));
    COLEY_TRY(coley_yaml_expect(cutoffs, COLEY_YAML_MAP, err));
    COLEY_TRY(member(root, "indels", &indels, err));
    COLEY_TRY(coley_yaml_expect(indels, COLEY_YAML_MAP, err));
    facts->cutoff = COLEY_NEW(arena, coley_msi_cutoff, cutoffs->n);
    facts->indel_cutoff = COLEY_NEW(arena, coley_msi_indel_cutoff, indels->n);
    if (!facts->cutoff || !facts->indel_cutoff) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < cutoffs->n; i++)
        COLEY_TRY(read_cutoff(cutoffs->item[i], cutoffs->key[i], &facts->cutoff[facts->n_cutoffs++], err));
    for (size_t i = 0; i < indels->n; i++)
        COLEY_TRY(
            read_indel_cutoff(indels->item[i], indels->key[i], &facts->indel_cutoff[facts->n_indel_cutoffs++], err));
    COLEY_TRY(sourced(root, "coverage", 1e6, &facts->coverage, err));
    COLEY_TRY(sourced(root, "fdr", 1, &facts->fdr, err));
    COLEY_TRY(sourced(root, "recognised", 1, &facts->recognised, err));
    COLEY_TRY(sourced(root, "tumour_reads", 1e6, &facts->tumour_reads, err));
    COLEY_TRY(sourced(root, "distance", 1, &facts->distance, err));
    return sourced(root, "normals", 1e6, &facts->normals, err);
}

coley_status coley_msi_cutoff_find(const coley_msi_facts *facts, const char *name, coley_msi_mode mode,
                                   const coley_msi_cutoff **cutoff, coley_error *err)
{
    const char *names[64], *near;
    size_t n = 0;
    *cutoff = NULL;
    for (size_t i = 0; i < facts->n_cutoffs; i++) {
        const coley_msi_cutoff *c = &facts->cutoff[i];
        if (n < 64) names[n++] = c->name;
        if (!*cutoff && (name ? strcmp(c->name, name) == 0 : c->mode == mode)) *cutoff = c;
    }
    near = name ? coley_text_nearest(name, names, n) : NULL;
    if (!*cutoff)
        return COLEY_FAIL(err, COLEY_ERR_ARG, "%s is no cut-off of the catalog%s%s%s", name ? name : "(none)",
                          near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    if (name && mode != COLEY_MSI_ALONE && (*cutoff)->mode != mode)
        return COLEY_FAIL(err, COLEY_ERR_ARG, "the cut-off %s is for a tumour %s", name,
                          (*cutoff)->mode == COLEY_MSI_PAIRED ? "with its normal"
                                                              : "alone with thresholds from normals");
    return COLEY_OK;
}
