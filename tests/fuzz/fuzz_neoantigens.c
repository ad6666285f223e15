/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a predictor's list of neoantigens: counted, or refused with a sentence. */
#include <stdint.h>
#include <stdlib.h>

#include "assay/neoantigen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 100000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_lines *lines;
    uint64_t rows, binders;
    coley_error err = {0};
    if (coley_lines_of_bytes(arena, "fuzz", (const char *)data, size, &lines, &err) != COLEY_OK) abort();
    if (coley_neoantigen_list(arena, lines, 500, &rows, &binders, &err) != COLEY_OK) {
        if (!err.text[0]) abort();
    } else if (binders > rows) {
        abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
