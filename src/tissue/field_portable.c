/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field_portable.c -- the kernels of field_kernel.h for any processor. */
#define COLEY_FIELD_KERNELS coley_field_kernels_portable
#include "tissue/field_kernel.h"
