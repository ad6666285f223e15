/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Therapeutic vaccines: what must be so whatever their numbers are. */
#include "support/crowd.h"

#define SKIN       "cancer: melanoma\n"
#define BULKY      "lesions: [{site: lung, diameter: 26 mm, infiltration: inflamed}]\n"
#define LEFT       "lesions: [{site: lymph node, diameter: 1 mm, infiltration: inflamed}]\n"
#define ALSO       "model: {also: [residual_disease]}\n"
#define YEAR       "run: {duration: 364 day, output_every: 7 day, population: 1}\n"
#define MRNA       "regimen: intismeran-1-q3w\n"
#define MRNA_0     "regimen: [{drug: intismeran, dose: 0 mg, cycles: 1}]\n"
#define NUMBERS(x) "model: {parameters: {" x "}}\n"

static void a_vaccine_acts_late(void)
{
    crowd on = crowd_run(SKIN BULKY YEAR MRNA NUMBERS("vax_immunogenic: 0.5"), "L1.C_total vT8_B"),
          off = crowd_run(SKIN BULKY YEAR MRNA_0 NUMBERS("vax_immunogenic: 0.5"), "L1.C_total vT8_B");
    const double early = crowd_at(&on, 0, 6, 0) / crowd_at(&off, 0, 6, 0),
                 late = crowd_at(&on, 0, 40, 0) / crowd_at(&off, 0, 40, 0);
    printf("# tumour cells against no vaccine: week 6 %.3f, week 40 %.3f\n", early, late);
    CHECK(early > 0.8);
    CHECK(late < early - 0.02);
    CHECK(crowd_at(&on, 0, 1, 1) < 0.2 * crowd_extreme(&on, 1, 1).value);
    crowd_free(&on);
    crowd_free(&off);
}

/* The same vaccine, the same T cells: against a residue they are many, against a tumour few. */
static void it_does_more_against_a_residue_than_against_a_tumour(void)
{
    const char *const arm[4] = {SKIN BULKY YEAR MRNA, SKIN BULKY YEAR MRNA_0, SKIN LEFT ALSO YEAR MRNA,
                                SKIN LEFT ALSO YEAR MRNA_0};
    double cells[4];
    for (size_t k = 0; k < 4; k++) {
        crowd c = crowd_run(arm[k], "L1.C_s");
        cells[k] = crowd_at(&c, 0, 39, 0);
        crowd_free(&c);
    }
    printf("# tumour cells after 39 weeks against no vaccine: tumour %.3f, residue %.3f\n", cells[0] / cells[1],
           cells[2] / cells[3]);
    CHECK(cells[2] / cells[3] < 0.8 * cells[0] / cells[1]);
}

static void one_epitope_selects_cells_that_have_lost_it(void)
{
#define STRONG "vax_affinity: 1, vax_divisions: 12, infil: 3"
    crowd one = crowd_run(SKIN BULKY YEAR MRNA NUMBERS(STRONG ", vax_coverage: 0.7"), "L1.vax_covered L1.C_s"),
          none = crowd_run(SKIN BULKY YEAR MRNA_0 NUMBERS(STRONG ", vax_coverage: 0.7"), "L1.vax_covered L1.C_s"),
          all = crowd_run(SKIN BULKY YEAR MRNA NUMBERS(STRONG ", vax_coverage: 0.999"), "L1.vax_covered L1.C_s");
    printf("# covered at the end: %.3f of 0.7; cells against no vaccine %.3f, with all covered %.3f\n",
           crowd_at(&one, 0, 52, 0), crowd_at(&one, 0, 52, 1) / crowd_at(&none, 0, 52, 1),
           crowd_at(&all, 0, 52, 1) / crowd_at(&none, 0, 52, 1));
    CHECK(crowd_at(&one, 0, 52, 0) < 0.65);
    CHECK_NEAR(crowd_at(&none, 0, 52, 0), 0.7, 1e-9);
    CHECK(crowd_at(&all, 0, 52, 1) < crowd_at(&one, 0, 52, 1));
    crowd_free(&one);
    crowd_free(&none);
    crowd_free(&all);
}

