/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_figures.c -- the page's figures, each with its legend, its words for those who do not see it, and its table:
 * sizes at the scans, the forecast, curves by group, the five steps. Drawing itself is io/plot.c's. */
#include "io/emit.h"
#include "io/plot.h"
#include "run/report_parts.h"
#include "run/report_words.h"

#include <math.h>
#include <string.h>

enum {
    MAX_LINES = 7,
    MAX_TRACKS = 12,
    MAX_TABLE_ROWS = 14,
    MAX_BANDS = 2 /* more on top of each other hide the lines */
};

static const char *unit_words(const char *unit)
{
    if (!unit || !strcmp(unit, "dimensionless") || !strcmp(unit, "1")) return "";
    return !strcmp(unit, "cell") ? "cells" : unit;
}

/* The days at which a table shows a curve: the scans inside the course, or about a dozen even days. */
static size_t table_days(const coley_report_sheet *p, double day[MAX_TABLE_ROWS])
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_scans && p->n_scans <= MAX_TABLE_ROWS; i++)
        if (p->scan_day[i] >= p->day_low && p->scan_day[i] <= p->day_high) day[n++] = p->scan_day[i];
    if (n > 2) return n;
    n = 0;
    for (int i = 0; i < 13; i++) day[n++] = round(p->day_low + (p->day_high - p->day_low) * i / 12);
    return n;
}

static size_t row_at(const coley_course *course, double day)
{
    size_t best = 0;
    for (size_t i = 1; i < course->n_days; i++)
        if (fabs(course->day[i] - day) < fabs(course->day[best] - day)) best = i;
    return best;
}

/* The numbers behind a figure of curves, for those who want or need them. */
static void curve_table(coley_report_sheet *p, const coley_plot_line *line, size_t n, const char *unit)
{
    double day[MAX_TABLE_ROWS];
    const size_t n_rows = table_days(p, day);
    ADD(p, "<details><summary>The numbers in a table</summary><div class=\"scroll\"><table><thead><tr><th "
           "scope=\"col\">day</th>");
    for (size_t i = 0; i < n; i++) {
        ADD(p, "<th scope=\"col\">");
        SAFE(p, line[i].label);
        if (*unit) {
            ADD(p, " [");
            SAFE(p, unit);
            ADD(p, "]");
        }
        ADD(p, "</th>");
        if (line[i].low90) ADD(p, "<th scope=\"col\">90 of 100 between</th>");
    }
    ADD(p, "</tr></thead><tbody>\n");
    for (size_t r = 0; r < n_rows; r++) {
        const size_t at = row_at(p->course, day[r]);
        ADD(p, "<tr><th scope=\"row\">%s</th>", coley_figure_of(p->course->day[at]).text);
        for (size_t i = 0; i < n; i++) {
            ADD(p, "<td>%s</td>", coley_figure_of(line[i].y[at]).text);
            if (line[i].low90)
                ADD(p, "<td>%s to %s</td>", coley_figure_of(line[i].low90[at]).text,
                    coley_figure_of(line[i].high90[at]).text);
        }
        ADD(p, "</tr>\n");
    }
    ADD(p, "</tbody></table></div></details>\n");
}

/* "Effector CD8: 4 × 10⁶ at the start, at most 9.8 × 10⁷ on day 70, 2 × 10⁷ at the end." */
static void describe_line(coley_report_sheet *p, const coley_plot_line *line, coley_text *alt)
{
    size_t first = line->n, last = 0, most = line->n;
    for (size_t i = 0; i < line->n; i++) {
        if (!isfinite(line->y[i])) continue;
        if (first == line->n) first = most = i;
        if (line->y[i] > line->y[most]) most = i;
        last = i;
    }
    if (first == line->n || !line->label) return;
    coley_text_addf(alt, " %s: %s at the start, at most %s on day %s, %s at the end.", line->label,
                    coley_figure_of(line->y[first]).text, coley_figure_of(line->y[most]).text,
                    coley_figure_of(line->x[most]).text, coley_figure_of(line->y[last]).text);
    if (alt->failed) p->out->failed = 1;
}

