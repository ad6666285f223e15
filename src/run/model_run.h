/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_run.h -- model files on their own: read and check them, say what is in them, simulate them under an event
 * table or without doses. */
#ifndef COLEY_RUN_MODEL_RUN_H
#define COLEY_RUN_MODEL_RUN_H

#include "base/log.h"
#include "base/text.h"
#include "model/program.h"
#include "model/units_check.h"
#include "run/model_doses.h"

typedef struct coley_model_source {
    size_t n;
    const char *const
        *path;        /* Antimony files, read as one model; or one SBML file; or one folder with a patient.yaml */
    const char *top;  /* model block to take, or NULL for the one that no other uses */
    size_t n_lesions; /* of a patient's folder; 0 means 1 */
} coley_model_source;

/* Owned by the arena that it was read into. */
typedef struct coley_model {
    const coley_network *network;
    const coley_program *program;
    const char *sbml_file, *sbml; /* its text, when the model is SBML; else NULL */
} coley_model;

/* Read, check and compile. */
COLEY_MUST_CHECK coley_status coley_model_read(coley_arena *arena, const coley_model_source *source, coley_model *model,
                                               coley_error *err);

/* What is not wrong but may mislead, as warnings with file and line: units that cannot be read, formulas whose
 * units disagree, which `units` keeps, and what libSBML says about the units of SBML. */
COLEY_MUST_CHECK coley_status coley_model_review(coley_arena *arena, const coley_model *model, const coley_log *log,
                                                 coley_unit_report *units, coley_error *err);

/* Counts of species, states, parameters, reactions, how many parameters have a source, and what the review found; as
 * text or as JSON. */
void coley_model_summary(const coley_model *model, const coley_unit_report *units, int json, coley_text *text);

/* Species, parameters, rules, events, reactions, stoichiometry and conserved sums as tables; as text or as JSON. */
COLEY_MUST_CHECK coley_status coley_model_tables(coley_arena *arena, const coley_model *model, int json,
                                                 coley_text *text, coley_error *err);

/* Species and reactions as a drawing in the dot language of Graphviz; dashed: what a rate hangs on without using it. */
COLEY_MUST_CHECK coley_status coley_model_graph(coley_arena *arena, const coley_model *model, coley_text *text,
                                                coley_error *err);

/* "day", or what an SBML model says; "" when it does not say. */
const char *coley_model_time_unit(const coley_model *model);

/* Coley's own, or CVODES to compare with (solve/cvodes.h). */
typedef enum coley_model_solver {
    COLEY_MODEL_SOLVER_BLOCK,
    COLEY_MODEL_SOLVER_CVODES,
    COLEY_MODEL_SOLVER_CVODES_KLU,
} coley_model_solver;

/* Absolute tolerances of a program's states: atol, but of the amount of a species whose concentration counts, in a
 * compartment smaller than 1, atol times that size: the error of the concentration is what is asked for. NULL when all
 * are atol. `inputs` as of the program; owned by the arena. */
COLEY_MUST_CHECK coley_status coley_model_tolerances(coley_arena *arena, const coley_network *network,
                                                     const coley_program *program, const double *inputs, double atol,
                                                     const double **tolerance, coley_error *err);

typedef struct coley_model_options {
    double end_day, step_day; /* in the model's unit of time: rows at 0, step, 2 step, ... up to the end; both > 0. With
                                 `events` the end may be NaN: that of the last record */
    double rtol;
    double atol; /* 0: the integrator's own */
    size_t n_set;
    const char *const *set; /* "NAME=VALUE" or "NAME=VALUE UNIT": parameters and initial values */
    size_t n_watch;
    const char *const *watch; /* names of columns; none: every state */
    int native;               /* compile the model to machine code, or take what was compiled before */
    coley_text *chart;        /* also draw each column here, in characters; or NULL */
    int ascii;                /* with nothing but ASCII */
    const char *events;       /* path of an event table (run/model_doses.h), or NULL: nobody is dosed */
    const char *id;           /* only this person of it, or NULL: everybody */
    coley_model_doses_options dosing;
    coley_model_solver solver;
    const coley_log *log; /* how the table is understood, and what in it is past the end; or NULL */
} coley_model_options;

enum { COLEY_MODEL_MAX_ROWS = 10000000 };

/* Simulate: CSV whose header names each column with its unit. With an event table the first column is the ID, and the
 * rows at the times of observations have their DV in the last. On a failure of the solver `err` names the state. */
COLEY_MUST_CHECK coley_status coley_model_simulate(coley_arena *arena, const coley_model *model,
                                                   const coley_model_options *options, coley_text *csv,
                                                   coley_error *err);

#endif
