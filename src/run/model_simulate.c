/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_simulate.c -- a model run for one person, or for everybody in an event table, and written as CSV. */
#include "run/model_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/chart.h"
#include "base/units.h"
#include "base/yaml.h"
#include "io/emit.h"
#include "run/model_doses.h"
#include "solve/cvodes.h"
#include "solve/native_build.h"

/* One course. */
typedef struct person {
    const char *id;
    double *inputs;
    coley_schedule schedule;
    coley_sample_times times;
    const ptrdiff_t *observation; /* of each sample, or -1; NULL without an event table */
    double *value;                /* [samples x columns] */
    coley_integration result;
} person;

typedef struct simulation {
    const coley_model *model;
    const coley_model_options *options;
    coley_arena *arena;
    size_t n_people, n_columns, n_inputs;
    int32_t *symbol; /* of each column */
    person *person;
    double *inputs; /* of everybody, with what --set says */
    coley_event_table table;
    const coley_model_doses *doses; /* or NULL */
    size_t n_grid;
    double *grid, end;
    coley_error *err;
} simulation;

static void fill_inputs(void *self, size_t patient, double *inputs)
{
    const simulation *s = self;
    memcpy(inputs, s->person[patient].inputs, s->n_inputs * sizeof *inputs);
}

static size_t give_doses(void *self, size_t patient, const coley_dose **doses)
{
    const person *p = &((simulation *)self)->person[patient];
    *doses = p->schedule.dose;
    return p->schedule.n_doses;
}

static void give_times(void *self, size_t patient, coley_sample_times *times)
{
    *times = ((simulation *)self)->person[patient].times;
}

static void keep_sample(void *self, const coley_sample *sample)
{
    const simulation *s = self;
    double *to = s->person[sample->patient].value + sample->index * s->n_columns;
    for (size_t i = 0; i < s->n_columns; i++) to[i] = sample->value[i * sample->stride];
}

static void keep_result(void *self, size_t patient, const coley_integration *result)
{
    ((simulation *)self)->person[patient].result = *result;
}

/* --- what is asked for ------------------------------------------------------------------------------------------- */

static coley_status unknown_symbol(coley_arena *arena, const coley_network *network, const char *name,
                                   const char *option, coley_error *err)
{
    const char **names = COLEY_NEW(arena, const char *, network->n_symbols);
    if (!names) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < network->n_symbols; i++) names[i] = network->symbol[i].id;
    const char *near = coley_text_nearest(name, names, network->n_symbols);
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = option}), "the model has no \"%.100s\"%s%.100s%s",
                         name, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* "NAME=VALUE" into the inputs; a unit is converted to the symbol's own. */
static coley_status set_input(coley_arena *arena, const coley_model *model, const char *assignment, double *inputs,
                              coley_error *err)
{
    const coley_place place = {.key = "--set"};
    const char *equals = strchr(assignment, '=');
    if (!equals || equals == assignment || !equals[1])
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "\"%.200s\" is not NAME=VALUE", assignment);
    const char *name = coley_arena_text(arena, assignment, (size_t)(equals - assignment));
    if (!name) return COLEY_FAIL_MEMORY(err);
    const int32_t symbol = coley_network_symbol(model->network, name);
    if (symbol < 0) return unknown_symbol(arena, model->network, name, "--set", err);
    const int32_t input = coley_program_input_of(model->program, symbol);
    if (input < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s follows from a rule or a formula and cannot be set",
                             name);
    const char *unit = model->network->symbol[symbol].unit;
    if (coley_text_number(equals + 1, &inputs[input])) return COLEY_OK;
    coley_error why = {0};
    if (!unit)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "\"%.100s\" is not a number, and %s has no unit", equals + 1,
                             name);
    if (coley_quantity_parse(equals + 1, unit, &inputs[input], &why) != COLEY_OK)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s: %s", name, why.text);
    return COLEY_OK;
}

