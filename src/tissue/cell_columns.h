/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_columns.h -- the cells of a tissue as flat columns, one number of every cell side by side.
 *
 * A cell's place in the columns is its slot; it changes when cells are sorted by space or taken out, so that whatever
 * points at a cell is renumbered then. What rules or the initial state make different from cell to cell has a column of
 * its own (`varying`); all else stands once per type in the model. */
#ifndef COLEY_TISSUE_CELL_COLUMNS_H
#define COLEY_TISSUE_CELL_COLUMNS_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COLEY_NO_CELL UINT32_MAX

/* X(type, name, unit, what it is) */
#define COLEY_CELL_COLUMNS(X)                                                                                          \
    X(float, x, "um", "place")                                                                                         \
    X(float, y, "um", "place")                                                                                         \
    X(float, z, "um", "place")                                                                                         \
    X(float, vx, "um/min", "velocity of the step before")                                                              \
    X(float, vy, "um/min", "velocity of the step before")                                                              \
    X(float, vz, "um/min", "velocity of the step before")                                                              \
    X(float, mx, "um/min", "own movement")                                                                             \
    X(float, my, "um/min", "own movement")                                                                             \
    X(float, mz, "um/min", "own movement")                                                                             \
    X(float, radius, "um", "of a sphere of the cell's volume")                                                         \
    X(float, fluid, "um3", "all fluid")                                                                                \
    X(float, nuclear_fluid, "um3", "fluid in the nucleus")                                                             \
    X(float, nuclear_solid, "um3", "solids of the nucleus")                                                            \
    X(float, cytoplasm_solid, "um3", "solids of the cytoplasm")                                                        \
    X(float, target_nuclear_solid, "um3", "what the nucleus grows to")                                                 \
    X(float, rupture_volume, "um3", "a necrotic cell bursts there")                                                    \
    X(float, calcified, "1", "calcified fraction")                                                                     \
    X(float, pressure, "1", "simple pressure of the last step")                                                        \
    X(float, elapsed, "min", "in the phase of the cycle or of dying")                                                  \
    X(float, damage, "1", "integrity lost")                                                                            \
    X(float, delivered, "1", "damage done to others")                                                                  \
    X(float, attacked, "min", "time under attack")                                                                     \
    X(uint32_t, id, "1", "number of the cell, never used again")                                                       \
    X(uint32_t, target, "1", "slot of the cell it attacks, or COLEY_NO_CELL")                                          \
    X(uint8_t, type, "1", "index of its type")                                                                         \
    X(uint8_t, phase, "1", "of the cycle, or of dying")                                                                \
    X(uint8_t, death, "1", "0 alive, 1 apoptotic, 2 necrotic")                                                         \
    X(uint8_t, mark, "1", "COLEY_MARK_...")

enum { COLEY_ALIVE, COLEY_APOPTOTIC, COLEY_NECROTIC };
enum { COLEY_MARK_GONE = 1, COLEY_MARK_DIVIDES = 2, COLEY_MARK_FIXED = 4, COLEY_MARK_SPRING = 8 };

typedef struct coley_cell_columns {
    coley_arena *arena; /* owned; a new one each time the columns grow */
    size_t n, cap;
#define COLEY_CELL_MEMBER(type, name, unit, doc) type *name;
    COLEY_CELL_COLUMNS(COLEY_CELL_MEMBER)
#undef COLEY_CELL_MEMBER
    size_t n_varying, n_internal;
    float **varying;  /* [n_varying][cap] */
    float **internal; /* [n_internal][cap] substrate inside the cell, where that is tracked */
} coley_cell_columns;

/* No cells yet. False when there is no memory. */
bool coley_cell_columns_init(coley_cell_columns *cells, size_t n_varying, size_t n_internal);
void coley_cell_columns_clear(coley_cell_columns *cells);

/* Room for n cells; false when there is no memory, and then nothing has changed. */
bool coley_cell_columns_reserve(coley_cell_columns *cells, size_t n);

/* Bytes that one cell takes in all columns. */
size_t coley_cell_columns_bytes(const coley_cell_columns *cells);

/* Slot i becomes what slot from[i] was, for i < n; scratch: room for n of 4 bytes. `target` is not renumbered. */
void coley_cell_columns_permute(coley_cell_columns *cells, const uint32_t *from, size_t n, void *scratch);

/* Slot `to` becomes a copy of slot `from`. */
void coley_cell_columns_copy(coley_cell_columns *cells, size_t to, size_t from);

static inline float coley_cell_volume(const coley_cell_columns *c, size_t i)
{
    return c->fluid[i] + c->nuclear_solid[i] + c->cytoplasm_solid[i];
}

#endif
