/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_vary.c -- any bytes as a table of distributions and, behind a line "---", as its correlations; what is taken
 * gives every patient numbers between the ends that the table names, the same ones each time. */
#include "model/antimony.h"
#include "run/model_vary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "model m\n compartment V = 1; V has liter; species T in V; T = 100; T has cell;\n"
                           " K = 1e4; share = 0.3; q := 2*k;\n"
                           " k = 0.05 per_day; //! lognormal(0.05, 0.3); made up\n"
                           " G: -> T; share*k*T*(1-T/K);\nend\n";

static void draw(const coley_vary *vary, coley_design_kind kind)
{
    const coley_design design = {.kind = kind, .seed = 7, .n = 64};
    if (vary->n > coley_design_most_axes(kind)) return;
    double *work = malloc((2 * vary->n + 1) * sizeof *work);
    double inputs[16], again[16];
    if (!work || vary->n_inputs > 16) abort();
    for (uint64_t i = 0; i < design.n; i++) {
        coley_vary_inputs(vary, &design, i, work, inputs);
        coley_vary_inputs(vary, &design, i, work, again);
        if (memcmp(inputs, again, vary->n_inputs * sizeof *inputs) != 0) abort();
        for (size_t k = 0; k < vary->n; k++) {
            const coley_vary_row *row = &vary->row[k];
            const double value = inputs[row->input];
            if (!isfinite(value) || value < row->low || value > row->high) abort();
        }
    }
    free(work);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    const coley_antimony_source source = {.name = "m", .text = text, .length = strlen(text)};
    const char *bytes = (const char *)data;
    const char *line = size ? memmem(bytes, size, "\n---\n", 5) : NULL;
    const size_t length = line ? (size_t)(line - bytes) + 1 : size;
    coley_network *network;
    const coley_program *program;
    coley_csv table, correlations;
    coley_vary vary;
    coley_error err;
    if (coley_antimony_parse(arena, &source, 1, NULL, &network, &err) != COLEY_OK ||
        coley_program_compile(arena, network, &program, &err) != COLEY_OK)
        abort();
    const coley_model model = {.network = network, .program = program};
    coley_vary_source from = {.table = &table};
    int good = coley_csv_parse(arena, "vary", bytes, length, &table, &err) == COLEY_OK;
    if (good && line) {
        good = coley_csv_parse(arena, "correlations", line + 5, size - length - 4, &correlations, &err) == COLEY_OK;
        from.correlations = &correlations;
    }
    if (good && coley_vary_make(arena, &model, &from, &vary, &err) == COLEY_OK)
        for (int kind = COLEY_DESIGN_SOBOL; kind <= (int)COLEY_DESIGN_RANDOM; kind++)
            draw(&vary, (coley_design_kind)kind);
    coley_arena_destroy(arena);
    return 0;
}
