/* SPDX-License-Identifier: GPL-3.0-or-later */
/* body.c -- reads models/patient/patient.yaml, the mechanism files it names, and lays out the lesions.
 *
 * Every file adds to two model blocks, `body` and `lesion`. The lesions L1 to Ln are submodels of the body; they reach
 * the blood through the arguments that lesion.ant declares. */
#include "patient/body.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "model/antimony.h"

enum { MAX_FILES = 64, MAX_FILE_BYTES = 4 << 20 };

typedef struct reading {
    coley_arena *arena;
    const char *models;
    size_t n;
    coley_antimony_source source[MAX_FILES];
    const char *file[MAX_FILES];
} reading;

static coley_status read_mechanism(reading *r, const char *name, coley_error *err)
{
    if (r->n + 1 >= MAX_FILES) return COLEY_FAIL(err, COLEY_ERR_INPUT, "more than %d mechanism files", MAX_FILES - 1);
    const char *path = coley_arena_printf(r->arena, "%s/%s.ant", r->models, name);
    if (!path) return COLEY_FAIL_MEMORY(err);
    char *text;
    size_t length;
    COLEY_TRY(coley_file_read(r->arena, path, MAX_FILE_BYTES, &text, &length, err));
    r->source[r->n] = (coley_antimony_source){.name = path, .text = text, .length = length};
    r->file[r->n++] = path;
    return COLEY_OK;
}

/* The text between the brackets of the first "model lesion(...)". */
static coley_status lesion_arguments(const reading *r, const char **start, size_t *length, coley_error *err)
{
    static const char opening[] = "model lesion(";
    for (size_t i = 0; i < r->n; i++) {
        const char *found = strstr(r->source[i].text, opening);
        const char *end = found ? strchr(found, ')') : NULL;
        if (!end || end == found + sizeof opening - 1) continue;
        *start = found + sizeof opening - 1;
        *length = (size_t)(end - *start);
        return COLEY_OK;
    }
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = r->models}),
                         "no mechanism file opens \"model lesion(...)\" with the names it shares with the body");
}

static coley_status lay_out_lesions(reading *r, size_t n_lesions, coley_error *err)
{
    const char *arguments = NULL;
    size_t length = 0;
    COLEY_TRY(lesion_arguments(r, &arguments, &length, err));
    coley_text text = {.arena = r->arena};
    coley_text_addf(&text, "model body()\n");
    for (size_t i = 0; i < n_lesions; i++)
        coley_text_addf(&text, "  L%zu: lesion(%.*s);\n", i + 1, (int)length, arguments);
    coley_text_addf(&text, "end\n");
    if (text.failed) return COLEY_FAIL_MEMORY(err);
    r->source[r->n++] = (coley_antimony_source){.name = "(lesions)", .text = text.data, .length = text.length};
    return COLEY_OK;
}

static coley_status find_state(const coley_body *body, const char *id, int32_t *state, coley_error *err)
{
    const int32_t symbol = coley_network_symbol(body->network, id);
    *state = symbol < 0 ? -1 : coley_program_state_of(body->program, symbol);
    if (*state < 0) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the patient model has no state \"%s\"", id);
    return COLEY_OK;
}

static coley_status read_class(reading *r, const coley_yaml *classes, const char *name, const char **dose_state,
                               coley_error *err)
{
    const coley_yaml *entry = coley_yaml_find(classes, name);
    if (!entry) return COLEY_FAIL(err, COLEY_ERR_INPUT, "drug class \"%s\" is not in %s/patient.yaml", name, r->models);
    const char *mechanism;
    COLEY_TRY(coley_yaml_text(coley_yaml_find(entry, "mechanism"), &mechanism, err));
    COLEY_TRY(coley_yaml_text(coley_yaml_find(entry, "dose_state"), dose_state, err));
    return read_mechanism(r, mechanism, err);
}

coley_status coley_body_assemble(coley_arena *arena, const coley_body_options *options, coley_body **out,
                                 coley_error *err)
{
    if (options->n_lesions < 1 || options->n_lesions > COLEY_BODY_MAX_LESIONS)
        return COLEY_FAIL(err, COLEY_ERR_ARG, "%zu lesions, allowed 1 to %d", options->n_lesions,
                          COLEY_BODY_MAX_LESIONS);
    if (options->n_classes > COLEY_BODY_MAX_CLASSES)
        return COLEY_FAIL(err, COLEY_ERR_ARG, "%zu drug classes, allowed 0 to %d", options->n_classes,
                          COLEY_BODY_MAX_CLASSES);
    coley_body *body = COLEY_NEW(arena, coley_body, 1);
    reading *r = COLEY_NEW(arena, reading, 1);
    const char *list = coley_arena_printf(arena, "%s/patient.yaml", options->models);
    if (!body || !r || !list) return COLEY_FAIL_MEMORY(err);
    r->arena = arena;
    r->models = options->models;

    const coley_yaml *root;
    COLEY_TRY(coley_yaml_load(arena, list, &root, err));
    const coley_yaml *core = coley_yaml_find(root, "core"), *classes = coley_yaml_find(root, "classes");
    if (!core || !classes) return coley_yaml_fail(root, err, "needs both \"core\" and \"classes\"");
    COLEY_TRY(coley_yaml_expect(core, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < options->n_core; i++) COLEY_TRY(read_mechanism(r, options->core[i], err));
    for (size_t i = 0; i < core->n && !options->n_core; i++) {
        const char *name;
        COLEY_TRY(coley_yaml_text(core->item[i], &name, err));
        COLEY_TRY(read_mechanism(r, name, err));
    }
    const char *dose_state[COLEY_BODY_MAX_CLASSES];
    for (size_t i = 0; i < options->n_classes; i++) {
        COLEY_TRY(read_class(r, classes, options->drug_class[i], &dose_state[i], err));
        body->drug_class[i] = coley_arena_text(arena, options->drug_class[i], strlen(options->drug_class[i]));
        if (!body->drug_class[i]) return COLEY_FAIL_MEMORY(err);
    }
    body->n_classes = options->n_classes;
    body->n_lesions = options->n_lesions;
    body->n_files = r->n;
    body->file = r->file;
    COLEY_TRY(lay_out_lesions(r, options->n_lesions, err));

    coley_network *network;
    COLEY_TRY(coley_antimony_parse(arena, r->source, r->n, "body", &network, err));
    body->network = network;
    COLEY_TRY(coley_program_compile(arena, network, &body->program, err));
    body->native = coley_native_find(arena, body->program);
    for (size_t i = 0; i < body->n_classes; i++) COLEY_TRY(find_state(body, dose_state[i], &body->dose_state[i], err));
    COLEY_TRY(find_state(body, "hold", &body->hold_state, err));
    *out = body;
    return COLEY_OK;
}

int32_t coley_body_dose_state(const coley_body *body, const char *drug_class)
{
    for (size_t i = 0; i < body->n_classes; i++)
        if (strcmp(body->drug_class[i], drug_class) == 0) return body->dose_state[i];
    return -1;
}

int32_t coley_body_lesion_symbol(const coley_body *body, size_t lesion, const char *name)
{
    char id[160];
    snprintf(id, sizeof id, "L%zu.%s", lesion + 1, name);
    return coley_network_symbol(body->network, id);
}
