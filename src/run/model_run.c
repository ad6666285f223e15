/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_run.c -- see model_run.h. */
#include "run/model_run.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/chart.h"
#include "base/table.h"
#include "base/units.h"
#include "base/yaml.h"
#include "io/emit.h"
#include "model/antimony.h"
#include "model/expr_text.h"
#include "model/sbml.h"
#include "patient/body.h"
#include "solve/integrator.h"
#include "solve/native_build.h"

enum { MAX_MODEL_BYTES = 16 << 20 };

/* --- reading -------------------------------------------------------------------------------------------------------
 */

/* A patient's folder with every class of drug that its patient.yaml knows. */
static coley_status read_patient(coley_arena *arena, const char *folder, size_t n_lesions, coley_model *model,
                                 coley_error *err)
{
    const char *list = coley_arena_printf(arena, "%s/patient.yaml", folder);
    if (!list) return COLEY_FAIL_MEMORY(err);
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_load(arena, list, &root, err));
    const coley_yaml *classes = coley_yaml_find(root, "classes");
    coley_body_options options = {.models = folder, .n_lesions = n_lesions ? n_lesions : 1};
    if (classes) {
        COLEY_TRY(coley_yaml_expect(classes, COLEY_YAML_MAP, err));
        options.n_classes = classes->n;
        options.drug_class = (const char *const *)classes->key;
    }
    coley_body *body;
    COLEY_TRY(coley_body_assemble(arena, &options, &body, err));
    model->network = body->network;
    model->program = body->program;
    return COLEY_OK;
}

/* SBML is told by its content, since its files end in .xml or .sbml or not at all. */
static coley_status parse(coley_arena *arena, const coley_antimony_source *texts, const coley_model_source *source,
                          coley_model *model, coley_network **network, coley_error *err)
{
    for (size_t i = 0; i < source->n; i++) {
        if (!coley_sbml_is(texts[i].text, texts[i].length)) continue;
        const coley_place place = {.file = texts[i].name};
        if (source->n > 1)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is SBML, which is a whole model: give it alone");
        if (source->top)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is SBML, which has one model only: leave --top out");
        model->sbml_file = texts[i].name;
        model->sbml = texts[i].text;
        return coley_sbml_parse(arena, texts[i].name, texts[i].text, texts[i].length, network, err);
    }
    return coley_antimony_parse(arena, texts, source->n, source->top, network, err);
}

coley_status coley_model_read(coley_arena *arena, const coley_model_source *source, coley_model *model,
                              coley_error *err)
{
    struct stat info;
    *model = (coley_model){0};
    if (source->n == 1 && stat(source->path[0], &info) == 0 && S_ISDIR(info.st_mode))
        return read_patient(arena, source->path[0], source->n_lesions, model, err);
    coley_antimony_source *texts = COLEY_NEW(arena, coley_antimony_source, source->n);
    if (!texts) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < source->n; i++) {
        char *bytes;
        size_t length;
        COLEY_TRY(coley_file_read(arena, source->path[i], MAX_MODEL_BYTES, &bytes, &length, err));
        texts[i] =
            (coley_antimony_source){.name = source->path[i], .text = bytes, .length = length, .path = source->path[i]};
    }
    coley_network *network;
    COLEY_TRY(parse(arena, texts, source, model, &network, err));
    COLEY_TRY(coley_network_check(network, err));
    model->network = network;
    return coley_program_compile(arena, network, &model->program, err);
}

const char *coley_model_time_unit(const coley_model *model)
{
    return model->network->time_unit ? model->network->time_unit : "day";
}

/* --- simulating ----------------------------------------------------------------------------------------------------
 */

typedef struct simulation {
    const coley_program *program;
    double *inputs;
    size_t n_columns;
    coley_text *csv;
    size_t n_rows;
    double *drawn; /* [n_columns x n_rows], or NULL when no chart is asked for */
    coley_integration result;
} simulation;

static void fill_inputs(void *self, size_t patient, double *inputs)
{
    (void)patient;
    const simulation *s = self;
    memcpy(inputs, s->inputs, coley_program_input_count(s->program) * sizeof *inputs);
}

static void add_row(void *self, const coley_sample *sample)
{
    simulation *s = self;
    coley_text_addf(s->csv, "%s", coley_digits_exact(sample->t_day).text);
    for (size_t i = 0; i < s->n_columns; i++)
        coley_text_addf(s->csv, ",%s", coley_digits_exact(sample->value[i * sample->stride]).text);
    coley_text_add(s->csv, "\n", 1);
    for (size_t i = 0; s->drawn && i < s->n_columns; i++)
        s->drawn[i * s->n_rows + sample->index] = sample->value[i * sample->stride];
}

/* One chart a column, since columns differ in unit and size. */
static void draw_columns(const simulation *s, const coley_network *network, const int32_t *symbols, const double *day,
                         const char *time_unit, int ascii, coley_text *text)
{
    for (size_t i = 0; i < s->n_columns; i++) {
        const double *column = s->drawn + i * s->n_rows;
        const coley_symbol *symbol = &network->symbol[symbols[i]];
        coley_text_addf(text, symbol->unit ? "%s%s [%s]\n" : "%s%s\n", i ? "\n" : "", symbol->id,
                        symbol->unit ? symbol->unit : "");
        coley_chart_draw(&(coley_chart){.x_label = *time_unit ? time_unit : "time",
                                        .width = 64,
                                        .height = 10,
                                        .ascii = ascii,
                                        .n = s->n_rows,
                                        .x = day,
                                        .n_series = 1,
                                        .y = &column},
                         text);
    }
}

