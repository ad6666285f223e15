/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spatial.c -- see spatial.h. Sums go bin by bin in a fixed order: the same bits always. */
#include "assay/spatial.h"

#include <math.h>
#include <stdint.h>

#include "math/quantile.h"

coley_window coley_window_of(const coley_points *p)
{
    coley_window w = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < p->n; i++) {
        w.x0 = fmin(w.x0, p->x[i]), w.x1 = fmax(w.x1, p->x[i]);
        w.y0 = fmin(w.y0, p->y[i]), w.y1 = fmax(w.y1, p->y[i]);
    }
    return w;
}

static inline size_t bin_of(double at, double from, double side, size_t n)
{
    const double bin = (at - from) / side;
    return bin < 0 ? 0 : bin >= (double)n ? n - 1 : (size_t)bin;
}

static size_t bin_at(const coley_grid *g, double x, double y)
{
    return bin_of(y, g->y0, g->side, g->n_y) * g->n_x + bin_of(x, g->x0, g->side, g->n_x);
}

coley_status coley_grid_make(coley_arena *arena, const coley_points *p, double side, coley_grid *g, coley_error *err)
{
    const coley_window w = coley_window_of(p);
    *g = (coley_grid){.n = p->n, .n_x = 1, .n_y = 1, .x0 = p->n ? w.x0 : 0, .y0 = p->n ? w.y0 : 0, .side = side};
    if (p->n) {
        const double most = 4.0 * (double)p->n + 64;
        while ((floor((w.x1 - w.x0) / g->side) + 1) * (floor((w.y1 - w.y0) / g->side) + 1) > most) g->side *= 1.5;
        g->n_x = (size_t)floor((w.x1 - w.x0) / g->side) + 1;
        g->n_y = (size_t)floor((w.y1 - w.y0) / g->side) + 1;
    }
    const size_t n_bins = g->n_x * g->n_y;
    g->first = COLEY_NEW(arena, size_t, n_bins + 2);
    g->x = COLEY_NEW(arena, double, p->n);
    g->y = COLEY_NEW(arena, double, p->n);
    g->place = COLEY_NEW(arena, size_t, p->n);
    if (!g->first || !g->x || !g->y || !g->place) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < p->n; i++) g->first[bin_at(g, p->x[i], p->y[i]) + 2]++;
    for (size_t b = 2; b < n_bins + 2; b++) g->first[b] += g->first[b - 1];
    for (size_t i = 0; i < p->n; i++) { /* first[b + 1] runs through the bin and ends as its end */
        const size_t to = g->first[bin_at(g, p->x[i], p->y[i]) + 1]++;
        g->x[to] = p->x[i];
        g->y[to] = p->y[i];
        g->place[to] = i;
    }
    return COLEY_OK;
}

/* --- nearest -------------------------------------------------------------------------------------------------------
 */

typedef struct search {
    double x, y, best; /* squared */
    size_t skip, place;
} search;

static void search_bins(const coley_grid *g, ptrdiff_t row, ptrdiff_t from, ptrdiff_t to, search *s)
{
    if (row < 0 || row >= (ptrdiff_t)g->n_y) return;
    if (from < 0) from = 0;
    if (to >= (ptrdiff_t)g->n_x) to = (ptrdiff_t)g->n_x - 1;
    if (from > to) return;
    const size_t begin = g->first[(size_t)row * g->n_x + (size_t)from],
                 end = g->first[(size_t)row * g->n_x + (size_t)to + 1];
    for (size_t i = begin; i < end; i++) {
        const double dx = g->x[i] - s->x, dy = g->y[i] - s->y, d = dx * dx + dy * dy;
        if ((d < s->best || (d == s->best && g->place[i] < s->place)) && g->place[i] != s->skip) {
            s->best = d;
            s->place = g->place[i];
        }
    }
}

/* fmax and fmin without their care for NaN, which costs a call each. */
static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

static inline double smaller(double a, double b)
{
    return a < b ? a : b;
}

double coley_grid_nearest(const coley_grid *g, double x, double y, double reach, size_t skip, size_t *place)
{
    search s = {.x = x, .y = y, .best = reach * reach, .skip = skip, .place = SIZE_MAX};
    const double cx = floor((x - g->x0) / g->side), cy = floor((y - g->y0) / g->side);
    const double end_x = (double)(g->n_x - 1), end_y = (double)(g->n_y - 1);
    /* Rings of bins around the bin of (x, y), which may lie outside: all of ring k is at least `clear` away. */
    const double first = larger(larger(0, larger(-cx, cx - end_x)), larger(-cy, cy - end_y));
    const double last = larger(larger(cx, end_x - cx), larger(cy, end_y - cy));
    const double edge_x = x - (g->x0 + cx * g->side), edge_y = y - (g->y0 + cy * g->side);
    const double inside = smaller(smaller(edge_x, g->side - edge_x), smaller(edge_y, g->side - edge_y));
    const ptrdiff_t col = (ptrdiff_t)cx, row = (ptrdiff_t)cy;
    for (ptrdiff_t ring = (ptrdiff_t)first; ring <= (ptrdiff_t)last; ring++) {
        const double clear = ring == 0 ? 0 : (double)(ring - 1) * g->side + larger(0, inside);
        if (clear * clear > s.best) break;
        search_bins(g, row - ring, col - ring, col + ring, &s);
        if (ring) search_bins(g, row + ring, col - ring, col + ring, &s);
        const ptrdiff_t low = row - ring + 1 > 0 ? row - ring + 1 : 0;
        const ptrdiff_t high = row + ring < (ptrdiff_t)g->n_y ? row + ring : (ptrdiff_t)g->n_y;
        for (ptrdiff_t other = low; other < high; other++) {
            search_bins(g, other, col - ring, col - ring, &s);
            search_bins(g, other, col + ring, col + ring, &s);
        }
    }
    if (place) *place = s.place;
    return s.place == SIZE_MAX ? INFINITY : sqrt(s.best);
}

