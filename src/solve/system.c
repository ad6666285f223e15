/* SPDX-License-Identifier: GPL-3.0-or-later */
/* system.c -- a program seen as a system of equations. */
#include "solve/system.h"

static size_t work_size(const void *self, size_t width)
{
    return coley_program_work_size(self, width);
}

static void initial(const void *self, size_t width, const unsigned char *mask, const double *inputs, void *work,
                    double *y)
{
    coley_program_initial(self, width, mask, inputs, work, y);
}

static void rhs(const void *self, size_t width, const double *t, const double *y, void *work, double *dy)
{
    coley_program_rhs(self, width, t, y, work, dy);
}

static void jacobian(const void *self, size_t width, const double *t, const double *y, void *work, double *values,
                     double *dfdt)
{
    coley_program_jacobian(self, width, t, y, work, values, dfdt);
}

static void observe(const void *observer, size_t width, const double *t, const double *y, void *work, double *values)
{
    coley_observe(observer, width, t, y, work, values);
}

coley_system coley_system_of_program(const coley_program *program, const coley_observer *observer, size_t n_observed)
{
    return (coley_system){
        .self = program,
        .n = coley_program_state_count(program),
        .n_inputs = coley_program_input_count(program),
        .row_start = coley_program_jacobian_row_start(program),
        .column = coley_program_jacobian_column(program),
        .uses_time = coley_program_uses_time(program),
        .work_size = work_size,
        .initial = initial,
        .rhs = rhs,
        .jacobian = jacobian,
        .n_observed = observer ? n_observed : 0,
        .observer = observer,
        .observe = observe,
    };
}
