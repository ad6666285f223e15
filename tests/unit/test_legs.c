/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run in legs: the states of one leg's end are the next one's start; and runs that an event stops. */
#include "solve/cvodes.h"
#include "solve/integrator.h"

#include "support/check.h"
#include "support/events.h"

enum { ENGINES = 3, PEOPLE = 21 };

/* A cohort that starts from what it keeps, and keeps what it ends with. */
typedef struct relay {
    solved run; /* first, so that its callbacks see themselves */
    double from, to, spread_end;
    double *state, *t_end; /* [n][n_states], [n] */
    int goes_on;
    int *ends; /* how often each patient came to its end [n] */
} relay;

static void set_out(void *self, size_t patient, coley_leg *leg)
{
    const relay *r = self;
    const double *state = r->state + patient * r->run.n_states;
    leg->t_start_day = r->from;
    leg->t_end_day = r->to - r->spread_end * (double)patient;
    leg->goes_on = r->goes_on;
    if (r->goes_on) memcpy(leg->state, state, r->run.n_states * sizeof *state);
}

static void arrive(void *self, size_t patient, double t_day, const double *state, size_t stride)
{
    relay *r = self;
    r->t_end[patient] = t_day;
    r->ends[patient]++;
    for (size_t v = 0; v < r->run.n_states; v++) r->state[patient * r->run.n_states + v] = state[v * stride];
}

static relay relay_of(const solving *model, double end, size_t n_samples, const double *day)
{
    relay r = {.run = solved_begin(model, PEOPLE, end, n_samples, day), .to = end};
    r.run.cohort.start = set_out;
    r.run.cohort.end = arrive;
    r.state = COLEY_NEW(model->arena, double, PEOPLE * model->system.n);
    r.t_end = COLEY_NEW(model->arena, double, PEOPLE);
    r.ends = COLEY_NEW(model->arena, int, PEOPLE);
    return r;
}

static coley_status go(int engine, relay *r, const coley_integrator_options *options, coley_error *err)
{
    const solving *m = r->run.model;
    r->run.cohort.self = r;
    memset(r->ends, 0, PEOPLE * sizeof *r->ends);
    memset(r->run.result, 0, PEOPLE * sizeof *r->run.result);
    memset(r->run.samples_seen, 0, PEOPLE * sizeof *r->run.samples_seen);
    if (engine == 0) return coley_integrate(&m->system, &r->run.cohort, options, err);
    if (engine == 1) return coley_integrate_naive(m->arena, &m->system, &r->run.cohort, options, err);
    return coley_integrate_cvodes(m->arena, &m->system, &r->run.cohort, options, err);
}

static int engines(void)
{
    return coley_cvodes_is_built() ? ENGINES : ENGINES - 1;
}

static const char binding[] = "model m()\n D = 0; R = 3; C = 0; kon = 5; koff = 0.2; kel = 0.4; kin = 0.6;\n"
                              " D' = -kel*D - kon*D*R + koff*C; R' = kin*(3 - R) - kon*D*R + koff*C;\n"
                              " C' = kon*D*R - koff*C;\nend\n";

/* The same doses in every leg: a bolus, an infusion across a cut, another elimination, a reset, a bolus at the end. */
static size_t doses_of(const solving *m, coley_dose *dose)
{
    const int32_t D = (int32_t)solving_state(m, "D"), kel = (int32_t)solving_input(m, "kel");
    const coley_dose all[] = {
        {.t_day = 0, .amount = 4, .state = D},
        {.t_day = 2, .amount = 6, .duration_day = 3.5, .state = D},
        {.t_day = 3, .amount = 0.9, .state = kel, .kind = COLEY_DOSE_INPUT},
        {.t_day = 4, .amount = 5, .state = D},
        {.t_day = 7, .kind = COLEY_DOSE_RESET},
        {.t_day = 7, .amount = 2, .state = D},
        {.t_day = 10, .amount = 1, .state = D},
    };
    memcpy(dose, all, sizeof all);
    return sizeof all / sizeof *all;
}

