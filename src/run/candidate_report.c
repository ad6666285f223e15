/* SPDX-License-Identifier: GPL-3.0-or-later */
/* candidate_report.c -- the candidacy report as text, JSON, CSV and one HTML page. */
#include "io/emit.h"
#include "run/candidate.h"
#include "run/report_style.h"

#include <math.h>
#include <string.h>

#define ADD(...)   coley_text_addf(out, __VA_ARGS__)
#define SAFE(text) coley_text_add_escaped(out, text)

static const char *const truth_names[] = {"rule not met", "not known", "rule met"};
static const char *const truth_keys[] = {"not met", "not known", "met"};

static void add_share(coley_text *out, double share, double low, double high)
{
    ADD("%.0f %%", 100 * share);
    if (!isnan(low) && !isnan(high)) ADD(" (%.0f to %.0f)", 100 * low, 100 * high);
}

/* "not met: line >= 1", "ask for PD-L1 ..." */
static void add_deciding(coley_text *out, const coley_candidate *c, const coley_verdict *verdict)
{
    for (size_t i = 0; i < verdict->n_deciding; i++) {
        ADD("%s", i ? "; " : "");
        if (verdict->truth == COLEY_NOT_KNOWN)
            coley_condition_ask(verdict->deciding[i], &c->facts, out);
        else
            ADD("%s", verdict->deciding[i]->text);
    }
}

static void add_published(coley_text *out, const coley_rule *rule)
{
    double low, high;
    coley_share_interval(rule->response * rule->response_n, rule->response_n, &low, &high);
    if (isnan(rule->response_n)) low = high = NAN;
    add_share(out, rule->response, low, high);
}

static void add_scores(coley_text *out, const coley_candidate *c)
{
    if (c->pan.known) {
        ADD("  LORIS, pan-cancer     %.2f   recalibrated chance of response ", c->pan.score);
        add_share(out, c->pan.chance, c->pan.low95, c->pan.high95);
        ADD("\n");
    } else {
        ADD("  LORIS, pan-cancer     not known: needs TMB, earlier therapy, albumin, NLR, age, a cancer it covers\n");
    }
    if (c->nsclc.known) ADD("  LORIS, NSCLC          %.2f   ranks only, not a probability\n", c->nsclc.score);
    const struct {
        const char *name;
        int value, high;
    } rows[] = {{"LIPI", c->lipi, 2}, {"Royal Marsden", c->marsden, 3}, {"GRIm", c->grim, 3}};
    for (size_t i = 0; i < 3; i++)
        if (rows[i].value >= 0) ADD("  %-21s %d of %d; higher is worse\n", rows[i].name, rows[i].value, rows[i].high);
}

