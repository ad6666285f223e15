/* SPDX-License-Identifier: GPL-3.0-or-later */
/* algebraic.c -- algebraic rules 0 = g that are linear in a variable which nothing else sets: then the rule is the
 * assignment x = -g(x = 0) / (dg/dx). Each rule is given one variable by matching (augmenting paths); what cannot be
 * matched or is not linear is refused. */
#include "model/algebraic.h"

#include "model/diff.h"

enum { MAX_ALGEBRAIC = 1000 };

typedef struct reader {
    coley_arena *arena;
    coley_network *network;
    const coley_algebraic *algebraic;
    size_t n_algebraic;
    coley_error *err;
} reader;

/* One variable that rule `rule` could give a value. */
typedef struct candidate {
    size_t rule;
    int32_t symbol;
    const coley_expr *value;
    unsigned char rank; /* 0 has no value of its own, 1 has one, 2 is a boundary species: taken in this order */
    unsigned char tried;
} candidate;

enum { RANKS = 3 };

typedef struct matching {
    size_t n, cap;
    candidate *candidate;
    int32_t *rule_of; /* by symbol: which rule sets it, or -1 */
} matching;

/* Whether anything but an algebraic rule gives the symbol its value. */
static int is_free(const coley_network *network, const unsigned char *changed, int32_t symbol)
{
    const coley_symbol *s = &network->symbol[symbol];
    return s->rule_kind == COLEY_RULE_NONE && !s->constant && !changed[symbol];
}

/* e with `leaf` replaced by 0, node by node; `walk` holds what is below e. */
static const coley_expr *without(reader *r, const coley_expr_walk *walk, const coley_expr *leaf, const coley_expr *e)
{
    coley_expr_pool *pool = r->network->pool;
    const coley_expr **made = COLEY_NEW(r->arena, const coley_expr *, coley_expr_count(pool));
    for (size_t i = 0; made && i < walk->n; i++) {
        const coley_expr *x = walk->node[i], *a = x->arg[0] ? made[x->arg[0]->id] : NULL;
        const coley_expr *b = x->arg[1] ? made[x->arg[1]->id] : NULL, *c = x->arg[2] ? made[x->arg[2]->id] : NULL;
        const coley_expr *now = x == leaf ? coley_expr_number(pool, 0.0)
                                : !a      ? x
                                : c       ? coley_expr_select(pool, a, b, c)
                                : b       ? coley_expr_binary(pool, x->op, a, b)
                                          : coley_expr_unary(pool, x->op, a);
        if (!now) return NULL;
        made[x->id] = now;
    }
    return made ? made[e->id] : NULL;
}

/* Whether `x` stands below something that is flat between jumps, of which the slope says nothing; false when there is
 * no memory. */
static int jumps(reader *r, const coley_expr_walk *walk, const coley_expr *x, int *any)
{
    unsigned char *holds = COLEY_NEW(r->arena, unsigned char, coley_expr_count(r->network->pool));
    for (size_t i = 0; holds && i < walk->n; i++) {
        const coley_expr *e = walk->node[i];
        holds[e->id] = e == x;
        for (int k = 0; k < 3 && e->arg[k]; k++) holds[e->id] |= holds[e->arg[k]->id];
        const int flat =
            e->op == COLEY_OP_FLOOR || e->op == COLEY_OP_CEIL || (e->op >= COLEY_OP_LT && e->op != COLEY_OP_SELECT);
        *any |= flat && holds[e->id];
    }
    return holds != NULL;
}

