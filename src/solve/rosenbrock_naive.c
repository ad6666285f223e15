/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock_naive.c -- the naive twin of integrator.c: one patient at a time, dense algebra, plain loops.
 *
 * Method and step rule are those of rosenbrock.h; everything that makes the block integrator fast is left out: no
 * lanes, no sparse pattern, no deferred samples; and so for doses and events. Linear systems are solved by Gaussian
 * elimination with row exchanges.
 */
#include "solve/events.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* One patient's vectors and matrices; columns that the system sees are COLEY_LANES wide, all lanes alike. */
typedef struct naive {
    const coley_system *system;
    const coley_cohort *cohort;
    const coley_rosenbrock *method;
    size_t n;
    double *y, *y_new, *rate, *inflow, *dfdt, *matrix, *b, *u, *error, *inside;
    double *wide_t, *wide_y, *wide_f, *wide_jacobian, *wide_dfdt, *wide_observed, *inputs, *one_inputs;
    void *work;
    double *wide_trigger, *wide_value, *wide_mark, *y_inside;
    unsigned char *was;
    struct naive_waiting *waiting;
    double *held; /* [most waiting x targets] */
    size_t n_waiting, most_waiting, patient, n_at_once;
    uint64_t serial;
    int32_t stopped;        /* the event that stopped it, or -1 */
    double t_end;           /* of the patient */
    double moment, length;  /* of the events counted; of the run */
    double t_first, t_last; /* a step looks at f no earlier and no later than this */
    const coley_dose *dose; /* of the patient */
    size_t n_doses, next_dose, first_live;
    int dosed;           /* a dose was added where it stands */
    int floors, floored; /* as the block integrator's lanes */
    const coley_integrator_options *options;
    coley_sample_times times;
    size_t next_sample;
    double *before, *kept; /* of steady states */
} naive;

/* An event that has fired and waits; values from then are held at `room`. */
typedef struct naive_waiting {
    double due;
    size_t event, room;
    uint64_t serial;
} naive_waiting;

static void widen(const naive *s, double t, const double *y)
{
    for (size_t l = 0; l < COLEY_LANES; l++) {
        s->wide_t[l] = t;
        for (size_t v = 0; v < s->n; v++) s->wide_y[v * COLEY_LANES + l] = y[v];
    }
}

/* As `widen`, but what f sees of y. */
static void widen_seen(naive *s, double t, const double *y)
{
    widen(s, t, y);
    for (size_t v = 0; v < s->n && s->floors; v++) {
        const double atol = s->options->atol_state ? s->options->atol_state[v] : s->options->atol;
        if (!coley_step_floors(y[v], atol + s->options->rtol * fabs(s->y[v]))) continue;
        for (size_t l = 0; l < COLEY_LANES; l++) s->wide_y[v * COLEY_LANES + l] = 0;
        s->floored = 1;
    }
}

/* `x`, or 0 where it is no number and the lane floors. */
static double mended(naive *s, double x)
{
    if (!s->floors || isfinite(x)) return x;
    s->floored = 1;
    return 0;
}

/* f(t, y) with the inflow of infusions; at a mark, that of the step's inside. */
static void derivative(naive *s, double t, const double *y, double *f)
{
    widen_seen(s, s->system->n_marks ? fmax(s->t_first, fmin(t, s->t_last)) : t, y);
    s->system->rhs(s->system->self, COLEY_LANES, s->wide_t, s->wide_y, s->work, s->wide_f);
    for (size_t v = 0; v < s->n; v++) f[v] = s->wide_f[v * COLEY_LANES] + s->inflow[v];
}

/* Solve matrix x = b in copies; false when it is singular. */
static int dense_solve(const naive *s, const double *matrix, double *x)
{
    const size_t n = s->n;
    double *a = s->b;
    memcpy(a, matrix, n * n * sizeof *a);
    for (size_t k = 0; k < n; k++) {
        size_t top = k;
        for (size_t i = k + 1; i < n; i++)
            if (fabs(a[i * n + k]) > fabs(a[top * n + k])) top = i;
        if (!(fabs(a[top * n + k]) > 0)) return 0;
        for (size_t j = 0; j < n && top != k; j++) {
            const double keep = a[k * n + j];
            a[k * n + j] = a[top * n + j];
            a[top * n + j] = keep;
        }
        const double keep = x[k];
        x[k] = x[top];
        x[top] = keep;
        for (size_t i = k + 1; i < n; i++) {
            const double factor = a[i * n + k] / a[k * n + k];
            for (size_t j = k; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
            x[i] -= factor * x[k];
        }
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++) x[i] -= a[i * n + j] * x[j];
        x[i] /= a[i * n + i];
    }
    return 1;
}

