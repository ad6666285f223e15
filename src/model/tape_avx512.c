/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape_avx512.c -- tape_kernel.h for this instruction set; the build gives this file its flags. */
#if defined(__x86_64__)
#include <immintrin.h>
#define KERNELS            coley_tape_avx512
#define KERNELS_NAME       "avx512"
#define VECTOR_WIDTH       8
#define VECTOR_LOAD(p)     _mm512_loadu_pd(p)
#define VECTOR_STORE(p, v) _mm512_storeu_pd(p, v)
#define VECTOR_EXP         Sleef_cinz_expd8_u10avx512fnofma
#define VECTOR_LOG         Sleef_cinz_logd8_u10avx512fnofma
#define VECTOR_POW         Sleef_cinz_powd8_u10avx512fnofma
#include "model/tape_kernel.h"
#endif
