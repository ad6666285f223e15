/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of times to an event: analysed in every format without a "nan" or "inf", or refused with a
 * sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "run/survival_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Names in the file may hold such letters; values stand after one of these. */
static int says(const char *text, const char *word)
{
    static const char before[] = " ,[:\n";
    for (const char *p = text; (p = strstr(p, word)); p++)
        if (p > text && strchr(before, p[-1]) && strchr(" ,]\n", p[strlen(word)])) return 1;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 20000) return 0;
    /* A column `site` is there in one of the corpus: subgroups when the bytes have one. */
    const int sites = memmem(data, size, "site", 4) != NULL;
    const int named = memmem(data, size, "nan", 3) || memmem(data, size, "inf", 3);
    for (int format = COLEY_SURVIVAL_TEXT; format <= COLEY_SURVIVAL_SVG; format++) {
        coley_arena *arena = coley_arena_create();
        const coley_survival_request request = {.file = "fuzz",
                                                .unit = "month",
                                                .level = 0.95,
                                                .cure = 1,
                                                .chart = 1,
                                                .n_subgroups = (size_t)sites,
                                                .subgroup = {"site"},
                                                .format = (coley_survival_format)format};
        coley_text text = {.arena = arena};
        coley_error err = {0};
        if (coley_survival_run_bytes(arena, &request, (const char *)data, size, &text, &err) != COLEY_OK) {
            if (!err.text[0]) abort();
        } else if (!named && (says(text.data, "nan") || says(text.data, "-nan") || says(text.data, "inf"))) {
            abort();
        }
        coley_arena_destroy(arena);
    }
    return 0;
}
