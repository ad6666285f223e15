/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_course.c -- the patient and the people behind the bands, simulated, scanned and judged, as a course of
 * series. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/quantile.h"
#include "run/care_loop.h"
#include "run/rechallenge.h"
#include "run/session_parts.h"

typedef struct running {
    coley_arena *arena;
    const coley_session *session;
    size_t n_days, n_crowd;
    coley_crowd crowd; /* the patient and n_crowd others */
    coley_course *course;
    coley_series *series;
} running;

static double at(const running *r, size_t person, size_t day, size_t column)
{
    return coley_crowd_at(&r->crowd, person, day, column);
}

/* --- scan ------------------------------------------------------------------------------------------------------------
 */

static coley_status scan(running *r, coley_error *err)
{
    static const coley_finding findings[] = {[COLEY_SCAN_MEASURED] = COLEY_FINDING_MEASURED,
                                             [COLEY_SCAN_TOO_SMALL] = COLEY_FINDING_TOO_SMALL,
                                             [COLEY_SCAN_NOT_SEEN] = COLEY_FINDING_ABSENT};
    const coley_session *s = r->session;
    const coley_scenario *scenario = s->scenario;
    const size_t n = scenario->lesions.n;
    coley_lesion_table *table = COLEY_NEW(r->arena, coley_lesion_table, 1);
    if (!table || !(table->lesion = COLEY_NEW(r->arena, coley_lesion, n)) ||
        !(table->measurement = COLEY_NEW(r->arena, coley_measurement, n * s->n_scans)))
        return COLEY_FAIL_MEMORY(err);
    table->patient = scenario->patient.id;
    table->n_lesions = n;
    table->last_contact_day = NAN;
    for (size_t i = 0; i < n; i++) {
        const coley_scenario_lesion *lesion = COLEY_SCENARIO_LESION(scenario, i);
        const char *id = coley_arena_printf(r->arena, "L%zu", i + 1);
        if (!id) return COLEY_FAIL_MEMORY(err);
        table->lesion[i] = (coley_lesion){
            .id = id, .organ = lesion->site, .nodal = lesion->nodal, .merged_into = -1, .split_from = -1};
    }
    for (size_t k = 0; k < s->n_scans; k++) {
        for (size_t i = 0; i < n; i++) {
            const size_t column = (size_t)coley_watch_row(&s->watch, (ptrdiff_t)i, "diameter");
            const coley_scanned who = {(uint64_t)scenario->run.seed, scenario->patient.id, i, s->scan_day[k]};
            coley_measurement *m = &table->measurement[table->n_measurements++];
            *m = (coley_measurement){.day = s->scan_day[k], .lesion = i};
            m->finding = findings[coley_scan_read(&s->scanner, &who, scenario->scans.noise,
                                                  at(r, 0, coley_session_scan_row(s, k), column), &m->diameter_mm)];
        }
    }
    coley_response_report *response = COLEY_NEW(r->arena, coley_response_report, 1);
    if (!response) return COLEY_FAIL_MEMORY(err);
    const coley_response_options options = COLEY_RESPONSE_DEFAULT;
    COLEY_TRY(coley_response_judge(r->arena, table, &options, response, err));
    r->course->lesions = table;
    r->course->response = response;
    return COLEY_OK;
}

/* --- series ----------------------------------------------------------------------------------------------------------
 */

static int is_zero(const double *value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (value[i] != 0) return 0;
    return 1;
}

/* The sum of the columns' values for each person and day: one column for most, the targets' for SOD. */
typedef struct sum_of {
    coley_series series;
    size_t n, column[COLEY_SCENARIO_MAX_LESIONS];
    double *value, *band[4]; /* [n_days] */
} sum_of;

static coley_status begin_sum(running *r, sum_of *s, coley_error *err)
{
    s->value = COLEY_NEW(r->arena, double, 5 * r->n_days);
    if (!s->value) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < 4; k++) s->band[k] = s->value + (k + 1) * r->n_days;
    return COLEY_OK;
}

/* Values and quantiles of one day. `turned` holds the crowd's columns of that day, one behind the other; `sorted` is
 * scratch [n_crowd]. */
