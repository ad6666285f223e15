/* SPDX-License-Identifier: GPL-3.0-or-later */
/* little_tissue.h -- a tissue model in a few lines: substrates and types with PhysiCell's defaults. */
#ifndef COLEY_TESTS_LITTLE_TISSUE_H
#define COLEY_TESTS_LITTLE_TISSUE_H

#include "tissue/tissue.h"

typedef struct little_tissue {
    coley_arena *arena;
    coley_tissue_model model;
    coley_substrate *substrate;
    coley_cell_type *type;
    coley_place_cell *placed;
} little_tissue;

/* A box of nx x ny x nz voxels of 20 um around the origin; nz = 1: a plane model. */
static inline little_tissue little_tissue_make(size_t nx, size_t ny, size_t nz, size_t n_substrates, size_t n_types,
                                               size_t n_custom, size_t n_placed)
{
    little_tissue f = {.arena = coley_arena_create(), .model = coley_tissue_model_empty()};
    coley_tissue_model *m = &f.model;
    const size_t n[3] = {nx, ny, nz};
    for (int a = 0; a < 3; a++) {
        m->voxel_um[a] = 20;
        m->low_um[a] = -10.0 * (double)n[a];
        m->high_um[a] = 10.0 * (double)n[a];
    }
    m->path = "fixture";
    m->plane = nz == 1;
    m->end_min = 60;
    f.substrate = COLEY_NEW(f.arena, coley_substrate, n_substrates);
    f.type = COLEY_NEW(f.arena, coley_cell_type, n_types);
    f.placed = COLEY_NEW(f.arena, coley_place_cell, n_placed);
    m->b = coley_behaviours_number(n_substrates, n_types, n_custom);
    m->s = coley_signals_number(n_substrates, n_types, n_custom);
    m->base = COLEY_NEW(f.arena, double, n_types *(size_t)m->b.count);
    coley_custom *custom = COLEY_NEW(f.arena, coley_custom, n_custom);
    for (size_t k = 0; k < n_custom; k++) custom[k].name = "custom";
    for (size_t k = 0; k < n_substrates; k++)
        f.substrate[k] =
            (coley_substrate){.name = "substance", .unit = "1", .diffusion_um2_per_min = 1000, .decay_per_min = 0.1};
    for (size_t k = 0; k < n_types; k++) {
        f.type[k] = coley_cell_type_default(&m->b, n_types, m->base + k * (size_t)m->b.count);
        f.type[k].name = k ? "other" : "cell";
        f.type[k].cycle = COLEY_CYCLE_LIVE;
    }
    m->n_substrates = n_substrates;
    m->substrate = f.substrate;
    m->n_types = n_types;
    m->type = f.type;
    m->n_custom = n_custom;
    m->custom = custom;
    m->n_placed = n_placed;
    m->placed = f.placed;
    return f;
}

/* A behaviour of a type. */
static inline double *little_tissue_base(little_tissue *f, int type, int behaviour)
{
    return &f->model.base[(size_t)type * (size_t)f->model.b.count + (size_t)behaviour];
}

/* A type that neither divides, dies nor moves by itself. */
static inline void little_tissue_rest(little_tissue *f, int type)
{
    const coley_behaviours *b = &f->model.b;
    for (int k = 0; k < COLEY_TISSUE_PHASES_MAX; k++) *little_tissue_base(f, type, b->cycle_exit + k) = 0;
    *little_tissue_base(f, type, b->apoptosis) = 0;
    *little_tissue_base(f, type, b->necrosis) = 0;
    f->type[type].motile = false;
}

static inline void little_tissue_clear(little_tissue *f)
{
    coley_arena_destroy(f->arena);
}

#endif
