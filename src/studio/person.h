/* SPDX-License-Identifier: GPL-3.0-or-later */
/* person.h -- one person for the page: a scenario, what was changed of it by hand, and the course as JSON. */
#ifndef COLEY_STUDIO_PERSON_H
#define COLEY_STUDIO_PERSON_H

#include <stdint.h>

#include "base/text.h"
#include "run/scenario.h"

struct coley_studio_bodies;

/* Sliders and choices, and where they stand in a scenario (NULL: where they stand when nothing is said), as a JSON
 * list. */
COLEY_MUST_CHECK coley_status coley_studio_controls(coley_arena *arena, const char *catalog,
                                                    const coley_scenario *scenario, struct coley_studio_bodies *kept,
                                                    coley_text *out, coley_error *err);

typedef struct coley_studio_question {
    const char *yaml; /* the scenario; messages name it `name` */
    size_t length;
    const char *name, *folder; /* folder: where a copy may be written, beside the files that it names */
    const char *uploads;       /* folder whose files may be named, or NULL */
    size_t n_changes;
    const struct coley_studio_change *change;
    int64_t twins; /* virtual people; -1: as many as the scenario says */
    int coarse;    /* fewer days and no bands of 50 %, for a quick answer */
    int n_threads;
    struct coley_studio_bodies *kept; /* models of earlier questions (studio/bodies.h), or NULL */
} coley_studio_question;

/* Of a control, by its key, or of any key of a scenario. */
typedef struct coley_studio_change {
    const char *key;
    const char *text; /* a word, or a number without its unit when `is_number` */
    int is_number;
    double number;
} coley_studio_change;

/* Simulate and write the answer, a JSON map (docs/studio.md, PatientResult). */
COLEY_MUST_CHECK coley_status coley_studio_person(coley_arena *arena, const coley_studio_question *question,
                                                  coley_text *out, coley_error *err);

#endif
