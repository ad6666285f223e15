/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Antibodies against the tumour cell: what must be so whatever their numbers are. */
#include "support/crowd.h"

#define PERSON     "patient: {weight: 70 kg, height: 170 cm}\n"
#define LESION     "lesions: [{site: liver, diameter: 30 mm, infiltration: excluded}]\n"
#define TWO        "lesions: [{site: liver, diameter: 30 mm, infiltration: excluded}, {site: lung, diameter: 12 mm}]\n"
#define YEAR       "run: {duration: 364 day, output_every: 7 day, population: 1}\n"
#define MONTH      "run: {duration: 28 day, output_every: 0.5 day, population: 1}\n"
#define BREAST     "cancer: breast-her2\n" PERSON
#define BOWEL      "cancer: colorectal\n" PERSON
#define TRAST      "regimen: [{dose: trastuzumab-8-loading}, {dose: trastuzumab-6-q3w, start: 21 day}]\n"
#define TRAST_0    "regimen: [{drug: trastuzumab, dose: 0 mg, every: 21 day}]\n"
#define CETUX      "regimen: [{dose: cetuximab-400-loading}, {dose: cetuximab-250-q1w, start: 7 day}]\n"
#define CETUX_0    "regimen: [{drug: cetuximab, dose: 0 mg, every: 7 day}]\n"
#define NUMBERS(x) "model: {parameters: {" x "}}\n"

/* Tumour cells after half a year against the same person who got nothing. */
static double left(const char *with, const char *without)
{
    crowd a = crowd_run(with, "L1.C_total"), b = crowd_run(without, "L1.C_total");
    const double ratio = crowd_at(&a, 0, 26, 0) / crowd_at(&b, 0, 26, 0);
    crowd_free(&a);
    crowd_free(&b);
    return ratio;
}

static void trastuzumab_needs_a_cell_that_carries_much_her2(void)
{
    const double high = left(BREAST LESION YEAR TRAST, BREAST LESION YEAR TRAST_0),
                 low = left(BREAST LESION YEAR TRAST NUMBERS("HER2_density: 5e4"),
                            BREAST LESION YEAR TRAST_0 NUMBERS("HER2_density: 5e4")),
                 none = left(BREAST LESION YEAR TRAST NUMBERS("HER2_density: 0"),
                             BREAST LESION YEAR TRAST_0 NUMBERS("HER2_density: 0"));
    printf("# tumour cells after half a year against no drug: HER2 3+ %.3f, low %.3f, none %.6f\n", high, low, none);
    CHECK(high < 0.3);
    CHECK(low > 0.8 && low < 1);
    CHECK_NEAR(none, 1, 1e-4);
}

static void a_mutant_ras_leaves_cetuximab_its_fc_part_only(void)
{
    const double wild = left(BOWEL LESION YEAR CETUX, BOWEL LESION YEAR CETUX_0),
                 mutant = left(BOWEL LESION YEAR CETUX NUMBERS("RAS_mutant: 1"),
                               BOWEL LESION YEAR CETUX_0 NUMBERS("RAS_mutant: 1")),
                 no_fc = left(BOWEL LESION YEAR CETUX NUMBERS("RAS_mutant: 1, k_NK: 0, k_phag: 0"),
                              BOWEL LESION YEAR CETUX_0 NUMBERS("RAS_mutant: 1, k_NK: 0, k_phag: 0"));
    printf("# tumour cells against no drug: wild type %.3f, mutant %.3f, mutant without Fc %.6f\n", wild, mutant,
           no_fc);
    CHECK(wild < 0.8);
    CHECK(mutant > wild + 0.1 && mutant < 1);
    CHECK_NEAR(no_fc, 1, 1e-3);
    crowd c = crowd_run(BOWEL LESION YEAR CETUX NUMBERS("RAS_mutant: 1"), "L1.egfr_kill L1.adcc_kill");
    for (size_t r = 0; r < c.people.n_days; r++) CHECK(crowd_at(&c, 0, r, 0) == 0);
    CHECK(crowd_extreme(&c, 1, 1).value > 0);
    crowd_free(&c);
}

static void the_v_allele_kills_more_than_the_f_allele(void)
{
    double kill[3];
    const char *const person[3] = {BREAST LESION MONTH TRAST NUMBERS("FcgR_u: 0.1"),
                                   BREAST LESION MONTH TRAST NUMBERS("FcgR_u: 0.5"),
                                   BREAST LESION MONTH TRAST NUMBERS("FcgR_u: 0.9")};
    for (int i = 0; i < 3; i++) {
        crowd c = crowd_run(person[i], "L1.adcc_kill FcgR_V");
        kill[i] = crowd_at(&c, 0, 14, 0);
        CHECK(crowd_at(&c, 0, 14, 1) == i);
        crowd_free(&c);
    }
    printf("# killed a day through Fc: F/F %.5f, V/F %.5f, V/V %.5f\n", kill[0], kill[1], kill[2]);
    CHECK(kill[0] < kill[1] && kill[1] < kill[2]);
}

static void genotypes_come_in_the_shares_of_hardy_and_weinberg(void)
{
    crowd c =
        crowd_run(BREAST LESION TRAST_0 "run: {duration: 1 day, output_every: 1 day, population: 400}\n", "FcgR_V");
    size_t n[3] = {0};
    for (size_t i = 1; i < c.people.n; i++) n[(int)crowd_at(&c, i, 0, 0)]++;
    const double all = (double)(c.people.n - 1);
    printf("# F/F %.3f, V/F %.3f, V/V %.3f\n", n[0] / all, n[1] / all, n[2] / all);
    CHECK_NEAR(n[0] / all, 0.36, 0.07);
    CHECK_NEAR(n[2] / all, 0.16, 0.06);
    crowd_free(&c);
}

