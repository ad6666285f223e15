/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spatial.h -- points in the plane: nearest neighbours and cross-K, on a grid, with edges corrected.
 *
 *     K_ij(r) = A / (n_i n_j) sum over pairs (a of i, b of j, |a - b| <= r) of A / ((W - |dx|) (H - |dy|))
 *     G_ij(r) = share of the a with b_a >= r whose nearest b lies within r;   b_a: distance of a from the edge
 *
 * in a window of W x H = A (Ripley 1976, translation correction of Ohser 1983; border method). Without order between
 * the types K is pi r^2. */
#ifndef COLEY_ASSAY_SPATIAL_H
#define COLEY_ASSAY_SPATIAL_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

typedef struct coley_points {
    size_t n;
    const double *x, *y; /* um */
} coley_points;

typedef struct coley_window {
    double x0, y0, x1, y1;
} coley_window;

/* Smallest rectangle around the points. */
coley_window coley_window_of(const coley_points *points);

enum { COLEY_GRID_PAD = 4, COLEY_SPATIAL_MOST_RADII = 16 };

/* Points sorted into square bins. Owned by the arena. */
typedef struct coley_grid {
    size_t n, n_x, n_y;
    double x0, y0, side;
    size_t *first; /* [n_x * n_y + 1] places in the columns below */
    double *x, *y; /* [n + COLEY_GRID_PAD], bin by bin */
    size_t *place; /* [n] where each stood in the points */
    size_t *slot;  /* [n] of the points: where each stands in the columns above */
    /* For coley_cross_k, [n + COLEY_GRID_PAD] in the order of x and y: -1 for points that count, else 0; NULL: all do.
     */
    const int64_t *counts;
} coley_grid;

/* Bins of `side`, or larger when there would be many more bins than points. */
COLEY_MUST_CHECK coley_status coley_grid_make(coley_arena *arena, const coley_points *points, double side,
                                              coley_grid *grid, coley_error *err);

/* Distance from (x, y) to the nearest point, at most `reach` (infinity when none is within), and its place. `skip`: a
 * place that does not count, or SIZE_MAX. */
double coley_grid_nearest(const coley_grid *grid, double x, double y, double reach, size_t skip, size_t *place);

/* The same without `skip`, quick where the nearest point lies near the one in *slot, a place in the grid's columns or
 * SIZE_MAX, as for queries in a row. *slot becomes the nearest one's. */
double coley_grid_nearest_from(const coley_grid *grid, double x, double y, double reach, size_t *slot);

/* The nearest to each of n points x0 + (i + 1/2) step on a line of height y, within reach. place[i]: its place, or
 * SIZE_MAX; before, a guess of it or SIZE_MAX, such as what the line below had. */
void coley_grid_nearest_row(const coley_grid *grid, double x0, double step, size_t n, double y, double reach,
                            size_t *place);

/* Whether there is a point within r of (x, y). *guess, a place in the grid's columns, is looked at first and becomes
 * the one that was found. */
int coley_grid_any(const coley_grid *grid, double x, double y, double r, size_t *guess);

/* Points within r of (x, y) whose flag is set, and all of them. */
void coley_grid_count(const coley_grid *grid, double x, double y, double r, const unsigned char *flag, size_t *n_flag,
                      size_t *n_all);

/* K at radii r[0] <= r[1] <= ...; NaN without points, at most
 * COLEY_SPATIAL_MOST_RADII of them. `same`: a point is no pair with itself (from and to are the same
 * points, in the same order). */
void coley_cross_k(const coley_points *from, const coley_grid *to, int same, const coley_window *window,
                   const double *r, size_t n_r, double *k);

typedef struct coley_nearest {
    double mean_um, median_um; /* as seen, edges not corrected */
} coley_nearest;

/* Distances to the nearest `to`, and G at the radii (border correction). NaN without points. */
COLEY_MUST_CHECK coley_status coley_nearest_make(coley_arena *scratch, const coley_points *from, const coley_grid *to,
                                                 const coley_window *window, const double *r, size_t n_r, double *g,
                                                 coley_nearest *nearest, coley_error *err);

#endif
