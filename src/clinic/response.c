/* SPDX-License-Identifier: GPL-3.0-or-later */
/* response.c -- from judged visits to one patient's outcome: best response, its confirmation and duration,
 * progression-free survival, by RECIST 1.1 and by iRECIST. */
#include "clinic/response.h"

#include <math.h>
#include <stdlib.h>

#include "clinic/visit.h"

const char *coley_response_name(coley_response response)
{
    static const char *const names[] = {"-", "NE", "PD", "SD", "non-CR/non-PD", "PR", "CR"};
    return names[response];
}

const char *coley_iresponse_name(coley_iresponse response)
{
    static const char *const names[] = {"-", "NE", "iCPD", "iUPD", "iSD", "non-iCR/non-iUPD", "iPR", "iCR"};
    return names[response];
}

const char *coley_event_name(coley_event event)
{
    static const char *const names[] = {"censored", "progression", "death"};
    return names[event];
}

typedef struct course {
    const coley_lesion_table *table;
    const coley_response_options *options;
    const coley_assessment *a;
    size_t n;
    size_t first_pd; /* index, or n */
    double interval_day;
} course;

static int is_stable(coley_response r)
{
    return r == COLEY_RESPONSE_SD || r == COLEY_RESPONSE_NON_CR_NON_PD;
}

static int by_number(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The planned interval between visits, or the median of the patient's own. */
static double visit_interval(coley_arena *arena, const course *c)
{
    if (!isnan(c->options->visit_interval_days)) return c->options->visit_interval_days;
    double *gap = COLEY_NEW(arena, double, c->n + 1);
    if (!gap || !c->n) return NAN;
    for (size_t i = 0; i < c->n; i++) gap[i] = c->a[i].day - (i ? c->a[i - 1].day : 0.0);
    qsort(gap, c->n, sizeof *gap, by_number);
    return 0.5 * (gap[(c->n - 1) / 2] + gap[c->n / 2]);
}

/* --- best response
 * ------------------------------------------------------------------------------------------------------- */

/* Is the CR or PR of visit i confirmed by a later one? */
static int is_confirmed(const course *c, size_t i)
{
    int n_ne = 0, n_sd = 0;
    for (size_t j = i + 1; j < c->n; j++) {
        const coley_response r = c->a[j].overall;
        if (r == COLEY_RESPONSE_PD) return 0;
        const int as_good = r == COLEY_RESPONSE_CR || (r == COLEY_RESPONSE_PR && c->a[i].overall == COLEY_RESPONSE_PR);
        if (as_good && c->a[j].day - c->a[i].day >= c->options->confirm_days) return 1;
        if (as_good) continue;
        if (r == COLEY_RESPONSE_NE)
            n_ne++;
        else if (is_stable(r) && c->a[i].overall == COLEY_RESPONSE_PR)
            n_sd++;
        else
            return 0;
        if (n_ne > c->options->max_ne_between || n_sd > c->options->max_sd_between) return 0;
    }
    return 0;
}

/* Best of the visits up to and with the first PD. A CR or PR that needs confirmation and has none counts as SD; SD
 * counts from its minimum time on. */
static coley_response best_response(const course *c, int confirmed)
{
    coley_response best = COLEY_RESPONSE_NE;
    for (size_t i = 0; i < c->n && i <= c->first_pd; i++) {
        coley_response r = c->a[i].overall;
        const int responds = r == COLEY_RESPONSE_CR || r == COLEY_RESPONSE_PR;
        if (responds && confirmed && !is_confirmed(c, i)) r = COLEY_RESPONSE_SD;
        if (is_stable(r) && c->a[i].day < c->options->sd_minimum_days) continue;
        if (r != COLEY_RESPONSE_NONE && r > best) best = r;
    }
    return best;
}

static coley_iresponse best_iresponse(const course *c)
{
    coley_iresponse best = COLEY_IRESPONSE_NE;
    int upd = 0, cpd = 0;
    for (size_t i = 0; i < c->n && !cpd; i++) {
        const coley_iresponse r = c->a[i].ioverall;
        upd |= r == COLEY_IRESPONSE_UPD;
        cpd |= r == COLEY_IRESPONSE_CPD;
        if (r < COLEY_IRESPONSE_SD) continue;
        if (r <= COLEY_IRESPONSE_NON_CR_NON_PD && c->a[i].day < c->options->sd_minimum_days) continue;
        if (r > best) best = r;
    }
    if (best != COLEY_IRESPONSE_NE) return best;
    return cpd ? COLEY_IRESPONSE_CPD : upd ? COLEY_IRESPONSE_UPD : COLEY_IRESPONSE_NE;
}

/* --- times
 * ------------------------------------------------------------------------------------------------------------------ */

/* Last adequate assessment before visit `end`, or day 0. */
static double last_adequate(const course *c, size_t end)
{
    for (size_t i = end; i-- > 0;)
        if (c->a[i].overall != COLEY_RESPONSE_NE && c->a[i].overall != COLEY_RESPONSE_NONE) return c->a[i].day;
    return 0.0;
}

static int too_long(const course *c, double from, double to)
{
    const double allowed = c->options->missed_visits_censor;
    return allowed > 0.0 && !isnan(c->interval_day) && to - from > (allowed + 0.5) * c->interval_day;
}

typedef struct outcome {
    double day;
    coley_event event;
    const char *rule;
} outcome;

/* PFS with progression at visit `pd` (n: none). */
static outcome progression_free(const course *c, size_t pd)
{
    const double seen = last_adequate(c, pd);
    if (pd < c->n) {
        if (too_long(c, seen, c->a[pd].day))
            return (outcome){
                seen, COLEY_EVENT_CENSORED,
                "progression after too many missed visits: censored at the last adequate assessment before"};
        return (outcome){c->a[pd].day, COLEY_EVENT_PROGRESSION, "progression at this visit"};
    }
    if (c->table->died && !isnan(c->table->last_contact_day)) {
        if (too_long(c, seen, c->table->last_contact_day))
            return (outcome){seen, COLEY_EVENT_CENSORED,
                             "death after too many missed visits: censored at the last adequate assessment before"};
        return (outcome){c->table->last_contact_day, COLEY_EVENT_DEATH, "death without progression"};
    }
    return (outcome){seen, COLEY_EVENT_CENSORED, "no progression: censored at the last adequate assessment"};
}

/* The visit at which iRECIST dates progression: the start of a run that is confirmed, or that no visit follows. */
static size_t iprogression(const course *c, const size_t *run_start)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->a[i].ioverall == COLEY_IRESPONSE_CPD) return run_start[i];
    if (c->n && c->a[c->n - 1].ioverall == COLEY_IRESPONSE_UPD && run_start[c->n - 1] == c->n - 1) return c->n - 1;
    return c->n;
}

