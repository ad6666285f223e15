/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tmb_facts.h -- definitions, panels and cut-offs of catalog/assays/tmb.yaml, and lists of driver mutations. */
#ifndef COLEY_ASSAY_TMB_FACTS_H
#define COLEY_ASSAY_TMB_FACTS_H

#include "assay/effect.h"
#include "assay/lines.h"
#include "base/yaml.h"

typedef struct coley_tmb_definition {
    const char *name, *words, *source;
    coley_effects counted; /* 0: every variant, whatever it does */
} coley_tmb_definition;

typedef struct coley_tmb_panel {
    const char *name, *source;
    double megabases;
} coley_tmb_panel;

typedef struct coley_tmb_facts {
    size_t n_definitions, n_panels;
    coley_tmb_definition *definition;
    coley_tmb_panel *panel;
    double cutoff_per_Mb, least_megabases;
    const char *cutoff_source, *least_source;
} coley_tmb_facts;

/* assays/tmb.yaml in the folder `catalog`. */
COLEY_MUST_CHECK coley_status coley_tmb_facts_read(coley_arena *arena, const char *catalog, coley_tmb_facts *facts,
                                                   coley_error *err);

/* By name; a wrong one is answered with the nearest. */
COLEY_MUST_CHECK coley_status coley_tmb_definition_find(const coley_tmb_facts *facts, const char *name,
                                                        const coley_tmb_definition **definition, coley_error *err);
COLEY_MUST_CHECK coley_status coley_tmb_panel_find(const coley_tmb_facts *facts, const char *name,
                                                   const coley_tmb_panel **panel, coley_error *err);

typedef struct coley_driver {
    const char *gene;
    const char *residue; /* "G12"; NULL: any truncation */
} coley_driver;

typedef struct coley_drivers {
    const char *file;
    size_t n, cap;
    coley_driver *driver;
} coley_drivers;

/* A list as catalog/assays/drivers.tsv. */
COLEY_MUST_CHECK coley_status coley_drivers_read(coley_arena *arena, const char *path, coley_drivers *drivers,
                                                 coley_error *err);

/* Is a variant of that gene, with that change of protein (p.G12D, p.Gly12Asp, ENSP...:p.Gly12Asp or 12G>12D) and those
 * effects, on the list? Neither text is terminated; gene NULL: no. */
int coley_drivers_hold(const coley_drivers *drivers, const char *gene, size_t gene_length, const char *protein,
                       size_t protein_length, coley_effects effects);

#endif
