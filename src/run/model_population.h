/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_population.h -- a model over a population: parameters drawn by a design, every patient simulated, endpoints
 * reduced as they come.
 *
 * Patients are numbered from 1 and run in blocks that follow one another; only one block's courses are in memory. What
 * is written of a patient depends on the model, the tables, the seed, n (for lhs) and the number, not on threads, block
 * sizes or interruptions: the same bytes. A patient who cannot be computed is a row in failures.csv, and nothing to the
 * others. */
#ifndef COLEY_RUN_MODEL_POPULATION_H
#define COLEY_RUN_MODEL_POPULATION_H

#include "base/progress.h"
#include "run/burn_in.h"
#include "run/model_doses.h"
#include "run/model_vary.h"

typedef struct coley_population_input {
    const char *role, *path;
} coley_population_input;

typedef struct coley_population_setting {
    const char *key, *value; /* value NULL: not given */
} coley_population_setting;

/* One way to treat everybody. */
typedef struct coley_population_arm {
    const char *name;
    const coley_model_doses *doses;
} coley_population_arm;

typedef struct coley_population_options {
    const coley_model *model;
    const coley_vary *vary;
    coley_design design;            /* with n, the number of patients */
    const coley_model_doses *doses; /* or NULL. Several people in it share the patients out in n / people each, in the
                                       order of both */
    size_t n_arms; /* several: each patient is run under every one of them, and rows say which; `doses` is then NULL */
    const coley_population_arm *arm;
    const coley_burn_in *burn_in; /* or NULL. Each patient grows until the diagnosis, once for all arms, which start
                                     there at time 0 */
    double end_day, step_day;     /* in the model's unit of time: observed at 0, step, 2 step, ... up to the end */
    double rtol, atol;
    size_t n_watch;
    const char *const *watch; /* names of symbols; none: every state */
    int native, n_threads;
    size_t width;             /* as of the integrator; 0: chosen */
    size_t block;             /* patients at a time; 0: what fits into some 64 MiB */
    coley_progress *progress; /* or NULL */
    const coley_log *log;     /* for what does not fit of the event table; or NULL */

    const char *folder;
    int force, resume;
    int hdf5;           /* population.h5 in place of population.csv */
    uint64_t n_courses; /* whole courses are written of the first n_courses patients ... */
    size_t n_chosen;
    const uint64_t *chosen; /* ... and of these numbers, ascending */
    size_t n_files;
    const coley_population_input *file; /* for the manifest */
    size_t n_settings;
    const coley_population_setting *setting; /* what was asked for and bears on the result, for the manifest */
    double checkpoint_s;                     /* seconds between checkpoints; 0: after every block */
    size_t stop_after; /* leave the run unfinished after so many blocks, as an interrupt would; 0: never */
} coley_population_options;

enum { COLEY_POPULATION_MAX_CELLS = 4000000 };

typedef struct coley_population_summary {
    uint64_t n, n_done;
    uint64_t n_failed;   /* rows of failures.csv: courses that were lost, or never began */
    uint64_t resumed_at; /* patients that an earlier run had done */
    size_t n_watch, n_times, block;
    uint64_t n_undiagnosed;   /* patients of this run without a baseline */
    uint64_t growth_steps;    /* of this run's burn-in */
    double quantile_error;    /* of quantiles.csv, as a share of the value */
    coley_text first_failure; /* in words; empty when there is none */
} coley_population_summary;

/* May it be run? Everything but the run itself is checked; nothing is written. */
COLEY_MUST_CHECK coley_status coley_population_check(coley_arena *arena, const coley_population_options *options,
                                                     coley_population_summary *summary, coley_error *err);

/* Run it into the folder. */
COLEY_MUST_CHECK coley_status coley_population_run(coley_arena *arena, const coley_population_options *options,
                                                   coley_population_summary *summary, coley_error *err);

/* One patient's parameters and whole course as CSV: the same bits as within the population. */
COLEY_MUST_CHECK coley_status coley_population_patient(coley_arena *arena, const coley_population_options *options,
                                                       uint64_t number, coley_text *course, coley_text *parameters,
                                                       coley_error *err);

#endif
