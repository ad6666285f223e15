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

static void rhs_plus(const void *self, size_t width, const double *t, const double *y, void *work, const double *plus,
                     double *dy)
{
    coley_program_rhs_plus(self, width, t, y, work, plus, dy);
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

static void triggers(const void *self, size_t width, const double *t, const double *y, void *work, double *trigger)
{
    coley_program_triggers(self, width, t, y, work, trigger);
}

static void event_values(const void *self, size_t width, const double *t, const double *y, void *work, double *value)
{
    coley_program_event_values(self, width, t, y, work, value);
}

static void marks(const void *self, size_t width, const double *t, const double *y, void *work, double *mark)
{
    coley_program_marks(self, width, t, y, work, mark);
}

coley_system coley_system_of_program(const coley_program *program, const coley_observer *observer, size_t n_observed)
{
    const int32_t *watched;
    int watch_inside;
    const size_t n_watched = coley_program_watched(program, &watched, &watch_inside);
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
        .rhs_plus = rhs_plus,
        .jacobian = jacobian,
        .n_observed = observer ? n_observed : 0,
        .observer = observer,
        .observe = observe,
        .program = program,
        .n_events = coley_program_event_count(program),
        .n_targets = coley_program_target_count(program),
        .n_marks = coley_program_mark_count(program),
        .n_watched = n_watched,
        .event = coley_program_events(program),
        .target = coley_program_targets(program),
        .watched = watched,
        .watch_inside = watch_inside,
        .triggers = triggers,
        .event_values = event_values,
        .marks = marks,
    };
}
