/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_care.c -- policies read and refused; one person at the clinic, transition by transition. */
#include "clinic/care.h"

#include <math.h>
#include <string.h>

#include "support/check.h"

#define CATALOG COLEY_SOURCE_DIR "/catalog"

static coley_error err;

static coley_grading *grading_in(coley_arena *arena)
{
    const coley_yaml *root;
    coley_grading *grading = NULL;
    CHECK(coley_yaml_load(arena, CATALOG "/guidelines/ctcae.yaml", &root, &err) == COLEY_OK);
    CHECK(coley_grading_read(arena, root, &grading, &err) == COLEY_OK);
    return grading;
}

/* ---- one person ----------------------------------------------------------------------------------------------------
 */

typedef struct clinic {
    coley_arena *arena;
    coley_grading *grading;
    coley_policy *policy;
    coley_care care;
    coley_care_visit visit;
} clinic;

static clinic open_clinic(const char *policy, const char *classes)
{
    clinic c = {.arena = coley_arena_create()};
    const char *file[COLEY_POLICY_MAX_DEPTH];
    size_t n;
    unsigned with = 0;
    c.grading = grading_in(c.arena);
    CHECK(coley_policy_load(c.arena, CATALOG, policy, c.grading, &c.policy, file, &n, &err) == COLEY_OK);
    for (size_t i = 0; i < c.policy->n_classes; i++)
        if (strstr(classes, c.policy->held_class[i])) with |= 1u << i;
    coley_care_begin(&c.care, 80, with);
    return c;
}

static size_t organ_of(const clinic *c, const char *name)
{
    return (size_t)coley_grading_organ(c->grading, name);
}

/* A visit on which one organ has that grade and all others none. */
static void see(clinic *c, double day, const char *organ, int grade)
{
    memset(&c->visit, 0, sizeof c->visit);
    c->visit.day = day;
    if (grade) c->visit.severity[organ_of(c, organ)] = c->grading->organ[organ_of(c, organ)].from[grade - 1] + 0.01;
    coley_care_observe(c->policy, c->grading, &c->care, &c->visit);
    coley_care_decide(c->policy, &c->care, &c->visit);
}

static const coley_care_action *done(const clinic *c, coley_care_deed deed)
{
    for (size_t i = 0; i < c->visit.n_actions; i++)
        if (c->visit.action[i].deed == deed) return &c->visit.action[i];
    return NULL;
}

static const char *drug_done(const clinic *c, coley_care_deed deed)
{
    const coley_care_action *action = done(c, deed);
    return action && action->drug >= 0 ? c->policy->drug[action->drug].name : "";
}

static double steroid(const clinic *c, double day)
{
    return coley_care_prednisone(c->policy, &c->care, day);
}

static int gives(const clinic *c, const char *class)
{
    return coley_care_gives(&c->care, (size_t)coley_policy_class(c->policy, class));
}

static void without_an_event_nothing_is_done(void)
{
    clinic c = open_clinic("standard", "anti_pd1 anti_ctla4");
    for (int day = 0; day < 400; day += 21) {
        see(&c, day, "gut", 0);
        CHECK(!c.visit.n_actions && gives(&c, "anti_pd1") && gives(&c, "anti_ctla4") && isinf(c.care.next_day));
    }
    CHECK(steroid(&c, 400) == 0 && c.care.n_visits == 20);
    coley_arena_destroy(c.arena);
}

static void grade_one_goes_on_with_a_visit_in_a_week(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    see(&c, 21, "gut", 1);
    CHECK(done(&c, COLEY_DEED_FOUND) && !done(&c, COLEY_DEED_HOLD) && gives(&c, "anti_pd1"));
    CHECK(steroid(&c, 21) == 0);
    CHECK_NEAR(c.care.next_day, 28, 1e-12);
    CHECK_HAS(done(&c, COLEY_DEED_SUPPORT)->words, "loperamide");
    coley_arena_destroy(c.arena);
}

