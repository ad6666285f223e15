/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_goal.c -- see trial_goal.h. */
#include "run/trial_goal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "run/trial_result.h"

static const char *const keys[COLEY_GOAL_COUNT] = {
#define KEY_OF(name, key, words) key,
    COLEY_GOAL_LIST(KEY_OF)
#undef KEY_OF
};
static const char *const words_of[COLEY_GOAL_COUNT] = {
#define WORDS_OF(name, key, words) words,
    COLEY_GOAL_LIST(WORDS_OF)
#undef WORDS_OF
};

int coley_goal_read(const char *name, coley_goal *goal)
{
    for (int k = 0; k < COLEY_GOAL_COUNT; k++) {
        const size_t length = strlen(keys[k]);
        const int dated = keys[k][length - 1] == '_';
        double month = NAN;
        if (dated ? strncmp(name, keys[k], length) != 0 : strcmp(name, keys[k]) != 0) continue;
        if (dated && (!coley_text_number(name + length, &month) || !(month > 0 && month <= 1200))) return 0;
        *goal = (coley_goal){.name = name, .kind = (coley_goal_kind)k, .month = month};
        return 1;
    }
    return 0;
}

void coley_goal_document(coley_text *out)
{
    coley_text_addf(out, "| endpoint | meaning |\n|---|---|\n");
    for (int k = 0; k < COLEY_GOAL_COUNT; k++)
        coley_text_addf(out, "| `%s%s` | %s |\n", keys[k], keys[k][strlen(keys[k]) - 1] == '_' ? "12" : "",
                        words_of[k]);
}

/* People of an arm in the order of their times. */
typedef struct ordered {
    double month;
    int event;
    size_t person;
} ordered;

typedef struct crowd {
    const coley_trial *trial;
    const coley_trial_arm_run *run;
    double *weight;    /* [n] */
    ordered *order[2]; /* PFS, OS */
} crowd;

static int by_time(const void *a, const void *b)
{
    const ordered *x = a, *y = b;
    if (x->month != y->month) return x->month < y->month ? -1 : 1;
    if (x->event != y->event) return y->event - x->event; /* who is censored then was still at risk */
    return (x->person > y->person) - (x->person < y->person);
}

static coley_status gather(coley_arena *arena, const coley_trial *trial, size_t arm, crowd *c, coley_error *err)
{
    const coley_trial_arm_run *run = &trial->arm[arm];
    *c = (crowd){.trial = trial, .run = run, .weight = COLEY_NEW(arena, double, run->n)};
    for (int e = 0; e < 2; e++) {
        if (!(c->order[e] = COLEY_NEW(arena, ordered, run->n)) || !c->weight) return COLEY_FAIL_MEMORY(err);
        for (size_t i = 0; i < run->n; i++) {
            ordered *o = &c->order[e][i];
            coley_trial_time(&run->patient[i], e ? COLEY_END_OS : COLEY_END_PFS, &o->month, &o->event);
            o->person = i;
        }
        qsort(c->order[e], run->n, sizeof **c->order, by_time);
    }
    return COLEY_OK;
}

/* Weighted Kaplan-Meier: the share at `month`, or with `mean` the area up to there. A curve that ends before goes on as
 * it was. */
static double curve(const crowd *c, int e, double month, int mean)
{
    const ordered *o = c->order[e];
    double at_risk = 0, share = 1, area = 0, last = 0;
    for (size_t i = 0; i < c->run->n; i++) at_risk += c->weight[i];
    for (size_t i = 0; i < c->run->n && o[i].month <= month; i++) {
        area += share * (o[i].month - last);
        last = o[i].month;
        if (o[i].event && at_risk > 0) share *= fmax(0, 1 - c->weight[o[i].person] / at_risk);
        at_risk -= c->weight[o[i].person];
    }
    return mean ? area + share * (month - last) : share;
}

static int has_it(const crowd *c, const coley_trial_patient *p, coley_goal_kind kind)
{
    int worst = 0;
    switch (kind) {
    case COLEY_GOAL_ORR:
        return p->best == COLEY_RESPONSE_CR || p->best == COLEY_RESPONSE_PR;
    case COLEY_GOAL_CR:
        return p->best == COLEY_RESPONSE_CR;
    case COLEY_GOAL_DCR:
        return p->best == COLEY_RESPONSE_CR || p->best == COLEY_RESPONSE_PR || p->best == COLEY_RESPONSE_SD ||
               p->best == COLEY_RESPONSE_NON_CR_NON_PD;
    default:
        for (size_t k = 0; k < c->trial->n_harms; k++)
            if (p->harm[k].grade > worst) worst = p->harm[k].grade;
        return worst >= (kind == COLEY_GOAL_AE_ANY ? 1 : 3);
    }
}

static double value_of(const crowd *c, const coley_goal *goal, double luck)
{
    const coley_trial *t = c->trial;
    const int os = goal->kind == COLEY_GOAL_OS_AT || goal->kind == COLEY_GOAL_OS_MEAN;
    double with = 0, all = 0;
    switch (goal->kind) {
    case COLEY_GOAL_PFS_AT:
    case COLEY_GOAL_OS_AT:
        return curve(c, os, goal->month, 0);
    case COLEY_GOAL_PFS_MEAN:
    case COLEY_GOAL_OS_MEAN:
        return curve(c, os, goal->month, 1);
    case COLEY_GOAL_ELIGIBLE: {
        const double n = (double)t->n_screened, p = n > 0 ? (double)t->n_eligible / n : 0;
        return fmin(fmax(p + luck * sqrt(n > 0 ? p * (1 - p) / n : 0), 0), 1);
    }
    default:
        break;
    }
    for (size_t i = 0; i < c->run->n; i++) {
        all += c->weight[i];
        if (has_it(c, &c->run->patient[i], goal->kind)) with += c->weight[i];
    }
    return all > 0 ? with / all : 0;
}

/* Replicate b from 1 on; 0 is everybody as they are. */
static void weigh(const crowd *c, size_t b)
{
    const uint64_t seed = (uint64_t)c->trial->design->seed;
    for (size_t i = 0; i < c->run->n; i++)
        c->weight[i] = b ? -log(coley_rng_uniform(seed, COLEY_STREAM_REPLICATE, c->run->patient[i].id, b)) : 1;
}

coley_status coley_goal_values(coley_arena *arena, const coley_trial *trial, size_t arm, size_t against, size_t n,
                               const coley_goal *goal, double *value, double *replicate, coley_error *err)
{
    const size_t arms[2] = {arm, against};
    for (size_t a = 0; a < 2 && arms[a] != SIZE_MAX; a++) {
        crowd c;
        COLEY_TRY(gather(arena, trial, arms[a], &c, err));
        for (size_t b = 0; b <= (replicate ? COLEY_REPLICATES : 0); b++) {
            double *out = b ? replicate + (b - 1) * n : value;
            const double luck =
                b ? coley_rng_normal((uint64_t)trial->design->seed, COLEY_STREAM_REPLICATE, UINT64_MAX, b) : 0;
            weigh(&c, b);
            for (size_t k = 0; k < n; k++) {
                const double x = value_of(&c, &goal[k], luck);
                /* Who may enter is the trial's, not an arm's. */
                out[k] = a && goal[k].kind != COLEY_GOAL_ELIGIBLE ? out[k] - x : x;
            }
        }
    }
    return COLEY_OK;
}