static const char *describe(coley_report_sheet *p, const char *what, const coley_plot_line *line, size_t n)
{
    coley_text alt = {.arena = p->arena};
    coley_text_addf(&alt, "%s over %s days.", what, coley_figure_of(p->day_high - p->day_low).text);
    for (size_t i = 0; i < n; i++) describe_line(p, &line[i], &alt);
    return coley_report_note(p, alt.data);
}

static void draw_plot(coley_report_sheet *p, const coley_plot *plot)
{
    coley_plot_draw(plot, COLEY_PLOT_WIDE, p->out);
    coley_plot_draw(plot, COLEY_PLOT_NARROW, p->out);
}

static void draw_tracks(coley_report_sheet *p, const coley_plot_tracks *tracks)
{
    coley_plot_tracks_draw(tracks, COLEY_PLOT_WIDE, p->out);
    coley_plot_tracks_draw(tracks, COLEY_PLOT_NARROW, p->out);
}

/* ---- sizes at the scans
 * ----------------------------------------------------------------------------------------------- */

static const coley_series *find_series(const coley_course *course, const char *id)
{
    for (size_t i = 0; i < course->n_series; i++)
        if (!strcmp(course->series[i].id, id)) return &course->series[i];
    return NULL;
}

static int is_target(const coley_response_report *r, size_t lesion)
{
    for (size_t i = 0; i < r->n_targets; i++)
        if (r->target[i] == lesion) return 1;
    return 0;
}

/* Change from the first scan of a lesion (or of the sum, lesion = SIZE_MAX) at every scan [%]. */
static coley_plot_line scan_line(coley_report_sheet *p, size_t lesion, const char *label, int colour,
                                 coley_marker marker)
{
    const coley_lesion_table *table = p->course->lesions;
    double *change = coley_report_room(p, COLEY_NEW(p->arena, double, p->n_scans));
    const char **tip = coley_report_room(p, COLEY_NEW(p->arena, const char *, p->n_scans));
    const int sum = lesion == SIZE_MAX;
    double first = NAN;
    for (size_t i = 0; change && tip && i < p->n_scans; i++) {
        const double mm =
            sum ? coley_report_sum(p->course, p->scan_day[i]) : coley_report_diameter(table, lesion, p->scan_day[i]);
        if (isnan(first) && mm > 0 && (i == 0 || p->scan_day[i] <= 0)) first = mm;
        change[i] = 100 * (mm / first - 1);
        if (isfinite(change[i]))
            tip[i] = NOTE(p, "%s, day %s: %s mm, %s%s %% against the start", label,
                          coley_figure_of(p->scan_day[i]).text, coley_figure_of(mm).text, change[i] > 0 ? "+" : "",
                          coley_figure_of(round(10 * change[i]) / 10).text);
    }
    return (coley_plot_line){.label = label,
                             .x = p->scan_day,
                             .y = change,
                             .n = change && tip ? p->n_scans : 0,
                             .colour = colour,
                             .weight = sum ? 3 : 1,
                             .marker = marker,
                             .tip = tip};
}

/* The model's own size between the scans, as change from day 0. */
static coley_plot_line model_line(coley_report_sheet *p)
{
    const coley_series *series = find_series(p->course, "SOD");
    double *change = series ? coley_report_room(p, COLEY_NEW(p->arena, double, p->course->n_days)) : NULL;
    if (!change) return (coley_plot_line){0};
    const double start = series->value[row_at(p->course, 0)];
    for (size_t i = 0; i < p->course->n_days; i++) change[i] = 100 * (series->value[i] / start - 1);
    return (coley_plot_line){.label = "the model between scans",
                             .x = p->course->day,
                             .y = change,
                             .n = p->course->n_days,
                             .colour = COLEY_PLOT_MUTED,
                             .weight = 1,
                             .dashed = 1};
}

