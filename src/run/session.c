/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session.c -- prepares a run: drugs and their classes, the body with its lesions, the population, doses, days. */
#include "run/session.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/units.h"
#include "run/care_loop.h"
#include "run/dosing.h"
#include "run/rechallenge.h"

/* --- drugs and body ------------------------------------------------------------------------------------------------
 */

static int has_drug(const coley_session *session, const char *name)
{
    for (size_t i = 0; i < session->n_drugs; i++)
        if (!strcmp(session->drug[i]->name, name)) return 1;
    return 0;
}

static coley_status add_drug(coley_arena *arena, coley_session *session, const char *catalog, const char *name,
                             const char *key, coley_error *err)
{
    const coley_catalog_drug **list = (const coley_catalog_drug **)session->drug;
    const coley_place place = {.file = session->scenario->path, .key = key};
    coley_catalog_drug *drug;
    if (has_drug(session, name)) return COLEY_OK;
    COLEY_TRY(coley_catalog_drug_read(arena, catalog, name, &drug, err));
    if (has_drug(session, drug->name)) return COLEY_OK; /* another spelling */
    for (size_t k = 0; k < session->n_drugs; k++)
        if (!strcmp(session->drug[k]->drug_class, drug->drug_class))
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                                 "%s and %s are both %s; the model follows one drug of a class", list[k]->name,
                                 drug->name, drug->drug_class);
    if (session->n_drugs == COLEY_BODY_MAX_CLASSES)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "more than %d drugs", COLEY_BODY_MAX_CLASSES);
    list[session->n_drugs++] = drug;
    return COLEY_OK;
}

/* Drugs of the regimen first, then those that only the event table names, then those of the clinic, then those that
 * only a later therapy has. */
static coley_status read_drugs(coley_arena *arena, coley_session *session, const coley_session_care *care,
                               const char *catalog, coley_error *err)
{
    const coley_scenario *scenario = session->scenario;
    session->drug = COLEY_NEW(arena, const coley_catalog_drug *, COLEY_BODY_MAX_CLASSES + 1);
    if (!session->drug) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < scenario->regimen.n; i++)
        COLEY_TRY(add_drug(arena, session, catalog, COLEY_SCENARIO_DRUG(scenario, i)->drug, "regimen", err));
    for (size_t i = 0; i < session->n_doses; i++)
        COLEY_TRY(add_drug(arena, session, catalog, session->given[i].drug, "regimen", err));
    for (size_t i = 0; care && i < care->policy->n_drugs; i++)
        COLEY_TRY(add_drug(arena, session, catalog, care->policy->drug[i].name, "policy", err));
    session->n_own_drugs = session->n_drugs;
    for (size_t k = 0; k < scenario->n_later; k++)
        for (size_t i = 0; i < scenario->later[k].scenario->regimen.n; i++)
            COLEY_TRY(add_drug(arena, session, catalog, COLEY_SCENARIO_DRUG(scenario->later[k].scenario, i)->drug,
                               "after_progression", err));
    return COLEY_OK;
}

static const coley_catalog_drug *drug_of(const coley_session *session, const char *name)
{
    for (size_t i = 0; i < session->n_drugs; i++)
        if (!strcmp(session->drug[i]->name, name)) return session->drug[i];
    return NULL;
}

/* The mechanisms beside the core: the scenario's, that of a rechallenge, and the clinic's model of side effects. */
static coley_status list_also(coley_arena *arena, const coley_scenario *scenario, int care, const char *rechallenge,
                              coley_body_options *options, coley_error *err)
{
    const coley_scenario_names *names = &scenario->model.also;
    const char **also = COLEY_NEW(arena, const char *, names->n + 2);
    if (!also) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < names->n; i++) {
        also[options->n_also++] = names->name[i];
        care &= strcmp(names->name[i], "toxicity") != 0;
        if (rechallenge && !strcmp(names->name[i], rechallenge)) rechallenge = NULL;
    }
    if (rechallenge) also[options->n_also++] = rechallenge;
    if (care) also[options->n_also++] = "toxicity";
    options->also = also;
    return COLEY_OK;
}

