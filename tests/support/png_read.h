/* SPDX-License-Identifier: GPL-3.0-or-later */
/* png_read.h -- a PNG as libpng reads it. */
#ifndef COLEY_TESTS_PNG_READ_H
#define COLEY_TESTS_PNG_READ_H

#include <png.h>
#include <string.h>

#include "base/alloc.h"
#include "io/raster.h"

/* rgb is NULL if libpng refuses it. */
static inline coley_raster png_read(coley_arena *arena, const void *bytes, size_t length)
{
    coley_raster r = {0};
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_memory(&image, bytes, length)) return r;
    image.format = PNG_FORMAT_RGB;
    r.width = (int)image.width;
    r.height = (int)image.height;
    r.rgb = coley_arena_alloc(arena, PNG_IMAGE_SIZE(image));
    if (!png_image_finish_read(&image, NULL, r.rgb, 0, NULL)) r.rgb = NULL;
    return r;
}

static inline coley_rgb pixel_at(const coley_raster *r, int x, int y)
{
    const uint8_t *p = r->rgb + 3 * ((size_t)y * (size_t)r->width + (size_t)x);
    return (coley_rgb){p[0], p[1], p[2]};
}

#endif
