/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agonists of innate receptors: what must be so whatever their numbers are. */
#include "support/crowd.h"

#define ONE                                                                                                            \
    "cancer: melanoma\npatient: {weight: 75 kg}\nlesions: [{site: lung, diameter: 20 mm, infiltration: inflamed}]\n"
#define TWO                                                                                                            \
    "cancer: melanoma\npatient: {weight: 75 kg}\nlesions: [{site: skin and soft tissue, diameter: 22 mm, "             \
    "infiltration: inflamed}, {site: lung, diameter: 20 mm, infiltration: inflamed}]\n"
#define BLADDER                                                                                                        \
    "cancer: nmibc\nlesions: [{site: bladder, diameter: 8 mm, infiltration: inflamed}, {site: bladder, diameter: 8 "   \
    "mm, infiltration: inflamed}]\n"
#define DAY        "run: {duration: 1 day, output_every: 0.005 day, population: 1}\n"
#define WEEK       "run: {duration: 7 day, output_every: 0.0125 day, population: 1}\n"
#define MONTHS     "run: {duration: 182 day, output_every: 1 day, population: 1}\n"
#define NUMBERS(x) "model: {parameters: {" x "}}\n"
#define NO_T       NUMBERS("precursors_per_clone: 0")
#define CPG        "regimen: [{dose: vidutolimod-10-weekly, lesions: [1]}]\n"
#define CPG_0      "regimen: [{drug: vidutolimod, dose: 0 mg, cycles: 1, lesions: [1]}]\n"

/* The patient's largest value between two days. */
static double most(const crowd *c, size_t symbol, double from, double to)
{
    double value = -INFINITY;
    for (size_t r = 0; r < c->people.n_days; r++)
        if (c->session->day[r] >= from && c->session->day[r] < to) value = fmax(value, crowd_at(c, 0, r, symbol));
    return value;
}

static void tnf_peaks_before_il_6_and_il_6_before_the_temperature(void)
{
    crowd c = crowd_run(ONE DAY "regimen: [{dose: endotoxin-2ng, cycles: 1}]\n", "inn_TNF inn_IL6 inn_temp");
    const extreme tnf = crowd_extreme(&c, 0, 1), il6 = crowd_extreme(&c, 1, 1), warm = crowd_extreme(&c, 2, 1);
    double onset = 0;
    for (size_t r = 0; r < c.people.n_days && onset == 0; r++)
        if (crowd_at(&c, 0, r, 2) > 37.5) onset = c.session->day[r];
    printf("# 2 ng/kg: TNF %.0f pg/mL at %.1f h, IL-6 %.0f at %.1f h, %.1f degrees at %.1f h, above 37.5 from %.1f h\n",
           tnf.value, 24 * tnf.day, il6.value, 24 * il6.day, warm.value, 24 * warm.day, 24 * onset);
    CHECK(tnf.day < il6.day && il6.day < warm.day);
    CHECK(tnf.day > 0.75 / 24 && tnf.day < 2.0 / 24);
    CHECK(il6.day > 1.75 / 24 && il6.day < 3.25 / 24);
    CHECK(warm.day > 3.0 / 24 && warm.day < 6.0 / 24);
    CHECK(onset > 0.75 / 24 && onset < 2.25 / 24);
    CHECK(warm.value > 38 && warm.value < 40.5);
    crowd_free(&c);
}

