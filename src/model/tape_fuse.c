/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape_fuse.c -- a product, a sum or a difference that only one operation reads becomes part of it: a column less
 * written and read. Both are still rounded, so that no bit changes. */
#include "model/tape.h"

/* What is known of one instruction. */
typedef struct about {
    int32_t made_by[3]; /* instruction that made each operand, or -1 */
    int32_t n_readers;
    unsigned char gone;
} about;

/* What `inner` and the operation `outer` that reads it as operand j are in one; -1: there is no such operation. */
static int pair_of(uint32_t outer, uint32_t inner, int j)
{
    const int left = j == 0;
    switch ((int)outer) {
    case COLEY_OP_ADD:
        return inner == COLEY_OP_MUL   ? COLEY_TAPE_MUL_ADD
               : inner == COLEY_OP_ADD ? COLEY_TAPE_ADD_ADD
                                       : COLEY_TAPE_SUB_ADD;
    case COLEY_OP_SUB:
        if (inner == COLEY_OP_MUL) return left ? COLEY_TAPE_MUL_SUB : COLEY_TAPE_SUB_MUL;
        if (inner == COLEY_OP_ADD) return left ? COLEY_TAPE_ADD_SUB : COLEY_TAPE_LESS_SUM;
        return left ? COLEY_TAPE_SUB_SUB : COLEY_TAPE_LESS_REST;
    case COLEY_OP_MUL:
        return inner == COLEY_OP_MUL   ? COLEY_TAPE_MUL_MUL
               : inner == COLEY_OP_ADD ? COLEY_TAPE_SUM_TIMES
                                       : COLEY_TAPE_REST_TIMES;
    case COLEY_OP_DIV:
        return inner == COLEY_OP_ADD && !left ? COLEY_TAPE_OVER_SUM : -1;
    default:
        return -1;
    }
}

/* Operand j of instruction `k` as one to take in: its instruction, or -1. `writer` says who made each scratch column as
 * the tape stands at k. */
static int32_t inner_of(const coley_tape *tape, const about *of, const int32_t *writer, int32_t first_scratch, size_t k,
                        int j)
{
    const int32_t i = of[k].made_by[j];
    if (i < 0 || of[i].n_readers != 1) return -1;
    const uint32_t op = tape->instruction[i].op;
    if (op != COLEY_OP_MUL && op != COLEY_OP_ADD && op != COLEY_OP_SUB) return -1;
    if (pair_of(tape->instruction[k].op, op, j) < 0) return -1;
    for (int m = 0; m < 2; m++) {
        const int32_t column = tape->instruction[i].from[m];
        if (column >= first_scratch && writer[column - first_scratch] != of[i].made_by[m]) return -1;
    }
    return i;
}

static void take_in(coley_instruction *outer, int j, const coley_instruction *inner)
{
    const int32_t other = outer->from[1 - j];
    const int before = j == 1 && (outer->op == COLEY_OP_SUB || outer->op == COLEY_OP_DIV); /* other - inner */
    outer->op = (uint32_t)pair_of(outer->op, inner->op, j);
    outer->from[0] = before ? other : inner->from[0];
    outer->from[1] = before ? inner->from[0] : inner->from[1];
    outer->from[2] = before ? inner->from[1] : other;
}

int coley_tape_fuse(coley_arena *arena, coley_tape *tape, int32_t first_scratch, size_t n_scratch)
{
    about *of = COLEY_NEW(arena, about, tape->n);
    int32_t *writer = COLEY_NEW(arena, int32_t, n_scratch);
    if (!of || !writer) return 0;
    for (size_t c = 0; c < n_scratch; c++) writer[c] = -1;
    for (size_t i = 0; i < tape->n; i++) {
        const coley_instruction *k = &tape->instruction[i];
        for (int j = 0; j < 3; j++) {
            of[i].made_by[j] = k->from[j] >= first_scratch ? writer[k->from[j] - first_scratch] : -1;
            if (of[i].made_by[j] >= 0) of[of[i].made_by[j]].n_readers++;
        }
        writer[k->to - first_scratch] = (int32_t)i;
    }
    for (size_t r = 0; r < tape->n_results; r++)
        if (tape->result[r] >= first_scratch && writer[tape->result[r] - first_scratch] >= 0)
            of[writer[tape->result[r] - first_scratch]].n_readers += 2;

    for (size_t c = 0; c < n_scratch; c++) writer[c] = -1;
    for (size_t k = 0; k < tape->n; k++) {
        coley_instruction *outer = &tape->instruction[k];
        for (int j = 0; j < 2; j++) {
            const int32_t i = inner_of(tape, of, writer, first_scratch, k, j);
            if (i < 0) continue;
            take_in(outer, j, &tape->instruction[i]);
            of[i].gone = 1;
            break;
        }
        writer[outer->to - first_scratch] = (int32_t)k;
    }
    size_t n = 0;
    for (size_t i = 0; i < tape->n; i++)
        if (!of[i].gone) tape->instruction[n++] = tape->instruction[i];
    tape->n = n;
    return 1;
}
