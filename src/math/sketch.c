/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sketch.c -- see sketch.h. */
#include "math/sketch.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 7, SHIFT = 52 - DIGITS };

/* Place of a positive number: exponent and first binary digits, which grow with the number. */
static int32_t place_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (int32_t)(bits >> SHIFT);
}

/* Lower end of a place. */
static double edge_of(int64_t place)
{
    const uint64_t bits = (uint64_t)place << SHIFT;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void join_pairs(coley_sketch_side *side)
{
    const int32_t first = side->first >> 1;
    uint32_t joined[COLEY_SKETCH_BUCKETS + 1] = {0};
    for (int32_t i = 0; i < side->n; i++) joined[((side->first + i) >> 1) - first] += side->count[i];
    side->n = ((side->first + side->n - 1) >> 1) - first + 1;
    side->first = first;
    side->joined++;
    memcpy(side->count, joined, (size_t)side->n * sizeof *joined);
}

/* Make room for a place; buckets in between are empty ones. */
static int widen(coley_arena *arena, coley_sketch_side *side, int32_t place)
{
    const int32_t low = place < side->first ? place : side->first;
    const int32_t high = place >= side->first + side->n ? place + 1 : side->first + side->n;
    if ((uint32_t)(high - low) > side->cap) {
        uint32_t cap = side->cap ? side->cap : 32;
        while (cap < (uint32_t)(high - low)) cap *= 2;
        uint32_t *count =
            coley_arena_grow(arena, side->count, (size_t)side->n * sizeof *count, (size_t)cap * sizeof *count);
        if (!count) return 0;
        side->count = count;
        side->cap = cap;
    }
    memmove(side->count + (side->first - low), side->count, (size_t)side->n * sizeof *side->count);
    memset(side->count, 0, (size_t)(side->first - low) * sizeof *side->count);
    const int32_t filled = side->first - low + side->n;
    memset(side->count + filled, 0, (size_t)(high - low - filled) * sizeof *side->count);
    side->first = low;
    side->n = high - low;
    return 1;
}

static int count_in(coley_arena *arena, coley_sketch_side *side, double size)
{
    const int32_t fine = place_of(size);
    int32_t place = fine >> side->joined;
    if (side->n == 0) side->first = place;
    for (;;) {
        const int32_t low = place < side->first ? place : side->first;
        const int32_t high = place >= side->first + side->n ? place + 1 : side->first + side->n;
        if (high - low <= COLEY_SKETCH_BUCKETS) break;
        join_pairs(side);
        place = fine >> side->joined;
    }
    if (place < side->first || place >= side->first + side->n)
        if (!widen(arena, side, place)) return 0;
    side->count[place - side->first]++;
    return 1;
}

int coley_sketch_add(coley_arena *arena, coley_sketch *sketch, double value)
{
    if (value > 0.0 && !count_in(arena, &sketch->positive, value)) return 0;
    if (value < 0.0 && !count_in(arena, &sketch->negative, -value)) return 0;
    if (value == 0.0) sketch->n_zero++;
    if (sketch->n == 0 || value < sketch->low) sketch->low = value;
    if (sketch->n == 0 || value > sketch->high) sketch->high = value;
    sketch->sum += value;
    sketch->n++;
    return 1;
}

static double middle(const coley_sketch_side *side, int32_t i)
{
    const int64_t place = (int64_t)side->first + i;
    return 0.5 * (edge_of(place << side->joined) + edge_of((place + 1) << side->joined));
}

/* The number of that rank, from 0, within the error of its bucket. */
static double ranked(const coley_sketch *sketch, uint64_t rank)
{
    if (rank == 0) return sketch->low;
    if (rank + 1 == sketch->n) return sketch->high;
    uint64_t seen = 0;
    double value = sketch->high;
    for (int32_t i = sketch->negative.n - 1; i >= 0; i--)
        if ((seen += sketch->negative.count[i]) > rank) {
            value = -middle(&sketch->negative, i);
            return fmin(fmax(value, sketch->low), sketch->high);
        }
    if ((seen += sketch->n_zero) > rank) return 0.0;
    for (int32_t i = 0; i < sketch->positive.n; i++)
        if ((seen += sketch->positive.count[i]) > rank) {
            value = middle(&sketch->positive, i);
            break;
        }
    return fmin(fmax(value, sketch->low), sketch->high);
}

double coley_sketch_quantile(const coley_sketch *sketch, double p)
{
    if (!sketch->n) return NAN;
    const double at = p * (double)(sketch->n - 1), below = floor(at);
    const double a = ranked(sketch, (uint64_t)below);
    if (at == below) return a;
    return a + (at - below) * (ranked(sketch, (uint64_t)below + 1) - a);
}

double coley_sketch_error(const coley_sketch *sketch)
{
    const int joined =
        sketch->positive.joined > sketch->negative.joined ? sketch->positive.joined : sketch->negative.joined;
    return ldexp(1.0, joined - DIGITS - 1);
}