void coley_candidate_words(const coley_candidate *c, int all, coley_text *out)
{
    ADD("%s\n\n%s: %s\n", COLEY_CANDIDATE_NOTICE, c->scenario->patient.id, c->scenario->cancer);
    size_t left_out = 0, rank = 0;
    for (size_t i = 0; i < c->n_options; i++) {
        const coley_candidate_option *o = &c->option[i];
        if (o->verdict.truth == COLEY_NOT_MET && !all) {
            left_out++;
            continue;
        }
        ADD("\n%zu. %s -- %s\n   %s (%s)\n", ++rank, o->rule->therapy, truth_names[o->verdict.truth],
            o->rule->indication, o->rule->as_of);
        if (o->verdict.n_deciding) {
            ADD("   %s ", o->verdict.truth == COLEY_NOT_KNOWN ? "not known: ask for" : "not met:");
            add_deciding(out, c, &o->verdict);
            ADD("\n");
        }
        if (o->chance.n_people) {
            ADD("   simulated: response ");
            add_share(out, o->chance.response, o->chance.response_low, o->chance.response_high);
            ADD(", 12 months without progression ");
            add_share(out, o->chance.steady, o->chance.steady_low, o->chance.steady_high);
            ADD(" of %zu virtual people\n", o->chance.n_people);
        } else {
            ADD("   not simulated: %s\n", o->not_simulated);
        }
        if (!isnan(o->rule->response)) {
            ADD("   published: response ");
            add_published(out, o->rule);
            ADD(", %s\n", o->rule->response_source);
        }
        if (!isnan(o->harm.share)) {
            ADD("   grade 3-4 event: ");
            add_share(out, o->harm.share, o->harm.low, o->harm.high);
            ADD(", %s: %s\n", o->harm.simulated ? "simulated" : "published, not simulated", o->harm.source);
        }
        for (size_t k = 0; k < o->n_cautions; k++) {
            if (o->caution_verdict[k].truth != COLEY_MET) continue;
            ADD("   %s: %s%s%s\n", o->caution[k]->level, o->caution[k]->words, o->caution[k]->effect ? " " : "",
                o->caution[k]->effect ? o->caution[k]->effect : "");
        }
    }
    if (left_out) ADD("\n%zu more rules are not met; --all lists them.\n", left_out);
    ADD("\nPublished scores\n");
    add_scores(out, c);
    if (c->n_drivers)
        ADD("\nWhat drives the numbers: one thing changed, the rest left (simulated: %s)\n",
            c->driven ? c->driven : "nothing");
    for (size_t i = 0; i < c->n_drivers; i++)
        ADD("  %-26s %-28s %3.0f %% -> %3.0f %%\n", c->driver[i].number, c->driver[i].change, 100 * c->driver[i].before,
            100 * c->driver[i].after);
    ADD("  ECOG and the other history change rules and cautions, not the simulated numbers.\n");
    if (c->n_unknown) ADD("\nNot known, and would settle a rule or a score\n");
    for (size_t i = 0; i < c->n_unknown; i++) ADD("  %s\n", c->unknown[i]);
    ADD("\nIntervals of simulated shares tell how many virtual people there were, not how wrong the model may be: "
        "docs/validation.md.\n");
}

/* ---- JSON, CSV ----------------------------------------------------------------------------------------------------
 */

static void emit_chance(coley_emit *e, const coley_candidate_option *o)
{
    coley_emit_text(e, "not_simulated", o->chance.n_people ? NULL : o->not_simulated);
    if (o->chance.n_people) {
        coley_emit_map(e, "simulated");
        coley_emit_integer(e, "virtual_people", (int64_t)o->chance.n_people);
        coley_emit_number(e, "response", o->chance.response);
        coley_emit_number(e, "response_low95", o->chance.response_low);
        coley_emit_number(e, "response_high95", o->chance.response_high);
        coley_emit_number(e, "control_12_months", o->chance.steady);
        coley_emit_number(e, "control_low95", o->chance.steady_low);
        coley_emit_number(e, "control_high95", o->chance.steady_high);
        coley_emit_end(e);
    }
    coley_emit_map(e, "grade_3_4_event");
    coley_emit_number(e, "share", o->harm.share);
    coley_emit_number(e, "low95", o->harm.low);
    coley_emit_number(e, "high95", o->harm.high);
    coley_emit_text(e, "kind", isnan(o->harm.share) ? NULL : o->harm.simulated ? "simulated" : "published");
    coley_emit_text(e, "source", o->harm.source);
    coley_emit_end(e);
}

