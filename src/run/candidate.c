/* SPDX-License-Identifier: GPL-3.0-or-later */
/* candidate.c -- facts, rules, scores, simulated chances, and their order. */
#include "run/candidate.h"

#include "run/biomarkers.h"
#include "run/session.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- facts ------------------------------------------------------------------------------------------------------- */

static const char *without_stop(coley_arena *arena, const char *text)
{
    const size_t length = strlen(text);
    return coley_arena_text(arena, text, length && text[length - 1] == '.' ? length - 1 : length);
}

coley_status coley_candidate_facts(coley_arena *arena, const coley_scenario *s, coley_facts *facts, coley_error *err)
{
    static const char *const sex[] = {"female", "male"}, *const msi[] = {"stable", "low", "high"};
    const coley_scenario_patient *p = &s->patient;
    const coley_fact of_patient[] = {
        {"cancer", "the cancer", 0, NAN, s->cancer},
        {"age", "age [year]", 1, p->age_year, NULL},
        {"sex", "sex", 0, NAN, p->sex < 0 ? NULL : sex[p->sex]},
        {"pdl1_tps", "PD-L1 tumour proportion score [%]", 1, 100 * p->pdl1_tps, NULL},
        {"tmb", "tumour mutational burden [1/Mb]", 1, p->tmb_per_Mb, NULL},
        {"msi", "microsatellite instability or mismatch repair", 0, NAN, p->msi < 0 ? NULL : msi[p->msi]},
        {"albumin", "albumin [g/dL]", 1, p->albumin_g_per_L / 10, NULL},
        {"ldh", "lactate dehydrogenase [ULN]", 1, p->ldh_uln, NULL},
        {"ecog", "ECOG performance status", 1, p->ecog, NULL},
    };
    size_t n = sizeof of_patient / sizeof *of_patient, n_rows = 0;
    while (coley_history_fields[n_rows].name) n_rows++;
    coley_fact *fact = COLEY_NEW(arena, coley_fact, n + n_rows + COLEY_PRIOR_COUNT);
    if (!fact) return COLEY_FAIL_MEMORY(err);
    memcpy(fact, of_patient, sizeof of_patient);
    for (const coley_field *row = coley_history_fields; row->name; row++) {
        const void *value = (const char *)&s->history + row->offset;
        if (row->kind == COLEY_FIELD_CUSTOM) continue;
        coley_fact *f = &fact[n++];
        *f = (coley_fact){row->name, without_stop(arena, row->doc), row->kind == COLEY_FIELD_NUMBER, NAN, NULL};
        if (!f->words) return COLEY_FAIL_MEMORY(err);
        if (f->is_number)
            f->number = *(const double *)value;
        else if (*(const int *)value >= 0)
            f->text = row->choices[*(const int *)value];
    }
    for (size_t i = 0; i < COLEY_PRIOR_COUNT; i++) {
        const coley_scenario_prior *prior = &s->history.prior;
        coley_fact *f = &fact[n++];
        *f = (coley_fact){coley_arena_printf(arena, "prior_%s", coley_prior_names[i]),
                          coley_arena_printf(arena, "earlier treatment: %s", coley_prior_names[i]), 0, NAN,
                          !prior->given   ? NULL
                          : prior->had[i] ? "yes"
                                          : "no"};
        if (!f->name || !f->words) return COLEY_FAIL_MEMORY(err);
    }
    *facts = (coley_facts){n, fact};
    return COLEY_OK;
}

/* ---- rules ------------------------------------------------------------------------------------------------------- */

