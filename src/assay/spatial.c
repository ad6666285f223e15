/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spatial.c -- see spatial.h. Sums go bin by bin in a fixed order: the same bits always. */
#include "assay/spatial.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "math/isa.h"
#include "math/quantile.h"

/* fmax and fmin without a call each; the second where the first is no number. */
static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

static inline double smaller(double a, double b)
{
    return a < b ? a : b;
}

coley_window coley_window_of(const coley_points *p)
{
    coley_window w = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < p->n; i++) {
        w.x0 = smaller(p->x[i], w.x0), w.x1 = larger(p->x[i], w.x1);
        w.y0 = smaller(p->y[i], w.y0), w.y1 = larger(p->y[i], w.y1);
    }
    return w;
}

/* Four of them at a time; the compiler makes of it what the processor has. */
enum { LANES = COLEY_GRID_PAD };
typedef double lanes __attribute__((vector_size(8 * LANES)));
typedef int64_t lane_bits __attribute__((vector_size(8 * LANES)));

static inline size_t bin_of(double at, double from, double side, size_t n)
{
    const double bin = (at - from) / side;
    return bin < 0 ? 0 : bin >= (double)n ? n - 1 : (size_t)bin;
}

/* Bins are dealt out by a division; who looks for them by multiplication looks a hair wider. */
static const double hair = 1e-6;

