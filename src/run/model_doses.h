/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_doses.h -- what a NONMEM-style event table means for a model: of each person the doses, resets, steady states,
 * changes of inputs and observations, in the order in which solve/integrator.h takes them.
 *
 * Order. Records of one time act in the order of the file. Additional doses (ADDL) and doses that a lag brings to that
 * time come after all of its records, so that a record of the time of such a dose sees the trough.
 * Dose. RATE > 0 is an infusion of F AMT / RATE; else all is given at once. A lag delays the dose and all that follow
 * it by ADDL. Reset (EVID 3, 4): the states become those of the start; infusions end, what a lag or ADDL holds back is
 * dropped. Replace (EVID 8): neither F nor lag. Steady state (SS 1, 2): as of COLEY_DOSE_STEADY at the time of the
 * record, for doses that come a lag later; the dose itself follows. SS 1 resets; SS 2 adds. Columns that name a
 * parameter are covariates: its value in the time between two records is that of the one before (locf) or of the one
 * after (nocb; what NONMEM and mrgsolve do); records and doses of a time have the value of their own line either way. A
 * missing cell is filled likewise, from the other side where there is none. F_<state> and ALAG_<state> are
 * bioavailability and lag of that line's dose where the model has no such symbol. */
#ifndef COLEY_RUN_MODEL_DOSES_H
#define COLEY_RUN_MODEL_DOSES_H

#include "base/log.h"
#include "base/text.h"
#include "io/event_table.h"
#include "model/program.h"
#include "solve/integrator.h"

typedef enum coley_carry { COLEY_CARRY_LOCF, COLEY_CARRY_NOCB } coley_carry;

typedef struct coley_model_doses_options {
    coley_carry carry;
    /* "CMT=NUMBER" or "CMT=NAME" of a parameter that is an input; a lag is in the model's unit of time. */
    size_t n_lag, n_bioavailability;
    const char *const *lag, *const *bioavailability;
} coley_model_doses_options;

/* A table checked against a model. Owned by the arena; borrows table, network and program. Never changes: several
 * threads may make schedules of one, each into an arena of its own. */
typedef struct coley_model_doses coley_model_doses;

COLEY_MUST_CHECK coley_status coley_model_doses_make(coley_arena *arena, const coley_network *network,
                                                     const coley_program *program, const coley_event_table *table,
                                                     const coley_model_doses_options *options,
                                                     const coley_model_doses **doses, coley_error *err);

/* People in the order of the file; "" is the name of the only one of a table without ID. */
size_t coley_model_doses_count(const coley_model_doses *doses);
const char *coley_model_doses_id(const coley_model_doses *doses, size_t person);

/* Number of the person with that ID, or -1. */
ptrdiff_t coley_model_doses_find(const coley_model_doses *doses, const char *id);

/* Time of a person's last record, in the model's unit. */
double coley_model_doses_last(const coley_model_doses *doses, size_t person);

/* In words, a line each: the numbers of the states that are named, how covariates are carried, which columns are
 * ignored. */
void coley_model_doses_describe(const coley_model_doses *doses, coley_text *text);

typedef struct coley_observation {
    double time;
    size_t after;  /* doses of the schedule that come before it */
    double dv;     /* as in the table */
    int has_dv;    /* else DV is missing */
    int32_t state; /* CMT, or -1 */
    int line;
} coley_observation;

/* Owned by the arena that it was made in. */
typedef struct coley_schedule {
    size_t n_doses;
    coley_dose *dose; /* what coley_cohort.doses gives */
    size_t n_observations;
    coley_observation *observation; /* EVID 0, by time */
} coley_schedule;

/* What did not fit into a run, gathered over people. */
typedef struct coley_schedule_notes {
    size_t n_late, n_cut; /* records after the end; infusions that the end cuts off */
    int late_line, cut_line;
    double late_time, cut_time; /* of the first record; of the first such infusion's end */
    const char *late_id, *cut_id;
} coley_schedule_notes;

/* The schedule of one person from t_start to t_end. `inputs` are those of a patient of the program: lag and
 * bioavailability may be among them; they leave with the person's covariates at the start in their places. A record
 * before t_start is an error. `notes` is added to; it may be NULL. */
COLEY_MUST_CHECK coley_status coley_model_doses_schedule(coley_arena *arena, const coley_model_doses *doses,
                                                         size_t person, double t_start, double t_end, double *inputs,
                                                         coley_schedule *schedule, coley_schedule_notes *notes,
                                                         coley_error *err);

/* Warnings about what did not fit; nothing when all did. */
void coley_schedule_warn(const coley_model_doses *doses, const coley_schedule_notes *notes, double t_end,
                         const coley_log *log);

/* Sample times of the schedule's observations and of n_grid ascending times together; a time of the grid is before the
 * doses of that time, and gives way to an observation there. `observation[i]` of sample i, or -1. */
COLEY_MUST_CHECK coley_status coley_schedule_samples(coley_arena *arena, const coley_schedule *schedule, size_t n_grid,
                                                     const double *grid, coley_sample_times *times,
                                                     const ptrdiff_t **observation, coley_error *err);

#endif
