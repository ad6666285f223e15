/* SPDX-License-Identifier: GPL-3.0-or-later */
/* care_log.c -- a policy bound to a body; visits and their decisions in words; the patient's care as a course shows it.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "io/plot.h"
#include "run/care_parts.h"

/* ---- before the run
 * --------------------------------------------------------------------------------------------------
 */

coley_status coley_care_prepare(coley_arena *arena, const coley_scenario *scenario, const char *catalog,
                                coley_session_care **out, coley_error *err)
{
    coley_session_care *care = COLEY_NEW(arena, coley_session_care, 1);
    const char *grades = coley_arena_printf(arena, "%s/guidelines/ctcae.yaml", catalog);
    const coley_yaml *root;
    coley_grading *grading;
    coley_policy *policy;
    if (!care || !grades) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, grades, &root, err));
    COLEY_TRY(coley_grading_read(arena, root, &grading, err));
    COLEY_TRY(
        coley_policy_load(arena, catalog, scenario->policy_path, grading, &policy, care->file, &care->n_files, err));
    care->file[care->n_files++] = grades;
    care->grading = grading;
    care->policy = policy;
    *out = care;
    return COLEY_OK;
}

static coley_status find_symbol(const coley_session *session, const char *name, int32_t *symbol, coley_error *err)
{
    *symbol = coley_network_symbol(session->body->network, name);
    if (*symbol >= 0) return COLEY_OK;
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = session->scenario->path, .key = "policy"}),
                         "the patient model has no \"%s\", which ctcae.yaml names; load the mechanism of side effects",
                         name);
}

static const coley_catalog_drug *drug_of(const coley_session *session, const char *name)
{
    for (size_t i = 0; i < session->n_drugs; i++)
        if (!strcmp(session->drug[i]->name, name)) return session->drug[i];
    return NULL;
}

coley_status coley_care_bind(coley_arena *arena, coley_session *session, coley_session_care *care, coley_error *err)
{
    const coley_policy *policy = care->policy;
    const coley_body *body = session->body;
    for (size_t i = 0; i < care->grading->n; i++)
        COLEY_TRY(find_symbol(session, care->grading->organ[i].severity, &care->severity[i], err));
    care->hazard = -1;
    if (care->grading->death_hazard) COLEY_TRY(find_symbol(session, care->grading->death_hazard, &care->hazard, err));
    for (size_t i = 0; i < policy->n_drugs; i++) {
        const coley_catalog_drug *drug = drug_of(session, policy->drug[i].name);
        const ptrdiff_t class = drug ? coley_body_class(body, drug->drug_class) : -1;
        coley_error why = {0};
        if (class < 0 || body->by_lesion[class] ||
            coley_unit_convert(1, "mg", body->dose_unit[class], &care->per_mg[i], &why))
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT,
                                 ((coley_place){.file = session->scenario->path, .key = "policy"}),
                                 "%s is not given into the body in mg", policy->drug[i].name);
        care->drug_state[i] = body->dose_state[class][0];
    }
    int *dose_class = COLEY_NEW(arena, int, session->n_doses);
    if (!dose_class) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < session->n_doses; i++) {
        dose_class[i] = (int)coley_policy_class(policy, drug_of(session, session->given[i].drug)->drug_class);
        if (dose_class[i] >= 0) care->treated_with |= 1u << dose_class[i];
    }
    care->dose_class = dose_class;
    session->care = care;
    return COLEY_OK;
}

int coley_care_worst(const coley_session_care *care, const coley_care_outcome *outcome)
{
    int worst = 0;
    for (size_t k = 0; k < care->grading->n; k++)
        if ((int)k != care->policy->fatigue && outcome->worst[k] > worst) worst = outcome->worst[k];
    return worst;
}

/* ---- the log
 * ---------------------------------------------------------------------------------------------------------
 */

