/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony_link.c -- when all is read: what is deleted goes, second names give way to first ones, reactions' names
 * stand for their rates, and what nobody said gets Antimony's defaults. */
#include <math.h>
#include <stdlib.h>

#include "model/antimony_reader.h"

typedef coley_ant_reader reader;
typedef coley_ant_said said;

/* --- deletions ---------------------------------------------------------------------------------------------------- */

static int mark_deleted(reader *r, coley_ant_deletion *d)
{
    coley_network *net = r->network;
    size_t kept = 0;
    for (size_t i = 0; i < net->n_reactions; i++) {
        if (strcmp(net->reaction[i].id, d->id) == 0) {
            d->done = 1;
            continue;
        }
        net->reaction[kept] = net->reaction[i];
        r->reaction[kept++] = r->reaction[i];
    }
    net->n_reactions = kept;
    kept = 0;
    for (size_t i = 0; i < net->n_events; i++) {
        if (strcmp(net->event[i].id, d->id) == 0)
            d->done = 1;
        else
            net->event[kept++] = net->event[i];
    }
    net->n_events = kept;
    const int32_t symbol = coley_network_symbol(net, d->id);
    if (symbol >= 0) r->said[root(r, symbol)].is_deleted = d->done = 1;
    return d->done;
}

static int names_deleted(reader *r, coley_expr_walk *walk, const coley_expr *e, int *named)
{
    *named = 0;
    coley_expr_walk_clear(walk);
    if (!e) return 1;
    if (!coley_expr_walk_add(walk, e)) return 0;
    for (size_t i = 0; i < walk->n; i++)
        if (walk->node[i]->op == COLEY_OP_SYMBOL && r->said[root(r, walk->node[i]->symbol)].is_deleted) *named = 1;
    return 1;
}

/* A formula that names what is gone is gone too. */
static int clean(reader *r, coley_expr_walk *walk, const coley_expr **e)
{
    int named;
    if (!names_deleted(r, walk, *e, &named)) return 0;
    if (named) *e = NULL;
    return 1;
}

static int clean_event(reader *r, coley_expr_walk *walk, coley_model_event *event)
{
    if (!clean(r, walk, &event->trigger) || !clean(r, walk, &event->delay) || !clean(r, walk, &event->priority))
        return 0;
    size_t kept = 0;
    for (size_t i = 0; i < event->n_assignments; i++) {
        coley_assignment *a = &event->assignment[i];
        if (!clean(r, walk, &a->value)) return 0;
        if (a->value && !r->said[root(r, a->symbol)].is_deleted) event->assignment[kept++] = *a;
    }
    event->n_assignments = kept;
    return 1;
}

static int has_deleted(const reader *r, const coley_term *term, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (r->said[root(r, term[i].species)].is_deleted) return 1;
    return 0;
}

static coley_status apply_deletions(reader *r)
{
    coley_network *net = r->network;
    coley_expr_walk walk = {.arena = r->arena};
    for (size_t i = 0; i < r->n_deletions; i++)
        if (!mark_deleted(r, &r->deletion[i]))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, r->deletion[i].place, "nothing is called \"%s\"",
                                 r->deletion[i].id);
    size_t kept = 0;
    for (size_t i = 0; i < net->n_reactions; i++) {
        coley_reaction *reaction = &net->reaction[i];
        if (has_deleted(r, reaction->reactant, reaction->n_reactants) ||
            has_deleted(r, reaction->product, reaction->n_products))
            continue;
        if (!clean(r, &walk, &reaction->rate)) return COLEY_FAIL_MEMORY(r->err);
        net->reaction[kept] = *reaction;
        r->reaction[kept++] = r->reaction[i];
    }
    net->n_reactions = kept;
    kept = 0;
    for (size_t i = 0; i < net->n_events; i++) {
        if (!clean_event(r, &walk, &net->event[i])) return COLEY_FAIL_MEMORY(r->err);
        if (net->event[i].trigger) net->event[kept++] = net->event[i];
    }
    net->n_events = kept;
    kept = 0;
    for (size_t i = 0; i < r->n_algebraic; i++) {
        if (!clean(r, &walk, &r->algebraic[i].formula)) return COLEY_FAIL_MEMORY(r->err);
        if (r->algebraic[i].formula) r->algebraic[kept++] = r->algebraic[i];
    }
    r->n_algebraic = kept;
    for (size_t i = 0; i < net->n_symbols; i++) {
        coley_symbol *s = &net->symbol[i];
        if (!clean(r, &walk, &s->initial) || !clean(r, &walk, &s->rule)) return COLEY_FAIL_MEMORY(r->err);
        if (!s->rule) s->rule_kind = COLEY_RULE_NONE;
        if (s->compartment >= 0 && r->said[root(r, s->compartment)].is_deleted) s->compartment = -1;
    }
    return COLEY_OK;
}

