/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_result.c -- see trial_result.h. */
#include "run/trial_result.h"

#include <math.h>
#include <string.h>

#include "base/table.h"
#include "run/trial_later.h"

const char *const coley_endpoint_key[COLEY_END_COUNT] = {"PFS", "OS", "IPFS", "DOR"};
const char *const coley_endpoint_words[COLEY_END_COUNT] = {
    "progression-free survival", "overall survival", "progression-free survival by iRECIST", "duration of response"};

/* --- people and their times ------------------------------------------------------------------------------------------
 */

int coley_trial_time(const coley_trial_patient *p, coley_endpoint endpoint, double *month, int *event)
{
    double day = NAN;
    *event = 0;
    switch (endpoint) {
    case COLEY_END_PFS:
        day = p->pfs_day;
        *event = p->pfs_event != COLEY_EVENT_CENSORED;
        break;
    case COLEY_END_OS:
        day = p->os_day;
        *event = p->death != COLEY_DEATH_NONE;
        break;
    case COLEY_END_IPFS:
        day = p->ipfs_day;
        *event = p->ipfs_event != COLEY_EVENT_CENSORED;
        break;
    case COLEY_END_DOR:
        if (!p->responded || isnan(p->duration_day)) return 0;
        day = fmax(p->duration_day, 0.5);
        *event = p->duration_event != COLEY_EVENT_CENSORED;
        break;
    case COLEY_END_COUNT:
        return 0;
    }
    *month = day / COLEY_TRIAL_MONTH;
    return 1;
}

/* Times of some arms, numbered from 0 in the order given. */
static coley_status gather(coley_arena *arena, const coley_trial *trial, const size_t *arms, size_t n_arms,
                           coley_endpoint endpoint, coley_survival *survival, coley_error *err)
{
    size_t n = 0, most = 0;
    for (size_t i = 0; i < n_arms; i++) most += trial->arm[arms[i]].n;
    double *time = COLEY_NEW(arena, double, most);
    int *event = COLEY_NEW(arena, int, most), *arm = COLEY_NEW(arena, int, most);
    if (!time || !event || !arm) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_arms; i++)
        for (size_t k = 0; k < trial->arm[arms[i]].n; k++) {
            if (!coley_trial_time(&trial->arm[arms[i]].patient[k], endpoint, &time[n], &event[n])) continue;
            arm[n++] = (int)i;
        }
    *survival = (coley_survival){0};
    if (!n) return COLEY_OK;
    const coley_survival_input input = {.n = n, .time = time, .event = event, .arm = arm, .n_arms = n_arms};
    return coley_survival_prepare(arena, &input, survival, err);
}

coley_status coley_trial_ratio_of(coley_arena *arena, const coley_trial *trial, size_t a, size_t b,
                                  coley_endpoint endpoint, coley_ratio *ratio, double *p, coley_error *err)
{
    const size_t arms[] = {b, a}; /* the ratio is of arm 1 against arm 0 */
    coley_survival survival;
    coley_cox cox;
    coley_logrank test;
    *ratio = (coley_ratio){.ratio = NAN, .interval = {NAN, NAN}, .z = NAN, .p = NAN};
    *p = NAN;
    COLEY_TRY(gather(arena, trial, arms, 2, endpoint, &survival, err));
    if (!survival.n_events) return COLEY_OK;
    COLEY_TRY(coley_cox_fit(arena, &(coley_cox_input){.survival = &survival}, &cox, err));
    if (!cox.why) *ratio = coley_cox_ratio(&cox, 0, 0.95);
    COLEY_TRY(coley_logrank_test(arena, &survival, NULL, &test, err));
    if (!test.why) *p = test.p;
    return COLEY_OK;
}

/* --- one arm ---------------------------------------------------------------------------------------------------------
 */

static coley_trial_share share_of(size_t k, size_t n)
{
    return (coley_trial_share){
        .k = k, .n = n, .share = n ? (double)k / (double)n : 0, .interval = coley_proportion_exact(k, n, 0.95)};
}

/* Fatigue has a background without any drug, and is no attack on an organ. */
static int is_immune(const coley_trial *trial, size_t harm)
{
    return !strcmp(trial->harm_system[harm], COLEY_TRIAL_IMMUNE) && strcmp(trial->harm[harm], "fatigue") != 0;
}

