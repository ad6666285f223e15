/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TPS, CPS and IC of cells given as plain columns, as a simulated tissue gives them. */
#include "assay/pdl1.h"
#include "base/rng.h"
#include "support/check.h"

static coley_arena *arena;
static coley_pdl1_rules rules;
static coley_error err;

enum { MOST = 20000 };

static double x[MOST], y[MOST], pdl1[MOST], area[MOST];
static uint8_t type[MOST], region[MOST];
static size_t n;

static void add(size_t many, coley_cell_kind kind, double stain)
{
    for (size_t i = 0; i < many; i++, n++) {
        x[n] = 1000 * coley_rng_uniform(7, COLEY_STREAM_TEST, n, 0);
        y[n] = 1000 * coley_rng_uniform(7, COLEY_STREAM_TEST, n, 1);
        type[n] = (uint8_t)kind;
        pdl1[n] = stain;
        area[n] = 50;
        region[n] = COLEY_REGION_TUMOUR;
    }
}

static coley_cells cells(void)
{
    return (coley_cells){.n = n, .x_um = x, .y_um = y, .type = type, .pdl1 = pdl1};
}

static size_t assay_of(const char *name)
{
    size_t a = 0;
    while (a + 1 < rules.n_assays && strcmp(rules.assay[a].name, name) != 0) a++;
    return a;
}

static const coley_pdl1_result *judge(const coley_cells *c, double above, const char *assay, const char *score)
{
    static coley_pdl1_result result[COLEY_PDL1_MAX_SCORES];
    coley_pdl1_counts counts;
    size_t s = 0;
    CHECK(coley_pdl1_judge(arena, c, above, &rules, assay_of(assay), 1, &counts, result, &err) == COLEY_OK);
    while (s + 1 < rules.n_scores && strcmp(rules.score[s].name, score) != 0) s++;
    return &result[s];
}

static void tps_counts_tumour_cells_and_cps_adds_lymphocytes_and_macrophages(void)
{
    n = 0;
    add(60, COLEY_CELL_TUMOUR, 1);
    add(140, COLEY_CELL_TUMOUR, 0);
    add(10, COLEY_CELL_CD8, 1);
    add(20, COLEY_CELL_MACROPHAGE, 1);
    add(40, COLEY_CELL_STROMAL, 1);     /* never counts */
    add(15, COLEY_CELL_GRANULOCYTE, 1); /* not in CPS */
    const coley_cells c = cells();
    CHECK_NEAR(judge(&c, 0.5, "22C3", "TPS")->value, 30, 1e-12);
    CHECK_NEAR(judge(&c, 0.5, "22C3", "CPS")->value, 45, 1e-12);
    CHECK_NEAR(judge(&c, 0.5, "SP142", "IC")->value, 100 * 45.0 / 285, 1e-12);
    CHECK(isnan(judge(&c, 0.5, "22C3", "IC")->value));
}

static void ic_is_a_share_of_area_when_areas_are_known(void)
{
    n = 0;
    add(200, COLEY_CELL_TUMOUR, 0);
    add(10, COLEY_CELL_MACROPHAGE, 1);
    for (size_t i = 200; i < n; i++) area[i] = 200;
    coley_cells c = cells();
    c.area_um2 = area;
    const coley_pdl1_result *ic = judge(&c, 0.5, "SP142", "IC");
    CHECK(ic->by_area);
    CHECK_NEAR(ic->value, 100 * 2000.0 / 12000, 1e-12);
}

static void cps_never_passes_100(void)
{
    n = 0;
    add(100, COLEY_CELL_TUMOUR, 1);
    add(300, COLEY_CELL_MACROPHAGE, 1);
    const coley_cells c = cells();
    CHECK(judge(&c, 0.5, "22C3", "CPS")->value == 100);
}

static void fewer_than_100_tumour_cells_cannot_tell(void)
{
    n = 0;
    add(99, COLEY_CELL_TUMOUR, 1);
    add(500, COLEY_CELL_CD8, 1);
    coley_cells c = cells();
    CHECK_HAS(judge(&c, 0.5, "22C3", "TPS")->cannot_tell, "99 tumour cells, the assay asks for 100");
    CHECK(isnan(judge(&c, 0.5, "22C3", "TPS")->value));
    add(1, COLEY_CELL_TUMOUR, 1);
    c = cells();
    CHECK(!judge(&c, 0.5, "22C3", "TPS")->cannot_tell);
    pdl1[0] = NAN; /* a cell that was not measured is no cell of the assay */
    CHECK_HAS(judge(&c, 0.5, "22C3", "TPS")->cannot_tell, "99 tumour cells");
}