/* State at fraction x of the step just taken. */
static double between(const naive *s, size_t v, double x)
{
    double correction = 0, power = 1;
    for (int m = 0; m < s->method->n_dense; m++, power *= x)
        for (int j = 0; j < s->method->n_stages; j++)
            correction += power * s->method->dense[m][j] * s->u[(size_t)j * s->n + v];
    return s->y[v] + x * (s->y_new[v] - s->y[v] + (1 - x) * correction);
}

/* RMS of x in tolerances of the step from y to y_new. */
static double in_tolerances(const naive *s, const coley_integrator_options *options, const double *x)
{
    double sum = 0;
    for (size_t v = 0; v < s->n; v++) {
        const double atol = options->atol_state ? options->atol_state[v] : options->atol;
        const double scaled = x[v] / (atol + options->rtol * fmax(fabs(s->y[v]), fabs(s->y_new[v])));
        sum += scaled * scaled;
    }
    return sqrt(sum / (double)(s->n ? s->n : 1));
}

/* One step of h: y_new, u and the RMS error in tolerances (infinite when it could not be computed). */
static double step(naive *s, const coley_integrator_options *options, double t, double h)
{
    const coley_rosenbrock *m = s->method;
    const size_t n = s->n;
    s->floored = 0;
    widen_seen(s, s->system->n_marks ? s->t_first : t, s->y);
    s->system->jacobian(s->system->self, COLEY_LANES, s->wide_t, s->wide_y, s->work, s->wide_jacobian, s->wide_dfdt);
    memset(s->matrix, 0, n * n * sizeof *s->matrix);
    for (size_t i = 0; i < n; i++) {
        for (int32_t k = s->system->row_start[i]; k < s->system->row_start[i + 1]; k++)
            s->matrix[i * n + (size_t)s->system->column[k]] = -mended(s, s->wide_jacobian[(size_t)k * COLEY_LANES]);
        s->matrix[i * n + i] += 1 / (h * m->gamma);
        s->dfdt[i] = s->system->uses_time ? mended(s, s->wide_dfdt[i * COLEY_LANES]) : 0;
    }
    for (int i = 0; i < m->n_stages; i++) {
        double *u = s->u + (size_t)i * n;
        memcpy(s->y_new, s->y, n * sizeof *s->y);
        for (int j = 0; j < i; j++)
            for (size_t v = 0; v < n; v++) s->y_new[v] += m->a[i][j] * s->u[(size_t)j * n + v];
        derivative(s, t + m->alpha[i] * h, s->y_new, u);
        for (size_t v = 0; v < n; v++) {
            for (int j = 0; j < i; j++) u[v] += m->c[i][j] / h * s->u[(size_t)j * n + v];
            u[v] += m->gamma_i[i] * h * s->dfdt[v];
        }
        if (!dense_solve(s, s->matrix, u)) return INFINITY;
    }
    for (size_t v = 0; v < n; v++) {
        s->y_new[v] += s->u[(size_t)(m->n_stages - 1) * n + v];
        s->error[v] = 0;
        for (int j = 0; j < m->n_stages; j++) s->error[v] += m->estimate[j] * s->u[(size_t)j * n + v];
        if (!isfinite(s->y_new[v])) return INFINITY;
    }
    const double error = in_tolerances(s, options, s->error);
    if (!s->system->uses_time) return error;

    /* The residual inside the step; the interpolant's slope by differentiating its formula. */
    const double x = COLEY_INSIDE;
    double *at = s->dfdt, *r = s->inside;
    for (size_t v = 0; v < n; v++) at[v] = between(s, v, x);
    derivative(s, t + x * h, at, r);
    for (size_t v = 0; v < n; v++) {
        double k = 0, k_slope = 0;
        for (int d = 0; d < m->n_dense; d++)
            for (int j = 0; j < m->n_stages; j++) {
                const double part = m->dense[d][j] * s->u[(size_t)j * n + v];
                k += part * pow(x, d);
                k_slope += d > 0 ? d * part * pow(x, d - 1) : 0;
            }
        r[v] -= (s->y_new[v] - s->y[v] + (1 - 2 * x) * k + x * (1 - x) * k_slope) / h;
    }
    if (!dense_solve(s, s->matrix, r)) return INFINITY;
    return fmax(error, in_tolerances(s, options, r));
}

