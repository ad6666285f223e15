/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survival_print.c -- an analysis as text, JSON, CSV or SVG. What does not exist is said in words, or is null. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/chart.h"
#include "base/table.h"
#include "io/emit.h"
#include "io/plot.h"
#include "run/survival_parts.h"

double coley_survival_unit_days(const char *unit)
{
    return strcmp(unit, "day") == 0     ? 1.0
           : strcmp(unit, "week") == 0  ? 7.0
           : strcmp(unit, "month") == 0 ? 30.4375
                                        : 365.25;
}

/* ---- for people -------------------------------------------------------------------------------------------------- */

typedef struct shown {
    char text[40];
} shown;

/* Infinity is a time or a ratio that the data do not bound, NaN what does not exist. */
static shown number(double x, const char *format, const char *endless)
{
    shown s;
    if (isnan(x))
        snprintf(s.text, sizeof s.text, "-");
    else if (isinf(x))
        snprintf(s.text, sizeof s.text, "%s", endless);
    else
        snprintf(s.text, sizeof s.text, format, x);
    return s;
}

static shown range(coley_interval i, const char *format, const char *endless)
{
    shown s;
    if (!isfinite(i.low) && !isfinite(i.high) && isnan(i.low) == isnan(i.high)) /* neither end exists */
        snprintf(s.text, sizeof s.text, "-");
    else
        snprintf(s.text, sizeof s.text, "%.16s to %.16s", number(i.low, format, endless).text,
                 number(i.high, format, endless).text);
    return s;
}

static shown p_value(double p)
{
    shown s;
    snprintf(s.text, sizeof s.text, isnan(p) ? "-" : p < 1e-3 ? "%.2g" : "%.4f", p);
    return s;
}

static void print_arms(coley_arena *arena, const coley_survival_analysis *a, coley_text *text)
{
    const char *const heading[] = {"arm", "people", "events", "median", "interval", "follow-up"};
    coley_table t = coley_table_begin(arena, heading, 6);
    for (size_t k = 0; k < a->n_arms; k++) {
        const coley_km_quantile follow =
            coley_km_quantile_of(&a->follow_up[k], 0.5, COLEY_KM_LOGLOG, a->request->level);
        coley_table_add(&t, "%s", a->arm[k]);
        coley_table_add(&t, "%zu", a->km[k].people);
        coley_table_add(&t, "%zu", a->km[k].events);
        coley_table_add(&t, "%s", number(a->median[k].time, "%.2f", "not reached").text);
        coley_table_add(&t, "%s", range(a->median[k].interval, "%.2f", "not reached").text);
        coley_table_add(&t, "%s", number(follow.time, "%.2f", "not reached").text);
    }
    coley_table_draw(&t, text);
}

static void print_times(coley_arena *arena, const coley_survival_analysis *a, coley_text *text)
{
    const char *const heading[] = {"at", "arm", "at risk", "survival", "interval"};
    coley_table t = coley_table_begin(arena, heading, 5);
    if (!a->n_times) return;
    for (size_t i = 0; i < a->n_times; i++)
        for (size_t k = 0; k < a->n_arms; k++) {
            const coley_km_point p = coley_km_at(&a->km[k], a->time[i], a->request->scale, a->request->level);
            const int unknown = p.beyond && p.survival > 0.0;
            coley_table_add(&t, "%g", a->time[i]);
            coley_table_add(&t, "%s", a->arm[k]);
            coley_table_add(&t, "%zu", p.at_risk);
            coley_table_add(&t, "%s", unknown ? "-" : number(p.survival, "%.3f", "-").text);
            coley_table_add(&t, "%s", unknown ? "after the last person" : range(p.interval, "%.3f", "-").text);
        }
    coley_text_addf(text, "\n");
    coley_table_draw(&t, text);
}

static void print_test(const char *name, double chi2, size_t df, double p, const char *why, coley_text *text)
{
    if (why)
        coley_text_addf(text, "  %-28s no test: %s\n", name, why);
    else
        coley_text_addf(text, "  %-28s chi-square %.4f, %zu df, P %s\n", name, chi2, df, p_value(p).text);
}

