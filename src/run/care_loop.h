/* SPDX-License-Identifier: GPL-3.0-or-later */
/* care_loop.h -- the clinic's loop: people run from visit to visit, each visit decides what they get until the next.
 *
 *     state at a visit --observe--> grades seen --decide (clinic/care.h)--> doses --integrate--> the next visit
 *
 * All people who still have a visit before them go one leg at a time, in parallel. A leg ends at the next visit that is
 * known of; somebody who notices something new on the way tells the clinic after a delay, and if
 * that is sooner, the leg is run again up to there. Each person's legs, delays and doses depend on that person alone:
 * the same bits with any number of threads and in any company.
 *
 * What is given each day -- glucocorticoids, hormones, mycophenolate -- flows in evenly from visit to visit. */
#ifndef COLEY_RUN_CARE_LOOP_H
#define COLEY_RUN_CARE_LOOP_H

#include "clinic/care.h"
#include "run/session.h"

/* A policy, bound to a session's body. Owned by the session's arena. */
typedef struct coley_session_care {
    const coley_policy *policy;
    const coley_grading *grading;
    int32_t severity[COLEY_MAX_ORGANS];         /* symbols, by organ */
    int32_t hazard;                             /* symbol of the hazard of death, or -1 */
    int32_t drug_state[COLEY_POLICY_MAX_DRUGS]; /* by drug of the policy */
    double per_mg[COLEY_POLICY_MAX_DRUGS];      /* of a dose, in the state's unit */
    unsigned treated_with;                      /* classes that the regimen has, bits of the policy's list */
    const int *dose_class;                      /* [session->n_doses] class of the policy's list, or -1 */
    size_t n_files;                             /* that were read */
    const char *file[COLEY_POLICY_MAX_DEPTH + 1];
} coley_session_care;

/* What became of one person. */
typedef struct coley_care_outcome {
    int worst[COLEY_MAX_ORGANS];        /* true grade by organ */
    int worst_known[COLEY_MAX_ORGANS];  /* that the clinic saw */
    double severity[COLEY_MAX_ORGANS];  /* the highest */
    double worst_day[COLEY_MAX_ORGANS]; /* first day at the worst grade; NaN when that is 0 */
    size_t n_visits, n_reported;
    unsigned char *given;                         /* [session->n_doses] 1: the dose was given */
    size_t n_planned, n_given, n_held, n_stopped; /* doses of the classes that may be held */
    unsigned stopped;                             /* classes */
    double stopped_day;                           /* the first; NaN: none */
    double steroid_day, prednisone_mg;            /* days with a glucocorticoid; all of it, as prednisone */
    double severe_day;                            /* days with grade 3 or more in some organ, fatigue left out */
    double hazard; /* of death from side effects, summed up; 0 without one in the model */
} coley_care_outcome;

typedef struct coley_care_crowd {
    coley_care_outcome *outcome; /* [n people] */
    /* The patient's own (person 0). */
    size_t n_rows;
    const coley_care_row *row;
    const double *severity;          /* [n_days][n_organs] */
    const double *prednisone_mg_day; /* [n_days] */
    size_t n_given;
    const coley_given_dose *given; /* doses and courses as they were given, by day */
} coley_care_crowd;

/* Read the policy that the scenario names and the grades; leaves what needs a body to coley_care_bind. */
COLEY_MUST_CHECK coley_status coley_care_prepare(coley_arena *arena, const coley_scenario *scenario,
                                                 const char *catalog, coley_session_care **care, coley_error *err);

/* Find what the policy needs in the session's body; its drugs must be among the session's. */
COLEY_MUST_CHECK coley_status coley_care_bind(coley_arena *arena, coley_session *session, coley_session_care *care,
                                              coley_error *err);

/* As coley_people_simulate, with the clinic; `id` [people->n] says who each is. */
COLEY_MUST_CHECK coley_status coley_care_simulate(coley_arena *arena, const coley_session *session,
                                                  coley_people *people, const uint64_t *id, coley_care_crowd **care,
                                                  coley_error *err);

/* The patient's care for a course, and what became of the others. */
COLEY_MUST_CHECK coley_status coley_care_course(coley_arena *arena, const coley_session *session,
                                                const coley_crowd *crowd, const coley_course_care **course,
                                                coley_error *err);

/* Worst true grade of any organ but fatigue. */
int coley_care_worst(const coley_session_care *care, const coley_care_outcome *outcome);

#endif
