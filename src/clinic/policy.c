/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policy.c -- reads a policy strictly; every key stands in a table with its type and range. */
#include "clinic/policy.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const char *const therapies[] = {"continue", "hold", "stop"};
static const char *const findings[] = {"asking", "examination", "laboratory"};

typedef struct reading {
    coley_arena *arena;
    const coley_grading *grading;
    coley_policy *policy;
} reading;

/* ---- keys ----------------------------------------------------------------------------------------------------------
 */

typedef enum key_kind {
    DAYS,
    NUMBER,
    MILLIGRAM,
    WHOLE,
    FLAG,
    TEXT,
    DOSE,
    DRUG,
    DRUGS,
    CLASSES,
    BITS_OF_DRUGS,
    CHOICE
} key_kind;

typedef struct key_row {
    const char *name;
    key_kind kind;
    size_t offset;
    double low, high;
    const char *const *choices; /* CHOICE */
    size_t n_choices;
} key_row;

static int drug_of(const coley_policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->n_drugs; i++)
        if (!strcmp(policy->drug[i].name, name)) return (int)i;
    return -1;
}

ptrdiff_t coley_policy_class(const coley_policy *policy, const char *drug_class)
{
    for (size_t i = 0; i < policy->n_classes; i++)
        if (!strcmp(policy->held_class[i], drug_class)) return (ptrdiff_t)i;
    return -1;
}

static coley_status read_dose(const reading *r, const coley_yaml *node, coley_policy_dose *dose, coley_error *err)
{
    const char *text, *unit;
    coley_dose_basis basis;
    coley_error why = {0};
    double amount;
    COLEY_TRY(coley_yaml_text(node, &text, err));
    const coley_status status = coley_dose_parse(r->arena, text, &amount, &unit, &basis, &why);
    if (status == COLEY_ERR_MEMORY) return COLEY_FAIL_MEMORY(err);
    if (status != COLEY_OK) return coley_yaml_fail(node, err, "%s", why.text);
    if (strcmp(unit, "mg") || basis == COLEY_DOSE_PER_M2)
        return coley_yaml_fail(node, err, "%s is no dose here; write '1 mg/kg' or '20 mg'",
                               coley_quote_make(text).text);
    if (!(amount >= 0 && amount <= 100000))
        return coley_yaml_fail(node, err, "%s is outside 0 to 100000 mg", coley_quote_make(text).text);
    *dose = (coley_policy_dose){amount, basis == COLEY_DOSE_PER_KG};
    return COLEY_OK;
}

