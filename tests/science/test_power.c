/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power with delayed effects against what simulation tools have published, and looks before the end. */
#include "math/power.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "math/multinormal.h"
#include "math/normal.h"
#include "math/sequential.h"

#include "support/check.h"

/* 4.5 standard errors of a difference between two simulations; COLEY_POWER_TRIALS=10000 makes ours as large as theirs.
 */
static size_t trials(void)
{
    const char *const asked = getenv("COLEY_POWER_TRIALS");
    return asked ? (size_t)atoi(asked) : 1000;
}

static void check_power(const char *what, double here, size_t n_here, double there, double n_there)
{
    const double error = sqrt(there * (1 - there) * (1.0 / (double)n_here + 1.0 / n_there));
    printf("# %-64s %.4f, expected %.4f, %+.1f standard errors\n", what, here, there, (here - there) / error);
    if (!(fabs(here - there) < 4.5 * error)) CHECK_FAIL_("%s: %g, expected %g", what, here, there);
}

/* lrstat 0.3.3, vignette "Power Calculation Using Max-Combo Tests" (Lu 2021), the example of Prior 2020 (Stat Methods
 * Med Res 29:3525): hazard 0.25 a month, halved in the new arm from month 1.5; 25 people a month, 100 in all; log-rank
 * at 50 events, the larger of FH(0,0) and FH(0,1) at 100. Simulated there: 0.7255 of 10 000; Prior: about 0.73. */
static void a_combination_after_a_delay_has_the_power_of_lrstat(void)
{
    static const coley_rate control[] = {{0, 0.25}}, late[] = {{0, 0.25}, {1.5, 0.125}}, accrual[] = {{0, 25}};
    static const coley_weight combo[] = {{COLEY_WEIGHT_FH, 0, 0, 0, 0}, {COLEY_WEIGHT_FH, 0, 1, 0, 0}};
    const coley_power_look look[] = {{.events = 50, .bound = 2.968},
                                     {.events = 100, .n_weights = 2, .weight = combo, .bound = 2.136818}};
    coley_power_design d = {.n = 100,
                            .arm = {{1, 1, 0, control, NULL, 0}, {1, 2, 0, late, NULL, 0}},
                            .n_accrual = 1,
                            .accrual = accrual,
                            .n_looks = 2,
                            .look = look,
                            .seed = 1,
                            .n_trials = trials(),
                            .n_threads = 2};
    coley_power power, again;
    CHECK(coley_power_simulate(&d, &power, NULL) == COLEY_OK);
    check_power("max-combo at the end, log-rank at half", power.power, power.n_trials, 0.7255, 10000);
    d.n_threads = 1;
    CHECK(coley_power_simulate(&d, &again, NULL) == COLEY_OK);
    CHECK(again.power == power.power && again.events == power.events && again.time == power.time);
}

/* The vignette's correlations of the three statistics, their bound, and its power by integration, 0.7243 (error 7e-5).
 */
static void the_joint_normal_distribution_gives_lrstat_s_bound_and_power(void)
{
    static const double r[] = {1, 0.748, 0.370, 0.748, 1, 0.861, 0.370, 0.861, 1}, mean[] = {0.900, 2.234, 2.662};
    const double all[] = {-INFINITY, -INFINITY, -INFINITY}, bound[] = {2.968, 2.136818, 2.136818};
    double moved[3];
    for (int k = 0; k < 3; k++) moved[k] = bound[k] - mean[k];
    CHECK_NEAR(1.0 - coley_multinormal_box(r, 3, all, bound), 0.025, 1e-5);
    CHECK_NEAR(1.0 - coley_multinormal_box(r, 3, all, moved), 0.7243498, 1.5e-4);
}

/* lrstat, vignette "Sample Size Calculation Under Non-Proportional Hazards" (Lu 2021): median 13 months, hazard ratio
 * 0.58 from month 6, ramp of accrual to 26 a month, dropout 5 % a year, 468 people, O'Brien and Fleming's bounds at 252
 * and 315 events. 10 000 simulations there: 0.4553 at the first look, 0.8016 at the end; 286.3 events expected; looks
 * at 31.4 and 41.2 months. */
