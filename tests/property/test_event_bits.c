/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold for events of any cohort: the same bits in any company, agreement with the naive twin, and one
 * patient's impossible event harms no other. */
#include "support/check.h"
#include "support/events.h"

/* A tumour under a drug that is started, doubled and stopped by what the tumour does; a cell that divides again and
 * again; and two events that compete. */
static const char body[] = "T = 1; D = 0; on = 0; stops = 0; M = 0.5; n = 0; a = 0; b = 0; seen = 0;\n"
                           "  grow = 0.3; kill = 0.8; kel = 0.5; mature = 0.21; limit = 20; next = 1;\n"
                           "  T' = grow*T - kill*T*D/(1 + D);\n"
                           "  D' = on*(1 + (time > 12)) - kel*D;\n"
                           "  M' = mature*M*(2 - M);\n";
static const event_row rows[] = {
    {.id = "start", .trigger = "T > limit", .delay = "0.3", .set = {{"on", "1.5"}, {"seen", "T"}}},
    {.id = "stop", .trigger = "T < 0.4*limit && on > 0", .set = {{"on", "0"}, {"stops", "stops + 1"}}},
    {.id = "divide", .trigger = "M >= 1.5", .delay = "0.1", .set = {{"M", "M/2"}, {"n", "n + 1"}}, .late = 1},
    {.id = "a",
     .trigger = "time >= next",
     .priority = "2",
     .set = {{"a", "a + 1"}, {"next", "next + 0.7"}},
     .forgets = 1},
    {.id = "b",
     .trigger = "time >= next",
     .priority = "2",
     .set = {{"b", "b + 1"}, {"next", "next + 0.7"}},
     .forgets = 1},
};

enum { PEOPLE = 37, SAMPLES = 33 };
static double day[SAMPLES];
static coley_dose dose[2];

static solving model_of(void)
{
    return solving_events(body, rows, sizeof rows / sizeof *rows);
}

static solved cohort_of(const solving *m)
{
    for (int i = 0; i < SAMPLES; i++) day[i] = i;
    for (int i = 0; i < 2; i++)
        dose[i] = (coley_dose){.t_day = 5 + 9 * i, .amount = 2, .state = (int32_t)solving_state(m, "D")};
    solved s = solved_begin(m, PEOPLE, SAMPLES - 1, SAMPLES, day);
    s.dose = dose;
    s.n_doses = 2;
    s.spread = 0.2;
    static const char *const names[] = {"grow", "kill", "mature", "limit"};
    for (; s.n_spread < 4; s.n_spread++) s.spread_input[s.n_spread] = solving_input(m, names[s.n_spread]);
    return s;
}

static void a_patient_has_the_same_events_in_any_company(void)
{
    const solving m = model_of();
    solved expected = cohort_of(&m);
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.width = 8;
    CHECK(solved_run(&expected, &options, NULL) == COLEY_OK);
    double stops = 0, divisions = 0;
    for (size_t p = 0; p < PEOPLE; p++) {
        CHECK(expected.order_kept[p] && expected.samples_seen[p] == SAMPLES);
        stops += solved_value(&expected, p, SAMPLES - 1, solving_state(&m, "stops"));
        divisions += solved_value(&expected, p, SAMPLES - 1, solving_state(&m, "n"));
    }
    printf("# %g stops, %g divisions\n", stops, divisions);
    CHECK(stops > 20 && divisions > 3 * PEOPLE); /* there is something to compare */
    FOR_ALL(5, seed)
    {
        /* Draws go by the patient's number, so that the order of the cohort stays. */
        solved s = cohort_of(&m);
        options.width = (size_t)8 << (seed % 4);
        options.n_threads = 1 + (int)(seed % 3);
        CHECK(solved_run(&s, &options, NULL) == COLEY_OK);
        CHECK(memcmp(s.value, expected.value, sizeof(double) * PEOPLE * SAMPLES * s.n_states) == 0);
        for (size_t p = 0; p < PEOPLE; p++) CHECK(s.result[p].n_steps == expected.result[p].n_steps && s.order_kept[p]);
    }
    coley_arena_destroy(m.arena);
}

static void the_naive_twin_has_the_same_events(void)
{
    const solving m = model_of();
    solved fast = cohort_of(&m), naive = cohort_of(&m);
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.rtol = 1e-8;
    CHECK(solved_run(&fast, &options, NULL) == COLEY_OK);
    naive.cohort.self = &naive;
    CHECK(coley_integrate_naive(m.arena, &m.system, &naive.cohort, &options, NULL) == COLEY_OK);
    double most = 0;
    for (size_t k = 0; k < (size_t)PEOPLE * SAMPLES * fast.n_states; k++)
        most = fmax(most, fabs(fast.value[k] - naive.value[k]) / (1e-3 + fabs(naive.value[k])));
    printf("# largest relative difference %.2g\n", most);
    CHECK(most < 1e-7);
    for (size_t p = 0; p < PEOPLE; p++) CHECK(naive.samples_seen[p] == SAMPLES && naive.order_kept[p]);
    coley_arena_destroy(m.arena);
}

static void one_patient_with_endless_events_fails_alone(void)
{
    static char text[2000];
    snprintf(text, sizeof text, "%s  wild = 1; flip = 0;\n", body);
    event_row ring[2] = {{.id = "ping", .trigger = "wild > 1.15 && time > 3 && flip < 0.5", .set = {{"flip", "1"}}},
                         {.id = "pong", .trigger = "flip > 0.5", .set = {{"flip", "0"}}}};
    event_row all[7];
    memcpy(all, rows, sizeof rows);
    memcpy(all + 5, ring, sizeof ring);
    const solving m = solving_events(text, all, 7);
    solved s = cohort_of(&m);
    s.spread_input[s.n_spread++] = solving_input(&m, "wild");
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    CHECK(solved_run(&s, &options, &err) == COLEY_ERR_DIVERGED);
    CHECK_HAS(err.text, "without end");
    CHECK_HAS(err.text, "(time 3)");
    size_t failed = 0;
    for (size_t p = 0; p < PEOPLE; p++) {
        failed += s.result[p].status != COLEY_OK;
        CHECK(s.samples_seen[p] == (s.result[p].status == COLEY_OK ? SAMPLES : 4) ||
              (s.result[p].status != COLEY_OK && s.samples_seen[p] == 3));
        if (s.result[p].status != COLEY_OK) CHECK(s.result[p].fault == COLEY_EVENT_ENDLESS && s.result[p].event >= 5);
    }
    CHECK(failed > 2 && failed < PEOPLE - 2);
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(a_patient_has_the_same_events_in_any_company);
    RUN(the_naive_twin_has_the_same_events);
    RUN(one_patient_with_endless_events_fails_alone);
    return check_done();
}
