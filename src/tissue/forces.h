/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forces.h -- cells sorted into bins of space, and the forces between those that touch. */
#ifndef COLEY_TISSUE_FORCES_H
#define COLEY_TISSUE_FORCES_H

#include <stddef.h>
#include <stdint.h>

/* 1 / (12 (1 - sqrt(pi / (2 sqrt 3)))^2): the pressure of twelve neighbours in closest packing is 1. */
#define COLEY_PRESSURE_PER (1 / 0.027288820670331f)

typedef struct coley_bins {
    uint32_t n[3];
    float low[3], per[3];  /* um, 1/um */
    float widest;          /* the longest reach of all cells [um] */
    const uint32_t *start; /* [bins + 1], x fastest */
} coley_bins;

/* The bin of a point along an axis, clamped into the domain. */
static inline uint32_t coley_bin_of(const coley_bins *bins, int axis, float at)
{
    const float s = (at - bins->low[axis]) * bins->per[axis];
    if (!(s > 0)) return 0;
    const float last = (float)(bins->n[axis] - 1);
    return s < last ? (uint32_t)s : (uint32_t)last;
}

/* Row after row, the places in the sorted order of all cells that may be within `range` of a point. */
typedef struct coley_bin_rows {
    const coley_bins *bins;
    uint32_t low[3], high[3], y, z;
    size_t begin, end; /* the row in hand */
} coley_bin_rows;

static inline void coley_bins_near(const coley_bins *bins, float x, float y, float z, float range, coley_bin_rows *rows)
{
    const float at[3] = {x, y, z};
    rows->bins = bins;
    for (int a = 0; a < 3; a++) {
        rows->low[a] = coley_bin_of(bins, a, at[a] - range);
        rows->high[a] = coley_bin_of(bins, a, at[a] + range);
    }
    rows->y = rows->low[1];
    rows->z = rows->low[2];
}

static inline int coley_bin_rows_next(coley_bin_rows *r)
{
    if (r->z > r->high[2]) return 0;
    const coley_bins *bins = r->bins;
    const uint32_t *row = bins->start + ((size_t)r->z * bins->n[1] + r->y) * bins->n[0];
    r->begin = row[r->low[0]];
    r->end = row[r->high[0] + 1];
    if (r->y++ == r->high[1]) {
        r->y = r->low[1];
        r->z++;
    }
    return 1;
}

/* Sorted columns; eight more numbers than cells may be read. repulsion and adhesion are square roots of the cells'
 * strengths; affinity[i][j] = sqrt(f_ij f_ji), NULL: 1. */
typedef struct coley_force_view {
    const coley_bins *bins;
    const float *x, *y, *z, *radius, *reach, *span, *repulsion, *adhesion; /* span: the larger of radius and reach */
    int same;    /* every cell has the same repulsion and adhesion, and affinity is NULL */
    float ratio; /* reach / radius where that is one number for all cells; else 0 */
    const uint8_t *type;
    const float *affinity;
    size_t n_types;
    const uint64_t *order; /* [256] of coley_lane_orders */
    float *vx, *vy, *vz;   /* out, by place */
    float *pressure;       /* out, by slot[place] */
    const uint32_t *slot;
} coley_force_view;

typedef struct coley_force_kernels {
    /* Velocities and pressures of the cells at places [first, last). */
    void (*feel)(const coley_force_view *view, size_t first, size_t last);
    /* The places whose cells touch that of place i (nearer than the sum of reaches), in order; at most `room`. */
    size_t (*touching)(const coley_force_view *view, size_t i, uint32_t *place, size_t room);
} coley_force_kernels;

extern const coley_force_kernels coley_force_kernels_portable, coley_force_kernels_avx2, coley_force_kernels_avx512;

/* The best kernels of this processor. */
const coley_force_kernels *coley_force_kernels_best(void);

/* For each set of eight bits, the lanes whose bits are set from the first on, one byte a lane. */
void coley_lane_orders(uint64_t order[256]);

/* The same pair by pair in doubles, for tests. */
void coley_forces_naive(const coley_force_view *view, size_t n, double *vx, double *vy, double *vz, double *pressure);

#endif
