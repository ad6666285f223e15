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
              (grown.plane = COLEY_NEW(arena, uint32_t, g->n[2] + 1)) &&
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

/* The voxel of each reacting cell; those voxels and their planes get the mark of this round. */
static void mark_voxels(coley_tissue *t)
{
    sources *s = &t->sources;
    const coley_cell_columns *c = &t->cells;
    const coley_grid *g = coley_fields_grid(t->fields);
    s->round++;
    memset(s->plane, 0, (g->n[2] + 1) * sizeof *s->plane);
#pragma omp parallel for schedule(static) num_threads(threads_for(t))
    for (size_t i = 0; i < c->n; i++) {
        s->voxel_of_cell[i] = UINT32_MAX;
        if (is_gone(c, i) || !t->trait[c->type[i]].reacts) continue;
        const uint32_t v = (uint32_t)coley_grid_at(g, c->x[i], c->y[i], c->z[i]);
        s->voxel_of_cell[i] = v;
#pragma omp atomic write
        s->stamp[v] = s->round;
#pragma omp atomic write
        s->plane[coley_grid_along(g, 2, c->z[i]) + 1] = 1;
    }
}

/* The marked voxels, plane by plane. */
static void list_voxels(coley_tissue *t)
{
    sources *s = &t->sources;
    const coley_grid *g = coley_fields_grid(t->fields);
    const uint32_t round = s->round;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads_for(t))
    for (size_t z = 0; z < g->n[2]; z++) {
        if (!s->plane[z + 1]) continue;
        const uint32_t *stamp = s->stamp + z * g->plane;
        uint32_t n = 0;
        for (size_t v = 0; v < g->plane; v++) n += stamp[v] == round;
        s->plane[z + 1] = n;
    }
    for (size_t z = 0; z < g->n[2]; z++) s->plane[z + 1] += s->plane[z];
    s->n = s->plane[g->n[2]];
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads_for(t))
    for (size_t z = 0; z < g->n[2]; z++) {
        uint32_t at = s->plane[z];
        if (at == s->plane[z + 1]) continue;
        for (size_t v = z * g->plane; v < (z + 1) * g->plane; v++) {
            if (s->stamp[v] != round) continue;
            s->voxel[at] = (uint32_t)v;
            s->place_of[v] = at++;
        }
    }
}

/* One substrate, planes [first, last): the sums of a voxel are taken in the order of the cells. */
static void gather_substrate(coley_tissue *t, size_t k, size_t first, size_t last)
{
    sources *s = &t->sources;
    const coley_cell_columns *c = &t->cells;
    const coley_behaviours *b = &t->model->b;
    const coley_grid *g = coley_fields_grid(t->fields);
    const float per_voxel = 1 / g->volume, dt = t->field_min;
    const bool split = t->options.scheme == COLEY_FIELD_SPLIT;
    const uint32_t low = (uint32_t)(first * g->plane), high = (uint32_t)(last * g->plane);
    const uint8_t *does = t->exchange + k * t->model->n_types;
    coley_field_cells *f = &s->cells[k];
    for (uint32_t j = s->plane[first]; j < s->plane[last]; j++) {
        f->alpha[j] = split ? 1 : 0;
        f->beta[j] = 0;
    }
    if (!f->any) return;
    for (size_t i = 0; i < c->n; i++) {
        const uint32_t v = s->voxel_of_cell[i];
        if (v - low >= high - low) continue;
        const uint8_t what = does[c->type[i]];
        if (!what) continue;
        const float S = what & SECRETES ? secreted(t, i, b->secretion + (int)k) : 0,
                    U = what & TAKES_UP ? taken_up(t, i, b->uptake + (int)k) : 0,
                    E = what & EXPORTS ? secreted(t, i, b->export_rate + (int)k) * per_voxel : 0;
        if (S == 0 && U == 0 && E == 0) continue;
        const float share = coley_cell_volume(c, i) * per_voxel,
                    T = what & SECRETES ? behaviour_of(t, i, b->secretion_target + (int)k) : 0;
        const uint32_t at = s->place_of[v];
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

/* Whether any type exchanges a substrate with its surroundings. */
static bool is_exchanged(const coley_tissue *t, size_t k)
{
    for (size_t j = 0; j < t->model->n_types; j++)
        if (t->exchange[k * t->model->n_types + j]) return true;
    return false;
}

bool coley_sources_gather(coley_tissue *t)
{
    if (!reserve(t)) return false;
    mark_voxels(t);
    list_voxels(t);
    const size_t n = t->model->n_substrates, planes = coley_fields_grid(t->fields)->n[2],
                 threads = (size_t)threads_for(t), parts = threads < planes ? threads : planes;
    for (size_t k = 0; k < n; k++) {
        t->sources.cells[k].n = t->sources.n;
        t->sources.cells[k].any = t->sources.n > 0 && is_exchanged(t, k);
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t j = 0; j < n * parts; j++) {
        const size_t part = j % parts;
        gather_substrate(t, j / parts, planes * part / parts, planes * (part + 1) / parts);
    }
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
