/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.c -- makes every file of a record in memory, then hands them to io/folder.c at once. */
#include "run/record.h"

#include "io/folder.h"
#include "io/hdf5_columns.h"
#include "run/fate.h"
#include "run/manifest.h"
#include "run/report.h"
#include "run/report_words.h"
#include "run/story.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_FILES = 8 };

/* ---- CSV -----------------------------------------------------------------------------------------------------------
 */

/* A field as RFC 4180 has it: in quotes when it must be. */
static void add_field(coley_text *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        coley_text_add(out, text, strlen(text));
        return;
    }
    coley_text_add(out, "\"", 1);
    for (const char *p = text; *p; p++) coley_text_add(out, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
    coley_text_add(out, "\"", 1);
}

static void add_value(coley_text *out, double value)
{
    coley_text_addf(out, ",%s", coley_digits_exact(value).text); /* what is not known is an empty field */
}

/* Ten digits: far finer than the solver's usual tolerance, and half the bytes of all seventeen. The exact numbers are
 * in trajectory.h5. */
static void add_sample(coley_text *out, double value)
{
    char text[32];
    const int n = isfinite(value) ? snprintf(text, sizeof text, ",%.10g", value) : snprintf(text, sizeof text, ",");
    coley_text_add(out, text, (size_t)n);
}

/* A series and its bands: five columns at most. */
typedef struct column {
    const char *suffix, *group;
    const double *value;
} column;

static size_t columns_of(const coley_series *series, column columns[5])
{
    const column all[5] = {
        {"", "values", series->value},         {".low90", "low90", series->low90},
        {".low50", "low50", series->low50},    {".high50", "high50", series->high50},
        {".high90", "high90", series->high90},
    };
    size_t n = 0;
    for (size_t i = 0; i < 5; i++)
        if (all[i].value) columns[n++] = all[i];
    return n;
}

static void write_trajectory(coley_arena *arena, const coley_course *course, coley_text *out)
{
    column columns[5];
    coley_text_addf(out, "day [day]");
    for (size_t i = 0; i < course->n_series; i++) {
        const coley_series *series = &course->series[i];
        const size_t n = columns_of(series, columns);
        for (size_t k = 0; k < n; k++) {
            const char *head = coley_arena_printf(arena, "%s%s [%s]", series->id, columns[k].suffix, series->unit);
            if (!head) out->failed = 1;
            coley_text_add(out, ",", 1);
            add_field(out, head ? head : "");
        }
    }
    coley_text_add(out, "\n", 1);
    for (size_t row = 0; row < course->n_days; row++) {
        coley_text_addf(out, "%s", coley_digits_exact(course->day[row]).text);
        for (size_t i = 0; i < course->n_series; i++) {
            const size_t n = columns_of(&course->series[i], columns);
            for (size_t k = 0; k < n; k++) add_sample(out, columns[k].value[row]);
        }
        coley_text_add(out, "\n", 1);
    }
}

static const char *finding_name(coley_finding finding)
{
    static const char *const names[] = {
        [COLEY_FINDING_MEASURED] = "measured",
        [COLEY_FINDING_TOO_SMALL] = "too small",
        [COLEY_FINDING_ABSENT] = "absent",
        [COLEY_FINDING_PRESENT] = "present",
        [COLEY_FINDING_INCREASED] = "increased",
        [COLEY_FINDING_PROGRESSED] = "progressed",
        [COLEY_FINDING_NOT_EVALUABLE] = "not evaluable",
    };
    return names[finding];
}

static const char *role_name(coley_lesion_role role)
{
    static const char *const names[] = {
        [COLEY_LESION_AUTO] = "auto",
        [COLEY_LESION_TARGET] = "target",
        [COLEY_LESION_NON_TARGET] = "non-target",
        [COLEY_LESION_NEW] = "new",
    };
    return names[role];
}

