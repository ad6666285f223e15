/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drug_events.c -- see drug_events.h; strict: unknown keys, shares out of order and events listed twice are refused. */
#include "catalog/drug_events.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static coley_status needed(const coley_yaml *map, const char *key, const coley_yaml **found, coley_error *err)
{
    *found = coley_yaml_find(map, key);
    return *found ? COLEY_OK : coley_yaml_fail(map, err, "the key '%s' is missing here", key);
}

static coley_status needed_text(const coley_yaml *map, const char *key, const char **text, coley_error *err)
{
    const coley_yaml *node;
    COLEY_TRY(needed(map, key, &node, err));
    COLEY_TRY(coley_yaml_text(node, text, err));
    return **text ? COLEY_OK : coley_yaml_fail(node, err, "this may not be empty");
}

static coley_status read_event(const coley_yaml *row, coley_drug_event *event, coley_error *err)
{
    static const char *const keys[] = {"event", "any", "severe", "until"};
    const coley_yaml *node;
    COLEY_TRY(coley_yaml_expect(row, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(row, keys, COUNT(keys), err));
    event->node = row;
    event->until_day = INFINITY;
    COLEY_TRY(needed_text(row, "event", &event->event, err));
    COLEY_TRY(needed(row, "any", &node, err));
    COLEY_TRY(coley_yaml_number(node, 0, 0.99, &event->any, err));
    COLEY_TRY(needed(row, "severe", &node, err));
    COLEY_TRY(coley_yaml_number(node, 0, 0.99, &event->severe, err));
    if (event->severe > event->any)
        return coley_yaml_fail(node, err, "%g is more than the %g who had the event at any grade", event->severe,
                               event->any);
    if ((node = coley_yaml_find(row, "until")))
        COLEY_TRY(coley_yaml_quantity(node, "day", 0.1, 3650, &event->until_day, err));
    return COLEY_OK;
}

static coley_status read_list(coley_arena *arena, const coley_yaml *list, coley_drug_events *made, coley_error *err)
{
    coley_drug_event *event = COLEY_NEW(arena, coley_drug_event, list->n);
    if (!event) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < list->n; i++) {
        COLEY_TRY(read_event(list->item[i], &event[i], err));
        for (size_t k = 0; k < i; k++)
            if (!strcmp(event[k].event, event[i].event))
                return coley_yaml_fail(list->item[i], err, "%s stands here twice; one row an event",
                                       coley_quote_make(event[i].event).text);
    }
    made->n = list->n;
    made->event = event;
    return COLEY_OK;
}

static coley_status find_label(const coley_yaml *node, const coley_catalog_drug *drug,
                               const coley_catalog_label **label, coley_error *err)
{
    const char *name;
    COLEY_TRY(coley_yaml_text(node, &name, err));
    for (size_t i = 0; i < drug->n_labels; i++)
        if (!strcmp(drug->label[i].name, name)) {
            *label = &drug->label[i];
            return COLEY_OK;
        }
    return coley_yaml_fail(node, err, "%s is no dose under 'label' of this file", coley_quote_make(name).text);
}

coley_status coley_drug_events_read(coley_arena *arena, const coley_yaml *map, const coley_catalog_drug *drug,
                                    const coley_drug_events **events, coley_error *err)
{
    static const char *const keys[] = {"dose", "exposure", "lasts", "scale", "source", "note", "list"};
    static const char *const scales[] = {"time", "dose"};
    const coley_yaml *node;
    int scale = 0;
    *events = NULL;
    if (!map) return COLEY_OK;
    coley_drug_events *made = COLEY_NEW(arena, coley_drug_events, 1);
    if (!made) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, COUNT(keys), err));
    COLEY_TRY(needed(map, "dose", &node, err));
    COLEY_TRY(find_label(node, drug, &made->label, err));
    COLEY_TRY(needed(map, "exposure", &node, err));
    COLEY_TRY(coley_yaml_quantity(node, "day", 0.1, 3650, &made->exposure_day, err));
    COLEY_TRY(needed(map, "lasts", &node, err));
    COLEY_TRY(coley_yaml_quantity(node, "day", 0.1, 365, &made->lasts_day, err));
    COLEY_TRY(needed(map, "scale", &node, err));
    COLEY_TRY(coley_yaml_choice(node, scales, COUNT(scales), &scale, err));
    made->by_dose = scale == 1;
    if (made->by_dose && isnan(made->label->every_day))
        return coley_yaml_fail(node, err, "%s is given once; write 'scale: time'", made->label->name);
    COLEY_TRY(needed_text(map, "source", &made->source, err));
    if ((node = coley_yaml_find(map, "note"))) COLEY_TRY(coley_yaml_text(node, &made->note, err));
    COLEY_TRY(needed(map, "list", &node, err));
    COLEY_TRY(read_list(arena, node, made, err));
    *events = made;
    return COLEY_OK;
}
