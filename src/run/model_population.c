/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_population.c -- a population in blocks: parameters, schedules, courses; see model_population.h. */
#include "run/model_population.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "run/model_population_parts.h"
#include "solve/native_build.h"

enum { BLOCK_BYTES = 64 << 20, LEAST_BLOCK = 64, MOST_BLOCK = 8192 };

/* --- making ready --------------------------------------------------------------------------------------------------
 */

static coley_status choose_watched(population *p, coley_error *err)
{
    const coley_population_options *o = p->options;
    const coley_network *network = p->model->network;
    p->n_watch = o->n_watch ? o->n_watch : coley_program_state_count(p->model->program);
    p->watch = COLEY_NEW(p->arena, int32_t, p->n_watch);
    const char **names = COLEY_NEW(p->arena, const char *, network->n_symbols);
    if (!p->watch || !names) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < p->n_watch; i++) {
        p->watch[i] =
            o->n_watch ? coley_network_symbol(network, o->watch[i]) : coley_program_state_symbol(p->model->program, i);
        for (size_t k = 0; k < i && p->watch[i] >= 0; k++)
            if (p->watch[k] == p->watch[i])
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--watch"}), "%.100s is there twice",
                                     o->watch[i]);
        if (p->watch[i] >= 0) continue;
        for (size_t k = 0; k < network->n_symbols; k++) names[k] = network->symbol[k].id;
        const char *near = coley_text_nearest(o->watch[i], names, network->n_symbols);
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--watch"}),
                             "the model has no \"%.100s\"%s%.100s%s", o->watch[i], near ? "; did you mean " : "",
                             near ? near : "", near ? "?" : "");
    }
    return COLEY_OK;
}

static coley_status check_design(const population *p, coley_error *err)
{
    const coley_population_options *o = p->options;
    const size_t axes = coley_design_most_axes(o->design.kind);
    if (o->vary->n > axes)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--design"}),
                             "%zu parameters differ, and Sobol's sequence is known here for %zu: use --design lhs",
                             o->vary->n, axes);
    if (o->design.n < 1 || o->design.n > coley_design_most_points(o->design.kind))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--n"}), "%llu patients; from 1 to 4294967295",
                             (unsigned long long)o->design.n);
    for (size_t a = 0; a < p->n_arms; a++)
        if (p->arm[a].doses && coley_model_doses_count(p->arm[a].doses) > o->design.n)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--n"}),
                                 "%llu patients, but %zu people in the event table: at least one patient each",
                                 (unsigned long long)o->design.n, coley_model_doses_count(p->arm[a].doses));
    for (size_t a = 0; a < p->n_arms; a++)
        for (size_t k = 0; k < a; k++)
            if (!strcmp(p->arm[a].name, p->arm[k].name))
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--events"}),
                                     "two arms are called \"%.100s\": give their files different names",
                                     p->arm[a].name);
    return COLEY_OK;
}