/* --- what mechanisms add to one another's names --------------------------------------------------------------------- */

static coley_status apply_addition(reader *r, const coley_ant_addition *a)
{
    coley_symbol *s = &r->network->symbol[root(r, a->symbol)];
    coley_place place = a->place;
    place.key = s->id;
    const coley_expr *base = s->rule_kind == COLEY_RULE_NONE ? s->initial : s->rule;
    if (s->kind != COLEY_PARAMETER || s->rule_kind == COLEY_RULE_RATE)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place,
                             "changes with time by itself; nothing can be added to it with += or *=, write a reaction");
    if (!base)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place,
                             "has no value or rule that += or *= could add to; is its mechanism missing?");
    if (s->rule_kind == COLEY_RULE_NONE && s->spread != COLEY_SPREAD_NONE)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place,
                             "differs between people; += and *= are for rules and for values that are the same for all");
    s->rule = coley_expr_binary(r->network->pool, a->op, base, a->more);
    s->rule_kind = COLEY_RULE_ASSIGNMENT;
    s->constant = 0;
    return s->rule ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

/* All terms first, then all factors: the order of the files does not matter. */
static coley_status apply_additions(reader *r)
{
    static const coley_op order[] = {COLEY_OP_ADD, COLEY_OP_MUL};
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < r->n_additions; i++)
            if (r->addition[i].op == order[pass]) COLEY_TRY(apply_addition(r, &r->addition[i]));
    return COLEY_OK;
}

/* --- one name for each thing ------------------------------------------------------------------------------------- */

typedef struct renaming {
    reader *r;
    int32_t *symbol; /* new index, -1 when gone */
    size_t n, n_seen;
    const coley_expr **seen; /* by node id */
} renaming;

static const coley_expr *renamed(renaming *m, const coley_expr *e)
{
    coley_expr_pool *pool = m->r->network->pool;
    if (!e->arg[0] && e->op != COLEY_OP_SYMBOL) return e;
    if (e->id < m->n_seen && m->seen[e->id]) return m->seen[e->id];
    const coley_expr *made, *arg[3] = {NULL, NULL, NULL};
    if (e->op == COLEY_OP_SYMBOL) {
        made = coley_expr_symbol(pool, m->symbol[e->symbol]);
    } else {
        for (int i = 0; i < 3 && e->arg[i]; i++)
            if (!(arg[i] = renamed(m, e->arg[i]))) return NULL;
        made = arg[2]   ? coley_expr_select(pool, arg[0], arg[1], arg[2])
               : arg[1] ? coley_expr_binary(pool, e->op, arg[0], arg[1])
                        : coley_expr_unary(pool, e->op, arg[0]);
    }
    if (!made || !COLEY_RESERVE(m->r->arena, m->seen, m->n_seen, (size_t)e->id + 1)) return NULL;
    return m->seen[e->id] = made;
}

static int rename_in(renaming *m, const coley_expr **e)
{
    return !*e || (*e = renamed(m, *e));
}

static int rename_terms(renaming *m, coley_term *term, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        term[i].species = m->symbol[term[i].species];
        if (!rename_in(m, &term[i].amount)) return 0;
    }
    return 1;
}

