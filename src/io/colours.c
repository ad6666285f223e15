/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colours.c -- Okabe and Ito's set for types; for levels a path through Oklab (Ottosson 2020, "A perceptual color space
 * for image processing"), a space in which lightness L, chroma and hue are as people see them. The path has L in even
 * steps and, as viridis has (van der Walt and Smith 2015), yellow, green, blue and violet in this order, with less
 * chroma, since cells lie on it. */
#include "io/colours.h"

#include <math.h>
#include <stdio.h>

static uint8_t code_of(double light)
{
    const double v = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
    return (uint8_t)(255.0 * (v < 0 ? 0 : v > 1 ? 1 : v) + 0.5);
}

/* Ottosson's matrices; hue in degrees. */
static coley_rgb of_oklch(double lightness, double chroma, double hue)
{
    const double a = chroma * cos(hue * 0.017453292519943295), b = chroma * sin(hue * 0.017453292519943295);
    const double l = lightness + 0.3963377774 * a + 0.2158037573 * b;
    const double m = lightness - 0.1055613458 * a - 0.0638541728 * b;
    const double s = lightness - 0.0894841775 * a - 1.2914855480 * b;
    const double l3 = l * l * l, m3 = m * m * m, s3 = s * s * s;
    return (coley_rgb){code_of(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3),
                       code_of(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3),
                       code_of(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3)};
}

coley_rgb coley_colour_of_type(const coley_tissue_frame *frame, size_t type, int dark)
{
    static const coley_rgb okabe_ito[8] = {{0x00, 0x72, 0xb2}, {0xd5, 0x5e, 0x00}, {0x00, 0x9e, 0x73},
                                           {0xcc, 0x79, 0xa7}, {0xe6, 0x9f, 0x00}, {0x56, 0xb4, 0xe9},
                                           {0xf0, 0xe4, 0x42}, {0x4d, 0x4d, 0x4d}};
    unsigned r, g, b;
    const char *own = frame->type[type].colour;
    if (own && sscanf(own, "#%2x%2x%2x", &r, &g, &b) == 3) return (coley_rgb){(uint8_t)r, (uint8_t)g, (uint8_t)b};
    if (type == 7 && dark) return (coley_rgb){0xc3, 0xc9, 0xd0}; /* black, where black is not seen */
    if (type < 8) return okabe_ito[type];
    /* The golden angle never comes back near to where it was. */
    const size_t k = type - 8;
    return of_oklch(k % 2 ? 0.72 : 0.55, 0.13, fmod(20.0 + 137.50776405 * (double)k, 360.0));
}

typedef struct level_path {
    double low[3], high[3]; /* lightness, chroma, hue */
} level_path;

coley_rgb coley_colour_of_level(double level, int dark)
{
    static const level_path white = {{0.985, 0.015, 105}, {0.72, 0.075, 280}};
    static const level_path black = {{0.17, 0.025, 290}, {0.50, 0.075, 190}};
    const level_path *path = dark ? &black : &white;
    const double at = !(level > 0) ? 0 : level > 1 ? 1 : level;
    double v[3];
    for (int i = 0; i < 3; i++) v[i] = path->low[i] + at * (path->high[i] - path->low[i]);
    return of_oklch(v[0], v[1], v[2]);
}

coley_rgb coley_colour_mix(coley_rgb a, coley_rgb b, double share)
{
    const double keep = 1 - share;
    return (coley_rgb){(uint8_t)(a.r * keep + b.r * share + 0.5), (uint8_t)(a.g * keep + b.g * share + 0.5),
                       (uint8_t)(a.b * keep + b.b * share + 0.5)};
}
