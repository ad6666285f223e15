/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scores.c -- LORIS and the small prognostic counts.
 *
 *   S = intercept + tmb min(TMB, cap) + tps TPS + prior P + albumin A + nlr min(NLR, cap) + age min(age, cap) +
 * c(cancer) LORIS = 1/(1 + exp(-S))
 *
 * Chang 2024, Nature Cancer (LORIS); Mezquita 2018, JAMA Oncol (LIPI); Arkenau 2009, J Clin Oncol (Royal Marsden);
 * Bigot 2017, Eur J Cancer (GRIm). Interval of a share: Wilson 1927, J Am Stat Assoc 22:209. */
#include "clinic/scores.h"

#include <math.h>
#include <string.h>

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static coley_status number(const coley_yaml *map, const char *key, double otherwise, double *value, coley_error *err)
{
    const coley_yaml *node = coley_yaml_find(map, key);
    *value = otherwise;
    return node ? coley_yaml_number(node, -1e6, 1e6, value, err) : COLEY_OK;
}

coley_status coley_loris_read(coley_arena *arena, const coley_yaml *root, const char *key, coley_loris *loris,
                              coley_error *err)
{
    const coley_yaml *map = coley_yaml_find(root, key);
    *loris = (coley_loris){0};
    if (!map) return coley_yaml_fail(root, err, "the key '%s' is missing here", key);
    static const char *const keys[] = {"source", "intercept", "tmb",     "tps",     "prior",   "albumin",      "nlr",
                                       "age",    "cap_tmb",   "cap_nlr", "cap_age", "cancers", "recalibration"};
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, sizeof keys / sizeof *keys, err));
    const struct {
        const char *key;
        double otherwise, *value;
    } rows[] = {{"intercept", 0, &loris->intercept},
                {"tmb", 0, &loris->tmb},
                {"tps", 0, &loris->tps},
                {"prior", 0, &loris->prior},
                {"albumin", 0, &loris->albumin},
                {"nlr", 0, &loris->nlr},
                {"age", 0, &loris->age},
                {"cap_tmb", INFINITY, &loris->cap_tmb},
                {"cap_nlr", INFINITY, &loris->cap_nlr},
                {"cap_age", INFINITY, &loris->cap_age}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        COLEY_TRY(number(map, rows[i].key, rows[i].otherwise, rows[i].value, err));
    const coley_yaml *source = coley_yaml_find(map, "source"), *cancers = coley_yaml_find(map, "cancers");
    if (!source) return coley_yaml_fail(map, err, "the key 'source' is missing here");
    COLEY_TRY(coley_yaml_text(source, &loris->source, err));
    if (cancers) {
        COLEY_TRY(coley_yaml_expect(cancers, COLEY_YAML_MAP, err));
        double *term = COLEY_NEW(arena, double, cancers->n);
        if (!term) return COLEY_FAIL_MEMORY(err);
        for (size_t i = 0; i < cancers->n; i++)
            COLEY_TRY(coley_yaml_number(cancers->item[i], -100, 100, &term[i], err));
        loris->n_cancers = cancers->n;
        loris->cancer = cancers->key;
        loris->cancer_term = term;
    }
    const coley_yaml *fit = coley_yaml_find(map, "recalibration");
    COLEY_TRY(number(fit, "a", NAN, &loris->a, err));
    COLEY_TRY(number(fit, "b", NAN, &loris->b, err));
    COLEY_TRY(number(fit, "var_a", NAN, &loris->var_a, err));
    COLEY_TRY(number(fit, "cov_ab", NAN, &loris->cov_ab, err));
    COLEY_TRY(number(fit, "var_b", NAN, &loris->var_b, err));
    if (coley_yaml_find(fit, "source"))
        COLEY_TRY(coley_yaml_text(coley_yaml_find(fit, "source"), &loris->recalibration_source, err));
    return COLEY_OK;
}

ptrdiff_t coley_loris_cancer(const coley_loris *loris, const char *cancer)
{
    for (size_t i = 0; cancer && i < loris->n_cancers; i++)
        if (!strcmp(loris->cancer[i], cancer)) return (ptrdiff_t)i;
    return -1;
}

/* A term that the form does not have needs no input. */
static double term(double coefficient, double value, double cap)
{
    return coefficient == 0 ? 0 : isnan(value) ? NAN : coefficient * fmin(value, cap);
}

coley_loris_result coley_loris_score(const coley_loris *loris, const coley_score_inputs *x)
{
    coley_loris_result r = {.linear = NAN, .score = NAN, .chance = NAN, .low95 = NAN, .high95 = NAN};
    const ptrdiff_t cancer = coley_loris_cancer(loris, x->cancer);
    if (cancer < 0 && loris->n_cancers) return r;
    r.linear = loris->intercept + term(loris->tmb, x->tmb_per_Mb, loris->cap_tmb) +
               term(loris->tps, x->tps_pct, INFINITY) + term(loris->prior, x->prior, INFINITY) +
               term(loris->albumin, x->albumin_g_dL, INFINITY) + term(loris->nlr, x->nlr, loris->cap_nlr) +
               term(loris->age, x->age_year, loris->cap_age) + (cancer < 0 ? 0 : loris->cancer_term[cancer]);
    r.known = !isnan(r.linear);
    r.score = logistic(r.linear);
    if (!r.known || isnan(loris->a)) return r;
    const double S = r.linear, centre = loris->a + loris->b * S;
    const double half = 1.959964 * sqrt(loris->var_a + 2 * S * loris->cov_ab + S * S * loris->var_b);
    r.chance = logistic(centre);
    r.low95 = logistic(centre - half);
    r.high95 = logistic(centre + half);
    return r;
}

int coley_score_lipi(const coley_score_inputs *x)
{
    return isnan(x->dnlr) || isnan(x->ldh_uln) ? -1 : (x->dnlr > 3) + (x->ldh_uln > 1);
}

int coley_score_marsden(const coley_score_inputs *x)
{
    if (isnan(x->ldh_uln) || isnan(x->albumin_g_dL) || isnan(x->metastatic_sites)) return -1;
    return (x->ldh_uln > 1) + (x->albumin_g_dL < 3.5) + (x->metastatic_sites > 2);
}

int coley_score_grim(const coley_score_inputs *x)
{
    if (isnan(x->nlr) || isnan(x->ldh_uln) || isnan(x->albumin_g_dL)) return -1;
    return (x->nlr > 6) + (x->ldh_uln > 1) + (x->albumin_g_dL < 3.5);
}

void coley_share_interval(double k, double n, double *low, double *high)
{
    *low = 0;
    *high = 1;
    if (!(n > 0)) return;
    const double z = 1.959964, p = k / n, d = 1 + z * z / n, m = p + z * z / (2 * n);
    const double h = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    *low = fmax(0, (m - h) / d);
    *high = fmin(1, (m + h) / d);
}
