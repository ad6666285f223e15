/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_events.c -- any bytes as an event table of a patient and of a model; the doses that come out are in order of
 * time, and good for the integrator. */
#include "io/event_table.h"
#include "model/antimony.h"
#include "run/model_doses.h"
#include "solve/rosenbrock.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_patient(coley_arena *arena, const char *data, size_t size)
{
    coley_event_table table;
    coley_error err;
    coley_event_dose *dose;
    size_t n;
    if (coley_event_table_parse(arena, COLEY_EVENTS_OF_PATIENT, "fuzz", data, size, &table, &err) != COLEY_OK) return;
    if (coley_event_table_doses(arena, &table, NULL, 365, &dose, &n, &err) != COLEY_OK) return;
    for (size_t i = 0; i < n; i++) {
        if (i && dose[i].time_day < dose[i - 1].time_day) abort();
        if (!(dose[i].amount_mg >= 0 && dose[i].duration_day >= 0)) abort();
    }
}

static void as_model(coley_arena *arena, const char *data, size_t size, coley_carry carry)
{
    static const char text[] = "model m\n compartment V = 1; V has liter; species gut in V, c in V; gut = 0; c = 0;\n"
                               " k = 1; k has per_day; WT = 70; A: gut -> c; k*gut; B: c -> ; WT*c;\nend\n";
    const coley_antimony_source source = {.name = "m", .text = text, .length = strlen(text)};
    coley_network *network;
    const coley_program *program;
    const coley_model_doses *doses;
    coley_event_table table;
    coley_error err;
    const coley_model_doses_options options = {.carry = carry};
    if (coley_antimony_parse(arena, &source, 1, NULL, &network, &err) != COLEY_OK ||
        coley_program_compile(arena, network, &program, &err) != COLEY_OK)
        abort();
    if (coley_event_table_parse(arena, COLEY_EVENTS_OF_MODEL, "fuzz", data, size, &table, &err) != COLEY_OK) return;
    if (coley_model_doses_make(arena, network, program, &table, &options, &doses, &err) != COLEY_OK) return;
    const coley_system system = coley_system_of_program(program, NULL, 0);
    const coley_cohort cohort = {.n = 1, .t_end_day = 100};
    for (size_t i = 0; i < coley_model_doses_count(doses) && i < 20; i++) {
        double inputs[8];
        const double grid[] = {0, 1, 50, 100};
        coley_schedule schedule;
        coley_sample_times times;
        const ptrdiff_t *observation;
        memcpy(inputs, coley_program_input_default(program), coley_program_input_count(program) * sizeof *inputs);
        if (coley_model_doses_schedule(arena, doses, i, 0, 100, inputs, &schedule, NULL, &err) != COLEY_OK) continue;
        if (coley_schedule_samples(arena, &schedule, 4, grid, &times, &observation, &err) != COLEY_OK ||
            coley_doses_check(&system, &cohort, 0, schedule.dose, schedule.n_doses, &err) != COLEY_OK ||
            coley_times_check(&cohort, 0, &times, &err) != COLEY_OK)
            abort();
        for (size_t k = 0; k < times.n; k++)
            if (times.after[k] > schedule.n_doses || (k && times.after[k] < times.after[k - 1])) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    as_patient(arena, (const char *)data, size);
    as_model(arena, (const char *)data, size, size % 2 ? COLEY_CARRY_NOCB : COLEY_CARRY_LOCF);
    coley_arena_destroy(arena);
    return 0;
}
