/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classical.c -- the six laws of classical.h in the logarithm of volume, y = ln V, from y0 at t = 0.
 *
 * Written relative to y0 every law is free of the unit of volume, which is what the fit searches in:
 *
 *   exponential   y' = g                                      y = y0 + g t
 *   logistic      y' = a (1 - k e^(y-y0))                     y = y0 - ln(k + (1 - k) e^(-a t)),  k = V0 / beta
 *   Bertalanffy   y' = a e^(-s(y-y0)) - b                     y = y0 + ln(1 + (a/b - 1)(1 - e^(-s b t))) / s
 *   Gompertz      y' = g - a (y - y0)                         y = y0 + g (1 - e^(-a t)) / a
 *   general       y' = e^(-s(y-y0)) (g - a (y - y0))          Gompertz in the time T, dT/dt = e^(-s(y(T)-y0))
 *
 * with s = 1 - lambda. The general Gompertz law has no elementary closed form; T(t) is integrated by Runge and Kutta's
 * fourth-order rule: its rate changes by e^(s |y - y0|) over the whole curve at most, so that it is never stiff. */
#include "patient/classical.h"

#include <assert.h>
#include <math.h>
#include <nlopt.h>

static const char *const keys[] = {
#define ROW(id, key, title, n) key,
    COLEY_CLASSICAL_LIST(ROW)
#undef ROW
};
static const char *const titles[] = {
#define ROW(id, key, title, n) title,
    COLEY_CLASSICAL_LIST(ROW)
#undef ROW
};
static const unsigned n_parameters[] = {
#define ROW(id, key, title, n) n,
    COLEY_CLASSICAL_LIST(ROW)
#undef ROW
};

#define SPHERE (M_PI / 6.0) /* volume of a sphere of diameter 1 */
static const double smallest_mm = 0.1, largest_mm = 1e4;

/* A law relative to its first log volume, see above. */
typedef struct shape {
    double y0;
    double g; /* first slope of y [1/day] (exponential, Gompertz) */
    double a; /* [1/day] */
    double b; /* [1/day] (Bertalanffy) or k (logistic) */
    double s; /* 1 - lambda */
} shape;

static double log_volume(double diameter_mm)
{
    return log(SPHERE) + 3.0 * log(fmax(diameter_mm, smallest_mm));
}

/* (1 - e^(-x t)) / x, which is t for x = 0. */
static double saturation(double x, double t)
{
    return fabs(x * t) < 1e-12 ? t : -expm1(-x * t) / x;
}

static double bertalanffy(const shape *p, double t)
{
    /* The gain (a - b) (1 - e^(-s b t)) / b has the limit s (a - b) t for b = 0 and, over s, the exponential's for s =
     * 0. */
    const double grown = (p->a - p->b) * saturation(p->s * p->b, t);
    return p->y0 + (p->s < 1e-9 ? grown : log1p(p->s * grown) / p->s);
}

static double gompertz_gain(const shape *p, double T)
{
    return p->g * saturation(p->a, T);
}

/* How far the general Gompertz law has been integrated: a later point goes on from there. */
typedef struct progress {
    double t, T;
} progress;

static double general_gompertz(const shape *p, double t, progress *at)
{
    const double lowest = log_volume(smallest_mm), highest = log_volume(largest_mm);
    double y = p->y0 + gompertz_gain(p, at->T), left = t - at->t;
    while (left > 0.0 && y > lowest && y < highest) {
        const double rate = exp(-p->s * (y - p->y0)), slope = p->g * exp(-p->a * at->T);
        /* The step in t: the logarithm of the rate moves by a fifth at most, and the decay of the slope is resolved for
         * as long as the slope still matters. */
        double h = left;
        const double turn = p->s * fabs(slope) * rate, decay = p->a * rate;
        if (turn * h > 0.2) h = 0.2 / turn;
        if (decay * h > 0.4 && p->s * fabs(slope) > 1e-7 * p->a) h = 0.4 / decay;
        const double k1 = rate;
        const double k2 = exp(-p->s * gompertz_gain(p, at->T + 0.5 * h * k1));
        const double k3 = exp(-p->s * gompertz_gain(p, at->T + 0.5 * h * k2));
        const double k4 = exp(-p->s * gompertz_gain(p, at->T + h * k3));
        at->T += h * (k1 + 2.0 * k2 + 2.0 * k3 + k4) / 6.0;
        left = h < left ? left - h : 0.0;
        y = p->y0 + gompertz_gain(p, at->T);
    }
    at->t = t;
    return y;
}