/* Time to the first event of grade 3 or 4: 1 the event, 2 death before it, 0 neither. */
static coley_status severe_incidence(coley_arena *arena, const coley_trial *trial, const coley_trial_arm_run *run,
                                     int immune, coley_incidence *curve, coley_error *err)
{
    double *time = COLEY_NEW(arena, double, run->n);
    int *event = COLEY_NEW(arena, int, run->n);
    coley_survival survival;
    if (!time || !event) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < run->n; i++) {
        const coley_trial_patient *p = &run->patient[i];
        double first = INFINITY;
        for (size_t k = 0; k < trial->n_harms; k++)
            if (p->harm[k].grade >= 3 && (!immune || is_immune(trial, k))) first = fmin(first, p->harm[k].day);
        event[i] = isfinite(first) ? 1 : p->death != COLEY_DEATH_NONE ? 2 : 0;
        time[i] = fmax(fmin(first, p->os_day), 0.5) / COLEY_TRIAL_MONTH;
    }
    if (!run->n) return COLEY_OK;
    const coley_survival_input input = {.n = run->n, .time = time, .event = event};
    COLEY_TRY(coley_survival_prepare(arena, &input, &survival, err));
    return coley_incidence_curve(arena, &survival, COLEY_ALL_ARMS, 1, curve, err);
}

static void count_harms(const coley_trial *trial, const coley_trial_arm_run *run, coley_trial_arm_result *r)
{
    size_t immune = 0, immune_severe = 0;
    size_t any[COLEY_TRIAL_MAX_EVENTS + 1] = {0}, severe[COLEY_TRIAL_MAX_EVENTS + 1] = {0};
    for (size_t i = 0; i < run->n; i++) {
        int worst = 0, worst_immune = 0;
        for (size_t k = 0; k < trial->n_harms; k++) {
            const int grade = run->patient[i].harm[k].grade;
            if (grade > worst_immune && is_immune(trial, k)) worst_immune = grade;
            any[k] += grade > 0;
            severe[k] += grade >= 3;
            if (grade > worst) worst = grade;
        }
        immune += worst_immune > 0;
        immune_severe += worst_immune >= 3;
        any[trial->n_harms] += worst > 0;
        severe[trial->n_harms] += worst >= 3;
    }
    for (size_t k = 0; k <= trial->n_harms; k++) {
        r->any[k] = share_of(any[k], run->n);
        r->severe[k] = share_of(severe[k], run->n);
    }
    r->immune_any = share_of(immune, run->n);
    r->immune_severe = share_of(immune_severe, run->n);
}

static coley_status analyse_arm(coley_arena *arena, const coley_trial *trial, size_t a, coley_trial_arm_result *r,
                                coley_error *err)
{
    const coley_trial_arm_run *run = &trial->arm[a];
    const coley_trial_design *design = trial->design;
    size_t pseudo = 0;
    *r = (coley_trial_arm_result){0};
    for (size_t i = 0; i < run->n; i++) {
        r->n_best[run->patient[i].best]++;
        r->n_death[run->patient[i].death]++;
        r->n_lost_to_follow_up += run->patient[i].death == COLEY_DEATH_NONE && run->patient[i].lost_to_follow_up;
        pseudo += (size_t)run->patient[i].pseudoprogression;
    }
    const size_t cr = r->n_best[COLEY_RESPONSE_CR], pr = r->n_best[COLEY_RESPONSE_PR];
    const size_t sd = r->n_best[COLEY_RESPONSE_SD] + r->n_best[COLEY_RESPONSE_NON_CR_NON_PD];
    r->response = share_of(cr + pr, run->n);
    r->complete = share_of(cr, run->n);
    r->control = share_of(cr + pr + sd, run->n);
    r->pseudoprogression = share_of(pseudo, run->n);
    for (int e = 0; e < COLEY_END_COUNT; e++) {
        coley_survival survival;
        COLEY_TRY(gather(arena, trial, &a, 1, (coley_endpoint)e, &survival, err));
        r->ratio[e] = (coley_ratio){.ratio = NAN, .interval = {NAN, NAN}, .z = NAN, .p = NAN};
        r->p[e] = NAN;
        r->median[e] = (coley_km_quantile){.time = INFINITY, .interval = {NAN, NAN}};
        if (!survival.n) continue;
        COLEY_TRY(coley_km_curve(arena, &survival, COLEY_ALL_ARMS, &r->curve[e], err));
        r->median[e] = coley_km_quantile_of(&r->curve[e], 0.5, COLEY_KM_LOGLOG, 0.95);
        for (size_t k = 0; k < design->landmarks.n; k++)
            r->at[e][k] = coley_km_at(&r->curve[e], design->landmarks.month[k], COLEY_KM_LOGLOG, 0.95);
    }
    if (a != design->control_arm)
        for (int e = 0; e < COLEY_END_IPFS; e++)
            COLEY_TRY(coley_trial_ratio_of(arena, trial, a, design->control_arm, (coley_endpoint)e, &r->ratio[e],
                                           &r->p[e], err));
    count_harms(trial, run, r);
    if (!trial->harms_simulated[a]) return COLEY_OK;
    COLEY_TRY(severe_incidence(arena, trial, run, 0, &r->severe_incidence, err));
    return severe_incidence(arena, trial, run, 1, &r->immune_incidence, err);
}

