/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_builder.h -- inside src/cells: which columns of a file are which, and rows gathered into a table. */
#ifndef COLEY_CELLS_CELL_BUILDER_H
#define COLEY_CELLS_CELL_BUILDER_H

#include "cells/cell_table.h"

/* Where the columns stand in the file; -1: nowhere. `second`: the other of "A,B". */
typedef struct coley_cell_layout {
    int at[COLEY_COLUMN_COUNT], second[COLEY_COLUMN_COUNT];
    int call[COLEY_CELLS_MAX_CALLS], call_type[COLEY_CELLS_MAX_CALLS];
} coley_cell_layout;

/* Find them among n names; `place` says where the names stand. */
COLEY_MUST_CHECK coley_status coley_cell_layout_find(coley_arena *arena, const char *const *name, size_t n,
                                                     const coley_cell_table_options *options, coley_place place,
                                                     coley_cell_layout *layout, coley_error *err);

/* Distinct words of a column with their counts. */
typedef struct coley_cell_interner {
    size_t n, cap, n_slots;
    coley_cell_seen *seen;
    size_t *length;
    uint32_t *slot; /* place in `seen` plus one, 0: free */
    uint32_t last;
} coley_cell_interner;

/* What a row says. A column that is not there leaves its value alone. */
typedef struct coley_cell_row {
    double x, y, pdl1, area;
    uint8_t type, region;
    uint32_t sample;
} coley_cell_row;

typedef struct coley_cell_builder {
    coley_arena *arena, *scratch; /* scratch is owned */
    const coley_cell_table_options *options;
    coley_cell_layout layout;
    coley_cell_interner phenotype, region, sample;
    size_t n, n_blocks, cap_blocks;
    coley_cell_row **block;
    int not_call; /* a PD-L1 value other than 0 and 1 was seen */
} coley_cell_builder;

COLEY_MUST_CHECK coley_status coley_cell_builder_begin(coley_arena *arena, const coley_cell_table_options *options,
                                                       coley_cell_builder *builder, coley_error *err);
void coley_cell_builder_end(coley_cell_builder *builder);

/* Number of the word; `what` and `place` are for messages. */
COLEY_MUST_CHECK coley_status coley_cell_intern(coley_cell_builder *builder, coley_cell_column column, const char *text,
                                                size_t length, coley_place place, uint32_t *number, coley_error *err);
COLEY_MUST_CHECK coley_status coley_cell_builder_add(coley_cell_builder *builder, const coley_cell_row *row,
                                                     coley_error *err);
/* The rows as columns, sample by sample. */
COLEY_MUST_CHECK coley_status coley_cell_builder_finish(coley_cell_builder *builder, const char *file,
                                                        const char *const *name, coley_cell_table *table,
                                                        coley_error *err);

/* A number ("" , NA and NaN: NaN); false when it is none. */
int coley_cell_number(const char *text, size_t length, double *value);
/* A call: a number, or yes, no, true, false, positive, negative, pos, neg, or a word that ends in + (1) or - (0). */
int coley_cell_call(const char *text, size_t length, double *value);

/* An AnnData file into the builder's table. */
COLEY_MUST_CHECK coley_status coley_cell_h5ad_read(coley_arena *arena, const char *path,
                                                   const coley_cell_table_options *options, coley_cell_table *table,
                                                   coley_error *err);

#endif
