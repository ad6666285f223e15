/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock_avx2.c -- the kernels of rosenbrock_kernel.h for AVX2, four lanes a vector. */
#define COLEY_ROSENBROCK_KERNELS coley_rosenbrock_kernels_avx2
#include "solve/rosenbrock_kernel.h"
