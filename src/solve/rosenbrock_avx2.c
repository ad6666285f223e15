/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock_avx2.c -- rosenbrock_kernel.h for this instruction set; the build gives this file its flags. */
#define KERNELS      coley_rosenbrock_avx2
#define KERNELS_NAME "avx2"
#include "solve/rosenbrock_kernel.h"
