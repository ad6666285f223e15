/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_dosing.c -- regimens and event tables as single doses. */
#include "run/dosing.h"

#include "support/check.h"

static coley_error err;

static coley_scenario *read_text(coley_arena *arena, const char *text, const char *events)
{
    coley_scenario *scenario = NULL;
    CHECK(coley_scenario_parse(arena, "s.yaml", text, strlen(text), &scenario, &err) == COLEY_OK);
    scenario->events_path = "doses.csv";
    if (events)
        CHECK(coley_event_table_parse(arena, COLEY_EVENTS_OF_PATIENT, "doses.csv", events, strlen(events), &scenario->event_table, &err) ==
              COLEY_OK);
    return scenario;
}

#define BODY "cancer: nsclc\nlesions: [{site: lung, diameter: 3 cm}]\npatient: {id: P7, weight: 60 kg}\n"

static void cycles_until_and_the_end_of_the_run_all_stop_a_schedule(void)
{
    static const struct {
        const char *more;
        size_t n;
    } cases[] = {{"", 18},
                 {", cycles: 4", 4},
                 {", until: 42 day", 2},
                 {", until: 43 day, cycles: 9", 3},
                 {", start: 364 day", 1}};
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        snprintf(text, sizeof text, BODY "regimen: [{drug: a, dose: 3 mg/kg, every: 3 week, infusion: 1 h%s}]\n",
                 cases[i].more);
        coley_given_dose *dose;
        size_t n;
        CHECK(coley_dosing_of(arena, read_text(arena, text, NULL), &dose, &n, &err) == COLEY_OK);
        CHECK(n == cases[i].n);
        CHECK_NEAR(dose[0].amount, 180, 1e-12);
        CHECK_NEAR(dose[0].duration_day, 1.0 / 24, 1e-15);
        CHECK_NEAR(dose[n - 1].day, dose[0].day + 21.0 * (double)(n - 1), 0);
    }
    coley_arena_destroy(arena);
}

static void a_dose_follows_the_body_and_goes_into_the_lesions_that_are_named(void)
{
    static const char head[] = "cancer: nsclc\npatient: {weight: 72 kg, height: 180 cm}\n"
                               "lesions: [{site: lung, diameter: 3 cm}, {site: skin, diameter: 2 cm}, "
                               "{site: skin, diameter: 1 cm}]\n";
    coley_arena *arena = coley_arena_create();
    coley_given_dose *dose;
    size_t n;
    char text[600];
    snprintf(text, sizeof text, "%sregimen: [{drug: a, dose: 75 mg/m2, every: 3 week, cycles: 2}]\n", head);
    CHECK(coley_dosing_of(arena, read_text(arena, text, NULL), &dose, &n, &err) == COLEY_OK && n == 2);
    CHECK_NEAR(dose[1].amount, 75 * 1.897366596101028, 1e-9); /* sqrt(72 x 180 / 3600) */
    CHECK(dose[1].lesion == 0);
    static const struct {
        const char *lesions;
        size_t n;
        int first, last;
    } cases[] = {{"all", 6, 1, 3}, {"2", 2, 2, 2}, {"[3, 1]", 4, 1, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text, "%sregimen: [{drug: v, dose: 8 Gy, every: 1 day, cycles: 2, lesions: %s}]\n", head,
                 cases[i].lesions);
        CHECK(coley_dosing_of(arena, read_text(arena, text, NULL), &dose, &n, &err) == COLEY_OK && n == cases[i].n);
        CHECK(dose[0].day == 0 && dose[0].lesion == cases[i].first);
        CHECK(dose[n - 1].day == 1 && dose[n - 1].lesion == cases[i].last);
        CHECK_TEXT(dose[0].unit, "Gy");
    }
    static const char *const bad[] = {"4", "[0]", "[1, x]", "some", "6"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        coley_scenario *scenario;
        snprintf(text, sizeof text, "%sregimen: [{drug: v, dose: 8 Gy, cycles: 1, lesions: %s}]\n", head, bad[i]);
        CHECK(coley_scenario_parse(arena, "s.yaml", text, strlen(text), &scenario, &err) == COLEY_ERR_INPUT);
        CHECK(err.line == 4);
    }
    coley_arena_destroy(arena);
}

