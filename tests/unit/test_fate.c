/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_fate.c -- endings of courses drawn by hand: each is told apart, and the reason is the one that was drawn. */
#include <stdlib.h>

#include "base/data.h"
#include "run/fate.h"
#include "run/story.h"
#include "support/check.h"

enum { N = 5 };

static const double day[N] = {0, 100, 200, 600, 1000};

/* One lesion; rows are the days above. */
typedef struct drawn {
    double diameter[N], seen[N], hidden[N], effector[N], exhausted[N], attack[N], pdl1[N], treg[N], lives[N],
        low_mhc[N];
    int counted;      /* last_cells.ant is loaded */
    double last_dose; /* NaN: none */
} drawn;

static coley_fate_rules rules;
static coley_arena *arena;

static const drawn usual = {
    .diameter = {30, 30, 30, 30, 30},
    .seen = {1e9, 1e9, 1e9, 1e9, 1e9},
    .hidden = {1e3, 1e3, 1e3, 1e3, 1e3},
    .effector = {1e8, 1e8, 1e8, 1e8, 1e8},
    .attack = {0.01, 0.05, 0.02, 0.01, 0.01},
    .last_dose = NAN,
};

static coley_fate fate_of(const drawn *d)
{
    const coley_series series[] = {
        {.id = "SOD", .value = d->diameter},
        {.id = "L1.diameter", .value = d->diameter},
        {.id = "L1.C_s", .value = d->seen},
        {.id = "L1.C_low", .value = d->hidden},
        {.id = "L1.T_eff", .value = d->effector},
        {.id = "L1.T_exh", .value = d->exhausted},
        {.id = "L1.step5_attack", .value = d->attack},
        {.id = "L1.step2_brake", .value = d->pdl1},
        {.id = "L1.H_Treg", .value = d->treg},
        {.id = "L1.low_mhc", .value = d->low_mhc},
        {.id = "L1.alive_s", .value = d->lives},
        {.id = "L1.alive_low", .value = d->lives},
    };
    const coley_given_dose dose = {.day = d->last_dose, .amount = 1, .drug = "x", .unit = "mg"};
    const coley_course course = {.n_days = N,
                                 .day = day,
                                 .n_series = sizeof series / sizeof *series - (d->counted ? 0 : 2),
                                 .series = series,
                                 .n_doses = isnan(d->last_dose) ? 0 : 1,
                                 .dose = &dose};
    return coley_fate_of(&course, &rules);
}

static drawn with_diameters(double a, double b, double c, double e, double f, double last_dose)
{
    drawn d = usual;
    const double to[N] = {a, b, c, e, f};
    memcpy(d.diameter, to, sizeof to);
    d.last_dose = last_dose;
    return d;
}

static void no_cell_left_is_a_cure_since_the_day_the_last_one_went(void)
{
    drawn d = with_diameters(30, 20, 10, 1, 1, 100);
    const double seen[N] = {1e9, 1e8, 1e4, 0.2, 0.01}, hidden[N] = {1e3, 1e2, 10, 0.5, 0.1};
    memcpy(d.seen, seen, sizeof seen);
    memcpy(d.hidden, hidden, sizeof hidden);
    const coley_fate fate = fate_of(&d);
    CHECK(fate.kind == COLEY_FATE_CURE);
    CHECK_NEAR(fate.since_day, 600, 0);
}

static void chance_decides_about_the_last_cells_not_their_mean(void)
{
    drawn d = with_diameters(30, 20, 10, 1, 1, 100);
    d.counted = 1;
    for (size_t i = 0; i < N; i++) d.seen[i] = 0.1, d.hidden[i] = 0.1, d.lives[i] = 1;
    CHECK(fate_of(&d).kind == COLEY_FATE_FUNCTIONAL_CURE); /* it lives, and may come back */
    for (size_t i = 0; i < N; i++) d.hidden[i] = 3, d.lives[i] = i < 2;
    const coley_fate fate = fate_of(&d);
    CHECK(fate.kind == COLEY_FATE_CURE);
    CHECK_NEAR(fate.since_day, 200, 0);
}

static void one_hidden_cell_more_is_no_cure(void)
{
    drawn d = with_diameters(30, 20, 10, 1, 1, 100);
    for (size_t i = 0; i < N; i++) d.seen[i] = 0.1, d.hidden[i] = 2;
    CHECK(fate_of(&d).kind == COLEY_FATE_FUNCTIONAL_CURE);
    d.last_dose = 900;
    CHECK(fate_of(&d).kind == COLEY_FATE_REMISSION);
}

static void a_tumour_that_stays_without_treatment_is_under_control(void)
{
    drawn d = with_diameters(30, 20, 15, 15, 16, 300);
    CHECK(fate_of(&d).kind == COLEY_FATE_CONTROL);
    d.last_dose = 990;
    CHECK(fate_of(&d).kind == COLEY_FATE_RESPONSE);
    d = with_diameters(30, 28, 27, 27, 28, 990);
    CHECK(fate_of(&d).kind == COLEY_FATE_STABLE);
    d.last_dose = NAN; /* never treated: nothing was controlled */
    CHECK(fate_of(&d).kind == COLEY_FATE_STABLE);
}

