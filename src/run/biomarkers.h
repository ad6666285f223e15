/* SPDX-License-Identifier: GPL-3.0-or-later */
/* biomarkers.h -- biomarkers.yaml: what assays found in a person's tumour, in the words of a scenario, as `coley run`,
 * `coley candidate` and `coley forecast` take it.
 *
 * A number that the scenario has itself stays. The file's `evidence` says of each biomarker how it was found and which
 * parameters of the model it moves; nobody reads it back. */
#ifndef COLEY_RUN_BIOMARKERS_H
#define COLEY_RUN_BIOMARKERS_H

#include "patient/population.h"
#include "run/scenario.h"

/* NaN, -1 and NULL: not known. */
typedef struct coley_biomarkers {
    const char *file;
    const char *id;
    double tmb_per_Mb, pdl1_tps; /* TPS as a share */
    int msi;                     /* coley_msi */
    int infiltration;            /* coley_infiltration */
    int pdl1_assay;
    double pdl1_cps, pdl1_ic;
    coley_scenario_parameters parameters;
} coley_biomarkers;

/* With nothing known. */
coley_biomarkers coley_biomarkers_none(void);

COLEY_MUST_CHECK coley_status coley_biomarkers_read(coley_arena *arena, const char *path, coley_biomarkers *biomarkers,
                                                    coley_error *err);

/* Put them where the scenario says nothing; the infiltration where a lesion is inflamed, which is what a scenario says
 * without a word. */
COLEY_MUST_CHECK coley_status coley_biomarkers_apply(coley_arena *arena, const coley_biomarkers *biomarkers,
                                                     coley_scenario *scenario, coley_error *err);

enum { COLEY_BIOMARKERS_MAX_SETTINGS = 3 + 32 };

/* As settings of the patient model with one lesion; `models` is the folder of its tables. */
COLEY_MUST_CHECK coley_status coley_biomarkers_settings(coley_arena *arena, const coley_biomarkers *biomarkers,
                                                        const char *models,
                                                        coley_setting setting[COLEY_BIOMARKERS_MAX_SETTINGS], size_t *n,
                                                        coley_error *err);

#endif
