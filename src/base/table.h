/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h -- plain tables for people: columns aligned, numbers to the right. */
#ifndef COLEY_BASE_TABLE_H
#define COLEY_BASE_TABLE_H

#include "base/text.h"

typedef struct coley_table {
    coley_arena *arena; /* borrowed */
    size_t n_columns;
    const char *const *heading; /* borrowed */
    size_t n_cells, cap_cells;
    const char **cell; /* row after row */
    int failed;        /* out of memory: cells are missing */
} coley_table;

/* A table of n columns; both borrowed until it is added to a text. */
coley_table coley_table_begin(coley_arena *arena, const char *const *heading, size_t n_columns);

/* The next cell, left to right, then the next row; copied. */
void coley_table_add(coley_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The table with its headings and a rule under them. A column whose cells all start like a number, or are "-" or empty,
 * is set to the right. Cells are UTF-8, each character one column wide. */
void coley_table_draw(const coley_table *table, coley_text *text);

/* Columns that UTF-8 text takes on a terminal when each character takes one. */
size_t coley_table_width(const char *text);

#endif