static void a_delayed_effect_with_an_early_look_has_the_power_of_lrstat(void)
{
    const double rate = log(2.0) / 13, gone = -log(0.95) / 12;
    const coley_rate control[] = {{0, rate}}, late[] = {{0, rate}, {6, 0.58 * rate}}, dropout[] = {{0, gone}};
    coley_rate accrual[10];
    for (int i = 0; i < 10; i++) accrual[i] = (coley_rate){i, i < 9 ? 26.0 / 9 * (i + 1) : 26};
    const coley_power_look look[] = {{.events = 252, .bound = 2.250}, {.events = 315, .bound = 2.025}};
    const coley_power_design d = {.n = 468,
                                  .arm = {{1, 1, 1, control, dropout, 0}, {1, 2, 1, late, dropout, 0}},
                                  .n_accrual = 10,
                                  .accrual = accrual,
                                  .n_looks = 2,
                                  .look = look,
                                  .seed = 2,
                                  .n_trials = trials(),
                                  .n_threads = 2};
    coley_power power;
    CHECK(coley_power_simulate(&d, &power, NULL) == COLEY_OK);
    check_power("delay of 6 months, first look", power.look[0].won, power.n_trials, 0.4553, 10000);
    check_power("delay of 6 months, both looks", power.power, power.n_trials, 0.8016, 10000);
    printf("# expected events %.1f (286.3), looks at %.2f (31.4) and %.2f (41.2) months\n", power.events,
           power.look[0].time, power.look[1].time);
    CHECK_NEAR(power.events / 286.3, 1.0, 0.012);
    CHECK_NEAR(power.look[0].time, 31.4, 0.005);
    CHECK_NEAR(power.look[1].time, 41.2, 0.01);
}

/* simtrial 1.0.2, vignette "Simulate Group Sequential Designs with Ease via sim_gs_n": median 10 months, hazard ratio
 * 0.6 from month 3, dropout 0.001 a month, 362 people in 12 months, looks at 106, 227, 287 events,
 * bounds 3.508, 2.269, 2.023; powers of 0.01, 0.66, 0.90 by the average hazard ratio, 0.66 and 0.87 in 100 simulations;
 * looks at 12.0, 23.8, 35.7 months. */
static void three_looks_have_the_bounds_and_the_power_of_simtrial(void)
{
    const double rate = log(2.0) / 10, shares[] = {106.0 / 287, 227.0 / 287, 1};
    static const coley_rate dropout[] = {{0, 0.001}}, accrual[] = {{0, 30.16667}};
    const coley_rate control[] = {{0, rate}}, late[] = {{0, rate}, {3, 0.6 * rate}};
    double bound[3];
    CHECK(coley_bounds((coley_spending){COLEY_SPENDING_OBRIEN_FLEMING, 0}, 0.025, shares, 3, bound, NULL) == COLEY_OK);
    CHECK(fabs(bound[0] - 3.508) < 5e-4 && fabs(bound[1] - 2.269) < 5e-4 && fabs(bound[2] - 2.023) < 5e-4);
    const coley_power_look look[] = {
        {.events = 106, .bound = bound[0]}, {.events = 227, .bound = bound[1]}, {.events = 287, .bound = bound[2]}};
    const coley_power_design d = {.n = 362,
                                  .arm = {{1, 1, 1, control, dropout, 0}, {1, 2, 1, late, dropout, 0}},
                                  .blocks = 2,
                                  .n_accrual = 1,
                                  .accrual = accrual,
                                  .n_looks = 3,
                                  .look = look,
                                  .seed = 3,
                                  .n_trials = trials(),
                                  .n_threads = 2};
    coley_power power;
    CHECK(coley_power_simulate(&d, &power, NULL) == COLEY_OK);
    check_power("delay of 3 months, second of three looks (100 trials there)", power.look[1].won, power.n_trials, 0.66,
                100);
    check_power("delay of 3 months, three looks (100 trials there)", power.power, power.n_trials, 0.87, 100);
    CHECK(fabs(power.power - 0.90) < 0.03);
    CHECK(fabs(power.look[0].time - 12.0) < 0.3 && fabs(power.look[1].time - 23.8) < 0.6 &&
          fabs(power.look[2].time - 35.7) < 0.8);
}

