/* SPDX-License-Identifier: GPL-3.0-or-later */
/* units_check.c -- the unit of every node of every formula, from the leaves up, each node once. */
#include "model/units_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/expr_text.h"

/* What is known of a node's unit. */
typedef enum knowledge {
    UNSEEN,
    ANY,       /* fits anything */
    DIMENSION, /* dimension known, scale open */
    EXACT,
} knowledge;

typedef struct measure {
    knowledge known;
    coley_unit unit;
    const char *name; /* as the model calls it, or NULL */
} measure;

typedef struct checker {
    coley_arena *arena;
    const coley_network *network;
    coley_unit_report *report;
    size_t n_nodes, n_symbols;
    measure *node, *symbol; /* by node id and by symbol */
    unsigned char *open;    /* symbols that are being looked at */
    measure time;
    const char *file, *key; /* the formula at hand */
    int line, failed;
} checker;

static const measure any = {.known = ANY}, pure = {.known = EXACT, .unit = {.scale = 1}};

static measure measure_of(checker *c, const coley_expr *e);

/* --- saying it ---------------------------------------------------------------------------------------------------- */

static const char *words(checker *c, const measure *m)
{
    char dimensions[160];
    coley_unit_dimensions(&m->unit, dimensions, sizeof dimensions);
    const char *text = m->name ? coley_arena_printf(c->arena, "%s (%s)", m->name, dimensions)
                               : coley_arena_text(c->arena, dimensions, strlen(dimensions));
    if (!text) c->failed = 1;
    return text ? text : "";
}

static const char *formula_of(checker *c, const coley_expr *e)
{
    coley_text text = {.arena = c->arena};
    coley_expr_text_add(&text, c->network, e, 60);
    if (text.failed) c->failed = 1;
    return text.data && !text.failed ? text.data : "";
}

static void report(checker *c, const measure *found, const measure *against, const char *what, const coley_expr *e)
{
    coley_unit_report *r = c->report;
    if (!COLEY_RESERVE(c->arena, r->fault, r->cap_faults, r->n_faults + 1)) {
        c->failed = 1;
        return;
    }
    coley_unit_fault *f = &r->fault[r->n_faults++];
    *f = (coley_unit_fault){.file = c->file, .line = c->line, .symbol = c->key};
    f->found = words(c, found);
    f->against = words(c, against);
    const int scale_only = coley_unit_compatible(&found->unit, &against->unit);
    const double ratio = found->unit.scale / against->unit.scale * pow(10, found->unit.decade - against->unit.decade);
    if (scale_only)
        f->text = coley_arena_printf(c->arena, "%s: %s against %s, a factor of %.6g, in %s", what, f->found, f->against,
                                     ratio, formula_of(c, e));
    else
        f->text =
            coley_arena_printf(c->arena, "%s: %s against %s, in %s", what, f->found, f->against, formula_of(c, e));
    if (!f->text) c->failed = 1;
}

/* --- arithmetic of units ------------------------------------------------------------------------------------------ */

static int is_pure(const measure *m)
{
    return coley_unit_compatible(&m->unit, &pure.unit);
}

static int agree(const measure *a, const measure *b)
{
    if (a->known == ANY || b->known == ANY) return 1;
    if (!coley_unit_compatible(&a->unit, &b->unit)) return 0;
    if (a->known == DIMENSION || b->known == DIMENSION) return 1;
    const double ratio = a->unit.scale / b->unit.scale * pow(10, a->unit.decade - b->unit.decade);
    return fabs(ratio - 1) < 1e-6;
}

/* a * b^power; what leaves the range of units fits anything. */
static measure product(const measure *a, const measure *b, int power)
{
    if (a->known == ANY || b->known == ANY) return any;
    measure m = {.known = a->known < b->known ? a->known : b->known, .unit = a->unit};
    m.unit.scale *= pow(b->unit.scale, power);
    m.unit.decade += b->unit.decade * power;
    for (int d = 0; d < COLEY_DIMENSION_COUNT; d++) {
        const int sum = a->unit.power[d] + b->unit.power[d] * power;
        if (sum > 100 || sum < -100) return any;
        m.unit.power[d] = (signed char)sum;
    }
    if (!(m.unit.scale > 1e-280 && m.unit.scale < 1e280) || m.unit.decade > 10000 || m.unit.decade < -10000) return any;
    return m;
}