static void repeated_doses_show_tolerance_of_cytokines_and_fever_and_more_of_it_overcomes_that(void)
{
    crowd same = crowd_run(ONE WEEK "regimen: [{dose: endotoxin-2ng, cycles: 6}]\n", "inn_TNF inn_IL6 inn_temp"),
          more = crowd_run(ONE WEEK "regimen: [{dose: endotoxin-2ng, cycles: 5}, {drug: endotoxin, dose: 600 IU/kg, "
                                    "cycles: 1, infusion: 1 min, start: 5 day}]\n",
                           "inn_TNF inn_IL6 inn_temp");
    double before = INFINITY;
    for (int day = 0; day < 3; day++) {
        const double now = most(&same, 0, day, day + 1);
        CHECK(now < before);
        before = now;
    }
    const double tnf = most(&same, 0, 4, 5) / most(&same, 0, 0, 1), il6 = most(&same, 1, 4, 5) / most(&same, 1, 0, 1);
    printf(
        "# fifth daily dose against the first: TNF %.3f, IL-6 %.3f, %.2f and %.2f degrees; 30 times as much on day 5: "
        "%.2f\n",
        tnf, il6, most(&same, 2, 4, 5), most(&same, 2, 0, 1), most(&more, 2, 5, 6));
    CHECK(tnf < 0.15 && il6 < 0.25 && tnf < il6);
    CHECK(most(&same, 2, 0, 1) > 38 && most(&same, 2, 4, 5) < 37.5);
    CHECK(most(&more, 2, 5, 6) > 38);
    crowd_free(&same);
    crowd_free(&more);
}

static void tolerance_is_gone_after_a_month(void)
{
    crowd c =
        crowd_run(ONE "run: {duration: 33 day, output_every: 0.0125 day, population: 1}\n"
                      "regimen: [{dose: endotoxin-2ng, cycles: 2}, {dose: endotoxin-2ng, cycles: 1, start: 32 day}]\n",
                  "inn_TNF");
    const double first = most(&c, 0, 0, 1), second = most(&c, 0, 1, 2), late = most(&c, 0, 32, 33);
    printf("# TNF on day 0, 1 and 32: %.0f, %.0f, %.0f pg/mL\n", first, second, late);
    CHECK(second < 0.3 * first && late > 0.9 * first);
    crowd_free(&c);
}

/* Tumour cells of a lesion on a day, of those under the other scenario. */
static double left(const char *with, const char *without, const char *symbol, size_t row)
{
    crowd a = crowd_run(with, symbol), b = crowd_run(without, symbol);
    const double ratio = crowd_at(&a, 0, row, 0) / crowd_at(&b, 0, row, 0);
    crowd_free(&a);
    crowd_free(&b);
    return ratio;
}

static void an_uninjected_lesion_feels_cpg_through_t_cells_only(void)
{
    const double here = left(TWO MONTHS CPG, TWO MONTHS CPG_0, "L1.C_total", 182),
                 there = left(TWO MONTHS CPG, TWO MONTHS CPG_0, "L2.C_total", 182),
                 here_no_t = left(TWO MONTHS CPG NO_T, TWO MONTHS CPG_0 NO_T, "L1.C_total", 182),
                 there_no_t = left(TWO MONTHS CPG NO_T, TWO MONTHS CPG_0 NO_T, "L2.C_total", 182);
    printf("# tumour cells after half a year against no drug: injected %.3f, uninjected %.3f; without T cells %.3f, "
           "%.9f\n",
           here, there, here_no_t, there_no_t);
    CHECK(here < there && there < 0.995);
    CHECK(here_no_t < 0.999);
    CHECK_NEAR(there_no_t, 1, 1e-4); /* the two runs' steps differ */
}

static void without_antigen_an_adjuvant_teaches_nobody(void)
{
#define NO_ANTIGEN NUMBERS("P_C: 0")
    CHECK_NEAR(left(TWO MONTHS CPG NO_ANTIGEN, TWO MONTHS CPG_0 NO_ANTIGEN, "L2.C_total", 182), 1, 1e-4);
}

static void interferon_peaks_within_a_day_of_cpg_and_stays_where_it_was_injected(void)
{
    crowd c = crowd_run(TWO WEEK "regimen: [{dose: vidutolimod-10-weekly, lesions: [1], cycles: 1}]\n",
                        "L1.inn_IFN L2.inn_IFN L2.inn_IL12 L2.inn_kill L2.tlr9_X inn_temp inn_TNF");
    const extreme here = crowd_extreme(&c, 0, 1), warm = crowd_extreme(&c, 5, 1);
    printf("# CpG: interferon peaks after %.0f h, temperature %.1f after %.0f h\n", 24 * here.day, warm.value,
           24 * warm.day);
    CHECK(here.day > 6.0 / 24 && here.day < 36.0 / 24);
    CHECK(warm.value > 37.2 && warm.value < 39.5 && warm.day < 1.5);
    for (size_t r = 0; r < c.people.n_days; r++)
        for (size_t s = 1; s < 7; s++) CHECK(s == 5 || crowd_at(&c, 0, r, s) == 0);
    crowd_free(&c);
}

