/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog.h -- facts with sources: drugs and cancers as YAML files of catalog/, read and checked.
 *
 * A value without a unit or a source is an error. What a symbol means is the model's business: the catalog only carries
 * it. Lookups are by name, without regard to case; a wrong name is answered with the nearest. */
#ifndef COLEY_CATALOG_CATALOG_H
#define COLEY_CATALOG_CATALOG_H

#include "base/alloc.h"
#include "base/status.h"
#include "model/network.h"

/* One number of the catalog, in the unit it was published in. */
typedef struct coley_catalog_value {
    const char *symbol; /* the model's name for it: "pd1_CL", "k_growth" */
    double value;
    const char *unit; /* understood by base/units.h */
    coley_spread_kind spread;
    double spread_a, spread_b; /* as in model/network.h, in `unit`: median and SD of the logarithm, ... */
    const char *source;
    const char *note; /* or NULL */
    int weak;         /* the note says that it is */
    const char *file;
    int line;
} coley_catalog_value;

/* What a dose is multiplied by. */
typedef enum coley_dose_basis { COLEY_DOSE_FLAT, COLEY_DOSE_PER_KG, COLEY_DOSE_PER_M2 } coley_dose_basis;

/* A way to give the drug that a label or a trial wrote down. */
typedef struct coley_catalog_label {
    const char *name; /* "pembrolizumab-200-q3w" */
    const char *drug;
    double dose;
    const char *dose_unit; /* "mg", or another amount */
    coley_dose_basis basis;
    double every_day; /* NaN: given once */
    double infusion_day;
    int64_t cycles;   /* 0: no limit */
    double until_day; /* NaN: no limit */
    const char *source;
} coley_catalog_label;

typedef struct coley_catalog_drug {
    const char *name, *doc, *drug_class, *target;
    size_t n_labels, n_values;
    coley_catalog_label *label;
    coley_catalog_value *value;
    const struct coley_drug_events *events; /* catalog/drug_events.h; NULL: no table of side effects */
} coley_catalog_drug;

typedef struct coley_catalog_site {
    const char *site;
    double share; /* of lesions; all sites add up to 1 */
    int nodal;
    const char *source;
} coley_catalog_site;

/* What a trial of this cancer found, to hold the model against. */
typedef struct coley_catalog_expectation {
    const char *regimen; /* label names, joined by " + " */
    double orr;          /* objective response rate, 0 to 1 */
    const char *source;
    const char *file;
    int line;
} coley_catalog_expectation;

typedef struct coley_catalog_cancer {
    const char *name, *doc;
    size_t n_sites, n_expectations, n_values;
    coley_catalog_site *site;
    coley_catalog_expectation *expectation;
    coley_catalog_value *value;
} coley_catalog_cancer;

/* Read catalog/drugs/NAME.yaml or catalog/cancers/NAME.yaml under `folder`. Everything is owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_catalog_drug_read(coley_arena *arena, const char *folder, const char *name,
                                                      coley_catalog_drug **drug, coley_error *err);
COLEY_MUST_CHECK coley_status coley_catalog_cancer_read(coley_arena *arena, const char *folder, const char *name,
                                                        coley_catalog_cancer **cancer, coley_error *err);

/* The same out of memory; `file` is for messages. */
COLEY_MUST_CHECK coley_status coley_catalog_drug_parse(coley_arena *arena, const char *file, const char *bytes,
                                                       size_t length, coley_catalog_drug **drug, coley_error *err);
COLEY_MUST_CHECK coley_status coley_catalog_cancer_parse(coley_arena *arena, const char *file, const char *bytes,
                                                         size_t length, coley_catalog_cancer **cancer,
                                                         coley_error *err);

/* The value of that symbol, or NULL. */
const coley_catalog_value *coley_catalog_find(const coley_catalog_value *values, size_t n, const char *symbol);

/* The label regimen of that name, whatever drug it belongs to. */
COLEY_MUST_CHECK coley_status coley_catalog_label_read(coley_arena *arena, const char *folder, const char *name,
                                                       coley_catalog_label *label, coley_error *err);

/* Names in catalog/KIND ("drugs" or "cancers"), sorted. */
COLEY_MUST_CHECK coley_status coley_catalog_names(coley_arena *arena, const char *folder, const char *kind,
                                                  const char *const **names, size_t *n, coley_error *err);

/* Read the whole catalog as a reviewer would: every file loads, label names are unique, expected regimens exist, site
 * shares add up to 1. The first fault is the error; `n_values` (may be NULL) counts what was checked. */
COLEY_MUST_CHECK coley_status coley_catalog_check(coley_arena *arena, const char *folder, size_t *n_values,
                                                  coley_error *err);

/* "200 mg", "3 mg/kg" or "75 mg/m2" as amount, unit and what it is multiplied by. Grams in any form come out as mg; cells,
 * moles, units of activity or virus and grays stay what they are. On failure `why` says what is wrong. */
COLEY_MUST_CHECK coley_status coley_dose_parse(coley_arena *arena, const char *text, double *amount, const char **unit,
                                               coley_dose_basis *basis, coley_error *why);

/* "", "/kg" or "/m2". */
const char *coley_dose_basis_text(coley_dose_basis basis);

/* "lognormal 0.8", "normal 2", "uniform 1 3", "loguniform 1 3", "logitnormal 0.5" or "none" around `value`; the two
 * numbers may also be written in full, lognormal(0.007, 1.0). False when it cannot be read. */
int coley_spread_parse(const char *text, double value, coley_spread_kind *kind, double *a, double *b);

#endif
