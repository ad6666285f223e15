/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a lesion file: read and judged, or refused with a sentence. */
#include <stdint.h>
#include <stdlib.h>

#include "run/lesions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 100000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_lesion_file file;
    coley_error err = {0};
    const coley_response_options rules = COLEY_RESPONSE_DEFAULT;
    if (coley_lesions_parse(arena, "fuzz", (const char *)data, size, &file, &err) != COLEY_OK) {
        if (!err.text[0]) abort();
        file.n = 0;
    }
    for (size_t i = 0; i < file.n; i++) {
        coley_response_report report;
        coley_scans scans;
        if (coley_response_judge(arena, &file.patient[i], &rules, &report, &err) != COLEY_OK && !err.text[0]) abort();
        if (coley_lesions_scans(arena, &file.patient[i], &scans, &err) != COLEY_OK) abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
