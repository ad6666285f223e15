/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isa.h -- which compilation of a kernel text this processor runs best.
 *
 * A kernel text (*_kernel.h) is compiled once for every instruction set below. Nothing is contracted into fused
 * multiply-adds and each lane is summed in one fixed order, so every compilation gives the same bits. */
#ifndef COLEY_MATH_ISA_H
#define COLEY_MATH_ISA_H

typedef enum coley_isa { COLEY_ISA_PORTABLE, COLEY_ISA_AVX2, COLEY_ISA_AVX512, COLEY_ISA_COUNT } coley_isa;

/* The widest set that this processor has. */
coley_isa coley_isa_best(void);

#endif
