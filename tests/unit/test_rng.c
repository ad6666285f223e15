/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "support/check.h"

/* The first known-answer vector that Random123 publishes for philox4x32 with 10 rounds: key and counter zero. */
static void the_generator_gives_the_published_vector(void)
{
    uint32_t bits[4];
    coley_rng_bits(0, COLEY_STREAM_TEST, 0, 0, bits);
    CHECK(bits[0] == 0x6627e8d5 && bits[1] == 0xe169c58d && bits[2] == 0xbc57ac4c && bits[3] == 0x9b00dbd8);
}

static void streams_are_never_reordered(void)
{
    CHECK(COLEY_STREAM_TEST == 0 && COLEY_STREAM_PARAMETER == 1 && COLEY_STREAM_SCAN == 2);
    CHECK(COLEY_STREAM_FORECAST == 3 && COLEY_STREAM_EXTINCTION == 4);
}

static void a_million_normals_have_the_moments_of_a_normal(void)
{
    double sum = 0, square = 0, fourth = 0;
    const int n = 1000000;
    for (int i = 0; i < n; i++) {
        const double z = coley_rng_normal(7, COLEY_STREAM_TEST, (uint64_t)i, 3);
        sum += z;
        square += z * z;
        fourth += z * z * z * z;
    }
    CHECK_NEAR(sum / n, 0, 4e-3);
    CHECK_NEAR(square / n, 1, 6e-3);
    CHECK_NEAR(fourth / n, 3, 4e-2);
}

static void uniforms_stay_inside_the_open_interval(void)
{
    for (uint64_t i = 0; i < 100000; i++) {
        const double u = coley_rng_uniform(i, COLEY_STREAM_SCAN, i * i, ~i);
        CHECK(u > 0.0 && u < 1.0);
    }
}

int main(void)
{
    RUN(the_generator_gives_the_published_vector);
    RUN(streams_are_never_reordered);
    RUN(a_million_normals_have_the_moments_of_a_normal);
    RUN(uniforms_stay_inside_the_open_interval);
    return check_done();
}
