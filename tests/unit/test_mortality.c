/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial/mortality.h"

#include "support/check.h"

#define CATALOG COLEY_SOURCE_DIR "/catalog"

/* A table whose background is known: a chance of 0.01 a year at every age. */
static coley_mortality flat(double at_100_mm, double power)
{
    return (coley_mortality){.n_ages = 2,
                             .age_year = {0, 100},
                             .death_per_year = {{0.01, 0.01}, {0.01, 0.01}},
                             .at_100_mm = at_100_mm,
                             .power = power};
}

static void a_tumour_that_keeps_its_size_kills_at_a_constant_rate(void)
{
    const coley_mortality rules = flat(0.002, 1.5);
    const coley_mortal who = {.age_year = 60, .limit = 1.7};
    const double day[] = {0, 1000, 5000}, sod[] = {100, 100, 100};
    const double hazard = 0.002 - log1p(-0.01) / 365.25;
    CHECK_NEAR(coley_mortality_day(&rules, &who, 3, day, sod, NULL, NULL), 1.7 / hazard, 1e-9);
}

static void between_two_days_the_hazard_runs_straight(void)
{
    const coley_mortality rules = flat(0.01, 1);
    const coley_mortal who = {.age_year = 60, .limit = 0.3};
    const double day[] = {0, 100}, sod[] = {0, 100}, background = -log1p(-0.01) / 365.25;
    /* 0.3 = background t + 0.01 t^2 / 200 */
    const double t = (-background + sqrt(background * background + 4 * 0.3 * 0.01 / 200)) / (2 * 0.01 / 200);
    CHECK_NEAR(coley_mortality_day(&rules, &who, 2, day, sod, NULL, NULL), t, 1e-9);
}

static void who_has_less_tumour_dies_later_with_the_same_luck(void)
{
    const coley_mortality rules = flat(0.002, 1.5);
    const double day[] = {0, 2000, 20000}, sod[] = {100, 100, 100}, less[] = {100, 50, 50};
    for (int i = 1; i < 40; i++) {
        const coley_mortal who = {.age_year = 60, .limit = 0.2 * i};
        const double with = coley_mortality_day(&rules, &who, 3, day, sod, NULL, NULL);
        CHECK(coley_mortality_day(&rules, &who, 3, day, less, NULL, NULL) > with || isinf(with));
    }
}

static void the_cause_goes_by_the_hazards(void)
{
    const coley_mortality rules = flat(0.003, 1);
    const double day[] = {0, 1e5}, sod[] = {100, 100}, toxicity[] = {0.001, 0.001};
    const double other = -log1p(-0.01) / 365.25, all = 0.003 + 0.001 + other;
    int count[4] = {0};
    for (int i = 0; i < 1000; i++) {
        const coley_mortal who = {.age_year = 60, .limit = 1, .cause = (i + 0.5) / 1000};
        coley_death cause;
        (void)coley_mortality_day(&rules, &who, 2, day, sod, toxicity, &cause);
        count[cause]++;
    }
    CHECK_NEAR(count[COLEY_DEATH_TUMOUR], 1000 * 0.003 / all, 0.01);
    CHECK_NEAR(count[COLEY_DEATH_TOXICITY], 1000 * 0.001 / all, 0.01);
    CHECK_NEAR(count[COLEY_DEATH_OTHER], 1000 * other / all, 0.1);
}

static void the_hazard_that_ends_before_the_limit_kills_nobody(void)
{
    const coley_mortality rules = flat(0.002, 1.5);
    const coley_mortal who = {.age_year = 60, .limit = 50};
    const double day[] = {0, 100}, sod[] = {100, 100};
    coley_death cause = COLEY_DEATH_TUMOUR;
    CHECK(isinf(coley_mortality_day(&rules, &who, 2, day, sod, NULL, &cause)));
    CHECK(cause == COLEY_DEATH_NONE);
}

static void in_the_catalog_men_and_the_old_die_sooner_and_every_cancer_has_a_hazard(void)
{
    static const char *const cancers[] = {"melanoma", "nsclc",       "rcc",     "urothelial", "colorectal",
                                          "sarcoma",  "breast-her2", "myeloma", "dlbcl",      "all"};
    for (size_t i = 0; i < sizeof cancers / sizeof *cancers; i++) {
        coley_arena *arena = coley_arena_create();
        coley_mortality rules;
        coley_error err = {0};
        CHECK(coley_mortality_read(arena, CATALOG, cancers[i], &rules, &err) == COLEY_OK);
        CHECK(rules.at_100_mm > 0);
        CHECK(coley_mortality_background(&rules, 80, 0) > 5 * coley_mortality_background(&rules, 50, 0));
        CHECK(coley_mortality_background(&rules, 60, 1) > coley_mortality_background(&rules, 60, 0));
        /* 85 is halfway in the logarithm between the table's 80 and 90. */
        const double chance = -expm1(-365.25 * coley_mortality_background(&rules, 85, 0));
        CHECK_NEAR(chance * chance, rules.death_per_year[0][7] * rules.death_per_year[0][8], 1e-9);
        coley_arena_destroy(arena);
    }
}

static void a_cancer_without_a_hazard_is_an_error(void)
{
    coley_arena *arena = coley_arena_create();
    coley_mortality rules;
    coley_error err = {0};
    CHECK(coley_mortality_read(arena, CATALOG, "nowhere", &rules, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "nowhere");
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(a_tumour_that_keeps_its_size_kills_at_a_constant_rate);
    RUN(between_two_days_the_hazard_runs_straight);
    RUN(who_has_less_tumour_dies_later_with_the_same_luck);
    RUN(the_cause_goes_by_the_hazards);
    RUN(the_hazard_that_ends_before_the_limit_kills_nobody);
    RUN(in_the_catalog_men_and_the_old_die_sooner_and_every_cancer_has_a_hazard);
    RUN(a_cancer_without_a_hazard_is_an_error);
    return check_done();
}
