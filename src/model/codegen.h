/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codegen.h -- tapes written down as C: one statement a value, in the order in which they are asked for.
 *
 * The statements are the tape's own operations on the same operands, so that what they compute has the same bits. They
 * name: V, a vector of lanes; A(number), a number in all lanes; LD(column base, column); w, the work space; y, the
 * states; t, the time; f, the table of functions that are more than an instruction (coley_tape_kernels.function). */
#ifndef COLEY_MODEL_CODEGEN_H
#define COLEY_MODEL_CODEGEN_H

#include "base/text.h"
#include "model/tape.h"

typedef struct coley_codegen coley_codegen;

/* Begin one C function's body for `tape`; `text` receives the statements. NULL when there is no memory. */
coley_codegen *coley_codegen_begin(coley_arena *arena, const coley_program *program, const coley_tape *tape,
                                   coley_text *text);

enum { COLEY_CODEGEN_NAME = 48 };

/* Write what result `i` needs and is not written yet; `name` is then an expression for it. */
void coley_codegen_result(coley_codegen *code, size_t i, char name[COLEY_CODEGEN_NAME]);

/* Write what is computed by functions, ahead of all else: a call in the middle costs every register. */
void coley_codegen_calls(coley_codegen *code);

/* What every body's file starts with: V, A, LD and the operations, for any instruction set. */
void coley_codegen_preamble(coley_text *text);

#endif
