/* SPDX-License-Identifier: GPL-3.0-or-later */
/* petab.h -- a PEtab parameter table (version 1; Schmiester 2021, PLoS Comput Biol 17:e1008646) as a table of
 * distributions (run/model_vary.h).
 *
 *   uniform a;b   normal m;s   logNormal m;s (of the natural logarithm)   parameterScaleUniform, parameterScaleNormal:
 * on the parameter's scale (lin, log, log10)   none: uniform on the scale between the bounds
 *
 * Types and parameters are those of objectivePrior, else of initializationPrior. Bounds cut the distributions off that
 * have tails. estimate 0: the nominal value, the same in all. A column `spread` as `coley trial people` writes it,
 * "logitnormal(0.3, 1)", takes the place of the prior. laplace and logLaplace are refused. */
#ifndef COLEY_RUN_PETAB_H
#define COLEY_RUN_PETAB_H

#include "io/csv.h"

COLEY_MUST_CHECK coley_status coley_petab_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                                coley_csv *table, coley_error *err);
COLEY_MUST_CHECK coley_status coley_petab_read(coley_arena *arena, const char *path, coley_csv *table,
                                               coley_error *err);

/* A name as PEtab writes it, in the model's own form: "L1__k" is "L1.k". */
const char *coley_petab_name(coley_arena *arena, const char *id);

#endif
