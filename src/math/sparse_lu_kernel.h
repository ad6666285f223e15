/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu_kernel.h -- the loops of sparse_lu.h, one text for every instruction set: included once per file that names
 * KERNELS, the table to fill. */
#include "math/sparse_lu.h"

static void factor(const coley_sparse_lu *lu, size_t width, double *restrict a)
{
    for (size_t k = 0; k < lu->n; k++) {
        double *restrict pivot = a + (size_t)lu->pivot[k] * width;
        for (size_t l = 0; l < width; l++) pivot[l] = 1.0 / pivot[l];
        for (int32_t e = lu->scale_start[k]; e < lu->scale_start[k + 1]; e++) {
            double *restrict below = a + (size_t)lu->scale[e] * width;
            for (size_t l = 0; l < width; l++) below[l] *= pivot[l];
        }
        for (int32_t u = lu->update_start[k]; u < lu->update_start[k + 1]; u++) {
            double *restrict target = a + (size_t)lu->update[u].target * width;
            const double *left = a + (size_t)lu->update[u].left * width;
            const double *right = a + (size_t)lu->update[u].right * width;
            for (size_t l = 0; l < width; l++) target[l] -= left[l] * right[l];
        }
    }
}

static void solve(const coley_sparse_lu *lu, size_t width, const double *restrict a, double *restrict x)
{
    for (size_t k = 0; k < lu->n; k++) {
        double *restrict row = x + (size_t)lu->lower[k].i * width;
        for (int32_t e = lu->lower[k].start; e < lu->lower[k].end; e++) {
            const double *entry = a + (size_t)lu->lower_entry[e] * width;
            const double *known = x + (size_t)lu->lower_column[e] * width;
            for (size_t l = 0; l < width; l++) row[l] -= entry[l] * known[l];
        }
    }
    for (size_t k = lu->n; k-- > 0;) {
        double *restrict row = x + (size_t)lu->upper[k].i * width;
        for (int32_t e = lu->upper[k].start; e < lu->upper[k].end; e++) {
            const double *entry = a + (size_t)lu->upper_entry[e] * width;
            const double *known = x + (size_t)lu->upper_column[e] * width;
            for (size_t l = 0; l < width; l++) row[l] -= entry[l] * known[l];
        }
        const double *pivot = a + (size_t)lu->pivot[k] * width;
        for (size_t l = 0; l < width; l++) row[l] *= pivot[l];
    }
}

const coley_lu_kernels KERNELS = {.name = KERNELS_NAME, .factor = factor, .solve = solve};
