/* SPDX-License-Identifier: GPL-3.0-or-later */
/* watch.h -- which quantities of a patient a course shows: the list `watch` of models/patient/patient.yaml, found in
 * one body. A new mechanism shows up by naming its symbols there; what they are called comes from the mechanism's file.
 */
#ifndef COLEY_PATIENT_WATCH_H
#define COLEY_PATIENT_WATCH_H

#include "patient/body.h"

typedef struct coley_watched {
    int32_t symbol;
    ptrdiff_t lesion;  /* -1: the body's */
    const char *id;    /* "L1.T_eff" */
    const char *label; /* "Effector CD8 in lesion 1" */
    const char *unit;
    const char *group; /* of the report; "record" when it is recorded and not drawn */
} coley_watched;

typedef struct coley_watch {
    size_t n;
    const coley_watched *row;
} coley_watch;

/* In the order of the list; a row's symbols of the body before those of the lesions, lesion by lesion. With
 * `complete` a symbol that the body does not have is an error, else it is passed over. */
COLEY_MUST_CHECK coley_status coley_watch_read(coley_arena *arena, const char *models, const coley_body *body,
                                               int complete, coley_watch *watch, coley_error *err);

/* Row of a lesion's own quantity ("diameter"), or of the body's with lesion -1; -1 when it is not watched. */
ptrdiff_t coley_watch_row(const coley_watch *watch, ptrdiff_t lesion, const char *name);

#endif
