/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu_avx2.c -- the kernels of sparse_lu_kernel.h for AVX2, four lanes a vector. */
#define COLEY_LU_KERNELS coley_lu_kernels_avx2
#include "math/sparse_lu_kernel.h"