static void grade_two_colitis_is_held_treated_tapered_and_resumed_at_ten_mg(void)
{
    clinic c = open_clinic("standard", "anti_pd1 anti_ctla4");
    see(&c, 30, "gut", 2);
    CHECK(done(&c, COLEY_DEED_HOLD) && !gives(&c, "anti_pd1") && !gives(&c, "anti_ctla4"));
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_STEROID), "prednisone"));
    CHECK_NEAR(steroid(&c, 30), 80, 1e-12);
    CHECK_NEAR(c.care.next_day, 34, 1e-12);
    see(&c, 34, "gut", 1); /* better: 4 steps of a week, from 80 down by 16 */
    CHECK(done(&c, COLEY_DEED_TAPER) && !gives(&c, "anti_pd1"));
    for (int week = 0; week < 5; week++) {
        CHECK_NEAR(steroid(&c, 34 + 7 * week), 80 - 16.0 * (week + 1), 1e-9);
        CHECK_NEAR(steroid(&c, 34 + 7 * week + 6.5), 80 - 16.0 * (week + 1), 1e-9);
    }
    see(&c, 48, "gut", 1);
    CHECK(!done(&c, COLEY_DEED_RESUME)); /* 32 mg are more than 10 */
    see(&c, 62, "gut", 0);
    CHECK(done(&c, COLEY_DEED_STEROID_END) && done(&c, COLEY_DEED_RESUME) && gives(&c, "anti_ctla4"));
    coley_arena_destroy(c.arena);
}

static void nothing_is_given_while_held_whatever_else_happens(void)
{
    FOR_ALL(40, seed)
    {
        clinic c = open_clinic("standard", "anti_pd1 anti_ctla4");
        unsigned stopped = 0;
        for (int k = 0; k < 40; k++) {
            memset(&c.visit, 0, sizeof c.visit);
            c.visit.day = 5.0 * k;
            for (size_t i = 0; i < c.grading->n; i++) {
                const double u =
                    fmod((double)(seed * 2654435761u % 1000003) * (double)(k / 6 + 1) * (double)(i + 3), 997) / 997;
                c.visit.severity[i] = u < 0.8 ? 0 : 4.5 * (u - 0.8) / 0.2;
            }
            coley_care_observe(c.policy, c.grading, &c.care, &c.visit);
            coley_care_decide(c.policy, &c.care, &c.visit);
            for (size_t class = 0; class < c.policy->n_classes; class ++) {
                if (c.care.held || (c.care.stopped >> class & 1)) CHECK(!coley_care_gives(&c.care, class));
                if (stopped >> class & 1) CHECK(!coley_care_gives(&c.care, class)); /* for good */
            }
            stopped |= c.care.stopped;
            CHECK(steroid(&c, c.visit.day) >= 0 && steroid(&c, c.visit.day) <= 1250);
            CHECK(c.care.next_day > c.visit.day);
        }
        coley_arena_destroy(c.arena);
    }
}

static void grade_three_colitis_stops_ipilimumab_only_and_fails_over_to_infliximab(void)
{
    clinic c = open_clinic("standard", "anti_pd1 anti_ctla4");
    see(&c, 40, "gut", 3);
    CHECK(done(&c, COLEY_DEED_STOP) && c.care.stopped == 1u << coley_policy_class(c.policy, "anti_ctla4"));
    CHECK(done(&c, COLEY_DEED_HOLD) && !strcmp(drug_done(&c, COLEY_DEED_STEROID), "methylprednisolone"));
    CHECK_NEAR(steroid(&c, 40), 1.25 * 1.5 * 80, 1e-9);
    see(&c, 42, "gut", 3);
    CHECK(!done(&c, COLEY_DEED_COURSE)); /* two days are too early to say */
    see(&c, 44, "gut", 3);
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_COURSE), "infliximab"));
    CHECK_NEAR(done(&c, COLEY_DEED_COURSE)->mg, 400, 1e-9);
    see(&c, 50, "gut", 3);
    CHECK(!done(&c, COLEY_DEED_COURSE));
    see(&c, 58, "gut", 3);
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_COURSE), "vedolizumab"));
    see(&c, 72, "gut", 3);
    CHECK(!done(&c, COLEY_DEED_COURSE)); /* none is left */
    see(&c, 75, "gut", 1);
    CHECK(done(&c, COLEY_DEED_TAPER) && !strcmp(drug_done(&c, COLEY_DEED_TAPER), "prednisone"));
    see(&c, 75 + 42, "gut", 0);
    CHECK(done(&c, COLEY_DEED_RESUME) && gives(&c, "anti_pd1") && !gives(&c, "anti_ctla4"));
    coley_arena_destroy(c.arena);
}

