/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The call of microsatellite instability from shares of unstable sites, at and about the published cut-offs. */
#include "assay/msi.h"
#include "base/data.h"
#include "support/check.h"

static coley_arena *arena;
static coley_msi_facts facts;

/* n sites with 60 reads in both samples, of which the first k have lost two units in the tumour. */
static coley_msi_result of_share(size_t n, size_t k, const char *cutoff, double purity)
{
    static const coley_length_count ten[] = {{10, 60}}, eight[] = {{8, 40}, {10, 20}};
    coley_lengths *t = COLEY_NEW(arena, coley_lengths, n), *m = COLEY_NEW(arena, coley_lengths, n);
    coley_msi_site *site = COLEY_NEW(arena, coley_msi_site, n);
    coley_msi_options o = {.coverage = 20, .fdr = 0.05, .purity = purity};
    coley_msi_result r = {0};
    for (size_t i = 0; i < n; i++) {
        m[i] = (coley_lengths){ten, 1, 60};
        t[i] = i < k ? (coley_lengths){eight, 2, 60} : m[i];
    }
    CHECK(coley_msi_cutoff_find(&facts, cutoff, COLEY_MSI_PAIRED, &o.cutoff, NULL) == COLEY_OK);
    const coley_msi_input in = {.n = n, .tumour = t, .normal = m, .recognised = NAN};
    CHECK(coley_msi_judge(arena, &in, &facts, &o, site, &r, NULL) == COLEY_OK);
    CHECK(r.n_unstable == k && r.n_judged == n);
    return r;
}

static void a_tenth_of_the_sites_is_msi_high_and_less_than_three_in_a_hundred_is_mss(void)
{
    CHECK(of_share(1000, 100, NULL, NAN).call == COLEY_MSI_HIGH);
    CHECK(of_share(1000, 99, NULL, NAN).call == COLEY_MSI_CANNOT_TELL);
    CHECK(of_share(1000, 30, NULL, NAN).call == COLEY_MSI_CANNOT_TELL);
    CHECK(of_share(1000, 29, NULL, NAN).call == COLEY_MSI_MSS);
    CHECK_HAS(of_share(1000, 60, NULL, NAN).reason, "between 3 and 10 % is indeterminate");
}

static void few_sites_leave_the_call_open_where_the_interval_does(void)
{
    CHECK(of_share(20, 0, NULL, NAN).call == COLEY_MSI_CANNOT_TELL);
    CHECK_HAS(of_share(20, 0, NULL, NAN).reason, "too few sites");
    CHECK(of_share(50, 0, NULL, NAN).call == COLEY_MSI_MSS);
    CHECK(of_share(20, 2, NULL, NAN).call == COLEY_MSI_CANNOT_TELL);
    CHECK(of_share(20, 4, NULL, NAN).call == COLEY_MSI_HIGH);
    CHECK(of_share(19, 10, NULL, NAN).call == COLEY_MSI_CANNOT_TELL);
    CHECK_HAS(of_share(19, 10, NULL, NAN).reason, "a call needs 20 sites");
}

static void one_cutoff_for_exomes_leaves_nothing_open_but_its_interval(void)
{
    CHECK(of_share(1000, 60, "exome", NAN).call == COLEY_MSI_HIGH);
    CHECK(of_share(1000, 10, "exome", NAN).call == COLEY_MSI_MSS);
    CHECK(of_share(1000, 36, "exome", NAN).call == COLEY_MSI_CANNOT_TELL);
}

static void two_of_five_markers_are_msi_high_one_is_open_and_none_is_mss(void)
{
    CHECK(of_share(5, 2, "markers", NAN).call == COLEY_MSI_HIGH);
    CHECK(of_share(5, 1, "markers", NAN).call == COLEY_MSI_CANNOT_TELL);
    CHECK(of_share(5, 0, "markers", NAN).call == COLEY_MSI_MSS);
    CHECK(of_share(4, 2, "markers", NAN).call == COLEY_MSI_CANNOT_TELL);
}

static void few_tumour_cells_take_the_word_stable_back_but_not_unstable(void)
{
    /* 60 reads a site: 24 of tumour cells are 40 % */
    CHECK(of_share(1000, 5, NULL, 0.39).call == COLEY_MSI_CANNOT_TELL);
    CHECK_HAS(of_share(1000, 5, NULL, 0.39).reason, "from 40 %");
    CHECK(of_share(1000, 5, NULL, 0.41).call == COLEY_MSI_MSS);
    CHECK(of_share(1000, 300, NULL, 0.1).call == COLEY_MSI_HIGH);
    CHECK_HAS(of_share(1000, 5, NULL, NAN).caution, "40 % of tumour cells or more: purity was not given");
}

static void no_site_with_reads_is_no_call(void)
{
    const coley_length_count ten[] = {{10, 19}};
    const coley_lengths l[] = {{ten, 1, 19}, {ten, 1, 19}};
    coley_msi_site site[2];
    coley_msi_options o = {.coverage = 20, .fdr = 0.05, .purity = NAN, .cutoff = facts.cutoff};
    coley_msi_result r;
    const coley_msi_input in = {.n = 2, .tumour = l, .normal = l, .recognised = NAN};
    CHECK(coley_msi_judge(arena, &in, &facts, &o, site, &r, NULL) == COLEY_OK);
    CHECK(r.call == COLEY_MSI_CANNOT_TELL && isnan(r.score_pct));
    CHECK_HAS(r.reason, "none of 2 sites has 20 reads in both samples");
}

