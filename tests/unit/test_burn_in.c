/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growth to the diagnosis: when, in what state, and who never gets there; arms that start from it. */
#include "run/burn_in.h"

#include "support/check.h"
#include "support/solving.h"

enum { PEOPLE = 30 };

/* A sphere that grows towards 1000 mm3, and a drug that shrinks it; g differs. */
static const char sphere[] = "model m()\n"
                             " V = 1; drug = 0; g = 0.05; K = 1000; kill = 0.3; kel = 0.1;\n"
                             " V' = g*V*(1 - V/K) - kill*drug*V; drug' = -kel*drug;\n"
                             " D := (6*V/3.141592653589793)^(1/3);\n"
                             " unit mm = 1e-3 metre; D has mm;\n"
                             "end\n";

typedef struct trial {
    solving m;
    coley_model model;
    coley_burn_in burn_in;
    double *inputs;
    coley_baselines baselines;
} trial;

static double growth_of(size_t person)
{
    return 0.002 * (double)(person + 1);
}

/* Time at which the logistic curve from 1 towards 1000 comes to V. */
static double time_of(double V, double g)
{
    return log(V * (1000 - 1) / (1000 - V)) / g;
}

static trial trial_of(const char *until, double within)
{
    trial t = {.m = solving_of(sphere, sizeof sphere - 1)};
    coley_error err = {0};
    t.model = (coley_model){.network = t.m.network, .program = t.m.program};
    CHECK(coley_burn_in_make(t.m.arena, &t.model, until, within, &t.burn_in, &err) == COLEY_OK);
    if (err.text[0]) printf("# %s\n", err.text);
    const size_t n = t.m.system.n_inputs;
    t.inputs = COLEY_NEW(t.m.arena, double, PEOPLE *n);
    for (size_t p = 0; p < PEOPLE; p++) {
        memcpy(t.inputs + p * n, coley_program_input_default(t.m.program), n * sizeof *t.inputs);
        t.inputs[p * n + solving_input(&t.m, "g")] = growth_of(p);
    }
    return t;
}

static coley_integrator_options tight(void)
{
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.rtol = 1e-9;
    options.atol = 1e-12;
    return options;
}

static void everybody_is_diagnosed_when_the_curve_says_or_never(void)
{
    const char *const until[] = {"D=10", "D=10 mm", "D=1 cm"};
    const double V = 3.141592653589793 / 6 * 1000;
    for (int i = 0; i < 3; i++) {
        trial t = trial_of(until[i], 1000);
        const coley_integrator_options options = tight();
        coley_error err = {0};
        CHECK(coley_burn_in_run(t.m.arena, &t.burn_in, PEOPLE, t.inputs, &options, NULL, &t.baselines, &err) ==
              COLEY_OK);
        size_t never = 0;
        for (size_t p = 0; p < PEOPLE; p++) {
            const double when = time_of(V, growth_of(p));
            never += when > 1000;
            CHECK(t.baselines.outcome[p] == (when > 1000 ? COLEY_BURN_IN_NEVER : COLEY_BURN_IN_REACHED));
            if (when > 1000) {
                char text[300];
                coley_burn_in_reason(&t.burn_in, t.m.network, &t.baselines, p, text, sizeof text);
                CHECK_TEXT(text, "never diagnosed: D has not reached 10 by time 1000 of growth");
                continue;
            }
            CHECK_NEAR(t.baselines.result[p].t_day, when, 1e-6);
            CHECK_NEAR(t.baselines.state[p * t.m.system.n + solving_state(&t.m, "V")], V, 1e-6);
        }
        CHECK(never > 0 && never < PEOPLE && t.baselines.n_never == never && t.baselines.n_lost == 0);
        coley_arena_destroy(t.m.arena);
    }
}

static void the_model_itself_stays_as_it_was(void)
{
    trial t = trial_of("V=5", 100);
    CHECK(t.m.network->n_events == 0 && coley_program_event_count(t.m.program) == 0);
    CHECK(t.burn_in.system.n == t.m.system.n && t.burn_in.system.n_inputs == t.m.system.n_inputs);
    for (size_t i = 0; i < t.m.system.n; i++)
        CHECK(coley_program_state_symbol(t.burn_in.program, i) == coley_program_state_symbol(t.m.program, i));
    for (size_t i = 0; i < t.m.system.n_inputs; i++)
        CHECK(coley_program_input_symbol(t.burn_in.program, i) == coley_program_input_symbol(t.m.program, i));
    coley_arena_destroy(t.m.arena);
}

/* An arm from the baselines: values at its start and end. */
typedef struct arm {
    const trial *t;
    coley_dose dose;
    double value[PEOPLE][2];
    size_t n_steps;
} arm;

