/* SPDX-License-Identifier: GPL-3.0-or-later */
/* force_avx2.c -- the kernel of force_kernel.h for AVX2. */
#define COLEY_FORCE_KERNEL coley_force_kernel_avx2
#include "tissue/force_kernel.h"
