/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/session.h"

#include "support/check.h"

#include <stdlib.h>
#include <unistd.h>

#define MODELS  COLEY_SOURCE_DIR "/models/patient"
#define CATALOG COLEY_SOURCE_DIR "/catalog"

#define HEAD                                                                                                           \
    "cancer: melanoma\nlesions:\n  - {site: lung, diameter: 30 mm}\n  - {site: liver, diameter: 20 mm, infiltration: " \
    "desert}\n"
#define SHORT "run: {duration: 60 day, population: 4}\n"

/* Write, load and prepare. */
static coley_status prepare(coley_arena *arena, const char *yaml, coley_session **session, coley_error *err)
{
    char path[] = "/tmp/coley-session-XXXXXX";
    const int fd = mkstemp(path);
    if (fd < 0 || write(fd, yaml, strlen(yaml)) != (ssize_t)strlen(yaml)) return COLEY_ERR_IO;
    close(fd);
    coley_scenario *scenario;
    coley_status status = coley_scenario_load(arena, path, CATALOG, &scenario, err);
    unlink(path);
    if (!status) status = coley_session_prepare(arena, scenario, MODELS, CATALOG, session, err);
    return status;
}

static coley_course *course_of(coley_arena *arena, const char *yaml, int n_threads)
{
    coley_session *session;
    coley_course *course = NULL;
    coley_error err = {0};
    const coley_session_options options = {.n_threads = n_threads};
    if (prepare(arena, yaml, &session, &err) || coley_session_run(arena, session, &options, &course, &err))
        CHECK_FAIL_("%s: %s", err.key, err.text);
    return course;
}

static const coley_series *series(const coley_course *course, const char *id)
{
    for (size_t i = 0; i < course->n_series; i++)
        if (!strcmp(course->series[i].id, id)) return &course->series[i];
    CHECK_FAIL_("no series %s", id);
    return &course->series[0];
}

/* Value of an input for the typical person, or NaN. */
static double input(const coley_session *session, const char *id)
{
    const int32_t symbol = coley_network_symbol(session->body->network, id);
    const int32_t at = symbol < 0 ? -1 : coley_program_input_of(session->body->program, symbol);
    if (at < 0) return NAN;
    double *inputs = malloc(coley_program_input_count(session->body->program) * sizeof *inputs);
    coley_population_inputs(session->population, NULL, inputs);
    const double value = inputs[at];
    free(inputs);
    return value;
}

static void the_scenario_and_the_catalog_become_the_models_numbers(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_session *s;
    CHECK(prepare(arena,
                  HEAD "patient: {weight: 80 kg, tmb: 12 1/Mb, pdl1_tps: 60 %}\n"
                       "regimen: [{drug: nivolumab, dose: 3 mg/kg, every: 2 week, cycles: 3}]\n"
                       "model: {parameters: {k_kill: 0.7 1/day, L2.room: 2, k_growth: 0.5 1/week}}\n" SHORT,
                  &s, &err) == COLEY_OK);
    CHECK_TEXT(err.text, "");
    CHECK_NEAR(input(s, "TMB"), 12, 1e-12);
    CHECK_NEAR(input(s, "L1.PDL1_TPS"), 0.6, 1e-12);
    CHECK_NEAR(input(s, "L1.D0_mm"), 30, 1e-12);
    CHECK_NEAR(input(s, "L2.D0_mm"), 20, 1e-12);
    CHECK_NEAR(input(s, "L1.infil"), 1, 1e-12);
    CHECK_NEAR(input(s, "L2.infil"), 0.05, 1e-12);
    CHECK_NEAR(input(s, "L1.k_kill"), 0.7, 1e-12);
    CHECK_NEAR(input(s, "L1.room"), 3, 1e-12);
    CHECK_NEAR(input(s, "L2.room"), 2, 1e-12);
    CHECK_NEAR(input(s, "L2.k_growth"), 0.5 / 7, 1e-12);
    CHECK(input(s, "pd1_CL") != 0.22 && input(s, "pd1_CL") > 0);
    CHECK(s->n_doses == 3 && s->dose[2].t_day == 28 && s->dose[2].amount == 240);
    CHECK(s->dose[0].state == s->body->dose_state[coley_body_class(s->body, "anti_pd1")][0]);
    CHECK(coley_population_trait(s->population, "L1.D0_mm") < 0);
    CHECK(coley_population_trait(s->population, "L1.infil") >= 0);
    coley_arena_destroy(arena);
}

