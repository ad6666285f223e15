/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Glucocorticoids beside a checkpoint inhibitor: what steroid.ant must do whatever its numbers are. */
#include "patient/people.h"
#include "run/session.h"
#include "support/check.h"

#define MODELS COLEY_SOURCE_DIR "/models/patient"

enum { WEEKS = 27, N_DOSES_MAX = 256 };
enum { EFFECT, GUT, BODY, PRIMED, TISSUE, ATTACK, N_OBSERVED };

/* The typical person with one tumour: prednisone daily from `first` for `days` days, pembrolizumab if asked for. */
typedef struct course {
    int pd1, no_steroid;
    double mg, first, days, last_day;
} course;

typedef struct outcome {
    double day[WEEKS], value[WEEKS][N_OBSERVED];
} outcome;

static outcome run(const course *c)
{
    outcome o = {0};
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_body *body;
    coley_population *population;
    const char *const classes[] = {"anti_pd1", "steroid"};
    const coley_body_options options = {
        .models = MODELS, .n_lesions = 1, .n_classes = c->no_steroid ? 1 : 2, .drug_class = classes};
    coley_status status = coley_body_assemble(arena, &options, &body, &err);
    if (!status) status = coley_population_create(arena, body, 0, NULL, 1, &population, &err);
    if (status) {
        CHECK_FAIL_("%s: %s", err.file, err.text);
        coley_arena_destroy(arena);
        return o;
    }
    double *inputs = COLEY_NEW(arena, double, coley_program_input_count(body->program));
    coley_population_inputs(population, NULL, inputs);
    coley_dose dose[N_DOSES_MAX];
    size_t n = 0;
    for (int day = 0; day <= (int)c->last_day; day++) {
        if (c->pd1 && day % 21 == 0)
            dose[n++] =
                (coley_dose){.t_day = day, .amount = 200, .duration_day = 1.0 / 48, .state = body->dose_state[0][0]};
        if (!c->no_steroid && c->mg > 0 && day >= c->first && day < c->first + c->days)
            dose[n++] = (coley_dose){.t_day = day, .amount = c->mg, .state = body->dose_state[1][0]};
    }
    for (int i = 0; i < WEEKS; i++) o.day[i] = c->last_day * i / (WEEKS - 1);
    const coley_network *net = body->network;
    const int32_t none = coley_network_symbol(net, "H_tissue");
    const int32_t observed[N_OBSERVED] = {c->no_steroid ? none : coley_network_symbol(net, "H_gc"),
                                          c->no_steroid ? none : coley_network_symbol(net, "gc_G"),
                                          c->no_steroid ? none : coley_network_symbol(net, "gc_A"),
                                          coley_network_symbol(net, "p_act8"),
                                          coley_network_symbol(net, "tissue_damage"),
                                          coley_body_lesion_symbol(body, 0, "step5_attack")};
    coley_people people = {.body = body,
                           .n = 1,
                           .inputs = inputs,
                           .n_doses = n,
                           .dose = dose,
                           .settle_day = COLEY_SETTLE_DAY,
                           .n_days = WEEKS,
                           .day = o.day,
                           .n_observed = N_OBSERVED,
                           .observed = observed,
                           .value = &o.value[0][0],
                           .integrator = COLEY_INTEGRATOR_DEFAULT};
    if (coley_people_simulate(arena, &people, &err)) CHECK_FAIL_("%s", err.text);
    coley_arena_destroy(arena);
    return o;
}

static void a_steroid_that_is_not_given_changes_nothing(void)
{
    const outcome with = run(&(course){.pd1 = 1, .last_day = 104}),
                  without = run(&(course){.pd1 = 1, .no_steroid = 1, .last_day = 104});
    for (int i = 0; i < WEEKS; i++)
        for (int what = PRIMED; what < N_OBSERVED; what++)
            CHECK(fabs(with.value[i][what] / without.value[i][what] - 1) < 1e-4);
}

static void a_single_dose_leaves_the_blood_within_a_day_and_its_effect_within_a_week(void)
{
    const outcome o = run(&(course){.mg = 60, .first = 0, .days = 1, .last_day = 13});
    CHECK(o.value[1][BODY] > 1 && o.value[1][EFFECT] > 0.5); /* after half a day */
    CHECK(o.value[3][BODY] < 0.1);                           /* a day and a half */
    CHECK(o.value[14][EFFECT] < 0.01);                       /* a week */
    for (int i = 0; i < WEEKS; i++)
        CHECK(o.value[i][GUT] > -1e-6 && o.value[i][BODY] > -1e-6 && o.value[i][EFFECT] < 1);
}

static void suppression_is_strong_on_priming_and_organs_and_weak_on_killing(void)
{
    const outcome on = run(&(course){.pd1 = 1, .mg = 75, .first = 21, .days = 5, .last_day = 26}),
                  off = run(&(course){.pd1 = 1, .last_day = 26});
    const int i = 24; /* day 24, three days into treatment */
    CHECK(on.value[i][PRIMED] < 0.5 * off.value[i][PRIMED]);
    CHECK(on.value[i][TISSUE] < 0.5 * off.value[i][TISSUE]);
    CHECK(on.value[i][ATTACK] > 0.5 * off.value[i][ATTACK] && on.value[i][ATTACK] < off.value[i][ATTACK]);
}

static void ten_milligrams_suppress_less_than_seventy_five(void)
{
    const outcome low = run(&(course){.mg = 10, .first = 0, .days = 26, .last_day = 26}),
                  high = run(&(course){.mg = 75, .first = 0, .days = 26, .last_day = 26});
    CHECK(low.value[20][EFFECT] > 0.05 && low.value[20][EFFECT] < 0.6);
    CHECK(high.value[20][EFFECT] > low.value[20][EFFECT] + 0.2);
}

int main(void)
{
    RUN(a_steroid_that_is_not_given_changes_nothing);
    RUN(a_single_dose_leaves_the_blood_within_a_day_and_its_effect_within_a_week);
    RUN(suppression_is_strong_on_priming_and_organs_and_weak_on_killing);
    RUN(ten_milligrams_suppress_less_than_seventy_five);
    return check_done();
}
