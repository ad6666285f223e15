/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sbml_math.h -- the parts of the SBML reader: MathML into formulas, events, and units into text. */
#ifndef COLEY_MODEL_SBML_MATH_H
#define COLEY_MODEL_SBML_MATH_H

#ifdef COLEY_HAVE_SBML

#include <sbml/SBMLTypes.h>

#include "model/algebraic.h"

typedef struct coley_sbml_reader {
    coley_arena *arena;
    coley_network *network;
    Model_t *model; /* owned by libSBML's document */
    const char *file;
    unsigned level;
    int math_optional;    /* from Level 3 Version 2 on, an element without its formula is as if it were not there */
    int32_t *rate_symbol; /* by reaction: the symbol that stands for its rate in formulas, or -1 */
    size_t n_rates, cap_rates;
    coley_assignment *rate_of; /* symbols that stand for rateOf(x); value is x's symbol node */
    size_t n_algebraic, cap_algebraic;
    coley_algebraic *algebraic;
    size_t n_weights, cap_weights;
    double *weight;  /* by node id: nodes of the formula when shared parts are written out each time */
    size_t n_visits; /* nodes of MathML gone through, counted each time */
    size_t n_open;   /* nodes of MathML at hand, one within the other: libSBML nests a sum of n terms n deep */
    coley_error *err;
} coley_sbml_reader;

/* What a formula belongs to: for messages, and for the names of a rate law's own parameters. */
typedef struct coley_sbml_owner {
    const char *key;
    int line;
    const char *prefix; /* "v1." inside the rate law of v1, or NULL */
} coley_sbml_owner;

/* NULL math is an error: the owner has no formula. */
COLEY_MUST_CHECK coley_status coley_sbml_formula(coley_sbml_reader *reader, const coley_sbml_owner *owner,
                                                 const ASTNode_t *math, const coley_expr **formula);

/* A document with submodels becomes one without. */
COLEY_MUST_CHECK coley_status coley_sbml_flatten(coley_sbml_reader *reader, SBMLDocument_t *document);

/* Give the symbols that stand for rateOf(x) their rules; all else is read. */
COLEY_MUST_CHECK coley_status coley_sbml_write_rates(coley_sbml_reader *reader);

/* All events into the network, whose symbols stand. */
COLEY_MUST_CHECK coley_status coley_sbml_events(coley_sbml_reader *reader);

/* Unit of that id as text ("mmol/mL", "day"), NULL when it has none or cannot be written. `memory` is set to 0 when
 * there is no memory. */
const char *coley_sbml_unit(coley_sbml_reader *reader, const char *id, int *memory);

#endif

#endif