coley_status coley_care_log_begin(coley_arena *arena, size_t n_days, size_t n_organs, coley_care_log *log,
                                  coley_error *err)
{
    *log = (coley_care_log){.arena = arena,
                            .severity = COLEY_NEW(arena, double, n_days *n_organs),
                            .prednisone = COLEY_NEW(arena, double, n_days)};
    return log->severity && log->prednisone ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static const char *class_names(coley_arena *arena, const coley_policy *policy, unsigned classes)
{
    coley_text text = {.arena = arena};
    for (size_t i = 0; i < policy->n_classes; i++)
        if (classes >> i & 1) coley_text_addf(&text, "%s%s", text.length ? ", " : "", policy->held_class[i]);
    return text.failed ? NULL : text.data ? text.data : "";
}

#define FIGURE(value) coley_figure_of(value).text

static const char *words_of(coley_arena *arena, const coley_session_care *care, const coley_care_action *a)
{
    const coley_policy *policy = care->policy;
    const char *organ = a->organ < 0 ? "" : care->grading->organ[a->organ].name;
    const char *drug = a->drug < 0 ? "" : policy->drug[a->drug].name;
    switch (a->deed) {
    case COLEY_DEED_FOUND:
        return a->grade ? coley_arena_printf(arena, "%s: grade %d (%s)", organ, a->grade,
                                             care->grading->organ[a->organ].term)
                        : coley_arena_printf(arena, "%s: settled", organ);
    case COLEY_DEED_HOLD:
        return coley_arena_printf(arena, "therapy held because of %s", organ);
    case COLEY_DEED_RESUME:
        return coley_arena_printf(arena, "therapy resumed: %s", class_names(arena, policy, a->classes));
    case COLEY_DEED_STOP:
        return coley_arena_printf(arena, "stopped for good because of %s: %s", organ,
                                  class_names(arena, policy, a->classes));
    case COLEY_DEED_STEROID:
        return coley_arena_printf(arena, "%s %s mg a day for %s", drug, FIGURE(a->mg), organ);
    case COLEY_DEED_PULSE:
        return coley_arena_printf(arena, "%s %s mg a day for a few days, for %s", drug, FIGURE(a->mg), organ);
    case COLEY_DEED_TAPER:
        return coley_arena_printf(arena, "taper begins: %s %s mg a day", drug, FIGURE(a->mg));
    case COLEY_DEED_STEROID_END:
        return coley_arena_printf(arena, "%s ended", drug);
    case COLEY_DEED_COURSE:
        return coley_arena_printf(arena, "%s %s mg a dose for %s", drug, FIGURE(a->mg), organ);
    case COLEY_DEED_DAILY:
        return coley_arena_printf(arena, "%s %s mg a day from now on", drug, FIGURE(a->mg));
    case COLEY_DEED_DAILY_END:
        return coley_arena_printf(arena, "%s ended", drug);
    case COLEY_DEED_SUPPORT:
        return a->words;
    }
    return "";
}

static coley_status add_row(coley_care_log *log, coley_care_row row, coley_error *err)
{
    if (!row.what || !COLEY_RESERVE(log->arena, log->row, log->cap, log->n + 1)) return COLEY_FAIL_MEMORY(err);
    log->row[log->n++] = row;
    return COLEY_OK;
}

coley_status coley_care_log_visit(coley_care_log *log, const coley_session_care *care, const coley_care_visit *visit,
                                  coley_error *err)
{
    static const char *const reasons[] = {[COLEY_VISIT_SCHEDULED] = "scheduled",
                                          [COLEY_VISIT_FOLLOW_UP] = "follow-up",
                                          [COLEY_VISIT_REPORTED] = "reported"};
    static const char *const deeds[] = {
        [COLEY_DEED_FOUND] = "found", [COLEY_DEED_HOLD] = "hold",       [COLEY_DEED_RESUME] = "resume",
        [COLEY_DEED_STOP] = "stop",   [COLEY_DEED_STEROID] = "steroid", [COLEY_DEED_PULSE] = "pulse",
        [COLEY_DEED_TAPER] = "taper", [COLEY_DEED_STEROID_END] = "end", [COLEY_DEED_COURSE] = "course",
        [COLEY_DEED_DAILY] = "daily", [COLEY_DEED_DAILY_END] = "end",   [COLEY_DEED_SUPPORT] = "support"};
    const coley_care_row empty = {
        .day = visit->day, .visit = reasons[visit->reason], .deed = "visit", .mg = NAN, .what = "nothing new"};
    if (!visit->n_actions) return add_row(log, empty, err);
    for (size_t i = 0; i < visit->n_actions; i++) {
        const coley_care_action *a = &visit->action[i];
        coley_care_row row = empty;
        row.organ = a->organ < 0 ? NULL : care->grading->organ[a->organ].name;
        row.grade = a->grade;
        row.deed = deeds[a->deed];
        row.drug = a->drug < 0 ? NULL : care->policy->drug[a->drug].name;
        row.mg = a->mg;
        row.what = words_of(log->arena, care, a);
        COLEY_TRY(add_row(log, row, err));
        if (a->deed != COLEY_DEED_COURSE) continue;
        const coley_policy_drug *drug = &care->policy->drug[a->drug];
        for (size_t k = 0; k < drug->n_days; k++) {
            if (!COLEY_RESERVE(log->arena, log->given, log->cap_given, log->n_given + 1)) return COLEY_FAIL_MEMORY(err);
            log->given[log->n_given++] = (coley_given_dose){.day = visit->day + drug->day[k],
                                                            .amount = a->mg,
                                                            .duration_day = drug->infusion_day,
                                                            .drug = drug->name,
                                                            .unit = "mg"};
        }
    }
    return COLEY_OK;
}

coley_status coley_care_log_doses(coley_care_log *log, const coley_session *session, const coley_care *care,
                                  double from_day, double to_day, coley_error *err)
{
    for (size_t i = 0; i < session->n_doses; i++) {
        const coley_given_dose *dose = &session->given[i];
        const int class = session->care->dose_class[i];
        if (dose->day < from_day || dose->day >= to_day) continue;
        if (class < 0 || coley_care_gives(care, (size_t) class)) {
            if (!COLEY_RESERVE(log->arena, log->given, log->cap_given, log->n_given + 1)) return COLEY_FAIL_MEMORY(err);
            log->given[log->n_given++] = *dose;
        } else if (!(care->stopped >> class & 1)) {
            COLEY_TRY(add_row(log,
                              (coley_care_row){.day = dose->day,
                                               .visit = "dose",
                                               .deed = "held dose",
                                               .drug = dose->drug,
                                               .mg = dose->amount,
                                               .what = coley_arena_printf(log->arena, "%s not given", dose->drug)},
                              err));
        }
    }
    return COLEY_OK;
}

/* Rows and doses by day; those of one day stay in their order. */
void coley_care_log_end(const coley_care_log *log, coley_care_crowd *crowd)
{
    for (size_t i = 1; i < log->n_given; i++) {
        const coley_given_dose dose = log->given[i];
        size_t k = i;
        for (; k > 0 && log->given[k - 1].day > dose.day; k--) log->given[k] = log->given[k - 1];
        log->given[k] = dose;
    }
    for (size_t i = 1; i < log->n; i++) {
        const coley_care_row row = log->row[i];
        size_t k = i;
        for (; k > 0 && log->row[k - 1].day > row.day; k--) log->row[k] = log->row[k - 1];
        log->row[k] = row;
    }
    crowd->n_rows = log->n;
    crowd->row = log->row;
    crowd->severity = log->severity;
    crowd->prednisone_mg_day = log->prednisone;
    crowd->n_given = log->n_given;
    crowd->given = log->given;
}

/* ---- a course
 * --------------------------------------------------------------------------------------------------------
 */

static coley_status add_organs(coley_arena *arena, const coley_session *session, const coley_care_crowd *crowd,
                               coley_course_care *c, coley_error *err)
{
    const coley_grading *grading = session->care->grading;
    const coley_care_outcome *own = &crowd->outcome[0];
    coley_care_organ *organ = COLEY_NEW(arena, coley_care_organ, grading->n);
    if (!organ) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < grading->n; k++) {
        double *severity = COLEY_NEW(arena, double, session->n_days);
        int *grade = COLEY_NEW(arena, int, session->n_days);
        if (!severity || !grade) return COLEY_FAIL_MEMORY(err);
        for (size_t day = 0; day < session->n_days; day++) {
            severity[day] = crowd->severity[day * grading->n + k];
            grade[day] = coley_grade_of(&grading->organ[k], severity[day]);
        }
        organ[k] = (coley_care_organ){.organ = grading->organ[k].name,
                                      .words = grading->organ[k].words,
                                      .worst = own->worst[k],
                                      .worst_known = own->worst_known[k],
                                      .worst_day = own->worst_day[k],
                                      .severity = severity,
                                      .grade = grade};
    }
    c->organ = organ;
    c->n_organs = grading->n;
    return COLEY_OK;
}