static coley_status find_drug(const reading *r, const coley_yaml *node, int *drug, coley_error *err)
{
    const char *text, *names[COLEY_POLICY_MAX_DRUGS];
    COLEY_TRY(coley_yaml_text(node, &text, err));
    for (size_t i = 0; i < r->policy->n_drugs; i++) names[i] = r->policy->drug[i].name;
    if ((*drug = drug_of(r->policy, text)) >= 0) return COLEY_OK;
    const char *near = coley_text_nearest(text, names, r->policy->n_drugs);
    return coley_yaml_fail(node, err, "%s is not among the policy's drugs%s%s%s", coley_quote_make(text).text,
                           near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static size_t length_of(const coley_yaml *node)
{
    return node->kind == COLEY_YAML_LIST ? node->n : 1;
}

static const coley_yaml *entry_of(const coley_yaml *node, size_t i)
{
    return node->kind == COLEY_YAML_LIST ? node->item[i] : node;
}

static coley_status read_bits_of_drugs(const reading *r, const coley_yaml *node, unsigned *bits, coley_error *err)
{
    *bits = 0;
    for (size_t i = 0; i < length_of(node); i++) {
        int drug;
        COLEY_TRY(find_drug(r, entry_of(node, i), &drug, err));
        *bits |= 1u << drug;
    }
    return COLEY_OK;
}

static coley_status read_classes(const reading *r, const coley_yaml *node, unsigned *bits, coley_error *err)
{
    *bits = 0;
    for (size_t i = 0; i < length_of(node); i++) {
        int class;
        COLEY_TRY(coley_yaml_choice(entry_of(node, i), r->policy->held_class, r->policy->n_classes, &class, err));
        *bits |= 1u << class;
    }
    return COLEY_OK;
}

static coley_status read_lines(const reading *r, const coley_yaml *node, coley_care_rule *rule, coley_error *err)
{
    if (length_of(node) > COLEY_POLICY_MAX_LINES)
        return coley_yaml_fail(node, err, "%zu drugs; at most %d", length_of(node), COLEY_POLICY_MAX_LINES);
    rule->n_lines = length_of(node);
    for (size_t i = 0; i < rule->n_lines; i++) {
        COLEY_TRY(find_drug(r, entry_of(node, i), &rule->line[i], err));
        if (!isnan(r->policy->drug[rule->line[i]].as_prednisone))
            return coley_yaml_fail(entry_of(node, i), err, "%s is a glucocorticoid; name it under 'steroid'",
                                   r->policy->drug[rule->line[i]].name);
        for (size_t k = 0; k < i; k++)
            if (rule->line[k] == rule->line[i])
                return coley_yaml_fail(entry_of(node, i), err, "%s is there twice",
                                       r->policy->drug[rule->line[i]].name);
    }
    return COLEY_OK;
}

/* `steroid: none` takes away what the base says. */
static coley_status read_steroid(const reading *r, const coley_yaml *node, int *drug, coley_error *err)
{
    const char *text;
    COLEY_TRY(coley_yaml_text(node, &text, err));
    *drug = -1;
    if (!strcmp(text, "none")) return COLEY_OK;
    COLEY_TRY(find_drug(r, node, drug, err));
    if (isnan(r->policy->drug[*drug].as_prednisone))
        return coley_yaml_fail(node, err, "%s is no glucocorticoid; give it 'as_prednisone' under 'drugs'", text);
    return COLEY_OK;
}

static coley_status read_key(const reading *r, const coley_yaml *node, const key_row *row, char *target,
                             coley_error *err)
{
    void *value = target + row->offset;
    int64_t whole;
    switch (row->kind) {
    case DAYS:
        return coley_yaml_quantity(node, "day", row->low, row->high, value, err);
    case NUMBER:
        return coley_yaml_number(node, row->low, row->high, value, err);
    case MILLIGRAM:
        return coley_yaml_quantity(node, "mg", row->low, row->high, value, err);
    case WHOLE:
        COLEY_TRY(coley_yaml_integer(node, (int64_t)row->low, (int64_t)row->high, &whole, err));
        *(int *)value = (int)whole;
        return COLEY_OK;
    case FLAG:
        return coley_yaml_flag(node, value, err);
    case TEXT:
        return coley_yaml_text(node, value, err);
    case DOSE:
        return read_dose(r, node, value, err);
    case DRUG:
        return row->high > 0 ? find_drug(r, node, value, err) : read_steroid(r, node, value, err);
    case DRUGS:
        return read_lines(r, node, value, err);
    case CLASSES:
        return read_classes(r, node, value, err);
    case BITS_OF_DRUGS:
        return read_bits_of_drugs(r, node, value, err);
    case CHOICE:
        return coley_yaml_choice(node, row->choices, row->n_choices, value, err);
    }
    return COLEY_OK;
}

enum { MAX_KEYS = 24 };

/* The keys of `map` that the table knows; `more` are keys that somebody else reads. */
static coley_status read_keys(const reading *r, const coley_yaml *map, const key_row *row, size_t n_rows,
                              const char *const *more, size_t n_more, void *target, coley_error *err)
{
    const char *names[MAX_KEYS];
    size_t n = 0;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    for (size_t i = 0; i < n_rows; i++) names[n++] = row[i].name;
    for (size_t i = 0; i < n_more; i++) names[n++] = more[i];
    COLEY_TRY(coley_yaml_keys(map, names, n, err));
    for (size_t i = 0; i < n_rows; i++) {
        const coley_yaml *node = coley_yaml_find(map, row[i].name);
        if (node) COLEY_TRY(read_key(r, node, &row[i], target, err));
    }
    return COLEY_OK;
}

/* ---- drugs ---------------------------------------------------------------------------------------------------------
 */

static coley_status read_days(const coley_yaml *node, coley_policy_drug *drug, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_LIST, err));
    if (!node->n || node->n > COLEY_POLICY_MAX_DAYS)
        return coley_yaml_fail(node, err, "%zu days; from 1 to %d", node->n, COLEY_POLICY_MAX_DAYS);
    for (size_t i = 0; i < node->n; i++) {
        COLEY_TRY(coley_yaml_number(node->item[i], 0, 365, &drug->day[i], err));
        if (i && !(drug->day[i] > drug->day[i - 1]))
            return coley_yaml_fail(node->item[i], err, "day %g does not come after day %g", drug->day[i],
                                   drug->day[i - 1]);
    }
    drug->n_days = node->n;
    return COLEY_OK;
}

