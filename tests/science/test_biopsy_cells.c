/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real tissue: every PD-L1 score, area, density and neighbour statistic equals that of an independent computation in R
 * (tests/data/cells/golden.R: every pair of points, and spatstat). */
#include <stdlib.h>

#include "assay/infiltrate.h"
#include "assay/pdl1.h"
#include "base/text.h"
#include "cells/cell_table.h"
#include "support/check.h"

#define DATA    COLEY_SOURCE_DIR "/tests/data/cells/"
#define CATALOG COLEY_SOURCE_DIR "/catalog/assays/"

static coley_arena *arena;
static coley_cell_words words;
static coley_pdl1_rules pdl1;
static coley_infiltrate_rules rules;
static const char *golden;
static int n_compared;

/* The number that R found. */
static double in_r(const char *key)
{
    char line[256];
    snprintf(line, sizeof line, "\n%s\t", key);
    const char *at = strstr(golden, line);
    if (!at) {
        printf("# golden.tsv has no line %s\n", key);
        return NAN;
    }
    n_compared++;
    return strtod(at + strlen(line), NULL);
}

static void same(const char *sample, const char *what, double value, double tolerance)
{
    char key[128];
    snprintf(key, sizeof key, "%s %s", sample, what);
    const double expected = in_r(key);
    if (!(fabs(value - expected) <= tolerance * fmax(1, fabs(expected))))
        CHECK_FAIL_("%s = %.12g, R says %.12g", key, value, expected);
}

static coley_cell_table read_table(const char *file, coley_cell_table_options options)
{
    coley_cell_table table = {0};
    coley_error err = {0};
    options.words = &words;
    if (!(options.um_per_unit > 0)) options.um_per_unit = 1;
    char *path = coley_arena_printf(arena, DATA "%s", file);
    if (coley_cell_table_read(arena, path, &options, &table, &err) != COLEY_OK) CHECK_FAIL_("%s", err.text);
    return table;
}

static void compare_pdl1(const char *sample, const coley_cells *cells, const double *above, size_t n)
{
    static const char *const names[] = {"tps", "cps", "ic"};
    coley_pdl1_counts counts;
    coley_pdl1_result result[COLEY_PDL1_MAX_SCORES];
    coley_error err;
    char what[32];
    for (size_t i = 0; i < n; i++) {
        coley_pdl1_count(cells, above[i], &counts);
        for (size_t s = 0; s < 3; s++) {
            snprintf(what, sizeof what, "%s %g", names[s], above[i]);
            same(sample, what, coley_pdl1_value(&pdl1.score[s], &counts, 1), 1e-11);
        }
    }
    CHECK(coley_pdl1_judge(arena, cells, above[0], &pdl1, 0, 1, &counts, result, &err) == COLEY_OK);
    /* two bootstraps of 2,000 and 20,000 replicates: 0.02 or 2 %% of the value apart */
    same(sample, "tps low", result[0].low, 0.02);
    same(sample, "tps high", result[0].high, 0.02);
    same(sample, "cps low", result[1].low, 0.02);
    same(sample, "cps high", result[1].high, 0.02);
}

static void compare_pairs(const char *sample, const coley_infiltrate *f)
{
    char what[64];
    for (size_t k = 0; k < f->n_pairs; k++) {
        const coley_pair_result *p = &f->pair[k];
        const char *from = coley_cell_type_name((coley_cell_kind)p->from),
                   *to = coley_cell_type_name((coley_cell_kind)p->to);
        snprintf(what, sizeof what, "\n%s %s %s mean\t", sample, from, to);
        if (!strstr(golden, what)) continue;
        CHECK(!p->cannot_tell);
        snprintf(what, sizeof what, "%s %s mean", from, to);
        same(sample, what, p->mean_um, 1e-10);
        snprintf(what, sizeof what, "%s %s median", from, to);
        same(sample, what, p->median_um, 1e-10);
        for (size_t i = 0; i < rules.n_radii; i++) {
            snprintf(what, sizeof what, "%s %s g %g", from, to, rules.radius_um[i]);
            same(sample, what, p->g[i], 1e-10);
        }
    }
}

/* spatstat's K, at radii that are no distance of the lung's lattice of cells. */
static void compare_k(const char *sample, const coley_cells *cells)
{
    coley_infiltrate_rules shifted = rules;
    coley_infiltrate f;
    coley_error err = {0};
    char what[64];
    for (size_t i = 0; i < rules.n_radii; i++) shifted.radius_um[i] += 0.25;
    if (coley_infiltrate_judge(arena, cells, 1, &shifted, &f, &err) != COLEY_OK) CHECK_FAIL_("%s", err.text);
    for (size_t k = 0; k < f.n_pairs; k++) {
        const char *from = coley_cell_type_name((coley_cell_kind)f.pair[k].from);
        const char *to = coley_cell_type_name((coley_cell_kind)f.pair[k].to);
        snprintf(what, sizeof what, "\n%s %s %s mean\t", sample, from, to);
        if (!strstr(golden, what)) continue;
        for (size_t i = 0; i < rules.n_radii; i++) {
            snprintf(what, sizeof what, "%s %s k %g", from, to, shifted.radius_um[i]);
            same(sample, what, f.pair[k].k_um2[i], 1e-10);
        }
    }
}

