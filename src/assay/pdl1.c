/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pdl1.c -- counts, scores, and how far they would move if other cells of the same tumour had been seen. */
#include "assay/pdl1.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "math/binomial.h"
#include "math/quantile.h"

enum { MOST_TILES = 1 << 22 };

static int is_counted(const coley_cells *cells, size_t i)
{
    return !cells->region || cells->region[i] != COLEY_REGION_OUTSIDE;
}

void coley_pdl1_count(const coley_cells *cells, double above, coley_pdl1_counts *counts)
{
    *counts = (coley_pdl1_counts){0};
    for (size_t i = 0; i < cells->n; i++) {
        if (!is_counted(cells, i)) continue;
        const double value = cells->pdl1[i];
        const uint8_t type = cells->type[i];
        if (isnan(value)) {
            counts->n_missing++;
            continue;
        }
        const double area = cells->area_um2 && cells->area_um2[i] >= 0 ? cells->area_um2[i] : 0;
        const double stained = value > above;
        counts->n[type]++;
        counts->stained[type] += stained;
        counts->area[type] += area;
        counts->stained_area[type] += stained * area;
    }
}

static double sum_of(const double *column, unsigned types)
{
    double sum = 0;
    for (int t = 0; t < COLEY_CELL_TYPE_COUNT; t++) sum += types >> t & 1 ? column[t] : 0;
    return sum;
}

static const unsigned all_types = (1u << COLEY_CELL_TYPE_COUNT) - 1, tumour_only = 1u << COLEY_CELL_TUMOUR;

static double ratio_of(const coley_pdl1_score *score, double over, double under)
{
    return under > 0 ? fmin(100 * over / under, score->most) : NAN;
}

static double below_of(const coley_pdl1_score *score, const coley_pdl1_counts *c, int by_area)
{
    if (score->over == COLEY_PDL1_OVER_TUMOUR_CELLS) return sum_of(c->n, tumour_only);
    return sum_of(by_area ? c->area : c->n, all_types);
}

double coley_pdl1_value(const coley_pdl1_score *score, const coley_pdl1_counts *c, int by_area)
{
    const int areas = by_area && score->over == COLEY_PDL1_OVER_TUMOUR_AREA;
    return ratio_of(score, sum_of(areas ? c->stained_area : c->stained, score->positive), below_of(score, c, by_area));
}

/* --- percentile bootstrap ------------------------------------------------------------------------------------------
 */

/* Low and high of the replicates that are numbers. */
static void percentiles(double *x, size_t n, double level, double *low, double *high)
{
    size_t good = 0;
    double q[2];
    const double p[2] = {0.5 * (1 - level), 0.5 * (1 + level)};
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) x[good++] = x[i];
    if (!good) return;
    coley_quantiles(x, good, p, 2, q);
    *low = q[0];
    *high = q[1];
}

/* All measured cells drawn again, as counts: stained tumour, other tumour, other stained that count, the rest. */
static double draw_cells(const coley_pdl1_score *score, const coley_pdl1_counts *c, coley_uniforms *u)
{
    const double all = sum_of(c->n, all_types);
    const double tumour_stained = sum_of(c->stained, tumour_only & score->positive);
    const double tumour_rest = sum_of(c->n, tumour_only) - tumour_stained;
    const double others = sum_of(c->stained, score->positive & ~tumour_only);
    const int64_t n = (int64_t)all, a = coley_binomial_draw(u, n, tumour_stained / all);
    const double rest = all - tumour_stained;
    const int64_t b = rest > 0 ? coley_binomial_draw(u, n - a, tumour_rest / rest) : 0;
    const int64_t d =
        rest > tumour_rest ? coley_binomial_draw(u, n - a - b, fmin(1, others / (rest - tumour_rest))) : 0;
    return ratio_of(score, (double)(a + d), score->over == COLEY_PDL1_OVER_TUMOUR_CELLS ? (double)(a + b) : all);
}

/* What each tile adds to the two sides of each score; only tiles with cells. */
typedef struct tiles {
    size_t n;
    double *over, *under; /* [n x n_scores] */
} tiles;

