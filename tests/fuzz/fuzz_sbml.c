/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as SBML: read, compiled, run for a while; never a crash, always a sentence when refused. */
#include <stdlib.h>

#include "model/sbml.h"
#include "solve/integrator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill_inputs(void *self, size_t patient, double *inputs)
{
    (void)patient;
    for (size_t i = 0; i < coley_program_input_count(self); i++) inputs[i] = coley_program_input_default(self)[i];
}

static void simulate(coley_arena *arena, const coley_program *program)
{
    const coley_system system = coley_system_of_program(program, NULL, 0);
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.max_steps = 50;
    const coley_cohort cohort = {.self = (void *)program, .n = 1, .t_end_day = 10, .inputs = fill_inputs};
    coley_error err = {0};
    if (coley_integrate_in(arena, &system, &cohort, &options, &err) != COLEY_OK && !err.text[0]) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 20000) return 0;
    coley_arena *arena = coley_arena_create();
    coley_network *network;
    coley_error err = {0};
    if (coley_sbml_parse(arena, "fuzz", (const char *)data, size, &network, &err) != COLEY_OK) {
        if (!err.text[0]) abort();
    } else if (network->n_symbols < 60) {
        const coley_program *program;
        if (coley_program_compile(arena, network, &program, &err) == COLEY_OK) {
            simulate(arena, program);
        } else if (!err.text[0]) {
            abort();
        }
    }
    coley_arena_destroy(arena);
    return 0;
}
