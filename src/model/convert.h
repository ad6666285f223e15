/* SPDX-License-Identifier: GPL-3.0-or-later */
/* convert.h -- a network written as a file that other programs read: Antimony, or SBML Level 3 Version 2.
 *
 * Submodels are written out; "L1.T8" becomes "L1__T8" and keeps its name as its title. What is read back computes the
 * same: the same formulas in the same order of operations. A number's spread between people and its source are
 * comments in Antimony (//!), which Coley reads back, and notes in SBML, which it does not. */
#ifndef COLEY_MODEL_CONVERT_H
#define COLEY_MODEL_CONVERT_H

#include "base/text.h"
#include "model/network.h"

COLEY_MUST_CHECK coley_status coley_convert_antimony(coley_arena *arena, const coley_network *network, coley_text *out,
                                                     coley_error *err);

/* COLEY_ERR_UNSUPPORTED when Coley was built without libSBML. */
COLEY_MUST_CHECK coley_status coley_convert_sbml(coley_arena *arena, const coley_network *network, coley_text *out,
                                                 coley_error *err);

/* The network under names that every language takes: letters, digits and underscores, none of them a word of Antimony,
 * all different. `hidden` [n_symbols] marks symbols that only stand for a reaction's rate; `target` those that events
 * set; unit names stand for themselves, each defined in the copy. Owned by `arena`; formulas are shared. */
COLEY_MUST_CHECK coley_status coley_convert_names(coley_arena *arena, const coley_network *network,
                                                  coley_network *plain, unsigned char **hidden, unsigned char **target,
                                                  coley_error *err);

/* A formula with more terms than this, written out, is refused rather than written. */
enum { COLEY_CONVERT_MAX_TERMS = 1000000 };

#endif