static coley_power_design equal_arms(const coley_rate *hazard, const coley_rate *accrual, const coley_power_look *look,
                                     size_t n_looks)
{
    return (coley_power_design){.n = 200,
                                .arm = {{1, 1, 0, hazard, NULL, 0}, {1, 1, 0, hazard, NULL, 0}},
                                .n_accrual = 1,
                                .accrual = accrual,
                                .n_looks = n_looks,
                                .look = look,
                                .seed = 4,
                                .n_trials = trials(),
                                .n_threads = 2};
}

static void without_an_effect_each_test_wins_as_often_as_its_level(void)
{
    static const coley_rate hazard[] = {{0, 0.1}}, accrual[] = {{0, 20}};
    static const coley_weight modest[] = {{COLEY_WEIGHT_MODEST, 0, 0, 6, 0}};
    const coley_power_look looks[] = {{.events = 140, .alpha = 0.05},
                                      {.events = 140, .n_weights = 1, .weight = modest, .alpha = 0.05},
                                      {.events = 140, .n_weights = 4, .weight = coley_maxcombo_usual, .alpha = 0.05},
                                      {.time = 25, .tau = 12, .alpha = 0.05}};
    static const char *const name[] = {"log-rank, no effect", "modest weights, no effect", "max-combo, no effect",
                                       "restricted means, no effect"};
    for (int k = 0; k < 4; k++) {
        const coley_power_design d = equal_arms(hazard, accrual, &looks[k], 1);
        coley_power power;
        CHECK(coley_power_simulate(&d, &power, NULL) == COLEY_OK);
        check_power(name[k], power.power, power.n_trials, 0.05, 1e9);
    }
}

static void alpha_spent_over_three_looks_adds_up_to_alpha(void)
{
    static const coley_rate hazard[] = {{0, 0.1}}, accrual[] = {{0, 20}};
    static const double shares[] = {0.4, 0.7, 1};
    double bound[3];
    CHECK(coley_bounds((coley_spending){COLEY_SPENDING_POCOCK, 0}, 0.05, shares, 3, bound, NULL) == COLEY_OK);
    const coley_power_look look[] = {
        {.events = 56, .bound = bound[0]}, {.events = 98, .bound = bound[1]}, {.events = 140, .bound = bound[2]}};
    const coley_power_design d = equal_arms(hazard, accrual, look, 3);
    coley_power power;
    CHECK(coley_power_simulate(&d, &power, NULL) == COLEY_OK);
    check_power("three looks, no effect", power.power, power.n_trials, 0.05, 1e9);
}

