/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shifts.h -- by how much the people of trials differ from the cancer's file: catalog/populations/CANCER.yaml, made by
 * a calibration. A shift is in standard deviations of what lies behind a trait (patient/population.h). */
#ifndef COLEY_TRIAL_SHIFTS_H
#define COLEY_TRIAL_SHIFTS_H

#include "base/alloc.h"
#include "base/status.h"
#include "base/text.h"

enum { COLEY_SHIFTS_MAX = 64 };

typedef struct coley_trial_shifts {
    size_t n;
    const char *name[COLEY_SHIFTS_MAX]; /* of the model, a lesion's without its number */
    double shift[COLEY_SHIFTS_MAX];
    double error[COLEY_SHIFTS_MAX]; /* standard error; NaN when not known */
    double at_100_mm;               /* in place of that of survival.yaml [1/day], or NaN */
} coley_trial_shifts;

/* A cancer without a file has no shifts. */
COLEY_MUST_CHECK coley_status coley_trial_shifts_read(coley_arena *arena, const char *catalog, const char *cancer,
                                                      coley_trial_shifts *shifts, coley_error *err);

/* The same from a file of that path, which must be there. */
COLEY_MUST_CHECK coley_status coley_trial_shifts_load(coley_arena *arena, const char *path, coley_trial_shifts *shifts,
                                                      coley_error *err);

/* As a file that reads back; `how` [n_how] are lines of comment for its head, `source` stands with every number. */
void coley_trial_shifts_write(const coley_trial_shifts *shifts, const char *const *how, size_t n_how,
                              const char *source, coley_text *out);

#endif
