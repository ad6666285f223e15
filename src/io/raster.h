/* SPDX-License-Identifier: GPL-3.0-or-later */
/* raster.h -- a picture in memory and what is drawn on it, each edge smoothed by the share of the pixel that it covers.
 *
 * x goes right and y down, in pixels; pixel (0, 0) covers 0 to 1. Nothing is drawn outside the clip. The same calls
 * give the same bytes. */
#ifndef COLEY_IO_RASTER_H
#define COLEY_IO_RASTER_H

#include "base/alloc.h"
#include "io/colours.h"

typedef struct coley_raster {
    int width, height;
    int clip[4];  /* x from, y from, x to, y to */
    uint8_t *rgb; /* [height][width][3] */
} coley_raster;

/* A picture of one colour; rgb is NULL when there is no memory. */
coley_raster coley_raster_create(coley_arena *arena, int width, int height, coley_rgb colour);

void coley_raster_clip(coley_raster *r, int x0, int y0, int x1, int y1);
void coley_raster_unclip(coley_raster *r);

/* `share` of the colour over what is there. */
static inline void coley_raster_blend(coley_raster *r, int x, int y, coley_rgb c, float share)
{
    uint8_t *p = r->rgb + 3 * ((size_t)y * (size_t)r->width + (size_t)x);
    const int part = (int)(share * 256.0F + 0.5F);
    p[0] = (uint8_t)((p[0] * (256 - part) + c.r * part + 128) / 256);
    p[1] = (uint8_t)((p[1] * (256 - part) + c.g * part + 128) / 256);
    p[2] = (uint8_t)((p[2] * (256 - part) + c.b * part + 128) / 256);
}

void coley_raster_box(coley_raster *r, double x0, double y0, double x1, double y1, coley_rgb c);
void coley_raster_disc(coley_raster *r, double x, double y, double radius, coley_rgb c, double share);
/* A ball lit from the upper left; `fade` of `into` lies over it, as mist does. */
void coley_raster_ball(coley_raster *r, double x, double y, double radius, coley_rgb c, coley_rgb into, double fade);
/* A ring, `width` wide, inside the radius. */
void coley_raster_ring(coley_raster *r, double x, double y, double radius, double width, coley_rgb c, double share);
void coley_raster_line(coley_raster *r, double x0, double y0, double x1, double y1, double width, coley_rgb c,
                       double share);

typedef enum coley_text_side { COLEY_TEXT_LEFT, COLEY_TEXT_MIDDLE, COLEY_TEXT_RIGHT } coley_text_side;

typedef struct coley_text_style {
    double size; /* of the em [px] */
    int bold;
    coley_text_side side; /* where x is */
    coley_rgb colour;
} coley_text_style;

/* UTF-8 with its base line at y. */
void coley_raster_text(coley_raster *r, double x, double y, coley_text_style style, const char *text);
double coley_raster_text_width(coley_text_style style, const char *text);

#endif
