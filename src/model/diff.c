/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diff.c -- the rules of differentiation, with a memory by node.
 *
 * Recursion is as deep as what was not derived yet: who derives a deep formula goes through its nodes from below. */
#include "model/diff.h"

void coley_diff_start(coley_diff *diff, const coley_expr *leaf)
{
    diff->leaf = leaf;
    diff->zero = coley_expr_number(diff->pool, 0.0);
    diff->round++;
}

typedef const coley_expr *node;

static node add(coley_diff *d, node a, node b)
{
    return coley_expr_binary(d->pool, COLEY_OP_ADD, a, b);
}

static node sub(coley_diff *d, node a, node b)
{
    return coley_expr_binary(d->pool, COLEY_OP_SUB, a, b);
}

static node mul(coley_diff *d, node a, node b)
{
    return coley_expr_binary(d->pool, COLEY_OP_MUL, a, b);
}

static node quotient(coley_diff *d, node a, node b)
{
    return coley_expr_binary(d->pool, COLEY_OP_DIV, a, b);
}

static node number(coley_diff *d, double x)
{
    return coley_expr_number(d->pool, x);
}

static int is_zero(node e)
{
    return e && e->op == COLEY_OP_NUMBER && e->number == 0.0;
}

/* x^n: n x^(n-1) x' + x^n ln(x) n'. At x = 0 the first factor is its limit, 1 for n = 1 and 0 for n > 1, and is taken
 * as 0 for n < 1, where there is none; so is the second part. */
static node power(coley_diff *d, node e, node dx, node dn)
{
    node x = e->arg[0], n = e->arg[1], sum = number(d, 0.0);
    node at_zero = coley_expr_binary(d->pool, COLEY_OP_EQ, x, number(d, 0.0));
    if (!is_zero(dx)) {
        node slope = mul(d, n, coley_expr_binary(d->pool, COLEY_OP_POW, x, sub(d, n, number(d, 1.0))));
        const int safe = n->op == COLEY_OP_NUMBER && n->number >= 1.0;
        node limit = coley_expr_binary(d->pool, COLEY_OP_EQ, n, number(d, 1.0));
        if (!safe) slope = coley_expr_select(d->pool, at_zero, limit, slope);
        sum = add(d, sum, mul(d, slope, dx));
    }
    if (!is_zero(dn)) {
        node rise = mul(d, e, coley_expr_unary(d->pool, COLEY_OP_LOG, x));
        node at_or_below = coley_expr_binary(d->pool, COLEY_OP_LE, x, number(d, 0.0));
        sum = add(d, sum, mul(d, coley_expr_select(d->pool, at_or_below, number(d, 0.0), rise), dn));
    }
    return sum;
}

static node chained(coley_diff *d, node e, node da)
{
    node a = e->arg[0], one = number(d, 1.0);
    coley_expr_pool *p = d->pool;
    switch (e->op) {
    case COLEY_OP_NEG:
        return coley_expr_unary(p, COLEY_OP_NEG, da);
    case COLEY_OP_EXP:
        return mul(d, e, da);
    case COLEY_OP_LOG:
        return quotient(d, da, a);
    case COLEY_OP_SQRT: {
        node at_zero = coley_expr_binary(p, COLEY_OP_EQ, e, number(d, 0.0));
        return coley_expr_select(p, at_zero, number(d, 0.0), quotient(d, da, mul(d, number(d, 2.0), e)));
    }
    case COLEY_OP_ABS:
        return coley_expr_select(p, coley_expr_binary(p, COLEY_OP_LT, a, number(d, 0.0)),
                                 coley_expr_unary(p, COLEY_OP_NEG, da), da);
    case COLEY_OP_SIN:
        return mul(d, coley_expr_unary(p, COLEY_OP_COS, a), da);
    case COLEY_OP_COS:
        return coley_expr_unary(p, COLEY_OP_NEG, mul(d, coley_expr_unary(p, COLEY_OP_SIN, a), da));
    case COLEY_OP_TAN:
        return mul(d, add(d, one, mul(d, e, e)), da);
    case COLEY_OP_ASIN:
        return quotient(d, da, coley_expr_unary(p, COLEY_OP_SQRT, sub(d, one, mul(d, a, a))));
    case COLEY_OP_ACOS:
        return coley_expr_unary(p, COLEY_OP_NEG,
                                quotient(d, da, coley_expr_unary(p, COLEY_OP_SQRT, sub(d, one, mul(d, a, a)))));
    case COLEY_OP_ATAN:
        return quotient(d, da, add(d, one, mul(d, a, a)));
    case COLEY_OP_SINH:
        return mul(d, coley_expr_unary(p, COLEY_OP_COSH, a), da);
    case COLEY_OP_COSH:
        return mul(d, coley_expr_unary(p, COLEY_OP_SINH, a), da);
    case COLEY_OP_TANH:
        return mul(d, sub(d, one, mul(d, e, e)), da);
    default:
        return number(d, 0.0); /* floor, ceil, conditions: flat between their jumps */
    }
}

