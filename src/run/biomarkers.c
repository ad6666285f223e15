/* SPDX-License-Identifier: GPL-3.0-or-later */
/* biomarkers.c -- the file is read by the scenario's own rows, so that a biomarker has one unit, range and meaning. */
#include "run/biomarkers.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "patient/facts.h"

/* Where each row of the scenario's table goes. */
static const struct {
    const char *section, *name, *key;
    size_t offset;
} places[] = {
    {"patient", "id", "id", offsetof(coley_biomarkers, id)},
    {"patient", "tmb", "tmb", offsetof(coley_biomarkers, tmb_per_Mb)},
    {"patient", "pdl1_tps", "pdl1_tps", offsetof(coley_biomarkers, pdl1_tps)},
    {"patient", "msi", "msi", offsetof(coley_biomarkers, msi)},
    {"lesions", "infiltration", "infiltration", offsetof(coley_biomarkers, infiltration)},
    {"history", "pdl1_assay", "pdl1_assay", offsetof(coley_biomarkers, pdl1_assay)},
    {"history", "pdl1_cps", "pdl1_cps", offsetof(coley_biomarkers, pdl1_cps)},
    {"history", "pdl1_ic", "pdl1_ic", offsetof(coley_biomarkers, pdl1_ic)},
    {"model", "parameters", "parameters", offsetof(coley_biomarkers, parameters)},
};

enum { N_PLACES = sizeof places / sizeof *places };

static const coley_field *find_row(const coley_field *fields, const char *name)
{
    while (strcmp(fields->name, name)) fields++;
    return fields;
}

coley_biomarkers coley_biomarkers_none(void)
{
    return (coley_biomarkers){.tmb_per_Mb = NAN,
                              .pdl1_tps = NAN,
                              .pdl1_cps = NAN,
                              .pdl1_ic = NAN,
                              .msi = -1,
                              .infiltration = -1,
                              .pdl1_assay = -1};
}

/* Evidence is for people. */
static coley_status pass_over(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    (void)arena;
    (void)node;
    (void)value;
    (void)err;
    return COLEY_OK;
}

coley_status coley_biomarkers_read(coley_arena *arena, const char *path, coley_biomarkers *b, coley_error *err)
{
    coley_field table[N_PLACES + 2] = {{0}};
    const coley_yaml *root;
    *b = coley_biomarkers_none();
    for (size_t i = 0; i < N_PLACES; i++) {
        table[i] = *find_row(find_row(coley_scenario_fields, places[i].section)->fields, places[i].name);
        table[i].name = places[i].key;
        table[i].offset = places[i].offset;
        table[i].preset = "";
    }
    table[N_PLACES] = (coley_field){
        .name = "evidence", .kind = COLEY_FIELD_CUSTOM, .preset = "", .read = pass_over, .doc = "How each was found."};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_fields_read(arena, table, root, b, err));
    b->file = path;
    for (size_t i = 0; i < b->parameters.n; i++)
        if (*b->parameters.row[i].unit)
            return coley_yaml_fail(coley_yaml_find(coley_yaml_find(root, "parameters"), b->parameters.row[i].symbol),
                                   err, "has a unit; parameters here are in the model's own, so take it away");
    if (b->parameters.n > COLEY_BIOMARKERS_MAX_SETTINGS - 3)
        return coley_yaml_fail(coley_yaml_find(root, "parameters"), err, "has %zu parameters; at most %d",
                               b->parameters.n, COLEY_BIOMARKERS_MAX_SETTINGS - 3);
    return COLEY_OK;
}

/* Those that the scenario does not set by hand, ahead of its own. */
static coley_status add_parameters(coley_arena *arena, const coley_scenario_parameters *from,
                                   coley_scenario_parameters *to, coley_error *err)
{
    coley_scenario_parameter *row = COLEY_NEW(arena, coley_scenario_parameter, from->n + to->n);
    size_t n = 0;
    if (!row) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < from->n; i++) {
        int own = 0;
        for (size_t k = 0; k < to->n; k++) own |= !strcmp(to->row[k].symbol, from->row[i].symbol);
        if (!own) row[n++] = from->row[i];
    }
    for (size_t k = 0; k < to->n; k++) row[n++] = to->row[k];
    *to = (coley_scenario_parameters){n, row};
    return COLEY_OK;
}

coley_status coley_biomarkers_apply(coley_arena *arena, const coley_biomarkers *b, coley_scenario *s, coley_error *err)
{
    if (b->id && !strcmp(s->patient.id, "patient")) s->patient.id = b->id; /* not named: as the sample is */
    if (isnan(s->patient.tmb_per_Mb)) s->patient.tmb_per_Mb = b->tmb_per_Mb;
    if (isnan(s->patient.pdl1_tps)) s->patient.pdl1_tps = b->pdl1_tps;
    if (s->patient.msi < 0) s->patient.msi = b->msi;
    if (s->history.pdl1_assay < 0) s->history.pdl1_assay = b->pdl1_assay;
    if (isnan(s->history.pdl1_cps)) s->history.pdl1_cps = b->pdl1_cps;
    if (isnan(s->history.pdl1_ic)) s->history.pdl1_ic = b->pdl1_ic;
    if (b->infiltration >= 0)
        for (size_t i = 0; i < s->lesions.n; i++) {
            coley_scenario_lesion *lesion = &((coley_scenario_lesion *)s->lesions.item)[i];
            if (lesion->infiltration == COLEY_INFLAMED) lesion->infiltration = b->infiltration;
        }
    s->biomarkers_path = b->file;
    return add_parameters(arena, &b->parameters, &s->model.parameters, err);
}

coley_status coley_biomarkers_settings(coley_arena *arena, const coley_biomarkers *b, const char *models,
                                       coley_setting setting[COLEY_BIOMARKERS_MAX_SETTINGS], size_t *n,
                                       coley_error *err)
{
    static const char *const words[] = {"inflamed", "excluded", "desert"}; /* as coley_infiltration */
    const coley_place place = {.file = b->file};
    *n = 0;
    if (!isnan(b->tmb_per_Mb))
        setting[(*n)++] = (coley_setting){.symbol = "TMB", .value = b->tmb_per_Mb, .place = place};
    if (!isnan(b->pdl1_tps))
        setting[(*n)++] = (coley_setting){.symbol = "PDL1_TPS", .value = b->pdl1_tps, .place = place};
    if (b->infiltration >= 0) {
        const char *path = coley_arena_printf(arena, "%s/infiltration.yaml", models);
        const coley_yaml *root;
        coley_fact access;
        if (!path) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_yaml_load(arena, path, &root, err));
        COLEY_TRY(coley_fact_read(root, words[b->infiltration], "dimensionless", 0, 100, &access, err));
        setting[(*n)++] = (coley_setting){.symbol = "infil",
                                          .value = access.value,
                                          .spread = access.spread,
                                          .a = access.a,
                                          .b = access.b,
                                          .place = access.place};
    }
    for (size_t i = 0; i < b->parameters.n; i++) {
        const coley_scenario_parameter *row = &b->parameters.row[i];
        setting[(*n)++] = (coley_setting){
            .symbol = row->symbol, .value = row->value, .place = {.file = row->file, .line = row->line}};
    }
    return COLEY_OK;
}
