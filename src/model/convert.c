/* SPDX-License-Identifier: GPL-3.0-or-later */
/* convert.c -- names and units that every language takes. */
#include "model/convert.h"

#include <ctype.h>
#include <string.h>

typedef struct namer {
    coley_arena *arena;
    size_t n_slots;
    const char **slot; /* names that are taken: open addressing, a power of two */
    int failed;
} namer;

static const char *const reserved[] = {
    "model",       "module",   "end",     "function",     "species",  "compartment",
    "const",       "var",      "formula", "reaction",     "event",    "substanceOnly",
    "in",          "is",       "has",     "at",           "after",    "import",
    "delete",      "unit",     "DNA",     "gene",         "operator", "maximize",
    "minimize",    "time",     "pi",      "exponentiale", "avogadro", "true",
    "false",       "infinity", "inf",     "INF",          "nan",      "NaN",
    "notanumber",  "exp",      "ln",      "log",          "log10",    "sqrt",
    "abs",         "floor",    "ceil",    "ceiling",      "sin",      "cos",
    "tan",         "asin",     "acos",    "atan",         "sinh",     "cosh",
    "tanh",        "min",      "max",     "pow",          "power",    "root",
    "piecewise",   "and",      "or",      "not",          "xor",      "delay",
    "rateOf",      "normal",   "uniform", "lognormal",    "gamma",    "factorial",
    "sqr",         "gt",       "lt",      "eq",           "neq",      "geq",
    "leq",         "plus",     "times",   "minus",        "divide",   "sec",
    "csc",         "cot",      "rem",     "quotient",     "implies",  "constraint",
    "created",     "modified", "notes",   "priority",     "t0",       "persistent",
    "fromTrigger",
};

static size_t place_of(const namer *n, const char *name)
{
    uint64_t h = 1469598103934665603u;
    for (const char *p = name; *p; p++) h = (h ^ (unsigned char)*p) * 1099511628211u;
    size_t at = h & (n->n_slots - 1);
    while (n->slot[at] && strcmp(n->slot[at], name) != 0) at = (at + 1) & (n->n_slots - 1);
    return at;
}

/* `wanted` with foreign characters replaced, and a number behind it while it is taken; taken from now on. */
static const char *take_name(namer *n, const char *wanted)
{
    coley_text text = {.arena = n->arena};
    if (!isalpha((unsigned char)*wanted) && *wanted != '_') coley_text_add(&text, "_", 1);
    for (const char *p = wanted; *p; p++) {
        if (*p == '.')
            coley_text_add(&text, "__", 2);
        else
            coley_text_add(&text, isalnum((unsigned char)*p) && (unsigned char)*p < 128 ? p : "_", 1);
    }
    if (text.failed || !text.data) {
        n->failed = 1;
        return "";
    }
    const char *name = text.data;
    for (int i = 2; n->slot[place_of(n, name)]; i++)
        if (!(name = coley_arena_printf(n->arena, "%s_%d", text.data, i))) {
            n->failed = 1;
            return "";
        }
    n->slot[place_of(n, name)] = name;
    return name;
}

/* "mmol/mL" as a name: mmol_per_mL. */
static const char *unit_name(coley_arena *arena, const char *unit)
{
    coley_text text = {.arena = arena};
    if (!isalpha((unsigned char)*unit) && *unit != '_') coley_text_add(&text, "u_", 2);
    for (const char *p = unit; *p; p++) {
        if (*p == '/')
            coley_text_add(&text, "_per_", 5);
        else if (*p != '(' && *p != ')')
            coley_text_add(&text, isalnum((unsigned char)*p) && (unsigned char)*p < 128 ? p : "_", 1);
    }
    return text.failed ? NULL : text.data ? text.data : "";
}

/* Can SBML's base units say it? */
static int can_be_said(const coley_unit *u)
{
    return !u->power[COLEY_DIMENSION_BODY] && !u->power[COLEY_DIMENSION_BASE] && !u->power[COLEY_DIMENSION_ACTIVITY] &&
           !u->power[COLEY_DIMENSION_VIRUS] && !u->power[COLEY_DIMENSION_TEMPERATURE] &&
           !u->power[COLEY_DIMENSION_LIMIT];
}

