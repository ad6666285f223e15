/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sketch.h -- the quantiles of a stream of numbers in bounded memory.
 *
 * Numbers are counted in buckets: 128 to each factor of 2, so that a bucket's middle is within 1/256 (0.4 %) of all in
 * it. When the buckets of one sign would be more than COLEY_SKETCH_BUCKETS, neighbours are joined two by two, and the
 * error is twice that; so on. The bucket is cut out of the number's own bits: no rounding, no logarithm, the same
 * counts everywhere and in whatever order the numbers come. (The idea of relative-error buckets: Masson C, Rim JE, Lee
 * HK. DDSketch. Proc VLDB Endow 2019; 12:2195-2205.) */
#ifndef COLEY_MATH_SKETCH_H
#define COLEY_MATH_SKETCH_H

#include <stdint.h>

#include "base/alloc.h"

enum { COLEY_SKETCH_BUCKETS = 4096 };

/* Buckets of one sign: count[i] belongs to place first + i, places being joined 2^joined at a time. */
typedef struct coley_sketch_side {
    int32_t first, n, joined;
    uint32_t cap;
    uint32_t *count;
} coley_sketch_side;

/* Start with zeros. At most 2^32 - 1 numbers. */
typedef struct coley_sketch {
    uint64_t n, n_zero;
    double low, high, sum; /* exact, exact, and added in the order of coming */
    coley_sketch_side positive, negative;
} coley_sketch;

/* Count a finite number; false when there is no memory. */
int coley_sketch_add(coley_arena *arena, coley_sketch *sketch, double value);

/* The number below which a share p of them lies, interpolated between the two ranks around p (n - 1); NaN for none. */
double coley_sketch_quantile(const coley_sketch *sketch, double p);

/* How far a quantile may be off, as a share of its value. */
double coley_sketch_error(const coley_sketch *sketch);

#endif
