/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_care.c -- the page's section on side effects and their care: a strip by organ, what was given, what was done.
 */
#include <math.h>
#include <string.h>

#include "io/plot.h"
#include "run/report_parts.h"

enum { MAX_TRACKS = 20 };

/* Grades as boxes from the first day of each to its last. */
static coley_plot_track organ_track(coley_report_sheet *p, const coley_care_organ *organ)
{
    static const char *const styles[] = {"", "g1", "g2", "g3", "g4"}, *const digits[] = {"", "1", "2", "3", "4"};
    const coley_course *c = p->course;
    coley_plot_track track = {
        .label = organ->organ,
        .note = NOTE(p, "worst: grade %d on day %s", organ->worst, coley_figure_of(organ->worst_day).text),
        .height = 26};
    coley_plot_item *item = coley_report_room(p, COLEY_NEW(p->arena, coley_plot_item, c->n_days));
    for (size_t i = 0, k; item && i < c->n_days; i = k) {
        for (k = i + 1; k < c->n_days && organ->grade[k] == organ->grade[i];) k++;
        if (!organ->grade[i]) continue;
        const double to = c->day[k < c->n_days ? k : c->n_days - 1];
        item[track.n_items++] = (coley_plot_item){
            .from_day = c->day[i],
            .to_day = to,
            .style = styles[organ->grade[i]],
            .text = digits[organ->grade[i]],
            .tip = NOTE(p, "%s: grade %d from day %s to day %s", organ->words ? organ->words : organ->organ,
                        organ->grade[i], coley_figure_of(c->day[i]).text, coley_figure_of(to).text)};
    }
    track.item = item;
    return track;
}

/* The days of rows with that deed or visit, each once. */
static coley_plot_track row_track(coley_report_sheet *p, const char *label, const char *deed, const char *visit,
                                  const char *style)
{
    const coley_course_care *care = p->course->care;
    coley_plot_track track = {.label = label, .height = 26};
    coley_plot_item *item = coley_report_room(p, COLEY_NEW(p->arena, coley_plot_item, care->n_rows));
    for (size_t i = 0; item && i < care->n_rows; i++) {
        const coley_care_row *row = &care->row[i];
        if ((deed && strcmp(row->deed, deed)) || (visit && strcmp(row->visit, visit))) continue;
        if (track.n_items && item[track.n_items - 1].from_day == row->day) continue;
        item[track.n_items++] = (coley_plot_item){
            .from_day = row->day,
            .to_day = row->day,
            .style = style,
            .tip = NOTE(p, "day %s: %s", coley_figure_of(row->day).text, deed ? row->what : row->visit)};
    }
    track.item = item;
    track.note = NOTE(p, "%zu", track.n_items);
    return track;
}

static void add_tracks(coley_report_sheet *p)
{
    const coley_course *c = p->course;
    const coley_course_care *care = c->care;
    coley_plot_track track[MAX_TRACKS];
    size_t n = 0;
    for (size_t i = 0; i < care->n_organs && n < MAX_TRACKS - 4; i++)
        if (care->organ[i].worst) track[n++] = organ_track(p, &care->organ[i]);
    if (care->steroid_day > 0) {
        double most = 0;
        for (size_t i = 0; i < c->n_days; i++) most = fmax(most, care->prednisone_mg_day[i]);
        track[n++] = (coley_plot_track){.label = "Glucocorticoid",
                                        .note = NOTE(p, "0 to %s mg a day, as prednisone", coley_figure_of(most).text),
                                        .x = c->day,
                                        .y = care->prednisone_mg_day,
                                        .n = c->n_days,
                                        .colour = 3,
                                        .height = 54};
    }
    if (care->n_held) track[n++] = row_track(p, "Doses held", "held dose", NULL, "moment");
    track[n++] = row_track(p, "Visits because of symptoms", NULL, "reported", "dose1");
    const coley_plot_tracks tracks = {.alt = "Grades of side effects by organ, the dose of glucocorticoid, doses held "
                                             "and visits because of symptoms; the table below has what was done.",
                                      .day_low = p->day_low,
                                      .day_high = p->day_high,
                                      .axis = 1,
                                      .track = track,
                                      .n_tracks = n};
    ADD(p, "<figure>\n");
    coley_plot_tracks_draw(&tracks, COLEY_PLOT_WIDE, p->out);
    coley_plot_tracks_draw(&tracks, COLEY_PLOT_NARROW, p->out);
    ADD(p, "</figure>\n");
}

void coley_report_care_add(coley_report_sheet *p)
{
    const coley_course_care *care = p->course->care;
    coley_report_section_open(p, "care", "Side effects and care",
                              "Grades are CTCAE's: 1 mild, 2 moderate, 3 severe, 4 threatening life. The strips show "
                              "what was there; the clinic saw it only at its visits. Simulated, and no advice.");
    ADD(p, "<p>Policy <strong>");
    SAFE(p, care->policy);
    ADD(p, "</strong>: ");
    SAFE(p, care->doc);
    ADD(p,
        " %zu visits, %zu of them because of symptoms; %s days on a glucocorticoid, %s mg in all (as prednisone); of "
        "%zu planned doses %zu given and %zu held",
        care->n_visits, care->n_reported, coley_figure_of(round(care->steroid_day)).text,
        coley_figure_of(round(care->prednisone_mg)).text, care->n_planned, care->n_given, care->n_held);
    if (care->stopped) {
        ADD(p, "; stopped for good on day %s: ", coley_figure_of(care->stopped_day).text);
        SAFE(p, care->stopped);
    }
    ADD(p, ".</p>\n");
    if (care->n_people)
        ADD(p,
            "<p>Of %zu made-up people like this one under the same policy, %zu had a side effect of grade 3 or 4, %zu "
            "were given a glucocorticoid, and %zu stopped a drug for good.</p>\n",
            care->n_people, care->n_severe, care->n_on_steroid, care->n_people_stopped);
    add_tracks(p);
    ADD(p, "<details><summary>What the clinic saw and did</summary><div class=\"scroll\"><table><thead><tr><th "
           "scope=\"col\">day</th><th scope=\"col\" class=\"words\">visit</th><th scope=\"col\" "
           "class=\"words\">what</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < care->n_rows; i++) {
        const coley_care_row *row = &care->row[i];
        if (!strcmp(row->deed, "visit")) continue;
        ADD(p, "<tr><th scope=\"row\">%s</th><td class=\"words\">", coley_figure_of(row->day).text);
        SAFE(p, row->visit);
        ADD(p, "</td><td class=\"words\">");
        SAFE(p, row->what);
        ADD(p, "</td></tr>\n");
    }
    ADD(p, "</tbody></table></div></details>\n");
    coley_report_section_close(p);
}