/* The cancer must be one that some rule speaks about. */
static coley_status check_cancer(coley_arena *arena, const coley_rules *labels, const coley_scenario *s,
                                 coley_error *err)
{
    const char **name = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < labels->n; i++)
        for (size_t k = 0; k < labels->rule[i].n_conditions; k++) {
            const coley_condition_test *test = labels->rule[i].condition[k].test; /* "cancer" is the first fact */
            for (size_t j = 0; test->fact == 0 && j < test->n_values; j++) {
                if (!strcmp(test->value[j], s->cancer)) return COLEY_OK;
                if (!COLEY_RESERVE(arena, name, cap, n + 1)) return COLEY_FAIL_MEMORY(err);
                name[n++] = test->value[j];
            }
        }
    if (!strcmp(s->cancer, "other-solid")) return COLEY_OK;
    const char *near = coley_text_nearest(s->cancer, name, n);
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = s->path, .key = "cancer"}),
                         "%s is not a cancer that the rules of catalog/guidelines/labels.yaml know; %s%s%s or "
                         "'other-solid'",
                         coley_quote_make(s->cancer).text, near ? "did you mean '" : "write one of theirs",
                         near ? near : "", near ? "'?" : "");
}

static coley_status add_cautions(coley_arena *arena, const coley_rules *cautions, const coley_facts *facts,
                                 coley_candidate_option *option, coley_error *err)
{
    option->caution = COLEY_NEW(arena, const coley_rule *, cautions->n);
    option->caution_verdict = COLEY_NEW(arena, coley_verdict, cautions->n);
    if (!option->caution || !option->caution_verdict) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < cautions->n; i++) {
        coley_verdict *verdict = &option->caution_verdict[option->n_cautions];
        if (!coley_rule_applies(&cautions->rule[i], option->rule->group)) continue;
        COLEY_TRY(coley_rule_judge(arena, &cautions->rule[i], facts, verdict, err));
        if (verdict->truth != COLEY_NOT_MET) option->caution[option->n_cautions++] = &cautions->rule[i];
    }
    return COLEY_OK;
}

static coley_status find_harm(const coley_yaml *root, const coley_rule *rule, coley_candidate_harm *harm,
                              coley_error *err)
{
    *harm = (coley_candidate_harm){.share = NAN, .low = NAN, .high = NAN};
    if (!rule->safety) return COLEY_OK;
    const coley_yaml *row = coley_yaml_find(coley_yaml_find(root, "totals"), rule->safety);
    const coley_yaml *share = coley_yaml_find(row, "grade_3_4"), *people = coley_yaml_find(row, "n");
    if (!share || !coley_yaml_find(row, "source"))
        return coley_yaml_fail(root, err, "totals.%s with grade_3_4 and source is missing; rule %s asks for it",
                               rule->safety, rule->id);
    double n;
    COLEY_TRY(coley_yaml_number(share, 0, 1, &harm->share, err));
    COLEY_TRY(coley_yaml_text(coley_yaml_find(row, "source"), &harm->source, err));
    if (!people) return COLEY_OK;
    COLEY_TRY(coley_yaml_number(people, 1, 1e6, &n, err));
    coley_share_interval(harm->share * n, n, &harm->low, &harm->high);
    return COLEY_OK;
}

/* ---- simulated chances ------------------------------------------------------------------------------------------- */

static coley_status simulate(const coley_candidate_request *request, const coley_scenario *scenario,
                             const char *regimen, coley_candidate_chance *chance, coley_error *err)
{
    const coley_session_options options = {.n_threads = request->n_threads, .progress = request->progress};
    coley_arena *scratch = coley_arena_create();
    coley_scenario *treated;
    coley_session *session;
    coley_course *course;
    if (!scratch) return COLEY_FAIL_MEMORY(err);
    coley_status status = coley_scenario_treat(scratch, scenario, request->catalog, regimen, &treated, err);
    if (status == COLEY_OK) {
        treated->forecast = (coley_scenario_forecast){.using_first = 2};
        treated->run.duration_day = fmax(treated->run.duration_day, 366);
        treated->run.output_every_day = fmax(treated->run.output_every_day, 28);
        status = coley_session_prepare(scratch, treated, request->models, request->catalog, &session, err);
    }
    if (status == COLEY_OK) status = coley_session_run(scratch, session, &options, &course, err);
    if (status == COLEY_OK) {
        const double n = (double)course->n_twins;
        *chance = (coley_candidate_chance){
            .n_people = course->n_twins, .n_responded = course->n_twins_responded, .n_steady = course->n_twins_steady};
        coley_share_interval((double)chance->n_responded, n, &chance->response_low, &chance->response_high);
        coley_share_interval((double)chance->n_steady, n, &chance->steady_low, &chance->steady_high);
        chance->response = n > 0 ? (double)chance->n_responded / n : NAN;
        chance->steady = n > 0 ? (double)chance->n_steady / n : NAN;
    }
    coley_arena_destroy(scratch);
    return status;
}

