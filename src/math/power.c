/* SPDX-License-Identifier: GPL-3.0-or-later */
/* power.c -- trials of people with piecewise exponential times, analysed as real ones are. Person i of trial k has the
 * same random numbers whatever the design, so that designs are compared on the same people. */
#include "math/power.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "math/normal.h"
#include "math/proportion.h"
#include "math/rmst.h"

/* What a person's numbers are for; part of every result. */
enum { DRAW_ENTRY, DRAW_ARM, DRAW_EVENT, DRAW_DROPOUT, DRAW_CURED, DRAWS };

double coley_rate_time(const coley_rate *pieces, size_t n, double hazard)
{
    for (size_t k = 0; k < n; k++) {
        const double end = k + 1 < n ? pieces[k + 1].from : INFINITY, rate = pieces[k].rate;
        const double have = rate > 0.0 ? rate * (end - pieces[k].from) : 0.0;
        if (hazard <= have && rate > 0.0) return pieces[k].from + hazard / rate;
        hazard -= have;
    }
    return INFINITY;
}

/* ---- checks ------------------------------------------------------------------------------------------------------ */

static coley_status check_pieces(const char *what, const coley_rate *pieces, size_t n, coley_error *err)
{
    for (size_t k = 0; k < n; k++) {
        if (k ? !(pieces[k].from > pieces[k - 1].from) : pieces[k].from != 0.0)
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "%s: piece %zu begins at %g; pieces begin at 0 and rise", what,
                              k + 1, pieces[k].from);
        if (!(pieces[k].rate >= 0.0 && isfinite(pieces[k].rate)))
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "%s: piece %zu has the rate %g; 0 or more", what, k + 1,
                              pieces[k].rate);
    }
    return COLEY_OK;
}

static coley_status check_design(const coley_power_design *d, coley_error *err)
{
    if (d->n < 2 || d->n > 10000000) return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu people: 2 to 10 000 000", d->n);
    if (!d->n_trials) return COLEY_FAIL(err, COLEY_ERR_INPUT, "0 trials: simulate at least one");
    if (!d->n_accrual || !(d->accrual[d->n_accrual - 1].rate > 0.0))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the last rate of accrual is above 0, or the trial is never full");
    if (!d->n_looks || d->n_looks > COLEY_POWER_LOOKS)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu looks: 1 to %d", d->n_looks, COLEY_POWER_LOOKS);
    COLEY_TRY(check_pieces("accrual", d->accrual, d->n_accrual, err));
    for (int a = 0; a < 2; a++) {
        const coley_power_arm *const arm = &d->arm[a];
        if (!arm->weight || !arm->n_hazard)
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "arm %d: give a weight of at least 1 and a hazard", a);
        if (!(arm->cured >= 0.0 && arm->cured < 1.0))
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "arm %d: the cured share %g; 0 to below 1", a, arm->cured);
        COLEY_TRY(check_pieces("hazard", arm->hazard, arm->n_hazard, err));
        COLEY_TRY(check_pieces("dropout", arm->dropout, arm->n_dropout, err));
    }
    for (size_t k = 0; k < d->n_looks; k++) {
        const coley_power_look *const look = &d->look[k];
        if (!look->events && !(look->time > 0.0))
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "look %zu: give a number of events or a time above 0", k + 1);
        if (look->n_weights > COLEY_COMBO_MOST)
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "look %zu: %zu weights; at most %d", k + 1, look->n_weights,
                              COLEY_COMBO_MOST);
    }
    return COLEY_OK;
}

/* ---- one trial --------------------------------------------------------------------------------------------------- */

typedef struct trial {
    double *entry, *event, *dropout; /* [n] calendar time of entry; times since entry */
    int *arm;
    double *when; /* [n] calendar times of events, sorted */
    size_t n_when;
    double last; /* calendar time of the last event or dropout */
    double *time;
    int *had, *which; /* at a look */
} trial;

static int trial_create(coley_arena *arena, size_t n, trial *t)
{
    t->entry = COLEY_NEW(arena, double, n);
    t->event = COLEY_NEW(arena, double, n);
    t->dropout = COLEY_NEW(arena, double, n);
    t->when = COLEY_NEW(arena, double, n);
    t->time = COLEY_NEW(arena, double, n);
    t->arm = COLEY_NEW(arena, int, n);
    t->had = COLEY_NEW(arena, int, n);
    t->which = COLEY_NEW(arena, int, n);
    return t->entry && t->event && t->dropout && t->when && t->time && t->arm && t->had && t->which;
}