static void give_sample(naive *s, const coley_cohort *cohort, size_t index, const double *y)
{
    const double t = s->times.day[index];
    coley_sample sample = {.patient = s->patient, .index = index, .t_day = t, .value = y, .stride = 1};
    if (s->system->n_observed) {
        widen(s, t, y);
        s->system->observe(s->system->observer, COLEY_LANES, s->wide_t, s->wide_y, s->work, s->wide_observed);
        sample.value = s->wide_observed;
        sample.stride = COLEY_LANES;
    }
    cohort->sample(cohort->self, &sample);
}

static double size_in_tolerances(const naive *s, const coley_integrator_options *options, const double *x)
{
    double sum = 0;
    for (size_t v = 0; v < s->n; v++) {
        const double atol = options->atol_state ? options->atol_state[v] : options->atol;
        const double scaled = x[v] / (atol + options->rtol * fabs(s->y[v]));
        sum += scaled * scaled;
    }
    return sqrt(sum / (double)(s->n ? s->n : 1));
}

/* --- events: as in events.c, one patient, one thing after another
 * ------------------------------------------------------ */

static int trigger_is_true(naive *s, size_t e, double t, const double *y)
{
    widen(s, t, y);
    s->system->triggers(s->system->self, COLEY_LANES, s->wide_t, s->wide_y, s->work, s->wide_trigger);
    return s->wide_trigger[e * COLEY_LANES] != 0;
}

static double event_value(naive *s, size_t i, double t, const double *y)
{
    widen(s, t, y);
    s->system->event_values(s->system->self, COLEY_LANES, s->wide_t, s->wide_y, s->work, s->wide_value);
    return s->wide_value[i * COLEY_LANES];
}

static void drop_waiting(naive *s, size_t i)
{
    for (; i + 1 < s->n_waiting; i++) s->waiting[i] = s->waiting[i + 1];
    s->n_waiting--;
}

/* Fired at t: wait. */
static coley_event_fault wait_for(naive *s, size_t e, double t)
{
    const coley_program_event *event = &s->system->event[e];
    const double delay = event_value(s, e, t, s->y);
    if (!(delay >= 0)) return COLEY_EVENT_DELAY;
    if (s->n_waiting == s->most_waiting) return COLEY_EVENT_CROWD;
    size_t room = 0;
    for (size_t i = 0; i < s->n_waiting; i++) /* the first room that nobody has */
        if (s->waiting[i].room == room) room++, i = (size_t)-1;
    for (size_t k = 0; k < event->n; k++)
        s->held[room * s->system->n_targets + k] = event_value(s, 2 * s->system->n_events + event->first + k, t, s->y);
    s->waiting[s->n_waiting++] = (naive_waiting){.due = t + delay, .event = e, .room = room, .serial = s->serial++};
    return COLEY_EVENT_GOOD;
}

/* The waiting that goes first of those due at t; n_waiting when none is. */
static size_t first_due(naive *s, double t)
{
    size_t best = s->n_waiting;
    double highest = 0, draw_best = 0;
    for (size_t i = 0; i < s->n_waiting; i++) {
        const naive_waiting *w = &s->waiting[i];
        if (w->due > t) continue;
        double own = event_value(s, s->system->n_events + w->event, t, s->y);
        const int counts = s->system->event[w->event].has_priority && !isnan(own);
        if (!counts) own = -INFINITY;
        const double draw = coley_event_draw(s->patient, w->serial, counts);
        if (best == s->n_waiting || own > highest || (own == highest && draw <= draw_best))
            best = i, highest = own, draw_best = draw;
    }
    return best;
}

static void happen(naive *s, const naive_waiting *w, double t)
{
    const coley_system *system = s->system;
    const coley_program_event *event = &system->event[w->event];
    memcpy(s->y_inside, s->y, s->n * sizeof *s->y);
    for (size_t k = 0; k < event->n; k++) {
        const double now = event_value(s, 2 * system->n_events + event->first + k, t, s->y_inside);
        const double size = event_value(s, 2 * system->n_events + system->n_targets + event->first + k, t, s->y_inside);
        s->y[system->target[event->first + k]] =
            (event->values_at_trigger ? s->held[w->room * system->n_targets + k] : now) * size;
    }
}

