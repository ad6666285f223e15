/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_sensitivity.h -- which keys of a trial, or traits of its people, its endpoints hang on: the trial is carried
 * out at many points of the space of these keys, on the same people, and the indices of math/sensitivity.h are taken.
 */
#ifndef COLEY_RUN_TRIAL_SENSITIVITY_H
#define COLEY_RUN_TRIAL_SENSITIVITY_H

#include "math/sensitivity.h"
#include "run/trial_search.h"

typedef struct coley_sensitivity_design {
    const char *title, *trial, *arm, *against;
    coley_field_list parameters; /* coley_space_row */
    coley_goals endpoints;
    int method; /* coley_sensitivity_kind */
    int64_t people, rows, seed;

    /* Not keys. */
    const char *path;
    const coley_yaml *root;
} coley_sensitivity_design;

extern const coley_field coley_sensitivity_fields[];

typedef struct coley_sensitivity_run {
    const coley_sensitivity_design *design;
    coley_space space;
    coley_sensitivity_plan plan;
    size_t n, n_points;       /* carried out; in all */
    double *value;            /* [n_points][endpoints] */
    coley_sensitivity *index; /* [endpoints][d] */
    double *mean, *deviation; /* [endpoints] over the points */
} coley_sensitivity_run;

typedef coley_status coley_sensitivity_keep(void *self, const coley_sensitivity_run *run, coley_error *err);

COLEY_MUST_CHECK coley_status coley_sensitivity_parse(coley_arena *arena, const char *name, const char *bytes,
                                                      size_t length, coley_sensitivity_design **design,
                                                      coley_error *err);
COLEY_MUST_CHECK coley_status coley_sensitivity_load(coley_arena *arena, const char *path,
                                                     coley_sensitivity_design **design, coley_error *err);
COLEY_MUST_CHECK coley_status coley_sensitivity_open(coley_arena *arena, coley_sensitivity_design *design,
                                                     const char *models, const char *catalog,
                                                     coley_sensitivity_run *run, coley_error *err);

/* From run->n points on, to the indices. */
COLEY_MUST_CHECK coley_status coley_sensitivity_go(coley_arena *arena, coley_sensitivity_run *run,
                                                   const coley_session_options *options, coley_sensitivity_keep *keep,
                                                   void *self, coley_error *err);

/* Files; see trial_search_files.h. */
COLEY_MUST_CHECK coley_status coley_sensitivity_save(coley_arena *arena, const coley_sensitivity_run *run,
                                                     const char *folder, const char *fingerprint, coley_error *err);
COLEY_MUST_CHECK coley_status coley_sensitivity_restore(coley_arena *arena, coley_sensitivity_run *run,
                                                        const char *folder, const char *mark, const char *fingerprint,
                                                        coley_error *err);
void coley_sensitivity_evaluations(const coley_sensitivity_run *run, coley_text *out);
void coley_sensitivity_indices(const coley_sensitivity_run *run, coley_text *out);
void coley_sensitivity_summary(const coley_sensitivity_run *run, const char *fingerprint, coley_text *out);
void coley_sensitivity_words(coley_arena *arena, const coley_sensitivity_run *run, coley_text *out);
COLEY_MUST_CHECK coley_status coley_sensitivity_page(coley_arena *arena, const coley_sensitivity_run *run,
                                                     coley_text *out, coley_error *err);

#endif
