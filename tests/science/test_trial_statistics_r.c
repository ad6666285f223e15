/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted tests, competing risks, cured shares, ROC curves and exact intervals against R (survival, cmprsk, pROC,
 * stats): tests/data/km/more_R.txt. */
#include <stdarg.h>

#include "math/competing.h"
#include "math/cure.h"
#include "math/forest.h"
#include "math/logrank.h"
#include "math/proportion.h"
#include "math/rmst.h"
#include "math/roc.h"
#include "math/special.h"

#include "support/curves.h"
#include "support/figures.h"

#define EXACT 1e-8

static const char *const trial[] = {"Checkmate017_1", "Checkmate017_2B", "KEYNOTE024_1A", "KEYNOTE024_2",
                                    "CA184043_2A"};
static const char *const control[] = {"d1", "d1", "chemo", "chemo", "placebo"};
enum { TRIALS = 5 };

static coley_arena *arena;
static figures r, curves_r;

static double of_r(const char *format, ...) __attribute__((format(printf, 1, 2)));
static double of_r(const char *format, ...)
{
    char name[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    return figure(&r, name);
}

static coley_survival prepared(const curves *c, const int *event, const int *arm, size_t n_arms, const int *stratum)
{
    coley_survival s;
    const coley_survival_input in = {.n = c->n,
                                     .time = c->time,
                                     .event = event,
                                     .arm = arm,
                                     .n_arms = n_arms,
                                     .stratum = stratum,
                                     .n_strata = stratum ? 2 : 1};
    CHECK(coley_survival_prepare(arena, &in, &s, NULL) == COLEY_OK);
    return s;
}

static void weighted_tests_are_those_of_their_formula(void)
{
    static const struct {
        const char *name;
        coley_weight weight;
    } weights[] = {{"fh00", {COLEY_WEIGHT_FH, 0, 0, 0, 0}},
                   {"fh01", {COLEY_WEIGHT_FH, 0, 1, 0, 0}},
                   {"fh10", {COLEY_WEIGHT_FH, 1, 0, 0, 0}},
                   {"fh11", {COLEY_WEIGHT_FH, 1, 1, 0, 0}},
                   {"fh05", {COLEY_WEIGHT_FH, 0, 0.5, 0, 0}},
                   {"gehan", {COLEY_WEIGHT_GEHAN, 0, 0, 0, 0}},
                   {"tarone", {COLEY_WEIGHT_TARONE, 0, 0, 0, 0}},
                   {"modest6", {COLEY_WEIGHT_MODEST, 0, 0, 6, 0}},
                   {"modest2", {COLEY_WEIGHT_MODEST, 0, 0, INFINITY, 2}}};
    static curves c;
    for (size_t i = 0; i < TRIALS; i++) {
        curves_read(arena, trial[i], control[i], &c);
        const coley_survival s = prepared(&c, c.event, c.arm, 2, NULL);
        for (size_t w = 0; w < sizeof weights / sizeof *weights; w++) {
            coley_logrank test;
            CHECK(coley_logrank_test(arena, &s, &weights[w].weight, &test, NULL) == COLEY_OK);
            CHECK_NEAR(test.z, of_r("%s.weighted.%s", trial[i], weights[w].name), EXACT);
        }
    }
}

static void the_largest_of_four_tests_has_the_p_of_its_normal_distribution(void)
{
    static curves c;
    for (size_t i = 0; i < TRIALS; i++) {
        coley_maxcombo test;
        curves_read(arena, trial[i], control[i], &c);
        const coley_survival s = prepared(&c, c.event, c.arm, 2, NULL);
        CHECK(coley_maxcombo_test(arena, &s, coley_maxcombo_usual, 4, &test, NULL) == COLEY_OK);
        CHECK_NEAR(test.correlation[1], of_r("%s.maxcombo.r12", trial[i]), EXACT);
        if (i == 2) continue; /* 1e-9, out of reach of R's integral */
        CHECK_NEAR(test.p / of_r("%s.combo.p", trial[i]), 1.0, 2e-5);
        CHECK_NEAR(test.p_lower / of_r("%s.combo.p_lower", trial[i]), 1.0, 2e-5);
    }
}

static void restricted_means_are_those_of_r(void)
{
    static curves c;
    for (size_t i = 0; i < TRIALS; i++) {
        curves_read(arena, trial[i], control[i], &c);
        const coley_survival s = prepared(&c, c.event, c.arm, 2, NULL);
        for (int arm = 0; arm < 2; arm++)
            for (int tau = 6; tau <= 12; tau += 6) {
                char name[64];
                coley_km km;
                CHECK(coley_km_curve(arena, &s, arm, &km, NULL) == COLEY_OK);
                const coley_rmst area = coley_rmst_of(&km, tau, 0.95);
                snprintf(name, sizeof name, "%s.rmst%d.arm%d", trial[i], tau, arm);
                CHECK_NEAR(area.mean, figure(&curves_r, name), EXACT);
                strcat(name, ".se");
                CHECK_NEAR(area.standard_error, figure(&curves_r, name), EXACT);
            }
    }
}

static void cumulative_incidence_and_gray_s_test_are_those_of_cmprsk(void)
{
    static const int times[] = {3, 6, 12};
    static curves c;
    static int cause[CURVES_MOST], halves[CURVES_MOST], thirds[CURVES_MOST];
    for (size_t i = 0; i < TRIALS; i++) {
        curves_read(arena, trial[i], control[i], &c);
        for (size_t k = 0; k < c.n; k++) {
            cause[k] = c.event[k] ? (k % 3 == 0 ? 2 : 1) : 0;
            halves[k] = (int)(k % 2);
            thirds[k] = (int)(k % 5 % 3);
        }
        const coley_survival s = prepared(&c, cause, c.arm, 2, NULL), strata = prepared(&c, cause, c.arm, 2, halves);
        const coley_survival three = prepared(&c, cause, thirds, 3, NULL);
        for (int k = 1; k <= 2; k++) {
            for (int arm = 0; arm < 2; arm++) {
                coley_incidence f, mixed;
                CHECK(coley_incidence_curve(arena, &s, arm, k, &f, NULL) == COLEY_OK);
                CHECK(coley_incidence_curve(arena, &strata, arm, k, &mixed, NULL) == COLEY_OK);
                CHECK(f.n == mixed.n && f.incidence[f.n - 1] == mixed.incidence[f.n - 1]);
                for (int t = 0; t < 3; t++) {
                    const coley_incidence_point p = coley_incidence_at(&f, times[t], 0.95);
                    CHECK_NEAR(p.incidence, of_r("%s.cif.arm%d.cause%d.t%d", trial[i], arm, k, times[t]), EXACT);
                    CHECK_NEAR(p.standard_error, of_r("%s.cif.arm%d.cause%d.t%d.se", trial[i], arm, k, times[t]),
                               EXACT);
                }
            }
            coley_gray test;
            CHECK(coley_gray_test(arena, &s, k, &test, NULL) == COLEY_OK && test.df == 1);
            CHECK_NEAR(test.chi2, of_r("%s.gray.cause%d", trial[i], k), EXACT);
            CHECK(coley_gray_test(arena, &strata, k, &test, NULL) == COLEY_OK && test.df == 1);
            CHECK_NEAR(test.chi2, of_r("%s.gray.strata.cause%d", trial[i], k), EXACT);
            CHECK(coley_gray_test(arena, &three, k, &test, NULL) == COLEY_OK && test.df == 2);
            CHECK_NEAR(test.chi2, of_r("%s.gray.three.cause%d", trial[i], k), EXACT);
        }
    }
}

/* R's optim stops a little below the top: the likelihood is compared both ways, the parameters to its tolerance. */
static void cured_shares_reach_the_likelihood_that_r_s_search_finds(void)
{
    static curves c;
    for (size_t i = 0; i < TRIALS; i++) {
        curves_read(arena, trial[i], control[i], &c);
        const coley_survival s = prepared(&c, c.event, c.arm, 2, NULL);
        for (int arm = 0; arm < 2; arm++) {
            const coley_cure_input in = {.survival = &s, .arm = arm};
            coley_cure cure;
            CHECK(coley_cure_fit(arena, &in, &cure, NULL) == COLEY_OK && !cure.why);
            const double top = of_r("%s.cure.arm%d.ll", trial[i], arm),
                         none = of_r("%s.weibull.arm%d.ll", trial[i], arm);
            CHECK(cure.log_likelihood > top - 1e-8 && cure.log_likelihood < top + 1e-4);
            CHECK_NEAR(cure.log_likelihood_none, none, EXACT);
            if (cure.nobody) continue;
            CHECK_NEAR(cure.value[0], of_r("%s.cure.arm%d.logit", trial[i], arm), 2e-4);
            CHECK_NEAR(cure.value[1], of_r("%s.cure.arm%d.logb", trial[i], arm), 2e-5);
            CHECK_NEAR(cure.value[2], of_r("%s.cure.arm%d.logk", trial[i], arm), 2e-5);
        }
    }
}

static void areas_under_roc_curves_are_those_of_proc(void)
{
    static const char *const score[] = {"tmb", "albumin", "nlr", "age"};
    enum { MOST = 1000 };
    static double x[4][MOST];
    static int y[MOST];
    coley_roc roc[4];
    size_t n = 0;
    FILE *file = fopen(COLEY_SOURCE_DIR "/tests/data/loris_cohort.tsv", "r");
    char line[256], cancer[64];
    CHECK(file && fgets(line, sizeof line, file));
    while (file && n < MOST && fgets(line, sizeof line, file)) {
        double prior;
        CHECK(sscanf(line, "%lf %lf %lf %63s %lf %lf %d", &x[0][n], &prior, &x[1][n], cancer, &x[2][n], &x[3][n],
                     &y[n]) == 7);
        n++;
    }
    if (file) fclose(file);
    CHECK(n == 964);
    for (int k = 0; k < 4; k++) {
        CHECK(coley_roc_curve(arena, x[k], y, n, 0.95, &roc[k], NULL) == COLEY_OK);
        CHECK_NEAR(roc[k].area, of_r("roc.%s.auc", score[k]), EXACT);
        CHECK_NEAR(roc[k].interval.low, of_r("roc.%s.low", score[k]), EXACT);
        CHECK_NEAR(roc[k].interval.high, of_r("roc.%s.high", score[k]), EXACT);
        CHECK_NEAR(roc[k].standard_error * roc[k].standard_error * 1e3, 1e3 * of_r("roc.%s.var", score[k]), EXACT);
    }
    const coley_roc_contrast c = coley_roc_compare(&roc[0], &roc[1], y, n);
    CHECK_NEAR(c.z, of_r("roc.tmb.albumin.z"), EXACT);
    CHECK_NEAR(c.p, of_r("roc.tmb.albumin.p"), EXACT);
}

static void exact_intervals_are_those_of_r(void)
{
    static const int counts[][2] = {{0, 10}, {1, 1}, {3, 17}, {58, 134}, {10, 10}, {451, 964}, {999, 100000}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const int k = counts[i][0], n = counts[i][1];
        const coley_interval exact = coley_proportion_exact((size_t)k, (size_t)n, 0.95);
        const coley_interval wilson = coley_proportion_wilson((size_t)k, (size_t)n, 0.95);
        const coley_interval rate = coley_rate_exact((size_t)k, 12.5, 0.95);
        CHECK_NEAR(exact.low, of_r("prop.%d.%d.low", k, n), 1e-12);
        CHECK_NEAR(exact.high, of_r("prop.%d.%d.high", k, n), 1e-12);
        CHECK_NEAR(wilson.low, of_r("prop.%d.%d.wlow", k, n), 1e-12);
        CHECK_NEAR(wilson.high, of_r("prop.%d.%d.whigh", k, n), 1e-12);
        CHECK_NEAR(rate.low, of_r("prop.%d.%d.rlow", k, n), 1e-12);
        CHECK_NEAR(rate.high, of_r("prop.%d.%d.rhigh", k, n), 1e-12);
        CHECK_NEAR(coley_proportion_test((size_t)k, (size_t)n, 0.2), of_r("prop.%d.%d.p", k, n), EXACT);
    }
    static const double dfs[] = {1, 2, 7}, xs[] = {0.1, 3.84, 50}, as[] = {0.5, 3, 40}, bs[] = {0.7, 25};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            CHECK_NEAR(coley_chi2_tail(dfs[i], xs[j]) / of_r("chi2.%g.%g", dfs[i], xs[j]), 1.0, 1e-12);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 2; j++)
            CHECK_NEAR(coley_beta_cdf(as[i], bs[j], 0.3) / of_r("beta.%g.%g", as[i], bs[j]), 1.0, 1e-12);
}

