/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_screen.c -- see trial_screen.h. */
#include "run/trial_screen.h"

#include <math.h>
#include <string.h>

#include "clinic/guideline.h"

/* name, number, words */
#define FACT_LIST(X)                                                                                                   \
    X(AGE, "age", 1, "age [year]")                                                                                     \
    X(SEX, "sex", 0, "female or male")                                                                                 \
    X(WEIGHT, "weight", 1, "body weight [kg]")                                                                         \
    X(ECOG, "ecog", 1, "ECOG performance status, 0 to 2")                                                              \
    X(LDH, "ldh", 1, "lactate dehydrogenase [upper limits of normal]")                                                 \
    X(ALBUMIN, "albumin", 1, "albumin [g/L]")                                                                          \
    X(NLR, "nlr", 1, "ratio of neutrophils to lymphocytes")                                                            \
    X(TMB, "tmb", 1, "mutational burden [1/Mb]")                                                                       \
    X(TPS, "pdl1_tps", 1, "PD-L1, share of tumour cells [%]")                                                          \
    X(SOD, "sum_of_diameters", 1, "of all lesions at the first dose [mm]")

enum {
#define FACT_ENUM(name, key, number, words) FACT_##name,
    FACT_LIST(FACT_ENUM)
#undef FACT_ENUM
        N_FACTS
};

struct coley_trial_screen {
    coley_facts facts;
    coley_fact *fact; /* [facts.n]: the list, then every input of the model */
    size_t n_inputs;
    size_t n_rules, n_strata;
    coley_condition *rule, *stratum;
};

static const coley_fact listed[N_FACTS] = {
#define FACT_ROW(name_, key, number_, words_) {.name = key, .words = words_, .is_number = number_, .number = NAN},
    FACT_LIST(FACT_ROW)
#undef FACT_ROW
};

static coley_status read_conditions(coley_arena *arena, const coley_trial_texts *texts, const coley_facts *facts,
                                    coley_condition **list, size_t *n, coley_error *err)
{
    if (!(*list = COLEY_NEW(arena, coley_condition, texts->n))) return COLEY_FAIL_MEMORY(err);
    for (*n = 0; *n < texts->n; ++*n) {
        coley_error why = {0};
        const coley_status status = coley_condition_parse(arena, texts->text[*n], facts, &(*list)[*n], &why);
        if (status == COLEY_ERR_MEMORY) return COLEY_FAIL_MEMORY(err);
        if (status != COLEY_OK) return coley_yaml_fail(texts->node[*n], err, "%s", why.text);
    }
    return COLEY_OK;
}

coley_status coley_trial_screen_create(coley_arena *arena, const coley_trial_design *design, const coley_body *body,
                                       coley_trial_screen **out, coley_error *err)
{
    coley_trial_screen *s = COLEY_NEW(arena, coley_trial_screen, 1);
    if (!s) return COLEY_FAIL_MEMORY(err);
    s->n_inputs = coley_program_input_count(body->program);
    if (!(s->fact = COLEY_NEW(arena, coley_fact, N_FACTS + s->n_inputs))) return COLEY_FAIL_MEMORY(err);
    memcpy(s->fact, listed, sizeof listed);
    for (size_t i = 0; i < s->n_inputs; i++)
        s->fact[N_FACTS + i] =
            (coley_fact){.name = body->network->symbol[coley_program_input_symbol(body->program, i)].id,
                         .words = "a parameter of the model",
                         .is_number = 1,
                         .number = NAN};
    s->facts = (coley_facts){.n = N_FACTS + s->n_inputs, .fact = s->fact};
    COLEY_TRY(read_conditions(arena, &design->eligibility, &s->facts, &s->rule, &s->n_rules, err));
    COLEY_TRY(read_conditions(arena, &design->strata, &s->facts, &s->stratum, &s->n_strata, err));
    *out = s;
    return COLEY_OK;
}

void coley_trial_screen_person(coley_trial_screen *s, const coley_covariates *who, double tmb_per_Mb, double pdl1_tps,
                               double sod_mm, const double *inputs)
{
    s->fact[FACT_AGE].number = who->age_year;
    s->fact[FACT_SEX].text = who->male ? "male" : "female";
    s->fact[FACT_WEIGHT].number = who->weight_kg;
    s->fact[FACT_ECOG].number = who->ecog;
    s->fact[FACT_LDH].number = who->ldh_uln;
    s->fact[FACT_ALBUMIN].number = who->albumin_g_per_L;
    s->fact[FACT_NLR].number = who->nlr;
    s->fact[FACT_TMB].number = tmb_per_Mb;
    s->fact[FACT_TPS].number = 100 * pdl1_tps;
    s->fact[FACT_SOD].number = sod_mm;
    for (size_t i = 0; i < s->n_inputs; i++) s->fact[N_FACTS + i].number = inputs[i];
}

int coley_trial_screen_enters(const coley_trial_screen *s, coley_trial_rule *rule)
{
    size_t failed = 0, last = 0;
    for (size_t i = 0; i < s->n_rules; i++) {
        if (coley_condition_judge(&s->rule[i], &s->facts) == COLEY_MET) continue;
        rule[i].n_removed++;
        last = i;
        failed++;
    }
    if (failed == 1) rule[last].n_alone++;
    return !failed;
}

unsigned coley_trial_screen_stratum(const coley_trial_screen *s)
{
    unsigned stratum = 0;
    for (size_t i = 0; i < s->n_strata; i++)
        stratum |= (unsigned)(coley_condition_judge(&s->stratum[i], &s->facts) == COLEY_MET) << i;
    return stratum;
}

void coley_trial_screen_document(coley_text *out)
{
    coley_text_addf(out, "| name | meaning |\n|---|---|\n");
    for (size_t i = 0; i < N_FACTS; i++) coley_text_addf(out, "| `%s` | %s |\n", listed[i].name, listed[i].words);
    coley_text_addf(out, "| any parameter of the model | by its name, in the model's own unit |\n");
}
