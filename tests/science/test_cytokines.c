/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interleukin-2 and interferon-alpha: what must be so whatever their numbers are. */
#include "support/crowd.h"

#define SKIN       "cancer: melanoma\npatient: {weight: 75 kg, height: 172 cm}\n"
#define TUMOUR     "lesions: [{site: lung, diameter: 26 mm, infiltration: inflamed}]\n"
#define MONTH      "run: {duration: 28 day, output_every: 0.25 day, population: 1}\n"
#define YEAR       "run: {duration: 364 day, output_every: 7 day, population: 1}\n"
#define HIGH       "regimen: [{dose: aldesleukin-600000-q8h}, {dose: aldesleukin-600000-q8h, start: 14 day}]\n"
#define LOW        "regimen: [{dose: aldesleukin-low-daily, cycles: 14}]\n"
#define ZERO       "regimen: [{drug: aldesleukin, dose: 0 IU, cycles: 1}]\n"
#define IFN        "regimen: [{dose: interferon-20-induction}, {dose: interferon-10-maintenance, start: 28 day}]\n"
#define IFN_0      "regimen: [{drug: interferon-alfa-2b, dose: 0 IU, cycles: 1}]\n"
#define NUMBERS(x) "model: {parameters: {" x "}}\n"

static void a_low_dose_multiplies_regulatory_cells_more_than_effectors_and_a_high_dose_both(void)
{
    crowd low = crowd_run(SKIN TUMOUR MONTH LOW, "Treg_B T8_B"),
          high = crowd_run(SKIN TUMOUR MONTH HIGH, "Treg_B T8_B"),
          none = crowd_run(SKIN TUMOUR MONTH ZERO, "Treg_B T8_B");
    double fold[2][2];
    for (size_t s = 0; s < 2; s++) {
        fold[0][s] = crowd_extreme(&low, s, 1).value / crowd_extreme(&none, s, 1).value;
        fold[1][s] = crowd_extreme(&high, s, 1).value / crowd_extreme(&none, s, 1).value;
    }
    printf("# low dose: Treg %.2f, CD8 %.2f times; high dose: %.2f and %.2f\n", fold[0][0], fold[0][1], fold[1][0],
           fold[1][1]);
    CHECK(fold[0][0] > 1.5 && fold[0][0] > fold[0][1]);
    CHECK(fold[1][0] > 1.5 && fold[1][1] > 1.3 && fold[1][1] > 1.3 * fold[0][1]);
    crowd_free(&low);
    crowd_free(&high);
    crowd_free(&none);
}

static void lymphocytes_leave_the_blood_and_come_back_as_more_than_before(void)
{
    crowd c = crowd_run(SKIN TUMOUR MONTH "regimen: aldesleukin-600000-q8h\n", "il2_lymph");
    const extreme least = crowd_extreme(&c, 0, -1), most = crowd_extreme(&c, 0, 1);
    printf("# lymphocytes %.2f of the usual on day %.1f, %.2f on day %.1f\n", least.value, least.day, most.value,
           most.day);
    CHECK(least.value < 0.35 && least.day < 5);
    CHECK(most.value > 1.3 && most.day > 5 && most.day < 12);
    crowd_free(&c);
}

static void the_leak_is_gone_three_days_after_the_last_dose(void)
{
    crowd c = crowd_run(SKIN TUMOUR MONTH "regimen: aldesleukin-600000-q8h\n", "il2_leak MAP il2_nM");
    CHECK(crowd_extreme(&c, 0, 1).value > 0.4);
    CHECK(crowd_extreme(&c, 1, -1).value < 80);
    CHECK(crowd_at(&c, 0, 4 * 8, 0) < 0.05); /* the last dose is on day 4.33 */
    CHECK(crowd_at(&c, 0, 4 * 8, 1) > 90);
    crowd_free(&c);
}

/* Across people: who leaks more answers more. */
static void toxicity_and_effect_go_together_between_people(void)
{
    crowd c = crowd_run(SKIN TUMOUR "run: {duration: 7 day, output_every: 1 day, population: 120}\nregimen: "
                                    "aldesleukin-600000-q8h\n",
                        "il2_leak T8_B");
    double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    const double n = (double)(c.people.n - 1);
    for (size_t i = 1; i < c.people.n; i++) {
        const double x = crowd_at(&c, i, 4, 0), y = log(crowd_at(&c, i, 5, 1) / crowd_at(&c, i, 0, 1));
        sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
    }
    const double r = (sxy - sx * sy / n) / sqrt((sxx - sx * sx / n) * (syy - sy * sy / n));
    printf("# correlation of leak and growth of effectors: %.2f\n", r);
    CHECK(r > 0.3);
    crowd_free(&c);
}

