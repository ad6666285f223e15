/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_scenario.c -- scenario.yaml: defaults, labels, what is written back, and what a mistake is told. */
#include "run/scenario.h"

#include "support/check.h"

#include <stdlib.h>
#include <unistd.h>

#define CATALOG COLEY_SOURCE_DIR "/catalog"

static coley_error err;

static coley_scenario *read_text(coley_arena *arena, const char *text)
{
    coley_scenario *scenario = NULL;
    err = (coley_error){0};
    return coley_scenario_parse(arena, "s.yaml", text, strlen(text), &scenario, &err) == COLEY_OK ? scenario : NULL;
}

static const char small[] = "cancer: nsclc\nlesions: [{site: lung, diameter: 3 cm}]\n";

static const char full[] =
    "title: A person\n"
    "patient: {id: P01, weight: 80 kg, height: 175 cm, age: 61 year, sex: female, pdl1_tps: 60 %, tmb: 12 1/Mb, msi: stable,\n"
    "          albumin: 3.8 g/dL, ldh: 1.4 ULN, ecog: 1}\n"
    "cancer: nsclc\n"
    "lesions:\n"
    "  - {site: lung, diameter: 4.1 cm, infiltration: excluded}\n"
    "  - {site: lymph node, diameter: 18 mm, nodal: on}\n"
    "regimen:\n"
    "  - pembrolizumab-200-q3w\n"
    "  - {drug: ipilimumab, dose: 1 mg/kg, every: 6 week, start: 1 week, until: 1 year, infusion: 90 min}\n"
    "  - {drug: virus, dose: 1e6 PFU, cycles: 1, lesions: [2]}\n"
    "model: {mechanisms: [pk, t_cells], also: toxicity, parameters: {k_growth: 0.01 1/day, TMB: 3}}\n"
    "scans: {every: 6 week, first: 9 week, noise: off}\n"
    "run: {duration: 2 year, output_every: 12 h, rtol: 1e-7, seed: 42, population: 0}\n";

static void what_is_left_out_has_the_documented_default(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_scenario *s = read_text(arena, small);
    CHECK(s != NULL);
    if (!s) return;
    CHECK(s->lesions.n == 1 && s->regimen.n == 0);
    CHECK_NEAR(COLEY_SCENARIO_LESION(s, 0)->diameter_mm, 30, 1e-12);
    CHECK(COLEY_SCENARIO_LESION(s, 0)->infiltration == COLEY_INFLAMED);
    CHECK(s->patient.weight_kg == 75 && isnan(s->patient.age_year) && s->patient.sex == -1 &&
          isnan(s->patient.pdl1_tps));
    CHECK(s->scans.every_day == 42 && isnan(s->scans.first_day) && s->scans.noise == 1);
    CHECK(s->run.duration_day == 365 && s->run.seed == 1 && s->run.population == 256 && s->run.rtol == 1e-5);
    CHECK(s->model.mechanisms.n == 0 && !s->forecast.lesions && !s->events);
    coley_arena_destroy(arena);
}

static void every_key_lands_in_its_place_and_unit(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_scenario *s = read_text(arena, full);
    CHECK(s != NULL);
    if (!s) return;
    CHECK_NEAR(s->patient.pdl1_tps, 0.6, 1e-15);
    CHECK_NEAR(s->patient.albumin_g_per_L, 38, 1e-12);
    CHECK(s->patient.sex == COLEY_SEX_FEMALE && s->patient.msi == COLEY_MSI_STABLE && s->patient.ecog == 1);
    CHECK(COLEY_SCENARIO_LESION(s, 0)->infiltration == COLEY_EXCLUDED && COLEY_SCENARIO_LESION(s, 1)->nodal);
    CHECK_TEXT(COLEY_SCENARIO_DRUG(s, 0)->dose.label, "pembrolizumab-200-q3w");
    const coley_scenario_drug *ipi = COLEY_SCENARIO_DRUG(s, 1);
    CHECK(ipi->dose.basis == COLEY_DOSE_PER_KG && ipi->dose.amount == 1);
    CHECK_TEXT(ipi->dose.unit, "mg");
    CHECK_NEAR(ipi->every_day, 42, 1e-12);
    CHECK_NEAR(ipi->infusion_day, 90.0 / 1440, 1e-15);
    CHECK(COLEY_SCENARIO_DRUG(s, 2)->lesions == 2 && ipi->lesions == 0 && s->model.also.n == 1);
    CHECK(s->model.mechanisms.n == 2 && s->model.parameters.n == 2);
    CHECK_TEXT(s->model.parameters.row[0].unit, "1/day");
    CHECK(s->run.output_every_day == 0.5 && s->run.seed == 42 && s->scans.noise == 0);
    coley_arena_destroy(arena);
}

