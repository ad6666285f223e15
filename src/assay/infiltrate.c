/* SPDX-License-Identifier: GPL-3.0-or-later */
/* infiltrate.c -- zones, areas, densities, phenotype, neighbours. */
#include "assay/infiltrate.h"

#include <math.h>
#include <stdint.h>

#include "assay/spatial.h"

enum { MOST_PIXELS = 100000000, ENOUGH = 10000 };

typedef struct work {
    coley_arena *scratch;
    coley_cells cells;   /* row by row of small bins: neighbours in the plane are neighbours in memory */
    uint8_t *zone;       /* [n] of these cells */
    const size_t *place; /* [n] where each stood in the caller's columns */
    int64_t *others;     /* [n + COLEY_GRID_PAD] -1 where a cell is of another type than the pair's first */
    const coley_infiltrate_rules *rules;
    coley_grid around; /* of all cells */
    coley_window window;
    int is_listed[COLEY_CELL_TYPE_COUNT]; /* cells of each type, once a pair has asked for them */
    coley_points listed[COLEY_CELL_TYPE_COUNT];
    coley_grid near[COLEY_CELL_TYPE_COUNT];
    coley_infiltrate *out;
} work;

/* --- zones ---------------------------------------------------------------------------------------------------------
 */

/* Cells for which pick(cell) is `value`, as points. */
static coley_status choose(coley_arena *scratch, const coley_cells *cells, const uint8_t *key, unsigned values,
                           coley_points *points, coley_error *err)
{
    size_t n = 0;
    double *x = COLEY_NEW(scratch, double, cells->n), *y = COLEY_NEW(scratch, double, cells->n);
    if (!x || !y) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < cells->n; i++) {
        if (!(values >> key[i] & 1)) continue;
        x[n] = cells->x_um[i];
        y[n++] = cells->y_um[i];
    }
    *points = (coley_points){.n = n, .x = x, .y = y};
    return COLEY_OK;
}

/* Tumour where enough of the cells around are tumour cells. */
static coley_status guess_regions(work *w, uint8_t *region, coley_error *err)
{
    const double radius = w->rules->region_radius_um;
    uint8_t *tumour = COLEY_NEW(w->scratch, uint8_t, w->cells.n);
    if (!tumour) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < w->cells.n; i++) tumour[i] = w->cells.type[i] == COLEY_CELL_TUMOUR;
    for (size_t i = 0; i < w->cells.n; i++) {
        size_t n_tumour, n_all;
        coley_grid_count(&w->around, w->cells.x_um[i], w->cells.y_um[i], radius, tumour, &n_tumour, &n_all);
        region[i] =
            (double)n_tumour >= w->rules->tumour_share * (double)n_all ? COLEY_REGION_TUMOUR : COLEY_REGION_STROMA;
    }
    return COLEY_OK;
}

static coley_status find_zones(work *w, coley_error *err)
{
    const coley_cells *cells = &w->cells;
    const double margin = w->rules->margin_um;
    uint8_t *guessed = COLEY_NEW(w->scratch, uint8_t, cells->n), *zone = w->zone;
    const uint8_t *region = cells->region;
    coley_points tumour, stroma;
    coley_grid near_tumour, near_stroma;
    size_t last_tumour = 0, last_stroma = 0;
    if (!guessed) return COLEY_FAIL_MEMORY(err);
    if (!region) {
        COLEY_TRY(guess_regions(w, guessed, err));
        region = guessed;
    }
    COLEY_TRY(choose(w->scratch, cells, region, 1u << COLEY_REGION_TUMOUR, &tumour, err));
    COLEY_TRY(choose(w->scratch, cells, region, 1u << COLEY_REGION_STROMA, &stroma, err));
    COLEY_TRY(coley_grid_make(w->scratch, &tumour, fmax(10, margin / 4), &near_tumour, err));
    COLEY_TRY(coley_grid_make(w->scratch, &stroma, fmax(10, margin / 4), &near_stroma, err));
    for (size_t i = 0; i < cells->n; i++) {
        const double x = cells->x_um[i], y = cells->y_um[i];
        if (region[i] == COLEY_REGION_OUTSIDE) {
            zone[i] = COLEY_ZONE_OUTSIDE;
        } else if (region[i] == COLEY_REGION_TUMOUR) {
            const int near = coley_grid_any(&near_stroma, x, y, margin, &last_stroma);
            zone[i] = near ? COLEY_ZONE_TUMOUR_MARGIN : COLEY_ZONE_CORE;
        } else {
            const int near = coley_grid_any(&near_tumour, x, y, margin, &last_tumour);
            zone[i] = near ? COLEY_ZONE_STROMA_MARGIN : COLEY_ZONE_FAR;
        }
        w->out->n[zone[i]][cells->type[i]]++;
        w->out->zone[w->place[i]] = zone[i];
    }
    return COLEY_OK;
}