static void an_answer_starts_the_clock_of_the_second_line_again(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    see(&c, 40, "gut", 4);
    see(&c, 42, "gut", 3);
    see(&c, 44, "gut", 3);
    CHECK(!done(&c, COLEY_DEED_COURSE));
    see(&c, 46, "gut", 3);
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_COURSE), "infliximab"));
    coley_arena_destroy(c.arena);
}

static void an_inflamed_liver_forbids_infliximab(void)
{
    clinic c = open_clinic("standard", "anti_pd1 anti_ctla4");
    for (int day = 40; day <= 44; day += 2) {
        memset(&c.visit, 0, sizeof c.visit);
        c.visit.day = day;
        c.visit.severity[organ_of(&c, "gut")] = 3;
        c.visit.severity[organ_of(&c, "liver")] = 1;
        coley_care_observe(c.policy, c.grading, &c.care, &c.visit);
        coley_care_decide(c.policy, &c.care, &c.visit);
    }
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_COURSE), "vedolizumab"));
    coley_arena_destroy(c.arena);
}

static void grade_four_stops_for_good(void)
{
    clinic c = open_clinic("standard", "anti_pd1 anti_ctla4");
    see(&c, 40, "lung", 4);
    CHECK(done(&c, COLEY_DEED_STOP) && !done(&c, COLEY_DEED_HOLD));
    for (int day = 42; day < 300; day += 14) see(&c, day, "lung", 0);
    CHECK(!gives(&c, "anti_pd1") && !gives(&c, "anti_ctla4") && steroid(&c, 300) == 0);
    coley_arena_destroy(c.arena);
}

static void a_second_event_may_weigh_more_than_the_first(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    see(&c, 40, "lung", 2);
    CHECK(done(&c, COLEY_DEED_HOLD) && !c.care.stopped);
    see(&c, 43, "lung", 0);
    see(&c, 43 + 42, "lung", 0);
    CHECK(gives(&c, "anti_pd1"));
    see(&c, 120, "lung", 2);
    CHECK(done(&c, COLEY_DEED_STOP) && !gives(&c, "anti_pd1"));
    coley_arena_destroy(c.arena);
}

static void a_flare_on_the_taper_goes_back_to_the_full_dose(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    see(&c, 40, "gut", 2);
    see(&c, 44, "gut", 1);
    CHECK(steroid(&c, 60) < 40);
    see(&c, 60, "gut", 2);
    CHECK(done(&c, COLEY_DEED_STEROID));
    CHECK_NEAR(steroid(&c, 60), 80, 1e-9);
    coley_arena_destroy(c.arena);
}

static void what_does_not_get_better_is_treated_as_the_next_grade(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    see(&c, 40, "liver", 2);
    CHECK_NEAR(steroid(&c, 40), 60, 1e-9);
    see(&c, 44, "liver", 2);
    CHECK(!done(&c, COLEY_DEED_STEROID));
    see(&c, 47, "liver", 2);
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_STEROID), "methylprednisolone"));
    see(&c, 50, "liver", 2);
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_DAILY), "mycophenolate"));
    see(&c, 60, "liver", 1);
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_DAILY_END), "mycophenolate"));
    coley_arena_destroy(c.arena);
}

