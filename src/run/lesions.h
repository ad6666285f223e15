/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lesions.h -- measured lesions from CSV, in either of two layouts that the header line tells apart.
 *
 * Coley's own: a row a lesion and visit,
 *     patient, day, diameter_mm          needed
 *     lesion                             its name; one lesion "1" when there is no such column
 *     organ, nodal (yes/no), role        "lung"; no; auto, target, non-target or new
 *     finding                            measured, too small, absent, present, increased, progressed, not evaluable
 * Public atezolizumab trials (Laleh 2022, doi 10.1371/journal.pcbi.1009822):
 *     study, arm, patient, day, longest_diameter_mm, censor ("TOO SMALL TO MEASURE", "NOT EVALUABLE")
 *
 * Days count from the first dose, negative before it. A diameter is 0 to 500 mm; 0 means gone; it may be empty where
 * the finding says why. Rows may stand in any order; two rows of one lesion on one day are an error in Coley's own
 * layout, and their mean in the public one, whose files have them. */
#ifndef COLEY_RUN_LESIONS_H
#define COLEY_RUN_LESIONS_H

#include "clinic/response.h"
#include "run/evaluate.h"

typedef struct coley_lesion_file {
    size_t n;
    coley_lesion_table *patient; /* [n] in the order of first appearance */
    size_t n_not_evaluable;      /* rows without a usable measurement */
} coley_lesion_file;

COLEY_MUST_CHECK coley_status coley_lesions_read(coley_arena *arena, const char *path, coley_lesion_file *file,
                                                 coley_error *err);
COLEY_MUST_CHECK coley_status coley_lesions_parse(coley_arena *arena, const char *name, const char *bytes,
                                                  size_t length, coley_lesion_file *file, coley_error *err);

/* The patient called `id`; an unknown one is an error that offers the nearest, NULL is right when there is only one. */
COLEY_MUST_CHECK coley_status coley_lesions_patient(const coley_lesion_file *file, const char *id,
                                                    const coley_lesion_table **table, coley_error *err);

/* Sum of the lesions' diameters at each visit where all were evaluable, as the forecast uses it. */
COLEY_MUST_CHECK coley_status coley_lesions_scans(coley_arena *arena, const coley_lesion_table *table,
                                                  coley_scans *scans, coley_error *err);

#endif