static void emit_option(coley_emit *e, const coley_candidate *c, const coley_candidate_option *o, coley_arena *arena)
{
    coley_emit_map(e, NULL);
    coley_emit_text(e, "rule", o->rule->id);
    coley_emit_text(e, "therapy", o->rule->therapy);
    coley_emit_text(e, "indication", o->rule->indication);
    coley_emit_text(e, "verdict", truth_keys[o->verdict.truth]);
    coley_text why = {.arena = arena};
    add_deciding(&why, c, &o->verdict);
    coley_emit_text(e, o->verdict.truth == COLEY_NOT_KNOWN ? "ask_for" : "because", why.length ? why.data : NULL);
    coley_emit_text(e, "as_of", o->rule->as_of);
    coley_emit_text(e, "source", o->rule->source);
    coley_emit_number(e, "published_response", o->rule->response);
    coley_emit_text(e, "published_response_source", o->rule->response_source);
    emit_chance(e, o);
    coley_emit_list(e, "cautions");
    for (size_t k = 0; k < o->n_cautions; k++) {
        coley_emit_map(e, NULL);
        coley_emit_text(e, "id", o->caution[k]->id);
        coley_emit_text(e, "level", o->caution[k]->level);
        coley_emit_text(e, "verdict", truth_keys[o->caution_verdict[k].truth]);
        coley_emit_text(e, "words", o->caution[k]->words);
        coley_emit_text(e, "effect", o->caution[k]->effect);
        coley_emit_text(e, "source", o->caution[k]->source);
        coley_emit_end(e);
    }
    coley_emit_end(e);
    coley_emit_end(e);
}

static void emit_loris(coley_emit *e, const char *key, const coley_loris_result *r)
{
    coley_emit_map(e, key);
    coley_emit_number(e, "score", r->score);
    coley_emit_number(e, "chance_recalibrated", r->chance);
    coley_emit_number(e, "low95", r->low95);
    coley_emit_number(e, "high95", r->high95);
    coley_emit_end(e);
}

void coley_candidate_json(const coley_candidate *c, coley_text *out)
{
    coley_emit e = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "notice", COLEY_CANDIDATE_NOTICE);
    coley_emit_text(&e, "patient", c->scenario->patient.id);
    coley_emit_text(&e, "cancer", c->scenario->cancer);
    coley_emit_integer(&e, "seed", c->scenario->run.seed);
    coley_emit_list(&e, "options");
    for (size_t i = 0; i < c->n_options; i++) emit_option(&e, c, &c->option[i], out->arena);
    coley_emit_end(&e);
    coley_emit_map(&e, "scores");
    emit_loris(&e, "loris_pan_cancer", &c->pan);
    emit_loris(&e, "loris_nsclc", &c->nsclc);
    coley_emit_number(&e, "lipi", c->lipi < 0 ? NAN : c->lipi);
    coley_emit_number(&e, "royal_marsden", c->marsden < 0 ? NAN : c->marsden);
    coley_emit_number(&e, "grim", c->grim < 0 ? NAN : c->grim);
    coley_emit_end(&e);
    coley_emit_list(&e, "drivers");
    for (size_t i = 0; i < c->n_drivers; i++) {
        coley_emit_map(&e, NULL);
        coley_emit_text(&e, "number", c->driver[i].number);
        coley_emit_text(&e, "change", c->driver[i].change);
        coley_emit_number(&e, "before", c->driver[i].before);
        coley_emit_number(&e, "after", c->driver[i].after);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_list(&e, "not_known");
    for (size_t i = 0; i < c->n_unknown; i++) coley_emit_text(&e, NULL, c->unknown[i]);
    coley_emit_end(&e);
    coley_emit_end(&e);
}

static void add_cell(coley_text *out, const char *text)
{
    ADD("\"");
    for (; text && *text; text++) ADD(*text == '"' ? "\"\"" : "%c", *text);
    ADD("\"");
}

void coley_candidate_csv(const coley_candidate *c, coley_text *out)
{
    ADD("# %s\nrank,rule,therapy,verdict,why,simulated_response,response_low95,response_high95,control_12_months,"
        "control_low95,control_high95,published_response,grade_3_4,cautions,as_of,source\n",
        COLEY_CANDIDATE_NOTICE);
    for (size_t i = 0; i < c->n_options; i++) {
        const coley_candidate_option *o = &c->option[i];
        coley_text why = {.arena = out->arena};
        add_deciding(&why, c, &o->verdict);
        ADD("%zu,%s,", i + 1, o->rule->id);
        add_cell(out, o->rule->therapy);
        ADD(",%s,", truth_keys[o->verdict.truth]);
        add_cell(out, why.data);
        const int n = o->chance.n_people > 0;
        const double value[] = {n ? o->chance.response : NAN,
                                n ? o->chance.response_low : NAN,
                                n ? o->chance.response_high : NAN,
                                n ? o->chance.steady : NAN,
                                n ? o->chance.steady_low : NAN,
                                n ? o->chance.steady_high : NAN,
                                o->rule->response,
                                o->harm.share};
        for (size_t k = 0; k < sizeof value / sizeof *value; k++) ADD(",%s", coley_digits_exact(value[k]).text);
        size_t met = 0;
        for (size_t k = 0; k < o->n_cautions; k++) met += o->caution_verdict[k].truth == COLEY_MET;
        ADD(",%zu,%s,", met, o->rule->as_of);
        add_cell(out, o->rule->source);
        ADD("\n");
    }
}

