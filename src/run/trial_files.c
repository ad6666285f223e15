/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_files.c -- see trial_files.h. */
#include "run/trial_files.h"

#include <math.h>
#include <string.h>

#include "run/trial_later.h"

#define ADD(...) coley_text_addf(out, __VA_ARGS__)

const char *const coley_trial_file_name[COLEY_TRIAL_FILES] = {"adsl.csv", "adtr.csv", "adrs.csv", "adtte.csv",
                                                              "adae.csv"};

/* A number as CSV; empty when there is none. */
static void number(coley_text *out, const char *before, double x)
{
    if (isfinite(x))
        ADD("%s%.10g", before, x);
    else
        ADD("%s", before);
}

static void person(coley_text *out, const coley_trial *trial, const coley_trial_patient *p)
{
    ADD("%llu,%s", (unsigned long long)p->id, trial->arm[p->arm].arm->name);
}

/* ADaM's day: the first dose is on day 1, the day before on day -1. */
static double study_day(double day)
{
    return floor(day) + 1;
}

/* --- the data sets ---------------------------------------------------------------------------------------------------
 */

static void subject(coley_text *out, const coley_trial *trial, const coley_trial_patient *p)
{
    const coley_covariates *c = &p->covariates;
    person(out, trial, p);
    ADD(",%zu,%.3f,%s,%.1f,%d,%.3f,%.1f,%.2f", (size_t)p->stratum, c->age_year, c->male ? "M" : "F", c->weight_kg,
        c->ecog, c->ldh_uln, c->albumin_g_per_L, c->nlr);
    number(out, ",", p->tmb_per_Mb);
    number(out, ",", 100 * p->pdl1_tps);
    number(out, ",", p->sod_mm);
    number(out, ",", floor(p->entry_day));
    number(out, ",", floor(p->until_day));
    number(out, ",", p->quit_day);
    ADD(",%s,%s,%s", p->death == COLEY_DEATH_NONE && p->lost_to_follow_up ? "Y" : "N",
        p->death == COLEY_DEATH_NONE ? "N" : "Y", coley_death_name(p->death));
    if (isnan(p->later_day))
        ADD(",,\n");
    else
        ADD(",%s,%.0f\n", COLEY_TRIAL_LATER(trial->arm[p->arm].arm, p->later)->name, study_day(p->later_day));
}

static void tumour_rows(coley_text *out, const coley_trial *trial, const coley_trial_arm_run *run,
                        const coley_trial_patient *p)
{
    person(out, trial, p);
    ADD(",SUMDIAM,0,1,");
    number(out, "", p->sod_mm);
    ADD(",,\n");
    for (size_t k = 0; k < p->n_scans; k++) {
        const coley_trial_scan *scan = &run->scan[p->first_scan + k];
        person(out, trial, p);
        ADD(",SUMDIAM,%zu,%.0f,", k + 1, study_day(scan->day));
        number(out, "", (double)scan->sod_mm);
        number(out, ",", isnan(scan->change) ? NAN : scan->sod_mm - p->sod_mm);
        number(out, ",", 100.0 * (double)scan->change);
        ADD("\n");
    }
}

static void response_rows(coley_text *out, const coley_trial *trial, const coley_trial_arm_run *run,
                          const coley_trial_patient *p)
{
    for (size_t k = 0; k < p->n_scans; k++) {
        const coley_trial_scan *scan = &run->scan[p->first_scan + k];
        person(out, trial, p);
        ADD(",OVRLRESP,%zu,%.0f,%s\n", k + 1, study_day(scan->day),
            coley_response_name((coley_response)scan->response));
    }
    person(out, trial, p);
    ADD(",BESTRESP,,,%s\n", coley_response_name(p->best));
    person(out, trial, p);
    ADD(",IBESTRESP,,,%s\n", coley_iresponse_name(p->ibest));
}

static const char *event_words(const coley_trial_patient *p, coley_endpoint endpoint, int event)
{
    if (!event)
        return p->death == COLEY_DEATH_NONE && p->lost_to_follow_up ? "lost to follow-up"
               : p->death != COLEY_DEATH_NONE                       ? "last adequate assessment"
                                                                    : "analysis";
    if (endpoint == COLEY_END_OS) return "death";
    const int what = endpoint == COLEY_END_IPFS  ? p->ipfs_event
                     : endpoint == COLEY_END_DOR ? p->duration_event
                                                 : p->pfs_event;
    return what == COLEY_EVENT_DEATH ? "death" : "progression";
}

static void time_rows(coley_text *out, const coley_trial *trial, const coley_trial_patient *p)
{
    for (int e = 0; e < COLEY_END_COUNT; e++) {
        double month;
        int event;
        if (!coley_trial_time(p, (coley_endpoint)e, &month, &event)) continue;
        person(out, trial, p);
        ADD(",%s,%.10g,%.10g,%d,%s\n", coley_endpoint_key[e], month * COLEY_TRIAL_MONTH, month, !event,
            event_words(p, (coley_endpoint)e, event));
    }
}