static void write_lesions(const coley_course *course, coley_text *out)
{
    const coley_lesion_table *table = course->lesions;
    coley_text_addf(out, "patient,day,lesion,organ,nodal,role,finding,diameter_mm\n");
    for (size_t i = 0; table && i < table->n_measurements; i++) {
        const coley_measurement *m = &table->measurement[i];
        const coley_lesion *lesion = &table->lesion[m->lesion];
        add_field(out, table->patient ? table->patient : "");
        coley_text_addf(out, ",%s,", coley_digits_exact(m->day).text);
        add_field(out, lesion->id ? lesion->id : "");
        coley_text_add(out, ",", 1);
        add_field(out, lesion->organ);
        coley_text_addf(out, ",%s,%s,%s", lesion->nodal ? "yes" : "no", role_name(lesion->role),
                        finding_name(m->finding));
        add_value(out, m->finding == COLEY_FINDING_MEASURED ? m->diameter_mm : NAN);
        coley_text_add(out, "\n", 1);
    }
}

/* Doses and events in one list, by day; on one day the doses first. */
static void write_events(const coley_course *course, coley_text *out)
{
    size_t d = 0, e = 0;
    coley_text_addf(out, "day,kind,what,amount,unit,duration_day,lesion\n");
    while (d < course->n_doses || e < course->n_events) {
        const int dose = d < course->n_doses && (e == course->n_events || course->dose[d].day <= course->event[e].day);
        coley_text_addf(out, "%s,", coley_digits_exact(dose ? course->dose[d].day : course->event[e].day).text);
        add_field(out, dose ? "dose" : course->event[e].kind);
        coley_text_add(out, ",", 1);
        add_field(out, dose ? (course->dose[d].drug ? course->dose[d].drug : "") : course->event[e].what);
        add_value(out, dose ? course->dose[d].amount : NAN);
        coley_text_add(out, ",", 1);
        add_field(out, dose && course->dose[d].unit ? course->dose[d].unit : "");
        add_value(out, dose ? course->dose[d].duration_day : NAN);
        if (dose && course->dose[d].lesion)
            coley_text_addf(out, ",L%d\n", course->dose[d].lesion);
        else
            coley_text_addf(out, ",\n");
        if (dose)
            d++;
        else
            e++;
    }
}

/* Visits, what they saw and what was done. */
static void write_care(const coley_course_care *care, coley_text *out)
{
    coley_text_addf(out, "day,visit,organ,grade,deed,drug,mg,what\n");
    for (size_t i = 0; i < care->n_rows; i++) {
        const coley_care_row *row = &care->row[i];
        coley_text_addf(out, "%s,%s,", coley_digits_exact(row->day).text, row->visit);
        add_field(out, row->organ ? row->organ : "");
        if (row->organ)
            coley_text_addf(out, ",%d,%s,", row->grade, row->deed);
        else
            coley_text_addf(out, ",,%s,", row->deed);
        add_field(out, row->drug ? row->drug : "");
        add_value(out, row->mg);
        coley_text_add(out, ",", 1);
        add_field(out, row->what);
        coley_text_add(out, "\n", 1);
    }
}

/* ---- summary.json ---------------------------------------------------------------------------------------------------
 */

