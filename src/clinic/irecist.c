/* SPDX-License-Identifier: GPL-3.0-or-later */
/* irecist.c -- iRECIST (Seymour 2017, Lancet Oncol 18:e143) on top of the visits that RECIST 1.1 has judged.
 *
 * The first PD is unconfirmed (iUPD) and opens a run. A later visit of the run confirms it (iCPD) when, from four weeks
 * on, targets gave the iUPD and the sum has grown by 5 mm or more since it (small gains add up), non-targets gave it
 * and one of them has grown further, new lesions gave it and their sum has grown by 5 mm, one that is not measured has
 * grown, or there is another, or PD is seen in a category that did not give it. No change is iUPD again. A visit at
 * iSD, iPR or iCR against baseline cancels the run: pseudoprogression, and the bar is reset. */
#include <stdint.h>

#include "clinic/visit.h"

typedef struct run {
    int open;
    size_t start;
    double last_day; /* of the last iUPD */
    int by_target, by_non_target, by_new, n_new;
    double measured_mm, new_sod_mm; /* at the first iUPD */
} run;

static int is_new_pd(const coley_visit *v)
{
    return v->n_new_there > 0;
}

static run open_run(const coley_visit *v, size_t i)
{
    return (run){.open = 1,
                 .start = i,
                 .last_day = v->day,
                 .by_target = v->target == COLEY_RESPONSE_PD || v->reappeared,
                 .by_non_target = v->non_target == COLEY_RESPONSE_PD,
                 .by_new = is_new_pd(v),
                 .n_new = v->n_new,
                 .measured_mm = v->measured_mm,
                 .new_sod_mm = v->new_sod_mm};
}

static int in_window(const run *r, const coley_visit *v, double first_day, const coley_response_options *o)
{
    if (v->day - first_day < o->iconfirm_min_days) return o->iconfirm_early_new && v->n_new_now > 0;
    return o->iconfirm_late || v->day - r->last_day <= o->iconfirm_max_days;
}

/* Why the visit confirms the run, or NULL. */
static const char *confirmation(const run *r, const coley_visit *v)
{
    const double more = 5.0 - COLEY_MM_ROUNDING;
    if (r->by_target && v->measured_mm - r->measured_mm >= more) return "the sum has grown by 5 mm or more since";
    if (r->by_non_target && (v->increased || v->progressed)) return "a non-target has grown further";
    if (r->by_new && v->new_sod_mm - r->new_sod_mm >= more) return "new lesions have grown by 5 mm or more since";
    if (r->by_new && v->new_increased) return "a new lesion has grown further";
    if (v->n_new > r->n_new) return "there is a further new lesion";
    if (!r->by_target && v->target == COLEY_RESPONSE_PD) return "targets progress too";
    if (!r->by_non_target && v->non_target == COLEY_RESPONSE_PD) return "non-targets progress too";
    if (!r->by_new && is_new_pd(v)) return "there is a new lesion too";
    return NULL;
}

static coley_iresponse as_iresponse(coley_response overall)
{
    switch (overall) {
    case COLEY_RESPONSE_CR:
        return COLEY_IRESPONSE_CR;
    case COLEY_RESPONSE_PR:
        return COLEY_IRESPONSE_PR;
    case COLEY_RESPONSE_SD:
        return COLEY_IRESPONSE_SD;
    case COLEY_RESPONSE_NON_CR_NON_PD:
        return COLEY_IRESPONSE_NON_CR_NON_PD;
    case COLEY_RESPONSE_PD:
        return COLEY_IRESPONSE_UPD;
    case COLEY_RESPONSE_NONE:
        return COLEY_IRESPONSE_NONE;
    case COLEY_RESPONSE_NE:
        break;
    }
    return COLEY_IRESPONSE_NE;
}

void coley_irecist_judge(const coley_visits *visits, const coley_response_options *options, coley_iresponse *ioverall,
                         size_t *run_start, int *pseudoprogression)
{
    run r = {0};
    int confirmed = 0;
    *pseudoprogression = 0;
    for (size_t i = 0; i < visits->n; i++) {
        const coley_visit *v = &visits->visit[i];
        coley_text *why = &visits->why[i];
        ioverall[i] = as_iresponse(v->overall);
        run_start[i] = SIZE_MAX;
        if (confirmed) {
            ioverall[i] = COLEY_IRESPONSE_CPD;
            run_start[i] = r.start;
        } else if (ioverall[i] == COLEY_IRESPONSE_UPD && !r.open) {
            r = open_run(v, i);
            run_start[i] = i;
            coley_text_addf(why, " iRECIST: not confirmed yet (iUPD).");
        } else if (ioverall[i] == COLEY_IRESPONSE_UPD) {
            const char *reason = in_window(&r, v, visits->visit[r.start].day, options) ? confirmation(&r, v) : NULL;
            run_start[i] = r.start;
            r.last_day = v->day;
            confirmed = reason != NULL;
            if (confirmed) {
                ioverall[i] = COLEY_IRESPONSE_CPD;
                coley_text_addf(why, " iRECIST: confirms the iUPD of day %g: %s.", visits->visit[r.start].day, reason);
            } else {
                coley_text_addf(why, " iRECIST: does not confirm the iUPD of day %g.", visits->visit[r.start].day);
            }
        } else if (r.open && ioverall[i] != COLEY_IRESPONSE_NE && ioverall[i] != COLEY_IRESPONSE_NONE) {
            coley_text_addf(why, " iRECIST: the iUPD of day %g is cancelled: pseudoprogression.",
                            visits->visit[r.start].day);
            r.open = 0;
            *pseudoprogression = 1;
        }
    }
}