static void event_rows(coley_text *out, const coley_trial *trial, const coley_trial_patient *p)
{
    for (size_t k = 0; k < trial->n_harms; k++) {
        if (!p->harm[k].grade) continue;
        person(out, trial, p);
        ADD(",%s,%s,%d,%.0f\n", trial->harm_system[k], trial->harm[k], p->harm[k].grade,
            study_day((double)p->harm[k].day));
    }
}

void coley_trial_data_set(const coley_trial *trial, size_t i, coley_text *out)
{
    static const char *const heads[COLEY_TRIAL_FILES] = {
        ("USUBJID,TRT01P,STRATUM,AGE,SEX,WEIGHT,ECOG,LDH_ULN,ALBUMIN_G_L,NLR,TMB,PDL1_TPS,SOD_MM,ENTRY_DAY,UNTIL_DAY,"
         "TRTEDY,LOST,DTHFL,DTHCAUS,TRT02A,TR02SDY\n"),
        "USUBJID,TRT01P,PARAMCD,AVISITN,ADY,AVAL,CHG,PCHG\n",
        "USUBJID,TRT01P,PARAMCD,AVISITN,ADY,AVALC\n",
        "USUBJID,TRT01P,PARAMCD,AVAL_DAY,AVAL_MONTH,CNSR,EVNTDESC\n",
        "USUBJID,TRT01P,AEBODSYS,AEDECOD,ATOXGR,ASTDY\n",
    };
    ADD("%s", heads[i]);
    for (size_t a = 0; a < trial->n_arms; a++)
        for (size_t k = 0; k < trial->arm[a].n; k++) {
            const coley_trial_patient *p = &trial->arm[a].patient[k];
            switch (i) {
            case 0:
                subject(out, trial, p);
                break;
            case 1:
                tumour_rows(out, trial, &trial->arm[a], p);
                break;
            case 2:
                response_rows(out, trial, &trial->arm[a], p);
                break;
            case 3:
                time_rows(out, trial, p);
                break;
            default:
                event_rows(out, trial, p);
                break;
            }
        }
}

/* --- the summary -----------------------------------------------------------------------------------------------------
 */

static void emit_interval(coley_emit *emit, const char *key, double value, coley_interval interval)
{
    coley_emit_map(emit, key);
    coley_emit_number(emit, "value", value);
    coley_emit_number(emit, "low", interval.low);
    coley_emit_number(emit, "high", interval.high);
    coley_emit_end(emit);
}

static void emit_share(coley_emit *emit, const char *key, coley_trial_share share)
{
    coley_emit_map(emit, key);
    coley_emit_integer(emit, "people", (int64_t)share.k);
    coley_emit_number(emit, "value", share.share);
    coley_emit_number(emit, "low", share.interval.low);
    coley_emit_number(emit, "high", share.interval.high);
    coley_emit_end(emit);
}

