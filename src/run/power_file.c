/* SPDX-License-Identifier: GPL-3.0-or-later */
/* power_file.c -- a design read from YAML, its bounds by alpha spending, its trials simulated, its power told. */
#include "run/power_file.h"

#include <math.h>
#include <stdio.h>

#include "base/table.h"
#include "base/yaml.h"
#include "math/power.h"
#include "math/sequential.h"

/* ---- the file ---------------------------------------------------------------------------------------------------- */

typedef struct piece {
    double from, value;
} piece;

typedef struct arm {
    int64_t weight;
    double median, dropout, cured;
    coley_field_list hazard; /* of piece */
} arm;

typedef struct look {
    int64_t events;
    double time;
} look;

typedef struct design {
    int64_t people, blocks;
    arm control, treatment;
    coley_field_list effect, accrual, looks; /* of piece, piece, look */
    double alpha, beta, delay, tau;
    int spending, futility, test;
} design;

enum { LOGRANK, LATE, MODEST, COMBO, MEANS };
static const char *const test_names[] = {"log-rank", "late", "modest", "max-combo", "restricted-mean", NULL};
enum { OBRIEN_FLEMING, POCOCK };
static const char *const spending_names[] = {"obrien-fleming", "pocock", NULL};
enum { NO_FUTILITY = 2 };
static const char *const futility_names[] = {"obrien-fleming", "pocock", "none", NULL};

#define ROW(name_, kind_, low_, high_, preset_, type_, member_, doc_, ...)                                             \
    {                                                                                                                  \
        .name = name_, .kind = COLEY_FIELD_##kind_, .low = low_, .high = high_, .preset = preset_,                     \
        .offset = offsetof(type_, member_), .doc = doc_, __VA_ARGS__                                                   \
    }

static const coley_field hazard_fields[] = {
    ROW("from", NUMBER, 0, 1e4, "0", piece, from, "Time since entry from which it holds."),
    ROW("rate", NUMBER, 0, 1e4, NULL, piece, value, "Events per person and unit of time."),
    {0},
};
static const coley_field ratio_fields[] = {
    ROW("from", NUMBER, 0, 1e4, "0", piece, from, "Time since entry from which it holds."),
    ROW("ratio", NUMBER, 0, 100, NULL, piece, value, "Hazard of the treatment over that of the control."),
    {0},
};
static const coley_field accrual_fields[] = {
    ROW("from", NUMBER, 0, 1e4, "0", piece, from, "Calendar time from which it holds."),
    ROW("rate", NUMBER, 0, 1e6, NULL, piece, value, "People who enter per unit of time."),
    {0},
};
static const coley_field look_fields[] = {
    ROW("events", INTEGER, 0, 10000000, "0", look, events, "The look comes with this event; 0: by time alone."),
    ROW("time", NUMBER, 0, 1e5, "0", look, time, "Not before this calendar time."),
    {0},
};
static const coley_field control_fields[] = {
    ROW("weight", INTEGER, 1, 20, "1", arm, weight, "Places of this arm in an allocation block."),
    ROW("median", NUMBER, 1e-6, 1e5, "", arm, median, "Median time to the event, in place of `hazard`."),
    ROW("hazard", LIST, 0, 50, "", arm, hazard, "Piecewise constant hazard.", .fields = hazard_fields,
        .size = sizeof(piece)),
    ROW("dropout", NUMBER, 0, 100, "0", arm, dropout, "Hazard of being lost."),
    ROW("cured", NUMBER, 0, 0.99, "0", arm, cured, "Share that never has the event."),
    {0},
};
static const coley_field treatment_fields[] = {
    ROW("weight", INTEGER, 1, 20, "1", arm, weight, "Places of this arm in an allocation block."),
    ROW("dropout", NUMBER, 0, 100, "0", arm, dropout, "Hazard of being lost."),
    ROW("cured", NUMBER, 0, 0.99, "0", arm, cured, "Share that never has the event."),
    {0},
};

