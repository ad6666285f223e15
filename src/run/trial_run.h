/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_run.h -- a trial carried out: people are drawn, screened, allocated, simulated arm by arm in blocks, scanned,
 * judged by RECIST, and followed to death, loss or the analysis.
 *
 * Of a block only one small record a person is kept. A person's course depends on the seed and on that person alone:
 * the same in any block, on any number of threads; with people.same_in_every_arm also in every arm. */
#ifndef COLEY_RUN_TRIAL_RUN_H
#define COLEY_RUN_TRIAL_RUN_H

#include "clinic/event_terms.h"
#include "clinic/response.h"
#include "run/care_loop.h"
#include "run/trial_design.h"
#include "trial/covariates.h"
#include "trial/mortality.h"
#include "trial/shifts.h"

enum { COLEY_TRIAL_MAX_EVENTS = 64 };

/* What kinds of event the clinic's organs belong to. */
#define COLEY_TRIAL_IMMUNE "immune-related"

/* Worst grade of a kind of adverse event. */
typedef struct coley_trial_harm {
    unsigned char
        grade; /* 0 to 4; 5: died of side effects is told by `death`. A drug's table gives 1 (or 2), 3 (or 4) */
    unsigned short day; /* first at that grade, whole days from the first dose; 0 with grade 0 */
} coley_trial_harm;

typedef struct coley_trial_patient {
    uint64_t id;
    uint32_t arm, stratum;
    coley_covariates covariates;
    double tmb_per_Mb, pdl1_tps;
    double entry_day;      /* from the trial's start; all other days count from the first dose */
    double until_day;      /* looked at until then: lost, or the analysis */
    int lost_to_follow_up; /* the first of the two */
    double sod_mm;         /* at baseline, as measured */
    double best_change;    /* least change of SOD after baseline, as a share; NaN without a scan */
    coley_response best;   /* confirmed if the design asks for it */
    coley_iresponse ibest;
    int responded; /* CR or PR */
    double response_day, duration_day;
    int duration_event; /* coley_event */
    double pfs_day, ipfs_day, os_day;
    int pfs_event, ipfs_event; /* coley_event */
    coley_death death;
    int pseudoprogression;
    double quit_day;            /* last day of treatment by the rule of progression; infinite: none */
    int later;                  /* place in the arm's list of what comes after progression; -1: nothing */
    double later_day;           /* its first day; NaN: it did not come to that */
    size_t first_scan, n_scans; /* in the arm's scans */
    coley_trial_harm harm[COLEY_TRIAL_MAX_EVENTS];
} coley_trial_patient;

typedef struct coley_trial_scan {
    float day, sod_mm, change; /* as a share of the baseline; NaN when not evaluable */
    unsigned char response;    /* coley_response */
} coley_trial_scan;

struct coley_trial_plan;   /* run/trial_parts.h */
struct coley_trial_screen; /* run/trial_screen.h */
struct coley_trial_draws;  /* run/trial_people.h */

typedef struct coley_trial_arm_run {
    const coley_trial_arm *arm;
    const coley_session *session;
    const struct coley_trial_plan *plan;
    size_t n; /* people in the analysis */
    coley_trial_patient *patient;
    size_t n_scans, cap_scans;
    coley_trial_scan *scan;
    double *burden; /* [n][landmarks] with design->everybody: hazard of death by tumour, summed up to that month */
    double *other;  /* likewise: all else */
    size_t n_lost, n_vanished; /* whom the solver lost; whose tumour would have gone by itself */
} coley_trial_arm_run;

typedef struct coley_trial_rule {
    const char *text;
    size_t n_removed, n_alone; /* who failed it; who failed nothing else */
} coley_trial_rule;

typedef struct coley_trial {
    const coley_trial_design *design;
    const coley_catalog_cancer *cancer;
    coley_mortality survival;
    coley_trial_shifts shifts;
    coley_covariate_rules covariates;
    size_t n_arms;
    coley_trial_arm_run arm[COLEY_TRIAL_MAX_ARMS];
    struct coley_trial_screen *screen;
    const struct coley_trial_draws *draws; /* how people are drawn */
    size_t n_screened, n_eligible;
    size_t n_rules;
    coley_trial_rule rule[COLEY_TRIAL_MAX_RULES];
    const coley_event_terms *terms;
    size_t n_harms;
    const char *harm[COLEY_TRIAL_MAX_EVENTS];        /* "skin", "crs", "nausea" */
    const char *harm_system[COLEY_TRIAL_MAX_EVENTS]; /* "immune-related": of the clinic's organs; "blood" */
    int harms_simulated[COLEY_TRIAL_MAX_ARMS];       /* the arm has side effects: in the model or in tables */
    double cutoff_day;                               /* of the analysis, from the trial's start */
} coley_trial;

/* Everything that can be wrong with the design is found here. */
COLEY_MUST_CHECK coley_status coley_trial_prepare(coley_arena *arena, const coley_trial_design *design,
                                                  const char *models, const char *catalog, coley_trial **trial,
                                                  coley_error *err);

/* `arena` must be the one that the trial was prepared in. */
COLEY_MUST_CHECK coley_status coley_trial_carry_out(coley_arena *arena, coley_trial *trial,
                                                    const coley_session_options *options, coley_error *err);

#endif