static coley_status read_drug(const reading *r, const coley_yaml *map, coley_policy_drug *drug, coley_error *err)
{
    static const key_row keys[] = {
        {"as_prednisone", NUMBER, offsetof(coley_policy_drug, as_prednisone), 0.01, 100, NULL, 0},
        {"dose", DOSE, offsetof(coley_policy_drug, dose), 0, 0, NULL, 0},
        {"daily", FLAG, offsetof(coley_policy_drug, daily), 0, 0, NULL, 0},
        {"infusion", DAYS, offsetof(coley_policy_drug, infusion_day), 0, 1, NULL, 0},
    };
    static const char *const more[] = {"by_mouth", "days"};
    const coley_yaml *days;
    COLEY_TRY(read_keys(r, map, keys, COUNT(keys), more, COUNT(more), drug, err));
    if ((days = coley_yaml_find(map, "days"))) COLEY_TRY(read_days(days, drug, err));
    const int course = drug->n_days > 0, steroid = !isnan(drug->as_prednisone);
    if (course + drug->daily + steroid != 1)
        return coley_yaml_fail(map, err,
                               "a drug is a glucocorticoid ('as_prednisone'), a course ('days') or given each day "
                               "('daily: yes'), one of the three");
    if (!steroid && !(drug->dose.mg > 0)) return coley_yaml_fail(map, err, "the key 'dose' is missing here");
    return COLEY_OK;
}

static coley_status read_drugs(const reading *r, const coley_yaml *map, coley_error *err)
{
    coley_policy *policy = r->policy;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    for (size_t i = 0; i < map->n; i++) {
        int place = drug_of(policy, map->key[i]);
        if (place < 0) {
            if (policy->n_drugs == COLEY_POLICY_MAX_DRUGS)
                return coley_yaml_fail(map->item[i], err, "more than %d drugs", COLEY_POLICY_MAX_DRUGS);
            place = (int)policy->n_drugs++;
            policy->drug[place] = (coley_policy_drug){
                .name = map->key[i], .as_prednisone = NAN, .by_mouth = place, .infusion_day = 1.0 / 24};
        }
        COLEY_TRY(read_drug(r, map->item[i], &policy->drug[place], err));
    }
    for (size_t i = 0; i < map->n; i++) { /* when all are known */
        const coley_yaml *node = coley_yaml_find(map->item[i], "by_mouth");
        if (node) COLEY_TRY(read_steroid(r, node, &policy->drug[drug_of(policy, map->key[i])].by_mouth, err));
        if (node && policy->drug[drug_of(policy, map->key[i])].by_mouth < 0)
            return coley_yaml_fail(node, err, "names no glucocorticoid");
    }
    return COLEY_OK;
}

/* ---- organs --------------------------------------------------------------------------------------------------------
 */

