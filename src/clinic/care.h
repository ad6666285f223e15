/* SPDX-License-Identifier: GPL-3.0-or-later */
/* care.h -- the clinic's decisions about one person's side effects, visit by visit.
 *
 * A visit has the true severities behind it; what it sees of them is what the person says, what an examination shows
 * and what a test shows that the policy has made that day. From what is seen, and from nothing else, it decides: go on,
 * hold or stop the therapy, give a glucocorticoid and taper it, add a second line, replace a hormone, come again when.
 *
 * A state is plain data; nothing here allocates, draws numbers or knows a model. */
#ifndef COLEY_CLINIC_CARE_H
#define COLEY_CLINIC_CARE_H

#include "clinic/policy.h"

/* Why somebody is at the clinic. */
typedef enum coley_visit_reason {
    COLEY_VISIT_SCHEDULED,
    COLEY_VISIT_FOLLOW_UP,
    COLEY_VISIT_REPORTED
} coley_visit_reason;

/* What the clinic knows of one organ. */
typedef struct coley_organ_care {
    int grade, worst;   /* known; the worst that was ever seen */
    int n_events;       /* times that it rose from below 2 to 2 or more */
    double since_day;   /* this grade or more has been known since */
    double looked_day;  /* last test; before the first: -infinity */
    int hold;           /* the therapy is held because of it */
    int treated;        /* a glucocorticoid is given because of it */
    double treated_day; /* when its treatment was last changed */
    int treated_grade;  /* at that time */
    int n_lines;        /* drugs after the glucocorticoid that were tried */
    int steps_up;       /* treated as so many grades more than it is */
    int given_up;       /* `most` was reached at treated_grade */
} coley_organ_care;

typedef enum coley_steroid_phase { COLEY_STEROID_NONE, COLEY_STEROID_FULL, COLEY_STEROID_TAPER } coley_steroid_phase;

typedef struct coley_care {
    double weight_kg;
    unsigned treated_with; /* classes that the therapy has, bits of the policy's list */
    coley_organ_care organ[COLEY_MAX_ORGANS];
    unsigned stopped; /* classes, for good */
    unsigned held;    /* organs that hold the therapy, bits */
    coley_steroid_phase phase;
    int steroid;        /* drug; -1 before the first */
    double full_mg_day; /* of that drug */
    double pulse_mg_day, pulse_end_day;
    double full_from_day, taper_from_day, taper_day;
    unsigned course[COLEY_MAX_ORGANS]; /* drugs tried for an organ, bits */
    unsigned daily;                    /* drugs given each day, bits */
    unsigned replacing;                /* of these, hormones: they never end */
    double last_day, next_day;         /* of visits; next: infinite when nothing asks for one */
    size_t n_visits;
} coley_care;

typedef enum coley_care_deed {
    COLEY_DEED_FOUND,       /* the known grade of an organ changed */
    COLEY_DEED_HOLD,        /* because of the organ */
    COLEY_DEED_RESUME,      /* nothing holds the therapy any more */
    COLEY_DEED_STOP,        /* `classes` for good */
    COLEY_DEED_STEROID,     /* `drug` at mg a day */
    COLEY_DEED_PULSE,       /* `drug` at mg a day, for a few days */
    COLEY_DEED_TAPER,       /* `drug` from mg a day down to nothing */
    COLEY_DEED_STEROID_END, /* the taper is over */
    COLEY_DEED_COURSE,      /* `drug`, a course of mg a dose */
    COLEY_DEED_DAILY,       /* `drug`, mg a day from now on */
    COLEY_DEED_DAILY_END,
    COLEY_DEED_SUPPORT, /* the policy's words */
} coley_care_deed;

typedef struct coley_care_action {
    coley_care_deed deed;
    int organ; /* -1: none in particular */
    int grade; /* of that organ */
    int drug;  /* of the policy, or -1 */
    double mg;
    unsigned classes;
    const char *words; /* SUPPORT */
} coley_care_action;

enum { COLEY_CARE_MAX_ACTIONS = 8 * COLEY_MAX_ORGANS };

/* One visit: in what is, out what was done. */
typedef struct coley_care_visit {
    double day;
    coley_visit_reason reason;
    double severity[COLEY_MAX_ORGANS]; /* true, of each organ */
    int seen[COLEY_MAX_ORGANS];        /* filled: grade, or -1 when nothing was looked at */
    size_t n_actions;                  /* filled */
    coley_care_action action[COLEY_CARE_MAX_ACTIONS];
} coley_care_visit;

/* Before the first visit; `treated_with` are the classes of the therapy, bits of policy->held_class. */
void coley_care_begin(coley_care *care, double weight_kg, unsigned treated_with);

/* Fill `seen`: what asking, examining and the tests of that day show. A test that was made counts from that day. */
void coley_care_observe(const coley_policy *policy, const coley_grading *grading, coley_care *care,
                        coley_care_visit *visit);

/* Decide from `seen`, fill `action`, and go on to the state after the visit. */
void coley_care_decide(const coley_policy *policy, coley_care *care, coley_care_visit *visit);

/* Is a planned dose of that class of the policy given? */
int coley_care_gives(const coley_care *care, size_t class);

/* The glucocorticoid from `day` on: its drug (-1: none), mg a day in *mg_day, and how long that holds in *until_day. */
int coley_care_steroid(const coley_policy *policy, const coley_care *care, double day, double *mg_day,
                       double *until_day);

/* The same as mg of prednisone a day. */
double coley_care_prednisone(const coley_policy *policy, const coley_care *care, double day);

/* mg of a policy's dose for this person. */
double coley_care_mg(const coley_care *care, coley_policy_dose dose);

/* Highest grade of an organ that its person would notice and the clinic doesn't know; 0: none. */
int coley_care_unreported(const coley_grading *grading, const coley_care *care, size_t organ, double severity);

#endif
