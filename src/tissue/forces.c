/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forces.c -- the choice of a kernel, and its naive twin. */
#include "tissue/forces.h"

#include <math.h>

#include "math/isa.h"

coley_force_kernel coley_force_kernel_best(void)
{
#if defined(__x86_64__)
    switch (coley_isa_best()) {
    case COLEY_ISA_AVX512: return coley_force_kernel_avx512;
    case COLEY_ISA_AVX2: return coley_force_kernel_avx2;
    default: break;
    }
#endif
    return coley_force_kernel_portable;
}

static int bins_touch(const coley_bins *bins, const coley_force_view *v, size_t i, size_t j)
{
    const float a[3] = {v->x[i], v->y[i], v->z[i]}, b[3] = {v->x[j], v->y[j], v->z[j]};
    for (int k = 0; k < 3; k++) {
        const long p = coley_bin_of(bins, k, a[k]), q = coley_bin_of(bins, k, b[k]);
        if (p - q > 1 || q - p > 1) return 0;
    }
    return 1;
}

void coley_forces_naive(const coley_force_view *view, size_t n, double *vx, double *vy, double *vz, double *pressure)
{
    for (size_t i = 0; i < n; i++) {
        vx[i] = vy[i] = vz[i] = pressure[i] = 0;
        for (size_t j = 0; j < n; j++) {
            if (i == j || !bins_touch(view->bins, view, i, j)) continue;
            const double dx = (double)view->x[i] - view->x[j], dy = (double)view->y[i] - view->y[j],
                         dz = (double)view->z[i] - view->z[j], d = fmax(sqrt(dx * dx + dy * dy + dz * dz), 1e-5);
            const double R = (double)view->radius[i] + view->radius[j], S = (double)view->reach[i] + view->reach[j];
            const double push = d < R ? (1 - d / R) * (1 - d / R) : 0, pull = d < S ? (1 - d / S) * (1 - d / S) : 0;
            double adhesion = (double)view->adhesion[i] * view->adhesion[j];
            if (view->affinity) adhesion *= view->affinity[view->type[i] * view->n_types + view->type[j]];
            const double f = (push * view->repulsion[i] * view->repulsion[j] - pull * adhesion) / d;
            vx[i] += f * dx;
            vy[i] += f * dy;
            vz[i] += f * dz;
            pressure[i] += push * COLEY_PRESSURE_PER;
        }
    }
}