/* Look at all triggers at (t, y) and let those fire that turned true, one after another in the order of the model. */
static coley_event_fault fire(naive *s, double t, size_t *culprit)
{
    for (size_t e = 0; e < s->system->n_events; e++) {
        const int now = trigger_is_true(s, e, t, s->y), before = s->was[e];
        s->was[e] = (unsigned char)now;
        *culprit = e;
        for (size_t i = s->n_waiting; i-- > 0 && !now && before && !s->system->event[e].persistent;)
            if (s->waiting[i].event == e) drop_waiting(s, i);
        const coley_event_fault fault = now && !before ? wait_for(s, e, t) : COLEY_EVENT_GOOD;
        if (fault != COLEY_EVENT_GOOD) return fault;
    }
    return COLEY_EVENT_GOOD;
}

static coley_event_fault settle(naive *s, double t, size_t *culprit)
{
    for (;;) {
        const coley_event_fault fault = fire(s, t, culprit);
        if (fault != COLEY_EVENT_GOOD) return fault;
        const size_t i = first_due(s, t);
        if (i == s->n_waiting) return COLEY_EVENT_GOOD;
        if (t > s->moment + COLEY_EVENTS_MOMENT * s->length) s->moment = t, s->n_at_once = 0;
        *culprit = s->waiting[i].event;
        if (++s->n_at_once > COLEY_EVENTS_AT_ONCE) return COLEY_EVENT_ENDLESS;
        const naive_waiting w = s->waiting[i];
        drop_waiting(s, i);
        happen(s, &w, t);
        for (size_t k = 0; k < s->cohort->n_stop_events && s->stopped < 0; k++)
            if ((size_t)s->cohort->stop_event[k] == w.event) s->stopped = (int32_t)w.event;
    }
}

/* Next time after t at which an event is due or a mark stands. */
static double next_stop(naive *s, double t)
{
    double next = INFINITY;
    for (size_t i = 0; i < s->n_waiting; i++)
        if (s->waiting[i].due > t) next = fmin(next, s->waiting[i].due);
    if (!s->system->n_marks) return next;
    widen(s, t, s->y);
    s->system->marks(s->system->self, COLEY_LANES, s->wide_t, s->wide_y, s->work, s->wide_mark);
    for (size_t i = 0; i < s->system->n_marks; i++)
        if (s->wide_mark[i * COLEY_LANES] > t) next = fmin(next, s->wide_mark[i * COLEY_LANES]);
    return next;
}

/* Whether any trigger that was false is true at `at`, inside the step of h from t or at its end. */
static int has_risen(naive *s, double t, double h, double at, int end)
{
    for (size_t v = 0; v < s->n; v++) s->y_inside[v] = end ? s->y_new[v] : between(s, v, (at - t) / h);
    for (size_t e = 0; e < s->system->n_events; e++)
        if (!s->was[e] && trigger_is_true(s, e, at, s->y_inside)) return 1;
    return 0;
}

/* End of the step of h from t to t_new, or the first moment inside at which a trigger turns true. */
static double find_event(naive *s, double t, double h, double t_new, int *found)
{
    *found = 0;
    if (!s->system->n_events) return t_new;
    const double part = COLEY_EVENTS_POINTS * fmin((t_new - t) / s->length, 1);
    const int n = s->system->watch_inside ? (int)fmax(COLEY_EVENTS_INSIDE, ceil(part)) : 2;
    double low = t, high = t_new;
    for (int i = 1; i <= n && !*found; i++) {
        const double at = i < n ? t + (t_new - t) * i / n : t_new;
        if (has_risen(s, t, h, at, i == n)) {
            *found = 1;
            high = at;
            continue;
        }
        for (size_t e = 0; e < s->system->n_events; e++) {
            const int now = trigger_is_true(s, e, at, s->y_inside);
            for (size_t k = s->n_waiting; k-- > 0 && !now && s->was[e] && !s->system->event[e].persistent;)
                if (s->waiting[k].event == e) drop_waiting(s, k);
            s->was[e] = (unsigned char)now;
        }
        low = at;
    }
    while (*found) {
        const double middle = low + 0.5 * (high - low);
        if (!(middle > low && middle < high) || high - low <= 1e-18 * h) break;
        *(has_risen(s, t, h, middle, 0) ? &high : &low) = middle;
    }
    return high;
}

/* --- doses
 * ------------------------------------------------------------------------------------------------------------------ */

/* All lanes' constants from the inputs, and the states of the start. */
static void start(naive *s, double *y)
{
    for (size_t i = 0; i < s->system->n_inputs * COLEY_LANES; i++) s->inputs[i] = s->one_inputs[i / COLEY_LANES];
    s->system->initial(s->system->self, COLEY_LANES, NULL, s->inputs, s->work, s->wide_y);
    for (size_t v = 0; v < s->n; v++) y[v] = s->wide_y[v * COLEY_LANES];
}

