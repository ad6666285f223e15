/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tissues laid out by hand: zones, areas, phenotypes, and when one cannot tell. */
#include "assay/infiltrate.h"
#include "base/rng.h"
#include "support/check.h"

static coley_arena *arena;
static coley_infiltrate_rules rules;
static coley_error err;

enum { MOST = 20000 };

static double x[MOST], y[MOST];
static uint8_t type[MOST], region[MOST];
static size_t n;

static void put(double at_x, double at_y, coley_cell_kind kind)
{
    x[n] = at_x;
    y[n] = at_y;
    region[n] = at_x < 500 ? COLEY_REGION_TUMOUR : COLEY_REGION_STROMA;
    type[n++] = (uint8_t)kind;
}

/* A square millimetre, a cell every 10 um: tumour cells left of 500 um, stromal cells to the right; CD8 cells at random
 * over each half. */
static void lay_out(size_t cd8_left, size_t cd8_right)
{
    n = 0;
    for (int i = 0; i < 100; i++)
        for (int j = 0; j < 100; j++) put(10 * i + 5, 10 * j + 5, i < 50 ? COLEY_CELL_TUMOUR : COLEY_CELL_STROMAL);
    for (size_t i = 0; i < cd8_left + cd8_right; i++) {
        const double u = coley_rng_uniform(3, COLEY_STREAM_TEST, i, 0),
                     v = coley_rng_uniform(3, COLEY_STREAM_TEST, i, 1);
        put((i < cd8_left ? 5 : 500) + 490 * u, 5 + 985 * v, COLEY_CELL_CD8);
    }
}

static coley_cells cells(int regions)
{
    return (coley_cells){.n = n, .x_um = x, .y_um = y, .type = type, .region = regions ? region : NULL};
}

static coley_infiltrate judge(const coley_cells *c)
{
    coley_infiltrate f = {0};
    if (coley_infiltrate_judge(arena, c, 1, &rules, &f, &err) != COLEY_OK) CHECK_FAIL_("%s", err.text);
    return f;
}

static void half_a_square_of_tumour_is_half_its_area_and_the_margin_a_band(void)
{
    lay_out(30, 70);
    for (int regions = 0; regions < 2; regions++) { /* given, and found from the cells around */
        const coley_cells c = cells(regions);
        const coley_infiltrate f = judge(&c);
        const double tolerance = regions ? 0.003 : 0.03;
        CHECK(fabs(coley_infiltrate_mm2(&f, COLEY_IN_TUMOUR) - 0.495 * 0.99) < tolerance);
        CHECK(fabs(coley_infiltrate_mm2(&f, COLEY_IN_STROMA) - 0.495 * 0.99) < tolerance);
        CHECK(fabs(coley_infiltrate_mm2(&f, COLEY_IN_MARGIN) - 0.2 * 0.99) < 0.02);
        CHECK(coley_infiltrate_count(&f, COLEY_IN_ALL, COLEY_CELL_CD8) == 100);
    }
    const coley_cells c = cells(1);
    const coley_infiltrate f = judge(&c);
    CHECK(coley_infiltrate_count(&f, COLEY_IN_TUMOUR, COLEY_CELL_CD8) == 30);
    CHECK(coley_infiltrate_count(&f, COLEY_IN_STROMA, COLEY_CELL_CD8) == 70);
}

static void area_without_cells_is_no_tissue(void)
{
    n = 0; /* a ring: 400 um outside, a hole of 150 um in the middle */
    for (int i = -40; i <= 40; i++)
        for (int j = -40; j <= 40; j++)
            if (i * i + j * j <= 1600 && i * i + j * j >= 225) {
                put(10 * i, 10 * j, COLEY_CELL_TUMOUR);
                region[n - 1] = COLEY_REGION_TUMOUR;
            }
    const coley_cells c = cells(1);
    const coley_infiltrate f = judge(&c);
    const double pi = 3.14159265358979;
    /* the rim of the window cuts the outer reach; the hole shrinks by the reach of 30 um */
    CHECK(coley_infiltrate_mm2(&f, COLEY_IN_ALL) > pi * (0.4 * 0.4 - 0.125 * 0.125));
    CHECK(coley_infiltrate_mm2(&f, COLEY_IN_ALL) < pi * (0.43 * 0.43 - 0.115 * 0.115));
}

