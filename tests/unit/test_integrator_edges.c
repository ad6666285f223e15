/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a run ends badly, or at its rim: divergence, refused arguments, samples at doses, overlapping infusions,
 * memory. */
#include "support/check.h"
#include "support/solving.h"

/* x' = x^2 runs to infinity at 1/x(0); z is not a number from day `trap` on. */
static const char bursts[] = "model m()\n x = 0.1; z = 1; w = 1; trap = 1e9;\n"
                             " x' = x^2; z' = sqrt(trap - time)*1e-9; w' = -w;\nend\n";

static void a_patient_who_diverges_is_reported_with_day_and_state_and_the_others_complete(void)
{
    const solving m = solving_of(bursts, sizeof bursts - 1);
    enum { N = 20 };
    const double day[] = {1, 2, 5};
    for (int threads = 1; threads < 4; threads++) {
        solved s = solved_begin(&m, N, 5, 3, day);
        s.n_spread = 1;
        s.spread_input[0] = solving_input(&m, "x");
        s.spread = 1.2;
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.n_threads = threads;
        coley_error err = {0};
        CHECK(solved_run(&s, &options, &err) == COLEY_ERR_DIVERGED);
        size_t lost = 0;
        for (size_t p = 0; p < N; p++) {
            const double burst = 1 / (0.1 * exp(1.2 * coley_rng_normal(11, COLEY_STREAM_TEST, p, 0)));
            const coley_integration *r = &s.result[p];
            CHECK((r->status == COLEY_ERR_DIVERGED) == (burst < 5));
            CHECK(r->status == COLEY_OK ? r->t_day == 5 && r->state == -1 && s.samples_seen[p] == 3
                                        : fabs(r->t_day - burst) < 1e-3 * burst);
            if (r->status == COLEY_ERR_DIVERGED) {
                CHECK(r->state == (int32_t)solving_state(&m, "x"));
                char first[32];
                snprintf(first, sizeof first, "patient %zu:", p);
                if (!lost++) CHECK_HAS(err.text, first);
            } else {
                CHECK_NEAR(solved_value(&s, p, 2, solving_state(&m, "w")), exp(-5), 1e-6);
            }
        }
        CHECK(lost > 0 && lost < N);
    }
    coley_arena_destroy(m.arena);
}

static void a_derivative_that_is_not_a_number_names_its_state(void)
{
    static const char text[] = "model m()\n x = 1; z = 1;\n x' = -x; z' = sqrt(3 - time);\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    solved s = solved_begin(&m, 1, 5, 0, NULL);
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    CHECK(solved_run(&s, &options, &err) == COLEY_ERR_DIVERGED);
    CHECK(fabs(s.result[0].t_day - 3) < 1e-3);
    CHECK(s.result[0].state == (int32_t)solving_state(&m, "z"));
    solved naive = solved_begin(&m, 1, 5, 0, NULL);
    naive.cohort.self = &naive;
    CHECK(coley_integrate_naive(m.arena, &m.system, &naive.cohort, &options, &err) == COLEY_ERR_DIVERGED);
    CHECK(fabs(naive.result[0].t_day - 3) < 1e-3);
    coley_arena_destroy(m.arena);
}

/* Both integrators on one model, one person; the naive twin's result in `naive`. */
static void run_both(const solving *m, solved *block, solved *naive, double end, size_t n, const double *day)
{
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    *block = solved_begin(m, 1, end, n, day);
    CHECK(solved_run(block, &options, &err) == COLEY_OK);
    *naive = solved_begin(m, 1, end, n, day);
    naive->cohort.self = naive;
    CHECK(coley_integrate_naive(m->arena, &m->system, &naive->cohort, &options, &err) == COLEY_OK);
}

