/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reduce.c -- see reduce.h. One walk over all formulas, arguments before their users. */
#include "model/reduce.h"

typedef struct reducer {
    coley_arena *arena;
    coley_expr_pool *pool;
    int32_t first_moving;
    const coley_expr *one;
    unsigned char *moves; /* by id, of every node met or made: 0 not known, 1 fixed, 2 moving */
    size_t cap;
} reducer;

enum { NOT_KNOWN, FIXED, MOVING };

/* Whether a node moves, from its arguments, which are known. */
static int learn(reducer *r, const coley_expr *e)
{
    if (!e || !COLEY_RESERVE(r->arena, r->moves, r->cap, (size_t)e->id + 1)) return 0;
    int moving = e->op == COLEY_OP_TIME || (e->op == COLEY_OP_SYMBOL && e->symbol >= r->first_moving);
    for (int j = 0; j < 3 && e->arg[j]; j++) moving |= r->moves[e->arg[j]->id] == MOVING;
    r->moves[e->id] = moving ? MOVING : FIXED;
    return 1;
}

static int is_fixed(const reducer *r, const coley_expr *e)
{
    return r->moves[e->id] == FIXED;
}

static const coley_expr *binary(reducer *r, coley_op op, const coley_expr *a, const coley_expr *b)
{
    const coley_expr *made = coley_expr_binary(r->pool, op, a, b);
    return learn(r, made) ? made : NULL;
}

/* A product of a fixed factor c and something else, which it gives as `rest`; NULL for any other formula. */
static const coley_expr *fixed_factor(const reducer *r, const coley_expr *e, const coley_expr **rest)
{
    if (e->op != COLEY_OP_MUL || is_fixed(r, e)) return NULL;
    const int first = is_fixed(r, e->arg[0]);
    if (!first && !is_fixed(r, e->arg[1])) return NULL;
    *rest = e->arg[first];
    return e->arg[!first];
}

/* a * b with its fixed factors together in front: (c x)(d y) = (c d)(x y). Parts that are shared are not lost by it:
 * what is made takes no more operations than what it replaces. */
static const coley_expr *product(reducer *r, const coley_expr *a, const coley_expr *b)
{
    const coley_expr *x = NULL, *y = NULL;
    if (!a || !b) return NULL;
    const coley_expr *c = fixed_factor(r, a, &x), *d = fixed_factor(r, b, &y);
    if (c && is_fixed(r, b)) return product(r, binary(r, COLEY_OP_MUL, c, b), x);
    if (d && is_fixed(r, a)) return product(r, binary(r, COLEY_OP_MUL, a, d), y);
    return binary(r, COLEY_OP_MUL, a, b);
}

/* -a, the sign taken by a fixed factor. */
static const coley_expr *negative(reducer *r, const coley_expr *a)
{
    const coley_expr *x = NULL, *c = fixed_factor(r, a, &x);
    const coley_expr *minus = coley_expr_unary(r->pool, COLEY_OP_NEG, c ? c : a);
    if (!learn(r, minus)) return NULL;
    return c ? binary(r, COLEY_OP_MUL, minus, x) : minus;
}

static const coley_expr *reduced(reducer *r, const coley_expr *e, const coley_expr *const *arg, int shared)
{
    if (e->op == COLEY_OP_DIV && (is_fixed(r, arg[1]) || shared)) {
        const coley_expr *reciprocal = binary(r, COLEY_OP_DIV, r->one, arg[1]);
        return reciprocal ? product(r, arg[0], reciprocal) : NULL;
    }
    if (e->op == COLEY_OP_MUL) return product(r, arg[0], arg[1]);
    if (e->op == COLEY_OP_NEG) return negative(r, arg[0]);
    return e->op == COLEY_OP_SELECT ? coley_expr_select(r->pool, arg[0], arg[1], arg[2])
           : arg[1]                 ? coley_expr_binary(r->pool, e->op, arg[0], arg[1])
                                    : coley_expr_unary(r->pool, e->op, arg[0]);
}

int coley_reduce(coley_arena *arena, coley_expr_pool *pool, int32_t first_moving, const coley_expr **formula, size_t n)
{
    coley_expr_walk walk = {.arena = arena};
    reducer r = {.arena = arena, .pool = pool, .first_moving = first_moving, .one = coley_expr_number(pool, 1.0)};
    for (size_t i = 0; i < n; i++)
        if (!coley_expr_walk_add(&walk, formula[i])) return 0;
    const size_t n_ids = coley_expr_count(pool);
    uint32_t *divided = COLEY_NEW(arena, uint32_t, n_ids); /* by id: numerators that it divides */
    const coley_expr **made = COLEY_NEW(arena, const coley_expr *, n_ids);
    if (!divided || !made || !learn(&r, r.one)) return 0;
    for (size_t i = 0; i < walk.n; i++) {
        if (!learn(&r, walk.node[i])) return 0;
        if (walk.node[i]->op == COLEY_OP_DIV) divided[walk.node[i]->arg[1]->id]++;
    }
    for (size_t i = 0; i < walk.n; i++) {
        const coley_expr *e = walk.node[i], *arg[3] = {NULL, NULL, NULL};
        for (int j = 0; j < 3 && e->arg[j]; j++) arg[j] = made[e->arg[j]->id];
        made[e->id] = !arg[0] || is_fixed(&r, e) ? e : reduced(&r, e, arg, divided[e->arg[1] ? e->arg[1]->id : 0] > 1);
        if (!learn(&r, made[e->id])) return 0;
    }
    for (size_t i = 0; i < n; i++) formula[i] = made[formula[i]->id];
    return 1;
}
