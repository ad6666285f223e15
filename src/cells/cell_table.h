/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_table.h -- a table of cells from a file: CSV, TSV or semicolons, plain or gzipped, or AnnData (.h5ad).
 *
 * One row a cell: where it lies, what it is, and how it stains. Columns are found by the names of cell_words.h or named
 * by the caller; the rest of the table is passed over. A table of a million rows takes well under a second. Refused,
 * with line and column: rows shorter or longer than the header, positions that are no numbers, open quotes, NUL bytes,
 * text that is not UTF-8, columns that are not there or that could be several. */
#ifndef COLEY_CELLS_CELL_TABLE_H
#define COLEY_CELLS_CELL_TABLE_H

#include "cells/cell_words.h"

enum { COLEY_CELLS_MAX_CALLS = 16, COLEY_CELLS_MAX_COLUMNS = 20000, COLEY_CELLS_MAX_WORDS = 100000 };

typedef struct coley_cell_table_options {
    const coley_cell_words *words;
    const char *column[COLEY_COLUMN_COUNT];  /* as the user named them ("A,B": the mean of two); NULL: by the words */
    const char *call[COLEY_CELLS_MAX_CALLS]; /* "treg=CD3..FOXP3.": a cell is that where the column says 1, yes or +; */
    size_t n_calls;                          /* the first that does counts, then the phenotype */
    unsigned needed;                         /* 1 << COLEY_COLUMN_X | ...: not to have it is an error */
    double um_per_unit;                      /* of x and y; 1 when they are in um */
} coley_cell_table_options;

/* A word of a column and how it was read. */
typedef struct coley_cell_seen {
    const char *text;
    size_t n;
    int meaning, known; /* not known: read as other, or outside */
} coley_cell_seen;

/* Owned by the arena that it was read into. Cells of one sample stand together, in the order of the file. */
typedef struct coley_cell_table {
    const char *file;
    const char *column[COLEY_COLUMN_COUNT]; /* names of those that were read; NULL: none */
    size_t n;
    coley_cells cells; /* all of them */
    int pdl1_is_call;  /* every value is 0 or 1 */
    size_t n_samples;
    const char **sample; /* "" when there is no such column */
    size_t *first;       /* [n_samples + 1] */
    size_t n_phenotypes, n_regions;
    coley_cell_seen *phenotype, *region;
} coley_cell_table;

COLEY_MUST_CHECK coley_status coley_cell_table_read(coley_arena *arena, const char *path,
                                                    const coley_cell_table_options *options, coley_cell_table *table,
                                                    coley_error *err);
/* The same from bytes of text, not gzipped. */
COLEY_MUST_CHECK coley_status coley_cell_table_parse(coley_arena *arena, const char *name, const char *bytes,
                                                     size_t length, const coley_cell_table_options *options,
                                                     coley_cell_table *table, coley_error *err);

/* Columns of one sample, borrowed from the table. */
coley_cells coley_cell_table_sample(const coley_cell_table *table, size_t i);

#endif
