/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_guideline.c -- any bytes as a file of rules: read, judged for a person of whom nothing is known; or
 * as names of adverse events. */
#include "clinic/event_terms.h"
#include "run/candidate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses one buffer of 4096 bytes when it refuses some over-long quoted keys. Not ours to free. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const keys[] = {"labels", "cautions"};
    coley_arena *arena = coley_arena_create();
    const coley_scenario nobody = {.cancer = NULL};
    const coley_yaml *root;
    coley_facts facts;
    coley_rules rules;
    coley_loris loris;
    coley_error err;
    if (coley_candidate_facts(arena, &nobody, &facts, &err) == COLEY_OK &&
        coley_yaml_parse(arena, "fuzz", (const char *)data, size, &root, &err) == COLEY_OK) {
        for (int k = 0; k < 2; k++) {
            if (coley_rules_read(arena, root, keys[k], &facts, &rules, &err) != COLEY_OK) continue;
            for (size_t i = 0; i < rules.n; i++) {
                coley_verdict verdict;
                coley_text text = {.arena = arena};
                if (coley_rule_judge(arena, &rules.rule[i], &facts, &verdict, &err) != COLEY_OK) break;
                for (size_t j = 0; j < verdict.n_deciding; j++) coley_condition_ask(verdict.deciding[j], &facts, &text);
            }
        }
        coley_event_terms terms;
        if (coley_event_terms_read(arena, root, &terms, &err) == COLEY_OK)
            for (size_t i = 0; i < terms.n; i++) coley_event_term_grade(&terms.term[i], 1.0);
        if (coley_loris_read(arena, root, "loris", &loris, &err) == COLEY_OK)
            coley_loris_score(&loris, &(coley_score_inputs){.cancer = "nsclc"});
    }
    coley_arena_destroy(arena);
    return 0;
}