static void legs_together(double tolerance, size_t n_cuts, const double *cut)
{
    const solving m = solving_of(binding, sizeof binding - 1);
    coley_dose dose[8];
    const double end = 10;
    for (int engine = 0; engine < engines(); engine++) {
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.rtol = 1e-8;
        options.atol = 1e-10;
        coley_error err = {0};
        relay whole = relay_of(&m, end, 1, &end), legs = relay_of(&m, end, 1, &end);
        whole.run.dose = legs.run.dose = dose;
        whole.run.n_doses = legs.run.n_doses = doses_of(&m, dose);
        whole.run.n_spread = legs.run.n_spread = 2;
        whole.run.spread = legs.run.spread = 0.3;
        for (relay *r = &whole; r; r = r == &whole ? &legs : NULL) {
            r->run.spread_input[0] = solving_input(&m, "kon");
            r->run.spread_input[1] = solving_input(&m, "kin");
        }
        CHECK(go(engine, &whole, &options, &err) == COLEY_OK);
        for (size_t i = 0; i <= n_cuts; i++) {
            legs.from = i ? cut[i - 1] : 0;
            legs.to = i < n_cuts ? cut[i] : end;
            legs.goes_on = i > 0;
            CHECK(go(engine, &legs, &options, &err) == COLEY_OK);
            for (size_t p = 0; p < PEOPLE; p++) CHECK(legs.t_end[p] == legs.to && legs.ends[p] == 1);
        }
        for (size_t p = 0; p < PEOPLE; p++)
            for (size_t v = 0; v < m.system.n; v++) {
                CHECK_NEAR(legs.state[p * m.system.n + v], whole.state[p * m.system.n + v],
                           engine == 2 ? 1e-5 : tolerance);
                /* The sample of the end is before the dose of the end, and so is what is handed over. */
                CHECK_NEAR(solved_value(&whole.run, p, 0, v), whole.state[p * m.system.n + v], 0);
            }
    }
    coley_arena_destroy(m.arena);
}

static void legs_cut_at_doses_and_inside_infusions_come_to_what_the_uncut_run_comes_to(void)
{
    legs_together(2e-8, 4, (const double[]){2, 3, 4, 7}); /* where the uncut run starts anew, too */
    legs_together(2e-6, 6, (const double[]){0.7, 2.2, 2.2, 5.1, 6.9, 9.99});
}

static void an_exponential_stops_where_it_reaches_its_size_and_the_bits_know_no_width(void)
{
    const solving m = solving_events("N = 1; g = 0.7; other = 1; N' = g*N; other' = -0.3*other;",
                                     &(const event_row){.id = "size", .trigger = "N >= 100", .fires_at_start = 1}, 1);
    const int32_t size = 0;
    const double day[] = {1, 5, 9, 30};
    double first[PEOPLE], first_state[PEOPLE];
    for (int engine = 0; engine < engines(); engine++)
        for (size_t width = 8; width <= (engine ? 8 : 32); width *= 2) {
            coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
            options.rtol = 1e-9;
            options.atol = 1e-12;
            options.width = width;
            options.n_threads = width == 16 ? 3 : 1;
            coley_error err = {0};
            relay r = relay_of(&m, 30, 4, day);
            r.run.cohort.start = NULL;
            r.run.cohort.n_stop_events = 1;
            r.run.cohort.stop_event = &size;
            r.run.n_spread = 1;
            r.run.spread_input[0] = solving_input(&m, "g");
            r.run.spread = 0.6;
            CHECK(go(engine, &r, &options, &err) == COLEY_OK);
            size_t stopped = 0;
            for (size_t p = 0; p < PEOPLE; p++) {
                const double g = 0.7 * exp(0.6 * coley_rng_normal(11, COLEY_STREAM_TEST, p, 0)), t = log(100) / g;
                const coley_integration *result = &r.run.result[p];
                CHECK(result->stopped == (t < 30) && result->event == (t < 30 ? 0 : -1) && r.ends[p] == 1);
                CHECK_NEAR(result->t_day, t < 30 ? t : 30, 1e-6);
                CHECK(r.t_end[p] == result->t_day);
                size_t seen = 0;
                while (seen < 4 && day[seen] <= result->t_day) seen++;
                CHECK(r.run.samples_seen[p] == seen);
                if (t < 30) CHECK_NEAR(r.state[p * 2 + solving_state(&m, "N")], 100, 1e-6);
                CHECK_NEAR(r.state[p * 2 + solving_state(&m, "other")], exp(-0.3 * result->t_day), 1e-6);
                stopped += result->stopped != 0;
                if (engine == 0 && width == 8) first[p] = r.t_end[p], first_state[p] = r.state[p * 2];
                if (engine == 0) CHECK(r.t_end[p] == first[p] && r.state[p * 2] == first_state[p]);
            }
            CHECK(stopped > 0);
        }
    coley_arena_destroy(m.arena);
}

