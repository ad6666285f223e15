/* SPDX-License-Identifier: GPL-3.0-or-later */
/* native_build.h -- modules of machine code (native.h) made by the system's C compiler: for Coley's own models while
 * Coley is built, for a user's model when it is asked for, and then kept in the user's cache. */
#ifndef COLEY_SOLVE_NATIVE_BUILD_H
#define COLEY_SOLVE_NATIVE_BUILD_H

#include "solve/native.h"

/* Compile `source` for an instruction set into the shared object `file`, which appears whole or not at all. `compiler`
 * is a program's name or path. ERR_UNSUPPORTED when it cannot be run, ERR_IO with its first complaint when it fails. */
COLEY_MUST_CHECK coley_status coley_native_compile(coley_arena *arena, const coley_text *source, coley_isa isa,
                                                   const char *compiler, const char *file, coley_error *err);

/* Machine code of a program for this processor: the module built with Coley, or one in the user's cache, or one compiled
 * now by $CC, else cc, and put there. The cache is $XDG_CACHE_HOME/coley/native, else ~/.cache/coley/native, private to
 * the user; a module's name is the fingerprint of its source, compiler and options. */
COLEY_MUST_CHECK coley_status coley_native_make(coley_arena *arena, const coley_program *program,
                                                const coley_native **native, coley_error *err);

#endif