#define AT(member) offsetof(coley_care_rule, member)
static const key_row rule_keys[] = {
    {"therapy", CHOICE, AT(therapy), 0, 0, therapies, COUNT(therapies)},
    {"again", CHOICE, AT(again), 0, 0, therapies, COUNT(therapies)},
    {"stop", CLASSES, AT(stop), 0, 0, NULL, 0},
    {"steroid", DRUG, AT(steroid), 0, 0, NULL, 0},
    {"dose", DOSE, AT(dose), 0, 0, NULL, 0},
    {"pulse", DOSE, AT(pulse), 0, 0, NULL, 0},
    {"pulse_for", DAYS, AT(pulse_day), 0, 14, NULL, 0},
    {"start_after", DAYS, AT(start_after_day), 0, 365, NULL, 0},
    {"taper", DAYS, AT(taper_day), 0, 365, NULL, 0},
    {"second_line", DRUGS, 0, 0, 0, NULL, 0},
    {"second_after", DAYS, AT(second_after_day), 0, 365, NULL, 0},
    {"third_after", DAYS, AT(third_after_day), 0, 365, NULL, 0},
    {"as_next_after", DAYS, AT(as_next_after_day), 0, 365, NULL, 0},
    {"see_again", DAYS, AT(see_again_day), 0.5, 365, NULL, 0},
    {"support", TEXT, AT(support), 0, 0, NULL, 0},
};
#undef AT

static coley_status read_rule(const reading *r, const coley_yaml *map, coley_care_rule *rule, coley_error *err)
{
    COLEY_TRY(read_keys(r, map, rule_keys, COUNT(rule_keys), NULL, 0, rule, err));
    if (rule->steroid >= 0 && !(rule->dose.mg > 0))
        return coley_yaml_fail(map, err, "a glucocorticoid needs its 'dose' here, such as '1 mg/kg'");
    if (rule->n_lines && rule->steroid < 0)
        return coley_yaml_fail(map, err,
                               "a second line comes after a glucocorticoid; the key 'steroid' is missing here");
    if (rule->pulse.mg > 0 && !(rule->pulse_day > 0))
        return coley_yaml_fail(map, err, "a pulse needs 'pulse_for', such as '5 day'");
    return COLEY_OK;
}

#define AT(member) offsetof(coley_organ_policy, member)
static const key_row organ_keys[] = {
    {"found_by", CHOICE, AT(found_by), 0, 0, findings, COUNT(findings)},
    {"look_every", DAYS, AT(look_every_day), 1, 3650, NULL, 0},
    {"look_until", DAYS, AT(look_until_day), 0, 36500, NULL, 0},
    {"look_with", CLASSES, AT(look_with), 0, 0, NULL, 0},
    {"look_if_tired", WHOLE, AT(look_if_tired), 0, COLEY_MAX_GRADE, NULL, 0},
    {"never", BITS_OF_DRUGS, AT(never), 0, 0, NULL, 0},
    {"replace", DRUG, AT(replace), 0, 1, NULL, 0},
    {"replace_from", WHOLE, AT(replace_from), 1, COLEY_MAX_GRADE, NULL, 0},
    {"resume_grade", WHOLE, AT(resume_grade), 0, COLEY_MAX_GRADE, NULL, 0},
    {"source", TEXT, AT(source), 0, 0, NULL, 0},
};
#undef AT

static coley_status read_organ(const reading *r, const coley_yaml *map, coley_organ_policy *organ, coley_error *err)
{
    static const char *const grades[] = {"grade_1", "grade_2", "grade_3", "grade_4"};
    const int first = !organ->given;
    if (first) {
        *organ = (coley_organ_policy){
            .look_every_day = 21, .look_until_day = NAN, .replace = -1, .replace_from = 2, .resume_grade = -1};
        for (size_t g = 0; g <= COLEY_MAX_GRADE; g++)
            organ->grade[g] = (coley_care_rule){.again = -1,
                                                .steroid = -1,
                                                .taper_day = 28,
                                                .second_after_day = 3,
                                                .third_after_day = 14,
                                                .as_next_after_day = NAN,
                                                .see_again_day = NAN};
    }
    COLEY_TRY(read_keys(r, map, organ_keys, COUNT(organ_keys), grades, COUNT(grades), organ, err));
    if (first && (!coley_yaml_find(map, "source") || !coley_yaml_find(map, "found_by")))
        return coley_yaml_fail(map, err, "the key '%s' is missing here",
                               coley_yaml_find(map, "source") ? "found_by" : "source");
    if (organ->replace >= 0 && !r->policy->drug[organ->replace].daily)
        return coley_yaml_fail(map, err, "%s replaces a hormone; give it 'daily: yes' under 'drugs'",
                               r->policy->drug[organ->replace].name);
    for (size_t g = 0; g < COUNT(grades); g++) {
        const coley_yaml *rule = coley_yaml_find(map, grades[g]);
        if (!rule) continue;
        COLEY_TRY(read_rule(r, rule, &organ->grade[g + 1], err));
        const int resume = organ->resume_grade < 0 ? r->policy->resume_grade : organ->resume_grade;
        if (organ->grade[g + 1].therapy == COLEY_THERAPY_HOLD && (int)g + 1 <= resume)
            return coley_yaml_fail(rule, err,
                                   "holds the therapy at a grade at which it is resumed (%d); lower 'resume_grade' of "
                                   "this organ",
                                   resume);
    }
    organ->given = 1;
    return COLEY_OK;
}

