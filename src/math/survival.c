/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survival.c -- sorting, and the curve with Greenwood's variance (Greenwood 1926),
 *   S(t) = prod (1 - d/n),   var log S = sum d / (n (n - d)). */
#include "math/survival.h"

#include <math.h>
#include <string.h>

#include "math/normal.h"

/* ---- sorting ----------------------------------------------------------------------------------------------------- */

typedef struct key {
    double time;
    size_t row;
    int event, arm;
} key;

/* Events before censorings at one time; the order of the input decides the rest. */
static int comes_first(const key *a, const key *b)
{
    if (a->time != b->time) return a->time < b->time;
    return (a->event != 0) >= (b->event != 0);
}

enum { RUN = 8 };

/* Merge sort from sorted runs; stable. The result is in `a`. */
static void sort_keys(key *a, key *spare, size_t n)
{
    for (size_t start = 0; start < n; start += RUN)
        for (size_t i = start + 1; i < n && i < start + RUN; i++) {
            const key held = a[i];
            size_t k = i;
            for (; k > start && !comes_first(&a[k - 1], &held); k--) a[k] = a[k - 1];
            a[k] = held;
        }
    key *from = a, *to = spare;
    for (size_t width = RUN; width < n; width *= 2) {
        for (size_t start = 0; start < n; start += 2 * width) {
            const size_t middle = start + width < n ? start + width : n, end = middle + width < n ? middle + width : n;
            size_t i = start, k = middle;
            for (size_t at = start; at < end; at++)
                to[at] = k >= end || (i < middle && comes_first(&from[i], &from[k])) ? from[i++] : from[k++];
        }
        key *const other = from;
        from = to;
        to = other;
    }
    if (from != a) memcpy(a, from, n * sizeof *a);
}

static coley_status check_person(const coley_survival_input *in, size_t i, size_t n_arms, size_t n_strata,
                                 coley_error *err)
{
    if (!(in->time[i] >= 0.0 && isfinite(in->time[i])))
        return COLEY_FAIL(err, COLEY_ERR_INPUT,
                          "person %zu: the time %g is not allowed; give a number of 0 or more, counted from the start",
                          i + 1, in->time[i]);
    if (in->event[i] < 0)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "person %zu: the event %d is not allowed; 0 is censored, 1 an event",
                          i + 1, in->event[i]);
    if (in->arm && (in->arm[i] < 0 || (size_t)in->arm[i] >= n_arms))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "person %zu: there is no arm %d; arms are 0 to %zu", i + 1, in->arm[i],
                          n_arms - 1);
    if (in->stratum && (in->stratum[i] < 0 || (size_t)in->stratum[i] >= n_strata))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "person %zu: there is no stratum %d; strata are 0 to %zu", i + 1,
                          in->stratum[i], n_strata - 1);
    return COLEY_OK;
}

coley_status coley_survival_prepare(coley_arena *arena, const coley_survival_input *input, coley_survival *survival,
                                    coley_error *err)
{
    const size_t n = input->n, n_arms = input->n_arms ? input->n_arms : 1;
    const size_t n_strata = input->n_strata ? input->n_strata : 1;
    if (!n) return COLEY_FAIL(err, COLEY_ERR_INPUT, "there is nobody to analyse; give at least one person");
    for (size_t i = 0; i < n; i++) COLEY_TRY(check_person(input, i, n_arms, n_strata, err));
    size_t *first = COLEY_NEW(arena, size_t, n_strata + 1), *next = COLEY_NEW(arena, size_t, n_strata);
    key *keys = COLEY_NEW(arena, key, n), *spare = COLEY_NEW(arena, key, n);
    double *time = COLEY_NEW(arena, double, n);
    int *event = COLEY_NEW(arena, int, n), *arm = COLEY_NEW(arena, int, n);
    size_t *row = COLEY_NEW(arena, size_t, n);
    if (!first || !next || !keys || !spare || !time || !event || !arm || !row) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) first[(input->stratum ? input->stratum[i] : 0) + 1]++;
    for (size_t s = 0; s < n_strata; s++) next[s] = first[s], first[s + 1] += first[s];
    for (size_t i = 0; i < n; i++)
        keys[next[input->stratum ? input->stratum[i] : 0]++] =
            (key){input->time[i], i, input->event[i], input->arm ? input->arm[i] : 0};
    for (size_t s = 0; s < n_strata; s++) sort_keys(keys + first[s], spare, first[s + 1] - first[s]);
    size_t n_events = 0;
    for (size_t i = 0; i < n; i++) {
        time[i] = keys[i].time;
        event[i] = keys[i].event;
        arm[i] = keys[i].arm;
        row[i] = keys[i].row;
        n_events += keys[i].event != 0;
    }
    *survival = (coley_survival){.n = n,
                                 .n_arms = n_arms,
                                 .n_strata = n_strata,
                                 .n_events = n_events,
                                 .time = time,
                                 .event = event,
                                 .arm = arm,
                                 .row = row,
                                 .first = first};
    return COLEY_OK;
}

