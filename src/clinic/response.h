/* SPDX-License-Identifier: GPL-3.0-or-later */
/* response.h -- RECIST 1.1 (Eisenhauer 2009, Eur J Cancer 45:228) and iRECIST (Seymour 2017, Lancet Oncol 18:e143) from
 * measured lesions, real or simulated. */
#ifndef COLEY_CLINIC_RESPONSE_H
#define COLEY_CLINIC_RESPONSE_H

#include "base/alloc.h"
#include "base/status.h"

typedef enum coley_lesion_role {
    COLEY_LESION_AUTO,       /* the rules choose targets from the baseline scan */
    COLEY_LESION_TARGET,
    COLEY_LESION_NON_TARGET,
    COLEY_LESION_NEW,        /* first seen after baseline */
} coley_lesion_role;

typedef enum coley_finding {
    COLEY_FINDING_MEASURED,      /* diameter_mm holds */
    COLEY_FINDING_TOO_SMALL,     /* seen, too small to measure: counts as 5 mm */
    COLEY_FINDING_ABSENT,        /* gone: 0 mm */
    COLEY_FINDING_PRESENT,       /* seen, not measured (non-target) */
    COLEY_FINDING_INCREASED,     /* non-target: bigger, not unequivocal (counts for iRECIST confirmation) */
    COLEY_FINDING_PROGRESSED,    /* non-target: unequivocal progression */
    COLEY_FINDING_NOT_EVALUABLE, /* not imaged, or the image can't be judged */
} coley_finding;

typedef struct coley_lesion {
    const char *id;    /* "L1" */
    const char *organ; /* "lung", "liver", "lymph node"; never NULL */
    int nodal;         /* short axis and nodal rules */
    coley_lesion_role role;
    int merged_into, split_from; /* index of another lesion, or -1 */
} coley_lesion;

typedef struct coley_measurement {
    double day;      /* from the first dose */
    size_t lesion;   /* index */
    coley_finding finding;
    double diameter_mm; /* longest, or short axis of a node [mm] */
} coley_measurement;

/* All lesions and measurements of one patient; sorted by day, then lesion. A visit is a set of measurements of one day. */
typedef struct coley_lesion_table {
    const char *patient;
    size_t n_lesions, n_measurements;
    coley_lesion *lesion;
    coley_measurement *measurement;
    double last_contact_day; /* NaN when not known */
    int died;                /* the last contact is a death */
} coley_lesion_table;

typedef enum coley_response {
    COLEY_RESPONSE_NONE, /* not applicable: no lesion of that kind */
    COLEY_RESPONSE_NE,
    COLEY_RESPONSE_PD,
    COLEY_RESPONSE_SD,
    COLEY_RESPONSE_NON_CR_NON_PD,
    COLEY_RESPONSE_PR,
    COLEY_RESPONSE_CR,
} coley_response;

typedef enum coley_iresponse {
    COLEY_IRESPONSE_NONE,
    COLEY_IRESPONSE_NE,
    COLEY_IRESPONSE_CPD,
    COLEY_IRESPONSE_UPD,
    COLEY_IRESPONSE_SD,
    COLEY_IRESPONSE_NON_CR_NON_PD,
    COLEY_IRESPONSE_PR,
    COLEY_IRESPONSE_CR,
} coley_iresponse;

typedef struct coley_assessment {
    double day;
    double sod_mm, nadir_mm;         /* sum of target diameters; smallest before this visit, baseline included. NaN when not evaluable */
    double change_baseline_pct, change_nadir_pct;
    double new_sod_mm;               /* sum of new measured lesions (iRECIST), 0 when none */
    coley_response target, non_target, overall;
    int n_new;                       /* new lesions seen up to this visit */
    coley_iresponse ioverall;
    const char *why;                 /* one plain sentence with the numbers that decided */
} coley_assessment;

typedef enum coley_event { COLEY_EVENT_CENSORED, COLEY_EVENT_PROGRESSION, COLEY_EVENT_DEATH } coley_event;

typedef struct coley_response_options {
    int confirm;               /* CR and PR need confirmation (single-arm trials) */
    double confirm_days;       /* at least this long after; 28 */
    double sd_minimum_days;    /* SD counts as best response from this day; 42 */
    double iconfirm_min_days, iconfirm_max_days; /* iCPD window after iUPD; 28 and 56 */
    int max_targets, max_targets_per_organ;      /* 5 and 2 */
    double missed_visits_censor; /* progression after this many missed visits is censored before them; 2 */
    double visit_interval_days;  /* planned interval; NaN: the median interval of the patient */
} coley_response_options;

#define COLEY_RESPONSE_DEFAULT                                                                     \
    {.confirm = 0, .confirm_days = 28, .sd_minimum_days = 42, .iconfirm_min_days = 28, .iconfirm_max_days = 56, \
     .max_targets = 5, .max_targets_per_organ = 2, .missed_visits_censor = 2, .visit_interval_days = __builtin_nan("")}

typedef struct coley_response_report {
    size_t n_targets;
    size_t *target;               /* lesion indices chosen as targets */
    double baseline_sod_mm;
    size_t n_assessments;         /* visits after baseline */
    coley_assessment *assessment;
    coley_response best, best_confirmed;
    coley_iresponse ibest;
    double pfs_day, ipfs_day, response_start_day, response_duration_day; /* NaN where there is none */
    coley_event pfs_event, ipfs_event, duration_event;
    int pseudoprogression;        /* iUPD that was later cancelled by a response or stable disease */
    const char *censor_rule;      /* which rule set the PFS date */
} coley_response_report;

/* Judge one patient. The report is owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_response_judge(coley_arena *arena, const coley_lesion_table *table,
                                                   const coley_response_options *options,
                                                   coley_response_report *report, coley_error *err);

/* "PR", "iUPD"; never NULL. */
const char *coley_response_name(coley_response response);
const char *coley_iresponse_name(coley_iresponse response);

#endif