/* Every unit that is used, as a definition; one that cannot be written is dropped from its symbol. */
static int define_units(coley_arena *arena, const coley_network *from, coley_network *plain)
{
    plain->n_units = plain->cap_units = 0;
    plain->unit = NULL;
    for (size_t i = 0; i < plain->n_symbols; i++) {
        coley_symbol *s = &plain->symbol[i];
        coley_unit unit;
        if (!s->unit) continue;
        if (!coley_network_unit(from, s->unit, &unit) || !can_be_said(&unit)) {
            s->unit = NULL;
            continue;
        }
        if (!(s->unit = unit_name(arena, s->unit))) return 0;
        size_t at = 0;
        while (at < plain->n_units && strcmp(plain->unit[at].id, s->unit) != 0) at++;
        if (at < plain->n_units) continue;
        if (!COLEY_RESERVE(arena, plain->unit, plain->cap_units, plain->n_units + 1)) return 0;
        plain->unit[plain->n_units++] = (coley_unit_definition){.id = s->unit, .unit = unit, .understood = 1};
    }
    return 1;
}

static int copy_lists(coley_arena *arena, const coley_network *from, coley_network *plain)
{
    plain->symbol = COLEY_NEW(arena, coley_symbol, from->n_symbols);
    plain->reaction = COLEY_NEW(arena, coley_reaction, from->n_reactions);
    plain->event = COLEY_NEW(arena, coley_model_event, from->n_events);
    if (!plain->symbol || !plain->reaction || !plain->event) return 0;
    if (from->n_symbols) memcpy(plain->symbol, from->symbol, from->n_symbols * sizeof *plain->symbol);
    if (from->n_reactions) memcpy(plain->reaction, from->reaction, from->n_reactions * sizeof *plain->reaction);
    if (from->n_events) memcpy(plain->event, from->event, from->n_events * sizeof *plain->event);
    return 1;
}

static coley_status check_sizes(const coley_network *net, coley_error *err)
{
    double most = 0;
    const char *key = "";
    for (size_t i = 0; i < net->n_symbols; i++) {
        const coley_expr *both[2] = {net->symbol[i].initial, net->symbol[i].rule};
        for (int k = 0; k < 2; k++)
            if (both[k] && both[k]->size > most) {
                most = both[k]->size;
                key = net->symbol[i].id;
            }
    }
    for (size_t i = 0; i < net->n_reactions; i++)
        if (net->reaction[i].rate->size > most) {
            most = net->reaction[i].rate->size;
            key = net->reaction[i].id;
        }
    if (most <= COLEY_CONVERT_MAX_TERMS) return COLEY_OK;
    return COLEY_FAIL_AT(err, COLEY_ERR_UNSUPPORTED, ((coley_place){.key = key}),
                         "a formula of %.0f terms when its functions are written out; at most %d can be written", most,
                         COLEY_CONVERT_MAX_TERMS);
}

coley_status coley_convert_names(coley_arena *arena, const coley_network *from, coley_network *plain,
                                 unsigned char **hidden, unsigned char **target, coley_error *err)
{
    COLEY_TRY(check_sizes(from, err));
    namer n = {.arena = arena, .n_slots = 512};
    const size_t n_reserved = sizeof reserved / sizeof *reserved;
    while (n.n_slots < 3 * (from->n_symbols + from->n_reactions + from->n_events + n_reserved)) n.n_slots *= 2;
    n.slot = COLEY_NEW(arena, const char *, n.n_slots);
    *plain = *from;
    *hidden = COLEY_NEW(arena, unsigned char, from->n_symbols);
    *target = COLEY_NEW(arena, unsigned char, from->n_symbols);
    if (!n.slot || !*hidden || !*target || !copy_lists(arena, from, plain) || !define_units(arena, from, plain))
        return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_reserved; i++) n.slot[place_of(&n, reserved[i])] = reserved[i];
    for (size_t i = 0; i < from->n_reactions; i++) {
        const int32_t symbol = coley_network_symbol(from, from->reaction[i].id);
        plain->reaction[i].id = take_name(&n, from->reaction[i].id);
        if (symbol < 0 || from->symbol[symbol].rule != from->reaction[i].rate) continue;
        (*hidden)[symbol] = 1;
        plain->symbol[symbol].id = plain->reaction[i].id;
    }
    for (size_t i = 0; i < from->n_symbols; i++) {
        coley_symbol *s = &plain->symbol[i];
        if ((*hidden)[i]) continue;
        s->id = take_name(&n, from->symbol[i].id);
        if (!s->name && strcmp(s->id, from->symbol[i].id) != 0) s->name = from->symbol[i].id;
    }
    for (size_t i = 0; i < from->n_events; i++) {
        plain->event[i].id = take_name(&n, from->event[i].id);
        for (size_t k = 0; k < from->event[i].n_assignments; k++) (*target)[from->event[i].assignment[k].symbol] = 1;
    }
    plain->id = take_name(&n, from->id && *from->id ? from->id : "model_");
    return n.failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
