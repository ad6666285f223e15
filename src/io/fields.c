/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fields.c -- a field table at work: read, write back, document. */
#include "io/fields.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_KEYS = 64 };

static const char *const *choice_names(const coley_field *field, size_t *n)
{
    for (*n = 0; field->choices[*n];) ++*n;
    return field->choices;
}

static coley_status read_list(coley_arena *arena, const coley_field *field, const coley_yaml *node,
                              coley_field_list *list, coley_error *err)
{
    /* One entry needs no list around it. */
    const int single = node && node->kind != COLEY_YAML_LIST;
    const size_t n = !node ? 0 : single ? 1 : node->n;
    *list = (coley_field_list){0}; /* not given; `[]` has an item that is never looked at */
    if (!node) return COLEY_OK;
    if (((double)n < field->low || (double)n > field->high))
        return coley_yaml_fail(node, err, "%zu entries; from %g to %g are allowed", n, field->low, field->high);
    *list = (coley_field_list){.n = n, .item = coley_arena_array(arena, field->size, n)};
    if (!list->item) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        const coley_yaml *entry = single ? node : node->item[i];
        coley_yaml stand_in;
        const char *key[1] = {field->shorthand};
        coley_yaml *item[1];
        if (field->shorthand && entry->kind == COLEY_YAML_TEXT) {
            coley_yaml *copy = COLEY_NEW(arena, coley_yaml, 1);
            if (!copy) return COLEY_FAIL_MEMORY(err);
            *copy = *entry;
            item[0] = copy;
            stand_in = *entry;
            stand_in.kind = COLEY_YAML_MAP;
            stand_in.n = 1;
            stand_in.key = key;
            stand_in.item = item;
            entry = &stand_in;
        }
        COLEY_TRY(coley_fields_read(arena, field->fields, entry, (char *)list->item + i * field->size, err));
    }
    return COLEY_OK;
}

static coley_status read_value(coley_arena *arena, const coley_field *field, const coley_yaml *node, void *value,
                               coley_error *err)
{
    size_t n;
    switch (field->kind) {
    case COLEY_FIELD_TEXT:
        return coley_yaml_text(node, value, err);
    case COLEY_FIELD_NUMBER:
        return coley_yaml_number(node, field->low, field->high, value, err);
    case COLEY_FIELD_QUANTITY:
        return coley_yaml_quantity(node, field->unit, field->low, field->high, value, err);
    case COLEY_FIELD_INTEGER:
        return coley_yaml_integer(node, (int64_t)field->low, (int64_t)field->high, value, err);
    case COLEY_FIELD_FLAG:
        return coley_yaml_flag(node, value, err);
    case COLEY_FIELD_CHOICE: {
        const char *const *names = choice_names(field, &n);
        return coley_yaml_choice(node, names, n, value, err);
    }
    case COLEY_FIELD_CUSTOM:
        return field->read(arena, node, value, err);
    case COLEY_FIELD_SECTION:
    case COLEY_FIELD_LIST: break; /* read elsewhere */
    }
    assert(0);
    return COLEY_ERR_ARG;
}

/* What stands where nothing was given. */
static void set_nothing(const coley_field *field, void *value)
{
    if (field->kind == COLEY_FIELD_TEXT)
        *(const char **)value = NULL;
    else if (field->kind == COLEY_FIELD_NUMBER || field->kind == COLEY_FIELD_QUANTITY)
        *(double *)value = NAN;
    else if (field->kind == COLEY_FIELD_CHOICE)
        *(int *)value = -1;
    /* the others are zero already: an empty custom value, no integer */
}

coley_status coley_fields_read(coley_arena *arena, const coley_field *fields, const coley_yaml *map, void *target,
                               coley_error *err)
{
    const char *names[MAX_KEYS];
    size_t n_names = 0;
    for (const coley_field *field = fields; field->name; field++) {
        assert(n_names < MAX_KEYS);
        names[n_names++] = field->name;
    }
    if (map) COLEY_TRY(coley_yaml_keys(map, names, n_names, err));
    for (const coley_field *field = fields; field->name; field++) {
        void *value = (char *)target + field->offset;
        const coley_yaml *node = coley_yaml_find(map, field->name);
        if (!node && !field->preset) {
            if (map) return coley_yaml_fail(map, err, "the key '%s' is missing here: %s", field->name, field->doc);
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "the key '%s' is missing: %s", field->name, field->doc);
        }
        if (field->kind == COLEY_FIELD_SECTION) {
            if (node) COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_MAP, err));
            COLEY_TRY(coley_fields_read(arena, field->fields, node, value, err));
        } else if (field->kind == COLEY_FIELD_LIST) {
            COLEY_TRY(read_list(arena, field, node, value, err));
        } else if (node) {
            COLEY_TRY(read_value(arena, field, node, value, err));
        } else if (!*field->preset) {
            set_nothing(field, value);
        } else {
            const coley_yaml preset = {.kind = COLEY_YAML_TEXT, .text = field->preset, .file = "(default)"};
            COLEY_TRY(read_value(arena, field, &preset, value, err));
        }
    }
    return COLEY_OK;
}