static void summarize_visits(const coley_response_report *r, coley_emit *emit)
{
    coley_emit_list(emit, "visits");
    for (size_t i = 0; i < r->n_assessments; i++) {
        const coley_assessment *a = &r->assessment[i];
        coley_emit_map(emit, NULL);
        coley_emit_number(emit, "day", a->day);
        coley_emit_number(emit, "sum_mm", a->sod_mm);
        coley_emit_number(emit, "change_from_start_pct", a->change_baseline_pct);
        coley_emit_number(emit, "change_from_smallest_pct", a->change_nadir_pct);
        coley_emit_integer(emit, "new_lesions", a->n_new);
        coley_emit_text(emit, "recist", coley_report_response_short(a->overall));
        coley_emit_text(emit, "irecist", coley_report_iresponse_short(a->ioverall));
        coley_emit_text(emit, "why", a->why);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

static void summarize_response(const coley_course *course, coley_emit *emit)
{
    const coley_response_report *r = course->response;
    if (!r) return;
    coley_emit_map(emit, "response");
    coley_emit_text(emit, "best", coley_report_response_short(r->best));
    coley_emit_text(emit, "best_confirmed", coley_report_response_short(r->best_confirmed));
    coley_emit_text(emit, "best_irecist", coley_report_iresponse_short(r->ibest));
    coley_emit_flag(emit, "pseudoprogression", r->pseudoprogression);
    coley_emit_integer(emit, "targets", (int64_t)r->n_targets);
    coley_emit_number(emit, "sum_at_start_mm", r->baseline_sod_mm);
    const coley_assessment *small = coley_report_smallest(r);
    coley_emit_number(emit, "smallest_sum_mm", small ? small->sod_mm : NAN);
    coley_emit_number(emit, "smallest_sum_day", small ? small->day : NAN);
    coley_emit_number(emit, "pfs_day", r->pfs_day);
    coley_emit_text(emit, "pfs_event", coley_event_name(r->pfs_event));
    coley_emit_number(emit, "ipfs_day", r->ipfs_day);
    coley_emit_text(emit, "ipfs_event", coley_event_name(r->ipfs_event));
    coley_emit_number(emit, "response_start_day", r->response_start_day);
    coley_emit_number(emit, "response_duration_day", r->response_duration_day);
    coley_emit_text(emit, "pfs_rule", r->censor_rule);
    summarize_visits(r, emit);
    coley_emit_end(emit);
}

static void summarize_fate(const coley_fate *fate, coley_emit *emit)
{
    if (!fate) return;
    coley_emit_map(emit, "ending");
    coley_emit_text(emit, "is", coley_fate_name(fate->kind));
    coley_emit_number(emit, "since_day", fate->since_day);
    coley_emit_number(emit, "last_dose_day", fate->last_dose_day);
    coley_emit_text(emit, "mechanism", fate->cause ? fate->cause->name : NULL);
    coley_emit_integer(emit, "in_lesion", fate->lesion);
    coley_emit_text(emit, "quantity", fate->quantity);
    coley_emit_number(emit, "day", fate->cause_day);
    coley_emit_number(emit, "value", fate->cause_value);
    coley_emit_end(emit);
}

static void summarize_rechallenges(const coley_course *course, coley_emit *emit)
{
    if (!course->n_rechallenges) return;
    coley_emit_list(emit, "rechallenges");
    for (size_t i = 0; i < course->n_rechallenges; i++) {
        const coley_rechallenge *r = &course->rechallenge[i];
        coley_emit_map(emit, NULL);
        coley_emit_number(emit, "day", r->day);
        coley_emit_number(emit, "cells", r->cells);
        coley_emit_integer(emit, "in_lesion", r->lesion);
        coley_emit_text(emit, "antigen", r->antigen);
        coley_emit_text(emit, "outcome", r->outcome);
        coley_emit_number(emit, "outcome_day", r->outcome_day);
        coley_emit_number(emit, "most_cells", r->most_cells);
        coley_emit_number(emit, "largest_mm", r->most_mm);
        coley_emit_map(emit, "people");
        coley_emit_integer(emit, "cured_before", (int64_t)r->n_people);
        coley_emit_integer(emit, "rejected", (int64_t)r->n_rejected);
        coley_emit_integer(emit, "grew", (int64_t)r->n_grew);
        coley_emit_end(emit);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

static void summarize_story(const coley_story *story, coley_emit *emit)
{
    if (!story) return;
    coley_emit_list(emit, "story");
    for (size_t i = 0; i < story->n; i++) {
        const coley_story_line *line = &story->line[i];
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "part", coley_story_title(line->part));
        coley_emit_text(emit, "text", line->text);
        coley_emit_text(emit, "quantity", line->quantity);
        coley_emit_number(emit, "day", line->day);
        coley_emit_number(emit, "value", line->value);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

static void summarize_care(const coley_course_care *care, coley_emit *emit)
{
    if (!care) return;
    coley_emit_map(emit, "care");
    coley_emit_text(emit, "policy", care->policy);
    coley_emit_integer(emit, "visits", (int64_t)care->n_visits);
    coley_emit_integer(emit, "visits_reported", (int64_t)care->n_reported);
    coley_emit_map(emit, "worst_grade");
    for (size_t i = 0; i < care->n_organs; i++) coley_emit_integer(emit, care->organ[i].organ, care->organ[i].worst);
    coley_emit_end(emit);
    coley_emit_map(emit, "worst_grade_day");
    for (size_t i = 0; i < care->n_organs; i++) coley_emit_number(emit, care->organ[i].organ, care->organ[i].worst_day);
    coley_emit_end(emit);
    coley_emit_number(emit, "days_with_grade_3_or_4", care->severe_day);
    coley_emit_number(emit, "days_on_steroids", care->steroid_day);
    coley_emit_number(emit, "prednisone_mg", care->prednisone_mg);
    coley_emit_integer(emit, "doses_planned", (int64_t)care->n_planned);
    coley_emit_integer(emit, "doses_given", (int64_t)care->n_given);
    coley_emit_integer(emit, "doses_held", (int64_t)care->n_held);
    coley_emit_integer(emit, "doses_not_given_after_a_stop", (int64_t)care->n_stopped);
    coley_emit_text(emit, "stopped_for_good", care->stopped);
    coley_emit_number(emit, "stopped_day", care->stopped_day);
    coley_emit_number(emit, "chance_of_death_from_side_effects", care->death_chance);
    if (care->n_people) {
        coley_emit_map(emit, "people");
        coley_emit_integer(emit, "n", (int64_t)care->n_people);
        coley_emit_integer(emit, "with_grade_3_or_4", (int64_t)care->n_severe);
        coley_emit_integer(emit, "on_steroids", (int64_t)care->n_on_steroid);
        coley_emit_integer(emit, "stopped_for_good", (int64_t)care->n_people_stopped);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

static void summarize_series(const coley_course *course, coley_emit *emit)
{
    coley_emit_list(emit, "quantities");
    for (size_t i = 0; i < course->n_series; i++) {
        const coley_series *series = &course->series[i];
        double low = NAN, high = NAN;
        for (size_t k = 0; k < course->n_days; k++) {
            if (!(series->value[k] >= low)) low = series->value[k];
            if (!(series->value[k] <= high)) high = series->value[k];
        }
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "id", series->id);
        coley_emit_text(emit, "label", series->label);
        coley_emit_text(emit, "unit", series->unit);
        coley_emit_text(emit, "group", series->group);
        coley_emit_number(emit, "first", course->n_days ? series->value[0] : NAN);
        coley_emit_number(emit, "last", course->n_days ? series->value[course->n_days - 1] : NAN);
        coley_emit_number(emit, "lowest", low);
        coley_emit_number(emit, "highest", high);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

coley_status coley_record_summarize(coley_arena *arena, const coley_course *course, coley_emit *emit, coley_error *err)
{
    const char *sentence[COLEY_REPORT_MAX_SENTENCES + 1];
    COLEY_TRY(coley_report_sentences(arena, course, sentence, err));
    coley_emit_text(emit, "notice", "Simulated. For research and teaching; not medical advice.");
    coley_emit_text(emit, "title", course->title);
    coley_emit_text(emit, "patient", course->patient);
    coley_emit_text(emit, "cancer", course->cancer);
    coley_emit_integer(emit, "seed", (int64_t)course->seed);
    coley_emit_integer(emit, "virtual_people", (int64_t)course->n_twins);
    coley_emit_number(emit, "days", course->n_days ? course->day[course->n_days - 1] : NAN);
    coley_emit_number(emit, "forecast_from_day", course->forecast_from_day);
    coley_emit_list(emit, "in_plain_words");
    for (size_t i = 0; sentence[i]; i++) coley_emit_text(emit, NULL, sentence[i]);
    coley_emit_end(emit);
    summarize_response(course, emit);
    summarize_fate(course->fate, emit);
    summarize_rechallenges(course, emit);
    summarize_story(course->story, emit);
    summarize_care(course->care, emit);
    return COLEY_OK;
}

static coley_status write_summary(coley_arena *arena, const coley_course *course, coley_text *out, coley_error *err)
{
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    COLEY_TRY(coley_record_summarize(arena, course, &emit, err));
    coley_emit_integer(&emit, "doses", (int64_t)course->n_doses);
    summarize_series(course, &emit);
    coley_emit_end(&emit);
    return COLEY_OK;
}

/* ---- trajectory.h5
 * --------------------------------------------------------------------------------------------------- */

static coley_status write_hdf5(coley_arena *arena, const coley_course *course, char **bytes, size_t *length,
                               coley_error *err)
{
    static const char *const bands[] = {"values", "low90", "low50", "high50", "high90"};
    coley_hdf5_column *columns = COLEY_NEW(arena, coley_hdf5_column, 1 + 5 * course->n_series);
    if (!columns) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    columns[n++] = (coley_hdf5_column){.name = "day", .value = course->day, .attribute = {{"unit", "day"}}};
    for (size_t b = 0; b < 5; b++) { /* columns of one group stand together */
        for (size_t i = 0; i < course->n_series; i++) {
            const coley_series *series = &course->series[i];
            column parts[5];
            const size_t n_parts = columns_of(series, parts);
            for (size_t k = 0; k < n_parts; k++)
                if (!strcmp(parts[k].group, bands[b]))
                    columns[n++] = (coley_hdf5_column){
                        .group = parts[k].group,
                        .name = series->id,
                        .value = parts[k].value,
                        .attribute = {{"unit", series->unit}, {"label", series->label}, {"group", series->group}},
                    };
        }
    }
    const coley_hdf5_attribute root[] = {{"format", "coley trajectory 1"},
                                         {"program", "coley " COLEY_VERSION},
                                         {"title", course->title},
                                         {"patient", course->patient},
                                         {"cancer", course->cancer}};
    return coley_hdf5_columns_write(arena, columns, n, course->n_days, root, sizeof root / sizeof *root, bytes, length,
                                    err);
}

/* ---- the folder
 * ------------------------------------------------------------------------------------------------------ */

coley_status coley_record_check(const char *folder, int force, coley_error *err)
{
    return coley_folder_check(folder, COLEY_RECORD_MARK, force, err);
}

coley_status coley_record_write(coley_arena *arena, const coley_course *course, const coley_record_options *options,
                                coley_error *err)
{
    COLEY_TRY(coley_record_check(options->folder, options->force, err));
    coley_text summary = {.arena = arena}, trajectory = {.arena = arena}, lesions = {.arena = arena},
               events = {.arena = arena}, care = {.arena = arena}, page = {.arena = arena}, manifest = {.arena = arena};
    char *hdf5;
    size_t hdf5_length;
    COLEY_TRY(write_summary(arena, course, &summary, err));
    write_trajectory(arena, course, &trajectory);
    write_lesions(course, &lesions);
    write_events(course, &events);
    COLEY_TRY(coley_report_page(arena, course, options->scenario, &page, err));
    COLEY_TRY(write_hdf5(arena, course, &hdf5, &hdf5_length, err));
    if (course->care) write_care(course->care, &care);
    if (summary.failed || trajectory.failed || lesions.failed || events.failed || care.failed)
        return COLEY_FAIL_MEMORY(err);

    coley_folder_file file[MAX_FILES];
    size_t n = 0;
    if (course->care) file[n++] = (coley_folder_file){"care.csv", care.data, care.length};
    file[n++] = (coley_folder_file){"events.csv", events.data, events.length};
    file[n++] = (coley_folder_file){"lesions.csv", lesions.data, lesions.length};
    file[n++] = (coley_folder_file){"report.html", page.data, page.length};
    file[n++] = (coley_folder_file){"summary.json", summary.data, summary.length};
    file[n++] = (coley_folder_file){"trajectory.csv", trajectory.data, trajectory.length};
    file[n++] = (coley_folder_file){"trajectory.h5", hdf5, hdf5_length};
    COLEY_TRY(coley_manifest_write(arena, course, options, file, n, &manifest, err));
    file[n++] = (coley_folder_file){COLEY_RECORD_MARK, manifest.data, manifest.length};
    return coley_folder_write(arena, options->folder, file, n, COLEY_RECORD_MARK, options->force, err);
}
