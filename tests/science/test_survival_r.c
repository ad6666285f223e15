/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves, tests and ratios of published trials, against the survival package of R: tests/data/km/survival_R.txt. */
#include "math/cox.h"
#include "math/logrank.h"
#include "math/survival.h"

#include <stdarg.h>

#include "support/curves.h"
#include "support/figures.h"

#define EXACT 1e-8

static const char *const trial[] = {"Checkmate017_1", "Checkmate017_2B", "KEYNOTE024_1A", "KEYNOTE024_2",
                                    "CA184043_2A"};
static const char *const control[] = {"d1", "d1", "chemo", "chemo", "placebo"};
enum { TRIALS = 5 };

static coley_arena *arena;
static figures r;

static double of_r(size_t i, const char *format, ...) __attribute__((format(printf, 2, 3)));
static double of_r(size_t i, const char *format, ...)
{
    char name[128];
    const int used = snprintf(name, sizeof name, "%s.", trial[i]);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name + used, sizeof name - (size_t)used, format, arguments);
    va_end(arguments);
    return figure(&r, name);
}

/* What R calls NA does not exist here: infinity for a time, NaN for an end of an interval. */
static void check_same(double here, double there, const char *what)
{
    if (isnan(there) ? isfinite(here) : !(fabs(here - there) <= EXACT * fmax(1.0, fabs(there))))
        CHECK_FAIL_("%s: %.17g, R says %.17g", what, here, there);
}

static coley_survival prepared(size_t i, int stratified, curves *c)
{
    coley_survival s;
    curves_read(arena, trial[i], control[i], c);
    const coley_survival_input in = curves_input(c, stratified);
    CHECK(coley_survival_prepare(arena, &in, &s, NULL) == COLEY_OK);
    return s;
}

static const coley_km_scale scales[] = {COLEY_KM_PLAIN, COLEY_KM_LOG, COLEY_KM_LOGLOG};
static const char *const scale_name[] = {"plain", "log", "log-log"};

static void curves_and_their_intervals_are_those_of_r(void)
{
    static const double times[] = {3, 6, 12};
    static curves c;
    for (size_t i = 0; i < TRIALS; i++) {
        const coley_survival s = prepared(i, 0, &c);
        for (int k = 0; k < 3; k++)
            for (int arm = 0; arm < 2; arm++) {
                coley_km km;
                CHECK(coley_km_curve(arena, &s, arm, &km, NULL) == COLEY_OK);
                double sum = 0, low = 0, high = 0;
                for (size_t e = 0; e < km.n; e++) {
                    const coley_km_point p = coley_km_entry(&km, e, scales[k], 0.95);
                    sum += p.survival;
                    if (!isnan(p.interval.low)) low += p.interval.low, high += p.interval.high;
                }
                check_same(sum, of_r(i, "%s.arm%d.sum.s", scale_name[k], arm), "sum of S");
                check_same(low, of_r(i, "%s.arm%d.sum.low", scale_name[k], arm), "sum of low ends");
                check_same(high, of_r(i, "%s.arm%d.sum.high", scale_name[k], arm), "sum of high ends");
                for (int t = 0; t < 3; t++) {
                    const coley_km_point p = coley_km_at(&km, times[t], scales[k], 0.95);
                    char name[64];
                    snprintf(name, sizeof name, "%s.arm%d.t%g", scale_name[k], arm, times[t]);
                    check_same(p.survival, of_r(i, "%s.s", name), name);
                    check_same(p.standard_error, of_r(i, "%s.se", name), name);
                    check_same(p.interval.low, of_r(i, "%s.low", name), name);
                    check_same(p.interval.high, of_r(i, "%s.high", name), name);
                    CHECK(p.at_risk == (size_t)of_r(i, "%s.risk", name));
                }
            }
    }
}

static void medians_and_quartiles_are_those_of_r(void)
{
    static curves c;
    for (size_t i = 0; i < TRIALS; i++) {
        const coley_survival s = prepared(i, 0, &c);
        for (int k = 0; k < 3; k++)
            for (int arm = 0; arm < 2; arm++) {
                coley_km km;
                CHECK(coley_km_curve(arena, &s, arm, &km, NULL) == COLEY_OK);
                for (int q = 1; q <= 3; q++) {
                    const coley_km_quantile here = coley_km_quantile_of(&km, 0.25 * q, scales[k], 0.95);
                    char name[64];
                    snprintf(name, sizeof name, "%s.arm%d.q%d", scale_name[k], arm, q);
                    check_same(here.time, of_r(i, "%s", name), name);
                    check_same(here.interval.low, of_r(i, "%s.low", name), name);
                    check_same(here.interval.high, of_r(i, "%s.high", name), name);
                }
            }
    }
}