const coley_field coley_power_fields[] = {
    ROW("people", INTEGER, 2, 1000000, NULL, design, people, "People in both arms together."),
    ROW("blocks", INTEGER, 1, 100, "1", design, blocks, "An allocation block is the sum of the weights times this."),
    ROW("control", SECTION, 0, 0, NULL, design, control, "The arm that is compared with.", .fields = control_fields,
        .size = sizeof(arm)),
    ROW("treatment", SECTION, 0, 0, "", design, treatment, "The other arm; its hazard is the control's times `effect`.",
        .fields = treatment_fields, .size = sizeof(arm)),
    ROW("effect", LIST, 1, 50, NULL, design, effect,
        "Hazard ratios, each from a time on: 1 first for a delayed effect.", .fields = ratio_fields,
        .size = sizeof(piece)),
    ROW("accrual", LIST, 1, 100, NULL, design, accrual, "Rates of accrual; the last goes on until all have entered.",
        .fields = accrual_fields, .size = sizeof(piece)),
    ROW("looks", LIST, 1, COLEY_POWER_LOOKS, NULL, design, looks, "Analyses, the last of them the final one.",
        .fields = look_fields, .size = sizeof(look)),
    ROW("alpha", NUMBER, 1e-6, 0.5, "0.025", design, alpha, "One-sided type I error over all looks."),
    ROW("spending", CHOICE, 0, 0, "obrien-fleming", design, spending, "How alpha is spent over looks.",
        .choices = spending_names),
    ROW("futility", CHOICE, 0, 0, "none", design, futility,
        "How `beta` is spent on giving up early looks; not binding: alpha holds whether or not one does.",
        .choices = futility_names),
    ROW("beta", NUMBER, 0.001, 0.5, "0.1", design, beta,
        "Chance to miss the effect that the bounds of giving up spend."),
    ROW("test", CHOICE, 0, 0, "log-rank", design, test,
        "`log-rank`; `late`, FH(0,1); `modest`, Magirr and Burman's weights with `delay`; `max-combo`, the largest of "
        "four; `restricted-mean`, the difference of means up to `tau`.",
        .choices = test_names),
    ROW("delay", NUMBER, 0, 1e4, "0", design, delay, "Of the modest weights."),
    ROW("tau", NUMBER, 0, 1e4, "0", design, tau, "Of the restricted mean."),
    {0},
};

/* ---- from the file to the design --------------------------------------------------------------------------------- */

typedef struct ready {
    coley_power_design d;
    coley_power_look look[COLEY_POWER_LOOKS];
    coley_weight weight;
} ready;

static coley_status rates(coley_arena *arena, const coley_field_list *list, const coley_rate **out, size_t *n,
                          coley_error *err)
{
    coley_rate *const rate = COLEY_NEW(arena, coley_rate, list->n);
    if (!rate) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < list->n; i++)
        rate[i] = (coley_rate){((const piece *)list->item)[i].from, ((const piece *)list->item)[i].value};
    *out = rate;
    *n = list->n;
    return COLEY_OK;
}

static coley_status check_rising(const char *what, const coley_rate *r, size_t n, coley_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (i ? !(r[i].from > r[i - 1].from) : r[i].from != 0.0)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = what}),
                                 "piece %zu begins at %g; the first begins at 0 and each later than the one before",
                                 i + 1, r[i].from);
    return COLEY_OK;
}

/* The control's hazard times the ratio: a piece wherever either changes. */
static coley_status treated(coley_arena *arena, const coley_rate *hazard, size_t n, const coley_rate *ratio, size_t m,
                            coley_power_arm *out, coley_error *err)
{
    coley_rate *const both = COLEY_NEW(arena, coley_rate, n + m);
    size_t i = 0, k = 0, at = 0;
    if (!both) return COLEY_FAIL_MEMORY(err);
    for (;;) {
        both[at++] = (coley_rate){fmax(hazard[i].from, ratio[k].from), hazard[i].rate * ratio[k].rate};
        const double next_i = i + 1 < n ? hazard[i + 1].from : INFINITY;
        const double next_k = k + 1 < m ? ratio[k + 1].from : INFINITY;
        if (isinf(next_i) && isinf(next_k)) break;
        i += next_i <= next_k;
        k += next_k <= next_i;
    }
    out->hazard = both;
    out->n_hazard = at;
    return COLEY_OK;
}

static coley_status set_arm(coley_arena *arena, const arm *from, coley_power_arm *to, coley_error *err)
{
    to->weight = (size_t)from->weight;
    to->cured = from->cured;
    if (from->dropout == 0.0) return COLEY_OK;
    coley_rate *const lost = COLEY_NEW(arena, coley_rate, 1);
    if (!lost) return COLEY_FAIL_MEMORY(err);
    *lost = (coley_rate){0.0, from->dropout};
    to->dropout = lost;
    to->n_dropout = 1;
    return COLEY_OK;
}

