/* SPDX-License-Identifier: GPL-3.0-or-later */
/* visit.h -- what one visit says of targets, non-targets and new lesions: made by recist.c, read by irecist.c and
 * response.c. Private to src/clinic. */
#ifndef COLEY_CLINIC_VISIT_H
#define COLEY_CLINIC_VISIT_H

#include "base/text.h"
#include "clinic/response.h"

/* Sums of decimals are compared with thresholds: 23.1 mm is 70 % of 33 mm, whatever binary fractions say. */
#define COLEY_MM_ROUNDING 1e-9

typedef struct coley_visit {
    double day;
    double sod_mm;         /* NaN when a target isn't measured */
    double measured_mm;    /* sum of the targets that are measured */
    const char *missing;   /* a target that isn't measured, or NULL */
    double nadir_mm;       /* before this visit */
    coley_response target; /* by the sums */
    int reappeared;        /* disease seen again after an overall CR */
    coley_response non_target;
    const char *progressed;    /* a non-target that progressed unequivocally, or NULL */
    const char *increased;     /* a non-target that is bigger than before, or NULL */
    int n_new, n_new_now;      /* new lesions up to this visit, and first seen at it */
    const char *new_now;       /* one of those first seen, or NULL */
    int n_new_there;           /* new lesions that are there, as far as is known */
    double new_sod_mm;         /* sum of the new lesions' targets; one that isn't measured keeps its last diameter */
    const char *new_increased; /* a new lesion, not a target, that is bigger than before, or NULL */
    coley_response overall;
} coley_visit;

typedef struct coley_visits {
    size_t n;
    coley_visit *visit;
    coley_text *why; /* [n] sentences so far */
    size_t n_targets;
    size_t *target;
    double baseline_day, baseline_sod_mm;
    const char *note;
} coley_visits;

/* Roles, sums and the overall response of each visit after baseline. */
COLEY_MUST_CHECK coley_status coley_recist_visits(coley_arena *arena, const coley_lesion_table *table,
                                                  const coley_response_options *options, coley_visits *visits,
                                                  coley_error *err);

/* iRECIST's response of each visit, added to `ioverall` [n] and to the sentences. `run_start` [n] is the index of the
 * first iUPD of the run that a visit belongs to, or SIZE_MAX. */
void coley_irecist_judge(const coley_visits *visits, const coley_response_options *options, coley_iresponse *ioverall,
                         size_t *run_start, int *pseudoprogression);

/* True when SOD is PD against the smallest sum: +20 % and +5 mm. */
int coley_recist_grown(double sod_mm, double nadir_mm);

#endif