/* A bare number as a factor: the dimension stays, the scale is open. */
static measure factor(checker *c, const coley_expr *e)
{
    if (e->op != COLEY_OP_NUMBER) return measure_of(c, e);
    measure m = pure;
    if (fabs(e->number) != 1) m.known = DIMENSION;
    return m;
}

static measure powered(checker *c, const coley_expr *e)
{
    const measure base = measure_of(c, e->arg[0]), exponent = measure_of(c, e->arg[1]);
    if (exponent.known >= DIMENSION && !is_pure(&exponent))
        report(c, &exponent, &pure, "the exponent is not a pure number", e);
    if (base.known == ANY || is_pure(&base)) return base;
    if (e->arg[1]->op != COLEY_OP_NUMBER) return any;
    double n = e->arg[1]->number;
    measure half = base;
    if (n * 2 == floor(n * 2) && n != floor(n)) { /* x^0.5: every power must be even */
        for (int d = 0; d < COLEY_DIMENSION_COUNT; d++) {
            if (base.unit.power[d] % 2) return any;
            half.unit.power[d] /= 2;
        }
        half.unit.scale = sqrt(base.unit.scale * pow(10, base.unit.decade & 1));
        half.unit.decade = (base.unit.decade - (base.unit.decade & 1)) / 2;
        n *= 2;
    }
    if (n != floor(n) || fabs(n) > 20) return any;
    const measure one = pure;
    return product(&one, &half, (int)n);
}

/* Both sides are alike; what is known of either is known of both. */
static measure alike(checker *c, const coley_expr *e, const coley_expr *x, const coley_expr *y, const char *what)
{
    const measure a = measure_of(c, x), b = measure_of(c, y);
    if (!agree(&a, &b)) {
        report(c, &a, &b, what, e);
        return any;
    }
    measure m = a.known > b.known ? a : b;
    if (a.known == ANY || b.known == ANY) {
        m.name = NULL;
        return m.known == ANY ? any : m;
    }
    return m;
}

static measure of_pure(checker *c, const coley_expr *e)
{
    const measure a = measure_of(c, e->arg[0]);
    if (a.known >= DIMENSION && !is_pure(&a)) report(c, &a, &pure, "the argument is not a pure number", e);
    return pure;
}

static measure look_at(checker *c, const coley_expr *e)
{
    measure a, b;
    switch (e->op) {
    case COLEY_OP_NUMBER:
        return any;
    case COLEY_OP_TIME:
        return c->time;
    case COLEY_OP_ADD:
        return alike(c, e, e->arg[0], e->arg[1], "a sum of unlike things");
    case COLEY_OP_SUB:
        return alike(c, e, e->arg[0], e->arg[1], "a difference of unlike things");
    case COLEY_OP_MIN:
    case COLEY_OP_MAX:
        return alike(c, e, e->arg[0], e->arg[1], "a choice between unlike things");
    case COLEY_OP_SELECT:
        (void)measure_of(c, e->arg[0]);
        return alike(c, e, e->arg[1], e->arg[2], "a choice between unlike things");
    case COLEY_OP_LT:
    case COLEY_OP_LE:
    case COLEY_OP_GT:
    case COLEY_OP_GE:
    case COLEY_OP_EQ:
    case COLEY_OP_NE:
        (void)alike(c, e, e->arg[0], e->arg[1], "unlike things are compared");
        return pure;
    case COLEY_OP_MUL:
    case COLEY_OP_DIV:
        a = factor(c, e->arg[0]);
        b = factor(c, e->arg[1]);
        return product(&a, &b, e->op == COLEY_OP_MUL ? 1 : -1);
    case COLEY_OP_POW:
        return powered(c, e);
    case COLEY_OP_NEG:
    case COLEY_OP_ABS:
    case COLEY_OP_FLOOR:
    case COLEY_OP_CEIL:
        return measure_of(c, e->arg[0]);
    case COLEY_OP_AND:
    case COLEY_OP_OR:
        (void)measure_of(c, e->arg[1]);
        (void)measure_of(c, e->arg[0]);
        return pure;
    case COLEY_OP_NOT:
        (void)measure_of(c, e->arg[0]);
        return pure;
    case COLEY_OP_SQRT: {
        a = measure_of(c, e->arg[0]);
        if (a.known == ANY) return any;
        for (int d = 0; d < COLEY_DIMENSION_COUNT; d++) {
            if (a.unit.power[d] % 2) return any;
            a.unit.power[d] /= 2;
        }
        a.unit.scale = sqrt(a.unit.scale * pow(10, a.unit.decade & 1));
        a.unit.decade = (a.unit.decade - (a.unit.decade & 1)) / 2;
        a.name = NULL;
        return a;
    }
    default:
        return of_pure(c, e);
    }
}

