/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot.h -- line charts and time tracks as inline SVG: no script, no font, nothing from elsewhere.
 *
 * Every chart of a page has the same margins and the same time axis, so that charts under one another line up. Each is
 * drawn twice, wide and narrow, and the page's style shows one: text keeps its size on a phone. Colours are names of
 * the style (c0 to c7, Okabe and Ito's set), so that light, dark and print are decided there. A value that is not known
 * (NaN) is a gap, never a bridge. */
#ifndef COLEY_IO_PLOT_H
#define COLEY_IO_PLOT_H

#include <stddef.h>

#include "base/text.h"

enum { COLEY_PLOT_COLOURS = 8, COLEY_PLOT_MUTED = -1 };

typedef enum coley_plot_size { COLEY_PLOT_WIDE, COLEY_PLOT_NARROW } coley_plot_size;

typedef enum coley_marker {
    COLEY_MARKER_NONE,
    COLEY_MARKER_CIRCLE,
    COLEY_MARKER_SQUARE,
    COLEY_MARKER_TRIANGLE,
    COLEY_MARKER_DIAMOND,
    COLEY_MARKER_DOWN, /* triangle on its tip */
    COLEY_MARKER_STAR,
} coley_marker;

typedef struct coley_plot_line {
    const char *label; /* NULL: not in the legend */
    const double *x, *y;
    size_t n;
    int colour; /* 0 to 7, or COLEY_PLOT_MUTED */
    int weight; /* 0 no line, 1 thin, 2 plain, 3 bold */
    int dashed;
    coley_marker marker;                           /* at every point */
    int hollow;                                    /* markers */
    const char *const *tip;                        /* [n] what hovering a marker tells, or NULL */
    const double *low90, *high90, *low50, *high50; /* [n] bands, or NULL */
} coley_plot_line;

/* A level with a name, as RECIST's -30 %. */
typedef struct coley_plot_level {
    double y;
    const char *label;
    int colour;
} coley_plot_level;

/* A row of whole numbers under the time axis, as the people at risk under survival curves: at each tick the value of the
 * first day that is not before it, 0 after the last. */
typedef struct coley_plot_count {
    const char *label;
    int colour;
    size_t n;
    const double *day;   /* [n] ascending */
    const size_t *value; /* [n] */
} coley_plot_count;

typedef struct coley_plot {
    const char *alt;  /* the chart in words, for those who do not see it */
    const char *unit; /* above the value axis */
    double day_low, day_high;
    const char *time_name; /* unit of the time axis and its days; NULL: by its length */
    double time_days;
    double low, high; /* value axis; NaN: from the data */
    int logarithmic;
    int height;            /* of the plot alone [px] */
    int no_axis;           /* leave the time axis to the next chart below */
    double shade_from_day; /* the forecast's part; NaN: none */
    size_t n_lines, n_levels, n_guides;
    const coley_plot_line *line;
    const coley_plot_level *level;
    const double *guide_day; /* thin upright lines: scans */
    const char *counts_title; /* above the rows of numbers, "at risk" */
    size_t n_counts;
    const coley_plot_count *count;
} coley_plot;

void coley_plot_draw(const coley_plot *plot, coley_plot_size size, coley_text *out);

/* n >= 1 charts under one another as a drawing that stands alone, wide, with its own style. */
void coley_plot_sheet(const coley_plot *plot, size_t n, const char *alt, coley_text *out);

/* The lines' names with a sample of each, as HTML. */
void coley_plot_legend(const coley_plot *plot, coley_text *out);

/* One piece of a track: from day to day a box, at one day a tick. */
typedef struct coley_plot_item {
    double from_day, to_day;
    const char *style; /* a class of the page's style */
    const char *text;  /* inside the box where it fits, or NULL */
    const char *tip;
} coley_plot_item;

/* A row under a chart: boxes and ticks, or a filled curve from 0 to its maximum. */
typedef struct coley_plot_track {
    const char *label, *note; /* beside the row (above it when narrow); note may be NULL */
    size_t n_items;
    const coley_plot_item *item;
    const double *x, *y; /* curve [n], or NULL */
    size_t n;
    int colour;
    int height; /* [px] */
} coley_plot_track;

typedef struct coley_plot_tracks {
    const char *alt;
    double day_low, day_high;
    int axis; /* draw the time axis below */
    size_t n_tracks, n_guides;
    const coley_plot_track *track;
    const double *guide_day;
} coley_plot_tracks;

void coley_plot_tracks_draw(const coley_plot_tracks *tracks, coley_plot_size size, coley_text *out);

/* A number as people read it: three digits, groups of thousands, powers of ten outside 0.001 to a million; "not known"
 * values are a dash. */
typedef struct coley_figure {
    char text[48];
} coley_figure;
coley_figure coley_figure_of(double value);

/* A day of the course in the unit that the axis uses: "week 12", "day 5", "month 30". */
coley_figure coley_figure_day(double day, double day_high);

#endif