static void an_agonist_in_blood_works_in_every_lesion_and_without_t_cells(void)
{
#define COLEY   "regimen: [{drug: coleys-toxins, dose: 547000 IU, every: 2 day, cycles: 20}]\n"
#define COLEY_0 "regimen: [{drug: coleys-toxins, dose: 0 IU, cycles: 1}]\n"
    const double first = left(TWO MONTHS COLEY NO_T, TWO MONTHS COLEY_0 NO_T, "L1.C_total", 60),
                 second = left(TWO MONTHS COLEY NO_T, TWO MONTHS COLEY_0 NO_T, "L2.C_total", 60);
    printf("# Coley's toxins without T cells: %.3f and %.3f of the cells\n", first, second);
    CHECK(first < 0.95 && second < 0.95);
}

static void a_dose_raised_step_by_step_keeps_a_fever_that_one_dose_loses(void)
{
#define EVERY_12 "run: {duration: 18 day, output_every: 0.0125 day, population: 1}\n"
    crowd raised = crowd_run(ONE EVERY_12 "regimen: [{drug: coleys-toxins, dose: 16000 IU, every: 2 day, cycles: 3}, "
                                          "{drug: coleys-toxins, dose: 100000 IU, every: 2 day, cycles: 3, start: 6 "
                                          "day}, {drug: coleys-toxins, dose: 547000 IU, every: 2 day, cycles: 3, "
                                          "start: 12 day}]\n",
                             "inn_temp"),
          same = crowd_run(ONE EVERY_12 "regimen: [{drug: coleys-toxins, dose: 16000 IU, every: 2 day, cycles: 9}]\n",
                           "inn_temp");
    printf("# last dose: raised %.2f, the same %.2f degrees\n", most(&raised, 0, 16, 18), most(&same, 0, 16, 18));
    CHECK(most(&same, 0, 16, 18) < most(&same, 0, 0, 2) - 0.3);
    CHECK(most(&raised, 0, 16, 18) > most(&same, 0, 16, 18) + 0.5);
    crowd_free(&raised);
    crowd_free(&same);
}

static void bcg_works_in_the_bladders_lesion_that_it_was_put_to(void)
{
#define BCG   "regimen: [{dose: bcg-81-induction, lesions: [1]}]\n"
#define BCG_0 "regimen: [{drug: bcg, dose: 0 mg, cycles: 1, lesions: [1]}]\n"
    const double here = left(BLADDER MONTHS BCG NO_T, BLADDER MONTHS BCG_0 NO_T, "L1.C_total", 60),
                 there = left(BLADDER MONTHS BCG NO_T, BLADDER MONTHS BCG_0 NO_T, "L2.C_total", 60);
    printf("# BCG after 60 days without T cells against the tumour: %.3f of the cells, elsewhere %.9f\n", here, there);
    CHECK(here < 0.5);
    CHECK_NEAR(there, 1, 1e-4);
}

static void bcg_trains_cells_for_months_and_endotoxin_does_not(void)
{
    crowd bcg = crowd_run(BLADDER "run: {duration: 400 day, output_every: 1 day, population: 1}\n" BCG,
                          "inn_trained grade_cystitis"),
          toxin = crowd_run(ONE MONTHS "regimen: [{dose: endotoxin-2ng}]\n", "inn_trained");
    const extreme peak = crowd_extreme(&bcg, 0, 1), sore = crowd_extreme(&bcg, 1, 1);
    const double later = crowd_at(&bcg, 0, (size_t)peak.day + 90, 0), year = crowd_at(&bcg, 0, 365, 0);
    printf("# trained cells: %.2f on day %.0f, %.2f 90 days later, %.2f at a year; cystitis worst on day %.0f\n",
           peak.value, peak.day, later, year, sore.day);
    CHECK(peak.value > 0.05 && later > 0.5 * peak.value && year < 0.5 * peak.value);
    CHECK(sore.day >= 28 &&
          sore.day < 45); /* the last instillation is on day 35: each hurts more than the one before */
    CHECK(crowd_at(&bcg, 0, 90, 1) < 0.1);
    CHECK(crowd_extreme(&toxin, 0, 1).value == 0);
    crowd_free(&bcg);
    crowd_free(&toxin);
}

