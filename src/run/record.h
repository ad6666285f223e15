/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.h -- a course as files: the folder that a run leaves behind.
 *
 *     summary.json     best response, key numbers, every visit
 *     trajectory.csv   one row a day, one column a quantity, units in the head: "L1.C [cell]"; ten digits
 *     trajectory.h5    the same for programs; exact
 *     lesions.csv      what the scans measured
 *     events.csv       doses, responses and what else happened
 *     care.csv         with a policy: visits, what they saw and what was done
 *     report.html      the same for people
 *     manifest.json    what went in and came out, with fingerprints
 *
 * The folder appears whole or not at all. The same course is the same bytes: no dates, no paths, no thread counts. */
#ifndef COLEY_RUN_RECORD_H
#define COLEY_RUN_RECORD_H

#include "io/emit.h"
#include "run/course.h"
#include "run/scenario.h"

#define COLEY_RECORD_MARK "manifest.json" /* a folder with this file is ours to replace */

/* A file that was read, by the name it goes under in the manifest. */
typedef struct coley_record_input {
    const char *path; /* opened again for its fingerprint; the manifest has the part after the last '/' */
    const char *role; /* "scenario", "lesions", "events", ... */
} coley_record_input;

typedef struct coley_record_options {
    const char *folder;
    int force;                      /* replace a record that is there */
    const coley_scenario *scenario; /* or NULL */
    size_t n_inputs;
    const coley_record_input *input;
} coley_record_options;

/* May a record be written there? Ask before a long run. */
COLEY_MUST_CHECK coley_status coley_record_check(const char *folder, int force, coley_error *err);

/* Write the folder. `arena` holds what is needed on the way. */
COLEY_MUST_CHECK coley_status coley_record_write(coley_arena *arena, const coley_course *course,
                                                 const coley_record_options *options, coley_error *err);

/* What summary.json says, without its quantities, as entries of the map that is open in `emit`. */
COLEY_MUST_CHECK coley_status coley_record_summarize(coley_arena *arena, const coley_course *course, coley_emit *emit,
                                                     coley_error *err);

#endif
