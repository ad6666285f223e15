/* SPDX-License-Identifier: GPL-3.0-or-later */
/* person.c -- a question about one person, simulated and answered. */
#include "studio/person.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/data.h"
#include "io/emit.h"
#include "run/record.h"
#include "run/report_words.h"
#include "run/session.h"
#include "studio/bodies.h"
#include "studio/person_parts.h"
#include "studio/stays.h"
#include "studio/yaml_edit.h"

enum { MOST_CHANGES = 64, SPIDER = 32, COARSE_ROWS = 110 };

/* --- changes -------------------------------------------------------------------------------------------------------
 */

/* What of the changes is a key of the scenario, as YAML; the others are made on the scenario that was read. */
static coley_status yaml_changes(coley_arena *arena, const coley_studio_question *q, coley_yaml_change *to, size_t *n,
                                 coley_error *err)
{
    *n = 0;
    if (q->n_changes > MOST_CHANGES)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu changes at once; at most %d", q->n_changes, MOST_CHANGES);
    for (size_t i = 0; i < q->n_changes; i++) {
        const coley_studio_change *c = &q->change[i];
        const coley_studio_control *control = coley_studio_control_find(c->key);
        const char *text = c->text;
        if (control && !strchr(c->key, '.') && control->kind != COLEY_CONTROL_REGIMEN &&
            control->kind != COLEY_CONTROL_POLICY)
            continue;
        if (text && !strcmp(text, "as written")) continue;
        if (text && (!strcmp(text, "none") || !strcmp(text, "not known")) && control &&
            control->kind != COLEY_CONTROL_NUMBER && !(control->field && !strcmp(text, "none")))
            text = NULL;
        else if (c->is_number)
            text = coley_arena_printf(arena, "%.10g %s", c->number, control && control->unit ? control->unit : "");
        to[(*n)++] = (coley_yaml_change){.key = c->key, .value = text};
    }
    return COLEY_OK;
}

static coley_status change_scenario(const coley_studio_question *q, coley_scenario *s, coley_error *err)
{
    for (size_t i = 0; i < q->n_changes; i++) {
        const coley_studio_change *c = &q->change[i];
        const coley_studio_control *control = coley_studio_control_find(c->key);
        if (!control || strchr(c->key, '.')) continue;
        if (control->kind == COLEY_CONTROL_NUMBER && !(c->number >= control->low && c->number <= control->high))
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = c->key}), "%g; %g to %g are allowed",
                                 c->number, control->low, control->high);
        coley_scenario_drug *drug = s->regimen.item;
        coley_scenario_lesion *lesion = s->lesions.item;
        for (size_t k = 0; k < s->regimen.n; k++) {
            if (!strcmp(c->key, "dose_factor")) drug[k].dose.amount *= c->number;
            if (!strcmp(c->key, "interval_factor")) drug[k].every_day *= c->number;
        }
        for (size_t k = 0; k < s->lesions.n; k++) {
            if (!strcmp(c->key, "size_factor")) lesion[k].diameter_mm *= c->number;
            if (control->kind != COLEY_CONTROL_INFILTRATION || !c->text) continue;
            static const char *const names[] = {"inflamed", "excluded", "desert"};
            for (int w = 0; w < 3; w++)
                if (!strcmp(c->text, names[w])) lesion[k].infiltration = w;
        }
    }
    return COLEY_OK;
}