static const char *lesion_name(coley_report_sheet *p, const coley_lesion *lesion)
{
    return NOTE(p, "%s %s", lesion->id ? lesion->id : "", lesion->organ);
}

/* A star near the top of the plot wherever a new lesion was seen first. */
static coley_plot_line new_line(coley_report_sheet *p, double top)
{
    const coley_response_report *r = p->course->response;
    double *day = coley_report_room(p, COLEY_NEW(p->arena, double, r->n_assessments));
    double *at = coley_report_room(p, COLEY_NEW(p->arena, double, r->n_assessments));
    const char **tip = coley_report_room(p, COLEY_NEW(p->arena, const char *, r->n_assessments));
    size_t n = 0;
    int before = 0;
    for (size_t i = 0; day && at && tip && i < r->n_assessments; i++) {
        const int more = r->assessment[i].n_new - before;
        before = r->assessment[i].n_new;
        if (more <= 0) continue;
        day[n] = r->assessment[i].day;
        at[n] = 0.9 * top;
        tip[n++] =
            NOTE(p, "day %s: %d new tumour%s", coley_figure_of(r->assessment[i].day).text, more, more == 1 ? "" : "s");
    }
    return (coley_plot_line){
        .label = "new tumour", .x = day, .y = at, .n = n, .colour = 1, .marker = COLEY_MARKER_STAR, .tip = tip};
}

/* One box a visit, from it to the next; the last is as long as the one before. */
static coley_plot_track response_track(coley_report_sheet *p, int immune)
{
    const coley_response_report *r = p->course->response;
    coley_plot_item *item = coley_report_room(p, COLEY_NEW(p->arena, coley_plot_item, r->n_assessments));
    for (size_t i = 0; item && i < r->n_assessments; i++) {
        const coley_assessment *a = &r->assessment[i];
        const double length = i + 1 < r->n_assessments ? r->assessment[i + 1].day - a->day
                              : i                      ? a->day - r->assessment[i - 1].day
                                                       : 42;
        const char *name = immune ? coley_report_iresponse_short(a->ioverall) : coley_report_response_short(a->overall);
        item[i] = (coley_plot_item){
            .from_day = a->day,
            .to_day = a->day + length,
            .style = immune ? coley_report_iresponse_style(a->ioverall) : coley_report_response_style(a->overall),
            .text = name,
            .tip = NOTE(p, "day %s: %s, %s. %s", coley_figure_of(a->day).text, name,
                        immune ? coley_report_iresponse_words(a->ioverall) : coley_report_response_words(a->overall),
                        a->why ? a->why : ""),
        };
    }
    return (coley_plot_track){.label = immune ? "iRECIST" : "RECIST 1.1",
                              .note = immune ? "hatched: unconfirmed" : NULL,
                              .item = item,
                              .n_items = item ? r->n_assessments : 0,
                              .height = 28};
}

/* One row a drug, one mark a dose. */
static size_t dose_tracks(coley_report_sheet *p, coley_plot_track *track, size_t most)
{
    static const char *const styles[] = {"dose", "dose1", "dose2"};
    const coley_course *c = p->course;
    size_t n = 0;
    for (size_t i = 0; i < c->n_doses && n < most; i++) {
        const char *drug = c->dose[i].drug ? c->dose[i].drug : "drug";
        size_t k = 0;
        while (k < i && strcmp(c->dose[k].drug ? c->dose[k].drug : "drug", drug)) k++;
        if (k < i) continue;
        coley_plot_item *item = coley_report_room(p, COLEY_NEW(p->arena, coley_plot_item, c->n_doses));
        size_t n_items = 0;
        for (k = i; item && k < c->n_doses; k++) {
            const coley_given_dose *dose = &c->dose[k];
            if (strcmp(dose->drug ? dose->drug : "drug", drug)) continue;
            const int drip = dose->duration_day > (p->day_high - p->day_low) / 300; /* long enough to be seen */
            item[n_items++] = (coley_plot_item){
                .from_day = dose->day,
                .to_day = drip ? dose->day + dose->duration_day : dose->day,
                .style = styles[n % 3],
                .tip = NOTE(p, "day %s: %s %s of %s", coley_figure_of(dose->day).text,
                            coley_figure_of(dose->amount).text, dose->unit ? dose->unit : "", drug),
            };
        }
        track[n++] = (coley_plot_track){.label = NOTE(p, "%s doses", drug),
                                        .note = NOTE(p, "%zu given", n_items),
                                        .item = item,
                                        .n_items = n_items,
                                        .height = 26};
    }
    return n;
}

