/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as VCF or MAF: indels in repeats are counted, or the file is refused with a sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "assay/msi_indels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char table[] =
        "chromosome\tlocation\trepeat_times\trepeat_unit_bases\tleft_flank_bases\tright_flank_bases\n"
        "1\t100\t10\tA\tGGCTC\tGTCTG\n1\t200\t6\tCA\tGGCTT\tGTCTG\n";
    if (size > 100000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_sites sites;
    coley_indel_counts counts;
    coley_lines *lines;
    coley_error err = {0};
    if (coley_lines_of_bytes(arena, "sites", table, sizeof table - 1, &lines, &err) != COLEY_OK ||
        coley_sites_parse(arena, lines, &sites, &err) != COLEY_OK)
        abort();
    coley_status status = coley_lines_of_bytes(arena, "fuzz", (const char *)data, size, &lines, &err);
    if (status == COLEY_OK) status = coley_indels_parse(arena, lines, &sites, &counts, &err);
    if (status != COLEY_OK && !err.text[0]) abort();
    for (size_t i = 0; status == COLEY_OK && i < counts.n; i++)
        if (counts.sample[i].n_in_repeats > counts.sample[i].n_indels ||
            counts.sample[i].n_indels > counts.sample[i].n_variants)
            abort();
    coley_arena_destroy(arena);
    return 0;
}