static void print_tests(const coley_survival_analysis *a, coley_text *text)
{
    if (a->n_arms < 2) return;
    coley_text_addf(text, "\ntests of equal curves%s\n", a->n_strata > 1 ? ", stratified" : "");
    for (int k = 0; k < COLEY_SURVIVAL_TESTS; k++) {
        const coley_logrank *const t = &a->test[k].result;
        print_test(a->test[k].name, t->chi2, t->df, t->p, t->why, text);
    }
    if (a->n_arms != 2) return;
    if (a->combo.why)
        coley_text_addf(text, "  %-28s no test: %s\n", "largest of four weights", a->combo.why);
    else
        coley_text_addf(text, "  %-28s P %s\n", "largest of four weights", p_value(a->combo.p).text);
}

static const char *column_name(const coley_survival_analysis *a, size_t k)
{
    return k < a->n_arms - 1 ? a->arm[k + 1] : a->request->covariate[k - (a->n_arms - 1)];
}

static void print_cox(coley_arena *arena, const coley_survival_analysis *a, coley_text *text)
{
    const char *const heading[] = {"hazard ratio of", "ratio", "interval", "z", "P"};
    coley_table t = coley_table_begin(arena, heading, 5);
    if (a->n_arms < 2 && !a->request->n_covariates) return;
    coley_text_addf(text, "\n");
    if (a->cox.why) {
        coley_text_addf(text, "no hazard ratio: %s\n", a->cox.why);
        return;
    }
    for (size_t k = 0; k < a->cox.n_columns; k++) {
        const coley_ratio r = coley_cox_ratio(&a->cox, k, a->request->level);
        if (k < a->n_arms - 1)
            coley_table_add(&t, "%s against %s", column_name(a, k), a->arm[0]);
        else
            coley_table_add(&t, "one more of %s", column_name(a, k));
        coley_table_add(&t, "%s", number(r.ratio, "%.4f", "no bound").text);
        coley_table_add(&t, "%s", range(r.interval, "%.4f", "no bound").text);
        coley_table_add(&t, "%s", number(r.z, "%.3f", "-").text);
        coley_table_add(&t, "%s", p_value(r.p).text);
    }
    coley_table_draw(&t, text);
    if (a->cox.unbounded)
        coley_text_addf(text, "  a ratio has no bound: all events of one side fall where the other cannot be compared; "
                              "read the log-rank test\n");
    print_test("score", a->cox.score, a->cox.n_columns, a->cox.p_score, NULL, text);
    print_test("likelihood ratio", a->cox.likelihood_ratio, a->cox.n_columns, a->cox.p_likelihood_ratio, NULL, text);
}

static void print_forest(coley_arena *arena, const coley_survival_analysis *a, coley_text *text)
{
    const coley_forest *const f = &a->forest;
    coley_text people[2] = {{.arena = arena}, {.arena = arena}};
    if (!f->n_rows) return;
    for (int k = 0; k < 2; k++) coley_text_addf(&people[k], "%s", a->arm[k]);
    if (people[0].failed || people[1].failed) {
        text->failed = 1;
        return;
    }
    const char *const heading[] = {"subgroup", people[1].data, people[0].data, "ratio", "interval", "interaction"};
    coley_table t = coley_table_begin(arena, heading, 6);
    size_t factor = 0;
    for (size_t i = 0; i < f->n_rows; i++) {
        const coley_forest_row *const r = &f->row[i];
        const int opens = i > 0 && (i == 1 || f->row[i - 1].factor != r->factor);
        coley_table_add(&t, "%s%s%s", r->factor, *r->level ? " " : "", r->level);
        for (int k = 1; k >= 0; k--) coley_table_add(&t, "%zu/%zu", r->events[k], r->people[k]);
        coley_table_add(&t, "%s", number(r->ratio.ratio, "%.3f", "no bound").text);
        coley_table_add(&t, "%s", r->why ? r->why : range(r->ratio.interval, "%.3f", "no bound").text);
        if (opens)
            coley_table_add(&t, "P %s", p_value(f->interaction[factor++].p).text);
        else
            coley_table_add(&t, "%s", "");
    }
    coley_text_addf(text, "\nhazard ratio in subgroups (events/people)\n");
    coley_table_draw(&t, text);
}

