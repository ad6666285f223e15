/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shelf.h -- what can be run without writing anything: the examples, the published trials, the tissue models. */
#ifndef COLEY_STUDIO_SHELF_H
#define COLEY_STUDIO_SHELF_H

#include "base/text.h"

typedef struct coley_studio_example {
    const char *id; /* "01-melanoma-pembrolizumab", "trial/checkmate-067", "tissue/anti_pd1" */
    const char *title, *kind, *command;
    const char *path, *folder; /* of the file, and where it lies */
    const char *text;          /* of the file; NULL for a tissue's settings */
} coley_studio_example;

/* All of them, by id; owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_studio_shelf(coley_arena *arena, const char *data, const char *models,
                                                 const char *catalog, coley_studio_example **list, size_t *n,
                                                 coley_error *err);

COLEY_MUST_CHECK coley_status coley_studio_shelf_find(coley_arena *arena, const char *data, const char *models,
                                                      const char *catalog, const char *id,
                                                      const coley_studio_example **found, coley_error *err);

/* Cancers, drugs, regimens and the shelf, as JSON. */
COLEY_MUST_CHECK coley_status coley_studio_catalog(coley_arena *arena, const char *data, const char *models,
                                                   const char *catalog, coley_text *out, coley_error *err);

#endif