/* Log volume at time t >= 0 after the first day; `at` starts as {0} and is kept from one t to the next, not earlier
 * one. */
static double log_volume_at(coley_classical_model model, const shape *p, double t, progress *at)
{
    switch (model) {
    case COLEY_CLASSICAL_EXPONENTIAL:
        return p->y0 + p->g * t;
    case COLEY_CLASSICAL_LOGISTIC:
        return p->y0 - log(p->b + (1.0 - p->b) * exp(-p->a * t));
    case COLEY_CLASSICAL_BERTALANFFY:
    case COLEY_CLASSICAL_GENERAL_BERTALANFFY:
        return bertalanffy(p, t);
    case COLEY_CLASSICAL_GOMPERTZ:
        return p->y0 + gompertz_gain(p, t);
    case COLEY_CLASSICAL_GENERAL_GOMPERTZ:
        return general_gompertz(p, t, at);
    case COLEY_CLASSICAL_COUNT:
        break;
    }
    return p->y0;
}

/* Between the two ways of writing: relative (shape) and the paper's (alpha, beta in mm3 and days). */
static void publish(coley_classical_model model, const shape *p, coley_classical *fit)
{
    const double scale = exp(p->s * p->y0); /* V0^(1-lambda) */
    fit->lambda = 1.0 - p->s;
    fit->log_volume = p->y0;
    fit->alpha = p->a;
    fit->beta = 0.0;
    switch (model) {
    case COLEY_CLASSICAL_EXPONENTIAL:
        fit->alpha = p->g;
        break;
    case COLEY_CLASSICAL_LOGISTIC:
        fit->beta = exp(p->y0) / p->b;
        break;
    case COLEY_CLASSICAL_BERTALANFFY:
    case COLEY_CLASSICAL_GENERAL_BERTALANFFY:
        fit->alpha = p->a * scale;
        fit->beta = p->b;
        break;
    case COLEY_CLASSICAL_GOMPERTZ:
    case COLEY_CLASSICAL_GENERAL_GOMPERTZ:
        fit->alpha = p->a * scale;
        fit->beta = (p->g + p->a * p->y0) * scale;
        break;
    case COLEY_CLASSICAL_COUNT:
        break;
    }
}

static shape relative(const coley_classical *fit)
{
    shape p = {.y0 = fit->log_volume, .s = 1.0 - fit->lambda};
    const double scale = exp(p.s * p.y0);
    switch (fit->model) {
    case COLEY_CLASSICAL_EXPONENTIAL:
        p.g = fit->alpha;
        break;
    case COLEY_CLASSICAL_LOGISTIC:
        p.a = fit->alpha;
        p.b = exp(p.y0) / fit->beta;
        break;
    case COLEY_CLASSICAL_BERTALANFFY:
    case COLEY_CLASSICAL_GENERAL_BERTALANFFY:
        p.a = fit->alpha / scale;
        p.b = fit->beta;
        break;
    case COLEY_CLASSICAL_GOMPERTZ:
    case COLEY_CLASSICAL_GENERAL_GOMPERTZ:
        p.a = fit->alpha / scale;
        p.g = fit->beta / scale - p.a * p.y0;
        break;
    case COLEY_CLASSICAL_COUNT:
        break;
    }
    return p;
}

double coley_classical_diameter_mm(const coley_classical *fit, double day)
{
    const shape p = relative(fit);
    progress at = {0};
    const double y = log_volume_at(fit->model, &p, fmax(day - fit->first_day, 0.0), &at);
    const double diameter_mm = exp((y - log(SPHERE)) / 3.0);
    return diameter_mm > largest_mm ? largest_mm : diameter_mm > smallest_mm ? diameter_mm : smallest_mm;
}

/* The search. x[0] is y0 less that of the largest lesion; the others are the shape's numbers times the span of the
 * days, so that every coordinate is of the order of 1. */
typedef struct problem {
    coley_classical_model model;
    coley_classical_scale scale;
    size_t n;
    const double *day, *diameter_mm;
    double span_day, top_mm; /* largest diameter: the squares are summed relative to it */
} problem;