enum { HAS_QUOTIENT = 1, MAY_OVERFLOW = 2, KNOWN = 4 };

/* What is below e; 0 when there is no memory. */
static int kind_of(coley_diff *d, node e)
{
    if (e->id < d->cap_kind && d->kind[e->id]) return d->kind[e->id];
    int kind = KNOWN;
    for (int i = 0; i < 3 && e->arg[i]; i++) {
        const int below = kind_of(d, e->arg[i]);
        if (!below) return 0;
        kind |= below;
        if (e->op == COLEY_OP_POW && i == 0 && (below & HAS_QUOTIENT)) kind |= MAY_OVERFLOW;
    }
    if (e->op == COLEY_OP_DIV) kind |= HAS_QUOTIENT;
    if (e->op == COLEY_OP_EXP) kind |= MAY_OVERFLOW;
    if (!COLEY_RESERVE(d->arena, d->kind, d->cap_kind, (size_t)e->id + 1)) return 0;
    return d->kind[e->id] = (unsigned char)kind;
}

/* (a / b)' = (a' - e b') / b */
static node quotient_slope(coley_diff *d, node e, node da, node db)
{
    node b = e->arg[1], slope = quotient(d, sub(d, da, mul(d, e, db)), b);
    const int kind = kind_of(d, b);
    if (!kind) return NULL;
    if (is_zero(db) || !(kind & MAY_OVERFLOW)) return slope;
    node huge = coley_expr_binary(d->pool, COLEY_OP_GT, b, number(d, 1e150));
    return coley_expr_select(d->pool, huge, number(d, 0.0), slope);
}

static node derive(coley_diff *d, node e)
{
    if (!kind_of(d, e)) return NULL;
    if (e == d->leaf) return number(d, 1.0);
    if (!e->arg[0]) return d->zero;
    node a = e->arg[0], b = e->arg[1], c = e->arg[2];
    if (e->op == COLEY_OP_SELECT) return coley_expr_select(d->pool, a, coley_diff_of(d, b), coley_diff_of(d, c));
    node da = coley_diff_of(d, a), db = b ? coley_diff_of(d, b) : NULL;
    if (!da || (b && !db)) return NULL;
    if (is_zero(da) && (!b || is_zero(db))) return d->zero;
    switch (e->op) {
    case COLEY_OP_ADD:
        return add(d, da, db);
    case COLEY_OP_SUB:
        return sub(d, da, db);
    case COLEY_OP_MUL:
        return add(d, mul(d, da, b), mul(d, a, db));
    case COLEY_OP_DIV:
        return quotient_slope(d, e, da, db);
    case COLEY_OP_POW:
        return power(d, e, da, db);
    case COLEY_OP_MIN:
        return coley_expr_select(d->pool, coley_expr_binary(d->pool, COLEY_OP_LT, a, b), da, db);
    case COLEY_OP_MAX:
        return coley_expr_select(d->pool, coley_expr_binary(d->pool, COLEY_OP_GT, a, b), da, db);
    default:
        return chained(d, e, da);
    }
}

const coley_expr *coley_diff_of(coley_diff *diff, const coley_expr *expr)
{
    if (!expr) return NULL;
    const size_t id = expr->id;
    if (id < diff->cap && id < diff->cap_stamp && diff->stamp[id] == diff->round) return diff->known[id];
    const coley_expr *made = derive(diff, expr);
    if (!made || !COLEY_RESERVE(diff->arena, diff->known, diff->cap, id + 1) ||
        !COLEY_RESERVE(diff->arena, diff->stamp, diff->cap_stamp, id + 1))
        return NULL;
    diff->known[id] = made;
    diff->stamp[id] = diff->round;
    return made;
}