static coley_status set_arms(coley_arena *arena, const design *in, int no_effect, coley_power_design *d,
                             coley_error *err)
{
    const coley_rate *ratio;
    size_t m;
    coley_power_arm *const control = &d->arm[0];
    if (isfinite(in->control.median) == (in->control.hazard.n > 0))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "control"}),
                             "give either `median` or `hazard`, and not both");
    COLEY_TRY(rates(arena, &in->control.hazard, &control->hazard, &control->n_hazard, err));
    if (!control->n_hazard) {
        coley_rate *const one = COLEY_NEW(arena, coley_rate, 1);
        if (!one) return COLEY_FAIL_MEMORY(err);
        *one = (coley_rate){0.0, M_LN2 / in->control.median};
        control->hazard = one;
        control->n_hazard = 1;
    }
    COLEY_TRY(check_rising("control.hazard", control->hazard, control->n_hazard, err));
    COLEY_TRY(rates(arena, &in->effect, &ratio, &m, err));
    COLEY_TRY(check_rising("effect", ratio, m, err));
    static const coley_rate none = {0.0, 1.0};
    COLEY_TRY(treated(arena, control->hazard, control->n_hazard, no_effect ? &none : ratio, no_effect ? 1 : m,
                      &d->arm[1], err));
    COLEY_TRY(set_arm(arena, &in->control, control, err));
    COLEY_TRY(set_arm(arena, &in->treatment, &d->arm[1], err));
    if (no_effect) d->arm[1].cured = control->cured;
    return COLEY_OK;
}

/* Bounds by the share of events; the largest of four at several looks is held to the alpha that each look may spend. */
static coley_status set_looks(const design *in, ready *r, coley_error *err)
{
    const size_t n = in->looks.n;
    double share[COLEY_POWER_LOOKS], bound[COLEY_POWER_LOOKS];
    const coley_spending spending = {in->spending == POCOCK ? COLEY_SPENDING_POCOCK : COLEY_SPENDING_OBRIEN_FLEMING, 0};
    const look *const from = in->looks.item;
    for (size_t l = 0; l < n; l++) {
        if (n > 1 && !from[l].events)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "looks"}),
                                 "look %zu has no `events`; with several looks each needs them, to know its share of "
                                 "the information",
                                 l + 1);
        if (!from[l].events && !(from[l].time > 0.0))
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "looks"}),
                                 "look %zu: give `events` or a `time` above 0", l + 1);
        if (l && from[l].events <= from[l - 1].events)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "looks"}),
                                 "look %zu has %lld events, no more than the one before", l + 1,
                                 (long long)from[l].events);
        share[l] = n > 1 ? (double)from[l].events / (double)from[n - 1].events : 1.0;
    }
    COLEY_TRY(coley_bounds(spending, in->alpha, share, n, bound, err));
    r->weight = in->test == LATE ? (coley_weight){COLEY_WEIGHT_FH, 0, 1, 0, 0}
                                 : (coley_weight){COLEY_WEIGHT_MODEST, 0, 0, in->delay, 0};
    for (size_t l = 0; l < n; l++) {
        coley_power_look *const to = &r->look[l];
        *to = (coley_power_look){.events = (size_t)from[l].events, .time = from[l].time, .bound = bound[l]};
        if (in->test == LATE || in->test == MODEST) to->n_weights = 1, to->weight = &r->weight;
        if (in->test == MEANS) to->tau = in->tau;
        if (in->test != COMBO) continue;
        to->n_weights = 4;
        to->weight = coley_maxcombo_usual;
        to->alpha = coley_spending_at(spending, in->alpha, share[l]) -
                    (l ? coley_spending_at(spending, in->alpha, share[l - 1]) : 0.0);
    }
    if (in->futility != NO_FUTILITY && n > 1) {
        const coley_spending lost = {in->futility == POCOCK ? COLEY_SPENDING_POCOCK : COLEY_SPENDING_OBRIEN_FLEMING, 0};
        double give_up[COLEY_POWER_LOOKS], drift;
        COLEY_TRY(coley_futility(lost, in->beta, share, n, bound, give_up, &drift, err));
        for (size_t l = 0; l + 1 < n; l++) r->look[l].may_stop = 1, r->look[l].futility = give_up[l];
    }
    if (in->test == MEANS && !(in->tau > 0.0))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "tau"}),
                             "the restricted mean needs a `tau` above 0");
    return COLEY_OK;
}