/* The length to try after a step of h that could not be computed. */
static double not_computed(naive *s, coley_step_memory *memory, double h, double least)
{
    const int first = !s->floors;
    s->floors = 1;
    memory->rejected = 1;
    return fmax(0.2 * h, first ? 2 * least : 0);
}

/* From t to t_end with the inflow as it stands, marks apart; false when it cannot be done. */
static int run_stretch(naive *s, const coley_integrator_options *options, double t, double t_end,
                       coley_integration *result)
{
    coley_step_memory memory = {0};
    double h_next = 0;
    while (t < t_end) {
        const double boundary = fmin(t_end, next_stop(s, t)), least = coley_step_least(t, s->length);
        s->t_first = nextafter(t, INFINITY);
        s->t_last = nextafter(boundary, -INFINITY);
        if (!(h_next > 0)) {
            derivative(s, t, s->y, s->rate);
            const double h =
                coley_step_first(size_in_tolerances(s, options, s->y), size_in_tolerances(s, options, s->rate));
            h_next = isfinite(h) ? fmax(h, 2 * least) : 2 * least;
        }
        int reaches;
        const double h = coley_step_towards(t, fmin(h_next, options->h_max_day), boundary, &reaches);
        const double error = step(s, options, t, h) * coley_step_weight(&memory, h, s->length);
        const int computed = error <= DBL_MAX, good = computed && error <= 1;
        h_next = computed ? coley_step_next(s->method, &memory, h, error, -1) : not_computed(s, &memory, h, least);
        result->n_steps += good != 0;
        result->n_rejected += !good;
        if (good) {
            s->floors = s->floored;
            memcpy(s->y, s->y_new, s->n * sizeof *s->y);
            t = reaches ? boundary : t + h;
        } else if (h_next < least) {
            return 0;
        }
        if (result->n_steps + result->n_rejected >= options->max_steps) return 0;
    }
    return 1;
}

/* The stretch at hand of a steady state, from its dose on. */
static int run_steady(naive *s, const coley_integrator_options *options, const coley_steady *steady,
                      coley_integration *result)
{
    const coley_dose *d = steady->dose;
    if (d->interval_day > 0 && !(d->duration_day > 0)) s->y[d->state] += d->amount;
    for (double t = steady->from, until; t < steady->to; t = until) {
        memset(s->inflow, 0, s->n * sizeof *s->inflow);
        s->inflow[d->state] = coley_steady_inflow(steady, t, &until);
        if (!run_stretch(s, options, t, until, result)) return 0;
    }
    return 1;
}

/* The system in the steady state of dose d at t. False, with `result` filled in, when it does not get there. */
static int find_steady(naive *s, const coley_integrator_options *options, const coley_dose *d, double t,
                       coley_integration *result)
{
    coley_steady steady = {.dose = d, .t = t};
    memcpy(s->kept, s->y, s->n * sizeof *s->y);
    start(s, s->y);
    for (int settled = 0; !settled;) {
        coley_steady_stretch(&steady, COLEY_STEADY_INTERVAL, s->length);
        memcpy(s->before, s->y, s->n * sizeof *s->y);
        if (!run_steady(s, options, &steady, result)) return 0;
        double most = 0;
        for (size_t v = 0; v < s->n; v++) {
            const double atol = options->atol_state ? options->atol_state[v] : options->atol;
            const double change = fabs(s->y[v] - s->before[v]) / (atol + options->rtol * fabs(s->y[v]));
            if (change > most) most = change, result->state = (int32_t)v;
        }
        settled = coley_steady_judge(&steady, most);
        if (settled < 0) {
            result->unsteady = 1;
            return 0;
        }
    }
    result->state = -1;
    if (d->phase_day > 0) {
        coley_steady_stretch(&steady, COLEY_STEADY_PHASE, s->length);
        if (!run_steady(s, options, &steady, result)) return 0;
    }
    if (d->kind == COLEY_DOSE_STEADY_ADDED) {
        start(s, s->before);
        for (size_t v = 0; v < s->n; v++) s->y[v] = s->kept[v] + (s->y[v] == s->before[v] ? 0 : s->y[v]);
    }
    return 1;
}

/* Samples up to t at the state as it stands, as far as they come before the next dose. */
static void give_samples(naive *s, const coley_cohort *cohort, double t)
{
    for (; s->next_sample < s->times.n && s->times.day[s->next_sample] <= t; s->next_sample++) {
        if (s->times.after && s->times.after[s->next_sample] > s->next_dose) return;
        give_sample(s, cohort, s->next_sample, s->y);
    }
}

