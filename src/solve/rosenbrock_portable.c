/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock_portable.c -- the kernels of rosenbrock_kernel.h for any processor. */
#define COLEY_ROSENBROCK_KERNELS coley_rosenbrock_kernels_portable
#include "solve/rosenbrock_kernel.h"