static coley_status make_ready(coley_arena *arena, const coley_power_request *request, const design *in, ready *r,
                               coley_error *err)
{
    r->d = (coley_power_design){.n = (size_t)in->people,
                                .blocks = (size_t)in->blocks,
                                .n_looks = in->looks.n,
                                .look = r->look,
                                .seed = request->seed,
                                .n_trials = (size_t)request->n_trials,
                                .n_threads = request->n_threads};
    COLEY_TRY(set_arms(arena, in, request->no_effect, &r->d, err));
    COLEY_TRY(rates(arena, &in->accrual, &r->d.accrual, &r->d.n_accrual, err));
    COLEY_TRY(check_rising("accrual", r->d.accrual, r->d.n_accrual, err));
    return set_looks(in, r, err);
}

/* ---- what comes out ---------------------------------------------------------------------------------------------- */

static void print_text(coley_arena *arena, const coley_power_request *q, const design *in, const ready *r, size_t n,
                       const coley_power *p, coley_text *text)
{
    const int stops = r->look[0].may_stop;
    const char *const heading[] = {"look",   "bound z", "won by then",      "events",
                                   "people", "time",    "given up below z", "given up by then"};
    coley_table t = coley_table_begin(arena, heading, stops ? 8 : 6);
    coley_text_addf(text, "%s: %s, %zu people, %zu simulated trials, seed %llu\n\n", q->file, test_names[in->test], n,
                    p->n_trials, (unsigned long long)q->seed);
    for (size_t l = 0; l < p->n_looks; l++) {
        coley_table_add(&t, "%zu", l + 1);
        if (r->look[l].alpha > 0.0)
            coley_table_add(&t, "P %.2g", r->look[l].alpha);
        else
            coley_table_add(&t, "%.3f", r->look[l].bound);
        coley_table_add(&t, "%.4f", p->look[l].won);
        coley_table_add(&t, "%.1f", p->look[l].events);
        coley_table_add(&t, "%.1f", p->look[l].people);
        coley_table_add(&t, "%.2f", p->look[l].time);
        if (!stops) continue;
        if (r->look[l].may_stop)
            coley_table_add(&t, "%.3f", r->look[l].futility);
        else
            coley_table_add(&t, "-");
        coley_table_add(&t, "%.4f", p->look[l].stopped);
    }
    coley_table_draw(&t, text);
    coley_text_addf(text, "\n%s %.4f, 95 %% of simulations %.4f to %.4f\n", q->no_effect ? "type I error" : "power",
                    p->power, p->interval.low, p->interval.high);
    coley_text_addf(text, "when it ends: %.1f events, time %.2f\n", p->events, p->time);
    if (q->target > 0.0)
        coley_text_addf(text, "%zu people are the least that have a power of %g in these simulations\n", n, q->target);
}

static void print_json(const coley_power_request *q, const design *in, const ready *r, size_t n, const coley_power *p,
                       coley_text *text)
{
    coley_emit e = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "file", q->file);
    coley_emit_text(&e, "test", test_names[in->test]);
    coley_emit_integer(&e, "people", (int64_t)n);
    coley_emit_integer(&e, "trials", (int64_t)p->n_trials);
    coley_emit_integer(&e, "seed", (int64_t)q->seed);
    coley_emit_flag(&e, "no_effect", q->no_effect);
    coley_emit_number(&e, "power", p->power);
    coley_emit_number(&e, "power_low", p->interval.low);
    coley_emit_number(&e, "power_high", p->interval.high);
    coley_emit_number(&e, "events", p->events);
    coley_emit_number(&e, "time", p->time);
    coley_emit_list(&e, "looks");
    for (size_t l = 0; l < p->n_looks; l++) {
        coley_emit_map(&e, NULL);
        coley_emit_number(&e, r->look[l].alpha > 0.0 ? "p" : "z",
                          r->look[l].alpha > 0.0 ? r->look[l].alpha : r->look[l].bound);
        coley_emit_number(&e, "won", p->look[l].won);
        if (r->look[l].may_stop) coley_emit_number(&e, "futility_z", r->look[l].futility);
        if (r->look[0].may_stop) coley_emit_number(&e, "stopped", p->look[l].stopped);
        coley_emit_number(&e, "events", p->look[l].events);
        coley_emit_number(&e, "people", p->look[l].people);
        coley_emit_number(&e, "time", p->look[l].time);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_end(&e);
}

/* Chances to win at the end, having seen z at a look, as if the last analysis were the only one left. Under the
 * design's own effect where that is one ratio all along: the mean of Z at the end is ln(1/ratio) sqrt(events p (1 -
 * p)), p the share of people in an arm (Schoenfeld 1981). */
