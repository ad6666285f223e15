/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sources.c -- what the cells give to and take from the fields, gathered by voxel.
 *
 * With v = V / W the share of the voxel that a cell fills, a split step of dt takes u to (u + dt v S T) / (1 + dt v (S
 * + U))
 * + dt E / W, cell after cell; all cells of a voxel together are one affine map, which holds until a cell moves on or
 * changes. */
#include <string.h>

#include "tissue/tissue_parts.h"

void coley_sources_clear(sources *s)
{
    coley_arena_destroy(s->arena);
    *s = (sources){0};
}

static bool reserve(coley_tissue *t)
{
    sources *s = &t->sources;
    const size_t n_cells = t->cells.n, n_substrates = t->model->n_substrates;
    const coley_grid *g = coley_fields_grid(t->fields);
    if (s->arena && n_cells <= s->cap_cells) return true;
    coley_arena *arena = coley_arena_create();
    if (!arena) return false;
    const size_t cap_cells = n_cells + n_cells / 4 + 16;
    const size_t voxels = g->n[0] * g->n[1] * g->n[2], cap = cap_cells < voxels ? cap_cells : voxels;
    sources grown = {.arena = arena, .cap = cap, .cap_cells = cap_cells};
    bool ok = (grown.stamp = COLEY_NEW(arena, uint32_t, g->total)) &&
              (grown.place_of = COLEY_NEW(arena, uint32_t, g->total)) &&
              (grown.voxel = COLEY_NEW(arena, uint32_t, cap)) &&
              (grown.sorted_place = COLEY_NEW(arena, uint32_t, cap)) &&
              (grown.plane = COLEY_NEW(arena, uint32_t, g->n[2] + 2)) &&
              (grown.voxel_of_cell = COLEY_NEW(arena, uint32_t, cap_cells)) &&
              (grown.cells = COLEY_NEW(arena, coley_field_cells, n_substrates));
    for (size_t k = 0; ok && k < n_substrates; k++) {
        ok = (grown.cells[k].alpha = COLEY_NEW(arena, float, cap)) &&
             (grown.cells[k].beta = COLEY_NEW(arena, float, cap));
        grown.cells[k].voxel = grown.voxel;
        grown.cells[k].plane = grown.plane;
    }
    if (!ok) {
        coley_arena_destroy(arena);
        return false;
    }
    coley_arena_destroy(s->arena);
    *s = grown;
    return true;
}

/* The voxels that hold reacting cells, plane by plane, and for each cell its place in that list. */
static void find_voxels(coley_tissue *t)
{
    sources *s = &t->sources;
    const coley_cell_columns *c = &t->cells;
    const coley_grid *g = coley_fields_grid(t->fields);
    s->round++;
    s->n = 0;
    memset(s->plane, 0, (g->n[2] + 2) * sizeof *s->plane);
    for (size_t i = 0; i < c->n; i++) {
        s->voxel_of_cell[i] = UINT32_MAX;
        if (is_gone(c, i) || !t->trait[c->type[i]].reacts) continue;
        const uint32_t v = (uint32_t)coley_grid_at(g, c->x[i], c->y[i], c->z[i]);
        if (s->stamp[v] != s->round) {
            s->stamp[v] = s->round;
            s->place_of[v] = (uint32_t)s->n;
            s->sorted_place[s->n++] = v; /* for now the voxel itself */
            s->plane[v / g->plane + 2]++;
        }
        s->voxel_of_cell[i] = v;
    }
    for (size_t z = 0; z < g->n[2]; z++) s->plane[z + 2] += s->plane[z + 1];
    for (size_t k = 0; k < s->n; k++) {
        const uint32_t v = s->sorted_place[k], at = s->plane[v / g->plane + 1]++;
        s->voxel[at] = v;
        s->place_of[v] = at;
    }
    for (size_t i = 0; i < c->n; i++)
        if (s->voxel_of_cell[i] != UINT32_MAX) s->voxel_of_cell[i] = s->place_of[s->voxel_of_cell[i]];
}

static void gather_substrate(coley_tissue *t, size_t k)
{
    sources *s = &t->sources;
    const coley_cell_columns *c = &t->cells;
    const coley_behaviours *b = &t->model->b;
    const float per_voxel = 1 / coley_fields_grid(t->fields)->volume, dt = t->field_min;
    const bool split = t->options.scheme == COLEY_FIELD_SPLIT;
    coley_field_cells *f = &s->cells[k];
    f->n = s->n;
    f->any = false;
    for (size_t j = 0; j < s->n; j++) {
        f->alpha[j] = split ? 1 : 0;
        f->beta[j] = 0;
    }
    for (size_t i = 0; i < c->n; i++) {
        const uint32_t at = s->voxel_of_cell[i];
        if (at == UINT32_MAX) continue;
        const float S = secreted(t, i, b->secretion + (int)k), U = taken_up(t, i, b->uptake + (int)k),
                    E = secreted(t, i, b->export_rate + (int)k) * per_voxel;
        if (S == 0 && U == 0 && E == 0) continue;
        const float share = coley_cell_volume(c, i) * per_voxel, T = behaviour_of(t, i, b->secretion_target + (int)k);
        f->any = true;
        if (split) {
            const float per = 1 / (1 + dt * share * (S + U));
            f->alpha[at] *= per;
            f->beta[at] = (f->beta[at] + dt * share * S * T) * per + dt * E;
        } else {
            f->alpha[at] += share * (S + U);
            f->beta[at] += share * S * T + E;
        }
    }
}

bool coley_sources_gather(coley_tissue *t)
{
    if (!reserve(t)) return false;
    find_voxels(t);
    const size_t n = t->model->n_substrates;
#pragma omp parallel for schedule(static, 1) num_threads(threads_for(t))
    for (size_t k = 0; k < n; k++) gather_substrate(t, k);
    return true;
}

/* What crossed each cell's membrane in a step that has just been taken: the affine map undone cell by cell would cost
 * as much as doing it, so the inflow is worked out at the voxel's value after the step. */
void coley_sources_apply_tracked(coley_tissue *t, float step_min)
{
    coley_cell_columns *c = &t->cells;
    const coley_behaviours *b = &t->model->b;
    const coley_grid *g = coley_fields_grid(t->fields);
    for (size_t k = 0; k < c->n_internal; k++) {
        const float *u = coley_fields_values(t->fields, k);
#pragma omp parallel for schedule(static) num_threads(threads_for(t))
        for (size_t i = 0; i < c->n; i++) {
            if (is_gone(c, i) || !t->trait[c->type[i]].reacts) continue;
            const float S = secreted(t, i, b->secretion + (int)k), U = taken_up(t, i, b->uptake + (int)k),
                        E = secreted(t, i, b->export_rate + (int)k);
            if (S == 0 && U == 0 && E == 0) continue;
            const float at = u[coley_grid_at(g, c->x[i], c->y[i], c->z[i])];
            const float T = behaviour_of(t, i, b->secretion_target + (int)k);
            c->internal[k][i] += step_min * (coley_cell_volume(c, i) * (U * at - S * (T - at)) - E);
        }
    }
}