static void the_resolved_scenario_reads_back_as_itself_in_yaml_and_in_json(void)
{
    coley_arena *arena = coley_arena_create();
    const char *const sources[] = {small, full};
    for (int style = 0; style < 4; style++) {
        const coley_scenario *s = read_text(arena, sources[style / 2]);
        CHECK(s != NULL);
        if (!s) return;
        coley_text once = {.arena = arena}, twice = {.arena = arena};
        coley_scenario_write(s, style % 2 ? COLEY_EMIT_JSON : COLEY_EMIT_YAML, &once);
        const coley_scenario *again = read_text(arena, once.data);
        CHECK(again != NULL);
        if (!again) {
            printf("# %d: %s\n%s\n", err.line, err.text, once.data);
            return;
        }
        coley_scenario_write(again, style % 2 ? COLEY_EMIT_JSON : COLEY_EMIT_YAML, &twice);
        CHECK_TEXT(twice.data, once.data);
    }
    coley_arena_destroy(arena);
}

static void a_mistake_is_answered_with_place_key_and_remedy(void)
{
#define BODY "cancer: nsclc\nlesions: [{site: lung, diameter: 3 cm}]\n"
    static const struct {
        const char *text, *key, *says;
        int line;
    } cases[] = {
        {"lesions: [{site: lung, diameter: 3 cm}]\n", "", "'cancer' is missing", 1},
        {"cancer: nsclc\n", "", "'lesions' is missing", 1},
        {"cancer: nsclc\nlesions: []\n", "lesions", "from 1 to 5", 2},
        {"cancer: nsclc\nlesions: [{site: lung}]\n", "lesions[0]", "'diameter' is missing", 2},
        {"cancer: nsclc\nlesions: [{site: lung, diameter: 30}]\n", "lesions[0].diameter", "unit", 2},
        {"cancer: nsclc\nlesions: [{site: lung, diameter: -3 mm}]\n", "lesions[0].diameter", "outside", 2},
        {"cancer: nsclc\nlesions: [{site: lung, diameter: 3 mg}]\n", "lesions[0].diameter", "mass", 2},
        {BODY "pateint: {}\n", "pateint", "did you mean 'patient'?", 3},
        {BODY "patient: {wieght: 3 kg}\n", "patient.wieght", "did you mean 'weight'?", 3},
        {BODY "patient: 3\n", "patient", "a set of keys is wanted", 3},
        {BODY "patient: {pdl1_tps: 60}\n", "patient.pdl1_tps", "outside 0 to 1", 3},
        {BODY "patient: {weight: NaN kg}\n", "patient.weight", "NaN", 3},
        {BODY "regimen: {drug: a, dose: 200, every: 3 week}\n", "regimen.dose", "write for example '200 mg'", 3},
        {BODY "regimen: {drug: a, dose: 30 mm, every: 3 week}\n", "regimen.dose", "no dose", 3},
        {BODY "regimen: {drug: a, dose: 3 mg/m^2, every: 3 week}\n", "regimen.dose", "no dose", 3},
        {BODY "regimen: {drug: a, dose: 3 /kg, every: 3 week}\n", "regimen.dose", "", 3},
        {BODY "regimen:\n- {drug: a, dose: -2 mg, every: 3 week}\n", "regimen[0].dose", "outside", 4},
        {BODY "regimen:\n- {drug: a, dose: NaN, every: 3 week}\n", "regimen[0].dose", "no dose", 4},
        {BODY "regimen:\n- {drug: a, dose: 2 mg}\n", "regimen[0]", "'every' is missing", 4},
        {BODY "regimen:\n- {dose: 2 mg, every: 1 week}\n", "regimen[0]", "'drug' is missing", 4},
        {BODY "regimen:\n- {drug: a, dose: 2 mg, every: 1 week, start: 5 week, until: 2 week}\n", "regimen[0].until",
         "not after it starts on day 35", 4},
        {BODY "regimen:\n- {drug: a, dose: 2 mg, every: 1 day, infusion: 2 day}\n", "regimen[0]", "longer than", 4},
        {BODY "regimen:\n- {drug: a, dose: 2 mg, every: 0 day}\n", "regimen[0].every", "outside", 4},
        {BODY "regimen:\n- {drug: a, dose: 2 mg, every: 1 day, cycles: 0}\n", "regimen[0].cycles", "from 1", 4},
        {BODY "regimen:\n- {drug: a, dose: 1 cell, cycles: 1, leukapheresis: 0 day, start: 3 day}\n", "regimen[0].start",
         "'leukapheresis' says when", 4},
        {BODY "regimen:\n- {drug: a, dose: 1 mg, cycles: 1, before_infusion: 5 day, start: 3 day}\n", "regimen[0].start",
         "'before_infusion' says when", 4},
        {BODY "regimen:\n- {drug: a, dose: 1 cell, cycles: 1, vein_to_vein: 30 day}\n", "regimen[0].vein_to_vein",
         "write 'leukapheresis: 0 day' too", 4},
        {BODY "regimen:\n- {drug: a, dose: 1 cell, cycles: 1, leukapheresis: 0 day, vein_to_vein: 0 day}\n",
         "regimen[0].vein_to_vein", "outside", 4},
        {BODY "regimen:\n- {drug: a, dose: 1 cell, cycles: 1, leukapheresis: 0 day, before_infusion: 5 day}\n",
         "regimen[0].before_infusion", "ahead of the product", 4},
        {BODY "run: {seed: -1}\n", "run.seed", "from 0", 3},
        {BODY "run: {rtol: 5}\n", "run.rtol", "outside", 3},
        {BODY "run: {duration: 2 day, output_every: 3 day}\n", "run", "longer than duration", 3},
        {BODY "run: {duration: 10 year, output_every: 0.001 day}\n", "run", "million", 3},
        {BODY "forecast: {patient: a}\n", "forecast", "'lesions' is missing", 3},
        {BODY "model: {mechanisms: [../../etc/passwd]}\n", "model.mechanisms[0]", "no mechanism", 3},
        {BODY "model: {parameters: {k: fast}}\n", "model.parameters.k", "fast", 3},
        {BODY "scans: {noise: maybe}\n", "scans.noise", "on nor off", 3},
        {"- 1\n", "", "a set of keys", 1},
        {"cancer: [1]\nlesions: [{site: lung, diameter: 3 cm}]\n", "cancer", "a single value", 1},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(!read_text(arena, cases[i].text));
        CHECK(err.code == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, cases[i].says);
        CHECK_TEXT(err.key, cases[i].key);
        CHECK(err.line == cases[i].line);
        CHECK_TEXT(err.file, "s.yaml");
    }
    coley_arena_destroy(arena);
}

