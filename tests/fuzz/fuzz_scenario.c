/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_scenario.c -- any bytes as scenario.yaml: read, and what was read is written and read back unchanged. */
#include "run/scenario.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses one buffer of 4096 bytes when it refuses some over-long quoted keys. Not ours to free. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    coley_scenario *scenario, *again;
    coley_error err;
    if (coley_scenario_parse(arena, "fuzz", (const char *)data, size, &scenario, &err) == COLEY_OK) {
        coley_text yaml = {.arena = arena}, once = {.arena = arena}, twice = {.arena = arena};
        coley_scenario_write(scenario, COLEY_EMIT_YAML, &yaml);
        coley_scenario_write(scenario, COLEY_EMIT_JSON, &once);
        if (coley_scenario_parse(arena, "yaml", yaml.data, yaml.length, &again, &err) != COLEY_OK) abort();
        coley_scenario_write(again, COLEY_EMIT_JSON, &twice);
        if (strcmp(once.data, twice.data) != 0) abort();
        if (coley_scenario_parse(arena, "json", once.data, once.length, &again, &err) != COLEY_OK) abort();
    }
    coley_arena_destroy(arena);
    return 0;
}
