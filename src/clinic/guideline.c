/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guideline.c -- reads conditions and rules, and judges them in three-valued logic:
 *
 *     or: the largest of not met < not known < met;   all of a rule: the smallest */
#include "clinic/guideline.h"

#include <math.h>
#include <string.h>

static const char *fact_name(const coley_facts *facts, size_t i)
{
    return facts->fact[i].name;
}

static char *trimmed(coley_arena *arena, const char *text, size_t length)
{
    while (length && *text == ' ') text++, length--;
    while (length && text[length - 1] == ' ') length--;
    return coley_arena_text(arena, text, length);
}

static coley_status read_values(coley_arena *arena, const char *text, coley_condition_test *test, coley_error *why)
{
    for (;;) {
        const size_t length = strcspn(text, ",");
        char *value = trimmed(arena, text, length);
        if (!value) return COLEY_FAIL_MEMORY(why);
        if (!*value) return COLEY_FAIL(why, COLEY_ERR_INPUT, "a value is missing; write as in 'cancer is nsclc, sclc'");
        if (test->n_values == COLEY_CONDITION_MAX_VALUES)
            return COLEY_FAIL(why, COLEY_ERR_INPUT, "more than %d values", COLEY_CONDITION_MAX_VALUES);
        test->value[test->n_values++] = value;
        if (!text[length]) return COLEY_OK;
        text += length + 1;
    }
}

static coley_status read_test(coley_arena *arena, const char *text, const coley_facts *facts,
                              coley_condition_test *test, coley_error *why)
{
    static const struct {
        const char *word;
        coley_test_kind kind;
    } operators[] = {{"is not", COLEY_IS_NOT}, {"not", COLEY_IS_NOT}, {"is", COLEY_IS}, {"<=", COLEY_AT_MOST},
                     {">=", COLEY_AT_LEAST},   {"<", COLEY_LESS},     {">", COLEY_MORE}};
    const size_t length = strcspn(text, " ");
    const char *name = trimmed(arena, text, length), *rest = text + length;
    if (!name) return COLEY_FAIL_MEMORY(why);
    for (test->fact = 0; test->fact < facts->n && strcmp(name, fact_name(facts, test->fact)) != 0;) test->fact++;
    if (test->fact == facts->n)
        return COLEY_FAIL(why, COLEY_ERR_INPUT, "nothing is called %s; write 'FACT is VALUE' or 'FACT >= NUMBER'",
                          coley_quote_make(name).text);
    while (*rest == ' ') rest++;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        const size_t n = strlen(operators[i].word);
        if (strncmp(rest, operators[i].word, n) != 0 || rest[n] != ' ') continue;
        test->kind = operators[i].kind;
        const int number = facts->fact[test->fact].is_number;
        if (number != (test->kind > COLEY_IS_NOT))
            return COLEY_FAIL(why, COLEY_ERR_INPUT, "%s is a %s; use %s", name, number ? "number" : "word",
                              number ? "<, <=, > or >=" : "'is' or 'not'");
        if (!number) return read_values(arena, rest + n + 1, test, why);
        const char *value = trimmed(arena, rest + n, strlen(rest + n));
        if (!value) return COLEY_FAIL_MEMORY(why);
        if (!coley_text_number(value, &test->number))
            return COLEY_FAIL(why, COLEY_ERR_INPUT, "%s is no number", coley_quote_make(value).text);
        return COLEY_OK;
    }
    return COLEY_FAIL(why, COLEY_ERR_INPUT, "after %s comes none of: is, not, <, <=, >, >=", name);
}

coley_status coley_condition_parse(coley_arena *arena, const char *text, const coley_facts *facts,
                                   coley_condition *condition, coley_error *why)
{
    *condition = (coley_condition){.text = text};
    for (const char *rest = text;;) {
        const char *end = strstr(rest, " or ");
        const char *part = trimmed(arena, rest, end ? (size_t)(end - rest) : strlen(rest));
        if (!part) return COLEY_FAIL_MEMORY(why);
        if (condition->n == COLEY_CONDITION_MAX_TESTS)
            return COLEY_FAIL(why, COLEY_ERR_INPUT, "more than %d alternatives", COLEY_CONDITION_MAX_TESTS);
        COLEY_TRY(read_test(arena, part, facts, &condition->test[condition->n++], why));
        if (!end) return COLEY_OK;
        rest = end + 4;
    }
}

