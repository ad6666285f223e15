/* SPDX-License-Identifier: GPL-3.0-or-later */
/* integrator.h -- many patients through one stiff system: an L-stable Rosenbrock method over blocks of lanes.
 *
 * Each lane has its own inputs, doses, time and step; a lane that has finished takes the next patient. Doses are exact:
 * a step never crosses one, nor a reset or a change of an input. Events of the model happen where their triggers turn
 * true (solve/events.h). Samples come from dense output and never shorten a step. A patient's result does not depend on
 * the other lanes, on the block width or on the number of threads: same bits. */
#ifndef COLEY_SOLVE_INTEGRATOR_H
#define COLEY_SOLVE_INTEGRATOR_H

#include "base/status.h"
#include "solve/system.h"

/* What happens to one patient at a time that is known beforehand. */
typedef enum coley_dose_kind {
    COLEY_DOSE_ADD,     /* `amount` into `state`, at once (duration_day = 0) or evenly over duration_day */
    COLEY_DOSE_REPLACE, /* `state` becomes `amount` */
    COLEY_DOSE_INPUT,   /* input number `state` becomes `amount`, and all constants that follow from it */
    COLEY_DOSE_RESET,   /* every state as at the start, with the inputs of now; infusions end, events no longer wait */
    /* A reset, and then the steady state of ADD every interval_day, phase_day after one of them. The intervals are run,
     * over and over in the time before t_day, until a state changes no more than its tolerance. interval_day = 0: of
     * `amount` a day without end. What runs on after t_day, and the next dose, are doses of their own. Not for systems
     * with events. */
    COLEY_DOSE_STEADY,
    COLEY_DOSE_STEADY_ADDED, /* that steady state on top of what is there; states that it leaves alone stay alone */
} coley_dose_kind;

/* The doses of one patient are sorted by time; several at one time are given in order. t_day before the start is an
 * error. */
typedef struct coley_dose {
    double t_day;
    double amount;       /* in the state's unit of amount */
    double duration_day; /* >= 0 */
    double interval_day; /* of steady states: >= 0 */
    double phase_day;    /* likewise: 0 is just before a dose; below interval_day */
    int32_t state;
    coley_dose_kind kind;
} coley_dose;

enum {
    COLEY_STEADY_INTERVALS = 10000, /* one that has not come by then does not */
    COLEY_STEADY_DOUBLINGS = 60,    /* likewise without intervals: each stretch is twice as long as the last */
};

typedef enum coley_method {
    COLEY_METHOD_RODAS4,  /* order 4, six stages */
    COLEY_METHOD_RODAS5P, /* order 5, eight stages */
} coley_method;

typedef struct coley_integrator_options {
    double rtol;              /* relative tolerance */
    double atol;              /* absolute tolerance for every state; see atol_state */
    const double *atol_state; /* n absolute tolerances, or NULL to use atol */
    double h_max_day;         /* longest step */
    size_t max_steps;         /* per patient; more is COLEY_ERR_DIVERGED for that patient */
    int n_threads;            /* >= 1 */
    coley_method method;
    size_t width; /* lanes a block, a multiple of COLEY_LANES, or 0: chosen; never changes a result */
} coley_integrator_options;

#define COLEY_INTEGRATOR_DEFAULT                                                                                       \
    {                                                                                                                  \
        .rtol = 1e-6, .atol = 1e-9, .atol_state = NULL, .h_max_day = 1e9, .max_steps = 200000, .n_threads = 1,         \
        .method = COLEY_METHOD_RODAS5P, .width = 0                                                                     \
    }

/* Why a patient's event could not be carried out. */
typedef enum coley_event_fault {
    COLEY_EVENT_GOOD,
    COLEY_EVENT_ENDLESS, /* events set one another off at one moment without end */
    COLEY_EVENT_DELAY,   /* a delay that is below 0 or not a number */
    COLEY_EVENT_CROWD,   /* too many events wait at once */
    COLEY_EVENT_LEFT,    /* it waits where the leg ends, and a next leg would not know */
} coley_event_fault;

