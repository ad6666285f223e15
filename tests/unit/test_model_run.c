/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/model_run.h"
#include "support/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "model/antimony.h"
#include "model/expr_text.h"

static const char decay[] = "unit per_day = 1 / 86400 second;\n"
                            "species A, B;\n"
                            "k = 0.1 per_day; //! ; half-life of a week, made up for this test\n"
                            "A = 100; B = 0;\n"
                            "total := A + B;\n"
                            "move: A -> B; k * A;\n";

/* The path of a file that holds `text`; removed by the caller. */
static const char *file_of(coley_arena *arena, const char *text)
{
    char *path = coley_arena_printf(arena, "/tmp/coley-test-model-%ld.ant", (long)getpid());
    CHECK(coley_file_write(path, text, strlen(text), NULL) == COLEY_OK);
    return path;
}

static coley_status simulate(coley_arena *arena, const char *text, const coley_model_options *options, coley_text *csv,
                             coley_error *err)
{
    const char *path = file_of(arena, text);
    coley_model model = {0};
    coley_status status = coley_model_read(arena, &(coley_model_source){.n = 1, .path = &path}, &model, err);
    if (status == COLEY_OK) status = coley_model_simulate(arena, &model, options, csv, err);
    remove(path);
    return status;
}

static void exponential_decay_comes_out_as_a_table_with_units(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text csv = {.arena = arena};
    coley_error err = {0};
    const char *const watch[] = {"A", "total", "k"};
    const coley_model_options options = {.end_day = 20, .step_day = 5, .rtol = 1e-8, .n_watch = 3, .watch = watch};
    CHECK(simulate(arena, decay, &options, &csv, &err) == COLEY_OK);
    CHECK_HAS(csv.data, "time [day],A,total,k [per_day]\n0,100,100,0.1\n5,");
    int rows = 0;
    for (char *line = strtok(csv.data, "\n"); line; line = strtok(NULL, "\n")) {
        if (rows++ == 0) continue;
        double day, a, total;
        CHECK(sscanf(line, "%lf,%lf,%lf", &day, &a, &total) == 3);
        CHECK_NEAR(a, 100 * exp(-0.1 * day), 1e-6);
        CHECK_NEAR(total, 100, 1e-9);
    }
    CHECK(rows == 6);
    coley_arena_destroy(arena);
}

static void values_are_set_in_their_own_unit_or_another(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_text a = {.arena = arena}, b = {.arena = arena};
    const char *const plain[] = {"k=0.24", "A=50"}, *const hourly[] = {"k=0.01 1/h", "A=50"};
    CHECK(simulate(arena, decay,
                   &(coley_model_options){.end_day = 2, .step_day = 1, .rtol = 1e-8, .n_set = 2, .set = plain}, &a,
                   &err) == COLEY_OK);
    CHECK(simulate(arena, decay,
                   &(coley_model_options){.end_day = 2, .step_day = 1, .rtol = 1e-8, .n_set = 2, .set = hourly}, &b,
                   &err) == COLEY_OK);
    CHECK_TEXT(a.data, b.data);
    CHECK_HAS(a.data, "\n0,50,0\n");
    coley_arena_destroy(arena);
}