/* The scenario as it was written, with the changes. It is read from a file beside those that it names. */
static coley_status load(coley_arena *arena, const coley_studio_question *q, const char *catalog,
                         coley_scenario **scenario, coley_error *err)
{
    coley_yaml_change change[MOST_CHANGES];
    size_t n, length = q->length;
    const char *text = q->yaml;
    char *edited;
    COLEY_TRY(yaml_changes(arena, q, change, &n, err));
    if (n) {
        COLEY_TRY(coley_yaml_edit(arena, text, length, change, n, &edited, err));
        text = edited;
        length = strlen(edited);
    }
    COLEY_TRY(coley_document_stays(arena, q->name, q->uploads, text, length, err));
    const char *path = coley_arena_printf(arena, "%s/.question-%ld.yaml", q->folder, (long)getpid());
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_file_write(path, text, length, err));
    const coley_status status = coley_scenario_load(arena, path, catalog, scenario, err);
    unlink(path);
    if (status != COLEY_OK) {
        if (err && strstr(err->file, ".question-")) snprintf(err->file, sizeof err->file, "%s", q->name);
        return status;
    }
    (*scenario)->path = q->name;
    if ((*scenario)->forecast.lesions)
        return COLEY_FAIL(err, COLEY_ERR_INPUT,
                          "a forecast is run, not asked for as one moves a slider: start it under Runs");
    return change_scenario(q, *scenario, err);
}

/* --- the answer ----------------------------------------------------------------------------------------------------
 */

static void numbers(coley_emit *emit, const char *key, const double *value, size_t n, int digits)
{
    char text[40];
    if (!value) return;
    coley_emit_list(emit, key);
    for (size_t i = 0; i < n; i++) {
        const int length = isfinite(value[i]) ? snprintf(text, sizeof text, "%s%.*g", i ? "," : "", digits, value[i])
                                              : snprintf(text, sizeof text, "%snull", i ? "," : "");
        coley_text_add(emit->out, text, (size_t)length);
    }
    coley_emit_end(emit);
}

