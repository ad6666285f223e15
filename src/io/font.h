/* SPDX-License-Identifier: GPL-3.0-or-later */
/* font.h -- outlines of letters for pictures. */
#ifndef COLEY_IO_FONT_H
#define COLEY_IO_FONT_H

#include <stdint.h>

typedef struct coley_glyph {
    uint32_t code;         /* Unicode */
    int16_t advance;       /* to the next letter, thousandths of the em */
    uint16_t first, count; /* points */
} coley_glyph;

/* The letter of that code, or a question mark; its points, as font.c says, go to `point`. */
coley_glyph coley_font_glyph(uint32_t code, int bold, const int16_t **point);

#endif