static void regimen_and_table_are_merged_by_day_and_keep_their_order(void)
{
    coley_arena *arena = coley_arena_create();
    const char *text = BODY "regimen:\n- {drug: b, dose: 1 mg, every: 2 day, cycles: 3}\n- {drug: a, dose: 1 mg, "
                            "every: 1 day, cycles: 3}\n";
    coley_given_dose *dose;
    size_t n;
    const coley_scenario *s = read_text(arena, text, "TIME,AMT,CMT\n0,5,c\n0,6,d\n1,7,c\n");
    CHECK(coley_dosing_of(arena, s, &dose, &n, &err) == COLEY_OK && n == 9);
    const char *order = "bacdacbab";
    for (size_t i = 0; i < n; i++) CHECK(dose[i].drug[0] == order[i]);
    coley_arena_destroy(arena);
}

static void a_table_of_many_people_gives_the_patients_own_doses(void)
{
    coley_arena *arena = coley_arena_create();
    coley_given_dose *dose;
    size_t n;
    CHECK(coley_dosing_of(arena, read_text(arena, BODY, "ID,TIME,AMT,CMT\nP6,0,1,a\nP7,0,2,a\nP7,9,3,a\n"), &dose, &n,
                          &err) == COLEY_OK);
    CHECK(n == 2 && dose[0].amount == 2);
    CHECK(coley_dosing_of(arena, read_text(arena, BODY, "ID,TIME,AMT,CMT\n1,0,4,a\n1,5,4,a\n"), &dose, &n, &err) ==
              COLEY_OK &&
          n == 2);
    CHECK(coley_dosing_of(arena, read_text(arena, BODY, "ID,TIME,AMT,CMT\n1,0,4,a\n2,5,4,a\n"), &dose, &n, &err) ==
          COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "none called 'P7'");
    coley_arena_destroy(arena);
}

static void a_numbered_compartment_is_the_only_drug_or_an_error(void)
{
    coley_arena *arena = coley_arena_create();
    const char *one = BODY "regimen: [{drug: a, dose: 1 mg, cycles: 1}]\n", *events = "TIME,AMT,CMT\n3,5,1\n";
    coley_given_dose *dose;
    size_t n;
    CHECK(coley_dosing_of(arena, read_text(arena, one, events), &dose, &n, &err) == COLEY_OK && n == 2);
    CHECK_TEXT(dose[1].drug, "a");
    CHECK(coley_dosing_of(arena, read_text(arena, BODY, events), &dose, &n, &err) == COLEY_ERR_INPUT);
    CHECK(err.line == 2);
    CHECK_HAS(err.text, "which drug");
    coley_arena_destroy(arena);
}

static void no_regimen_means_no_dose(void)
{
    coley_arena *arena = coley_arena_create();
    coley_given_dose *dose;
    size_t n = 7;
    CHECK(coley_dosing_of(arena, read_text(arena, BODY, NULL), &dose, &n, &err) == COLEY_OK && n == 0);
    coley_arena_destroy(arena);
}

static void a_schedule_of_millions_is_refused(void)
{
    coley_arena *arena = coley_arena_create();
    coley_given_dose *dose;
    size_t n;
    const char *text = BODY "run: {duration: 36500 day}\nregimen: [{drug: a, dose: 1 mg, every: 0.01 day}]\n";
    CHECK(coley_dosing_of(arena, read_text(arena, text, NULL), &dose, &n, &err) == COLEY_ERR_INPUT);
    coley_arena_destroy(arena);
}

static void every_failing_allocation_is_reported(void)
{
    coley_arena *own = coley_arena_create();
    const coley_scenario *s =
        read_text(own, BODY "regimen: [{drug: a, dose: 1 mg, every: 1 day}]\n", "TIME,AMT,CMT\n3,5,1\n");
    for (size_t k = 1;; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_given_dose *dose;
        size_t n;
        const coley_status status = coley_dosing_of(arena, s, &dose, &n, &err);
        coley_arena_destroy(arena);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
    }
    coley_arena_destroy(own);
}

int main(void)
{
    RUN(cycles_until_and_the_end_of_the_run_all_stop_a_schedule);
    RUN(a_dose_follows_the_body_and_goes_into_the_lesions_that_are_named);
    RUN(regimen_and_table_are_merged_by_day_and_keep_their_order);
    RUN(a_table_of_many_people_gives_the_patients_own_doses);
    RUN(a_numbered_compartment_is_the_only_drug_or_an_error);
    RUN(no_regimen_means_no_dose);
    RUN(a_schedule_of_millions_is_refused);
    RUN(every_failing_allocation_is_reported);
    return check_done();
}
