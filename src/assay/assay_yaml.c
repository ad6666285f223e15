/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_yaml.c -- see assay_yaml.h. */
#include "assay/assay_yaml.h"

#include "cells/cells.h"

static coley_status needed(const coley_yaml *map, const char *key, const coley_yaml **node, coley_error *err)
{
    *node = coley_yaml_find(map, key);
    return *node ? COLEY_OK : coley_yaml_fail(map, err, "the key '%s' is missing here", key);
}

coley_status coley_assay_text(const coley_yaml *map, const char *key, const char **text, coley_error *err)
{
    const coley_yaml *node;
    COLEY_TRY(needed(map, key, &node, err));
    return coley_yaml_text(node, text, err);
}

coley_status coley_assay_number(const coley_yaml *map, const char *key, const char *unit, double low, double high,
                                double *value, coley_error *err)
{
    const coley_yaml *node;
    COLEY_TRY(needed(map, key, &node, err));
    return coley_yaml_quantity(node, unit, low, high, value, err);
}

coley_status coley_assay_list(const coley_yaml *map, const char *key, const coley_yaml **list, coley_error *err)
{
    COLEY_TRY(needed(map, key, list, err));
    COLEY_TRY(coley_yaml_expect(*list, COLEY_YAML_LIST, err));
    return (*list)->n ? COLEY_OK : coley_yaml_fail(*list, err, "the list is empty");
}

coley_status coley_assay_types(const coley_yaml *map, const char *key, unsigned *types, coley_error *err)
{
    const coley_yaml *list;
    *types = 0;
    COLEY_TRY(coley_assay_list(map, key, &list, err));
    for (size_t i = 0; i < list->n; i++) {
        const char *name;
        COLEY_TRY(coley_yaml_text(list->item[i], &name, err));
        const int type = coley_cell_type_find(name);
        if (type < 0)
            return coley_yaml_fail(list->item[i], err, "there is no type of cell %s", coley_quote_make(name).text);
        *types |= 1u << type;
    }
    return COLEY_OK;
}
