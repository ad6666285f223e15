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
    RUN(too_many_steps_end_that_patient);
    RUN(a_sample_at_a_dose_is_taken_before_it_and_samples_may_coincide);
    RUN(forty_infusions_may_run_at_once_and_outlast_the_run);
    RUN(a_run_of_no_length_gives_its_samples_and_ends);
    RUN(arguments_out_of_range_are_refused_and_say_what_to_change);
    RUN(every_failed_allocation_is_reported);
    return check_done();
}