static void a_rash_of_grade_two_waits_ten_days_for_prednisone(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    see(&c, 20, "skin", 2);
    CHECK(!done(&c, COLEY_DEED_STEROID) && gives(&c, "anti_pd1"));
    CHECK_NEAR(c.care.next_day, 30, 1e-12);
    see(&c, 30, "skin", 2);
    CHECK(done(&c, COLEY_DEED_STEROID) && gives(&c, "anti_pd1"));
    coley_arena_destroy(c.arena);
}

static void full_dose_ends_in_a_taper_even_if_it_never_helped(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    for (int day = 20; day < 20 + 56; day += 14) see(&c, day, "joints", 2);
    CHECK(steroid(&c, 70) == 15);
    see(&c, 76, "joints", 2);
    CHECK(done(&c, COLEY_DEED_TAPER) != NULL);
    for (int day = 90; day < 200; day += 14) see(&c, day, "joints", 2);
    CHECK(steroid(&c, 200) == 0);
    see(&c, 200, "joints", 3); /* a higher grade is treated again */
    CHECK(steroid(&c, 200) == 60);
    coley_arena_destroy(c.arena);
}

static void myocarditis_has_a_pulse_and_stops_all(void)
{
    clinic c = open_clinic("standard", "anti_pd1 anti_ctla4");
    see(&c, 21, "heart", 2);
    CHECK(done(&c, COLEY_DEED_STOP) && done(&c, COLEY_DEED_PULSE));
    CHECK_NEAR(steroid(&c, 21), 1250, 1e-9);
    CHECK_NEAR(steroid(&c, 26), 100, 1e-9);
    coley_arena_destroy(c.arena);
}

static void a_gland_is_replaced_for_good_and_the_therapy_goes_on(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    see(&c, 42, "thyroid", 2);
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_DAILY), "levothyroxine") && gives(&c, "anti_pd1"));
    CHECK_NEAR(done(&c, COLEY_DEED_DAILY)->mg, 0.128, 1e-12);
    for (int day = 63; day < 400; day += 21) {
        see(&c, day, "thyroid", 0);
        CHECK(!c.visit.n_actions || c.visit.action[0].deed == COLEY_DEED_FOUND);
    }
    CHECK(c.care.daily && steroid(&c, 42) == 0);
    see(&c, 420, "adrenal", 3); /* held until hydrocortisone has brought it down */
    CHECK(!strcmp(drug_done(&c, COLEY_DEED_DAILY), "hydrocortisone") && !gives(&c, "anti_pd1"));
    see(&c, 427, "adrenal", 2);
    CHECK(gives(&c, "anti_pd1"));
    coley_arena_destroy(c.arena);
}

static void a_test_sees_only_when_it_is_made(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    see(&c, 0, "liver", 0);
    see(&c, 10, "liver", 2); /* tests every 21 days, and nobody feels grade 2 */
    CHECK(c.visit.seen[organ_of(&c, "liver")] == -1 && gives(&c, "anti_pd1"));
    see(&c, 21, "liver", 2);
    CHECK(c.visit.seen[organ_of(&c, "liver")] == 2 && !gives(&c, "anti_pd1"));
    see(&c, 25, "liver", 1); /* once known, it is looked at each time */
    CHECK(c.visit.seen[organ_of(&c, "liver")] == 1);
    coley_arena_destroy(c.arena);

    c = open_clinic("standard", "anti_pd1");
    see(&c, 0, "liver", 0);
    see(&c, 10, "liver", 3); /* felt: the test is made because of that */
    CHECK(c.visit.seen[organ_of(&c, "liver")] == 3);
    see(&c, 10, "lung", 1); /* nobody feels it, nobody asks for a picture */
    CHECK(c.visit.seen[organ_of(&c, "lung")] == 0);
    coley_arena_destroy(c.arena);
}

