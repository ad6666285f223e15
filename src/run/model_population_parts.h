/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_population_parts.h -- between model_population.c, which computes, and model_population_files.c, which writes.
 */
#ifndef COLEY_RUN_MODEL_POPULATION_PARTS_H
#define COLEY_RUN_MODEL_POPULATION_PARTS_H

#include "math/sketch.h"
#include "run/model_population.h"

/* One patient of a block under one arm. */
typedef struct population_patient {
    coley_integration result;
    const char *fault; /* why the patient could not even be started, or NULL */
} population_patient;

typedef struct population_block {
    coley_arena *arena; /* emptied before each block */
    uint64_t first;     /* patient, from 0 */
    size_t n;
    /* Slot k n_arms + a is patient k under arm a. */
    double *inputs; /* [slots x n_inputs] as drawn */
    double *value;  /* [slots x n_times x n_watch] */
    population_patient *patient;
    coley_schedule *schedule;  /* [slots] */
    coley_baselines baselines; /* of the patients; with a burn-in */
    size_t n_runs, *run;       /* slots that are computed */
} population_block;

enum { POPULATION_PATIENTS, POPULATION_COURSES, POPULATION_FAILURES, POPULATION_N_STREAMS };

typedef struct population {
    coley_arena *arena;
    const coley_population_options *options;
    const coley_model *model;
    coley_system system;
    const double *tolerance; /* of each state, or NULL; growth to the diagnosis has the same states */
    size_t n_inputs, n_watch, n_times, block_size;
    size_t n_arms; /* 1 or more */
    coley_population_arm one_arm;
    const coley_population_arm *arm;
    int32_t *watch; /* symbols */
    double *time;
    population_block block;
    coley_schedule_notes *notes; /* [n_arms] */
    coley_sketch *sketch;        /* [n_arms x n_times x n_watch] */
    size_t n_sketches;
    uint64_t n_undiagnosed, growth_steps;
    /* Files that grow; in the folder `making` until the end. */
    char *making;
    int file[POPULATION_N_STREAMS];
    uint64_t written[POPULATION_N_STREAMS];
    char fingerprint[65];
    uint64_t next, n_failed;
    char first_failure[512];
} population;

/* The person of the arm's event table that patient i is. */
size_t coley_population_person(const population *p, size_t arm, uint64_t i);

/* Why a patient failed, in words; "" for a good one. Where and when go into `state` ("" when not known) and `time`. */
void coley_population_reason(const population *p, const population_patient *patient, char *text, size_t size,
                       const char **state, double *time);

/* Headers of the files that grow. */
void coley_population_heads(const population *p, coley_text head[POPULATION_N_STREAMS]);

/* Start or take up the folder; write a block, a checkpoint, the end. */
COLEY_MUST_CHECK coley_status coley_population_open(population *p, coley_error *err);
COLEY_MUST_CHECK coley_status coley_population_write_block(population *p, coley_error *err);
COLEY_MUST_CHECK coley_status coley_population_checkpoint(population *p, coley_error *err);
COLEY_MUST_CHECK coley_status coley_population_finish(population *p, coley_error *err);
void coley_population_close(population *p);

/* A course as CSV without its head: columns before each row, then time and what is watched. */
void coley_population_add_course(const population *p, coley_text *out, const char *before, const double *value);
void coley_population_add_course_head(const population *p, coley_text *out);

/* Parameters of slot k of the block with units, one a row. */
void coley_population_add_parameters(const population *p, size_t k, coley_text *out);

#endif
