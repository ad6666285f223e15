/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chemotherapy: what must be so whatever its numbers are, and its neutrophils against what was published. */
#include "support/crowd.h"

#define LUNG                                                                                                           \
    "cancer: nsclc\npatient: {weight: 70 kg, height: 170 cm}\nscans: {every: 6 week}\n"                                \
    "lesions: [{site: lung, diameter: 40 mm, infiltration: inflamed}]\n"
#define RUN_YEAR "run: {duration: 364 day, output_every: 7 day, population: 1}\n"
#define RUN_DAYS "run: {duration: 42 day, output_every: 0.25 day, population: 1}\n"
#define DOUBLET  "regimen: [{dose: carboplatin-auc5-q3w}, {dose: pemetrexed-500-q3w, cycles: 4}]\n"
#define NOTHING                                                                                                        \
    "regimen: [{drug: carboplatin, dose: 0 mg, every: 21 day, cycles: 4}, {drug: pemetrexed, dose: 0 mg, every: 21 "   \
    "day, cycles: 4}]\n"
#define NO_T "model: {parameters: {precursors_per_clone: 0}}\n"

/* Kloft 2006's docetaxel parameters under 180 mg over an hour, run independently of this program: nadir 0.18e9/L on day
 * 8.6, above 1.5 by day 13, 6.9 on day 21. */
static void neutrophils_under_docetaxel_follow_the_published_model(void)
{
    crowd c =
        crowd_run(LUNG RUN_DAYS "regimen: [{drug: docetaxel, dose: 180 mg, infusion: 1 hour, cycles: 1}]\n", "ANC");
    const extreme nadir = crowd_extreme(&c, 0, -1);
    printf("# nadir %.3f on day %.2f; day 13 %.2f, day 21 %.2f, day 42 %.2f\n", nadir.value, nadir.day,
           crowd_at(&c, 0, 13 * 4, 0), crowd_at(&c, 0, 21 * 4, 0), crowd_at(&c, 0, 42 * 4, 0));
    CHECK(nadir.value > 0.1 && nadir.value < 0.3);
    CHECK_NEAR(nadir.day, 8.6, 0.6);
    CHECK(crowd_at(&c, 0, 13 * 4, 0) > 1.5);
    CHECK_NEAR(crowd_at(&c, 0, 21 * 4, 0), 6.9, 0.7);
    crowd_free(&c);
}

static void healthy_cells_that_divide_fall_and_come_back_when_the_drug_is_gone(void)
{
    crowd c = crowd_run(LUNG RUN_YEAR "regimen: [{dose: paclitaxel-200-q3w, cycles: 4}]\n", "ANC ALC gut_lining hair tax_A");
    const double normal[] = {5.22, 1.8, 1, 1};
    for (size_t s = 0; s < 4; s++) {
        const extreme least = crowd_extreme(&c, s, -1);
        CHECK_NEAR(crowd_at(&c, 0, 0, s), normal[s], 1e-6);
        CHECK(least.value < 0.95 * normal[s] && least.value > 0 && least.day < 130);
        CHECK_NEAR(crowd_at(&c, 0, 52, s) / normal[s], 1, 0.03);
    }
    CHECK(crowd_extreme(&c, 3, -1).value < 0.5); /* hair */
    CHECK(fabs(crowd_at(&c, 0, 52, 4)) < 1e-3);
    crowd_free(&c);
}

static void chemotherapy_needs_no_t_cells(void)
{
    crowd with = crowd_run(LUNG RUN_YEAR NO_T DOUBLET, "L1.C_s"),
          without = crowd_run(LUNG RUN_YEAR NO_T NOTHING, "L1.C_s");
    const double ratio = crowd_at(&with, 0, 13, 0) / crowd_at(&without, 0, 13, 0);
    printf("# without T cells, tumour cells after 13 weeks against no drug: %.3f\n", ratio);
    CHECK(ratio < 0.6);
    crowd_free(&with);
    crowd_free(&without);
}

