/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passing fields many bytes at a time against passing them one by one. */
#include "base/rng.h"
#include "cells/line_source.h"
#include "support/check.h"

static void skipping_fields_is_reading_them_and_forgetting(void)
{
    char row[96], spare[COLEY_LINE_MAX_FIELD + 1];
    for (uint64_t seed = 0; seed < 4000; seed++) {
        const size_t length = seed % sizeof row;
        for (size_t i = 0; i < length; i++) /* neighbours of the comma in the code, and bytes with the top bit set */
            row[i] = ",,+-.\xac\xac\x2d"[(size_t)(8 * coley_rng_uniform(seed, COLEY_STREAM_TEST, i, 0))];
        for (size_t n = 1; n < 12; n++) {
            const char *slow = row, *end = row + length, *field;
            size_t passed = 0, skipped, bytes;
            while (slow && passed < n) slow = coley_line_field(slow, end, ',', spare, &field, &bytes), passed++;
            CHECK(coley_line_skip(row, end, ',', n, &skipped) == slow);
            CHECK(skipped == passed);
        }
    }
}

int main(void)
{
    RUN(skipping_fields_is_reading_them_and_forgetting);
    return check_done();
}
