/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sbml_event.c -- events of an SBML document into the network's. */
#include "model/sbml_math.h"

#ifdef COLEY_HAVE_SBML

#include <string.h>

typedef coley_sbml_reader reader;

#define LINE(element) ((int)SBase_getLine((const SBase_t *)(element)))

/* *formula is NULL when it is left out and may be. */
static coley_status optional_formula(reader *r, const coley_sbml_owner *owner, const ASTNode_t *math,
                                     const coley_expr **formula)
{
    *formula = NULL;
    return math || !r->math_optional ? coley_sbml_formula(r, owner, math, formula) : COLEY_OK;
}

static coley_status read_assignments(reader *r, Event_t *from, coley_model_event *to)
{
    const unsigned n = Event_getNumEventAssignments(from);
    to->assignment = COLEY_NEW(r->arena, coley_assignment, n);
    if (!to->assignment) return COLEY_FAIL_MEMORY(r->err);
    for (unsigned i = 0; i < n; i++) {
        const EventAssignment_t *a = Event_getEventAssignment(from, i);
        const char *id = EventAssignment_getVariable(a);
        const int32_t symbol = id ? coley_network_symbol(r->network, id) : -1;
        if (symbol < 0)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT,
                                 ((coley_place){.file = r->file, .line = LINE(a), .key = to->id}),
                                 "sets \"%.100s\", which the model does not have", id ? id : "");
        const coley_sbml_owner owner = {.key = to->id, .line = LINE(a)};
        const coley_expr *value;
        COLEY_TRY(optional_formula(r, &owner, EventAssignment_getMath(a), &value));
        if (value) to->assignment[to->n_assignments++] = (coley_assignment){.symbol = symbol, .value = value};
    }
    return COLEY_OK;
}

static coley_status read_event(reader *r, Event_t *from, unsigned number, coley_model_event *to)
{
    const char *id = Event_getId(from);
    const int level3 = r->level >= 3;
    *to = (coley_model_event){.file = r->file,
                              .line = LINE(from),
                              .id = id && *id ? coley_arena_text(r->arena, id, strlen(id))
                                              : coley_arena_printf(r->arena, "event number %u", number + 1),
                              .persistent = 1,
                              .initially_true = 1,
                              .values_at_trigger = Event_getUseValuesFromTriggerTime(from)};
    if (!to->id) return COLEY_FAIL_MEMORY(r->err);
    const coley_sbml_owner owner = {.key = to->id, .line = to->line};
    const Trigger_t *trigger = Event_getTrigger(from);
    const Delay_t *delay = Event_getDelay(from);
    const Priority_t *priority = Event_getPriority(from);
    if (!trigger) return COLEY_OK;
    if (level3) {
        to->persistent = Trigger_getPersistent(trigger);
        to->initially_true = Trigger_getInitialValue(trigger);
    }
    COLEY_TRY(optional_formula(r, &owner, Trigger_getMath(trigger), &to->trigger));
    if (delay) COLEY_TRY(optional_formula(r, &owner, Delay_getMath(delay), &to->delay));
    if (priority) COLEY_TRY(optional_formula(r, &owner, Priority_getMath(priority), &to->priority));
    return read_assignments(r, from, to);
}

coley_status coley_sbml_events(coley_sbml_reader *r)
{
    const unsigned n = Model_getNumEvents(r->model);
    coley_network *net = r->network;
    net->event = COLEY_NEW(r->arena, coley_model_event, n);
    if (!net->event) return COLEY_FAIL_MEMORY(r->err);
    net->cap_events = n;
    for (unsigned i = 0; i < n; i++) {
        COLEY_TRY(read_event(r, Model_getEvent(r->model, i), i, &net->event[net->n_events]));
        net->n_events += net->event[net->n_events].trigger != NULL; /* without a trigger it never fires */
    }
    return COLEY_OK;
}

#endif
