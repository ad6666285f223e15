/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lanes.h -- the vector of doubles a kernel text computes with, as wide as the instruction set it is compiled for.
 *
 * For *_kernel.h only. `lanes` is a compiler vector (gcc, clang): +, -, *, / act lane by lane, each rounded once. What
 * is rounded once after a product and a sum says so by name, so that it is on every processor; the compiler contracts
 * nothing by itself. */
#ifndef COLEY_MATH_LANES_H
#define COLEY_MATH_LANES_H

#include <stddef.h>
#include <stdint.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { LANES = 8 };
#elif defined(__AVX2__)
enum { LANES = 4 };
#else
enum { LANES = 2 };
#endif

typedef double lanes __attribute__((vector_size(LANES * sizeof(double)), may_alias));
typedef int64_t lanes_mask __attribute__((vector_size(LANES * sizeof(int64_t)), may_alias));

/* A vector of a 64-byte aligned column. */
static inline lanes lanes_load(const double *p)
{
    return *(const lanes *)p;
}

static inline void lanes_store(double *p, lanes x)
{
    *(lanes *)p = x;
}

static inline lanes lanes_all(double x)
{
    return x - (lanes){0};
}

/* a b + c and c - a b, rounded once. */
static inline lanes lanes_fused(lanes a, lanes b, lanes c)
{
#if defined(__AVX512F__)
    return (lanes)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__AVX2__)
    return (lanes)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
    return (lanes){__builtin_fma(a[0], b[0], c[0]), __builtin_fma(a[1], b[1], c[1])};
#endif
}

static inline lanes lanes_fused_less(lanes a, lanes b, lanes c)
{
#if defined(__AVX512F__)
    return (lanes)_mm512_fnmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__AVX2__)
    return (lanes)_mm256_fnmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
    return lanes_fused(-a, b, c);
#endif
}

/* |x|: the sign bit cleared. */
static inline lanes lanes_abs(lanes x)
{
    return (lanes)((lanes_mask)x & INT64_MAX);
}

/* a where the mask is all ones, else b. */
static inline lanes lanes_pick(lanes_mask m, lanes a, lanes b)
{
    return (lanes)(((lanes_mask)a & m) | ((lanes_mask)b & ~m));
}

#endif
