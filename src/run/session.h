/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session.h -- one scenario run: from what the user wrote to a course.
 *
 *     scenario, catalog, models --prepare--> body, population, doses --run--> course (series, bands, scans, response)
 *
 * The patient of the scenario is one person; the bands are people with the same tumours, biomarkers and doses who
 * differ in everything that nobody measured. The same scenario is the same course, whatever the number of threads. */
#ifndef COLEY_RUN_SESSION_H
#define COLEY_RUN_SESSION_H

#include "base/progress.h"
#include "catalog/catalog.h"
#include "patient/people.h"
#include "patient/scan.h"
#include "patient/watch.h"
#include "run/course.h"
#include "run/fate.h"
#include "run/record.h"
#include "run/scenario.h"
#include "run/story.h"

/* Days before day 0 in which the immune system settles around the tumour. */
#define COLEY_SETTLE_DAY 720.0

typedef struct coley_session {
    const coley_scenario *scenario; /* borrowed */
    const coley_catalog_cancer *cancer;
    size_t n_drugs;
    const coley_catalog_drug *const *drug; /* each that is given, once */
    size_t n_own_drugs;                    /* the first of them: all but those that only a later therapy has */
    const coley_body *body;
    const coley_population *population;
    coley_watch watch;
    coley_scanner scanner;
    coley_fate_rules fate_rules;
    const coley_story_words *words;
    size_t n_doses;
    const coley_given_dose *given; /* [n_doses] as the scenario means them */
    const coley_dose *dose;        /* [n_doses] as the body gets them */
    size_t n_later;
    const coley_later *later; /* [n_later] what the scenario's `later` means */
    size_t n_reseed;
    const coley_dose *reseed;              /* what rechallenges do to the body, by day */
    const struct coley_session_care *care; /* run/care_loop.h; NULL: no policy */
    size_t n_days;
    const double *day; /* rows of the course: every output_every, and every scan */
    size_t n_scans;
    const double *scan_day; /* the baseline, day 0, is the first */
    size_t n_inputs;
    const coley_record_input *input; /* every file that was read */
} coley_session;

/* Everything that can be wrong is found here. `models` and `catalog` are folders; all is owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_session_prepare(coley_arena *arena, const coley_scenario *scenario,
                                                    const char *models, const char *catalog, coley_session **session,
                                                    coley_error *err);

/* Where bodies come from, for a program that prepares many sessions and keeps their bodies: the body must be the one
 * that coley_body_assemble makes of these options, and outlive the session. */
typedef struct coley_body_source {
    coley_status (*body)(void *self, const coley_body_options *options, const coley_body **body, coley_error *err);
    void *self;
} coley_body_source;

/* The same with bodies from there. */
COLEY_MUST_CHECK coley_status coley_session_prepare_with(coley_arena *arena, const coley_scenario *scenario,
                                                         const char *models, const char *catalog,
                                                         const coley_body_source *source, coley_session **session,
                                                         coley_error *err);

typedef struct coley_session_options {
    int n_threads;
    coley_progress *progress; /* or NULL */
} coley_session_options;

/* Somebody whom the solver could not follow. */
typedef struct coley_lost {
    uint64_t person;
    double t_day;
    const char *state; /* to blame */
} coley_lost;

/* The patient and the virtual people of a session, observed on the session's days. */
typedef struct coley_crowd {
    size_t n; /* people who are kept, the patient (person 0) with them */
    size_t n_days, n_columns;
    const double *value; /* [n][n_days][n_columns]: the watch's rows, then the extra symbols */
    size_t n_lost;
    const coley_lost *lost;              /* [n_lost] whom the solver could not follow */
    const struct coley_care_crowd *care; /* run/care_loop.h; NULL: no policy */
    int n_threads;                       /* to go through them with */
    size_t n_vanished;                   /* whose tumours would have gone by themselves: nobody would have found them */
} coley_crowd;

/* People to follow who were chosen elsewhere, and what may become of them on the way (patient/people.h). */
typedef struct coley_roster {
    size_t n;
    const uint64_t *id;                                               /* [n] */
    const double *inputs;                                             /* [n][n_inputs] */
    coley_people_turn (*turn)(void *self, size_t person, size_t row); /* or NULL */
    void *self;
    const coley_later *const *later; /* [n] and */
    double *later_day;               /* [n]: likewise */
} coley_roster;

/* Simulate them all; nobody is left out: `lost` [roster->n] is filled with whom the solver could not follow, and
 * crowd->value [n][n_days][n_columns] holds them in the roster's order. `value`: room that the caller has, or NULL. */
COLEY_MUST_CHECK coley_status coley_session_follow(coley_arena *arena, const coley_session *session,
                                                   const coley_session_options *options, const coley_roster *roster,
                                                   size_t n_extra, const int32_t *extra, double *value,
                                                   coley_crowd *crowd, unsigned char *lost, coley_error *err);

/* One value: a person on a day. */
static inline double coley_crowd_at(const coley_crowd *crowd, size_t person, size_t day, size_t column)
{
    return crowd->value[(person * crowd->n_days + day) * crowd->n_columns + column];
}

/* Simulate the patient and run.population virtual people; `extra` are symbols of the body beside the watch's. */
COLEY_MUST_CHECK coley_status coley_session_people(coley_arena *arena, const coley_session *session,
                                                   const coley_session_options *options, size_t n_extra,
                                                   const int32_t *extra, coley_crowd *crowd, coley_error *err);

/* Row of the session's days on which the `k`th scan is. */
size_t coley_session_scan_row(const coley_session *session, size_t k);

/* Scan and judge people who were simulated without extra symbols. The course is owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_session_judge(coley_arena *arena, const coley_session *session,
                                                  const coley_crowd *crowd, coley_course **course, coley_error *err);

/* Simulate and judge. The course is owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_session_run(coley_arena *arena, const coley_session *session,
                                                const coley_session_options *options, coley_course **course,
                                                coley_error *err);

/* --- parts that a forecast or a trial uses too -------------------------------------------------------------------- */

/* Settings in the order in which they hold: later ones win. */
typedef struct coley_settings {
    coley_arena *arena;
    coley_setting *row;
    size_t n, cap;
} coley_settings;

/* The catalog's numbers in the model's own units; numbers that the model has no symbol for are left out. */
COLEY_MUST_CHECK coley_status coley_settings_add_catalog(coley_settings *settings, const coley_body *body,
                                                         const coley_catalog_value *value, size_t n, coley_error *err);

/* What a scenario says of the patient: biomarkers, lesions, and last what was set by hand. */
COLEY_MUST_CHECK coley_status coley_settings_of_scenario(coley_settings *settings, const coley_scenario *scenario,
                                                         const coley_body *body, const char *models, coley_error *err);

#endif
