/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_terms.h -- what adverse events are called and where they belong: catalog/guidelines/adverse_events.yaml.
 *
 * Some are graded from the model: a symbol that falls below limits ("ANC_nadir" below 1.0 is grade 3). The others come
 * from the tables of drugs (catalog/drug_events.h). */
#ifndef COLEY_CLINIC_EVENT_TERMS_H
#define COLEY_CLINIC_EVENT_TERMS_H

#include "base/yaml.h"
#include "clinic/grading.h"

typedef struct coley_event_term {
    const char *name, *system, *words; /* "febrile_neutropenia", "blood", "fever with too few neutrophils" */
    const char *symbol;                /* of the model, or NULL */
    double below[COLEY_MAX_GRADE];     /* grade g holds below below[g - 1]; 0: CTCAE has no such grade */
    double found;                      /* share of people in whom it is looked for when it is there */
} coley_event_term;

typedef struct coley_event_terms {
    const char *source;
    size_t n;
    const coley_event_term *term;
} coley_event_terms;

/* Strict: unknown keys and limits that rise are refused. */
COLEY_MUST_CHECK coley_status coley_event_terms_read(coley_arena *arena, const coley_yaml *root,
                                                     coley_event_terms *terms, coley_error *err);

/* Place of that name, or -1. */
ptrdiff_t coley_event_term_called(const coley_event_terms *terms, const char *name);

/* 0 when `value` is below no limit, or is NaN. */
int coley_event_term_grade(const coley_event_term *term, double value);

#endif