static void sum_day(const running *r, const sum_of *s, size_t day, const double *turned, double *sorted)
{
    static const double p[] = {0.05, 0.25, 0.75, 0.95};
    double q[4], sum = 0;
    for (size_t i = 0; i < s->n; i++) sum += at(r, 0, day, s->column[i]);
    s->value[day] = sum;
    if (!r->n_crowd) return;
    for (size_t person = 0; person < r->n_crowd; person++) sorted[person] = 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t person = 0; person < r->n_crowd; person++)
            sorted[person] += turned[s->column[i] * r->n_crowd + person];
    coley_quantiles(sorted, r->n_crowd, p, 4, q);
    for (size_t k = 0; k < 4; k++) s->band[k][day] = q[k];
}

/* All sums of one day: the people's rows are turned round once, so that a column lies in one piece. */
static void sum_all(const running *r, const sum_of *list, size_t n, size_t day, double *turned)
{
    const size_t n_columns = r->crowd.n_columns;
    for (size_t person = 0; person < r->n_crowd; person++) {
        const double *row = r->crowd.value + ((person + 1) * r->n_days + day) * n_columns;
        for (size_t i = 0; i < n_columns; i++) turned[i * r->n_crowd + person] = row[i];
    }
    for (size_t i = 0; i < n; i++) sum_day(r, &list[i], day, turned, turned + n_columns * r->n_crowd);
}

/* Days are dealt to threads, and no day looks at another. */
static coley_status fill_sums(const running *r, const sum_of *list, size_t n, coley_error *err)
{
    const size_t n_turned = (r->crowd.n_columns + 1) * r->n_crowd;
    const int n_threads = r->crowd.n_threads > 1 ? r->crowd.n_threads : 1;
    double *turned = COLEY_NEW(r->arena, double, n_turned * (size_t)n_threads);
    if (!turned) return COLEY_FAIL_MEMORY(err);
#pragma omp parallel for schedule(static, 1) num_threads(n_threads)
    for (int thread = 0; thread < n_threads; thread++)
        for (size_t day = (size_t)thread; day < r->n_days; day += (size_t)n_threads)
            sum_all(r, list, n, day, turned + (size_t)thread * n_turned);
    return COLEY_OK;
}

/* What is nothing all the time (a receptor that no drug here sits on) is recorded and not drawn. */
static void add_series(running *r, const sum_of *s)
{
    coley_series series = s->series;
    series.value = s->value;
    if (is_zero(s->value, r->n_days)) series.group = "record";
    if (r->n_crowd) {
        series.low90 = s->band[0];
        series.low50 = s->band[1];
        series.high50 = s->band[2];
        series.high90 = s->band[3];
    }
    r->series[r->course->n_series++] = series;
}

/* Columns of the target lesions' diameters; of all lesions when none is a target. */
static size_t target_columns(const running *r, size_t column[COLEY_SCENARIO_MAX_LESIONS])
{
    const coley_response_report *response = r->course->response;
    const int chosen = response->n_targets > 0;
    const size_t n = chosen ? response->n_targets : r->session->scenario->lesions.n;
    for (size_t i = 0; i < n; i++)
        column[i] =
            (size_t)coley_watch_row(&r->session->watch, (ptrdiff_t)(chosen ? response->target[i] : i), "diameter");
    return n;
}

static coley_status lay_out_series(running *r, coley_error *err)
{
    const coley_watch *watch = &r->session->watch;
    sum_of *list = COLEY_NEW(r->arena, sum_of, watch->n + 1);
    if (!list || !(r->series = COLEY_NEW(r->arena, coley_series, watch->n + 1))) return COLEY_FAIL_MEMORY(err);
    r->course->series = r->series;
    list[0].series = (coley_series){.id = "SOD", .label = "Sum of target diameters", .unit = "mm", .group = "tumour"};
    list[0].n = target_columns(r, list[0].column);
    for (size_t i = 0; i < watch->n; i++) {
        const coley_watched *row = &watch->row[i];
        coley_series *series = &list[i + 1].series;
        *series = (coley_series){.id = row->id, .label = row->label, .unit = row->unit, .group = row->group};
        list[i + 1].n = 1;
        list[i + 1].column[0] = i;
        if (strcmp(row->group, "tumour")) continue;
        const coley_scenario_lesion *lesion = COLEY_SCENARIO_LESION(r->session->scenario, row->lesion);
        if (!(series->label = coley_arena_printf(r->arena, "L%td %s", row->lesion + 1, lesion->site)))
            return COLEY_FAIL_MEMORY(err);
    }
    for (size_t i = 0; i <= watch->n; i++) COLEY_TRY(begin_sum(r, &list[i], err));
    COLEY_TRY(fill_sums(r, list, watch->n + 1, err));
    for (size_t i = 0; i <= watch->n; i++) add_series(r, &list[i]);
    return COLEY_OK;
}

