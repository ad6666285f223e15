/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape_avx2.c -- tape_kernel.h for this instruction set; the build gives this file its flags. */
#if defined(__x86_64__)
#include <immintrin.h>
#define KERNELS            coley_tape_avx2
#define KERNELS_NAME       "avx2"
#define VECTOR_WIDTH       4
#define VECTOR_LOAD(p)     _mm256_loadu_pd(p)
#define VECTOR_STORE(p, v) _mm256_storeu_pd(p, v)
#define VECTOR_EXP         Sleef_cinz_expd4_u10avx
#define VECTOR_LOG         Sleef_cinz_logd4_u10avx
#define VECTOR_POW         Sleef_cinz_powd4_u10avx
#include "model/tape_kernel.h"
#endif