static void print_means(coley_arena *arena, const coley_survival_analysis *a, coley_text *text)
{
    const char *const heading[] = {"arm", "mean", "interval", "difference", "interval", "P"};
    coley_table t = coley_table_begin(arena, heading, 6);
    if (!(a->tau > 0.0)) return;
    int beyond = 0;
    for (size_t k = 0; k < a->n_arms; k++) {
        const coley_rmst_contrast c = coley_rmst_compare(a->mean[0], a->mean[k], a->request->level);
        coley_table_add(&t, "%s", a->arm[k]);
        coley_table_add(&t, "%.3f", a->mean[k].mean);
        coley_table_add(&t, "%s", range(a->mean[k].interval, "%.3f", "-").text);
        coley_table_add(&t, "%s", k ? number(c.difference, "%.3f", "-").text : "");
        coley_table_add(&t, "%s", k ? range(c.difference_interval, "%.3f", "-").text : "");
        coley_table_add(&t, "%s", k ? p_value(c.p).text : "");
        beyond |= a->mean[k].beyond;
    }
    coley_text_addf(text, "\nmean time free of the event up to %g %ss (restricted mean)\n", a->tau, a->request->unit);
    coley_table_draw(&t, text);
    if (beyond) coley_text_addf(text, "  a curve ends before that and was carried forward\n");
}

static void print_cures(const coley_survival_analysis *a, coley_text *text)
{
    if (!a->request->cure) return;
    coley_text_addf(text, "\nshare that never has the event (mixture with Weibull times)\n");
    for (size_t k = 0; k < a->n_arms; k++) {
        const coley_cure *const c = &a->cure[k];
        const coley_cure_input in = {.arm = (int)k};
        const coley_cure_share s = coley_cure_share_of(c, &in, 0, a->request->level);
        if (c->why)
            coley_text_addf(text, "  %-28s no fit: %s\n", a->arm[k], c->why);
        else if (c->nobody)
            coley_text_addf(text, "  %-28s 0: Weibull times without a cured share fit best\n", a->arm[k]);
        else
            coley_text_addf(text, "  %-28s %.3f, interval %s; P that it is 0: %s\n", a->arm[k], s.share,
                            range(s.interval, "%.3f", "-").text, p_value(c->p_none).text);
    }
}

static void print_causes(const coley_survival_analysis *a, coley_text *text)
{
    for (size_t c = 0; c < a->n_causes; c++) {
        const coley_survival_cause *const cause = &a->cause[c];
        coley_text_addf(text, "\nevents of kind %d (%zu): cumulative incidence, other kinds competing\n", cause->cause,
                        cause->events);
        for (size_t i = 0; i < a->n_times; i++)
            for (size_t k = 0; k < a->n_arms; k++) {
                const coley_incidence_point p = coley_incidence_at(&cause->incidence[k], a->time[i], a->request->level);
                coley_text_addf(text, "  at %-6g %-20s %.3f, interval %s\n", a->time[i], a->arm[k], p.incidence,
                                range(p.interval, "%.3f", "-").text);
            }
        if (a->n_arms > 1)
            print_test("Gray's test", cause->gray.chi2, cause->gray.df, cause->gray.p, cause->gray.why, text);
    }
}

enum { CHART_POINTS = 128 };

