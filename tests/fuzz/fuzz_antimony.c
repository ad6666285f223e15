/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as Antimony: read, compiled, run once, its units and sums looked at; never a crash, always a sentence when
 * refused. What is read is written as Antimony again, and that must read. */
#include <stdlib.h>
#include <string.h>

#include "model/antimony.h"
#include "model/convert.h"
#include "model/moiety.h"
#include "model/program.h"
#include "model/units_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_around(coley_arena *arena, const coley_network *network)
{
    coley_unit_report report;
    coley_moiety *moiety;
    coley_text text = {.arena = arena};
    coley_network *again;
    size_t n;
    coley_error err = {0};
    if (coley_units_check(arena, network, &report, &err) != COLEY_OK) abort();
    if (coley_moieties(arena, network, &moiety, &n, &err) == COLEY_ERR_MEMORY) abort();
    if (coley_convert_antimony(arena, network, &text, &err) != COLEY_OK) return;
    const coley_antimony_source source = {.name = "again", .text = text.data, .length = text.length};
    if (coley_antimony_parse(arena, &source, 1, NULL, &again, &err) == COLEY_OK) return;
    /* What was shared in memory is written out and may pass the limits of a file. */
    if (!strstr(err.text, "more than") && !strstr(err.text, "allowed up to") && !strstr(err.text, "longer than"))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 20000) return 0;
    coley_arena *arena = coley_arena_create();
    char *text = coley_arena_text(arena, (const char *)data, size);
    coley_network *network;
    coley_error err = {0};
    const coley_antimony_source source = {.name = "fuzz", .text = text, .length = size};
    if (coley_antimony_parse(arena, &source, 1, NULL, &network, &err) != COLEY_OK) {
        if (!err.text[0]) abort();
    } else if (network->n_symbols < 60) {
        look_around(arena, network);
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
