/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a reference sequence: scanned for microsatellites, or refused with a sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "assay/sites.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static coley_status take(void *self, const coley_site_row *row, coley_error *err)
{
    (void)self;
    (void)err;
    const size_t unit = strlen(row->unit);
    if (row->units < (unit == 1 ? 4 : 3) || strlen(row->left) != 3 || strlen(row->right) != 3 || row->position < 3)
        abort();
    return COLEY_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 100000) return 0;
    const coley_site_scan_options options = {4, 3, 8, 3};
    coley_arena *arena = coley_arena_create();
    coley_site_scan_totals totals;
    coley_error err = {0};
    if (coley_sites_scan_bytes(arena, "fuzz", (const char *)data, size, &options, take, NULL, &totals, &err) !=
            COLEY_OK &&
        !err.text[0])
        abort();
    coley_arena_destroy(arena);
    return 0;
}