/* Number of each cell's tile among those with cells; false when there are too many tiles to lay out. */
static coley_status number_tiles(coley_arena *scratch, const coley_cells *cells, double side, uint32_t **tile,
                                 size_t *n_tiles, coley_error *err)
{
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    *n_tiles = 0;
    for (size_t i = 0; i < cells->n; i++) {
        x0 = fmin(x0, cells->x_um[i]), x1 = fmax(x1, cells->x_um[i]);
        y0 = fmin(y0, cells->y_um[i]), y1 = fmax(y1, cells->y_um[i]);
    }
    const double wide = floor((x1 - x0) / side) + 1, high = floor((y1 - y0) / side) + 1;
    if (!(wide * high <= MOST_TILES)) return COLEY_OK;
    uint32_t *number = COLEY_NEW(scratch, uint32_t, (size_t)(wide * high));
    *tile = COLEY_NEW(scratch, uint32_t, cells->n);
    if (!number || !*tile) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < cells->n; i++) {
        if (!is_counted(cells, i) || isnan(cells->pdl1[i])) continue;
        const size_t at =
            (size_t)((cells->y_um[i] - y0) / side) * (size_t)wide + (size_t)((cells->x_um[i] - x0) / side);
        if (!number[at]) number[at] = (uint32_t)++ * n_tiles;
        (*tile)[i] = number[at] - 1;
    }
    return COLEY_OK;
}

static coley_status fill_tiles(coley_arena *scratch, const coley_cells *cells, double above, const coley_pdl1_rules *r,
                               int by_area, tiles *t, coley_error *err)
{
    uint32_t *tile = NULL;
    COLEY_TRY(number_tiles(scratch, cells, r->tile_um, &tile, &t->n, err));
    if (!t->n) return COLEY_OK;
    t->over = COLEY_NEW(scratch, double, t->n * r->n_scores);
    t->under = COLEY_NEW(scratch, double, t->n * r->n_scores);
    if (!t->over || !t->under) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < cells->n; i++) {
        if (!is_counted(cells, i) || isnan(cells->pdl1[i])) continue;
        const unsigned type = 1u << cells->type[i];
        const int stained = cells->pdl1[i] > above;
        for (size_t s = 0; s < r->n_scores; s++) {
            const coley_pdl1_score *score = &r->score[s];
            const int areas = by_area && score->over == COLEY_PDL1_OVER_TUMOUR_AREA;
            const double weight = areas ? cells->area_um2[i] >= 0 ? cells->area_um2[i] : 0 : 1;
            const size_t at = tile[i] * r->n_scores + s;
            if (stained && score->positive & type) t->over[at] += weight;
            if (score->over == COLEY_PDL1_OVER_TUMOUR_AREA || type == tumour_only) t->under[at] += weight;
        }
    }
    return COLEY_OK;
}

static coley_status draw_tiles(coley_arena *scratch, const tiles *t, const coley_pdl1_rules *r, unsigned scores,
                               uint64_t seed, coley_pdl1_result *result, coley_error *err)
{
    const size_t n = (size_t)r->replicates, m = r->n_scores;
    double *drawn = COLEY_NEW(scratch, double, n *m);
    if (!drawn) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < n; k++) {
        double over[COLEY_PDL1_MAX_SCORES] = {0}, under[COLEY_PDL1_MAX_SCORES] = {0};
        uint32_t bits[4];
        for (size_t i = 0; i < t->n; i++) {
            if (i % 4 == 0) coley_rng_bits(seed, COLEY_STREAM_BOOTSTRAP, k, ((uint64_t)1 << 40) + i / 4, bits);
            const size_t at = (size_t)((uint64_t)bits[i % 4] * t->n >> 32) * m;
            for (size_t s = 0; s < m; s++) {
                over[s] += t->over[at + s];
                under[s] += t->under[at + s];
            }
        }
        for (size_t s = 0; s < m; s++) drawn[s * n + k] = ratio_of(&r->score[s], over[s], under[s]);
    }
    for (size_t s = 0; s < m; s++)
        if (scores >> s & 1) percentiles(drawn + s * n, n, r->level, &result[s].tile_low, &result[s].tile_high);
    return COLEY_OK;
}

