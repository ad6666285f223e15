/* SPDX-License-Identifier: GPL-3.0-or-later */
/* infiltrate_rules.c -- reads catalog/assays/infiltrate.yaml. */
#include "assay/assay_yaml.h"
#include "assay/infiltrate.h"

static coley_status section(const coley_yaml *root, const char *key, const coley_yaml **map, coley_error *err)
{
    if (!(*map = coley_yaml_find(root, key))) return coley_yaml_fail(root, err, "the key '%s' is missing", key);
    return coley_yaml_expect(*map, COLEY_YAML_MAP, err);
}

static coley_status read_zones(const coley_yaml *root, coley_infiltrate_rules *r, coley_error *err)
{
    const coley_yaml *map;
    COLEY_TRY(section(root, "region", &map, err));
    COLEY_TRY(coley_assay_number(map, "radius", "um", 1, 1000, &r->region_radius_um, err));
    COLEY_TRY(coley_assay_number(map, "tumour_share", "1", 0, 1, &r->tumour_share, err));
    COLEY_TRY(section(root, "margin", &map, err));
    COLEY_TRY(coley_assay_number(map, "width", "um", 0, 10000, &r->margin_um, err));
    COLEY_TRY(section(root, "area", &map, err));
    COLEY_TRY(coley_assay_number(map, "pixel", "um", 0.1, 1000, &r->pixel_um, err));
    return coley_assay_number(map, "reach", "um", 1, 10000, &r->reach_um, err);
}

static coley_status read_phenotype(const coley_yaml *root, coley_infiltrate_rules *r, coley_error *err)
{
    const coley_yaml *map;
    COLEY_TRY(section(root, "phenotype", &map, err));
    COLEY_TRY(coley_assay_number(map, "inflamed_tumour", "1", 0, 1e6, &r->inflamed_tumour, err));
    COLEY_TRY(coley_assay_number(map, "excluded_stroma", "1", 0, 1e6, &r->excluded_stroma, err));
    COLEY_TRY(coley_assay_number(map, "min_tumour_cells", "1", 1, 1e6, &r->min_tumour_cells, err));
    COLEY_TRY(coley_assay_number(map, "min_tumour_mm2", "1", 0, 1e4, &r->min_tumour_mm2, err));
    COLEY_TRY(coley_assay_number(map, "min_stroma_mm2", "1", 0, 1e4, &r->min_stroma_mm2, err));
    return coley_assay_text(map, "source", &r->phenotype_source, err);
}

static coley_status read_type(const coley_yaml *node, int *type, coley_error *err)
{
    const char *name;
    COLEY_TRY(coley_yaml_text(node, &name, err));
    *type = coley_cell_type_find(name);
    return *type >= 0 ? COLEY_OK
                      : coley_yaml_fail(node, err, "there is no type of cell %s", coley_quote_make(name).text);
}

static coley_status read_spatial(const coley_yaml *root, coley_infiltrate_rules *r, coley_error *err)
{
    const coley_yaml *map, *list;
    COLEY_TRY(section(root, "spatial", &map, err));
    COLEY_TRY(coley_assay_number(map, "min_cells", "1", 1, 1e6, &r->min_cells, err));
    COLEY_TRY(coley_assay_list(map, "pairs", &list, err));
    if (list->n > COLEY_INFILTRATE_MAX_PAIRS)
        return coley_yaml_fail(list, err, "more than %d pairs", COLEY_INFILTRATE_MAX_PAIRS);
    for (; r->n_pairs < list->n; r->n_pairs++) {
        const coley_yaml *pair = list->item[r->n_pairs];
        COLEY_TRY(coley_yaml_expect(pair, COLEY_YAML_LIST, err));
        if (pair->n != 2) return coley_yaml_fail(pair, err, "a pair has two types");
        COLEY_TRY(read_type(pair->item[0], &r->from[r->n_pairs], err));
        COLEY_TRY(read_type(pair->item[1], &r->to[r->n_pairs], err));
        if (r->from[r->n_pairs] == r->to[r->n_pairs])
            return coley_yaml_fail(pair, err, "a pair has two different types");
    }
    COLEY_TRY(coley_assay_list(map, "radii", &list, err));
    if (list->n > COLEY_INFILTRATE_MAX_RADII)
        return coley_yaml_fail(list, err, "more than %d radii", COLEY_INFILTRATE_MAX_RADII);
    for (; r->n_radii < list->n; r->n_radii++)
        COLEY_TRY(coley_yaml_number(list->item[r->n_radii], r->n_radii ? r->radius_um[r->n_radii - 1] : 0.1, 10000,
                                    &r->radius_um[r->n_radii], err));
    return COLEY_OK;
}

coley_status coley_infiltrate_rules_read(coley_arena *arena, const char *path, coley_infiltrate_rules *r,
                                         coley_error *err)
{
    static const char *const keys[] = {"doc", "region", "margin", "area", "types", "phenotype", "spatial"};
    const coley_yaml *root;
    *r = (coley_infiltrate_rules){0};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_assay_types(root, "types", &r->types, err));
    COLEY_TRY(read_zones(root, r, err));
    COLEY_TRY(read_phenotype(root, r, err));
    return read_spatial(root, r, err);
}
