/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape_portable.c -- tape_kernel.h in plain C. */
#define KERNELS            coley_tape_portable
#define KERNELS_NAME       "portable"
#define VECTOR_WIDTH       1
#define VECTOR_LOAD(p)     (*(p))
#define VECTOR_STORE(p, v) (*(p) = (v))
#define VECTOR_EXP         Sleef_cinz_expd1_u10purec
#define VECTOR_LOG         Sleef_cinz_logd1_u10purec
#define VECTOR_POW         Sleef_cinz_powd1_u10purec
#include "model/tape_kernel.h"