static void some_tests_are_made_only_with_some_drugs_or_early_or_when_tired(void)
{
    clinic c = open_clinic("standard", "anti_pd1"), both = open_clinic("standard", "anti_pd1 anti_ctla4");
    see(&c, 21, "heart", 1);
    see(&both, 21, "heart", 1);
    CHECK(c.visit.seen[organ_of(&c, "heart")] == -1 && both.visit.seen[organ_of(&c, "heart")] == 1);
    coley_arena_destroy(both.arena);
    both = open_clinic("standard", "anti_pd1 anti_ctla4");
    see(&both, 200, "heart", 1);
    CHECK(both.visit.seen[organ_of(&c, "heart")] == -1);
    see(&c, 22, "adrenal", 0);
    see(&c, 30, "fatigue", 2);
    CHECK(c.visit.seen[organ_of(&c, "adrenal")] == 0); /* its own schedule would be day 64 */
    coley_arena_destroy(c.arena);
    coley_arena_destroy(both.arena);
}

static void what_is_felt_and_not_known_is_reported(void)
{
    clinic c = open_clinic("standard", "anti_pd1");
    const size_t gut = organ_of(&c, "gut"), lung = organ_of(&c, "lung");
    CHECK(coley_care_unreported(c.grading, &c.care, gut, 0.4) == 0);
    CHECK(coley_care_unreported(c.grading, &c.care, gut, 0.6) == 1);
    CHECK(coley_care_unreported(c.grading, &c.care, lung, 0.6) == 0);
    see(&c, 20, "gut", 2);
    CHECK(coley_care_unreported(c.grading, &c.care, gut, 2.4) == 0);
    CHECK(coley_care_unreported(c.grading, &c.care, gut, 2.6) == 3);
    coley_arena_destroy(c.arena);
}

/* ---- policies ------------------------------------------------------------------------------------------------------
 */

static void the_catalogs_policies_can_be_read_and_differ_where_they_say(void)
{
    static const char *const names[] = {"standard", "watchful", "early-high-steroids", "late-visits"};
    for (size_t i = 0; i < 4; i++) {
        clinic c = open_clinic(names[i], "anti_pd1");
        CHECK(c.policy && !strcmp(c.policy->name, names[i]));
        for (size_t k = 0; k < c.grading->n; k++) CHECK(c.policy->organ[k].given && *c.policy->organ[k].source);
        coley_arena_destroy(c.arena);
    }
    clinic late = open_clinic("late-visits", "anti_pd1"), standard = open_clinic("standard", "anti_pd1"),
           early = open_clinic("early-high-steroids", "anti_pd1"), watchful = open_clinic("watchful", "anti_pd1");
    CHECK(late.policy->report_day > 4 * standard.policy->report_day && !late.policy->at_doses);
    see(&early, 20, "gut", 1);
    CHECK_NEAR(steroid(&early, 20), 160, 1e-9);
    see(&watchful, 20, "gut", 2);
    CHECK(steroid(&watchful, 20) == 0 && !gives(&watchful, "anti_pd1"));
    see(&watchful, 34, "gut", 2);
    CHECK_NEAR(steroid(&watchful, 34), 40, 1e-9);
    coley_arena_destroy(late.arena);
    coley_arena_destroy(standard.arena);
    coley_arena_destroy(early.arena);
    coley_arena_destroy(watchful.arena);
}

static coley_status read_policy(coley_arena *arena, const char *text)
{
    const coley_yaml *root;
    coley_policy *policy;
    coley_grading *grading = grading_in(arena);
    memset(&err, 0, sizeof err);
    COLEY_TRY(coley_yaml_parse(arena, "own.yaml", text, strlen(text), &root, &err));
    return coley_policy_read(arena, root, grading, NULL, &policy, &err);
}

