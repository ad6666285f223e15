/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells_file.h -- where cells stand at the start, as PhysiCell's CSV says it.
 *
 * Form 1 has no header: x, y, z, number of the type. Form 2 has a header that begins with x, y, z, type and then names
 * numbers of single cells: "volume" or any behaviour; the type is a name (or its number), and a cell that is empty or
 * begins with s ("skip") leaves the number as it is. */
#ifndef COLEY_TISSUE_CELLS_FILE_H
#define COLEY_TISSUE_CELLS_FILE_H

#include "tissue/vocabulary.h"

/* Cells gathered from files and from chance; owned by the arena. */
typedef struct coley_place_list {
    coley_arena *arena;
    size_t n, cap, n_values, cap_values;
    coley_place_cell *cell;
    coley_place_value *value;
} coley_place_list;

/* What was not taken from a file, and what is odd. */
typedef struct coley_cells_report {
    size_t n_outside;         /* cells outside of the domain, kept */
    size_t n_skipped;         /* cells of no known type */
    const char *skipped_type; /* the first of these, and its line */
    int skipped_line;
    size_t n_unknown;                /* columns of no known name that have numbers */
    const char **unknown, **nearest; /* nearest: NULL for none */
} coley_cells_report;

enum { COLEY_PLACED_MAX = 100000000 };

/* Add the cells of a file. A cell of an unknown type is an error unless skip_unknown. */
COLEY_MUST_CHECK coley_status coley_cells_file_read(coley_place_list *list, const coley_tissue_model *model,
                                                    const coley_vocabulary *words, const char *path, bool skip_unknown,
                                                    coley_cells_report *report, coley_error *err);
COLEY_MUST_CHECK coley_status coley_cells_file_parse(coley_place_list *list, const coley_tissue_model *model,
                                                     const coley_vocabulary *words, const char *name, char *bytes,
                                                     size_t length, bool skip_unknown, coley_cells_report *report,
                                                     coley_error *err);

/* Add a cell; false when there is no memory. */
bool coley_place_add(coley_place_list *list, const double at_um[3], int type);

#endif
