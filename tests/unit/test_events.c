/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of a model against what they come to by hand. */
#include "solve/events.h"

#include "support/check.h"
#include "support/events.h"

/* Value of a state of patient 0 at every one of n evenly spaced samples up to `end`; the status is expected. */
typedef struct course {
    solving model;
    solved run;
    double day[101];
    coley_error err;
    coley_status status;
} course;

static course run_course(const char *body, const event_row *row, size_t n_rows, double end, size_t n_samples)
{
    course c = {.model = solving_events(body, row, n_rows)};
    for (size_t i = 0; i < n_samples; i++) c.day[i] = end * (double)i / (double)(n_samples - 1);
    c.run = solved_begin(&c.model, 1, end, n_samples, c.day);
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    c.run.cohort.sample_day = c.day;
    c.run.model = &c.model;
    c.status = solved_run(&c.run, &options, &c.err);
    return c;
}

static double at(const course *c, size_t sample, const char *name)
{
    return solved_value(&c->run, 0, sample, solving_state(&c->model, name));
}

#define COURSE(c, body, end, n, ...)                                                                                   \
    const event_row c##_rows[] = {__VA_ARGS__};                                                                        \
    course c = run_course(body, c##_rows, sizeof c##_rows / sizeof *c##_rows, end, n);                                 \
    c.run.model = &c.model;                                                                                            \
    if (c.status != COLEY_OK) printf("# %s\n", c.err.text)

static void a_ball_bounces_where_the_parabola_meets_the_ground(void)
{
    COURSE(c, "x = 20; v = 0; hits = 0; x' = v; v' = -9.81;", 8, 81,
           {.id = "bounce", .trigger = "x <= 0 && v < 0", .set = {{"v", "-0.8*v"}, {"x", "0"}, {"hits", "hits + 1"}}});
    double hit = sqrt(2 * 20 / 9.81), up = 0.8 * 9.81 * hit;
    int hits = 0;
    double start = -1;
    for (size_t i = 0; i < 81; i++) {
        const double t = c.day[i];
        while (t > hit + 1e-9) { /* the next flight */
            start = hit;
            hits++;
            hit += 2 * up / 9.81;
            if (hits > 1) up *= 0.8, hit = start + 2 * up / 9.81;
        }
        const double s = t - start;
        const double expected = hits ? up * s - 0.5 * 9.81 * s * s : 20 - 0.5 * 9.81 * t * t;
        CHECK_NEAR(at(&c, i, "x"), expected, 1e-7);
        CHECK_NEAR(at(&c, i, "hits"), hits, 0);
    }
    CHECK(c.status == COLEY_OK && hits == 3);
    coley_arena_destroy(c.model.arena);
}

static void a_dose_by_event_is_given_at_its_very_moment(void)
{
    COURSE(
        c, "A = 0; k = 0.3; next = 1.7; given = 0; A' = -k*A;", 20, 101,
        {.id = "dose", .trigger = "time >= next", .set = {{"A", "A + 10"}, {"next", "next + 7"}, {"given", "time"}}});
    for (size_t i = 0; i < 101; i++) {
        double expected = 0;
        for (double t = 1.7; t <= c.day[i]; t += 7) expected += 10 * exp(-0.3 * (c.day[i] - t));
        CHECK_NEAR(at(&c, i, "A"), expected, 2e-5);
    }
    CHECK_NEAR(at(&c, 100, "given"), 15.7, 0);
    coley_arena_destroy(c.model.arena);
}

static void a_threshold_is_found_to_the_precision_of_the_solution(void)
{
    COURSE(c, "N = 1; when = 0; N' = 0.7*N;", 10, 11, {.id = "seen", .trigger = "N > 100", .set = {{"when", "time"}}});
    CHECK_NEAR(at(&c, 10, "when"), log(100) / 0.7, 1e-5);
    coley_arena_destroy(c.model.arena);
}

static void a_window_that_opens_and_closes_inside_one_step_is_seen(void)
{
    COURSE(c, "n = 0; m = 0; x = 1; x' = 0;", 100, 2,
           {.id = "narrow", .trigger = "time > 40 && time < 40.0001", .set = {{"n", "n + 1"}}},
           {.id = "curved", .trigger = "sin(time) > 0.98", .set = {{"m", "m + 1"}}});
    CHECK_NEAR(at(&c, 1, "n"), 1, 0);
    CHECK_NEAR(at(&c, 1, "m"), 16, 0); /* pi/2 + 2 k pi below 100 */
    coley_arena_destroy(c.model.arena);
}

static void a_window_in_time_alone_is_seen_however_narrow_and_whichever_way_its_edges_round(void)
{
    COURSE(c, "n = 0; m = 0; last = 0; x = 1; x' = 0;", 100, 2,
           {.id = "open", .trigger = "time > 40 && time < 40.0000001", .set = {{"n", "n + 1"}}},
           {.id = "again",
            .trigger = "time - last >= 0.1 && time - last < 0.2",
            .set = {{"m", "m + 1"}, {"last", "time"}}});
    CHECK_NEAR(at(&c, 1, "n"), 1, 0);
    CHECK(at(&c, 1, "m") >= 998 && at(&c, 1, "m") <= 1000);
    coley_arena_destroy(c.model.arena);
}

static void a_pulse_in_a_rate_is_met_at_both_its_edges(void)
{
    COURSE(c, "x = 0; x' = piecewise(3, time >= 50 && time < 50.001, 0);", 100, 2,
           {.id = "none", .trigger = "0 > 1", .set = {{"x", "0"}}});
    CHECK_NEAR(at(&c, 1, "x"), 0.003, 1e-12);
    CHECK(c.run.result[0].n_steps < 60);
    coley_arena_destroy(c.model.arena);
}

/* Days 27 and 28 of every four weeks, by the remainder of time: moments, not stretches. Infusions of a tenth of a
 * thousandth of a day, once a day, into a pool that loses nothing: k of them are k 1e-4. */
static void what_happens_by_the_remainder_of_time_happens_every_time(void)
{
    COURSE(c,
           "given = 0; again = 0; x = 0; z = 0; x' = piecewise(1, time % 1 < 1e-4, 0);\n"
           "  z' = piecewise(1, ceil(-time/7) == -3, 0);",
           700, 101, {.id = "day27", .trigger = "time % 28 == 27 && time > 54", .set = {{"given", "given + 1"}}},
           {.id = "day28", .trigger = "28*floor(time/28) == time && time > 54", .set = {{"again", "again + time"}}});
    CHECK(c.status == COLEY_OK);
    CHECK_NEAR(at(&c, 100, "given"), 24, 0);                           /* 55, 83, ..., 699 */
    CHECK_NEAR(at(&c, 100, "again"), 28.0 * (25 * 26 / 2) - 28, 1e-9); /* 56, 84, ..., 700 */
    for (size_t i = 1; i < 101; i++) CHECK_NEAR(at(&c, i, "x"), 1e-4 * c.day[i], 5e-11);
    CHECK_NEAR(at(&c, 100, "z"), 7, 1e-9); /* the fourth week */
    coley_arena_destroy(c.model.arena);
}

static void a_delayed_event_sets_the_values_of_then_or_of_now(void)
{
    COURSE(c, "x = 0; a = 0; b = 0; x' = 1;", 5, 6,
           {.id = "then", .trigger = "x >= 1", .delay = "2", .set = {{"a", "x"}}},
           {.id = "now", .trigger = "x >= 1", .delay = "2", .set = {{"b", "x"}}, .late = 1});
    CHECK_NEAR(at(&c, 2, "a"), 0, 0);
    CHECK_NEAR(at(&c, 5, "a"), 1, 1e-9);
    CHECK_NEAR(at(&c, 5, "b"), 3, 1e-9);
    coley_arena_destroy(c.model.arena);
}

static void of_events_at_one_moment_the_highest_priority_goes_first(void)
{
    COURSE(c, "x = 0; p = 1;", 2, 3,
           {.id = "low", .trigger = "time >= 1", .priority = "1", .set = {{"x", "10*x + 1"}}, .late = 1},
           {.id = "none", .trigger = "time >= 1", .set = {{"x", "10*x + 4"}}, .late = 1},
           {.id = "high", .trigger = "time >= 1", .priority = "3*p", .set = {{"x", "10*x + 3"}}, .late = 1},
           {.id = "middle", .trigger = "time >= 1", .priority = "2", .set = {{"x", "10*x + 2"}}, .late = 1});
    CHECK_NEAR(at(&c, 2, "x"), 3214, 0);
    coley_arena_destroy(c.model.arena);
}

static void one_event_may_set_off_another_at_the_same_moment(void)
{
    COURSE(c, "x = 0; y = 0; z = 0;", 2, 3, {.id = "first", .trigger = "time >= 1", .set = {{"x", "1"}}},
           {.id = "second", .trigger = "x > 0.5", .set = {{"y", "time"}}},
           {.id = "third", .trigger = "y > 0.5", .set = {{"z", "y"}, {"x", "0"}}});
    CHECK_NEAR(at(&c, 1, "z"), 1, 0); /* a sample at the time of an event is taken after it */
    CHECK_NEAR(at(&c, 1, "x"), 0, 0);
    coley_arena_destroy(c.model.arena);
}

static void an_event_that_is_not_persistent_is_forgotten_when_its_trigger_turns_false(void)
{
    COURSE(c, "x = 0; kept = 0; lost = 0; in = 0; x' = cos(time);", 3, 4,
           {.id = "kept", .trigger = "x > 0.9", .delay = "1.5", .set = {{"kept", "1"}}},
           {.id = "lost", .trigger = "x > 0.9", .delay = "1.5", .set = {{"lost", "1"}}, .forgets = 1},
           {.id = "soon", .trigger = "x > 0.9", .delay = "0.5", .set = {{"in", "1"}}, .forgets = 1});
    CHECK_NEAR(at(&c, 3, "kept"), 1, 0);
    CHECK_NEAR(at(&c, 3, "lost"), 0, 0); /* sin t falls below 0.9 again 0.9 later */
    CHECK_NEAR(at(&c, 3, "in"), 1, 0);
    coley_arena_destroy(c.model.arena);
}

static void a_trigger_that_is_true_at_the_start_fires_only_if_it_counts_as_false_before(void)
{
    COURSE(c, "x = 0; y = 0;", 1, 2,
           {.id = "at start", .trigger = "time >= 0", .set = {{"x", "1"}}, .fires_at_start = 1},
           {.id = "not", .trigger = "time >= 0", .set = {{"y", "1"}}});
    CHECK_NEAR(at(&c, 0, "x"), 1, 0);
    CHECK_NEAR(at(&c, 1, "y"), 0, 0);
    coley_arena_destroy(c.model.arena);
}

static void an_event_that_sets_a_concentration_and_its_compartment_takes_the_size_from_before(void)
{
    COURSE(c, "compartment V; V = 2; species S in V; S = 3; S' = 0;", 2, 3,
           {.id = "shrink", .trigger = "time >= 0.5", .set = {{"V", "0.5"}}},
           {.id = "both", .trigger = "time >= 1.5", .set = {{"V", "4"}, {"S", "5"}}});
    CHECK_NEAR(at(&c, 0, "S"), 6, 0); /* states are amounts */
    CHECK_NEAR(at(&c, 1, "S"), 6, 1e-15);
    CHECK_NEAR(at(&c, 2, "S"), 5 * 0.5, 1e-15);
    coley_arena_destroy(c.model.arena);
}

static void a_model_without_anything_that_moves_still_has_its_time(void)
{
    COURSE(c, "k = 1; q := k*time;", 2, 3, {.id = "never", .trigger = "k > 2"});
    CHECK(c.status == COLEY_OK && c.run.samples_seen[0] == 3);
    coley_arena_destroy(c.model.arena);
}

static void events_without_end_stop_that_patient_with_its_id_and_time(void)
{
    COURSE(c, "x = 0; x' = 1;", 3, 4, {.id = "ping", .trigger = "x >= 1 && x < 2", .set = {{"x", "2.5"}}},
           {.id = "pong", .trigger = "x >= 2", .set = {{"x", "1.5"}}});
    CHECK(c.status == COLEY_ERR_DIVERGED);
    CHECK_HAS(c.err.text, "patient 0: event \"p");
    CHECK_HAS(c.err.text, "without end");
    CHECK_HAS(c.err.text, "(time 1)");
    CHECK(c.run.samples_seen[0] == 1 && c.run.result[0].fault == COLEY_EVENT_ENDLESS);
    coley_arena_destroy(c.model.arena);
}

static void a_ball_that_comes_to_rest_by_ever_smaller_bounces_is_an_error_and_not_a_hang(void)
{
    COURSE(c, "x = 1; v = 0; x' = v; v' = -10;", 100, 2,
           {.id = "bounce", .trigger = "x <= 0 && v < 0", .set = {{"v", "-0.5*v"}, {"x", "0"}}});
    CHECK(c.status == COLEY_ERR_DIVERGED);
    CHECK_HAS(c.err.text, "event \"bounce\"");
    CHECK_NEAR(c.run.result[0].t_day, sqrt(0.2) * 3, 1e-4); /* all bounces end there */
    coley_arena_destroy(c.model.arena);
}

static void a_delay_below_zero_and_too_many_waiting_are_errors(void)
{
    COURSE(c, "x = 0; x' = 1;", 3, 2, {.id = "back", .trigger = "x >= 1", .delay = "0.5 - x", .set = {{"x", "0"}}});
    CHECK(c.status == COLEY_ERR_DIVERGED && c.run.result[0].fault == COLEY_EVENT_DELAY);
    CHECK_HAS(c.err.text, "below 0");
    coley_arena_destroy(c.model.arena);
    COURSE(d, "x = 0; n = 0; x' = 1;", 3, 2, {.id = "again", .trigger = "x >= 0.001", .set = {{"x", "0"}}},
           {.id = "queue", .trigger = "x > 0.0005", .delay = "100", .set = {{"n", "1"}}});
    CHECK(d.status == COLEY_ERR_DIVERGED && d.run.result[0].fault == COLEY_EVENT_CROWD);
    CHECK_HAS(d.err.text, "\"queue\"");
    coley_arena_destroy(d.model.arena);
}

static void equal_priorities_are_drawn_evenly_and_the_same_every_time(void)
{
    const event_row rows[] = {{.id = "a",
                               .trigger = "time >= next",
                               .priority = "1",
                               .set = {{"a", "a + 1"}, {"next", "next + 0.01"}},
                               .forgets = 1},
                              {.id = "b",
                               .trigger = "time >= next",
                               .priority = "1",
                               .set = {{"b", "b + 1"}, {"next", "next + 0.01"}},
                               .forgets = 1}};
    double first[2] = {0};
    for (int run = 0; run < 2; run++) {
        course c = run_course("a = 0; b = 0; next = 0.01;", rows, 2, 10, 2);
        c.run.model = &c.model;
        const double a = at(&c, 1, "a"), b = at(&c, 1, "b");
        CHECK(a + b > 990 && fabs(a - b) < 130 && fabs(a - b) > 0); /* four deviations of a fair coin */
        if (run) CHECK(a == first[0] && b == first[1]);
        first[0] = a, first[1] = b;
        coley_arena_destroy(c.model.arena);
    }
}

static void a_dose_may_set_off_an_event(void)
{
    const event_row rows[] = {{.id = "peak", .trigger = "A > 5", .set = {{"seen", "time"}}}};
    const solving m = solving_events("A = 0; seen = 0; A' = -A;", rows, 1);
    const double day[] = {1, 2, 3};
    const coley_dose dose = {.t_day = 2, .amount = 8, .state = (int32_t)solving_state(&m, "A")};
    solved s = solved_begin(&m, 1, 3, 3, day);
    s.dose = &dose;
    s.n_doses = 1;
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    CHECK(solved_run(&s, &options, NULL) == COLEY_OK);
    CHECK_NEAR(solved_value(&s, 0, 1, solving_state(&m, "A")), 0, 0); /* before the dose */
    CHECK_NEAR(solved_value(&s, 0, 2, solving_state(&m, "seen")), 2, 0);
    coley_arena_destroy(m.arena);
}

static void every_failure_of_memory_is_reported(void)
{
    const event_row rows[] = {{.id = "e", .trigger = "A < 0.5", .delay = "1", .set = {{"A", "1"}}}};
    const solving m = solving_events("A = 1; A' = -A;", rows, 1);
    const double day[] = {3};
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    for (int naive = 0; naive < 2; naive++) {
        coley_status status = COLEY_ERR_MEMORY;
        size_t k = 1;
        for (; status == COLEY_ERR_MEMORY && k < 500; k++) {
            coley_arena *arena = coley_arena_create_failing(k);
            solved s = solved_begin(&m, 1, 3, 1, day);
            s.cohort.self = &s;
            status = naive ? coley_integrate_naive(arena, &m.system, &s.cohort, &options, NULL)
                           : coley_integrate_in(arena, &m.system, &s.cohort, &options, NULL);
            coley_arena_destroy(arena);
        }
        CHECK(status == COLEY_OK && k > 10);
    }
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(a_ball_bounces_where_the_parabola_meets_the_ground);
    RUN(a_dose_by_event_is_given_at_its_very_moment);
    RUN(a_threshold_is_found_to_the_precision_of_the_solution);
    RUN(a_window_that_opens_and_closes_inside_one_step_is_seen);
    RUN(a_window_in_time_alone_is_seen_however_narrow_and_whichever_way_its_edges_round);
    RUN(a_pulse_in_a_rate_is_met_at_both_its_edges);
    RUN(what_happens_by_the_remainder_of_time_happens_every_time);
    RUN(a_delayed_event_sets_the_values_of_then_or_of_now);
    RUN(of_events_at_one_moment_the_highest_priority_goes_first);
    RUN(one_event_may_set_off_another_at_the_same_moment);
    RUN(an_event_that_is_not_persistent_is_forgotten_when_its_trigger_turns_false);
    RUN(a_trigger_that_is_true_at_the_start_fires_only_if_it_counts_as_false_before);
    RUN(an_event_that_sets_a_concentration_and_its_compartment_takes_the_size_from_before);
    RUN(a_model_without_anything_that_moves_still_has_its_time);
    RUN(events_without_end_stop_that_patient_with_its_id_and_time);
    RUN(a_ball_that_comes_to_rest_by_ever_smaller_bounces_is_an_error_and_not_a_hang);
    RUN(a_delay_below_zero_and_too_many_waiting_are_errors);
    RUN(equal_priorities_are_drawn_evenly_and_the_same_every_time);
    RUN(a_dose_may_set_off_an_event);
    RUN(every_failure_of_memory_is_reported);
    return check_done();
}
