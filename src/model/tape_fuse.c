/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape_fuse.c -- a product that only one sum reads becomes part of it: a column less written and read. Both are still
 * rounded, so that no bit changes. */
#include "model/tape.h"

/* What is known of one instruction. */
typedef struct about {
    int32_t made_by[3]; /* instruction that made each operand, or -1 */
    int32_t n_readers;
    unsigned char gone;
} about;

/* Operand j of sum `k` as a product to take in: its instruction, or -1. `writer` says who made each scratch column as
 * the tape stands at k. */
static int32_t product_of(const coley_tape *tape, const about *of, const int32_t *writer, int32_t first_scratch,
                          size_t k, int j)
{
    const int32_t i = of[k].made_by[j];
    if (i < 0 || tape->instruction[i].op != COLEY_OP_MUL || of[i].n_readers != 1) return -1;
    for (int m = 0; m < 2; m++) {
        const int32_t column = tape->instruction[i].from[m];
        if (column >= first_scratch && writer[column - first_scratch] != of[i].made_by[m]) return -1;
    }
    return i;
}

static void take_in(coley_instruction *sum, int j, const coley_instruction *product)
{
    const int32_t other = sum->from[1 - j];
    const int before = sum->op == COLEY_OP_SUB && j == 1; /* other - product */
    sum->op = before ? COLEY_TAPE_SUB_MUL : sum->op == COLEY_OP_SUB ? COLEY_TAPE_MUL_SUB : COLEY_TAPE_MUL_ADD;
    sum->from[0] = before ? other : product->from[0];
    sum->from[1] = before ? product->from[0] : product->from[1];
    sum->from[2] = before ? product->from[1] : other;
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
        coley_instruction *sum = &tape->instruction[k];
        for (int j = 0; j < 2 && (sum->op == COLEY_OP_ADD || sum->op == COLEY_OP_SUB); j++) {
            const int32_t i = product_of(tape, of, writer, first_scratch, k, j);
            if (i < 0) continue;
            take_in(sum, j, &tape->instruction[i]);
            of[i].gone = 1;
        }
        writer[sum->to - first_scratch] = (int32_t)k;
    }
    size_t n = 0;
    for (size_t i = 0; i < tape->n; i++)
        if (!of[i].gone) tape->instruction[n++] = tape->instruction[i];
    tape->n = n;
    return 1;
}