static void who_is_there_at_the_start_stops_at_the_start_and_a_dose_may_stop_too(void)
{
    const solving m = solving_events("N = 1; N' = 0.1*N;",
                                     &(const event_row){.id = "size", .trigger = "N >= 100", .fires_at_start = 1}, 1);
    const int32_t size = 0;
    const coley_dose dose[] = {{.t_day = 2, .amount = 200}};
    for (int engine = 0; engine < engines(); engine++)
        for (int by_dose = 0; by_dose < 2; by_dose++) {
            const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
            coley_error err = {0};
            relay r = relay_of(&m, 30, 0, NULL);
            r.run.dose = dose;
            r.run.n_doses = by_dose ? 1 : 0;
            r.goes_on = 0;
            r.run.cohort.n_stop_events = 1;
            r.run.cohort.stop_event = &size;
            r.run.n_spread = 1;
            r.run.spread_input[0] = solving_input(&m, "N");
            r.run.spread = by_dose ? 0 : 20; /* some start large */
            CHECK(go(engine, &r, &options, &err) == COLEY_OK);
            for (size_t p = 0; p < PEOPLE; p++) {
                const double N = exp(20 * coley_rng_normal(11, COLEY_STREAM_TEST, p, 0));
                if (by_dose) CHECK(r.run.result[p].stopped && r.t_end[p] == 2 && r.state[p] > 200);
                if (!by_dose && N >= 100)
                    CHECK(r.run.result[p].stopped && r.t_end[p] == 0 && r.run.result[p].n_steps == 0);
            }
        }
    coley_arena_destroy(m.arena);
}

static void everybody_may_have_a_start_and_an_end_of_their_own(void)
{
    static const char text[] = "model m()\n x = 2; k = 0.5;\n x' = -k*x;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    const double day[] = {0, 1, 2, 5, 9, 10};
    for (int engine = 0; engine < engines(); engine++) {
        const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        coley_error err = {0};
        relay r = relay_of(&m, 10, 6, day);
        r.from = 2;
        r.spread_end = 0.4; /* the last one's leg is no time at all */
        r.run.cohort.sample = NULL;
        r.run.cohort.n_samples = 0;
        CHECK(go(engine, &r, &options, &err) == COLEY_OK);
        for (size_t p = 0; p < PEOPLE; p++) {
            const double to = p < 20 ? 10 - 0.4 * (double)p : 2;
            CHECK_NEAR(r.t_end[p], to, 0);
            CHECK_NEAR(r.state[p], 2 * exp(-0.5 * (to - 2)), engine == 2 ? 2e-5 : 3e-6);
        }
    }
    coley_arena_destroy(m.arena);
}

static void an_event_that_has_happened_does_not_happen_again_in_the_next_leg(void)
{
    const solving m =
        solving_events("N = 1; hits = 0; N' = 0.5*N;",
                       &(const event_row){.id = "seen", .trigger = "N > 5", .set = {{"hits", "hits + 1"}}}, 1);
    const size_t hits = solving_state(&m, "hits");
    for (int engine = 0; engine < engines(); engine++) {
        const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        coley_error err = {0};
        relay r = relay_of(&m, 10, 0, NULL);
        for (int leg = 0; leg < 4; leg++) {
            r.from = 2.5 * leg;
            r.to = 2.5 * (leg + 1);
            r.goes_on = leg > 0;
            CHECK(go(engine, &r, &options, &err) == COLEY_OK);
        }
        for (size_t p = 0; p < PEOPLE; p++) CHECK_NEAR(r.state[p * 2 + hits], 1, 0);
    }
    coley_arena_destroy(m.arena);
}