static void add_visit_table(coley_report_sheet *p)
{
    const coley_lesion_table *table = p->course->lesions;
    const coley_response_report *r = p->course->response;
    ADD(p, "<details><summary>The numbers in a table</summary><div class=\"scroll\"><table><thead><tr><th "
           "scope=\"col\">day</th>");
    for (size_t k = 0; k < table->n_lesions; k++) {
        ADD(p, "<th scope=\"col\">");
        SAFE(p, lesion_name(p, &table->lesion[k]));
        ADD(p, " [mm]</th>");
    }
    ADD(p, "<th scope=\"col\">sum [mm]</th><th scope=\"col\">since start [%%]</th><th scope=\"col\">since smallest "
           "[%%]</th>"
           "<th scope=\"col\">RECIST</th><th scope=\"col\">iRECIST</th><th scope=\"col\" "
           "class=\"words\">why</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < p->n_scans; i++) {
        const double day = p->scan_day[i];
        const coley_assessment *a = NULL;
        for (size_t k = 0; k < r->n_assessments; k++)
            if (r->assessment[k].day == day) a = &r->assessment[k];
        ADD(p, "<tr><th scope=\"row\">%s</th>", coley_figure_of(day).text);
        for (size_t k = 0; k < table->n_lesions; k++)
            ADD(p, "<td>%s</td>", coley_figure_of(coley_report_diameter(table, k, day)).text);
        ADD(p, "<td>%s</td>", coley_figure_of(coley_report_sum(p->course, day)).text);
        if (a) {
            ADD(p, "<td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"words\">",
                coley_figure_of(round(10 * a->change_baseline_pct) / 10).text,
                coley_figure_of(round(10 * a->change_nadir_pct) / 10).text, coley_report_response_short(a->overall),
                coley_report_iresponse_short(a->ioverall));
            SAFE(p, a->why);
            ADD(p, "</td></tr>\n");
        } else {
            ADD(p, "<td>–</td><td>–</td><td>–</td><td>–</td><td class=\"words\">%s</td></tr>\n",
                day <= 0 ? "first scan" : "");
        }
    }
    ADD(p, "</tbody></table></div></details>\n");
}

