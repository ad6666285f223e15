/* SPDX-License-Identifier: GPL-3.0-or-later */
/* png.h -- a picture as PNG, and the pieces of which an animated one is made (PNG specification, third edition). */
#ifndef COLEY_IO_PNG_H
#define COLEY_IO_PNG_H

#include "base/status.h"
#include "base/text.h"
#include "io/raster.h"

typedef struct coley_png_part {
    int x, y, width, height;
} coley_png_part;

/* The eight bytes that a PNG begins with. */
void coley_png_add_signature(coley_text *out);

/* One chunk: its length, name, bytes and checksum. */
void coley_png_add_chunk(coley_text *out, const char name[4], const void *bytes, size_t length);

/* Width, height, 8 bits of red, green and blue. */
void coley_png_add_header(coley_text *out, int width, int height);

/* A part of a picture, filtered and compressed, behind `length` bytes of `before` in one chunk. */
void coley_png_add_pixels(coley_text *out, const char name[4], const void *before, size_t length,
                          const coley_raster *picture, coley_png_part part);

/* 32 bits, the high ones first. */
void coley_png_word(uint8_t bytes[4], uint32_t value);

/* The whole picture as a file that appears whole. */
COLEY_MUST_CHECK coley_status coley_png_write(coley_arena *scratch, const coley_raster *picture, const char *path,
                                              coley_error *err);

#endif