static void steroids_before_endotoxin_take_away_tnf_and_fever(void)
{
    crowd plain = crowd_run(ONE WEEK "regimen: [{dose: endotoxin-2ng, cycles: 1, start: 2 day}]\n", "inn_TNF inn_temp"),
          steroid = crowd_run(ONE WEEK "regimen: [{dose: endotoxin-2ng, cycles: 1, start: 2 day}, {drug: prednisone, "
                                       "dose: 60 mg, every: 1 day, cycles: 5}]\n",
                              "inn_TNF inn_temp");
    CHECK(crowd_extreme(&steroid, 0, 1).value < 0.6 * crowd_extreme(&plain, 0, 1).value);
    CHECK(crowd_extreme(&steroid, 1, 1).value < crowd_extreme(&plain, 1, 1).value - 0.2);
    crowd_free(&plain);
    crowd_free(&steroid);
}

static void no_endotoxin_is_lost_or_made(void)
{
    crowd c = crowd_run(
        ONE DAY NUMBERS("col_k_el: 0, col_F: 1") "regimen: [{drug: coleys-toxins, dose: 10000 IU, cycles: 1}]\n",
        "col_D col_A");
    for (size_t r = 5; r < c.people.n_days; r++) /* given within half an hour */
        CHECK_NEAR((crowd_at(&c, 0, r, 0) + crowd_at(&c, 0, r, 1)) / 1e4, 1, 1e-3);
    crowd_free(&c);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    const char *const zero[] = {TWO MONTHS COLEY_0, TWO MONTHS CPG_0, BLADDER MONTHS BCG_0};
    const char *const none[] = {TWO MONTHS "model: {also: [adcc, innate, coleys_toxins]}\nregimen: []\n",
                                TWO MONTHS "model: {also: [adcc, innate, tlr9]}\nregimen: []\n",
                                BLADDER MONTHS "model: {also: [adcc, innate, bcg]}\nregimen: []\n"};
    for (size_t k = 0; k < 3; k++) {
        const char *const symbols = "L1.C_s L2.C_low L1.T_eff M8 inn_temp L1.M1";
        crowd a = crowd_run(zero[k], symbols), b = crowd_run(none[k], symbols);
        CHECK(a.people.n_days > 100 && crowd_at(&a, 0, 100, 0) > 1);
        for (size_t r = 0; r < a.people.n_days; r++)
            for (size_t s = 0; s < 6; s++) CHECK(crowd_at(&a, 0, r, s) == crowd_at(&b, 0, r, s));
        crowd_free(&a);
        crowd_free(&b);
    }
}

int main(void)
{
    RUN(tnf_peaks_before_il_6_and_il_6_before_the_temperature);
    RUN(repeated_doses_show_tolerance_of_cytokines_and_fever_and_more_of_it_overcomes_that);
    RUN(tolerance_is_gone_after_a_month);
    RUN(an_uninjected_lesion_feels_cpg_through_t_cells_only);
    RUN(without_antigen_an_adjuvant_teaches_nobody);
    RUN(interferon_peaks_within_a_day_of_cpg_and_stays_where_it_was_injected);
    RUN(an_agonist_in_blood_works_in_every_lesion_and_without_t_cells);
    RUN(a_dose_raised_step_by_step_keeps_a_fever_that_one_dose_loses);
    RUN(bcg_works_in_the_bladders_lesion_that_it_was_put_to);
    RUN(bcg_trains_cells_for_months_and_endotoxin_does_not);
    RUN(steroids_before_endotoxin_take_away_tnf_and_fever);
    RUN(no_endotoxin_is_lost_or_made);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    return check_done();
}
