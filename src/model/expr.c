/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr.c -- the pool of formula nodes: equal nodes are one node, and simplification happens on the way in.
 *
 * Every rewriting keeps the value for finite numbers bit for bit (a + -b is a - b, 1 x is x, 0 x is 0). Arguments of
 * commutative operations are put in the order of their age, so that a b and b a are one node. */
#include "model/expr.h"

#include <string.h>

enum { SLAB = 256 };

struct coley_expr_pool {
    coley_arena *arena;
    coley_expr *slab;
    size_t slab_left;
    size_t n, cap_nodes;
    const coley_expr **node; /* by id */
    size_t n_slots;          /* a power of two, at least twice n */
    const coley_expr **slot;
};

coley_expr_pool *coley_expr_pool_create(coley_arena *arena)
{
    coley_expr_pool *pool = COLEY_NEW(arena, coley_expr_pool, 1);
    if (pool) pool->arena = arena;
    return pool;
}

size_t coley_expr_count(const coley_expr_pool *pool)
{
    return pool->n;
}

const coley_expr *coley_expr_at(const coley_expr_pool *pool, size_t id)
{
    return pool->node[id];
}

int coley_op_arity(coley_op op)
{
    static const signed char arity[] = {
#define ARITY(name, n) n,
        COLEY_OP_LIST(ARITY)
#undef ARITY
    };
    return arity[op];
}

const char *coley_op_name(coley_op op)
{
    static const char *const names[] = {
#define NAME(name, n) #name,
        COLEY_OP_LIST(NAME)
#undef NAME
    };
    return names[op];
}

static uint64_t mixed(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9E3779B97F4A7C15u;
    return h ^ (h >> 29);
}