/* --- beside what was published ---------------------------------------------------------------------------------------
 */

static void measure_share(coley_trial_share share, coley_trial_comparison *c)
{
    c->value = share.share;
    c->low = share.interval.low;
    c->high = share.interval.high;
}

static void measure_point(const coley_km *km, double month, coley_trial_comparison *c)
{
    if (!km->n) return;
    const coley_km_point point = coley_km_at(km, month, COLEY_KM_LOGLOG, 0.95);
    c->value = point.survival;
    c->low = isnan(point.interval.low) ? point.survival : point.interval.low;
    c->high = isnan(point.interval.high) ? point.survival : point.interval.high;
}

static void measure_median(coley_km_quantile median, coley_trial_comparison *c)
{
    c->value = median.time;
    c->low = median.interval.low;
    c->high = isnan(median.interval.high) ? INFINITY : median.interval.high;
}

static size_t arm_called(const coley_trial *trial, const char *name)
{
    for (size_t a = 0; a < trial->n_arms; a++)
        if (!strcmp(trial->arm[a].arm->name, name)) return a;
    return 0; /* the reader has checked */
}

static coley_status measure(coley_arena *arena, const coley_trial_result *result, coley_trial_comparison *c,
                            coley_error *err)
{
    const coley_trial *trial = result->trial;
    const coley_trial_arm_result *r = &result->arm[c->arm];
    const coley_trial_published *p = c->published;
    coley_ratio ratio;
    double test;
    c->value = c->low = c->high = NAN;
    switch (p->measure) {
    case COLEY_MEASURE_ORR:
        measure_share(r->response, c);
        break;
    case COLEY_MEASURE_CR:
        measure_share(r->complete, c);
        break;
    case COLEY_MEASURE_PFS_MEDIAN:
        measure_median(r->median[COLEY_END_PFS], c);
        break;
    case COLEY_MEASURE_OS_MEDIAN:
        measure_median(r->median[COLEY_END_OS], c);
        break;
    case COLEY_MEASURE_PFS_AT:
        measure_point(&r->curve[COLEY_END_PFS], p->month, c);
        break;
    case COLEY_MEASURE_OS_AT:
        measure_point(&r->curve[COLEY_END_OS], p->month, c);
        break;
    case COLEY_MEASURE_HR_PFS:
    case COLEY_MEASURE_HR_OS:
        COLEY_TRY(coley_trial_ratio_of(arena, trial, c->arm, arm_called(trial, p->to),
                                       p->measure == COLEY_MEASURE_HR_OS ? COLEY_END_OS : COLEY_END_PFS, &ratio, &test,
                                       err));
        c->value = ratio.ratio;
        c->low = ratio.interval.low;
        c->high = ratio.interval.high;
        break;
    case COLEY_MEASURE_AE_3_4:
    case COLEY_MEASURE_AE_ANY:
        if (!trial->harms_simulated[c->arm])
            c->why = "no model of side effects in this arm";
        else
            measure_share(p->measure == COLEY_MEASURE_AE_3_4 ? r->severe[trial->n_harms] : r->any[trial->n_harms], c);
        break;
    default:
        break;
    }
    return COLEY_OK;
}