static int rename_all(renaming *m, coley_network *net)
{
    for (size_t i = 0; i < net->n_symbols; i++) {
        coley_symbol *s = &net->symbol[i];
        if (s->compartment >= 0) s->compartment = m->symbol[s->compartment];
        if (!rename_in(m, &s->initial) || !rename_in(m, &s->rule)) return 0;
    }
    for (size_t i = 0; i < net->n_reactions; i++) {
        coley_reaction *x = &net->reaction[i];
        if (!rename_terms(m, x->reactant, x->n_reactants) || !rename_terms(m, x->product, x->n_products) ||
            !rename_in(m, &x->rate))
            return 0;
        if (m->r->reaction[i].home >= 0) m->r->reaction[i].home = m->symbol[m->r->reaction[i].home];
    }
    for (size_t i = 0; i < net->n_events; i++) {
        coley_model_event *x = &net->event[i];
        if (!rename_in(m, &x->trigger) || !rename_in(m, &x->delay) || !rename_in(m, &x->priority)) return 0;
        for (size_t j = 0; j < x->n_assignments; j++) {
            x->assignment[j].symbol = m->symbol[x->assignment[j].symbol];
            if (!rename_in(m, &x->assignment[j].value)) return 0;
        }
    }
    for (size_t i = 0; i < m->r->n_rates; i++) {
        coley_assignment *rate = &m->r->rate_of[i];
        const int32_t x = m->symbol[rate->value->symbol];
        rate->symbol = m->symbol[rate->symbol];
        if (x < 0)
            rate->value = NULL; /* deleted: its rate has no value */
        else if (!(rate->value = coley_expr_symbol(net->pool, x)))
            return 0;
    }
    for (size_t i = 0; i < m->r->n_algebraic; i++)
        if (!rename_in(m, &m->r->algebraic[i].formula)) return 0;
    for (size_t i = 0; i < m->r->n_homes; i++) m->r->home[i].compartment = m->symbol[m->r->home[i].compartment];
    return 1;
}

/* A reaction that is the same as another by "is" gives way to the one whose name stays. */
static void unite_reactions(reader *r)
{
    coley_network *net = r->network;
    size_t kept = 0;
    for (size_t i = 0; i < net->n_reactions; i++) {
        const int32_t symbol = coley_network_symbol(net, net->reaction[i].id);
        const char *id = symbol < 0 ? net->reaction[i].id : net->symbol[root(r, symbol)].id;
        int second = 0;
        if (strcmp(id, net->reaction[i].id) != 0)
            for (size_t j = 0; j < net->n_reactions && !second; j++)
                second = j != i && (j < i ? j < kept : 1) && strcmp(net->reaction[j].id, id) == 0;
        if (second) continue;
        net->reaction[kept] = net->reaction[i];
        net->reaction[kept].id = id;
        r->reaction[kept++] = r->reaction[i];
    }
    net->n_reactions = kept;
}