/* Unit of a symbol's value as formulas see it: what it says, else that of its rule or start. */
static measure measure_of_symbol(checker *c, int32_t symbol)
{
    measure *known = &c->symbol[symbol];
    if (known->known != UNSEEN) return *known;
    const coley_symbol *s = &c->network->symbol[symbol];
    if (s->unit) {
        known->known = coley_network_unit(c->network, s->unit, &known->unit) ? EXACT : ANY;
        known->name = s->unit;
        return *known;
    }
    const coley_expr *e = s->rule_kind == COLEY_RULE_ASSIGNMENT ? s->rule : s->initial;
    if (!e || e->op == COLEY_OP_NUMBER || c->open[symbol]) {
        if (!c->open[symbol]) *known = any;
        return any;
    }
    /* Faults in that formula belong to that symbol. */
    const char *file = c->file, *key = c->key;
    const int line = c->line;
    c->file = s->file;
    c->line = s->line;
    c->key = s->id;
    c->open[symbol] = 1;
    measure m = measure_of(c, e);
    c->open[symbol] = 0;
    c->file = file;
    c->line = line;
    c->key = key;
    if (s->initial_is_amount && !s->substance_only && s->rule_kind != COLEY_RULE_ASSIGNMENT && s->compartment >= 0) {
        const measure size = measure_of_symbol(c, s->compartment);
        m = product(&m, &size, -1);
    }
    m.name = NULL;
    return *known = m;
}

static measure measure_of(checker *c, const coley_expr *e)
{
    if (e->op == COLEY_OP_SYMBOL) return measure_of_symbol(c, e->symbol);
    if (e->id >= c->n_nodes) return any;
    if (c->node[e->id].known == UNSEEN) c->node[e->id] = look_at(c, e);
    return c->node[e->id];
}

/* --- statements ----------------------------------------------------------------------------------------------------
 */

static void check_against(checker *c, const coley_expr *e, const measure *wanted, const char *what)
{
    const measure m = measure_of(c, e);
    if (!agree(&m, wanted)) report(c, &m, wanted, what, e);
}

/* Unit of a species' amount. */
static measure amount_of(checker *c, int32_t symbol)
{
    const coley_symbol *s = &c->network->symbol[symbol];
    measure m = measure_of_symbol(c, symbol);
    if (s->kind == COLEY_SPECIES && !s->substance_only && s->compartment >= 0) {
        const measure size = measure_of_symbol(c, s->compartment);
        m = product(&m, &size, 1);
    }
    return m;
}

static void check_symbol(checker *c, int32_t symbol)
{
    const coley_symbol *s = &c->network->symbol[symbol];
    const measure own = measure_of_symbol(c, symbol);
    c->file = s->file;
    c->line = s->line;
    c->key = s->id;
    if (s->kind == COLEY_PARAMETER && s->initial && s->initial->op == COLEY_OP_NUMBER &&
        s->rule_kind != COLEY_RULE_ASSIGNMENT) {
        c->report->n_symbols++;
        c->report->n_with_unit += s->unit != NULL;
    }
    if (s->rule_kind == COLEY_RULE_ASSIGNMENT) check_against(c, s->rule, &own, "the rule and the declared unit");
    if (s->rule_kind == COLEY_RULE_RATE) {
        const measure rate = product(&own, &c->time, -1);
        check_against(c, s->rule, &rate, "the rate and the unit per time");
    }
    if (s->initial && s->initial->op != COLEY_OP_NUMBER) {
        const measure start = s->initial_is_amount ? amount_of(c, symbol) : own;
        check_against(c, s->initial, &start, "the start and the declared unit");
    }
}