static void log_rank_tests_are_those_of_r(void)
{
    static curves c;
    for (size_t i = 0; i < TRIALS; i++)
        for (int rho = 0; rho < 2; rho++) {
            const coley_weight weight = {.kind = COLEY_WEIGHT_FH, .rho = rho};
            coley_logrank test;
            coley_survival s = prepared(i, 0, &c);
            CHECK(coley_logrank_test(arena, &s, &weight, &test, NULL) == COLEY_OK);
            check_same(test.chi2, of_r(i, "survdiff.rho%d.chi2", rho), "chi-square");
            check_same(test.p, of_r(i, "survdiff.rho%d.p", rho), "P");
            CHECK_NEAR(log(test.p), log(of_r(i, "survdiff.rho%d.p", rho)), 1e-9);
            check_same(test.observed[1], of_r(i, "survdiff.rho%d.obs1", rho), "observed");
            check_same(test.expected[1], of_r(i, "survdiff.rho%d.exp1", rho), "expected");
            check_same(test.variance[3], of_r(i, "survdiff.rho%d.var", rho), "variance");
            s = prepared(i, 1, &c);
            CHECK(coley_logrank_test(arena, &s, &weight, &test, NULL) == COLEY_OK);
            check_same(test.chi2, of_r(i, "survdiff.strata.rho%d.chi2", rho), "stratified chi-square");
        }
    for (size_t i = 0; i < TRIALS; i++) {
        coley_logrank test;
        coley_survival s;
        curves_read(arena, trial[i], control[i], &c);
        const coley_survival_input in = {.n = c.n, .time = c.time, .event = c.event, .arm = c.stratum, .n_arms = 3};
        CHECK(coley_survival_prepare(arena, &in, &s, NULL) == COLEY_OK);
        CHECK(coley_logrank_test(arena, &s, NULL, &test, NULL) == COLEY_OK);
        check_same(test.chi2, of_r(i, "survdiff.three.chi2"), "chi-square of three arms");
        CHECK(test.df == 2);
    }
}

static void cox_ratios_are_those_of_r(void)
{
    static const char *const model[] = {"arm", "strata", "age", "three"};
    static const size_t columns[] = {1, 1, 2, 3};
    static curves c;
    for (size_t i = 0; i < TRIALS; i++)
        for (int m = 0; m < 4; m++)
            for (int ties = 0; ties < 2; ties++) {
                const coley_survival s = prepared(i, m == 1 || m == 2, &c);
                const double *const column[] = {c.x, c.age, c.product};
                const coley_cox_input in = {.survival = &s,
                                            .n_columns = columns[m],
                                            .column = column,
                                            .ties = ties ? COLEY_TIES_BRESLOW : COLEY_TIES_EFRON};
                coley_cox cox;
                char name[64];
                snprintf(name, sizeof name, "cox.%s.%s", ties ? "breslow" : "efron", model[m]);
                CHECK(coley_cox_fit(arena, &in, &cox, NULL) == COLEY_OK && !cox.why && !cox.unbounded);
                for (size_t k = 0; k < columns[m]; k++) {
                    check_same(cox.log_ratio[k], of_r(i, "%s.b%zu", name, k + 1), name);
                    check_same(cox.standard_error[k], of_r(i, "%s.se%zu", name, k + 1), name);
                }
                check_same(cox.log_likelihood[0], of_r(i, "%s.ll0", name), name);
                check_same(cox.log_likelihood[1], of_r(i, "%s.ll1", name), name);
                check_same(cox.score, of_r(i, "%s.score", name), name);
                check_same(cox.wald, of_r(i, "%s.wald", name), name);
                check_same(cox.p_wald, of_r(i, "%s.pwald", name), name);
            }
}

static void hazard_ratios_of_the_trials_are_the_ones_known_for_these_files(void)
{
    static const double known[TRIALS] = {0.589, 0.618, 0.487, 0.615, 0.853};
    static curves c;
    for (size_t i = 0; i < TRIALS; i++) {
        const coley_survival s = prepared(i, 0, &c);
        coley_cox cox;
        CHECK(coley_cox_fit(arena, &(coley_cox_input){.survival = &s}, &cox, NULL) == COLEY_OK);
        CHECK_NEAR(coley_cox_ratio(&cox, 0, 0.95).ratio, known[i], 5.001e-4);
    }
}

int main(void)
{
    arena = coley_arena_create();
    r = figures_read(arena, COLEY_SOURCE_DIR "/tests/data/km/survival_R.txt");
    RUN(curves_and_their_intervals_are_those_of_r);
    RUN(medians_and_quartiles_are_those_of_r);
    RUN(log_rank_tests_are_those_of_r);
    RUN(cox_ratios_are_those_of_r);
    RUN(hazard_ratios_of_the_trials_are_the_ones_known_for_these_files);
    coley_arena_destroy(arena);
    return check_done();
}