/* The value that g gives `symbol`, NULL when g is not linear in it; *good is 0 when there is no memory. */
static const coley_expr *solved_for(reader *r, coley_diff *diff, const coley_expr_walk *walk, const coley_expr *g,
                                    int32_t symbol, int *good)
{
    coley_expr_pool *pool = r->network->pool;
    const coley_expr *x = coley_expr_symbol(pool, symbol);
    coley_diff_start(diff, x);
    const coley_expr *slope = x ? coley_diff_of(diff, g) : NULL;
    coley_expr_walk below = {.arena = r->arena};
    int any = 0;
    *good = slope && coley_expr_walk_add(&below, slope);
    if (!*good || (slope->op == COLEY_OP_NUMBER && slope->number == 0.0)) return NULL;
    for (size_t i = 0; i < below.n; i++)
        if (below.node[i] == x) return NULL;
    if (!(*good = jumps(r, walk, x, &any))) return NULL;
    if (any) return NULL;
    const coley_expr *rest = without(r, walk, x, g);
    const coley_expr *value = coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_unary(pool, COLEY_OP_NEG, rest), slope);
    *good = value != NULL;
    return value;
}

static coley_status list_candidates(reader *r, const unsigned char *changed, matching *m)
{
    coley_diff diff = {.pool = r->network->pool, .arena = r->arena};
    for (size_t k = 0; k < r->n_algebraic; k++) {
        coley_expr_walk walk = {.arena = r->arena};
        if (!coley_expr_walk_add(&walk, r->algebraic[k].formula)) return COLEY_FAIL_MEMORY(r->err);
        for (size_t i = 0; i < walk.n; i++) {
            if (walk.node[i]->op != COLEY_OP_SYMBOL || !is_free(r->network, changed, walk.node[i]->symbol)) continue;
            int good;
            const coley_expr *value = solved_for(r, &diff, &walk, r->algebraic[k].formula, walk.node[i]->symbol, &good);
            if (!good || !COLEY_RESERVE(r->arena, m->candidate, m->cap, m->n + 1)) return COLEY_FAIL_MEMORY(r->err);
            const coley_symbol *s = &r->network->symbol[walk.node[i]->symbol];
            if (value)
                m->candidate[m->n++] = (candidate){.rule = k,
                                                   .symbol = walk.node[i]->symbol,
                                                   .value = value,
                                                   .rank = (unsigned char)(s->boundary ? 2 : s->initial != NULL)};
        }
    }
    return COLEY_OK;
}

/* A variable for `rule`, if need be by finding another for the rule that has it. As deep as there are rules. */
static int match(matching *m, size_t rule)
{
    for (size_t i = 0; i < RANKS * m->n; i++) {
        candidate *c = &m->candidate[i % m->n];
        if (c->rule != rule || c->tried || c->rank != i / m->n) continue;
        c->tried = 1;
        if (m->rule_of[c->symbol] >= 0 && !match(m, (size_t)m->rule_of[c->symbol])) continue;
        m->rule_of[c->symbol] = (int32_t)rule;
        return 1;
    }
    return 0;
}

static coley_status solve(reader *r)
{
    coley_network *network = r->network;
    unsigned char *changed = COLEY_NEW(r->arena, unsigned char, network->n_symbols);
    matching m = {.rule_of = COLEY_NEW(r->arena, int32_t, network->n_symbols)};
    if (!changed || !m.rule_of) return COLEY_FAIL_MEMORY(r->err);
    for (size_t k = 0; k < network->n_reactions; k++) {
        const coley_reaction *reaction = &network->reaction[k];
        for (size_t i = 0; i < reaction->n_reactants + reaction->n_products; i++) {
            const coley_term *term =
                i < reaction->n_reactants ? &reaction->reactant[i] : &reaction->product[i - reaction->n_reactants];
            if (!network->symbol[term->species].boundary) changed[term->species] = 1;
        }
    }
    for (size_t e = 0; e < network->n_events; e++)
        for (size_t i = 0; i < network->event[e].n_assignments; i++)
            changed[network->event[e].assignment[i].symbol] = 1;
    for (size_t i = 0; i < network->n_symbols; i++) m.rule_of[i] = -1;
    COLEY_TRY(list_candidates(r, changed, &m));
    for (size_t k = 0; k < r->n_algebraic; k++) {
        for (size_t i = 0; i < m.n; i++) m.candidate[i].tried = 0;
        if (match(&m, k)) continue;
        return COLEY_FAIL_AT(
            r->err, COLEY_ERR_UNSUPPORTED, r->algebraic[k].place,
            "an algebraic rule that is not linear in a variable of its own, which Coley does not solve; "
            "write it as an assignment rule");
    }
    for (size_t i = 0; i < m.n; i++) {
        const candidate *c = &m.candidate[i];
        if (m.rule_of[c->symbol] != (int32_t)c->rule) continue;
        network->symbol[c->symbol].rule_kind = COLEY_RULE_ASSIGNMENT;
        network->symbol[c->symbol].rule = c->value;
    }
    return COLEY_OK;
}

