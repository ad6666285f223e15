/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mortality.c -- see mortality.h. */
#include "trial/mortality.h"

#include <math.h>

#include "base/yaml.h"
#include "patient/facts.h"

/* --- reading ---------------------------------------------------------------------------------------------------------
 */

static coley_status needed(const coley_yaml *map, const char *key, const coley_yaml **entry, coley_error *err)
{
    *entry = coley_yaml_find(map, key);
    return *entry ? COLEY_OK : coley_yaml_fail(map, err, "the key '%s' is missing here", key);
}

static coley_status numbers(const coley_yaml *map, const char *key, double low, double high, size_t *n, double *value,
                            coley_error *err)
{
    const coley_yaml *list;
    COLEY_TRY(needed(map, key, &list, err));
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    if (list->n < 2 || list->n > COLEY_LIFE_TABLE_MAX || (*n && list->n != *n))
        return coley_yaml_fail(list, err, "has %zu numbers; 2 to %d, as many for each sex as there are ages", list->n,
                               COLEY_LIFE_TABLE_MAX);
    *n = list->n;
    for (size_t i = 0; i < list->n; i++) COLEY_TRY(coley_yaml_number(list->item[i], low, high, &value[i], err));
    return COLEY_OK;
}

static coley_status life_table(const coley_yaml *root, coley_mortality *survival, coley_error *err)
{
    static const char *const keys[] = {"age", "female", "male", "source"};
    const coley_yaml *map, *source;
    COLEY_TRY(needed(root, "background", &map, err));
    COLEY_TRY(coley_yaml_keys(map, keys, 4, err));
    COLEY_TRY(needed(map, "source", &source, err));
    survival->n_ages = 0;
    COLEY_TRY(numbers(map, "age", 0, 130, &survival->n_ages, survival->age_year, err));
    COLEY_TRY(numbers(map, "female", 1e-6, 0.99, &survival->n_ages, survival->death_per_year[0], err));
    COLEY_TRY(numbers(map, "male", 1e-6, 0.99, &survival->n_ages, survival->death_per_year[1], err));
    for (size_t i = 1; i < survival->n_ages; i++)
        if (!(survival->age_year[i] > survival->age_year[i - 1]))
            return coley_yaml_fail(coley_yaml_find(map, "age"), err, "ages are not ascending");
    return COLEY_OK;
}

coley_status coley_mortality_read(coley_arena *arena, const char *catalog, const char *cancer,
                                  coley_mortality *survival, coley_error *err)
{
    static const char *const keys[] = {"background", "power", "prognosis", "cancers"};
    static const char *const prognosis_keys[] = {"albumin", "ln_nlr"};
    const char *path = coley_arena_printf(arena, "%s/survival.yaml", catalog);
    const coley_yaml *root, *prognosis, *cancers;
    coley_fact fact;
    if (!path) return COLEY_FAIL_MEMORY(err);
    *survival = (coley_mortality){0};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, 4, err));
    COLEY_TRY(life_table(root, survival, err));
    COLEY_TRY(coley_fact_read(root, "power", "dimensionless", 0, 4, &fact, err));
    survival->power = fact.value;
    COLEY_TRY(needed(root, "prognosis", &prognosis, err));
    COLEY_TRY(coley_yaml_keys(prognosis, prognosis_keys, 2, err));
    COLEY_TRY(coley_fact_read(prognosis, "albumin", "L/g", -1, 1, &fact, err));
    survival->albumin = fact.value;
    COLEY_TRY(coley_fact_read(prognosis, "ln_nlr", "dimensionless", -3, 3, &fact, err));
    survival->ln_nlr = fact.value;
    COLEY_TRY(needed(root, "cancers", &cancers, err));
    COLEY_TRY(coley_fact_read(cancers, cancer, "1/day", 0, 1, &fact, err));
    survival->at_100_mm = fact.value;
    return COLEY_OK;
}

/* --- the hazard ------------------------------------------------------------------------------------------------------
 */

double coley_mortality_background(const coley_mortality *s, double age_year, int male)
{
    const double *p = s->death_per_year[male != 0];
    size_t i = 1;
    while (i + 1 < s->n_ages && s->age_year[i] < age_year) i++;
    const double share = fmin(fmax((age_year - s->age_year[i - 1]) / (s->age_year[i] - s->age_year[i - 1]), 0), 1);
    const double chance = exp(log(p[i - 1]) + share * (log(p[i]) - log(p[i - 1])));
    return -log1p(-chance) / 365.25;
}

typedef struct hazards {
    double tumour, toxicity, other;
} hazards;

double coley_mortality_tumour(const coley_mortality *s, const coley_mortal *who, double sod_mm)
{
    return s->at_100_mm * pow(fmax(sod_mm, 0) / 100, s->power) * exp(who->prognosis);
}

static hazards hazards_at(const coley_mortality *s, const coley_mortal *who, double day, double sod_mm, double toxicity)
{
    return (hazards){.tumour = coley_mortality_tumour(s, who, sod_mm),
                     .toxicity = toxicity,
                     .other = coley_mortality_background(s, who->age_year + day / 365.25, who->male)};
}

double coley_mortality_hazard(const coley_mortality *s, const coley_mortal *who, double day, double sod_mm,
                              double toxicity)
{
    const hazards h = hazards_at(s, who, day, sod_mm, toxicity);
    return h.tumour + h.toxicity + h.other;
}

double coley_mortality_day(const coley_mortality *s, const coley_mortal *who, size_t n, const double *day,
                           const double *sod_mm, const double *toxicity, coley_death *cause)
{
    hazards last = {0};
    double sum = 0;
    if (cause) *cause = COLEY_DEATH_NONE;
    for (size_t i = 0; i < n; i++) {
        const hazards now = hazards_at(s, who, day[i], sod_mm[i], toxicity ? toxicity[i] : 0);
        if (i) {
            const double a = last.tumour + last.toxicity + last.other, b = now.tumour + now.toxicity + now.other;
            const double dt = day[i] - day[i - 1], more = 0.5 * dt * (a + b), left = who->limit - sum;
            if (more >= left) {
                /* left = a x + (b - a) x^2 / (2 dt), in the form that has no difference of like numbers */
                const double x = 2 * left / (a + sqrt(a * a + 2 * left * (b - a) / dt));
                const double share = fmin(fmax(x / dt, 0), 1);
                const double tumour = last.tumour + share * (now.tumour - last.tumour);
                const double toxic = last.toxicity + share * (now.toxicity - last.toxicity);
                const double other = last.other + share * (now.other - last.other);
                const double at = who->cause * (tumour + toxic + other);
                if (cause)
                    *cause = at < tumour           ? COLEY_DEATH_TUMOUR
                             : at < tumour + toxic ? COLEY_DEATH_TOXICITY
                                                   : COLEY_DEATH_OTHER;
                return day[i - 1] + share * dt;
            }
            sum += more;
        }
        last = now;
    }
    return INFINITY;
}

const char *coley_death_name(coley_death death)
{
    static const char *const names[] = {"", "tumour", "side effects", "other causes"};
    return names[death];
}