static void rows_are_the_grid_and_the_scans(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_session *s;
    CHECK(prepare(arena, HEAD "scans: {every: 24 day, first: 10 day}\nrun: {duration: 60 day, output_every: 7 day}\n",
                  &s, &err) == COLEY_OK);
    CHECK(s->n_scans == 4 && s->scan_day[0] == 0 && s->scan_day[1] == 10 && s->scan_day[3] == 58);
    CHECK(s->n_days == 9 + 3);
    for (size_t i = 1; i < s->n_days; i++) CHECK(s->day[i] > s->day[i - 1]);
    coley_arena_destroy(arena);
}

static void what_cannot_be_meant_is_refused_with_its_place(void)
{
    static const struct {
        const char *yaml, *key, *says;
    } rows[] = {
        {HEAD "model: {parameters: {k_grwoth: 0.01}}\n", "k_grwoth", "did you mean k_growth?"},
        {HEAD "model: {parameters: {k_growth: 3 mm}}\n", "k_growth", "length"},
        {HEAD "model: {mechanisms: [priming]}\n", "", "model lesion"},
        {HEAD "regimen: [pembrolizumab-200-q3w, {drug: nivolumab, dose: 240 mg, every: 14 day}]\n", "regimen",
         "one drug of a class"},
        {HEAD "run: {population: 100000, output_every: 0.1 day}\n", "run.population", "GB"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        coley_arena *arena = coley_arena_create();
        coley_error err = {0};
        coley_session *s;
        coley_course *course;
        const coley_session_options options = {.n_threads = 1};
        coley_status status = prepare(arena, rows[i].yaml, &s, &err);
        if (!status) status = coley_session_run(arena, s, &options, &course, &err);
        CHECK(status == COLEY_ERR_INPUT);
        CHECK_TEXT(err.key, rows[i].key);
        CHECK_HAS(err.text, rows[i].says);
        coley_arena_destroy(arena);
    }
}

#define TREATED HEAD "regimen: pembrolizumab-200-q3w\nscans: {every: 21 day}\n" SHORT

static void a_course_has_series_bands_scans_events_and_words(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_course *c = course_of(arena, TREATED, 1);
    const coley_series *sum = series(c, "SOD");
    CHECK(c->n_days == 61 && c->n_twins == 4 && c->n_doses == 3);
    CHECK_NEAR(sum->value[0], series(c, "L1.diameter")->value[0] + series(c, "L2.diameter")->value[0], 1e-12);
    for (size_t i = 0; i < c->n_days; i++) {
        CHECK(sum->low90[i] <= sum->low50[i] && sum->low50[i] <= sum->high50[i] && sum->high50[i] <= sum->high90[i]);
        CHECK(isfinite(sum->value[i]) && sum->value[i] > 0);
    }
    CHECK(series(c, "pd1_mgL")->value[1] > 20 && series(c, "pd1_mgL")->value[0] == 0);
    CHECK(c->lesions->n_lesions == 2 && c->lesions->n_measurements == 2 * 3);
    CHECK(c->response->n_targets == 2 && c->response->n_assessments == 2);
    for (size_t i = 1; i < c->n_events; i++) CHECK(c->event[i].day >= c->event[i - 1].day);
    int steps = 0;
    for (size_t i = 0; i < c->n_events; i++) steps += !strcmp(c->event[i].kind, "five_steps");
    CHECK(steps >= 3);
    size_t n = 0;
    while (c->summary[n]) n++;
    CHECK(n >= 5 && n <= 10);
    CHECK_HAS(c->summary[n - 1], "not medical advice");
    coley_arena_destroy(arena);
}

static int same_series(const coley_course *a, const coley_course *b)
{
    if (a->n_series != b->n_series || a->n_days != b->n_days) return 0;
    for (size_t i = 0; i < a->n_series; i++) {
        const size_t bytes = a->n_days * sizeof(double);
        if (memcmp(a->series[i].value, b->series[i].value, bytes)) return 0;
        if (a->series[i].low90 && memcmp(a->series[i].low90, b->series[i].low90, bytes)) return 0;
    }
    return 1;
}

static void threads_change_nothing_and_the_seed_changes_people(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_course *one = course_of(arena, TREATED, 1), *two = course_of(arena, TREATED, 2);
    CHECK(same_series(one, two));
    const coley_course *other =
        course_of(arena, HEAD "regimen: pembrolizumab-200-q3w\nrun: {duration: 60 day, population: 4, seed: 2}\n", 2);
    CHECK(series(one, "SOD")->high90[50] != series(other, "SOD")->high90[50]);
    CHECK(series(one, "L1.diameter")->value[20] == series(other, "L1.diameter")->value[20]); /* typical is typical */
    coley_arena_destroy(arena);
}

static void a_person_of_the_population_can_be_the_patient(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_course *third =
        course_of(arena, HEAD "patient: {person: 3}\nrun: {duration: 60 day, population: 0}\n", 1);
    const coley_course *typical = course_of(arena, HEAD "run: {duration: 60 day, population: 0}\n", 1);
    CHECK(series(third, "L1.diameter")->value[60] != series(typical, "L1.diameter")->value[60]);
    CHECK(!series(third, "L1.diameter")->low90 && third->n_twins == 0);
    coley_arena_destroy(arena);
}

static void every_failing_allocation_is_reported(void)
{
    char path[] = "/tmp/coley-session-XXXXXX";
    const char *yaml = "cancer: melanoma\nlesions: [{site: lung, diameter: 30 mm}]\nregimen: pembrolizumab-200-q3w\n"
                       "run: {duration: 2 day, population: 1}\n";
    const int fd = mkstemp(path);
    CHECK(fd >= 0 && write(fd, yaml, strlen(yaml)) == (ssize_t)strlen(yaml));
    close(fd);
    coley_arena *kept = coley_arena_create();
    coley_scenario *scenario;
    coley_error err = {0};
    CHECK(coley_scenario_load(kept, path, CATALOG, &scenario, &err) == COLEY_OK);
    unlink(path);
    const coley_session_options options = {.n_threads = 1};
    coley_status status = COLEY_ERR_MEMORY;
    size_t k = 1;
    /* Every early allocation, then ever larger strides: each try reads all model files again. */
    for (; status == COLEY_ERR_MEMORY && k < 10000000; k += 1 + k / 8) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_session *session;
        coley_course *course;
        status = arena ? coley_session_prepare(arena, scenario, MODELS, CATALOG, &session, &err) : COLEY_ERR_MEMORY;
        if (!status) status = coley_session_run(arena, session, &options, &course, &err);
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK);
    CHECK(k > 100);
    coley_arena_destroy(kept);
}