static coley_status make_block(population *p, size_t n, coley_error *err)
{
    population_block *b = &p->block;
    n *= p->n_arms;
    b->inputs = COLEY_NEW(p->arena, double, n * p->n_inputs);
    b->value = COLEY_NEW(p->arena, double, n * p->n_times * p->n_watch);
    b->patient = COLEY_NEW(p->arena, population_patient, n);
    b->run = COLEY_NEW(p->arena, size_t, n);
    b->schedule = COLEY_NEW(p->arena, coley_schedule, n);
    return b->inputs && b->value && b->patient && b->run && b->schedule ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static coley_status prepare(coley_arena *arena, const coley_population_options *options, population *p,
                            coley_error *err)
{
    *p = (population){.arena = arena, .options = options, .model = options->model, .file = {-1, -1, -1}};
    const coley_program *program = p->model->program;
    p->one_arm = (coley_population_arm){.name = "", .doses = options->doses};
    p->n_arms = options->n_arms ? options->n_arms : 1;
    p->arm = options->n_arms ? options->arm : &p->one_arm;
    const double rows = floor(options->end_day / options->step_day + 1e-9) + 1;
    COLEY_TRY(choose_watched(p, err));
    if (!(options->end_day > 0 && options->step_day > 0 && rows * (double)p->n_watch <= COLEY_POPULATION_MAX_CELLS))
        return COLEY_FAIL(
            err, COLEY_ERR_ARG,
            "from 0 to %g in steps of %g, %zu quantities: both must be above 0, with at most %d numbers a "
            "patient; use --watch, or a longer --step",
            options->end_day, options->step_day, p->n_watch, COLEY_POPULATION_MAX_CELLS);
    COLEY_TRY(check_design(p, err));
    p->n_times = (size_t)rows;
    p->n_inputs = coley_program_input_count(program);
    p->time = COLEY_NEW(arena, double, p->n_times);
    p->notes = COLEY_NEW(arena, coley_schedule_notes, p->n_arms);
    if (!p->time || !p->notes) return COLEY_FAIL_MEMORY(err);
    p->n_sketches = p->n_arms * p->n_times * p->n_watch;
    for (size_t i = 0; i < p->n_times; i++) p->time[i] = fmin((double)i * options->step_day, options->end_day);
    const coley_observer *observer;
    COLEY_TRY(coley_observer_compile(arena, program, p->watch, p->n_watch, &observer, err));
    p->system = coley_system_of_program(program, observer, p->n_watch);
    const coley_integrator_options usual = COLEY_INTEGRATOR_DEFAULT;
    COLEY_TRY(coley_model_tolerances(arena, p->model->network, program, options->vary->base,
                                     options->atol > 0 ? options->atol : usual.atol, &p->tolerance, err));

    const size_t bytes = (p->n_times * p->n_watch + p->n_inputs + 1) * p->n_arms * sizeof(double);
    p->block_size = options->block ? options->block : BLOCK_BYTES / bytes;
    if (!options->block && p->block_size < LEAST_BLOCK) p->block_size = LEAST_BLOCK;
    if (p->block_size > MOST_BLOCK) p->block_size = MOST_BLOCK;
    if (p->block_size > options->design.n) p->block_size = (size_t)options->design.n;
    return COLEY_OK;
}

static coley_status take_native(population *p, coley_error *err)
{
    if (p->options->native) return coley_native_make(p->arena, p->model->program, &p->system.native, err);
    p->system.native = coley_native_find(p->arena, p->model->program);
    return COLEY_OK;
}

size_t coley_population_person(const population *p, size_t arm, uint64_t i)
{
    const unsigned __int128 people = coley_model_doses_count(p->arm[arm].doses);
    return (size_t)(i * people / p->options->design.n);
}

/* --- one block -----------------------------------------------------------------------------------------------------
 */

static void give_inputs(void *self, size_t run, double *inputs)
{
    const population *p = self;
    const size_t k = p->block.run[run];
    if (p->n_inputs) memcpy(inputs, p->block.inputs + k * p->n_inputs, p->n_inputs * sizeof *inputs);
}

static size_t give_doses(void *self, size_t run, const coley_dose **dose)
{
    const population *p = self;
    const coley_schedule *schedule = &p->block.schedule[p->block.run[run]];
    *dose = schedule->dose;
    return schedule->n_doses;
}

static void set_out(void *self, size_t run, coley_leg *leg)
{
    const population *p = self;
    coley_baseline_depart(&p->block.baselines, p->block.run[run] / p->n_arms, leg);
}

static void take_sample(void *self, const coley_sample *sample)
{
    const population *p = self;
    double *row = p->block.value + (p->block.run[sample->patient] * p->n_times + sample->index) * p->n_watch;
    for (size_t i = 0; i < p->n_watch; i++) row[i] = sample->value[i * sample->stride];
}

static void take_result(void *self, size_t run, const coley_integration *result)
{
    const population *p = self;
    p->block.patient[p->block.run[run]].result = *result;
    coley_progress_add(p->options->progress, 1);
}

static coley_integrator_options integrator_of(const population *p)
{
    const coley_population_options *o = p->options;
    coley_integrator_options integrator = COLEY_INTEGRATOR_DEFAULT;
    if (o->rtol > 0) integrator.rtol = o->rtol;
    if (o->atol > 0) integrator.atol = o->atol;
    integrator.atol_state = p->tolerance;
    integrator.n_threads = o->n_threads > 0 ? o->n_threads : 1;
    integrator.width = o->width;
    return integrator;
}

/* Inputs of every patient of the block [n x n_inputs], before any arm's covariates; with a burn-in, the baselines. */
static coley_status draw_people(population *p, double *drawn, coley_error *err)
{
    const coley_population_options *o = p->options;
    population_block *b = &p->block;
    double *work = COLEY_NEW(b->arena, double, 2 * o->vary->n);
    if (!work) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < b->n; k++)
        coley_vary_inputs(o->vary, &o->design, b->first + k, work, drawn + k * p->n_inputs);
    if (!o->burn_in) return COLEY_OK;
    const coley_integrator_options integrator = integrator_of(p);
    COLEY_TRY(coley_burn_in_run(b->arena, o->burn_in, b->n, drawn, &integrator, NULL, &b->baselines, err));
    p->n_undiagnosed += b->baselines.n_never + b->baselines.n_lost;
    p->growth_steps += b->baselines.n_steps;
    return COLEY_OK;
}