/* y = (1 - t/2)^2 and x = (1 - 0.7 t)^(1/0.7) until they are used up; f is no number below 0, its slope none at 0. */
static void what_is_used_up_by_a_power_below_one_stays_at_nothing(void)
{
    static const char text[] = "model m()\n y = 1; x = 1; p = 0;\n y' = -sqrt(y); x' = -x^0.3; p' = x^0.3;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    enum { N = 6 };
    const double day[N] = {0.5, 1, 1.4, 1.9, 2.5, 100};
    solved both[2];
    run_both(&m, &both[0], &both[1], 100, N, day);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < N; i++) {
            const double y = fmax(0, 1 - day[i] / 2), x = pow(fmax(0, 1 - 0.7 * day[i]), 1 / 0.7);
            CHECK(fabs(solved_value(&both[k], 0, i, solving_state(&m, "y")) - y * y) < (day[i] > 2 ? 1e-9 : 4e-6));
            CHECK(fabs(solved_value(&both[k], 0, i, solving_state(&m, "x")) - x) < (day[i] > 2 ? 1e-9 : 4e-6));
            CHECK(fabs(solved_value(&both[k], 0, i, solving_state(&m, "p")) - (1 - x)) < (day[i] > 2 ? 1e-9 : 4e-6));
        }
    CHECK(both[0].result[0].n_steps == both[1].result[0].n_steps);
    CHECK(both[0].result[0].n_rejected == both[1].result[0].n_rejected);
    coley_arena_destroy(m.arena);
}

/* a = t, b = t^2.5/2.5, c = (b's 1.5th power, integrated) rise from nothing so slowly that a stage's argument is below
 * 0 however short the step. */
static void a_cascade_with_broken_exponents_starts_from_nothing(void)
{
    static const char text[] =
        "model m()\n a = 0; b = 0; c = 0; d = 0;\n a' = 1; b' = a^1.5; c' = b^1.5; d' = c^2.9;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    const double day[] = {0.3, 1, 3};
    solved both[2];
    run_both(&m, &both[0], &both[1], 3, 3, day);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < 3; i++) {
            const double t = day[i], b = pow(t, 2.5) / 2.5, unit = pow(2.5, -1.5) / 4.75, c = unit * pow(t, 4.75);
            const double d = pow(unit, 2.9) * pow(t, 4.75 * 2.9 + 1) / (4.75 * 2.9 + 1), value[] = {t, b, c, d};
            for (size_t v = 0; v < 4; v++)
                CHECK(fabs(solved_value(&both[k], 0, i, v) - value[v]) < 1e-7 + 3e-5 * value[v]);
        }
    coley_arena_destroy(m.arena);
}

static void neighbours_do_not_see_that_a_lane_takes_what_is_below_0_for_0(void)
{
    static const char text[] = "model m()\n y = 1; z = 1;\n y' = -sqrt(y); z' = -z*z*time;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    enum { N = 16 };
    const double day[] = {1, 2, 4};
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    solved all = solved_begin(&m, N, 4, 3, day);
    all.n_spread = 1;
    all.spread_input[0] = solving_input(&m, "y");
    all.spread = 2;
    CHECK(solved_run(&all, &options, &err) == COLEY_OK);
    for (size_t p = 0; p < N; p++) {
        solved one = solved_begin(&m, N, 4, 3, day);
        one.n_spread = 1;
        one.spread_input[0] = all.spread_input[0];
        one.spread = 2;
        one.identity = &p;
        one.cohort.n = 1;
        CHECK(solved_run(&one, &options, &err) == COLEY_OK);
        for (size_t i = 0; i < 3; i++)
            for (size_t v = 0; v < 2; v++) CHECK(solved_value(&one, p, i, v) == solved_value(&all, p, i, v));
        CHECK(one.result[p].n_steps == all.result[p].n_steps);
    }
    coley_arena_destroy(m.arena);
}

static void what_falls_through_0_for_good_is_still_reported(void)
{
    static const char text[] = "model m()\n y = 1; z = 0;\n y' = -1; z' = sqrt(y);\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    solved s = solved_begin(&m, 1, 2, 0, NULL);
    CHECK(solved_run(&s, &options, &err) == COLEY_ERR_DIVERGED);
    CHECK(fabs(s.result[0].t_day - 1) < 1e-6 && s.result[0].state == (int32_t)solving_state(&m, "z"));
    coley_arena_destroy(m.arena);
}