/* Two products of one kind of cell would be one cell with both targets. */
static coley_status refuse_shared_states(const coley_session *session, coley_error *err)
{
    const coley_body *body = session->body;
    for (size_t i = 0; i < session->n_drugs; i++)
        for (size_t k = 0; k < i; k++)
            if (body->dose_state[i][0] == body->dose_state[k][0])
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT,
                                     ((coley_place){.file = session->scenario->path, .key = "regimen"}),
                                     "%s and %s are the same cells to the model, with one target; keep one of them",
                                     session->drug[k]->name, session->drug[i]->name);
    return COLEY_OK;
}

static coley_status assemble(coley_arena *arena, coley_session *session, const coley_session_care *care,
                             const char *models, const coley_body_source *source, coley_error *err)
{
    const coley_scenario_names *mechanisms = &session->scenario->model.mechanisms;
    const char *drug_class[COLEY_BODY_MAX_CLASSES];
    for (size_t i = 0; i < session->n_drugs; i++) drug_class[i] = session->drug[i]->drug_class;
    coley_body_options options = {.models = models,
                                  .n_lesions = session->scenario->lesions.n,
                                  .n_classes = session->n_drugs,
                                  .drug_class = drug_class};
    const char *rechallenge;
    COLEY_TRY(coley_rechallenge_mechanism(arena, session->scenario, models, &rechallenge, err));
    COLEY_TRY(list_also(arena, session->scenario, care != NULL, rechallenge, &options, err));
    if (mechanisms->n) { /* beside the body itself */
        const char **core = COLEY_NEW(arena, const char *, mechanisms->n + 1);
        if (!core) return COLEY_FAIL_MEMORY(err);
        core[options.n_core++] = "body";
        for (size_t i = 0; i < mechanisms->n; i++)
            if (strcmp(mechanisms->name[i], "body")) core[options.n_core++] = mechanisms->name[i];
        options.core = core;
    }
    coley_body *made = NULL;
    const coley_body *body = NULL;
    if (source)
        COLEY_TRY(source->body(source->self, &options, &body, err));
    else
        COLEY_TRY(coley_body_assemble(arena, &options, &made, err));
    if (made) body = made;
    session->body = body;
    COLEY_TRY(refuse_shared_states(session, err));
    COLEY_TRY(coley_watch_read(arena, models, body, 0, &session->watch, err));
    if (coley_watch_row(&session->watch, 0, "diameter") < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = models}),
                             "the mechanisms give no diameter to scan, or patient.yaml does not watch it");
    COLEY_TRY(coley_fate_rules_read(arena, models, &session->fate_rules, err));
    COLEY_TRY(coley_story_words_read(arena, models, &session->words, err));
    return coley_scanner_read(arena, models, &session->scanner, err);
}

static coley_status populate(coley_arena *arena, coley_session *session, const char *models, coley_error *err)
{
    coley_settings settings = {.arena = arena};
    coley_population *population;
    const coley_body *body = session->body;
    COLEY_TRY(coley_settings_add_catalog(&settings, body, session->cancer->value, session->cancer->n_values, err));
    /* What two drugs both say holds as the first therapy's has it: later settings win. */
    for (size_t k = 0; k < session->n_drugs; k++) {
        const size_t n_own = session->n_own_drugs, n_later = session->n_drugs - n_own;
        const size_t i = k < n_later ? n_own + k : k - n_later;
        COLEY_TRY(
            coley_settings_add_catalog(&settings, body, session->drug[i]->value, session->drug[i]->n_values, err));
    }
    COLEY_TRY(coley_settings_of_scenario(&settings, session->scenario, body, models, err));
    COLEY_TRY(coley_population_create(arena, body, settings.n, settings.row, 0, &population, err));
    session->population = population;
    return COLEY_OK;
}

/* --- doses and days --------------------------------------------------------------------------------------------------
 */

