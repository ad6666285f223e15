/* SPDX-License-Identifier: GPL-3.0-or-later */
/* force_kernel.h -- what a cell feels from those near it, compiled for each instruction set.
 *
 * Macklin 2012 (J Theor Biol 301:122), as PhysiCell 1.14 has it: for two cells a distance d apart, R the sum of their
 * radii and S that of their reaches,
 *     velocity += (repulsion (1 - d/R)^2 [d < R] - adhesion (1 - d/S)^2 [d < S]) (x_i - x_j) / d
 *     pressure += (1 - d/R)^2 [d < R] / scale
 * with repulsion = sqrt(r_i r_j) and adhesion = sqrt(a_i f_ij a_j f_ji), f the affinities of the types.
 *
 * The cells stand sorted by bin, bins with x running fastest: those that may touch a cell are then a few rows of
 * neighbours in memory, and a vector takes eight of a row at a time. A first look keeps those in range, side by side;
 * the root and the division are then taken for them alone. */
#include <math.h>

#include "tissue/float_lanes.h"
#include "tissue/forces.h"

enum { HITS = 256 };

static const float nearest = 1e-5f; /* um: cells closer than that count as that far apart */

/* What holds for all cells and need not stand in lists. Known where these functions are put in line. */
enum { SAME = 1, RATIO = 2 }; /* repulsion and adhesion; reach / radius */

/* Neighbours in range of one cell, as columns; eight more may be written. */
typedef struct hits {
    size_t n;
    float dx[HITS + 8], dy[HITS + 8], dz[HITS + 8], radius[HITS + 8], reach[HITS + 8], push[HITS + 8], pull[HITS + 8];
} hits;

typedef struct felt {
    floats x, y, z, pressure;
} felt;

static inline __attribute__((always_inline)) floats square_of(floats dx, floats dy, floats dz)
{
    return floats_fused(dx, dx, floats_fused(dy, dy, dz * dz));
}

static inline __attribute__((always_inline)) void evaluate(felt *sum, hits *h, const coley_force_view *v, size_t i,
                                                           int all)
{
    const ints lane = {0, 1, 2, 3, 4, 5, 6, 7};
    const floats radius = floats_all(v->radius[i]), reach = floats_all(v->reach[i]), ratio = floats_all(v->ratio);
    floats push_all = floats_all(0), pull_all = floats_all(0);
    if (all & SAME)
        push_all = floats_all(v->repulsion[i] * v->repulsion[i]),
        pull_all = floats_all(v->adhesion[i] * v->adhesion[i]);
    if (h->n % FLOATS) {
        /* What stands behind the last is multiplied by 0: let it be a number. */
        floats_store_anywhere(h->dx + h->n, floats_all(0));
        floats_store_anywhere(h->dy + h->n, floats_all(0));
        floats_store_anywhere(h->dz + h->n, floats_all(0));
    }
    for (size_t k = 0; k < h->n; k += FLOATS) {
        const ints in = lane < (int32_t)(h->n - k);
        const floats dx = floats_load_anywhere(h->dx + k), dy = floats_load_anywhere(h->dy + k),
                     dz = floats_load_anywhere(h->dz + k);
        const floats R = radius + floats_load_anywhere(h->radius + k),
                     S = all & RATIO ? ratio * R : reach + floats_load_anywhere(h->reach + k);
        const floats root = floats_root(square_of(dx, dy, dz));
        const floats d = floats_pick((ints)(root > floats_all(nearest)), root, floats_all(nearest));
        const floats RS = R * S, one = floats_all(1) / (d * RS), dd = d * d * one;
        const floats near_r = floats_all(1) - dd * S, near_s = floats_all(1) - dd * R;
        const floats push = floats_keep(in & (ints)(near_r > floats_all(0)), near_r * near_r);
        const floats pull = floats_keep(in & (ints)(near_s > floats_all(0)), near_s * near_s);
        const floats r = all & SAME ? push_all : floats_load_anywhere(h->push + k),
                     a = all & SAME ? pull_all : floats_load_anywhere(h->pull + k);
        floats f = (push * r - pull * a) * (RS * one);
        f = floats_keep(in, f);
        sum->x = floats_fused(f, dx, sum->x);
        sum->y = floats_fused(f, dy, sum->y);
        sum->z = floats_fused(f, dz, sum->z);
        sum->pressure += push;
    }
    h->n = 0;
}

/* Of the bits of eight places from j on, those before the end and not the cell's own. */
static inline unsigned others(unsigned bits, size_t j, size_t end, size_t self)
{
    const size_t left = end - j, own = self - j;
    bits &= left < FLOATS ? (1u << left) - 1 : 255u;
    return bits & ~(own < FLOATS ? 1u << own : 0u);
}

static inline void keep(float *column, floats x, ints order)
{
    floats_store_anywhere(column, floats_gathered(x, order));
}

/* Room in the list: what fills whole vectors is evaluated, so that a neighbour's lane does not depend on where the list
 * was cut. */
static __attribute__((noinline)) void make_room(hits *h, felt *sum, const coley_force_view *v, size_t i, int all)
{
    const size_t whole = h->n / FLOATS * FLOATS, rest = h->n - whole;
    h->n = whole;
    evaluate(sum, h, v, i, all);
    float *column[] = {h->dx, h->dy, h->dz, h->radius, h->reach, h->push, h->pull};
    for (int c = 0; c < 7; c++) floats_store_anywhere(column[c], floats_load_anywhere(column[c] + whole));
    h->n = rest;
}

