/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adverse events of drugs in a trial: those of the drugs' tables and the counts of the model. */
#include "run/trial_events.h"

#include <stdlib.h>
#include <unistd.h>

#include "catalog/drug_events.h"
#include "math/proportion.h"
#include "run/trial_parts.h"
#include "run/trial_result.h"
#include "support/check.h"

#define MODELS  COLEY_SOURCE_DIR "/models/patient"
#define CATALOG COLEY_SOURCE_DIR "/catalog"

typedef struct held {
    coley_arena *arena;
    coley_trial *trial;
    coley_trial_result result;
    coley_status status;
} held;

/* Nobody stops at progression or is lost, so that exposure is what the regimen says. */
static held run(const char *head, const char *arms, int n_threads)
{
    static char text[4000];
    held h = {.arena = coley_arena_create()};
    char path[] = "/tmp/coley-events-XXXXXX";
    coley_trial_design *design;
    coley_error err = {0};
    const coley_session_options options = {.n_threads = n_threads};
    snprintf(text, sizeof text,
             "title: a test\naccrual: 0\ndropout: 0\nstop_at_progression: no\noutput_every: 7 day\n"
             "people: {same_in_every_arm: yes}\n%s"
             "scenario:\n  patient: {weight: 70 kg, height: 170 cm}\n  lesions: [{site: lung, diameter: 20 mm}]\n%s",
             head, arms);
    const int file = mkstemp(path);
    h.status = coley_file_write(path, text, strlen(text), &err);
    close(file);
    if (!h.status) h.status = coley_trial_load(h.arena, path, CATALOG, &design, &err);
    unlink(path);
    if (!h.status) h.status = coley_trial_prepare(h.arena, design, MODELS, CATALOG, &h.trial, &err);
    if (!h.status) h.status = coley_trial_carry_out(h.arena, h.trial, &options, &err);
    if (!h.status) h.status = coley_trial_analyse(h.arena, h.trial, &h.result, &err);
    if (h.status) printf("# %s:%d: %s: %s\n", err.file, err.line, err.key, err.text);
    CHECK(!h.status);
    return h;
}

static size_t harm(const held *h, const char *name)
{
    for (size_t k = 0; k < h->trial->n_harms; k++)
        if (!strcmp(h->trial->harm[k], name)) return k;
    return SIZE_MAX;
}

static int of_the_clinic(const held *h, size_t k)
{
    return !strcmp(h->trial->harm_system[k], COLEY_TRIAL_IMMUNE);
}

static void without_a_drug_and_with_a_dose_of_nothing_no_drug_harms(void)
{
    held h = run("cancer: nsclc\nfollow_up: 4\n",
                 "arms:\n  - {name: drug, n: 60, regimen: docetaxel-75-q3w}\n  - {name: none, n: 60, regimen: []}\n"
                 "  - {name: nothing, n: 60, regimen: [{drug: docetaxel, dose: 0 mg/m2, every: 21 day}]}\n",
                 2);
    if (h.status) return;
    const size_t all = h.trial->n_harms;
    CHECK(h.result.arm[0].any[all].k > 50);
    CHECK(h.result.arm[1].any[all].k == 0 && h.result.arm[2].any[all].k == 0);
    coley_arena_destroy(h.arena);
}

/* In who lives through the time that the table is about. */
static void as_many_people_have_each_event_as_the_table_says(void)
{
    held h = run("cancer: nsclc\nfollow_up: 4\n", "arms: [{name: a, n: 400, regimen: docetaxel-75-q3w}]\n", 2);
    if (h.status) return;
    const coley_session *s = h.trial->arm[0].session;
    const coley_drug_events *e = s->drug[0]->events;
    for (size_t i = 0; i < e->n; i++) {
        const size_t k = harm(&h, e->event[i].event);
        size_t n = 0, any = 0, severe = 0;
        for (size_t j = 0; j < h.trial->arm[0].n; j++) {
            const coley_trial_patient *p = &h.trial->arm[0].patient[j];
            if (p->os_day < e->exposure_day) continue;
            n++;
            any += p->harm[k].grade >= 1 && p->harm[k].day < e->exposure_day;
            severe += p->harm[k].grade >= 3 && p->harm[k].day < e->exposure_day;
        }
        CHECK(n > 150);
        /* 99.9 %: thirteen events, two grades. A severe event replaces the day of the milder one, which came before. */
        const coley_interval a = coley_proportion_exact(any, n, 0.999), b = coley_proportion_exact(severe, n, 0.999);
        CHECK(a.low <= e->event[i].any && a.high > 0.9 * e->event[i].any);
        CHECK(b.low <= e->event[i].severe && b.high >= e->event[i].severe);
    }
    coley_arena_destroy(h.arena);
}

