/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diffusion_kernel.h -- the sweeps along x, y and z of diffusion.c, compiled for each instruction set.
 *
 * A line is solved by Thomas' method with what depends on the step alone worked out before (coley_field_line):
 *     forward   d_i = m_i u_i + b_i d_(i-1),   b_i = c m_i
 *     back      u_i = d_i + b_i u_(i+1)
 * which solves -c u_(i-1) + (1 + 2 c + k) u_i - c u_(i+1) = u_i with no flux at the ends. Along y and z a vector holds
 * eight neighbours in x, so that the recursion runs over whole rows; along x eight rows are turned on their side first.
 */
#include "tissue/diffusion.h"
#include "tissue/float_lanes.h"

/* Rows a group of x lines has at most: four vectors hide each other's latency. */
enum { ROWS = 4 * FLOATS };

/* Turn 8 x 8 numbers on their side. */
static inline void turn(floats r[FLOATS])
{
    floats a[FLOATS], b[FLOATS];
    for (int i = 0; i < FLOATS; i += 2) {
        a[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        a[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    for (int i = 0; i < FLOATS; i += 4) {
        b[i] = __builtin_shufflevector(a[i], a[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        b[i + 1] = __builtin_shufflevector(a[i], a[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        b[i + 2] = __builtin_shufflevector(a[i + 1], a[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        b[i + 3] = __builtin_shufflevector(a[i + 1], a[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (int i = 0; i < 4; i++) {
        r[i] = __builtin_shufflevector(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        r[i + 4] = __builtin_shufflevector(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

static inline void turn_rows(float *to, size_t to_row, const float *from, size_t from_row)
{
    floats r[FLOATS];
    for (int i = 0; i < FLOATS; i++) r[i] = floats_load(from + (size_t)i * from_row);
    turn(r);
    for (int i = 0; i < FLOATS; i++) floats_store(to + (size_t)i * to_row, r[i]);
}

/* x lines of n vectors of rows; scratch holds row x ROWS numbers. n is known where this is put in line. */
static inline __attribute__((always_inline)) void x_lines(float *u, size_t row, const coley_field_line *line,
                                                          float *scratch, const int n)
{
    for (size_t x = 0; x < row; x += FLOATS)
        for (int v = 0; v < n; v++)
            turn_rows(scratch + x * ROWS + v * FLOATS, ROWS, u + (size_t)v * FLOATS * row + x, row);
    floats d[4] = {floats_all(0), floats_all(0), floats_all(0), floats_all(0)};
    for (size_t x = 0; x < line->n; x++) {
        float *s = scratch + x * ROWS;
        const floats m = floats_all(line->m[x]), b = floats_all(x ? line->b[x] : 0);
        for (int v = 0; v < n; v++) {
            d[v] = floats_fused(b, d[v], m * floats_load(s + v * FLOATS));
            floats_store(s + v * FLOATS, d[v]);
        }
    }
    for (size_t x = line->n - 1; x-- > 0;) {
        float *s = scratch + x * ROWS;
        const floats b = floats_all(line->b[x]);
        for (int v = 0; v < n; v++) {
            d[v] = floats_fused(b, d[v], floats_load(s + v * FLOATS));
            floats_store(s + v * FLOATS, d[v]);
        }
    }
    for (size_t x = 0; x < row; x += FLOATS)
        for (int v = 0; v < n; v++)
            turn_rows(u + (size_t)v * FLOATS * row + x, row, scratch + x * ROWS + v * FLOATS, ROWS);
}

static void sweep_x(float *plane, size_t row, size_t rows, const coley_field_line *line, float *scratch)
{
    size_t y = 0;
    for (; y + 4 * FLOATS <= rows; y += 4 * FLOATS) x_lines(plane + y * row, row, line, scratch, 4);
    for (; y + 2 * FLOATS <= rows; y += 2 * FLOATS) x_lines(plane + y * row, row, line, scratch, 2);
    for (; y < rows; y += FLOATS) x_lines(plane + y * row, row, line, scratch, 1);
}

/* Lines that are `stride` numbers apart from point to point, a row of `row` lines side by side. */
static void sweep_across(float *u, size_t row, size_t stride, const coley_field_line *line)
{
    const floats m0 = floats_all(line->m[0]);
    for (size_t x = 0; x < row; x += FLOATS) floats_store(u + x, m0 * floats_load(u + x));
    for (size_t i = 1; i < line->n; i++) {
        float *at = u + i * stride;
        const floats m = floats_all(line->m[i]), b = floats_all(line->b[i]);
        for (size_t x = 0; x < row; x += FLOATS)
            floats_store(at + x, floats_fused(b, floats_load(at - stride + x), m * floats_load(at + x)));
    }
    for (size_t i = line->n - 1; i-- > 0;) {
        float *at = u + i * stride;
        const floats b = floats_all(line->b[i]);
        for (size_t x = 0; x < row; x += FLOATS)
            floats_store(at + x, floats_fused(b, floats_load(at + stride + x), floats_load(at + x)));
    }
}

/* out = keep u + gain (neighbours along x, y, z), one plane; no flux: a neighbour outside is the voxel itself. */
static void residual(float *out, const float *u, const float *below, const float *above, const coley_field_stencil *k)
{
    const floats keep = floats_all(k->centre), gx = floats_all(k->gain[0]), gy = floats_all(k->gain[1]),
                 gz = floats_all(k->gain[2]), add = floats_all(k->add);
    const size_t row = k->row;
    for (size_t y = 0; y < k->ny; y++) {
        const float *at = u + y * row, *south = y ? at - row : at, *north = y + 1 < k->ny ? at + row : at;
        for (size_t x = 0; x < row; x += FLOATS) {
            const floats c = floats_load(at + x);
            const floats west = floats_load_anywhere(at + x - 1), east = floats_load_anywhere(at + x + 1);
            floats sum = keep * c + gx * (west + east) + gy * (floats_load(south + x) + floats_load(north + x)) +
                         gz * (floats_load(below + y * row + x) + floats_load(above + y * row + x)) + add;
            floats_store(out + y * row + x, sum);
        }
        /* The ends of the row: the missing neighbour is the voxel itself. */
        float *o = out + y * row;
        const float *north_y = north, *south_y = south, *b = below + y * row, *a = above + y * row;
        const size_t last = k->nx - 1;
        const size_t ends[2] = {0, last};
        for (int e = 0; e < 2; e++) {
            const size_t x = ends[e];
            const float w = x ? at[x - 1] : at[x], ea = x < last ? at[x + 1] : at[x];
            o[x] = k->centre * at[x] + k->gain[0] * (w + ea) + k->gain[1] * (south_y[x] + north_y[x]) +
                   k->gain[2] * (b[x] + a[x]) + k->add;
        }
        for (size_t x = k->nx; x < row; x++) o[x] = 0;
    }
}

static void add_to(float *u, const float *change, size_t n)
{
    for (size_t x = 0; x < n; x += FLOATS) floats_store(u + x, floats_load(u + x) + floats_load(change + x));
}

const coley_field_kernels COLEY_FIELD_KERNELS = {sweep_x, sweep_across, residual, add_to};
