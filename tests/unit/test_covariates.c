/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial/covariates.h"

#include "base/rng.h"
#include "support/check.h"

#define CATALOG COLEY_SOURCE_DIR "/catalog"

enum { N = 20000 };

static coley_covariate_rules read_rules(const char *cancer)
{
    coley_arena *arena = coley_arena_create();
    coley_covariate_rules rules;
    coley_error err = {0};
    CHECK(coley_covariates_read(arena, CATALOG, cancer, &rules, &err) == COLEY_OK);
    coley_arena_destroy(arena);
    return rules;
}

static void people_have_the_published_means_and_shares(void)
{
    const coley_covariate_rules rules = read_rules("melanoma");
    double age = 0, albumin = 0, log_nlr = 0, men = 0, fit = 0, high_ldh = 0;
    for (uint64_t id = 1; id <= N; id++) {
        const coley_covariates c = coley_covariates_draw(&rules, 3, id, 0);
        age += c.age_year / N;
        albumin += c.albumin_g_per_L / N;
        log_nlr += log(c.nlr) / N;
        men += (double)c.male / N;
        fit += (c.ecog == 0) / (double)N;
        high_ldh += (c.ldh_uln > 1) / (double)N;
    }
    CHECK_NEAR(age, 64, 0.005); /* cut off at 18 and 95 */
    CHECK_NEAR(albumin, 39.6, 0.005);
    CHECK_NEAR(log_nlr, log(3.63), 0.02);
    CHECK(fabs(men - 0.67) < 4 * sqrt(0.67 * 0.33 / N));
    CHECK(fabs(fit - 0.70) < 4 * sqrt(0.70 * 0.30 / N));
    CHECK(fabs(high_ldh - 0.36) < 0.015); /* CheckMate 067 */
}

static void low_albumin_goes_with_many_neutrophils_and_age_with_mutations(void)
{
    const coley_covariate_rules rules = read_rules("nsclc");
    double an = 0, a = 0, n = 0, aa = 0, nn = 0, at = 0, tt = 0, t = 0, g = 0, gg = 0;
    for (uint64_t id = 1; id <= N; id++) {
        const double z = coley_rng_normal(9, COLEY_STREAM_TEST, id, 0);
        const coley_covariates c = coley_covariates_draw(&rules, 9, id, z);
        const double x = c.albumin_g_per_L, y = log(c.nlr), age = c.age_year;
        an += x * y / N, a += x / N, n += y / N, aa += x * x / N, nn += y * y / N;
        at += age * z / N, t += z / N, tt += z * z / N, g += age / N, gg += age * age / N;
    }
    CHECK(fabs((an - a * n) / sqrt((aa - a * a) * (nn - n * n)) + 0.39) < 0.03);
    CHECK(fabs((at - g * t) / sqrt((gg - g * g) * (tt - t * t)) - 0.17) < 0.03);
}

static void prognosis_is_neutral_in_the_middle_and_worse_with_low_albumin(void)
{
    const coley_covariate_rules rules = read_rules("nsclc");
    coley_covariates who = {.albumin_g_per_L = rules.albumin.value, .nlr = rules.nlr.value};
    CHECK_NEAR(coley_covariates_prognosis(&rules, &who, -0.096, 0.38), 0, 1e-12);
    who.albumin_g_per_L -= 10;
    CHECK_NEAR(coley_covariates_prognosis(&rules, &who, -0.096, 0.38), 0.96, 1e-12);
}

static void a_person_is_the_same_each_time_and_another_with_another_seed(void)
{
    const coley_covariate_rules rules = read_rules("melanoma");
    const coley_covariates a = coley_covariates_draw(&rules, 1, 7, 0.3), b = coley_covariates_draw(&rules, 1, 7, 0.3);
    CHECK(!memcmp(&a, &b, sizeof a));
    CHECK(coley_covariates_draw(&rules, 2, 7, 0.3).age_year != a.age_year);
}

int main(void)
{
    RUN(people_have_the_published_means_and_shares);
    RUN(low_albumin_goes_with_many_neutrophils_and_age_with_mutations);
    RUN(prognosis_is_neutral_in_the_middle_and_worse_with_low_albumin);
    RUN(a_person_is_the_same_each_time_and_another_with_another_seed);
    return check_done();
}
