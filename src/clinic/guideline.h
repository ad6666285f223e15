/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guideline.h -- label rules and cautions as data, and whether a person meets them: yes, no, or not known.
 *
 * A condition is a text such as "line >= 1", "cancer is nsclc, sclc", "driver not EGFR, ALK" or several of these joined
 * by " or ". It is judged in the three-valued logic of Kleene 1952 (Introduction to Metamathematics, section 64): what
 * is not known stays not known unless the rest decides, so that a rule can say which test would settle it. */
#ifndef COLEY_CLINIC_GUIDELINE_H
#define COLEY_CLINIC_GUIDELINE_H

#include "base/yaml.h"

typedef enum coley_truth { COLEY_NOT_MET, COLEY_NOT_KNOWN, COLEY_MET } coley_truth;

/* One thing that may be known of a person. Not known: text NULL and number NaN. */
typedef struct coley_fact {
    const char *name;  /* "pdl1_tps", as conditions write it */
    const char *words; /* "PD-L1 tumour proportion score [%]": what to ask for */
    int is_number;
    double number;
    const char *text;
} coley_fact;

typedef struct coley_facts {
    size_t n;
    const coley_fact *fact; /* borrowed */
} coley_facts;

enum { COLEY_CONDITION_MAX_TESTS = 8, COLEY_CONDITION_MAX_VALUES = 24 };

typedef enum coley_test_kind {
    COLEY_IS,
    COLEY_IS_NOT,
    COLEY_LESS,
    COLEY_AT_MOST,
    COLEY_MORE,
    COLEY_AT_LEAST
} coley_test_kind;

typedef struct coley_condition_test {
    size_t fact; /* place in the facts that it was read for */
    coley_test_kind kind;
    double number;
    size_t n_values;
    const char *value[COLEY_CONDITION_MAX_VALUES];
} coley_condition_test;

/* True when any of its tests is. */
typedef struct coley_condition {
    const char *text;
    size_t n;
    coley_condition_test test[COLEY_CONDITION_MAX_TESTS];
} coley_condition;

/* One row of labels.yaml or cautions.yaml. What a file does not have is NULL, NaN or 0. */
typedef struct coley_rule {
    const char *id, *therapy, *group; /* group: "checkpoint", "car-t", "antibody", ... */
    const char *indication, *regimen; /* regimen: names of the drug catalog joined by " + "; what can be simulated */
    const char *not_simulated;        /* without a regimen: why, in words */
    const char *safety;               /* which row of irae_incidence.yaml, or NULL */
    const char *as_of, *source;
    double response, response_n; /* published share that responded, and of how many */
    const char *response_source;
    const char *level, *words; /* cautions: "caution", "usually avoid", "label exclusion" */
    const char *effect;        /* the size of the effect in words, or NULL */
    size_t n_conditions;
    coley_condition *condition; /* all must be met */
    size_t n_applies;           /* groups that a caution is about; 0: all */
    const char **applies;
} coley_rule;

typedef struct coley_rules {
    size_t n;
    coley_rule *rule;
} coley_rules;

/* What a rule says of one person. `deciding` [n_deciding] are conditions not met, or if there are none, not known. */
typedef struct coley_verdict {
    coley_truth truth;
    size_t n_deciding;
    const coley_condition **deciding;
} coley_verdict;

/* Read a condition against the names of `facts`; on failure `why` says what is wrong. */
COLEY_MUST_CHECK coley_status coley_condition_parse(coley_arena *arena, const char *text, const coley_facts *facts,
                                                    coley_condition *condition, coley_error *why);
coley_truth coley_condition_judge(const coley_condition *condition, const coley_facts *facts);

/* The list under `key` ("labels" or "cautions") of a guideline file. */
COLEY_MUST_CHECK coley_status coley_rules_read(coley_arena *arena, const coley_yaml *root, const char *key,
                                               const coley_facts *facts, coley_rules *rules, coley_error *err);
COLEY_MUST_CHECK coley_status coley_rule_judge(coley_arena *arena, const coley_rule *rule, const coley_facts *facts,
                                               coley_verdict *verdict, coley_error *err);

/* The facts that a condition asks for and that are not known, in words, joined by " or ". */
void coley_condition_ask(const coley_condition *condition, const coley_facts *facts, coley_text *out);

/* Does a caution speak about that group of therapies? */
int coley_rule_applies(const coley_rule *caution, const char *group);

#endif