static coley_status print_chart(coley_arena *arena, const coley_survival_analysis *a, coley_text *text,
                                coley_error *err)
{
    double *const x = COLEY_NEW(arena, double, CHART_POINTS);
    const double *y[COLEY_SURVIVAL_ARMS];
    if (!x) return COLEY_FAIL_MEMORY(err);
    for (int i = 0; i < CHART_POINTS; i++) x[i] = a->last * i / (CHART_POINTS - 1);
    coley_text_addf(text, "\nsurvival:");
    for (size_t k = 0; k < a->n_arms; k++) {
        double *const s = COLEY_NEW(arena, double, CHART_POINTS);
        if (!s) return COLEY_FAIL_MEMORY(err);
        for (int i = 0; i < CHART_POINTS; i++) {
            const coley_km_point p = coley_km_at(&a->km[k], x[i], COLEY_KM_PLAIN, 0.95);
            s[i] = p.beyond && p.survival > 0.0 ? NAN : p.survival;
        }
        y[k] = s;
        coley_text_addf(text, "%s %s", k ? "," : "", a->arm[k]);
    }
    coley_text_addf(text, "\n");
    coley_chart_draw(&(coley_chart){.x_label = a->request->unit,
                                    .width = 64,
                                    .height = 14,
                                    .ascii = a->request->chart == 2,
                                    .n = CHART_POINTS,
                                    .x = x,
                                    .n_series = a->n_arms,
                                    .y = y},
                     text);
    return COLEY_OK;
}

static coley_status print_text(coley_arena *arena, const coley_survival_analysis *a, coley_text *text, coley_error *err)
{
    coley_text_addf(text, "%s: %zu %s, %zu arm%s, %zu %s; times in %ss, intervals of %g %%\n\n", a->source, a->n,
                    a->n == 1 ? "person" : "people", a->n_arms, a->n_arms == 1 ? "" : "s", a->n_strata,
                    a->n_strata == 1 ? "stratum" : "strata", a->request->unit, 100.0 * a->request->level);
    print_arms(arena, a, text);
    print_times(arena, a, text);
    if (a->request->chart && a->last > 0.0) COLEY_TRY(print_chart(arena, a, text, err));
    print_tests(a, text);
    print_cox(arena, a, text);
    print_forest(arena, a, text);
    print_means(arena, a, text);
    print_cures(a, text);
    print_causes(a, text);
    return COLEY_OK;
}

/* ---- for programs ------------------------------------------------------------------------------------------------ */

static void emit_interval(coley_emit *e, const char *key, coley_interval i)
{
    coley_emit_list(e, key);
    coley_emit_number(e, NULL, i.low);
    coley_emit_number(e, NULL, i.high);
    coley_emit_end(e);
}

static void emit_arm(coley_emit *e, const coley_survival_analysis *a, size_t k)
{
    const coley_survival_request *const r = a->request;
    coley_emit_map(e, NULL);
    coley_emit_text(e, "arm", a->arm[k]);
    coley_emit_integer(e, "people", (int64_t)a->km[k].people);
    coley_emit_integer(e, "events", (int64_t)a->km[k].events);
    coley_emit_number(e, "median", a->median[k].time);
    emit_interval(e, "median_interval", a->median[k].interval);
    coley_emit_number(e, "follow_up_median",
                      coley_km_quantile_of(&a->follow_up[k], 0.5, COLEY_KM_LOGLOG, r->level).time);
    if (a->tau > 0.0) {
        coley_emit_number(e, "restricted_mean", a->mean[k].mean);
        coley_emit_number(e, "restricted_mean_error", a->mean[k].standard_error);
    }
    if (r->cure) {
        const coley_cure_share s = coley_cure_share_of(&a->cure[k], &(coley_cure_input){.arm = (int)k}, 0, r->level);
        coley_emit_number(e, "cured_share", s.share);
        emit_interval(e, "cured_share_interval", s.interval);
        coley_emit_number(e, "cured_share_p", a->cure[k].p_none);
        coley_emit_text(e, "cured_share_why", a->cure[k].why);
    }
    coley_emit_list(e, "survival");
    for (size_t i = 0; i < a->n_times; i++) {
        const coley_km_point p = coley_km_at(&a->km[k], a->time[i], r->scale, r->level);
        const int unknown = p.beyond && p.survival > 0.0;
        coley_emit_map(e, NULL);
        coley_emit_number(e, "time", a->time[i]);
        coley_emit_integer(e, "at_risk", (int64_t)p.at_risk);
        coley_emit_number(e, "survival", unknown ? NAN : p.survival);
        coley_emit_number(e, "standard_error", unknown ? NAN : p.standard_error);
        emit_interval(e, "interval", unknown ? (coley_interval){NAN, NAN} : p.interval);
        coley_emit_end(e);
    }
    coley_emit_end(e);
    coley_emit_end(e);
}

