/* SPDX-License-Identifier: GPL-3.0-or-later */
/* force_avx2.c -- the kernels of force_kernel.h for AVX2. */
#define COLEY_FORCE_KERNEL coley_force_kernels_avx2
#include "tissue/force_kernel.h"
