/* SPDX-License-Identifier: GPL-3.0-or-later */
/* design.h -- points of the unit cube for a population: coordinate (i, dimension) is a function of the design alone, so
 * that any thread computes any point and nothing is kept.
 *
 * sobol: Sobol's sequence with Joe's and Kuo's directions (math/sobol_directions.h) under Owen's nested uniform
 *   scrambling (Owen AB. Randomly permuted (t,m,s)-nets and (t,s)-sequences. 1995): 32 binary digits, each flipped by a
 *   hash of the digits before it; below them a uniform number. The first n points do not depend on n; any 2^k of them
 *   from a multiple of 2^k on have one in each 1/2^k of every axis.
 * lhs: n strata an axis, each with one point; the permutation is a Feistel network walked until it is below n.
 * random: independent uniform numbers. */
#ifndef COLEY_MATH_DESIGN_H
#define COLEY_MATH_DESIGN_H

#include <stddef.h>
#include <stdint.h>

typedef enum coley_design_kind { COLEY_DESIGN_SOBOL, COLEY_DESIGN_LHS, COLEY_DESIGN_RANDOM } coley_design_kind;

typedef struct coley_design {
    coley_design_kind kind;
    uint64_t seed;
    uint64_t n; /* points; matters to lhs alone */
} coley_design;

/* Most axes of a kind, and most points. */
size_t coley_design_most_axes(coley_design_kind kind);
uint64_t coley_design_most_points(coley_design_kind kind);

/* Coordinate of point i on an axis, in the open interval (0, 1). */
double coley_design_coordinate(const coley_design *design, uint64_t i, size_t axis);

/* Sobol's sequence itself, 32 digits, without scrambling: point 0 is the origin, 1 the middle. */
uint32_t coley_sobol_digits(uint64_t i, size_t axis);

#endif