/* --- neighbourhoods ------------------------------------------------------------------------------------------------
 */

/* Columns and rows of bins that a square of half side r touches. */
typedef struct block {
    size_t col0, col1, row0, row1;
} block;

static block block_around(const coley_grid *g, double x, double y, double r)
{
    return (block){bin_of(x - r, g->x0, g->side, g->n_x), bin_of(x + r, g->x0, g->side, g->n_x),
                   bin_of(y - r, g->y0, g->side, g->n_y), bin_of(y + r, g->y0, g->side, g->n_y)};
}

void coley_grid_count(const coley_grid *g, double x, double y, double r, const unsigned char *flag, size_t *n_flag,
                      size_t *n_all)
{
    const block b = block_around(g, x, y, r);
    *n_flag = *n_all = 0;
    for (size_t row = b.row0; row <= b.row1; row++)
        for (size_t i = g->first[row * g->n_x + b.col0]; i < g->first[row * g->n_x + b.col1 + 1]; i++) {
            const double dx = g->x[i] - x, dy = g->y[i] - y;
            const int within = dx * dx + dy * dy <= r * r;
            *n_all += (size_t)within;
            *n_flag += (size_t)(within && flag[g->place[i]]);
        }
}

static size_t count_keys(const coley_grid *g)
{
    size_t n = 0;
    if (!g->key) return g->n;
    for (size_t i = 0; i < g->n; i++) n += g->keys >> g->key[i] & 1;
    return n;
}

void coley_cross_k(const coley_points *from, const coley_grid *to, int same, const coley_window *w, const double *r,
                   size_t n_r, double *k)
{
    const double width = w->x1 - w->x0, height = w->y1 - w->y0, area = width * height, most = n_r ? r[n_r - 1] : 0;
    for (size_t i = 0; i < n_r; i++) k[i] = 0;
    for (size_t a = 0; a < from->n; a++) {
        const double x = from->x[a], y = from->y[a];
        const block b = block_around(to, x, y, most);
        for (size_t row = b.row0; row <= b.row1; row++)
            for (size_t i = to->first[row * to->n_x + b.col0]; i < to->first[row * to->n_x + b.col1 + 1]; i++) {
                const double dx = to->x[i] - x, dy = to->y[i] - y, d = dx * dx + dy * dy;
                if (d > most * most || (same && to->place[i] == a)) continue;
                if (to->key && !(to->keys >> to->key[to->place[i]] & 1)) continue;
                size_t at = n_r - 1;
                while (at > 0 && d <= r[at - 1] * r[at - 1]) at--;
                k[at] += area / ((width - fabs(dx)) * (height - fabs(dy)));
            }
    }
    const double n_to = (double)count_keys(to), pairs = (double)from->n * (same ? n_to - 1 : n_to);
    for (size_t i = 1; i < n_r; i++) k[i] += k[i - 1];
    for (size_t i = 0; i < n_r; i++) k[i] = pairs > 0 ? k[i] * area / pairs : NAN;
}

/* --- distances to the nearest --------------------------------------------------------------------------------------
 */

coley_status coley_nearest_make(coley_arena *scratch, const coley_points *from, const coley_grid *to,
                                const coley_window *w, const double *r, size_t n_r, double *g, coley_nearest *nearest,
                                coley_error *err)
{
    double *distance = COLEY_NEW(scratch, double, from->n), *seen = COLEY_NEW(scratch, double, n_r);
    double *within = COLEY_NEW(scratch, double, n_r), sum = 0;
    const double half = 0.5;
    *nearest = (coley_nearest){NAN, NAN};
    if (!distance || !seen || !within) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_r; i++) g[i] = NAN;
    if (!from->n || !to->n) return COLEY_OK;
    for (size_t a = 0; a < from->n; a++) {
        const double x = from->x[a], y = from->y[a];
        const double edge = fmin(fmin(x - w->x0, w->x1 - x), fmin(y - w->y0, w->y1 - y));
        distance[a] = coley_grid_nearest(to, x, y, INFINITY, SIZE_MAX, NULL);
        sum += distance[a];
        for (size_t i = 0; i < n_r; i++) {
            seen[i] += edge >= r[i];
            within[i] += edge >= r[i] && distance[a] <= r[i];
        }
    }
    for (size_t i = 0; i < n_r; i++) g[i] = seen[i] > 0 ? within[i] / seen[i] : NAN;
    nearest->mean_um = sum / (double)from->n;
    coley_quantiles(distance, from->n, &half, 1, &nearest->median_um);
    return COLEY_OK;
}
