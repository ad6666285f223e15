/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch.c -- see watch.h. */
#include "patient/watch.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/yaml.h"

typedef struct listing {
    coley_arena *arena;
    const coley_body *body;
    int complete;
    coley_watched *row;
    size_t n, cap;
} listing;

/* "effector CD8 [cell]" becomes "Effector CD8 in lesion 2"; of a step, "4. the disguise fails: permission to kill",
 * only its name, "The disguise fails", since events begin with that. */
static const char *label_of(coley_arena *arena, const coley_symbol *symbol, ptrdiff_t lesion, int step)
{
    static const char in_lesion[] = " in the lesion"; /* said again below, with its number */
    const size_t tail = sizeof in_lesion - 1;
    const char *name = symbol->name ? symbol->name : symbol->id;
    while (symbol->name && (isdigit((unsigned char)*name) || *name == '.' || *name == ' ')) name++;
    const char *bracket = strrchr(name, '[');
    size_t length = bracket ? (size_t)(bracket - name) : strlen(name);
    if (step) length = strcspn(name, ":[");
    while (length && name[length - 1] == ' ') length--;
    if (lesion >= 0 && length > tail && !strncmp(name + length - tail, in_lesion, tail)) length -= tail;
    char *label = lesion >= 0 && !step ? coley_arena_printf(arena, "%.*s in lesion %td", (int)length, name, lesion + 1)
                                       : coley_arena_printf(arena, "%.*s", (int)length, name);
    if (label && symbol->name) *label = (char)toupper((unsigned char)*label);
    return label;
}

static coley_status add(listing *list, const coley_yaml *at, const char *name, ptrdiff_t lesion,
                        const coley_watched *like, coley_error *err)
{
    const coley_network *network = list->body->network;
    const int32_t symbol =
        lesion < 0 ? coley_network_symbol(network, name) : coley_body_lesion_symbol(list->body, (size_t)lesion, name);
    if (symbol < 0) {
        if (!list->complete) return COLEY_OK;
        return coley_yaml_fail(at, err, "the patient model has no %s for a %s", coley_quote_make(name).text,
                               lesion < 0 ? "body" : "lesion");
    }
    if (!COLEY_RESERVE(list->arena, list->row, list->cap, list->n + 1)) return COLEY_FAIL_MEMORY(err);
    coley_watched *row = &list->row[list->n++];
    *row = *like;
    row->symbol = symbol;
    row->lesion = lesion;
    row->id = network->symbol[symbol].id;
    row->label = label_of(list->arena, &network->symbol[symbol], lesion, !strcmp(like->group, "five_steps"));
    return row->label ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static coley_status add_names(listing *list, const coley_yaml *names, size_t first, size_t last, int of_lesion,
                              const coley_watched *like, coley_error *err)
{
    const char *name;
    if (!names) return COLEY_OK;
    COLEY_TRY(coley_yaml_expect(names, COLEY_YAML_LIST, err));
    for (size_t lesion = first; lesion < last; lesion++) {
        for (size_t i = 0; i < names->n; i++) {
            COLEY_TRY(coley_yaml_text(names->item[i], &name, err));
            COLEY_TRY(add(list, names->item[i], name, of_lesion ? (ptrdiff_t)lesion : -1, like, err));
        }
    }
    return COLEY_OK;
}

static coley_status add_entry(listing *list, const coley_yaml *entry, coley_error *err)
{
    static const char *const keys[] = {"group", "unit", "body", "lesion", "first_lesion"};
    const coley_yaml *group = coley_yaml_find(entry, "group"), *unit = coley_yaml_find(entry, "unit");
    coley_watched like = {0};
    COLEY_TRY(coley_yaml_expect(entry, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(entry, keys, sizeof keys / sizeof *keys, err));
    if (!group || !unit) return coley_yaml_fail(entry, err, "needs both 'group' and 'unit'");
    COLEY_TRY(coley_yaml_text(group, &like.group, err));
    COLEY_TRY(coley_yaml_text(unit, &like.unit, err));
    const size_t n = list->body->n_lesions;
    COLEY_TRY(add_names(list, coley_yaml_find(entry, "body"), 0, 1, 0, &like, err));
    COLEY_TRY(add_names(list, coley_yaml_find(entry, "lesion"), 0, n, 1, &like, err));
    COLEY_TRY(add_names(list, coley_yaml_find(entry, "first_lesion"), 0, 1, 1, &like, err));
    like.group = "record";
    return add_names(list, coley_yaml_find(entry, "first_lesion"), 1, n, 1, &like, err);
}

coley_status coley_watch_read(coley_arena *arena, const char *models, const coley_body *body, int complete,
                              coley_watch *watch, coley_error *err)
{
    const char *path = coley_arena_printf(arena, "%s/patient.yaml", models);
    const coley_yaml *root;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    const coley_yaml *entries = coley_yaml_find(root, "watch");
    if (!entries) return coley_yaml_fail(root, err, "the key 'watch' is missing here");
    COLEY_TRY(coley_yaml_expect(entries, COLEY_YAML_LIST, err));
    listing list = {.arena = arena, .body = body, .complete = complete};
    for (size_t i = 0; i < entries->n; i++) COLEY_TRY(add_entry(&list, entries->item[i], err));
    *watch = (coley_watch){.n = list.n, .row = list.row};
    return COLEY_OK;
}

ptrdiff_t coley_watch_row(const coley_watch *watch, ptrdiff_t lesion, const char *name)
{
    char id[160];
    if (lesion < 0)
        snprintf(id, sizeof id, "%s", name);
    else
        snprintf(id, sizeof id, "L%td.%s", lesion + 1, name);
    for (size_t i = 0; i < watch->n; i++)
        if (!strcmp(watch->row[i].id, id)) return (ptrdiff_t)i;
    return -1;
}
