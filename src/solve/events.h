/* SPDX-License-Identifier: GPL-3.0-or-later */
/* events.h -- events of the model, for a block of lanes: SBML's (Hucka et al. 2019, section 4.11).
 *
 * An event fires when its trigger turns from false to true. It then waits for its delay and happens: it sets states to
 * the values of its formulas, as they were when it fired or as they are when it happens. Of those due at one moment the
 * one with the highest priority happens first; equals in an order that is drawn, the same in every run of that patient.
 * Those without a priority come last, in the order in which they fired. After each, all triggers are looked at again.
 * An event that is not persistent and whose trigger turns false while it waits is forgotten. */
#ifndef COLEY_SOLVE_EVENTS_H
#define COLEY_SOLVE_EVENTS_H

#include "solve/rosenbrock.h"

enum {
    COLEY_EVENTS_AT_ONCE = 10000, /* one patient's events in one moment; more is a failure of that patient */
    COLEY_EVENTS_WAITING = 256,   /* that may wait in one patient, beside one of each event */
    COLEY_EVENTS_INSIDE = 8,      /* least number of points of a step where triggers are looked at, its end included */
    COLEY_EVENTS_POINTS = 1000,   /* they lie at most this part of the run apart */
};

/* How long a moment is, as part of the run: ever shorter times between events end here, too. */
#define COLEY_EVENTS_MOMENT 1e-10

/* An event that has fired and waits. */
typedef struct coley_event_waiting {
    double due;
    uint32_t event;
    uint32_t room;   /* which of the lane's rooms for values holds its own */
    uint64_t serial; /* counts up in the patient */
} coley_event_waiting;

typedef struct coley_event_lane {
    size_t n_waiting;
    coley_event_waiting *waiting;
    double *held; /* a room for the values of one event each */
    uint64_t patient, serial;
    double moment;    /* of the last event */
    size_t n_at_once; /* since then */
    coley_event_fault fault;
    int32_t fault_event;
    int32_t stopped; /* the first event that stops the run and has happened, or -1 */
} coley_event_lane;

typedef struct coley_events {
    const coley_system *system;
    size_t width, n_rooms, room_size;
    coley_event_lane *lane;
    unsigned char *was;                             /* trigger before [n_events x width] */
    unsigned char *rose;                            /* it has just turned true, likewise */
    unsigned char *stops;                           /* whether an event does [n_events]; all 0 at first */
    unsigned char *standing, *found;                /* lanes at work, lanes whose step is cut [width] */
    double *trigger, *value, *mark;                 /* what the system's functions fill */
    double *next_mark;                              /* of each lane; infinite when there is none */
    double *t_inside, *y_inside, *t_before, *t_cut; /* of the search */
    int32_t *n_points;                              /* of each lane's step [width] */
} coley_events;

/* Of equals the one with the smallest number goes first: a random number in (0, 1) where a priority was given, else the
 * order in which they fired. */
double coley_event_draw(size_t patient, uint64_t serial, int has_priority);

/* All memory for a block, taken from `arena`; false when there is not enough. Nothing is taken when the system has
 * neither events nor marks. */
int coley_events_init(coley_events *events, coley_arena *arena, const coley_system *system, size_t width);

/* A new patient in lane l. */
void coley_events_begin(coley_events *events, size_t l, size_t patient);

/* Lanes with mask[l] go on where an earlier leg ended: triggers that are true at (t, y) have been true before. */
void coley_events_resume(coley_events *events, const unsigned char *mask, const double *t, const double *y, void *work);

/* The patient of lane l is reset: nothing waits, and triggers are as at the start. */
void coley_events_reset(coley_events *events, size_t l);

/* Let happen whatever fires or is due in the lanes with standing[l] at (t, y), until nothing is. A lane whose events
 * cannot be carried out is left with a fault. */
void coley_events_settle(coley_events *events, const unsigned char *standing, double length, const double *t, double *y,
                         void *work);

/* Next time after t at which lane l has to stop. */
double coley_events_next(const coley_events *events, size_t l, double t);

/* Where triggers turn true inside the step that every lane with accepted[l] != 0 has just made, from t to t_end:
 * found[l] is set, and the first such time, to the last bits of t, goes into t_cut; other lanes have their t_end there.
 * A trigger that turns true and false again between two of the points looked at is not seen. */
void coley_events_locate(coley_events *events, const coley_rosenbrock_block *step, const double *accepted,
                         double length, const double *t, const double *t_end, void *work);

/* The states at t_cut in place of those at t_end in the step's `stage`; no dense output of the step after that. */
void coley_events_cut(const coley_events *events, const coley_rosenbrock_block *step, const double *t,
                      const double *t_end);

#endif
