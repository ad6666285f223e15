/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.c -- symbols by name, and the checks that a program relies on. */
#include "model/network.h"

#include <string.h>

coley_network *coley_network_create(coley_arena *arena, const char *id)
{
    coley_network *network = COLEY_NEW(arena, coley_network, 1);
    if (!network) return NULL;
    network->arena = arena;
    network->id = coley_arena_text(arena, id, strlen(id));
    network->pool = coley_expr_pool_create(arena);
    return network->id && network->pool ? network : NULL;
}

static uint64_t name_hash(const char *name)
{
    uint64_t h = 1469598103934665603u;
    for (; *name; name++) h = (h ^ (unsigned char)*name) * 1099511628211u;
    return h;
}

/* Place of a name in the open-addressed index: where it stands, or where it would. */
static size_t index_place(const coley_network *network, const char *id)
{
    size_t at = name_hash(id) & (network->n_slots - 1);
    while (network->slot[at] && strcmp(network->symbol[network->slot[at] - 1].id, id) != 0)
        at = (at + 1) & (network->n_slots - 1);
    return at;
}

int32_t coley_network_symbol(const coley_network *network, const char *id)
{
    if (!network->n_slots) return -1;
    return network->slot[index_place(network, id)] - 1;
}

static int widen_index(coley_network *network)
{
    if (2 * (network->n_symbols + 1) <= network->n_slots) return 1;
    const size_t n_slots = network->n_slots ? 2 * network->n_slots : 256;
    int32_t *slot = COLEY_NEW(network->arena, int32_t, n_slots);
    if (!slot) return 0;
    network->slot = slot;
    network->n_slots = n_slots;
    for (size_t i = 0; i < network->n_symbols; i++) slot[index_place(network, network->symbol[i].id)] = (int32_t)i + 1;
    return 1;
}

int32_t coley_network_symbol_add(coley_network *network, const char *id, coley_symbol_kind kind)
{
    if (network->n_symbols >= INT32_MAX - 1 || !widen_index(network)) return -1;
    if (!COLEY_RESERVE(network->arena, network->symbol, network->cap_symbols, network->n_symbols + 1)) return -1;
    char *copy = coley_arena_text(network->arena, id, strlen(id));
    if (!copy) return -1;
    const int32_t at = (int32_t)network->n_symbols++;
    network->symbol[at] = (coley_symbol){.id = copy, .kind = kind, .compartment = -1};
    network->slot[index_place(network, copy)] = at + 1;
    return at;
}

int coley_network_unit(const coley_network *network, const char *name, coley_unit *unit)
{
    for (size_t i = 0; i < network->n_units; i++)
        if (strcmp(network->unit[i].id, name) == 0) {
            *unit = network->unit[i].unit;
            return network->unit[i].understood;
        }
    coley_error ignored;
    return coley_unit_parse(name, unit, &ignored) == COLEY_OK;
}

static coley_place place_of(const coley_symbol *s)
{
    return (coley_place){.file = s->file, .line = s->line, .key = s->id};
}

typedef enum visit { VISIT_NEW, VISIT_OPEN, VISIT_DONE } visit;

/* What a symbol's value at all times hangs on: its rule, and for a species the size of its compartment. */
static coley_status push_needs(const coley_network *network, coley_expr_walk *walk, int32_t symbol, coley_error *err)
{
    coley_expr_walk_clear(walk);
    if (network->symbol[symbol].rule_kind != COLEY_RULE_ASSIGNMENT) return COLEY_OK;
    return coley_expr_walk_add(walk, network->symbol[symbol].rule) ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

typedef struct frame {
    int32_t symbol;
    size_t n, next;
    int32_t *need;
} frame;

/* Depth-first over assignment rules with a stack of our own; a symbol met while it is open closes a loop. */
static coley_status check_loops(const coley_network *network, coley_arena *scratch, coley_error *err)
{
    const size_t n = network->n_symbols;
    unsigned char *state = COLEY_NEW(scratch, unsigned char, n);
    frame *stack = COLEY_NEW(scratch, frame, n + 1);
    coley_expr_walk walk = {.arena = scratch};
    if (!state || !stack) return COLEY_FAIL_MEMORY(err);
    for (size_t root = 0; root < n; root++) {
        if (state[root] != VISIT_NEW) continue;
        size_t depth = 0;
        stack[depth++] = (frame){.symbol = (int32_t)root};
        while (depth) {
            frame *f = &stack[depth - 1];
            if (state[f->symbol] == VISIT_NEW) {
                state[f->symbol] = VISIT_OPEN;
                COLEY_TRY(push_needs(network, &walk, f->symbol, err));
                f->need = COLEY_NEW(scratch, int32_t, walk.n);
                if (!f->need) return COLEY_FAIL_MEMORY(err);
                for (size_t i = 0; i < walk.n; i++)
                    if (walk.node[i]->op == COLEY_OP_SYMBOL) f->need[f->n++] = walk.node[i]->symbol;
            }
            if (f->next == f->n) {
                state[f->symbol] = VISIT_DONE;
                depth--;
                continue;
            }
            const int32_t need = f->need[f->next++];
            if (state[need] == VISIT_OPEN)
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_of(&network->symbol[need]),
                                     "its assignment rule depends on itself through \"%s\"; break the loop",
                                     network->symbol[f->symbol].id);
            if (state[need] == VISIT_NEW) stack[depth++] = (frame){.symbol = need};
        }
    }
    return COLEY_OK;
}

