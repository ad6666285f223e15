/* SPDX-License-Identifier: GPL-3.0-or-later */
/* condition.c -- the local-level filter, the weights, and the mixture's quantiles. */
#include "patient/condition.h"

#include <assert.h>
#include <math.h>

static const double log_too_small = 1.6094379124341003; /* ln 5 mm */
static const double half_log_2pi = 0.91893853320467274178;

/* ln d/d(0) of a person at any day: straight line between grid points, the last slope kept beyond the end, the natural
 * slope before day 0. */
static double course_at(const coley_courses *c, size_t person, double day)
{
    const float *row = c->log_rel + person * c->n_days;
    if (day < 0.0) return day * (double)c->slope[person];
    const double place = day / c->step_day;
    size_t j = (size_t)place;
    if (j + 2 > c->n_days) j = c->n_days - 2;
    return (double)row[j] + (place - (double)j) * ((double)row[j + 1] - (double)row[j]);
}

static double scan_variance(const coley_scan_error *e, double diameter_mm)
{
    const double small = e->mm / fmax(diameter_mm, 1.0);
    return e->rel * e->rel + small * small;
}

static double log_normal_density(double x, double variance)
{
    return -0.5 * x * x / variance - 0.5 * log(variance) - half_log_2pi;
}

/* Variance of the unexplained change over `days`. */
static double drift_variance(const coley_scan_error *e, double days)
{
    const double level = e->memory_day > 0.0 ? e->memory_day * -expm1(-days / e->memory_day) : days;
    return e->drift * e->drift * level + e->slow * e->slow * days;
}

/* Beta(again, anew) for the share of scans at which the last number is written again. */
typedef struct habit {
    double again, anew;
} habit;

static habit habit_at_first(const coley_scan_error *e)
{
    return (habit){e->repeat * e->repeat_runs, (1.0 - e->repeat) * e->repeat_runs};
}

/* Unchanged numbers come in runs: a change ends what the run has taught. */
static habit habit_after(habit h, const coley_scan_error *e, int same)
{
    if (same) return (habit){h.again + 1.0, h.anew};
    const habit first = habit_at_first(e);
    return (habit){first.again, first.anew + 1.0};
}

/* Probability of the same number at n more visits in a row, E[p^n]; n need not be whole. */
static double habit_goes_on(habit h, double n)
{
    if (h.again <= 0.0) return 0.0;
    return exp(lgamma(h.again + n) - lgamma(h.again) + lgamma(h.again + h.anew) - lgamma(h.again + h.anew + n));
}

typedef struct filter {
    double mean, variance, last_day, last_mm, log_likelihood;
    int started;
    habit habit;
} filter;

/* A scan under 5 mm says only that the truth is not much above: likelihood Phi, no update of the level. */
static void filter_censored(filter *f, double predicted, double variance)
{
    if (!f->started) return;
    const double z = (log_too_small - predicted) / sqrt(variance);
    f->log_likelihood += log(fmax(0.5 * erfc(-z * M_SQRT1_2), 1e-12));
}

/* The scan is a good reading, a misreading, or the last number written again; the level is updated by the mixture of
 * the three updates, kept to its first two moments. Densities are of the reading on a millimetre. */
static void filter_scan(filter *f, const coley_scan_error *e, double day, double course, double d, double variance)
{
    const double log_d = log(d), last_mm = f->last_mm;
    f->last_mm = d;
    if (!f->started) {
        f->mean = log_d - course;
        f->variance = variance;
        f->last_day = day;
        f->started = 1;
        return;
    }
    f->variance += drift_variance(e, fmax(day - f->last_day, 0.0));
    f->last_day = day;
    const double innovation = log_d - course - f->mean;
    const double good = f->variance + variance, wide = f->variance + e->outlier_rel * e->outlier_rel;
    const double repeat = habit_goes_on(f->habit, 1.0);
    f->habit = habit_after(f->habit, e, d == last_mm);
    const double p_good = (1.0 - repeat) * (1.0 - e->outlier) * exp(log_normal_density(innovation, good)) / d;
    const double p_wide = (1.0 - repeat) * e->outlier * exp(log_normal_density(innovation, wide)) / d;
    const double p_again = d == last_mm ? repeat : 0.0;
    const double total = p_good + p_wide + p_again + 1e-300;
    f->log_likelihood += log(total);
    const double share[3] = {p_good / total, p_wide / total, p_again / total};
    const double gain[3] = {f->variance / good, f->variance / wide, 0.0};
    double mean = 0.0, second = 0.0;
    for (int i = 0; i < 3; i++) {
        const double m = gain[i] * innovation;
        mean += share[i] * m;
        second += share[i] * (m * m + f->variance * (1.0 - gain[i]));
    }
    f->mean += mean;
    f->variance = second - mean * mean;
}

