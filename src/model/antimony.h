/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony.h -- the Antimony language (Smith 2009, Bioinformatics 25:2452) into a reaction network.
 *
 * Coley's model files are ordinary Antimony. Three habits on top, each harmless to other readers:
 *   - a number's people-to-people spread and its source stand in a comment behind it:
 *         k_growth = 0.007 per_day; //! lognormal(0.007, 1.0); Usuda 1994, PMID 7922975
 *   - a model block that is opened again, in the same or another file, adds to the first: one mechanism, one file;
 *   - an assignment rule (:=) replaces a plain number given elsewhere for the same name: a mechanism that is loaded
 *     takes over the neutral default of the body. */
#ifndef COLEY_MODEL_ANTIMONY_H
#define COLEY_MODEL_ANTIMONY_H

#include "model/network.h"

typedef struct coley_antimony_source {
    const char *name; /* for messages */
    const char *text; /* UTF-8 */
    size_t length;
    const char *path; /* the file that it came from: `import "..."` starts from its folder; NULL: imports are refused */
} coley_antimony_source;

/* Parse n texts in order as one model file and flatten model `top` into a network in `arena`. NULL for `top` takes the
 * block marked `model *name`, else the text outside all blocks, else the last block that is not a submodel of another.
 * Fails with file, line, column. */
COLEY_MUST_CHECK coley_status coley_antimony_parse(coley_arena *arena, const coley_antimony_source *sources, size_t n,
                                                   const char *top, coley_network **network, coley_error *err);

#endif