coley_status coley_algebraic_solve(coley_arena *arena, coley_network *network, const coley_algebraic *algebraic,
                                   size_t n, coley_error *err)
{
    reader r = {.arena = arena, .network = network, .algebraic = algebraic, .n_algebraic = n, .err = err};
    if (!n) return COLEY_OK;
    if (n > MAX_ALGEBRAIC)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, algebraic[MAX_ALGEBRAIC].place,
                             "%zu algebraic rules, allowed up to %d", n, MAX_ALGEBRAIC);
    return solve(&r);
}

/* --- speeds ---------------------------------------------------------------------------------------------------------
 */

/* Change of the amount of species `x` by reactions. */
static const coley_expr *amount_rate(const coley_network *network, int32_t x)
{
    const coley_expr *sum = coley_expr_number(network->pool, 0.0);
    for (size_t k = 0; k < network->n_reactions; k++) {
        const coley_reaction *reaction = &network->reaction[k];
        for (size_t i = 0; i < reaction->n_reactants + reaction->n_products; i++) {
            const int gain = i >= reaction->n_reactants;
            const coley_term *term = gain ? &reaction->product[i - reaction->n_reactants] : &reaction->reactant[i];
            if (term->species != x) continue;
            sum = coley_expr_binary(network->pool, gain ? COLEY_OP_ADD : COLEY_OP_SUB, sum,
                                    coley_expr_binary(network->pool, COLEY_OP_MUL, term->amount, reaction->rate));
        }
    }
    return sum;
}

/* A concentration A / V changes by (A' - x V') / V. */
coley_status coley_rate_of(const coley_network *network, int32_t x, const coley_expr **rule, coley_error *err)
{
    coley_expr_pool *pool = network->pool;
    const coley_symbol *s = &network->symbol[x];
    const coley_place place = {.file = s->file, .line = s->line, .key = s->id};
    const coley_symbol *home =
        s->kind == COLEY_SPECIES && !s->substance_only && s->compartment >= 0 ? &network->symbol[s->compartment] : NULL;
    if (s->rule_kind == COLEY_RULE_ASSIGNMENT ||
        (home && s->rule_kind == COLEY_RULE_NONE && home->rule_kind == COLEY_RULE_ASSIGNMENT))
        return COLEY_FAIL_AT(err, COLEY_ERR_UNSUPPORTED, place,
                             "rateOf() of what an assignment rule sets, which Coley does not derive");
    *rule = coley_expr_number(pool, 0.0);
    if (s->rule_kind == COLEY_RULE_RATE)
        *rule = s->rule;
    else if (s->kind == COLEY_SPECIES && !s->boundary && !s->constant)
        *rule = amount_rate(network, x);
    if (home && s->rule_kind == COLEY_RULE_NONE) {
        if (home->rule_kind == COLEY_RULE_RATE)
            *rule = coley_expr_binary(pool, COLEY_OP_SUB, *rule,
                                      coley_expr_binary(pool, COLEY_OP_MUL, coley_expr_symbol(pool, x), home->rule));
        *rule = coley_expr_binary(pool, COLEY_OP_DIV, *rule, coley_expr_symbol(pool, s->compartment));
    }
    return *rule ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}
