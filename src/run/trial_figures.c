/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_figures.c -- see trial_figures.h. */
#include "run/trial_figures.h"

#include "io/emit.h"
#include "io/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ADD(...)   coley_text_addf(out, __VA_ARGS__)
#define SAFE(text) coley_text_add_escaped(out, (text) ? (text) : "")

enum { SPIDERS = 40, SWIMMERS = 24, BARS = 400, RISK_COLUMNS = 9, MAX_STEPS = 400 };

/* --- curves ----------------------------------------------------------------------------------------------------------
 */

typedef struct steps {
    size_t n;
    double *day, *share, *low, *high;
} steps;

/* The stairs of a curve, at most MAX_STEPS of them. */
static steps stairs(coley_arena *arena, const coley_km *km)
{
    const size_t stride = km->n / MAX_STEPS + 1;
    steps s = {0};
    double **column[] = {&s.day, &s.share, &s.low, &s.high};
    for (size_t i = 0; i < 4; i++)
        if (!(*column[i] = COLEY_NEW(arena, double, 2 * (km->n / stride + 3)))) return (steps){0};
    double share = 1, low = 1, high = 1;
    s.day[s.n] = 0;
    s.share[s.n] = s.low[s.n] = s.high[s.n] = 1;
    s.n++;
    for (size_t i = 0; i < km->n; i++) {
        if (i % stride && i + 1 < km->n) continue;
        const coley_km_point point = coley_km_entry(km, i, COLEY_KM_LOGLOG, 0.95);
        const double day = km->time[i] * COLEY_TRIAL_MONTH;
        s.day[s.n] = day;
        s.share[s.n] = share;
        s.low[s.n] = low;
        s.high[s.n++] = high;
        share = point.survival;
        low = isnan(point.interval.low) ? share : point.interval.low;
        high = isnan(point.interval.high) ? share : point.interval.high;
        s.day[s.n] = day;
        s.share[s.n] = share;
        s.low[s.n] = low;
        s.high[s.n++] = high;
    }
    return s;
}

static void risk_table(const coley_trial_result *result, coley_endpoint e, double last_month, coley_text *out)
{
    const coley_trial *trial = result->trial;
    double step = 1;
    static const double nice[] = {1, 2, 3, 6, 12, 24, 60};
    for (size_t i = 0; i < sizeof nice / sizeof *nice && last_month / step > RISK_COLUMNS; i++) step = nice[i];
    ADD("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">at risk in month</th>");
    for (double month = 0; month <= last_month; month += step) ADD("<th scope=\"col\">%g</th>", month);
    ADD("</tr></thead><tbody>\n");
    for (size_t a = 0; a < trial->n_arms; a++) {
        ADD("<tr><th scope=\"row\">");
        SAFE(trial->arm[a].arm->name);
        ADD("</th>");
        for (double month = 0; month <= last_month; month += step)
            ADD("<td>%zu</td>", result->arm[a].curve[e].n
                                    ? coley_km_at(&result->arm[a].curve[e], month, COLEY_KM_LOGLOG, 0.95).at_risk
                                    : (size_t)0);
        ADD("</tr>\n");
    }
    ADD("</tbody></table></div>\n");
}

static void draw(const coley_plot *plot, coley_text *out)
{
    ADD("<figure class=\"%s\">\n", plot->n_lines > 1 && plot->line[1].label ? "always" : "");
    coley_plot_legend(plot, out);
    coley_plot_draw(plot, COLEY_PLOT_WIDE, out);
    coley_plot_draw(plot, COLEY_PLOT_NARROW, out);
    ADD("</figure>\n");
}

void coley_trial_draw_curves(coley_arena *arena, const coley_trial_result *result, coley_endpoint e, coley_text *out)
{
    const coley_trial *trial = result->trial;
    coley_plot_line line[COLEY_TRIAL_MAX_ARMS];
    size_t n = 0;
    double last = 1;
    for (size_t a = 0; a < trial->n_arms; a++) {
        const coley_km *km = &result->arm[a].curve[e];
        const steps s = stairs(arena, km);
        if (km->n) last = fmax(last, km->time[km->n - 1]);
        if (!s.n) continue;
        line[n++] = (coley_plot_line){.label = trial->arm[a].arm->name,
                                      .x = s.day,
                                      .y = s.share,
                                      .n = s.n,
                                      .colour = (int)(a % COLEY_PLOT_COLOURS),
                                      .weight = 2,
                                      .low90 = s.low,
                                      .high90 = s.high};
    }
    const coley_plot plot = {.alt = coley_endpoint_words[e],
                             .unit = "share of people",
                             .day_low = 0,
                             .day_high = last * COLEY_TRIAL_MONTH,
                             .low = 0,
                             .high = 1,
                             .height = 300,
                             .shade_from_day = NAN,
                             .n_lines = n,
                             .line = line};
    draw(&plot, out);
    risk_table(result, e, last, out);
}

/* --- waterfall -------------------------------------------------------------------------------------------------------
 */

static int by_change(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y); /* growth first */
}