/* Schoenfeld: power = Phi(sqrt(d/4) |log HR| - 1.96) under proportional hazards. */
static void proportional_hazards_need_schoenfeld_s_events_and_people(void)
{
    static const coley_rate accrual[] = {{0, 1000}};
    const coley_rate control[] = {{0, 0.1}}, better[] = {{0, 0.065}};
    const coley_power_look look[] = {{.events = 50, .bound = 1.959964}};
    const coley_power_design d = {.n = 60,
                                  .arm = {{1, 1, 0, control, NULL, 0}, {1, 1, 0, better, NULL, 0}},
                                  .n_accrual = 1,
                                  .accrual = accrual,
                                  .n_looks = 1,
                                  .look = look,
                                  .seed = 5,
                                  .n_trials = trials(),
                                  .n_threads = 2};
    size_t n = 0;
    coley_power power;
    CHECK(coley_power_size(&d, 0.8, 600, &n, &power, NULL) == COLEY_OK);
    const double events = 50.0 / 60 * (double)n;
    const double schoenfeld = 4 * pow((1.959964 + coley_normal_quantile(0.8)) / log(0.65), 2);
    printf("# %zu people, %.0f events; Schoenfeld %.0f\n", n, events, schoenfeld);
    CHECK(fabs(events / schoenfeld - 1) < 0.10);
    CHECK(power.power >= 0.8 && power.power < 0.84);
    coley_error err = {0};
    CHECK(coley_power_size(&d, 0.8, 100, &n, &power, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "allow more people");
}

/* Bounds of Lan and DeMets for five equal looks at one-sided 0.025, by the joint normal distribution in R
 * (mvtnorm 1.1-3, TVPACK for three looks, Miwa with 4000 steps beyond, solved to 1e-12). */
static void five_looks_have_the_bounds_that_the_joint_distribution_gives(void)
{
    static const double t[] = {0.2, 0.4, 0.6, 0.8, 1},
                        known[] = {4.87688494878, 3.35701192157, 2.68028006454, 2.28981676771, 2.03103204349};
    double z[5], cumulative[5];
    CHECK(coley_bounds((coley_spending){COLEY_SPENDING_OBRIEN_FLEMING, 0}, 0.025, t, 5, z, NULL) == COLEY_OK);
    for (int k = 0; k < 5; k++) CHECK_NEAR(z[k], known[k], 5e-7);
    CHECK(coley_crossing(z, t, 5, 0.0, cumulative, NULL) == COLEY_OK);
    for (int k = 0; k < 5; k++)
        CHECK_NEAR(cumulative[k], coley_spending_at((coley_spending){COLEY_SPENDING_OBRIEN_FLEMING, 0}, 0.025, t[k]),
                   1e-9);
}

/* getDesignGroupSequential of rpact 3.3.4 (R), one-sided, bindingFutility = FALSE: alpha and beta spent as Lan and
 * DeMets do, by O'Brien and Fleming's form or Pocock's. */
static void bounds_of_giving_up_are_those_of_rpact(void)
{
    static const struct {
        size_t n;
        coley_spending_kind win, give_up;
        double alpha, beta, t[4], bound[4], futility[3], drift;
    } known[] = {
        {3,
         COLEY_SPENDING_OBRIEN_FLEMING,
         COLEY_SPENDING_OBRIEN_FLEMING,
         0.025,
         0.1,
         {0.5, 0.75, 1},
         {2.9625880427, 2.3590177074, 2.0140836760},
         {0.3315708046, 1.2916563372},
         3.3730812566},
        {3,
         COLEY_SPENDING_POCOCK,
         COLEY_SPENDING_POCOCK,
         0.025,
         0.2,
         {0.3, 0.6, 1},
         {2.3118353038, 2.3209672347, 2.2689142749},
         {0.4118131633, 1.2706175488},
         3.2790751077},
        {4,
         COLEY_SPENDING_OBRIEN_FLEMING,
         COLEY_SPENDING_POCOCK,
         0.05,
         0.1,
         {0.25, 0.5, 0.75, 1},
         {3.7495518372, 2.5399425700, 2.0160698518, 1.7201770768},
         {-0.1374788311, 0.6089651897, 1.1845500148},
         3.3299401811},
        {2,
         COLEY_SPENDING_OBRIEN_FLEMING,
         COLEY_SPENDING_OBRIEN_FLEMING,
         0.025,
         0.2,
         {0.4, 1},
         {3.3568693561, 1.9622681960},
         {0.0810638420},
         2.8474413293},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double z[4], low[4], drift;
        CHECK(coley_bounds((coley_spending){known[i].win, 0}, known[i].alpha, known[i].t, known[i].n, z, NULL) ==
              COLEY_OK);
        CHECK(coley_futility((coley_spending){known[i].give_up, 0}, known[i].beta, known[i].t, known[i].n, z, low,
                             &drift, NULL) == COLEY_OK);
        /* rpact's own bounds are good to 1e-6 or so. */
        for (size_t k = 0; k < known[i].n; k++) CHECK_NEAR(z[k], known[i].bound[k], 5e-6);
        for (size_t k = 0; k + 1 < known[i].n; k++) CHECK_NEAR(low[k], known[i].futility[k], 2e-5);
        CHECK_NEAR(drift, known[i].drift, 2e-5);
        CHECK(low[known[i].n - 1] == z[known[i].n - 1]);
    }
}

/* A trial with as many events as the drift asks for (Schoenfeld: drift = ln(1/ratio) sqrt(events) / 2) has the power
 * that its bounds promise; without an effect it mostly is given up, and wins no more often than alpha. */
static void a_trial_that_may_be_given_up_keeps_its_promises(void)
{
    static const double t[] = {0.5, 1};
    static const coley_rate control[] = {{0, 0.1}}, accrual[] = {{0, 40}};
    double z[2], low[2], drift;
    CHECK(coley_bounds((coley_spending){COLEY_SPENDING_OBRIEN_FLEMING, 0}, 0.025, t, 2, z, NULL) == COLEY_OK);
    CHECK(coley_futility((coley_spending){COLEY_SPENDING_POCOCK, 0}, 0.1, t, 2, z, low, &drift, NULL) == COLEY_OK);
    const double ratio = 0.6;
    const size_t events = (size_t)ceil(4 * pow(drift / log(ratio), 2));
    const coley_rate treated[] = {{0, 0.1 * ratio}};
    const coley_power_look look[] = {{.events = events / 2, .bound = z[0], .may_stop = 1, .futility = low[0]},
                                     {.events = events, .bound = z[1]}};
    coley_power_design d = equal_arms(control, accrual, look, 2);
    d.n = 2 * ((events * 4 / 3) / 2);
    d.arm[1].hazard = treated;
    d.n_trials = 1500;
    coley_power power;
    CHECK(coley_power_simulate(&d, &power, NULL) == COLEY_OK);
    CHECK_NEAR(power.power, 0.9, 0.025);
    CHECK(power.look[0].stopped > 0.02 && power.look[0].stopped < 0.1);
    d.arm[1].hazard = control;
    CHECK(coley_power_simulate(&d, &power, NULL) == COLEY_OK);
    CHECK(power.power < 0.025 + 0.008);
    CHECK(power.look[0].stopped > 0.5);
}

/* The same chances by the joint normal distribution, with correlations sqrt(t_i / t_j). */
static void crossing_by_recursion_is_crossing_by_the_joint_distribution(void)
{
    static const double t[] = {0.3, 0.6, 1}, z[] = {2.5, 2.2, 2.0};
    double r[9], cumulative[3], high[3];
    const double low[] = {-INFINITY, -INFINITY, -INFINITY}, drift = 2.4;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) r[3 * i + j] = sqrt(t[i < j ? i : j] / t[i < j ? j : i]);
    for (int i = 0; i < 3; i++) high[i] = z[i] - drift * sqrt(t[i]);
    CHECK(coley_crossing(z, t, 3, drift, cumulative, NULL) == COLEY_OK);
    CHECK_NEAR(cumulative[2], 1.0 - coley_multinormal_box(r, 3, low, high), 1e-5);
    CHECK_NEAR(cumulative[0], coley_normal_cdf(-high[0]), 1e-12);
}

