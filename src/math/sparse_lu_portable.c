/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu_portable.c -- the kernels of sparse_lu_kernel.h for any processor. */
#define COLEY_LU_KERNELS coley_lu_kernels_portable
#include "math/sparse_lu_kernel.h"
