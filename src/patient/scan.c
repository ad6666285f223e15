/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.c -- see scan.h. */
#include "patient/scan.h"

#include <math.h>

#include "base/rng.h"
#include "patient/facts.h"

coley_status coley_scanner_read(coley_arena *arena, const char *models, coley_scanner *scanner, coley_error *err)
{
    static const char *const keys[] = {"relative_sd", "absolute_sd", "too_small", "not_seen", "rounding"};
    const char *path = coley_arena_printf(arena, "%s/scan.yaml", models);
    const coley_yaml *root;
    coley_fact fact;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_fact_read(root, "relative_sd", "dimensionless", 0, 1, &fact, err));
    scanner->rel = fact.value;
    COLEY_TRY(coley_fact_read(root, "absolute_sd", "mm", 0, 20, &fact, err));
    scanner->mm = fact.value;
    COLEY_TRY(coley_fact_read(root, "too_small", "mm", 0, 20, &fact, err));
    scanner->too_small_mm = fact.value;
    COLEY_TRY(coley_fact_read(root, "not_seen", "mm", 0, scanner->too_small_mm, &fact, err));
    scanner->not_seen_mm = fact.value;
    COLEY_TRY(coley_fact_read(root, "rounding", "mm", 1e-6, 10, &fact, err));
    scanner->rounding_mm = fact.value;
    return COLEY_OK;
}

/* FNV-1a of the patient, and of lesion and minute: a scan's own key. */
static uint64_t mix(uint64_t key, uint64_t value)
{
    for (int i = 0; i < 8; i++) key = (key ^ ((value >> (8 * i)) & 255)) * 1099511628211ULL;
    return key;
}

coley_scan_finding coley_scan_read(const coley_scanner *scanner, const coley_scanned *scanned, int noise,
                                   double truth_mm, double *measured_mm)
{
    *measured_mm = 0;
    if (truth_mm < scanner->not_seen_mm) return COLEY_SCAN_NOT_SEEN;
    uint64_t patient = 1469598103934665603ULL;
    for (const char *p = scanned->patient; *p; p++) patient = mix(patient, (unsigned char)*p);
    const uint64_t tick = mix(mix(1469598103934665603ULL, scanned->lesion), (uint64_t)llround(scanned->day * 1440));
    const double z = noise ? coley_rng_normal(scanned->seed, COLEY_STREAM_SCAN, patient, tick) : 0;
    const double read_mm = truth_mm + z * hypot(scanner->rel * truth_mm, scanner->mm);
    if (!(read_mm >= scanner->too_small_mm)) return COLEY_SCAN_TOO_SMALL;
    *measured_mm = scanner->rounding_mm * round(read_mm / scanner->rounding_mm);
    return COLEY_SCAN_MEASURED;
}
