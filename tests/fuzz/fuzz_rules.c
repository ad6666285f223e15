/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_rules.c -- any bytes as a table of rules; a rule that is taken is in order. */
#include "tissue/rules_file.h"

#include <math.h>
#include <stdlib.h>

#include "support/little_settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read once: it is the same for every input. */
static coley_tissue_model model;
static const coley_vocabulary *words;

static void read_model(void)
{
    static coley_arena *kept;
    coley_error err;
    if (kept) return;
    kept = coley_arena_create();
    if (little_read(kept, NULL, NULL, (coley_physicell_options){0}, &model, &err) != COLEY_OK) abort();
    words = coley_vocabulary_create(kept, &model);
    if (!words) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    coley_error err;
    read_model();
    coley_tissue_model m = model;
    coley_rule_set *set = coley_rule_set_create(arena, &m, words);
    char *bytes = coley_arena_alloc(arena, size + 1);
    if (!set || !bytes) abort();
    if (size) memcpy(bytes, data, size);
    if (coley_rule_set_parse(set, "fuzz.csv", bytes, size, &err) == COLEY_OK) {
        if (coley_rule_set_finish(set, &m, &err) != COLEY_OK || coley_tissue_model_check(&m, &err) != COLEY_OK) abort();
        for (size_t i = 0; i < m.n_rules; i++) {
            const coley_rule *r = &m.rule[i];
            if (!r->n_terms || !isfinite(r->minimum) || !isfinite(r->maximum)) abort();
            if (i && r->type < m.rule[i - 1].type) abort();
        }
    }
    coley_arena_destroy(arena);
    return 0;
}
