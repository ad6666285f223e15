/* SPDX-License-Identifier: GPL-3.0-or-later */
/* person_controls.c -- what can be changed of a person by hand. Ranges and words come from the scenario's own table. */
#include "studio/person_parts.h"

#include "studio/bodies.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog.h"
#include "io/emit.h"

/* --- the table -----------------------------------------------------------------------------------------------------
 */

static double tps_of(const coley_scenario *s)
{
    return 100 * s->patient.pdl1_tps;
}

static double tmb_of(const coley_scenario *s)
{
    return s->patient.tmb_per_Mb;
}

static double weight_of(const coley_scenario *s)
{
    return s->patient.weight_kg;
}

static double age_of(const coley_scenario *s)
{
    return s->patient.age_year;
}

static double days_of(const coley_scenario *s)
{
    return s->run.duration_day;
}

static int msi_of(const coley_scenario *s)
{
    return s->patient.msi;
}

static int autoimmune_of(const coley_scenario *s)
{
    return s->history.autoimmune;
}

const coley_studio_control coley_studio_control_list[] = {
    {.key = "regimen", .label = "Drugs", .scale = "choice", .kind = COLEY_CONTROL_REGIMEN},
    {.key = "dose_factor", .label = "Dose, times", .scale = "log", .low = 0.01, .high = 10, .otherwise = 1},
    {.key = "interval_factor", .label = "Interval, times", .scale = "log", .low = 0.25, .high = 4, .otherwise = 1},
    {.key = "policy", .label = "Care of side effects", .scale = "choice", .kind = COLEY_CONTROL_POLICY},
    {.key = "patient.tmb",
     .label = "Mutations (TMB)",
     .unit = "1/Mb",
     .scale = "log",
     .low = 0.1,
     .high = 100,
     .otherwise = 5,
     .number = tmb_of},
    {.key = "patient.pdl1_tps",
     .label = "PD-L1 on tumour cells",
     .unit = "%",
     .scale = "linear",
     .low = 0,
     .high = 100,
     .otherwise = 1,
     .number = tps_of},
    {.key = "patient.msi",
     .label = "Microsatellites",
     .scale = "choice",
     .kind = COLEY_CONTROL_CHOICE,
     .field = "patient.msi",
     .word = msi_of},
    {.key = "infiltration", .label = "T cells in the tumours", .scale = "choice", .kind = COLEY_CONTROL_INFILTRATION},
    {.key = "size_factor",
     .label = "Size of the tumours, times",
     .scale = "log",
     .low = 0.25,
     .high = 3,
     .otherwise = 1},
    {.key = "history.autoimmune",
     .label = "Autoimmune disease",
     .scale = "choice",
     .kind = COLEY_CONTROL_CHOICE,
     .field = "history.autoimmune",
     .word = autoimmune_of},
    {.key = "patient.age",
     .label = "Age",
     .unit = "year",
     .scale = "linear",
     .low = 18,
     .high = 95,
     .otherwise = 62,
     .number = age_of},
    {.key = "patient.weight",
     .label = "Weight",
     .unit = "kg",
     .scale = "linear",
     .low = 35,
     .high = 150,
     .otherwise = 75,
     .number = weight_of},
    {.key = "run.duration",
     .label = "Follow for",
     .unit = "day",
     .scale = "linear",
     .low = 84,
     .high = 1460,
     .otherwise = 365,
     .number = days_of},
    {0}};

const coley_studio_control *coley_studio_control_find(const char *key)
{
    for (const coley_studio_control *c = coley_studio_control_list; c->key; c++)
        if (!strcmp(c->key, key)) return c;
    return NULL;
}

/* --- choices -------------------------------------------------------------------------------------------------------
 */

static const coley_field *field_at(const coley_field *fields, const char *path)
{
    const size_t length = strcspn(path, ".");
    for (const coley_field *f = fields; f->name; f++)
        if (strlen(f->name) == length && !strncmp(f->name, path, length))
            return path[length] ? field_at(f->fields, path + length + 1) : f;
    return NULL;
}

static void choice(coley_emit *emit, const char *value, const char *label)
{
    coley_emit_map(emit, NULL);
    coley_emit_text(emit, "value", value);
    coley_emit_text(emit, "label", label);
    coley_emit_end(emit);
}