static char folder[64];

static coley_status load(coley_arena *arena, const char *text, coley_scenario **scenario)
{
    char path[128];
    snprintf(path, sizeof path, "%s/s.yaml", folder);
    FILE *file = fopen(path, "wb");
    if (!file) return COLEY_ERR_IO;
    fputs(text, file);
    fclose(file);
    err = (coley_error){0};
    return coley_scenario_load(arena, path, CATALOG, scenario, &err);
}

static void a_label_regimen_fills_in_what_the_scenario_leaves_open(void)
{
    coley_arena *arena = coley_arena_create();
    coley_scenario *s = NULL;
    CHECK(load(arena, BODY "regimen: pembrolizumab-200-q3w\n", &s) == COLEY_OK);
    if (!s) return;
    const coley_scenario_drug *drug = COLEY_SCENARIO_DRUG(s, 0);
    CHECK_TEXT(drug->drug, "pembrolizumab");
    CHECK(drug->dose.amount == 200 && drug->dose.basis == COLEY_DOSE_FLAT && drug->every_day == 21 && drug->cycles == 35);
    CHECK_NEAR(drug->infusion_day, 30.0 / 1440, 1e-15);
    CHECK(load(arena, BODY "regimen: [{dose: pembrolizumab-200-q3w, cycles: 4, start: 3 day}]\n", &s) == COLEY_OK);
    CHECK(COLEY_SCENARIO_DRUG(s, 0)->cycles == 4 && COLEY_SCENARIO_DRUG(s, 0)->start_day == 3);
    coley_arena_destroy(arena);
}

