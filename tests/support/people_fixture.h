/* SPDX-License-Identifier: GPL-3.0-or-later */
/* people_fixture.h -- a body with one lesion of a cancer, drugs of the catalog loaded, some numbers set by hand, and
 * people who are simulated in it. */
#ifndef COLEY_TESTS_PEOPLE_FIXTURE_H
#define COLEY_TESTS_PEOPLE_FIXTURE_H

#include "patient/people.h"
#include "run/session.h"
#include "support/check.h"

#define MODELS  COLEY_SOURCE_DIR "/models/patient"
#define CATALOG COLEY_SOURCE_DIR "/catalog"

enum { PEOPLE_MAX_DRUGS = 3, PEOPLE_MAX_SET = 8 };

typedef struct people_number {
    const char *symbol;
    double value;
} people_number;

typedef struct people_setup {
    const char *cancer;                 /* NULL: the model's own numbers */
    const char *drug[PEOPLE_MAX_DRUGS]; /* NULL ends */
    const char *also;                   /* mechanism, or NULL */
    people_number set[PEOPLE_MAX_SET];  /* NULL ends */
} people_setup;

typedef struct people_fixture {
    coley_arena *arena;
    const coley_body *body; /* NULL: it failed, and the test with it */
    const coley_population *population;
    size_t n_drugs;
    coley_catalog_drug *drug[PEOPLE_MAX_DRUGS]; /* in the order of the body's classes */
    double *value;                              /* [n][n_days][n_observed], filled by people_run */
    unsigned char *lost;                        /* [n], likewise */
} people_fixture;

static inline people_fixture people_begin(const people_setup *setup)
{
    people_fixture f = {.arena = coley_arena_create()};
    coley_error err = {0};
    coley_catalog_cancer *cancer = NULL;
    coley_body *body = NULL;
    coley_population *population = NULL;
    coley_settings settings = {.arena = f.arena};
    const char *class[PEOPLE_MAX_DRUGS];
    coley_status status = COLEY_OK;
    if (setup->cancer) status = coley_catalog_cancer_read(f.arena, CATALOG, setup->cancer, &cancer, &err);
    for (; !status && f.n_drugs < PEOPLE_MAX_DRUGS && setup->drug[f.n_drugs]; f.n_drugs++) {
        status = coley_catalog_drug_read(f.arena, CATALOG, setup->drug[f.n_drugs], &f.drug[f.n_drugs], &err);
        if (!status) class[f.n_drugs] = f.drug[f.n_drugs]->drug_class;
    }
    const coley_body_options options = {.models = MODELS,
                                        .n_lesions = 1,
                                        .n_classes = f.n_drugs,
                                        .drug_class = class,
                                        .n_also = setup->also != NULL,
                                        .also = &setup->also};
    if (!status) status = coley_body_assemble(f.arena, &options, &body, &err);
    if (!status && cancer) status = coley_settings_add_catalog(&settings, body, cancer->value, cancer->n_values, &err);
    for (size_t i = 0; !status && i < f.n_drugs; i++)
        status = coley_settings_add_catalog(&settings, body, f.drug[i]->value, f.drug[i]->n_values, &err);
    coley_setting *all = COLEY_NEW(f.arena, coley_setting, settings.n + PEOPLE_MAX_SET);
    size_t n_set = settings.n;
    if (!status && settings.n) memcpy(all, settings.row, settings.n * sizeof *all);
    for (size_t i = 0; i < PEOPLE_MAX_SET && setup->set[i].symbol; i++)
        all[n_set++] = (coley_setting){.symbol = setup->set[i].symbol, .value = setup->set[i].value};
    if (!status) status = coley_population_create(f.arena, body, n_set, all, 1, &population, &err);
    if (status) {
        CHECK_FAIL_("%s: %s", err.file, err.text);
        return f;
    }
    f.body = body;
    f.population = population;
    return f;
}

/* Simulate people first_id, first_id + 1, ..., of whom 0 is the typical one. `people` says how many, when, what is
 * given and observed, and how exactly; the rest is filled in. */
static inline void people_run(people_fixture *f, uint64_t first_id, coley_people people)
{
    coley_error err = {0};
    const size_t n_inputs = coley_program_input_count(f->body->program);
    double *inputs = COLEY_NEW(f->arena, double, people.n *n_inputs);
    double *z = COLEY_NEW(f->arena, double, f->population->n_traits);
    for (size_t i = 0; i < people.n; i++) {
        if (first_id + i) coley_population_scores(f->population, 1, first_id + i, z);
        coley_population_inputs(f->population, first_id + i ? z : NULL, inputs + i * n_inputs);
    }
    f->value = COLEY_NEW(f->arena, double, people.n *people.n_days *people.n_observed);
    f->lost = COLEY_NEW(f->arena, unsigned char, people.n);
    people.body = f->body;
    people.inputs = inputs;
    people.settle_day = COLEY_SETTLE_DAY;
    people.value = f->value;
    people.lost = f->lost;
    people.integrator.n_threads = 2;
    if (coley_people_simulate(f->arena, &people, &err)) CHECK_FAIL_("%s", err.text);
}

#endif
