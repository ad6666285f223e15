/* SPDX-License-Identifier: GPL-3.0-or-later */
/* events.c -- see events.h. The system's functions run over whole columns; what they give a lane is used by that lane
 * alone, and no lane does more or less because of another, so that neighbours never change a patient's bits. */
#include "solve/events.h"

#include "base/rng.h"

#include <assert.h>
#include <math.h>
#include <string.h>

int coley_events_init(coley_events *events, coley_arena *arena, const coley_system *system, size_t width)
{
    *events = (coley_events){.system = system, .width = width};
    if (!system->n_events && !system->n_marks) return 1;
    for (size_t e = 0; e < system->n_events; e++)
        if (system->event[e].n > events->room_size) events->room_size = system->event[e].n;
    events->n_rooms = system->n_events + COLEY_EVENTS_WAITING;
    const size_t n_values = 2 * (system->n_events + system->n_targets);
    const struct {
        double **column;
        size_t n;
    } need[] = {{&events->trigger, system->n_events},
                {&events->value, n_values},
                {&events->mark, system->n_marks},
                {&events->next_mark, 1},
                {&events->t_inside, 1},
                {&events->y_inside, system->n},
                {&events->t_before, 1},
                {&events->t_cut, 1}};
    for (size_t i = 0; i < sizeof need / sizeof *need; i++)
        if (!(*need[i].column = COLEY_NEW(arena, double, need[i].n *width))) return 0;
    events->was = COLEY_NEW(arena, unsigned char, system->n_events *width);
    events->rose = COLEY_NEW(arena, unsigned char, system->n_events *width);
    events->stops = COLEY_NEW(arena, unsigned char, system->n_events);
    events->standing = COLEY_NEW(arena, unsigned char, width);
    events->found = COLEY_NEW(arena, unsigned char, width);
    events->n_points = COLEY_NEW(arena, int32_t, width);
    events->lane = COLEY_NEW(arena, coley_event_lane, width);
    if (!events->was || !events->rose || !events->stops || !events->standing || !events->found || !events->n_points ||
        !events->lane)
        return 0;
    for (size_t l = 0; l < width && system->n_events; l++) {
        coley_event_lane *lane = events->lane + l;
        lane->waiting = COLEY_NEW(arena, coley_event_waiting, events->n_rooms);
        lane->held = COLEY_NEW(arena, double, events->n_rooms * events->room_size);
        if (!lane->waiting || !lane->held) return 0;
    }
    return 1;
}

void coley_events_begin(coley_events *events, size_t l, size_t patient)
{
    const size_t n = events->system->n_events;
    coley_event_lane *lane = events->lane + l;
    lane->n_waiting = 0;
    lane->patient = patient;
    lane->serial = 0;
    lane->moment = -INFINITY;
    lane->n_at_once = 0;
    lane->fault = COLEY_EVENT_GOOD;
    lane->fault_event = -1;
    lane->stopped = -1;
    for (size_t i = 0; i < events->n_rooms && n; i++) lane->waiting[i].room = (uint32_t)i;
    for (size_t e = 0; e < n; e++) events->was[e * events->width + l] = events->system->event[e].initially_true != 0;
}

void coley_events_resume(coley_events *events, const unsigned char *mask, const double *t, const double *y, void *work)
{
    const coley_system *system = events->system;
    const size_t width = events->width;
    if (!system->n_events) return;
    system->triggers(system->self, width, t, y, work, events->trigger);
    for (size_t l = 0; l < width; l++)
        for (size_t e = 0; e < system->n_events && mask[l]; e++)
            events->was[e * width + l] = events->trigger[e * width + l] != 0;
}

void coley_events_reset(coley_events *events, size_t l)
{
    const coley_system *system = events->system;
    events->lane[l].n_waiting = 0;
    for (size_t e = 0; e < system->n_events; e++)
        events->was[e * events->width + l] = system->event[e].initially_true != 0;
}

double coley_event_draw(size_t patient, uint64_t serial, int has_priority)
{
    return has_priority ? coley_rng_uniform(0, COLEY_STREAM_EVENT, patient, serial) : (double)(serial + 1);
}

static void fail(coley_events *events, size_t l, coley_event_fault fault, size_t event)
{
    events->lane[l].fault = fault;
    events->lane[l].fault_event = (int32_t)event;
    events->standing[l] = 0;
}