static coley_status place_dose(const coley_session *session, const coley_catalog_drug *drug, coley_given_dose *given,
                               coley_dose *dose, coley_error *err)
{
    const coley_place place = {.file = session->scenario->path, .key = "regimen"};
    const coley_body *body = session->body;
    const size_t class = (size_t)coley_body_class(body, drug->drug_class);
    coley_error why = {0};
    if (coley_unit_convert(given->amount, given->unit, body->dose_unit[class], &given->amount, &why))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s is given in %s or what can be turned into it, not in %s",
                             drug->name, body->dose_unit[class], given->unit);
    if (body->by_lesion[class] && !given->lesion)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "%s goes into lesions: say which, as 'lesions: [1]' or 'lesions: all'", drug->name);
    if (!body->by_lesion[class] && given->lesion)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s goes into the body; take the key 'lesions' away",
                             drug->name);
    given->unit = body->dose_unit[class];
    *dose = (coley_dose){.t_day = given->day,
                         .amount = given->amount,
                         .duration_day = given->duration_day,
                         .state = body->dose_state[class][given->lesion ? given->lesion - 1 : 0]};
    return COLEY_OK;
}

static coley_status place_list(coley_arena *arena, const coley_session *session, size_t n,
                               const coley_given_dose *meant, coley_given_dose **list, coley_dose **doses,
                               coley_error *err)
{
    coley_given_dose *given = COLEY_NEW(arena, coley_given_dose, n);
    coley_dose *dose = COLEY_NEW(arena, coley_dose, n);
    if (!given || !dose) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        given[i] = meant[i];
        const coley_catalog_drug *drug = drug_of(session, given[i].drug);
        if (!drug) { /* another spelling of a name that the catalog knows */
            for (size_t k = 0; k < session->n_drugs && !drug; k++)
                if (!strcasecmp(session->drug[k]->name, given[i].drug)) drug = session->drug[k];
            if (!drug) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the drug %s is not known", given[i].drug);
            given[i].drug = drug->name;
        }
        COLEY_TRY(place_dose(session, drug, &given[i], &dose[i], err));
    }
    *list = given;
    *doses = dose;
    return COLEY_OK;
}

static coley_status place_doses(coley_arena *arena, coley_session *session, coley_error *err)
{
    coley_given_dose *given;
    coley_dose *dose;
    COLEY_TRY(place_list(arena, session, session->n_doses, session->given, &given, &dose, err));
    session->given = given;
    session->dose = dose;
    return COLEY_OK;
}

static coley_status place_later(coley_arena *arena, coley_session *session, const coley_session_care *care,
                                coley_error *err)
{
    const coley_scenario *scenario = session->scenario;
    coley_later *later = COLEY_NEW(arena, coley_later, scenario->n_later);
    if (!later) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < scenario->n_later; k++) {
        coley_given_dose *meant, *given;
        coley_dose *dose;
        size_t n;
        COLEY_TRY(coley_dosing_of(arena, scenario->later[k].scenario, &meant, &n, err));
        COLEY_TRY(place_list(arena, session, n, meant, &given, &dose, err));
        int *class = COLEY_NEW(arena, int, n);
        if (!class) return COLEY_FAIL_MEMORY(err);
        later[k] = (coley_later){.delay_day = scenario->later[k].delay_day, .n_doses = n, .dose = dose};
        for (size_t i = 0; care && i < n; i++) {
            class[i] = (int)coley_policy_class(care->policy, drug_of(session, given[i].drug)->drug_class);
            if (class[i] >= 0) later[k].treated_with |= 1u << class[i];
        }
        if (care) later[k].dose_class = class;
    }
    session->n_later = scenario->n_later;
    session->later = later;
    return COLEY_OK;
}

static coley_status lay_out_days(coley_arena *arena, coley_session *session, coley_error *err)
{
    const coley_scenario *s = session->scenario;
    const double end = s->run.duration_day, first = isnan(s->scans.first_day) ? s->scans.every_day : s->scans.first_day;
    const size_t n_rows = (size_t)floor(s->run.duration_day / s->run.output_every_day + 1e-9) + 1;
    const size_t n_later = first > end ? 0 : (size_t)floor((end - first) / s->scans.every_day + 1e-9) + 1;
    double *scan = COLEY_NEW(arena, double, n_later + 1), *day = COLEY_NEW(arena, double, n_rows + n_later + 1);
    if (!scan || !day) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_later; i++) scan[i + 1] = fmin(first + (double)i * s->scans.every_day, end);
    size_t n = 0;
    for (size_t row = 0, k = 0; row < n_rows || k <= n_later;) {
        const double at_row = row < n_rows ? fmin((double)row * s->run.output_every_day, end) : INFINITY;
        const double at_scan = k <= n_later ? scan[k] : INFINITY;
        day[n++] = fmin(at_row, at_scan);
        /* Rows and scans that rounding keeps apart are one. */
        if (at_row <= at_scan + 1e-9) row++;
        if (at_scan <= at_row + 1e-9) scan[k++] = day[n - 1];
    }
    session->day = day;
    session->n_days = n;
    session->scan_day = scan;
    session->n_scans = n_later + 1;
    return COLEY_OK;
}

