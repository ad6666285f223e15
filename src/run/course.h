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
     * "side_effects", "synapse", "other". Where a group has one figure, series share their unit. */
    const char *group;
    const double *value; /* [n_days] */
    const double *low90, *high90, *low50, *high50; /* population or forecast bands [n_days], or NULL */
} coley_series;

typedef struct coley_given_dose {
    double day, amount, duration_day;
    const char *drug, *unit; /* "pembrolizumab", "mg" */
    int lesion;              /* 1 to 5: into that lesion; 0: into the body */
} coley_given_dose;

/* Something that happened: "dose", "scan", "response", "five_steps", "note". One of "five_steps" whose text begins with a
 * step's label is marked on that step's strip. */
typedef struct coley_course_event {
    double day;
    const char *kind, *what;
} coley_course_event;

struct coley_fate;  /* run/fate.h */
struct coley_story; /* run/story.h */

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
    const struct coley_fate *fate;   /* how it ended, or NULL */
    const struct coley_story *story; /* in plain words, or NULL */
    size_t n_twins;           /* virtual people behind the bands */
    size_t n_twins_responded; /* whose sum of diameters fell by 30 % at some scan */
    size_t n_twins_steady;    /* no scan of the first 365 days 20 % and 5 mm above the smallest sum before it */
} coley_course;

#endif
