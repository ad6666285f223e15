/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_people.c -- any bytes as a table of people of a small model: every patient has finite numbers, or a sentence
 * says why not. */
#include "model/antimony.h"
#include "run/model_people.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "model m\n compartment V = 1; V has liter; species T in V; T = 100; T has cell;\n"
                           " K = 1e4; share = 0.3; q := 2*k;\n k = 0.05 per_day;\n G: -> T; share*k*T*(1-T/K);\nend\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    const coley_antimony_source source = {.name = "m", .text = text, .length = strlen(text)};
    coley_network *network;
    const coley_program *program;
    coley_csv table;
    coley_error err = {0};
    if (coley_antimony_parse(arena, &source, 1, NULL, &network, &err) != COLEY_OK ||
        coley_program_compile(arena, network, &program, &err) != COLEY_OK)
        abort();
    const coley_model model = {.network = network, .program = program};
    coley_vary vary = {.n_inputs = coley_program_input_count(program), .base = coley_program_input_default(program)};
    if (coley_csv_parse(arena, "people", (const char *)data, size, &table, &err) == COLEY_OK &&
        coley_vary_people(arena, &model, &table, &vary, &err) == COLEY_OK) {
        const coley_design design = {.kind = COLEY_DESIGN_RANDOM, .seed = 1, .n = vary.n_people};
        double inputs[16], *work = COLEY_NEW(arena, double, 2 * vary.n + 1);
        if (!work || vary.n_inputs > 16) abort();
        for (uint64_t i = 0; i < vary.n_people && i < 50; i++) {
            coley_vary_inputs(&vary, &design, i, work, inputs);
            for (size_t k = 0; k < vary.n; k++)
                if (!isfinite(inputs[vary.row[k].input])) abort();
        }
    } else if (!err.text[0])
        abort();
    coley_arena_destroy(arena);
    return 0;
}