static void waterfall(const coley_trial_arm_run *run, int colour, coley_text *out)
{
    const double width = 1000, height = 220, zero = 90;
    double change[BARS];
    size_t n = 0;
    for (size_t i = 0; i < run->n && n < BARS; i++)
        if (!isnan(run->patient[i].best_change)) change[n++] = fmin(run->patient[i].best_change, 1);
    qsort(change, n, sizeof *change, by_change);
    ADD("<h3>Best change of the sum of diameters: ");
    SAFE(run->arm->name);
    ADD("</h3>\n<figure><svg class=\"figure\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"Waterfall of %zu "
        "people, from the largest growth to the largest shrinkage; the dashed line is 30 %% less.\">\n",
        width + 50, height, n);
    for (size_t i = 0; i < n; i++) {
        const double w = width / (double)n, h = fmax(fabs(change[i]) * zero, 0.5);
        ADD("<rect class=\"fc%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>", colour, 50 + (double)i * w,
            change[i] > 0 ? zero - h + 10 : zero + 10, fmax(w - 0.4, 0.5), h);
    }
    ADD("\n<path class=\"axis\" d=\"M50 %.0fH%.0f\"/><path class=\"level c7\" d=\"M50 %.1fH%.0f\"/>"
        "<text class=\"tick\" x=\"0\" y=\"18\">+100 %%</text><text class=\"tick\" x=\"0\" y=\"%.0f\">0</text>"
        "<text class=\"tick\" x=\"0\" y=\"%.1f\">-30 %%</text><text class=\"tick\" x=\"0\" y=\"%.0f\">-100 %%</text>"
        "</svg></figure>\n",
        zero + 10, width + 50, zero * 1.3 + 10, width + 50, zero + 14, zero * 1.3 + 14, 2 * zero + 14);
}

void coley_trial_draw_waterfall(const coley_trial_result *result, coley_text *out)
{
    for (size_t a = 0; a < result->trial->n_arms; a++)
        waterfall(&result->trial->arm[a], (int)(a % COLEY_PLOT_COLOURS), out);
}

/* --- spider ----------------------------------------------------------------------------------------------------------
 */

static int spider_line(coley_arena *arena, const coley_trial_arm_run *run, const coley_trial_patient *p, int colour,
                       coley_plot_line *line)
{
    double *day = COLEY_NEW(arena, double, p->n_scans + 1), *change = COLEY_NEW(arena, double, p->n_scans + 1);
    if (!day || !change) return 0;
    size_t n = 1;
    for (size_t k = 0; k < p->n_scans; k++) {
        const coley_trial_scan *scan = &run->scan[p->first_scan + k];
        day[n] = (double)scan->day;
        change[n] = isnan(scan->change) ? NAN : fmin(100.0 * (double)scan->change, 150);
        n++;
        if (scan->response == COLEY_RESPONSE_PD) break;
    }
    *line = (coley_plot_line){.x = day, .y = change, .n = n, .colour = colour, .weight = 1};
    return 1;
}

void coley_trial_draw_spiders(coley_arena *arena, const coley_trial_result *result, coley_text *out)
{
    static const coley_plot_level levels[] = {{-30, "-30 %", 7}, {0, NULL, COLEY_PLOT_MUTED}};
    const coley_trial *trial = result->trial;
    if (trial->design->criteria == COLEY_CRITERIA_RECURRENCE) return;
    for (size_t a = 0; a < trial->n_arms; a++) {
        coley_plot_line line[SPIDERS];
        size_t n = 0;
        for (size_t i = 0; i < trial->arm[a].n && n < SPIDERS; i++)
            n += (size_t)spider_line(arena, &trial->arm[a], &trial->arm[a].patient[i], (int)(a % COLEY_PLOT_COLOURS),
                                     &line[n]);
        double last = 30;
        for (size_t i = 0; i < n; i++) last = fmax(last, line[i].x[line[i].n - 1]);
        const coley_plot plot = {.alt = "Spider plot: change of the sum of diameters over time",
                                 .unit = "change of the sum of diameters, %",
                                 .day_low = 0,
                                 .day_high = last,
                                 .low = -100,
                                 .high = 150,
                                 .height = 260,
                                 .shade_from_day = NAN,
                                 .n_lines = n,
                                 .line = line,
                                 .n_levels = 1,
                                 .level = levels};
        ADD("<h3>Spider: ");
        SAFE(trial->arm[a].arm->name);
        ADD("</h3>\n");
        draw(&plot, out);
    }
}