static int cancer_is_modelled(coley_arena *arena, const coley_candidate_request *request, const char *cancer)
{
    const char *path =
        strchr(cancer, '/') ? NULL : coley_arena_printf(arena, "%s/cancers/%s.yaml", request->catalog, cancer);
    return path && access(path, R_OK) == 0;
}

static coley_status simulate_options(coley_arena *arena, const coley_candidate_request *request, coley_candidate *c,
                                     coley_error *err)
{
    const int modelled = cancer_is_modelled(arena, request, c->scenario->cancer);
    for (size_t i = 0; i < c->n_options; i++) {
        coley_candidate_option *o = &c->option[i];
        o->not_simulated = !request->simulate                  ? "left out on request"
                           : !o->rule->regimen                 ? o->rule->not_simulated
                           : o->verdict.truth == COLEY_NOT_MET ? "its rule is not met"
                           : !modelled                         ? "Coley has no model of this cancer"
                           : !c->scenario->lesions.n           ? "no lesions are given"
                                                               : NULL;
        if (o->not_simulated) continue;
        for (size_t k = 0; k < i && !o->chance.n_people; k++)
            if (c->option[k].chance.n_people && !strcmp(c->option[k].rule->regimen, o->rule->regimen))
                o->chance = c->option[k].chance;
        if (!o->chance.n_people) COLEY_TRY(simulate(request, c->scenario, o->rule->regimen, &o->chance, err));
        if (!o->chance.n_people) o->not_simulated = "run.population is 0, or no virtual person fits";
    }
    return COLEY_OK;
}

/* ---- order ------------------------------------------------------------------------------------------------------- */

static int exclusions(const coley_candidate_option *o)
{
    int n = 0;
    for (size_t i = 0; i < o->n_cautions; i++)
        n += o->caution_verdict[i].truth == COLEY_MET && !strcmp(o->caution[i]->level, "label exclusion");
    return n;
}

static double chance_of(const coley_candidate_option *o)
{
    return o->chance.n_people ? o->chance.response : isnan(o->rule->response) ? -1 : o->rule->response;
}

static int compare_options(const void *a, const void *b)
{
    const coley_candidate_option *x = a, *y = b;
    if (x->verdict.truth != y->verdict.truth) return y->verdict.truth - x->verdict.truth;
    if (exclusions(x) != exclusions(y)) return exclusions(x) - exclusions(y);
    if (chance_of(x) != chance_of(y)) return chance_of(x) < chance_of(y) ? 1 : -1;
    return strcmp(x->rule->id, y->rule->id);
}

/* ---- what drives the numbers ------------------------------------------------------------------------------------- */

static void add_driver(coley_candidate *c, const char *number, const char *change, double before, double after)
{
    if (c->n_drivers < COLEY_CANDIDATE_MAX_DRIVERS && !isnan(after))
        c->driver[c->n_drivers++] = (coley_candidate_driver){number, change, before, after};
}