/* The binding-site barrier: cells swallow a small dose whole; a large one fills them, and is found free. */
static void a_tumour_full_of_targets_swallows_a_small_dose_and_is_filled_by_a_large_one(void)
{
#define DOSE(mg) "regimen: [{drug: trastuzumab, dose: " mg ", cycles: 1}]\n"
    crowd small = crowd_run(BREAST LESION MONTH DOSE("35 mg"), "L1.RO_HER2 L1.her2_free her2_mgL"),
          large = crowd_run(BREAST LESION MONTH DOSE("1400 mg"), "L1.RO_HER2 L1.her2_free her2_mgL"),
          bare = crowd_run(BREAST LESION MONTH DOSE("35 mg") NUMBERS("HER2_density: 1e4"), "L1.RO_HER2");
    printf("# HER2 occupied after three days: 35 mg %.3f, with few targets %.3f; 1400 mg %.3f\n",
           crowd_at(&small, 0, 6, 0), crowd_at(&bare, 0, 6, 0), crowd_at(&large, 0, 6, 0));
    CHECK(crowd_at(&small, 0, 6, 0) < 0.4 && crowd_at(&bare, 0, 6, 0) > 0.8);
    CHECK(crowd_at(&large, 0, 6, 0) > 0.9);
    CHECK(crowd_at(&large, 0, 6, 1) > 50 * crowd_at(&small, 0, 6, 1));
    crowd_free(&small);
    crowd_free(&large);
    crowd_free(&bare);
}

/* Without clearance and without uptake by cells, what was given is in blood, tissue and lesions. */
static void no_antibody_is_lost_or_made(void)
{
    crowd c = crowd_run(BREAST TWO MONTH "regimen: [{drug: trastuzumab, dose: 560 mg, cycles: 1}]\n" NUMBERS(
                            "her2_CL: 0, her2_Vmax: 0, her2_k_int: 0"),
                        "her2_A her2_P L1.her2_L L2.her2_L");
    for (size_t r = 2; r < c.people.n_days; r++) {
        double sum = 0;
        for (size_t s = 0; s < 4; s++) {
            CHECK(crowd_at(&c, 0, r, s) > 0);
            sum += crowd_at(&c, 0, r, s);
        }
        CHECK_NEAR(sum, 560, 0.05);
    }
    crowd_free(&c);
}

static void without_t_cells_the_antibody_still_works_and_without_nk_cells_too(void)
{
#define NO_T "precursors_per_clone: 0"
    const double whole = left(BREAST LESION YEAR TRAST, BREAST LESION YEAR TRAST_0),
                 no_t = left(BREAST LESION YEAR TRAST NUMBERS(NO_T), BREAST LESION YEAR TRAST_0 NUMBERS(NO_T)),
                 no_fc = left(BREAST LESION YEAR TRAST NUMBERS("k_NK: 0, k_phag: 0"),
                              BREAST LESION YEAR TRAST_0 NUMBERS("k_NK: 0, k_phag: 0"));
    printf("# tumour cells against no drug: %.3f, without T cells %.3f, without Fc %.3f\n", whole, no_t, no_fc);
    CHECK(no_t < 0.4 && no_fc < 0.6 && no_fc > whole);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    crowd zero = crowd_run(BREAST LESION YEAR TRAST_0, "L1.C_s L1.T_eff L1.NK nCD8"),
          none = crowd_run(BREAST LESION YEAR "model: {also: [adcc, anti_her2]}\nregimen: []\n",
                           "L1.C_s L1.T_eff L1.NK nCD8");
    for (size_t r = 0; r < zero.people.n_days; r++)
        for (size_t s = 0; s < 4; s++) CHECK(crowd_at(&zero, 0, r, s) == crowd_at(&none, 0, r, s));
    crowd_free(&zero);
    crowd_free(&none);
}

static void cells_that_need_no_signal_take_over_and_no_number_is_negative(void)
{
    crowd c = crowd_run(BREAST LESION "run: {duration: 364 day, output_every: 7 day, population: 24}\n" TRAST,
                        "L1.her2_res L1.C_s L1.C_low L1.NK L1.her2_L her2_A her2_P L1.her2_free");
    CHECK(crowd_at(&c, 0, 52, 0) > crowd_at(&c, 0, 0, 0) + 0.2);
    for (size_t i = 0; i < c.people.n; i++)
        for (size_t r = 0; r < c.people.n_days; r++)
            for (size_t s = 0; s < 8; s++) CHECK(crowd_at(&c, i, r, s) > -1e-4);
    crowd_free(&c);
}

int main(void)
{
    RUN(trastuzumab_needs_a_cell_that_carries_much_her2);
    RUN(a_mutant_ras_leaves_cetuximab_its_fc_part_only);
    RUN(the_v_allele_kills_more_than_the_f_allele);
    RUN(genotypes_come_in_the_shares_of_hardy_and_weinberg);
    RUN(a_tumour_full_of_targets_swallows_a_small_dose_and_is_filled_by_a_large_one);
    RUN(no_antibody_is_lost_or_made);
    RUN(without_t_cells_the_antibody_still_works_and_without_nk_cells_too);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    RUN(cells_that_need_no_signal_take_over_and_no_number_is_negative);
    return check_done();
}
