/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.h -- the reaction network in memory: what every model language is read into and every program is made from.
 *
 * Flat arrays; a formula names a symbol by its index. Function calls, submodels and imports are already expanded. A
 * formula that names a species means its concentration (amount / compartment size), unless the species is
 * `substance_only`, as in SBML. */
#ifndef COLEY_MODEL_NETWORK_H
#define COLEY_MODEL_NETWORK_H

#include "base/status.h"
#include "base/units.h"
#include "model/expr.h"

typedef enum coley_symbol_kind {
    COLEY_COMPARTMENT,
    COLEY_SPECIES,
    COLEY_PARAMETER,
} coley_symbol_kind;

typedef enum coley_rule_kind {
    COLEY_RULE_NONE,
    COLEY_RULE_ASSIGNMENT, /* value = rule at all times */
    COLEY_RULE_RATE,       /* d value / d time = rule */
} coley_rule_kind;

/* How a parameter differs between people: what the model file says beside the number. */
typedef enum coley_spread_kind {
    COLEY_SPREAD_NONE,
    COLEY_SPREAD_LOGNORMAL,   /* a median, b standard deviation of the logarithm */
    COLEY_SPREAD_NORMAL,      /* a mean, b standard deviation */
    COLEY_SPREAD_UNIFORM,     /* a low, b high */
    COLEY_SPREAD_LOGUNIFORM,  /* a low, b high */
    COLEY_SPREAD_LOGITNORMAL, /* a median, b standard deviation of the logit; between 0 and 1 */
    COLEY_SPREAD_CHANCE,      /* a low, b high; drawn for every lesion by itself */
} coley_spread_kind;

typedef struct coley_symbol {
    const char *id;     /* flattened name, "L1.T8" for T8 of submodel L1 */
    const char *name;   /* display name, or NULL */
    const char *unit;   /* unit expression as text ("1/day"), or NULL */
    const char *source; /* where the number comes from, or NULL */
    coley_symbol_kind kind;
    int32_t compartment; /* species: its compartment's symbol; else -1 */
    int boundary;        /* species: not changed by reactions */
    int substance_only;  /* species: its name in a formula is its amount */
    int constant;
    coley_rule_kind rule_kind;
    const coley_expr *rule;    /* NULL unless rule_kind */
    const coley_expr *initial; /* initial value at time 0 (species: amount if initial_is_amount, else concentration) */
    int initial_is_amount;
    coley_spread_kind spread;
    double spread_a, spread_b;
    const char *file; /* where it was declared */
    int line;
} coley_symbol;

typedef struct coley_term {
    int32_t species;          /* symbol */
    const coley_expr *amount; /* stoichiometry, usually a number; reactants and products both positive */
} coley_term;

typedef struct coley_reaction {
    const char *id;
    size_t n_reactants, n_products;
    coley_term *reactant, *product;
    const coley_expr *rate; /* amount / time */
    const char *file;
    int line;
} coley_reaction;

typedef struct coley_assignment {
    int32_t symbol;
    const coley_expr *value;
} coley_assignment;

typedef struct coley_model_event {
    const char *id;
    const coley_expr *trigger, *delay, *priority; /* delay and priority may be NULL */
    int persistent, initially_true, values_at_trigger;
    size_t n_assignments;
    coley_assignment *assignment;
    const char *file;
    int line;
} coley_model_event;

/* A unit that the model itself defines: "per_day". */
typedef struct coley_unit_definition {
    const char *id;
    coley_unit unit;
    int understood; /* 0: made of something that Coley has no dimension for */
    const char *file;
    int line;
} coley_unit_definition;

/* Everything is owned by the arena that the network was made in. */
typedef struct coley_network {
    const char *id;
    const char *time_unit; /* NULL: day, as in all of Coley's own models; "" when the model does not say */
    coley_arena *arena;
    coley_expr_pool *pool;
    size_t n_symbols, cap_symbols;
    coley_symbol *symbol;
    size_t n_reactions, cap_reactions;
    coley_reaction *reaction;
    size_t n_events, cap_events;
    coley_model_event *event;
    size_t n_units, cap_units;
    coley_unit_definition *unit;
    size_t n_slots; /* the index of names: a power of two, symbol + 1 in each taken slot */
    int32_t *slot;
} coley_network;

/* An empty network in `arena`, or NULL. */
coley_network *coley_network_create(coley_arena *arena, const char *id);

/* Index of the symbol called `id`, or -1. */
int32_t coley_network_symbol(const coley_network *network, const char *id);

/* A new symbol of that name (copied) with all else empty; its index, or -1 when there is no memory. The name must be
 * new. */
int32_t coley_network_symbol_add(coley_network *network, const char *id, coley_symbol_kind kind);

/* Unit `name` of a symbol: as the model defines it, else as base/units.h reads it; 0 when neither understands it. */
int coley_network_unit(const coley_network *network, const char *name, coley_unit *unit);

/* Check what a program needs: one rule a symbol, no rule on a symbol that a reaction changes, no loop among
 * assignment rules, every symbol with a value, no concentration in a compartment of size 0 or below. Errors name file,
 * line and symbol. */
COLEY_MUST_CHECK coley_status coley_network_check(const coley_network *network, coley_error *err);

#endif