/* Parameters and doses of every patient of the block. Who cannot have them is a failure of that patient alone. */
static coley_status draw_block(population *p, coley_error *err)
{
    const coley_population_options *o = p->options;
    population_block *b = &p->block;
    double *drawn = COLEY_NEW(b->arena, double, b->n * p->n_inputs);
    if (!drawn) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(draw_people(p, drawn, err));
    b->n_runs = 0;
    for (size_t k = 0; k < b->n * p->n_arms; k++) {
        const size_t person = k / p->n_arms, a = k % p->n_arms;
        double *inputs = b->inputs + k * p->n_inputs;
        population_patient *patient = &b->patient[k];
        *patient = (population_patient){.result = {.state = -1, .event = -1}};
        if (p->n_inputs) memcpy(inputs, drawn + person * p->n_inputs, p->n_inputs * sizeof *inputs);
        for (size_t i = 0; i < o->vary->n && !patient->fault; i++)
            if (!isfinite(inputs[o->vary->row[i].input]) &&
                !(patient->fault =
                      coley_arena_printf(b->arena, "%s is beyond what a number can be", o->vary->row[i].name)))
                return COLEY_FAIL_MEMORY(err);
        if (!patient->fault && o->burn_in && b->baselines.outcome[person] != COLEY_BURN_IN_REACHED) {
            char text[400];
            coley_burn_in_reason(o->burn_in, p->model->network, &b->baselines, person, text, sizeof text);
            patient->fault = coley_arena_text(b->arena, text, strlen(text));
            if (!patient->fault) return COLEY_FAIL_MEMORY(err);
        }
        coley_error why = {0};
        b->schedule[k] = (coley_schedule){0};
        if (!patient->fault && p->arm[a].doses) {
            const coley_status status =
                coley_model_doses_schedule(b->arena, p->arm[a].doses, coley_population_person(p, a, b->first + person),
                                           0.0, o->end_day, inputs, &b->schedule[k], &p->notes[a], &why);
            if (status == COLEY_ERR_MEMORY) return COLEY_FAIL_MEMORY(err);
            if (status != COLEY_OK && !(patient->fault = coley_arena_text(b->arena, why.text, strlen(why.text))))
                return COLEY_FAIL_MEMORY(err);
        }
        if (patient->fault)
            coley_progress_add(o->progress, 1);
        else
            b->run[b->n_runs++] = k;
    }
    return COLEY_OK;
}