/* With z = 1.5 at half the information and 1.96 to reach: B(1) - B(0.5) has variance 0.5. */
static void conditional_power_is_that_of_brownian_motion(void)
{
    CHECK_NEAR(coley_conditional_power_trend(1.5, 0.5, 1.96), coley_normal_cdf((1.5 / sqrt(0.5) - 1.96) / sqrt(0.5)),
               1e-14);
    CHECK_NEAR(coley_conditional_power(1.5, 0.5, 1.96, 0), coley_normal_cdf((1.5 * sqrt(0.5) - 1.96) / sqrt(0.5)),
               1e-14);
    CHECK(coley_conditional_power(2, 1, 1.96, 0) == 1 && coley_conditional_power(1.9, 1, 1.96, 9) == 0);
    /* The mean of the conditional power over the drifts that z leaves likely is the predictive power. */
    double mean = 0, weight = 0;
    for (int i = -400; i <= 400; i++) {
        const double drift = (1.5 + 0.02 * i) / sqrt(0.5), w = exp(-0.5 * 0.02 * i * 0.02 * i);
        mean += w * coley_conditional_power(1.5, 0.5, 1.96, drift);
        weight += w;
    }
    CHECK_NEAR(coley_predictive_power(1.5, 0.5, 1.96), mean / weight, 1e-9);
}

