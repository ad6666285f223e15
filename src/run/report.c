/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.c -- report.html: its frame, the plain words, the key numbers, and how it was made. */
#include "run/report.h"

#include "io/emit.h"
#include "io/plot.h"
#include "run/report_parts.h"
#include "run/report_style.h"
#include "run/report_words.h"
#include "run/story.h"

#include <math.h>
#include <string.h>

const char *coley_report_note(coley_report_sheet *p, const char *text)
{
    if (!text) p->out->failed = 1;
    return text ? text : "";
}

void *coley_report_room(coley_report_sheet *p, void *memory)
{
    if (!memory) p->out->failed = 1;
    return memory;
}

/* ---- sections and figures ------------------------------------------------------------------------------------------
 */

void coley_report_section_open(coley_report_sheet *p, const char *id, const char *title, const char *lead)
{
    ADD(p, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">", id, id, id);
    SAFE(p, title);
    ADD(p, "</h2>\n");
    if (!lead) return;
    ADD(p, "<p class=\"lead\">");
    SAFE(p, lead);
    ADD(p, "</p>\n");
}

void coley_report_section_close(coley_report_sheet *p)
{
    ADD(p, "</section>\n");
}

/* ---- head, plain words, key numbers ---------------------------------------------------------------------------------
 */

static void add_head(coley_report_sheet *p)
{
    const coley_course *c = p->course;
    ADD(p, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
           "<meta name=\"referrer\" content=\"no-referrer\"/>\n<title>");
    SAFE(p, c->title);
    ADD(p, " – Coley</title>\n<style>\n%s</style>\n</head>\n<body>\n", report_style);
    ADD(p, "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" "
           "width=\"7\" "
           "height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path class=\"hatch\" d=\"M0 "
           "0V7\"/>"
           "</pattern></defs></svg>\n");
    ADD(p, "<header>\n<p class=\"brand\">Coley · simulated course</p>\n<h1>");
    SAFE(p, c->title);
    ADD(p, "</h1>\n<p class=\"who\">Patient <strong>");
    SAFE(p, c->patient);
    ADD(p, "</strong>, ");
    SAFE(p, c->cancer);
    ADD(p, "</p>\n");
    if (c->facts[0]) {
        ADD(p, "<ul class=\"facts\">");
        for (size_t i = 0; i < sizeof c->facts / sizeof *c->facts && c->facts[i]; i++) {
            ADD(p, "<li>");
            SAFE(p, c->facts[i]);
            ADD(p, "</li>");
        }
        ADD(p, "</ul>\n");
    }
    ADD(p, "<p class=\"notice\" role=\"note\"><strong>For research and teaching; not medical advice.</strong> A "
           "computer model "
           "worked this out. It leaves out much of what happens in a body, and it is not anybody’s future.</p>\n");
}

static void add_nav(coley_report_sheet *p, const char *const *id, const char *const *title, size_t n)
{
    ADD(p, "<nav aria-label=\"On this page\"><ul>");
    for (size_t i = 0; i < n; i++) ADD(p, "<li><a href=\"#%s\">%s</a></li>", id[i], title[i]);
    ADD(p, "</ul></nav>\n</header>\n<main>\n");
}

static void add_tile(coley_report_sheet *p, const char *name, const char *big, const char *small)
{
    ADD(p, "<div><dt>");
    SAFE(p, name);
    ADD(p, "</dt><dd class=\"big\">");
    SAFE(p, big);
    ADD(p, "</dd><dd>");
    SAFE(p, small);
    ADD(p, "</dd></div>\n");
}

static void add_tiles(coley_report_sheet *p)
{
    const coley_response_report *r = p->course->response;
    if (!r || !r->n_assessments) return;
    const coley_assessment *small = coley_report_smallest(r), *last = coley_report_last(r);
    ADD(p, "<dl class=\"tiles\">\n");
    add_tile(p, "Best response",
             NOTE(p, "%s · %s", coley_report_response_short(r->best), coley_report_iresponse_short(r->ibest)),
             NOTE(p, "%s (RECIST), %s (iRECIST)", coley_report_response_words(r->best),
                  coley_report_iresponse_words(r->ibest)));
    if (small)
        add_tile(p, "Smallest sum of sizes",
                 NOTE(p, "%s%s %%", small->change_baseline_pct > 0 ? "+" : "",
                      coley_figure_of(round(small->change_baseline_pct)).text),
                 NOTE(p, "%s mm on day %s; %s mm at the start", coley_figure_of(round(small->sod_mm)).text,
                      coley_figure_of(small->day).text, coley_figure_of(round(r->baseline_sod_mm)).text));
    if (isfinite(r->ipfs_day)) {
        const int ended = r->ipfs_event != COLEY_EVENT_CENSORED;
        add_tile(p, "Until it got worse (iRECIST)",
                 NOTE(p, "%s%s days", ended ? "" : "over ", coley_figure_of(r->ipfs_day).text),
                 isfinite(r->pfs_day) && r->pfs_event != COLEY_EVENT_CENSORED
                     ? NOTE(p, "by RECIST %s days", coley_figure_of(r->pfs_day).text)
                 : ended ? ""
                         : "not seen to the end of the run");
    }
    if (last)
        add_tile(p, "Last scan", NOTE(p, "%s mm", coley_figure_of(round(last->sod_mm)).text),
                 NOTE(p, "day %s, %s%s %% against the start", coley_figure_of(last->day).text,
                      last->change_baseline_pct > 0 ? "+" : "",
                      coley_figure_of(round(last->change_baseline_pct)).text));
    ADD(p, "</dl>\n");
}

