/* SPDX-License-Identifier: GPL-3.0-or-later */
/* body.h -- the patient model, put together: the mechanism files that a run needs, with as many lesions as the person
 * has, compiled once and shared by everybody who is simulated with it. */
#ifndef COLEY_PATIENT_BODY_H
#define COLEY_PATIENT_BODY_H

#include "solve/native.h"

enum { COLEY_BODY_MAX_LESIONS = 5, COLEY_BODY_MAX_CLASSES = 48 };

typedef struct coley_body_options {
    const char *models; /* folder of the mechanism files; patient.yaml there names them */
    size_t n_core;      /* mechanisms to load; 0: those that patient.yaml lists as core */
    const char *const *core;
    size_t n_also;      /* mechanisms beside those and those of the drugs */
    const char *const *also;
    size_t n_lesions;   /* 1 to COLEY_BODY_MAX_LESIONS */
    size_t n_classes;   /* drug classes to load ("anti_pd1"), each once */
    const char *const *drug_class;
} coley_body_options;

/* Everything is owned by the arena it was made in, and is never changed. */
typedef struct coley_body {
    const coley_network *network;
    const coley_program *program;
    const coley_native *native; /* the program as machine code, or NULL */
    size_t n_lesions, n_classes;
    const char *drug_class[COLEY_BODY_MAX_CLASSES];
    /* The state that a class's doses go to, in the class's unit: the body's, or one in each lesion. */
    int32_t dose_state[COLEY_BODY_MAX_CLASSES][COLEY_BODY_MAX_LESIONS];
    int by_lesion[COLEY_BODY_MAX_CLASSES];
    const char *dose_unit[COLEY_BODY_MAX_CLASSES]; /* "mg" */
    int32_t hold_state;                         /* 1 until day 0, see models/patient/body.ant */
    size_t n_files;
    const char *const *file; /* the mechanism files that were read, in order */
} coley_body;

COLEY_MUST_CHECK coley_status coley_body_assemble(coley_arena *arena, const coley_body_options *options,
                                                  coley_body **body, coley_error *err);

/* Number of a class in the body, or -1 when it was not loaded. */
ptrdiff_t coley_body_class(const coley_body *body, const char *drug_class);

/* Symbol of a lesion's own quantity ("diameter" of lesion 0 is "L1.diameter"), or -1. */
int32_t coley_body_lesion_symbol(const coley_body *body, size_t lesion, const char *name);

#endif
