/* SPDX-License-Identifier: GPL-3.0-or-later */
/* system.h -- what an integrator asks of a system of equations: a table of functions over columns.
 *
 * model/program.h makes one (coley_system_of_program); tests write theirs by hand. Columns are laid out as in
 * program.h: value v of lane l at [v * width + l]. */
#ifndef COLEY_SOLVE_SYSTEM_H
#define COLEY_SOLVE_SYSTEM_H

#include "model/program.h"

/* The same system as machine code (solve/native.h), and without states that are idle (solve/awake.h). */
typedef struct coley_native coley_native;
typedef struct coley_awakes coley_awakes;

typedef struct coley_system {
    const void *self;                  /* borrowed; passed to every function */
    size_t n;                          /* states */
    size_t n_inputs;                   /* per-lane inputs */
    const int32_t *row_start, *column; /* Jacobian pattern, compressed rows, diagonal present; borrowed */
    int uses_time;                     /* jacobian also fills dfdt */
    size_t (*work_size)(const void *self, size_t width);
    void (*initial)(const void *self, size_t width, const unsigned char *mask, const double *inputs, void *work,
                    double *y);
    void (*rhs)(const void *self, size_t width, const double *t, const double *y, void *work, double *dy);
    /* dy = f(t, y) + plus; may be NULL */
    void (*rhs_plus)(const void *self, size_t width, const double *t, const double *y, void *work, const double *plus,
                     double *dy);
    void (*jacobian)(const void *self, size_t width, const double *t, const double *y, void *work, double *jacobian,
                     double *dfdt);
    size_t n_observed; /* values an observer makes of a state; 0 for the states themselves */
    const void *observer;
    void (*observe)(const void *observer, size_t width, const double *t, const double *y, void *work, double *values);
    const coley_program *program; /* whose idle states may be left out, or NULL */
    coley_awakes *awakes;         /* what was found out about them in earlier runs; or NULL, borrowed */
    const coley_native *native; /* or NULL; borrowed. Blocks of COLEY_LANES use it, with the same bits. */
    /* Events and marks, as in program.h; all 0 when there are none. */
    size_t n_events, n_targets, n_marks, n_watched;
    const coley_program_event *event;
    const int32_t *target;  /* state that each assignment sets */
    const int32_t *watched; /* states that triggers look at */
    int watch_inside;       /* triggers may turn true at other times than marks, so that steps are searched */
    void (*triggers)(const void *self, size_t width, const double *t, const double *y, void *work, double *trigger);
    void (*event_values)(const void *self, size_t width, const double *t, const double *y, void *work, double *value);
    void (*marks)(const void *self, size_t width, const double *t, const double *y, void *work, double *mark);
} coley_system;

/* A view of a program and of what is watched (NULL: its states); borrows both. */
coley_system coley_system_of_program(const coley_program *program, const coley_observer *observer, size_t n_observed);

#endif
