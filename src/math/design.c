/* SPDX-License-Identifier: GPL-3.0-or-later */
/* design.c -- see design.h. */
#include "math/design.h"

#include <math.h>

#include "base/rng.h"
#include "math/sobol_directions.h"

enum { DIGITS = 32 };

size_t coley_design_most_axes(coley_design_kind kind)
{
    return kind == COLEY_DESIGN_SOBOL ? COLEY_SOBOL_DIMENSIONS : 65536;
}

uint64_t coley_design_most_points(coley_design_kind kind)
{
    return kind == COLEY_DESIGN_RANDOM ? UINT64_C(1) << 53 : UINT64_C(1) << DIGITS;
}

/* Digits in Gray code order, as Antonov and Saleev run through them; v_j = m_j / 2^j by the polynomial's recurrence. */
uint32_t coley_sobol_digits(uint64_t i, size_t axis)
{
    const uint64_t gray = i ^ i >> 1;
    uint32_t x = 0, v[DIGITS];
    if (axis == 0) {
        for (int j = 0; j < DIGITS; j++)
            if (gray >> j & 1) x ^= UINT32_C(1) << (DIGITS - 1 - j);
        return x;
    }
    const coley_sobol_row *row = &coley_sobol_rows[axis - 1];
    const int s = row->degree;
    for (int j = 0; j < DIGITS && gray >> j; j++) {
        if (j < s)
            v[j] = (uint32_t)row->m[j] << (DIGITS - 1 - j);
        else {
            v[j] = v[j - s] ^ v[j - s] >> s;
            for (int k = 1; k < s; k++)
                if (row->inner >> (s - 1 - k) & 1) v[j] ^= v[j - k];
        }
        if (gray >> j & 1) x ^= v[j];
    }
    return x;
}

/* Finaliser of MurmurHash3, 64 bits: every bit of the input reaches every bit of the output. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
    x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

static uint64_t axis_key(const coley_design *design, size_t axis)
{
    uint32_t bits[4];
    coley_rng_bits(design->seed, COLEY_STREAM_DESIGN, UINT64_MAX, axis, bits);
    return (uint64_t)bits[0] << 32 | bits[1];
}

static uint32_t scramble(uint32_t x, uint64_t key)
{
    uint32_t flips = 0;
    for (int j = 0; j < DIGITS; j++) {
        /* The digits before j, with a 1 ahead of them so that 0 and 00 differ. */
        const uint64_t before = j ? (UINT64_C(1) << j | x >> (DIGITS - j)) : 1;
        flips |= (uint32_t)(mix(key + before * UINT64_C(0x9e3779b97f4a7c15)) >> 63) << (DIGITS - 1 - j);
    }
    return x ^ flips;
}

/* A permutation of 0 .. n - 1 by key: six rounds on two halves of the smallest even number of bits that hold n; what
 * falls outside goes round again. */
static uint64_t permute(uint64_t i, uint64_t n, uint64_t key)
{
    int half = 1;
    while (half < 16 && UINT64_C(1) << 2 * half < n) half++;
    const uint64_t mask = (UINT64_C(1) << half) - 1;
    do {
        uint64_t left = i >> half, right = i & mask;
        for (uint64_t round = 1; round <= 6; round++) {
            const uint64_t next = left ^ (mix(key + (round << 40) + right * UINT64_C(0x9e3779b97f4a7c15)) & mask);
            left = right;
            right = next;
        }
        i = left << half | right;
    } while (i >= n);
    return i;
}

double coley_design_coordinate(const coley_design *design, uint64_t i, size_t axis)
{
    const double inside = coley_rng_uniform(design->seed, COLEY_STREAM_DESIGN, i, axis);
    double x = inside;
    if (design->kind == COLEY_DESIGN_SOBOL)
        x = ((double)scramble(coley_sobol_digits(i, axis), axis_key(design, axis)) + inside) * 0x1p-32;
    if (design->kind == COLEY_DESIGN_LHS)
        x = ((double)permute(i, design->n, axis_key(design, axis)) + inside) / (double)design->n;
    return x < 1.0 ? x : 1.0 - 0x1p-53;
}