static coley_status draw_all(coley_arena *scratch, const coley_cells *cells, double above, const coley_pdl1_rules *r,
                             unsigned scores, const coley_pdl1_counts *counts, int by_area, uint64_t seed,
                             coley_pdl1_result *result, coley_error *err)
{
    const size_t n = (size_t)r->replicates;
    double *drawn = COLEY_NEW(scratch, double, n);
    tiles t = {0};
    if (!drawn) return COLEY_FAIL_MEMORY(err);
    for (size_t s = 0; s < r->n_scores; s++) {
        if (!(scores >> s & 1) || result[s].by_area) continue;
        for (size_t k = 0; k < n; k++) {
            coley_uniforms u = {.seed = seed, .stream = COLEY_STREAM_BOOTSTRAP, .id = k, .tick = (uint64_t)s << 32};
            drawn[k] = draw_cells(&r->score[s], counts, &u);
        }
        percentiles(drawn, n, r->level, &result[s].low, &result[s].high);
    }
    if (!cells->x_um || !cells->y_um) return COLEY_OK;
    COLEY_TRY(fill_tiles(scratch, cells, above, r, by_area, &t, err));
    if (t.n < (size_t)r->min_tiles) return COLEY_OK;
    return draw_tiles(scratch, &t, r, scores, seed, result, err);
}

/* --- the whole -----------------------------------------------------------------------------------------------------
 */

static const char *why_not(coley_arena *arena, const coley_pdl1_score *score, const coley_pdl1_assay *assay,
                           const coley_pdl1_counts *c)
{
    const double tumour = sum_of(c->n, tumour_only);
    if (tumour < (double)assay->min_tumour_cells)
        return coley_arena_printf(arena, "%.0f tumour cells, the assay asks for %lld", tumour,
                                  (long long)assay->min_tumour_cells);
    if (sum_of(c->n, score->positive) == (score->positive & tumour_only ? tumour : 0) && score->positive != tumour_only)
        return "the table names no immune cells";
    return NULL;
}

/* Types that the score counts and the table has none of. */
static const char *what_is_missing(coley_arena *arena, const coley_pdl1_score *score, const coley_pdl1_counts *c)
{
    char list[160] = "";
    for (int t = 0; t < COLEY_CELL_TYPE_COUNT; t++) {
        if (!(score->positive >> t & 1) || c->n[t] > 0 || t == COLEY_CELL_IMMUNE) continue;
        if (*list) strncat(list, ", ", sizeof list - strlen(list) - 1);
        strncat(list, coley_cell_type_name((coley_cell_kind)t), sizeof list - strlen(list) - 1);
    }
    return *list ? coley_arena_printf(arena, "the table has no cells of these types, which would count: %s", list)
                 : NULL;
}

coley_status coley_pdl1_judge(coley_arena *arena, const coley_cells *cells, double above, const coley_pdl1_rules *r,
                              size_t assay, uint64_t seed, coley_pdl1_counts *counts, coley_pdl1_result *result,
                              coley_error *err)
{
    unsigned scores = 0;
    coley_pdl1_count(cells, above, counts);
    const int by_area = cells->area_um2 && sum_of(counts->area, all_types) > 0;
    for (size_t s = 0; s < r->n_scores; s++) {
        coley_pdl1_result *one = &result[s];
        const coley_pdl1_score *score = &r->score[s];
        *one = (coley_pdl1_result){.value = NAN, .low = NAN, .high = NAN, .tile_low = NAN, .tile_high = NAN};
        if (!(r->assay[assay].scores >> s & 1)) continue;
        one->by_area = by_area && score->over == COLEY_PDL1_OVER_TUMOUR_AREA;
        if ((one->cannot_tell = why_not(arena, score, &r->assay[assay], counts))) continue;
        one->value = coley_pdl1_value(score, counts, by_area);
        one->note = what_is_missing(arena, score, counts);
        scores |= 1u << s;
    }
    if (!scores) return COLEY_OK;
    coley_arena *scratch = coley_arena_create();
    if (!scratch) return COLEY_FAIL_MEMORY(err);
    const coley_status status = draw_all(scratch, cells, above, r, scores, counts, by_area, seed, result, err);
    coley_arena_destroy(scratch);
    return status;
}