static shape shape_at(const problem *q, const double *x)
{
    static const double fixed_s[COLEY_CLASSICAL_COUNT] = {[COLEY_CLASSICAL_BERTALANFFY] = 1.0 / 3.0};
    shape p = {.y0 = log_volume(q->top_mm) + x[0], .s = n_parameters[q->model] == 4 ? x[3] : fixed_s[q->model]};
    switch (q->model) {
    case COLEY_CLASSICAL_EXPONENTIAL:
        p.g = x[1] / q->span_day;
        break;
    case COLEY_CLASSICAL_LOGISTIC:
        p.a = x[1] / q->span_day;
        p.b = exp(x[2]);
        break;
    case COLEY_CLASSICAL_BERTALANFFY:
    case COLEY_CLASSICAL_GENERAL_BERTALANFFY:
        p.a = x[1] / q->span_day;
        p.b = x[2] / q->span_day;
        break;
    case COLEY_CLASSICAL_GOMPERTZ:
    case COLEY_CLASSICAL_GENERAL_GOMPERTZ:
        p.g = x[1] / q->span_day;
        p.a = x[2] / q->span_day;
        break;
    case COLEY_CLASSICAL_COUNT:
        break;
    }
    return p;
}

/* Sum of squares relative to the largest lesion. */
static double misfit(unsigned n_x, const double *x, double *gradient, void *data)
{
    (void)n_x, (void)gradient;
    const problem *q = data;
    const shape p = shape_at(q, x);
    const double top = log_volume(q->top_mm), root = q->scale == COLEY_CLASSICAL_VOLUME ? 1.0 : 1.0 / 3.0;
    progress at = {0};
    double sum = 0.0;
    for (size_t i = 0; i < q->n; i++) {
        const double y = log_volume_at(q->model, &p, q->day[i] - q->day[0], &at) - top;
        const double measured = q->diameter_mm[i] / q->top_mm;
        const double seen = q->scale == COLEY_CLASSICAL_VOLUME ? measured * measured * measured : measured;
        const double difference = exp(root * fmin(fmax(y, -100.0), 20.0)) - seen;
        sum += difference * difference;
    }
    return isfinite(sum) ? sum : 1e30;
}

/* Ordinary least squares of ln V on time: the exponential start. */
static void log_line(const problem *q, double *start, double *slope)
{
    double t_mean = 0.0, y_mean = 0.0, tt = 0.0, ty = 0.0;
    for (size_t i = 0; i < q->n; i++) {
        t_mean += (q->day[i] - q->day[0]) / (double)q->n;
        y_mean += (log_volume(fmax(q->diameter_mm[i], 1.0)) - log_volume(q->top_mm)) / (double)q->n;
    }
    for (size_t i = 0; i < q->n; i++) {
        const double t = q->day[i] - q->day[0] - t_mean;
        tt += t * t;
        ty += t * (log_volume(fmax(q->diameter_mm[i], 1.0)) - log_volume(q->top_mm) - y_mean);
    }
    *slope = tt > 0.0 ? ty / tt : 0.0;
    *start = y_mean - *slope * t_mean;
}

enum { MAX_STARTS = 8, MAX_X = 4 };

/* Starts, simplest first, so that what the data can't tell apart stays simple: the straight line in ln V, then curves
 * that level off within the span at the last value seen. Returns how many. */