static void a_wrong_policy_is_refused_with_its_place(void)
{
#define HEAD  "name: own\ndoc: d\nsource: s\nclasses: [anti_pd1]\n"
#define DRUGS "drugs: {prednisone: {as_prednisone: 1}, infliximab: {dose: 5 mg/kg, days: [0, 14]}}\n"
#define GUT   "organs:\n  gut:\n    source: s\n    found_by: asking\n    grade_2: "
    static const struct {
        const char *text, *why;
        int line;
    } wrong[] = {
        {"doc: d\nsource: s\n", "'name' is missing", 1},
        {"name: own\ndoc: d\nsource: s\n", "'classes' is missing", 1},
        {"name: own\ndoc: d\nsource: s\nclasses: []\n", "is empty", 4},
        {HEAD "visit: {every: 3 day}\n", "did you mean 'visits'", 5},
        {HEAD "visits: {every: 3}\n", "unit", 5},
        {HEAD "visits: {every: 0.1 day}\n", "1 to 3650", 5},
        {HEAD "report: {spread: -1}\n", "0 to 3", 5},
        {HEAD "drugs: {prednisone: {}}\n", "one of the three", 5},
        {HEAD "drugs: {infliximab: {days: [0, 14]}}\n", "'dose' is missing", 5},
        {HEAD "drugs: {infliximab: {dose: 5 mg/kg, days: [14, 0]}}\n", "does not come after", 5},
        {HEAD "drugs: {infliximab: {dose: 5 mg/m2, days: [0]}}\n", "no dose here", 5},
        {HEAD DRUGS "organs: {guts: {source: s}}\n", "did you mean 'gut'", 6},
        {HEAD DRUGS "organs: {gut: {found_by: asking}}\n", "'source' is missing", 6},
        {HEAD DRUGS GUT "{therapy: pause}\n", "continue", 10},
        {HEAD DRUGS GUT "{therapie: hold}\n", "did you mean 'therapy'", 10},
        {HEAD DRUGS GUT "{steroid: prednison, dose: 1 mg/kg}\n", "did you mean 'prednisone'", 10},
        {HEAD DRUGS GUT "{steroid: infliximab, dose: 1 mg/kg}\n", "no glucocorticoid", 10},
        {HEAD DRUGS GUT "{steroid: prednisone}\n", "needs its 'dose'", 10},
        {HEAD DRUGS GUT "{second_line: [infliximab]}\n", "'steroid' is missing", 10},
        {HEAD DRUGS GUT "{steroid: prednisone, dose: 1 mg/kg, second_line: [prednisone]}\n", "glucocorticoid", 10},
        {HEAD DRUGS GUT "{stop: [anti_ctla4]}\n", "anti_pd1", 10},
        {HEAD DRUGS GUT "{steroid: prednisone, dose: 1 mg/kg, pulse: 1 g}\n", "pulse_for", 10},
        {HEAD "resume: {grade: 2}\n" DRUGS GUT "{therapy: hold}\n", "at which it is resumed", 11},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        coley_arena *arena = coley_arena_create();
        CHECK(read_policy(arena, wrong[i].text) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, wrong[i].why);
        CHECK(err.line == wrong[i].line && err.column > 0);
        coley_arena_destroy(arena);
    }
    coley_arena *arena = coley_arena_create();
    CHECK(read_policy(arena, HEAD DRUGS GUT "{therapy: hold, steroid: prednisone, dose: 1 mg/kg}\n") == COLEY_OK);
    coley_arena_destroy(arena);
}

static void a_policy_that_is_not_there_or_stands_on_itself_is_refused(void)
{
    coley_arena *arena = coley_arena_create();
    coley_grading *grading = grading_in(arena);
    coley_policy *policy;
    const char *file[COLEY_POLICY_MAX_DEPTH];
    size_t n;
    CHECK(coley_policy_load(arena, CATALOG, "standart", grading, &policy, file, &n, &err) == COLEY_ERR_IO);
    CHECK(coley_policy_load(arena, CATALOG, "../care", grading, &policy, file, &n, &err) != COLEY_OK);
    CHECK(coley_policy_load(arena, CATALOG, "a b", grading, &policy, file, &n, &err) == COLEY_ERR_INPUT);
    coley_arena_destroy(arena);
}

