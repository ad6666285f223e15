/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a table of repeat lengths: read and tested, or refused with a sentence. */
#include <stdint.h>
#include <stdlib.h>

#include "assay/msi_lengths.h"
#include "assay/msi_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 100000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_length_table table;
    coley_lines *lines;
    coley_error err = {0};
    coley_status status = coley_lines_of_bytes(arena, "fuzz", (const char *)data, size, &lines, &err);
    if (status == COLEY_OK) status = coley_length_table_parse(arena, lines, &table, &err);
    if (status != COLEY_OK && !err.text[0]) abort();
    for (size_t i = 0; status == COLEY_OK && i < table.n; i++) {
        if (!table.tumour[i].n_reads || !table.normal[i].n_reads) continue;
        const coley_length_test t = coley_lengths_test(&table.tumour[i], &table.normal[i]);
        if (!(t.ks_p >= 0 && t.ks_p <= 1 && t.chi2_p >= 0 && t.chi2_p <= 1 && t.ks_d <= 1 + 1e-9)) abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