/* What somebody notices late in a leg runs that leg again from its start, whoever else is simulated beside. */
static void the_clinics_loop_is_the_same_in_any_company_and_with_any_number_of_threads(void)
{
    static const char *const population[] = {"96", "128"};
    coley_arena *arena = coley_arena_create();
    coley_crowd crowd[3];
    for (int i = 0; i < 3; i++) {
        coley_session *session;
        coley_error err = {0};
        const coley_session_options options = {.n_threads = 1 + (i > 0)};
        const char *yaml = coley_arena_printf(
            arena,
            "cancer: melanoma\nlesions: [{site: lung, diameter: 30 mm, infiltration: inflamed}, {site: lymph node, "
            "diameter: 22 mm, infiltration: inflamed, nodal: yes}]\nregimen: [{drug: nivolumab, dose: 1 mg/kg, every: "
            "21 day, cycles: 4}, {drug: ipilimumab, dose: 3 mg/kg, every: 21 day, cycles: 4}]\npolicy: "
            "standard\nhistory: {autoimmune: moderate}\nrun: {duration: 28 day, population: %s}\n",
            population[i == 2]);
        if (prepare(arena, yaml, &session, &err) ||
            coley_session_people(arena, session, &options, 0, NULL, &crowd[i], &err))
            CHECK_FAIL_("%s: %s", err.key, err.text);
    }
    const size_t n = crowd[0].n * crowd[0].n_days * crowd[0].n_columns;
    CHECK(crowd[0].n > 32 && crowd[1].n == crowd[0].n && crowd[2].n > crowd[0].n);
    for (int i = 1; i < 3; i++) CHECK(!memcmp(crowd[i].value, crowd[0].value, n * sizeof *crowd[0].value));
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(the_scenario_and_the_catalog_become_the_models_numbers);
    RUN(rows_are_the_grid_and_the_scans);
    RUN(what_cannot_be_meant_is_refused_with_its_place);
    RUN(a_course_has_series_bands_scans_events_and_words);
    RUN(threads_change_nothing_and_the_seed_changes_people);
    RUN(a_person_of_the_population_can_be_the_patient);
    RUN(every_failing_allocation_is_reported);
    RUN(the_clinics_loop_is_the_same_in_any_company_and_with_any_number_of_threads);
    return check_done();
}
