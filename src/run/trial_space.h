/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_space.h -- keys of a trial file that a search or a sensitivity analysis moves, as the axes of a unit cube, and
 * the trial at a point of it.
 *
 * A key is named by its path in the trial file: `arms[0].regimen[0].dose`, or `arms[nivolumab].regimen[0].dose`. A
 * number takes the place of the only number in the text that stands there ("200 mg", "pdl1_tps >= 50"), or of {} in
 * `as`. In place of a path a row may name a trait of the patient model: then the mean of the people is moved by that
 * many of its standard deviations. */
#ifndef COLEY_RUN_TRIAL_SPACE_H
#define COLEY_RUN_TRIAL_SPACE_H

#include "math/gaussian.h"
#include "run/trial_run.h"

enum { COLEY_SPACE_MOST = 12, COLEY_SPACE_PATHS = 8, COLEY_SPACE_CHOICES = 24 };

typedef enum coley_space_scale { COLEY_SCALE_LINEAR, COLEY_SCALE_LOG, COLEY_SCALE_WHOLE } coley_space_scale;

typedef struct coley_space_paths {
    size_t n;
    const char *text[COLEY_SPACE_PATHS];
    const coley_yaml *node[COLEY_SPACE_PATHS];
} coley_space_paths;

typedef struct coley_space_choices {
    size_t n;
    const char *name[COLEY_SPACE_CHOICES];
    const coley_yaml *value[COLEY_SPACE_CHOICES];
} coley_space_choices;

typedef struct coley_space_row {
    const char *name;
    coley_space_paths path; /* all get the same value */
    const char *trait;      /* or NULL */
    double low, high;
    int scale;
    coley_space_choices choices;
    const char *as;

    /* Not a key. */
    coley_axis axis;
} coley_space_row;

/* The table of a row's keys, to stand in a file's own table. */
extern const coley_field coley_space_fields[];

typedef struct coley_space {
    size_t n;
    coley_space_row *row;
    coley_axis axis[COLEY_SPACE_MOST];
    const char *trial;         /* path of the trial file */
    const coley_yaml *root;    /* its tree */
    const char *arm, *against; /* arms that are simulated; against may be NULL */
    int64_t people, seed;
    const char *models, *catalog;
} coley_space;

/* Read the trial, check the rows against it: every path leads somewhere, both ends of every range are a good trial.
 * `list` is the node that the rows stand in. */
COLEY_MUST_CHECK coley_status coley_space_open(coley_arena *arena, coley_space *space, const coley_yaml *list,
                                               coley_error *err);

/* What stands at coordinate u of a row: a number of at most four digits (of choices: which one); and as it is written.
 */
double coley_space_value(const coley_space_row *row, double u);
typedef struct coley_space_word {
    char text[96];
} coley_space_word;
coley_space_word coley_space_text(const coley_space_row *row, double u);

/* The coordinate of a value. False when it lies outside the row's range. */
int coley_space_coordinate(const coley_space_row *row, double value, double *u);

/* The point u [n] of the trial as it is written. False when the file has no such value, or one outside a range. */
int coley_space_written(const coley_space *space, double *u);

/* The trial's tree at a point: everything is in `arena`. */
COLEY_MUST_CHECK coley_status coley_space_tree(coley_arena *arena, const coley_space *space, const double *u,
                                               const coley_yaml **root, coley_error *err);

/* Add the point to what an error says. */
void coley_space_blame(const coley_space *space, const double *u, coley_error *err);

/* The trial at a point, carried out with so many people in each of its arms: `arm`, then `against`, the same people in
 * both. */
COLEY_MUST_CHECK coley_status coley_space_run(coley_arena *arena, const coley_space *space, const double *u,
                                              int64_t people, int64_t seed, const coley_session_options *options,
                                              coley_trial **trial, coley_error *err);

#endif
