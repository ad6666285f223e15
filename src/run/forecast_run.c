/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast_run.c -- from a lesion file to a course, to a table, to marks. */
#include "run/forecast_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/emit.h"

enum { STEP_DAY = 7 };

static coley_status make_prior(coley_arena *arena, const coley_forecast_request *q, double horizon,
                               coley_forecast **forecast, coley_error *err)
{
    const coley_forecast_options options = {.data = q->data,
                                            .cancer = q->cancer,
                                            .regimen = q->regimen,
                                            .biomarkers = q->biomarkers,
                                            .people = q->people,
                                            .horizon_day = fmin(fmax(horizon, 60.0), 5000.0),
                                            .seed = q->seed,
                                            .n_threads = q->n_threads,
                                            .progress = q->progress};
    return coley_forecast_create(arena, &options, forecast, err);
}

/* --- one person
 * ------------------------------------------------------------------------------------------------------------- */

/* Weeks from the first scan to the end, with every scan's own day among them. */
static coley_status make_days(coley_arena *arena, const coley_scans *scans, double end, double **out, size_t *n,
                              coley_error *err)
{
    const double first = fmin(scans->day[0], 0.0);
    const size_t most = (size_t)((end - first) / STEP_DAY) + scans->n + 3;
    double *day = *out = COLEY_NEW(arena, double, most);
    if (!day) return COLEY_FAIL_MEMORY(err);
    size_t next = 0;
    *n = 0;
    for (double t = first; t <= end + 1e-9; t += STEP_DAY) {
        for (; next < scans->n && scans->day[next] < t; next++)
            if (!*n || scans->day[next] > day[*n - 1]) day[(*n)++] = scans->day[next];
        if (next < scans->n && scans->day[next] == t) next++;
        if (!*n || t > day[*n - 1]) day[(*n)++] = t;
    }
    return COLEY_OK;
}

static coley_series *size_series(coley_arena *arena, const coley_outlook *o, size_t n_lesions, size_t *n_series)
{
    coley_series *series = COLEY_NEW(arena, coley_series, o->n_series + 2);
    double *column[5];
    for (int i = 0; i < 5; i++)
        if (!(column[i] = COLEY_NEW(arena, double, o->n_days))) return NULL;
    if (!series) return NULL;
    for (size_t d = 0; d < o->n_days; d++) {
        const coley_prediction *p = &o->at[d];
        const double q[5] = {p->low90_mm, p->low50_mm, p->median_mm, p->high50_mm, p->high90_mm};
        for (int i = 0; i < 5; i++) column[i][d] = q[i];
    }
    const coley_series size = {.id = "SOD",
                               .label = n_lesions > 1 ? "Sum of diameters" : "Diameter of the target lesion",
                               .unit = "mm",
                               .group = "tumour",
                               .value = column[2],
                               .low90 = column[0],
                               .low50 = column[1],
                               .high50 = column[3],
                               .high90 = column[4]};
    series[0] = size;
    *n_series = 1;
    for (size_t i = 0; i < o->n_series; i++) series[(*n_series)++] = o->series[i];
    return series;
}

static const char *as_percent(coley_arena *arena, double p)
{
    return p < 0.01 ? "less than 1" : p > 0.99 ? "more than 99" : coley_arena_printf(arena, "%.0f", 100.0 * p);
}

