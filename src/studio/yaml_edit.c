/* SPDX-License-Identifier: GPL-3.0-or-later */
/* yaml_edit.c -- see yaml_edit.h. */
#include "studio/yaml_edit.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

static struct fy_node *scalar(struct fy_document *doc, const char *text, size_t length)
{
    return fy_node_create_scalar_copy(doc, text, length);
}

/* The value of `key` in `map`, made an empty map when it is missing. */
static struct fy_node *descend(struct fy_document *doc, struct fy_node *map, const char *key, size_t length)
{
    struct fy_node *inside = fy_node_mapping_lookup_by_string(map, key, length);
    if (inside) return fy_node_is_mapping(inside) ? inside : NULL;
    inside = fy_node_create_mapping(doc);
    struct fy_node *name = scalar(doc, key, length);
    return inside && name && fy_node_mapping_append(map, name, inside) == 0 ? inside : NULL;
}

static coley_status set_one(struct fy_document *doc, const coley_yaml_change *change, coley_error *err)
{
    struct fy_node *map = fy_document_root(doc);
    const char *key = change->key, *dot;
    for (; map && (dot = strchr(key, '.')); key = dot + 1) map = descend(doc, map, key, (size_t)(dot - key));
    if (!map || !*key || !fy_node_is_mapping(map))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = change->key}),
                             "cannot be set: what it lies in is no map in this scenario");
    struct fy_node_pair *pair = fy_node_mapping_lookup_pair_by_string(map, key, FY_NT);
    if (pair && fy_node_mapping_remove(map, pair) != 0) return COLEY_FAIL_MEMORY(err);
    if (!change->value) return COLEY_OK;
    struct fy_node *value = fy_node_build_from_string(doc, change->value, FY_NT), *name = scalar(doc, key, FY_NT);
    if (!value || !name || fy_node_mapping_append(map, name, value) != 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = change->key}), "cannot be set to \"%.80s\"",
                             change->value);
    return COLEY_OK;
}

coley_status coley_yaml_edit(coley_arena *arena, const char *text, size_t length, const coley_yaml_change *change,
                             size_t n, char **edited, coley_error *err)
{
    const struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_DISABLE_RECYCLING};
    struct fy_document *doc = fy_document_build_from_string(&config, text, length);
    coley_status status = COLEY_OK;
    *edited = NULL;
    if (!doc || !fy_document_root(doc) || !fy_node_is_mapping(fy_document_root(doc)))
        status = COLEY_FAIL(err, COLEY_ERR_INPUT, "the scenario is no YAML map of keys and values");
    for (size_t i = 0; i < n && status == COLEY_OK; i++) status = set_one(doc, &change[i], err);
    if (status == COLEY_OK) {
        char *out = fy_emit_document_to_string(doc, FYECF_MODE_BLOCK | FYECF_WIDTH_INF);
        *edited = out ? coley_arena_text(arena, out, strlen(out)) : NULL;
        free(out);
        if (!*edited) status = COLEY_FAIL_MEMORY(err);
    }
    if (doc) fy_document_destroy(doc);
    return status;
}