/* --- area ----------------------------------------------------------------------------------------------------------
 */

/* Pixels of about pixel_um tile the window exactly; each goes to the zone of the cell nearest to its centre. */
static coley_status measure_area(work *w, coley_error *err)
{
    const double wide = w->window.x1 - w->window.x0, high = w->window.y1 - w->window.y0;
    const double n_x = fmax(1, ceil(wide / w->rules->pixel_um)), n_y = fmax(1, ceil(high / w->rules->pixel_um));
    const double pixel_x = wide / n_x, pixel_y = high / n_y;
    size_t pixels[COLEY_ZONE_COUNT] = {0}, *nearest = COLEY_NEW(w->scratch, size_t, (size_t)n_x);
    if (!nearest) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < (size_t)n_x; i++) nearest[i] = SIZE_MAX;
    for (size_t j = 0; j < (size_t)n_y; j++) {
        const double y = w->window.y0 + ((double)j + 0.5) * pixel_y;
        coley_grid_nearest_row(&w->around, w->window.x0, pixel_x, (size_t)n_x, y, w->rules->reach_um, nearest);
        for (size_t i = 0; i < (size_t)n_x; i++)
            if (nearest[i] != SIZE_MAX) pixels[w->zone[nearest[i]]]++;
    }
    for (int z = 0; z < COLEY_ZONE_COUNT; z++) w->out->zone_mm2[z] = (double)pixels[z] * pixel_x * pixel_y * 1e-6;
    return COLEY_OK;
}

/* --- sums ----------------------------------------------------------------------------------------------------------
 */

static unsigned zones_of(coley_place_of place)
{
    static const unsigned zones[] = {1u << COLEY_ZONE_CORE | 1u << COLEY_ZONE_TUMOUR_MARGIN,
                                     1u << COLEY_ZONE_TUMOUR_MARGIN | 1u << COLEY_ZONE_STROMA_MARGIN,
                                     1u << COLEY_ZONE_STROMA_MARGIN | 1u << COLEY_ZONE_FAR,
                                     (1u << COLEY_ZONE_OUTSIDE) - 1};
    return zones[place];
}

double coley_infiltrate_mm2(const coley_infiltrate *f, coley_place_of place)
{
    double sum = 0;
    for (int z = 0; z < COLEY_ZONE_COUNT; z++) sum += zones_of(place) >> z & 1 ? f->zone_mm2[z] : 0;
    return sum;
}

double coley_infiltrate_count(const coley_infiltrate *f, coley_place_of place, coley_cell_kind type)
{
    double sum = 0;
    for (int z = 0; z < COLEY_ZONE_COUNT; z++) sum += zones_of(place) >> z & 1 ? f->n[z][type] : 0;
    return sum;
}

double coley_infiltrate_per_mm2(const coley_infiltrate *f, coley_place_of place, coley_cell_kind type)
{
    const double area = coley_infiltrate_mm2(f, place);
    return area > 0 ? coley_infiltrate_count(f, place, type) / area : NAN;
}

const char *coley_immune_phenotype_name(coley_immune_phenotype phenotype)
{
    static const char *const names[] = {"inflamed", "excluded", "desert", "cannot tell"};
    return names[phenotype];
}

const char *coley_place_name(coley_place_of place)
{
    static const char *const names[] = {"tumour", "margin", "stroma", "all"};
    return names[place];
}

