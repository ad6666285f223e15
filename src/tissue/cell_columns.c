/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_columns.c -- growing, sorting and copying the columns of cell_columns.h. */
#include "tissue/cell_columns.h"

#include <string.h>

bool coley_cell_columns_init(coley_cell_columns *cells, size_t n_varying, size_t n_internal)
{
    *cells = (coley_cell_columns){.n_varying = n_varying, .n_internal = n_internal};
    return coley_cell_columns_reserve(cells, 64);
}

void coley_cell_columns_clear(coley_cell_columns *cells)
{
    coley_arena_destroy(cells->arena);
    *cells = (coley_cell_columns){0};
}

size_t coley_cell_columns_bytes(const coley_cell_columns *cells)
{
    size_t bytes = (cells->n_varying + cells->n_internal) * sizeof(float);
#define ADD_BYTES(type, name, unit, doc) bytes += sizeof(type);
    COLEY_CELL_COLUMNS(ADD_BYTES)
#undef ADD_BYTES
    return bytes;
}

static bool copy_columns(coley_arena *arena, float **from, float ***to, size_t n_columns, size_t n, size_t cap)
{
    *to = COLEY_NEW(arena, float *, n_columns);
    if (!*to) return false;
    for (size_t k = 0; k < n_columns; k++) {
        if (!((*to)[k] = COLEY_NEW(arena, float, cap))) return false;
        if (n) memcpy((*to)[k], from[k], n * sizeof(float));
    }
    return true;
}

bool coley_cell_columns_reserve(coley_cell_columns *cells, size_t n)
{
    if (n <= cells->cap) return true;
    size_t cap = cells->cap + cells->cap / 4;
    if (cap < n) cap = n;
    cap = (cap + 15) / 16 * 16;
    coley_arena *arena = coley_arena_create();
    if (!arena) return false;
    coley_cell_columns grown = *cells;
    grown.arena = arena;
    grown.cap = cap;
    bool ok = true;
#define GROW(type_, name, unit, doc)                                                                                   \
    ok = ok && (grown.name = COLEY_NEW(arena, type_, cap)) != NULL;                                                    \
    if (ok && cells->n) memcpy(grown.name, cells->name, cells->n * sizeof(type_));
    COLEY_CELL_COLUMNS(GROW)
#undef GROW
    ok = ok && copy_columns(arena, cells->varying, &grown.varying, cells->n_varying, cells->n, cap) &&
         copy_columns(arena, cells->internal, &grown.internal, cells->n_internal, cells->n, cap);
    if (!ok) {
        coley_arena_destroy(arena);
        return false;
    }
    coley_arena_destroy(cells->arena);
    *cells = grown;
    return true;
}

static void permute_4(void *column, const uint32_t *from, size_t n, void *scratch)
{
    uint32_t *to = scratch;
    const uint32_t *old = column;
    for (size_t i = 0; i < n; i++) to[i] = old[from[i]];
    memcpy(column, to, n * sizeof *to);
}

static void permute_1(void *column, const uint32_t *from, size_t n, void *scratch)
{
    uint8_t *to = scratch;
    const uint8_t *old = column;
    for (size_t i = 0; i < n; i++) to[i] = old[from[i]];
    memcpy(column, to, n);
}

void coley_cell_columns_permute(coley_cell_columns *cells, const uint32_t *from, size_t n, void *scratch)
{
#define PERMUTE(type_, name, unit, doc)                                                                                \
    if (sizeof(type_) == 4)                                                                                            \
        permute_4(cells->name, from, n, scratch);                                                                      \
    else                                                                                                               \
        permute_1(cells->name, from, n, scratch);
    COLEY_CELL_COLUMNS(PERMUTE)
#undef PERMUTE
    for (size_t k = 0; k < cells->n_varying; k++) permute_4(cells->varying[k], from, n, scratch);
    for (size_t k = 0; k < cells->n_internal; k++) permute_4(cells->internal[k], from, n, scratch);
    cells->n = n;
}

void coley_cell_columns_copy(coley_cell_columns *cells, size_t to, size_t from)
{
#define COPY(type_, name, unit, doc) cells->name[to] = cells->name[from];
    COLEY_CELL_COLUMNS(COPY)
#undef COPY
    for (size_t k = 0; k < cells->n_varying; k++) cells->varying[k][to] = cells->varying[k][from];
    for (size_t k = 0; k < cells->n_internal; k++) cells->internal[k][to] = cells->internal[k][from];
}