/* Waiting number i is over; its room is free for the next. */
static void forget(coley_event_lane *lane, size_t i)
{
    const coley_event_waiting over = lane->waiting[i];
    lane->waiting[i] = lane->waiting[--lane->n_waiting];
    lane->waiting[lane->n_waiting] = over;
}

/* Take the triggers of lane l as they are now: note what turned true, forget what waits on one that turned false. */
static int look(coley_events *events, size_t l)
{
    int any = 0;
    for (size_t e = 0; e < events->system->n_events; e++) {
        const size_t k = e * events->width + l;
        const int now = events->trigger[k] != 0;
        events->rose[k] = (unsigned char)(now && !events->was[k]);
        any |= events->rose[k];
        if (!now && events->was[k] && !events->system->event[e].persistent) {
            coley_event_lane *lane = events->lane + l;
            for (size_t i = lane->n_waiting; i-- > 0;)
                if (lane->waiting[i].event == e) forget(lane, i);
        }
        events->was[k] = (unsigned char)now;
    }
    return any;
}

/* The event that waits most often. */
static size_t crowd(const coley_event_lane *lane)
{
    size_t most = 0, worst = 0;
    for (size_t i = 0; i < lane->n_waiting; i++) {
        size_t n = 0;
        for (size_t k = 0; k < lane->n_waiting; k++) n += lane->waiting[k].event == lane->waiting[i].event;
        if (n > most) most = n, worst = lane->waiting[i].event;
    }
    return worst;
}

/* Those that rose in lane l wait from now on. */
static void enqueue(coley_events *events, size_t l, double t)
{
    const coley_system *system = events->system;
    coley_event_lane *lane = events->lane + l;
    for (size_t e = 0; e < system->n_events; e++) {
        if (!events->rose[e * events->width + l]) continue;
        const double delay = events->value[e * events->width + l];
        if (!(delay >= 0)) {
            fail(events, l, COLEY_EVENT_DELAY, e);
            return;
        }
        if (lane->n_waiting == events->n_rooms) {
            fail(events, l, COLEY_EVENT_CROWD, crowd(lane));
            return;
        }
        coley_event_waiting *w = &lane->waiting[lane->n_waiting++];
        w->due = t + delay;
        w->event = (uint32_t)e;
        w->serial = lane->serial++;
        const coley_program_event *event = &system->event[e];
        for (size_t i = 0; i < event->n && event->values_at_trigger; i++)
            lane->held[w->room * events->room_size + i] =
                events->value[(2 * system->n_events + event->first + i) * events->width + l];
    }
}

static int is_any_due(const coley_event_lane *lane, double t)
{
    for (size_t i = 0; i < lane->n_waiting; i++)
        if (lane->waiting[i].due <= t) return 1;
    return 0;
}

/* Of those due in lane l the one that goes first; there is one. */
static size_t choose(const coley_events *events, size_t l, double t)
{
    const coley_system *system = events->system;
    const double *priority = events->value + system->n_events * events->width + l;
    const coley_event_lane *lane = events->lane + l;
    size_t best = lane->n_waiting;
    double highest = 0, draw_best = 0;
    for (size_t i = 0; i < lane->n_waiting; i++) {
        const coley_event_waiting *w = &lane->waiting[i];
        if (!(w->due <= t)) continue;
        const int counts = system->event[w->event].has_priority && !isnan(priority[w->event * events->width]);
        const double own = counts ? priority[w->event * events->width] : -INFINITY;
        const double draw = coley_event_draw(lane->patient, w->serial, counts);
        if (best < lane->n_waiting && (own < highest || (own == highest && draw > draw_best))) continue;
        best = i;
        highest = own;
        draw_best = draw;
    }
    assert(best < lane->n_waiting);
    return best;
}

/* Waiting number i of lane l sets its states. */
static void assign(const coley_events *events, size_t l, size_t i, double *y)
{
    const coley_system *system = events->system;
    const size_t width = events->width;
    const coley_event_waiting *w = &events->lane[l].waiting[i];
    const coley_program_event *event = &system->event[w->event];
    const double *value = events->value + (2 * system->n_events + event->first) * width + l;
    const double *held = events->lane[l].held + w->room * events->room_size;
    for (size_t k = 0; k < event->n; k++) {
        const double size = value[(system->n_targets + k) * width];
        y[(size_t)system->target[event->first + k] * width + l] =
            (event->values_at_trigger ? held[k] : value[k * width]) * size;
    }
}

