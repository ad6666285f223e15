/* SPDX-License-Identifier: GPL-3.0-or-later */
/* response.h -- RECIST 1.1 (Eisenhauer 2009, Eur J Cancer 45:228) and iRECIST (Seymour 2017, Lancet Oncol 18:e143) from
 * measured lesions, real or simulated.
 *
 * SOD is the sum of the targets' diameters: longest for a tumour, short axis for a node. Against baseline B and the
 * smallest sum so far N (nadir, baseline included):
 *
 *   CR  every non-nodal target gone, every target node < 10 mm        PD  SOD >= 1.2 N and SOD - N >= 5 mm
 *   PR  SOD <= 0.7 B                                                  SD  otherwise; NE when a target isn't measured,
 *                                                                         unless what is measured already proves PD
 *
 * Where readers and trials differ, this is what is done, and what to set for the other way:
 *  - Baseline is each lesion's last finding on or before `baseline_until_day`; without any, the first visit.
 *  - Each visit is judged by itself, also after a progression. Best response, PFS and duration stop at the first PD.
 *  - SOD back above 70 % of B after a PR, but no PD, is SD at that visit (`hold_response`: it stays PR, as the EORTC's
 *    RECIST group answers).
 *  - Disease seen again after an overall CR is PD at that visit, even where the sum would be PR (footnote of RECIST's
 *    table 3; a node counts from 10 mm). `reappearance` = COLEY_REAPPEARANCE_AS_MEASURED judges by the sums alone, the
 *    paper's other reading (the CR was a PR); a CR then counts as a PR that a later PR confirms.
 *  - Confirmation: CR by CR, PR by PR or CR, at least `confirm_days` later. Between the two at most `max_ne_between`
 *    visits NE, and for PR at most `max_sd_between` visits SD. A CR or PR that isn't confirmed counts as SD if its day
 *    reaches `sd_minimum_days`; else the best is PD where PD follows, and NE where it doesn't.
 *  - A non-target progresses when the reader says so (COLEY_FINDING_PROGRESSED); a diameter alone never does that.
 *  - A node is a new lesion from `new_node_mm`, unless the reader gave it the role NEW: then from 10 mm.
 *  - PFS runs from day 0. PD or death after `missed_visits_censor` or more visits in a row were missed or NE is
 * censored at the last adequate assessment before them. iPFS is dated at the first iUPD that no iSD, iPR or iCR
 * cancelled, confirmed or not.
 *  - iUPD by targets is cancelled when the targets are no longer PD; by new lesions when all of them are gone; by
 *    non-targets when they are gone; and any iUPD when the targets reach iPR or iCR that they did not have at the iUPD
 *    (EORTC, scenario B), unless there is new progression. A new or non-target lesion that merely stays keeps it iUPD.
 *  - iCPD needs a visit at least `iconfirm_min_days` after the first iUPD of the run. A visit later than
 *    `iconfirm_max_days` after the last iUPD confirms as well, and `why` says that it was late; with
 *    `iconfirm_late` = 0 it starts a new iUPD.
 */
#ifndef COLEY_CLINIC_RESPONSE_H
#define COLEY_CLINIC_RESPONSE_H

#include "base/alloc.h"
#include "base/status.h"

typedef enum coley_lesion_role {
    COLEY_LESION_AUTO, /* the rules choose: target, non-target or, when first seen after baseline, new */
    COLEY_LESION_TARGET,
    COLEY_LESION_NON_TARGET,
    COLEY_LESION_NEW, /* first seen after baseline */
} coley_lesion_role;

/* What a visit found. What is said of a non-target or new lesion is said against the visit before. */
typedef enum coley_finding {
    COLEY_FINDING_MEASURED,      /* diameter_mm holds; 0 is gone */
    COLEY_FINDING_TOO_SMALL,     /* seen, too small to measure: counts as 5 mm */
    COLEY_FINDING_ABSENT,        /* gone: 0 mm */
    COLEY_FINDING_PRESENT,       /* seen, not measured (non-target) */
    COLEY_FINDING_INCREASED,     /* non-target: bigger, not unequivocal (counts for iRECIST confirmation) */
    COLEY_FINDING_PROGRESSED,    /* non-target: unequivocal progression */
    COLEY_FINDING_NOT_EVALUABLE, /* not imaged, or the image can't be judged */
} coley_finding;