static filter filter_person(const coley_courses *c, const coley_scan_error *e, const coley_seen *seen, size_t person)
{
    filter f = {.last_mm = NAN, .habit = habit_at_first(e)};
    for (size_t i = 0; i < seen->n; i++) {
        const double course = course_at(c, person, seen->day[i]);
        if (seen->diameter_mm[i] <= 0.0 || (seen->too_small && seen->too_small[i])) {
            const double drift = f.started ? drift_variance(e, fmax(seen->day[i] - f.last_day, 0.0)) : 0.0;
            filter_censored(&f, f.mean + course, f.variance + drift + scan_variance(e, 5.0));
        } else {
            const double d = fmax(seen->diameter_mm[i], 1.0);
            filter_scan(&f, e, seen->day[i], course, d, scan_variance(e, d));
        }
    }
    if (!f.started)
        f = (filter){.mean = log_too_small, .variance = 0.25, .last_day = seen->n ? seen->day[seen->n - 1] : 0.0};
    if (isfinite(c->log_d0_sd)) {
        const double apart = f.mean - (double)c->log_d0[person];
        f.log_likelihood += log_normal_density(apart, c->log_d0_sd * c->log_d0_sd + f.variance);
    }
    return f;
}

static int left_out(const coley_courses *c, size_t person)
{
    return !isfinite(c->log_rel[person * c->n_days + c->n_days - 1]);
}

void coley_condition_likelihood(const coley_courses *courses, const coley_scan_error *error, const coley_seen *seen,
                                double *log_likelihood)
{
    for (size_t k = 0; k < courses->n; k++)
        log_likelihood[k] = left_out(courses, k) ? -INFINITY : filter_person(courses, error, seen, k).log_likelihood;
}

/* The last diameter, if it was a reading that could be written again. */
static double last_mm(const coley_seen *seen)
{
    if (!seen->n) return NAN;
    const size_t i = seen->n - 1;
    return seen->diameter_mm[i] <= 0.0 || (seen->too_small && seen->too_small[i]) ? NAN : seen->diameter_mm[i];
}

static habit habit_now(const coley_scan_error *e, const coley_seen *seen)
{
    habit h = habit_at_first(e);
    double last = NAN;
    for (size_t i = 0; i < seen->n; i++) {
        if (seen->diameter_mm[i] <= 0.0 || (seen->too_small && seen->too_small[i])) continue;
        const double d = fmax(seen->diameter_mm[i], 1.0);
        if (isfinite(last)) h = habit_after(h, e, d == last);
        last = d;
    }
    return h;
}

coley_status coley_condition(coley_arena *arena, const coley_courses *courses, const coley_scan_error *error,
                             const coley_seen *seen, coley_belief *belief, coley_error *err)
{
    assert(courses->n_days >= 2);
    const size_t n = courses->n;
    double *weight = COLEY_NEW(arena, double, n), *mean = COLEY_NEW(arena, double, n),
           *variance = COLEY_NEW(arena, double, n);
    if (!weight || !mean || !variance) return COLEY_FAIL_MEMORY(err);
    double top = -INFINITY, last_day = seen->n ? seen->day[seen->n - 1] : 0.0;
    for (size_t k = 0; k < n; k++) {
        weight[k] = -INFINITY;
        if (left_out(courses, k)) continue;
        const filter f = filter_person(courses, error, seen, k);
        weight[k] = f.log_likelihood;
        mean[k] = f.mean;
        variance[k] = f.variance + drift_variance(error, fmax(last_day - f.last_day, 0.0));
        top = fmax(top, weight[k]);
    }
    if (top == -INFINITY) return COLEY_FAIL(err, COLEY_ERR_RUN, "no virtual person is left to compare with");
    double sum = 0.0, squares = 0.0;
    for (size_t k = 0; k < n; k++) sum += weight[k] = exp(weight[k] - top);
    for (size_t k = 0; k < n; k++) {
        weight[k] /= sum;
        squares += weight[k] * weight[k];
    }
    const habit now = habit_now(error, seen);
    *belief = (coley_belief){.n = n,
                             .weight = weight,
                             .mean = mean,
                             .variance = variance,
                             .last_day = last_day,
                             .last_mm = last_mm(seen),
                             .again = now.again,
                             .anew = now.anew,
                             .effective = 1.0 / squares};
    return COLEY_OK;
}