void coley_fields_write(const coley_field *fields, const void *source, coley_emit *emit)
{
    char number[96];
    for (const coley_field *field = fields; field->name; field++) {
        const void *value = (const char *)source + field->offset;
        const int optional = field->preset && !*field->preset;
        switch (field->kind) {
        case COLEY_FIELD_TEXT:
            if (*(const char *const *)value) coley_emit_text(emit, field->name, *(const char *const *)value);
            break;
        case COLEY_FIELD_NUMBER:
            if (!isnan(*(const double *)value)) coley_emit_number(emit, field->name, *(const double *)value);
            break;
        case COLEY_FIELD_QUANTITY:
            if (isnan(*(const double *)value)) break;
            if (!strcmp(field->unit, "dimensionless")) {
                coley_emit_number(emit, field->name, *(const double *)value);
                break;
            }
            snprintf(number, sizeof number, "%s %s", coley_digits_exact(*(const double *)value).text, field->unit);
            coley_emit_text(emit, field->name, number);
            break;
        case COLEY_FIELD_INTEGER:
            if (!optional || *(const int64_t *)value) coley_emit_integer(emit, field->name, *(const int64_t *)value);
            break;
        case COLEY_FIELD_FLAG:
            coley_emit_flag(emit, field->name, *(const int *)value);
            break;
        case COLEY_FIELD_CHOICE:
            if (*(const int *)value >= 0) coley_emit_text(emit, field->name, field->choices[*(const int *)value]);
            break;
        case COLEY_FIELD_SECTION:
            coley_emit_map(emit, field->name);
            coley_fields_write(field->fields, value, emit);
            coley_emit_end(emit);
            break;
        case COLEY_FIELD_LIST: {
            const coley_field_list *list = value;
            if (!list->item && optional) break;
            coley_emit_list(emit, field->name);
            for (size_t i = 0; i < list->n; i++) {
                coley_emit_map(emit, NULL);
                coley_fields_write(field->fields, (const char *)list->item + i * field->size, emit);
                coley_emit_end(emit);
            }
            coley_emit_end(emit);
            break;
        }
        case COLEY_FIELD_CUSTOM:
            field->write(emit, field->name, value);
            break;
        }
    }
}

static void document_allowed(const coley_field *field, coley_text *out)
{
    size_t n;
    switch (field->kind) {
    case COLEY_FIELD_TEXT:
        coley_text_addf(out, "text");
        break;
    case COLEY_FIELD_NUMBER:
        coley_text_addf(out, "number, %g to %g", field->low, field->high);
        break;
    case COLEY_FIELD_QUANTITY:
        coley_text_addf(out, "%g to %g", field->low, field->high);
        if (strcmp(field->unit, "dimensionless")) coley_text_addf(out, " %s", field->unit);
        break;
    case COLEY_FIELD_INTEGER:
        coley_text_addf(out, "whole number, %.0f to %.0f", field->low, field->high);
        break;
    case COLEY_FIELD_FLAG:
        coley_text_addf(out, "on, off");
        break;
    case COLEY_FIELD_CHOICE: {
        const char *const *names = choice_names(field, &n);
        for (size_t i = 0; i < n; i++) coley_text_addf(out, "%s%s", i ? ", " : "", names[i]);
        break;
    }
    case COLEY_FIELD_SECTION:
        coley_text_addf(out, "keys below");
        break;
    case COLEY_FIELD_LIST:
        coley_text_addf(out, "list of %g to %g", field->low, field->high);
        break;
    case COLEY_FIELD_CUSTOM:
        coley_text_addf(out, "%s", field->unit ? field->unit : "see meaning");
        break;
    }
}

void coley_fields_document(const coley_field *fields, const char *prefix, coley_text *out)
{
    coley_text_addf(out, "| Key | Allowed | Default | Meaning |\n|---|---|---|---|\n");
    for (const coley_field *field = fields; field->name; field++) {
        coley_text_addf(out, "| `%s%s` | ", prefix, field->name);
        document_allowed(field, out);
        if (!field->preset)
            coley_text_addf(out, " | *must be given*");
        else if (!*field->preset)
            coley_text_addf(out, " | none");
        else
            coley_text_addf(out, " | `%s`", field->preset);
        coley_text_addf(out, " | %s |\n", field->doc);
    }
    for (const coley_field *field = fields; field->name; field++) {
        if (field->kind != COLEY_FIELD_SECTION && field->kind != COLEY_FIELD_LIST) continue;
        char inner[128];
        snprintf(inner, sizeof inner, "%s%s%s.", prefix, field->name, field->kind == COLEY_FIELD_LIST ? "[]" : "");
        coley_text_addf(out, "\n### `%s%s`\n\n%s\n\n", prefix, field->name, field->doc);
        coley_fields_document(field->fields, inner, out);
    }
}
