/* SPDX-License-Identifier: GPL-3.0-or-later */
/* course.h -- one patient's run, complete: what the record writes and the report draws. Plain data, owned by one arena. */
#ifndef COLEY_RUN_COURSE_H
#define COLEY_RUN_COURSE_H

#include <stdint.h>

#include "clinic/response.h"

/* One quantity over the course's days. */
typedef struct coley_series {
    const char *id;    /* "L1.T_eff", the column name in trajectory.csv */
    const char *label; /* "Effector CD8 in lesion 1" */
    const char *unit;  /* "cell" */
    /* "tumour" (diameters in mm: "SOD", the sum over target lesions, and one "diameter" a lesion, in the lesions' order),
     * "drug", "occupancy" (0 to 1), "t_cells", "five_steps" (in the guide's order), "suppression", "antigen", "healthy",
     * "side_effects", "fever", "synapse", "other". Where a group has one figure, series share their unit. */
    const char *group;
    const double *value; /* [n_days] */
    const double *low90, *high90, *low50, *high50; /* population or forecast bands [n_days], or NULL */
} coley_series;

typedef struct coley_given_dose {
    double day, amount, duration_day;
    const char *drug, *unit; /* "pembrolizumab", "mg" */
    int lesion;              /* 1 to 5: into that lesion; 0: into the body */
} coley_given_dose;

/* Something that happened: "dose", "scan", "response", "five_steps", "rechallenge", "note". One of "five_steps" whose text begins with a
 * step's label is marked on that step's strip. */
typedef struct coley_course_event {
    double day;
    const char *kind, *what;
} coley_course_event;

/* Tumour cells put back, and what became of them by the next time, or the end of the run (run/rechallenge.h). */
typedef struct coley_rechallenge {
    double day, cells;
    int lesion;                   /* from 1 */
    const char *antigen;          /* "same", "lost" */
    const char *outcome;          /* "rejected unseen", "rejected", "held", "grew", "onto a living tumour" */
    double outcome_day;           /* of the last cell's death, or of the day on which it was first seen; NaN: neither */
    double most_cells, most_mm;   /* of the clone and of the lesion, from then on */
    size_t n_people, n_rejected, n_grew; /* virtual people who were cured by that day, and what became of theirs */
} coley_rechallenge;

struct coley_fate;  /* run/fate.h */
struct coley_story; /* run/story.h */

/* One thing that the clinic saw or did (clinic/care.h). */
typedef struct coley_care_row {
    double day;
    const char *visit; /* "scheduled", "follow-up", "reported" */
    const char *organ; /* NULL: none in particular */
    int grade;         /* of that organ, as known then; 0 without one */
    const char *deed;  /* "visit" when there was nothing to do, "found", "hold", "resume", "stop", "steroid", ... */
    const char *drug;  /* or NULL */
    double mg;         /* a day, or a dose of a course; NaN: none */
    const char *what;  /* in words */
} coley_care_row;

/* One organ over the course. */
typedef struct coley_care_organ {
    const char *organ, *words; /* "gut", "diarrhoea from an inflamed bowel" */
    int worst, worst_known;    /* grades: what it was, and what the clinic ever saw */
    double worst_day;          /* first day at the worst grade; NaN when that is 0 */
    const double *severity;    /* [n_days] */
    const int *grade;          /* true [n_days] */
} coley_care_organ;

/* Side effects and what the clinic did about them. */
typedef struct coley_course_care {
    const char *policy, *doc;
    size_t n_rows, n_visits, n_reported;
    const coley_care_row *row;
    size_t n_organs;
    const coley_care_organ *organ;
    const double *prednisone_mg_day;      /* or what is as strong [n_days] */
    double steroid_day, prednisone_mg;    /* days with a glucocorticoid, and all of it */
    size_t n_planned, n_given, n_held, n_stopped; /* doses of what may be held: planned = given + held + stopped */
    const char *stopped;                  /* classes stopped for good, or NULL */
    double stopped_day;                   /* the first; NaN: none */
    double severe_day;                    /* days with grade 3 or more somewhere */
    double death_chance;                  /* from side effects, to the end; NaN: not modelled */
    size_t n_people, n_severe, n_on_steroid, n_people_stopped; /* of the virtual people */
} coley_course_care;

typedef struct coley_course {
    const char *title;      /* scenario title */
    const char *patient;    /* identity */
    const char *cancer;     /* "NSCLC" */
    const char *facts[16];  /* what is known of the patient: "61 years", "PD-L1 60 %"; NULL-terminated */
    const char *summary[16]; /* plain-language sentences, NULL-terminated */
    uint64_t seed;
    size_t n_days;
    const double *day;      /* ascending [day] */
    size_t n_series;
    const coley_series *series;
    size_t n_doses;
    const coley_given_dose *dose;
    size_t n_events;
    const coley_course_event *event;
    const coley_lesion_table *lesions;      /* what the scans measured (with reader noise), or the real scans */
    const coley_response_report *response;  /* RECIST and iRECIST of those */
    /* Forecast, when the run conditioned on real scans: held-out scans are measurements after `forecast_from_day`. */
    double forecast_from_day; /* NaN when there is no forecast */
    size_t n_rechallenges;
    const coley_rechallenge *rechallenge;
    const struct coley_fate *fate;   /* how it ended, or NULL */
    const struct coley_story *story; /* in plain words, or NULL */
    size_t n_twins;           /* virtual people behind the bands */
    size_t n_twins_responded; /* whose sum of diameters fell by 30 % at some scan */
    const coley_course_care *care; /* NULL: no policy */
    size_t n_twins_steady;    /* no scan of the first 365 days 20 % and 5 mm above the smallest sum before it */
} coley_course;

#endif