static void check_reaction(checker *c, const coley_reaction *r)
{
    c->file = r->file;
    c->line = r->line;
    c->key = r->id;
    measure rate = measure_of(c, r->rate);
    for (size_t i = 0; i < r->n_reactants + r->n_products; i++) {
        const coley_term *term = i < r->n_reactants ? &r->reactant[i] : &r->product[i - r->n_reactants];
        const measure amount = amount_of(c, term->species), wanted = product(&amount, &c->time, -1);
        const measure times = term->amount->op == COLEY_OP_NUMBER ? pure : measure_of(c, term->amount);
        const measure change = product(&rate, &times, 1);
        if (agree(&change, &wanted)) continue;
        const char *what = coley_arena_printf(c->arena, "the rate and the amount of %s per time",
                                              c->network->symbol[term->species].id);
        if (!what) c->failed = 1;
        report(c, &change, &wanted, what ? what : "", r->rate);
        return; /* one word about a reaction is enough */
    }
}

static void check_event(checker *c, const coley_model_event *e)
{
    c->file = e->file;
    c->line = e->line;
    c->key = e->id;
    (void)measure_of(c, e->trigger);
    if (e->delay) check_against(c, e->delay, &c->time, "the delay and time");
    if (e->priority) (void)measure_of(c, e->priority);
    for (size_t i = 0; i < e->n_assignments; i++) {
        const measure own = measure_of_symbol(c, e->assignment[i].symbol);
        check_against(c, e->assignment[i].value, &own, "the new value and the unit of what it is given to");
    }
}

/* Every symbol after those that its unit follows from, with a stack of our own: chains of rules may be long. */
static void settle(checker *c)
{
    const size_t n = c->network->n_symbols;
    coley_expr_walk walk = {.arena = c->arena};
    unsigned char *opened = COLEY_NEW(c->arena, unsigned char, n);
    int32_t *stack = NULL;
    size_t cap = 0;
    c->failed |= !opened;
    for (size_t root = 0; root < n && !c->failed; root++) {
        size_t depth = 0;
        c->failed |= !COLEY_RESERVE(c->arena, stack, cap, 1);
        if (c->failed) return;
        stack[depth++] = (int32_t)root;
        while (depth && !c->failed) {
            const int32_t symbol = stack[depth - 1];
            const coley_symbol *s = &c->network->symbol[symbol];
            const coley_expr *e = s->rule_kind == COLEY_RULE_ASSIGNMENT ? s->rule : s->initial;
            if (s->unit || !e || opened[symbol]) {
                depth--;
                (void)measure_of_symbol(c, symbol);
                continue;
            }
            opened[symbol] = 1;
            coley_expr_walk_clear(&walk);
            c->failed |= !coley_expr_walk_add(&walk, e) || !COLEY_RESERVE(c->arena, stack, cap, depth + walk.n);
            for (size_t i = 0; i < walk.n && !c->failed; i++)
                if (walk.node[i]->op == COLEY_OP_SYMBOL && !opened[walk.node[i]->symbol])
                    stack[depth++] = walk.node[i]->symbol;
        }
    }
}

coley_status coley_units_check(coley_arena *arena, const coley_network *network, coley_unit_report *out,
                               coley_error *err)
{
    *out = (coley_unit_report){0};
    checker c = {.arena = arena,
                 .network = network,
                 .report = out,
                 .n_nodes = coley_expr_count(network->pool),
                 .node = COLEY_NEW(arena, measure, coley_expr_count(network->pool)),
                 .symbol = COLEY_NEW(arena, measure, network->n_symbols),
                 .open = COLEY_NEW(arena, unsigned char, network->n_symbols),
                 .time = {.known = ANY}};
    if (!c.node || !c.symbol || !c.open) return COLEY_FAIL_MEMORY(err);
    const char *time_unit = network->time_unit ? network->time_unit : "day";
    if (*time_unit && coley_network_unit(network, time_unit, &c.time.unit)) c.time.known = EXACT;
    c.time.name = time_unit;
    settle(&c);
    for (size_t i = 0; i < network->n_symbols && !c.failed; i++) check_symbol(&c, (int32_t)i);
    for (size_t i = 0; i < network->n_reactions && !c.failed; i++) check_reaction(&c, &network->reaction[i]);
    for (size_t i = 0; i < network->n_events && !c.failed; i++) check_event(&c, &network->event[i]);
    return c.failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
