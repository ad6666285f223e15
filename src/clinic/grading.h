/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grading.h -- from a severity that a model computes to a CTCAE grade: catalog/guidelines/ctcae.yaml.
 *
 * An organ's grade g holds from a severity on that the file names. Grade 5, death, has no threshold: the model has a
 * hazard. From some grade on the person notices; below it only examination or laboratory finds the event. */
#ifndef COLEY_CLINIC_GRADING_H
#define COLEY_CLINIC_GRADING_H

#include "base/yaml.h"

enum { COLEY_MAX_ORGANS = 16, COLEY_MAX_GRADE = 4 };

typedef struct coley_organ_grades {
    const char *name;             /* "gut" */
    const char *severity;         /* symbol of the body that carries it */
    const char *term, *words;     /* CTCAE's term, and in plain words; words may be NULL */
    const char *replace;          /* hormone that makes good for what is lost, or NULL */
    int permanent;                /* what is lost doesn't come back */
    int felt_from;                /* grade from which the person notices, 1 to COLEY_MAX_GRADE */
    double from[COLEY_MAX_GRADE]; /* severity at which grade i + 1 begins; infinite when there is no such grade */
    const char *meaning[COLEY_MAX_GRADE]; /* of grade i + 1, or NULL */
} coley_organ_grades;

typedef struct coley_grading {
    size_t n;
    coley_organ_grades organ[COLEY_MAX_ORGANS];
    const char *death_hazard; /* symbol, 1/day, or NULL */
    const char *source;
} coley_grading;

/* Everything is owned by `arena`, or by that of `root`. */
COLEY_MUST_CHECK coley_status coley_grading_read(coley_arena *arena, const coley_yaml *root, coley_grading **grading,
                                                 coley_error *err);

/* Grade 0 to 4 of a severity; one that is not a number is grade 0. */
int coley_grade_of(const coley_organ_grades *organ, double severity);

/* Number of the organ called `name`, or -1. */
ptrdiff_t coley_grading_organ(const coley_grading *grading, const char *name);

#endif