static size_t starts_of(const problem *q, double starts[MAX_STARTS][MAX_X])
{
    double y0, slope;
    log_line(q, &y0, &slope);
    const double g = fmin(fmax(slope * q->span_day, -15.0), 15.0);
    const double first = log_volume(fmax(q->diameter_mm[0], 1.0)) - log_volume(q->top_mm);
    const double last = log_volume(fmax(q->diameter_mm[q->n - 1], 1.0)) - log_volume(q->top_mm);
    size_t n = 0;
    switch (q->model) {
    case COLEY_CLASSICAL_EXPONENTIAL: {
        const double rows[][2] = {{y0, g}, {first, last - first}, {first, 2.0 * (last - first) - 0.5}};
        for (; n < 3; n++)
            for (size_t j = 0; j < 2; j++) starts[n][j] = rows[n][j];
        break;
    }
    case COLEY_CLASSICAL_LOGISTIC: {
        /* Growing: far under the ceiling. Shrinking: above it. */
        const double rows[][3] = {{y0, g > 0.0 ? g : 0.1, g > 0.0 ? -6.0 : -g},
                                  {first, 3.0, first - last},
                                  {first, 10.0, first - last},
                                  {y0, 0.5, first - last + (last > first ? -1.0 : 1.0)},
                                  {first, 0.1, first - last > 0.0 ? 3.0 : -3.0}};
        for (; n < 5; n++)
            for (size_t j = 0; j < 3; j++) starts[n][j] = rows[n][j];
        break;
    }
    case COLEY_CLASSICAL_BERTALANFFY:
    case COLEY_CLASSICAL_GENERAL_BERTALANFFY: {
        /* Levels off at y with a = b e^(s (y - y0)). */
        const double level = exp((last - first) / 3.0);
        const double rows[][4] = {
            {y0, fmax(g, 0.0), fmax(-g, 0.0), 1.0 / 3.0}, {first, 9.0 * level, 9.0, 1.0 / 3.0},
            {first, 3.0 * level, 3.0, 1.0 / 3.0},         {first, 30.0 * level, 30.0, 1.0 / 3.0},
            {y0, fmax(g, 0.0), fmax(-g, 0.0), 0.05},      {first, 20.0 * pow(level, 0.3), 20.0, 0.1}};
        const size_t n_rows = q->model == COLEY_CLASSICAL_BERTALANFFY ? 4 : 6;
        for (; n < n_rows; n++)
            for (size_t j = 0; j < 4; j++) starts[n][j] = rows[n][j];
        break;
    }
    case COLEY_CLASSICAL_GOMPERTZ:
    case COLEY_CLASSICAL_GENERAL_GOMPERTZ: {
        const double rows[][4] = {{y0, g, 0.0, 0.0},
                                  {first, 3.0 * (last - first), 3.0, 0.0},
                                  {first, 10.0 * (last - first), 10.0, 0.0},
                                  {first, 1.0 * (last - first), 1.0, 0.0},
                                  {y0, g, 0.1, 0.3}};
        const size_t n_rows = q->model == COLEY_CLASSICAL_GOMPERTZ ? 4 : 5;
        for (; n < n_rows; n++)
            for (size_t j = 0; j < 4; j++) starts[n][j] = rows[n][j];
        break;
    }
    case COLEY_CLASSICAL_COUNT:
        break;
    }
    return n;
}

/* Bounds in the search's coordinates: rates to 60 per span, either sign where the law allows it. */
static void bounds_of(coley_classical_model model, double *low, double *high)
{
    low[0] = -25.0, high[0] = 5.0;
    low[1] = 0.0, high[1] = 60.0;
    low[2] = 0.0, high[2] = 60.0;
    low[3] = 0.0, high[3] = 1.0 / 3.0;
    if (model == COLEY_CLASSICAL_LOGISTIC) low[2] = -40.0, high[2] = 40.0; /* ln(V0 / ceiling) */
    if (model == COLEY_CLASSICAL_EXPONENTIAL || model >= COLEY_CLASSICAL_GOMPERTZ) low[1] = -60.0;
}

/* One local search from x in place; false when NLopt has no memory. Any other ending leaves the best point so far. */
static int search(nlopt_algorithm algorithm, problem *q, unsigned n_x, double *x, double *best)
{
    double low[MAX_X], high[MAX_X];
    bounds_of(q->model, low, high);
    for (unsigned j = 0; j < n_x; j++) x[j] = fmin(fmax(x[j], low[j]), high[j]);
    nlopt_opt opt = nlopt_create(algorithm, n_x);
    if (!opt) return 0;
    int ok = nlopt_set_min_objective(opt, misfit, q) > 0 && nlopt_set_lower_bounds(opt, low) > 0 &&
             nlopt_set_upper_bounds(opt, high) > 0 && nlopt_set_initial_step1(opt, 0.1) > 0 &&
             nlopt_set_ftol_rel(opt, 1e-12) > 0 && nlopt_set_ftol_abs(opt, 1e-16) > 0 &&
             nlopt_set_xtol_rel(opt, 1e-10) > 0 && nlopt_set_maxeval(opt, 600) > 0;
    double x_now[MAX_X], value;
    for (unsigned j = 0; j < n_x; j++) x_now[j] = x[j];
    *best = misfit(n_x, x, NULL, q);
    if (ok) {
        const nlopt_result result = nlopt_optimize(opt, x_now, &value);
        ok = result != NLOPT_OUT_OF_MEMORY;
        if (ok && isfinite(value) && value < *best) {
            *best = value;
            for (unsigned j = 0; j < n_x; j++) x[j] = x_now[j];
        }
    }
    nlopt_destroy(opt);
    return ok;
}