static void keep_result(void *self, size_t patient, const coley_integration *result)
{
    (void)patient;
    ((simulation *)self)->result = *result;
}

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

/* The symbols of the columns, and the header of the file. */
static coley_status choose_columns(coley_arena *arena, const coley_model *model, const coley_model_options *options,
                                   int32_t **symbols, size_t *n, coley_text *csv, coley_error *err)
{
    *n = options->n_watch ? options->n_watch : coley_program_state_count(model->program);
    *symbols = COLEY_NEW(arena, int32_t, *n);
    if (!*symbols) return COLEY_FAIL_MEMORY(err);
    const char *time_unit = coley_model_time_unit(model);
    coley_text_addf(csv, *time_unit ? "time [%s]" : "time", time_unit);
    for (size_t i = 0; i < *n; i++) {
        (*symbols)[i] = options->n_watch ? coley_network_symbol(model->network, options->watch[i])
                                         : coley_program_state_symbol(model->program, i);
        if ((*symbols)[i] < 0) return unknown_symbol(arena, model->network, options->watch[i], "--watch", err);
        const coley_symbol *s = &model->network->symbol[(*symbols)[i]];
        coley_text_addf(csv, s->unit ? ",%s [%s]" : ",%s", s->id, s->unit);
    }
    coley_text_add(csv, "\n", 1);
    return COLEY_OK;
}

coley_status coley_model_simulate(coley_arena *arena, const coley_model *model, const coley_model_options *options,
                                  coley_text *csv, coley_error *err)
{
    const double rows = floor(options->end_day / options->step_day + 1e-9) + 1;
    if (!(options->end_day > 0 && options->step_day > 0 && rows <= COLEY_MODEL_MAX_ROWS))
        return COLEY_FAIL(err, COLEY_ERR_ARG,
                          "from 0 to %g days in steps of %g: both must be above 0, with at most %d rows",
                          options->end_day, options->step_day, COLEY_MODEL_MAX_ROWS);
    const size_t n_rows = (size_t)rows, n_inputs = coley_program_input_count(model->program);
    simulation s = {.program = model->program, .csv = csv, .inputs = COLEY_NEW(arena, double, n_inputs)};
    double *day = COLEY_NEW(arena, double, n_rows);
    if (!s.inputs || !day) return COLEY_FAIL_MEMORY(err);
    if (n_inputs) memcpy(s.inputs, coley_program_input_default(model->program), n_inputs * sizeof *s.inputs);
    for (size_t i = 0; i < options->n_set; i++) COLEY_TRY(set_input(arena, model, options->set[i], s.inputs, err));
    for (size_t i = 0; i < n_rows; i++) day[i] = fmin((double)i * options->step_day, options->end_day);

    int32_t *symbols;
    const coley_observer *observer;
    COLEY_TRY(choose_columns(arena, model, options, &symbols, &s.n_columns, csv, err));
    COLEY_TRY(coley_observer_compile(arena, model->program, symbols, s.n_columns, &observer, err));
    if (options->chart) {
        s.n_rows = n_rows;
        s.drawn = COLEY_NEW(arena, double, n_rows *s.n_columns);
        if (!s.drawn) return COLEY_FAIL_MEMORY(err);
    }
    coley_system system = coley_system_of_program(model->program, observer, s.n_columns);
    if (options->native)
        COLEY_TRY(coley_native_make(arena, model->program, &system.native, err));
    else
        system.native = coley_native_find(arena, model->program);
    const coley_cohort cohort = {.self = &s,
                                 .n = 1,
                                 .t_end_day = options->end_day,
                                 .n_samples = n_rows,
                                 .sample_day = day,
                                 .inputs = fill_inputs,
                                 .sample = add_row,
                                 .finish = keep_result};
    coley_integrator_options integrator = COLEY_INTEGRATOR_DEFAULT;
    integrator.rtol = options->rtol;
    if (options->atol > 0) integrator.atol = options->atol;
    const coley_status status = coley_integrate(&system, &cohort, &integrator, err);
    if (status == COLEY_ERR_DIVERGED && s.result.fault != COLEY_EVENT_GOOD) {
        char text[300];
        coley_event_fault_text(&system, &s.result, text, sizeof text);
        const coley_model_event *event = &model->network->event[s.result.event];
        return COLEY_FAIL_AT(err, status, ((coley_place){.file = event->file, .line = event->line}), "%s", text);
    }
    if (status == COLEY_ERR_DIVERGED && s.result.state >= 0)
        return COLEY_FAIL(err, status,
                          "the solution is lost at time %g, where %s changes too fast (%zu steps, %zu rejected); "
                          "check its rates and initial value",
                          s.result.t_day,
                          model->network->symbol[coley_program_state_symbol(model->program, (size_t)s.result.state)].id,
                          s.result.n_steps, s.result.n_rejected);
    if (status != COLEY_OK) return status;
    if (s.drawn)
        draw_columns(&s, model->network, symbols, day, coley_model_time_unit(model), options->ascii, options->chart);
    return csv->failed || (s.drawn && options->chart->failed) ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
