/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_parts.h -- what the files that carry a trial out share. */
#ifndef COLEY_RUN_TRIAL_PARTS_H
#define COLEY_RUN_TRIAL_PARTS_H

#include "base/rng.h"
#include "run/evaluate.h"
#include "run/trial_run.h"
#include "run/trial_screen.h"

/* No lesion is drawn larger [mm]. */
#define COLEY_TRIAL_LARGEST_MM 150.0

/* Where an arm's session keeps what a trial needs. */
typedef struct coley_trial_plan {
    const coley_session *session;
    size_t n_lesions;
    ptrdiff_t diameter[COLEY_SCENARIO_MAX_LESIONS], growth[COLEY_SCENARIO_MAX_LESIONS], toxicity; /* columns, or -1 */
    int32_t size_input[COLEY_SCENARIO_MAX_LESIONS], infil_input[COLEY_SCENARIO_MAX_LESIONS];      /* or -1 */
    int32_t tmb_input, tps_input;
    ptrdiff_t tmb_trait;
    double size_spread;                      /* standard deviation of the logarithm of diameters */
    double share[3], infiltration[3];        /* inflamed, excluded, desert: how frequent; what the word means */
    size_t organ_harm[COLEY_MAX_ORGANS];     /* trial->harm of each organ of the clinic's grading */
    const struct coley_trial_events *events; /* run/trial_events.h */
    size_t n_seen, seen_column[COLEY_TRIAL_MAX_EVENTS], seen_harm[COLEY_TRIAL_MAX_EVENTS];
} coley_trial_plan;

/* What the reader wrote down of a lesion. */
typedef struct coley_trial_reading {
    double mm; /* 0 unless it is measured */
    coley_scan_finding finding;
} coley_trial_reading;

/* Candidates of one arm, and what became of them. */
typedef struct coley_trial_block {
    const coley_trial *trial;
    coley_trial_arm_run *run;
    size_t n;
    coley_trial_patient *patient; /* [n] */
    const double *inputs;         /* [n][n_inputs] */

    /* Filled by the simulation. */
    coley_crowd crowd;
    unsigned char *out;           /* [n] 1: lost by the solver; 2: the tumour would have vanished by itself */
    double *sod;                  /* [n][n_days] true sum of diameters [mm] */
    double *hazard, *sum;         /* [n][n_days] of death [1/day], and summed up to that day */
    coley_trial_reading *reading; /* [n][n_scans][n_lesions] */
    size_t *progressed;           /* [n] the scan that showed progression, or SIZE_MAX */
    unsigned char *failed;        /* [n] out of memory */
    size_t *scan_of_row;          /* [n_days] or SIZE_MAX */
    coley_mortal *mortal;         /* [n] */
    double *later_day;            /* [n] first day of what comes after progression, or NaN; NULL: nobody gets any */
} coley_trial_block;

COLEY_MUST_CHECK coley_status coley_trial_block_simulate(coley_arena *scratch, coley_trial_block *block,
                                                         const coley_session_options *options, coley_error *err);

/* Records of those who are not `out`, as long as the arm has places. */
COLEY_MUST_CHECK coley_status coley_trial_block_judge(coley_arena *arena, coley_arena *scratch,
                                                      coley_trial_block *block, const unsigned char *out,
                                                      coley_error *err);

/* The day from which the rule of progression gives no more doses; infinite: never. */
double coley_trial_block_quit_day(const coley_trial_block *block, size_t person);

/* Kind of adverse event of that name, new or known; SIZE_MAX when there is no room. */
size_t coley_trial_harm_called(coley_trial *trial, const char *name, const char *system);

/* Keep the worst grade of a kind, and its first day. */
void coley_trial_note_harm(coley_trial_patient *patient, size_t harm, int grade, double day);

/* Who person `id` is in an arm. `z` has room for the arm's traits, `inputs` for its inputs. */
void coley_trial_draw_person(const coley_trial *trial, const coley_trial_plan *plan, uint64_t id, double *z,
                             coley_trial_patient *patient, double *inputs);

/* What inflamed, excluded and desert mean (models/patient/infiltration.yaml). */
COLEY_MUST_CHECK coley_status coley_trial_infiltration(coley_arena *arena, const char *models, double value[3],
                                                       coley_error *err);

#endif
