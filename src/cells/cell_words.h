/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_words.h -- how tables of cells name types, regions and columns: catalog/assays/cells.yaml, and the user's own
 * words before it. */
#ifndef COLEY_CELLS_CELL_WORDS_H
#define COLEY_CELLS_CELL_WORDS_H

#include "base/alloc.h"
#include "base/status.h"
#include "cells/cells.h"

/* Columns that a table of cells may have. */
typedef enum coley_cell_column {
    COLEY_COLUMN_X,
    COLEY_COLUMN_Y,
    COLEY_COLUMN_PHENOTYPE,
    COLEY_COLUMN_REGION,
    COLEY_COLUMN_SAMPLE,
    COLEY_COLUMN_PDL1,
    COLEY_COLUMN_AREA,
    COLEY_COLUMN_COUNT
} coley_cell_column;

/* Words in their bare form: small letters, digits, + and - only. Owned by the arena that they were read into. */
typedef struct coley_cell_word {
    const char *word;
    int meaning; /* coley_cell_kind or coley_cell_region */
} coley_cell_word;

typedef struct coley_cell_words {
    size_t n_types, n_regions;
    coley_cell_word *type, *region;
    size_t n_columns[COLEY_COLUMN_COUNT];
    const char **column[COLEY_COLUMN_COUNT]; /* the best name first */
} coley_cell_words;

/* Read a file such as catalog/assays/cells.yaml. */
COLEY_MUST_CHECK coley_status coley_cell_words_read(coley_arena *arena, const char *path, coley_cell_words *words,
                                                    coley_error *err);

/* The user's own: "cd8=CD8+ T,cytotoxic" goes before all others. */
COLEY_MUST_CHECK coley_status coley_cell_words_map(coley_arena *arena, coley_cell_words *words, const char *map,
                                                   coley_error *err);

/* Bare form of `text` into `bare` (cut to `size` bytes). Columns keep + and - out. */
void coley_cell_word_bare(const char *text, int keep_signs, char *bare, size_t size);

/* Meaning of a text of the table, or -1. */
int coley_cell_words_type(const coley_cell_words *words, const char *text);
int coley_cell_words_region(const coley_cell_words *words, const char *text);

/* "x", "phenotype": the key of the file and the option of the command. */
const char *coley_cell_column_name(coley_cell_column column);

#endif