/* What a size of 0 or below would do to the concentrations in it. */
static coley_status check_sizes(const simulation *s)
{
    const coley_network *network = s->model->network;
    for (size_t i = 0; i < network->n_symbols; i++) {
        const coley_symbol *species = &network->symbol[i];
        if (species->kind != COLEY_SPECIES || species->substance_only || species->compartment < 0) continue;
        const int32_t input = coley_program_input_of(s->model->program, species->compartment);
        if (input < 0 || s->inputs[input] > 0) continue;
        return COLEY_FAIL_AT(s->err, COLEY_ERR_INPUT, ((coley_place){.key = "--set"}),
                             "%s is %g, but \"%s\" in it is a concentration: give it a size above 0",
                             network->symbol[species->compartment].id, s->inputs[input], species->id);
    }
    return COLEY_OK;
}

/* The inputs of everybody. */
static coley_status set_inputs(simulation *s)
{
    s->n_inputs = coley_program_input_count(s->model->program);
    if (!(s->inputs = COLEY_NEW(s->arena, double, s->n_inputs))) return COLEY_FAIL_MEMORY(s->err);
    if (s->n_inputs) memcpy(s->inputs, coley_program_input_default(s->model->program), s->n_inputs * sizeof *s->inputs);
    for (size_t i = 0; i < s->options->n_set; i++)
        COLEY_TRY(set_input(s->arena, s->model, s->options->set[i], s->inputs, s->err));
    return s->options->n_set ? check_sizes(s) : COLEY_OK;
}

static coley_status choose_columns(simulation *s)
{
    const coley_model_options *o = s->options;
    s->n_columns = o->n_watch ? o->n_watch : coley_program_state_count(s->model->program);
    if (!(s->symbol = COLEY_NEW(s->arena, int32_t, s->n_columns))) return COLEY_FAIL_MEMORY(s->err);
    for (size_t i = 0; i < s->n_columns; i++) {
        s->symbol[i] = o->n_watch ? coley_network_symbol(s->model->network, o->watch[i])
                                  : coley_program_state_symbol(s->model->program, i);
        if (s->symbol[i] < 0) return unknown_symbol(s->arena, s->model->network, o->watch[i], "--watch", s->err);
    }
    return COLEY_OK;
}

