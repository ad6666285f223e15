/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_terms.c -- see event_terms.h. */
#include "clinic/event_terms.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static coley_status read_text(const coley_yaml *map, const char *key, const char **text, coley_error *err)
{
    const coley_yaml *node = coley_yaml_find(map, key);
    if (!node) return coley_yaml_fail(map, err, "the key '%s' is missing here", key);
    return coley_yaml_text(node, text, err);
}

static coley_status read_limits(const coley_yaml *map, coley_event_term *term, coley_error *err)
{
    static const char *const keys[] = {"grade_1", "grade_2", "grade_3", "grade_4"};
    double before = 1e9;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, COUNT(keys), err));
    for (size_t g = 0; g < COLEY_MAX_GRADE; g++) {
        const coley_yaml *node = coley_yaml_find(map, keys[g]);
        if (!node) continue;
        COLEY_TRY(coley_yaml_number(node, 1e-9, 1e9, &term->below[g], err));
        if (!(term->below[g] < before))
            return coley_yaml_fail(node, err, "%g is not below %g, where the grade before begins", term->below[g],
                                   before);
        before = term->below[g];
    }
    return COLEY_OK;
}

static coley_status read_term(const coley_yaml *map, coley_event_term *term, coley_error *err)
{
    static const char *const keys[] = {"system", "words", "symbol", "below", "found", "source"};
    const coley_yaml *node, *below;
    const char *source;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, COUNT(keys), err));
    COLEY_TRY(read_text(map, "system", &term->system, err));
    COLEY_TRY(read_text(map, "words", &term->words, err));
    term->found = 1;
    if (!(node = coley_yaml_find(map, "symbol"))) return COLEY_OK;
    COLEY_TRY(coley_yaml_text(node, &term->symbol, err));
    if (!(below = coley_yaml_find(map, "below")))
        return coley_yaml_fail(map, err, "the key 'below' is missing here; it says where the grades begin");
    COLEY_TRY(read_limits(below, term, err));
    COLEY_TRY(read_text(map, "source", &source, err));
    if ((node = coley_yaml_find(map, "found"))) COLEY_TRY(coley_yaml_number(node, 0, 1, &term->found, err));
    return COLEY_OK;
}

coley_status coley_event_terms_read(coley_arena *arena, const coley_yaml *root, coley_event_terms *terms,
                                    coley_error *err)
{
    static const char *const keys[] = {"source", "events"};
    coley_event_term *term;
    *terms = (coley_event_terms){0};
    COLEY_TRY(coley_yaml_expect(root, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(root, keys, COUNT(keys), err));
    COLEY_TRY(read_text(root, "source", &terms->source, err));
    const coley_yaml *events = coley_yaml_find(root, "events");
    if (!events) return coley_yaml_fail(root, err, "the key 'events' is missing here");
    COLEY_TRY(coley_yaml_expect(events, COLEY_YAML_MAP, err));
    if (!(term = COLEY_NEW(arena, coley_event_term, events->n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < events->n; i++) {
        term[i].name = events->key[i];
        COLEY_TRY(read_term(events->item[i], &term[i], err));
    }
    terms->n = events->n;
    terms->term = term;
    return COLEY_OK;
}

ptrdiff_t coley_event_term_called(const coley_event_terms *terms, const char *name)
{
    for (size_t i = 0; i < terms->n; i++)
        if (!strcmp(terms->term[i].name, name)) return (ptrdiff_t)i;
    return -1;
}

int coley_event_term_grade(const coley_event_term *term, double value)
{
    int grade = 0;
    for (int g = 1; g <= COLEY_MAX_GRADE; g++)
        if (term->below[g - 1] > 0 && value < term->below[g - 1]) grade = g;
    return grade;
}