static void add_plain(coley_report_sheet *p, const char *const *sentence)
{
    coley_report_section_open(p, "plain", "In plain words", NULL);
    ADD(p, "<div class=\"opening\">\n<ul class=\"plain\">\n");
    for (size_t i = 0; sentence[i]; i++) {
        ADD(p, "<li>");
        SAFE(p, sentence[i]);
        ADD(p, "</li>\n");
    }
    ADD(p, "</ul>\n");
    add_tiles(p);
    ADD(p, "</div>\n");
    coley_report_section_close(p);
}

/* ---- what happened, how it was made
 * ------------------------------------------------------------------------------------ */

static void add_events(coley_report_sheet *p)
{
    const coley_course *c = p->course;
    coley_report_section_open(p, "events", "What happened when", NULL);
    ADD(p, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">day</th><th scope=\"col\" "
           "class=\"words\">what</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < c->n_events; i++) {
        ADD(p, "<tr><th scope=\"row\">%s</th><td class=\"words\">", coley_figure_of(c->event[i].day).text);
        SAFE(p, c->event[i].what);
        ADD(p, "</td></tr>\n");
    }
    ADD(p, "</tbody></table></div>\n");
    coley_report_section_close(p);
}

/* The long telling: closed until somebody opens it; what a sentence rests on is its title. */
static void add_story(coley_report_sheet *p)
{
    const coley_story *story = p->course->story;
    coley_report_section_open(p, "story", "The whole story", "The same in more words, one thing after the other.");
    for (size_t i = 0; i < story->n; i++) {
        const coley_story_line *line = &story->line[i];
        if (!i || line->part != line[-1].part)
            ADD(p, "%s<h3>%s</h3>\n<ul class=\"story\">\n", i ? "</ul>\n" : "", coley_story_title(line->part));
        ADD(p, "<li");
        if (line->quantity && isfinite(line->day)) {
            ADD(p, " title=\"");
            SAFE(p, line->quantity);
            ADD(p, " on day %s: ", coley_figure_of(line->day).text);
            ADD(p, "%s\"", coley_figure_of(line->value).text);
        }
        ADD(p, ">");
        SAFE(p, line->text);
        ADD(p, "</li>\n");
    }
    ADD(p, "%s", story->n ? "</ul>\n" : "");
    coley_report_section_close(p);
}

static void add_origin(coley_report_sheet *p)
{
    coley_report_section_open(p, "origin", "How this page was made", NULL);
    ADD(p,
        "<p>Coley " COLEY_VERSION
        ", seed %llu. The same scenario and seed give the same page, to the last byte. Every number is in "
        "trajectory.csv and lesions.csv beside this page; manifest.json says what went in.</p>\n",
        (unsigned long long)p->course->seed);
    if (p->scenario) {
        const coley_scenario portable = coley_scenario_portable(p->scenario);
        coley_text scenario = {.arena = p->arena};
        coley_scenario_write(&portable, COLEY_EMIT_YAML, &scenario);
        ADD(p, "<details><summary>The scenario, with every default filled in</summary><pre>");
        SAFE(p, coley_report_note(p, scenario.data));
        ADD(p, "</pre></details>\n");
    }
    coley_report_section_close(p);
}

coley_status coley_report_page(coley_arena *arena, const coley_course *course, const coley_scenario *scenario,
                               coley_text *out, coley_error *err)
{
    const char *sentence[COLEY_REPORT_MAX_SENTENCES + 1];
    coley_report_sheet p = {.arena = arena, .course = course, .scenario = scenario, .out = out};
    if (!course->n_days) return COLEY_FAIL(err, COLEY_ERR_ARG, "a course without days cannot be drawn");
    p.day_low = fmin(course->day[0], 0);
    p.day_high = course->day[course->n_days - 1];
    if (!(p.day_high > p.day_low)) return COLEY_FAIL(err, COLEY_ERR_ARG, "a course of a single day cannot be drawn");
    p.scan_day = coley_report_scan_days(arena, course->lesions, &p.n_scans);
    if (!p.scan_day) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_report_sentences(arena, course, sentence, err));

    const char *id[18], *title[18];
    size_t n = 0;
    id[n] = "plain", title[n++] = "In plain words";
    n += coley_report_figures_menu(&p, id + n, title + n);
    if (course->story) id[n] = "story", title[n++] = "The whole story";
    if (course->care) id[n] = "care", title[n++] = "Side effects";
    id[n] = "origin", title[n++] = "How it was made";

    add_head(&p);
    add_nav(&p, id, title, n);
    add_plain(&p, sentence);
    coley_report_figures_add(&p);
    if (course->care) coley_report_care_add(&p);
    if (course->n_events) add_events(&p);
    if (course->story) add_story(&p);
    add_origin(&p);
    ADD(&p, "</main>\n<footer><p>Simulated by Coley. Colours: Okabe and Ito. For research and teaching; not medical "
            "advice.</p></footer>\n"
            "</body>\n</html>\n");
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