static const char *judge_phenotype(coley_arena *arena, const coley_infiltrate_rules *r, int knows_cd8,
                                   coley_infiltrate *f)
{
    double tumour_cells = 0;
    for (int z = 0; z < COLEY_ZONE_OUTSIDE; z++) tumour_cells += f->n[z][COLEY_CELL_TUMOUR];
    f->phenotype = COLEY_IMMUNE_UNKNOWN;
    if (!knows_cd8) return "the table has no CD8 cell at all: was CD8 stained?";
    if (tumour_cells < r->min_tumour_cells)
        return coley_arena_printf(arena, "%.0f tumour cells, at least %.0f are asked for", tumour_cells,
                                  r->min_tumour_cells);
    const double tumour_mm2 = coley_infiltrate_mm2(f, COLEY_IN_TUMOUR),
                 stroma_mm2 = coley_infiltrate_mm2(f, COLEY_IN_STROMA);
    if (tumour_mm2 < r->min_tumour_mm2)
        return coley_arena_printf(arena, "%.3f mm2 of tumour, at least %g are asked for", tumour_mm2,
                                  r->min_tumour_mm2);
    if (coley_infiltrate_per_mm2(f, COLEY_IN_TUMOUR, COLEY_CELL_CD8) >= r->inflamed_tumour) {
        f->phenotype = COLEY_INFLAMED;
        return NULL;
    }
    if (stroma_mm2 < r->min_stroma_mm2)
        return coley_arena_printf(
            arena, "not inflamed, but %.3f mm2 of stroma (at least %g are asked for) do not tell excluded from desert",
            stroma_mm2, r->min_stroma_mm2);
    const int dense = coley_infiltrate_per_mm2(f, COLEY_IN_STROMA, COLEY_CELL_CD8) >= r->excluded_stroma;
    f->phenotype = dense ? COLEY_EXCLUDED : COLEY_DESERT;
    return NULL;
}

/* --- neighbours ----------------------------------------------------------------------------------------------------
 */

/* Evenly spread over the list, at most ENOUGH: what lies around all cells is known well enough from these. */
static coley_status take_some(work *w, const coley_points *from, coley_points *some, coley_error *err)
{
    const size_t step = (from->n + ENOUGH - 1) / ENOUGH;
    if (step <= 1) {
        *some = *from;
        return COLEY_OK;
    }
    double *x = COLEY_NEW(w->scratch, double, ENOUGH), *y = COLEY_NEW(w->scratch, double, ENOUGH);
    if (!x || !y) return COLEY_FAIL_MEMORY(err);
    *some = (coley_points){.x = x, .y = y};
    for (size_t i = 0; i < from->n; i += step) {
        x[some->n] = from->x[i];
        y[some->n++] = from->y[i];
    }
    return COLEY_OK;
}

static coley_status list_type(work *w, int type, coley_error *err)
{
    const coley_infiltrate_rules *r = w->rules;
    if (w->is_listed[type]) return COLEY_OK;
    COLEY_TRY(choose(w->scratch, &w->cells, w->cells.type, 1u << type, &w->listed[type], err));
    COLEY_TRY(coley_grid_make(w->scratch, &w->listed[type], r->n_radii ? r->radius_um[r->n_radii - 1] / 4 : 25,
                              &w->near[type], err));
    w->is_listed[type] = 1;
    return COLEY_OK;
}

/* K is the same both ways: it is summed around the rarer type, and not again when the pair was there turned round. */
static void measure_k(work *w, coley_pair_result *p)
{
    const coley_infiltrate_rules *r = w->rules;
    for (const coley_pair_result *q = w->out->pair; q < p; q++)
        if (q->from == p->to && q->to == p->from) {
            for (size_t i = 0; i < r->n_radii; i++) p->k_um2[i] = q->k_um2[i];
            return;
        }
    const int turn = p->n_to < p->n_from;
    coley_cross_k(&w->listed[turn ? p->to : p->from], &w->near[turn ? p->from : p->to], 0, &w->window, r->radius_um,
                  r->n_radii, p->k_um2);
}