static void an_event_that_waits_where_a_leg_ends_is_refused_with_its_name(void)
{
    const solving m = solving_events(
        "N = 1; hits = 0; N' = 0.5*N;",
        &(const event_row){.id = "seen", .trigger = "N > 5", .delay = "4", .set = {{"hits", "hits + 1"}}}, 1);
    for (int engine = 0; engine < 2; engine++) {
        const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        coley_error err = {0};
        relay r = relay_of(&m, 10, 0, NULL);
        r.to = 5;
        CHECK(go(engine, &r, &options, &err) == COLEY_ERR_DIVERGED);
        CHECK_HAS(err.text, "\"seen\" still waits");
        CHECK(r.run.result[3].fault == COLEY_EVENT_LEFT && r.ends[3] == 0);
        r.to = 9; /* it has happened by then */
        CHECK(go(engine, &r, &options, &err) == COLEY_OK && r.ends[3] == 1);
        CHECK_NEAR(r.state[2 * 3 + solving_state(&m, "hits")], 1, 0);
    }
    coley_arena_destroy(m.arena);
}

static void a_leg_outside_the_run_or_from_no_number_is_refused(void)
{
    const solving m = solving_of(binding, sizeof binding - 1);
    for (int engine = 0; engine < engines(); engine++) {
        const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        coley_error err = {0};
        relay r = relay_of(&m, 10, 0, NULL);
        r.from = -1;
        CHECK(go(engine, &r, &options, &err) == COLEY_ERR_ARG);
        CHECK_HAS(err.text, "starts at day -1");
        r.from = 4;
        r.to = 3;
        CHECK(go(engine, &r, &options, &err) == COLEY_ERR_ARG);
        r.to = 11;
        CHECK(go(engine, &r, &options, &err) == COLEY_ERR_ARG);
        r.to = 10;
        r.goes_on = 1;
        r.state[5 * m.system.n + 1] = NAN;
        CHECK(go(engine, &r, &options, &err) == COLEY_ERR_ARG);
        CHECK_HAS(err.text, "patient 5 starts with a value that is no number in state 1");
        CHECK(r.ends[4] == 1 && r.ends[5] == 0 && r.ends[6] == 1);
        const int32_t none = 0;
        r.run.cohort.n_stop_events = 1;
        r.run.cohort.stop_event = &none;
        CHECK(go(engine, &r, &options, &err) == COLEY_ERR_ARG);
        CHECK_HAS(err.text, "not one of the model's 0");
    }
    coley_arena_destroy(m.arena);
}

static void a_leg_whose_memory_is_short_says_so_at_every_allocation(void)
{
    const solving m = solving_events("N = 1; N' = 0.5*N;",
                                     &(const event_row){.id = "size", .trigger = "N >= 5", .fires_at_start = 1}, 1);
    const int32_t size = 0;
    for (int engine = 0; engine < 2; engine++) {
        const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        relay r = relay_of(&m, 10, 0, NULL);
        r.run.cohort.self = &r;
        r.run.cohort.n_stop_events = 1;
        r.run.cohort.stop_event = &size;
        coley_status status = COLEY_ERR_MEMORY;
        for (size_t k = 1; status == COLEY_ERR_MEMORY && k < 500; k++) {
            coley_arena *arena = coley_arena_create_failing(k);
            coley_error err = {0};
            if (!arena) continue;
            status = engine ? coley_integrate_naive(arena, &m.system, &r.run.cohort, &options, &err)
                            : coley_integrate_in(arena, &m.system, &r.run.cohort, &options, &err);
            coley_arena_destroy(arena);
        }
        CHECK(status == COLEY_OK);
    }
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(legs_cut_at_doses_and_inside_infusions_come_to_what_the_uncut_run_comes_to);
    RUN(an_exponential_stops_where_it_reaches_its_size_and_the_bits_know_no_width);
    RUN(who_is_there_at_the_start_stops_at_the_start_and_a_dose_may_stop_too);
    RUN(everybody_may_have_a_start_and_an_end_of_their_own);
    RUN(an_event_that_has_happened_does_not_happen_again_in_the_next_leg);
    RUN(an_event_that_waits_where_a_leg_ends_is_refused_with_its_name);
    RUN(a_leg_outside_the_run_or_from_no_number_is_refused);
    RUN(a_leg_whose_memory_is_short_says_so_at_every_allocation);
    return check_done();
}