static coley_status run_block(population *p, uint64_t first, size_t n, coley_error *err)
{
    const coley_population_options *o = p->options;
    population_block *b = &p->block;
    coley_arena_reset(b->arena);
    b->first = first;
    b->n = n;
    COLEY_TRY(draw_block(p, err));
    const coley_integrator_options integrator = integrator_of(p);
    const coley_cohort cohort = {.self = p,
                                 .n = b->n_runs,
                                 .t_end_day = o->end_day,
                                 .n_samples = p->n_times,
                                 .sample_day = p->time,
                                 .inputs = give_inputs,
                                 .doses = give_doses,
                                 .start = o->burn_in ? set_out : NULL,
                                 .sample = take_sample,
                                 .finish = take_result};
    if (!b->n_runs) return COLEY_OK;
    coley_error why = {0};
    const coley_status status = coley_integrate_in(b->arena, &p->system, &cohort, &integrator, &why);
    if (status == COLEY_OK) return COLEY_OK;
    /* A patient's own failure is in the patient's result; whatever else is the run's. */
    for (size_t i = 0; i < b->n_runs; i++)
        if (b->patient[b->run[i]].result.status == status) return COLEY_OK;
    if (err) *err = why;
    return status;
}

void coley_population_reason(const population *p, const population_patient *patient, char *text, size_t size,
                             const char **state, double *time)
{
    const coley_integration *result = &patient->result;
    *state = "";
    *time = result->t_day;
    text[0] = '\0';
    if (patient->fault) {
        snprintf(text, size, "%s", patient->fault);
        return;
    }
    if (result->status == COLEY_OK) return;
    if (result->state >= 0)
        *state = p->model->network->symbol[coley_program_state_symbol(p->model->program, (size_t)result->state)].id;
    if (result->fault != COLEY_EVENT_GOOD)
        coley_event_fault_text(&p->system, result, text, size);
    else if (result->status == COLEY_ERR_ARG)
        snprintf(text, size, "a dose is out of place");
    else if (result->unsteady)
        snprintf(text, size, "there is no steady state under the doses that were to lead to one");
    else
        snprintf(text, size, "the solution is lost: it changes too fast (%zu steps and %zu rejected)", result->n_steps,
                 result->n_rejected);
}

/* --- public --------------------------------------------------------------------------------------------------------
 */

static void summarize(const population *p, coley_population_summary *summary)
{
    summary->n = p->options->design.n;
    summary->n_done = p->next;
    summary->n_failed = p->n_failed;
    summary->n_undiagnosed = p->n_undiagnosed;
    summary->growth_steps = p->growth_steps;
    summary->n_watch = p->n_watch;
    summary->n_times = p->n_times;
    summary->block = p->block_size;
    summary->quantile_error = 0.0;
    for (size_t i = 0; p->sketch && i < p->n_sketches; i++)
        summary->quantile_error = fmax(summary->quantile_error, coley_sketch_error(&p->sketch[i]));
    summary->first_failure = (coley_text){.arena = p->arena};
    if (p->first_failure[0]) coley_text_addf(&summary->first_failure, "%s", p->first_failure);
}