static void a_least_distance_keeps_small_differences_of_deep_samples_stable(void)
{
    const coley_length_count a[] = {{9, 500}, {10, 9500}}, b[] = {{9, 800}, {10, 9200}};
    const coley_lengths normal = {a, 2, 10000}, tumour = {b, 2, 10000};
    coley_msi_site site[1];
    coley_msi_options o = {.coverage = 20, .fdr = 0.05, .purity = NAN, .cutoff = facts.cutoff};
    coley_msi_result r;
    const coley_msi_input in = {.n = 1, .tumour = &tumour, .normal = &normal, .recognised = NAN};
    CHECK(coley_msi_judge(arena, &in, &facts, &o, site, &r, NULL) == COLEY_OK && r.n_unstable == 1);
    o.distance = 0.05;
    CHECK(coley_msi_judge(arena, &in, &facts, &o, site, &r, NULL) == COLEY_OK && r.n_unstable == 0);
    CHECK_NEAR(site[0].test.distance, 0.03, 1e-12);
}

static void msi_high_by_small_differences_comes_with_a_caution(void)
{
    const coley_length_count a[] = {{9, 500}, {10, 9500}}, b[] = {{9, 1500}, {10, 8500}}, c[] = {{7, 4000}, {10, 6000}};
    coley_lengths normal[40], tumour[40];
    coley_msi_site site[40];
    const coley_msi_options o = {.coverage = 20, .fdr = 0.05, .purity = NAN, .cutoff = facts.cutoff};
    coley_msi_result r;
    for (int i = 0; i < 40; i++) {
        normal[i] = (coley_lengths){a, 2, 10000};
        tumour[i] = i < 20 ? (coley_lengths){b, 2, 10000} : normal[i];
    }
    const coley_msi_input in = {.n = 40, .tumour = tumour, .normal = normal, .recognised = NAN};
    CHECK(coley_msi_judge(arena, &in, &facts, &o, site, &r, NULL) == COLEY_OK);
    CHECK(r.call == COLEY_MSI_HIGH && fabs(r.distance - 0.1) < 1e-12);
    CHECK_HAS(r.caution, "differ by 10.0 % of reads");
    for (int i = 0; i < 20; i++) tumour[i] = (coley_lengths){c, 2, 10000};
    CHECK(coley_msi_judge(arena, &in, &facts, &o, site, &r, NULL) == COLEY_OK);
    CHECK(r.call == COLEY_MSI_HIGH && r.caution == NULL);
}

static void thresholds_are_mean_and_three_standard_deviations_of_normals(void)
{
    coley_site s = {.units = 10};
    const coley_sites sites = {.n = 1, .site = &s};
    coley_msi_baseline b;
    double deleted[3], mean = 0, squares = 0;
    CHECK(coley_msi_baseline_begin(arena, 1, &b, NULL) == COLEY_OK);
    CHECK(isnan(coley_msi_baseline_threshold(&b, 0)));
    for (uint32_t i = 0; i < 3; i++) {
        const coley_length_count kind[] = {{9, 1 + i}, {10, 40}};
        const coley_lengths l = {kind, 2, 41 + i};
        coley_msi_baseline_add(&b, &sites, &l, 20);
        deleted[i] = coley_lengths_deleted(&l, 10);
        mean += deleted[i] / 3;
    }
    for (int i = 0; i < 3; i++) squares += (deleted[i] - mean) * (deleted[i] - mean);
    CHECK_NEAR(coley_msi_baseline_threshold(&b, 0), mean + 3 * sqrt(squares / 2), 1e-12);
    CHECK(b.support[0] == 3);
}

static void a_wrong_name_of_a_cutoff_is_answered_with_the_nearest(void)
{
    const coley_msi_cutoff *c;
    coley_error err = {0};
    CHECK(coley_msi_cutoff_find(&facts, "exomes", COLEY_MSI_PAIRED, &c, &err) == COLEY_ERR_ARG);
    CHECK_HAS(err.text, "did you mean exome?");
    CHECK(coley_msi_cutoff_find(&facts, "tumour-only", COLEY_MSI_PAIRED, &c, &err) == COLEY_ERR_ARG);
    CHECK_HAS(err.text, "alone");
}

int main(void)
{
    const char *catalog;
    arena = coley_arena_create();
    CHECK(coley_data_path(arena, "catalog", &catalog, NULL) == COLEY_OK);
    CHECK(coley_msi_facts_read(arena, catalog, &facts, NULL) == COLEY_OK);
    RUN(a_tenth_of_the_sites_is_msi_high_and_less_than_three_in_a_hundred_is_mss);
    RUN(few_sites_leave_the_call_open_where_the_interval_does);
    RUN(one_cutoff_for_exomes_leaves_nothing_open_but_its_interval);
    RUN(two_of_five_markers_are_msi_high_one_is_open_and_none_is_mss);
    RUN(few_tumour_cells_take_the_word_stable_back_but_not_unstable);
    RUN(no_site_with_reads_is_no_call);
    RUN(a_least_distance_keeps_small_differences_of_deep_samples_stable);
    RUN(msi_high_by_small_differences_comes_with_a_caution);
    RUN(thresholds_are_mean_and_three_standard_deviations_of_normals);
    RUN(a_wrong_name_of_a_cutoff_is_answered_with_the_nearest);
    coley_arena_destroy(arena);
    return check_done();
}
