/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_candidate.c -- conditions in three-valued logic, the rules of the catalog, scores by hand, whole reports. */
#include "run/candidate.h"

#include "support/check.h"

#include <stdlib.h>

#define CATALOG COLEY_SOURCE_DIR "/catalog"
#define PATIENT COLEY_SOURCE_DIR "/examples/07-candidate/patient.yaml"

static coley_error err;

static coley_truth judge(const char *text, double line, const char *msi)
{
    coley_arena *arena = coley_arena_create();
    const coley_fact fact[] = {{"line", "line", 1, line, NULL}, {"msi", "MSI", 0, NAN, msi}};
    const coley_facts facts = {2, fact};
    coley_condition condition;
    const coley_status status = coley_condition_parse(arena, text, &facts, &condition, &err);
    const coley_truth truth = status == COLEY_OK ? coley_condition_judge(&condition, &facts) : (coley_truth)-1;
    coley_arena_destroy(arena);
    return truth;
}

static void what_is_not_known_stays_so_unless_the_rest_decides(void)
{
    CHECK(judge("line >= 1", 1, NULL) == COLEY_MET && judge("line >= 1", 0, NULL) == COLEY_NOT_MET);
    CHECK(judge("line >= 1", NAN, NULL) == COLEY_NOT_KNOWN);
    CHECK(judge("line < 1", 0, NULL) == COLEY_MET && judge("line <= 1", 1, NULL) == COLEY_MET);
    CHECK(judge("line > 1", 1, NULL) == COLEY_NOT_MET);
    CHECK(judge("msi is high, low", NAN, "low") == COLEY_MET &&
          judge("msi not high, low", NAN, "low") == COLEY_NOT_MET);
    CHECK(judge("msi is not high", NAN, "stable") == COLEY_MET && judge("msi not high", NAN, NULL) == COLEY_NOT_KNOWN);
    CHECK(judge("line >= 1 or msi is high", NAN, "high") == COLEY_MET);
    CHECK(judge("line >= 1 or msi is high", NAN, "low") == COLEY_NOT_KNOWN);
    CHECK(judge("line >= 1 or msi is high", 0, "low") == COLEY_NOT_MET);
}