static inline size_t clamp(double bin, size_t n)
{
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
    g->x = COLEY_NEW(arena, double, p->n + COLEY_GRID_PAD);
    g->y = COLEY_NEW(arena, double, p->n + COLEY_GRID_PAD);
    g->place = COLEY_NEW(arena, size_t, p->n);
    g->slot = COLEY_NEW(arena, size_t, p->n);
    if (!g->first || !g->x || !g->y || !g->place || !g->slot) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < p->n; i++) g->first[bin_at(g, p->x[i], p->y[i]) + 2]++;
    for (size_t b = 2; b < n_bins + 2; b++) g->first[b] += g->first[b - 1];
    for (size_t i = 0; i < p->n; i++) { /* first[b + 1] runs through the bin and ends as its end */
        const size_t to = g->first[bin_at(g, p->x[i], p->y[i]) + 1]++;
        g->x[to] = p->x[i];
        g->y[to] = p->y[i];
        g->place[to] = i;
        g->slot[i] = to;
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

double coley_grid_nearest(const coley_grid *g, double x, double y, double reach, size_t skip, size_t *place)
{
    search s = {.x = x, .y = y, .best = reach * reach, .skip = skip, .place = SIZE_MAX};
    if (place) *place = SIZE_MAX;
    if (!g->n) return INFINITY;
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

/* Rows of bins outward from the one of (x, y), as far as the best so far reaches. In bins, a hair wider than need be,
 * since the points were dealt out by a division. */
static void search_rows(const coley_grid *g, double reach, search *s, size_t *slot)
{
    const double per_side = 1 / g->side;
    const double col = (s->x - g->x0) * per_side, at = (s->y - g->y0) * per_side;
    const ptrdiff_t middle = (ptrdiff_t)clamp(at, g->n_y), n_rows = (ptrdiff_t)g->n_y;
    double bound = reach * per_side + hair;
    for (int up = 0; up < 2; up++)
        for (ptrdiff_t row = middle + up; row >= 0 && row < n_rows; row += up ? 1 : -1) {
            if (up ? (double)row - at > bound : row < middle && at - (double)(row + 1) > bound) break;
            const size_t *first = g->first + (size_t)row * g->n_x;
            const size_t begin = first[clamp(col - bound, g->n_x)], end = first[clamp(col + bound, g->n_x) + 1];
            const double before = s->best;
            for (size_t i = begin; i < end; i++) {
                const double dx = g->x[i] - s->x, dy = g->y[i] - s->y, d = dx * dx + dy * dy;
                if (d > s->best || (d == s->best && g->place[i] >= s->place)) continue;
                s->best = d;
                s->place = g->place[i];
                *slot = i;
            }
            if (s->best < before) bound = sqrt(s->best) * per_side + hair;
        }
}

double coley_grid_nearest_from(const coley_grid *g, double x, double y, double reach, size_t *slot)
{
    search s = {.x = x, .y = y, .best = reach * reach, .skip = SIZE_MAX, .place = SIZE_MAX};
    double bound = reach;
    if (!g->n) {
        *slot = SIZE_MAX;
        return INFINITY;
    }
    if (*slot != SIZE_MAX) {
        const double dx = g->x[*slot] - x, dy = g->y[*slot] - y, d = dx * dx + dy * dy;
        if (d <= s.best) {
            s.best = d;
            s.place = g->place[*slot];
            bound = sqrt(d);
        }
    }
    if (s.place == SIZE_MAX) *slot = SIZE_MAX;
    if (bound > 4 * g->side) { /* nothing near to start from: rings are quicker */
        const double best = coley_grid_nearest(g, x, y, reach, SIZE_MAX, &s.place);
        *slot = s.place == SIZE_MAX ? SIZE_MAX : g->slot[s.place];
        return best;
    }
    search_rows(g, bound, &s, slot);
    return s.place == SIZE_MAX ? INFINITY : sqrt(s.best);
}

/* As search_rows for four queries side by side. */
static inline __attribute__((always_inline)) void search_four(const coley_grid *g, const lanes *points, double y,
                                                              lanes *best, lane_bits *place)
{
    const lanes x = *points;
    const double per_side = 1 / g->side, at = (y - g->y0) * per_side;
    const ptrdiff_t middle = (ptrdiff_t)clamp(at, g->n_y), n_rows = (ptrdiff_t)g->n_y;
    const double left = (x[0] - g->x0) * per_side, right = (x[LANES - 1] - g->x0) * per_side;
    double bound = sqrt(larger(larger((*best)[0], (*best)[1]), larger((*best)[2], (*best)[3]))) * per_side + hair;
    for (int up = 0; up < 2; up++)
        for (ptrdiff_t row = middle + up; row >= 0 && row < n_rows; row += up ? 1 : -1) {
            if (up ? (double)row - at > bound : row < middle && at - (double)(row + 1) > bound) break;
            const size_t *first = g->first + (size_t)row * g->n_x;
            const size_t begin = first[clamp(left - bound, g->n_x)], end = first[clamp(right + bound, g->n_x) + 1];
            for (size_t i = begin; i < end; i++) {
                const lanes dx = g->x[i] - x;
                const double dy = g->y[i] - y;
                const lanes d = dx * dx + dy * dy;
                const int64_t its = (int64_t)g->place[i];
                const lane_bits better = (d < *best) | ((d == *best) & (its < *place));
                *best = (lanes)(((lane_bits)d & better) | ((lane_bits)*best & ~better));
                *place = (its & better) | (*place & ~better);
            }
        }
}

static inline __attribute__((always_inline)) void nearest_row(const coley_grid *g, double x0, double step, size_t n,
                                                              double y, double reach, size_t *place)
{
    for (size_t i = 0; i < n; i += LANES) {
        lanes x, best;
        lane_bits nearest;
        for (size_t l = 0; l < LANES; l++) {
            const size_t at = i + l < n ? i + l : n - 1, known = g->n ? place[at] : SIZE_MAX;
            x[l] = x0 + ((double)at + 0.5) * step;
            best[l] = reach * reach;
            nearest[l] = INT64_MAX;
            if (known == SIZE_MAX) continue;
            const double dx = g->x[g->slot[known]] - x[l], dy = g->y[g->slot[known]] - y, d = dx * dx + dy * dy;
            if (d > best[l]) continue;
            best[l] = d;
            nearest[l] = (int64_t)known;
        }
        if (g->n) search_four(g, &x, y, &best, &nearest);
        for (size_t l = 0; l < LANES && i + l < n; l++)
            place[i + l] = nearest[l] == INT64_MAX ? SIZE_MAX : (size_t)nearest[l];
    }
}

#if defined __x86_64__
static __attribute__((target("avx2"))) void nearest_row_avx2(const coley_grid *g, double x0, double step, size_t n,
                                                             double y, double reach, size_t *place)
{
    nearest_row(g, x0, step, n, y, reach, place);
}
#endif

void coley_grid_nearest_row(const coley_grid *g, double x0, double step, size_t n, double y, double reach,
                            size_t *place)
{
#if defined __x86_64__
    if (coley_isa_best() >= COLEY_ISA_AVX2) {
        nearest_row_avx2(g, x0, step, n, y, reach, place);
        return;
    }
#endif
    nearest_row(g, x0, step, n, y, reach, place);
}

static inline int is_within(const coley_grid *g, size_t i, double x, double y, double r)
{
    const double dx = g->x[i] - x, dy = g->y[i] - y;
    return sqrt(dx * dx + dy * dy) <= r;
}

int coley_grid_any(const coley_grid *g, double x, double y, double r, size_t *guess)
{
    if (!g->n) return 0;
    if (*guess < g->n && is_within(g, *guess, x, y, r)) return 1;
    const double per_side = 1 / g->side, col = (x - g->x0) * per_side, at = (y - g->y0) * per_side,
                 far = r * per_side + hair;
    const size_t row0 = clamp(at - far, g->n_y), row1 = clamp(at + far, g->n_y);
    const size_t col0 = clamp(col - far, g->n_x), col1 = clamp(col + far, g->n_x);
    for (size_t row = row0; row <= row1; row++)
        for (size_t i = g->first[row * g->n_x + col0]; i < g->first[row * g->n_x + col1 + 1]; i++) {
            if (!is_within(g, i, x, y, r)) continue;
            *guess = i;
            return 1;
        }
    return 0;
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

static size_t count_points(const coley_grid *g)
{
    size_t n = 0;
    if (!g->counts) return g->n;
    for (size_t i = 0; i < g->n; i++) n += g->counts[i] != 0;
    return n;
}

typedef struct pairs {
    const coley_grid *to;
    double x, y, width, height, area;
    size_t n_r;
    const double *r;
    lanes sum[COLEY_SPATIAL_MOST_RADII]; /* of the weights of pairs within each radius */
} pairs;

#define ALL_LANES(value) ((lanes){value, value, value, value})

/* Weights of the pairs with points begin to end of the grid. What stands behind `end` is read and not counted. */
static inline __attribute__((always_inline)) void add_pairs_as(pairs *s, size_t begin, size_t end)
{
    const coley_grid *to = s->to;
    const double most = s->r[s->n_r - 1];
    const lanes x = ALL_LANES(s->x), y = ALL_LANES(s->y), width = ALL_LANES(s->width), height = ALL_LANES(s->height);
    const lanes area = ALL_LANES(s->area), reach = ALL_LANES(most * most);
    const lane_bits positive = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}, place = {0, 1, 2, 3};
    for (size_t i = begin; i < end; i += LANES) {
        lanes at_x, at_y;
        memcpy(&at_x, to->x + i, sizeof at_x);
        memcpy(&at_y, to->y + i, sizeof at_y);
        const lanes dx = at_x - x, dy = at_y - y, d = dx * dx + dy * dy;
        const int64_t left = (int64_t)(end - i);
        lane_bits counts = (lane_bits)(d <= reach) & (left > place);
        if (to->counts) {
            lane_bits also;
            memcpy(&also, to->counts + i, sizeof also);
            counts &= also;
        }
        const lanes weight = (lanes)((lane_bits)(area / ((width - (lanes)((lane_bits)dx & positive)) *
                                                         (height - (lanes)((lane_bits)dy & positive)))) &
                                     counts);
        for (size_t j = 0; j < s->n_r; j++)
            s->sum[j] += (lanes)((lane_bits)weight & (lane_bits)(d <= ALL_LANES(s->r[j] * s->r[j])));
    }
}

#if defined __x86_64__
static __attribute__((target("avx2"))) void add_pairs_avx2(pairs *s, size_t begin, size_t end)
{
    add_pairs_as(s, begin, end);
}
#endif

static void add_pairs_portable(pairs *s, size_t begin, size_t end)
{
    add_pairs_as(s, begin, end);
}

/* Half of the circle's chord where it is widest within a row of bins. */
static double half_chord(const coley_grid *g, size_t row, double y, double r)
{
    const double low = g->y0 + (double)row * g->side, high = low + g->side;
    const double off = row > 0 && y < low ? low - y : row + 1 < g->n_y && y > high ? y - high : 0;
    return off < r ? sqrt(r * r - off * off) : 0;
}

void coley_cross_k(const coley_points *from, const coley_grid *to, int same, const coley_window *w, const double *r,
                   size_t n_r, double *k)
{
    const double width = w->x1 - w->x0, height = w->y1 - w->y0, area = width * height, most = n_r ? r[n_r - 1] : 0;
    const double per_side = 1 / to->side;
    pairs s = {.to = to, .width = width, .height = height, .area = area, .n_r = n_r, .r = r};
    void (*add_pairs)(pairs *, size_t, size_t) = add_pairs_portable;
#if defined __x86_64__
    if (coley_isa_best() >= COLEY_ISA_AVX2) add_pairs = add_pairs_avx2;
#endif
    for (size_t a = 0; a < from->n && n_r; a++) {
        s.x = from->x[a];
        s.y = from->y[a];
        const size_t self = same ? to->slot[a] : SIZE_MAX;
        const double col = (s.x - to->x0) * per_side, at = (s.y - to->y0) * per_side, far = most * per_side + hair;
        const size_t last = clamp(at + far, to->n_y);
        for (size_t row = clamp(at - far, to->n_y); row <= last; row++) {
            const double half = half_chord(to, row, s.y, most) * per_side + hair;
            const size_t *first = to->first + row * to->n_x;
            const size_t begin = first[clamp(col - half, to->n_x)], end = first[clamp(col + half, to->n_x) + 1];
            if (self >= begin && self < end) {
                add_pairs(&s, begin, self);
                add_pairs(&s, self + 1, end);
            } else {
                add_pairs(&s, begin, end);
            }
        }
    }
    const double n_to = (double)count_points(to), n_pairs = (double)from->n * (same ? n_to - 1 : n_to);
    for (size_t i = 0; i < n_r; i++) {
        k[i] = (s.sum[i][0] + s.sum[i][1]) + (s.sum[i][2] + s.sum[i][3]);
        k[i] = n_pairs > 0 ? k[i] * area / n_pairs : NAN;
    }
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
    size_t slot = SIZE_MAX;
    *nearest = (coley_nearest){NAN, NAN};
    if (!distance || !seen || !within) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_r; i++) g[i] = NAN;
    if (!from->n || !to->n) return COLEY_OK;
    for (size_t a = 0; a < from->n; a++) {
        const double x = from->x[a], y = from->y[a];
        const double edge = fmin(fmin(x - w->x0, w->x1 - x), fmin(y - w->y0, w->y1 - y));
        distance[a] = coley_grid_nearest_from(to, x, y, INFINITY, &slot);
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