static uint64_t number_bits(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static uint64_t node_hash(const coley_expr *e)
{
    uint64_t h = mixed((uint64_t)e->op + 1, (uint64_t)(uint32_t)e->symbol);
    h = mixed(h, number_bits(e->number));
    for (int i = 0; i < 3; i++) h = mixed(h, e->arg[i] ? (uint64_t)e->arg[i]->id + 1 : 0);
    return h;
}

static int same(const coley_expr *a, const coley_expr *b)
{
    return a->hash == b->hash && a->op == b->op && a->symbol == b->symbol &&
           number_bits(a->number) == number_bits(b->number) && a->arg[0] == b->arg[0] && a->arg[1] == b->arg[1] &&
           a->arg[2] == b->arg[2];
}

static int pool_widen(coley_expr_pool *pool)
{
    const size_t n_slots = pool->n_slots ? 2 * pool->n_slots : 256;
    const coley_expr **slot = COLEY_NEW(pool->arena, const coley_expr *, n_slots);
    if (!slot) return 0;
    for (size_t i = 0; i < pool->n; i++) {
        size_t at = pool->node[i]->hash & (n_slots - 1);
        while (slot[at]) at = (at + 1) & (n_slots - 1);
        slot[at] = pool->node[i];
    }
    pool->slot = slot;
    pool->n_slots = n_slots;
    return 1;
}

/* The one node that equals `want`. */
static const coley_expr *intern(coley_expr_pool *pool, coley_expr want)
{
    if (2 * (pool->n + 1) > pool->n_slots && !pool_widen(pool)) return NULL;
    want.hash = node_hash(&want);
    size_t at = want.hash & (pool->n_slots - 1);
    for (; pool->slot[at]; at = (at + 1) & (pool->n_slots - 1))
        if (same(pool->slot[at], &want)) return pool->slot[at];
    if (!COLEY_RESERVE(pool->arena, pool->node, pool->cap_nodes, pool->n + 1)) return NULL;
    if (!pool->slab_left) {
        pool->slab = COLEY_NEW(pool->arena, coley_expr, SLAB);
        if (!pool->slab) return NULL;
        pool->slab_left = SLAB;
    }
    coley_expr *made = pool->slab++;
    pool->slab_left--;
    *made = want;
    made->id = (uint32_t)pool->n;
    made->depth = 1;
    made->size = 1;
    for (int i = 0; i < 3 && want.arg[i]; i++) {
        if (want.arg[i]->depth >= made->depth) made->depth = want.arg[i]->depth + 1;
        made->size += want.arg[i]->size;
    }
    pool->slot[at] = pool->node[pool->n++] = made;
    return made;
}

const coley_expr *coley_expr_number(coley_expr_pool *pool, double number)
{
    return intern(pool, (coley_expr){.op = COLEY_OP_NUMBER, .symbol = -1, .number = number});
}

const coley_expr *coley_expr_symbol(coley_expr_pool *pool, int32_t symbol)
{
    return intern(pool, (coley_expr){.op = COLEY_OP_SYMBOL, .symbol = symbol});
}

const coley_expr *coley_expr_time(coley_expr_pool *pool)
{
    return intern(pool, (coley_expr){.op = COLEY_OP_TIME, .symbol = -1});
}

static int is_number(const coley_expr *e, double value)
{
    return e->op == COLEY_OP_NUMBER && e->number == value;
}

/* Always 0 or 1. */
static int is_truth(const coley_expr *e)
{
    return (e->op >= COLEY_OP_LT && e->op <= COLEY_OP_NOT) || is_number(e, 0) || is_number(e, 1);
}

const coley_expr *coley_expr_unary(coley_expr_pool *pool, coley_op op, const coley_expr *a)
{
    if (!a) return NULL;
    if (a->op == COLEY_OP_NUMBER) return coley_expr_number(pool, coley_op_value(op, a->number, 0, 0));
    if (op == COLEY_OP_NEG && a->op == COLEY_OP_NEG) return a->arg[0];
    if (op == COLEY_OP_NEG && a->op == COLEY_OP_SUB) return coley_expr_binary(pool, COLEY_OP_SUB, a->arg[1], a->arg[0]);
    if (op == COLEY_OP_ABS && a->op == COLEY_OP_ABS) return a;
    if (op == COLEY_OP_ABS && a->op == COLEY_OP_NEG) a = a->arg[0];
    return intern(pool, (coley_expr){.op = op, .symbol = -1, .arg = {a}});
}

static const coley_expr *made_sum(coley_expr_pool *pool, const coley_expr *a, const coley_expr *b)
{
    if (is_number(a, 0)) return b;
    if (is_number(b, 0)) return a;
    if (b->op == COLEY_OP_NEG) return coley_expr_binary(pool, COLEY_OP_SUB, a, b->arg[0]);
    if (a->op == COLEY_OP_NEG) return coley_expr_binary(pool, COLEY_OP_SUB, b, a->arg[0]);
    return NULL;
}

static const coley_expr *made_difference(coley_expr_pool *pool, const coley_expr *a, const coley_expr *b)
{
    if (is_number(b, 0)) return a;
    if (is_number(a, 0)) return coley_expr_unary(pool, COLEY_OP_NEG, b);
    if (b->op == COLEY_OP_NEG) return coley_expr_binary(pool, COLEY_OP_ADD, a, b->arg[0]);
    return NULL;
}

static const coley_expr *made_product(coley_expr_pool *pool, const coley_expr *a, const coley_expr *b)
{
    if (is_number(a, 0) || is_number(b, 0)) return coley_expr_number(pool, 0);
    if (is_number(a, 1)) return b;
    if (is_number(b, 1)) return a;
    if (is_number(a, -1)) return coley_expr_unary(pool, COLEY_OP_NEG, b);
    if (is_number(b, -1)) return coley_expr_unary(pool, COLEY_OP_NEG, a);
    if (a->op == COLEY_OP_NEG && b->op == COLEY_OP_NEG)
        return coley_expr_binary(pool, COLEY_OP_MUL, a->arg[0], b->arg[0]);
    if (a->op == COLEY_OP_NEG)
        return coley_expr_unary(pool, COLEY_OP_NEG, coley_expr_binary(pool, COLEY_OP_MUL, a->arg[0], b));
    if (b->op == COLEY_OP_NEG)
        return coley_expr_unary(pool, COLEY_OP_NEG, coley_expr_binary(pool, COLEY_OP_MUL, a, b->arg[0]));
    return NULL;
}

static const coley_expr *made_quotient(coley_expr_pool *pool, const coley_expr *a, const coley_expr *b)
{
    if (is_number(b, 1)) return a;
    if (is_number(b, -1)) return coley_expr_unary(pool, COLEY_OP_NEG, a);
    if (is_number(a, 0)) return coley_expr_number(pool, 0);
    if (a->op == COLEY_OP_NEG && b->op == COLEY_OP_NEG)
        return coley_expr_binary(pool, COLEY_OP_DIV, a->arg[0], b->arg[0]);
    if (a->op == COLEY_OP_NEG)
        return coley_expr_unary(pool, COLEY_OP_NEG, coley_expr_binary(pool, COLEY_OP_DIV, a->arg[0], b));
    if (b->op == COLEY_OP_NEG)
        return coley_expr_unary(pool, COLEY_OP_NEG, coley_expr_binary(pool, COLEY_OP_DIV, a, b->arg[0]));
    return NULL;
}

static const coley_expr *made_logic(coley_expr_pool *pool, coley_op op, const coley_expr *a, const coley_expr *b)
{
    const int and = op == COLEY_OP_AND;
    const coley_expr *const pair[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        if (pair[i]->op != COLEY_OP_NUMBER) continue;
        if ((pair[i]->number != 0) != and) return coley_expr_number(pool, and? 0 : 1);
        if (is_truth(pair[1 - i])) return pair[1 - i];
    }
    return NULL;
}

/* A shorter way to say it, or NULL. */
static const coley_expr *made_shorter(coley_expr_pool *pool, coley_op op, const coley_expr *a, const coley_expr *b)
{
    switch (op) {
    case COLEY_OP_ADD:
        return made_sum(pool, a, b);
    case COLEY_OP_SUB:
        return made_difference(pool, a, b);
    case COLEY_OP_MUL:
        return made_product(pool, a, b);
    case COLEY_OP_DIV:
        return made_quotient(pool, a, b);
    case COLEY_OP_AND:
    case COLEY_OP_OR:
        return made_logic(pool, op, a, b);
    case COLEY_OP_MIN:
    case COLEY_OP_MAX:
        return a == b ? a : NULL;
    case COLEY_OP_POW:
        if (is_number(b, 0) || is_number(a, 1)) return coley_expr_number(pool, 1);
        return is_number(b, 1) ? a : NULL;
    default:
        return NULL;
    }
}

const coley_expr *coley_expr_binary(coley_expr_pool *pool, coley_op op, const coley_expr *a, const coley_expr *b)
{
    if (!a || !b) return NULL;
    if (a->op == COLEY_OP_NUMBER && b->op == COLEY_OP_NUMBER) {
        const double folded =
            op == COLEY_OP_POW ? coley_power_value(a->number, b->number) : coley_op_value(op, a->number, b->number, 0);
        return coley_expr_number(pool, folded);
    }
    const coley_expr *shorter = made_shorter(pool, op, a, b);
    if (shorter) return shorter;
    const int commutes = op == COLEY_OP_ADD || op == COLEY_OP_MUL || op == COLEY_OP_EQ || op == COLEY_OP_NE ||
                         op == COLEY_OP_AND || op == COLEY_OP_OR;
    if (commutes && a->id > b->id) return intern(pool, (coley_expr){.op = op, .symbol = -1, .arg = {b, a}});
    return intern(pool, (coley_expr){.op = op, .symbol = -1, .arg = {a, b}});
}

const coley_expr *coley_expr_select(coley_expr_pool *pool, const coley_expr *condition, const coley_expr *yes,
                                    const coley_expr *no)
{
    if (!condition || !yes || !no) return NULL;
    if (condition->op == COLEY_OP_NUMBER) return condition->number != 0 ? yes : no;
    if (yes == no) return yes;
    return intern(pool, (coley_expr){.op = COLEY_OP_SELECT, .symbol = -1, .arg = {condition, yes, no}});
}

static int walk_seen(coley_expr_walk *walk, const coley_expr *e)
{
    return e->id < walk->n_seen && walk->seen[e->id];
}

int coley_expr_walk_add(coley_expr_walk *walk, const coley_expr *root)
{
    if (!root) return 0;
    if (walk_seen(walk, root)) return 1;
    if (!COLEY_RESERVE(walk->arena, walk->seen, walk->n_seen, (size_t)root->id + 1)) return 0;
    walk->n_stack = 0;
    if (!COLEY_RESERVE(walk->arena, walk->stack, walk->cap_stack, 1)) return 0;
    walk->stack[walk->n_stack++] = root;
    while (walk->n_stack) {
        const coley_expr *e = walk->stack[walk->n_stack - 1];
        if (walk_seen(walk, e)) {
            walk->n_stack--;
            continue;
        }
        if (!COLEY_RESERVE(walk->arena, walk->stack, walk->cap_stack, walk->n_stack + 3)) return 0;
        int ready = 1;
        for (int i = 2; i >= 0; i--)
            if (e->arg[i] && !walk_seen(walk, e->arg[i])) {
                walk->stack[walk->n_stack++] = e->arg[i];
                ready = 0;
            }
        if (!ready) continue;
        if (!COLEY_RESERVE(walk->arena, walk->node, walk->cap, walk->n + 1)) return 0;
        walk->seen[e->id] = 1;
        walk->node[walk->n++] = e;
        walk->n_stack--;
    }
    return 1;
}

void coley_expr_walk_clear(coley_expr_walk *walk)
{
    for (size_t i = 0; i < walk->n; i++) walk->seen[walk->node[i]->id] = 0;
    walk->n = 0;
}
