/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario.h -- what to run: one patient, one cancer, one regimen, how to look and for how long; from scenario.yaml.
 *
 * Every key stands in one table (coley_scenario_fields): its type, unit, range, default and meaning. The reader, the
 * messages, the resolved scenario that the manifest keeps, and the documentation all come from that table. */
#ifndef COLEY_RUN_SCENARIO_H
#define COLEY_RUN_SCENARIO_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"
#include "catalog/catalog.h"
#include "io/event_table.h"
#include "io/fields.h"

enum { COLEY_SCENARIO_MAX_LESIONS = 5 };

typedef enum coley_sex { COLEY_SEX_FEMALE, COLEY_SEX_MALE } coley_sex;
typedef enum coley_msi { COLEY_MSI_STABLE, COLEY_MSI_LOW, COLEY_MSI_HIGH } coley_msi;
typedef enum coley_infiltration { COLEY_INFLAMED, COLEY_EXCLUDED, COLEY_DESERT } coley_infiltration;

/* NaN, -1 and NULL: not given; then the cancer's own distribution speaks. */
typedef struct coley_scenario_patient {
    const char *id;
    double weight_kg, height_cm, age_year;
    int sex;         /* coley_sex */
    double pdl1_tps; /* share of tumour cells that stain, 0 to 1 */
    double tmb_per_Mb;
    int msi;                         /* coley_msi */
    double albumin_g_per_L, ldh_uln; /* lactate dehydrogenase in upper limits of normal */
    double ecog;
    int64_t person; /* 0: typical in all that is not given; else virtual person of that number */
} coley_scenario_patient;

enum { COLEY_PRIOR_COUNT = 12 };
extern const char *const coley_prior_names[COLEY_PRIOR_COUNT + 1]; /* "chemotherapy", "platinum", ...; NULL */

/* Earlier treatments, if anything is said of them: an empty list says that there were none. */
typedef struct coley_scenario_prior {
    int given;
    int had[COLEY_PRIOR_COUNT];
} coley_scenario_prior;

/* What coley candidate asks about and coley run does not use. -1 and NaN: not known. The choices' names stand in the
 * table, and are the words of the rules in catalog/guidelines. */
typedef struct coley_scenario_history {
    int stage, setting, risk, histology, driver, her2, ras, cd19, cd20, bcma, pdl1_assay;
    int injectable, symptomatic, cisplatin_eligible, castration_resistant;
    int autoimmune, transplant, infection, viral, pregnancy, brain, leptomeningeal, lung_disease, antibiotics, liver;
    double line, pdl1_cps, pdl1_ic, prednisone_mg_day, nlr, dnlr, metastatic_sites, egfr_mL_min, lvef;
    coley_scenario_prior prior;
} coley_scenario_history;

typedef struct coley_scenario_lesion {
    const char *site;
    double diameter_mm; /* longest, or short axis of a node */
    int infiltration;   /* coley_infiltration */
    int nodal;
} coley_scenario_lesion;

typedef struct coley_scenario_dose {
    double amount;
    const char *unit; /* "mg" */
    coley_dose_basis basis;
    const char *label; /* regimen of the catalog that it came from, or NULL */
} coley_scenario_dose;

/* One drug's schedule: doses at start, start + every, ..., before `until`, at most `cycles`. */
typedef struct coley_scenario_drug {
    const char *drug;
    coley_scenario_dose dose;
    double every_day; /* NaN only with one cycle */
    double start_day;
    int64_t cycles;   /* 0: no limit */
    double until_day; /* NaN: no limit */
    double infusion_day;
    unsigned lesions; /* bit i: into lesion i; 0: not said, the drug goes into the body */
    /* NaN: not given. Of a product made of the person's own cells: the day on which these are taken, and how long after
     * it the product is infused. Of what is given ahead of that: how long before the infusion it starts. */
    double leukapheresis_day, vein_to_vein_day, before_infusion_day;

    /* Not a key: what the three above add to `start`. */
    double shift_day;
} coley_scenario_drug;

/* A model parameter set by hand. */
typedef struct coley_scenario_parameter {
    const char *symbol;
    double value;
    const char *unit; /* "" when none was given: then the model's own */
    const char *file;
    int line;
} coley_scenario_parameter;

typedef struct coley_scenario_names {
    size_t n; /* 0: the default set */
    const char **name;
} coley_scenario_names;

typedef struct coley_scenario_parameters {
    size_t n;
    coley_scenario_parameter *row;
} coley_scenario_parameters;

typedef struct coley_scenario_model {
    coley_scenario_names mechanisms;
    coley_scenario_names also; /* beside those; without a drug that asks for them */
    coley_scenario_parameters parameters;
} coley_scenario_model;

typedef struct coley_scenario_scans {
    double every_day, first_day; /* first: NaN means one interval after the first dose */
    int noise;                   /* reader noise on the measured diameters */
} coley_scenario_scans;

typedef struct coley_scenario_forecast {
    const char *lesions; /* path as written, or NULL: no forecast */
    const char *patient; /* identity in that file, or NULL: the only one */
    int64_t using_first; /* scans the forecast may see, the baseline included */
} coley_scenario_forecast;

