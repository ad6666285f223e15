/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sobol_directions.h -- the table behind math/design.c. */
#ifndef COLEY_MATH_SOBOL_DIRECTIONS_H
#define COLEY_MATH_SOBOL_DIRECTIONS_H

#include <stdint.h>

enum { COLEY_SOBOL_DIMENSIONS = 256, COLEY_SOBOL_DEGREE = 11 };

typedef struct coley_sobol_row {
    uint8_t degree;
    uint16_t inner;
    uint16_t m[COLEY_SOBOL_DEGREE];
} coley_sobol_row;

/* Row i is dimension i + 2; dimension 1 is van der Corput's. */
extern const coley_sobol_row coley_sobol_rows[COLEY_SOBOL_DIMENSIONS - 1];

#endif