static void what_cannot_be_set_watched_or_read_is_said(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    static const struct {
        const char *set, *watch, *says;
    } wrong[] = {{"kk=1", NULL, "did you mean k?"},
                 {"total=3", NULL, "follows from a rule"},
                 {"k", NULL, "not NAME=VALUE"},
                 {"k=2 mg", NULL, "they do not convert"},
                 {"k=two", NULL, "k: "},
                 {NULL, "Bb", "did you mean"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        coley_text csv = {.arena = arena};
        const coley_model_options options = {.end_day = 1,
                                             .step_day = 1,
                                             .rtol = 1e-6,
                                             .n_set = wrong[i].set != NULL,
                                             .set = &wrong[i].set,
                                             .n_watch = wrong[i].watch != NULL,
                                             .watch = &wrong[i].watch};
        CHECK(simulate(arena, decay, &options, &csv, &err) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, wrong[i].says);
    }
    coley_text csv = {.arena = arena};
    CHECK(simulate(arena, decay, &(coley_model_options){.end_day = 1, .step_day = 0, .rtol = 1e-6}, &csv, &err) ==
          COLEY_ERR_ARG);
    CHECK(simulate(arena, "species A; A = 1;\nx: -> A; k_missing * A;\n",
                   &(coley_model_options){.end_day = 1, .step_day = 1, .rtol = 1e-6}, &csv, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "k_missing");
    coley_arena_destroy(arena);
}

/* A' = A^2 from 1 is infinite at day 1. */
/* A cell of 1e-12 litres: its amounts are far below any usual absolute tolerance, its concentrations are not. */
static void a_small_compartment_has_its_concentrations_right(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text csv = {.arena = arena};
    coley_error err = {0};
    const coley_model_options options = {.end_day = 20, .step_day = 20, .rtol = 1e-8};
    CHECK(simulate(arena,
                   "compartment cell = 1e-12; species A in cell, B in cell; A = 1; B = 1; k = 0.3;\n"
                   "J: 2 A -> B; cell*k*A^2;\n",
                   &options, &csv, &err) == COLEY_OK);
    double a = 0, b = 0;
    const char *row = strstr(csv.data, "\n20,");
    CHECK(row && sscanf(row, "\n20,%lf,%lf", &a, &b) == 2);
    CHECK_NEAR(a, 1 / (1 + 2 * 0.3 * 20), 1e-7);
    CHECK_NEAR(b, 1 + 0.5 * (1 - a), 1e-7);
    coley_arena_destroy(arena);
}

static void a_start_without_a_value_names_the_state_and_what_to_look_for(void)
{
    coley_arena *arena = coley_arena_create();
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"x = 1; k = 0; x' = -x/k + 1;", "the rate of x is infinite at the start"},
        {"x = 1; k = 0; x' = (1 - x)/k;", "the rate of x is not a number at the start"},
        {"k = -1; x = ln(k); x' = -x;", "the value of x is not a number at the start"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        coley_text csv = {.arena = arena};
        coley_error err = {0};
        const coley_model_options options = {.end_day = 10, .step_day = 1, .rtol = 1e-6};
        CHECK(simulate(arena, bad[i].text, &options, &csv, &err) == COLEY_ERR_DIVERGED);
        CHECK_HAS(err.text, bad[i].says);
    }
    coley_arena_destroy(arena);
}

static void models_that_cannot_be_run_say_why(void)
{
    coley_arena *arena = coley_arena_create();
    static char many[400000];
    size_t n = 0;
    for (int i = 0; i < 10001; i++) n += (size_t)snprintf(many + n, sizeof many - n, "s%d=1;s%d'=-s%d;\n", i, i, i);
    static const char *const set[] = {"V=0"};
    const struct {
        const char *text, *says;
        int line;
        size_t n_set;
    } bad[] = {
        {"\ncompartment V = 0; species A in V; A = 1; J: A -> ; A;", "has the size 0", 2, 0},
        {"compartment V = -1; species A in V; A = 1; J: A -> ; A;", "has the size -1", 1, 0},
        {"compartment V = 1; species A in V; A = 1; J: A -> ; A;", "V is 0, but \"A\" in it is a concentration", 0, 1},
        {many, "10001 states, allowed up to 10000", 0, 0},
        {"model a() A: b(); end\nmodel b() B: a(); end", "held by another one", 0, 0},
        {"x := y + 1;\ny := x;", "depends on itself", 1, 0},
        {"x = 0; x' = 1e12; E: at x > 1: x = 0;", "events follow one another too fast", 0, 0},
        {"x = 1; y = 1; x' = 1e8*x*x - y; y' = -1e9*(y - x);", "where x changes too fast", 0, 0},
        {"x = 0; x' = 1; E1: at x > 1: x = 0.5;\nE2: at (x == 0.5): x = 2;", "happens without end", 1, 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        coley_text csv = {.arena = arena};
        coley_error err = {0};
        const coley_model_options options = {
            .end_day = 10, .step_day = 1, .rtol = 1e-6, .n_set = bad[i].n_set, .set = set};
        CHECK(simulate(arena, bad[i].text, &options, &csv, &err) != COLEY_OK);
        CHECK_HAS(err.text, bad[i].says);
        CHECK(!bad[i].line || err.line == bad[i].line);
    }
    coley_arena_destroy(arena);
}

static void a_solution_that_runs_away_names_its_state(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_text csv = {.arena = arena};
    CHECK(simulate(arena, "species A; A = 1; grow: -> A; A * A;\n",
                   &(coley_model_options){.end_day = 5, .step_day = 1, .rtol = 1e-6}, &csv,
                   &err) == COLEY_ERR_DIVERGED);
    CHECK_HAS(err.text, "where A changes too fast");
    coley_arena_destroy(arena);
}

static void a_formula_is_written_with_the_fewest_brackets_and_reads_back(void)
{
    static const char *const formulas[] = {"a - (b - c)", "a * (b + c) / a",     "(a + b)^2^c",
                                           "-a^b",        "exp(-a) + min(a, b)", "piecewise(a, a < b && c >= 2, b)",
                                           "a / (b * c)", "0.1 * a + 1e-07"};
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        coley_arena *arena = coley_arena_create();
        coley_error err = {0};
        coley_text once = {.arena = arena}, twice = {.arena = arena};
        const char *source = coley_arena_printf(arena, "a = 1.5; b = 2.5; c = 3;\nx := %s;\n", formulas[i]);
        for (int pass = 0; pass < 2; pass++) {
            const coley_antimony_source text = {.name = "formula", .text = source, .length = strlen(source)};
            coley_network *network;
            if (coley_antimony_parse(arena, &text, 1, NULL, &network, &err) != COLEY_OK)
                CHECK_FAIL_("%s", err.text);
            else {
                coley_text *out = pass ? &twice : &once;
                coley_expr_text_add(out, network, network->symbol[coley_network_symbol(network, "x")].rule, 1000);
                source = coley_arena_printf(arena, "a = 1.5; b = 2.5; c = 3;\nx := %s;\n", out->data);
            }
        }
        CHECK_TEXT(twice.data, once.data ? once.data : "");
        CHECK(!once.data || strlen(once.data) <= strlen(formulas[i]) + 2);
        coley_arena_destroy(arena);
    }
}

static void the_patient_model_is_put_together_and_every_unit_of_it_is_known(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_model model;
    const char *folder = COLEY_SOURCE_DIR "/models/patient";
    const coley_status status =
        coley_model_read(arena, &(coley_model_source){.n = 1, .path = &folder, .n_lesions = 2}, &model, &err);
    CHECK(status == COLEY_OK);
    if (status == COLEY_OK) {
        coley_unit_report units;
        CHECK(coley_model_review(arena, &model, NULL, &units, &err) == COLEY_OK && units.n_faults == 0);
        coley_text text = {.arena = arena}, json = {.arena = arena};
        CHECK(coley_model_tables(arena, &model, 0, &text, &err) == COLEY_OK);
        CHECK(coley_model_tables(arena, &model, 1, &json, &err) == COLEY_OK);
        CHECK(!text.failed && !json.failed);
        CHECK_HAS(text.data, "L2.diameter");
        CHECK_HAS(json.data, "\"id\":");
    }
    coley_arena_destroy(arena);
}

static void every_failed_allocation_is_reported(void)
{
    coley_arena *holder = coley_arena_create();
    const char *path = file_of(holder, decay);
    coley_status status = COLEY_ERR_MEMORY;
    for (size_t k = 1; k < 5000 && status != COLEY_OK; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_model model;
        coley_text csv = {.arena = arena};
        coley_error err = {0};
        status = coley_model_read(arena, &(coley_model_source){.n = 1, .path = &path}, &model, &err);
        if (status == COLEY_OK)
            status = coley_model_simulate(
                arena, &model, &(coley_model_options){.end_day = 1, .step_day = 1, .rtol = 1e-6}, &csv, &err);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK);
    remove(path);
    coley_arena_destroy(holder);
}

int main(void)
{
    RUN(exponential_decay_comes_out_as_a_table_with_units);
    RUN(values_are_set_in_their_own_unit_or_another);
    RUN(what_cannot_be_set_watched_or_read_is_said);
    RUN(a_small_compartment_has_its_concentrations_right);
    RUN(a_start_without_a_value_names_the_state_and_what_to_look_for);
    RUN(models_that_cannot_be_run_say_why);
    RUN(a_solution_that_runs_away_names_its_state);
    RUN(a_formula_is_written_with_the_fewest_brackets_and_reads_back);
    RUN(the_patient_model_is_put_together_and_every_unit_of_it_is_known);
    RUN(every_failed_allocation_is_reported);
    return check_done();
}
