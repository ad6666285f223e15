/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rng.c -- Philox4x32-10 from Random123, keyed by (seed, stream, id, tick). */
#include "base/rng.h"

#include <math.h>

#include <Random123/philox.h>

/* The stream enters the key's high word by xor after a shift, so that seeds below 2^56 never collide across streams. */
void coley_rng_bits(uint64_t seed, coley_stream stream, uint64_t id, uint64_t tick, uint32_t bits[4])
{
    const uint64_t keyed = seed ^ ((uint64_t)stream << 56);
    const philox4x32_key_t key = {{(uint32_t)keyed, (uint32_t)(keyed >> 32)}};
    const philox4x32_ctr_t counter = {{(uint32_t)id, (uint32_t)(id >> 32), (uint32_t)tick, (uint32_t)(tick >> 32)}};
    const philox4x32_ctr_t out = philox4x32_R(10, counter, key);
    for (int i = 0; i < 4; i++) bits[i] = out.v[i];
}

static double open_unit(uint32_t high, uint32_t low)
{
    const uint64_t mantissa = ((uint64_t)high << 20) | (low >> 12);
    return ((double)mantissa + 0.5) * 0x1p-52;
}

double coley_rng_uniform(uint64_t seed, coley_stream stream, uint64_t id, uint64_t tick)
{
    uint32_t bits[4];
    coley_rng_bits(seed, stream, id, tick, bits);
    return open_unit(bits[0], bits[1]);
}

double coley_rng_normal(uint64_t seed, coley_stream stream, uint64_t id, uint64_t tick)
{
    uint32_t bits[4];
    coley_rng_bits(seed, stream, id, tick, bits);
    const double radius = sqrt(-2.0 * log(open_unit(bits[0], bits[1])));
    return radius * cos(6.283185307179586476925 * open_unit(bits[2], bits[3]));
}