static coley_status rename_symbols(reader *r)
{
    coley_network *net = r->network, fresh = *net;
    unite_reactions(r);
    renaming m = {.r = r, .symbol = COLEY_NEW(r->arena, int32_t, net->n_symbols)};
    if (!m.symbol) return COLEY_FAIL_MEMORY(r->err);
    fresh.n_symbols = fresh.cap_symbols = fresh.n_slots = 0;
    fresh.symbol = NULL;
    fresh.slot = NULL;
    said *new_said = COLEY_NEW(r->arena, said, net->n_symbols);
    if (!new_said) return COLEY_FAIL_MEMORY(r->err);
    for (size_t i = 0; i < net->n_symbols; i++) {
        m.symbol[i] = -1;
        if (r->said[i].is_other || r->said[i].is_deleted) continue;
        m.symbol[i] = coley_network_symbol_add(&fresh, net->symbol[i].id, COLEY_PARAMETER);
        if (m.symbol[i] < 0) return COLEY_FAIL_MEMORY(r->err);
        fresh.symbol[m.symbol[i]] = net->symbol[i];
        new_said[m.symbol[i]] = r->said[i];
    }
    for (size_t i = 0; i < net->n_symbols; i++)
        if (r->said[i].is_other) m.symbol[i] = m.symbol[root(r, (int32_t)i)];
    fresh.n_reactions = net->n_reactions;
    *net = fresh;
    r->said = new_said;
    return rename_all(&m, net) ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

/* --- reactions -----------------------------------------------------------------------------------------------------
 */

static int by_id(const void *a, const void *b)
{
    const coley_reaction *const *x = a, *const *y = b;
    const int order = strcmp((*x)->id, (*y)->id);
    return order ? order : (*x > *y) - (*x < *y);
}

/* Two reactions of one name would run both. */
static coley_status check_reactions(reader *r)
{
    const size_t n = r->network->n_reactions;
    const coley_reaction **sorted = COLEY_NEW(r->arena, const coley_reaction *, n);
    if (!sorted) return COLEY_FAIL_MEMORY(r->err);
    for (size_t i = 0; i < n; i++) sorted[i] = &r->network->reaction[i];
    if (n) qsort(sorted, n, sizeof *sorted, by_id);
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
            return COLEY_FAIL_AT(
                r->err, COLEY_ERR_INPUT,
                ((coley_place){.file = sorted[i]->file, .line = sorted[i]->line, .key = sorted[i]->id}),
                "a second reaction of this name, the first is at %s:%d; rename or drop one", sorted[i - 1]->file,
                sorted[i - 1]->line);
    return COLEY_OK;
}

/* A reaction's name in a formula is its rate; "J = ..." gives the rate. */
static coley_status name_rates(reader *r)
{
    coley_network *net = r->network;
    for (size_t i = 0; i < net->n_reactions; i++) {
        coley_reaction *reaction = &net->reaction[i];
        const int32_t symbol = coley_network_symbol(net, reaction->id);
        coley_place place = r->reaction[i].place;
        place.key = reaction->id;
        if (symbol >= 0) {
            coley_symbol *s = &net->symbol[symbol];
            const said *was = &r->said[symbol];
            if (s->kind != COLEY_PARAMETER)
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place, "is also the name of a species or compartment");
            const coley_expr *set = s->rule_kind == COLEY_RULE_ASSIGNMENT ? s->rule : s->initial;
            const size_t depth = s->rule_kind == COLEY_RULE_ASSIGNMENT ? was->rule_depth : was->plain_depth;
            if (set && reaction->rate && depth >= r->reaction[i].depth)
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place, "has two rates; keep one");
            if (set) reaction->rate = set;
            s->initial = NULL;
            s->rule = reaction->rate;
            s->rule_kind = COLEY_RULE_ASSIGNMENT;
        }
        if (!reaction->rate)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place,
                                 "has no rate: write it behind the products, as in A -> B; k*A");
    }
    return COLEY_OK;
}

static coley_status write_rates(reader *r)
{
    for (size_t i = 0; i < r->n_rates; i++) {
        const coley_assignment *rate = &r->rate_of[i];
        coley_symbol *s = rate->symbol < 0 ? NULL : &r->network->symbol[rate->symbol];
        if (!s || !rate->value) continue;
        COLEY_TRY(coley_rate_of(r->network, rate->value->symbol, &s->rule, r->err));
        s->rule_kind = COLEY_RULE_ASSIGNMENT;
    }
    return COLEY_OK;
}

/* --- what nobody said ------------------------------------------------------------------------------------------------
 */

static coley_status fill_homes(reader *r)
{
    coley_network *net = r->network;
    unsigned char *own = COLEY_NEW(r->arena, unsigned char, net->n_symbols);
    if (!own) return COLEY_FAIL_MEMORY(r->err);
    for (size_t i = 0; i < net->n_symbols; i++) own[i] = net->symbol[i].compartment >= 0;
    for (size_t i = 0; i < net->n_reactions; i++) {
        const coley_reaction *x = &net->reaction[i];
        if (r->reaction[i].home < 0) continue;
        for (size_t j = 0; j < x->n_reactants + x->n_products; j++) {
            const int32_t s = j < x->n_reactants ? x->reactant[j].species : x->product[j - x->n_reactants].species;
            if (!own[s]) net->symbol[s].compartment = r->reaction[i].home;
        }
    }
    for (size_t i = 0; i < r->n_homes; i++)
        for (size_t j = 0; j < net->n_symbols; j++) {
            coley_symbol *s = &net->symbol[j];
            if (s->kind == COLEY_SPECIES && s->compartment < 0 &&
                strncmp(s->id, r->home[i].prefix, strlen(r->home[i].prefix)) == 0)
                s->compartment = r->home[i].compartment;
        }
    return COLEY_OK;
}