/* What happened to one patient. */
typedef struct coley_integration {
    coley_status status; /* COLEY_OK, COLEY_ERR_DIVERGED, or COLEY_ERR_ARG: a dose out of place; nothing was run */
    double t_day;        /* time reached */
    int32_t state;       /* state to blame when diverged, or -1 */
    size_t n_steps, n_rejected;
    coley_event_fault fault; /* COLEY_ERR_DIVERGED because of an event */
    int32_t event;           /* which; or the one that stopped the run; -1 otherwise */
    int stopped;             /* COLEY_OK before the end: an event of stop_event happened at t_day */
    int unsteady;            /* COLEY_ERR_DIVERGED because there was no steady state: `state` changes most */
} coley_integration;

/* "event \"E\" ... (time T)": what went wrong, and what to change. */
void coley_event_fault_text(const coley_system *system, const coley_integration *result, char *text, size_t size);

/* The observed values of one patient at one sample time: value i is value[i * stride]. */
typedef struct coley_sample {
    size_t patient, index; /* index of the sample time */
    double t_day;
    const double *value;
    size_t stride;
} coley_sample;

/* When one patient is observed, and on which side of what happens at that time. */
typedef struct coley_sample_times {
    size_t n;
    const double *day;   /* ascending, within [t_start, t_end] */
    const size_t *after; /* [n] doses, counted from the first, that come before it; NULL: all those of earlier times */
} coley_sample_times;

/* Where one patient's leg lies and what it starts from. */
typedef struct coley_leg {
    double t_start_day, t_end_day; /* within the cohort's, which they come with */
    double *state;                 /* one after another; they come with the model's initial values */
    int goes_on;                   /* from an earlier leg's end: what triggers are there is not news, no event fires */
} coley_leg;

/* The caller's side of a run of n patients, numbered from 0. Every function may be called from several threads at once,
 * but for one patient never from two. */
typedef struct coley_cohort {
    void *self; /* borrowed; passed back */
    size_t n;
    double t_start_day, t_end_day;
    size_t n_samples;
    const double *sample_day; /* ascending, within [t_start, t_end]; a sample at a dose's time is taken before the dose,
                                 one at an event's time after the event */
    /* Fill inputs[n_inputs]: they come with the system's defaults only if the caller copies them. */
    void (*inputs)(void *self, size_t patient, double *inputs);
    /* The patient's doses, sorted; borrowed until the run ends. May be NULL for none at all. */
    size_t (*doses)(void *self, size_t patient, const coley_dose **doses);
    /* The patient's own sample times in place of sample_day; borrowed until the run ends. May be NULL. */
    void (*samples)(void *self, size_t patient, coley_sample_times *times);
    /* What is observed of one patient at one sample time; valid during the call. */
    void (*sample)(void *self, const coley_sample *sample);
    /* The patient has finished. May be NULL. */
    void (*finish)(void *self, size_t patient, const coley_integration *result);

    /* A run in legs; all may be left out. */

    /* Let one patient start elsewhere, end elsewhere, from other states. Doses before t_start_day count as given: only
     * infusions that are not over, inputs, and what a reset ended matter of them; samples outside the leg are left out.
     */
    void (*start)(void *self, size_t patient, coley_leg *leg);
    /* The states at the end, or where the patient was stopped; before `finish`, and only of those who got there. Doses
     * due at the end are not in it: they are the next leg's, whose `doses` may be the same. With it, an event that
     * still waits for its delay at the end is COLEY_EVENT_LEFT. */
    void (*end)(void *self, size_t patient, double t_day, const double *state, size_t stride);
    size_t n_stop_events;
    const int32_t *stop_event; /* a patient's run ends when one of these events has happened, with all else that happens
                                  at that moment, but before doses of that time that did not set it off */
} coley_cohort;

/* Run the cohort. COLEY_OK when every patient reached the end; else the status of the first that did not, in patient
 * order, with time and state in `err`; the others are still complete. */
COLEY_MUST_CHECK coley_status coley_integrate(const coley_system *system, const coley_cohort *cohort,
                                              const coley_integrator_options *options, coley_error *err);

/* The same; all memory is taken from `arena` before the first step, but for that of solve/awake.h. */
COLEY_MUST_CHECK coley_status coley_integrate_in(coley_arena *arena, const coley_system *system,
                                                 const coley_cohort *cohort, const coley_integrator_options *options,
                                                 coley_error *err);

/* The naive twin: one patient at a time, dense algebra, plain loops. Slow; there to be compared with. */
COLEY_MUST_CHECK coley_status coley_integrate_naive(coley_arena *arena, const coley_system *system,
                                                    const coley_cohort *cohort, const coley_integrator_options *options,
                                                    coley_error *err);

#endif