static void wrong_grades_are_refused(void)
{
    static const char *const wrong[][2] = {
        {"organs: {}\n", "'source'"},
        {"source: s\norgans: {gut: {severity: g, term: t}}\n", "'grades'"},
        {"source: s\norgans: {gut: {severity: g, term: t, grades: []}}\n", "no grade"},
        {"source: s\norgans: {gut: {severity: g, term: t, grades: [{grade: 2, from: 1}, {grade: 1, from: 2}]}}\n",
         "does not come after"},
        {"source: s\norgans: {gut: {severity: g, term: t, grades: [{grade: 1, from: 1}, {grade: 2, from: 1}]}}\n",
         "is not above"},
        {"source: s\norgans: {gut: {severity: g, term: t, grades: [{grade: 5, from: 1}]}}\n", "1 to 4"},
        {"source: s\norgans: {gut: {severity: g, term: t, felt: 2, grades: [{grade: 1, from: 1}]}}\n", "felt_from"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        coley_arena *arena = coley_arena_create();
        const coley_yaml *root;
        coley_grading *grading;
        CHECK(coley_yaml_parse(arena, "g", wrong[i][0], strlen(wrong[i][0]), &root, &err) == COLEY_OK);
        CHECK(coley_grading_read(arena, root, &grading, &err) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, wrong[i][1]);
        coley_arena_destroy(arena);
    }
}

static void each_failed_allocation_is_an_error(void)
{
    coley_status status = COLEY_ERR_MEMORY;
    size_t k = 1;
    for (; status == COLEY_ERR_MEMORY && k < 100000; k = k < 40 ? k + 1 : k + 1 + k / 16) {
        coley_arena *arena = coley_arena_create_failing(k);
        const coley_yaml *root;
        coley_grading *grading;
        coley_policy *policy;
        const char *file[COLEY_POLICY_MAX_DEPTH];
        size_t n;
        status = coley_yaml_load(arena, CATALOG "/guidelines/ctcae.yaml", &root, &err);
        if (status == COLEY_OK) status = coley_grading_read(arena, root, &grading, &err);
        if (status == COLEY_OK)
            status = coley_policy_load(arena, CATALOG, "late-visits", grading, &policy, file, &n, &err);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK && k > 10);
}

int main(void)
{
    RUN(without_an_event_nothing_is_done);
    RUN(grade_one_goes_on_with_a_visit_in_a_week);
    RUN(grade_two_colitis_is_held_treated_tapered_and_resumed_at_ten_mg);
    RUN(nothing_is_given_while_held_whatever_else_happens);
    RUN(grade_three_colitis_stops_ipilimumab_only_and_fails_over_to_infliximab);
    RUN(an_answer_starts_the_clock_of_the_second_line_again);
    RUN(an_inflamed_liver_forbids_infliximab);
    RUN(grade_four_stops_for_good);
    RUN(a_second_event_may_weigh_more_than_the_first);
    RUN(a_flare_on_the_taper_goes_back_to_the_full_dose);
    RUN(what_does_not_get_better_is_treated_as_the_next_grade);
    RUN(a_rash_of_grade_two_waits_ten_days_for_prednisone);
    RUN(full_dose_ends_in_a_taper_even_if_it_never_helped);
    RUN(myocarditis_has_a_pulse_and_stops_all);
    RUN(a_gland_is_replaced_for_good_and_the_therapy_goes_on);
    RUN(a_test_sees_only_when_it_is_made);
    RUN(some_tests_are_made_only_with_some_drugs_or_early_or_when_tired);
    RUN(what_is_felt_and_not_known_is_reported);
    RUN(the_catalogs_policies_can_be_read_and_differ_where_they_say);
    RUN(a_wrong_policy_is_refused_with_its_place);
    RUN(a_policy_that_is_not_there_or_stands_on_itself_is_refused);
    RUN(wrong_grades_are_refused);
    RUN(each_failed_allocation_is_an_error);
    return check_done();
}
