/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a design: a few of its trials simulated, or refused with a sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "run/power_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses one buffer of 4096 bytes when it refuses some over-long quoted keys. Not ours to free. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

/* Five digits in a row, or a digit with an exponent: a design of a million people is allowed, and too slow here. */
static int may_be_large(const uint8_t *data, size_t size)
{
    for (size_t i = 0, digits = 0; i < size; i++) {
        if (digits && memchr("eExX_", data[i], 5)) return 1;
        digits = data[i] >= '0' && data[i] <= '9' ? digits + 1 : 0;
        if (digits > 4) return 1;
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4000 || may_be_large(data, size)) return 0;
    for (int json = 0; json < 2; json++) {
        coley_arena *arena = coley_arena_create();
        const coley_power_request request = {.file = "fuzz", .seed = 1, .n_trials = 3, .n_threads = 1, .json = json};
        coley_text text = {.arena = arena};
        coley_error err = {0};
        if (coley_power_run_bytes(arena, &request, (const char *)data, size, &text, &err) != COLEY_OK && !err.text[0])
            abort();
        if (text.data && strstr(text.data, "nan")) abort();
        coley_arena_destroy(arena);
    }
    return 0;
}
