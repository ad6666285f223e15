/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu_portable.c -- sparse_lu_kernel.h for this instruction set; the build gives this file its flags. */
#define KERNELS      coley_lu_portable
#define KERNELS_NAME "portable"
#include "math/sparse_lu_kernel.h"
