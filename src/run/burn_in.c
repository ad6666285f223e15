/* SPDX-License-Identifier: GPL-3.0-or-later */
/* burn_in.c -- see burn_in.h. */
#include "run/burn_in.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

/* "NAME=VALUE" or "NAME=VALUE UNIT" into symbol and value. */
static coley_status read_until(coley_arena *arena, const coley_network *network, const char *until,
                               coley_burn_in *burn_in, coley_error *err)
{
    const coley_place place = {.key = "--until"};
    const char *equals = strchr(until, '=');
    if (!equals || equals == until || !equals[1])
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "\"%.200s\" is not NAME=VALUE", until);
    const char *name = coley_arena_text(arena, until, (size_t)(equals - until));
    if (!name) return COLEY_FAIL_MEMORY(err);
    burn_in->symbol = coley_network_symbol(network, name);
    if (burn_in->symbol < 0) {
        const char **names = COLEY_NEW(arena, const char *, network->n_symbols);
        if (!names) return COLEY_FAIL_MEMORY(err);
        for (size_t i = 0; i < network->n_symbols; i++) names[i] = network->symbol[i].id;
        const char *near = coley_text_nearest(name, names, network->n_symbols);
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "the model has no \"%.100s\"%s%.100s%s", name,
                             near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    const char *unit = network->symbol[burn_in->symbol].unit;
    coley_error why = {0};
    if (coley_text_number(equals + 1, &burn_in->value)) return COLEY_OK;
    if (!unit)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "\"%.100s\" is not a number, and %s has no unit", equals + 1,
                             name);
    if (coley_quantity_parse(equals + 1, unit, &burn_in->value, &why) != COLEY_OK)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s: %s", name, why.text);
    return COLEY_OK;
}

coley_status coley_burn_in_make(coley_arena *arena, const coley_model *model, const char *until, double within,
                                coley_burn_in *burn_in, coley_error *err)
{
    const coley_network *from = model->network;
    *burn_in = (coley_burn_in){.within = within};
    COLEY_TRY(read_until(arena, from, until, burn_in, err));
    if (!(within > 0) || !isfinite(within))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--within"}), "is %g: it must be above 0",
                             within);
    coley_network *network = COLEY_NEW(arena, coley_network, 1);
    coley_model_event *event = COLEY_NEW(arena, coley_model_event, from->n_events + 1);
    const coley_expr *symbol = coley_expr_symbol(from->pool, burn_in->symbol);
    const coley_expr *value = coley_expr_number(from->pool, burn_in->value);
    const coley_expr *reached = symbol && value ? coley_expr_binary(from->pool, COLEY_OP_GE, symbol, value) : NULL;
    if (!network || !event || !reached) return COLEY_FAIL_MEMORY(err);
    if (from->n_events) memcpy(event, from->event, from->n_events * sizeof *event);
    event[from->n_events] = (coley_model_event){.id = "diagnosis", .trigger = reached, .persistent = 1};
    *network = *from;
    network->event = event;
    network->n_events = from->n_events + 1;
    COLEY_TRY(coley_program_compile(arena, network, &burn_in->program, err));
    burn_in->system = coley_system_of_program(burn_in->program, NULL, 0);
    burn_in->stop = (int32_t)from->n_events;
    return COLEY_OK;
}

/* --- running -----------------------------------------------------------------------------------------------------
 */

typedef struct growth {
    const double *inputs;
    size_t n_inputs;
    coley_baselines *baselines;
    coley_progress *progress;
} growth;

static void give_inputs(void *self, size_t person, double *inputs)
{
    const growth *g = self;
    if (g->n_inputs) memcpy(inputs, g->inputs + person * g->n_inputs, g->n_inputs * sizeof *inputs);
}

static void keep_states(void *self, size_t person, double t_day, const double *state, size_t stride)
{
    const coley_baselines *b = ((growth *)self)->baselines;
    (void)t_day;
    for (size_t v = 0; v < b->n_states; v++) b->state[person * b->n_states + v] = state[v * stride];
}

static void keep_result(void *self, size_t person, const coley_integration *result)
{
    const growth *g = self;
    g->baselines->result[person] = *result;
    coley_progress_add(g->progress, 1);
}

coley_status coley_burn_in_run(coley_arena *arena, const coley_burn_in *burn_in, size_t n, const double *inputs,
                               const coley_integrator_options *options, coley_progress *progress,
                               coley_baselines *baselines, coley_error *err)
{
    *baselines = (coley_baselines){.n = n, .n_states = burn_in->system.n};
    baselines->outcome = COLEY_NEW(arena, coley_burn_in_outcome, n);
    baselines->result = COLEY_NEW(arena, coley_integration, n);
    baselines->state = COLEY_NEW(arena, double, n * burn_in->system.n);
    if (!baselines->outcome || !baselines->result || !baselines->state) return COLEY_FAIL_MEMORY(err);
    growth g = {.inputs = inputs, .n_inputs = burn_in->system.n_inputs, .baselines = baselines, .progress = progress};
    const coley_cohort cohort = {.self = &g,
                                 .n = n,
                                 .t_end_day = burn_in->within,
                                 .inputs = give_inputs,
                                 .finish = keep_result,
                                 .end = keep_states,
                                 .n_stop_events = 1,
                                 .stop_event = &burn_in->stop};
    coley_error why = {0};
    const coley_status status = coley_integrate_in(arena, &burn_in->system, &cohort, options, &why);
    int own = status == COLEY_OK; /* a person's failure is in the person's result; whatever else is the run's */
    for (size_t i = 0; i < n; i++) {
        const coley_integration *r = &baselines->result[i];
        own |= r->status == status;
        baselines->n_steps += r->n_steps + r->n_rejected;
        baselines->outcome[i] = r->status != COLEY_OK ? COLEY_BURN_IN_LOST
                                : r->stopped          ? COLEY_BURN_IN_REACHED
                                                      : COLEY_BURN_IN_NEVER;
        baselines->n_lost += baselines->outcome[i] == COLEY_BURN_IN_LOST;
        baselines->n_never += baselines->outcome[i] == COLEY_BURN_IN_NEVER;
    }
    if (own) return COLEY_OK;
    if (err) *err = why;
    return status;
}

void coley_burn_in_reason(const coley_burn_in *burn_in, const coley_network *network, const coley_baselines *baselines,
                          size_t person, char *text, size_t size)
{
    const coley_integration *r = &baselines->result[person];
    const char *id = network->symbol[burn_in->symbol].id;
    char why[300];
    if (baselines->outcome[person] == COLEY_BURN_IN_NEVER) {
        snprintf(text, size, "never diagnosed: %.100s has not reached %g by time %g of growth", id, burn_in->value,
                 burn_in->within);
    } else if (r->fault != COLEY_EVENT_GOOD) {
        coley_event_fault_text(&burn_in->system, r, why, sizeof why);
        snprintf(text, size, "before the diagnosis: %s", why);
    } else {
        snprintf(text, size, "the solution is lost before the diagnosis, at time %g of growth (%zu steps)", r->t_day,
                 r->n_steps);
    }
}

void coley_baseline_depart(const coley_baselines *baselines, size_t person, coley_leg *leg)
{
    memcpy(leg->state, baselines->state + person * baselines->n_states, baselines->n_states * sizeof *leg->state);
    leg->goes_on = 1;
}