static coley_status check_changes(const coley_network *network, coley_error *err)
{
    for (size_t r = 0; r < network->n_reactions; r++) {
        const coley_reaction *reaction = &network->reaction[r];
        for (size_t i = 0; i < reaction->n_reactants + reaction->n_products; i++) {
            const coley_term *term =
                i < reaction->n_reactants ? &reaction->reactant[i] : &reaction->product[i - reaction->n_reactants];
            const coley_symbol *s = &network->symbol[term->species];
            if (s->boundary || s->rule_kind == COLEY_RULE_NONE) continue;
            return COLEY_FAIL_AT(
                err, COLEY_ERR_INPUT,
                ((coley_place){.file = reaction->file, .line = reaction->line, .key = reaction->id}),
                "changes \"%s\", which a rule already sets; make the species a boundary ($%s) or drop the "
                "rule",
                s->id, s->id);
        }
    }
    return COLEY_OK;
}

static coley_status check_events(const coley_network *network, coley_error *err)
{
    for (size_t e = 0; e < network->n_events; e++) {
        const coley_model_event *event = &network->event[e];
        const coley_place place = {.file = event->file, .line = event->line, .key = event->id};
        for (size_t i = 0; i < event->n_assignments; i++) {
            const coley_symbol *s = &network->symbol[event->assignment[i].symbol];
            if (s->rule_kind == COLEY_RULE_ASSIGNMENT)
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                                     "sets \"%s\", which an assignment rule sets at all times; drop one of the two",
                                     s->id);
            if (s->constant)
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "sets \"%s\", which is declared constant", s->id);
            for (size_t j = 0; j < i; j++)
                if (event->assignment[j].symbol == event->assignment[i].symbol)
                    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "sets \"%s\" twice", s->id);
        }
    }
    return COLEY_OK;
}

/* A concentration in a compartment without room has no value. */
static coley_status check_sizes(const coley_network *network, coley_error *err)
{
    for (size_t i = 0; i < network->n_symbols; i++) {
        const coley_symbol *s = &network->symbol[i];
        if (s->kind != COLEY_SPECIES || s->substance_only || s->compartment < 0 ||
            s->rule_kind == COLEY_RULE_ASSIGNMENT)
            continue;
        const coley_symbol *home = &network->symbol[s->compartment];
        if (home->rule_kind == COLEY_RULE_ASSIGNMENT || !home->initial || home->initial->op != COLEY_OP_NUMBER ||
            home->initial->number > 0)
            continue;
        return COLEY_FAIL_AT(
            err, COLEY_ERR_INPUT, place_of(home),
            "has the size %g, but \"%s\" in it is a concentration: give a size above 0, or the species "
            "only substance units",
            home->initial->number, s->id);
    }
    return COLEY_OK;
}

coley_status coley_network_check(const coley_network *network, coley_error *err)
{
    for (size_t i = 0; i < network->n_symbols; i++) {
        const coley_symbol *s = &network->symbol[i];
        if (s->rule_kind == COLEY_RULE_ASSIGNMENT || s->initial) continue;
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_of(s), "has no value: give it a number (%s = ...) or a rule",
                             s->id);
    }
    COLEY_TRY(check_sizes(network, err));
    COLEY_TRY(check_changes(network, err));
    COLEY_TRY(check_events(network, err));
    coley_arena *scratch = coley_arena_create();
    if (!scratch) return COLEY_FAIL_MEMORY(err);
    const coley_status status = check_loops(network, scratch, err);
    coley_arena_destroy(scratch);
    return status;
}