/* What is due at t. False when a steady state is not found. */
static int give_dose(naive *s, const coley_integrator_options *options, const coley_dose *d, double t, int *jumped,
                     coley_integration *result)
{
    *jumped |= d->kind != COLEY_DOSE_ADD || !(d->duration_day > 0);
    s->dosed |= d->kind == COLEY_DOSE_ADD;
    switch (d->kind) {
    case COLEY_DOSE_ADD:
        if (!(d->duration_day > 0)) s->y[d->state] += d->amount;
        break;
    case COLEY_DOSE_REPLACE:
        s->y[d->state] = d->amount;
        break;
    case COLEY_DOSE_INPUT:
        s->one_inputs[d->state] = d->amount;
        start(s, s->before);
        break;
    case COLEY_DOSE_RESET:
    case COLEY_DOSE_STEADY:
        s->first_live = s->next_dose + 1;
        s->n_waiting = 0;
        for (size_t e = 0; e < s->system->n_events; e++) s->was[e] = s->system->event[e].initially_true != 0;
        start(s, s->y);
        return d->kind == COLEY_DOSE_RESET || find_steady(s, options, d, t, result);
    case COLEY_DOSE_STEADY_ADDED:
        return find_steady(s, options, d, t, result);
    }
    return 1;
}

/* Give the doses due at t, set the inflow of those still running; the next time that something changes, or NaN when a
 * steady state is not found. */
static double arrive(naive *s, const coley_cohort *cohort, const coley_integrator_options *options, double t,
                     int *jumped, coley_integration *result)
{
    double boundary = s->t_end;
    *jumped = s->dosed = 0;
    for (; s->next_dose < s->n_doses && s->dose[s->next_dose].t_day <= t; s->next_dose++) {
        if (s->times.after) give_samples(s, cohort, t);
        if (!give_dose(s, options, s->dose + s->next_dose, t, jumped, result)) return NAN;
    }
    if (s->times.after) give_samples(s, cohort, t);
    if (s->next_dose < s->n_doses) boundary = fmin(boundary, s->dose[s->next_dose].t_day);
    memset(s->inflow, 0, s->n * sizeof *s->inflow);
    for (size_t i = s->first_live; i < s->next_dose; i++) {
        const coley_dose *d = s->dose + i;
        const double end = d->t_day + d->duration_day;
        if (end <= t || d->kind != COLEY_DOSE_ADD) continue;
        s->inflow[d->state] += d->amount / d->duration_day;
        boundary = fmin(boundary, end);
    }
    return boundary;
}

/* The caller's start of the patient; false when it is none. */
static int depart(naive *s, const coley_cohort *cohort, double *t, coley_integration *result)
{
    if (!cohort->start) return 1;
    coley_leg leg = {.t_start_day = *t, .t_end_day = s->t_end, .state = s->y};
    cohort->start(cohort->self, s->patient, &leg);
    *t = result->t_day = leg.t_start_day;
    s->t_end = leg.t_end_day;
    if (!coley_leg_is_good(cohort, &leg, s->n, &result->state)) return 0;
    for (; s->next_dose < s->n_doses && s->dose[s->next_dose].t_day < *t; s->next_dose++) {
        const coley_dose *d = s->dose + s->next_dose;
        if (d->kind == COLEY_DOSE_INPUT) s->one_inputs[d->state] = d->amount;
        if (d->kind == COLEY_DOSE_RESET || d->kind == COLEY_DOSE_STEADY) s->first_live = s->next_dose + 1;
    }
    start(s, s->before);
    while (s->next_sample < s->times.n && s->times.day[s->next_sample] < *t) s->next_sample++;
    for (size_t e = 0; e < s->system->n_events && leg.goes_on; e++)
        s->was[e] = (unsigned char)trigger_is_true(s, e, *t, s->y);
    return 1;
}

/* The states of the leg's end, to whoever asked for them; what still waits then is a fault. */
static coley_event_fault hand_over(const naive *s, double t, size_t *culprit)
{
    if (!s->cohort->end) return COLEY_EVENT_GOOD;
    *culprit = s->n_waiting ? s->waiting[0].event : 0;
    if (s->n_waiting) return COLEY_EVENT_LEFT;
    s->cohort->end(s->cohort->self, s->patient, t, s->y, 1);
    return COLEY_EVENT_GOOD;
}

