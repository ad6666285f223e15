/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape.h -- the flat vector program itself: instructions over columns of lanes.
 *
 * A column is `width` doubles; column c of a work space starts at c * width. Every instruction reads and writes whole
 * columns. The kernels are compiled for each instruction set and give the same bits on all (see expr_eval.c). */
#ifndef COLEY_MODEL_TAPE_H
#define COLEY_MODEL_TAPE_H

#include <stddef.h>
#include <stdint.h>

typedef struct coley_instruction {
    uint32_t op;     /* coley_op */
    int32_t to;      /* column written */
    int32_t from[3]; /* columns read, -1 when not used */
} coley_instruction;

typedef struct coley_tape_kernels {
    const char *name;
    void (*run)(const coley_instruction *instruction, size_t n, size_t width, double *work);
} coley_tape_kernels;

extern const coley_tape_kernels coley_tape_portable, coley_tape_avx2, coley_tape_avx512;
const coley_tape_kernels *coley_tape_best(void);

#endif