static void a_table_without_immune_cells_has_a_tps_but_no_cps(void)
{
    n = 0;
    add(200, COLEY_CELL_TUMOUR, 1);
    add(200, COLEY_CELL_OTHER, 1);
    const coley_cells c = cells();
    CHECK(judge(&c, 0.5, "22C3", "TPS")->value == 100);
    CHECK_HAS(judge(&c, 0.5, "22C3", "CPS")->cannot_tell, "names no immune cells");
}

static void cells_outside_tumour_and_stroma_do_not_count(void)
{
    n = 0;
    add(200, COLEY_CELL_TUMOUR, 1);
    add(200, COLEY_CELL_TUMOUR, 0);
    for (size_t i = 0; i < 100; i++) region[i] = COLEY_REGION_OUTSIDE;
    coley_cells c = cells();
    c.region = region;
    CHECK_NEAR(judge(&c, 0.5, "22C3", "TPS")->value, 100.0 / 3, 1e-12);
}

static void stained_is_strictly_above_the_threshold(void)
{
    n = 0;
    add(50, COLEY_CELL_TUMOUR, 2);
    add(50, COLEY_CELL_TUMOUR, 2.001);
    const coley_cells c = cells();
    CHECK(judge(&c, 2, "22C3", "TPS")->value == 50);
}

/* Without order in space both bootstraps are the binomial's; in clumps of one tile the tiles say how little is known.
 */
static void tiles_know_that_neighbours_stain_alike(void)
{
    n = 0;
    add(3000, COLEY_CELL_TUMOUR, 1);
    add(7000, COLEY_CELL_TUMOUR, 0);
    const coley_cells c = cells();
    const double se = 100 * sqrt(0.3 * 0.7 / 10000);
    const coley_pdl1_result even = *judge(&c, 0.5, "22C3", "TPS");
    CHECK(fabs(even.high - even.low - 2 * 1.96 * se) < 0.15 * se);
    CHECK(fabs(even.tile_high - even.tile_low - 2 * 1.96 * se) < 0.9 * se);
    for (size_t i = 0; i < n; i++) pdl1[i] = (int)(x[i] / 100) % 3 == 0 && (int)(y[i] / 100) % 2 == 0;
    const coley_pdl1_result clumped = *judge(&c, 0.5, "22C3", "TPS");
    CHECK(clumped.tile_high - clumped.tile_low > 6 * (clumped.high - clumped.low));
    CHECK(clumped.tile_low < clumped.value && clumped.value < clumped.tile_high);
}

static void one_seed_gives_one_range_and_few_tiles_give_none(void)
{
    n = 0;
    add(100, COLEY_CELL_TUMOUR, 1);
    add(100, COLEY_CELL_TUMOUR, 0);
    coley_cells c = cells();
    const coley_pdl1_result first = *judge(&c, 0.5, "22C3", "TPS"), second = *judge(&c, 0.5, "22C3", "TPS");
    CHECK(first.low == second.low && first.tile_high == second.tile_high);
    for (size_t i = 0; i < n; i++) x[i] *= 0.1, y[i] *= 0.1;
    CHECK(isnan(judge(&c, 0.5, "22C3", "TPS")->tile_low));
    c.x_um = c.y_um = NULL;
    CHECK(isnan(judge(&c, 0.5, "22C3", "TPS")->tile_low) && !isnan(judge(&c, 0.5, "22C3", "TPS")->low));
}

int main(void)
{
    arena = coley_arena_create();
    if (coley_pdl1_rules_read(arena, COLEY_SOURCE_DIR "/catalog/assays/pdl1.yaml", &rules, &err) != COLEY_OK) {
        printf("Bail out! %s\n", err.text);
        return 1;
    }
    RUN(tps_counts_tumour_cells_and_cps_adds_lymphocytes_and_macrophages);
    RUN(ic_is_a_share_of_area_when_areas_are_known);
    RUN(cps_never_passes_100);
    RUN(fewer_than_100_tumour_cells_cannot_tell);
    RUN(a_table_without_immune_cells_has_a_tps_but_no_cps);
    RUN(cells_outside_tumour_and_stroma_do_not_count);
    RUN(stained_is_strictly_above_the_threshold);
    RUN(tiles_know_that_neighbours_stain_alike);
    RUN(one_seed_gives_one_range_and_few_tiles_give_none);
    coley_arena_destroy(arena);
    return check_done();
}
