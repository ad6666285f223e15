/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reduce.c -- see reduce.h. One walk over all formulas, arguments before their users. */
#include "model/reduce.h"

int coley_reduce(coley_arena *arena, coley_expr_pool *pool, int32_t first_moving, const coley_expr **formula, size_t n)
{
    coley_expr_walk walk = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        if (!coley_expr_walk_add(&walk, formula[i])) return 0;
    const coley_expr *one = coley_expr_number(pool, 1.0);
    const size_t n_ids = coley_expr_count(pool);
    unsigned char *moving = COLEY_NEW(arena, unsigned char, n_ids);
    uint32_t *divided = COLEY_NEW(arena, uint32_t, n_ids); /* by id: numerators that it divides */
    const coley_expr **made = COLEY_NEW(arena, const coley_expr *, n_ids);
    if (!one || !moving || !divided || !made) return 0;
    for (size_t i = 0; i < walk.n; i++) {
        const coley_expr *e = walk.node[i];
        moving[e->id] = e->op == COLEY_OP_TIME || (e->op == COLEY_OP_SYMBOL && e->symbol >= first_moving);
        for (int j = 0; j < 3 && e->arg[j]; j++) moving[e->id] |= moving[e->arg[j]->id];
        if (e->op == COLEY_OP_DIV) divided[e->arg[1]->id]++;
    }
    for (size_t i = 0; i < walk.n; i++) {
        const coley_expr *e = walk.node[i], *arg[3] = {NULL, NULL, NULL};
        for (int j = 0; j < 3 && e->arg[j]; j++) arg[j] = made[e->arg[j]->id];
        const coley_expr **to = &made[e->id];
        if (!arg[0] || !moving[e->id])
            *to = e;
        else if (e->op == COLEY_OP_DIV && (!moving[e->arg[1]->id] || divided[e->arg[1]->id] > 1))
            *to = coley_expr_binary(pool, COLEY_OP_MUL, arg[0], coley_expr_binary(pool, COLEY_OP_DIV, one, arg[1]));
        else if (e->op == COLEY_OP_SELECT)
            *to = coley_expr_select(pool, arg[0], arg[1], arg[2]);
        else
            *to = arg[1] ? coley_expr_binary(pool, e->op, arg[0], arg[1]) : coley_expr_unary(pool, e->op, arg[0]);
        if (!*to) return 0;
    }
    for (size_t i = 0; i < n; i++) formula[i] = made[formula[i]->id];
    return 1;
}