/* The start of a species that counts as an amount, in a compartment: Antimony takes a plain number for a concentration
 * and a number over that compartment for the amount itself; any other formula is the amount. */
static void read_amount(coley_symbol *s)
{
    const coley_expr *e = s->initial;
    if (e->op == COLEY_OP_NUMBER) {
        s->initial_is_amount = 0;
    } else if (e->op == COLEY_OP_DIV && e->arg[0]->op == COLEY_OP_NUMBER && e->arg[1]->op == COLEY_OP_SYMBOL &&
               e->arg[1]->symbol == s->compartment) {
        s->initial = e->arg[0];
    }
}

/* Antimony's own defaults: a species starts at nothing and a compartment has size 1. */
static coley_status fill_defaults(reader *r)
{
    coley_network *net = r->network;
    for (size_t i = 0; i < net->n_symbols; i++) {
        coley_symbol *s = &net->symbol[i];
        const said *was = &r->said[i];
        if (s->rule_kind == COLEY_RULE_ASSIGNMENT) s->spread = COLEY_SPREAD_NONE;
        if (s->rule_kind == COLEY_RULE_ASSIGNMENT && s->initial && s->initial->op != COLEY_OP_NUMBER)
            return COLEY_FAIL_AT(
                r->err, COLEY_ERR_INPUT, was->rule,
                "\"%s\" also has a formula for its start, at %s:%d; a rule takes over a plain number only", s->id,
                was->plain.file, was->plain.line);
        if (s->rule_kind != COLEY_RULE_ASSIGNMENT && s->initial && s->initial->op == COLEY_OP_NUMBER &&
            isnan(s->initial->number))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, was->plain, "the value of \"%s\" is not a number", s->id);
        if (s->kind == COLEY_SPECIES && s->substance_only && s->compartment >= 0 && s->initial) read_amount(s);
        /* Where the size changes the amount stays: the start is kept as an amount, as SBML has it. */
        if (s->kind == COLEY_SPECIES && s->initial && !s->initial_is_amount && s->compartment >= 0 &&
            net->symbol[s->compartment].rule_kind != COLEY_RULE_NONE && s->rule_kind != COLEY_RULE_ASSIGNMENT) {
            const coley_expr *size = coley_expr_symbol(net->pool, s->compartment);
            s->initial = coley_expr_binary(net->pool, COLEY_OP_MUL, s->initial, size);
            s->initial_is_amount = 1;
            if (!s->initial) return COLEY_FAIL_MEMORY(r->err);
        }
        if (s->initial || s->rule_kind == COLEY_RULE_ASSIGNMENT || s->kind == COLEY_PARAMETER) continue;
        s->initial = coley_expr_number(net->pool, s->kind == COLEY_COMPARTMENT ? 1.0 : 0.0);
        if (!s->initial) return COLEY_FAIL_MEMORY(r->err);
    }
    return COLEY_OK;
}

coley_status coley_ant_link(reader *r)
{
    for (size_t i = 0; i < r->n_words; i++) {
        const int32_t symbol = coley_network_symbol(r->network, r->words[i].id);
        if (symbol >= 0) r->network->symbol[root(r, symbol)].name = r->words[i].text;
    }
    COLEY_TRY(apply_additions(r));
    if (r->n_deletions) COLEY_TRY(apply_deletions(r));
    if (r->n_deletions || r->n_other) COLEY_TRY(rename_symbols(r));
    COLEY_TRY(check_reactions(r));
    COLEY_TRY(name_rates(r));
    COLEY_TRY(fill_homes(r));
    COLEY_TRY(write_rates(r));
    COLEY_TRY(coley_algebraic_solve(r->arena, r->network, r->algebraic, r->n_algebraic, r->err));
    return fill_defaults(r);
}
