/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Anti-LAG-3: adds to anti-PD-1, does little alone, nothing without T cells and nothing at dose zero. */
#include "support/crowd.h"

#define PERSON   "cancer: melanoma\nlesions: [{site: lung, diameter: 26 mm, infiltration: excluded}]\n"
#define RUN_YEAR "run: {duration: 182 day, output_every: 7 day, population: 64}\n"
#define ONE_YEAR "run: {duration: 182 day, output_every: 7 day, population: 1}\n"
#define PD1      "{dose: nivolumab-480-q4w}"
#define LAG3     "{dose: relatlimab-160-q4w}"

/* Mean over people of ln(tumour cells at the end / at the start), each capped at a thousandfold fall. */
static double fall(const char *scenario)
{
    crowd c = crowd_run(scenario, "L1.C_total");
    double sum = 0;
    for (size_t p = 0; p < c.people.n; p++)
        sum += fmax(log((crowd_at(&c, p, c.people.n_days - 1, 0) + 1) / crowd_at(&c, p, 0, 0)), -log(1000.0));
    const double mean = sum / (double)c.people.n;
    crowd_free(&c);
    return mean;
}

static void it_adds_to_anti_pd_1_and_does_less_alone(void)
{
    const double none = fall(PERSON RUN_YEAR "regimen: []\n"), lag3 = fall(PERSON RUN_YEAR "regimen: [" LAG3 "]\n"),
                 pd1 = fall(PERSON RUN_YEAR "regimen: [" PD1 "]\n"),
                 both = fall(PERSON RUN_YEAR "regimen: [" PD1 ", " LAG3 "]\n");
    printf("# ln of tumour cells, end to start: none %.2f, LAG-3 %.2f, PD-1 %.2f, both %.2f\n", none, lag3, pd1, both);
    CHECK(both < pd1 - 0.05);
    CHECK(pd1 < lag3 - 0.2);
    CHECK(lag3 <= none + 1e-6);
}

static void without_t_cells_it_does_nothing(void)
{
#define NO_T "model: {parameters: {precursors_per_clone: 0}}\n"
    CHECK_NEAR(fall(PERSON ONE_YEAR NO_T "regimen: [" LAG3 "]\n"), fall(PERSON ONE_YEAR NO_T "regimen: []\n"), 1e-4);
}

static void a_dose_of_nothing_is_no_drug_to_the_last_bit(void)
{
    const char *const symbols = "L1.C_s L1.T_eff M8 nCD8";
    crowd a = crowd_run(PERSON ONE_YEAR "regimen: [{drug: relatlimab, dose: 0 mg, every: 28 day, cycles: 6}]\n",
                        symbols),
          b = crowd_run(PERSON ONE_YEAR "regimen: []\nmodel: {also: [anti_lag3]}\n", symbols);
    for (size_t r = 0; r < a.people.n_days; r++)
        for (size_t s = 0; s < 4; s++) CHECK(crowd_at(&a, 0, r, s) == crowd_at(&b, 0, r, s));
    crowd_free(&a);
    crowd_free(&b);
}

int main(void)
{
    RUN(it_adds_to_anti_pd_1_and_does_less_alone);
    RUN(without_t_cells_it_does_nothing);
    RUN(a_dose_of_nothing_is_no_drug_to_the_last_bit);
    return check_done();
}