/* How many of the crowd had a sum that fell by 30 % at some scan, and how many had none of the first year's scans with
 * a sum 20 % and 5 mm above the smallest before it. */
static size_t count_shrunken(const running *r, size_t *steady)
{
    size_t column[COLEY_SCENARIO_MAX_LESIONS], shrunken = 0;
    const size_t n = target_columns(r, column);
    for (size_t person = 1; person <= r->n_crowd; person++) {
        double first = 0, least = INFINITY;
        int progressed = 0;
        for (size_t k = 0; k < r->session->n_scans; k++) {
            double sum = 0;
            const size_t day = coley_session_scan_row(r->session, k);
            for (size_t i = 0; i < n; i++) sum += at(r, person, day, column[i]);
            if (!k) first = sum;
            progressed |= r->session->scan_day[k] <= 365 && sum >= 1.2 * least && sum >= least + 5;
            least = fmin(least, sum);
        }
        shrunken += least <= 0.7 * first;
        *steady += !progressed;
    }
    return shrunken;
}

const coley_series *coley_course_series(const coley_course *course, const char *id)
{
    for (size_t i = 0; i < course->n_series; i++)
        if (!strcmp(course->series[i].id, id)) return &course->series[i];
    return NULL;
}

/* How it ended, and the whole of it in plain words. */
static coley_status tell_story(running *r, coley_error *err)
{
    const coley_session *s = r->session;
    coley_fate *fate = COLEY_NEW(r->arena, coley_fate, 1);
    coley_story *story = COLEY_NEW(r->arena, coley_story, 1);
    coley_story_drug *drug = COLEY_NEW(r->arena, coley_story_drug, s->n_drugs);
    if (!fate || !story || !drug) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < s->n_drugs; i++) drug[i] = (coley_story_drug){s->drug[i]->name, s->drug[i]->drug_class};
    *fate = coley_fate_of(r->course, &s->fate_rules);
    COLEY_TRY(coley_story_tell(r->arena, r->course, s->words, fate, s->n_drugs, drug, story, err));
    r->course->fate = fate;
    r->course->story = story;
    return COLEY_OK;
}

coley_status coley_session_run(coley_arena *arena, const coley_session *session, const coley_session_options *options,
                               coley_course **out, coley_error *err)
{
    coley_crowd crowd;
    COLEY_TRY(coley_session_people(arena, session, options, 0, NULL, &crowd, err));
    return coley_session_judge(arena, session, &crowd, out, err);
}

coley_status coley_session_judge(coley_arena *arena, const coley_session *session, const coley_crowd *crowd,
                                 coley_course **out, coley_error *err)
{
    const coley_scenario *scenario = session->scenario;
    coley_course *course = COLEY_NEW(arena, coley_course, 1);
    const char *fact[COLEY_SCENARIO_MAX_FACTS + 1];
    if (!course) return COLEY_FAIL_MEMORY(err);
    running r = {.arena = arena,
                 .session = session,
                 .n_days = session->n_days,
                 .n_crowd = crowd->n - 1,
                 .crowd = *crowd,
                 .course = course};
    *course = (coley_course){.title = scenario->title,
                             .patient = scenario->patient.id,
                             .cancer = session->cancer->name,
                             .seed = (uint64_t)scenario->run.seed,
                             .n_days = session->n_days,
                             .day = session->day,
                             .n_doses = session->n_doses,
                             .dose = session->given,
                             .forecast_from_day = NAN,
                             .n_twins = r.n_crowd};
    if (session->care) {
        COLEY_TRY(coley_care_course(arena, session, crowd, &course->care, err));
        course->n_doses = crowd->care->n_given;
        course->dose = crowd->care->given;
    }
    COLEY_TRY(coley_scenario_facts(arena, scenario, fact, err));
    memcpy(course->facts, fact, sizeof fact);
    COLEY_TRY(scan(&r, err));
    COLEY_TRY(lay_out_series(&r, err));
    COLEY_TRY(coley_rechallenge_judge(arena, session, crowd, course, err));
    COLEY_TRY(coley_session_events(arena, session, course, err));
    course->n_twins_responded = count_shrunken(&r, &course->n_twins_steady);
    COLEY_TRY(coley_session_summary(arena, session, course, course->n_twins_responded, r.n_crowd, err));
    COLEY_TRY(tell_story(&r, err));
    *out = course;
    return COLEY_OK;
}
