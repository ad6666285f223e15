/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patient/scan.h"

#include "support/check.h"

#define MODELS COLEY_SOURCE_DIR "/models/patient"

static coley_scanner scanner;

static void the_numbers_are_read_with_their_units(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    CHECK(coley_scanner_read(arena, MODELS, &scanner, &err) == COLEY_OK);
    CHECK(scanner.rel > 0 && scanner.rel < 0.2 && scanner.mm > 0 && scanner.mm < 5);
    CHECK(scanner.too_small_mm == 5 && scanner.rounding_mm == 1 && scanner.not_seen_mm < scanner.too_small_mm);
    CHECK(coley_scanner_read(arena, "/nowhere", &scanner, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.file, "/nowhere/scan.yaml");
    coley_arena_destroy(arena);
}

static coley_scan_finding one(uint64_t seed, const char *patient, size_t lesion, double day, int noise, double truth_mm,
                              double *mm)
{
    const coley_scanned who = {seed, patient, lesion, day};
    return coley_scan_read(&scanner, &who, noise, truth_mm, mm);
}

static void repeated_scans_scatter_as_in_oxnard_2011(void)
{
    /* 84 % of changes between two scans lie within 10 %, a third exceed 2 mm. */
    size_t near = 0, over_2_mm = 0;
    const size_t n = 4000;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double a, b;
        CHECK(one(7, "P", 0, (double)i, 1, 30, &a) == COLEY_SCAN_MEASURED);
        CHECK(one(7, "P", 1, (double)i, 1, 30, &b) == COLEY_SCAN_MEASURED);
        near += fabs(b / a - 1) <= 0.1;
        over_2_mm += fabs(b - a) > 2;
        sum += a;
    }
    CHECK_NEAR((double)near / (double)n, 0.84, 0.04);
    CHECK_NEAR((double)over_2_mm / (double)n, 0.33, 0.12);
    CHECK_NEAR(sum / (double)n, 30, 0.005);
}

static void the_same_scan_is_read_the_same_way_and_another_one_is_not(void)
{
    double a, b;
    const double truth = 1000; /* so that rounding hides nothing */
    one(1, "P", 0, 42, 1, truth, &a);
    one(1, "P", 0, 42, 1, truth, &b);
    CHECK(a == b);
    one(2, "P", 0, 42, 1, truth, &b);
    CHECK(a != b);
    one(1, "Q", 0, 42, 1, truth, &b);
    CHECK(a != b);
    one(1, "P", 1, 42, 1, truth, &b);
    CHECK(a != b);
    one(1, "P", 0, 84, 1, truth, &b);
    CHECK(a != b);
}

static void small_lesions_are_seen_and_not_measured_and_smaller_ones_not_seen(void)
{
    double mm;
    CHECK(one(1, "P", 0, 0, 0, 12.4, &mm) == COLEY_SCAN_MEASURED && mm == 12);
    CHECK(one(1, "P", 0, 0, 0, 4.9, &mm) == COLEY_SCAN_TOO_SMALL && mm == 0);
    CHECK(one(1, "P", 0, 0, 0, 1.9, &mm) == COLEY_SCAN_NOT_SEEN && mm == 0);
    CHECK(one(1, "P", 0, 0, 0, 0, &mm) == COLEY_SCAN_NOT_SEEN && mm == 0);
}

static void every_failing_allocation_is_reported(void)
{
    coley_status status = COLEY_ERR_MEMORY;
    for (size_t k = 1; status == COLEY_ERR_MEMORY && k < 10000; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_error err = {0};
        coley_scanner made;
        status = arena ? coley_scanner_read(arena, MODELS, &made, &err) : COLEY_ERR_MEMORY;
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK);
}

int main(void)
{
    RUN(the_numbers_are_read_with_their_units);
    RUN(repeated_scans_scatter_as_in_oxnard_2011);
    RUN(the_same_scan_is_read_the_same_way_and_another_one_is_not);
    RUN(small_lesions_are_seen_and_not_measured_and_smaller_ones_not_seen);
    RUN(every_failing_allocation_is_reported);
    return check_done();
}
