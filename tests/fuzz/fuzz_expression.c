/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a table of expression: read and scored, or refused with a sentence. */
#include <stdint.h>
#include <stdlib.h>

#include "assay/expression.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *genes[] = {"A", "B", "C", "D", "E", "F"}, *alias[] = {"OLD"};
    static int place[] = {0, 1, 2, 3}, house[] = {4, 5}, alias_of[] = {2};
    static double weight[] = {1, -1, 0.5, 2};
    static coley_expression_score scores[] = {
        {.name = "w",
         .kind = COLEY_EXPRESSION_WEIGHTED,
         .n_genes = 4,
         .n_housekeeping = 2,
         .gene = place,
         .weight = weight,
         .housekeeping = house},
        {.name = "z", .kind = COLEY_EXPRESSION_Z_MEAN, .n_genes = 4, .gene = place, .weight = weight}};
    const coley_expression_rules rules = {.n_scores = 2,
                                          .n_genes = 6,
                                          .n_aliases = 1,
                                          .score = scores,
                                          .gene = genes,
                                          .alias = alias,
                                          .alias_of = alias_of,
                                          .min_samples = 2};
    if (size > 100000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_expression e;
    coley_error err = {0};
    if (coley_expression_parse(arena, "fuzz", (const char *)data, size, &rules, (int)(size % 2), &e, &err) ==
        COLEY_OK) {
        double *value = COLEY_NEW(arena, double, e.n_samples);
        const char *why;
        for (size_t k = 0; k < 2 && value; k++) coley_expression_judge(arena, &e, &rules, k, value, &why);
        if (!e.n_samples) abort();
    } else if (!err.text[0]) {
        abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
