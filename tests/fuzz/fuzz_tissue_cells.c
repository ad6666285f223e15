/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_tissue_cells.c -- any bytes as a table of cells; a cell that is taken has a type, a place and numbers of its own. */
#include "tissue/cells_file.h"

#include <math.h>
#include <stdlib.h>

#include "support/little_settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read once: it is the same for every input. */
static coley_tissue_model model;
static const coley_vocabulary *words;

static void read_model(void)
{
    static coley_arena *kept;
    coley_error err;
    if (kept) return;
    kept = coley_arena_create();
    if (little_read(kept, NULL, NULL, (coley_physicell_options){0}, &model, &err) != COLEY_OK) abort();
    words = coley_vocabulary_create(kept, &model);
    if (!words) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    coley_error err;
    coley_cells_report report;
    coley_place_list list = {.arena = arena};
    read_model();
    coley_tissue_model m = model;
    char *bytes = coley_arena_alloc(arena, size + 1);
    if (!bytes) abort();
    if (size) memcpy(bytes, data, size);
    if (coley_cells_file_parse(&list, &m, words, "fuzz.csv", bytes, size, size % 2, &report, &err) == COLEY_OK) {
        size_t n = 0;
        for (size_t i = 0; i < list.n; i++) {
            const coley_place_cell *c = &list.cell[i];
            if (c->type < 0 || (size_t)c->type >= m.n_types || c->first_value != n) abort();
            for (int a = 0; a < 3; a++)
                if (!(fabs(c->at_um[a]) <= 1e7)) abort();
            n += c->n_values;
        }
        if (n != list.n_values) abort();
        for (size_t i = 0; i < list.n_values; i++)
            if (list.value[i].behaviour < COLEY_SPREAD_VOLUME || list.value[i].behaviour >= m.b.count) abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
