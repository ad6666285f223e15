/* SPDX-License-Identifier: GPL-3.0-or-later */
/* binomial.h -- random numbers of the binomial distribution, as fast for a million trials as for ten. */
#ifndef COLEY_MATH_BINOMIAL_H
#define COLEY_MATH_BINOMIAL_H

#include <stdint.h>

#include "base/rng.h"

/* Uniform numbers of one decision, one after the other: rng.h counts, `tick` moves on. */
typedef struct coley_uniforms {
    uint64_t seed;
    coley_stream stream;
    uint64_t id, tick;
} coley_uniforms;

/* How many of n trials succeed, each with chance p (0 to 1). */
int64_t coley_binomial_draw(coley_uniforms *uniforms, int64_t n, double p);

#endif
