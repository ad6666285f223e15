/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forces.h -- cells sorted into bins of space, and the forces between those that touch. */
#ifndef COLEY_TISSUE_FORCES_H
#define COLEY_TISSUE_FORCES_H

#include <stddef.h>
#include <stdint.h>

/* Bins are never wider than this [um]: a pair farther apart than one bin never acts on each other, as in PhysiCell with
 * its mechanics voxels of 30 um. */
#define COLEY_BIN_WIDEST_UM 30.0f

/* 1 / (12 (1 - sqrt(pi / (2 sqrt 3)))^2): the pressure of twelve neighbours in closest packing is 1. */
#define COLEY_PRESSURE_PER (1 / 0.027288820670331f)

typedef struct coley_bins {
    uint32_t n[3];
    float low[3], per[3]; /* um, 1/um */
    const uint32_t *start; /* [bins + 1], x fastest */
} coley_bins;

/* The bin of a point along an axis, clamped into the domain. */
static inline uint32_t coley_bin_of(const coley_bins *bins, int axis, float at)
{
    const float s = (at - bins->low[axis]) * bins->per[axis];
    if (!(s > 0)) return 0;
    const uint32_t i = s < 4e9f ? (uint32_t)s : UINT32_MAX;
    return i < bins->n[axis] ? i : bins->n[axis] - 1;
}

/* The places in the sorted order of all cells in the bin of a point and those around it. */
typedef struct coley_bin_rows {
    int n;
    size_t begin[9], end[9];
} coley_bin_rows;

static inline void coley_bins_near(const coley_bins *bins, float x, float y, float z, coley_bin_rows *rows)
{
    const uint32_t at[3] = {coley_bin_of(bins, 0, x), coley_bin_of(bins, 1, y), coley_bin_of(bins, 2, z)};
    uint32_t low[3], high[3];
    for (int a = 0; a < 3; a++) {
        low[a] = at[a] ? at[a] - 1 : 0;
        high[a] = at[a] + 1 < bins->n[a] ? at[a] + 1 : at[a];
    }
    rows->n = 0;
    for (uint32_t k = low[2]; k <= high[2]; k++)
        for (uint32_t j = low[1]; j <= high[1]; j++) {
            const uint32_t *row = bins->start + ((size_t)k * bins->n[1] + j) * bins->n[0];
            rows->begin[rows->n] = row[low[0]];
            rows->end[rows->n] = row[high[0] + 1];
            if (rows->end[rows->n] > rows->begin[rows->n]) rows->n++;
        }
}

/* Sorted columns; eight more numbers than cells may be read. repulsion and adhesion are square roots of the cells'
 * strengths; affinity[i][j] = sqrt(f_ij f_ji), NULL: 1. */
typedef struct coley_force_view {
    const coley_bins *bins;
    const float *x, *y, *z, *radius, *reach, *repulsion, *adhesion;
    const uint8_t *type;
    const float *affinity;
    size_t n_types;
    float *vx, *vy, *vz, *pressure; /* out */
} coley_force_view;

typedef void (*coley_force_kernel)(const coley_force_view *view, size_t first, size_t last);

extern const coley_force_kernel coley_force_kernel_portable, coley_force_kernel_avx2, coley_force_kernel_avx512;

/* The best kernel of this processor. */
coley_force_kernel coley_force_kernel_best(void);

/* The same pair by pair in doubles, for tests. */
void coley_forces_naive(const coley_force_view *view, size_t n, double *vx, double *vy, double *vz, double *pressure);

#endif