static coley_status read_organs(const reading *r, const coley_yaml *map, coley_error *err)
{
    const char *names[COLEY_MAX_ORGANS];
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    for (size_t i = 0; i < r->grading->n; i++) names[i] = r->grading->organ[i].name;
    COLEY_TRY(coley_yaml_keys(map, names, r->grading->n, err));
    for (size_t i = 0; i < r->grading->n; i++) {
        const coley_yaml *organ = coley_yaml_find(map, names[i]);
        if (organ) COLEY_TRY(read_organ(r, organ, &r->policy->organ[i], err));
    }
    return COLEY_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------------------------
 */

/* The classes of the base, if there is one, and those of the list. */
static coley_status read_held(const coley_yaml *list, coley_policy *policy, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < list->n; i++) {
        const char *name;
        COLEY_TRY(coley_yaml_text(list->item[i], &name, err));
        if (coley_policy_class(policy, name) >= 0)
            return coley_yaml_fail(list->item[i], err, "the class '%s' is held already", coley_quote_make(name).text);
        if (policy->n_classes == COLEY_POLICY_MAX_CLASSES)
            return coley_yaml_fail(list->item[i], err, "more than %d classes", COLEY_POLICY_MAX_CLASSES);
        policy->held_class[policy->n_classes++] = name;
    }
    if (!policy->n_classes) return coley_yaml_fail(list, err, "is empty; name the classes that are held, as anti_pd1");
    return COLEY_OK;
}

#define AT(member) offsetof(coley_policy, member)
static const key_row visit_keys[] = {{"every", DAYS, AT(every_day), 1, 3650, NULL, 0},
                                     {"at_doses", FLAG, AT(at_doses), 0, 0, NULL, 0}};
static const key_row report_keys[] = {{"after", DAYS, AT(report_day), 0.25, 365, NULL, 0},
                                      {"severe_after", DAYS, AT(report_severe_day), 0.25, 365, NULL, 0},
                                      {"spread", NUMBER, AT(report_spread), 0, 3, NULL, 0}};
static const key_row resume_keys[] = {{"grade", WHOLE, AT(resume_grade), 0, COLEY_MAX_GRADE, NULL, 0},
                                      {"prednisone", MILLIGRAM, AT(resume_prednisone_mg), 0, 1000, NULL, 0}};
static const key_row steroid_keys[] = {{"step", DAYS, AT(step_day), 1, 60, NULL, 0},
                                       {"see_again", DAYS, AT(taper_again_day), 1, 365, NULL, 0},
                                       {"most", DAYS, AT(most_day), 1, 3650, NULL, 0}};
#undef AT

static coley_status read_sections(const reading *r, const coley_yaml *root, coley_error *err)
{
    static const struct {
        const char *name;
        const key_row *keys;
        size_t n;
    } sections[] = {{"visits", visit_keys, COUNT(visit_keys)},
                    {"report", report_keys, COUNT(report_keys)},
                    {"resume", resume_keys, COUNT(resume_keys)},
                    {"steroids", steroid_keys, COUNT(steroid_keys)}};
    for (size_t i = 0; i < COUNT(sections); i++) {
        const coley_yaml *map = coley_yaml_find(root, sections[i].name);
        if (map) COLEY_TRY(read_keys(r, map, sections[i].keys, sections[i].n, NULL, 0, r->policy, err));
    }
    return COLEY_OK;
}