/* ---- the page -----------------------------------------------------------------------------------------------------
 */

static void page_option(coley_text *out, const coley_candidate *c, const coley_candidate_option *o)
{
    ADD("<tr><td class=\"words\"><strong>");
    SAFE(o->rule->therapy);
    ADD("</strong><br/>");
    SAFE(o->rule->indication);
    ADD("<br/><small>");
    SAFE(o->rule->source);
    ADD(", as of ");
    SAFE(o->rule->as_of);
    ADD("</small></td><td class=\"words\">%s", truth_names[o->verdict.truth]);
    if (o->verdict.n_deciding) {
        coley_text why = {.arena = out->arena};
        add_deciding(&why, c, &o->verdict);
        ADD(o->verdict.truth == COLEY_NOT_KNOWN ? ": ask for " : ": ");
        SAFE(why.data ? why.data : "");
    }
    ADD("</td><td class=\"words\">");
    if (o->chance.n_people) {
        ADD("response ");
        add_share(out, o->chance.response, o->chance.response_low, o->chance.response_high);
        ADD("<br/>12 months without progression ");
        add_share(out, o->chance.steady, o->chance.steady_low, o->chance.steady_high);
    } else {
        ADD("not simulated: ");
        SAFE(o->not_simulated);
    }
    if (!isnan(o->rule->response)) {
        ADD("<br/>published response ");
        add_published(out, o->rule);
        ADD(", <small>");
        SAFE(o->rule->response_source);
        ADD("</small>");
    }
    ADD("</td><td class=\"words\">");
    if (!isnan(o->harm.share)) {
        add_share(out, o->harm.share, o->harm.low, o->harm.high);
        ADD(o->harm.simulated ? "<br/><small>simulated: " : "<br/><small>published, not simulated: ");
        SAFE(o->harm.source);
        ADD("</small>");
    } else {
        ADD("not known");
    }
    ADD("</td><td class=\"words\">");
    for (size_t k = 0; k < o->n_cautions; k++) {
        if (o->caution_verdict[k].truth != COLEY_MET) continue;
        ADD("<p><strong>");
        SAFE(o->caution[k]->level);
        ADD(":</strong> ");
        SAFE(o->caution[k]->words);
        ADD(" ");
        SAFE(o->caution[k]->effect ? o->caution[k]->effect : "");
        ADD(" <small>");
        SAFE(o->caution[k]->source);
        ADD("</small></p>");
    }
    ADD("</td></tr>\n");
}

