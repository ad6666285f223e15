/* SPDX-License-Identifier: GPL-3.0-or-later */
/* force_portable.c -- the kernels of force_kernel.h for any processor. */
#define COLEY_FORCE_KERNEL coley_force_kernels_portable
#include "tissue/force_kernel.h"
