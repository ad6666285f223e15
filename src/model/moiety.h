/* SPDX-License-Identifier: GPL-3.0-or-later */
/* moiety.h -- sums of amounts that no reaction changes: the left null space of the stoichiometry matrix, in whole
 * numbers and without rounding. A receptor free and bound is the usual one. */
#ifndef COLEY_MODEL_MOIETY_H
#define COLEY_MODEL_MOIETY_H

#include "model/network.h"

/* factor[0] * amount of species[0] + ... does not change; factors are whole, without a common divisor. */
typedef struct coley_moiety {
    size_t n;
    int32_t *species;
    int64_t *factor;
} coley_moiety;

/* A basis of all of them, owned by `arena`. Species that a rule or nothing changes are left out, as are reactions
 * whose stoichiometry is a formula, with their species. COLEY_ERR_UNSUPPORTED when the numbers leave 63 bits. Events
 * are not looked at: between them the sums hold. */
COLEY_MUST_CHECK coley_status coley_moieties(coley_arena *arena, const coley_network *network, coley_moiety **moiety,
                                             size_t *n, coley_error *err);

#endif