static void dense_in_tumour_is_inflamed_dense_in_stroma_excluded_and_neither_desert(void)
{
    static const struct {
        size_t left, right;
        coley_immune_phenotype phenotype;
    } cases[] = {{80, 0, COLEY_INFLAMED},
                 {80, 80, COLEY_INFLAMED},
                 {20, 80, COLEY_EXCLUDED},
                 {20, 20, COLEY_DESERT},
                 {0, 0, COLEY_DESERT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lay_out(cases[i].left, cases[i].right);
        const coley_cells c = cells(1);
        const coley_infiltrate f = judge(&c);
        CHECK(f.phenotype == cases[i].phenotype && !f.cannot_tell);
    }
}

static void without_a_cd8_stain_without_tumour_or_without_stroma_one_cannot_tell(void)
{
    coley_infiltrate f;
    lay_out(0, 0);
    coley_cells c = cells(1);
    CHECK(coley_infiltrate_judge(arena, &c, 0, &rules, &f, &err) == COLEY_OK);
    CHECK(f.phenotype == COLEY_IMMUNE_UNKNOWN);
    CHECK_HAS(f.cannot_tell, "was CD8 stained?");
    for (size_t i = 0; i < n; i++) region[i] = COLEY_REGION_TUMOUR;
    f = judge(&c);
    CHECK_HAS(f.cannot_tell, "do not tell excluded from desert");
    for (size_t i = 0; i < n; i++) type[i] = COLEY_CELL_STROMAL;
    f = judge(&c);
    CHECK_HAS(f.cannot_tell, "0 tumour cells");
    for (size_t i = 0; i < n; i++) type[i] = COLEY_CELL_TUMOUR, x[i] *= 0.1, y[i] *= 0.1;
    f = judge(&c);
    CHECK_HAS(f.cannot_tell, "mm2 of tumour");
}

static void cd8_cells_kept_out_of_a_tumour_keep_apart_from_its_cells(void)
{
    lay_out(0, 200);
    const coley_cells c = cells(1);
    const coley_infiltrate out = judge(&c);
    lay_out(200, 0);
    const coley_cells d = cells(1);
    const coley_infiltrate in = judge(&d);
    CHECK(out.pair[0].from == COLEY_CELL_CD8 && out.pair[0].to == COLEY_CELL_TUMOUR);
    CHECK(out.pair[0].k_over_all[3] < 0.4);
    CHECK(in.pair[0].k_over_all[3] > 0.9);
    CHECK(in.pair[0].mean_um < 6 && out.pair[0].mean_um > 150);
    lay_out(19, 0);
    const coley_cells e = cells(1);
    CHECK_HAS(judge(&e).pair[0].cannot_tell, "at least 20");
}

static void moving_and_turning_the_tissue_changes_nothing(void)
{
    lay_out(60, 40);
    const coley_cells c = cells(1);
    const coley_infiltrate before = judge(&c);
    for (size_t i = 0; i < n; i++) {
        const double old = x[i];
        x[i] = 7777 - y[i];
        y[i] = old - 1e4;
    }
    const coley_infiltrate after = judge(&c);
    for (int p = 0; p < COLEY_IN_COUNT; p++) {
        CHECK_NEAR(coley_infiltrate_mm2(&after, (coley_place_of)p), coley_infiltrate_mm2(&before, (coley_place_of)p),
                   2e-3);
        CHECK(coley_infiltrate_count(&after, (coley_place_of)p, COLEY_CELL_CD8) ==
              coley_infiltrate_count(&before, (coley_place_of)p, COLEY_CELL_CD8));
    }
    for (size_t i = 0; i < rules.n_radii; i++) CHECK_NEAR(after.pair[0].k_um2[i], before.pair[0].k_um2[i], 1e-6);
}

static void positions_that_are_no_micrometres_are_refused(void)
{
    lay_out(0, 0);
    x[0] = 1e12;
    const coley_cells c = cells(1);
    coley_infiltrate f;
    CHECK(coley_infiltrate_judge(arena, &c, 1, &rules, &f, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "are x and y in um?");
}

int main(void)
{
    arena = coley_arena_create();
    if (coley_infiltrate_rules_read(arena, COLEY_SOURCE_DIR "/catalog/assays/infiltrate.yaml", &rules, &err) !=
        COLEY_OK) {
        printf("Bail out! %s\n", err.text);
        return 1;
    }
    RUN(half_a_square_of_tumour_is_half_its_area_and_the_margin_a_band);
    RUN(area_without_cells_is_no_tissue);
    RUN(dense_in_tumour_is_inflamed_dense_in_stroma_excluded_and_neither_desert);
    RUN(without_a_cd8_stain_without_tumour_or_without_stroma_one_cannot_tell);
    RUN(cd8_cells_kept_out_of_a_tumour_keep_apart_from_its_cells);
    RUN(moving_and_turning_the_tissue_changes_nothing);
    RUN(positions_that_are_no_micrometres_are_refused);
    coley_arena_destroy(arena);
    return check_done();
}