static coley_truth judge_test(const coley_condition_test *test, const coley_fact *fact)
{
    if (fact->is_number) {
        const double x = fact->number;
        if (isnan(x)) return COLEY_NOT_KNOWN;
        const int met = test->kind == COLEY_LESS      ? x < test->number
                        : test->kind == COLEY_AT_MOST ? x <= test->number
                        : test->kind == COLEY_MORE    ? x > test->number
                                                      : x >= test->number;
        return met ? COLEY_MET : COLEY_NOT_MET;
    }
    if (!fact->text) return COLEY_NOT_KNOWN;
    for (size_t i = 0; i < test->n_values; i++)
        if (!strcmp(fact->text, test->value[i])) return test->kind == COLEY_IS ? COLEY_MET : COLEY_NOT_MET;
    return test->kind == COLEY_IS ? COLEY_NOT_MET : COLEY_MET;
}

coley_truth coley_condition_judge(const coley_condition *condition, const coley_facts *facts)
{
    coley_truth best = COLEY_NOT_MET;
    for (size_t i = 0; i < condition->n; i++) {
        const coley_truth truth = judge_test(&condition->test[i], &facts->fact[condition->test[i].fact]);
        if (truth > best) best = truth;
    }
    return best;
}

void coley_condition_ask(const coley_condition *condition, const coley_facts *facts, coley_text *out)
{
    int n = 0;
    for (size_t i = 0; i < condition->n; i++) {
        const coley_fact *fact = &facts->fact[condition->test[i].fact];
        if (judge_test(&condition->test[i], fact) == COLEY_NOT_KNOWN)
            coley_text_addf(out, "%s%s", n++ ? " or " : "", fact->words);
    }
}

/* ---- rules ------------------------------------------------------------------------------------------------------- */

static coley_status optional_text(const coley_yaml *map, const char *key, const char **text, coley_error *err)
{
    const coley_yaml *node = coley_yaml_find(map, key);
    return node ? coley_yaml_text(node, text, err) : COLEY_OK;
}

static coley_status needed_text(const coley_yaml *map, const char *key, const char **text, coley_error *err)
{
    const coley_yaml *node = coley_yaml_find(map, key);
    if (!node) return coley_yaml_fail(map, err, "the key '%s' is missing here", key);
    return coley_yaml_text(node, text, err);
}