#define CAR_T   "regimen:\n- {dose: tisagenlecleucel-once, leukapheresis: 2 day%s}\n- {dose: fludarabine-30-days%s}\n"

static coley_status load_car_t(coley_arena *arena, const char *product, const char *ahead, coley_scenario **s)
{
    char text[512];
    snprintf(text, sizeof text, BODY CAR_T, product, ahead);
    return load(arena, text, s);
}

static void a_product_made_to_order_shifts_its_infusion_and_what_is_given_ahead_of_it(void)
{
    coley_arena *arena = coley_arena_create();
    coley_scenario *s = NULL;
    CHECK(load_car_t(arena, "", ", before_infusion: 5 day", &s) == COLEY_OK);
    if (!s) return;
    const double wait = COLEY_SCENARIO_DRUG(s, 0)->vein_to_vein_day; /* the catalog's */
    CHECK(wait > 20 && wait < 60);
    CHECK_NEAR(COLEY_SCENARIO_DRUG(s, 0)->shift_day, 2 + wait, 1e-12);
    CHECK_NEAR(COLEY_SCENARIO_DRUG(s, 1)->shift_day, 2 + wait - 5, 1e-12);
    CHECK(load_car_t(arena, ", vein_to_vein: 4 week", ", before_infusion: 5 day, until: 40 day", &s) == COLEY_OK);
    CHECK_NEAR(COLEY_SCENARIO_DRUG(s, 0)->shift_day, 30, 1e-12);
    CHECK_NEAR(COLEY_SCENARIO_DRUG(s, 1)->until_day, 40, 1e-12);
    /* What is written back means the same. */
    coley_text once = {.arena = arena};
    coley_scenario *again = NULL;
    coley_scenario_write(s, COLEY_EMIT_YAML, &once);
    CHECK(load(arena, once.data, &again) == COLEY_OK);
    if (again) CHECK_NEAR(COLEY_SCENARIO_DRUG(again, 1)->shift_day, 25, 1e-12);

    CHECK(load_car_t(arena, ", vein_to_vein: 1 day", ", before_infusion: 5 day", &s) == COLEY_ERR_INPUT);
    CHECK_TEXT(err.key, "regimen[1].before_infusion");
    CHECK_HAS(err.text, "allowed 0 to 3");
    CHECK(load_car_t(arena, "", ", before_infusion: 5 day, until: 20 day", &s) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "not after it starts");
    CHECK(load_car_t(arena, "", ", leukapheresis: 0 day", &s) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "said twice");
    CHECK(load(arena, BODY "regimen:\n- {dose: fludarabine-30-days, leukapheresis: 0 day}\n", &s) == COLEY_ERR_INPUT);
    CHECK_TEXT(err.key, "regimen[0].leukapheresis");
    CHECK_HAS(err.text, "not made to order");
    CHECK(load(arena, BODY "regimen:\n- {dose: fludarabine-30-days, before_infusion: 5 day}\n", &s) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "no infusion to count back from");
    coley_arena_destroy(arena);
}

