/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape_assemble.c -- formulas become instructions, arguments before their users; a column is free again once all who
 * read it are written. */
#include "model/tape_assemble.h"

typedef struct assembler {
    coley_arena *arena;
    coley_expr_pool *pool;
    coley_tape *tape;
    size_t cap;
    int32_t *column; /* by node id, -1 when not computed */
    uint32_t *uses;  /* by node id: readers still to come */
    int32_t *free_column;
    size_t n_free, n_scratch, n_ids;
    int32_t first_scratch;
    int keep; /* results and all else stay: nothing is freed */
} assembler;

static int emit(assembler *a, coley_op op, int32_t to, int32_t x, int32_t y, int32_t z)
{
    if (!COLEY_RESERVE(a->arena, a->tape->instruction, a->cap, a->tape->n + 1)) return 0;
    a->tape->instruction[a->tape->n++] = (coley_instruction){(uint32_t)op, to, {x, y, z}};
    return 1;
}

static int32_t scratch_column(assembler *a)
{
    if (a->n_free) return a->free_column[--a->n_free];
    return a->first_scratch + (int32_t)a->n_scratch++;
}

static void release(assembler *a, const coley_expr *e)
{
    if (!e || a->keep || --a->uses[e->id]) return;
    const int32_t column = a->column[e->id];
    if (column >= a->first_scratch) a->free_column[a->n_free++] = column;
}

/* x^n for a number n: whole and half powers by multiplication and square root, in the order of coley_power_value. */
static int emit_power(assembler *a, int32_t to, int32_t x, double n)
{
    const double size = n < 0 ? -n : n;
    unsigned whole = (unsigned)size;
    const int half = (double)whole != size;
    int32_t square = x, owned = -1;
    int started = 0, good = 1;
    for (unsigned bits = whole; bits; bits >>= 1) {
        if (bits & 1) {
            good &= started ? emit(a, COLEY_OP_MUL, to, to, square, -1) : emit(a, COLEY_OP_MAX, to, square, square, -1);
            started = 1;
        }
        if (bits > 1) {
            if (owned < 0) owned = scratch_column(a);
            good &= emit(a, COLEY_OP_MUL, owned, square, square, -1);
            square = owned;
        }
    }
    if (half) {
        if (owned < 0) owned = scratch_column(a);
        good &= emit(a, COLEY_OP_SQRT, started ? owned : to, x, -1, -1);
        if (started) good &= emit(a, COLEY_OP_MUL, to, to, owned, -1);
    }
    if (owned >= 0) a->free_column[a->n_free++] = owned;
    return good;
}

static int small_power(double n)
{
    const double size = n < 0 ? -n : n;
    return size > 0 && size <= 32 && 2 * size == (double)(unsigned)(2 * size);
}

static int emit_node(assembler *a, const coley_expr *e)
{
    const int32_t to = scratch_column(a);
    int32_t x[3] = {-1, -1, -1};
    for (int i = 0; i < 3 && e->arg[i]; i++) x[i] = a->column[e->arg[i]->id];
    int good;
    if (e->op == COLEY_OP_POW && e->arg[1]->op == COLEY_OP_NUMBER && small_power(e->arg[1]->number)) {
        good = emit_power(a, to, x[0], e->arg[1]->number);
        if (good && e->arg[1]->number < 0) {
            const coley_expr *one = coley_expr_number(a->pool, 1.0);
            if (!one || one->id >= a->n_ids || a->column[one->id] < 0) return 0;
            good = emit(a, COLEY_OP_DIV, to, a->column[one->id], to, -1);
        }
    } else if (e->op == COLEY_OP_POW && e->arg[0]->op == COLEY_OP_NUMBER && e->arg[0]->number == 2.0) {
        good = emit(a, (coley_op)COLEY_TAPE_EXP2, to, x[1], -1, -1);
    } else {
        good = emit(a, e->op, to, x[0], x[1], x[2]);
    }
    a->column[e->id] = to;
    return good;
}

static int assemble(assembler *a, const coley_expr *const *result, size_t n_results)
{
    coley_expr_walk walk = {.arena = a->arena};
    for (size_t i = 0; i < n_results; i++)
        if (!coley_expr_walk_add(&walk, result[i])) return 0;
    const size_t n_ids = a->n_ids = coley_expr_count(a->pool);
    a->uses = COLEY_NEW(a->arena, uint32_t, n_ids);
    a->free_column = COLEY_NEW(a->arena, int32_t, 3 * walk.n + 8);
    a->tape->result = COLEY_NEW(a->arena, int32_t, n_results);
    if (!a->uses || !a->free_column || !a->tape->result) return 0;
    /* Walk down from what is known: nodes under a lane constant are not needed here. */
    unsigned char *needed = COLEY_NEW(a->arena, unsigned char, n_ids);
    if (!needed) return 0;
    for (size_t i = 0; i < n_results; i++) {
        needed[result[i]->id] = 1;
        a->uses[result[i]->id]++;
    }
    for (size_t i = walk.n; i-- > 0;) {
        const coley_expr *e = walk.node[i];
        if (!needed[e->id] || a->column[e->id] >= 0) continue;
        for (int j = 0; j < 3 && e->arg[j]; j++) {
            needed[e->arg[j]->id] = 1;
            a->uses[e->arg[j]->id]++;
        }
    }
    for (size_t i = 0; i < walk.n; i++) {
        const coley_expr *e = walk.node[i];
        if (!needed[e->id] || a->column[e->id] >= 0) continue;
        if (!emit_node(a, e)) return 0;
        for (int j = 0; j < 3; j++) release(a, e->arg[j]);
    }
    for (size_t i = 0; i < n_results; i++) a->tape->result[i] = a->column[result[i]->id];
    a->tape->n_results = n_results;
    return a->keep || coley_tape_fuse(a->arena, a->tape, a->first_scratch, a->n_scratch);
}

int coley_tape_assemble(coley_tape_making *making, const coley_expr *const *result, size_t n, coley_tape *tape)
{
    assembler a = {.arena = making->arena,
                   .pool = making->pool,
                   .tape = tape,
                   .column = making->column,
                   .first_scratch = making->first_scratch,
                   .keep = making->keep};
    const int good = assemble(&a, result, n);
    making->n_scratch = a.n_scratch;
    return good;
}
