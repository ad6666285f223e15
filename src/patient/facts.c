/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts.c -- see facts.h. */
#include "patient/facts.h"

#include "catalog/catalog.h"

coley_status coley_fact_read(const coley_yaml *map, const char *key, const char *unit, double low, double high,
                             coley_fact *fact, coley_error *err)
{
    static const char *const keys[] = {"value", "spread", "source", "note"};
    const coley_yaml *entry = coley_yaml_find(map, key);
    if (!entry) return coley_yaml_fail(map, err, "the key '%s' is missing here", key);
    COLEY_TRY(coley_yaml_keys(entry, keys, sizeof keys / sizeof *keys, err));
    const coley_yaml *value = coley_yaml_find(entry, "value"), *spread = coley_yaml_find(entry, "spread");
    if (!value) return coley_yaml_fail(entry, err, "the key 'value' is missing here");
    if (!coley_yaml_find(entry, "source"))
        return coley_yaml_fail(entry, err, "has no source; say where the number comes from, or \"estimated\" and why");
    *fact = (coley_fact){.place = {.file = entry->file, .line = entry->line, .key = key}};
    COLEY_TRY(coley_yaml_quantity(value, unit, low, high, &fact->value, err));
    if (!spread) return COLEY_OK;
    const char *text;
    COLEY_TRY(coley_yaml_text(spread, &text, err));
    if (!coley_spread_parse(text, fact->value, &fact->spread, &fact->a, &fact->b))
        return coley_yaml_fail(spread, err, "%s is no spread; write 'lognormal 0.5' or 'none'",
                               coley_quote_make(text).text);
    return COLEY_OK;
}