static void without_t_cells_a_vaccine_does_nothing(void)
{
    crowd on = crowd_run(SKIN BULKY YEAR MRNA NUMBERS("precursors_per_clone: 0"), "L1.C_s vT8_B"),
          off = crowd_run(SKIN BULKY YEAR MRNA_0 NUMBERS("precursors_per_clone: 0"), "L1.C_s vT8_B");
    for (size_t r = 0; r < on.people.n_days; r++) {
        CHECK_NEAR(crowd_at(&on, 0, r, 0) / crowd_at(&off, 0, r, 0), 1, 1e-4);
        CHECK(fabs(crowd_at(&on, 0, r, 1)) < 1e-3);
    }
    crowd_free(&on);
    crowd_free(&off);
}

static void its_t_cells_stay_as_memory_and_a_booster_finds_more_than_the_first_dose(void)
{
    crowd c = crowd_run(SKIN BULKY YEAR "regimen: [{drug: intismeran, dose: 1 mg, every: 182 day, cycles: 2}]\n",
                        "vT8_B vM8 vDC");
    double first = 0, second = 0;
    for (size_t r = 0; r < 26; r++) {
        first = fmax(first, crowd_at(&c, 0, r, 0));
        second = fmax(second, crowd_at(&c, 0, r + 26, 0));
    }
    printf("# peak of effectors: %.3g after the first dose, %.3g after the second; memory %.3g before it\n", first,
           second, crowd_at(&c, 0, 25, 1));
    CHECK(second > 1.05 * first);
    CHECK(crowd_at(&c, 0, 25, 1) > 0.02 * first);
    CHECK(crowd_at(&c, 0, 25, 2) < 1);
    crowd_free(&c);
}

/* A person's own protein and cells given into a vein: an answer in blood, none on the scan. */
static void sipuleucel_t_primes_and_the_tumour_grows_on(void)
{
#define PROSTATE                                                                                                       \
    "cancer: prostate\nlesions: [{site: lymph node, diameter: 22 mm, infiltration: excluded, nodal: yes}]\n"
    crowd on = crowd_run(PROSTATE YEAR "regimen: sipuleucel-t-q2w\n", "L1.diameter vT8_B"),
          off = crowd_run(PROSTATE YEAR "regimen: [{drug: sipuleucel-t, dose: 0 cell, cycles: 1}]\n",
                          "L1.diameter vT8_B");
    CHECK(crowd_extreme(&on, 1, 1).value > 1e4);
    CHECK_NEAR(crowd_at(&on, 0, 26, 0) / crowd_at(&off, 0, 26, 0), 1, 0.02);
    crowd_free(&on);
    crowd_free(&off);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    crowd a = crowd_run(SKIN BULKY YEAR MRNA_0, "L1.C_s L1.T_eff M8 nCD8"),
          b = crowd_run(SKIN BULKY YEAR
                        "regimen: []\nmodel: {also: [vaccine, mrna_vaccine], parameters: {vax_epitopes: 34, "
                        "vax_immunogenic: 0.16, vax_help: 0.4, vax_coverage: 0.99, vax_affinity: 1, "
                        "vax_divisions: 7.5}}\n",
                        "L1.C_s L1.T_eff M8 nCD8");
    for (size_t r = 0; r < a.people.n_days; r++)
        for (size_t s = 0; s < 4; s++) CHECK(crowd_at(&a, 0, r, s) == crowd_at(&b, 0, r, s));
    crowd_free(&a);
    crowd_free(&b);
}

static void no_number_of_cells_is_negative(void)
{
    crowd c = crowd_run(SKIN LEFT ALSO "run: {duration: 728 day, output_every: 14 day, population: 32}\n" MRNA,
                        "L1.C_s L1.C_low L1.T_v vT8_B vM8 vA8 vN8 mrna_R");
    for (size_t i = 0; i < c.people.n; i++)
        for (size_t r = 0; r < c.people.n_days; r++)
            for (size_t s = 0; s < 8; s++) CHECK(crowd_at(&c, i, r, s) > -1e-2);
    crowd_free(&c);
}

int main(void)
{
    RUN(a_vaccine_acts_late);
    RUN(it_does_more_against_a_residue_than_against_a_tumour);
    RUN(one_epitope_selects_cells_that_have_lost_it);
    RUN(without_t_cells_a_vaccine_does_nothing);
    RUN(its_t_cells_stay_as_memory_and_a_booster_finds_more_than_the_first_dose);
    RUN(sipuleucel_t_primes_and_the_tumour_grows_on);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    RUN(no_number_of_cells_is_negative);
    return check_done();
}