static void compare_infiltrate(const char *sample, const coley_cells *cells)
{
    static const int types[] = {COLEY_CELL_CD8, COLEY_CELL_CD4, COLEY_CELL_TREG, COLEY_CELL_MACROPHAGE, COLEY_CELL_B};
    coley_infiltrate f;
    coley_error err = {0};
    char what[64];
    if (coley_infiltrate_judge(arena, cells, 1, &rules, &f, &err) != COLEY_OK) CHECK_FAIL_("%s", err.text);
    for (int p = COLEY_IN_TUMOUR; p <= COLEY_IN_STROMA; p++) {
        snprintf(what, sizeof what, "%s mm2", coley_place_name((coley_place_of)p));
        same(sample, what, coley_infiltrate_mm2(&f, (coley_place_of)p), 1e-10);
        for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
            snprintf(what, sizeof what, "%s %s", coley_place_name((coley_place_of)p),
                     coley_cell_type_name((coley_cell_kind)types[t]));
            same(sample, what, coley_infiltrate_per_mm2(&f, (coley_place_of)p, (coley_cell_kind)types[t]), 1e-10);
        }
    }
    compare_pairs(sample, &f);
    compare_k(sample, cells);
}

static void a_lung_tumour_has_the_scores_and_densities_that_r_finds(void)
{
    static const double above[] = {1, 2, 5};
    const coley_cell_table table = read_table("lung.csv.gz", (coley_cell_table_options){0});
    CHECK(table.n == 6072);
    compare_pdl1("lung", &table.cells, above, 3);
    compare_infiltrate("lung", &table.cells);
}

static void the_published_tps_of_the_lung_tumour_is_found(void)
{
    static const struct {
        double above, tps;
    } published[] = {{1, 54.0}, {2, 34.7}, {5, 18.3}};
    const coley_cell_table table = read_table("lung.csv.gz", (coley_cell_table_options){0});
    coley_pdl1_counts counts;
    for (size_t i = 0; i < 3; i++) {
        coley_pdl1_count(&table.cells, published[i].above, &counts);
        CHECK(fabs(coley_pdl1_value(&pdl1.score[0], &counts, 0) - published[i].tps) < 0.05);
    }
}

static void a_prostate_core_without_pdl1_scores_nearly_nothing(void)
{
    static const double above[] = {0.5};
    const coley_cell_table table = read_table(
        "prostate.csv.gz", (coley_cell_table_options){.column = {[COLEY_COLUMN_X] = "XMin,XMax",
                                                                 [COLEY_COLUMN_Y] = "YMin,YMax",
                                                                 [COLEY_COLUMN_PHENOTYPE] = "Classifier.Label",
                                                                 [COLEY_COLUMN_PDL1] = "PDL1..Opal.540..Positive"},
                                                      .call = {"cd8=CD3..CD8.", "treg=CD3..FOXP3."},
                                                      .n_calls = 2,
                                                      .um_per_unit = 0.5});
    CHECK(table.n == 3803 && table.pdl1_is_call);
    compare_pdl1("prostate", &table.cells, above, 1);
    compare_infiltrate("prostate", &table.cells);
    coley_infiltrate f;
    coley_error err;
    CHECK(coley_infiltrate_judge(arena, &table.cells, 1, &rules, &f, &err) == COLEY_OK && f.phenotype == COLEY_DESERT);
}

static void breast_tumours_without_regions_have_the_densities_that_r_finds(void)
{
    const coley_cell_table table = read_table("tnbc.csv.gz", (coley_cell_table_options){.um_per_unit = 0.390625});
    CHECK(table.n_samples == 4);
    for (size_t i = 0; i < table.n_samples; i++) {
        const coley_cells cells = coley_cell_table_sample(&table, i);
        char name[32];
        snprintf(name, sizeof name, "tnbc-%s", table.sample[i]);
        compare_infiltrate(name, &cells);
    }
}

static void every_number_of_r_was_compared(void)
{
    int lines = 0;
    for (const char *p = golden; (p = strchr(p, '\n')); p++) lines++;
    CHECK(lines - 1 == n_compared);
    printf("# %d numbers\n", n_compared);
}

int main(void)
{
    arena = coley_arena_create();
    coley_error err = {0};
    char *bytes;
    size_t length;
    if (coley_cell_words_read(arena, CATALOG "cells.yaml", &words, &err) != COLEY_OK ||
        coley_pdl1_rules_read(arena, CATALOG "pdl1.yaml", &pdl1, &err) != COLEY_OK ||
        coley_infiltrate_rules_read(arena, CATALOG "infiltrate.yaml", &rules, &err) != COLEY_OK ||
        coley_file_read(arena, DATA "golden.tsv", 1 << 20, &bytes, &length, &err) != COLEY_OK) {
        printf("Bail out! %s: %s\n", err.file, err.text);
        return 1;
    }
    golden = coley_arena_printf(arena, "\n%s", bytes);
    RUN(a_lung_tumour_has_the_scores_and_densities_that_r_finds);
    RUN(a_prostate_core_without_pdl1_scores_nearly_nothing);
    RUN(breast_tumours_without_regions_have_the_densities_that_r_finds);
    RUN(every_number_of_r_was_compared);
    RUN(the_published_tps_of_the_lung_tumour_is_found);
    coley_arena_destroy(arena);
    return check_done();
}
