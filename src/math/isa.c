/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isa.c -- ask the processor what it has. */
#include "math/isa.h"

coley_isa coley_isa_best(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return COLEY_ISA_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return COLEY_ISA_AVX2;
#endif
    return COLEY_ISA_PORTABLE;
}
