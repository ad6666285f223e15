/* SPDX-License-Identifier: GPL-3.0-or-later */
/* person_parts.h -- what person.c and person_controls.c share. */
#ifndef COLEY_STUDIO_PERSON_PARTS_H
#define COLEY_STUDIO_PERSON_PARTS_H

#include "studio/person.h"

typedef enum coley_control_kind {
    COLEY_CONTROL_NUMBER,
    COLEY_CONTROL_CHOICE, /* words of a field of the scenario */
    COLEY_CONTROL_REGIMEN,
    COLEY_CONTROL_POLICY,
    COLEY_CONTROL_INFILTRATION, /* of all lesions */
} coley_control_kind;

typedef struct coley_studio_control {
    const char *key, *label, *unit, *scale;
    double low, high, otherwise; /* otherwise: where a slider stands when the scenario says nothing */
    coley_control_kind kind;
    const char *field;
    double (*number)(const coley_scenario *);
    int (*word)(const coley_scenario *);
} coley_studio_control;

extern const coley_studio_control coley_studio_control_list[]; /* ended by {0} */
const coley_studio_control *coley_studio_control_find(const char *key);

#endif