/* Shares without an interval: the exact one of as many people as the arm had. */
static int is_share(int measure)
{
    return measure == COLEY_MEASURE_ORR || measure == COLEY_MEASURE_CR || measure == COLEY_MEASURE_PFS_AT ||
           measure == COLEY_MEASURE_OS_AT || measure == COLEY_MEASURE_AE_3_4 || measure == COLEY_MEASURE_AE_ANY;
}

static void judge(const coley_trial *trial, coley_trial_comparison *c)
{
    const coley_trial_published *p = c->published;
    const double n = (double)trial->arm[c->arm].arm->n;
    c->least = p->low;
    c->most = p->high;
    if (isnan(p->low) && is_share(p->measure)) {
        const coley_interval exact = coley_proportion_exact((size_t)llround(p->value * n), (size_t)n, 0.95);
        c->least = exact.low;
        c->most = exact.high;
    } else if (isnan(p->low)) {
        c->least = 0.85 * p->value;
        c->most = 1.15 * p->value;
    }
    if (c->why || isnan(c->value)) {
        c->verdict = COLEY_NOT_COMPARED;
        if (!c->why) c->why = "no events";
        return;
    }
    const double below = p->value - c->least, above = c->most - p->value;
    if (c->value >= c->least && c->value <= c->most)
        c->verdict = COLEY_INSIDE;
    else if ((c->low <= c->most && c->high >= c->least) ||
             (c->value >= p->value - 2 * below && c->value <= p->value + 2 * above))
        c->verdict = COLEY_NEAR;
    else
        c->verdict = COLEY_OUTSIDE;
}

static coley_status compare(coley_arena *arena, coley_trial_result *result, coley_error *err)
{
    const coley_trial *trial = result->trial;
    size_t n = 0;
    for (size_t a = 0; a < trial->n_arms; a++) n += trial->arm[a].arm->published.n;
    if (!(result->comparison = COLEY_NEW(arena, coley_trial_comparison, n))) return COLEY_FAIL_MEMORY(err);
    for (size_t a = 0; a < trial->n_arms; a++)
        for (size_t i = 0; i < trial->arm[a].arm->published.n; i++) {
            coley_trial_comparison *c = &result->comparison[result->n_comparisons++];
            *c = (coley_trial_comparison){.arm = a, .published = COLEY_TRIAL_PUBLISHED(trial->arm[a].arm, i)};
            COLEY_TRY(measure(arena, result, c, err));
            judge(trial, c);
        }
    return COLEY_OK;
}

coley_status coley_trial_analyse(coley_arena *arena, const coley_trial *trial, coley_trial_result *result,
                                 coley_error *err)
{
    *result = (coley_trial_result){.trial = trial};
    for (size_t a = 0; a < trial->n_arms; a++) COLEY_TRY(analyse_arm(arena, trial, a, &result->arm[a], err));
    COLEY_TRY(coley_trial_look(arena, trial, &result->interim, err));
    return compare(arena, result, err);
}

const char *coley_verdict_word(coley_verdict_kind verdict)
{
    static const char *const words[] = {"inside", "near", "outside", "not compared"};
    return words[verdict];
}

/* --- in words --------------------------------------------------------------------------------------------------------
 */

static void add_share(coley_table *table, coley_trial_share s)
{
    coley_table_add(table, "%.1f (%.1f to %.1f)", 100 * s.share, 100 * s.interval.low, 100 * s.interval.high);
}

static void add_median(coley_table *table, coley_km_quantile m)
{
    if (!isfinite(m.time))
        coley_table_add(table, "not reached");
    else if (isfinite(m.interval.low) && isfinite(m.interval.high))
        coley_table_add(table, "%.1f (%.1f to %.1f)", m.time, m.interval.low, m.interval.high);
    else
        coley_table_add(table, "%.1f", m.time);
}

static void add_ratio(coley_table *table, coley_ratio r)
{
    if (!isfinite(r.ratio))
        coley_table_add(table, "-");
    else
        coley_table_add(table, "%.2f (%.2f to %.2f)", r.ratio, r.interval.low, r.interval.high);
}