static void growth_after_shrinking_is_a_relapse_and_hidden_cells_its_reason(void)
{
    drawn d = with_diameters(30, 20, 10, 15, 25, 900);
    d.hidden[N - 1] = 2e9;
    const coley_fate fate = fate_of(&d);
    CHECK(fate.kind == COLEY_FATE_RELAPSE);
    CHECK_NEAR(fate.since_day, 600, 0);
    CHECK(fate.cause == &rules.antigen_loss && fate.lesion == 1);
    CHECK_TEXT(fate.quantity, "L1.C_low");
    CHECK_NEAR(fate.cause_value, 2e9, 0);
}

static void hidden_cells_are_named_by_what_they_lost(void)
{
    drawn d = with_diameters(30, 20, 10, 15, 25, 900);
    d.hidden[N - 1] = 2e9;
    CHECK_TEXT(fate_of(&d).cause->name, "antigen loss");
    for (size_t i = 0; i < N; i++) d.low_mhc[i] = 1;
    const coley_fate fate = fate_of(&d);
    CHECK(fate.cause == &rules.mhc_loss);
    CHECK_TEXT(fate.cause->name, "MHC loss");
    CHECK_TEXT(fate.quantity, "L1.C_low");
    d.low_mhc[N - 1] = 0; /* put back without the antigen: the end counts */
    CHECK_TEXT(fate_of(&d).cause->name, "antigen loss");
    d.hidden[N - 1] = 1e3; /* few of them: what they lost is no reason */
    for (size_t i = 0; i < N; i++) d.low_mhc[i] = 1;
    d.pdl1[N - 1] = 0.9;
    CHECK_TEXT(fate_of(&d).cause->name, "PD-L1");
}

static void the_brake_that_came_back_most_is_the_reason(void)
{
    drawn d = with_diameters(30, 20, 10, 15, 25, 300);
    d.pdl1[N - 1] = 0.9; /* 10 % of the strongest attack's permission */
    d.treg[N - 1] = 0.5;
    CHECK_TEXT(fate_of(&d).cause->name, "PD-L1");
    d.treg[N - 1] = 0.99;
    CHECK_TEXT(fate_of(&d).cause->name, "regulatory T cells");
    d.treg[1] = 0.99; /* it was so on the day of the strongest attack too: no change */
    CHECK_TEXT(fate_of(&d).cause->name, "PD-L1");
}

static void killers_that_went_or_wore_out_are_the_reason(void)
{
    drawn d = with_diameters(30, 20, 10, 15, 25, 300);
    d.effector[N - 1] = 1e4;
    CHECK(fate_of(&d).cause == &rules.few);
    d.exhausted[N - 1] = 1e8;
    const coley_fate fate = fate_of(&d);
    CHECK(fate.cause == &rules.worn_out);
    CHECK_TEXT(fate.quantity, "L1.T_exh");
}

static void growth_from_the_start_is_put_down_to_what_held_the_strongest_attack_back(void)
{
    drawn d = with_diameters(30, 33, 40, 50, 60, 300);
    d.pdl1[1] = 0.95;
    coley_fate fate = fate_of(&d);
    CHECK(fate.kind == COLEY_FATE_PROGRESSION);
    CHECK_NEAR(fate.since_day, 200, 0);
    CHECK_TEXT(fate.cause->name, "PD-L1");
    CHECK_NEAR(fate.cause_day, 100, 0);
    d.effector[1] = 1e4;
    fate = fate_of(&d);
    CHECK(fate.cause == &rules.few);
}

static void a_course_without_clones_has_no_ending(void)
{
    const coley_series series = {.id = "SOD", .value = usual.diameter};
    const coley_course course = {.n_days = N, .day = day, .n_series = 1, .series = &series};
    CHECK(coley_fate_of(&course, &rules).kind == COLEY_FATE_UNKNOWN);
}

static void rules_and_words_that_run_out_of_memory_say_so(void)
{
    int done = 0;
    for (size_t k = 1; k < 4000 && !done; k++) {
        coley_error err = {0};
        coley_fate_rules r;
        const coley_story_words *words;
        coley_arena *poor = coley_arena_create_failing(k);
        if (!poor) continue;
        const coley_status a = coley_fate_rules_read(poor, "models/patient", &r, &err);
        const coley_status b = a ? a : coley_story_words_read(poor, "models/patient", &words, &err);
        CHECK(b == COLEY_OK || b == COLEY_ERR_MEMORY);
        done = b == COLEY_OK;
        coley_arena_destroy(poor);
    }
    CHECK(done);
}

int main(void)
{
    coley_error err = {0};
    arena = coley_arena_create();
    if (!arena || coley_fate_rules_read(arena, "models/patient", &rules, &err)) {
        printf("# the rules cannot be read\n");
        return 1;
    }
    RUN(no_cell_left_is_a_cure_since_the_day_the_last_one_went);
    RUN(chance_decides_about_the_last_cells_not_their_mean);
    RUN(one_hidden_cell_more_is_no_cure);
    RUN(a_tumour_that_stays_without_treatment_is_under_control);
    RUN(growth_after_shrinking_is_a_relapse_and_hidden_cells_its_reason);
    RUN(hidden_cells_are_named_by_what_they_lost);
    RUN(the_brake_that_came_back_most_is_the_reason);
    RUN(killers_that_went_or_wore_out_are_the_reason);
    RUN(growth_from_the_start_is_put_down_to_what_held_the_strongest_attack_back);
    RUN(a_course_without_clones_has_no_ending);
    RUN(rules_and_words_that_run_out_of_memory_say_so);
    coley_arena_destroy(arena);
    return check_done();
}