coley_status coley_population_check(coley_arena *arena, const coley_population_options *options,
                                    coley_population_summary *summary, coley_error *err)
{
    population p;
    *summary = (coley_population_summary){0};
    COLEY_TRY(prepare(arena, options, &p, err));
    summarize(&p, summary);
    return COLEY_OK;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static coley_status run_all(population *p, coley_error *err)
{
    const coley_population_options *o = p->options;
    double noted = now_s();
    size_t blocks = 0;
    while (p->next < o->design.n) {
        if (o->stop_after && blocks++ == o->stop_after) return COLEY_OK;
        const uint64_t left = o->design.n - p->next;
        const size_t n = left < p->block_size ? (size_t)left : p->block_size;
        COLEY_TRY(run_block(p, p->next, n, err));
        COLEY_TRY(coley_population_write_block(p, err));
        p->next += n;
        if (p->next < o->design.n && now_s() - noted < o->checkpoint_s) continue;
        COLEY_TRY(coley_population_checkpoint(p, err));
        noted = now_s();
    }
    return coley_population_finish(p, err);
}

coley_status coley_population_run(coley_arena *arena, const coley_population_options *options,
                                  coley_population_summary *summary, coley_error *err)
{
    population p;
    *summary = (coley_population_summary){0};
    COLEY_TRY(prepare(arena, options, &p, err));
    COLEY_TRY(take_native(&p, err));
    COLEY_TRY(make_block(&p, p.block_size, err));
    p.sketch = COLEY_NEW(arena, coley_sketch, p.n_sketches);
    if (!p.sketch) return COLEY_FAIL_MEMORY(err);
    coley_status status = coley_population_open(&p, err);
    if (status == COLEY_OK) {
        summary->resumed_at = p.next;
        coley_progress_begin(options->progress, p.n_arms > 1 ? "courses" : "patients", options->design.n * p.n_arms);
        coley_progress_add(options->progress, p.next * p.n_arms);
        p.block.arena = coley_arena_create();
        status = p.block.arena ? run_all(&p, err) : COLEY_FAIL_MEMORY(err);
        coley_arena_destroy(p.block.arena);
        coley_progress_end(options->progress);
    }
    coley_population_close(&p);
    for (size_t a = 0; a < p.n_arms && options->log; a++)
        if (p.arm[a].doses) coley_schedule_warn(p.arm[a].doses, &p.notes[a], options->end_day, options->log);
    summarize(&p, summary);
    return status == COLEY_OK && summary->first_failure.failed ? COLEY_FAIL_MEMORY(err) : status;
}

coley_status coley_population_patient(coley_arena *arena, const coley_population_options *options, uint64_t number,
                                      coley_text *course, coley_text *parameters, coley_error *err)
{
    population p;
    coley_population_options alone = *options;
    alone.n_threads = 1;
    alone.progress = NULL;
    if (number < 1 || number > options->design.n)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--patient"}),
                             "there is no patient %llu: they are numbered from 1 to %llu", (unsigned long long)number,
                             (unsigned long long)options->design.n);
    COLEY_TRY(prepare(arena, &alone, &p, err));
    COLEY_TRY(take_native(&p, err));
    COLEY_TRY(make_block(&p, 1, err));
    p.block.arena = coley_arena_create();
    if (!p.block.arena) return COLEY_FAIL_MEMORY(err);
    coley_status status = run_block(&p, number - 1, 1, err);
    if (status == COLEY_OK) {
        char text[400] = "";
        const char *state = "";
        double time = 0;
        for (size_t a = 0; a < p.n_arms && !text[0]; a++)
            coley_population_reason(&p, p.block.patient + a, text, sizeof text, &state, &time);
        if (text[0])
            status = COLEY_FAIL_AT(err, COLEY_ERR_DIVERGED, ((coley_place){.key = *state ? state : NULL}),
                                   "patient %llu at time %g: %s", (unsigned long long)number, time, text);
    }
    if (status == COLEY_OK) {
        coley_population_add_parameters(&p, 0, parameters);
        if (p.options->n_arms) coley_text_addf(course, "arm,");
        coley_population_add_course_head(&p, course);
        for (size_t a = 0; a < p.n_arms; a++) {
            const char *before = p.options->n_arms ? coley_arena_printf(p.block.arena, "%s,", p.arm[a].name) : "";
            if (!before) course->failed = 1;
            if (before) coley_population_add_course(&p, course, before, p.block.value + a * p.n_times * p.n_watch);
        }
        if (course->failed || parameters->failed) status = COLEY_FAIL_MEMORY(err);
    }
    coley_arena_destroy(p.block.arena);
    return status;
}