coley_status coley_policy_read(coley_arena *arena, const coley_yaml *root, const coley_grading *grading,
                               const coley_policy *base, coley_policy **out, coley_error *err)
{
    static const char *const keys[] = {"name",   "doc",    "based_on", "source", "classes", "visits",
                                       "report", "resume", "steroids", "drugs",  "organs"};
    coley_policy *policy = COLEY_NEW(arena, coley_policy, 1);
    const coley_yaml *node;
    if (!policy) return COLEY_FAIL_MEMORY(err);
    const reading r = {.arena = arena, .grading = grading, .policy = policy};
    if (base)
        *policy = *base;
    else
        *policy = (coley_policy){.every_day = 21,
                                 .at_doses = 1,
                                 .report_day = 4,
                                 .report_severe_day = 1,
                                 .report_spread = 0.7,
                                 .resume_grade = 1,
                                 .resume_prednisone_mg = 10,
                                 .step_day = 7,
                                 .taper_again_day = 14,
                                 .most_day = 56};
    policy->n_organs = grading->n;
    policy->fatigue = (int)coley_grading_organ(grading, "fatigue");
    COLEY_TRY(coley_yaml_expect(root, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(root, keys, COUNT(keys), err));
    for (size_t i = 0; i < 4; i += 1 + (i == 1)) { /* name, doc, source */
        if (!(node = coley_yaml_find(root, keys[i])))
            return coley_yaml_fail(root, err, "the key '%s' is missing here", keys[i]);
        COLEY_TRY(coley_yaml_text(node, i == 0 ? &policy->name : i == 1 ? &policy->doc : &policy->source, err));
    }
    if ((node = coley_yaml_find(root, "classes")))
        COLEY_TRY(read_held(node, policy, err));
    else if (!base)
        return coley_yaml_fail(root, err, "the key 'classes' is missing here, or 'based_on: standard'");
    COLEY_TRY(read_sections(&r, root, err));
    if ((node = coley_yaml_find(root, "drugs"))) COLEY_TRY(read_drugs(&r, node, err));
    if ((node = coley_yaml_find(root, "organs"))) COLEY_TRY(read_organs(&r, node, err));
    *out = policy;
    return COLEY_OK;
}

int coley_policy_is_path(const char *name)
{
    const char *dot = strrchr(name, '.');
    return strchr(name, '/') || (dot && (!strcmp(dot, ".yaml") || !strcmp(dot, ".yml")));
}

coley_status coley_policy_load(coley_arena *arena, const char *catalog, const char *name, const coley_grading *grading,
                               coley_policy **policy, const char *file[COLEY_POLICY_MAX_DEPTH], size_t *n_files,
                               coley_error *err)
{
    const coley_yaml *root[COLEY_POLICY_MAX_DEPTH], *node = NULL;
    size_t n = 0;
    for (; name; n++) {
        if (n == COLEY_POLICY_MAX_DEPTH)
            return coley_yaml_fail(node, err, "more than %d policies stand on one another, or they stand in a ring",
                                   COLEY_POLICY_MAX_DEPTH);
        if (coley_policy_is_path(name) && !n)
            file[n] = coley_arena_text(arena, name, strlen(name));
        else if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != strlen(name))
            return node ? coley_yaml_fail(node, err, "%s is no name of a policy", coley_quote_make(name).text)
                        : COLEY_FAIL(err, COLEY_ERR_INPUT, "%s is no name of a policy", coley_quote_make(name).text);
        else
            file[n] = coley_arena_printf(arena, "%s/guidelines/care/%s.yaml", catalog, name);
        if (!file[n]) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_yaml_load(arena, file[n], &root[n], err));
        COLEY_TRY(coley_yaml_expect(root[n], COLEY_YAML_MAP, err));
        node = coley_yaml_find(root[n], "based_on");
        name = NULL;
        if (node) COLEY_TRY(coley_yaml_text(node, &name, err));
    }
    *n_files = n;
    *policy = NULL;
    for (size_t i = n; i-- > 0;) COLEY_TRY(coley_policy_read(arena, root[i], grading, *policy, policy, err));
    return COLEY_OK;
}