static void page_table(coley_text *out, const coley_candidate *c, coley_truth truth)
{
    ADD("<div class=\"scroll\"><table><thead><tr><th class=\"words\">Therapy and rule</th><th class=\"words\">Rule</th>"
        "<th class=\"words\">Chance of response</th><th class=\"words\">Grade 3-4 event</th><th "
        "class=\"words\">Cautions</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < c->n_options; i++)
        if (c->option[i].verdict.truth == truth) page_option(out, c, &c->option[i]);
    ADD("</tbody></table></div>\n");
}

void coley_candidate_page(const coley_candidate *c, coley_text *out)
{
    static const struct {
        coley_truth truth;
        const char *title, *lead;
    } parts[] = {{COLEY_MET, "Rules that are met", "Ordered by the chance of response, simulated where it can be."},
                 {COLEY_NOT_KNOWN, "Rules that a test would settle", "What is missing stands with each."},
                 {COLEY_NOT_MET, "Rules that are not met", "The condition that fails stands with each."}};
    ADD("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\"/>\n<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n<title>Candidacy – Coley</title>\n<style>\n%s"
        "td.words,th.words{min-width:9em}td p{margin:0 0 6px}header,main,footer{max-width:1240px}</style>\n</head>\n"
        "<body>\n<header>\n<p class=\"brand\">Coley · rules, scores and simulated chances</p>\n<h1>",
        report_style);
    SAFE(c->scenario->title);
    ADD("</h1>\n<p class=\"who\">Patient <strong>");
    SAFE(c->scenario->patient.id);
    ADD("</strong>, ");
    SAFE(c->scenario->cancer);
    ADD("</p>\n<ul class=\"facts\">");
    for (size_t i = 1; i < c->facts.n; i++) {
        const coley_fact *f = &c->facts.fact[i];
        if (f->is_number ? isnan(f->number) : !f->text) continue;
        if (!strncmp(f->name, "prior_", 6) && !strcmp(f->text, "no")) continue;
        ADD("<li>");
        for (const char *p = f->name; *p; p++) ADD("%c", *p == '_' ? ' ' : *p);
        ADD(" ");
        if (f->is_number)
            ADD("%g", f->number);
        else
            SAFE(f->text);
        ADD("</li>");
    }
    ADD("</ul>\n<p class=\"notice\" role=\"note\"><strong>%s</strong></p>\n</header>\n<main>\n",
        COLEY_CANDIDATE_NOTICE);
    for (size_t i = 0; i < 3; i++) {
        ADD("<section>\n<h2>%s</h2>\n<p class=\"lead\">%s</p>\n", parts[i].title, parts[i].lead);
        if (parts[i].truth == COLEY_NOT_MET) ADD("<details><summary>Show them</summary>\n");
        page_table(out, c, parts[i].truth);
        if (parts[i].truth == COLEY_NOT_MET) ADD("</details>\n");
        ADD("</section>\n");
    }
    coley_text scores = {.arena = out->arena};
    add_scores(&scores, c);
    ADD("<section>\n<h2>Published scores</h2>\n<pre>");
    SAFE(scores.data ? scores.data : "");
    ADD("</pre>\n<p class=\"lead\">LORIS: ");
    SAFE(c->loris_pan.source);
    ADD(". Recalibration: ");
    SAFE(c->loris_pan.recalibration_source ? c->loris_pan.recalibration_source : "none");
    ADD(".</p>\n</section>\n<section>\n<h2>What drives the numbers</h2>\n<p class=\"lead\">One thing changed, the rest "
        "left. Simulated numbers are of ");
    SAFE(c->driven ? c->driven : "no therapy");
    ADD("; ECOG and the other history change rules and cautions, not them.</p>\n<div "
        "class=\"scroll\"><table><thead><tr><th>Number</th><th>Change</th><th>Before</th><th>After</th></tr></thead>"
        "<tbody>\n");
    for (size_t i = 0; i < c->n_drivers; i++)
        ADD("<tr><td>%s</td><td>%s</td><td>%.0f %%</td><td>%.0f %%</td></tr>\n", c->driver[i].number,
            c->driver[i].change, 100 * c->driver[i].before, 100 * c->driver[i].after);
    ADD("</tbody></table></div>\n</section>\n<section>\n<h2>What is not known</h2>\n<ul>\n");
    for (size_t i = 0; i < c->n_unknown; i++) {
        ADD("<li>");
        SAFE(c->unknown[i]);
        ADD("</li>\n");
    }
    ADD("<li>How far the model is off: intervals of simulated shares tell how many virtual people there were, no more. "
        "docs/validation.md compares the model with trials.</li>\n<li>Whether a rule has changed since the date that "
        "stands with it.</li>\n</ul>\n</section>\n</main>\n<footer><p>%s</p></footer>\n</body>\n</html>\n",
        COLEY_CANDIDATE_NOTICE);
}