static double draw(const coley_power_design *d, size_t k, size_t person, int what)
{
    return coley_rng_uniform(d->seed, COLEY_STREAM_POWER, k, (uint64_t)person * DRAWS + (uint64_t)what);
}

/* Each block holds its places in an order of its own (Fisher, Yates). */
static void allocate(const coley_power_design *d, size_t k, int *arm)
{
    const size_t times = d->blocks ? d->blocks : 1, ones = d->arm[1].weight * times;
    const size_t block = ones + d->arm[0].weight * times;
    for (size_t start = 0; start < d->n; start += block) {
        size_t left = block, left_one = ones;
        for (size_t i = start; i < d->n && left; i++, left--) {
            arm[i] = draw(d, k, i, DRAW_ARM) * (double)left < (double)left_one;
            left_one -= (size_t)arm[i];
        }
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void draw_trial(const coley_power_design *d, size_t k, trial *t)
{
    double waited = 0.0;
    allocate(d, k, t->arm);
    t->n_when = 0;
    t->last = 0.0;
    for (size_t i = 0; i < d->n; i++) {
        const coley_power_arm *const arm = &d->arm[t->arm[i]];
        waited -= log(draw(d, k, i, DRAW_ENTRY));
        t->entry[i] = coley_rate_time(d->accrual, d->n_accrual, waited);
        const int cured = arm->cured > 0.0 && draw(d, k, i, DRAW_CURED) < arm->cured;
        t->event[i] = cured ? INFINITY : coley_rate_time(arm->hazard, arm->n_hazard, -log(draw(d, k, i, DRAW_EVENT)));
        t->dropout[i] = arm->n_dropout
                            ? coley_rate_time(arm->dropout, arm->n_dropout, -log(draw(d, k, i, DRAW_DROPOUT)))
                            : INFINITY;
        const double end = fmin(t->event[i], t->dropout[i]);
        if (isfinite(end)) t->last = fmax(t->last, t->entry[i] + end);
        t->last = fmax(t->last, t->entry[i]);
        if (isfinite(t->event[i]) && t->event[i] <= t->dropout[i]) t->when[t->n_when++] = t->entry[i] + t->event[i];
    }
    qsort(t->when, t->n_when, sizeof *t->when, ascending);
}

static double cutoff(const trial *t, const coley_power_look *look)
{
    double at = look->time;
    if (look->events) at = fmax(at, look->events <= t->n_when ? t->when[look->events - 1] : t->last);
    return at;
}

/* The data at a calendar time: who has entered, how long, with an event? */
static coley_survival_input cut(const coley_power_design *d, const trial *t, double at, size_t *events)
{
    size_t n = 0;
    *events = 0;
    for (size_t i = 0; i < d->n; i++) {
        const double followed = at - t->entry[i];
        if (!(followed > 0.0)) continue;
        const double end = fmin(t->dropout[i], followed);
        /* At the cutoff itself the event counts, whatever the last digit of entry + time. */
        const int had = t->event[i] <= t->dropout[i] && t->entry[i] + t->event[i] <= at;
        t->time[n] = had ? t->event[i] : end;
        t->had[n] = had;
        t->which[n++] = t->arm[i];
        *events += (size_t)had;
    }
    return (coley_survival_input){.n = n, .time = t->time, .event = t->had, .arm = t->which, .n_arms = 2};
}

static coley_status restricted_mean_z(coley_arena *arena, const coley_survival *s, double tau, double *z,
                                      coley_error *err)
{
    coley_km km[2];
    for (int a = 0; a < 2; a++) COLEY_TRY(coley_km_curve(arena, s, a, &km[a], err));
    *z = 0.0;
    if (!km[0].n || !km[1].n) return COLEY_OK;
    const double until = fmin(tau, coley_rmst_longest(km, 2));
    if (!(until > 0.0)) return COLEY_OK;
    const coley_rmst_contrast c =
        coley_rmst_compare(coley_rmst_of(&km[0], until, 0.95), coley_rmst_of(&km[1], until, 0.95), 0.95);
    if (isfinite(c.z)) *z = c.z;
    return COLEY_OK;
}

/* Does arm 1 win at this look? z: above 0 when it is the better one; of several tests that of the best. */
static coley_status judge(coley_arena *arena, const coley_survival *s, const coley_power_look *look, int *won,
                          double *z, coley_error *err)
{
    *won = 0;
    *z = 0.0;
    if (look->tau > 0.0) {
        COLEY_TRY(restricted_mean_z(arena, s, look->tau, z, err));
        *won = look->alpha > 0.0 ? coley_normal_cdf(-*z) < look->alpha : *z >= look->bound;
        return COLEY_OK;
    }
    if (look->n_weights < 2) {
        coley_logrank test;
        COLEY_TRY(coley_logrank_test(arena, s, look->n_weights ? look->weight : NULL, &test, err));
        if (test.why) return COLEY_OK;
        *won = look->alpha > 0.0 ? test.p_lower < look->alpha : -test.z >= look->bound;
        *z = -test.z;
        return COLEY_OK;
    }
    double least = 0.0;
    for (size_t w = 0; w < look->n_weights; w++) {
        coley_logrank test;
        COLEY_TRY(coley_logrank_test(arena, s, &look->weight[w], &test, err));
        if (test.why) return COLEY_OK;
        least = w ? fmin(least, test.z) : test.z;
    }
    *z = -least;
    if (!(look->alpha > 0.0)) {
        *won = -least >= look->bound;
        return COLEY_OK;
    }
    /* The P lies between that of the best test and n times it: the integral is seldom needed. */
    const double best = coley_normal_cdf(least);
    if (best >= look->alpha || best * (double)look->n_weights < look->alpha) {
        *won = best < look->alpha;
        return COLEY_OK;
    }
    coley_maxcombo test;
    COLEY_TRY(coley_maxcombo_test(arena, s, look->weight, look->n_weights, &test, err));
    *won = test.p_lower < look->alpha;
    return COLEY_OK;
}

/* Figures of one trial, kept until all are there, so that sums have one order. */
typedef struct looked {
    double time;
    size_t events, people;
    int won, stopped;
} looked;

static coley_status run_trial(coley_arena *arena, const coley_power_design *d, size_t k, looked *out, coley_error *err)
{
    trial t = {0};
    int over = 0;
    coley_arena_reset(arena);
    if (!trial_create(arena, d->n, &t)) return COLEY_FAIL_MEMORY(err);
    draw_trial(d, k, &t);
    for (size_t l = 0; l < d->n_looks; l++) {
        coley_survival s;
        out[l].time = cutoff(&t, &d->look[l]);
        const coley_survival_input in = cut(d, &t, out[l].time, &out[l].events);
        out[l].people = in.n;
        if (over || !in.n) continue;
        COLEY_TRY(coley_survival_prepare(arena, &in, &s, err));
        double z;
        COLEY_TRY(judge(arena, &s, &d->look[l], &out[l].won, &z, err));
        out[l].stopped = !out[l].won && d->look[l].may_stop && l + 1 < d->n_looks && z < d->look[l].futility;
        over = out[l].won || out[l].stopped;
    }
    return COLEY_OK;
}

static void add_up(const coley_power_design *d, const looked *all, coley_power *power)
{
    size_t won = 0, won_by[COLEY_POWER_LOOKS] = {0}, stopped_by[COLEY_POWER_LOOKS] = {0};
    for (size_t k = 0; k < d->n_trials; k++) {
        const looked *const t = &all[k * d->n_looks];
        size_t last = d->n_looks - 1;
        for (size_t l = d->n_looks; l-- > 0;)
            if (t[l].won || t[l].stopped) last = l;
        for (size_t l = 0; l < d->n_looks; l++) {
            won_by[l] += t[last].won && last <= l;
            stopped_by[l] += t[last].stopped && last <= l;
            power->look[l].time += t[l].time;
            power->look[l].events += (double)t[l].events;
            power->look[l].people += (double)t[l].people;
        }
        won += (size_t)t[last].won;
        power->time += t[last].time;
        power->events += (double)t[last].events;
    }
    const double n = (double)d->n_trials;
    for (size_t l = 0; l < d->n_looks; l++) {
        power->look[l].won = (double)won_by[l] / n;
        power->look[l].stopped = (double)stopped_by[l] / n;
        power->look[l].time /= n, power->look[l].events /= n, power->look[l].people /= n;
    }
    power->time /= n;
    power->events /= n;
    power->power = (double)won / n;
    power->standard_error = sqrt(power->power * (1.0 - power->power) / n);
    power->interval = coley_proportion_exact(won, d->n_trials, 0.95);
}

/* All trials into `all` and how each ended into `ended`. */
static void run_all(const coley_power_design *d, int n_threads, looked *all, coley_status *ended)
{
#pragma omp parallel num_threads(n_threads) if (n_threads > 1)
    {
        coley_arena *const own = coley_arena_create();
#pragma omp for schedule(static)
        for (size_t k = 0; k < d->n_trials; k++)
            ended[k] = own ? run_trial(own, d, k, &all[k * d->n_looks], NULL) : COLEY_ERR_MEMORY;
        coley_arena_destroy(own);
    }
}

static coley_status simulate(coley_arena *arena, const coley_power_design *d, coley_power *power, coley_error *err)
{
    looked *const all = COLEY_NEW(arena, looked, d->n_trials * d->n_looks);
    coley_status *const ended = COLEY_NEW(arena, coley_status, d->n_trials);
    if (!all || !ended) return COLEY_FAIL_MEMORY(err);
    run_all(d, d->n_threads > 1 ? d->n_threads : 1, all, ended);
    for (size_t k = 0; k < d->n_trials; k++) {
        if (ended[k] == COLEY_OK) continue;
        if (ended[k] == COLEY_ERR_MEMORY) return COLEY_FAIL_MEMORY(err);
        coley_arena *const own = coley_arena_create(); /* once more, for its words */
        if (!own) return COLEY_FAIL_MEMORY(err);
        const coley_status again = run_trial(own, d, k, all, err);
        coley_arena_destroy(own);
        return again;
    }
    *power = (coley_power){.n_trials = d->n_trials, .n_looks = d->n_looks};
    add_up(d, all, power);
    return COLEY_OK;
}

coley_status coley_power_simulate(const coley_power_design *design, coley_power *power, coley_error *err)
{
    COLEY_TRY(check_design(design, err));
    coley_arena *const arena = coley_arena_create();
    if (!arena) return COLEY_FAIL_MEMORY(err);
    const coley_status status = simulate(arena, design, power, err);
    coley_arena_destroy(arena);
    return status;
}

/* ---- how many people --------------------------------------------------------------------------------------------- */

/* The design with n people; events of looks in proportion. */
static coley_power_design with_people(const coley_power_design *d, size_t n, coley_power_look *look)
{
    coley_power_design other = *d;
    memcpy(look, d->look, d->n_looks * sizeof *look);
    for (size_t l = 0; l < d->n_looks; l++)
        if (look[l].events) look[l].events = (size_t)ceil((double)look[l].events * (double)n / (double)d->n - 1e-9);
    other.n = n;
    other.look = look;
    return other;
}

coley_status coley_power_size(const coley_power_design *design, double target, size_t most, size_t *n,
                              coley_power *power, coley_error *err)
{
    coley_power_look look[COLEY_POWER_LOOKS];
    coley_power_design d;
    COLEY_TRY(check_design(design, err));
    if (!(target > 0.0 && target < 1.0))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "power %g: above 0 and below 1", target);
    const size_t block = (design->arm[0].weight + design->arm[1].weight) * (design->blocks ? design->blocks : 1);
    size_t low = (design->n + block - 1) / block, high = most / block; /* in blocks */
    if (high < low) high = low;
    d = with_people(design, high * block, look);
    COLEY_TRY(coley_power_simulate(&d, power, err));
    if (power->power < target)
        return COLEY_FAIL(err, COLEY_ERR_INPUT,
                          "%zu people have a power of %.3f, below %g; allow more people, or a "
                          "larger effect",
                          high * block, power->power, target);
    coley_power best = *power;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        d = with_people(design, middle * block, look);
        COLEY_TRY(coley_power_simulate(&d, power, err));
        if (power->power >= target)
            high = middle, best = *power;
        else
            low = middle + 1;
    }
    *n = high * block;
    *power = best;
    return COLEY_OK;
}