coley_survival_count coley_survival_counts(const coley_survival *s, int arm)
{
    coley_survival_count count = {0};
    for (size_t i = 0; i < s->n; i++) {
        if (arm != COLEY_ALL_ARMS && s->arm[i] != arm) continue;
        count.people++;
        count.events += s->event[i] != 0;
        count.time += s->time[i];
    }
    return count;
}

/* ---- the curve --------------------------------------------------------------------------------------------------- */

static coley_status curve_from(coley_arena *arena, const key *k, size_t n, coley_km *km, coley_error *err)
{
    size_t distinct = 0;
    for (size_t i = 0; i < n; i++) distinct += i == 0 || k[i].time != k[i - 1].time;
    double *time = COLEY_NEW(arena, double, distinct), *survival = COLEY_NEW(arena, double, distinct);
    double *log_error = COLEY_NEW(arena, double, distinct);
    size_t *at_risk = COLEY_NEW(arena, size_t, distinct), *n_events = COLEY_NEW(arena, size_t, distinct);
    size_t *n_censored = COLEY_NEW(arena, size_t, distinct);
    if (!time || !survival || !log_error || !at_risk || !n_events || !n_censored) return COLEY_FAIL_MEMORY(err);
    double s = 1.0, variance = 0.0;
    size_t at = 0, events = 0;
    for (size_t i = 0; i < n;) {
        const double left = (double)(n - i);
        size_t d = 0, end = i;
        for (; end < n && k[end].time == k[i].time; end++) d += k[end].event != 0;
        if (d) {
            s *= (left - (double)d) / left;
            variance += (double)d / (left * (left - (double)d));
        }
        time[at] = k[i].time;
        survival[at] = s;
        log_error[at] = sqrt(variance);
        at_risk[at] = n - i;
        n_events[at] = d;
        n_censored[at++] = end - i - d;
        events += d;
        i = end;
    }
    *km = (coley_km){.people = n,
                     .events = events,
                     .n = distinct,
                     .time = time,
                     .survival = survival,
                     .log_error = log_error,
                     .at_risk = at_risk,
                     .n_events = n_events,
                     .n_censored = n_censored};
    return COLEY_OK;
}

/* The people of an arm, in order of time; `swap`: events and censorings change places. */
static coley_status curve(coley_arena *arena, const coley_survival *s, int arm, int swap, coley_km *km,
                          coley_error *err)
{
    key *keys = COLEY_NEW(arena, key, s->n), *spare = COLEY_NEW(arena, key, s->n);
    if (!keys || !spare) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (arm == COLEY_ALL_ARMS || s->arm[i] == arm)
            keys[n++] = (key){s->time[i], s->row[i], swap ? !s->event[i] : s->event[i] != 0, s->arm[i]};
    if (s->n_strata > 1) sort_keys(keys, spare, n);
    return curve_from(arena, keys, n, km, err);
}