static coley_status chances(const coley_power_request *q, const design *in, const ready *r, coley_text *text,
                            coley_error *err)
{
    const size_t n = r->d.n_looks, k = (size_t)q->look;
    if (k >= n || in->test == COMBO)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "looks"}),
                             in->test == COMBO
                                 ? "the largest of several tests has no conditional power here; take another test"
                                 : "--look %zu is not one of the %zu looks before the last",
                             k, n - 1);
    const double t = (double)r->look[k - 1].events / (double)r->look[n - 1].events, bound = r->look[n - 1].bound;
    const double p = (double)r->d.arm[1].weight / (double)(r->d.arm[0].weight + r->d.arm[1].weight);
    const double ratio = in->effect.n == 1 ? ((const piece *)in->effect.item)->value : NAN;
    const double drift = ratio > 0.0 ? -log(ratio) * sqrt((double)r->look[n - 1].events * p * (1.0 - p)) : NAN;
    const double now[] = {coley_conditional_power(q->z, t, bound, drift), coley_conditional_power(q->z, t, bound, 0.0),
                          coley_conditional_power_trend(q->z, t, bound), coley_predictive_power(q->z, t, bound)};
    static const char *const keys[] = {"design", "no_effect", "trend", "predictive"};
    static const char *const words[] = {"if the design's effect is true", "if there is no effect",
                                        "if it goes on as it went", "whatever the effect is (flat prior)"};
    const char *decision = q->z >= r->look[k - 1].bound                                ? "won"
                           : r->look[k - 1].may_stop && q->z < r->look[k - 1].futility ? "given up"
                                                                                       : "goes on";
    if (q->json) {
        coley_emit e = {.out = text, .style = COLEY_EMIT_JSON};
        coley_emit_map(&e, NULL);
        coley_emit_integer(&e, "look", q->look);
        coley_emit_number(&e, "information", t);
        coley_emit_number(&e, "z", q->z);
        coley_emit_number(&e, "bound", r->look[k - 1].bound);
        if (r->look[k - 1].may_stop) coley_emit_number(&e, "futility_z", r->look[k - 1].futility);
        coley_emit_number(&e, "last_bound", bound);
        coley_emit_text(&e, "decision", decision);
        coley_emit_map(&e, "conditional_power");
        for (int i = 0; i < 4; i++) coley_emit_number(&e, keys[i], now[i]);
        coley_emit_end(&e);
        coley_emit_end(&e);
        return COLEY_OK;
    }
    coley_text_addf(text, "look %zu, z %.3f at %.3g of the information: %s (bound %.3f", k, q->z, t, decision,
                    r->look[k - 1].bound);
    if (r->look[k - 1].may_stop) coley_text_addf(text, ", given up below %.3f", r->look[k - 1].futility);
    coley_text_addf(text, ")\nchance to reach the last bound, %.3f, at the end:\n", bound);
    for (int i = 0; i < 4; i++)
        if (isfinite(now[i])) coley_text_addf(text, "  %-36s %.4f\n", words[i], now[i]);
    return COLEY_OK;
}

static coley_status run(coley_arena *arena, const coley_power_request *request, const coley_yaml *root,
                        coley_text *text, coley_error *err)
{
    design in = {0};
    ready r = {0};
    coley_power power;
    COLEY_TRY(coley_fields_read(arena, coley_power_fields, root, &in, err));
    size_t n = (size_t)in.people;
    coley_status status = make_ready(arena, request, &in, &r, err);
    if (status == COLEY_OK && request->look > 0)
        status = chances(request, &in, &r, text, err);
    else if (status == COLEY_OK)
        status = request->target > 0.0 ? coley_power_size(&r.d, request->target, (size_t)request->most, &n, &power, err)
                                       : coley_power_simulate(&r.d, &power, err);
    if (status != COLEY_OK) {
        if (err && !err->file[0]) snprintf(err->file, sizeof err->file, "%s", request->file);
        return status;
    }
    if (request->look > 0) return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
    if (request->json)
        print_json(request, &in, &r, n, &power, text);
    else
        print_text(arena, request, &in, &r, n, &power, text);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

coley_status coley_power_run_bytes(coley_arena *arena, const coley_power_request *request, const char *bytes,
                                   size_t length, coley_text *text, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_parse(arena, request->file, bytes, length, &root, err));
    return run(arena, request, root, text, err);
}

coley_status coley_power_run(coley_arena *arena, const coley_power_request *request, coley_text *text, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_load(arena, request->file, &root, err));
    return run(arena, request, root, text, err);
}