static void too_many_steps_end_that_patient(void)
{
    static const char text[] = "model m()\n x = 1; w = 300;\n x' = cos(w*time)*w;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    solved s = solved_begin(&m, 1, 100, 0, NULL);
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.max_steps = 500;
    coley_error err = {0};
    CHECK(solved_run(&s, &options, &err) == COLEY_ERR_DIVERGED);
    CHECK(s.result[0].n_steps + s.result[0].n_rejected == 500 && s.result[0].t_day > 0);
    CHECK_HAS(err.text, "max_steps");
    coley_arena_destroy(m.arena);
}

static void a_sample_at_a_dose_is_taken_before_it_and_samples_may_coincide(void)
{
    static const char text[] = "model m()\n x = 2; k = 1;\n x' = -k*x;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    const double day[] = {0, 0, 1, 1, 3, 3};
    coley_dose dose[] = {
        {.t_day = 0, .amount = 1}, {.t_day = 0, .amount = 2}, {.t_day = 1, .amount = 10}, {.t_day = 3, .amount = 9}};
    solved s = solved_begin(&m, 11, 3, 6, day);
    s.dose = dose;
    s.n_doses = 4;
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    CHECK(solved_run(&s, &options, &err) == COLEY_OK);
    for (size_t p = 0; p < 11; p++) {
        const double one = 5 * exp(-1), three = (one + 10) * exp(-2), expected[] = {2, 2, one, one, three, three};
        CHECK(s.samples_seen[p] == 6 && s.order_kept[p]);
        for (size_t i = 0; i < 6; i++) CHECK_NEAR(solved_value(&s, p, i, 0), expected[i], 2e-6);
    }
    coley_arena_destroy(m.arena);
}

static void forty_infusions_may_run_at_once_and_outlast_the_run(void)
{
    static const char text[] = "model m()\n x = 0; k = 0.3;\n x' = -k*x;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    coley_dose dose[40];
    double day[20];
    for (int i = 0; i < 40; i++)
        dose[i] = (coley_dose){.t_day = 0.1 * i, .amount = 5, .duration_day = i < 35 ? 4.5 : 50};
    for (int i = 0; i < 20; i++) day[i] = 0.5 * (i + 1);
    solved s = solved_begin(&m, 3, 10, 20, day);
    s.dose = dose;
    s.n_doses = 40;
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    CHECK(solved_run(&s, &options, &err) == COLEY_OK);
    for (size_t i = 0; i < 20; i++) {
        double exact = 0;
        for (int k = 0; k < 40; k++) {
            const double since = day[i] - dose[k].t_day, over = dose[k].duration_day;
            if (since <= 0) continue;
            exact += 5 / over / 0.3 * (1 - exp(-0.3 * fmin(since, over))) * exp(-0.3 * fmax(0, since - over));
        }
        CHECK_NEAR(solved_value(&s, 1, i, 0), exact, 5e-6);
    }
    coley_arena_destroy(m.arena);
}

static void a_run_of_no_length_gives_its_samples_and_ends(void)
{
    static const char text[] = "model m()\n x = 2; k = 1;\n x' = -k*x;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    const double day = 0;
    solved s = solved_begin(&m, 100, 0, 1, &day);
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    CHECK(solved_run(&s, &options, &err) == COLEY_OK);
    for (size_t p = 0; p < 100; p++) CHECK(solved_value(&s, p, 0, 0) == 2 && s.samples_seen[p] == 1);
    s.cohort.n = 0;
    CHECK(solved_run(&s, &options, &err) == COLEY_OK);
    coley_arena_destroy(m.arena);
}

