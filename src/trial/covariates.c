/* SPDX-License-Identifier: GPL-3.0-or-later */
/* covariates.c -- see covariates.h. */
#include "trial/covariates.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "base/yaml.h"
#include "math/correlation.h"
#include "patient/facts.h"

/* --- reading ---------------------------------------------------------------------------------------------------------
 */

static const char *const correlated[COLEY_CORRELATED] = {"TMB", "age", "albumin", "nlr", "ldh", "ecog", "size"};
static const char *const row_keys[] = {"age", "male", "albumin", "nlr", "ldh", "ecog_0", "ecog_1", "weight"};
enum { N_ROW_KEYS = sizeof row_keys / sizeof *row_keys };

static coley_status read_correlations(const coley_yaml *root, coley_covariate_rules *rules, coley_error *err)
{
    static const char *const keys[] = {"a", "b", "value", "source"};
    enum { N = COLEY_CORRELATED };
    const coley_yaml *list = coley_yaml_find(root, "correlations");
    for (size_t i = 0; i < N * N; i++) rules->root[i] = i % (N + 1) == 0;
    if (!list) return COLEY_OK;
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < list->n; i++) {
        const coley_yaml *row = list->item[i];
        int place[2];
        double r;
        COLEY_TRY(coley_yaml_expect(row, COLEY_YAML_MAP, err));
        COLEY_TRY(coley_yaml_keys(row, keys, 4, err));
        for (size_t k = 0; k < 4; k++)
            if (!coley_yaml_find(row, keys[k]))
                return coley_yaml_fail(row, err, "the key '%s' is missing here", keys[k]);
        for (size_t k = 0; k < 2; k++)
            COLEY_TRY(coley_yaml_choice(coley_yaml_find(row, keys[k]), correlated, N, &place[k], err));
        if (place[0] == place[1]) return coley_yaml_fail(row, err, "a and b are the same");
        COLEY_TRY(coley_yaml_number(coley_yaml_find(row, "value"), -0.99, 0.99, &r, err));
        rules->root[place[0] * N + place[1]] = rules->root[place[1] * N + place[0]] = r;
    }
    const size_t good = coley_correlation_root(rules->root, N);
    if (good < N)
        return coley_yaml_fail(list, err, "the correlations of '%s' contradict those of the others; weaken them",
                               correlated[good]);
    return COLEY_OK;
}

/* A row of the cancer's, else the default's. */
static coley_status read_row(const coley_yaml *own, const coley_yaml *standard, const char *key, const char *unit,
                             double low, double high, coley_covariate_rule *rule, coley_error *err)
{
    coley_fact fact;
    COLEY_TRY(coley_fact_read(own && coley_yaml_find(own, key) ? own : standard, key, unit, low, high, &fact, err));
    *rule = (coley_covariate_rule){fact.value, (int)fact.spread, fact.a, fact.b};
    return COLEY_OK;
}

static coley_status read_share(const coley_yaml *own, const coley_yaml *standard, const char *key, double *share,
                               coley_error *err)
{
    coley_covariate_rule rule;
    COLEY_TRY(read_row(own, standard, key, "dimensionless", 0, 1, &rule, err));
    *share = rule.value;
    return COLEY_OK;
}

coley_status coley_covariates_read(coley_arena *arena, const char *catalog, const char *cancer,
                                   coley_covariate_rules *rules, coley_error *err)
{
    static const char *const keys[] = {"doc", "correlations", "default", "cancers"};
    const char *path = coley_arena_printf(arena, "%s/covariates.yaml", catalog);
    const coley_yaml *root;
    if (!path) return COLEY_FAIL_MEMORY(err);
    *rules = (coley_covariate_rules){0};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, 4, err));
    const coley_yaml *standard = coley_yaml_find(root, "default");
    const coley_yaml *own = coley_yaml_find(coley_yaml_find(root, "cancers"), cancer);
    if (!standard) return coley_yaml_fail(root, err, "the key 'default' is missing here");
    COLEY_TRY(coley_yaml_keys(standard, row_keys, N_ROW_KEYS, err));
    if (own) COLEY_TRY(coley_yaml_keys(own, row_keys, N_ROW_KEYS, err));
    COLEY_TRY(read_row(own, standard, "age", "year", 0, 110, &rules->age, err));
    COLEY_TRY(read_row(own, standard, "albumin", "g/L", 5, 70, &rules->albumin, err));
    COLEY_TRY(read_row(own, standard, "nlr", "dimensionless", 0.1, 200, &rules->nlr, err));
    COLEY_TRY(read_row(own, standard, "ldh", "ULN", 0.1, 100, &rules->ldh, err));
    COLEY_TRY(read_row(own, standard, "weight", "kg", 10, 400, &rules->weight, err));
    COLEY_TRY(read_share(own, standard, "male", &rules->male, err));
    COLEY_TRY(read_share(own, standard, "ecog_0", &rules->ecog_0, err));
    COLEY_TRY(read_share(own, standard, "ecog_1", &rules->ecog_1, err));
    if (rules->ecog_0 + rules->ecog_1 > 1 + 1e-9)
        return coley_yaml_fail(own ? own : standard, err, "ecog_0 and ecog_1 add up to more than 1");
    return read_correlations(root, rules, err);
}