static double left(const char *with, const char *without, size_t row)
{
    crowd a = crowd_run(with, "L1.C_total"), b = crowd_run(without, "L1.C_total");
    const double ratio = crowd_at(&a, 0, row, 0) / crowd_at(&b, 0, row, 0);
    crowd_free(&a);
    crowd_free(&b);
    return ratio;
}

static void without_t_cells_interleukin_2_does_nothing_to_the_tumour(void)
{
#define NO_T "precursors_per_clone: 0"
    const double with = left(SKIN TUMOUR YEAR HIGH, SKIN TUMOUR YEAR ZERO, 13),
                 no_t = left(SKIN TUMOUR YEAR HIGH NUMBERS(NO_T), SKIN TUMOUR YEAR ZERO NUMBERS(NO_T), 13);
    printf("# tumour cells after 13 weeks against no drug: %.3f, without T cells %.6f\n", with, no_t);
    CHECK(with < 0.98);
    CHECK_NEAR(no_t, 1, 1e-4);
}

static void interferon_slows_growth_without_t_cells_and_raises_recognition_with_them(void)
{
    const double with = left(SKIN TUMOUR YEAR IFN, SKIN TUMOUR YEAR IFN_0, 26),
                 no_t = left(SKIN TUMOUR YEAR IFN NUMBERS(NO_T), SKIN TUMOUR YEAR IFN_0 NUMBERS(NO_T), 26),
                 no_brake = left(SKIN TUMOUR YEAR IFN NUMBERS(NO_T ", ifna_slow: 0"),
                                 SKIN TUMOUR YEAR IFN_0 NUMBERS(NO_T ", ifna_slow: 0"), 26);
    printf("# tumour cells after half a year against no drug: %.3f, without T cells %.3f, nor slower growth %.6f\n",
           with, no_t, no_brake);
    CHECK(with < no_t && no_t < 0.95);
    CHECK_NEAR(no_brake, 1, 1e-4);
}

static void no_interleukin_2_is_lost_or_made(void)
{
    crowd c =
        crowd_run(SKIN TUMOUR "run: {duration: 1 day, output_every: 0.1 day, population: 1}\n" NUMBERS(
                      "il2_CL: 0") "regimen: [{drug: aldesleukin, dose: 45000000 IU, cycles: 1, infusion: 15 min}]\n",
                  "il2_A il2_P");
    for (size_t r = 1; r < c.people.n_days; r++)
        CHECK_NEAR((crowd_at(&c, 0, r, 0) + crowd_at(&c, 0, r, 1)) / 45e6, 1, 1e-3);
    crowd_free(&c);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    const char *const zero[2] = {SKIN TUMOUR YEAR ZERO, SKIN TUMOUR YEAR IFN_0};
    const char *const none[2] = {SKIN TUMOUR YEAR "model: {also: [il2]}\nregimen: []\n",
                                 SKIN TUMOUR YEAR "model: {also: [interferon]}\nregimen: []\n"};
    for (size_t k = 0; k < 2; k++) {
        crowd a = crowd_run(zero[k], "L1.C_s L1.T_eff M8 Treg_B"), b = crowd_run(none[k], "L1.C_s L1.T_eff M8 Treg_B");
        for (size_t r = 0; r < a.people.n_days; r++)
            for (size_t s = 0; s < 4; s++) CHECK(crowd_at(&a, 0, r, s) == crowd_at(&b, 0, r, s));
        crowd_free(&a);
        crowd_free(&b);
    }
}

int main(void)
{
    RUN(a_low_dose_multiplies_regulatory_cells_more_than_effectors_and_a_high_dose_both);
    RUN(lymphocytes_leave_the_blood_and_come_back_as_more_than_before);
    RUN(the_leak_is_gone_three_days_after_the_last_dose);
    RUN(toxicity_and_effect_go_together_between_people);
    RUN(without_t_cells_interleukin_2_does_nothing_to_the_tumour);
    RUN(interferon_slows_growth_without_t_cells_and_raises_recognition_with_them);
    RUN(no_interleukin_2_is_lost_or_made);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    return check_done();
}