static void arm_inputs(void *self, size_t p, double *inputs)
{
    const trial *t = ((arm *)self)->t;
    memcpy(inputs, t->inputs + p * t->m.system.n_inputs, t->m.system.n_inputs * sizeof *inputs);
}

static size_t arm_doses(void *self, size_t p, const coley_dose **dose)
{
    (void)p;
    *dose = &((arm *)self)->dose;
    return (*dose)->amount > 0;
}

static void arm_start(void *self, size_t p, coley_leg *leg)
{
    coley_baseline_depart(&((arm *)self)->t->baselines, p, leg);
}

static void arm_sample(void *self, const coley_sample *sample)
{
    arm *a = self;
    a->value[sample->patient][sample->index] = sample->value[solving_state(&a->t->m, "V") * sample->stride];
}

static void arm_finish(void *self, size_t p, const coley_integration *result)
{
    (void)p;
    ((arm *)self)->n_steps += result->n_steps;
}

static void arms_share_one_burn_in_and_start_at_its_end(void)
{
    trial t = trial_of("V=50", 1e4);
    const coley_integrator_options options = tight();
    coley_error err = {0};
    CHECK(coley_burn_in_run(t.m.arena, &t.burn_in, PEOPLE, t.inputs, &options, NULL, &t.baselines, &err) == COLEY_OK);
    const size_t steps = t.baselines.n_steps;
    static arm arms[3];
    const double day[] = {0, 40};
    for (int i = 0; i < 3; i++) {
        arms[i] = (arm){.t = &t};
        arms[i].dose = (coley_dose){.amount = i == 2 ? 2 : 0, .state = (int32_t)solving_state(&t.m, "drug")};
        const coley_cohort cohort = {.self = &arms[i],
                                     .n = PEOPLE,
                                     .t_end_day = 40,
                                     .n_samples = 2,
                                     .sample_day = day,
                                     .inputs = arm_inputs,
                                     .doses = arm_doses,
                                     .sample = arm_sample,
                                     .finish = arm_finish,
                                     .start = arm_start};
        CHECK(coley_integrate(&t.m.system, &cohort, &options, &err) == COLEY_OK);
    }
    CHECK(steps > 0 && t.baselines.n_steps == steps && arms[0].n_steps > 0);
    CHECK(memcmp(arms[0].value, arms[1].value, sizeof arms[0].value) == 0);
    for (size_t p = 0; p < PEOPLE; p++) {
        const double V = t.baselines.state[p * t.m.system.n + solving_state(&t.m, "V")], g = growth_of(p);
        CHECK_NEAR(V, 50, 1e-7);
        for (int i = 0; i < 3; i++) CHECK(arms[i].value[p][0] == V);
        CHECK_NEAR(arms[0].value[p][1], 1000 * 50 / (50 + 950 * exp(-g * 40)), 1e-6);
        CHECK(arms[2].value[p][1] < arms[0].value[p][1]);
    }
    coley_arena_destroy(t.m.arena);
}

static void what_cannot_be_a_diagnosis_is_refused_with_what_to_change(void)
{
    trial t = trial_of("V=5", 100);
    coley_burn_in b;
    coley_error err = {0};
    const struct {
        const char *until, *says;
        double within;
    } bad[] = {{"V", "not NAME=VALUE", 9},      {"=3", "not NAME=VALUE", 9}, {"drog=3", "did you mean drug?", 9},
               {"V=large", "V has no unit", 9}, {"D=3 mg", "D:", 9},         {"V=3", "must be above 0", 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(coley_burn_in_make(t.m.arena, &t.model, bad[i].until, bad[i].within, &b, &err) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, bad[i].says);
    }
    coley_arena_destroy(t.m.arena);
}

static void every_failed_allocation_is_reported(void)
{
    trial t = trial_of("V=5", 100);
    const coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_status status = COLEY_ERR_MEMORY;
    for (size_t k = 1; status == COLEY_ERR_MEMORY && k < 2000; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_error err = {0};
        coley_burn_in b;
        coley_baselines baselines;
        if (!arena) continue;
        status = coley_burn_in_make(arena, &t.model, "V=5", 100, &b, &err);
        if (status == COLEY_OK) status = coley_burn_in_run(arena, &b, 5, t.inputs, &options, NULL, &baselines, &err);
        CHECK(status == COLEY_OK || (status == COLEY_ERR_MEMORY && err.code == COLEY_ERR_MEMORY));
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK);
    coley_arena_destroy(t.m.arena);
}

int main(void)
{
    RUN(everybody_is_diagnosed_when_the_curve_says_or_never);
    RUN(the_model_itself_stays_as_it_was);
    RUN(arms_share_one_burn_in_and_start_at_its_end);
    RUN(what_cannot_be_a_diagnosis_is_refused_with_what_to_change);
    RUN(every_failed_allocation_is_reported);
    return check_done();
}