static void the_catalog_and_the_event_table_are_asked_and_blamed_at_the_right_place(void)
{
    coley_arena *arena = coley_arena_create();
    coley_scenario *s = NULL;
    CHECK(load(arena, BODY "regimen: pembrolizumab-200-q4w\n", &s) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "did you mean 'pembrolizumab-");
    CHECK_TEXT(err.key, "regimen");
    CHECK(err.line == 3);
    CHECK(load(arena, BODY "regimen: [{drug: pembrolizumad, dose: 2 mg, every: 1 week}]\n", &s) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "did you mean 'pembrolizumab'?");
    CHECK(load(arena, "cancer: nsclx\nlesions: [{site: lung, diameter: 3 cm}]\n", &s) == COLEY_ERR_INPUT);
    CHECK_TEXT(err.key, "cancer");
    CHECK(load(arena, BODY "regimen: [{drug: nivolumab, dose: pembrolizumab-200-q3w}]\n", &s) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "not of nivolumab");
    CHECK(load(arena, BODY "events: none-such.csv\n", &s) == COLEY_ERR_IO);
    CHECK_HAS(err.file, "none-such.csv");
    char path[128];
    snprintf(path, sizeof path, "%s/doses.csv", folder);
    FILE *file = fopen(path, "wb");
    if (file) {
        fputs("TIME,AMT,CMT\n0,200,pembrolizumab\n", file);
        fclose(file);
    }
    CHECK(load(arena, BODY "events: doses.csv\n", &s) == COLEY_OK && s->event_table.n == 1);
    CHECK_TEXT(s->events, "doses.csv");
    CHECK_TEXT(s->events_path, path);
    coley_arena_destroy(arena);
}

static void the_documentation_names_every_key(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text text = {.arena = arena};
    coley_scenario_document(&text);
    const char *const keys[] = {"`patient.weight`", "`lesions[].diameter`", "`regimen[].dose`", "`run.seed`",
                                "`forecast.using_first`"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) CHECK_HAS(text.data, keys[i]);
    CHECK_HAS(text.data, "| `run.duration` | 1 to 36500 day | `365 day` |");
    coley_arena_destroy(arena);
}

static void what_is_known_of_the_patient_is_told_in_few_words(void)
{
    coley_arena *arena = coley_arena_create();
    const char *fact[COLEY_SCENARIO_MAX_FACTS + 1];
    CHECK(coley_scenario_facts(arena, read_text(arena, full), fact, &err) == COLEY_OK);
    CHECK_TEXT(fact[0], "61 years");
    CHECK_TEXT(fact[1], "female");
    CHECK_TEXT(fact[3], "PD-L1 on 60 % of tumour cells");
    CHECK(coley_scenario_facts(arena, read_text(arena, small), fact, &err) == COLEY_OK);
    CHECK_TEXT(fact[0], "75 kg");
    coley_arena_destroy(arena);
}

static void every_failing_allocation_is_reported(void)
{
    for (size_t k = 1;; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_scenario *scenario;
        const coley_status status = coley_scenario_parse(arena, "s.yaml", full, strlen(full), &scenario, &err);
        coley_arena_destroy(arena);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
    }
}

int main(void)
{
    snprintf(folder, sizeof folder, "/tmp/coley-scenario-XXXXXX");
    if (!mkdtemp(folder)) return 1;
    RUN(what_is_left_out_has_the_documented_default);
    RUN(every_key_lands_in_its_place_and_unit);
    RUN(the_resolved_scenario_reads_back_as_itself_in_yaml_and_in_json);
    RUN(a_mistake_is_answered_with_place_key_and_remedy);
    RUN(a_label_regimen_fills_in_what_the_scenario_leaves_open);
    RUN(a_product_made_to_order_shifts_its_infusion_and_what_is_given_ahead_of_it);
    RUN(the_catalog_and_the_event_table_are_asked_and_blamed_at_the_right_place);
    RUN(the_documentation_names_every_key);
    RUN(what_is_known_of_the_patient_is_told_in_few_words);
    RUN(every_failing_allocation_is_reported);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return check_done() | (system(command) != 0);
}
