/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sbml.h -- SBML Level 2 and 3 (Hucka et al. 2019, J. Integr. Bioinform. 16:20190021) into a reaction network.
 *
 * Read are compartments, species, parameters (those of one rate law become "reaction.parameter"), functions (written
 * out), initial assignments, rules (algebraic ones when they are linear in a variable that nothing else sets),
 * reactions, stoichiometries, conversion factors, events, rateOf and units; models made of submodels (package "comp")
 * are flattened. Refused by name, since leaving them out would change the result: other algebraic rules, fast
 * reactions, delay(), submodels in other files, rateOf of what an assignment rule sets, and other packages that a model
 * requires. Constraints are not checked; layout and annotations are passed over.
 *
 * libSBML does the reading of XML. Without it (COLEY_HAVE_SBML not set when Coley was built) both functions return
 * COLEY_ERR_UNSUPPORTED. */
#ifndef COLEY_MODEL_SBML_H
#define COLEY_MODEL_SBML_H

#include "base/log.h"
#include "model/network.h"

/* True when the bytes look like XML, so that they are not Antimony. */
int coley_sbml_is(const char *text, size_t length);

/* `name` is for messages, which say file and line. A document type (<!DOCTYPE>, and with it every entity), an encoding
 * other than UTF-8 and elements nested more than 200 deep are refused before any of it is read. */
COLEY_MUST_CHECK coley_status coley_sbml_parse(coley_arena *arena, const char *name, const char *text, size_t length,
                                               coley_network **network, coley_error *err);
COLEY_MUST_CHECK coley_status coley_sbml_load(coley_arena *arena, const char *path, coley_network **network,
                                              coley_error *err);

/* Warnings about a file that coley_sbml_parse has taken: packages that are passed over. Their number. */
size_t coley_sbml_review(const char *name, const char *text, const coley_log *log);

#endif
