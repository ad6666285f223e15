/* SPDX-License-Identifier: GPL-3.0-or-later */
/* units_check.h -- do the units of a model agree: sums of like with like, rates per time, pure numbers in exp and log.
 *
 * A number without a unit fits anything in a sum; as a factor it keeps the dimension of what it multiplies and leaves
 * the scale open, since it may well be a conversion. A name without a unit has the unit of its rule or of the formula
 * of its start, else any. A power that is not a whole number gives a unit that is not followed further. */
#ifndef COLEY_MODEL_UNITS_CHECK_H
#define COLEY_MODEL_UNITS_CHECK_H

#include "model/network.h"

/* One place where two units do not go together. */
typedef struct coley_unit_fault {
    const char *file; /* may be NULL */
    int line;
    const char *symbol;          /* what the formula belongs to: a symbol, a reaction or an event */
    const char *text;            /* the whole sentence */
    const char *found, *against; /* the two units, in words */
} coley_unit_fault;

typedef struct coley_unit_report {
    size_t n_faults, cap_faults;
    coley_unit_fault *fault;
    size_t n_symbols, n_with_unit; /* of those with a number of their own */
} coley_unit_report;

/* Go through every formula; the report is owned by `arena`. Fails only when there is no memory. */
COLEY_MUST_CHECK coley_status coley_units_check(coley_arena *arena, const coley_network *network,
                                                coley_unit_report *report, coley_error *err);

#endif
