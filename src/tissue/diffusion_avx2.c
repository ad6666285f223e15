/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diffusion_avx2.c -- the kernels of diffusion_kernel.h for AVX2. */
#define COLEY_FIELD_KERNELS coley_field_kernels_avx2
#include "tissue/diffusion_kernel.h"