/* --- drawing ---------------------------------------------------------------------------------------------------------
 */

/* Within what is alive: a normal spread has no ends. */
static double value_of(const coley_covariate_rule *rule, double z, double low, double high)
{
    double x = rule->value;
    if (rule->spread == COLEY_SPREAD_NORMAL) x = rule->a + rule->b * z;
    if (rule->spread == COLEY_SPREAD_LOGNORMAL) x = rule->a * exp(rule->b * z);
    return fmin(fmax(x, low), high);
}

static double below(double z)
{
    return 0.5 * erfc(-z * M_SQRT1_2);
}

/* own: behind mutational burden, then age to size; u: uniform, behind the sex. */
static coley_covariates make(const coley_covariate_rules *rules, const double *own, double u, double z_weight)
{
    enum { N = COLEY_CORRELATED };
    double z[N];
    for (size_t i = 0; i < N; i++) {
        z[i] = 0;
        for (size_t k = 0; k <= i; k++) z[i] += rules->root[i * N + k] * own[k];
    }
    const double worse = below(z[5]); /* a high number is a worse status */
    return (coley_covariates){.age_year = value_of(&rules->age, z[1], 18, 95),
                              .albumin_g_per_L = value_of(&rules->albumin, z[2], 15, 60),
                              .nlr = value_of(&rules->nlr, z[3], 0.2, 100),
                              .ldh_uln = value_of(&rules->ldh, z[4], 0.2, 50),
                              .ecog = worse < rules->ecog_0                   ? 0
                                      : worse < rules->ecog_0 + rules->ecog_1 ? 1
                                                                              : 2,
                              .size = z[6],
                              .male = u < rules->male,
                              .weight_kg = value_of(&rules->weight, z_weight, 35, 200)};
}

coley_covariates coley_covariates_draw(const coley_covariate_rules *rules, uint64_t seed, uint64_t id, double z_tmb)
{
    double own[COLEY_CORRELATED] = {z_tmb};
    for (size_t i = 1; i < COLEY_CORRELATED; i++)
        own[i] = coley_rng_normal(seed, COLEY_STREAM_TRIAL, id, (uint64_t)(COLEY_DRAW_AGE + (int)i - 1));
    return make(rules, own, coley_rng_uniform(seed, COLEY_STREAM_TRIAL, id, COLEY_DRAW_SEX),
                coley_rng_normal(seed, COLEY_STREAM_TRIAL, id, COLEY_DRAW_WEIGHT));
}

coley_covariates coley_covariates_of(const coley_covariate_rules *rules, const double score[COLEY_COVARIATE_SCORES],
                                     double z_tmb)
{
    double own[COLEY_CORRELATED] = {z_tmb};
    for (size_t i = 1; i < COLEY_CORRELATED; i++) own[i] = score[i - 1];
    return make(rules, own, below(score[COLEY_DRAW_SEX]), score[COLEY_DRAW_WEIGHT]);
}

double coley_covariates_prognosis(const coley_covariate_rules *rules, const coley_covariates *who, double per_albumin,
                                  double per_ln_nlr)
{
    return per_albumin * (who->albumin_g_per_L - rules->albumin.value) +
           per_ln_nlr * (log(who->nlr) - log(rules->nlr.value));
}
