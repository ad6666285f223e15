/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grading.c -- reads ctcae.yaml, strictly: unknown keys, grades out of order and thresholds that fall are refused. */
#include "clinic/grading.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static coley_status read_text(const coley_yaml *map, const char *key, int needed, const char **text, coley_error *err)
{
    const coley_yaml *node = coley_yaml_find(map, key);
    if (!node) return needed ? coley_yaml_fail(map, err, "the key '%s' is missing here", key) : COLEY_OK;
    return coley_yaml_text(node, text, err);
}

static coley_status read_grades(const coley_yaml *list, coley_organ_grades *organ, coley_error *err)
{
    static const char *const keys[] = {"grade", "from", "words"};
    double before = 0;
    int64_t last = 0;
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < list->n; i++) {
        const coley_yaml *row = list->item[i], *grade = NULL, *from = NULL;
        int64_t g;
        COLEY_TRY(coley_yaml_expect(row, COLEY_YAML_MAP, err));
        COLEY_TRY(coley_yaml_keys(row, keys, COUNT(keys), err));
        if (!(grade = coley_yaml_find(row, "grade")) || !(from = coley_yaml_find(row, "from")))
            return coley_yaml_fail(row, err, "the key '%s' is missing here", grade ? "from" : "grade");
        COLEY_TRY(coley_yaml_integer(grade, 1, COLEY_MAX_GRADE, &g, err));
        if (g <= last) return coley_yaml_fail(grade, err, "grade %d does not come after grade %d", (int)g, (int)last);
        COLEY_TRY(coley_yaml_number(from, 0, 5, &organ->from[g - 1], err));
        if (!(organ->from[g - 1] > before))
            return coley_yaml_fail(from, err, "%g is not above %g, where the grade below begins", organ->from[g - 1],
                                   before);
        COLEY_TRY(read_text(row, "words", 0, &organ->meaning[g - 1], err));
        before = organ->from[g - 1];
        last = g;
    }
    if (!last) return coley_yaml_fail(list, err, "has no grade");
    return COLEY_OK;
}

/* Signs are for a model's readers; their names are checked and not kept. */
static coley_status check_signs(const coley_yaml *list, coley_error *err)
{
    static const char *const keys[] = {"symbol", "unit"};
    const char *text;
    if (!list) return COLEY_OK;
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < list->n; i++) {
        COLEY_TRY(coley_yaml_expect(list->item[i], COLEY_YAML_MAP, err));
        COLEY_TRY(coley_yaml_keys(list->item[i], keys, COUNT(keys), err));
        COLEY_TRY(read_text(list->item[i], "symbol", 1, &text, err));
        COLEY_TRY(read_text(list->item[i], "unit", 1, &text, err));
    }
    return COLEY_OK;
}

static coley_status read_organ(const coley_yaml *map, coley_organ_grades *organ, coley_error *err)
{
    static const char *const keys[] = {"severity", "term",      "words", "permanent",
                                       "replace",  "felt_from", "signs", "grades"};
    const coley_yaml *node;
    int64_t felt = 1;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, COUNT(keys), err));
    for (size_t i = 0; i < COLEY_MAX_GRADE; i++) organ->from[i] = INFINITY;
    COLEY_TRY(read_text(map, "severity", 1, &organ->severity, err));
    COLEY_TRY(read_text(map, "term", 1, &organ->term, err));
    COLEY_TRY(read_text(map, "words", 0, &organ->words, err));
    COLEY_TRY(read_text(map, "replace", 0, &organ->replace, err));
    if ((node = coley_yaml_find(map, "permanent"))) COLEY_TRY(coley_yaml_flag(node, &organ->permanent, err));
    if ((node = coley_yaml_find(map, "felt_from"))) COLEY_TRY(coley_yaml_integer(node, 1, COLEY_MAX_GRADE, &felt, err));
    organ->felt_from = (int)felt;
    COLEY_TRY(check_signs(coley_yaml_find(map, "signs"), err));
    if (!(node = coley_yaml_find(map, "grades"))) return coley_yaml_fail(map, err, "the key 'grades' is missing here");
    return read_grades(node, organ, err);
}

coley_status coley_grading_read(coley_arena *arena, const coley_yaml *root, coley_grading **out, coley_error *err)
{
    static const char *const keys[] = {"source", "death_hazard", "organs"};
    coley_grading *grading = COLEY_NEW(arena, coley_grading, 1);
    if (!grading) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_expect(root, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(root, keys, COUNT(keys), err));
    COLEY_TRY(read_text(root, "source", 1, &grading->source, err));
    COLEY_TRY(read_text(root, "death_hazard", 0, &grading->death_hazard, err));
    const coley_yaml *organs = coley_yaml_find(root, "organs");
    if (!organs) return coley_yaml_fail(root, err, "the key 'organs' is missing here");
    COLEY_TRY(coley_yaml_expect(organs, COLEY_YAML_MAP, err));
    if (organs->n > COLEY_MAX_ORGANS)
        return coley_yaml_fail(organs, err, "%zu organs; at most %d", organs->n, COLEY_MAX_ORGANS);
    for (size_t i = 0; i < organs->n; i++) {
        grading->organ[i].name = organs->key[i];
        COLEY_TRY(read_organ(organs->item[i], &grading->organ[i], err));
    }
    grading->n = organs->n;
    *out = grading;
    return COLEY_OK;
}

int coley_grade_of(const coley_organ_grades *organ, double severity)
{
    int grade = 0;
    for (int g = 1; g <= COLEY_MAX_GRADE; g++)
        if (severity >= organ->from[g - 1]) grade = g;
    return grade;
}

ptrdiff_t coley_grading_organ(const coley_grading *grading, const char *name)
{
    for (size_t i = 0; i < grading->n; i++)
        if (!strcmp(grading->organ[i].name, name)) return (ptrdiff_t)i;
    return -1;
}