typedef struct coley_lesion {
    const char *id;    /* "L1" */
    const char *organ; /* "lung", "liver", "lymph node"; never NULL; "" not known: the limit per organ isn't applied */
    int nodal;         /* short axis and nodal rules; all nodes are one organ */
    coley_lesion_role role;
    /* Index of another lesion, or -1. A lesion merged into another counts 0 once it has no finding of its own while
     * the other has: the mass is measured there. A fragment adds to the sum of the lesion it split from and is not new.
     */
    int merged_into, split_from;
} coley_lesion;

typedef struct coley_measurement {
    double day;    /* from the first dose */
    size_t lesion; /* index */
    coley_finding finding;
    double diameter_mm; /* longest, or short axis of a node [mm], 0 to 500 */
} coley_measurement;

/* All lesions and measurements of one patient; sorted by day, then lesion. A visit is a set of measurements of one day.
 */
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
    double sod_mm,
        nadir_mm; /* sum of target diameters; smallest before this visit, baseline included. NaN when not evaluable */
    double change_baseline_pct, change_nadir_pct; /* NaN when not evaluable or the reference is 0 */
    double new_sod_mm;                            /* sum of new lesions' targets (iRECIST), 0 when none */
    coley_response target, non_target, overall;
    int n_new; /* new lesions seen up to this visit */
    coley_iresponse ioverall;
    const char *why; /* plain sentences with the numbers that decided */
} coley_assessment;

typedef enum coley_event { COLEY_EVENT_CENSORED, COLEY_EVENT_PROGRESSION, COLEY_EVENT_DEATH } coley_event;

typedef enum coley_reappearance { COLEY_REAPPEARANCE_IS_PD, COLEY_REAPPEARANCE_AS_MEASURED } coley_reappearance;

typedef struct coley_response_options {
    int confirm;         /* CR and PR need confirmation (single-arm trials): the response starts at a confirmed one */
    double confirm_days; /* at least this long after; 28 */
    int max_ne_between;  /* NE visits allowed between a response and its confirmation; 1 */
    int max_sd_between;  /* SD visits allowed between PR and its confirmation; 1 */
    double sd_minimum_days; /* SD counts as best response from this day; 42 */
    coley_reappearance reappearance;
    int hold_response;                           /* a PR stays PR until PD; 0 */
    double new_node_mm;                          /* 10 */
    double baseline_until_day;                   /* 0 */
    double iconfirm_min_days, iconfirm_max_days; /* iCPD window after iUPD; 28 and 56 */
    int iconfirm_late;                           /* a later visit confirms too; 1 */
    int iconfirm_early_new;                 /* a further new lesion before iconfirm_min_days confirms (scan made for
                                               a new symptom); 0 */
    int max_targets, max_targets_per_organ; /* 5 and 2 */
    double missed_visits_censor; /* progression after this many missed visits is censored before them; 2; 0: never */
    double visit_interval_days;  /* planned interval; NaN: the median interval of the patient */
} coley_response_options;

#define COLEY_RESPONSE_DEFAULT                                                                                         \
    {                                                                                                                  \
        .confirm = 0, .confirm_days = 28, .max_ne_between = 1, .max_sd_between = 1, .sd_minimum_days = 42,             \
        .new_node_mm = 10, .baseline_until_day = 0, .iconfirm_min_days = 28, .iconfirm_max_days = 56,                  \
        .iconfirm_late = 1, .max_targets = 5, .max_targets_per_organ = 2, .missed_visits_censor = 2,                   \
        .visit_interval_days = __builtin_nan("")                                                                       \
    }

typedef struct coley_response_report {
    size_t n_targets;
    size_t *target;         /* lesion indices chosen as targets, ascending */
    double baseline_day;    /* of the last baseline finding */
    double baseline_sod_mm; /* NaN without targets */
    size_t n_assessments;   /* visits after baseline */
    coley_assessment *assessment;
    coley_response best, best_confirmed;
    coley_iresponse ibest;
    double pfs_day, ipfs_day, response_start_day, response_duration_day; /* NaN where there is none */
    coley_event pfs_event, ipfs_event, duration_event;
    int pseudoprogression;   /* iUPD that was later cancelled by a response or stable disease */
    const char *censor_rule; /* which rule set the PFS date */
    const char *note;        /* what a careful reader should know of the data, or NULL */
} coley_response_report;

/* Judge one patient. The report is owned by `arena` and keeps no pointer to the table. Errors name the lesion and day.
 */
COLEY_MUST_CHECK coley_status coley_response_judge(coley_arena *arena, const coley_lesion_table *table,
                                                   const coley_response_options *options, coley_response_report *report,
                                                   coley_error *err);

/* "PR", "iUPD"; never NULL. */
const char *coley_response_name(coley_response response);
const char *coley_iresponse_name(coley_iresponse response);
const char *coley_event_name(coley_event event);

#endif
