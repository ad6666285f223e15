/* SPDX-License-Identifier: GPL-3.0-or-later */
/* neighbours.c -- cells sorted into bins (a counting sort) and the columns of forces.h in that order. */
#include <math.h>
#include <string.h>

#include "tissue/tissue_parts.h"

enum { SPARE = 16 }; /* numbers past the end that a vector may read */

/* Wider bins than this hold too many cells that are not in range. */
static const float bin_widest_um = 24;

void coley_neighbours_clear(neighbours *near)
{
    coley_arena_destroy(near->arena);
    *near = (neighbours){0};
}

bool coley_neighbours_reserve(neighbours *near, size_t n, size_t n_bins)
{
    if (n <= near->cap && n_bins <= near->cap_bins) return true;
    coley_arena *arena = coley_arena_create();
    if (!arena) return false;
    const size_t cap = n <= near->cap ? near->cap : n + n / 4,
                 cap_bins = n_bins <= near->cap_bins ? near->cap_bins : n_bins;
    neighbours grown = {.arena = arena, .cap = cap, .cap_bins = cap_bins};
    bool ok = (grown.bin_start = COLEY_NEW(arena, uint32_t, cap_bins + 1)) != NULL;
    ok = ok && (grown.slot = COLEY_NEW(arena, uint32_t, cap)) && (grown.bin_of = COLEY_NEW(arena, uint32_t, cap));
    ok = ok && (grown.type = COLEY_NEW(arena, uint8_t, cap + SPARE)) &&
         (grown.death = COLEY_NEW(arena, uint8_t, cap + SPARE));
    float **column[] = {&grown.x,         &grown.y,        &grown.z,  &grown.radius, &grown.reach, &grown.span,
                        &grown.repulsion, &grown.adhesion, &grown.vx, &grown.vy,     &grown.vz};
    for (size_t k = 0; k < sizeof column / sizeof *column; k++)
        ok = ok && (*column[k] = COLEY_NEW(arena, float, cap + SPARE)) != NULL;
    if (!ok) {
        coley_arena_destroy(arena);
        return false;
    }
    coley_arena_destroy(near->arena);
    *near = grown;
    near->bins.start = near->bin_start;
    return true;
}

static float reach_of(const coley_tissue *t, size_t i)
{
    return t->cells.radius[i] * behaviour_of(t, i, t->model->b.reach);
}

static float widest_reach(const coley_tissue *t)
{
    float widest = 0;
    const size_t n = t->cells.n;
#pragma omp parallel for schedule(static) reduction(max : widest) num_threads(threads_for(t))
    for (size_t i = 0; i < n; i++) {
        const float reach = reach_of(t, i), radius = t->cells.radius[i], longer = reach > radius ? reach : radius;
        if (longer > widest) widest = longer;
    }
    return widest;
}

/* Bins: along y and z as wide as two usual cells reach, along x a third of that, so that a row holds little more than
 * what is in range. */
static size_t lay_bins(const coley_tissue *t, coley_bins *bins)
{
    const coley_grid *g = coley_fields_grid(t->fields);
    bins->widest = widest_reach(t);
    float width = 2 * bins->widest;
    if (!(width < bin_widest_um)) width = bin_widest_um;
    if (width < 1) width = 1;
    size_t n_bins = 0;
    do {
        n_bins = 1;
        for (int a = 0; a < 3; a++) {
            const float size = g->voxel[a] * (float)g->n[a];
            const double fit = floor(size / (a == 0 ? width / 3 : width));
            bins->n[a] = t->model->plane && a == 2 ? 1 : fit < 1 ? 1 : fit > 65535 ? 65535 : (uint32_t)fit;
            bins->low[a] = g->low[a];
            bins->per[a] = (float)bins->n[a] / size;
            n_bins *= bins->n[a];
        }
        width *= 1.25f;
    } while (n_bins > 4 * t->cells.n + 4096); /* few cells in a large domain: not more bins than it pays to clear */
    return n_bins;
}

coley_force_view coley_neighbours_view(coley_tissue *t)
{
    neighbours *near = &t->near;
    return (coley_force_view){.bins = &near->bins,
                              .x = near->x,
                              .y = near->y,
                              .z = near->z,
                              .radius = near->radius,
                              .reach = near->reach,
                              .span = near->span,
                              .same = near->same,
                              .ratio = t->ratio,
                              .repulsion = near->repulsion,
                              .adhesion = near->adhesion,
                              .type = near->type,
                              .affinity = t->affinity,
                              .n_types = t->model->n_types,
                              .order = t->lane_order,
                              .vx = near->vx,
                              .vy = near->vy,
                              .vz = near->vz,
                              .pressure = t->cells.pressure,
                              .slot = near->slot};
}

