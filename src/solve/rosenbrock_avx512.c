/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock_avx512.c -- the kernels of rosenbrock_kernel.h for AVX-512, eight lanes a vector. */
#define COLEY_ROSENBROCK_KERNELS coley_rosenbrock_kernels_avx512
#include "solve/rosenbrock_kernel.h"
