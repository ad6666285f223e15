/* SPDX-License-Identifier: GPL-3.0-or-later */
/* force_avx512.c -- the kernels of force_kernel.h for AVX-512. */
#define COLEY_FORCE_KERNEL coley_force_kernels_avx512
#include "tissue/force_kernel.h"
