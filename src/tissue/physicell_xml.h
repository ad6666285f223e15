/* SPDX-License-Identifier: GPL-3.0-or-later */
/* physicell_xml.h -- a model in PhysiCell's own files: settings XML, rules CSV, cells CSV, start values of substrates.
 *
 * What PhysiCell 1.14 reads is read with the same meaning. What would change the result and is not supported (other
 * programs inside cells, parameters of a project's own C++ code, unknown elements) is refused by name and line, unless
 * the caller wants to go on without it. Coley's own elements, which PhysiCell ignores: bulk_supply in a substrate,
 * checkpoint in cell_interactions, colour in a cell_definition, recruitment there, own_phase_durations,
 * wall_repulsion and dead_uptake_share in options, vessels. */
#ifndef COLEY_TISSUE_PHYSICELL_XML_H
#define COLEY_TISSUE_PHYSICELL_XML_H

#include "tissue/tissue_model.h"

/* What the user should know about the files, though it is no fault. */
typedef struct coley_physicell_note {
    const char *file;
    int line; /* 0: not of one line */
    const char *text;
} coley_physicell_note;

typedef struct coley_physicell_notes {
    size_t n, cap;
    coley_physicell_note *note;
} coley_physicell_notes;

typedef struct coley_physicell_options {
    bool ignore_unsupported;
    bool without_files;           /* read nothing but the XML itself: no rules, cells and start values */
    const uint64_t *seed;         /* in place of the file's, or NULL */
    coley_physicell_notes *notes; /* or NULL */
} coley_physicell_options;

/* The model that a settings file and the files that it names make. Names of files are looked for from the current
 * folder, then from the folder of the XML and the one above it, since projects are run from the latter. Everything is
 * owned by the arena. */
COLEY_MUST_CHECK coley_status coley_physicell_read(coley_arena *arena, const char *path,
                                                   coley_physicell_options options, coley_tissue_model *model,
                                                   coley_error *err);
COLEY_MUST_CHECK coley_status coley_physicell_parse(coley_arena *arena, const char *path, const char *bytes,
                                                    size_t length, coley_physicell_options options,
                                                    coley_tissue_model *model, coley_error *err);

#endif
