/* SPDX-License-Identifier: GPL-3.0-or-later */
/* power_file.h -- the design of a two-arm trial as YAML, and its power by simulation. */
#ifndef COLEY_RUN_POWER_FILE_H
#define COLEY_RUN_POWER_FILE_H

#include <stdint.h>

#include "base/text.h"
#include "io/fields.h"

typedef struct coley_power_request {
    const char *file;
    uint64_t seed;
    int64_t n_trials;
    int n_threads;
    int no_effect; /* all ratios 1: type I error */
    double target; /* 0: the design's own people; else the people that this power needs */
    int64_t most;  /* people at most, with a target */
    int64_t look;  /* above 0: chances to win, having seen `z` at that look; nothing is simulated */
    double z;
    int json;
} coley_power_request;

/* The keys of a design, for the reader and the documentation. */
extern const coley_field coley_power_fields[];

COLEY_MUST_CHECK coley_status coley_power_run(coley_arena *arena, const coley_power_request *request, coley_text *text,
                                              coley_error *err);

/* The same for bytes that stand in for the file: what the fuzzer feeds. */
COLEY_MUST_CHECK coley_status coley_power_run_bytes(coley_arena *arena, const coley_power_request *request,
                                                    const char *bytes, size_t length, coley_text *text,
                                                    coley_error *err);

#endif