static void add_sizes(coley_report_sheet *p)
{
    static const coley_marker markers[] = {COLEY_MARKER_SQUARE, COLEY_MARKER_TRIANGLE, COLEY_MARKER_DIAMOND,
                                           COLEY_MARKER_DOWN, COLEY_MARKER_STAR};
    const coley_lesion_table *table = p->course->lesions;
    coley_report_section_open(
        p, "sizes", "How the tumours changed",
        "Each mark is a scan. Where a tumour could not be measured the line is broken. Below 0 is smaller than at the "
        "start. The bold line adds up all target tumours; a star is a new one.");
    coley_plot_line line[MAX_LINES + 2];
    size_t n = 0;
    line[n] = model_line(p);
    n += line[0].n > 0;
    for (size_t k = 0; k < table->n_lesions && n < MAX_LINES; k++) {
        if (!is_target(p->course->response, k)) continue;
        line[n] = scan_line(p, k, lesion_name(p, &table->lesion[k]), (int)(1 + k % 6), markers[k % 5]);
        n++;
    }
    if (p->course->response->n_targets != 1)
        line[n++] = scan_line(p, SIZE_MAX, "all targets together", 0, COLEY_MARKER_CIRCLE);
    const coley_plot_level level[] = {
        {20, "+20 %: progression", 1}, {0, NULL, COLEY_PLOT_MUTED}, {-30, "−30 %: partial response", 2}};
    double high = 40;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < line[i].n; k++)
            if (line[i].y[k] > high) high = fmin(line[i].y[k], 300);
    high = ceil(high / 20) * 20;
    line[n] = new_line(p, high);
    n += line[n].n > 0;
    const coley_plot plot = {
        .alt = describe(p, "Change in size against the first scan, in percent,", line + (line[0].dashed && n > 1),
                        n - (line[0].dashed && n > 1)),
        .unit = "change from the first scan [%]",
        .day_low = p->day_low,
        .day_high = p->day_high,
        .low = -100,
        .high = high,
        .height = 300,
        .no_axis = 1,
        .shade_from_day = NAN,
        .line = line,
        .n_lines = n,
        .level = level,
        .n_levels = 3,
        .guide_day = p->scan_day,
        .n_guides = p->n_scans,
    };
    coley_plot_track track[MAX_TRACKS];
    size_t n_tracks = 0;
    track[n_tracks++] = response_track(p, 0);
    track[n_tracks++] = response_track(p, 1);
    n_tracks += dose_tracks(p, track + n_tracks, 4);
    const coley_plot_tracks tracks = {
        .alt = "What RECIST and iRECIST say from each scan to the next, and the days of the doses; the table below has "
               "them too.",
        .day_low = p->day_low,
        .day_high = p->day_high,
        .axis = 1,
        .track = track,
        .n_tracks = n_tracks,
        .guide_day = p->scan_day,
        .n_guides = p->n_scans,
    };
    ADD(p, "<figure>\n");
    coley_plot_legend(&plot, p->out);
    draw_plot(p, &plot);
    draw_tracks(p, &tracks);
    add_visit_table(p);
    ADD(p, "</figure>\n");
    coley_report_section_close(p);
}

/* ---- forecast
 * ----------------------------------------------------------------------------------------------------------- */

static void add_forecast(coley_report_sheet *p)
{
    const coley_course *c = p->course;
    const coley_series *sum = find_series(c, "SOD");
    coley_report_section_open(
        p, "forecast", "Forecast and what happened",
        NOTE(p,
             "Up to day %s the model saw the scans (filled). After that it had to guess; the hollow scans were kept "
             "from it. The bands hold 50 and 90 of 100 made-up people who fit the filled scans%s.",
             coley_figure_of(c->forecast_from_day).text, c->n_twins ? NOTE(p, " (%zu were drawn)", c->n_twins) : ""));
    coley_plot_line line[3];
    size_t n = 0;
    line[n++] = (coley_plot_line){.label = "middle of the forecast",
                                  .x = c->day,
                                  .y = sum->value,
                                  .n = c->n_days,
                                  .colour = 0,
                                  .weight = 2,
                                  .low90 = sum->low90,
                                  .high90 = sum->high90,
                                  .low50 = sum->low50,
                                  .high50 = sum->high50};
    for (int held = 0; held < 2 && c->lesions && c->response; held++) {
        double *mm = coley_report_room(p, COLEY_NEW(p->arena, double, p->n_scans));
        const char **tip = coley_report_room(p, COLEY_NEW(p->arena, const char *, p->n_scans));
        for (size_t i = 0; mm && tip && i < p->n_scans; i++) {
            mm[i] = (p->scan_day[i] > c->forecast_from_day) == held ? coley_report_sum(c, p->scan_day[i]) : NAN;
            if (isfinite(mm[i]))
                tip[i] = NOTE(p, "day %s: %s mm (%s)", coley_figure_of(p->scan_day[i]).text,
                              coley_figure_of(mm[i]).text, held ? "kept from the model" : "seen by the model");
        }
        line[n++] = (coley_plot_line){.label = held ? "scans kept from the model" : "scans the model saw",
                                      .x = p->scan_day,
                                      .y = mm,
                                      .n = mm && tip ? p->n_scans : 0,
                                      .colour = held ? 1 : 0,
                                      .marker = COLEY_MARKER_CIRCLE,
                                      .hollow = held,
                                      .tip = tip};
    }
    const coley_plot plot = {
        .alt = describe(p, "Forecast of the sum of diameters in mm", line, 1),
        .unit = "sum of diameters [mm]",
        .day_low = p->day_low,
        .day_high = p->day_high,
        .low = 0,
        .high = NAN,
        .height = 260,
        .shade_from_day = c->forecast_from_day,
        .line = line,
        .n_lines = n,
        .guide_day = p->scan_day,
        .n_guides = p->n_scans,
    };
    ADD(p, "<figure class=\"always\">\n");
    coley_plot_legend(&plot, p->out);
    coley_plot silent = plot; /* the legend says it all; names at the ends would say it twice */
    for (size_t i = 0; i < n; i++) line[i].label = NULL;
    draw_plot(p, &silent);
    line[0].label = "forecast";
    curve_table(p, line, 1, "mm");
    ADD(p, "</figure>\n");
    coley_report_section_close(p);
}

