/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diffusion_avx512.c -- the kernels of diffusion_kernel.h for AVX-512. */
#define COLEY_FIELD_KERNELS coley_field_kernels_avx512
#include "tissue/diffusion_kernel.h"
