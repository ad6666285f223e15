/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.h -- from a lesion's true diameter d to what a reader writes down.
 *
 *   measured = round(d (1 + rel z) + mm z'),   z, z' standard normal, keyed by (seed, patient, lesion, day)
 *
 * The two parts are one normal number with their joint standard deviation. The same scan of the same lesion is read the
 * same way in every run with that seed. */
#ifndef COLEY_PATIENT_SCAN_H
#define COLEY_PATIENT_SCAN_H

#include "base/alloc.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct coley_scanner {
    double rel;          /* standard deviation as a share of the diameter */
    double mm;           /* and in millimetres [mm] */
    double too_small_mm; /* below this a lesion is seen but not measured [mm] */
    double not_seen_mm;  /* below this it is not seen [mm] */
    double rounding_mm;  /* of the diameter that is written down [mm] */
} coley_scanner;

/* Numbers of scan.yaml in the folder `models`. */
COLEY_MUST_CHECK coley_status coley_scanner_read(coley_arena *arena, const char *models, coley_scanner *scanner,
                                                 coley_error *err);

/* Who is scanned; `patient` is any text that tells people apart. */
typedef struct coley_scanned {
    uint64_t seed;
    const char *patient;
    size_t lesion;
    double day;
} coley_scanned;

typedef enum coley_scan_finding { COLEY_SCAN_MEASURED, COLEY_SCAN_TOO_SMALL, COLEY_SCAN_NOT_SEEN } coley_scan_finding;

/* What the reader finds of a lesion of truth_mm; *measured_mm is 0 unless it is measured. Without `noise` only the
 * limits and the rounding apply. */
coley_scan_finding coley_scan_read(const coley_scanner *scanner, const coley_scanned *scanned, int noise,
                                   double truth_mm, double *measured_mm);

#endif