/* ---- curves by group
 * --------------------------------------------------------------------------------------------------- */

/* How a group of series is shown. */
typedef struct group_row {
    const char *group, *id, *menu, *title, *lead;
    int logarithmic, percent;
    double low, high;
    int height;
} group_row;

static const group_row groups[] = {
    {"drug", "drug", "Drug", "How much drug is in the body",
     "Each dose lifts the level; then the body clears it. The scale goes up by tens, so equal steps mean equal ratios.",
     1, 0, NAN, NAN, 200},
    {"occupancy", "occupancy", "Blocking", "How much of the target is blocked",
     "The share of its target (PD-1, PD-L1 or CTLA-4) that the drug covers. Near 100 %, little of the brake is left "
     "to press.",
     0, 1, 0, 100, 160},
    {"t_cells", "t-cells", "T cells", "T cells, by what state they are in",
     "Effector cells kill. Exhausted cells have been at it for too long; the early kind can be woken, the late kind "
     "cannot. "
     "Regulatory cells hold the others back.",
     1, 0, NAN, NAN, 240},
    {"five_steps", "steps", "Five steps", NULL, NULL, 0, 0, NAN, NAN, 0},
    {"suppression", "suppression", "Suppression", "What holds the T cells back", NULL, 1, 0, NAN, NAN, 180},
    {"antigen", "antigen", "Antigen", "Antigen: what the T cells look for",
     "Dying tumour cells set it free; dendritic cells carry it to the lymph node and teach new T cells.", 1, 0, NAN,
     NAN, 180},
    {"synapse", "synapse", "Contacts", "At the contact of T cell and tumour cell", NULL, 1, 0, NAN, NAN, 180},
    {"healthy", "healthy", "Healthy tissue", "Healthy tissue",
     "The same drug lifts the brake in healthy organs. 100 % is an unharmed organ.", 0, 1, NAN, NAN, 160},
    {"side_effects", "side-effects", "Side effects", "Side effects by organ, without care unless it was given",
     "Severity on the scale of grades: a grade begins half a step below its number, 1 is mild, 4 threatens life.", 0, 0,
     NAN, NAN, 240},
    {"fever", "fever", "Fever", "Body temperature [degree Celsius]",
     "Signals of the innate defence turn up the body's own heating one to two hours after the alarm.", 0, 0, 36, 42,
     180},
    {"other", "other", "More", "More quantities", NULL, 1, 0, NAN, NAN, 180},
};

static int has_group(const coley_course *course, const char *group)
{
    for (size_t i = 0; i < course->n_series; i++)
        if (!strcmp(course->series[i].group, group)) return 1;
    return 0;
}

static size_t prefix_length(const char *id)
{
    const char *dot = strchr(id, '.');
    return dot ? (size_t)(dot - id) : 0;
}

/* Series that share a figure: same group and unit and, when there are too many, the same place ("L1" of "L1.T_eff"). */
static int share_figure(const coley_series *a, const coley_series *b, int by_place)
{
    if (strcmp(a->group, b->group) || strcmp(a->unit, b->unit)) return 0;
    const size_t n = prefix_length(a->id);
    return !by_place || (n == prefix_length(b->id) && !strncmp(a->id, b->id, n));
}

