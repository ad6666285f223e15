/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mortality.h -- when and of what a virtual person dies: catalog/survival.yaml.
 *
 *   hazard(t) = background(age + t, sex) + at_100_mm (SOD(t) / 100 mm)^power exp(prognosis) + side effects(t)
 *
 * A person dies when the hazard, summed up from day 0, reaches -ln U, with U uniform and the person's own: who has less
 * hazard in one arm than in another dies later there, and the same luck serves both. */
#ifndef COLEY_TRIAL_MORTALITY_H
#define COLEY_TRIAL_MORTALITY_H

#include "base/alloc.h"
#include "base/status.h"

enum { COLEY_LIFE_TABLE_MAX = 32 };

typedef enum coley_death { COLEY_DEATH_NONE, COLEY_DEATH_TUMOUR, COLEY_DEATH_TOXICITY, COLEY_DEATH_OTHER } coley_death;

typedef struct coley_mortality {
    size_t n_ages;
    double age_year[COLEY_LIFE_TABLE_MAX], death_per_year[2][COLEY_LIFE_TABLE_MAX]; /* [female, male] */
    double at_100_mm;                                                               /* of this cancer [1/day] */
    double power;
    double albumin, ln_nlr; /* of the logarithm of the hazard [L/g], pure */
} coley_mortality;

/* The rules of `catalog`/survival.yaml for one cancer; a cancer that is not there is an error that says so. */
COLEY_MUST_CHECK coley_status coley_mortality_read(coley_arena *arena, const char *catalog, const char *cancer,
                                                   coley_mortality *survival, coley_error *err);

/* Background hazard [1/day]. */
double coley_mortality_background(const coley_mortality *survival, double age_year, int male);

typedef struct coley_mortal {
    double age_year; /* at day 0 */
    int male;
    double prognosis; /* added to the logarithm of the hazard by tumour; 0 for the cancer's average person */
    double limit;     /* -ln U */
    double cause;     /* uniform from 0 to 1: which of the hazards it was, in proportion to them */
} coley_mortal;

/* What the tumour adds [1/day]. */
double coley_mortality_tumour(const coley_mortality *survival, const coley_mortal *who, double sod_mm);

/* All of it on one day [1/day]; toxicity: hazard of side effects [1/day]. */
double coley_mortality_hazard(const coley_mortality *survival, const coley_mortal *who, double day, double sod_mm,
                              double toxicity);

/* Day of death within n days (ascending, the first is 0) at whose ends SOD [mm] and the hazard of side effects [1/day;
 * or NULL] are known, straight between them; infinite when the person lives on. `cause` may be NULL. */
double coley_mortality_day(const coley_mortality *survival, const coley_mortal *who, size_t n, const double *day,
                           const double *sod_mm, const double *toxicity, coley_death *cause);

/* "tumour", "side effects", "other causes"; "" for none. */
const char *coley_death_name(coley_death death);

#endif
