/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diffusion_portable.c -- the kernels of diffusion_kernel.h for any processor. */
#define COLEY_FIELD_KERNELS coley_field_kernels_portable
#include "tissue/diffusion_kernel.h"