/* Every label regimen of the catalog. */
static coley_status add_regimens(coley_arena *arena, const char *catalog, coley_emit *emit, coley_error *err)
{
    const char *const *drug;
    size_t n;
    COLEY_TRY(coley_catalog_names(arena, catalog, "drugs", &drug, &n, err));
    for (size_t i = 0; i < n; i++) {
        coley_catalog_drug *d;
        COLEY_TRY(coley_catalog_drug_read(arena, catalog, drug[i], &d, err));
        for (size_t k = 0; k < d->n_labels; k++) choice(emit, d->label[k].name, d->label[k].name);
    }
    return COLEY_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static coley_status add_policies(coley_arena *arena, const char *catalog, coley_emit *emit, coley_error *err)
{
    const char *folder = coley_arena_printf(arena, "%s/guidelines/care", catalog), *name[64];
    size_t n = 0;
    if (!folder) return COLEY_FAIL_MEMORY(err);
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && n < 64 && (e = readdir(dir));) {
        const size_t length = strlen(e->d_name);
        if (length < 6 || strcmp(e->d_name + length - 5, ".yaml")) continue;
        if (!(name[n++] = coley_arena_text(arena, e->d_name, length - 5))) break;
    }
    if (dir) closedir(dir);
    qsort(name, n, sizeof *name, by_name);
    for (size_t i = 0; i < n; i++) choice(emit, name[i], name[i]);
    return COLEY_OK;
}

/* The whole catalog is read for these: a worker does it once. */
static coley_status add_kept_regimens(coley_arena *arena, const char *catalog, coley_studio_bodies *kept,
                                      coley_emit *emit, coley_error *err)
{
    const size_t from = emit->out->length;
    const char *known = kept ? coley_studio_bodies_regimens(kept, NULL) : "";
    if (*known) {
        coley_text_add(emit->out, known, strlen(known));
        return COLEY_OK;
    }
    COLEY_TRY(add_regimens(arena, catalog, emit, err));
    if (kept && !emit->out->failed) coley_studio_bodies_regimens(kept, emit->out->data + from);
    return COLEY_OK;
}

static coley_status add_choices(coley_arena *arena, const char *catalog, coley_studio_bodies *kept,
                                const coley_studio_control *c, coley_emit *emit, coley_error *err)
{
    coley_emit_list(emit, "choices");
    if (c->kind == COLEY_CONTROL_REGIMEN || c->kind == COLEY_CONTROL_INFILTRATION)
        choice(emit, "as written", "as in the scenario");
    if (c->kind == COLEY_CONTROL_REGIMEN || c->kind == COLEY_CONTROL_POLICY) choice(emit, "none", "none");
    if (c->kind == COLEY_CONTROL_CHOICE) choice(emit, "not known", "not known");
    if (c->kind == COLEY_CONTROL_REGIMEN) COLEY_TRY(add_kept_regimens(arena, catalog, kept, emit, err));
    if (c->kind == COLEY_CONTROL_POLICY) COLEY_TRY(add_policies(arena, catalog, emit, err));
    const coley_field *field =
        field_at(coley_scenario_fields, c->kind == COLEY_CONTROL_INFILTRATION ? "lesions.infiltration"
                                        : c->field                            ? c->field
                                                                              : "title");
    for (size_t i = 0; field && field->choices && field->choices[i]; i++)
        choice(emit, field->choices[i], field->choices[i]);
    coley_emit_end(emit);
    return COLEY_OK;
}

static const char *word_now(const coley_studio_control *c, const coley_scenario *s)
{
    if (c->kind == COLEY_CONTROL_POLICY) return s && s->policy ? s->policy : "none";
    if (c->kind == COLEY_CONTROL_CHOICE) {
        const coley_field *field = field_at(coley_scenario_fields, c->field);
        const int at = s ? c->word(s) : -1;
        return at >= 0 && field && field->choices ? field->choices[at] : "not known";
    }
    return "as written";
}

coley_status coley_studio_controls(coley_arena *arena, const char *catalog, const coley_scenario *scenario,
                                   coley_studio_bodies *kept, coley_text *out, coley_error *err)
{
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_list(&emit, NULL);
    for (const coley_studio_control *c = coley_studio_control_list; c->key; c++) {
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "key", c->key);
        coley_emit_text(&emit, "label", c->label);
        coley_emit_text(&emit, "unit", c->unit ? c->unit : "");
        coley_emit_text(&emit, "scale", c->scale);
        coley_emit_number(&emit, "low", c->low);
        coley_emit_number(&emit, "high", c->high);
        if (!strcmp(c->scale, "choice")) {
            coley_emit_text(&emit, "default", word_now(c, scenario));
            COLEY_TRY(add_choices(arena, catalog, kept, c, &emit, err));
        } else {
            const double now = scenario && c->number ? c->number(scenario) : NAN;
            coley_emit_number(&emit, "default", isnan(now) ? c->otherwise : now);
        }
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    return COLEY_OK;
}
