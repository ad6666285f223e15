/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock_portable.c -- rosenbrock_kernel.h for this instruction set; the build gives this file its flags. */
#define KERNELS      coley_rosenbrock_portable
#define KERNELS_NAME "portable"
#include "solve/rosenbrock_kernel.h"