static coley_table main_table(coley_arena *arena, const coley_trial_result *result)
{
    static const char *const heads[] = {"arm",        "n",      "ORR %", "CR %",    "PFS, months",
                                        "OS, months", "HR PFS", "HR OS", "AE 3-4 %"};
    const coley_trial *trial = result->trial;
    coley_table table = coley_table_begin(arena, heads, 9);
    for (size_t a = 0; a < trial->n_arms; a++) {
        const coley_trial_arm_result *r = &result->arm[a];
        coley_table_add(&table, "%s", trial->arm[a].arm->name);
        coley_table_add(&table, "%zu", trial->arm[a].n);
        if (trial->design->criteria == COLEY_CRITERIA_RECURRENCE) {
            coley_table_add(&table, "-");
            coley_table_add(&table, "-");
        } else {
            add_share(&table, r->response);
            add_share(&table, r->complete);
        }
        add_median(&table, r->median[COLEY_END_PFS]);
        add_median(&table, r->median[COLEY_END_OS]);
        add_ratio(&table, r->ratio[COLEY_END_PFS]);
        add_ratio(&table, r->ratio[COLEY_END_OS]);
        if (trial->harms_simulated[a])
            add_share(&table, r->severe[trial->n_harms]);
        else
            coley_table_add(&table, "-");
    }
    return table;
}

static void add_figure(coley_table *table, int measure, double x)
{
    if (isnan(x))
        coley_table_add(table, "-");
    else if (isinf(x))
        coley_table_add(table, "not reached");
    else if (is_share(measure))
        coley_table_add(table, "%.1f", 100 * x);
    else
        coley_table_add(table, "%.2f", x);
}

static coley_table comparison_table(coley_arena *arena, const coley_trial_result *result)
{
    static const char *const heads[] = {"arm", "figure", "Coley", "from", "to", "published", "from", "to", ""};
    coley_table table = coley_table_begin(arena, heads, 9);
    for (size_t i = 0; i < result->n_comparisons; i++) {
        const coley_trial_comparison *c = &result->comparison[i];
        const coley_trial_published *p = c->published;
        coley_table_add(&table, "%s", result->trial->arm[c->arm].arm->name);
        if (!isnan(p->month))
            coley_table_add(&table, "%s, %g months", coley_measure_words[p->measure], p->month);
        else if (p->to)
            coley_table_add(&table, "%s, to %s", coley_measure_words[p->measure], p->to);
        else
            coley_table_add(&table, "%s", coley_measure_words[p->measure]);
        add_figure(&table, p->measure, c->value);
        add_figure(&table, p->measure, c->low);
        add_figure(&table, p->measure, c->high);
        add_figure(&table, p->measure, p->value);
        add_figure(&table, p->measure, c->least);
        add_figure(&table, p->measure, c->most);
        coley_table_add(&table, "%s", coley_verdict_word(c->verdict));
    }
    return table;
}

coley_status coley_trial_words(coley_arena *arena, const coley_trial_result *result, coley_text *out, coley_error *err)
{
    const coley_trial *trial = result->trial;
    coley_text_addf(out, "%s\n\nScreened %zu, eligible %zu", trial->design->title, trial->n_screened,
                    trial->n_eligible);
    for (size_t i = 0; i < trial->n_rules; i++)
        coley_text_addf(out, "; '%s' removes %.1f %%", trial->rule[i].text,
                        100 * (double)trial->rule[i].n_removed / (double)trial->n_screened);
    coley_text_addf(out, ".\nControl: %s. Intervals are 95 %%.\n\n", trial->arm[trial->design->control_arm].arm->name);
    coley_table table = main_table(arena, result);
    coley_table_draw(&table, out);
    for (size_t a = 0, any = 0; a < trial->n_arms; a++) {
        if (trial->arm[a].session->n_later && !any++) coley_text_addf(out, "\n");
        coley_trial_later_words(&trial->arm[a], out);
    }
    if (result->interim) coley_interim_table(arena, trial, result->interim, out);
    if (result->n_comparisons) {
        size_t count[4] = {0};
        for (size_t i = 0; i < result->n_comparisons; i++) count[result->comparison[i].verdict]++;
        coley_text_addf(out, "\nBeside what was published (shares in %%):\n\n");
        coley_table other = comparison_table(arena, result);
        coley_table_draw(&other, out);
        coley_text_addf(out, "\n%zu inside, %zu near, %zu outside, %zu not compared.\n", count[0], count[1], count[2],
                        count[3]);
        if (other.failed) return COLEY_FAIL_MEMORY(err);
    }
    return table.failed || out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
