/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape.h -- the flat vector program itself: instructions over columns of lanes.
 *
 * A column is `width` doubles; column c of a work space starts at c * width. Every instruction reads and writes whole
 * columns. The kernels are compiled for each instruction set and give the same bits on all (see expr_eval.c). */
#ifndef COLEY_MODEL_TAPE_H
#define COLEY_MODEL_TAPE_H

#include <stddef.h>
#include <stdint.h>

#include "model/expr.h"
#include "model/program.h"

/* Operations of tapes alone: 2^a, and two in one, each rounded as if it stood alone. */
enum {
    COLEY_TAPE_EXP2 = COLEY_OP_COUNT,
    COLEY_TAPE_MUL_ADD,    /* a b + c */
    COLEY_TAPE_MUL_SUB,    /* a b - c */
    COLEY_TAPE_SUB_MUL,    /* a - b c */
    COLEY_TAPE_MUL_MUL,    /* (a b) c */
    COLEY_TAPE_ADD_ADD,    /* (a + b) + c */
    COLEY_TAPE_SUB_ADD,    /* (a - b) + c */
    COLEY_TAPE_ADD_SUB,    /* (a + b) - c */
    COLEY_TAPE_SUB_SUB,    /* (a - b) - c */
    COLEY_TAPE_LESS_SUM,   /* a - (b + c) */
    COLEY_TAPE_LESS_REST,  /* a - (b - c) */
    COLEY_TAPE_SUM_TIMES,  /* (a + b) c */
    COLEY_TAPE_REST_TIMES, /* (a - b) c */
    COLEY_TAPE_OVER_SUM,   /* a / (b + c) */
    COLEY_TAPE_OP_COUNT
};

typedef struct coley_instruction {
    uint32_t op;     /* coley_op, or one of the above */
    int32_t to;      /* column written */
    int32_t from[3]; /* columns read, -1 when not used */
} coley_instruction;

/* One list of instructions and the columns where its results stand. */
typedef struct coley_tape {
    size_t n, n_results;
    coley_instruction *instruction;
    int32_t *result;
} coley_tape;

/* Take products, sums and differences into the operations that alone read them (tape_fuse.c). False when there is no
 * memory. */
int coley_tape_fuse(coley_arena *arena, coley_tape *tape, int32_t first_scratch, size_t n_scratch);

/* One operation on n numbers, n a multiple of COLEY_LANES; b is read by operations of two arguments only. */
typedef void (*coley_tape_function)(size_t n, double *to, const double *a, const double *b);

typedef struct coley_tape_kernels {
    const char *name;
    void (*run)(const coley_instruction *instruction, size_t n, size_t width, double *work);
    /* to[i] = work's column[i] + plus[i], columns of `width`, i < n */
    void (*take)(const int32_t *column, size_t n, size_t width, const double *work, const double *plus, double *to);
    coley_tape_function function[COLEY_TAPE_OP_COUNT]; /* what compiled models call: those that are more than one
                                                     instruction of the processor; NULL for the others */
} coley_tape_kernels;

extern const coley_tape_kernels coley_tape_portable, coley_tape_avx2, coley_tape_avx512;
const coley_tape_kernels *coley_tape_best(void);

/* A program from inside, for those who write it down as C: its run-time tapes over the columns
 *
 *     literals | inputs and lane constants | states, from first_state | time | scratch, from first_scratch. */
typedef struct coley_program_layout {
    size_t n_literals, n_states;
    const double *literal;
    int32_t first_state, first_scratch;
    const coley_tape *rhs, *jacobian; /* results: n_states; the Jacobian's values, then df/dt where time is used */
} coley_program_layout;
coley_program_layout coley_program_layout_of(const coley_program *program);

#endif
