/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.h -- a line chart in characters, for a quick look in a terminal. */
#ifndef COLEY_BASE_CHART_H
#define COLEY_BASE_CHART_H

#include "base/text.h"

enum { COLEY_CHART_MAX_WIDTH = 200, COLEY_CHART_MAX_HEIGHT = 60 };

/* Everything is borrowed. */
typedef struct coley_chart {
    const char *title; /* or NULL */
    const char *x_label;
    size_t width, height; /* characters inside the axes; at least 10 and 3, cut to the limits above */
    int ascii;            /* * + o x for the first four series in place of braille dots, four times two a character */
    size_t n;             /* points of each series */
    const double *x;      /* ascending */
    size_t n_series;
    const double *const *y; /* NaN breaks the line */
} coley_chart;

/* Draw it; a chart without a finite point says so in a line. */
void coley_chart_draw(const coley_chart *chart, coley_text *text);

#endif
