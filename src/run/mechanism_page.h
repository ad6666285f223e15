/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mechanism_page.h -- the page about one mechanism file, printed from it: states, equations, numbers with their spread
 * and source, and what passes between it and other files; and a figure of a simulated person. */
#ifndef COLEY_RUN_MECHANISM_PAGE_H
#define COLEY_RUN_MECHANISM_PAGE_H

#include "base/yaml.h"
#include "catalog/catalog.h"
#include "model/mechanism.h"

/* What a drug of a class loads, as patient.yaml says it. */
typedef struct coley_mechanism_class {
    const char *name, *dose_state, *unit; /* "anti_pd1", "pd1_A", "mg" */
    const coley_yaml *mechanisms;         /* a name or a list of names */
    int by_lesion;
    size_t n_drugs; /* of the catalog */
    const coley_catalog_drug **drug;
} coley_mechanism_class;

/* The files of a folder, each read; owned by the arena. */
typedef struct coley_mechanisms {
    const char *folder;
    size_t n, n_classes;
    coley_mechanism *file; /* [n] by name */
    coley_mechanism_class *class;
    const coley_yaml *core; /* NULL: the folder has no patient.yaml */
    const coley_yaml *figures;
} coley_mechanisms;

/* All *.ant of a folder. With a patient.yaml there, what loads them, and the drugs of the catalog of each class. */
COLEY_MUST_CHECK coley_status coley_mechanisms_read(coley_arena *arena, const char *folder, const char *catalog,
                                                    coley_mechanisms *all, coley_error *err);

/* The number of that name, or -1. */
ptrdiff_t coley_mechanisms_find(const coley_mechanisms *all, const char *id);

/* True when the name or list has it. */
int coley_mechanism_listed(const coley_yaml *names, const char *id);

typedef struct coley_mechanism_page_options {
    const char *root;   /* from the page to the folder that holds models and catalog, for links; NULL: none */
    const char *figure; /* file beside the page, or NULL */
    const char *caption;
} coley_mechanism_page_options;

/* The page, in Markdown. */
COLEY_MUST_CHECK coley_status coley_mechanism_page(coley_arena *arena, const coley_mechanisms *all, size_t i,
                                                   const coley_mechanism_page_options *options, coley_text *text,
                                                   coley_error *err);

/* A table of all pages, in Markdown. */
COLEY_MUST_CHECK coley_status coley_mechanism_contents(coley_arena *arena, const coley_mechanisms *all,
                                                       coley_text *text, coley_error *err);

/* mechanism_figure.c: the scenario that the figure of a mechanism comes from, in words; "" when there is none. */
COLEY_MUST_CHECK coley_status coley_mechanism_caption(coley_arena *arena, const coley_mechanisms *all, size_t i,
                                                      const char *catalog, const char **words, coley_error *err);

/* Simulate it and draw the mechanism's quantities as a drawing that stands alone (SVG). */
COLEY_MUST_CHECK coley_status coley_mechanism_figure(coley_arena *arena, const coley_mechanisms *all, size_t i,
                                                     const char *catalog, coley_text *svg, coley_error *err);

#endif