static void arguments_out_of_range_are_refused_and_say_what_to_change(void)
{
    static const char text[] = "model m()\n x = 2; k = 1;\n x' = -k*x;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    const double day[] = {2, 1};
    const coley_integrator_options good = COLEY_INTEGRATOR_DEFAULT;
    coley_integrator_options o[6];
    for (int i = 0; i < 6; i++) o[i] = good;
    o[0].rtol = 0, o[1].atol = 0, o[2].h_max_day = -1, o[3].n_threads = 0, o[4].width = 12,
    o[5].atol_state = (const double[]){-1};
    static const char *const says[] = {"rtol", "atol", "h_max_day", "n_threads", "width", "atol of state 0"};
    coley_error err = {0};
    solved s = solved_begin(&m, 1, 5, 0, NULL);
    for (int i = 0; i < 6; i++) {
        CHECK(solved_run(&s, &o[i], &err) == COLEY_ERR_ARG);
        CHECK_HAS(err.text, says[i]);
    }
    s.cohort.n_samples = 2;
    s.cohort.sample_day = day;
    CHECK(solved_run(&s, &good, &err) == COLEY_ERR_ARG);
    CHECK_HAS(err.text, "sample 1");
    s.cohort.n_samples = 0;
    s.cohort.t_end_day = -1;
    CHECK(solved_run(&s, &good, &err) == COLEY_ERR_ARG);
    CHECK_HAS(err.text, "end must not precede");

    const coley_dose wrong[] = {{.t_day = -1, .amount = 1},
                                {.t_day = 1, .amount = NAN},
                                {.t_day = 1, .amount = 1, .duration_day = -1},
                                {.t_day = 1, .amount = 1, .state = 1},
                                {.t_day = INFINITY, .amount = 1}};
    for (int i = 0; i < 5; i++) {
        s = solved_begin(&m, 1, 5, 0, NULL);
        s.dose = &wrong[i];
        s.n_doses = 1;
        CHECK(solved_run(&s, &good, &err) == COLEY_ERR_ARG);
        CHECK_HAS(err.text, "patient 0, dose 0");
        CHECK(s.result[0].status == COLEY_ERR_ARG);
    }
    coley_arena_destroy(m.arena);
}

static void every_failed_allocation_is_reported(void)
{
    const solving m = solving_of(bursts, sizeof bursts - 1);
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    for (int naive = 0; naive < 2; naive++) {
        coley_status status = COLEY_ERR_MEMORY;
        for (size_t k = 1; status != COLEY_OK && k < 200; k++) {
            coley_arena *arena = coley_arena_create_failing(k);
            solved s = solved_begin(&m, 3, 1, 0, NULL);
            s.cohort.self = &s;
            coley_error err = {0};
            status = naive ? coley_integrate_naive(arena, &m.system, &s.cohort, &options, &err)
                           : coley_integrate_in(arena, &m.system, &s.cohort, &options, &err);
            CHECK(status == COLEY_OK || (status == COLEY_ERR_MEMORY && err.code == COLEY_ERR_MEMORY));
            coley_arena_destroy(arena);
        }
        CHECK(status == COLEY_OK);
    }
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(a_patient_who_diverges_is_reported_with_day_and_state_and_the_others_complete);
    RUN(a_derivative_that_is_not_a_number_names_its_state);
    RUN(what_is_used_up_by_a_power_below_one_stays_at_nothing);
    RUN(a_cascade_with_broken_exponents_starts_from_nothing);
    RUN(neighbours_do_not_see_that_a_lane_takes_what_is_below_0_for_0);
    RUN(what_falls_through_0_for_good_is_still_reported);
    RUN(too_many_steps_end_that_patient);
    RUN(a_sample_at_a_dose_is_taken_before_it_and_samples_may_coincide);
    RUN(forty_infusions_may_run_at_once_and_outlast_the_run);
    RUN(a_run_of_no_length_gives_its_samples_and_ends);
    RUN(arguments_out_of_range_are_refused_and_say_what_to_change);
    RUN(every_failed_allocation_is_reported);
    return check_done();
}
