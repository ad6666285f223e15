/* SPDX-License-Identifier: GPL-3.0-or-later */
/* body.c -- reads models/patient/patient.yaml, the mechanism files it names, and lays out the lesions.
 *
 * Every file adds to two model blocks, `body` and `lesion`. The lesions L1 to Ln are submodels of the body; they reach
 * the blood through the names that each file lists when it opens `lesion`. */
#include "patient/body.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "model/antimony.h"

enum { MAX_FILES = 96, MAX_FILE_BYTES = 4 << 20 };

typedef struct reading {
    coley_arena *arena;
    const char *models;
    size_t n;
    coley_antimony_source source[MAX_FILES];
    const char *file[MAX_FILES], *mechanism[MAX_FILES];
} reading;

/* One that was read already, for another drug, is not read again. */
static coley_status read_mechanism(reading *r, const char *name, coley_error *err)
{
    for (size_t i = 0; i < r->n; i++)
        if (!strcmp(r->mechanism[i], name)) return COLEY_OK;
    if (r->n + 1 >= MAX_FILES) return COLEY_FAIL(err, COLEY_ERR_INPUT, "more than %d mechanism files", MAX_FILES - 1);
    const char *path = coley_arena_printf(r->arena, "%s/%s.ant", r->models, name);
    if (!path) return COLEY_FAIL_MEMORY(err);
    char *text;
    size_t length;
    COLEY_TRY(coley_file_read(r->arena, path, MAX_FILE_BYTES, &text, &length, err));
    r->source[r->n] = (coley_antimony_source){.name = path, .text = text, .length = length};
    r->mechanism[r->n] = name;
    r->file[r->n++] = path;
    return COLEY_OK;
}

/* A name, or a list of names. */
static coley_status read_mechanisms(reading *r, const coley_yaml *node, coley_error *err)
{
    const char *name;
    if (!node || node->kind != COLEY_YAML_LIST) {
        COLEY_TRY(coley_yaml_text(node, &name, err));
        return read_mechanism(r, name, err);
    }
    for (size_t i = 0; i < node->n; i++) {
        COLEY_TRY(coley_yaml_text(node->item[i], &name, err));
        COLEY_TRY(read_mechanism(r, name, err));
    }
    return COLEY_OK;
}

/* The names between the brackets of every "model lesion(...)", each once, in the order in which they are first named: what
 * a lesion shares with the body. */
static void add_names(coley_text *list, const char *name, const char *end)
{
    while (name < end) {
        const size_t blank = strspn(name, " ,\t\r\n"), length = strcspn(name + blank, " ,\t\r\n)");
        name += blank;
        if (name >= end || !length) return;
        int known = 0;
        for (const char *at = list->data; at && !known; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
            known = !strncmp(at, name, length) && (at[length] == ',' || !at[length]);
        if (!known) coley_text_addf(list, "%s%.*s", list->length ? "," : "", (int)length, name);
        name += length;
    }
}

static coley_status lay_out_lesions(reading *r, size_t n_lesions, coley_error *err)
{
    static const char opening[] = "\nmodel lesion(";
    coley_text names = {.arena = r->arena}, text = {.arena = r->arena};
    for (size_t i = 0; i < r->n; i++)
        for (const char *at = r->source[i].text; (at = strstr(at, opening)) != NULL;) {
            const char *end = strchr(at += sizeof opening - 1, ')');
            if (end) add_names(&names, at, end);
        }
    if (!names.length)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = r->models}),
                             "no mechanism file opens \"model lesion(...)\" with the names it shares with the body");
    coley_text_addf(&text, "model body()\n");
    for (size_t i = 0; i < n_lesions; i++) coley_text_addf(&text, "  L%zu: lesion(%s);\n", i + 1, names.data);
    coley_text_addf(&text, "end\n");
    if (text.failed || names.failed) return COLEY_FAIL_MEMORY(err);
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

/* {mechanism: name or list of names, dose_state: NAME, unit: UNIT, by_lesion: yes}: what one class of drugs loads. */
static coley_status read_class(reading *r, const coley_yaml *classes, coley_body *body, size_t class,
                               const char **dose_state, coley_error *err)
{
    static const char *const keys[] = {"mechanism", "dose_state", "unit", "by_lesion"};
    const char *name = body->drug_class[class];
    const coley_yaml *entry = coley_yaml_find(classes, name), *found;
    if (!entry) return COLEY_FAIL(err, COLEY_ERR_INPUT, "drug class \"%s\" is not in %s/patient.yaml", name, r->models);
    COLEY_TRY(coley_yaml_keys(entry, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(coley_yaml_text(coley_yaml_find(entry, "dose_state"), dose_state, err));
    body->dose_unit[class] = "mg";
    if ((found = coley_yaml_find(entry, "unit"))) COLEY_TRY(coley_yaml_text(found, &body->dose_unit[class], err));
    if ((found = coley_yaml_find(entry, "by_lesion"))) COLEY_TRY(coley_yaml_flag(found, &body->by_lesion[class], err));
    return read_mechanisms(r, coley_yaml_find(entry, "mechanism"), err);
}

static coley_status find_dose_states(coley_body *body, size_t class, const char *name, coley_error *err)
{
    for (size_t i = 0; i < body->n_lesions; i++) {
        char id[160];
        snprintf(id, sizeof id, "L%zu.%s", i + 1, name);
        COLEY_TRY(find_state(body, body->by_lesion[class] ? id : name, &body->dose_state[class][i], err));
    }
    return COLEY_OK;
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
    if (!options->n_core) COLEY_TRY(read_mechanisms(r, core, err));
    for (size_t i = 0; i < options->n_also; i++) COLEY_TRY(read_mechanism(r, options->also[i], err));
    const char *dose_state[COLEY_BODY_MAX_CLASSES];
    for (size_t i = 0; i < options->n_classes; i++) {
        body->drug_class[i] = coley_arena_text(arena, options->drug_class[i], strlen(options->drug_class[i]));
        if (!body->drug_class[i]) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(read_class(r, classes, body, i, &dose_state[i], err));
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
    for (size_t i = 0; i < body->n_classes; i++) COLEY_TRY(find_dose_states(body, i, dose_state[i], err));
    COLEY_TRY(find_state(body, "hold", &body->hold_state, err));
    *out = body;
    return COLEY_OK;
}

ptrdiff_t coley_body_class(const coley_body *body, const char *drug_class)
{
    for (size_t i = 0; i < body->n_classes; i++)
        if (strcmp(body->drug_class[i], drug_class) == 0) return (ptrdiff_t)i;
    return -1;
}

int32_t coley_body_lesion_symbol(const coley_body *body, size_t lesion, const char *name)
{
    char id[160];
    snprintf(id, sizeof id, "L%zu.%s", lesion + 1, name);
    return coley_network_symbol(body->network, id);
}