static void draw_figure(coley_report_sheet *p, const group_row *row, const coley_series *first, int by_place)
{
    const coley_course *c = p->course;
    coley_plot_line line[MAX_LINES];
    size_t n = 0, left_out = 0;
    size_t n_shared = 0;
    for (const coley_series *s = first; s < c->series + c->n_series; s++)
        n_shared += (size_t)share_figure(first, s, by_place);
    for (const coley_series *s = first; s < c->series + c->n_series; s++) {
        if (!share_figure(first, s, by_place)) continue;
        if (n == MAX_LINES) {
            left_out++;
            continue;
        }
        const double *value = s->value;
        if (row->percent) {
            double *scaled = coley_report_room(p, COLEY_NEW(p->arena, double, c->n_days));
            for (size_t i = 0; scaled && i < c->n_days; i++) scaled[i] = 100 * s->value[i];
            value = scaled ? scaled : s->value;
        }
        line[n] = (coley_plot_line){
            .label = s->label, .x = c->day, .y = value, .n = c->n_days, .colour = (int)n, .weight = 2};
        if (!row->percent && n_shared <= MAX_BANDS) {
            line[n].low90 = s->low90;
            line[n].high90 = s->high90;
            line[n].low50 = s->low50;
            line[n].high50 = s->high50;
        }
        n++;
    }
    const char *unit = row->percent ? "%" : unit_words(first->unit);
    const coley_plot plot = {
        .alt = describe(p, NOTE(p, "%s%s%s%s,", row->title, *unit ? " [" : "", unit, *unit ? "]" : ""), line, n),
        .unit = *unit ? NOTE(p, "[%s]", unit) : NULL,
        .day_low = p->day_low,
        .day_high = p->day_high,
        .low = row->low,
        .high = row->high,
        .logarithmic = row->logarithmic,
        .height = row->height,
        .shade_from_day = c->forecast_from_day,
        .line = line,
        .n_lines = n,
        .guide_day = p->scan_day,
        .n_guides = p->n_scans,
    };
    if (by_place) {
        ADD(p, "<h3>");
        SAFE(p, NOTE(p, "%.*s", (int)prefix_length(first->id), first->id));
        ADD(p, "</h3>\n");
    }
    ADD(p, "<figure>\n");
    coley_plot_legend(&plot, p->out);
    draw_plot(p, &plot);
    if (!strcmp(row->group, "drug") && c->n_doses) {
        coley_plot_track track[4];
        const coley_plot_tracks tracks = {.alt = "Days of the doses.",
                                          .day_low = p->day_low,
                                          .day_high = p->day_high,
                                          .track = track,
                                          .n_tracks = dose_tracks(p, track, 4)};
        draw_tracks(p, &tracks);
    }
    curve_table(p, line, n, unit);
    if (left_out) ADD(p, "<p class=\"lead\">%zu more are in trajectory.csv.</p>\n", left_out);
    ADD(p, "</figure>\n");
}

static void add_group(coley_report_sheet *p, const group_row *row)
{
    const coley_course *c = p->course;
    coley_report_section_open(p, row->id, row->title, row->lead);
    for (size_t i = 0; i < c->n_series; i++) {
        if (strcmp(c->series[i].group, row->group)) continue;
        size_t n = 0;
        for (size_t k = 0; k < c->n_series; k++) n += (size_t)share_figure(&c->series[i], &c->series[k], 0);
        const int by_place = n > MAX_LINES;
        int done = 0;
        for (size_t k = 0; k < i; k++) done |= share_figure(&c->series[i], &c->series[k], by_place);
        if (!done) draw_figure(p, row, &c->series[i], by_place);
    }
    coley_report_section_close(p);
}