static void emit_series(coley_arena *arena, const coley_course *course, int coarse, coley_emit *emit)
{
    coley_emit_list(emit, "quantities");
    for (size_t i = 0; i < course->n_series; i++) {
        const coley_series *s = &course->series[i];
        const char *dot = strchr(s->id, '.');
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "id", s->id);
        coley_emit_text(emit, "label", s->label);
        coley_emit_text(emit, "unit", s->unit);
        coley_emit_text(emit, "group", s->group);
        coley_emit_text(emit, "lesion",
                        dot && s->id[0] == 'L' ? coley_arena_text(arena, s->id, (size_t)(dot - s->id)) : NULL);
        numbers(emit, "value", s->value, course->n_days, 6);
        numbers(emit, "low90", s->low90, course->n_days, 5);
        numbers(emit, "high90", s->high90, course->n_days, 5);
        if (!coarse) {
            numbers(emit, "low50", s->low50, course->n_days, 5);
            numbers(emit, "high50", s->high50, course->n_days, 5);
        }
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

static void emit_scan(const coley_course *course, double day, coley_emit *emit)
{
    const coley_lesion_table *table = course->lesions;
    const coley_assessment *seen = NULL;
    for (size_t k = 0; course->response && k < course->response->n_assessments; k++)
        if (course->response->assessment[k].day == day) seen = &course->response->assessment[k];
    coley_emit_map(emit, NULL);
    coley_emit_number(emit, "day", day);
    coley_emit_list(emit, "lesions");
    for (size_t k = 0; k < table->n_lesions; k++) {
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "id", table->lesion[k].id);
        coley_emit_text(emit, "organ", table->lesion[k].organ);
        coley_emit_number(emit, "mm", coley_report_diameter(table, k, day));
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    coley_emit_number(emit, "sum_mm", seen ? seen->sod_mm : course->response ? course->response->baseline_sod_mm : NAN);
    coley_emit_number(emit, "change_pct", seen ? seen->change_baseline_pct : 0);
    coley_emit_text(emit, "recist", seen ? coley_report_response_short(seen->overall) : NULL);
    coley_emit_text(emit, "irecist", seen ? coley_report_iresponse_short(seen->ioverall) : NULL);
    coley_emit_text(emit, "why", seen ? seen->why : "baseline");
    coley_emit_end(emit);
}

static void emit_scans(coley_arena *arena, const coley_course *course, coley_emit *emit)
{
    size_t n = 0;
    const double *day = course->lesions ? coley_report_scan_days(arena, course->lesions, &n) : NULL;
    coley_emit_list(emit, "scans");
    for (size_t i = 0; day && i < n; i++) emit_scan(course, day[i], emit);
    coley_emit_end(emit);
}

static void emit_doses(const coley_course *course, coley_emit *emit)
{
    coley_emit_list(emit, "doses");
    for (size_t i = 0; i < course->n_doses; i++) {
        coley_emit_map(emit, NULL);
        coley_emit_number(emit, "day", course->dose[i].day);
        coley_emit_text(emit, "drug", course->dose[i].drug);
        coley_emit_number(emit, "amount", course->dose[i].amount);
        coley_emit_text(emit, "unit", course->dose[i].unit);
        coley_emit_number(emit, "duration_day", course->dose[i].duration_day);
        coley_emit_integer(emit, "lesion", course->dose[i].lesion);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

/* Whether the clinic did anything about an organ between two days. */
static int is_treated(const coley_course_care *care, const char *organ, double from, double to)
{
    for (size_t i = 0; care && i < care->n_rows; i++) {
        const coley_care_row *r = &care->row[i];
        if (r->organ && !strcmp(r->organ, organ) && r->day >= from && r->day <= to && strcmp(r->deed, "visit") &&
            strcmp(r->deed, "found"))
            return 1;
    }
    return 0;
}

static void emit_event(const coley_course *course, const char *organ, int grade, double from, double to,
                       coley_emit *emit)
{
    coley_emit_map(emit, NULL);
    coley_emit_text(emit, "organ", organ);
    coley_emit_integer(emit, "grade", grade);
    coley_emit_number(emit, "from_day", from);
    coley_emit_number(emit, "to_day", to);
    coley_emit_flag(emit, "treated", is_treated(course->care, organ, from, to));
    coley_emit_end(emit);
}

/* Stretches of one grade, from 1 up. */
static void emit_stretches(const coley_course *course, const char *organ, const int *grade, const double *value,
                           coley_emit *emit)
{
    int now = 0;
    double since = 0;
    for (size_t d = 0; d < course->n_days; d++) {
        const int g = grade ? grade[d] : (int)(value[d] + 0.5);
        if (g == now) continue;
        if (now) emit_event(course, organ, now, since, course->day[d], emit);
        now = g;
        since = course->day[d];
    }
    if (now) emit_event(course, organ, now, since, course->day[course->n_days - 1], emit);
}

static void emit_side_effects(const coley_course *course, coley_emit *emit)
{
    coley_emit_list(emit, "adverse_events");
    for (size_t i = 0; course->care && i < course->care->n_organs; i++)
        emit_stretches(course, course->care->organ[i].organ, course->care->organ[i].grade, NULL, emit);
    for (size_t i = 0; !course->care && i < course->n_series; i++)
        if (!strncmp(course->series[i].id, "grade_", 6))
            emit_stretches(course, course->series[i].id + 6, NULL, course->series[i].value, emit);
    coley_emit_end(emit);
    coley_emit_map(emit, "steroid");
    numbers(emit, "day", course->day, course->care ? course->n_days : 0, 7);
    numbers(emit, "mg", course->care ? course->care->prednisone_mg_day : course->day, course->care ? course->n_days : 0,
            5);
    coley_emit_end(emit);
}

/* Sums of the targets' diameters (of all, when none is a target) of the first virtual people. */
static void emit_spider(const coley_session *session, const coley_course *course, const coley_crowd *crowd,
                        double *scratch, coley_emit *emit)
{
    const coley_response_report *response = course->response;
    const int chosen = response && response->n_targets > 0;
    const size_t n = chosen ? response->n_targets : session->scenario->lesions.n;
    coley_emit_list(emit, "spider");
    for (size_t p = 1; n && p < crowd->n && p <= SPIDER; p++) {
        for (size_t d = 0; d < crowd->n_days; d++) scratch[d] = 0;
        for (size_t k = 0; k < n; k++) {
            const ptrdiff_t lesion = (ptrdiff_t)(chosen ? response->target[k] : k);
            const ptrdiff_t column = coley_watch_row(&session->watch, lesion, "diameter");
            for (size_t d = 0; column >= 0 && d < crowd->n_days; d++)
                scratch[d] += coley_crowd_at(crowd, p, d, (size_t)column);
        }
        const double start = scratch[0];
        for (size_t d = 0; d < crowd->n_days; d++) scratch[d] = 100 * (scratch[d] / start - 1);
        coley_emit_map(emit, NULL);
        coley_emit_integer(emit, "id", (int64_t)p);
        numbers(emit, "day", session->day, crowd->n_days, 7);
        numbers(emit, "change_pct", scratch, crowd->n_days, 5);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

coley_status coley_studio_person(coley_arena *arena, const coley_studio_question *q, coley_text *out, coley_error *err)
{
    const double began = now_ms();
    const char *models, *catalog;
    coley_scenario *scenario;
    coley_session *session;
    coley_crowd crowd;
    coley_course *course;
    coley_text yaml = {.arena = arena}, controls = {.arena = arena};
    COLEY_TRY(coley_data_path(arena, "models/patient", &models, err));
    COLEY_TRY(coley_data_path(arena, "catalog", &catalog, err));
    COLEY_TRY(load(arena, q, catalog, &scenario, err));
    if (q->twins >= 0) scenario->run.population = q->twins;
    coley_scenario_write(scenario, COLEY_EMIT_YAML, &yaml);
    COLEY_TRY(coley_studio_controls(arena, catalog, scenario, q->kept, &controls, err));
    if (q->coarse)
        scenario->run.output_every_day = fmax(scenario->run.output_every_day, scenario->run.duration_day / COARSE_ROWS);
    coley_body_source source = {0};
    if (q->kept) source = coley_studio_bodies_source(q->kept);
    COLEY_TRY(coley_session_prepare_with(arena, scenario, models, catalog, q->kept ? &source : NULL, &session, err));
    const coley_session_options options = {.n_threads = q->n_threads};
    COLEY_TRY(coley_session_people(arena, session, &options, 0, NULL, &crowd, err));
    COLEY_TRY(coley_session_judge(arena, session, &crowd, &course, err));
    double *scratch = COLEY_NEW(arena, double, course->n_days + crowd.n_days);
    if (!scratch) return COLEY_FAIL_MEMORY(err);
    const double simulated = now_ms();

    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    COLEY_TRY(coley_record_summarize(arena, course, &emit, err));
    coley_emit_integer(&emit, "twins", (int64_t)course->n_twins);
    coley_emit_integer(&emit, "twins_responded", (int64_t)course->n_twins_responded);
    coley_emit_list(&emit, "facts");
    for (size_t i = 0; course->facts[i]; i++) coley_emit_text(&emit, NULL, course->facts[i]);
    coley_emit_end(&emit);
    numbers(&emit, "day", course->day, course->n_days, 8);
    emit_scans(arena, course, &emit);
    emit_doses(course, &emit);
    emit_side_effects(course, &emit);
    emit_spider(session, course, &crowd, scratch, &emit);
    emit_series(arena, course, q->coarse, &emit);
    coley_emit_text(&emit, "yaml", yaml.data);
    coley_emit_text(&emit, "command", "coley run scenario.yaml --out results");
    coley_emit_list(&emit, "controls"); /* written apart: its lists lie deeper than emit's own counting here */
    coley_text_add(out, controls.data + 1, controls.length > 3 ? controls.length - 3 : 0);
    coley_emit_end(&emit);
    coley_emit_number(&emit, "timing_ms", floor(now_ms() - began + 0.5));
    coley_emit_number(&emit, "simulated_ms", floor(simulated - began + 0.5));
    coley_emit_end(&emit);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
