/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a table of microsatellites: read and written back to the same table, or refused with a sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "assay/sites.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static coley_status parse(coley_arena *arena, const char *bytes, size_t size, coley_sites *sites, coley_error *err)
{
    coley_lines *lines;
    const coley_status status = coley_lines_of_bytes(arena, "fuzz", bytes, size, &lines, err);
    return status == COLEY_OK ? coley_sites_parse(arena, lines, sites, err) : status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 100000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_sites sites, again;
    coley_error err = {0};
    if (parse(arena, (const char *)data, size, &sites, &err) != COLEY_OK) {
        if (!err.text[0]) abort();
    } else {
        coley_text text = {.arena = arena};
        coley_text_addf(&text, "%s", coley_sites_heading);
        for (size_t i = 0; i < sites.n; i++) {
            coley_site_row row;
            coley_site_row_of(&sites, &sites.site[i], &row);
            coley_site_row_add(&text, &row);
        }
        if (parse(arena, text.data, text.length, &again, &err) != COLEY_OK || again.n != sites.n) abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