/* Which people of the table are run: all, or the one of --id. */
static coley_status choose_people(simulation *s, size_t *first)
{
    *first = 0;
    s->n_people = s->doses ? coley_model_doses_count(s->doses) : 1;
    if (!s->doses || !s->options->id) return COLEY_OK;
    const ptrdiff_t one = coley_model_doses_find(s->doses, s->options->id);
    if (one < 0) {
        const char **ids = COLEY_NEW(s->arena, const char *, s->n_people);
        if (!ids) return COLEY_FAIL_MEMORY(s->err);
        for (size_t i = 0; i < s->n_people; i++) ids[i] = coley_model_doses_id(s->doses, i);
        const char *near = coley_text_nearest(s->options->id, ids, s->n_people);
        return COLEY_FAIL_AT(s->err, COLEY_ERR_INPUT, ((coley_place){.key = "--id"}),
                             "nobody in %s has the ID %s%s%s%s", s->table.file, coley_quote_make(s->options->id).text,
                             near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    *first = (size_t)one;
    s->n_people = 1;
    return COLEY_OK;
}

static coley_status read_events(simulation *s)
{
    const coley_model_options *o = s->options;
    if (!o->events) return COLEY_OK;
    COLEY_TRY(coley_event_table_load(s->arena, COLEY_EVENTS_OF_MODEL, o->events, &s->table, s->err));
    COLEY_TRY(coley_model_doses_make(s->arena, s->model->network, s->model->program, &s->table, &o->dosing, &s->doses,
                                     s->err));
    coley_text words = {.arena = s->arena};
    coley_model_doses_describe(s->doses, &words);
    if (words.failed) return COLEY_FAIL_MEMORY(s->err);
    for (char *line = words.data, *rest; line && *line; line = rest) {
        rest = strchr(line, '\n');
        if (rest) *rest++ = '\0';
        coley_log_add(o->log, COLEY_LOG_NOTE, "%s: %s", o->events, line);
    }
    return COLEY_OK;
}

/* The end of the run and the rows that everybody has. */
static coley_status make_grid(simulation *s, size_t first)
{
    const coley_model_options *o = s->options;
    s->end = o->end_day;
    for (size_t i = 0; i < s->n_people && s->doses && isnan(o->end_day); i++)
        s->end = fmax(s->end, coley_model_doses_last(s->doses, first + i)); /* fmax passes over NaN */
    if (isnan(o->end_day) && !(s->end > 0))
        return COLEY_FAIL_AT(s->err, COLEY_ERR_INPUT, ((coley_place){.file = o->events}),
                             "no record is later than time 0: say with --end how long the run is");
    const double rows = floor(s->end / o->step_day + 1e-9) + 1;
    if (!(s->end > 0 && o->step_day > 0 && rows * (double)s->n_people <= COLEY_MODEL_MAX_ROWS))
        return COLEY_FAIL(s->err, COLEY_ERR_ARG,
                          "from 0 to %g in steps of %g: both must be above 0, with at most %d rows in all", s->end,
                          o->step_day, COLEY_MODEL_MAX_ROWS);
    s->n_grid = (size_t)rows;
    if (!(s->grid = COLEY_NEW(s->arena, double, s->n_grid))) return COLEY_FAIL_MEMORY(s->err);
    for (size_t i = 0; i < s->n_grid; i++) s->grid[i] = fmin((double)i * o->step_day, s->end);
    return COLEY_OK;
}

static coley_status make_people(simulation *s, size_t first)
{
    coley_schedule_notes notes = {0};
    if (!(s->person = COLEY_NEW(s->arena, person, s->n_people))) return COLEY_FAIL_MEMORY(s->err);
    for (size_t i = 0; i < s->n_people; i++) {
        person *p = &s->person[i];
        p->inputs = s->inputs;
        p->times = (coley_sample_times){.n = s->n_grid, .day = s->grid};
        if (s->doses) {
            p->id = coley_model_doses_id(s->doses, first + i);
            if (!(p->inputs = COLEY_NEW(s->arena, double, s->n_inputs))) return COLEY_FAIL_MEMORY(s->err);
            if (s->n_inputs) memcpy(p->inputs, s->inputs, s->n_inputs * sizeof *p->inputs);
            COLEY_TRY(coley_model_doses_schedule(s->arena, s->doses, first + i, 0, s->end, p->inputs, &p->schedule,
                                                 &notes, s->err));
            COLEY_TRY(
                coley_schedule_samples(s->arena, &p->schedule, s->n_grid, s->grid, &p->times, &p->observation, s->err));
        }
        if (!(p->value = COLEY_NEW(s->arena, double, p->times.n * s->n_columns))) return COLEY_FAIL_MEMORY(s->err);
    }
    if (s->doses) coley_schedule_warn(s->doses, &notes, s->end, s->options->log);
    return COLEY_OK;
}

/* --- running ----------------------------------------------------------------------------------------------------- */

/* What of the start has no value, in words; "" when all has. */
static void explain_start(const simulation *s, const person *p, char *text, size_t size)
{
    const coley_program *program = s->model->program;
    const size_t n = coley_program_state_count(program);
    double *wide = COLEY_NEW(s->arena, double, s->n_inputs *COLEY_LANES);
    double *y = COLEY_NEW(s->arena, double, n *COLEY_LANES), *dy = COLEY_NEW(s->arena, double, n *COLEY_LANES);
    void *work = coley_arena_alloc(s->arena, coley_program_work_size(program, COLEY_LANES));
    const double t[COLEY_LANES] = {0};
    *text = '\0';
    if (!wide || !y || !dy || !work) return;
    for (size_t i = 0; i < s->n_inputs * COLEY_LANES; i++) wide[i] = p->inputs[i / COLEY_LANES];
    coley_program_initial(program, COLEY_LANES, NULL, wide, work, y);
    coley_program_rhs(program, COLEY_LANES, t, y, work, dy);
    for (size_t v = 0; v < n; v++) {
        const double value = y[v * COLEY_LANES], rate = dy[v * COLEY_LANES];
        if (isfinite(value) && isfinite(rate)) continue;
        const coley_symbol *symbol = &s->model->network->symbol[coley_program_state_symbol(program, v)];
        const double what = isfinite(value) ? rate : value;
        snprintf(text, size,
                 "%s of %s is %s at the start: look for a value that is missing, a division by 0, a root or "
                 "a logarithm of what is not above 0",
                 isfinite(value) ? "the rate" : "the value", symbol->id, isnan(what) ? "not a number" : "infinite");
        return;
    }
}

/* The first person that did not reach the end, in words. */
static coley_status explain(const simulation *s, const coley_system *system, coley_status status)
{
    const person *p = s->person;
    while (p < s->person + s->n_people && p->result.status == COLEY_OK) p++;
    if (status != COLEY_ERR_DIVERGED || p == s->person + s->n_people) return status;
    const coley_integration *r = &p->result;
    const coley_network *network = s->model->network;
    char who[80] = "";
    if (p->id && *p->id) snprintf(who, sizeof who, "ID %s: ", coley_quote_make(p->id).text);
    if (r->fault != COLEY_EVENT_GOOD) {
        char text[300];
        coley_event_fault_text(system, r, text, sizeof text);
        const coley_model_event *event = &network->event[r->event];
        return COLEY_FAIL_AT(s->err, status, ((coley_place){.file = event->file, .line = event->line}), "%s%s", who,
                             text);
    }
    if (r->state < 0) return status;
    const char *name = network->symbol[coley_program_state_symbol(s->model->program, (size_t)r->state)].id;
    if (r->unsteady)
        return COLEY_FAIL_AT(
            s->err, status, ((coley_place){.file = s->options->events, .key = "SS"}),
            "%sthe dosing at time %g comes to no steady state: %s still changes after %d intervals; write "
            "the doses that lead up to it with ADDL and II",
            who, r->t_day, name, COLEY_STEADY_INTERVALS);
    if (r->n_steps == 0 && !(r->t_day > 0)) {
        char text[300];
        explain_start(s, p, text, sizeof text);
        if (*text) return COLEY_FAIL(s->err, COLEY_ERR_DIVERGED, "%s%s", who, text);
    }
    const coley_integrator_options usual = COLEY_INTEGRATOR_DEFAULT;
    if (r->n_steps + r->n_rejected >= (size_t)usual.max_steps)
        return COLEY_FAIL(
            s->err, status,
            "%sonly time %g is reached in %zu steps, where %s is the hardest:%s a rate is too fast for the "
            "length of the run, or the tolerance too tight",
            who, r->t_day, r->n_steps + r->n_rejected, name,
            network->n_events ? " events follow one another too fast," : "");
    return COLEY_FAIL(s->err, status,
                      "%sthe solution is lost at time %g, where %s changes too fast (%zu steps, %zu rejected); "
                      "check its rates and initial value",
                      who, r->t_day, name, r->n_steps, r->n_rejected);
}

static coley_status solve(simulation *s)
{
    const coley_model_options *o = s->options;
    const coley_observer *observer;
    COLEY_TRY(coley_observer_compile(s->arena, s->model->program, s->symbol, s->n_columns, &observer, s->err));
    coley_system system = coley_system_of_program(s->model->program, observer, s->n_columns);
    coley_integrator_options integrator = COLEY_INTEGRATOR_DEFAULT;
    integrator.rtol = o->rtol;
    if (o->atol > 0) integrator.atol = o->atol;
    COLEY_TRY(coley_model_tolerances(s->arena, s->model->network, s->model->program, s->inputs, integrator.atol,
                                     &integrator.atol_state, s->err));
    const coley_cohort cohort = {.self = s,
                                 .n = s->n_people,
                                 .t_end_day = s->end,
                                 .inputs = fill_inputs,
                                 .doses = give_doses,
                                 .samples = give_times,
                                 .sample = keep_sample,
                                 .finish = keep_result};
    coley_status status;
    if (o->solver == COLEY_MODEL_SOLVER_CVODES) {
        status = coley_integrate_cvodes(s->arena, &system, &cohort, &integrator, s->err);
    } else if (o->solver == COLEY_MODEL_SOLVER_CVODES_KLU) {
        status = coley_integrate_cvodes_klu(s->arena, &system, &cohort, &integrator, s->err);
    } else {
        if (o->native)
            COLEY_TRY(coley_native_make(s->arena, s->model->program, &system.native, s->err));
        else
            system.native = coley_native_find(s->arena, s->model->program);
        status = coley_integrate(&system, &cohort, &integrator, s->err);
    }
    return status == COLEY_OK ? COLEY_OK : explain(s, &system, status);
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

/* An ID in a cell, in quotes where it must be. */
static void add_id(coley_text *csv, const char *id)
{
    const int quoted = strpbrk(id, ",\"\n\r") != NULL;
    if (quoted) coley_text_add(csv, "\"", 1);
    for (; *id; id++) coley_text_add(csv, *id == '"' ? "\"\"" : id, *id == '"' ? 2 : 1);
    if (quoted) coley_text_add(csv, "\"", 1);
}

static void write_csv(const simulation *s, coley_text *csv)
{
    const char *time_unit = coley_model_time_unit(s->model);
    int observed = 0;
    for (size_t i = 0; i < s->n_people; i++) observed |= s->person[i].schedule.n_observations > 0;
    if (s->doses) coley_text_addf(csv, "ID,");
    coley_text_addf(csv, *time_unit ? "time [%s]" : "time", time_unit);
    for (size_t i = 0; i < s->n_columns; i++) {
        const coley_symbol *symbol = &s->model->network->symbol[s->symbol[i]];
        coley_text_addf(csv, symbol->unit ? ",%s [%s]" : ",%s", symbol->id, symbol->unit);
    }
    coley_text_addf(csv, observed ? ",DV\n" : "\n");
    for (const person *p = s->person; p < s->person + s->n_people; p++)
        for (size_t k = 0; k < p->times.n; k++) {
            if (s->doses) add_id(csv, p->id), coley_text_add(csv, ",", 1);
            coley_text_addf(csv, "%s", coley_digits_exact(p->times.day[k]).text);
            for (size_t i = 0; i < s->n_columns; i++)
                coley_text_addf(csv, ",%s", coley_digits_exact(p->value[k * s->n_columns + i]).text);
            const coley_observation *seen =
                observed && p->observation[k] >= 0 ? &p->schedule.observation[p->observation[k]] : NULL;
            if (observed) coley_text_add(csv, ",", 1);
            if (seen && seen->has_dv) coley_text_addf(csv, "%s", coley_digits_exact(seen->dv).text);
            coley_text_add(csv, "\n", 1);
        }
}

/* One chart a column, since columns differ in unit and size. */
static coley_status draw_columns(const simulation *s, coley_text *text)
{
    const person *p = s->person;
    const char *time_unit = coley_model_time_unit(s->model);
    double *column = COLEY_NEW(s->arena, double, p->times.n);
    if (!column) return COLEY_FAIL_MEMORY(s->err);
    for (size_t i = 0; i < s->n_columns; i++) {
        const coley_symbol *symbol = &s->model->network->symbol[s->symbol[i]];
        const double *const series = column;
        for (size_t k = 0; k < p->times.n; k++) column[k] = p->value[k * s->n_columns + i];
        coley_text_addf(text, symbol->unit ? "%s%s [%s]\n" : "%s%s\n", i ? "\n" : "", symbol->id,
                        symbol->unit ? symbol->unit : "");
        coley_chart_draw(&(coley_chart){.x_label = *time_unit ? time_unit : "time",
                                        .width = 64,
                                        .height = 10,
                                        .ascii = s->options->ascii,
                                        .n = p->times.n,
                                        .x = p->times.day,
                                        .n_series = 1,
                                        .y = &series},
                         text);
    }
    return COLEY_OK;
}

coley_status coley_model_simulate(coley_arena *arena, const coley_model *model, const coley_model_options *options,
                                  coley_text *csv, coley_error *err)
{
    simulation s = {.model = model, .options = options, .arena = arena, .err = err};
    size_t first;
    COLEY_TRY(set_inputs(&s));
    COLEY_TRY(choose_columns(&s));
    COLEY_TRY(read_events(&s));
    COLEY_TRY(choose_people(&s, &first));
    if (options->chart && s.n_people > 1)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--plot"}),
                             "one person is drawn, and %s has %zu: choose with --id", options->events, s.n_people);
    COLEY_TRY(make_grid(&s, first));
    COLEY_TRY(make_people(&s, first));
    COLEY_TRY(solve(&s));
    write_csv(&s, csv);
    if (options->chart) COLEY_TRY(draw_columns(&s, options->chart));
    return csv->failed || (options->chart && options->chart->failed) ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
