/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a GFF3 file over a short sequence: effects of variants along it, or a sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "assay/codons.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char bases[] = "GGATGGCCCGATGGTCATAAGGGTAAGTCCCTTTAGGCATGCATTAGCCCATTTTTTACG";
    if (size > 100000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_lines *lines;
    coley_codons *codons;
    coley_error err = {0};
    if (coley_lines_of_bytes(arena, "fuzz", (const char *)data, size, &lines, &err) != COLEY_OK) abort();
    if (coley_codons_parse(arena, lines, &codons, &err) != COLEY_OK) {
        if (!err.text[0]) abort();
    } else {
        coley_codons_sequence(codons, "t", bases, strlen(bases));
        for (size_t p = 0; p + 4 < strlen(bases); p++)
            for (size_t n = 1; n < 5; n++) {
                coley_effects set;
                const coley_place place = {0};
                if (coley_codons_effects(codons, "t", 1, (int64_t)p + 1, bases + p, n, "C", 1, place, &set, &err) !=
                        COLEY_OK &&
                    !err.text[0])
                    abort();
                if (coley_codons_effects(codons, "t", 1, (int64_t)p + 1, bases + p, 1, "CTTGA", 1 + n, place, &set,
                                         &err) != COLEY_OK &&
                    !err.text[0])
                    abort();
            }
    }
    coley_arena_destroy(arena);
    return 0;
}