static coley_status write_summary(coley_arena *arena, const coley_forecast_request *q, const coley_forecast *f,
                                  const coley_scans *scans, size_t used, const coley_outlook *o, coley_course *course,
                                  coley_error *err)
{
    size_t n = 0, inside = 0, held = 0;
    for (size_t i = used; i < scans->n; i++) {
        size_t d = 0;
        while (d + 1 < o->n_days && o->day[d] < scans->day[i]) d++;
        held++;
        inside +=
            scans->diameter_mm[i] >= floor(o->at[d].low90_mm) && scans->diameter_mm[i] <= ceil(o->at[d].high90_mm);
    }
    const coley_prediction *last = &o->at[o->n_days - 1];
    course->summary[n++] = coley_arena_printf(arena, "This page follows the scans of one person in a trial of %s.",
                                              coley_forecast_regimen(f));
    course->summary[n++] = coley_arena_printf(
        arena, "The forecast saw the first %zu scan%s. The last of them, on day %.0f, showed %.0f mm.", used,
        used == 1 ? "" : "s", scans->day[used - 1], scans->diameter_mm[used - 1]);
    course->summary[n++] = coley_arena_printf(arena,
                                              "Coley made %zu virtual people with cancer, and then %zu more like this "
                                              "one, and kept those whose scans look the same.",
                                              coley_forecast_people(f), o->n_refined);
    course->summary[n++] = coley_arena_printf(
        arena, "On day %.0f it expects %.0f mm. In 90 of 100 such people the scan would show %.0f to %.0f mm.",
        o->day[o->n_days - 1], last->median_mm, last->low90_mm, last->high90_mm);
    course->summary[n++] = coley_arena_printf(
        arena, "Of 100 such people, %s would then have shrunk by a third or more, and %s would have grown clearly.",
        as_percent(arena, o->response_probability), as_percent(arena, o->progression_probability));
    if (held)
        course->summary[n++] = coley_arena_printf(
            arena, "Later scans were kept hidden. %zu of %zu lay inside the range that holds 90 of 100.", inside, held);
    course->summary[n++] =
        "A forecast like this is often wrong for one person. It is for research and teaching and is no medical advice.";
    (void)q;
    for (size_t i = 0; i < n; i++)
        if (!course->summary[i]) return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}

coley_status coley_forecast_run(coley_arena *arena, const coley_forecast_request *q, coley_course *course,
                                coley_outlook *outlook, coley_error *err)
{
    coley_lesion_file file;
    const coley_lesion_table *table = NULL;
    coley_scans scans;
    COLEY_TRY(coley_lesions_read(arena, q->lesions, &file, err));
    COLEY_TRY(coley_lesions_patient(&file, q->patient, &table, err));
    COLEY_TRY(coley_lesions_scans(arena, table, &scans, err));
    const coley_place place = {.file = q->lesions, .key = table->patient};
    if (!scans.n) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "no visit at which the lesion could be measured");
    size_t used = q->using_first ? q->using_first : scans.n;
    if (used > scans.n)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "the first %zu scans are asked for, but there are %zu", used,
                             scans.n);
    const double end = fmin(fmax(scans.day[scans.n - 1], 0.0) + q->beyond_day, 4900.0);

    coley_forecast *f;
    COLEY_TRY(make_prior(arena, q, end, &f, err));
    double *day = NULL;
    size_t n_days = 0;
    COLEY_TRY(make_days(arena, &scans, end, &day, &n_days, err));
    const coley_seen seen = {
        .n = used, .day = scans.day, .diameter_mm = scans.diameter_mm, .too_small = scans.too_small};
    coley_outlook o;
    COLEY_TRY(coley_forecast_person(arena, f, &seen, n_days, day, &o, err));
    if (outlook) *outlook = o;

    *course =
        (coley_course){.title = q->title ? q->title : coley_arena_printf(arena, "Forecast for %s", table->patient),
                       .patient = table->patient,
                       .cancer = coley_forecast_cancer(f),
                       .seed = q->seed,
                       .n_days = n_days,
                       .day = day,
                       .lesions = table,
                       .forecast_from_day = scans.day[used - 1],
                       .n_twins = coley_forecast_people(f)};
    course->facts[0] = coley_arena_printf(arena, "%zu scans, %zu seen by the forecast", scans.n, used);
    course->facts[1] = coley_arena_printf(arena, "compared with %zu virtual people, %.0f of them alike",
                                          coley_forecast_people(f) + o.n_refined, o.effective);
    course->series = size_series(arena, &o, table->n_lesions, &course->n_series);
    coley_response_report *response = COLEY_NEW(arena, coley_response_report, 1);
    if (!course->title || !course->facts[0] || !course->facts[1] || !course->series || !response)
        return COLEY_FAIL_MEMORY(err);
    const coley_response_options judge = COLEY_RESPONSE_DEFAULT;
    COLEY_TRY(coley_response_judge(arena, table, &judge, response, err));
    course->response = response;
    COLEY_TRY(coley_forecast_doses(arena, f, course, err));
    return write_summary(arena, q, f, &scans, used, &o, course, err);
}

