/* SPDX-License-Identifier: GPL-3.0-or-later */
/* population.h -- who a person is: every parameter that differs between people, as a trait with a standard-normal
 * score.
 *
 *   lognormal    x = a exp(b z)           normal   x = a + b z          logit-normal   logit x = logit a + b z
 *   uniform      x = a + (b - a) Phi(z)   log-uniform   ln x = ln a + ln(b/a) Phi(z)
 *   chance       as uniform, but with nothing shared between lesions
 *
 * A lesion's own traits go together within a person: z = sqrt(r) z_person + sqrt(1 - r) z_lesion, r =
 * COLEY_LESION_SHARED. Scores are keyed by (seed, trait name, person), so a new parameter changes nobody's other ones.
 */
#ifndef COLEY_PATIENT_POPULATION_H
#define COLEY_PATIENT_POPULATION_H

#include "patient/body.h"

#define COLEY_LESION_SHARED 0.7

typedef struct coley_trait {
    const char *id;      /* flattened name, "L1.k_growth" */
    uint64_t key;        /* of its own scores */
    uint64_t shared_key; /* of the score shared by lesions; equal to key for a trait of the whole body */
    int32_t input;
    coley_spread_kind spread;
    double a, b;
} coley_trait;

/* A value set from outside the model: by a drug, a cancer or the scenario. `symbol` is a flattened name, or a lesion's
 * local name ("k_growth") that then holds for every lesion. */
typedef struct coley_setting {
    const char *symbol;
    double value;
    coley_spread_kind spread; /* COLEY_SPREAD_NONE: the same for everybody */
    double a, b;
    coley_place place; /* for messages */
} coley_setting;

typedef struct coley_population {
    const coley_body *body;
    size_t n_traits;
    const coley_trait *trait;
    const double *base; /* every input's value before traits [n_inputs] */
} coley_population;

/* Traits of the model with settings applied in order (later ones win). A setting for a name that the model does not
 * have as an input is an error when `strict`, else passed over (a drug's catalog may know more than the model). */
COLEY_MUST_CHECK coley_status coley_population_create(coley_arena *arena, const coley_body *body, size_t n_settings,
                                                      const coley_setting *setting, int strict,
                                                      coley_population **population, coley_error *err);

/* Scores z[n_traits] of person `id`. */
void coley_population_scores(const coley_population *population, uint64_t seed, uint64_t id, double *z);

/* The same from normal numbers of another source: a function of the person and of a key of the trait's name. */
typedef double coley_score_source(const void *self, uint64_t id, uint64_t key);
void coley_population_scores_by(const coley_population *population, coley_score_source *source, const void *self,
                                uint64_t id, double *z);

/* All inputs [n_inputs] of a person with these scores; z = NULL is the typical person (every score 0). */
void coley_population_inputs(const coley_population *population, const double *z, double *inputs);

/* The same people with `shift` standard deviations added behind a trait, in the body or in every lesion ("k_growth" is
 * L1.k_growth and the others): a population whose middle lies elsewhere. Traits with ends (uniform, log-uniform,
 * chance) stay. The number of traits that moved; 0 when there is none of that name. */
size_t coley_population_shift(coley_population *population, const char *name, double shift);

/* The trait called `id`, or -1. */
ptrdiff_t coley_population_trait(const coley_population *population, const char *id);

#endif