static coley_status read_rule(coley_arena *arena, const coley_yaml *map, int caution, const coley_facts *facts,
                              coley_rule *rule, coley_error *err)
{
    static const char *const label_keys[] = {
        "id",    "therapy", "group",    "indication", "regimen",         "not_simulated", "safety",
        "as_of", "source",  "response", "response_n", "response_source", "when"};
    static const char *const caution_keys[] = {"id", "applies", "level", "words", "effect", "source", "when"};
    static const char *const levels[] = {"caution", "usually avoid", "label exclusion"};
    int level;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, caution ? caution_keys : label_keys, caution ? 7 : 13, err));
    rule->response = rule->response_n = NAN;
    COLEY_TRY(needed_text(map, "id", &rule->id, err));
    COLEY_TRY(needed_text(map, "source", &rule->source, err));
    if (caution) {
        COLEY_TRY(needed_text(map, "words", &rule->words, err));
        COLEY_TRY(needed_text(map, "level", &rule->level, err));
        COLEY_TRY(coley_yaml_choice(coley_yaml_find(map, "level"), levels, 3, &level, err));
        COLEY_TRY(optional_text(map, "effect", &rule->effect, err));
    } else {
        const coley_yaml *response = coley_yaml_find(map, "response"), *n = coley_yaml_find(map, "response_n");
        COLEY_TRY(needed_text(map, "therapy", &rule->therapy, err));
        COLEY_TRY(needed_text(map, "group", &rule->group, err));
        COLEY_TRY(needed_text(map, "indication", &rule->indication, err));
        COLEY_TRY(needed_text(map, "as_of", &rule->as_of, err));
        COLEY_TRY(optional_text(map, "regimen", &rule->regimen, err));
        COLEY_TRY(optional_text(map, "not_simulated", &rule->not_simulated, err));
        if (!rule->regimen == !rule->not_simulated)
            return coley_yaml_fail(map, err,
                                   "rule %s needs one of 'regimen' (drug labels joined by \" + \") and "
                                   "'not_simulated' (why there is none)",
                                   rule->id);
        COLEY_TRY(optional_text(map, "safety", &rule->safety, err));
        if (response) COLEY_TRY(coley_yaml_number(response, 0, 1, &rule->response, err));
        if (n) COLEY_TRY(coley_yaml_number(n, 1, 1e6, &rule->response_n, err));
        if (response) COLEY_TRY(needed_text(map, "response_source", &rule->response_source, err));
    }
    const coley_yaml *applies = coley_yaml_find(map, "applies"), *when = coley_yaml_find(map, "when");
    if (applies) {
        COLEY_TRY(coley_yaml_expect(applies, COLEY_YAML_LIST, err));
        if (!(rule->applies = COLEY_NEW(arena, const char *, applies->n))) return COLEY_FAIL_MEMORY(err);
        for (; rule->n_applies < applies->n; rule->n_applies++)
            COLEY_TRY(coley_yaml_text(applies->item[rule->n_applies], &rule->applies[rule->n_applies], err));
    }
    if (!when) return coley_yaml_fail(map, err, "the key 'when' is missing here: a list of conditions");
    COLEY_TRY(coley_yaml_expect(when, COLEY_YAML_LIST, err));
    if (!(rule->condition = COLEY_NEW(arena, coley_condition, when->n))) return COLEY_FAIL_MEMORY(err);
    for (; rule->n_conditions < when->n; rule->n_conditions++) {
        const coley_yaml *node = when->item[rule->n_conditions];
        const char *text;
        coley_error why = {0};
        COLEY_TRY(coley_yaml_text(node, &text, err));
        const coley_status status =
            coley_condition_parse(arena, text, facts, &rule->condition[rule->n_conditions], &why);
        if (status == COLEY_ERR_MEMORY) return COLEY_FAIL_MEMORY(err);
        if (status != COLEY_OK) return coley_yaml_fail(node, err, "%s", why.text);
    }
    return COLEY_OK;
}

coley_status coley_rules_read(coley_arena *arena, const coley_yaml *root, const char *key, const coley_facts *facts,
                              coley_rules *rules, coley_error *err)
{
    const coley_yaml *list = coley_yaml_find(root, key);
    *rules = (coley_rules){0};
    if (!list) return coley_yaml_fail(root, err, "the key '%s' is missing here: a list of rules", key);
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    if (!(rules->rule = COLEY_NEW(arena, coley_rule, list->n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < list->n; i++) {
        COLEY_TRY(read_rule(arena, list->item[i], !strcmp(key, "cautions"), facts, &rules->rule[i], err));
        for (size_t k = 0; k < i; k++)
            if (!strcmp(rules->rule[k].id, rules->rule[i].id))
                return coley_yaml_fail(list->item[i], err, "the id '%s' is there twice", rules->rule[i].id);
        rules->n++;
    }
    return COLEY_OK;
}

coley_status coley_rule_judge(coley_arena *arena, const coley_rule *rule, const coley_facts *facts,
                              coley_verdict *verdict, coley_error *err)
{
    *verdict = (coley_verdict){.truth = COLEY_MET};
    if (!(verdict->deciding = COLEY_NEW(arena, const coley_condition *, rule->n_conditions)))
        return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < rule->n_conditions; i++) {
        const coley_truth truth = coley_condition_judge(&rule->condition[i], facts);
        if (truth < verdict->truth) verdict->truth = truth, verdict->n_deciding = 0;
        if (truth == verdict->truth && truth != COLEY_MET)
            verdict->deciding[verdict->n_deciding++] = &rule->condition[i];
    }
    return COLEY_OK;
}

int coley_rule_applies(const coley_rule *caution, const char *group)
{
    for (size_t i = 0; i < caution->n_applies; i++)
        if (!strcmp(caution->applies[i], group)) return 1;
    return !caution->n_applies;
}
