/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_report.c -- the page of a trial: what was asked, the curves with the people at risk, waterfall, spider,
 * swimmer, forest, side effects, and every published figure beside the simulated one. */
#include "run/trial_report.h"

#include "io/emit.h"
#include "io/plot.h"
#include "run/report_style.h"
#include "run/trial_figures.h"
#include "run/trial_later.h"

#include <math.h>

#define ADD(...)   coley_text_addf(out, __VA_ARGS__)
#define SAFE(text) coley_text_add_escaped(out, (text) ? (text) : "")

static const char notice[] =
    "For research and teaching; not medical advice. These people do not exist: they are what a "
    "computer model makes of a cancer's published distributions.";

/* --- head and tables -------------------------------------------------------------------------------------------------
 */

static void head(const coley_trial *trial, coley_text *out)
{
    ADD("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"/>\n<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n<title>");
    SAFE(trial->design->title);
    ADD(" – Coley</title>\n<style>\n%s.inside{color:var(--pr)}.outside{color:var(--pd);font-weight:600}"
        ".dead "
        "path{stroke-width:2.4;stroke:var(--ink)}svg.figure{display:block;width:100%%;height:auto}</style>\n</head>\n"
        "<body>\n<header>\n<p class=\"brand\">Coley · virtual trial</p>\n<h1>",
        report_style);
    SAFE(trial->design->title);
    ADD("</h1>\n<p class=\"who\">");
    SAFE(trial->cancer->name);
    if (trial->design->setting) {
        ADD(", ");
        SAFE(trial->design->setting);
    }
    ADD("</p>\n");
    if (trial->design->doc) {
        ADD("<p>");
        SAFE(trial->design->doc);
        ADD("</p>\n");
    }
    ADD("<p class=\"notice\" role=\"note\"><strong>%s</strong></p>\n</header>\n<main>\n", notice);
}

static void open_section(coley_text *out, const char *title, const char *lead)
{
    ADD("<section>\n<h2>%s</h2>\n<p class=\"lead\">%s</p>\n", title, lead);
}

static void close_section(coley_text *out)
{
    ADD("</section>\n");
}

static void open_table(coley_text *out, const char *const *heads, size_t n)
{
    ADD("<div class=\"scroll\"><table><thead><tr>");
    for (size_t i = 0; i < n; i++) ADD("<th scope=\"col\">%s</th>", heads[i]);
    ADD("</tr></thead><tbody>\n");
}

static void close_table(coley_text *out)
{
    ADD("</tbody></table></div>\n");
}

static void share_cell(coley_text *out, coley_trial_share s)
{
    ADD("<td>%.1f %%<br/><small>%.1f to %.1f</small></td>", 100 * s.share, 100 * s.interval.low, 100 * s.interval.high);
}

static void month_cell(coley_text *out, coley_km_quantile m)
{
    if (!isfinite(m.time)) {
        ADD("<td>not reached</td>");
        return;
    }
    ADD("<td>%.1f", m.time);
    if (isfinite(m.interval.low) && isfinite(m.interval.high))
        ADD("<br/><small>%.1f to %.1f</small>", m.interval.low, m.interval.high);
    else if (isfinite(m.interval.low))
        ADD("<br/><small>from %.1f on</small>", m.interval.low);
    ADD("</td>");
}

static void enrolment(const coley_trial *trial, coley_text *out)
{
    static const char *const heads[] = {"rule", "removes", "removes alone"};
    open_section(out, "Who entered", "People are drawn from the cancer's distributions and screened one by one.");
    ADD("<p>%zu people were screened, %zu might enter. The analysis is at month %.0f; the people lost by the solver "
        "and "
        "those whose tumour would have vanished by itself are replaced:",
        trial->n_screened, trial->n_eligible, trial->cutoff_day / COLEY_TRIAL_MONTH);
    for (size_t a = 0; a < trial->n_arms; a++) {
        ADD("%s ", a ? ";" : "");
        SAFE(trial->arm[a].arm->name);
        ADD(" %zu and %zu", trial->arm[a].n_lost, trial->arm[a].n_vanished);
    }
    ADD(".</p>\n");
    for (size_t a = 0; a < trial->n_arms; a++) {
        coley_text words = {.arena = out->arena};
        coley_trial_later_words(&trial->arm[a], &words);
        if (!words.length) continue;
        ADD("<p>");
        SAFE(words.data);
        ADD("</p>\n");
    }
    if (trial->n_rules) {
        open_table(out, heads, 3);
        for (size_t i = 0; i < trial->n_rules; i++) {
            ADD("<tr><th scope=\"row\">");
            SAFE(trial->rule[i].text);
            ADD("</th><td>%zu</td><td>%zu</td></tr>\n", trial->rule[i].n_removed, trial->rule[i].n_alone);
        }
        close_table(out);
    }
    close_section(out);
}

static void responses(const coley_trial_result *result, coley_text *out)
{
    static const char *const heads[] = {
        "arm", "people", "CR", "PR", "SD", "PD", "NE", "response", "complete", "control", "response lasts, months"};
    const coley_trial *trial = result->trial;
    if (trial->design->criteria == COLEY_CRITERIA_RECURRENCE) return;
    open_section(out, "Response", "Best response by RECIST 1.1; shares with exact 95 % intervals.");
    open_table(out, heads, 11);
    for (size_t a = 0; a < trial->n_arms; a++) {
        const coley_trial_arm_result *r = &result->arm[a];
        ADD("<tr><th scope=\"row\">");
        SAFE(trial->arm[a].arm->name);
        ADD("</th><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%zu</td>", trial->arm[a].n,
            r->n_best[COLEY_RESPONSE_CR], r->n_best[COLEY_RESPONSE_PR],
            r->n_best[COLEY_RESPONSE_SD] + r->n_best[COLEY_RESPONSE_NON_CR_NON_PD], r->n_best[COLEY_RESPONSE_PD],
            r->n_best[COLEY_RESPONSE_NE] + r->n_best[COLEY_RESPONSE_NONE]);
        share_cell(out, r->response);
        share_cell(out, r->complete);
        share_cell(out, r->control);
        month_cell(out, r->median[COLEY_END_DOR]);
        ADD("</tr>\n");
    }
    close_table(out);
    coley_trial_draw_waterfall(result, out);
    close_section(out);
}

static void survival(coley_arena *arena, const coley_trial_result *result, coley_endpoint e, coley_text *out)
{
    const coley_trial *trial = result->trial;
    static const char *const heads[] = {"arm", "events", "median, months", "hazard ratio", "log-rank P"};
    const char *title = e == COLEY_END_OS                                      ? "Overall survival"
                        : trial->design->criteria == COLEY_CRITERIA_RECURRENCE ? "Recurrence-free survival"
                                                                               : "Progression-free survival";
    open_section(out, title, "Kaplan-Meier; bands are 95 % intervals (log-log).");
    coley_trial_draw_curves(arena, result, e, out);
    open_table(out, heads, 5);
    for (size_t a = 0; a < trial->n_arms; a++) {
        const coley_trial_arm_result *r = &result->arm[a];
        ADD("<tr><th scope=\"row\">");
        SAFE(trial->arm[a].arm->name);
        ADD("</th><td>%zu of %zu</td>", r->curve[e].events, r->curve[e].people);
        month_cell(out, r->median[e]);
        if (isfinite(r->ratio[e].ratio))
            ADD("<td>%.2f<br/><small>%.2f to %.2f</small></td>", r->ratio[e].ratio, r->ratio[e].interval.low,
                r->ratio[e].interval.high);
        else
            ADD("<td>%s</td>", a == trial->design->control_arm ? "control" : "no events");
        if (isfinite(r->p[e]))
            ADD("<td>%.2g</td></tr>\n", r->p[e]);
        else
            ADD("<td></td></tr>\n");
    }
    close_table(out);
    close_section(out);
}

/* febrile_neutropenia: febrile neutropenia */
static void name_cell(const char *name, coley_text *out)
{
    for (const char *c = name; *c; c++) ADD("%c", *c == '_' ? ' ' : *c);
    ADD("</th>");
}

static void incidence_cells(const coley_incidence *curve, const coley_trial_months *marks, coley_text *out)
{
    for (size_t k = 0; k < marks->n; k++) {
        if (curve->n)
            ADD("<td>%.1f %%</td>", 100 * coley_incidence_at(curve, marks->month[k], 0.95).incidence);
        else
            ADD("<td>–</td>");
    }
}

/* Cumulative incidence of the first event of grade 3 or 4; death excludes it. */
static void incidences(const coley_trial_result *result, coley_text *out)
{
    const coley_trial *trial = result->trial;
    ADD("<h3>First event of grade 3 or 4 by month</h3>\n<p>Cumulative incidence with death as a competing risk (Aalen "
        "and Johansen).</p>\n<div class=\"scroll\"><table><thead><tr><th scope=\"col\">arm</th><th "
        "scope=\"col\">events</th>");
    for (size_t k = 0; k < trial->design->landmarks.n; k++)
        ADD("<th scope=\"col\">%g</th>", trial->design->landmarks.month[k]);
    ADD("</tr></thead><tbody>\n");
    for (size_t a = 0; a < trial->n_arms; a++)
        for (int immune = 0; immune < 2 && trial->harms_simulated[a]; immune++) {
            ADD("<tr><th scope=\"row\">");
            SAFE(trial->arm[a].arm->name);
            ADD("</th><td>%s</td>", immune ? "immune-related" : "all");
            incidence_cells(immune ? &result->arm[a].immune_incidence : &result->arm[a].severe_incidence,
                            &trial->design->landmarks, out);
            ADD("</tr>\n");
        }
    close_table(out);
}

static void harms(const coley_trial_result *result, coley_text *out)
{
    const coley_trial *trial = result->trial;
    int any = 0;
    for (size_t a = 0; a < trial->n_arms; a++) any |= trial->harms_simulated[a];
    if (!any) return;
    open_section(
        out, "Adverse events",
        "Share of people with any grade, and with grade 3 or 4. Immune-related events and counts come from the "
        "model, the others from the tables of the drugs, which tell 1 or 2 from 3 or 4 and no more.");
    ADD("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">system</th><th "
        "scope=\"col\">event</th>");
    for (size_t a = 0; a < trial->n_arms; a++) {
        ADD("<th scope=\"col\">");
        SAFE(trial->arm[a].arm->name);
        ADD(", any</th><th scope=\"col\">3 or 4</th>");
    }
    ADD("</tr></thead><tbody>\n");
    for (size_t k = 0; k <= trial->n_harms; k++) {
        ADD("<tr><td class=\"words\">%s</td><th scope=\"row\">", k < trial->n_harms ? trial->harm_system[k] : "all");
        name_cell(k < trial->n_harms ? trial->harm[k] : "any of these", out);
        for (size_t a = 0; a < trial->n_arms; a++) {
            if (!trial->harms_simulated[a]) {
                ADD("<td>–</td><td>–</td>");
                continue;
            }
            ADD("<td>%.1f %%</td><td>%.1f %%</td>", 100 * result->arm[a].any[k].share,
                100 * result->arm[a].severe[k].share);
        }
        ADD("</tr>\n");
    }
    close_table(out);
    incidences(result, out);
    close_section(out);
}

static void figure_cell(coley_text *out, int measure, double x)
{
    const int share = measure == COLEY_MEASURE_ORR || measure == COLEY_MEASURE_CR || measure == COLEY_MEASURE_PFS_AT ||
                      measure == COLEY_MEASURE_OS_AT || measure == COLEY_MEASURE_AE_3_4 ||
                      measure == COLEY_MEASURE_AE_ANY;
    if (isnan(x))
        ADD("<td>–</td>");
    else if (isinf(x))
        ADD("<td>not reached</td>");
    else if (share)
        ADD("<td>%.1f %%</td>", 100 * x);
    else
        ADD("<td>%.2f</td>", x);
}

static void comparisons(const coley_trial_result *result, coley_text *out)
{
    static const char *const heads[] = {"arm",       "figure", "Coley", "from", "to",
                                        "published", "from",   "to",    "",     "source"};
    if (!result->n_comparisons) return;
    open_section(
        out, "Beside what was published",
        "Inside: within the published 95 % interval; where none was published, within the exact interval of as "
        "many people, or 15 %.");
    open_table(out, heads, 10);
    for (size_t i = 0; i < result->n_comparisons; i++) {
        const coley_trial_comparison *c = &result->comparison[i];
        const coley_trial_published *p = c->published;
        ADD("<tr><th scope=\"row\">");
        SAFE(result->trial->arm[c->arm].arm->name);
        ADD("</th><td class=\"words\">%s", coley_measure_words[p->measure]);
        if (!isnan(p->month)) ADD(", %g months", p->month);
        if (p->to) {
            ADD(", to ");
            SAFE(p->to);
        }
        ADD("</td>");
        figure_cell(out, p->measure, c->value);
        figure_cell(out, p->measure, c->low);
        figure_cell(out, p->measure, c->high);
        figure_cell(out, p->measure, p->value);
        figure_cell(out, p->measure, c->least);
        figure_cell(out, p->measure, c->most);
        ADD("<td class=\"%s\">%s</td><td class=\"words\">",
            c->verdict == COLEY_INSIDE    ? "inside"
            : c->verdict == COLEY_OUTSIDE ? "outside"
                                          : "",
            coley_verdict_word(c->verdict));
        SAFE(p->source);
        ADD("</td></tr>\n");
    }
    close_table(out);
    close_section(out);
}

coley_status coley_trial_page(coley_arena *arena, const coley_trial_result *result, coley_text *out, coley_error *err)
{
    const coley_trial *trial = result->trial;
    head(trial, out);
    responses(result, out);
    survival(arena, result, COLEY_END_PFS, out);
    survival(arena, result, COLEY_END_OS, out);
    if (trial->n_arms > 1) {
        open_section(out, "Forest",
                     "Hazard ratios against the control, in all people and in parts of them (Cox); to "
                     "the left the arm is the better one.");
        COLEY_TRY(coley_trial_draw_forest(arena, result, out, err));
        close_section(out);
    }
    if (result->interim) coley_interim_section(trial, result->interim, out);
    open_section(out, "Person by person", "The first people of each arm.");
    coley_trial_draw_spiders(arena, result, out);
    coley_trial_draw_swimmers(arena, result, out);
    close_section(out);
    harms(result, out);
    comparisons(result, out);
    enrolment(trial, out);
    ADD("</main>\n<footer><p>%s Seed %lld.</p></footer>\n</body>\n</html>\n", notice, (long long)trial->design->seed);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