coley_status coley_km_curve(coley_arena *arena, const coley_survival *survival, int arm, coley_km *km, coley_error *err)
{
    return curve(arena, survival, arm, 0, km, err);
}

coley_status coley_km_follow_up(coley_arena *arena, const coley_survival *survival, int arm, coley_km *km,
                                coley_error *err)
{
    return curve(arena, survival, arm, 1, km, err);
}

/* ---- points ------------------------------------------------------------------------------------------------------ */

static double cut(double x)
{
    return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x;
}

static coley_interval interval_of(double s, double log_error, coley_km_scale scale, double z)
{
    if (scale == COLEY_KM_PLAIN) {
        const double wide = s > 0.0 ? z * s * log_error : 0.0;
        return (coley_interval){cut(s - wide), cut(s + wide)};
    }
    if (!(s > 0.0) || (scale == COLEY_KM_LOGLOG && s >= 1.0)) return (coley_interval){NAN, NAN};
    if (scale == COLEY_KM_LOG) {
        const double wide = z * log_error;
        return (coley_interval){s * exp(-wide), cut(s * exp(wide))};
    }
    const double middle = log(-log(s)), wide = z * log_error / -log(s);
    return (coley_interval){exp(-exp(middle + wide)), exp(-exp(middle - wide))};
}

static coley_km_point point_of(double s, double log_error, coley_km_scale scale, double level)
{
    const double z = -coley_normal_quantile(0.5 * (1.0 - level));
    return (coley_km_point){.survival = s,
                            .standard_error = s > 0.0 ? s * log_error : 0.0,
                            .interval = interval_of(s, log_error, scale, z)};
}

coley_km_point coley_km_entry(const coley_km *km, size_t i, coley_km_scale scale, double level)
{
    coley_km_point p = point_of(km->survival[i], km->log_error[i], scale, level);
    p.at_risk = km->at_risk[i];
    return p;
}

coley_km_point coley_km_at(const coley_km *km, double time, coley_km_scale scale, double level)
{
    size_t low = 0, high = km->n; /* entries before `low` are at or before `time` */
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (km->time[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    coley_km_point p =
        low ? point_of(km->survival[low - 1], km->log_error[low - 1], scale, level) : point_of(1.0, 0.0, scale, level);
    p.at_risk = low && km->time[low - 1] == time ? km->at_risk[low - 1] : low < km->n ? km->at_risk[low] : 0;
    p.beyond = km->n == 0 || time > km->time[km->n - 1];
    return p;
}

/* Differences that rounding alone makes are none, as in R. */
#define SAME 1e-11

/* First time at which y falls to `target`, or the middle of its flat piece there; which end of the interval y is, or
 * the curve itself, `end` says: -1 low, 0 S, 1 high. */
static double crossing(const coley_km *km, int end, coley_km_scale scale, double z, double target)
{
    double exact = NAN;
    for (size_t i = 0; i < km->n; i++) {
        double y = km->survival[i];
        if (end) {
            const coley_interval ci = interval_of(y, km->log_error[i], scale, z);
            y = end < 0 ? ci.low : ci.high;
            /* Where the interval is not defined because S is 0 it does not help; before the first event it is 1. */
            if (isnan(y)) {
                if (!(km->survival[i] > 0.0)) continue;
                y = 1.0;
            }
        }
        if (y < target - SAME) return isnan(exact) ? km->time[i] : 0.5 * (exact + km->time[i]);
        if (isnan(exact) && y <= target + SAME) exact = km->time[i];
    }
    return isnan(exact) ? INFINITY : exact;
}

coley_km_quantile coley_km_quantile_of(const coley_km *km, double p, coley_km_scale scale, double level)
{
    const double z = -coley_normal_quantile(0.5 * (1.0 - level)), target = 1.0 - p;
    return (coley_km_quantile){crossing(km, 0, scale, z, target),
                               {crossing(km, -1, scale, z, target), crossing(km, 1, scale, z, target)}};
}
