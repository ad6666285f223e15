/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_search.h -- the search for a trial's best design: doses, intervals, starts, cut-offs that make a utility of its
 * endpoints largest.
 *
 *   utility = sum of weight * endpoint
 *
 * Every design is tried on the same people with the same luck, so that designs differ by the drugs alone. What is not
 * known for want of people is told by bootstrap (run/trial_goal.h); where the optimum lies, by drawing surfaces: in
 * each replicate of the people the Gaussian process through its utilities, with the process's own uncertainty between
 * points, has its largest value somewhere. */
#ifndef COLEY_RUN_TRIAL_SEARCH_H
#define COLEY_RUN_TRIAL_SEARCH_H

#include "run/trial_goal.h"
#include "run/trial_space.h"

enum { COLEY_SEARCH_MOST = 1000 };

typedef enum coley_search_method { COLEY_SEARCH_BAYESIAN, COLEY_SEARCH_CMAES } coley_search_method;
typedef enum coley_search_kind { COLEY_TRIED_WRITTEN, COLEY_TRIED_START, COLEY_TRIED_SEARCH } coley_search_kind;
extern const char *const coley_search_kinds[]; /* "as written", ...; NULL */

typedef struct coley_goals {
    size_t n;
    coley_goal goal[COLEY_GOALS_MOST];
} coley_goals;

typedef struct coley_search_design {
    const char *title, *trial, *arm, *against;
    coley_field_list parameters; /* coley_space_row */
    coley_goals utility;
    int method;
    int64_t people, start, evaluations, confirm, seed;

    /* Not keys. */
    const char *path;
    const coley_yaml *root;
} coley_search_design;

extern const coley_field coley_search_fields[];

/* One design that was tried. */
typedef struct coley_tried {
    int kind; /* coley_search_kind */
    double u[COLEY_SPACE_MOST];
    double goal[COLEY_GOALS_MOST];
    double utility, error, low, high; /* standard deviation and 95 % of the replicates */
    double replicate[COLEY_REPLICATES];
} coley_tried;

/* What the search comes to. */
typedef struct coley_optimum {
    size_t best;                                         /* the tried design with the largest mean of the surface */
    double mean, low, high;                              /* of the surface there */
    double gain, gain_low, gain_high;                    /* over the trial as written; NaN: not tried */
    double from[COLEY_SPACE_MOST], to[COLEY_SPACE_MOST]; /* 95 % of where optima of drawn surfaces lie */
    double share[COLEY_SPACE_MOST][COLEY_SPACE_CHOICES]; /* of them that have this choice */
    int confirmed, confirmed_written;
    coley_tried again, written_again; /* on new people */
    double again_gain, again_gain_low, again_gain_high;
} coley_optimum;

typedef struct coley_search {
    const coley_search_design *design;
    coley_space space;
    size_t n, cap;
    coley_tried *tried;
    double *x, *y; /* [n*d], [n] as the process has them */
    coley_gaussian surface;
    int exhausted; /* nothing was left to try */
    coley_optimum optimum;
} coley_search;

/* Called after each design that was tried; what it returns ends the search unless it is COLEY_OK. */
typedef coley_status coley_search_keep(void *self, const coley_search *search, coley_error *err);

/* Out of memory; `trial` and parameters are not looked at. Then a file, with all that it names. */
COLEY_MUST_CHECK coley_status coley_search_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                                 coley_search_design **design, coley_error *err);
COLEY_MUST_CHECK coley_status coley_search_load(coley_arena *arena, const char *path, coley_search_design **design,
                                                coley_error *err);

/* Everything that can be wrong is found here. */
COLEY_MUST_CHECK coley_status coley_search_open(coley_arena *arena, coley_search_design *design, const char *models,
                                                const char *catalog, coley_search *search, coley_error *err);

/* Go on from the search->n designs that are there already (as an interrupted search left them) to the end. */
COLEY_MUST_CHECK coley_status coley_search_run(coley_arena *arena, coley_search *search,
                                               const coley_session_options *options, coley_search_keep *keep,
                                               void *self, coley_error *err);

/* A path beside a file; NULL: no memory. */
const char *coley_search_beside(coley_arena *arena, const char *file, const char *path);

/* Side effects must be simulated where they are asked for, and curves reach as far as they are read; `at` is to blame.
 */
COLEY_MUST_CHECK coley_status coley_search_check_goals(const coley_space *space, const coley_goals *goals,
                                                       const coley_yaml *at, coley_error *err);

/* Fail: what stands there is no endpoint. */
coley_status coley_search_no_goal(const coley_yaml *at, coley_error *err);

/* Utility, error and interval from goals and their replicates [COLEY_REPLICATES][n]. */
void coley_search_weigh(const coley_search_design *design, const double *replicate, coley_tried *tried);

#endif