static void the_tumour_grows_again_after_the_last_dose(void)
{
    crowd c = crowd_run(LUNG RUN_YEAR DOUBLET, "L1.diameter L1.chemo_kill L1.chemo_res");
    const extreme least = crowd_extreme(&c, 0, -1);
    printf("# smallest %.1f mm on day %.0f, %.1f mm at the end\n", least.value, least.day, crowd_at(&c, 0, 52, 0));
    CHECK(least.value < 0.92 * crowd_at(&c, 0, 0, 0) && least.day >= 63 && least.day < 140);
    CHECK(crowd_at(&c, 0, 52, 0) > 1.1 * least.value);
    CHECK(fabs(crowd_at(&c, 0, 26, 1)) < 1e-4);
    CHECK(crowd_at(&c, 0, 52, 2) > 2 * crowd_at(&c, 0, 0, 2));
    crowd_free(&c);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    crowd zero = crowd_run(LUNG RUN_YEAR NOTHING, "L1.C_s L1.T_eff M8 nCD8"),
          none = crowd_run(LUNG RUN_YEAR "model: {also: [chemotherapy, platinum, antifolate]}\nregimen: []\n",
                           "L1.C_s L1.T_eff M8 nCD8");
    for (size_t r = 0; r < zero.people.n_days; r++)
        for (size_t s = 0; s < 4; s++) CHECK(crowd_at(&zero, 0, r, s) == crowd_at(&none, 0, r, s));
    crowd_free(&zero);
    crowd_free(&none);
}

/* What was given is in blood, in tissue or cleared: with no clearance all of it stays. */
static void a_drug_that_is_not_cleared_is_all_there(void)
{
    crowd c = crowd_run(LUNG RUN_DAYS
                        "model: {parameters: {tax_CL: 0, tax_slope: 0}}\n"
                        "regimen: [{drug: docetaxel, dose: 100 mg, infusion: 1 hour, every: 7 day, cycles: 3}]\n",
                        "tax_A tax_P");
    CHECK_NEAR(crowd_at(&c, 0, 168, 0) + crowd_at(&c, 0, 168, 1), 300, 0.05);
    crowd_free(&c);
}

static void two_drugs_do_the_same_in_either_order_of_the_list(void)
{
    crowd a = crowd_run(LUNG RUN_YEAR DOUBLET, "L1.C_s ANC"),
          b = crowd_run(LUNG RUN_YEAR
                        "regimen: [{dose: pemetrexed-500-q3w, cycles: 4}, {dose: carboplatin-auc5-q3w}]\n",
                        "L1.C_s ANC");
    for (size_t s = 0; s < 2; s++) CHECK_NEAR(crowd_at(&a, 0, 30, s) / crowd_at(&b, 0, 30, s), 1, 1e-3);
    crowd_free(&a);
    crowd_free(&b);
}

/* therapy_facts f.5: chemotherapy without an end takes from a checkpoint inhibitor what four cycles don't. The tumour
 * here does not answer to the drug itself, so that only its price shows. */
static void chemotherapy_without_an_end_costs_the_t_cells_of_a_checkpoint_inhibitor(void)
{
#define RESISTANT "model: {parameters: {f_chemo_res: 0.999999}}\n"
#define PEMBRO    "{dose: pembrolizumab-200-q3w}"
#define CYCLO(N)  "{drug: cyclophosphamide, dose: 1200 mg, every: 14 day, cycles: " #N "}"
    crowd four = crowd_run(LUNG RUN_YEAR RESISTANT "regimen: [" PEMBRO ", " CYCLO(4) "]\n", "L1.T_eff L1.C_s"),
          on = crowd_run(LUNG RUN_YEAR RESISTANT "regimen: [" PEMBRO ", " CYCLO(26) "]\n", "L1.T_eff L1.C_s");
    printf("# half a year: effectors in the lesion %.3g after four cycles, %.3g without end; tumour cells %.3g, %.3g\n",
           crowd_at(&four, 0, 26, 0), crowd_at(&on, 0, 26, 0), crowd_at(&four, 0, 26, 1), crowd_at(&on, 0, 26, 1));
    CHECK(crowd_at(&on, 0, 26, 0) < 0.7 * crowd_at(&four, 0, 26, 0));
    CHECK(crowd_at(&on, 0, 26, 1) > crowd_at(&four, 0, 26, 1));
    crowd_free(&four);
    crowd_free(&on);
}

int main(void)
{
    RUN(neutrophils_under_docetaxel_follow_the_published_model);
    RUN(healthy_cells_that_divide_fall_and_come_back_when_the_drug_is_gone);
    RUN(chemotherapy_needs_no_t_cells);
    RUN(the_tumour_grows_again_after_the_last_dose);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    RUN(a_drug_that_is_not_cleared_is_all_there);
    RUN(two_drugs_do_the_same_in_either_order_of_the_list);
    RUN(chemotherapy_without_an_end_costs_the_t_cells_of_a_checkpoint_inhibitor);
    return check_done();
}