static coley_status measure_pair(work *w, coley_arena *arena, coley_pair_result *p, coley_error *err)
{
    const coley_infiltrate_rules *r = w->rules;
    coley_points some;
    coley_nearest nearest;
    double k_all[COLEY_INFILTRATE_MAX_RADII];
    COLEY_TRY(list_type(w, p->from, err));
    COLEY_TRY(list_type(w, p->to, err));
    p->n_from = w->listed[p->from].n;
    p->n_to = w->listed[p->to].n;
    if ((double)p->n_from < r->min_cells || (double)p->n_to < r->min_cells) {
        p->cannot_tell = coley_arena_printf(arena, "%zu and %zu cells, at least %.0f of each are asked for", p->n_from,
                                            p->n_to, r->min_cells);
        return p->cannot_tell ? COLEY_OK : COLEY_FAIL_MEMORY(err);
    }
    COLEY_TRY(coley_nearest_make(w->scratch, &w->listed[p->from], &w->near[p->to], &w->window, r->radius_um, r->n_radii,
                                 p->g, &nearest, err));
    p->mean_um = nearest.mean_um;
    p->median_um = nearest.median_um;
    measure_k(w, p);
    COLEY_TRY(take_some(w, &w->listed[p->from], &some, err));
    for (size_t i = 0; i < w->cells.n; i++) w->others[i] = -(int64_t)(w->cells.type[i] != p->from);
    w->around.counts = w->others;
    coley_cross_k(&some, &w->around, 0, &w->window, r->radius_um, r->n_radii, k_all);
    for (size_t i = 0; i < r->n_radii; i++) p->k_over_all[i] = k_all[i] > 0 ? p->k_um2[i] / k_all[i] : NAN;
    return COLEY_OK;
}

/* The cells in the order of their bins. */
static coley_status sort_cells(work *w, const coley_cells *cells, coley_error *err)
{
    const coley_points all = {.n = cells->n, .x = cells->x_um, .y = cells->y_um};
    COLEY_TRY(coley_grid_make(w->scratch, &all, w->rules->reach_um / 3, &w->around, err));
    uint8_t *type = COLEY_NEW(w->scratch, uint8_t, cells->n), *region = COLEY_NEW(w->scratch, uint8_t, cells->n);
    size_t *same = COLEY_NEW(w->scratch, size_t, cells->n);
    if (!type || !region || !same) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < cells->n; i++) {
        const size_t from = w->around.place[i];
        type[i] = cells->type[from];
        if (cells->region) region[i] = cells->region[from];
        same[i] = i;
    }
    w->cells = (coley_cells){
        .n = cells->n, .x_um = w->around.x, .y_um = w->around.y, .type = type, .region = cells->region ? region : NULL};
    w->zone = COLEY_NEW(w->scratch, uint8_t, cells->n);
    w->others = COLEY_NEW(w->scratch, int64_t, cells->n + COLEY_GRID_PAD);
    if (!w->zone || !w->others) return COLEY_FAIL_MEMORY(err);
    w->place = w->around.place;
    w->around.place = w->around.slot = same;
    return COLEY_OK;
}

static coley_status measure(work *w, const coley_cells *cells, coley_arena *arena, coley_error *err)
{
    const double wide = w->window.x1 - w->window.x0, high = w->window.y1 - w->window.y0, pixel = w->rules->pixel_um;
    if (!((wide / pixel + 1) * (high / pixel + 1) <= MOST_PIXELS))
        return COLEY_FAIL(err, COLEY_ERR_INPUT,
                          "the cells fill %g x %g um: more than %d pixels of %g um; are x and y in um?", wide, high,
                          MOST_PIXELS, pixel);
    COLEY_TRY(sort_cells(w, cells, err));
    COLEY_TRY(find_zones(w, err));
    COLEY_TRY(measure_area(w, err));
    w->out->n_pairs = w->rules->n_pairs;
    for (size_t i = 0; i < w->rules->n_pairs; i++) {
        w->out->pair[i] =
            (coley_pair_result){.from = w->rules->from[i], .to = w->rules->to[i], .mean_um = NAN, .median_um = NAN};
        COLEY_TRY(measure_pair(w, arena, &w->out->pair[i], err));
    }
    return COLEY_OK;
}

coley_status coley_infiltrate_judge(coley_arena *arena, const coley_cells *cells, int knows_cd8,
                                    const coley_infiltrate_rules *rules, coley_infiltrate *f, coley_error *err)
{
    *f = (coley_infiltrate){.regions_given = cells->region != NULL, .zone = COLEY_NEW(arena, uint8_t, cells->n)};
    work w = {.scratch = coley_arena_create(), .rules = rules, .out = f};
    if (!f->zone || !w.scratch) {
        coley_arena_destroy(w.scratch);
        return COLEY_FAIL_MEMORY(err);
    }
    w.window = coley_window_of(&(coley_points){.n = cells->n, .x = cells->x_um, .y = cells->y_um});
    const coley_status status = measure(&w, cells, arena, err);
    coley_arena_destroy(w.scratch);
    COLEY_TRY(status);
    f->cannot_tell = judge_phenotype(arena, rules, knows_cd8, f);
    return COLEY_OK;
}
