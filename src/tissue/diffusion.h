/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diffusion.h -- the diffusing substances of a tissue on a grid of voxels.
 *
 *     du/dt = D lap u - decay u + supply (target - u) + cells,    cells = sum (V / W) (S (T - u) - U u) + E / W
 *
 * (V, W volume of cell and voxel, S secretion, T its target, U uptake, E net export.) No flux through the walls unless
 * a face or a voxel is held at a value.
 *
 * Two schemes. COLEY_FIELD_SPLIT is that of BioFVM (Ghaffarizadeh 2016, Bioinformatics 32:1256): backward Euler,
 * directions and cells one after the other; with D dt / dx^2 above 1 its steady state next to a cell is wrong.
 * COLEY_FIELD_DELTA (Douglas and Gunn 1964, Numer Math 6:428, in delta form) solves
 *     (1 - t Dx)(1 - t Dy)(1 - t Dz)(1 + t a) delta = t (right side of the equation at u),   u += delta,
 * so that u stands still exactly where the equation's right side is 0, whatever the step. */
#ifndef COLEY_TISSUE_DIFFUSION_H
#define COLEY_TISSUE_DIFFUSION_H

#include "tissue/tissue_model.h"

typedef struct coley_grid {
    size_t n[3];       /* voxels */
    size_t row, plane; /* numbers from one voxel to its neighbour in y and in z; rows are filled up to whole vectors */
    size_t total;      /* numbers of a field */
    float low[3], voxel[3], per_voxel[3], volume; /* um, um, 1/um, um3 */
} coley_grid;

typedef struct coley_field_line {
    size_t n;
    float *m, *b;
} coley_field_line;

typedef struct coley_field_stencil {
    size_t nx, ny, row;
    float centre, gain[3], add;
} coley_field_stencil;

typedef struct coley_field_kernels {
    void (*sweep_x)(float *plane, size_t row, size_t rows, const coley_field_line *line, float *scratch);
    void (*sweep_across)(float *u, size_t row, size_t stride, const coley_field_line *line);
    void (*residual)(float *out, const float *u, const float *below, const float *above, const coley_field_stencil *k);
    void (*add_to)(float *u, const float *change, size_t n);
} coley_field_kernels;

extern const coley_field_kernels coley_field_kernels_portable, coley_field_kernels_avx2, coley_field_kernels_avx512;

/* What the cells do to one substrate, gathered by voxel. Split: u becomes alpha u + beta every step. Delta: alpha is
 * the sum of (V / W)(S + U) [1/min], beta the sum of (V / W) S T + E / W. */
typedef struct coley_field_cells {
    size_t n;
    const uint32_t *voxel; /* place in the field, ordered by plane */
    const uint32_t *plane; /* [n z + 1] where each plane's voxels begin */
    float *alpha, *beta;
    bool any;
} coley_field_cells;

typedef enum coley_field_scheme { COLEY_FIELD_DELTA, COLEY_FIELD_SPLIT } coley_field_scheme;

typedef struct coley_fields coley_fields;

/* Fields of the model at their initial values, owned by the arena; steps take at most n_threads. */
COLEY_MUST_CHECK coley_status coley_fields_create(coley_arena *arena, const coley_tissue_model *model,
                                                  coley_field_scheme scheme, int n_threads, coley_fields **fields,
                                                  coley_error *err);

const coley_grid *coley_fields_grid(const coley_fields *fields);
float *coley_fields_values(coley_fields *fields, size_t substrate);
size_t coley_fields_bytes(const coley_fields *fields);

/* Number of the voxel that holds a point, along one axis, clamped into the domain. */
static inline size_t coley_grid_along(const coley_grid *g, int axis, float at)
{
    const float s = (at - g->low[axis]) * g->per_voxel[axis];
    const size_t i = s > 0 ? (size_t)s : 0;
    return i < g->n[axis] ? i : g->n[axis] - 1;
}

/* Place of the voxel that holds a point, clamped into the domain. */
static inline size_t coley_grid_at(const coley_grid *g, float x, float y, float z)
{
    return coley_grid_along(g, 2, z) * g->plane + coley_grid_along(g, 1, y) * g->row + coley_grid_along(g, 0, x);
}

/* Central difference at the voxel that holds a point, one-sided at walls [1/um]. */
void coley_fields_gradient(const coley_fields *fields, size_t substrate, const float at_um[3], float gradient[3]);

/* One step of `step_min` for every substrate. Split: diffusion, then the cells' affine map. Delta: see diffusion.c.
 * cells: [n_substrates]. */
void coley_fields_step(coley_fields *fields, float step_min, const coley_field_cells *cells, int n_threads);

/* The split scheme written plainly, in doubles, for tests: one substrate, one step, no cells; back: room for as
 * many numbers as the longest side has voxels. */
void coley_fields_split_naive(const coley_fields *fields, size_t substrate, double step_min, double *u, double *back);

#endif