static void half_the_dose_harms_fewer_and_nobody_whom_the_whole_dose_spares(void)
{
    held h = run("cancer: nsclc\nfollow_up: 4\n",
                 "arms:\n  - {name: whole, n: 150, regimen: docetaxel-75-q3w}\n"
                 "  - {name: half, n: 150, regimen: [{drug: docetaxel, dose: 37.5 mg/m2, every: 21 day}]}\n",
                 2);
    if (h.status) return;
    size_t whole = 0, half = 0, more = 0;
    for (size_t j = 0; j < 150; j++) {
        const coley_trial_patient *a = &h.trial->arm[0].patient[j], *b = &h.trial->arm[1].patient[j];
        if (b->os_day > a->os_day) continue; /* who lives longer on less has more time for harm */
        for (size_t k = 0; k < h.trial->n_harms; k++) {
            whole += a->harm[k].grade >= 3;
            half += b->harm[k].grade >= 3;
            more += b->harm[k].grade > a->harm[k].grade;
        }
    }
    CHECK(more == 0);
    CHECK(whole > 60 && 4 * half < 3 * whole);
    coley_arena_destroy(h.arena);
}

/* The contrast between the two kinds of treatment. */
static void harm_of_chemotherapy_ends_with_it_and_immune_harm_may_begin_after_the_last_dose(void)
{
    held h =
        run("cancer: melanoma\nfollow_up: 12\n",
            "arms:\n"
            "  - {name: chemo, n: 150, regimen: [{drug: dacarbazine, dose: 1000 mg/m2, every: 21 day, cycles: 2}]}\n"
            "  - {name: immune, n: 150, policy: standard, regimen: [{drug: nivolumab, dose: 3 mg/kg, every: 14 day, "
            "cycles: 2}, {drug: ipilimumab, dose: 3 mg/kg, every: 21 day, cycles: 2}]}\n",
            2);
    if (h.status) return;
    size_t during = 0, late = 0, late_immune = 0;
    for (size_t j = 0; j < 150; j++) {
        const coley_trial_patient *p = &h.trial->arm[0].patient[j];
        for (size_t k = 0; k < h.trial->n_harms; k++) {
            const char *name = h.trial->harm[k];
            if (!p->harm[k].grade || !strcmp(name, "alopecia")) continue; /* hair falls weeks later */
            during += p->harm[k].day <= 42;
            late += p->harm[k].day > 56; /* day 21, what a dose lasts, and two weeks for neutrophils */
        }
        const coley_trial_patient *q = &h.trial->arm[1].patient[j];
        for (size_t k = 0; k < h.trial->n_harms; k++)
            late_immune += of_the_clinic(&h, k) && q->harm[k].grade >= 2 && q->harm[k].day > 21 + 42;
    }
    CHECK(during > 100 && late == 0);
    CHECK(late_immune > 10);
    coley_arena_destroy(h.arena);
}

static void events_are_the_same_on_one_thread_or_two_and_in_any_company(void)
{
    static const char head[] = "cancer: nsclc\nfollow_up: 3\n";
    held a =
        run(head, "arms: [{name: a, n: 20, regimen: [{dose: carboplatin-auc5-q3w}, {dose: pemetrexed-500-q3w}]}]\n", 1);
    held b =
        run(head, "arms: [{name: a, n: 45, regimen: [{dose: carboplatin-auc5-q3w}, {dose: pemetrexed-500-q3w}]}]\n", 2);
    if (a.status || b.status) return;
    size_t n = 0;
    CHECK(a.trial->n_harms == b.trial->n_harms);
    for (size_t j = 0; j < 20; j++)
        for (size_t k = 0; k < a.trial->n_harms; k++) {
            const coley_trial_harm x = a.trial->arm[0].patient[j].harm[k], y = b.trial->arm[0].patient[j].harm[k];
            CHECK(x.grade == y.grade && x.day == y.day);
            n += x.grade > 0;
        }
    CHECK(n > 20);
    coley_arena_destroy(a.arena);
    coley_arena_destroy(b.arena);
}

/* Immune-related events are a part of all; deaths leave fewer people to have one. */
static void the_incidence_of_severe_events_rises_and_the_immune_part_is_smaller(void)
{
    held h = run("cancer: melanoma\nfollow_up: 12\nlandmarks: [3, 12]\n",
                 "arms: [{name: ipi, n: 200, policy: standard, regimen: ipilimumab-3-q3w}]\n", 2);
    if (h.status) return;
    const coley_trial_arm_result *r = &h.result.arm[0];
    const double early = coley_incidence_at(&r->severe_incidence, 3, 0.95).incidence;
    const double late = coley_incidence_at(&r->severe_incidence, 11.9, 0.95).incidence;
    const double immune = coley_incidence_at(&r->immune_incidence, 11.9, 0.95).incidence;
    CHECK(early > 0 && late >= early && immune > 0 && immune < late);
    CHECK(r->immune_severe.k < r->severe[h.trial->n_harms].k);
    CHECK(fabs(late - r->severe[h.trial->n_harms].share) < 0.02); /* all were followed: nearly the plain share */
    coley_arena_destroy(h.arena);
}

int main(void)
{
    RUN(without_a_drug_and_with_a_dose_of_nothing_no_drug_harms);
    RUN(as_many_people_have_each_event_as_the_table_says);
    RUN(half_the_dose_harms_fewer_and_nobody_whom_the_whole_dose_spares);
    RUN(harm_of_chemotherapy_ends_with_it_and_immune_harm_may_begin_after_the_last_dose);
    RUN(events_are_the_same_on_one_thread_or_two_and_in_any_company);
    RUN(the_incidence_of_severe_events_rises_and_the_immune_part_is_smaller);
    return check_done();
}
