/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patient/watch.h"

#include "base/units.h"
#include "support/check.h"

#define MODELS COLEY_SOURCE_DIR "/models/patient"

static const char *const classes[] = {
    "anti_pd1",       "anti_pdl1",         "anti_ctla4",     "steroid",       "anti_tnf",
    "anti_integrin",  "antiproliferative", "anti_il6r",      "thyroxine",     "hydrocortisone",
    "immunoglobulin", "platinum",          "taxane",         "anthracycline", "alkylator",
    "antifolate",     "radiation",         "braf_inhibitor", "mek_inhibitor", "egfr_inhibitor",
    "anti_vegf",      "anti_her2",         "anti_egfr",
    "anti_cd20",      "cd19_cd3",          "il2",           "interferon",    "mrna_vaccine",
    "peptide_vaccine", "dc_vaccine",        "oncolytic_virus", "car_t", "car_t_bcma", "anti_lag3", "purine_analogue",
    "coleys_toxins",  "bcg",               "tlr9",
};
enum { N_CLASSES = sizeof classes / sizeof *classes };

static coley_body *body_of(coley_arena *arena, size_t n_lesions, size_t n_classes)
{
    coley_body *body = NULL;
    coley_error err = {0};
    const coley_body_options options = {
        .models = MODELS, .n_lesions = n_lesions, .n_classes = n_classes, .drug_class = classes};
    if (coley_body_assemble(arena, &options, &body, &err)) CHECK_FAIL_("%s", err.text);
    return body;
}

static void every_watched_name_is_in_the_model_and_has_a_unit(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_watch watch;
    coley_unit unit;
    CHECK(coley_watch_read(arena, MODELS, body_of(arena, 2, N_CLASSES), 1, &watch, &err) == COLEY_OK);
    CHECK(coley_watch_read(arena, MODELS, body_of(arena, 2, N_CLASSES), 1, &watch, &err) == COLEY_OK);
    CHECK_TEXT(err.text, "");
    for (size_t i = 0; i < watch.n; i++) {
        CHECK(coley_unit_parse(watch.row[i].unit, &unit, &err) == COLEY_OK);
        CHECK(watch.row[i].label && *watch.row[i].label);
        for (size_t k = 0; k < i; k++) CHECK(strcmp(watch.row[i].id, watch.row[k].id) != 0);
    }
    coley_arena_destroy(arena);
}

static void what_is_not_loaded_is_passed_over_unless_all_is_asked_for(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_watch watch;
    const coley_body *body = body_of(arena, 1, 0);
    CHECK(coley_watch_read(arena, MODELS, body, 0, &watch, &err) == COLEY_OK);
    CHECK(coley_watch_row(&watch, -1, "pd1_mgL") < 0);
    CHECK(coley_watch_row(&watch, 0, "diameter") == 0);
    CHECK(coley_watch_row(&watch, 1, "diameter") < 0);
    CHECK(coley_watch_read(arena, MODELS, body, 1, &watch, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "pd1_mgL");
    CHECK(err.line > 0);
    coley_arena_destroy(arena);
}

static void labels_come_from_the_mechanism_files(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_watch watch;
    CHECK(coley_watch_read(arena, MODELS, body_of(arena, 2, 1), 0, &watch, &err) == COLEY_OK);
    CHECK_TEXT(watch.row[coley_watch_row(&watch, 1, "T_eff")].label, "Effector CD8 in lesion 2");
    CHECK_TEXT(watch.row[coley_watch_row(&watch, -1, "pd1_mgL")].label, "Anti-PD-1 in blood");
    CHECK_TEXT(watch.row[coley_watch_row(&watch, 0, "step4_disguise_fails")].label, "The disguise fails");
    CHECK_TEXT(watch.row[coley_watch_row(&watch, 0, "step4_disguise_fails")].group, "five_steps");
    CHECK_TEXT(watch.row[coley_watch_row(&watch, 1, "step4_disguise_fails")].group, "record");
    CHECK_TEXT(watch.row[coley_watch_row(&watch, 0, "oedema")].unit, "mL");
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(every_watched_name_is_in_the_model_and_has_a_unit);
    RUN(what_is_not_loaded_is_passed_over_unless_all_is_asked_for);
    RUN(labels_come_from_the_mechanism_files);
    return check_done();
}