static void drive_loris(coley_candidate *c)
{
    static const struct {
        size_t offset;
        double value;
        const char *change;
    } changes[] = {{offsetof(coley_score_inputs, tmb_per_Mb), 2, "TMB 2/Mb"},
                   {offsetof(coley_score_inputs, tmb_per_Mb), 20, "TMB 20/Mb"},
                   {offsetof(coley_score_inputs, albumin_g_dL), 3, "albumin 3.0 g/dL"},
                   {offsetof(coley_score_inputs, albumin_g_dL), 4.3, "albumin 4.3 g/dL"},
                   {offsetof(coley_score_inputs, nlr), 2, "NLR 2"},
                   {offsetof(coley_score_inputs, nlr), 10, "NLR 10"},
                   {offsetof(coley_score_inputs, prior), 0, "no earlier systemic therapy"},
                   {offsetof(coley_score_inputs, prior), 1, "earlier systemic therapy"},
                   {offsetof(coley_score_inputs, age_year), 40, "age 40"},
                   {offsetof(coley_score_inputs, age_year), 80, "age 80"}};
    if (!c->pan.known) return;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        coley_score_inputs inputs = c->inputs;
        double *value = (double *)(void *)((char *)&inputs + changes[i].offset);
        if (*value == changes[i].value) continue;
        *value = changes[i].value;
        add_driver(c, "LORIS chance, recalibrated", changes[i].change, c->pan.chance,
                   coley_loris_score(&c->loris_pan, &inputs).chance);
    }
}

static coley_status drive_simulation(const coley_candidate_request *request, coley_candidate *c, coley_error *err)
{
    static const struct {
        size_t offset;
        double value;
        const char *change;
    } changes[] = {{offsetof(coley_scenario, patient.pdl1_tps), 0.01, "PD-L1 1 %"},
                   {offsetof(coley_scenario, patient.pdl1_tps), 0.9, "PD-L1 90 %"},
                   {offsetof(coley_scenario, patient.tmb_per_Mb), 2, "TMB 2/Mb"},
                   {offsetof(coley_scenario, patient.tmb_per_Mb), 20, "TMB 20/Mb"}};
    const coley_candidate_option *best = NULL;
    for (size_t i = 0; i < c->n_options && !best; i++)
        if (c->option[i].chance.n_people) best = &c->option[i];
    if (!best) return COLEY_OK;
    c->driven = best->rule->therapy;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        coley_scenario changed = *c->scenario;
        coley_candidate_chance chance = {.response = NAN};
        *(double *)(void *)((char *)&changed + changes[i].offset) = changes[i].value;
        COLEY_TRY(simulate(request, &changed, best->rule->regimen, &chance, err));
        add_driver(c, "simulated response", changes[i].change, best->chance.response, chance.response);
    }
    return COLEY_OK;
}

static void note_unknown(coley_candidate *c, const char *words)
{
    if (!words || c->n_unknown == COLEY_CANDIDATE_MAX_UNKNOWN) return;
    for (size_t i = 0; i < c->n_unknown; i++)
        if (!strcmp(c->unknown[i], words)) return;
    c->unknown[c->n_unknown++] = words;
}

