/* SPDX-License-Identifier: GPL-3.0-or-later */
/* algebraic.c -- algebraic rules 0 = g that are linear in a variable which nothing else sets: then the rule is the
 * assignment x = -g(x = 0) / (dg/dx). Each rule is given one variable by matching (augmenting paths); what cannot be
 * matched or is not linear is refused. */
#include "model/algebraic.h"

#include "model/diff.h"

enum { MAX_ALGEBRAIC = 1000, MAX_WORK = 2000000 };

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
    size_t *first;    /* by rule: its candidates are first[rule] .. first[rule + 1] - 1 */
    int32_t *rule_of; /* by symbol: which rule sets it, or -1 */
    /* Work space, kept from rule to rule. */
    coley_diff diff;
    coley_expr_walk walk, in_slope; /* what is below the rule, and below its slope */
    size_t cap_made, cap_holds;
    const coley_expr **made; /* by node id */
    unsigned char *holds;    /* by node id */
} matching;

/* Whether anything but an algebraic rule gives the symbol its value. */
static int is_free(const coley_network *network, const unsigned char *changed, int32_t symbol)
{
    const coley_symbol *s = &network->symbol[symbol];
    return s->rule_kind == COLEY_RULE_NONE && !s->constant && !changed[symbol];
}

/* The rule with `leaf` replaced by 0, node by node. */
static const coley_expr *without(reader *r, matching *m, const coley_expr *leaf, const coley_expr *rule)
{
    coley_expr_pool *pool = r->network->pool;
    if (!COLEY_RESERVE(r->arena, m->made, m->cap_made, coley_expr_count(pool))) return NULL;
    const coley_expr **made = m->made;
    for (size_t i = 0; i < m->walk.n; i++) {
        const coley_expr *x = m->walk.node[i], *a = x->arg[0] ? made[x->arg[0]->id] : NULL;
        const coley_expr *b = x->arg[1] ? made[x->arg[1]->id] : NULL, *c = x->arg[2] ? made[x->arg[2]->id] : NULL;
        made[x->id] = x == leaf ? coley_expr_number(pool, 0.0)
                      : !a      ? x
                      : c       ? coley_expr_select(pool, a, b, c)
                      : b       ? coley_expr_binary(pool, x->op, a, b)
                                : coley_expr_unary(pool, x->op, a);
        if (!made[x->id]) return NULL;
    }
    return made[rule->id];
}

/* Whether `x` stands below something that is flat between jumps, of which the slope says nothing; false when there is
 * no memory. */
static int jumps(reader *r, matching *m, const coley_expr *x, int *any)
{
    if (!COLEY_RESERVE(r->arena, m->holds, m->cap_holds, coley_expr_count(r->network->pool))) return 0;
    for (size_t i = 0; i < m->walk.n; i++) {
        const coley_expr *e = m->walk.node[i];
        unsigned char *holds = &m->holds[e->id];
        *holds = e == x;
        for (int k = 0; k < 3 && e->arg[k]; k++) *holds |= m->holds[e->arg[k]->id];
        const int flat =
            e->op == COLEY_OP_FLOOR || e->op == COLEY_OP_CEIL || (e->op >= COLEY_OP_LT && e->op != COLEY_OP_SELECT);
        *any |= flat && *holds;
    }
    return 1;
}

/* The value that the rule gives `symbol`, NULL when it is not linear in it; *good is 0 when there is no memory. */
static const coley_expr *solved_for(reader *r, matching *m, const coley_expr *rule, int32_t symbol, int *good)
{
    coley_expr_pool *pool = r->network->pool;
    const coley_expr *x = coley_expr_symbol(pool, symbol);
    coley_diff_start(&m->diff, x);
    const coley_expr *slope = x ? coley_diff_of(&m->diff, rule) : NULL;
    int any = 0;
    coley_expr_walk_clear(&m->in_slope);
    *good = slope && coley_expr_walk_add(&m->in_slope, slope) && jumps(r, m, x, &any);
    if (!*good || any || (slope->op == COLEY_OP_NUMBER && slope->number == 0.0)) return NULL;
    for (size_t i = 0; i < m->in_slope.n; i++)
        if (m->in_slope.node[i] == x) return NULL;
    const coley_expr *rest = coley_expr_unary(pool, COLEY_OP_NEG, without(r, m, x, rule));
    const coley_expr *value = coley_expr_binary(pool, COLEY_OP_DIV, rest, slope);
    *good = value != NULL;
    return value;
}

static coley_status list_candidates(reader *r, const unsigned char *changed, matching *m)
{
    size_t work = 0;
    for (size_t k = 0; k < r->n_algebraic; k++) {
        const coley_expr *rule = r->algebraic[k].formula;
        m->first[k] = m->n;
        coley_expr_walk_clear(&m->walk);
        if (!coley_expr_walk_add(&m->walk, rule)) return COLEY_FAIL_MEMORY(r->err);
        for (size_t i = 0; i < m->walk.n; i++) {
            const coley_expr *e = m->walk.node[i];
            if (e->op != COLEY_OP_SYMBOL || !is_free(r->network, changed, e->symbol)) continue;
            work += m->walk.n;
            if (work > MAX_WORK)
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, r->algebraic[k].place,
                                     "algebraic rules that are too long or have too many variables to be solved");
            int good;
            const coley_expr *value = solved_for(r, m, rule, e->symbol, &good);
            if (!good || !COLEY_RESERVE(r->arena, m->candidate, m->cap, m->n + 1)) return COLEY_FAIL_MEMORY(r->err);
            const coley_symbol *s = &r->network->symbol[e->symbol];
            const unsigned char rank = s->boundary ? 2 : s->initial != NULL;
            if (value) m->candidate[m->n++] = (candidate){.rule = k, .symbol = e->symbol, .value = value, .rank = rank};
        }
    }
    m->first[r->n_algebraic] = m->n;
    return COLEY_OK;
}

/* A variable for `rule`, if need be by finding another for the rule that has it. As deep as there are rules. */
static int match(matching *m, size_t rule)
{
    for (unsigned char rank = 0; rank < RANKS; rank++)
        for (size_t i = m->first[rule]; i < m->first[rule + 1]; i++) {
            candidate *c = &m->candidate[i];
            if (c->tried || c->rank != rank) continue;
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
    matching m = {.first = COLEY_NEW(r->arena, size_t, r->n_algebraic + 1),
                  .rule_of = COLEY_NEW(r->arena, int32_t, network->n_symbols),
                  .diff = {.pool = network->pool, .arena = r->arena},
                  .walk = {.arena = r->arena},
                  .in_slope = {.arena = r->arena}};
    if (!changed || !m.first || !m.rule_of) return COLEY_FAIL_MEMORY(r->err);
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