static coley_integration patient_run(naive *s, const coley_cohort *cohort, const coley_integrator_options *options,
                                     size_t patient)
{
    s->dose = NULL;
    s->n_doses = cohort->doses ? cohort->doses(cohort->self, patient, &s->dose) : 0;
    s->times = (coley_sample_times){.n = cohort->n_samples, .day = cohort->sample_day};
    if (cohort->samples) cohort->samples(cohort->self, patient, &s->times);
    coley_integration result = {.t_day = cohort->t_start_day, .state = -1, .event = -1};
    result.status = coley_doses_check(s->system, cohort, patient, s->dose, s->n_doses, NULL);
    if (result.status == COLEY_OK && cohort->samples)
        result.status = coley_times_check(cohort, patient, &s->times, NULL);
    if (result.status != COLEY_OK) return result;

    double t = cohort->t_start_day;
    size_t culprit = 0;
    s->next_dose = s->first_live = s->next_sample = 0;
    s->n_waiting = s->n_at_once = 0;
    s->floors = 0;
    s->serial = 0;
    s->patient = patient;
    s->moment = -INFINITY;
    s->length = cohort->t_end_day - t;
    s->t_end = cohort->t_end_day;
    s->stopped = -1;
    for (size_t e = 0; e < s->system->n_events; e++) s->was[e] = s->system->event[e].initially_true != 0;
    if (!depart(s, cohort, &t, &result)) {
        result.status = COLEY_ERR_ARG;
        return result;
    }
    const double t_end = s->t_end;
    result.fault = settle(s, t, &culprit);
    if (!result.fault) give_samples(s, cohort, t);
    if (!result.fault && s->stopped < 0 && t >= t_end) result.fault = hand_over(s, t, &culprit);
    coley_step_memory memory = {0};
    int jumped, restart = -1;
    double boundary = t, h_next = 0;
    if (s->stopped < 0) boundary = arrive(s, cohort, options, t, &jumped, &result);
    if (isnan(boundary)) {
        result.status = COLEY_ERR_DIVERGED;
        return result;
    }
    memory.settling = s->stopped < 0 && s->dosed;
    if (!result.fault && s->stopped < 0 && t < t_end) result.fault = settle(s, t, &culprit);
    boundary = fmin(boundary, next_stop(s, t));
    while (t < t_end && !result.fault && s->stopped < 0) {
        const double least = coley_step_least(t, s->length);
        s->t_first = nextafter(t, INFINITY);
        s->t_last = nextafter(boundary, -INFINITY);
        if (!(h_next > 0)) {
            derivative(s, t, s->y, s->rate);
            const double h =
                coley_step_first(size_in_tolerances(s, options, s->y), size_in_tolerances(s, options, s->rate));
            h_next = isfinite(h) ? fmax(h, 2 * least) : 2 * least;
        }
        int reaches, stands = 0;
        const double h = coley_step_towards(t, fmin(h_next, options->h_max_day), boundary, &reaches);
        const double error = step(s, options, t, h) * coley_step_weight(&memory, h, s->length);
        const int computed = error <= DBL_MAX, good = computed && error <= 1, whole = h == h_next;
        h_next = computed ? coley_step_next(s->method, &memory, h, error, whole ? restart : -1)
                          : not_computed(s, &memory, h, least);
        result.n_steps += good != 0;
        result.n_rejected += !good;
        if (good) {
            s->floors = s->floored;
            const double t_full = reaches ? boundary : t + h, t_new = find_event(s, t, h, t_full, &stands);
            stands |= reaches;
            for (; s->next_sample < s->times.n && s->times.day[s->next_sample] <= t_new; s->next_sample++) {
                const double at = s->times.day[s->next_sample];
                if (stands && at == t_new) break;
                for (size_t v = 0; v < s->n; v++) s->rate[v] = at == t_full ? s->y_new[v] : between(s, v, (at - t) / h);
                give_sample(s, cohort, s->next_sample, s->rate);
            }
            for (size_t v = 0; v < s->n; v++)
                s->rate[v] = t_new == t_full ? s->y_new[v] : between(s, v, (t_new - t) / h);
            memcpy(s->y, s->rate, s->n * sizeof *s->y);
            t = result.t_day = t_new;
            restart = -1;
            if (stands) {
                result.fault = settle(s, t, &culprit);
                if (!result.fault) give_samples(s, cohort, t);
            }
            if (stands && t >= t_end && !result.fault && s->stopped < 0) result.fault = hand_over(s, t, &culprit);
            if (stands && !result.fault && s->stopped < 0) {
                boundary = arrive(s, cohort, options, t, &jumped, &result);
                if (isnan(boundary)) {
                    result.status = COLEY_ERR_DIVERGED;
                    break;
                }
            }
            if (stands && t < t_end && s->stopped < 0) {
                if (!result.fault) result.fault = settle(s, t, &culprit);
                boundary = fmin(boundary, next_stop(s, t));
                memory.h_accepted = 0;
                memory.rejected = 0;
                memory.settling |= s->dosed;
                restart = jumped ? 0 : 1;
                h_next = memory.h_restart[restart];
            }
        }
        if (t < t_end && s->stopped < 0 &&
            ((!good && h_next < least) || result.n_steps + result.n_rejected >= options->max_steps)) {
            result.status = COLEY_ERR_DIVERGED;
            s->floors = 0;
            derivative(s, t, s->y, s->rate);
            double most = -1;
            for (size_t v = 0; v < s->n; v++) {
                const double atol = options->atol_state ? options->atol_state[v] : options->atol;
                const double blame = !isfinite(s->y[v]) || !isfinite(s->rate[v])
                                         ? INFINITY
                                         : fabs(s->error[v]) / (atol + options->rtol * fabs(s->y[v]));
                if (blame > most) most = blame, result.state = (int32_t)v;
            }
            if (result.state < 0) result.state = 0;
            break;
        }
    }
    if (s->stopped >= 0 && !result.fault) {
        result.fault = hand_over(s, t, &culprit);
        result.stopped = !result.fault;
        result.event = s->stopped;
    }
    if (result.fault) {
        result.status = COLEY_ERR_DIVERGED;
        result.event = (int32_t)culprit;
    }
    return result;
}

