/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Radiotherapy: the linear-quadratic law, overlapping fractions, and what lies outside the beam. */
#include "support/crowd.h"

#define TWO                                                                                                            \
    "cancer: nsclc\nscans: {every: 6 week}\nlesions: [{site: lung, diameter: 35 mm}, "                                 \
    "{site: lymph node, diameter: 25 mm, nodal: yes}]\n"
#define RUN_DAYS "run: {duration: 60 day, output_every: 0.5 day, rtol: 1e-8, population: 1}\n"
#define RUN_YEAR "run: {duration: 252 day, output_every: 7 day, population: 1}\n"
#define STILL_NO_T                                                                                                     \
    "model: {parameters: {precursors_per_clone: 0, k_growth: 0, k_C_death: 0, rt_alpha: 0.3, rt_ab: 10}}\n"
#define BEAM(DOSE, EVERY, N)                                                                                           \
    "{drug: radiotherapy, dose: " #DOSE " Gy, every: " #EVERY " day, cycles: " #N                                      \
    ", infusion: 0.0001 day, lesions: [1]}"

/* Nats of cells lost in the beam without growth or T cells, after `row` rows. */
static double nats(const char *scenario, size_t row)
{
    crowd c = crowd_run(scenario, "L1.C_s");
    const double lost = log(crowd_at(&c, 0, 0, 0) / crowd_at(&c, 0, row, 0));
    crowd_free(&c);
    return lost;
}

static void cells_survive_n_fractions_as_the_linear_quadratic_law_says(void)
{
    CHECK_NEAR(nats(TWO RUN_DAYS STILL_NO_T "regimen: [" BEAM(8, 2, 1) "]\n", 30), 0.3 * 8 + 0.03 * 64, 5e-3);
    CHECK_NEAR(nats(TWO RUN_DAYS STILL_NO_T "regimen: [" BEAM(8, 2, 3) "]\n", 30), 3 * (0.3 * 8 + 0.03 * 64), 2e-2);
    CHECK_NEAR(nats(TWO RUN_DAYS STILL_NO_T "regimen: [" BEAM(2, 1, 30) "]\n", 100), 30 * (0.3 * 2 + 0.03 * 4), 3e-2);
}

/* Two fractions a time T apart add 2 beta d^2 exp(-k T) (Thames 1985). */
static void fractions_that_overlap_add_up_as_incomplete_repair_says(void)
{
    const double two = nats(TWO RUN_DAYS STILL_NO_T "regimen: [" BEAM(4, 0.1, 2) "]\n", 30);
    CHECK_NEAR(two, 2 * (0.3 * 4 + 0.03 * 16) + 2 * 0.03 * 16 * exp(-11 * 0.1), 5e-3);
}

/* Lea-Catcheside: G = 2/(k T)^2 (k T - 1 + exp(-k T)) for a beam that stays on for T. */
static void a_beam_that_stays_on_follows_lea_and_catcheside(void)
{
    const double kt = 11 * 0.25, g = 2 / (kt * kt) * (kt - 1 + exp(-kt));
    CHECK_NEAR(nats(TWO RUN_DAYS STILL_NO_T
                    "regimen: [{drug: radiotherapy, dose: 10 Gy, cycles: 1, infusion: 0.25 day, lesions: [1]}]\n",
                    30),
               0.3 * 10 + g * 0.03 * 100, 5e-3);
}

static void without_t_cells_nothing_happens_outside_the_beam(void)
{
#define NO_T "model: {parameters: {precursors_per_clone: 0}}\n"
    crowd with = crowd_run(TWO RUN_YEAR NO_T "regimen: [" BEAM(8, 2, 3) ", {dose: pembrolizumab-200-q3w}]\n",
                           "L1.C_s L2.C_s"),
          without = crowd_run(TWO RUN_YEAR NO_T "regimen: [" BEAM(0, 2, 3) ", {dose: pembrolizumab-200-q3w}]\n",
                              "L1.C_s L2.C_s");
    CHECK(crowd_at(&with, 0, 12, 0) < 0.01 * crowd_at(&without, 0, 12, 0));
    for (size_t r = 0; r < with.people.n_days; r++)
        CHECK_NEAR(crowd_at(&with, 0, r, 1) / crowd_at(&without, 0, r, 1), 1, 1e-5);
    crowd_free(&with);
    crowd_free(&without);
}

static void no_dose_is_no_beam_to_the_last_bit(void)
{
    crowd zero = crowd_run(TWO RUN_YEAR "regimen: [" BEAM(0, 2, 3) "]\n", "L1.C_s L2.T_eff"),
          none = crowd_run(TWO RUN_YEAR "model: {also: [radiotherapy]}\nregimen: []\n", "L1.C_s L2.T_eff");
    for (size_t r = 0; r < zero.people.n_days; r++)
        for (size_t s = 0; s < 2; s++) CHECK(crowd_at(&zero, 0, r, s) == crowd_at(&none, 0, r, s));
    crowd_free(&zero);
    crowd_free(&none);
}

static void t_cells_in_the_beam_are_lost_and_those_outside_are_kept(void)
{
    crowd c = crowd_run(TWO RUN_DAYS "regimen: [" BEAM(8, 2, 3) "]\n", "L1.T_eff L2.T_eff T8_B");
    printf("# half a day after 8 Gy, share left: in the beam %.3f, outside %.3f, in blood %.3f\n",
           crowd_at(&c, 0, 1, 0) / crowd_at(&c, 0, 0, 0), crowd_at(&c, 0, 1, 1) / crowd_at(&c, 0, 0, 1),
           crowd_at(&c, 0, 1, 2) / crowd_at(&c, 0, 0, 2));
    CHECK(crowd_at(&c, 0, 1, 0) < 0.4 * crowd_at(&c, 0, 0, 0));
    CHECK(crowd_at(&c, 0, 1, 1) > 0.9 * crowd_at(&c, 0, 0, 1));
    CHECK(crowd_at(&c, 0, 1, 2) > 0.9 * crowd_at(&c, 0, 0, 2));
    crowd_free(&c);
}

int main(void)
{
    RUN(cells_survive_n_fractions_as_the_linear_quadratic_law_says);
    RUN(fractions_that_overlap_add_up_as_incomplete_repair_says);
    RUN(a_beam_that_stays_on_follows_lea_and_catcheside);
    RUN(without_t_cells_nothing_happens_outside_the_beam);
    RUN(no_dose_is_no_beam_to_the_last_bit);
    RUN(t_cells_in_the_beam_are_lost_and_those_outside_are_kept);
    return check_done();
}
