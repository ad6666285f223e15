/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks before the end, at trials whose people are made by hand: exponential times, arms that differ by their hazard.
 */
#include "run/trial_interim.h"

#include "base/rng.h"
#include "support/check.h"

enum { ARMS = 3, MOST = 80 };

typedef struct made {
    coley_trial trial;
    coley_trial_design design;
    coley_trial_arm arm[ARMS];
    coley_trial_patient patient[ARMS][MOST];
} made;

/* Arm 0 is the control. Entry over a year, follow-up to month 36; hazard in 1/month. */
static made *make(coley_arena *arena, size_t n_arms, size_t n, const double *hazard, uint64_t seed)
{
    made *m = COLEY_NEW(arena, made, 1);
    m->trial.design = &m->design;
    m->trial.n_arms = n_arms;
    m->trial.cutoff_day = 36 * COLEY_TRIAL_MONTH;
    m->design.interim =
        (coley_trial_looks){.at = {2, {0.5, 0.75}}, .efficacy = 0, .futility = 2, .alpha = 0.025, .beta = 0.1};
    for (size_t a = 0; a < n_arms; a++) {
        m->arm[a].name = a ? "new" : "control";
        m->trial.arm[a] = (coley_trial_arm_run){.arm = &m->arm[a], .n = n, .patient = m->patient[a]};
        for (size_t i = 0; i < n; i++) {
            const uint64_t id = a * MOST + i;
            const double entry = 12 * coley_rng_uniform(seed, COLEY_STREAM_TEST, id, 0);
            const double event = -log(coley_rng_uniform(seed, COLEY_STREAM_TEST, id, 1)) / hazard[a];
            const double end = fmin(event, 36 - entry);
            m->patient[a][i] =
                (coley_trial_patient){.id = id,
                                      .arm = (uint32_t)a,
                                      .entry_day = entry * COLEY_TRIAL_MONTH,
                                      .pfs_day = end * COLEY_TRIAL_MONTH,
                                      .pfs_event = event <= 36 - entry ? !COLEY_EVENT_CENSORED : COLEY_EVENT_CENSORED,
                                      .os_day = end * COLEY_TRIAL_MONTH};
        }
    }
    return m;
}

static coley_interim *look(coley_arena *arena, const made *m)
{
    coley_interim *interim;
    CHECK(coley_trial_look(arena, &m->trial, &interim, NULL) == COLEY_OK);
    return interim;
}

static void a_look_has_the_events_that_were_asked_for_and_nobody_from_later(void)
{
    coley_arena *arena = coley_arena_create();
    const double hazard[] = {0.08, 0.08};
    made *m = make(arena, 2, MOST, hazard, 1);
    const coley_interim *interim = look(arena, m);
    const coley_interim_arm *arm = &interim->arm[1];
    CHECK(arm->n_looks == 3 && interim->arm[0].n_looks == 0);
    for (size_t k = 0; k < 2; k++) {
        CHECK_NEAR(arm->look[k].information, m->design.interim.at.share[k], 0.02);
        size_t entered = 0;
        for (size_t a = 0; a < 2; a++)
            for (size_t i = 0; i < MOST; i++)
                entered += m->patient[a][i].entry_day < arm->look[k].month * COLEY_TRIAL_MONTH;
        CHECK(arm->look[k].people == entered);
        CHECK(arm->look[k].events == (size_t)lround(arm->look[k].information * (double)arm->look[2].events));
    }
    CHECK(arm->look[0].month < arm->look[1].month && arm->look[2].people == 2 * MOST);
    /* Bounds of O'Brien and Fleming's form at about these shares: 2.96, 2.36, 2.01. */
    CHECK_NEAR(arm->look[0].win, 2.96, 0.03);
    CHECK_NEAR(arm->look[1].win, 2.36, 0.03);
    CHECK_NEAR(arm->look[2].win, 2.014, 0.003);
    coley_arena_destroy(arena);
}

/* Two arms like the control: the chance that any of them wins is at most the trial's alpha, also when arms are given
 * up.
 */
static void without_an_effect_hardly_any_trial_of_several_arms_is_won(void)
{
    coley_arena *arena = coley_arena_create();
    const double hazard[] = {0.08, 0.08, 0.08};
    int won = 0, given_up = 0, n = 160, few = 12;
    for (int seed = 1; seed <= n; seed++) {
        coley_arena_reset(arena);
        made *m = make(arena, 3, 50, hazard, (uint64_t)seed);
        m->design.interim.alpha = 0.1;
        m->design.interim.efficacy = 1;
        m->design.interim.futility = seed <= few ? 1 : 2; /* not binding; dear to compute */
        const coley_interim *interim = look(arena, m);
        CHECK_NEAR(interim->alpha, 0.05, 1e-12);
        won += interim->arm[1].decision == COLEY_LOOK_WON || interim->arm[2].decision == COLEY_LOOK_WON;
        given_up += interim->arm[1].decision == COLEY_LOOK_GIVEN_UP;
    }
    printf("# won %d of %d, given up %d\n", won, n, given_up);
    CHECK(won <= 0.1 * n + 2.5 * sqrt(0.1 * 0.9 * n));
    CHECK(won >= 0.025 * n); /* and alpha is not wasted */
    CHECK(given_up > few / 2);
    coley_arena_destroy(arena);
}

static void a_good_arm_wins_early_and_a_bad_one_is_given_up_and_spares_people(void)
{
    coley_arena *arena = coley_arena_create();
    const double hazard[] = {0.25, 0.05, 0.5};
    made *m = make(arena, 3, MOST, hazard, 3);
    m->design.interim.futility = 1;
    m->design.interim.at = (coley_trial_shares){2, {0.3, 0.6}};
    const coley_interim *interim = look(arena, m);
    CHECK(interim->arm[1].decision == COLEY_LOOK_WON && interim->arm[1].n_looks < 3);
    CHECK(interim->arm[2].decision == COLEY_LOOK_GIVEN_UP && interim->arm[2].n_looks == 1);
    CHECK(interim->arm[2].n_spared > 10);
    CHECK(interim->arm[2].look[0].z < 0 && interim->arm[2].look[0].trend < 0.01);
    coley_arena_destroy(arena);
}

static void a_trial_without_events_has_looks_without_a_test(void)
{
    coley_arena *arena = coley_arena_create();
    const double hazard[] = {1e-9, 1e-9};
    const coley_interim *interim = look(arena, make(arena, 2, 20, hazard, 1));
    for (size_t k = 0; k < interim->arm[1].n_looks; k++) CHECK(interim->arm[1].look[k].decision == COLEY_LOOK_NO_TEST);
    coley_text text = {.arena = arena};
    coley_emit emit = {.out = &text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_interim_emit(&make(arena, 2, 20, hazard, 1)->trial, interim, &emit);
    coley_emit_end(&emit);
    CHECK(text.data && !strstr(text.data, "nan"));
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(a_look_has_the_events_that_were_asked_for_and_nobody_from_later);
    RUN(without_an_effect_hardly_any_trial_of_several_arms_is_won);
    RUN(a_good_arm_wins_early_and_a_bad_one_is_given_up_and_spares_people);
    RUN(a_trial_without_events_has_looks_without_a_test);
    return check_done();
}