coley_status coley_care_course(coley_arena *arena, const coley_session *session, const coley_crowd *crowd,
                               const coley_course_care **out, coley_error *err)
{
    const coley_session_care *care = session->care;
    const coley_care_outcome *own = &crowd->care->outcome[0];
    coley_course_care *c = COLEY_NEW(arena, coley_course_care, 1);
    if (!c) return COLEY_FAIL_MEMORY(err);
    *c = (coley_course_care){.policy = care->policy->name,
                             .doc = care->policy->doc,
                             .n_rows = crowd->care->n_rows,
                             .row = crowd->care->row,
                             .n_visits = own->n_visits,
                             .n_reported = own->n_reported,
                             .prednisone_mg_day = crowd->care->prednisone_mg_day,
                             .steroid_day = own->steroid_day,
                             .prednisone_mg = own->prednisone_mg,
                             .n_planned = own->n_planned,
                             .n_given = own->n_given,
                             .n_held = own->n_held,
                             .n_stopped = own->n_stopped,
                             .stopped_day = own->stopped_day,
                             .severe_day = own->severe_day,
                             .death_chance = care->hazard < 0 ? NAN : -expm1(-own->hazard),
                             .n_people = crowd->n - 1};
    if (own->stopped && !(c->stopped = class_names(arena, care->policy, own->stopped))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 1; i < crowd->n; i++) {
        const coley_care_outcome *o = &crowd->care->outcome[i];
        c->n_severe += coley_care_worst(care, o) >= 3;
        c->n_on_steroid += o->steroid_day > 0;
        c->n_people_stopped += o->stopped != 0;
    }
    COLEY_TRY(add_organs(arena, session, crowd->care, c, err));
    *out = c;
    return COLEY_OK;
}