/* One event in every lane where one is due; false when there was none. */
static int let_happen(coley_events *events, double length, const double *t, double *y, void *work, int values_known)
{
    const coley_system *system = events->system;
    const size_t width = events->width;
    int any = 0;
    for (size_t l = 0; l < width; l++) {
        if (events->standing[l]) events->standing[l] = (unsigned char)is_any_due(events->lane + l, t[l]);
        any |= events->standing[l];
    }
    if (!any) return 0;
    if (!values_known) system->event_values(system->self, width, t, y, work, events->value);
    for (size_t l = 0; l < width; l++) {
        if (!events->standing[l]) continue;
        coley_event_lane *lane = events->lane + l;
        const size_t i = choose(events, l, t[l]);
        if (t[l] > lane->moment + COLEY_EVENTS_MOMENT * length) {
            lane->moment = t[l];
            lane->n_at_once = 0;
        }
        if (++lane->n_at_once > COLEY_EVENTS_AT_ONCE) {
            fail(events, l, COLEY_EVENT_ENDLESS, lane->waiting[i].event);
            continue;
        }
        assign(events, l, i, y);
        if (events->stops[lane->waiting[i].event] && lane->stopped < 0) lane->stopped = (int32_t)lane->waiting[i].event;
        forget(lane, i);
    }
    return 1;
}

void coley_events_settle(coley_events *events, const unsigned char *standing, double length, const double *t, double *y,
                         void *work)
{
    const coley_system *system = events->system;
    const size_t width = events->width;
    memcpy(events->standing, standing, width);
    if (system->n_events)
        for (int any = 1; any;) {
            system->triggers(system->self, width, t, y, work, events->trigger);
            int rose = 0;
            for (size_t l = 0; l < width; l++) rose |= events->standing[l] && look(events, l);
            if (rose) system->event_values(system->self, width, t, y, work, events->value);
            for (size_t l = 0; l < width && rose; l++)
                if (events->standing[l]) enqueue(events, l, t[l]);
            any = let_happen(events, length, t, y, work, rose);
        }
    if (!system->n_marks) return;
    system->marks(system->self, width, t, y, work, events->mark);
    for (size_t l = 0; l < width; l++) {
        if (!standing[l]) continue;
        events->next_mark[l] = INFINITY;
        for (size_t i = 0; i < system->n_marks; i++) {
            const double mark = events->mark[i * width + l];
            if (mark > t[l] && mark < events->next_mark[l]) events->next_mark[l] = mark;
        }
    }
}

double coley_events_next(const coley_events *events, size_t l, double t)
{
    const coley_event_lane *lane = events->lane + l;
    double next = events->system->n_marks ? events->next_mark[l] : INFINITY;
    for (size_t i = 0; i < lane->n_waiting; i++)
        if (lane->waiting[i].due > t && lane->waiting[i].due < next) next = lane->waiting[i].due;
    return next;
}

/* --- inside a step
 * --------------------------------------------------------------------------------------------------------- */

/* State v of lane l at fraction x of the step; weights as coley_dense_weights gives them. */
static double dense(const coley_rosenbrock_block *step, size_t v, size_t l, double x, const double *weight)
{
    const size_t k = v * step->width + l, count = step->n * step->width;
    double value = step->y[k] + x * (step->stage[k] - step->y[k]);
    for (int j = 0; j < step->method->n_stages; j++) value += weight[j] * step->u[(size_t)j * count + k];
    return value;
}

/* What triggers look at, in lane l at time `at` of the step from t. */
static void look_at(coley_events *events, const coley_rosenbrock_block *step, size_t l, double t, double at)
{
    const coley_system *system = events->system;
    const double x = (at - t) / step->h[l];
    double weight[COLEY_STAGES_MAX], slope[COLEY_STAGES_MAX];
    events->t_inside[l] = at;
    if (!system->n_watched) return;
    coley_dense_weights(step->method, x, weight, slope);
    for (size_t i = 0; i < system->n_watched; i++) {
        const size_t v = (size_t)system->watched[i];
        events->y_inside[v * events->width + l] = dense(step, v, l, x, weight);
    }
}