/* Tumour cells put back. */
typedef struct coley_scenario_rechallenge {
    double day, cells;
    int64_t lesion; /* from 1 */
    int antigen;    /* 0: the same, 1: lost */
} coley_scenario_rechallenge;

enum { COLEY_SCENARIO_MAX_RECHALLENGES = 8 };
extern const char *const coley_rechallenge_antigens[]; /* "same", "lost"; NULL */

typedef struct coley_scenario_run {
    double duration_day, output_every_day;
    double rtol;
    int64_t seed, population;
} coley_scenario_run;

/* What somebody may come to once the regimen is over: the regimen of another scenario (a trial's after_progression). */
typedef struct coley_scenario_later {
    const struct coley_scenario *scenario; /* its day 0 is the first of that therapy */
    double delay_day;
} coley_scenario_later;

typedef struct coley_scenario {
    const char *title;
    coley_scenario_patient patient;
    coley_scenario_history history;
    const char *cancer;
    coley_field_list lesions; /* coley_scenario_lesion */
    coley_field_list regimen; /* coley_scenario_drug */
    const char *events;       /* path as written, or NULL */
    const char *policy;       /* of the clinic: a name, a path as written, or NULL */
    coley_field_list rechallenge; /* coley_scenario_rechallenge */
    coley_scenario_model model;
    coley_scenario_scans scans;
    coley_scenario_forecast forecast;
    coley_scenario_run run;

    /* Not keys: filled by the loader. */
    const char *path;                                /* of the scenario, as the user named it */
    const char *policy_path;                         /* `policy` as coley_policy_load takes it, or NULL */
    const char *biomarkers_path; /* of the file that was applied (run/biomarkers.h), or NULL */
    const char *events_path, *forecast_lesions_path; /* relative to the scenario's folder made good; or NULL */
    coley_event_table event_table;                   /* of `events`; empty without it */
    size_t n_later;                                  /* set by a trial */
    const coley_scenario_later *later;
} coley_scenario;

/* The table of all keys. */
extern const coley_field coley_scenario_fields[];

#define COLEY_SCENARIO_LESION(scenario, i) (&((const coley_scenario_lesion *)(scenario)->lesions.item)[i])
#define COLEY_SCENARIO_DRUG(scenario, i)   (&((const coley_scenario_drug *)(scenario)->regimen.item)[i])
#define COLEY_SCENARIO_RECHALLENGE(scenario, i)                                                                        \
    (&((const coley_scenario_rechallenge *)(scenario)->rechallenge.item)[i])

/* Read a scenario out of memory; files that it names are not opened and regimens are not looked up. */
COLEY_MUST_CHECK coley_status coley_scenario_parse(coley_arena *arena, const char *name, const char *bytes,
                                                   size_t length, coley_scenario **scenario, coley_error *err);

/* Read a scenario file with all that it names: label regimens from the catalog at `catalog` (a folder), the event
 * table. The drugs and the cancer must be in the catalog. */
COLEY_MUST_CHECK coley_status coley_scenario_load(coley_arena *arena, const char *path, const char *catalog,
                                                  coley_scenario **scenario, coley_error *err);

/* A scenario that stands inside another YAML file, without event table or forecast. */
COLEY_MUST_CHECK coley_status coley_scenario_of_node(coley_arena *arena, const coley_yaml *node, const char *catalog,
                                                     coley_scenario **scenario, coley_error *err);

/* Read only who the person is: lesions may be missing, the cancer need not be in the catalog, no other file is opened
 * and no drug is looked up. */
COLEY_MUST_CHECK coley_status coley_scenario_load_person(coley_arena *arena, const char *path,
                                                         coley_scenario **scenario, coley_error *err);

/* A copy under other drugs: label regimens joined by " + ", each with "@DAY" behind it when it starts later. */
COLEY_MUST_CHECK coley_status coley_scenario_treat(coley_arena *arena, const coley_scenario *scenario,
                                                   const char *catalog, const char *regimens, coley_scenario **treated,
                                                   coley_error *err);

/* Of the table `history`: a key's row, for its choices and meaning. */
extern const coley_field coley_history_fields[];

/* A copy whose absolute paths are cut to the file's name: what is kept with results must not tell where they were made.
 */
coley_scenario coley_scenario_portable(const coley_scenario *scenario);

/* The scenario with every default filled in: reads back as the same scenario. */
void coley_scenario_write(const coley_scenario *scenario, coley_emit_style style, coley_text *out);

enum { COLEY_SCENARIO_MAX_FACTS = 15 };

/* What is given of the patient, in a few words each, for coley_course.facts; ends with NULL. */
COLEY_MUST_CHECK coley_status coley_scenario_facts(coley_arena *arena, const coley_scenario *scenario,
                                                   const char *fact[COLEY_SCENARIO_MAX_FACTS + 1], coley_error *err);

/* All keys as Markdown tables. */
void coley_scenario_document(coley_text *out);

#endif
