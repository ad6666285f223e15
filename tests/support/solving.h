/* SPDX-License-Identifier: GPL-3.0-or-later */
/* solving.h -- for tests and benchmarks of the solver: a system from Antimony text, and a cohort that keeps all it is
 * given. */
#ifndef COLEY_TESTS_SOLVING_H
#define COLEY_TESTS_SOLVING_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/antimony.h"
#include "solve/integrator.h"

typedef struct solving {
    coley_arena *arena;
    coley_network *network;
    const coley_program *program;
    coley_system system;
} solving;

/* A system whose samples are its states. Ends the program when the text is wrong. */
static inline solving solving_of(const char *text, size_t length)
{
    solving s = {.arena = coley_arena_create()};
    coley_error err = {0};
    const coley_antimony_source source = {.name = "test", .text = text, .length = length};
    if (coley_antimony_parse(s.arena, &source, 1, NULL, &s.network, &err) != COLEY_OK ||
        coley_program_compile(s.arena, s.network, &s.program, &err) != COLEY_OK) {
        printf("# line %d: %s\n", err.line, err.text);
        exit(1);
    }
    s.system = coley_system_of_program(s.program, NULL, 0);
    return s;
}

static inline solving solving_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    static char text[1 << 17];
    const size_t length = file ? fread(text, 1, sizeof text, file) : 0;
    if (file) fclose(file);
    return solving_of(text, length);
}

static inline size_t solving_state(const solving *s, const char *name)
{
    return (size_t)coley_program_state_of(s->program, coley_network_symbol(s->network, name));
}

static inline size_t solving_input(const solving *s, const char *name)
{
    return (size_t)coley_program_input_of(s->program, coley_network_symbol(s->network, name));
}

/* A cohort and everything that came of it. Patient p has the person identity[p] (or p): inputs and doses are the
 * person's, and values and results are filed by person. */
typedef struct solved {
    const solving *model;
    coley_cohort cohort;
    size_t n_states, n_spread;
    size_t spread_input[16]; /* inputs that differ between people, log-normally with deviation `spread` */
    double spread;
    const size_t *identity;
    const coley_dose *dose;
    size_t n_doses;
    int fewer_doses; /* person p gets n_doses - p % 3 of them */
    double *value;   /* [n][n_samples][n_states] */
    coley_integration *result;
    int *order_kept; /* samples came in the order of time, finish last */
    size_t *samples_seen;
} solved;

static inline size_t solved_person(const solved *s, size_t patient)
{
    return s->identity ? s->identity[patient] : patient;
}

static inline void solved_inputs(void *self, size_t patient, double *inputs)
{
    const solved *s = self;
    const size_t person = solved_person(s, patient), n = coley_program_input_count(s->model->program);
    if (n) memcpy(inputs, coley_program_input_default(s->model->program), n * sizeof *inputs);
    for (size_t i = 0; i < s->n_spread; i++)
        inputs[s->spread_input[i]] *= exp(s->spread * coley_rng_normal(11, COLEY_STREAM_TEST, person, i));
}

static inline size_t solved_doses(void *self, size_t patient, const coley_dose **dose)
{
    const solved *s = self;
    *dose = s->dose;
    const size_t fewer = s->fewer_doses ? solved_person(s, patient) % 3 : 0;
    return s->n_doses > fewer ? s->n_doses - fewer : 0;
}

static inline void solved_sample(void *self, const coley_sample *sample)
{
    solved *s = self;
    const size_t person = solved_person(s, sample->patient);
    s->order_kept[person] &= s->samples_seen[person]++ == sample->index && !s->result[person].n_steps;
    double *to = s->value + (person * s->cohort.n_samples + sample->index) * s->n_states;
    for (size_t i = 0; i < s->n_states; i++) to[i] = sample->value[i * sample->stride];
}

static inline void solved_finish(void *self, size_t patient, const coley_integration *result)
{
    solved *s = self;
    s->result[solved_person(s, patient)] = *result;
}

static inline solved solved_begin(const solving *model, size_t n, double end, size_t n_samples, const double *day)
{
    solved s = {.model = model, .n_states = model->system.n};
    s.cohort = (coley_cohort){.n = n,
                              .t_end_day = end,
                              .n_samples = n_samples,
                              .sample_day = day,
                              .inputs = solved_inputs,
                              .doses = solved_doses,
                              .sample = solved_sample,
                              .finish = solved_finish};
    s.value = COLEY_NEW(model->arena, double, n *n_samples *s.n_states);
    s.result = COLEY_NEW(model->arena, coley_integration, n);
    s.order_kept = COLEY_NEW(model->arena, int, n);
    s.samples_seen = COLEY_NEW(model->arena, size_t, n);
    for (size_t i = 0; i < n; i++) s.order_kept[i] = 1;
    return s;
}

static inline coley_status solved_run(solved *s, const coley_integrator_options *options, coley_error *err)
{
    s->cohort.self = s;
    return coley_integrate(&s->model->system, &s->cohort, options, err);
}

static inline double solved_value(const solved *s, size_t person, size_t sample, size_t state)
{
    return s->value[(person * s->cohort.n_samples + sample) * s->n_states + state];
}

#endif
