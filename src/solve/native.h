/* SPDX-License-Identifier: GPL-3.0-or-later */
/* native.h -- a model as machine code: its right-hand side, its Jacobian with the factorisation, and a stage of the
 * Rosenbrock method, for blocks of COLEY_LANES lanes.
 *
 * The code comes from the program's own tapes and from the plan of its elimination; it does the same operations in the
 * same order, so it gives the same bits as the vector program, whichever compiler made it and for whichever instruction
 * set (contraction off). It reads the lanes' constants from the work space that coley_program_initial filled.
 *
 * Modules are shared objects, one for each program and instruction set. Those of Coley's own models are made when Coley
 * is built and lie beside it; coley_native_find looks there. native_build.h makes them for anybody's model. */
#ifndef COLEY_SOLVE_NATIVE_H
#define COLEY_SOLVE_NATIVE_H

#include "base/sha256.h"
#include "base/text.h"
#include "math/isa.h"
#include "model/tape.h"
#include "solve/system.h"

/* Columns are COLEY_LANES wide. `function` is coley_tape_kernels.function of the instruction set. */
struct coley_native {
    const coley_tape_function *function;
    void (*rhs)(const coley_tape_function *function, const double *work, const double *t, const double *y, double *dy);
    /* factors of shift I - J(t, y), lanes whose pivots are lost, and df/dt where the system uses time */
    void (*factor)(const coley_tape_function *function, const double *work, const double *t, const double *y,
                   const double *shift, double *factors, double *bad, double *dfdt);
    /* u from (shift I - J) u = f(t, y) + sum */
    void (*stage)(const coley_tape_function *function, const double *work, const double *t, const double *y,
                  const double *sum, const double *factors, double *u);
    /* x from (shift I - J) x = x */
    void (*solve)(const double *factors, double *x);
};

/* What the module of a program is called: a fingerprint of its tapes and of the code's form. */
coley_status coley_native_key(coley_arena *arena, const coley_program *program, coley_sha256 *key, coley_error *err);

/* The C source of a program's module, for every instruction set; ERR_UNSUPPORTED for a model so large that compiling it
 * would take minutes. */
COLEY_MUST_CHECK coley_status coley_native_source(coley_arena *arena, const coley_program *program,
                                                  const coley_sha256 *key, coley_text *source, coley_error *err);

/* "avx512", "avx2" or "portable", and the compiler options of that set. */
const char *coley_native_isa_name(coley_isa isa);
const char *const *coley_native_isa_options(coley_isa isa);

/* The module of `key` for an instruction set in a folder of modules; NULL when there is no memory. */
const char *coley_native_file(coley_arena *arena, const char *folder, const coley_sha256 *key, coley_isa isa);

/* Load the module in `file`, which must be that of `key`. It stays loaded until the process ends; `native` is owned by
 * `arena`. */
COLEY_MUST_CHECK coley_status coley_native_open(coley_arena *arena, const char *file, const coley_sha256 *key,
                                                const coley_native **native, coley_error *err);

/* The module that was built with Coley for this program and processor, or NULL when there is none: then the vector
 * program does the work. COLEY_NATIVE in the environment names another folder to look in, "off" none. */
const coley_native *coley_native_find(coley_arena *arena, const coley_program *program);

#endif