static void list_unknown(coley_candidate *c)
{
    for (size_t i = 0; i < c->n_options; i++)
        for (size_t k = 0; c->option[i].verdict.truth == COLEY_NOT_KNOWN && k < c->option[i].verdict.n_deciding; k++) {
            const coley_condition *condition = c->option[i].verdict.deciding[k];
            for (size_t j = 0; j < condition->n; j++) {
                const coley_fact *fact = &c->facts.fact[condition->test[j].fact];
                if (fact->is_number ? isnan(fact->number) : !fact->text) note_unknown(c, fact->words);
            }
        }
    if (isnan(c->inputs.nlr)) note_unknown(c, "ratio of neutrophils to lymphocytes (LORIS)");
    if (isnan(c->inputs.albumin_g_dL)) note_unknown(c, "albumin (LORIS, Royal Marsden, GRIm)");
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static coley_status guideline(coley_arena *arena, const char *catalog, const char *name, const coley_yaml **root,
                              coley_error *err)
{
    const char *path = coley_arena_printf(arena, "%s/guidelines/%s.yaml", catalog, name);
    return path ? coley_yaml_load(arena, path, root, err) : COLEY_FAIL_MEMORY(err);
}

static coley_status score(coley_arena *arena, const char *catalog, coley_candidate *c, coley_error *err)
{
    const coley_scenario *s = c->scenario;
    const coley_scenario_history *h = &s->history;
    const coley_yaml *root;
    COLEY_TRY(guideline(arena, catalog, "scores", &root, err));
    COLEY_TRY(coley_loris_read(arena, root, "loris_pan_cancer", &c->loris_pan, err));
    COLEY_TRY(coley_loris_read(arena, root, "loris_nsclc", &c->loris_nsclc, err));
    double prior = isnan(h->line) ? NAN : h->line > 0;
    if (h->prior.given && !(prior > 0)) { /* surgery and radiation are no systemic therapy */
        prior = 0;
        for (size_t i = 0; i < COLEY_PRIOR_COUNT; i++)
            if (h->prior.had[i] && strcmp(coley_prior_names[i], "surgery") &&
                strcmp(coley_prior_names[i], "radiotherapy"))
                prior = 1;
    }
    c->inputs = (coley_score_inputs){.cancer = s->cancer,
                                     .tmb_per_Mb = s->patient.tmb_per_Mb,
                                     .tps_pct = 100 * s->patient.pdl1_tps,
                                     .prior = prior,
                                     .albumin_g_dL = s->patient.albumin_g_per_L / 10,
                                     .nlr = h->nlr,
                                     .age_year = s->patient.age_year,
                                     .dnlr = h->dnlr,
                                     .ldh_uln = s->patient.ldh_uln,
                                     .metastatic_sites = h->metastatic_sites};
    c->pan = coley_loris_score(&c->loris_pan, &c->inputs);
    c->nsclc = (coley_loris_result){.score = NAN, .linear = NAN, .chance = NAN, .low95 = NAN, .high95 = NAN};
    if (!strcmp(s->cancer, "nsclc")) c->nsclc = coley_loris_score(&c->loris_nsclc, &c->inputs);
    c->lipi = coley_score_lipi(&c->inputs);
    c->marsden = coley_score_marsden(&c->inputs);
    c->grim = coley_score_grim(&c->inputs);
    return COLEY_OK;
}

coley_status coley_candidate_run(coley_arena *arena, const coley_candidate_request *request, coley_candidate **out,
                                 coley_error *err)
{
    coley_candidate *c = COLEY_NEW(arena, coley_candidate, 1);
    coley_scenario *scenario;
    coley_rules labels, cautions;
    const coley_yaml *root, *harms;
    if (!c) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_scenario_load_person(arena, request->path, &scenario, err));
    if (request->known) COLEY_TRY(coley_biomarkers_apply(arena, request->known, scenario, err));
    if (request->biomarkers) {
        coley_biomarkers biomarkers;
        COLEY_TRY(coley_biomarkers_read(arena, request->biomarkers, &biomarkers, err));
        COLEY_TRY(coley_biomarkers_apply(arena, &biomarkers, scenario, err));
    }
    c->scenario = scenario;
    COLEY_TRY(coley_candidate_facts(arena, scenario, &c->facts, err));
    COLEY_TRY(guideline(arena, request->catalog, "labels", &root, err));
    COLEY_TRY(coley_rules_read(arena, root, "labels", &c->facts, &labels, err));
    COLEY_TRY(guideline(arena, request->catalog, "cautions", &root, err));
    COLEY_TRY(coley_rules_read(arena, root, "cautions", &c->facts, &cautions, err));
    COLEY_TRY(guideline(arena, request->catalog, "irae_incidence", &harms, err));
    COLEY_TRY(check_cancer(arena, &labels, scenario, err));
    COLEY_TRY(score(arena, request->catalog, c, err));
    c->n_options = labels.n;
    if (!(c->option = COLEY_NEW(arena, coley_candidate_option, labels.n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < labels.n; i++) {
        coley_candidate_option *option = &c->option[i];
        option->rule = &labels.rule[i];
        COLEY_TRY(coley_rule_judge(arena, option->rule, &c->facts, &option->verdict, err));
        COLEY_TRY(add_cautions(arena, &cautions, &c->facts, option, err));
        COLEY_TRY(find_harm(harms, option->rule, &option->harm, err));
    }
    COLEY_TRY(simulate_options(arena, request, c, err));
    qsort(c->option, c->n_options, sizeof *c->option, compare_options);
    COLEY_TRY(drive_simulation(request, c, err));
    drive_loris(c);
    list_unknown(c);
    *out = c;
    return COLEY_OK;
}
