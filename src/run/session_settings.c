/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_settings.c -- a scenario's words and the catalog's numbers as settings of the patient model. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "patient/facts.h"
#include "run/session.h"

static coley_status add(coley_settings *settings, coley_setting setting, coley_error *err)
{
    if (!setting.symbol || !COLEY_RESERVE(settings->arena, settings->row, settings->cap, settings->n + 1))
        return COLEY_FAIL_MEMORY(err);
    settings->row[settings->n++] = setting;
    return COLEY_OK;
}

static coley_status add_value(coley_settings *settings, const char *symbol, double value, coley_error *err)
{
    return add(settings, (coley_setting){.symbol = symbol, .value = value}, err);
}

/* --- units ---------------------------------------------------------------------------------------------------------
 */

/* The text between the last brackets of `text`, copied, or NULL. */
static const char *in_brackets(coley_arena *arena, const char *text)
{
    const char *open = text ? strrchr(text, '[') : NULL, *close = open ? strchr(open, ']') : NULL;
    return close ? coley_arena_text(arena, open + 1, (size_t)(close - open - 1)) : NULL;
}

/* A symbol's unit: declared, or in brackets behind its name or before its source; else a pure number. */
static const char *unit_of(coley_arena *arena, const coley_symbol *symbol)
{
    const char *unit = symbol->unit;
    if (!unit) unit = in_brackets(arena, symbol->name);
    if (!unit && symbol->source && *symbol->source == '[') unit = in_brackets(arena, symbol->source);
    return unit ? unit : "dimensionless";
}

/* The input that a setting's name means in the body or in its first lesion, or -1. */
static int32_t find_input(const coley_body *body, const char *name)
{
    int32_t symbol = coley_network_symbol(body->network, name);
    if (symbol < 0) symbol = coley_body_lesion_symbol(body, 0, name);
    return symbol < 0 || coley_program_input_of(body->program, symbol) < 0 ? -1 : symbol;
}

static coley_status convert(coley_arena *arena, const coley_body *body, int32_t symbol, const char *unit, double *value,
                            coley_place place, coley_error *err)
{
    coley_error why = {0};
    const char *own = unit_of(arena, &body->network->symbol[symbol]);
    if (!*unit || coley_unit_convert(*value, unit, own, value, &why) == COLEY_OK) return COLEY_OK;
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "the model has %s in %s: %s", body->network->symbol[symbol].id,
                         own, why.text);
}

/* --- the catalog -----------------------------------------------------------------------------------------------------
 */

coley_status coley_settings_add_catalog(coley_settings *settings, const coley_body *body,
                                        const coley_catalog_value *value, size_t n, coley_error *err)
{
    for (size_t i = 0; i < n; i++) {
        const coley_catalog_value *from = &value[i];
        const coley_place place = {.file = from->file, .line = from->line, .key = from->symbol};
        const int32_t symbol = find_input(body, from->symbol);
        if (symbol < 0) continue;
        coley_setting setting = {.symbol = from->symbol,
                                 .value = from->value,
                                 .spread = from->spread,
                                 .a = from->spread_a,
                                 .b = from->spread_b,
                                 .place = place};
        COLEY_TRY(convert(settings->arena, body, symbol, from->unit, &setting.value, place, err));
        if (setting.spread != COLEY_SPREAD_NONE)
            COLEY_TRY(convert(settings->arena, body, symbol, from->unit, &setting.a, place, err));
        /* The second number of these has the value's unit too; of the others it is a pure number. */
        if (setting.spread == COLEY_SPREAD_NORMAL || setting.spread == COLEY_SPREAD_UNIFORM ||
            setting.spread == COLEY_SPREAD_LOGUNIFORM)
            COLEY_TRY(convert(settings->arena, body, symbol, from->unit, &setting.b, place, err));
        COLEY_TRY(add(settings, setting, err));
    }
    return COLEY_OK;
}

/* --- the scenario ----------------------------------------------------------------------------------------------------
 */

static coley_status add_lesions(coley_settings *settings, const coley_scenario *scenario, const char *models,
                                coley_error *err)
{
    static const char *const words[] = {"inflamed", "excluded", "desert"}; /* as coley_infiltration */
    const char *path = coley_arena_printf(settings->arena, "%s/infiltration.yaml", models);
    const coley_yaml *root;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(settings->arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, words, sizeof words / sizeof *words, err));
    for (size_t i = 0; i < scenario->lesions.n; i++) {
        const coley_scenario_lesion *lesion = COLEY_SCENARIO_LESION(scenario, i);
        coley_fact access;
        COLEY_TRY(coley_fact_read(root, words[lesion->infiltration], "dimensionless", 0, 100, &access, err));
        COLEY_TRY(
            add_value(settings, coley_arena_printf(settings->arena, "L%zu.D0_mm", i + 1), lesion->diameter_mm, err));
        COLEY_TRY(add(settings,
                      (coley_setting){.symbol = coley_arena_printf(settings->arena, "L%zu.infil", i + 1),
                                      .value = access.value,
                                      .spread = access.spread,
                                      .a = access.a,
                                      .b = access.b,
                                      .place = access.place},
                      err));
    }
    return COLEY_OK;
}

