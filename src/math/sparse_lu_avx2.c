/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu_avx2.c -- sparse_lu_kernel.h for this instruction set; the build gives this file its flags. */
#define KERNELS      coley_lu_avx2
#define KERNELS_NAME "avx2"
#include "math/sparse_lu_kernel.h"