static int has_risen(const coley_events *events, size_t l)
{
    for (size_t e = 0; e < events->system->n_events; e++) {
        const size_t k = e * events->width + l;
        if (events->trigger[k] != 0 && !events->was[k]) return 1;
    }
    return 0;
}

/* Halve the time between t_before and t_cut of every lane in `standing` until nothing lies between them. */
static void bisect(coley_events *events, const coley_rosenbrock_block *step, const double *t, void *work)
{
    const coley_system *system = events->system;
    for (int any = 1; any;) {
        any = 0;
        for (size_t l = 0; l < events->width; l++) {
            if (!events->standing[l]) continue;
            const double low = events->t_before[l], high = events->t_cut[l], middle = low + 0.5 * (high - low);
            if (!(middle > low && middle < high) || high - low <= 1e-18 * step->h[l]) {
                events->standing[l] = 0;
                continue;
            }
            look_at(events, step, l, t[l], middle);
            any = 1;
        }
        if (!any) return;
        system->triggers(system->self, events->width, events->t_inside, events->y_inside, work, events->trigger);
        for (size_t l = 0; l < events->width; l++)
            if (events->standing[l])
                *(has_risen(events, l) ? &events->t_cut[l] : &events->t_before[l]) = events->t_inside[l];
    }
}

/* Points at which a step of h is looked at. */
static int32_t points(const coley_system *system, double h, double length)
{
    if (!system->watch_inside) return 2; /* between two marks nothing changes; at them rounding may */
    return (int32_t)fmax(COLEY_EVENTS_INSIDE, ceil(COLEY_EVENTS_POINTS * fmin(h / length, 1)));
}

void coley_events_locate(coley_events *events, const coley_rosenbrock_block *step, const double *accepted,
                         double length, const double *t, const double *t_end, void *work)
{
    const coley_system *system = events->system;
    const size_t width = events->width, count = step->n * width;
    memcpy(events->t_cut, t_end, width * sizeof *t_end);
    memset(events->found, 0, width);
    memcpy(events->t_before, t, width * sizeof *t);
    memcpy(events->t_inside, t, width * sizeof *t);
    if (!system->n_events) return;
    memcpy(events->y_inside, step->y, count * sizeof *step->y);
    int32_t most = 0;
    for (size_t l = 0; l < width; l++) {
        events->standing[l] = accepted[l] != 0; /* nothing found yet */
        events->n_points[l] = points(system, t_end[l] - t[l], length);
        if (accepted[l] != 0 && events->n_points[l] > most) most = events->n_points[l];
    }
    for (int32_t i = 1; i <= most; i++) {
        for (size_t l = 0; l < width; l++) {
            const int32_t n_points = events->n_points[l];
            if (i > n_points) events->standing[l] = 0;
            if (!events->standing[l]) continue;
            if (i < n_points) {
                look_at(events, step, l, t[l], t[l] + (t_end[l] - t[l]) * i / n_points);
            } else {
                events->t_inside[l] = t_end[l];
                for (size_t v = 0; v < system->n_watched; v++) {
                    const size_t k = (size_t)system->watched[v] * width + l;
                    events->y_inside[k] = step->stage[k];
                }
            }
        }
        system->triggers(system->self, width, events->t_inside, events->y_inside, work, events->trigger);
        for (size_t l = 0; l < width; l++) {
            if (!events->standing[l]) continue;
            if (has_risen(events, l)) {
                events->t_cut[l] = events->t_inside[l];
                events->found[l] = 1;
                events->standing[l] = 0;
            } else {
                (void)look(events, l);
                events->t_before[l] = events->t_inside[l];
            }
        }
    }
    memcpy(events->standing, events->found, width);
    bisect(events, step, t, work);
}

void coley_events_cut(const coley_events *events, const coley_rosenbrock_block *step, const double *t,
                      const double *t_end)
{
    for (size_t l = 0; l < events->width; l++) {
        if (!events->found[l] || !(events->t_cut[l] < t_end[l])) continue;
        const double x = (events->t_cut[l] - t[l]) / step->h[l];
        double weight[COLEY_STAGES_MAX], slope[COLEY_STAGES_MAX];
        coley_dense_weights(step->method, x, weight, slope);
        for (size_t v = 0; v < step->n; v++) step->stage[v * step->width + l] = dense(step, v, l, x, weight);
    }
}