/* An autoimmune disease before treatment matters only where side effects are simulated. */
static coley_status add_autoimmune(coley_settings *settings, const coley_scenario *scenario, const coley_body *body,
                                   const char *models, coley_error *err)
{
    static const char *const words[] = {"mild", "moderate", "severe",
                                        "neurologic"}; /* as in the scenario, after none */
    static const char symbol[] = "autoimmune_history";
    const int severity = scenario->history.autoimmune;
    if (severity < 1 || find_input(body, symbol) < 0) return COLEY_OK;
    const char *path = coley_arena_printf(settings->arena, "%s/autoimmune.yaml", models);
    const coley_yaml *root;
    coley_fact factor;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(settings->arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, words, sizeof words / sizeof *words, err));
    COLEY_TRY(coley_fact_read(root, words[severity - 1], "dimensionless", 0, 100, &factor, err));
    return add(settings,
               (coley_setting){.symbol = symbol,
                               .value = factor.value,
                               .spread = factor.spread,
                               .a = factor.a,
                               .b = factor.b,
                               .place = factor.place},
               err);
}

static coley_status unknown_parameter(coley_arena *arena, const coley_body *body, const char *name, coley_place place,
                                      coley_error *err)
{
    const coley_network *network = body->network;
    const char **names = COLEY_NEW(arena, const char *, 2 * network->n_symbols);
    size_t n = 0;
    if (!names) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < network->n_symbols; i++) {
        const char *id = network->symbol[i].id;
        if (coley_program_input_of(body->program, (int32_t)i) < 0) continue;
        names[n++] = id;
        if (!strncmp(id, "L1.", 3)) names[n++] = id + 3;
    }
    const char *near = coley_text_nearest(name, names, n);
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                         "the patient model has no parameter \"%.80s\"%s%.80s%s `coley model show models/patient` "
                         "lists them",
                         name, near ? "; did you mean " : ";", near ? near : "", near ? "?" : "");
}

static coley_status add_parameters(coley_settings *settings, const coley_scenario *scenario, const coley_body *body,
                                   coley_error *err)
{
    for (size_t i = 0; i < scenario->model.parameters.n; i++) {
        const coley_scenario_parameter *row = &scenario->model.parameters.row[i];
        const coley_place place = {.file = row->file, .line = row->line, .key = row->symbol};
        const int32_t symbol = find_input(body, row->symbol);
        if (symbol < 0) return unknown_parameter(settings->arena, body, row->symbol, place, err);
        coley_setting setting = {.symbol = row->symbol, .value = row->value, .place = place};
        COLEY_TRY(convert(settings->arena, body, symbol, row->unit, &setting.value, place, err));
        COLEY_TRY(add(settings, setting, err));
    }
    return COLEY_OK;
}

/* A product whose cells are taken in this scenario is not there from the start, and to some people never. */
static coley_status add_manufacture(coley_settings *settings, const coley_scenario *scenario, coley_error *err)
{
    for (size_t i = 0; i < scenario->regimen.n; i++) {
        const coley_scenario_drug *drug = COLEY_SCENARIO_DRUG(scenario, i);
        if (isnan(drug->leukapheresis_day)) continue;
        COLEY_TRY(add_value(settings, "car_taken", 1, err));
        COLEY_TRY(add_value(settings, "car_wait", drug->vein_to_vein_day, err));
    }
    return COLEY_OK;
}

coley_status coley_settings_of_scenario(coley_settings *settings, const coley_scenario *scenario,
                                        const coley_body *body, const char *models, coley_error *err)
{
    const coley_scenario_patient *patient = &scenario->patient;
    if (!isnan(patient->tmb_per_Mb)) COLEY_TRY(add_value(settings, "TMB", patient->tmb_per_Mb, err));
    if (!isnan(patient->pdl1_tps)) COLEY_TRY(add_value(settings, "PDL1_TPS", patient->pdl1_tps, err));
    COLEY_TRY(add_lesions(settings, scenario, models, err));
    COLEY_TRY(add_manufacture(settings, scenario, err));
    COLEY_TRY(add_autoimmune(settings, scenario, body, models, err));
    return add_parameters(settings, scenario, body, err);
}
