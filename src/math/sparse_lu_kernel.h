/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu_kernel.h -- carry an elimination plan out over columns of lanes.
 *
 * Included by one file for each instruction set, which defines COLEY_LU_KERNELS. `tile` vectors go through the plan
 * together, so that the sums of independent lanes overlap. */
#include "math/lanes.h"
#include "math/sparse_lu_plan.h"

#include <float.h>

static inline __attribute__((always_inline)) void factor_tile(const coley_sparse_lu *lu, size_t width, size_t tile,
                                                              const double *shift, const double *values,
                                                              double *factors, double *bad)
{
    lanes s[4], lost[4];
    for (size_t k = 0; k < tile; k++) {
        s[k] = lanes_load(shift + k * LANES);
        lost[k] = (lanes){0};
    }
    const lanes one = lanes_all(1.0);
    const coley_lu_pair *pair = lu->pair;
    for (size_t e = 0; e < lu->n_entries; e++) {
        const coley_lu_entry entry = lu->entry[e];
        double *to = factors + e * width;
        lanes sum[4], start[4];
        for (size_t k = 0; k < tile; k++) {
            sum[k] = entry.scale == -1 ? s[k] : (lanes){0};
            if (entry.source >= 0) sum[k] -= lanes_load(values + (size_t)entry.source * width + k * LANES);
            start[k] = sum[k];
        }
        for (const coley_lu_pair *end = lu->pair + entry.pairs; pair < end; pair++) {
            const double *left = factors + (size_t)pair->left * width, *right = factors + (size_t)pair->right * width;
            for (size_t k = 0; k < tile; k++)
                sum[k] = lanes_fused_less(lanes_load(left + k * LANES), lanes_load(right + k * LANES), sum[k]);
        }
        if (entry.scale >= 0) {
            const double *scale = factors + (size_t)entry.scale * width;
            for (size_t k = 0; k < tile; k++) lanes_store(to + k * LANES, sum[k] * lanes_load(scale + k * LANES));
        } else if (entry.scale == -1) {
            for (size_t k = 0; k < tile; k++) {
                const lanes size = lanes_abs(sum[k]);
                const lanes_mask good =
                    (size > COLEY_LU_PIVOT_LOST * lanes_abs(start[k])) & (size > DBL_MIN) & (size < DBL_MAX);
                lost[k] = lanes_pick(good, lost[k], one);
                lanes_store(to + k * LANES, one / sum[k]);
            }
        } else {
            for (size_t k = 0; k < tile; k++) lanes_store(to + k * LANES, sum[k]);
        }
    }
    for (size_t k = 0; k < tile; k++) lanes_store(bad + k * LANES, lost[k]);
}

static inline __attribute__((always_inline)) void solve_tile(const coley_sparse_lu *lu, size_t width, size_t tile,
                                                             const double *factors, double *x)
{
    for (size_t i = 0; i < lu->n; i++) {
        double *to = x + (size_t)lu->pivot[i] * width;
        if (lu->row[i] == lu->diagonal[i]) continue;
        lanes sum[4];
        for (size_t k = 0; k < tile; k++) sum[k] = lanes_load(to + k * LANES);
        for (int32_t e = lu->row[i]; e < lu->diagonal[i]; e++) {
            const double *f = factors + (size_t)e * width, *known = x + (size_t)lu->variable[e] * width;
            for (size_t k = 0; k < tile; k++)
                sum[k] = lanes_fused_less(lanes_load(f + k * LANES), lanes_load(known + k * LANES), sum[k]);
        }
        for (size_t k = 0; k < tile; k++) lanes_store(to + k * LANES, sum[k]);
    }
    for (size_t i = lu->n; i-- > 0;) {
        double *to = x + (size_t)lu->pivot[i] * width;
        lanes sum[4];
        for (size_t k = 0; k < tile; k++) sum[k] = lanes_load(to + k * LANES);
        for (int32_t e = lu->diagonal[i] + 1; e < lu->row[i + 1]; e++) {
            const double *f = factors + (size_t)e * width, *known = x + (size_t)lu->variable[e] * width;
            for (size_t k = 0; k < tile; k++)
                sum[k] = lanes_fused_less(lanes_load(f + k * LANES), lanes_load(known + k * LANES), sum[k]);
        }
        const double *inverse = factors + (size_t)lu->diagonal[i] * width;
        for (size_t k = 0; k < tile; k++) lanes_store(to + k * LANES, sum[k] * lanes_load(inverse + k * LANES));
    }
}

static void factor(const coley_sparse_lu *lu, size_t width, const double *shift, const double *values, double *factors,
                   double *bad)
{
    size_t l = 0;
    for (; l + 4 * LANES <= width; l += 4 * LANES)
        factor_tile(lu, width, 4, shift + l, values + l, factors + l, bad + l);
    for (; l + 2 * LANES <= width; l += 2 * LANES)
        factor_tile(lu, width, 2, shift + l, values + l, factors + l, bad + l);
    for (; l < width; l += LANES) factor_tile(lu, width, 1, shift + l, values + l, factors + l, bad + l);
}

static void solve(const coley_sparse_lu *lu, size_t width, const double *factors, double *x)
{
    size_t l = 0;
    for (; l + 4 * LANES <= width; l += 4 * LANES) solve_tile(lu, width, 4, factors + l, x + l);
    for (; l + 2 * LANES <= width; l += 2 * LANES) solve_tile(lu, width, 2, factors + l, x + l);
    for (; l < width; l += LANES) solve_tile(lu, width, 1, factors + l, x + l);
}

const coley_lu_kernels COLEY_LU_KERNELS = {.factor = factor, .solve = solve};