static void print_json(const coley_course *course, const coley_outlook *o, const coley_scans *scans, coley_text *text)
{
    coley_emit e = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "patient", course->patient);
    coley_emit_number(&e, "forecast_from_day", course->forecast_from_day);
    coley_emit_number(&e, "effective_people", o->effective);
    coley_emit_number(&e, "response_probability", o->response_probability);
    coley_emit_number(&e, "progression_probability", o->progression_probability);
    coley_emit_list(&e, "days");
    for (size_t d = 0, next = 0; d < o->n_days; d++) {
        while (next < scans->n && scans->day[next] < o->day[d]) next++;
        const coley_prediction *p = &o->at[d];
        coley_emit_map(&e, NULL);
        coley_emit_number(&e, "day", o->day[d]);
        coley_emit_number(&e, "median_mm", p->median_mm);
        coley_emit_number(&e, "low50_mm", p->low50_mm);
        coley_emit_number(&e, "high50_mm", p->high50_mm);
        coley_emit_number(&e, "low90_mm", p->low90_mm);
        coley_emit_number(&e, "high90_mm", p->high90_mm);
        coley_emit_number(&e, "measured_mm",
                          next < scans->n && scans->day[next] == o->day[d] ? scans->diameter_mm[next] : NAN);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_end(&e);
}

static void print_table(const coley_course *course, const coley_outlook *o, const coley_scans *scans, coley_text *text)
{
    coley_text_addf(text, "%s: forecast from the scans up to day %g\n\n%8s %15s %10s %21s %21s\n", course->patient,
                    course->forecast_from_day, "day", "measured", "forecast", "50 % range", "90 % range");
    for (size_t d = 0, next = 0; d < o->n_days; d++) {
        while (next < scans->n && scans->day[next] < o->day[d]) next++;
        const int measured = next < scans->n && scans->day[next] == o->day[d];
        const int ahead = o->day[d] > course->forecast_from_day;
        if (!measured && d + 1 < o->n_days && !(ahead && d % 6 == 0)) continue;
        const coley_prediction *p = &o->at[d];
        char measure[32] = "";
        if (measured) snprintf(measure, sizeof measure, "%.1f mm%s", scans->diameter_mm[next], ahead ? "" : " used");
        coley_text_addf(text, "%8.0f %15s %7.1f mm %7.1f to %7.1f mm %7.1f to %7.1f mm\n", o->day[d], measure,
                        p->median_mm, p->low50_mm, p->high50_mm, p->low90_mm, p->high90_mm);
    }
    coley_text_addf(text,
                    "\nOf 100 alike, by day %.0f %.0f would have shrunk by 30 %% or more, %.0f would have grown by 20 "
                    "%% and 5 mm.\nFor research and teaching; no medical advice.\n",
                    o->day[o->n_days - 1], 100.0 * o->response_probability, 100.0 * o->progression_probability);
}

coley_status coley_forecast_print(const coley_course *course, const coley_outlook *o, int json, coley_text *text,
                                  coley_error *err)
{
    coley_scans scans;
    COLEY_TRY(coley_lesions_scans(text->arena, course->lesions, &scans, err));
    if (json)
        print_json(course, o, &scans, text);
    else
        print_table(course, o, &scans, text);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

/* --- everybody
 * ------------------------------------------------------------------------------------------------------------- */

coley_status coley_forecast_evaluate(coley_arena *arena, const coley_forecast_request *q,
                                     const coley_split_options *split, int json, coley_text *text, coley_error *err)
{
    coley_lesion_file file;
    COLEY_TRY(coley_lesions_read(arena, q->lesions, &file, err));
    coley_scans *scans = COLEY_NEW(arena, coley_scans, file.n);
    if (!scans) return COLEY_FAIL_MEMORY(err);
    double last = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < file.n; i++) {
        COLEY_TRY(coley_lesions_scans(arena, &file.patient[i], &scans[n], err));
        if (!scans[n].n) continue;
        last = fmax(last, scans[n].day[scans[n].n - 1]);
        n++;
    }
    coley_forecast *f;
    COLEY_TRY(make_prior(arena, q, last, &f, err));
    coley_forecaster list[1 + COLEY_BENCHMARKS] = {
        {.key = "coley", .title = "Coley", .forecast = coley_forecast_all, .context = f}};
    coley_evaluate_benchmarks(COLEY_CLASSICAL_DIAMETER, list + 1);
    coley_evaluation evaluation;
    COLEY_TRY(coley_evaluate(arena, n, scans, split, 1 + COLEY_BENCHMARKS, list, &evaluation, err));
    const char *out = json ? coley_evaluation_json(arena, &evaluation) : coley_evaluation_table(arena, &evaluation);
    if (!out) return COLEY_FAIL_MEMORY(err);
    coley_text_add(text, out, strlen(out));
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
