/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forces.c -- the choice of a kernel, and its naive twin. */
#include "tissue/forces.h"

#include <math.h>

#include "math/isa.h"

const coley_force_kernels *coley_force_kernels_best(void)
{
#if defined(__x86_64__)
    switch (coley_isa_best()) {
    case COLEY_ISA_AVX512:
        return &coley_force_kernels_avx512;
    case COLEY_ISA_AVX2:
        return &coley_force_kernels_avx2;
    default:
        break;
    }
#endif
    return &coley_force_kernels_portable;
}

void coley_lane_orders(uint64_t order[256])
{
    for (unsigned bits = 0; bits < 256; bits++) {
        order[bits] = 0;
        for (unsigned lane = 0, n = 0; lane < 8; lane++)
            if (bits >> lane & 1) order[bits] |= (uint64_t)lane << 8 * n++;
    }
}

void coley_forces_naive(const coley_force_view *view, size_t n, double *vx, double *vy, double *vz, double *pressure)
{
    for (size_t i = 0; i < n; i++) {
        vx[i] = vy[i] = vz[i] = pressure[i] = 0;
        for (size_t j = 0; j < n; j++) {
            if (i == j) continue;
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
