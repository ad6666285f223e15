/* SPDX-License-Identifier: GPL-3.0-or-later */
/* float_lanes.h -- vectors of eight floats, for the tissue's kernel texts (*_kernel.h) only.
 *
 * Always eight, whatever the processor: sums over lanes are then taken in one order and every compilation gives the
 * same bits. The compiler splits a vector where registers are narrower. */
#ifndef COLEY_TISSUE_FLOAT_LANES_H
#define COLEY_TISSUE_FLOAT_LANES_H

#include <stddef.h>
#include <stdint.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#if !defined(__AVX2__)
#pragma GCC diagnostic ignored "-Wpsabi" /* vectors are passed between inlined functions of one file only */
#endif

enum { FLOATS = 8 };

typedef float floats __attribute__((vector_size(32), may_alias));
typedef float floats_anywhere __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t ints __attribute__((vector_size(32), may_alias));
typedef int32_t ints_anywhere __attribute__((vector_size(32), aligned(4), may_alias));

static inline floats floats_load(const float *p)
{
    return *(const floats *)p;
}

static inline void floats_store_anywhere(float *p, floats x)
{
    *(floats_anywhere *)p = x;
}

static inline floats floats_load_anywhere(const float *p)
{
    return *(const floats_anywhere *)p;
}

static inline void floats_store(float *p, floats x)
{
    *(floats *)p = x;
}

static inline floats floats_all(float x)
{
    return (floats){x, x, x, x, x, x, x, x};
}

/* x where the mask is all ones, else 0. */
static inline floats floats_keep(ints mask, floats x)
{
    return (floats)((ints)x & mask);
}

/* a where the mask is all ones, else b. */
static inline floats floats_pick(ints mask, floats a, floats b)
{
#if defined(__AVX2__)
    return (floats)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
    return (floats)(((ints)a & mask) | ((ints)b & ~mask));
#endif
}

static inline int ints_any(ints mask)
{
#if defined(__AVX2__)
    return _mm256_movemask_ps((__m256)mask) != 0;
#else
    int any = 0;
    for (int l = 0; l < FLOATS; l++) any |= mask[l];
    return any != 0;
#endif
}

/* The square root, rounded once. */
static inline floats floats_root(floats x)
{
#if defined(__AVX2__)
    return (floats)_mm256_sqrt_ps((__m256)x);
#else
    floats y = x;
    for (int l = 0; l < FLOATS; l++) y[l] = __builtin_sqrtf(x[l]);
    return y;
#endif
}

/* a b + c, rounded once. */
static inline floats floats_fused(floats a, floats b, floats c)
{
#if defined(__AVX2__)
    return (floats)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
    floats y = c;
    for (int l = 0; l < FLOATS; l++) y[l] = __builtin_fmaf(a[l], b[l], c[l]);
    return y;
#endif
}

/* Bit l is set where lane l of the mask is all ones. */
static inline unsigned ints_bits(ints mask)
{
#if defined(__AVX2__)
    return (unsigned)_mm256_movemask_ps((__m256)mask);
#else
    unsigned bits = 0;
    for (int l = 0; l < FLOATS; l++) bits |= (unsigned)(mask[l] & 1) << l;
    return bits;
#endif
}

#if defined(__AVX2__)
/* One byte a lane, lowest first, as a vector. */
static inline ints lanes_of_bytes(uint64_t bytes)
{
    return (ints)_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)bytes));
}

static inline floats floats_gathered(floats x, ints order)
{
    return (floats)_mm256_permutevar8x32_ps((__m256)x, (__m256i)order);
}
#else
static inline ints lanes_of_bytes(uint64_t bytes)
{
    ints order = {0};
    for (int l = 0; l < FLOATS; l++) order[l] = (int32_t)(bytes >> 8 * l & 7);
    return order;
}

static inline floats floats_gathered(floats x, ints order)
{
    floats y = x;
    for (int l = 0; l < FLOATS; l++) y[l] = x[order[l]];
    return y;
}
#endif

/* The sum of the lanes, in one order. */
static inline float floats_sum(floats x)
{
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

#endif
