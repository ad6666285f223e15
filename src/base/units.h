/* SPDX-License-Identifier: GPL-3.0-or-later */
/* units.h -- units of measure as people write them, and conversions that refuse to mix dimensions.
 *
 * A unit is 10^decade * scale * product of dimension^power, in Coley's own units: um, day, mg, nM * um^3, cell, Gy.
 * Decades are kept apart as integers so that 200 mg is 0.2 g to the last bit.
 *
 * Text: names with SI prefixes, joined by * (or a dot or a space), / and powers: "mg/kg", "1/day", "10^6 cell/mL",
 * "um2", "1/(nM*day)", "mL/min/1.73 m^2", "%". A space binds tighter than / ; * and / are read from left to right.
 * Names as models declare them are read too: "nmol_per_cell_day" is nmol/(cell day).
 * kg is a body's mass and never mixes with mg: a dose per kg is not a pure number. */
#ifndef COLEY_BASE_UNITS_H
#define COLEY_BASE_UNITS_H

#include <stddef.h>

#include "base/status.h"

/* name, how a message calls it */
#define COLEY_DIMENSION_LIST(X)                                                                    \
    X(LENGTH, "length")                                                                            \
    X(TIME, "time")                                                                                \
    X(MASS, "mass")                                                                                \
    X(BODY, "body mass")                                                                           \
    X(SUBSTANCE, "substance")                                                                      \
    X(CELL, "cells")                                                                               \
    X(DOSE, "radiation dose")                                                                      \
    X(BASE, "DNA bases")                                                                           \
    X(ACTIVITY, "international units")                                                             \
    X(VIRUS, "plaque-forming units")                                                               \
    X(TEMPERATURE, "temperature")                                                                  \
    X(LIMIT, "upper limits of normal")

typedef enum coley_dimension {
#define COLEY_DIMENSION_ENUM(name, text) COLEY_DIMENSION_##name,
    COLEY_DIMENSION_LIST(COLEY_DIMENSION_ENUM)
#undef COLEY_DIMENSION_ENUM
    COLEY_DIMENSION_COUNT
} coley_dimension;

typedef struct coley_unit {
    double scale;
    int decade;
    signed char power[COLEY_DIMENSION_COUNT];
} coley_unit;

/* The whole of `text` as a unit. */
COLEY_MUST_CHECK coley_status coley_unit_parse(const char *text, coley_unit *unit, coley_error *err);

/* True when both have the same dimensions, so that one converts to the other. */
int coley_unit_compatible(const coley_unit *a, const coley_unit *b);

/* Dimensions in words, "mass per length^3", into buffer of `size` bytes; "a pure number" when there are none. */
void coley_unit_dimensions(const coley_unit *unit, char *buffer, size_t size);

/* A value of unit `from` in unit `to`; fails naming both dimensions when they clash. */
COLEY_MUST_CHECK coley_status coley_unit_convert(double value, const char *from, const char *to, double *out,
                                                 coley_error *err);

/* "200 mg" into its number and its unit text, which points into `text` ("" when there is none). */
COLEY_MUST_CHECK coley_status coley_quantity_split(const char *text, double *value, const char **unit,
                                                   coley_error *err);

/* "200 mg" as a number of unit `to`. A number without a unit is an error unless `to` is a pure number. */
COLEY_MUST_CHECK coley_status coley_quantity_parse(const char *text, const char *to, double *value, coley_error *err);

#endif
