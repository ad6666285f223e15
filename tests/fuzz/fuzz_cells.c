/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a table of cells: read and scored, or refused with a sentence. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "assay/infiltrate.h"
#include "assay/pdl1.h"
#include "cells/cell_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A few words are enough; the file of words has a target of its own kind in the readers of YAML. */
static coley_cell_word types[] = {
    {"ck+", COLEY_CELL_TUMOUR}, {"cd8+", COLEY_CELL_CD8}, {"cd68+", COLEY_CELL_MACROPHAGE}};
static coley_cell_word regions[] = {{"tumor", COLEY_REGION_TUMOUR}, {"stroma", COLEY_REGION_STROMA}};
static const char *names[COLEY_COLUMN_COUNT][1] = {{"x"},      {"y"},    {"phenotype"}, {"region"},
                                                   {"sample"}, {"pdl1"}, {"area"}};

static void score(coley_arena *arena, const coley_cells *cells)
{
    coley_pdl1_score tps = {.name = "TPS", .positive = 1u << COLEY_CELL_TUMOUR, .most = 100};
    coley_pdl1_assay assay = {.name = "a", .scores = 1, .min_tumour_cells = 1};
    const coley_pdl1_rules rules = {.n_scores = 1,
                                    .n_assays = 1,
                                    .score = &tps,
                                    .assay = &assay,
                                    .replicates = 100,
                                    .min_tiles = 2,
                                    .level = 0.9,
                                    .tile_um = 100};
    const coley_infiltrate_rules zones = {.region_radius_um = 50,
                                          .tumour_share = 0.5,
                                          .margin_um = 100,
                                          .pixel_um = 50,
                                          .reach_um = 60,
                                          .n_pairs = 1,
                                          .from = {COLEY_CELL_CD8},
                                          .to = {COLEY_CELL_TUMOUR},
                                          .n_radii = 2,
                                          .radius_um = {10, 100},
                                          .min_cells = 1};
    coley_pdl1_counts counts;
    coley_pdl1_result result;
    coley_infiltrate f;
    coley_error err = {0};
    if (cells->pdl1) {
        if (coley_pdl1_judge(arena, cells, 1, &rules, 0, 1, &counts, &result, &err) != COLEY_OK) abort();
        if (!result.cannot_tell && !(result.value >= 0 && result.value <= 100)) abort();
    }
    if (!cells->x_um || !cells->y_um) return;
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (size_t i = 0; i < cells->n; i++) {
        x0 = fmin(x0, cells->x_um[i]), x1 = fmax(x1, cells->x_um[i]);
        y0 = fmin(y0, cells->y_um[i]), y1 = fmax(y1, cells->y_um[i]);
    }
    if ((x1 - x0) * (y1 - y0) > 1e8 && (x1 - x0) * (y1 - y0) < 1e12) return; /* allowed, and slow */
    if (coley_infiltrate_judge(arena, cells, 1, &zones, &f, &err) != COLEY_OK && !err.text[0]) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 100000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_cell_words words = {.n_types = 3, .n_regions = 2, .type = types, .region = regions};
    for (int c = 0; c < COLEY_COLUMN_COUNT; c++) {
        words.n_columns[c] = 1;
        words.column[c] = names[c];
    }
    const coley_cell_table_options options = {.words = &words, .um_per_unit = 1};
    coley_cell_table table;
    coley_error err = {0};
    if (coley_cell_table_parse(arena, "fuzz", (const char *)data, size, &options, &table, &err) == COLEY_OK) {
        size_t n = 0;
        for (size_t i = 0; i < table.n_samples; i++) {
            const coley_cells cells = coley_cell_table_sample(&table, i);
            n += cells.n;
            if (i < 3) score(arena, &cells);
        }
        if (n != table.n || !n) abort();
    } else if (!err.text[0]) {
        abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