static void subgroups_have_the_ratios_and_the_interaction_of_r(void)
{
    static const char *const name[] = {"first", "second", "third"};
    static curves c;
    for (size_t i = 0; i < TRIALS; i++) {
        coley_forest forest;
        curves_read(arena, trial[i], control[i], &c);
        const coley_survival_input in = curves_input(&c, 0);
        const coley_factor factor = {"third of the rows", c.stratum, 3, name};
        CHECK(coley_forest_of(arena, &in, &factor, 1, 0.95, &forest, NULL) == COLEY_OK);
        CHECK(forest.n_rows == 4 && forest.n_factors == 1);
        size_t people = 0;
        for (int l = 0; l < 3; l++) {
            const coley_forest_row *const row = &forest.row[l + 1];
            CHECK_TEXT(row->level, name[l]);
            CHECK_NEAR(log(row->ratio.ratio), of_r("%s.forest.b%d", trial[i], l), EXACT);
            people += row->people[0] + row->people[1];
        }
        CHECK(people == c.n && forest.row[0].people[0] + forest.row[0].people[1] == c.n);
        CHECK(forest.interaction[0].df == 2);
        CHECK_NEAR(forest.interaction[0].chi2, of_r("%s.forest.lr", trial[i]), EXACT);
    }
}

int main(void)
{
    arena = coley_arena_create();
    r = figures_read(arena, COLEY_SOURCE_DIR "/tests/data/km/more_R.txt");
    curves_r = figures_read(arena, COLEY_SOURCE_DIR "/tests/data/km/survival_R.txt");
    RUN(weighted_tests_are_those_of_their_formula);
    RUN(the_largest_of_four_tests_has_the_p_of_its_normal_distribution);
    RUN(restricted_means_are_those_of_r);
    RUN(cumulative_incidence_and_gray_s_test_are_those_of_cmprsk);
    RUN(cured_shares_reach_the_likelihood_that_r_s_search_finds);
    RUN(areas_under_roc_curves_are_those_of_proc);
    RUN(exact_intervals_are_those_of_r);
    RUN(subgroups_have_the_ratios_and_the_interaction_of_r);
    coley_arena_destroy(arena);
    return check_done();
}
