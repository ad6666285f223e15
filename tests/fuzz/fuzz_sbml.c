/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as SBML: read, compiled, run once; never a crash, always a sentence when refused. */
#include <stdlib.h>

#include "model/program.h"
#include "model/sbml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
            const size_t n = coley_program_state_count(program);
            double *inputs = COLEY_NEW(arena, double, 8 * coley_program_input_count(program));
            double *y = COLEY_NEW(arena, double, 8 * n), *dy = COLEY_NEW(arena, double, 8 * n), t[8] = {0};
            void *work = coley_arena_alloc(arena, coley_program_work_size(program, 8));
            coley_program_initial(program, 8, NULL, inputs, work, y);
            coley_program_rhs(program, 8, t, y, work, dy);
        } else if (!err.text[0]) {
            abort();
        }
    }
    coley_arena_destroy(arena);
    return 0;
}