static int naive_init(naive *s, coley_arena *arena, const coley_system *system)
{
    const size_t n = system->n, w = COLEY_LANES, n_values = (size_t)system->row_start[n];
    const struct {
        double **vector;
        size_t length;
    } need[] = {{&s->y, n},
                {&s->y_new, n},
                {&s->rate, n},
                {&s->inflow, n},
                {&s->dfdt, n},
                {&s->error, n},
                {&s->inside, n},
                {&s->before, n},
                {&s->kept, n},
                {&s->matrix, n * n},
                {&s->b, n * n},
                {&s->u, COLEY_STAGES_MAX * n},
                {&s->wide_t, w},
                {&s->wide_y, n * w},
                {&s->wide_f, n * w},
                {&s->wide_jacobian, n_values * w},
                {&s->wide_dfdt, n * w},
                {&s->wide_observed, system->n_observed * w},
                {&s->inputs, system->n_inputs * w},
                {&s->one_inputs, system->n_inputs},
                {&s->wide_trigger, system->n_events * w},
                {&s->wide_value, 2 * (system->n_events + system->n_targets) * w},
                {&s->wide_mark, system->n_marks * w},
                {&s->y_inside, n},
                {&s->held, (system->n_events + COLEY_EVENTS_WAITING) * system->n_targets}};
    for (size_t i = 0; i < sizeof need / sizeof *need; i++)
        if (!(*need[i].vector = COLEY_NEW(arena, double, need[i].length))) return 0;
    s->work = coley_arena_alloc(arena, system->work_size ? system->work_size(system->self, w) : 0);
    s->most_waiting = system->n_events + COLEY_EVENTS_WAITING;
    s->waiting = COLEY_NEW(arena, naive_waiting, s->most_waiting);
    s->was = COLEY_NEW(arena, unsigned char, system->n_events);
    s->system = system;
    s->n = n;
    return s->work && s->waiting && s->was;
}

coley_status coley_integrate_naive(coley_arena *arena, const coley_system *system, const coley_cohort *cohort,
                                   const coley_integrator_options *options, coley_error *err)
{
    COLEY_TRY(coley_run_check(system, cohort, options, err));
    naive s = {.cohort = cohort, .options = options, .method = coley_rosenbrock_of(options->method)};
    if (!naive_init(&s, arena, system)) return COLEY_FAIL_MEMORY(err);
    coley_status status = COLEY_OK;
    for (size_t patient = 0; patient < cohort->n; patient++) {
        cohort->inputs(cohort->self, patient, s.one_inputs);
        start(&s, s.y);
        const coley_integration result = patient_run(&s, cohort, options, patient);
        if (cohort->finish) cohort->finish(cohort->self, patient, &result);
        if (status == COLEY_OK && result.status != COLEY_OK)
            status = coley_run_failed(system, cohort, patient, &result, err);
    }
    return status;
}