/* --- swimmer ---------------------------------------------------------------------------------------------------------
 */

static size_t swim(coley_arena *arena, const coley_trial_arm_run *run, const coley_trial_patient *p,
                   coley_plot_track *track)
{
    coley_plot_item *item = COLEY_NEW(arena, coley_plot_item, p->n_scans + 2);
    const char *label = coley_arena_printf(arena, "%llu", (unsigned long long)p->id);
    if (!item || !label) return 0;
    size_t n = 0;
    double from = 0;
    coley_response state = COLEY_RESPONSE_SD;
    for (size_t k = 0; k <= p->n_scans; k++) {
        const coley_trial_scan *scan = k < p->n_scans ? &run->scan[p->first_scan + k] : NULL;
        const coley_response now = scan ? (coley_response)scan->response : state;
        if (scan && now == state) continue;
        const double to = scan ? (double)scan->day : p->os_day;
        item[n++] = (coley_plot_item){.from_day = from,
                                      .to_day = fmax(to, from),
                                      .style = state == COLEY_RESPONSE_CR   ? "r-cr"
                                               : state == COLEY_RESPONSE_PR ? "r-pr"
                                               : state == COLEY_RESPONSE_PD ? "r-pd"
                                                                            : "r-sd",
                                      .text = k ? coley_response_name(state) : NULL};
        from = to;
        state = now;
    }
    if (p->death)
        item[n++] = (coley_plot_item){.from_day = p->os_day, .to_day = p->os_day, .style = "dead", .tip = "death"};
    *track = (coley_plot_track){.label = label, .n_items = n, .item = item, .height = 12};
    return 1;
}

void coley_trial_draw_swimmers(coley_arena *arena, const coley_trial_result *result, coley_text *out)
{
    const coley_trial *trial = result->trial;
    for (size_t a = 0; a < trial->n_arms; a++) {
        coley_plot_track track[SWIMMERS];
        size_t n = 0;
        double last = 30;
        for (size_t i = 0; i < trial->arm[a].n && n < SWIMMERS; i++) {
            last = fmax(last, trial->arm[a].patient[i].os_day);
            n += swim(arena, &trial->arm[a], &trial->arm[a].patient[i], &track[n]);
        }
        const coley_plot_tracks tracks = {.alt = "Swimmer plot: response over time, and death as a stroke",
                                          .day_low = 0,
                                          .day_high = last,
                                          .axis = 1,
                                          .n_tracks = n,
                                          .track = track};
        ADD("<h3>Swimmer: ");
        SAFE(trial->arm[a].arm->name);
        ADD("</h3>\n<figure>\n");
        coley_plot_tracks_draw(&tracks, COLEY_PLOT_WIDE, out);
        coley_plot_tracks_draw(&tracks, COLEY_PLOT_NARROW, out);
        ADD("</figure>\n");
    }
}

/* --- forest ----------------------------------------------------------------------------------------------------------
 */

typedef struct forest_part {
    const char *words;
    int (*belongs)(const coley_trial_patient *p);
} forest_part;

static int everybody(const coley_trial_patient *p)
{
    (void)p;
    return 1;
}
static int younger(const coley_trial_patient *p)
{
    return p->covariates.age_year < 65;
}
static int older(const coley_trial_patient *p)
{
    return p->covariates.age_year >= 65;
}
static int women(const coley_trial_patient *p)
{
    return !p->covariates.male;
}
static int men(const coley_trial_patient *p)
{
    return p->covariates.male;
}
static int stained(const coley_trial_patient *p)
{
    return p->pdl1_tps >= 0.01;
}
static int unstained(const coley_trial_patient *p)
{
    return p->pdl1_tps < 0.01;
}
static int many(const coley_trial_patient *p)
{
    return p->tmb_per_Mb >= 10;
}
static int few(const coley_trial_patient *p)
{
    return p->tmb_per_Mb < 10;
}
static int low_ldh(const coley_trial_patient *p)
{
    return p->covariates.ldh_uln <= 1;
}
static int high_ldh(const coley_trial_patient *p)
{
    return p->covariates.ldh_uln > 1;
}

static const forest_part parts[] = {{"all", everybody},
                                    {"below 65 years", younger},
                                    {"65 years and more", older},
                                    {"women", women},
                                    {"men", men},
                                    {"PD-L1 1 % and more", stained},
                                    {"PD-L1 below 1 %", unstained},
                                    {"10 mutations per Mb and more", many},
                                    {"below 10 mutations per Mb", few},
                                    {"LDH normal", low_ldh},
                                    {"LDH high", high_ldh}};