static void find_duration(const course *c, const outcome *pfs, coley_response_report *report)
{
    report->response_start_day = report->response_duration_day = NAN;
    for (size_t i = 0; i < c->n && i < c->first_pd; i++) {
        const coley_response r = c->a[i].overall;
        if (r != COLEY_RESPONSE_CR && r != COLEY_RESPONSE_PR) continue;
        if (c->options->confirm && !is_confirmed(c, i)) continue;
        report->response_start_day = c->a[i].day;
        report->response_duration_day = fmax(pfs->day - c->a[i].day, 0.0);
        report->duration_event = pfs->event;
        return;
    }
}

static coley_assessment assessment_of(const coley_visits *visits, size_t i, coley_iresponse ioverall)
{
    const coley_visit *v = &visits->visit[i];
    const double base = visits->baseline_sod_mm;
    return (coley_assessment){.day = v->day,
                              .sod_mm = v->sod_mm,
                              .nadir_mm = v->nadir_mm,
                              .change_baseline_pct = base > 0.0 ? 100.0 * (v->sod_mm - base) / base : NAN,
                              .change_nadir_pct =
                                  v->nadir_mm > 0.0 ? 100.0 * (v->sod_mm - v->nadir_mm) / v->nadir_mm : NAN,
                              .new_sod_mm = v->new_sod_mm,
                              .target = v->target,
                              .non_target = v->non_target,
                              .overall = v->overall,
                              .n_new = v->n_new,
                              .ioverall = ioverall,
                              .why = visits->why[i].data ? visits->why[i].data : ""};
}

coley_status coley_response_judge(coley_arena *arena, const coley_lesion_table *table,
                                  const coley_response_options *options, coley_response_report *report,
                                  coley_error *err)
{
    coley_visits visits;
    COLEY_TRY(coley_recist_visits(arena, table, options, &visits, err));
    const size_t n = visits.n;
    coley_iresponse *ioverall = COLEY_NEW(arena, coley_iresponse, n);
    size_t *run_start = COLEY_NEW(arena, size_t, n);
    coley_assessment *assessment = COLEY_NEW(arena, coley_assessment, n);
    if (!ioverall || !run_start || !assessment) return COLEY_FAIL_MEMORY(err);
    *report = (coley_response_report){.n_targets = visits.n_targets,
                                      .target = visits.target,
                                      .baseline_day = visits.baseline_day,
                                      .baseline_sod_mm = visits.baseline_sod_mm,
                                      .n_assessments = n,
                                      .assessment = assessment,
                                      .note = visits.note};
    coley_irecist_judge(&visits, options, ioverall, run_start, &report->pseudoprogression);
    course c = {.table = table, .options = options, .a = assessment, .n = n, .first_pd = n};
    for (size_t i = 0; i < n; i++) {
        if (visits.why[i].failed) return COLEY_FAIL_MEMORY(err);
        assessment[i] = assessment_of(&visits, i, ioverall[i]);
        if (assessment[i].overall == COLEY_RESPONSE_PD && c.first_pd == n) c.first_pd = i;
    }
    c.interval_day = visit_interval(arena, &c);
    report->best = best_response(&c, 0);
    report->best_confirmed = best_response(&c, 1);
    report->ibest = best_iresponse(&c);
    const outcome pfs = progression_free(&c, c.first_pd), ipfs = progression_free(&c, iprogression(&c, run_start));
    report->pfs_day = pfs.day;
    report->pfs_event = pfs.event;
    report->censor_rule = pfs.rule;
    report->ipfs_day = ipfs.day;
    report->ipfs_event = ipfs.event;
    find_duration(&c, &pfs, report);
    return COLEY_OK;
}