static void emit_endpoint(coley_emit *emit, const coley_trial *trial, const coley_trial_arm_result *r, coley_endpoint e)
{
    coley_emit_map(emit, coley_endpoint_key[e]);
    coley_emit_integer(emit, "people", (int64_t)r->curve[e].people);
    coley_emit_integer(emit, "events", (int64_t)r->curve[e].events);
    emit_interval(emit, "median_months", r->median[e].time, r->median[e].interval);
    coley_emit_list(emit, "landmarks");
    for (size_t k = 0; k < trial->design->landmarks.n && r->curve[e].n; k++) {
        coley_emit_map(emit, NULL);
        coley_emit_number(emit, "month", trial->design->landmarks.month[k]);
        coley_emit_number(emit, "value", r->at[e][k].survival);
        coley_emit_number(emit, "low", r->at[e][k].interval.low);
        coley_emit_number(emit, "high", r->at[e][k].interval.high);
        coley_emit_integer(emit, "at_risk", (int64_t)r->at[e][k].at_risk);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    if (e < COLEY_END_IPFS) {
        emit_interval(emit, "hazard_ratio", r->ratio[e].ratio, r->ratio[e].interval);
        coley_emit_number(emit, "logrank_p", r->p[e]);
    }
    coley_emit_end(emit);
}

/* With death as what excludes it. */
static void emit_incidence(coley_emit *emit, const coley_trial *trial, const char *key, const coley_incidence *curve)
{
    coley_emit_list(emit, key);
    for (size_t k = 0; k < trial->design->landmarks.n && curve->n; k++) {
        const coley_incidence_point point = coley_incidence_at(curve, trial->design->landmarks.month[k], 0.95);
        coley_emit_map(emit, NULL);
        coley_emit_number(emit, "month", trial->design->landmarks.month[k]);
        coley_emit_number(emit, "value", point.incidence);
        coley_emit_number(emit, "low", point.interval.low);
        coley_emit_number(emit, "high", point.interval.high);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

static void emit_harms(coley_emit *emit, const coley_trial *trial, const coley_trial_arm_result *r)
{
    coley_emit_map(emit, "adverse_events");
    for (size_t k = 0; k <= trial->n_harms; k++) {
        coley_emit_map(emit, k < trial->n_harms ? trial->harm[k] : "all");
        emit_share(emit, "any_grade", r->any[k]);
        emit_share(emit, "grade_3_4", r->severe[k]);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    emit_share(emit, "irae_any", r->immune_any);
    emit_share(emit, "irae_3_4", r->immune_severe);
    emit_incidence(emit, trial, "ae_3_4_cumulative", &r->severe_incidence);
    emit_incidence(emit, trial, "irae_3_4_cumulative", &r->immune_incidence);
}

/* Who began what after progression. */
static void emit_later(coley_emit *emit, const coley_trial_arm_run *run)
{
    coley_emit_list(emit, "after_progression");
    for (size_t k = 0; k < run->session->n_later; k++) {
        int64_t n = 0;
        for (size_t i = 0; i < run->n; i++) n += !isnan(run->patient[i].later_day) && run->patient[i].later == (int)k;
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "name", COLEY_TRIAL_LATER(run->arm, k)->name);
        coley_emit_integer(emit, "people", n);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

static void emit_arm(coley_emit *emit, const coley_trial_result *result, size_t a)
{
    static const char *const deaths[] = {"alive_or_lost", "tumour", "side_effects", "other_causes"};
    const coley_trial *trial = result->trial;
    const coley_trial_arm_result *r = &result->arm[a];
    coley_emit_map(emit, NULL);
    coley_emit_text(emit, "name", trial->arm[a].arm->name);
    coley_emit_integer(emit, "people", (int64_t)trial->arm[a].n);
    coley_emit_integer(emit, "lost_by_the_solver", (int64_t)trial->arm[a].n_lost);
    coley_emit_integer(emit, "vanishing_tumours_left_out", (int64_t)trial->arm[a].n_vanished);
    emit_share(emit, "response", r->response);
    emit_share(emit, "complete_response", r->complete);
    emit_share(emit, "disease_control", r->control);
    emit_share(emit, "pseudoprogression", r->pseudoprogression);
    for (int e = 0; e < COLEY_END_COUNT; e++) emit_endpoint(emit, trial, r, (coley_endpoint)e);
    coley_emit_map(emit, "deaths");
    for (size_t k = 0; k < 4; k++) coley_emit_integer(emit, deaths[k], (int64_t)r->n_death[k]);
    coley_emit_end(emit);
    if (trial->arm[a].session->n_later) emit_later(emit, &trial->arm[a]);
    if (trial->harms_simulated[a]) emit_harms(emit, trial, r);
    coley_emit_end(emit);
}

void coley_trial_emit_comparisons(const coley_trial_result *result, coley_emit *emit)
{
    coley_emit_list(emit, "published");
    for (size_t i = 0; i < result->n_comparisons; i++) {
        const coley_trial_comparison *c = &result->comparison[i];
        const coley_trial_published *p = c->published;
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "arm", result->trial->arm[c->arm].arm->name);
        coley_emit_text(emit, "measure", coley_measure_keys[p->measure]);
        if (!isnan(p->month)) coley_emit_number(emit, "month", p->month);
        if (p->to) coley_emit_text(emit, "to", p->to);
        coley_emit_number(emit, "coley", c->value);
        coley_emit_number(emit, "coley_low", c->low);
        coley_emit_number(emit, "coley_high", c->high);
        coley_emit_number(emit, "published", p->value);
        coley_emit_number(emit, "inside_from", c->least);
        coley_emit_number(emit, "inside_to", c->most);
        coley_emit_text(emit, "verdict", coley_verdict_word(c->verdict));
        if (c->why) coley_emit_text(emit, "why", c->why);
        coley_emit_text(emit, "source", p->source);
        coley_emit_text(emit, "confidence", p->confidence);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

void coley_trial_summary(const coley_trial_result *result, coley_text *out)
{
    const coley_trial *trial = result->trial;
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "title", trial->design->title);
    coley_emit_text(&emit, "source", trial->design->source);
    coley_emit_text(&emit, "cancer", trial->cancer->name);
    coley_emit_integer(&emit, "seed", trial->design->seed);
    coley_emit_text(&emit, "control", trial->arm[trial->design->control_arm].arm->name);
    coley_emit_integer(&emit, "screened", (int64_t)trial->n_screened);
    coley_emit_integer(&emit, "eligible", (int64_t)trial->n_eligible);
    coley_emit_list(&emit, "eligibility");
    for (size_t i = 0; i < trial->n_rules; i++) {
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "rule", trial->rule[i].text);
        coley_emit_integer(&emit, "removed", (int64_t)trial->rule[i].n_removed);
        coley_emit_integer(&emit, "removed_by_it_alone", (int64_t)trial->rule[i].n_alone);
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_list(&emit, "arms");
    for (size_t a = 0; a < trial->n_arms; a++) emit_arm(&emit, result, a);
    coley_emit_end(&emit);
    if (result->interim) coley_interim_emit(trial, result->interim, &emit);
    coley_trial_emit_comparisons(result, &emit);
    coley_emit_end(&emit);
}
