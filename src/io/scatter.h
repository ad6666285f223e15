/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scatter.h -- points with error bars and a curve with its band over any axis, as inline SVG in the page's style
 * (colours are those of io/plot.h). */
#ifndef COLEY_IO_SCATTER_H
#define COLEY_IO_SCATTER_H

#include <stddef.h>

#include "base/text.h"

typedef struct coley_scatter_points {
    const char *label; /* NULL: not in the legend */
    int colour;        /* 0 to 7, or -1 */
    int large;
    size_t n;
    const double *x, *y, *low, *high; /* low, high: ends of error bars, or NULL */
} coley_scatter_points;

typedef struct coley_scatter {
    const char *alt;
    const char *x_name, *y_name;
    double x_low, x_high, y_low, y_high; /* NaN: from the data */
    int x_log;
    size_t n_places; /* x is 0, 1, ... of these names in place of a number */
    const char *const *place;
    size_t n_series;
    const coley_scatter_points *series;
    size_t n_curve;
    const double *curve_x, *curve_y, *curve_low, *curve_high;
    int height; /* [px]; 0: 240 */
} coley_scatter;

void coley_scatter_draw(const coley_scatter *scatter, coley_text *out);

/* A surface over two axes: value [rows*columns], row 0 at the bottom, the largest darkest; one point marked, in shares
 * of the axes. */
typedef struct coley_surface {
    const char *alt, *x_name, *y_name;
    double x_low, x_high, y_low, y_high;
    int x_log, y_log;
    size_t rows, columns;
    const double *value;
    double mark_x, mark_y;
} coley_surface;

void coley_surface_draw(const coley_surface *surface, coley_text *out);

#endif