static void emit_test(coley_emit *e, const char *name, double chi2, size_t df, double p, const char *why)
{
    coley_emit_map(e, NULL);
    coley_emit_text(e, "test", name);
    coley_emit_number(e, "chi_square", why ? NAN : chi2);
    coley_emit_integer(e, "df", (int64_t)df);
    coley_emit_number(e, "p", why ? NAN : p);
    coley_emit_text(e, "why", why);
    coley_emit_end(e);
}

static void emit_tests(coley_emit *e, const coley_survival_analysis *a)
{
    coley_emit_list(e, "tests");
    for (int k = 0; k < COLEY_SURVIVAL_TESTS && a->n_arms > 1; k++) {
        const coley_logrank *const t = &a->test[k].result;
        emit_test(e, a->test[k].name, t->chi2, t->df, t->p, t->why);
    }
    coley_emit_end(e);
    if (a->n_arms == 2) {
        coley_emit_map(e, "largest_of_four_weights");
        coley_emit_number(e, "p", a->combo.why ? NAN : a->combo.p);
        coley_emit_text(e, "why", a->combo.why);
        coley_emit_end(e);
    }
}

static void emit_cox(coley_emit *e, const coley_survival_analysis *a)
{
    const coley_cox *const c = &a->cox;
    coley_emit_map(e, "cox");
    coley_emit_text(e, "ties", a->request->ties == COLEY_TIES_EFRON ? "efron" : "breslow");
    coley_emit_text(e, "why", c->why);
    coley_emit_list(e, "ratios");
    for (size_t k = 0; k < c->n_columns && !c->why; k++) {
        const coley_ratio r = coley_cox_ratio(c, k, a->request->level);
        coley_emit_map(e, NULL);
        coley_emit_text(e, "of", column_name(a, k));
        coley_emit_text(e, "against", k < a->n_arms - 1 ? a->arm[0] : NULL);
        coley_emit_number(e, "ratio", r.ratio);
        emit_interval(e, "interval", r.interval);
        coley_emit_number(e, "log_ratio", c->log_ratio[k]);
        coley_emit_number(e, "standard_error", c->standard_error[k]);
        coley_emit_number(e, "p", r.p);
        coley_emit_end(e);
    }
    coley_emit_end(e);
    coley_emit_number(e, "score", c->why ? NAN : c->score);
    coley_emit_number(e, "likelihood_ratio", c->why ? NAN : c->likelihood_ratio);
    coley_emit_number(e, "wald", c->why || c->unbounded ? NAN : c->wald);
    coley_emit_end(e);
}