static coley_status part_ratio(coley_arena *arena, const coley_trial *trial, size_t a, const forest_part *part,
                               coley_endpoint e, coley_ratio *ratio, size_t *n, coley_error *err)
{
    const size_t arms[] = {trial->design->control_arm, a};
    const size_t most = trial->arm[arms[0]].n + trial->arm[a].n;
    double *time = COLEY_NEW(arena, double, most);
    int *event = COLEY_NEW(arena, int, most), *arm = COLEY_NEW(arena, int, most);
    if (!time || !event || !arm) return COLEY_FAIL_MEMORY(err);
    *n = 0;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < trial->arm[arms[k]].n; i++) {
            const coley_trial_patient *p = &trial->arm[arms[k]].patient[i];
            if (!part->belongs(p) || !coley_trial_time(p, e, &time[*n], &event[*n])) continue;
            arm[(*n)++] = (int)k;
        }
    *ratio = (coley_ratio){.ratio = NAN};
    if (!*n) return COLEY_OK;
    coley_survival survival;
    coley_cox cox;
    const coley_survival_input input = {.n = *n, .time = time, .event = event, .arm = arm, .n_arms = 2};
    COLEY_TRY(coley_survival_prepare(arena, &input, &survival, err));
    if (!survival.n_events || !coley_survival_counts(&survival, 0).people ||
        !coley_survival_counts(&survival, 1).people)
        return COLEY_OK;
    COLEY_TRY(coley_cox_fit(arena, &(coley_cox_input){.survival = &survival}, &cox, err));
    if (!cox.why) *ratio = coley_cox_ratio(&cox, 0, 0.95);
    return COLEY_OK;
}

static double forest_x(double ratio)
{
    return 420 + 130 * log(fmin(fmax(ratio, 0.1), 10)) / log(10) * 2;
}

static void forest_row(coley_text *out, double y, const char *words, size_t n, const coley_ratio *r, int colour)
{
    ADD("<text x=\"0\" y=\"%.0f\">", y + 4);
    SAFE(words);
    ADD("</text><text class=\"note\" x=\"215\" y=\"%.0f\">%zu</text>", y + 4, n);
    if (!isfinite(r->ratio) || !(r->ratio > 0)) {
        ADD("<text class=\"note\" x=\"700\" y=\"%.0f\">too few events</text>\n", y + 4);
        return;
    }
    if (isfinite(r->interval.low) && isfinite(r->interval.high))
        ADD("<path class=\"line w2 c%d\" d=\"M%.1f %.0fH%.1f\"/>", colour, forest_x(r->interval.low), y,
            forest_x(r->interval.high));
    ADD("<rect class=\"fc%d\" x=\"%.1f\" y=\"%.0f\" width=\"9\" height=\"9\"/><text x=\"700\" y=\"%.0f\">%.2f (%.2f to "
        "%.2f)</text>\n",
        colour, forest_x(r->ratio) - 4.5, y - 4.5, y + 4, r->ratio, r->interval.low, r->interval.high);
}

coley_status coley_trial_draw_forest(coley_arena *arena, const coley_trial_result *result, coley_text *out,
                                     coley_error *err)
{
    enum { N_PARTS = sizeof parts / sizeof *parts };
    const coley_trial *trial = result->trial;
    for (int e = 0; e < COLEY_END_IPFS; e++)
        for (size_t a = 0; a < trial->n_arms; a++) {
            if (a == trial->design->control_arm) continue;
            ADD("<h3>");
            SAFE(trial->arm[a].arm->name);
            ADD(": %s</h3>\n<figure><svg class=\"figure\" viewBox=\"0 0 850 %d\" role=\"img\" aria-label=\"Forest plot "
                "of hazard ratios; the numbers stand at the right.\">\n",
                coley_endpoint_words[e], 22 * (N_PARTS + 2));
            ADD("<path class=\"axis\" d=\"M%.1f 6V%d\"/><text class=\"tick\" x=\"%.1f\" y=\"%d\">0.3</text><text "
                "class=\"tick\" x=\"%.1f\" y=\"%d\">1</text><text class=\"tick\" x=\"%.1f\" y=\"%d\">3</text>\n",
                forest_x(1), 22 * (N_PARTS + 1), forest_x(0.3) - 8, 22 * (N_PARTS + 2) - 6, forest_x(1) - 3,
                22 * (N_PARTS + 2) - 6, forest_x(3) - 3, 22 * (N_PARTS + 2) - 6);
            for (size_t k = 0; k < N_PARTS; k++) {
                coley_ratio ratio = {.ratio = NAN};
                size_t n = 0;
                COLEY_TRY(part_ratio(arena, trial, a, &parts[k], (coley_endpoint)e, &ratio, &n, err));
                forest_row(out, 22.0 * (double)(k + 1), parts[k].words, n, &ratio, (int)(a % COLEY_PLOT_COLOURS));
            }
            ADD("</svg></figure>\n");
        }
    return COLEY_OK;
}
