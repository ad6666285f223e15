/* SPDX-License-Identifier: GPL-3.0-or-later */
/* force_kernel.h -- what a cell feels from those near it, compiled for each instruction set.
 *
 * Macklin 2012 (J Theor Biol 301:122), as PhysiCell 1.14 has it: for two cells a distance d apart, R the sum of their
 * radii and S that of their reaches,
 *     velocity += (repulsion (1 - d/R)^2 [d < R] - adhesion (1 - d/S)^2 [d < S]) (x_i - x_j) / d
 *     pressure += (1 - d/R)^2 [d < R] / scale
 * with repulsion = sqrt(r_i r_j) and adhesion = sqrt(a_i f_ij a_j f_ji), f the affinities of the types.
 *
 * The cells stand sorted by bin, bins with x running fastest: those near a cell are then three rows (nine in 3D) of
 * neighbours in memory, and a vector takes eight of a row at a time. */
#include <math.h>

#include "tissue/float_lanes.h"
#include "tissue/forces.h"

static const float nearest = 1e-5f; /* um: cells closer than that count as that far apart */

typedef struct felt {
    floats x, y, z, pressure;
} felt;

static inline void feel_row(felt *sum, const coley_force_view *v, size_t begin, size_t end, uint32_t self, floats x,
                            floats y, floats z, floats radius, floats reach, floats repulsion, floats adhesion,
                            const float *affinity)
{
    const ints lane = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t j = begin; j < end; j += FLOATS) {
        const floats dx = x - floats_load_anywhere(v->x + j), dy = y - floats_load_anywhere(v->y + j),
                     dz = z - floats_load_anywhere(v->z + j);
        const floats d2 = dx * dx + dy * dy + dz * dz;
        const floats R = radius + floats_load_anywhere(v->radius + j), S = reach + floats_load_anywhere(v->reach + j);
        const floats widest = floats_pick((ints)(R > S), R, S);
        const ints number = lane + (int32_t)(j - begin);
        const ints in = (ints)(d2 < widest * widest) & (ints)(number < (int32_t)(end - begin)) &
                        (ints)(number != (int32_t)(self - begin));
        if (!ints_any(in)) continue;
        const floats root = floats_root(d2);
        const floats d = floats_pick((ints)(root > floats_all(nearest)), root, floats_all(nearest));
        const floats one = floats_all(1) / (d * R * S);
        const floats near_r = floats_all(1) - d * d * S * one, near_s = floats_all(1) - d * d * R * one;
        const floats push = floats_keep(in & (ints)(near_r > floats_all(0)), near_r * near_r);
        const floats pull = floats_keep(in & (ints)(near_s > floats_all(0)), near_s * near_s);
        floats a = adhesion * floats_load_anywhere(v->adhesion + j);
        if (affinity) {
#if defined(__AVX2__)
            const __m256i types = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)(v->type + j)));
            a *= (floats)_mm256_i32gather_ps(affinity, types, 4);
#else
            for (int l = 0; l < FLOATS; l++) a[l] *= affinity[v->type[j + (size_t)l]];
#endif
        }
        const floats f = (push * (repulsion * floats_load_anywhere(v->repulsion + j)) - pull * a) * (R * S * one);
        sum->x += f * dx;
        sum->y += f * dy;
        sum->z += f * dz;
        sum->pressure += push;
    }
}

/* Cells [first, last) of the sorted order. */
static void feel(const coley_force_view *v, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        felt sum = {floats_all(0), floats_all(0), floats_all(0), floats_all(0)};
        const floats x = floats_all(v->x[i]), y = floats_all(v->y[i]), z = floats_all(v->z[i]),
                     radius = floats_all(v->radius[i]), reach = floats_all(v->reach[i]),
                     repulsion = floats_all(v->repulsion[i]), adhesion = floats_all(v->adhesion[i]);
        const float *affinity = v->affinity ? v->affinity + v->type[i] * v->n_types : NULL;
        coley_bin_rows rows;
        coley_bins_near(v->bins, v->x[i], v->y[i], v->z[i], &rows);
        for (int r = 0; r < rows.n; r++)
            feel_row(&sum, v, rows.begin[r], rows.end[r], (uint32_t)i, x, y, z, radius, reach, repulsion, adhesion,
                     affinity);
        v->vx[i] = floats_sum(sum.x);
        v->vy[i] = floats_sum(sum.y);
        v->vz[i] = floats_sum(sum.z);
        v->pressure[i] = floats_sum(sum.pressure) * COLEY_PRESSURE_PER;
    }
}

const coley_force_kernel COLEY_FORCE_KERNEL = feel;