/* The course's events of kind "five_steps" whose text begins with the step's name. */
static const coley_plot_item *moments(coley_report_sheet *p, const char *step, size_t *n)
{
    const coley_course *c = p->course;
    coley_plot_item *item = coley_report_room(p, COLEY_NEW(p->arena, coley_plot_item, c->n_events));
    *n = 0;
    for (size_t i = 0; item && i < c->n_events; i++) {
        const coley_course_event *event = &c->event[i];
        if (strcmp(event->kind, "five_steps") || strncmp(event->what, step, strlen(step))) continue;
        item[(*n)++] = (coley_plot_item){.from_day = event->day,
                                         .to_day = event->day,
                                         .style = "moment",
                                         .tip = NOTE(p, "day %s: %s", coley_figure_of(event->day).text, event->what)};
    }
    return item;
}

/* The guide's five steps as one strip each, with the moments at which they happened. */
static void add_steps(coley_report_sheet *p)
{
    const coley_course *c = p->course;
    coley_plot_track track[MAX_TRACKS];
    coley_plot_line line[MAX_TRACKS];
    size_t n = 0;
    coley_report_section_open(
        p, "steps", "The five steps",
        "What the drug does, step by step: tumour and T cell shake hands (PD-L1 on PD-1), the T cell "
        "brakes, the drug steps in between, the disguise fails, the attack begins. Each strip goes "
        "from zero to its own highest value; an upright line marks the day it turned.");
    for (size_t i = 0; i < c->n_series && n < MAX_TRACKS; i++) {
        static const int colours[] = {3, 1, 0, 4, 2};
        const coley_series *s = &c->series[i];
        if (strcmp(s->group, "five_steps")) continue;
        double most = 0;
        for (size_t k = 0; k < c->n_days; k++)
            if (isfinite(s->value[k]) && s->value[k] > most) most = s->value[k];
        line[n] = (coley_plot_line){.label = s->label, .x = c->day, .y = s->value, .n = c->n_days};
        track[n] = (coley_plot_track){
            .label = s->label,
            .note = NOTE(p, "0 to %s %s", coley_figure_of(most).text, unit_words(s->unit)),
            .x = c->day,
            .y = s->value,
            .n = c->n_days,
            .colour = colours[n % 5],
            .height = 54,
        };
        track[n].item = moments(p, s->label, &track[n].n_items);
        n++;
    }
    const coley_plot_tracks tracks = {.alt = describe(p, "The five steps", line, n),
                                      .day_low = p->day_low,
                                      .day_high = p->day_high,
                                      .axis = 1,
                                      .track = track,
                                      .n_tracks = n,
                                      .guide_day = p->scan_day,
                                      .n_guides = p->n_scans};
    ADD(p, "<figure>\n");
    draw_tracks(p, &tracks);
    curve_table(p, line, n < MAX_LINES ? n : MAX_LINES, "");
    ADD(p, "</figure>\n");
    coley_report_section_close(p);
}

/* ---- all of them
 * ------------------------------------------------------------------------------------------------------ */

static int has_sizes(const coley_report_sheet *p)
{
    return p->course->lesions && p->course->response && p->course->response->n_targets && p->n_scans > 1;
}

static int has_forecast(const coley_report_sheet *p)
{
    return isfinite(p->course->forecast_from_day) && find_series(p->course, "SOD");
}

size_t coley_report_figures_menu(const coley_report_sheet *p, const char *id[], const char *title[])
{
    size_t n = 0;
    if (has_sizes(p)) id[n] = "sizes", title[n++] = "Tumours";
    if (has_forecast(p)) id[n] = "forecast", title[n++] = "Forecast";
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (has_group(p->course, groups[i].group)) id[n] = groups[i].id, title[n++] = groups[i].menu;
    return n;
}

void coley_report_figures_add(coley_report_sheet *p)
{
    if (has_sizes(p)) add_sizes(p);
    if (has_forecast(p)) add_forecast(p);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (!has_group(p->course, groups[i].group)) continue;
        if (groups[i].title)
            add_group(p, &groups[i]);
        else
            add_steps(p);
    }
}
