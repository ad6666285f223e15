/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_goal.h -- endpoints of a simulated arm as single numbers that always exist, and how far they are off for want
 * of people.
 *
 * The error is that of the Bayesian bootstrap (Rubin 1981, Ann Stat 9:130): in replicate b person i counts w = -ln U(b,
 * i) in place of 1. The same person has the same weight in every trial that was run from one seed, so that replicates
 * of two designs are those of the same people, and what is common to both cancels in their difference. */
#ifndef COLEY_RUN_TRIAL_GOAL_H
#define COLEY_RUN_TRIAL_GOAL_H

#include "run/trial_run.h"

/* name, key, what it is; a key that ends in _ is followed by months */
#define COLEY_GOAL_LIST(X)                                                                                             \
    X(ORR, "orr", "share with an objective response")                                                                  \
    X(CR, "cr", "share with a complete response")                                                                      \
    X(DCR, "dcr", "share with a response or stable disease")                                                           \
    X(PFS_AT, "pfs_at_", "share free of progression at that month (Kaplan-Meier)")                                     \
    X(OS_AT, "os_at_", "share alive at that month (Kaplan-Meier)")                                                     \
    X(PFS_MEAN, "pfs_mean_", "mean months free of progression, of that many")                                          \
    X(OS_MEAN, "os_mean_", "mean months alive, of that many")                                                          \
    X(AE_3_4, "ae_3_4", "share with an adverse event of grade 3 or 4")                                                 \
    X(AE_ANY, "ae_any", "share with an adverse event of any grade")                                                    \
    X(ELIGIBLE, "eligible", "share of those screened who may enter")

typedef enum coley_goal_kind {
#define COLEY_GOAL_ENUM(name, key, words) COLEY_GOAL_##name,
    COLEY_GOAL_LIST(COLEY_GOAL_ENUM)
#undef COLEY_GOAL_ENUM
        COLEY_GOAL_COUNT
} coley_goal_kind;

typedef struct coley_goal {
    const char *name; /* as written, "pfs_at_12" */
    coley_goal_kind kind;
    double month; /* of those with months */
    double weight;
} coley_goal;

enum { COLEY_GOALS_MOST = 16, COLEY_REPLICATES = 200 };

/* False for a name that is none. */
int coley_goal_read(const char *name, coley_goal *goal);
void coley_goal_document(coley_text *out);

/* Values [n] of arm `arm`, less those of arm `against` where that isn't SIZE_MAX, and replicates [COLEY_REPLICATES][n],
 * or NULL. */
COLEY_MUST_CHECK coley_status coley_goal_values(coley_arena *arena, const coley_trial *trial, size_t arm,
                                                size_t against, size_t n, const coley_goal *goal, double *value,
                                                double *replicate, coley_error *err);

#endif
