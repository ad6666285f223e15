/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Endpoints of an arm whose people are written by hand. */
#include "run/trial_goal.h"
#include "support/check.h"

enum { N = 200 };

typedef struct made {
    coley_trial trial;
    coley_trial_design design;
    coley_trial_patient patient[2][N];
} made;

/* Arm 0: n people, of whom k respond; everybody's disease progresses at month 1, 2, ... or is censored when odd. Arm 1:
 * the same people, all of whom respond. */
static made *make(coley_arena *arena, size_t n, size_t k)
{
    made *m = COLEY_NEW(arena, made, 1);
    m->design.seed = 7;
    m->trial.design = &m->design;
    m->trial.n_arms = 2;
    m->trial.n_harms = 1;
    m->trial.n_screened = 400;
    m->trial.n_eligible = 100;
    for (size_t a = 0; a < 2; a++) {
        m->trial.arm[a].n = n;
        m->trial.arm[a].patient = m->patient[a];
        for (size_t i = 0; i < n; i++) {
            const double month = (double)(i + 1);
            m->patient[a][i] = (coley_trial_patient){.id = i + 1,
                                                     .best = a || i < k ? COLEY_RESPONSE_PR : COLEY_RESPONSE_PD,
                                                     .pfs_day = month * COLEY_TRIAL_MONTH,
                                                     .os_day = 1200 * COLEY_TRIAL_MONTH,
                                                     .pfs_event = i % 2 ? COLEY_EVENT_CENSORED : !COLEY_EVENT_CENSORED};
            m->patient[a][i].harm[0].grade = i % 4 == 0 ? 3 : i % 4 == 1 ? 1 : 0;
        }
    }
    return m;
}

static double value(const made *m, const char *name, size_t against, double *error)
{
    coley_arena *arena = coley_arena_create();
    coley_goal goal;
    double out = NAN, replicate[COLEY_REPLICATES], sum = 0, squares = 0;
    CHECK(coley_goal_read(name, &goal));
    CHECK(coley_goal_values(arena, &m->trial, 0, against, 1, &goal, &out, replicate, NULL) == COLEY_OK);
    for (size_t b = 0; b < COLEY_REPLICATES; b++) sum += replicate[b];
    for (size_t b = 0; b < COLEY_REPLICATES; b++) squares += pow(replicate[b] - sum / COLEY_REPLICATES, 2);
    if (error) *error = sqrt(squares / (COLEY_REPLICATES - 1));
    coley_arena_destroy(arena);
    return out;
}

static void shares_and_curves_are_those_by_hand(void)
{
    coley_arena *arena = coley_arena_create();
    const made *m = make(arena, 6, 2);
    CHECK_NEAR(value(m, "orr", SIZE_MAX, NULL), 2.0 / 6, 1e-12);
    CHECK_NEAR(value(m, "cr", SIZE_MAX, NULL), 0, 1e-12);
    CHECK_NEAR(value(m, "ae_3_4", SIZE_MAX, NULL), 2.0 / 6, 1e-12);
    CHECK_NEAR(value(m, "ae_any", SIZE_MAX, NULL), 4.0 / 6, 1e-12);
    /* Events at 1, 3, 5 with 6, 4, 2 people at risk. */
    CHECK_NEAR(value(m, "pfs_at_4", SIZE_MAX, NULL), 5.0 / 6 * 3 / 4, 1e-12);
    CHECK_NEAR(value(m, "pfs_at_100", SIZE_MAX, NULL), 5.0 / 6 * 3 / 4 / 2, 1e-12);
    CHECK_NEAR(value(m, "pfs_mean_4", SIZE_MAX, NULL), 1 + 2 * 5.0 / 6 + 5.0 / 6 * 3 / 4, 1e-12);
    CHECK_NEAR(value(m, "os_at_12", SIZE_MAX, NULL), 1, 1e-12);
    CHECK_NEAR(value(m, "eligible", SIZE_MAX, NULL), 0.25, 1e-12);
    coley_arena_destroy(arena);
}

/* The variance of a share under the Bayesian bootstrap is p (1 - p) / (n + 1) (Rubin 1981). */
static void the_error_of_a_share_is_that_of_rubins_bootstrap(void)
{
    coley_arena *arena = coley_arena_create();
    const made *m = make(arena, N, 60);
    double error;
    value(m, "orr", SIZE_MAX, &error);
    CHECK_NEAR(error / sqrt(0.3 * 0.7 / (N + 1)), 1, 0.12);
    value(m, "eligible", SIZE_MAX, &error);
    CHECK_NEAR(error / sqrt(0.25 * 0.75 / 400), 1, 0.15);
    coley_arena_destroy(arena);
}

static void what_two_arms_of_the_same_people_share_cancels_in_their_difference(void)
{
    coley_arena *arena = coley_arena_create();
    made *m = make(arena, N, 60);
    double error;
    CHECK_NEAR(value(m, "orr", 1, &error), 0.3 - 1, 1e-12);
    CHECK_NEAR(value(m, "pfs_at_50", 1, &error), 0, 1e-12);
    CHECK_NEAR(value(m, "eligible", 1, NULL), 0.25, 1e-12); /* the trial's, not an arm's */
    CHECK(error < 1e-12); /* the same people with the same times: no luck in the difference */
    for (size_t i = 0; i < N; i++) m->patient[1][i].id += 1000;
    value(m, "pfs_at_50", 1, &error);
    CHECK(error > 0.02); /* others: the luck of both */
    coley_arena_destroy(arena);
}

static void names_that_are_none_are_refused(void)
{
    coley_goal goal;
    CHECK(!coley_goal_read("orrr", &goal));
    CHECK(!coley_goal_read("pfs_at_", &goal));
    CHECK(!coley_goal_read("pfs_at_x", &goal));
    CHECK(!coley_goal_read("pfs_at_-3", &goal));
    CHECK(!coley_goal_read("pfs_median", &goal)); /* a median that is not reached is no number */
    CHECK(coley_goal_read("os_mean_36", &goal) && goal.kind == COLEY_GOAL_OS_MEAN && goal.month == 36);
}

int main(void)
{
    RUN(shares_and_curves_are_those_by_hand);
    RUN(the_error_of_a_share_is_that_of_rubins_bootstrap);
    RUN(what_two_arms_of_the_same_people_share_cancels_in_their_difference);
    RUN(names_that_are_none_are_refused);
    return check_done();
}