static void impossible_designs_are_refused_with_what_to_do(void)
{
    static const coley_rate hazard[] = {{0, 0.1}}, accrual[] = {{0, 20}}, dry[] = {{0, 20}, {3, 0}},
                            late[] = {{1, 0.1}};
    const coley_power_look look[] = {{.events = 10}}, never[] = {{0}};
    coley_error err = {0};
    coley_power power;
    coley_power_design d = equal_arms(hazard, accrual, look, 1);
    d.accrual = dry, d.n_accrual = 2;
    CHECK(coley_power_simulate(&d, &power, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "never full");
    d = equal_arms(late, accrual, look, 1);
    CHECK(coley_power_simulate(&d, &power, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "pieces begin at 0");
    d = equal_arms(hazard, accrual, never, 1);
    CHECK(coley_power_simulate(&d, &power, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "number of events or a time");
    static const double falling[] = {0.5, 0.4};
    double z[2];
    CHECK(coley_bounds((coley_spending){COLEY_SPENDING_POCOCK, 0}, 0.05, falling, 2, z, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "shares rise");
}

/* A share that is cured leaves fewer events than were asked for: the last look comes when nothing more can happen. */
static void events_that_never_come_do_not_hold_a_trial_up_for_ever(void)
{
    static const coley_rate hazard[] = {{0, 0.5}}, accrual[] = {{0, 50}};
    const coley_power_look look[] = {{.events = 199, .alpha = 0.025}};
    coley_power_design d = equal_arms(hazard, accrual, look, 1);
    d.arm[0].cured = d.arm[1].cured = 0.4;
    d.n_trials = 50;
    coley_power power;
    CHECK(coley_power_simulate(&d, &power, NULL) == COLEY_OK);
    CHECK(power.look[0].events > 100 && power.look[0].events < 140 && isfinite(power.time));
}

int main(void)
{
    RUN(a_combination_after_a_delay_has_the_power_of_lrstat);
    RUN(the_joint_normal_distribution_gives_lrstat_s_bound_and_power);
    RUN(a_delayed_effect_with_an_early_look_has_the_power_of_lrstat);
    RUN(three_looks_have_the_bounds_and_the_power_of_simtrial);
    RUN(without_an_effect_each_test_wins_as_often_as_its_level);
    RUN(alpha_spent_over_three_looks_adds_up_to_alpha);
    RUN(proportional_hazards_need_schoenfeld_s_events_and_people);
    RUN(five_looks_have_the_bounds_that_the_joint_distribution_gives);
    RUN(bounds_of_giving_up_are_those_of_rpact);
    RUN(a_trial_that_may_be_given_up_keeps_its_promises);
    RUN(crossing_by_recursion_is_crossing_by_the_joint_distribution);
    RUN(conditional_power_is_that_of_brownian_motion);
    RUN(impossible_designs_are_refused_with_what_to_do);
    RUN(events_that_never_come_do_not_hold_a_trial_up_for_ever);
    return check_done();
}
