/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colours.h -- colours that colour-blind readers tell apart, and a scale on which equal steps look equal. */
#ifndef COLEY_IO_COLOURS_H
#define COLEY_IO_COLOURS_H

#include <stddef.h>
#include <stdint.h>

#include "io/tissue_frame.h"

typedef struct coley_rgb {
    uint8_t r, g, b;
} coley_rgb;

/* Colour of a type: its own, else by its place among the frame's types, which is the same all through a run: the first
 * eight are those of Okabe and Ito (2008, Color Universal Design), further ones steps in hue. */
coley_rgb coley_colour_of_type(const coley_tissue_frame *frame, size_t type, int dark);

/* From 0 (low) to 1, for what lies under the cells: lightness falls evenly from nearly white; in dark pictures it grows
 * evenly from nearly black. */
coley_rgb coley_colour_of_level(double level, int dark);

/* `share` of b over a. */
coley_rgb coley_colour_mix(coley_rgb a, coley_rgb b, double share);

#endif
