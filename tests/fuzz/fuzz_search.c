/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_search.c -- any bytes as the file of a search and of an analysis: read, written and read back the same. */
#include "run/trial_sensitivity.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses one buffer of 4096 bytes when it refuses some over-long quoted keys. Not ours to free. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static const char trial[] =
    "eligibility: ['pdl1_tps >= 50']\narms: [{name: a, regimen: [{dose: 3 mg/kg}]}, {name: b}]\n";

static void write(const coley_field *fields, const void *design, coley_text *out)
{
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_fields_write(fields, design, &emit);
    coley_emit_end(&emit);
}

/* Every path and value of the rows in the trial's tree. */
static void walk(coley_arena *arena, const coley_search_design *design)
{
    coley_space space = {
        .n = design->parameters.n, .row = design->parameters.item, .trial = "t", .arm = "0", .people = 9};
    double u[COLEY_SPACE_MOST];
    const coley_yaml *root;
    coley_error err;
    for (size_t i = 0; i < space.n; i++) {
        coley_space_row *row = &space.row[i];
        if (!row->path.n || (row->choices.n == 0 && !(row->low < row->high))) return;
        if (row->as && !strstr(row->as, "{}")) return;
        row->axis = (coley_axis){row->choices.n, row->choices.n > 0};
        row->scale = 0;
        u[i] = 0.3;
    }
    if (coley_yaml_parse(arena, "t", trial, sizeof trial - 1, &space.root, &err) != COLEY_OK) abort();
    if (coley_space_tree(arena, &space, u, &root, &err) != COLEY_OK && !err.text[0]) abort();
    coley_space_written(&space, u);
}

static void analysis(coley_arena *arena, const uint8_t *data, size_t size)
{
    coley_sensitivity_design *design, *again;
    coley_error err;
    coley_text once = {.arena = arena}, twice = {.arena = arena};
    if (coley_sensitivity_parse(arena, "fuzz", (const char *)data, size, &design, &err) != COLEY_OK) return;
    write(coley_sensitivity_fields, design, &once);
    if (coley_sensitivity_parse(arena, "json", once.data, once.length, &again, &err) != COLEY_OK) abort();
    write(coley_sensitivity_fields, again, &twice);
    if (strcmp(once.data, twice.data) != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    coley_search_design *design, *again;
    coley_error err;
    if (coley_search_parse(arena, "fuzz", (const char *)data, size, &design, &err) == COLEY_OK) {
        coley_text once = {.arena = arena}, twice = {.arena = arena};
        write(coley_search_fields, design, &once);
        if (coley_search_parse(arena, "json", once.data, once.length, &again, &err) != COLEY_OK) abort();
        write(coley_search_fields, again, &twice);
        if (strcmp(once.data, twice.data) != 0) abort();
        walk(arena, design);
    }
    analysis(arena, data, size);
    coley_arena_destroy(arena);
    return 0;
}