static void copy_in_order(coley_tissue *t)
{
    neighbours *near = &t->near;
    const coley_cell_columns *c = &t->cells;
    const coley_behaviours *b = &t->model->b;
    const uint32_t any = near->n ? near->slot[0] : 0;
    const float repulsion = near->n ? sqrtf(behaviour_of(t, any, b->repulsion)) : 0,
                adhesion = near->n ? sqrtf(behaviour_of(t, any, b->adhesion)) : 0;
    const bool varies[2] = {t->column_of[b->repulsion] >= 0, t->column_of[b->adhesion] >= 0};
    int same = !t->affinity;
#pragma omp parallel for schedule(static) reduction(& : same) num_threads(threads_for(t))
    for (size_t p = 0; p < near->n; p++) {
        const uint32_t i = near->slot[p];
        near->x[p] = c->x[i];
        near->y[p] = c->y[i];
        near->z[p] = c->z[i];
        near->radius[p] = c->radius[i];
        near->reach[p] = reach_of(t, i);
        near->repulsion[p] = varies[0] ? sqrtf(behaviour_of(t, i, b->repulsion)) : t->root[2 * c->type[i]];
        near->adhesion[p] = varies[1] ? sqrtf(behaviour_of(t, i, b->adhesion)) : t->root[2 * c->type[i] + 1];
        near->span[p] = near->radius[p] > near->reach[p] ? near->radius[p] : near->reach[p];
        same &= near->repulsion[p] == repulsion && near->adhesion[p] == adhesion;
        near->type[p] = c->type[i];
        near->death[p] = c->death[i];
    }
    near->same = same;
}

bool coley_neighbours_sort(coley_tissue *t)
{
    neighbours *near = &t->near;
    const coley_cell_columns *c = &t->cells;
    coley_bins bins = {0};
    const size_t n_bins = lay_bins(t, &bins);
    if (!coley_neighbours_reserve(near, c->n, n_bins)) return false;
    near->bins = bins;
    near->bins.start = near->bin_start;
    uint32_t *start = near->bin_start;
    memset(start, 0, (n_bins + 1) * sizeof *start);
#pragma omp parallel for schedule(static) num_threads(threads_for(t))
    for (size_t i = 0; i < c->n; i++) {
        if (is_gone(c, i)) {
            near->bin_of[i] = UINT32_MAX;
            continue;
        }
        const uint32_t x = coley_bin_of(&bins, 0, c->x[i]), y = coley_bin_of(&bins, 1, c->y[i]),
                       z = coley_bin_of(&bins, 2, c->z[i]);
        near->bin_of[i] = (z * bins.n[1] + y) * bins.n[0] + x;
    }
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (near->bin_of[i] == UINT32_MAX) continue;
        start[near->bin_of[i] + 1]++;
        n++;
    }
    near->n = n;
    for (size_t k = 0; k < n_bins; k++) start[k + 1] += start[k];
    for (size_t i = 0; i < c->n; i++)
        if (near->bin_of[i] != UINT32_MAX) near->slot[start[near->bin_of[i]]++] = (uint32_t)i;
    memmove(start + 1, start, n_bins * sizeof *start); /* each start had become the next bin's */
    start[0] = 0;
    copy_in_order(t);
    t->contacts_known = true;
    return true;
}

static bool renumber(coley_tissue *t, const uint32_t *from, size_t n_new, coley_arena *arena)
{
    coley_cell_columns *c = &t->cells;
    uint32_t *new_slot = COLEY_NEW(arena, uint32_t, c->n);
    void *scratch = COLEY_NEW(arena, uint32_t, n_new);
    if (!new_slot || !scratch) return false;
    memset(new_slot, 0xff, c->n * sizeof *new_slot);
    for (size_t i = 0; i < n_new; i++) new_slot[from[i]] = (uint32_t)i;
    coley_cell_columns_permute(c, from, n_new, scratch);
    for (size_t i = 0; i < n_new; i++)
        if (c->target[i] != COLEY_NO_CELL) c->target[i] = new_slot[c->target[i]];
    coley_springs_renumber(t, new_slot);
    t->contacts_known = false;
    return true;
}

bool coley_cells_settle(coley_tissue *t)
{
    coley_cell_columns *c = &t->cells;
    coley_arena *arena = coley_arena_create();
    if (!arena) return false;
    uint32_t *from = COLEY_NEW(arena, uint32_t, c->n);
    bool ok = from != NULL;
    ok = ok && coley_neighbours_sort(t);
    const size_t n = ok ? t->near.n : 0;
    if (ok) memcpy(from, t->near.slot, n * sizeof *from);
    ok = ok && renumber(t, from, n, arena);
    coley_arena_destroy(arena);
    return ok;
}
