/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_catalog.c -- the catalog's reader: spreads, look-ups, and what a careless entry is told. */
#include "catalog/catalog.h"

#include "support/check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static coley_error err;
static char folder[64];

static void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(text, 1, strlen(text), file) == strlen(text));
    if (file) fclose(file);
}

static const char drug_head[] = "name: examplumab\ndoc: An example.\nclass: anti_pd1\ntarget: PD-1\n"
                                "label:\n  - name: examplumab-200-q3w\n    dose: 200 mg\n    every: 3 week\n"
                                "    infusion: 30 min\n    cycles: 35\n    source: a label\nparameters:\n";
static const char good_value[] =
    "  pd1_CL: {value: 0.2 L/day, spread: lognormal 0.3, source: a paper, note: weak guess}\n"
    "  pd1_MW: {value: 150, unit: kDa, spread: none, source: a paper}\n";

static void put_drug(const char *values)
{
    char text[2048];
    snprintf(text, sizeof text, "%s%s", drug_head, values);
    put("drugs/examplumab.yaml", text);
}

static void spreads_are_read_in_both_ways_of_writing(void)
{
    coley_spread_kind kind;
    double a, b;
    CHECK(coley_spread_parse("none", 3, &kind, &a, &b) && kind == COLEY_SPREAD_NONE);
    CHECK(coley_spread_parse("lognormal 0.8", 3, &kind, &a, &b) && kind == COLEY_SPREAD_LOGNORMAL && a == 3 &&
          b == 0.8);
    CHECK(coley_spread_parse("lognormal(0.007, 1.0)", 3, &kind, &a, &b) && a == 0.007 && b == 1);
    CHECK(coley_spread_parse("uniform 1 3", 2, &kind, &a, &b) && kind == COLEY_SPREAD_UNIFORM && a == 1 && b == 3);
    CHECK(coley_spread_parse("logitnormal 0.5", 0.3, &kind, &a, &b) && kind == COLEY_SPREAD_LOGITNORMAL && a == 0.3);
    const char *const bad[] = {
        "",          "lognormal",       "lognormal -1",      "lognormal(0, 1)", "uniform 3", "uniform 3 1",
        "gamma 1 2", "lognormal 1 2 3", "logitnormal(2, 1)", "normal x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!coley_spread_parse(bad[i], 3, &kind, &a, &b));
}

static void a_drug_is_found_whatever_the_case_and_keeps_value_unit_source(void)
{
    coley_arena *arena = coley_arena_create();
    coley_catalog_drug *drug = NULL;
    put_drug(good_value);
    CHECK(coley_catalog_drug_read(arena, folder, "Examplumab", &drug, &err) == COLEY_OK);
    CHECK(drug && drug->n_values == 2 && drug->n_labels == 1);
    CHECK_TEXT(drug->value[0].symbol, "pd1_CL");
    CHECK_TEXT(drug->value[0].unit, "L/day");
    CHECK_TEXT(drug->value[0].source, "a paper");
    CHECK(drug->value[0].weak && !drug->value[1].weak);
    CHECK(drug->value[0].spread == COLEY_SPREAD_LOGNORMAL && drug->value[0].line == 13);
    CHECK_NEAR(drug->label[0].every_day, 21, 1e-12);
    CHECK_NEAR(drug->label[0].infusion_day, 30.0 / 1440, 1e-15);
    CHECK(drug->label[0].cycles == 35 && isnan(drug->label[0].until_day));
    coley_arena_destroy(arena);
}

static void a_careless_value_is_refused_with_its_line(void)
{
    static const struct {
        const char *value, *says;
    } cases[] = {
        {"  CL: {value: 0.2, spread: none, source: s}\n", "no unit"},
        {"  CL: {value: 0.2 L/day, spread: none}\n", "'source' is missing"},
        {"  CL: {value: 0.2 L/day, spread: none, source: ''}\n", "empty"},
        {"  CL: {value: 0.2 L/day, source: s}\n", "'spread' is missing"},
        {"  CL: {value: 0.2 L/dya, spread: none, source: s}\n", "dya"},
        {"  CL: {value: 0.2 L/day, unit: L/day, spread: none, source: s}\n", "twice"},
        {"  CL: {value: 0.2 L/day, spread: wide, source: s}\n", "no spread"},
        {"  CL: {value: 0.2 L/day, spread: none, source: s, sorce: x}\n", "did you mean 'source'"},
        {"  CL: {value: NaN L/day, spread: none, source: s}\n", "NaN"},
        {"  CL: 3\n", "a set of keys is wanted"},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coley_catalog_drug *drug;
        put_drug(cases[i].value);
        CHECK(coley_catalog_drug_read(arena, folder, "examplumab", &drug, &err) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, cases[i].says);
        CHECK_HAS(err.file, "drugs/examplumab.yaml");
        CHECK(err.line == 13);
    }
    put_drug(good_value);
    coley_arena_destroy(arena);
}

static void doses_are_amounts_and_nothing_else(void)
{
    coley_arena *arena = coley_arena_create();
    double amount;
    const char *unit;
    coley_dose_basis basis;
    CHECK(coley_dose_parse(arena, "0.2 g", &amount, &unit, &basis, &err) == COLEY_OK && amount == 200 && basis == COLEY_DOSE_FLAT);
    CHECK_TEXT(unit, "mg");
    CHECK(coley_dose_parse(arena, "3 mg/kg", &amount, &unit, &basis, &err) == COLEY_OK && amount == 3 && basis == COLEY_DOSE_PER_KG);
    CHECK(coley_dose_parse(arena, "1 10^8 cell/kg", &amount, &unit, &basis, &err) == COLEY_OK && basis == COLEY_DOSE_PER_KG);
    CHECK_TEXT(unit, "10^8 cell");
    const char *const bad[] = {"200", "30 mm", "3 mg/m^2", "2 mg/day", "5 kg", "1 /kg", "x mg", "", "3 mg/kg/kg"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(coley_dose_parse(arena, bad[i], &amount, &unit, &basis, &err) == COLEY_ERR_INPUT);
    coley_arena_destroy(arena);
}

static void a_wrong_name_is_answered_with_the_nearest(void)
{
    coley_arena *arena = coley_arena_create();
    coley_catalog_drug *drug;
    coley_catalog_label label;
    CHECK(coley_catalog_drug_read(arena, folder, "exemplumab", &drug, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "did you mean 'examplumab'?");
    CHECK(coley_catalog_drug_read(arena, folder, "../drugs/examplumab", &drug, &err) == COLEY_ERR_INPUT);
    CHECK(coley_catalog_label_read(arena, folder, "examplumab-200-q4w", &label, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "did you mean 'examplumab-200-q3w'?");
    CHECK(coley_catalog_label_read(arena, folder, "EXAMPLUMAB-200-Q3W", &label, &err) == COLEY_OK);
    CHECK_TEXT(label.drug, "examplumab");
    CHECK(coley_catalog_drug_read(arena, "/nowhere", "x", &drug, &err) == COLEY_ERR_IO);
    coley_arena_destroy(arena);
}

static const char cancer_text[] = "name: example\ndoc: An example.\nsites:\n  - {site: lung, share: 0.75, source: s}\n"
                                  "  - {site: lymph node, share: 0.25, nodal: true, source: s}\n"
                                  "trial_expectations:\n  - {regimen: examplumab-200-q3w, orr: 0.4, source: t}\n"
                                  "parameters:\n  k_growth: {value: 0.01 1/day, spread: lognormal 0.5, source: s}\n";

static void a_cancer_carries_sites_and_expectations(void)
{
    coley_arena *arena = coley_arena_create();
    coley_catalog_cancer *cancer = NULL;
    size_t n = 0;
    put("cancers/example.yaml", cancer_text);
    CHECK(coley_catalog_cancer_read(arena, folder, "example", &cancer, &err) == COLEY_OK);
    CHECK(cancer && cancer->n_sites == 2 && cancer->site[1].nodal && cancer->n_expectations == 1);
    CHECK(coley_catalog_check(arena, folder, &n, &err) == COLEY_OK && n == 3);
    coley_arena_destroy(arena);
}

static void the_whole_check_sees_what_single_files_cannot(void)
{
    coley_arena *arena = coley_arena_create();
    put("cancers/example.yaml", "name: example\ndoc: d\nsites:\n  - {site: lung, share: 0.5, source: s}\n");
    CHECK(coley_catalog_check(arena, folder, NULL, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "add up to 0.5");
    put("cancers/example.yaml", "name: example\ndoc: d\nsites: [{site: lung, share: 1, source: s}]\n"
                                "trial_expectations:\n  - {regimen: nothing-q3w, orr: 0.4, source: t}\n");
    CHECK(coley_catalog_check(arena, folder, NULL, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "nothing-q3w");
    CHECK_HAS(err.file, "example.yaml");
    put("cancers/example.yaml", "name: other\ndoc: d\n");
    CHECK(coley_catalog_check(arena, folder, NULL, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "must be 'example'");
    put("cancers/example.yaml", cancer_text);
    char text[2048];
    snprintf(text, sizeof text, "%s%s", drug_head, good_value);
    memcpy(strstr(text, "examplumab"), "examplomab", 10);
    put("drugs/examplomab.yaml", text);
    CHECK(coley_catalog_check(arena, folder, NULL, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "two regimens");
    coley_arena_destroy(arena);
}

static void every_failing_allocation_is_reported(void)
{
    put_drug(good_value);
    for (int which = 0; which < 2; which++) {
        for (size_t k = 1;; k++) {
            coley_arena *arena = coley_arena_create_failing(k);
            coley_catalog_label label;
            coley_catalog_cancer *cancer;
            const coley_status status =
                which ? coley_catalog_cancer_read(arena, folder, "example", &cancer, &err)
                      : coley_catalog_label_read(arena, folder, "examplumab-200-q3w", &label, &err);
            coley_arena_destroy(arena);
            if (status == COLEY_OK) break;
            CHECK(status == COLEY_ERR_MEMORY);
            if (k > 5000) break;
        }
    }
}

int main(void)
{
    snprintf(folder, sizeof folder, "/tmp/coley-catalog-XXXXXX");
    if (!mkdtemp(folder)) return 1;
    char path[256];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, i ? "drugs" : "cancers");
        if (mkdir(path, 0700)) return 1;
    }
    RUN(spreads_are_read_in_both_ways_of_writing);
    RUN(a_drug_is_found_whatever_the_case_and_keeps_value_unit_source);
    RUN(a_careless_value_is_refused_with_its_line);
    RUN(doses_are_amounts_and_nothing_else);
    RUN(a_wrong_name_is_answered_with_the_nearest);
    RUN(a_cancer_carries_sites_and_expectations);
    RUN(the_whole_check_sees_what_single_files_cannot);
    RUN(every_failing_allocation_is_reported);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return check_done() | (system(command) != 0);
}
