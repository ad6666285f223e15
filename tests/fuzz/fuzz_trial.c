/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_trial.c -- any bytes as trial.yaml: read, and what was read is written and read back unchanged. */
#include "run/trial_design.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses one buffer of 4096 bytes when it refuses some over-long quoted keys. Not ours to free. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static void write(const coley_trial_design *design, coley_emit_style style, coley_text *out)
{
    coley_emit emit = {.out = out, .style = style};
    coley_emit_map(&emit, NULL);
    coley_fields_write(coley_trial_fields, design, &emit);
    coley_emit_end(&emit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    coley_trial_design *design, *again;
    coley_error err;
    if (coley_trial_parse(arena, "fuzz", (const char *)data, size, &design, &err) == COLEY_OK) {
        coley_text yaml = {.arena = arena}, once = {.arena = arena}, twice = {.arena = arena};
        write(design, COLEY_EMIT_YAML, &yaml);
        write(design, COLEY_EMIT_JSON, &once);
        if (coley_trial_parse(arena, "yaml", yaml.data, yaml.length, &again, &err) != COLEY_OK) abort();
        write(again, COLEY_EMIT_JSON, &twice);
        if (strcmp(once.data, twice.data) != 0) abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