/* The least misfit from all starts, and for a general law from the best of its classic one too: so it never fits worse.
 * False when there is no memory. */
static int solve(problem *q, double *x, double *least)
{
    const coley_classical_model model = q->model;
    const unsigned n_x = n_parameters[model];
    *least = INFINITY;
    if (model == COLEY_CLASSICAL_GENERAL_BERTALANFFY || model == COLEY_CLASSICAL_GENERAL_GOMPERTZ) {
        const int gompertz = model == COLEY_CLASSICAL_GENERAL_GOMPERTZ;
        q->model = gompertz ? COLEY_CLASSICAL_GOMPERTZ : COLEY_CLASSICAL_BERTALANFFY;
        if (!solve(q, x, least)) return 0;
        q->model = model;
        x[3] = gompertz ? 0.0 : 1.0 / 3.0;
        *least = misfit(n_x, x, NULL, q);
    }
    double starts[MAX_STARTS][MAX_X] = {{0.0}};
    const size_t n_starts = starts_of(q, starts);
    for (size_t k = 0; k < n_starts; k++) {
        double value;
        if (!search(NLOPT_LN_BOBYQA, q, n_x, starts[k], &value)) return 0;
        /* An earlier, simpler start keeps its place against what is no better. */
        if (value < *least * (1.0 - 1e-6) - 1e-14) {
            *least = value;
            for (unsigned j = 0; j < n_x; j++) x[j] = starts[k][j];
        }
    }
    /* A simplex that is started anew walks on along the flat valleys that so few points leave. */
    for (int round = 0; round < 3; round++)
        if (!search(NLOPT_LN_NELDERMEAD, q, n_x, x, least)) return 0;
    return 1;
}

coley_status coley_classical_fit(coley_classical_model model, coley_classical_scale scale, size_t n, const double *day,
                                 const double *diameter_mm, coley_classical *fit, coley_error *err)
{
    assert(model < COLEY_CLASSICAL_COUNT);
    if (n == 0) return COLEY_FAIL(err, COLEY_ERR_ARG, "a growth law needs one measurement at least");
    problem q = {.model = model, .scale = scale, .n = n, .day = day, .diameter_mm = diameter_mm};
    for (size_t i = 0; i < n; i++) {
        if (!(diameter_mm[i] >= 0.0 && diameter_mm[i] <= largest_mm))
            return COLEY_FAIL(err, COLEY_ERR_ARG, "diameter %g is outside 0 to %g mm", diameter_mm[i], largest_mm);
        if (!isfinite(day[i]) || (i && day[i] < day[i - 1]))
            return COLEY_FAIL(err, COLEY_ERR_ARG, "day %g is not a day at or after the one before it", day[i]);
        q.top_mm = fmax(q.top_mm, diameter_mm[i]);
    }
    q.span_day = day[n - 1] - day[0];
    const int flat = q.top_mm <= smallest_mm || !(q.span_day > 0.0);
    if (q.top_mm < smallest_mm) q.top_mm = smallest_mm;
    if (!(q.span_day > 0.0)) q.span_day = 1.0;

    double x[MAX_X] = {0.0}, least;
    if (flat) { /* nothing was seen to move: a constant */
        double mean = 0.0;
        for (size_t i = 0; i < n; i++) mean += diameter_mm[i] / (double)n;
        x[0] = log_volume(mean) - log_volume(q.top_mm);
    } else if (!solve(&q, x, &least)) {
        return COLEY_FAIL_MEMORY(err);
    }
    const shape p = shape_at(&q, x);
    *fit = (coley_classical){.model = model, .first_day = day[0], .n_points = n};
    publish(model, &p, fit);
    const double unit = scale == COLEY_CLASSICAL_VOLUME ? SPHERE * pow(q.top_mm, 3.0) : q.top_mm;
    fit->sse = misfit(n_parameters[model], x, NULL, &q) * unit * unit;
    return COLEY_OK;
}

const char *coley_classical_key(coley_classical_model model)
{
    return keys[model];
}
const char *coley_classical_title(coley_classical_model model)
{
    return titles[model];
}
