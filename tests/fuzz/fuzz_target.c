/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a BED file: stretches that are sorted and apart, or a sentence. */
#include <stdint.h>
#include <stdlib.h>

#include "assay/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 100000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_lines *lines;
    coley_target target;
    coley_error err = {0};
    if (coley_lines_of_bytes(arena, "fuzz", (const char *)data, size, &lines, &err) != COLEY_OK) abort();
    if (coley_target_parse(arena, lines, &target, &err) != COLEY_OK) {
        if (!err.text[0]) abort();
    } else {
        for (size_t c = 0; c < target.n_contigs; c++)
            for (size_t i = 1; i < target.contig[c].n; i++)
                if (target.contig[c].stretch[i].begin <= target.contig[c].stretch[i - 1].end) abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