static void emit_means(coley_emit *e, const coley_survival_analysis *a)
{
    coley_emit_list(e, "restricted_mean_differences");
    for (size_t k = 1; k < a->n_arms && a->tau > 0.0; k++) {
        const coley_rmst_contrast c = coley_rmst_compare(a->mean[0], a->mean[k], a->request->level);
        coley_emit_map(e, NULL);
        coley_emit_text(e, "of", a->arm[k]);
        coley_emit_text(e, "against", a->arm[0]);
        coley_emit_number(e, "up_to", a->tau);
        coley_emit_number(e, "difference", c.difference);
        emit_interval(e, "interval", c.difference_interval);
        coley_emit_number(e, "p", c.p);
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

static void emit_forest(coley_emit *e, const coley_survival_analysis *a)
{
    const coley_forest *const f = &a->forest;
    if (!f->n_rows) return;
    coley_emit_list(e, "subgroups");
    for (size_t i = 0; i < f->n_rows; i++) {
        const coley_forest_row *const r = &f->row[i];
        coley_emit_map(e, NULL);
        coley_emit_text(e, "subgroup", r->factor);
        coley_emit_text(e, "level", r->level);
        coley_emit_integer(e, "people_control", (int64_t)r->people[0]);
        coley_emit_integer(e, "events_control", (int64_t)r->events[0]);
        coley_emit_integer(e, "people", (int64_t)r->people[1]);
        coley_emit_integer(e, "events", (int64_t)r->events[1]);
        coley_emit_number(e, "ratio", r->ratio.ratio);
        emit_interval(e, "interval", r->ratio.interval);
        coley_emit_text(e, "why", r->why);
        coley_emit_end(e);
    }
    coley_emit_end(e);
    coley_emit_list(e, "interactions");
    for (size_t k = 0; k < f->n_factors; k++) {
        coley_emit_map(e, NULL);
        coley_emit_text(e, "subgroup", a->request->subgroup[k]);
        coley_emit_number(e, "p", f->interaction[k].p);
        coley_emit_text(e, "why", f->interaction[k].why);
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

static void emit_causes(coley_emit *e, const coley_survival_analysis *a)
{
    if (!a->n_causes) return;
    coley_emit_list(e, "kinds");
    for (size_t c = 0; c < a->n_causes; c++) {
        const coley_survival_cause *const cause = &a->cause[c];
        coley_emit_map(e, NULL);
        coley_emit_integer(e, "kind", cause->cause);
        coley_emit_integer(e, "events", (int64_t)cause->events);
        coley_emit_number(e, "gray_chi_square", cause->gray.why ? NAN : cause->gray.chi2);
        coley_emit_number(e, "gray_p", cause->gray.why ? NAN : cause->gray.p);
        coley_emit_list(e, "incidence");
        for (size_t k = 0; k < a->n_arms; k++)
            for (size_t i = 0; i < a->n_times; i++) {
                const coley_incidence_point p = coley_incidence_at(&cause->incidence[k], a->time[i], a->request->level);
                coley_emit_map(e, NULL);
                coley_emit_text(e, "arm", a->arm[k]);
                coley_emit_number(e, "time", a->time[i]);
                coley_emit_number(e, "incidence", p.incidence);
                coley_emit_number(e, "standard_error", p.standard_error);
                emit_interval(e, "interval", p.interval);
                coley_emit_end(e);
            }
        coley_emit_end(e);
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

static void print_json(const coley_survival_analysis *a, coley_text *text)
{
    coley_emit e = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "file", a->source);
    coley_emit_text(&e, "unit", a->request->unit);
    coley_emit_number(&e, "level", a->request->level);
    coley_emit_integer(&e, "people", (int64_t)a->n);
    coley_emit_integer(&e, "strata", (int64_t)a->n_strata);
    coley_emit_list(&e, "arms");
    for (size_t k = 0; k < a->n_arms; k++) emit_arm(&e, a, k);
    coley_emit_end(&e);
    emit_tests(&e, a);
    emit_cox(&e, a);
    emit_forest(&e, a);
    emit_means(&e, a);
    emit_causes(&e, a);
    coley_emit_end(&e);
}

/* A cell of CSV: quoted when it must be. */
static void add_cell(coley_text *text, const char *cell)
{
    if (!strpbrk(cell, ",\"\n\r")) {
        coley_text_addf(text, "%s", cell);
        return;
    }
    coley_text_add(text, "\"", 1);
    for (; *cell; cell++) coley_text_add(text, *cell == '"' ? "\"\"" : cell, *cell == '"' ? 2 : 1);
    coley_text_add(text, "\"", 1);
}

static void print_csv(const coley_survival_analysis *a, coley_text *text)
{
    coley_text_addf(text, "arm,time,at_risk,events,censored,survival,standard_error,low,high\n");
    for (size_t k = 0; k < a->n_arms; k++)
        for (size_t i = 0; i < a->km[k].n; i++) {
            const coley_km *const km = &a->km[k];
            const coley_km_point p = coley_km_entry(km, i, a->request->scale, a->request->level);
            const double number[] = {p.survival, p.standard_error, p.interval.low, p.interval.high};
            add_cell(text, a->arm[k]);
            coley_text_addf(text, ",%s,%zu,%zu,%zu", coley_digits_exact(km->time[i]).text, km->at_risk[i],
                            km->n_events[i], km->n_censored[i]);
            for (int c = 0; c < 4; c++) coley_text_addf(text, ",%s", coley_digits_exact(number[c]).text);
            coley_text_addf(text, "\n");
        }
}

/* ---- the drawing ------------------------------------------------------------------------------------------------- */

/* The curve of an arm as corners of its steps, with bands; days. */
static coley_status stairs(coley_arena *arena, const coley_survival_analysis *a, size_t k, coley_plot_line *line,
                           coley_plot_count *count, coley_error *err)
{
    const coley_km *const km = &a->km[k];
    const double days = coley_survival_unit_days(a->request->unit);
    double *const v = COLEY_NEW(arena, double, 4 * (2 * km->n + 1)), *const day = COLEY_NEW(arena, double, km->n);
    if (!v || !day) return COLEY_FAIL_MEMORY(err);
    double *const x = v, *const y = v + 2 * km->n + 1, *const low = y + 2 * km->n + 1,
                  *const high = low + 2 * km->n + 1;
    size_t n = 0;
    x[n] = 0.0, y[n] = low[n] = high[n] = 1.0, n++;
    for (size_t i = 0; i < km->n; i++) {
        const coley_km_point p = coley_km_entry(km, i, a->request->scale, a->request->level);
        day[i] = km->time[i] * days;
        x[n] = day[i], y[n] = y[n - 1], low[n] = low[n - 1], high[n] = high[n - 1], n++;
        if (!km->n_events[i]) continue;
        x[n] = day[i], y[n] = p.survival, low[n] = p.interval.low, high[n] = p.interval.high, n++;
    }
    *line = (coley_plot_line){.label = a->arm[k],
                              .x = x,
                              .y = y,
                              .n = n,
                              .colour = (int)(k % COLEY_PLOT_COLOURS),
                              .weight = 2,
                              .low90 = low,
                              .high90 = high};
    *count =
        (coley_plot_count){.label = a->arm[k], .colour = line->colour, .n = km->n, .day = day, .value = km->at_risk};
    return COLEY_OK;
}

static coley_status print_svg(coley_arena *arena, const coley_survival_analysis *a, coley_text *text, coley_error *err)
{
    coley_plot_line line[COLEY_SURVIVAL_ARMS];
    coley_plot_count count[COLEY_SURVIVAL_ARMS];
    coley_text alt = {.arena = arena};
    if (!(a->last > 0.0))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "all times in %s are 0: there is nothing to draw", a->source);
    for (size_t k = 0; k < a->n_arms; k++) COLEY_TRY(stairs(arena, a, k, &line[k], &count[k], err));
    coley_text_addf(&alt, "survival by arm:");
    for (size_t k = 0; k < a->n_arms; k++)
        coley_text_addf(&alt, "%s %s, median %s %s", k ? ";" : "", a->arm[k],
                        number(a->median[k].time, "%.1f", "not reached").text,
                        isfinite(a->median[k].time) ? a->request->unit : "");
    if (alt.failed) return COLEY_FAIL_MEMORY(err);
    const coley_plot plot = {.alt = alt.data,
                             .unit = "share without the event",
                             .day_low = 0,
                             .day_high = a->last * coley_survival_unit_days(a->request->unit),
                             .time_name = a->request->unit,
                             .time_days = coley_survival_unit_days(a->request->unit),
                             .low = 0,
                             .high = 1,
                             .height = 320,
                             .shade_from_day = NAN,
                             .n_lines = a->n_arms,
                             .line = line,
                             .counts_title = "people at risk",
                             .n_counts = a->n_arms,
                             .count = count};
    coley_plot_sheet(&plot, 1, alt.data, text);
    return COLEY_OK;
}

coley_status coley_survival_print(coley_arena *arena, const coley_survival_analysis *a, coley_text *text,
                                  coley_error *err)
{
    switch (a->request->format) {
    case COLEY_SURVIVAL_TEXT:
        COLEY_TRY(print_text(arena, a, text, err));
        break;
    case COLEY_SURVIVAL_JSON:
        print_json(a, text);
        break;
    case COLEY_SURVIVAL_CSV:
        print_csv(a, text);
        break;
    case COLEY_SURVIVAL_SVG:
        COLEY_TRY(print_svg(arena, a, text, err));
        break;
    }
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
