/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_events.c -- any bytes as an event table; the doses that come out are in order of time. */
#include "io/event_table.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    coley_event_table table;
    coley_error err;
    if (coley_event_table_parse(arena, COLEY_EVENTS_OF_PATIENT, "fuzz", (const char *)data, size, &table, &err) == COLEY_OK) {
        coley_event_dose *dose;
        size_t n;
        if (coley_event_table_doses(arena, &table, NULL, 365, &dose, &n, &err) == COLEY_OK)
            for (size_t i = 0; i < n; i++) {
                if (i && dose[i].time_day < dose[i - 1].time_day) abort();
                if (!(dose[i].amount_mg >= 0 && dose[i].duration_day >= 0)) abort();
            }
    }
    coley_arena_destroy(arena);
    return 0;
}
