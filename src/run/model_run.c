/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_run.c -- reads a model out of its files. */
#include "run/model_run.h"

#include <math.h>
#include <sys/stat.h>

#include "base/yaml.h"
#include "model/antimony.h"
#include "model/sbml.h"
#include "patient/body.h"

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

/* --- tolerances ----------------------------------------------------------------------------------------------------
 */

/* States at the start, one lane's. NULL: no memory. */
static double *start_of(coley_arena *arena, const coley_program *program, const double *inputs)
{
    const size_t n = coley_program_state_count(program), n_inputs = coley_program_input_count(program);
    double *wide = COLEY_NEW(arena, double, n_inputs *COLEY_LANES), *y = COLEY_NEW(arena, double, n *COLEY_LANES);
    void *work = coley_arena_alloc(arena, coley_program_work_size(program, COLEY_LANES));
    if (!wide || !y || !work) return NULL;
    for (size_t i = 0; i < n_inputs * COLEY_LANES; i++) wide[i] = inputs[i / COLEY_LANES];
    coley_program_initial(program, COLEY_LANES, NULL, wide, work, y);
    for (size_t v = 0; v < n; v++) y[v] = y[v * COLEY_LANES];
    return y;
}

coley_status coley_model_tolerances(coley_arena *arena, const coley_network *network, const coley_program *program,
                                    const double *inputs, double atol, const double **tolerance, coley_error *err)
{
    const size_t n = coley_program_state_count(program);
    double *own = COLEY_NEW(arena, double, n), *y = NULL;
    *tolerance = NULL;
    if (!own) return COLEY_FAIL_MEMORY(err);
    for (size_t v = 0; v < n; v++) {
        own[v] = atol;
        const coley_symbol *s = &network->symbol[coley_program_state_symbol(program, v)];
        if (s->kind != COLEY_SPECIES || s->substance_only || s->compartment < 0) continue;
        const int32_t input = coley_program_input_of(program, s->compartment),
                      state = coley_program_state_of(program, s->compartment);
        if (state >= 0 && !y && !(y = start_of(arena, program, inputs))) return COLEY_FAIL_MEMORY(err);
        const double size = state >= 0 ? y[state] : input >= 0 ? inputs[input] : 1;
        if (!(size > 0 && size < 1)) continue;
        own[v] = fmax(atol * size, 1e-300);
        *tolerance = own;
    }
    return COLEY_OK;
}