static void a_condition_that_cannot_be_read_says_why(void)
{
    static const char *const wrong[][2] = {{"lines >= 1", "nothing is called"},
                                           {"line is 1", "is a number"},
                                           {"msi >= 3", "is a word"},
                                           {"line >= x", "no number"},
                                           {"line", "none of"},
                                           {"msi is ,low", "a value is missing"},
                                           {"", "nothing is called"},
                                           {"msi is high or ", "nothing is called"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(judge(wrong[i][0], 0, NULL) == (coley_truth)-1);
        CHECK_HAS(err.text, wrong[i][1]);
    }
}

/* Make the condition's first alternative true, or all of them false. */
static void answer(const coley_condition *condition, coley_fact *fact, int met)
{
    for (size_t i = 0; i < (met ? 1 : condition->n); i++) {
        const coley_condition_test *test = &condition->test[i];
        coley_fact *f = &fact[test->fact];
        const int above = test->kind == COLEY_MORE || test->kind == COLEY_AT_LEAST;
        if (f->is_number)
            f->number = test->number + (above == met ? 1 : -1);
        else
            f->text = (test->kind == COLEY_IS) == met ? test->value[0] : "something else";
    }
}

static void each_label_rule_and_caution_has_people_who_meet_it_fail_it_and_do_not_know(void)
{
    static const char *const files[] = {"labels", "cautions"};
    coley_arena *arena = coley_arena_create();
    const coley_scenario nobody = {.cancer = NULL};
    coley_facts facts;
    CHECK(coley_candidate_facts(arena, &nobody, &facts, &err) == COLEY_OK);
    coley_fact *fact = COLEY_NEW(arena, coley_fact, facts.n);
    for (size_t k = 0; k < 2; k++) {
        coley_rules rules;
        const coley_yaml *root;
        char path[512];
        snprintf(path, sizeof path, CATALOG "/guidelines/%s.yaml", files[k]);
        CHECK(coley_yaml_load(arena, path, &root, &err) == COLEY_OK);
        if (coley_rules_read(arena, root, files[k], &facts, &rules, &err) != COLEY_OK) {
            printf("# %s: %d: %s\n", err.file, err.line, err.text);
            CHECK(0);
            break;
        }
        CHECK(rules.n > 20);
        for (size_t i = 0; i < rules.n; i++) {
            const coley_rule *rule = &rules.rule[i];
            coley_verdict verdict;
            const coley_facts answers = {facts.n, fact};
            if (!strcmp(rule->id, "ecog-2")) continue; /* from 2 to below 3: two conditions on one fact */
            for (size_t j = 0; j < facts.n; j++) fact[j] = facts.fact[j], fact[j].number = NAN, fact[j].text = NULL;
            CHECK(coley_rule_judge(arena, rule, &answers, &verdict, &err) == COLEY_OK);
            CHECK(verdict.truth == COLEY_NOT_KNOWN && verdict.n_deciding == rule->n_conditions);
            for (size_t j = 0; j < rule->n_conditions; j++) answer(&rule->condition[j], fact, 1);
            CHECK(coley_rule_judge(arena, rule, &answers, &verdict, &err) == COLEY_OK);
            if (verdict.truth != COLEY_MET) printf("# %s\n", rule->id);
            CHECK(verdict.truth == COLEY_MET && verdict.n_deciding == 0);
            for (size_t j = 0; j < rule->n_conditions; j++) { /* any one that fails is enough, and is named */
                answer(&rule->condition[j], fact, 0);
                CHECK(coley_rule_judge(arena, rule, &answers, &verdict, &err) == COLEY_OK);
                CHECK(verdict.truth == COLEY_NOT_MET && verdict.n_deciding == 1 &&
                      verdict.deciding[0] == &rule->condition[j]);
                answer(&rule->condition[j], fact, 1);
            }
        }
    }
    coley_arena_destroy(arena);
}

static void loris_is_the_published_formula(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_yaml *root;
    coley_loris pan, lung;
    CHECK(coley_yaml_load(arena, CATALOG "/guidelines/scores.yaml", &root, &err) == COLEY_OK);
    CHECK(coley_loris_read(arena, root, "loris_pan_cancer", &pan, &err) == COLEY_OK);
    CHECK(coley_loris_read(arena, root, "loris_nsclc", &lung, &err) == COLEY_OK);
    coley_score_inputs x = {.cancer = "nsclc",
                            .tmb_per_Mb = 10,
                            .tps_pct = 60,
                            .prior = 1,
                            .albumin_g_dL = 4,
                            .nlr = 5,
                            .age_year = 60,
                            .dnlr = 3.5,
                            .ldh_uln = 1.2,
                            .metastatic_sites = 3};
    /* 0.371 - 0.8775 + 2.1528 - 0.165 + 0.294 + 0.0008 - 2.0886 */
    CHECK_NEAR(coley_loris_score(&pan, &x).linear, -0.3125, 1e-12);
    CHECK_NEAR(coley_loris_score(&pan, &x).score, 1 / (1 + exp(0.3125)), 1e-12);
    /* 0.353 + 0.666 - 0.375 + 1.1696 - 0.0515 - 1.5593 */
    CHECK_NEAR(coley_loris_score(&lung, &x).linear, 0.2028, 1e-12);
    const coley_loris_result r = coley_loris_score(&pan, &x);
    CHECK(r.low95 < r.chance && r.chance < r.high95 && r.chance < r.score);
    CHECK(coley_score_lipi(&x) == 2 && coley_score_marsden(&x) == 2 && coley_score_grim(&x) == 1);
    x.tmb_per_Mb = 500; /* capped at 50 */
    CHECK_NEAR(coley_loris_score(&pan, &x).linear, -0.3125 + 0.0371 * 40, 1e-12);
    x.nlr = NAN;
    CHECK(!coley_loris_score(&pan, &x).known && coley_score_grim(&x) == -1);
    x.nlr = 5, x.cancer = "glioma";
    CHECK(!coley_loris_score(&pan, &x).known);
    coley_arena_destroy(arena);
}

static void the_interval_of_a_share_is_wilsons(void)
{
    double low, high;
    coley_share_interval(10, 100, &low, &high); /* Newcombe 1998's form: 0.0552 to 0.1744 */
    CHECK_NEAR(low, 0.0552, 1e-4);
    CHECK_NEAR(high, 0.1744, 1e-4);
    coley_share_interval(0, 20, &low, &high);
    CHECK(low == 0 && high > 0.1 && high < 0.2);
}

static coley_status report(coley_arena *arena, const char *path, coley_candidate **candidate)
{
    const coley_candidate_request request = {
        .path = path, .models = COLEY_SOURCE_DIR "/models/patient", .catalog = CATALOG, .n_threads = 1};
    return coley_candidate_run(arena, &request, candidate, &err);
}

static void rules_that_are_met_come_first_and_every_form_says_no_advice(void)
{
    coley_arena *arena = coley_arena_create();
    coley_candidate *c = NULL;
    CHECK(report(arena, PATIENT, &c) == COLEY_OK);
    for (size_t i = 1; c && i < c->n_options; i++) CHECK(c->option[i].verdict.truth <= c->option[i - 1].verdict.truth);
    CHECK(c && c->option[0].verdict.truth == COLEY_MET);
    coley_text text[4];
    for (size_t i = 0; c && i < 4; i++) text[i] = (coley_text){.arena = arena};
    if (c) {
        coley_candidate_words(c, 0, &text[0]);
        coley_candidate_json(c, &text[1]);
        coley_candidate_csv(c, &text[2]);
        coley_candidate_page(c, &text[3]);
        for (size_t i = 0; i < 4; i++) CHECK_HAS(text[i].data, "not medical advice");
        CHECK_HAS(text[0].data, "ask for Tumours that can be injected");
    }
    coley_arena_destroy(arena);
}

static void without_memory_it_fails_and_says_so(void)
{
    coley_status status = COLEY_ERR_MEMORY;
    for (size_t k = 1; status != COLEY_OK && k < 100000; k += k < 200 ? 1 : 97) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_candidate *c;
        status = report(arena, PATIENT, &c);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK);
}

int main(void)
{
    RUN(what_is_not_known_stays_so_unless_the_rest_decides);
    RUN(a_condition_that_cannot_be_read_says_why);
    RUN(each_label_rule_and_caution_has_people_who_meet_it_fail_it_and_do_not_know);
    RUN(loris_is_the_published_formula);
    RUN(the_interval_of_a_share_is_wilsons);
    RUN(rules_that_are_met_come_first_and_every_form_says_no_advice);
    RUN(without_memory_it_fails_and_says_so);
    return check_done();
}
