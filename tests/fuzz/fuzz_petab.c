/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_petab.c -- any bytes as a PEtab parameter table: every row has a name and a distribution, or a sentence says why
 * not. */
#include "run/petab.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    coley_csv table;
    coley_error err = {0};
    if (coley_petab_parse(arena, "fuzz", (const char *)data, size, &table, &err) == COLEY_OK) {
        for (size_t row = 0; row < table.n_rows; row++)
            if (!*coley_csv_cell(&table, row, 0) || !*coley_csv_cell(&table, row, 1)) abort();
    } else if (!err.text[0])
        abort();
    coley_arena_destroy(arena);
    return 0;
}