/* --- what was read ---------------------------------------------------------------------------------------------------
 */

static coley_status list_inputs(coley_arena *arena, coley_session *session, const char *models, const char *catalog,
                                coley_error *err)
{
    static const char *const tables[] = {"patient", "scan", "infiltration", "fate", "story"};
    const coley_scenario *s = session->scenario;
    coley_record_input *list =
        COLEY_NEW(arena, coley_record_input,
                  8 + session->n_drugs + session->body->n_files + (session->care ? session->care->n_files : 0));
    if (!list) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    list[n++] = (coley_record_input){s->path, "scenario"};
    if (s->events_path) list[n++] = (coley_record_input){s->events_path, "events"};
    if (s->biomarkers_path) list[n++] = (coley_record_input){s->biomarkers_path, "biomarkers"};
    list[n++] =
        (coley_record_input){coley_arena_printf(arena, "%s/cancers/%s.yaml", catalog, session->cancer->name), "cancer"};
    for (size_t i = 0; i < session->n_drugs; i++)
        list[n++] = (coley_record_input){coley_arena_printf(arena, "%s/drugs/%s.yaml", catalog, session->drug[i]->name),
                                         "drug"};
    for (size_t i = 0; session->care && i < session->care->n_files; i++)
        list[n++] = (coley_record_input){session->care->file[i], "policy"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        list[n++] = (coley_record_input){coley_arena_printf(arena, "%s/%s.yaml", models, tables[i]), "model"};
    for (size_t i = 0; i < session->body->n_files; i++)
        list[n++] = (coley_record_input){session->body->file[i], "model"};
    for (size_t i = 0; i < n; i++)
        if (!list[i].path) return COLEY_FAIL_MEMORY(err);
    session->input = list;
    session->n_inputs = n;
    return COLEY_OK;
}

coley_status coley_session_prepare(coley_arena *arena, const coley_scenario *scenario, const char *models,
                                   const char *catalog, coley_session **out, coley_error *err)
{
    return coley_session_prepare_with(arena, scenario, models, catalog, NULL, out, err);
}

coley_status coley_session_prepare_with(coley_arena *arena, const coley_scenario *scenario, const char *models,
                                        const char *catalog, const coley_body_source *source, coley_session **out,
                                        coley_error *err)
{
    coley_session *session = COLEY_NEW(arena, coley_session, 1);
    coley_catalog_cancer *cancer;
    coley_given_dose *given;
    if (!session) return COLEY_FAIL_MEMORY(err);
    session->scenario = scenario;
    COLEY_TRY(coley_catalog_cancer_read(arena, catalog, scenario->cancer, &cancer, err));
    session->cancer = cancer;
    COLEY_TRY(coley_dosing_of(arena, scenario, &given, &session->n_doses, err));
    session->given = given;
    coley_session_care *care = NULL;
    if (scenario->policy_path) COLEY_TRY(coley_care_prepare(arena, scenario, catalog, &care, err));
    COLEY_TRY(read_drugs(arena, session, care, catalog, err));
    COLEY_TRY(assemble(arena, session, care, models, source, err));
    COLEY_TRY(populate(arena, session, models, err));
    COLEY_TRY(place_doses(arena, session, err));
    COLEY_TRY(place_later(arena, session, care, err));
    COLEY_TRY(coley_rechallenge_place(arena, session, models, err));
    if (care) COLEY_TRY(coley_care_bind(arena, session, care, err));
    COLEY_TRY(lay_out_days(arena, session, err));
    COLEY_TRY(list_inputs(arena, session, models, catalog, err));
    *out = session;
    return COLEY_OK;
}