/* Returns how many hits there are now; n: how many there were. */
static inline __attribute__((always_inline)) size_t look(hits *h, size_t n, felt *sum, const coley_force_view *v,
                                                         size_t begin, size_t end, size_t i, floats x, floats y,
                                                         floats z, floats span, int all)
{
    const floats ratio = floats_all(v->ratio > 1 ? v->ratio : 1);
    for (size_t j = begin; j < end; j += FLOATS) {
        const floats dx = x - floats_load_anywhere(v->x + j), dy = y - floats_load_anywhere(v->y + j),
                     dz = z - floats_load_anywhere(v->z + j);
        const floats radius = floats_load_anywhere(v->radius + j);
        floats wide = span;
        if (all & RATIO)
            wide += ratio * radius;
        else
            wide += floats_load_anywhere(v->span + j);
        const unsigned bits = others(ints_bits((ints)(square_of(dx, dy, dz) < wide * wide)), j, end, i);
        if (!bits) continue;
        const ints order = lanes_of_bytes(v->order[bits]);
        keep(h->dx + n, dx, order);
        keep(h->dy + n, dy, order);
        keep(h->dz + n, dz, order);
        keep(h->radius + n, radius, order);
        if (!(all & RATIO)) keep(h->reach + n, floats_load_anywhere(v->reach + j), order);
        if (!(all & SAME)) {
            floats pull = floats_all(v->adhesion[i]) * floats_load_anywhere(v->adhesion + j);
            if (v->affinity)
                for (int l = 0; l < FLOATS; l++)
                    pull[l] *= v->affinity[v->type[i] * v->n_types + v->type[j + (size_t)l]];
            keep(h->push + n, floats_all(v->repulsion[i]) * floats_load_anywhere(v->repulsion + j), order);
            keep(h->pull + n, pull, order);
        }
        n += (size_t)__builtin_popcount(bits);
        if (n > HITS - FLOATS) {
            h->n = n;
            make_room(h, sum, v, i, all);
            n = h->n;
        }
    }
    return n;
}

/* Cells that are looked at before any of them is evaluated: what was stored side by side in small pieces is then in the
 * cache when it is read as whole vectors. */
enum { GROUP = 4 };

static inline __attribute__((always_inline)) void feel_all(const coley_force_view *v, size_t first, size_t last,
                                                           int all)
{
    hits h[GROUP];
    felt sum[GROUP];
    for (size_t from = first; from < last; from += GROUP) {
        const size_t n = last - from < GROUP ? last - from : GROUP;
        for (size_t k = 0; k < n; k++) {
            const size_t i = from + k;
            size_t hit = 0;
            sum[k] = (felt){floats_all(0), floats_all(0), floats_all(0), floats_all(0)};
            const floats x = floats_all(v->x[i]), y = floats_all(v->y[i]), z = floats_all(v->z[i]),
                         span = floats_all(v->span[i]);
            coley_bin_rows rows;
            for (coley_bins_near(v->bins, v->x[i], v->y[i], v->z[i], v->span[i] + v->bins->widest, &rows);
                 coley_bin_rows_next(&rows);)
                hit = look(&h[k], hit, &sum[k], v, rows.begin, rows.end, i, x, y, z, span, all);
            h[k].n = hit;
        }
        for (size_t k = 0; k < n; k++) {
            const size_t i = from + k;
            evaluate(&sum[k], &h[k], v, i, all);
            v->vx[i] = floats_sum(sum[k].x);
            v->vy[i] = floats_sum(sum[k].y);
            v->vz[i] = floats_sum(sum[k].z);
            v->pressure[v->slot[i]] = floats_sum(sum[k].pressure) * COLEY_PRESSURE_PER;
        }
    }
}

/* Cells [first, last) of the sorted order. */
static void feel(const coley_force_view *v, size_t first, size_t last)
{
    if (v->same && v->ratio > 0)
        feel_all(v, first, last, SAME | RATIO);
    else if (v->ratio > 0)
        feel_all(v, first, last, RATIO);
    else
        feel_all(v, first, last, 0);
}

static size_t touching(const coley_force_view *v, size_t i, uint32_t *place, size_t room)
{
    const floats x = floats_all(v->x[i]), y = floats_all(v->y[i]), z = floats_all(v->z[i]),
                 reach = floats_all(v->reach[i]);
    size_t n = 0;
    coley_bin_rows rows;
    for (coley_bins_near(v->bins, v->x[i], v->y[i], v->z[i], v->reach[i] + v->bins->widest, &rows);
         coley_bin_rows_next(&rows);)
        for (size_t j = rows.begin; j < rows.end; j += FLOATS) {
            const floats dx = x - floats_load_anywhere(v->x + j), dy = y - floats_load_anywhere(v->y + j),
                         dz = z - floats_load_anywhere(v->z + j);
            const floats d2 = square_of(dx, dy, dz);
            const floats S = reach + floats_load_anywhere(v->reach + j);
            unsigned bits = others(ints_bits((ints)(d2 < S * S)), j, rows.end, i);
            for (; bits && n < room; bits &= bits - 1) place[n++] = (uint32_t)(j + (size_t)__builtin_ctz(bits));
        }
    return n;
}

const coley_force_kernels COLEY_FORCE_KERNEL = {feel, touching};
