/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells.h -- cells of one piece of tissue as plain columns: what a table of real cells and a simulated tissue have in
 * common, so that the same code scores both. */
#ifndef COLEY_CELLS_CELLS_H
#define COLEY_CELLS_CELLS_H

#include <stddef.h>
#include <stdint.h>

/* name in files and reports. Append only: places are stored. */
#define COLEY_CELL_TYPE_LIST(X)                                                                                        \
    X(OTHER, "other")                                                                                                  \
    X(TUMOUR, "tumour")                                                                                                \
    X(CD8, "cd8")                                                                                                      \
    X(CD4, "cd4")                                                                                                      \
    X(TREG, "treg")                                                                                                    \
    X(T, "t")                                                                                                          \
    X(B, "b")                                                                                                          \
    X(NK, "nk")                                                                                                        \
    X(MACROPHAGE, "macrophage")                                                                                        \
    X(DENDRITIC, "dendritic")                                                                                          \
    X(GRANULOCYTE, "granulocyte")                                                                                      \
    X(IMMUNE, "immune")                                                                                                \
    X(STROMAL, "stromal")

typedef enum coley_cell_kind {
#define COLEY_CELL_TYPE_ENUM(name, text) COLEY_CELL_##name,
    COLEY_CELL_TYPE_LIST(COLEY_CELL_TYPE_ENUM)
#undef COLEY_CELL_TYPE_ENUM
        COLEY_CELL_TYPE_COUNT
} coley_cell_kind;

/* Where a cell lies. OUTSIDE: the table names neither tumour nor stroma. */
typedef enum coley_cell_region {
    COLEY_REGION_OUTSIDE,
    COLEY_REGION_TUMOUR,
    COLEY_REGION_STROMA,
    COLEY_REGION_COUNT
} coley_cell_region;

/* Borrowed columns of n cells each; order carries no meaning. */
typedef struct coley_cells {
    size_t n;
    const double *x_um, *y_um; /* centre; NULL when not known */
    const uint8_t *type;       /* coley_cell_kind */
    const uint8_t *region;     /* coley_cell_region; NULL when not known */
    const double *pdl1;        /* staining, or a call of 0 or 1; NaN: not measured; NULL: no such column */
    const double *area_um2;    /* NULL when not known */
} coley_cells;

/* "cd8"; and the type of a name, or -1. */
const char *coley_cell_type_name(coley_cell_kind type);
int coley_cell_type_find(const char *name);
const char *coley_cell_region_name(coley_cell_region region);

#endif