/* The people that matter, with the forecast of each as a normal of ln(diameter). */
typedef struct mixture {
    size_t n;
    double *weight, *mean, *sd, *wide_sd; /* wide: of a misreading */
    double total, outlier, outlier_rel, repeat, log_last;
} mixture;

static double mixture_below(const mixture *m, double x)
{
    double sum = 0.0;
    for (size_t i = 0; i < m->n; i++) {
        const double good = 0.5 * erfc(-(x - m->mean[i]) / m->sd[i] * M_SQRT1_2);
        const double wide = m->outlier > 0.0 ? 0.5 * erfc(-(x - m->mean[i]) / m->wide_sd[i] * M_SQRT1_2) : 0.0;
        sum += m->weight[i] * ((1.0 - m->outlier) * good + m->outlier * wide);
    }
    sum /= m->total;
    return m->repeat > 0.0 ? (1.0 - m->repeat) * sum + m->repeat * (x >= m->log_last) : sum;
}

/* ln(diameter) that is expected of somebody like person k: of the change since the last scan, the trusted share. */
static double level_at(const coley_courses *c, const coley_scan_error *e, const coley_belief *b, size_t k, double day)
{
    const double now = course_at(c, k, b->last_day);
    const double share = day > b->last_day ? e->trust : 1.0;
    return b->mean[k] + now + share * (course_at(c, k, day) - now);
}

coley_status coley_forecast_quantiles(coley_arena *arena, const coley_courses *courses, const coley_scan_error *error,
                                      const coley_belief *belief, double day, const double *p, size_t n_p,
                                      double *quantile, coley_error *err)
{
    mixture m = {.weight = COLEY_NEW(arena, double, belief->n),
                 .mean = COLEY_NEW(arena, double, belief->n),
                 .sd = COLEY_NEW(arena, double, belief->n)};
    m.wide_sd = COLEY_NEW(arena, double, belief->n);
    if (!m.weight || !m.mean || !m.sd || !m.wide_sd) return COLEY_FAIL_MEMORY(err);
    double low = INFINITY, high = -INFINITY;
    m.outlier = error->outlier;
    m.outlier_rel = error->outlier_rel;
    const double ahead = day - belief->last_day;
    if (isfinite(belief->last_mm) && ahead > 0.0) {
        /* The same number again, and again at each visit until then. */
        m.repeat = habit_goes_on((habit){belief->again, belief->anew}, ahead / error->visit_day);
        m.log_last = log(fmax(belief->last_mm, 1.0));
        low = high = m.log_last;
    }
    const double least = 1e-3 / (double)belief->n;
    for (size_t k = 0; k < belief->n; k++) {
        if (belief->weight[k] <= least) continue;
        const double mean = level_at(courses, error, belief, k, day);
        const double variance =
            belief->variance[k] + drift_variance(error, fabs(ahead)) + scan_variance(error, exp(mean));
        m.weight[m.n] = belief->weight[k];
        m.mean[m.n] = mean;
        m.sd[m.n] = sqrt(variance);
        m.wide_sd[m.n] = sqrt(variance + error->outlier_rel * error->outlier_rel);
        const double reach = 8.0 * m.wide_sd[m.n];
        low = fmin(low, mean - reach);
        high = fmax(high, mean + reach);
        m.total += m.weight[m.n++];
    }
    for (size_t j = 0; j < n_p; j++) {
        double a = low, b = high;
        for (int i = 0; i < 32; i++) {
            const double middle = 0.5 * (a + b);
            if (mixture_below(&m, middle) < p[j])
                a = middle;
            else
                b = middle;
        }
        quantile[j] = exp(0.5 * (a + b));
        low = a;
    }
    return COLEY_OK;
}

double coley_forecast_probability(const coley_courses *courses, const coley_scan_error *error,
                                  const coley_belief *belief, double day, double diameter_mm)
{
    double sum = 0.0;
    for (size_t k = 0; k < belief->n; k++) {
        if (belief->weight[k] <= 0.0) continue;
        const double mean = level_at(courses, error, belief, k, day);
        const double variance = belief->variance[k] + drift_variance(error, fmax(day - belief->last_day, 0.0));
        sum += belief->weight[k] * 0.5 * erfc(-(log(diameter_mm) - mean) / sqrt(variance) * M_SQRT1_2);
    }
    return sum;
}
