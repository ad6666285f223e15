/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field_avx2.c -- the kernels of field_kernel.h for AVX2. */
#define COLEY_FIELD_KERNELS coley_field_kernels_avx2
#include "tissue/field_kernel.h"
