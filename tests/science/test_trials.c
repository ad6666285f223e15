/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Virtual trials: what must be true of any trial, and directions that no parameter was set for. */
#include "run/trial_files.h"
#include "run/trial_report.h"

#include <stdlib.h>
#include <unistd.h>

#include "support/check.h"

#define MODELS  COLEY_SOURCE_DIR "/models/patient"
#define CATALOG COLEY_SOURCE_DIR "/catalog"

static const char lesions[] = "scenario:\n  lesions:\n    - {site: lung, diameter: 26 mm, infiltration: inflamed}\n"
                              "    - {site: liver, diameter: 20 mm, infiltration: excluded}\n"
                              "  scans: {every: 9 week}\n";

typedef struct held {
    coley_arena *arena;
    coley_trial *trial;
    coley_trial_result result;
    coley_status status;
    coley_error err;
} held;

static held run(const char *head, const char *arms, int n_threads)
{
    static char text[6000];
    held h = {.arena = coley_arena_create()};
    char path[] = "/tmp/coley-trial-XXXXXX";
    coley_trial_design *design;
    const coley_session_options options = {.n_threads = n_threads};
    snprintf(text, sizeof text, "title: a test\n%s%s%s", head, lesions, arms);
    const int file = mkstemp(path);
    h.status = coley_file_write(path, text, strlen(text), &h.err);
    close(file);
    if (!h.status) h.status = coley_trial_load(h.arena, path, CATALOG, &design, &h.err);
    unlink(path);
    if (!h.status) h.status = coley_trial_prepare(h.arena, design, MODELS, CATALOG, &h.trial, &h.err);
    if (!h.status) h.status = coley_trial_carry_out(h.arena, h.trial, &options, &h.err);
    if (!h.status) h.status = coley_trial_analyse(h.arena, h.trial, &h.result, &h.err);
    if (h.status) printf("# %s:%d: %s: %s\n", h.err.file, h.err.line, h.err.key, h.err.text);
    return h;
}

static int same_person(const coley_trial_patient *a, const coley_trial_patient *b)
{
    return a->id == b->id && !memcmp(&a->covariates, &b->covariates, sizeof a->covariates) && a->os_day == b->os_day &&
           a->pfs_day == b->pfs_day && a->death == b->death && a->best == b->best &&
           (a->best_change == b->best_change || (isnan(a->best_change) && isnan(b->best_change)));
}

static void a_person_is_the_same_on_one_thread_or_two_and_in_any_company(void)
{
    static const char head[] = "cancer: melanoma\naccrual: 0\nfollow_up: 12\ndropout: 0\n";
    held a = run(head, "arms: [{name: a, n: 12, regimen: nivolumab-3-q2w, policy: standard}]\n", 1);
    held b = run(head, "arms: [{name: a, n: 30, regimen: nivolumab-3-q2w, policy: standard}]\n", 2);
    CHECK(!a.status && !b.status);
    if (a.status || b.status) return;
    for (size_t i = 0; i < 12; i++) CHECK(same_person(&a.trial->arm[0].patient[i], &b.trial->arm[0].patient[i]));
    coley_arena_destroy(a.arena);
    coley_arena_destroy(b.arena);
}

static void two_arms_without_a_drug_are_the_same_trial_twice_when_people_are_the_same(void)
{
    held h = run("cancer: melanoma\nfollow_up: 12\npeople: {same_in_every_arm: yes}\n",
                 "arms: [{name: a, n: 40, regimen: []}, {name: b, n: 40, regimen: []}]\n", 2);
    CHECK(!h.status);
    if (h.status) return;
    for (size_t i = 0; i < 40; i++) CHECK(same_person(&h.trial->arm[0].patient[i], &h.trial->arm[1].patient[i]));
    CHECK(h.result.arm[0].response.k == 0); /* no tumour shrinks by 30 % by itself */
    coley_arena_destroy(h.arena);
}

static void both_checkpoint_inhibitors_do_more_and_harm_more_than_either(void)
{
    held h = run("cancer: melanoma\nfollow_up: 12\naccrual: 0\npeople: {same_in_every_arm: yes}\n",
                 "arms:\n"
                 "  - {name: both, n: 100, policy: standard, regimen: [{dose: nivolumab-1-q3w-with-ipilimumab}, {dose: "
                 "ipilimumab-3-q3w}, {dose: nivolumab-3-q2w, start: 84 day}]}\n"
                 "  - {name: nivolumab, n: 100, policy: standard, regimen: nivolumab-3-q2w}\n"
                 "  - {name: ipilimumab, n: 100, policy: standard, regimen: ipilimumab-3-q3w}\n",
                 2);
    CHECK(!h.status);
    if (h.status) return;
    const coley_trial_arm_result *r = h.result.arm;
    const size_t all = h.trial->n_harms;
    CHECK(r[0].response.k > r[1].response.k && r[1].response.k > r[2].response.k);
    CHECK(r[0].severe[all].k > r[1].severe[all].k && r[0].severe[all].k > r[2].severe[all].k);
    CHECK(r[0].any[all].k >= r[1].any[all].k && r[0].any[all].k >= r[2].any[all].k);
    CHECK(r[0].ratio[COLEY_END_PFS].ratio < r[1].ratio[COLEY_END_PFS].ratio && r[1].ratio[COLEY_END_PFS].ratio < 1);
    coley_arena_destroy(h.arena);
}

static void the_tail_is_flat_under_immunotherapy_and_not_under_chemotherapy(void)
{
    held h = run(
        "cancer: melanoma\nfollow_up: 30\naccrual: 0\ndropout: 0\npeople: {same_in_every_arm: yes}\n",
        "arms:\n  - {name: nivolumab, n: 160, regimen: nivolumab-3-q2w}\n"
        "  - {name: dacarbazine, n: 160, patient: {weight: 75 kg, height: 172 cm}, regimen: dacarbazine-1000-q3w}\n",
        2);
    CHECK(!h.status);
    if (h.status) return;
    double free_at[2][2];
    for (size_t a = 0; a < 2; a++)
        for (int k = 0; k < 2; k++)
            free_at[a][k] =
                coley_km_at(&h.result.arm[a].curve[COLEY_END_PFS], k ? 24 : 12, COLEY_KM_PLAIN, 0.95).survival;
    /* Of those free of progression after a year, most are so after two; under dacarbazine few. */
    CHECK(free_at[0][1] > 0.6 * free_at[0][0]);
    CHECK(free_at[1][1] < 0.6 * free_at[1][0]);
    coley_arena_destroy(h.arena);
}

static void nobody_is_scanned_after_death_or_progresses_after_it(void)
{
    held h = run("cancer: nsclc\nfollow_up: 12\n", "arms: [{name: a, n: 80, regimen: []}]\n", 2);
    CHECK(!h.status);
    if (h.status) return;
    size_t deaths = 0;
    for (size_t i = 0; i < h.trial->arm[0].n; i++) {
        const coley_trial_patient *p = &h.trial->arm[0].patient[i];
        deaths += p->death != COLEY_DEATH_NONE;
        CHECK(p->pfs_day <= p->os_day && p->os_day <= p->until_day + 1e-9);
        for (size_t k = 0; k < p->n_scans; k++)
            CHECK((double)h.trial->arm[0].scan[p->first_scan + k].day < p->os_day + 0.01);
    }
    CHECK(deaths > 10);
    coley_arena_destroy(h.arena);
}

static void an_eligibility_that_nobody_meets_says_which_rule_removes_whom(void)
{
    held h = run("cancer: melanoma\neligibility: [\"age >= 18\", \"pdl1_tps >= 101\"]\npeople: {most_screened: 5}\n",
                 "arms: [{name: a, n: 5, regimen: []}]\n", 1);
    CHECK(h.status == COLEY_ERR_INPUT);
    CHECK_HAS(h.err.text, "0 may enter");
    CHECK_HAS(h.err.text, "'age >= 18' removes 0 %");
    CHECK_HAS(h.err.text, "'pdl1_tps >= 101' removes 100 %");
    coley_arena_destroy(h.arena);
    h = run("cancer: melanoma\neligibility: [\"blood_type is A\"]\n", "arms: [{name: a, n: 5, regimen: []}]\n", 1);
    CHECK(h.status == COLEY_ERR_INPUT);
    CHECK_HAS(h.err.text, "nothing is called");
    coley_arena_destroy(h.arena);
}

/* A number that is none must not reach a reader. */
static void says_only_numbers(held *h)
{
    coley_text page = {.arena = h->arena}, summary = {.arena = h->arena}, words = {.arena = h->arena};
    CHECK(coley_trial_page(h->arena, &h->result, &page, &h->err) == COLEY_OK);
    coley_trial_summary(&h->result, &summary);
    CHECK(coley_trial_words(h->arena, &h->result, &words, &h->err) == COLEY_OK);
    const char *const text[] = {page.data, summary.data, words.data};
    for (size_t i = 0; i < 3; i++) {
        CHECK(text[i] != NULL);
        CHECK(!strstr(text[i], "nan") && !strstr(text[i], "NaN") && !strstr(text[i], "-inf"));
        CHECK(!strstr(text[i], ">inf<") && !strstr(text[i], ">inf ") && !strstr(text[i], " inf "));
    }
    for (size_t i = 0; i < COLEY_TRIAL_FILES; i++) {
        coley_text data = {.arena = h->arena};
        coley_trial_data_set(h->trial, i, &data);
        CHECK(data.data && !strstr(data.data, "nan") && !strstr(data.data, "inf,"));
    }
}

static void one_person_no_event_and_no_scan_give_a_report_without_a_wrong_number(void)
{
    held h = run("cancer: follicular\nfollow_up: 0.5\naccrual: 0\n",
                 "arms: [{name: a, n: 1, regimen: []}, {name: b, n: 1, regimen: []}]\n", 1);
    CHECK(!h.status);
    if (h.status) return;
    CHECK(h.result.arm[0].curve[COLEY_END_OS].events == 0);
    CHECK(isnan(h.result.arm[0].ratio[COLEY_END_OS].ratio));
    says_only_numbers(&h);
    coley_arena_destroy(h.arena);
    h = run("cancer: nsclc\nfollow_up: 12\n",
            "arms: [{name: a, n: 20, regimen: nivolumab-3-q2w, policy: standard}, {name: b, n: 20, regimen: []}]\n", 2);
    CHECK(!h.status);
    if (!h.status) says_only_numbers(&h);
    coley_arena_destroy(h.arena);
}

/* People who are looked at each week and quit on day 56, and people whose regimen ends before day 63. */
static coley_people_turn quits_on_day_56(void *self, size_t person, size_t row)
{
    (void)person;
    const coley_session *s = self;
    return s->day[row] == 56 ? COLEY_TURN_QUIT : COLEY_TURN_GO_ON;
}

static void follow(const char *regimen, const char *policy, int quits, double *sod, size_t *n_days)
{
    char text[600];
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const coley_yaml *root;
    coley_scenario *scenario;
    coley_session *session;
    coley_crowd crowd;
    unsigned char lost[8];
    double z[400];
    uint64_t id[8];
    const coley_session_options options = {.n_threads = 2};
    snprintf(text, sizeof text,
             "cancer: melanoma\nlesions: [{site: lung, diameter: 26 mm}]\nregimen: [{drug: nivolumab, dose: 3 mg/kg, "
             "every: 14 day%s}]\n%srun: {duration: 182 day, output_every: 7 day, rtol: 1e-7}\n",
             regimen, policy);
    CHECK(!coley_yaml_parse(arena, "test", text, strlen(text), &root, &err));
    CHECK(!coley_scenario_of_node(arena, root, CATALOG, &scenario, &err));
    CHECK(!coley_session_prepare(arena, scenario, MODELS, CATALOG, &session, &err));
    const size_t n_inputs = coley_program_input_count(session->body->program);
    double *inputs = COLEY_NEW(arena, double, 8 * n_inputs);
    CHECK(session->population->n_traits <= 400);
    for (uint64_t i = 0; i < 8; i++) {
        id[i] = i + 1;
        coley_population_scores(session->population, 1, i + 1, z);
        coley_population_inputs(session->population, z, inputs + i * n_inputs);
    }
    const coley_roster roster = {
        .n = 8, .id = id, .inputs = inputs, .turn = quits ? quits_on_day_56 : NULL, .self = session};
    CHECK(!coley_session_follow(arena, session, &options, &roster, 0, NULL, NULL, &crowd, lost, &err));
    const ptrdiff_t column = coley_watch_row(&session->watch, -1, "pd1_mgL");
    CHECK(column >= 0);
    *n_days = session->n_days;
    for (size_t i = 0; i < 8; i++)
        for (size_t d = 0; d < session->n_days; d++)
            sod[i * session->n_days + d] = coley_crowd_at(&crowd, i, d, (size_t)column);
    coley_arena_destroy(arena);
}

static void who_quits_gets_no_dose_from_the_next_look_on(void)
{
    static double quit[8 * 64], cut[8 * 64], on[8 * 64];
    static const char *const policies[] = {"", "policy: standard\n"};
    size_t n;
    for (size_t k = 0; k < 2; k++) {
        follow("", policies[k], 1, quit, &n);
        follow(", until: 63 day", policies[k], 0, cut, &n);
        follow("", policies[k], 0, on, &n);
        int more = 0;
        for (size_t i = 0; i < 8; i++)
            for (size_t d = 0; d < n; d++) {
                CHECK_NEAR(quit[i * n + d], cut[i * n + d], 1e-3);
                more += on[i * n + d] > quit[i * n + d] + 5;
            }
        CHECK(more > 50);
    }
}

/* Nobody gets anything at first; person i's therapy is over on day 28 + 7 i, and four weeks later nivolumab begins. */
static coley_people_turn quits_on_a_day_of_their_own(void *self, size_t person, size_t row)
{
    const coley_session *s = self;
    return s->day[row] >= 28 + 7 * (double)person ? COLEY_TURN_QUIT : COLEY_TURN_GO_ON;
}

/* Blood levels of person i alone when nivolumab is planned from `first_day` on, or of all when it comes later. */
static void nivolumab_in_blood(const char *policy, double first_day, int is_later, double *mgL, double *later_day,
                               size_t *n_days)
{
    static const char later_text[] = "cancer: melanoma\nlesions: [{site: lung, diameter: 26 mm}]\nregimen: [{drug: "
                                     "nivolumab, dose: 3 mg/kg, every: 14 day}]\nrun: {duration: 182 day}\n";
    char text[600];
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const coley_yaml *root;
    coley_scenario *scenario, *later_scenario;
    coley_session *session;
    coley_crowd crowd;
    unsigned char lost[5];
    double z[400];
    uint64_t id[5];
    const coley_session_options options = {.n_threads = 2};
    snprintf(text, sizeof text,
             "cancer: melanoma\nlesions: [{site: lung, diameter: 26 mm}]\nregimen: [%s]\n%srun: {duration: 182 day, "
             "output_every: 7 day, rtol: 1e-7}\n",
             is_later ? "" : "{drug: nivolumab, dose: 3 mg/kg, every: 14 day, start: START day}", policy);
    char *start = strstr(text, "START");
    if (start) memcpy(start, coley_arena_printf(arena, "%5.0f", first_day), 5);
    CHECK(!coley_yaml_parse(arena, "test", text, strlen(text), &root, &err));
    CHECK(!coley_scenario_of_node(arena, root, CATALOG, &scenario, &err));
    CHECK(!coley_yaml_parse(arena, "later", later_text, strlen(later_text), &root, &err));
    CHECK(!coley_scenario_of_node(arena, root, CATALOG, &later_scenario, &err));
    const coley_scenario_later comes = {.scenario = later_scenario, .delay_day = 28};
    scenario->later = &comes;
    scenario->n_later = is_later ? 1 : 0;
    CHECK(!coley_session_prepare(arena, scenario, MODELS, CATALOG, &session, &err));
    CHECK(session->n_doses == (is_later ? 0 : session->n_doses) && session->n_later == (is_later ? 1 : 0));
    const size_t n_inputs = coley_program_input_count(session->body->program);
    double *inputs = COLEY_NEW(arena, double, 5 * n_inputs);
    const coley_later *later[5];
    for (uint64_t i = 0; i < 5; i++) {
        id[i] = i + 1;
        coley_population_scores(session->population, 1, i + 1, z);
        coley_population_inputs(session->population, z, inputs + i * n_inputs);
        later[i] = i == 4 ? NULL : session->later; /* one gets nothing */
    }
    const coley_roster roster = {.n = 5,
                                 .id = id,
                                 .inputs = inputs,
                                 .turn = is_later ? quits_on_a_day_of_their_own : NULL,
                                 .self = session,
                                 .later = is_later ? later : NULL,
                                 .later_day = later_day};
    CHECK(!coley_session_follow(arena, session, &options, &roster, 0, NULL, NULL, &crowd, lost, &err));
    const ptrdiff_t column = coley_watch_row(&session->watch, -1, "pd1_mgL");
    CHECK(column >= 0);
    *n_days = session->n_days;
    for (size_t i = 0; i < 5; i++)
        for (size_t d = 0; d < session->n_days; d++)
            mgL[i * session->n_days + d] = coley_crowd_at(&crowd, i, d, (size_t)column);
    coley_arena_destroy(arena);
}

static void what_comes_later_is_given_from_each_person_s_own_day_on(void)
{
    static double all[5 * 64], planned[5 * 64];
    static const char *const policies[] = {"", "policy: standard\n"};
    for (size_t k = 0; k < 2; k++) {
        double first[5], none[5];
        size_t n, same;
        nivolumab_in_blood(policies[k], 0, 1, all, first, &n);
        CHECK(isnan(first[4]));
        for (size_t i = 0; i < 4; i++) {
            CHECK(first[i] == 28 + 7 * (double)i + 28);
            nivolumab_in_blood(policies[k], first[i], 0, planned, none, &same);
            double most = 0;
            for (size_t d = 0; d < n; d++) {
                CHECK_NEAR(all[i * n + d], planned[i * n + d], 1e-3 * (1 + planned[i * n + d]));
                if (7 * (double)d <= first[i]) CHECK(all[i * n + d] == 0);
                most = fmax(most, all[i * n + d]);
            }
            CHECK(most > 30);
        }
        for (size_t d = 0; d < n; d++) CHECK(all[4 * n + d] == 0);
    }
}

static const char two_arms[] = "cancer: melanoma\nfollow_up: 30\naccrual: 0\ndropout: 0\n"
                               "people: {same_in_every_arm: yes}\n";

static held crossing(const char *later, int n_threads)
{
    char arms[600];
    snprintf(arms, sizeof arms,
             "arms:\n  - {name: nivolumab, n: 50, regimen: nivolumab-3-q2w, policy: standard}\n"
             "  - {name: dacarbazine, n: 50, patient: {weight: 75 kg, height: 172 cm}, "
             "regimen: [{dose: dacarbazine-1000-q3w, until: 5 year}]%s}\n",
             later);
    return run(two_arms, arms, n_threads);
}

static int same_scans(const coley_trial_arm_run *a, const coley_trial_arm_run *b)
{
    return a->n_scans == b->n_scans && !memcmp(a->scan, b->scan, a->n_scans * sizeof *a->scan);
}

static void when_nobody_comes_to_a_later_therapy_the_trial_is_the_same_to_the_last_bit(void)
{
    held a = crossing("", 2), b = crossing(", after_progression: [{arm: nivolumab, share: 0}]", 2);
    CHECK(!a.status && !b.status);
    if (a.status || b.status) return;
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < 50; i++) CHECK(same_person(&a.trial->arm[k].patient[i], &b.trial->arm[k].patient[i]));
        for (size_t i = 0; i < 50; i++) CHECK(isnan(b.trial->arm[k].patient[i].later_day));
        CHECK(same_scans(&a.trial->arm[k], &b.trial->arm[k]));
    }
    coley_arena_destroy(a.arena);
    coley_arena_destroy(b.arena);
}

static void crossover_lengthens_the_control_arms_survival_and_leaves_its_progression_and_response_alone(void)
{
    held a = crossing("", 2), b = crossing(", after_progression: [{arm: nivolumab, share: 1}]", 2);
    CHECK(!a.status && !b.status);
    if (a.status || b.status) return;
    for (size_t i = 0; i < 50; i++) CHECK(same_person(&a.trial->arm[0].patient[i], &b.trial->arm[0].patient[i]));
    size_t longer = 0, crossed = 0;
    for (size_t i = 0; i < 50; i++) {
        const coley_trial_patient *p = &a.trial->arm[1].patient[i], *q = &b.trial->arm[1].patient[i];
        CHECK(p->best == q->best && p->pfs_event == q->pfs_event);
        CHECK_NEAR(p->pfs_day, q->pfs_day, 0.01);
        const int comes = q->pfs_event == COLEY_EVENT_PROGRESSION && q->pfs_day + 28 < q->os_day;
        CHECK(comes == !isnan(q->later_day));
        if (comes) CHECK(q->later_day == q->pfs_day + 28 && q->later == 0); /* four weeks are not given: the default */
        crossed += comes;
        longer += q->os_day > p->os_day + 30;
    }
    CHECK(crossed > 25 && longer > 5);
    CHECK(b.result.arm[1].n_death[COLEY_DEATH_TUMOUR] < a.result.arm[1].n_death[COLEY_DEATH_TUMOUR]);
    /* What nivolumab gains over dacarbazine shrinks when both get it. */
    CHECK(b.result.arm[0].ratio[COLEY_END_OS].ratio > a.result.arm[0].ratio[COLEY_END_OS].ratio + 0.1);
    says_only_numbers(&b);
    coley_arena_destroy(a.arena);
    coley_arena_destroy(b.arena);
}

/* Without the clinic's loop a therapy changes while the solver runs, in a block with others. */
static void a_therapy_that_changes_is_the_same_in_any_company(void)
{
    static const char head[] = "cancer: nsclc\naccrual: 0\nfollow_up: 10\ndropout: 0\n";
    static const char text[] =
        "arms:\n  - {name: a, n: %d, regimen: [{drug: pembrolizumab, dose: 200 mg, every: 42 day}], "
        "after_progression: [{regimen: [{drug: pembrolizumab, dose: 400 mg, every: 42 day}], "
        "share: 0.8, delay: 31 day}]}\n";
    char few[400], many[400];
    snprintf(few, sizeof few, text, 20);
    snprintf(many, sizeof many, text, 90);
    held a = run(head, few, 1), b = run(head, many, 2);
    CHECK(!a.status && !b.status);
    if (a.status || b.status) return;
    size_t changed = 0;
    for (size_t i = 0; i < 20; i++) {
        CHECK(same_person(&a.trial->arm[0].patient[i], &b.trial->arm[0].patient[i]));
        changed += !isnan(a.trial->arm[0].patient[i].later_day);
    }
    CHECK(changed > 3);
    coley_arena_destroy(a.arena);
    coley_arena_destroy(b.arena);
}

static void who_comes_to_what_depends_on_the_person_alone(void)
{
    static const char later[] =
        "arms:\n  - {name: a, n: %d, regimen: ipilimumab-3-q3w, policy: standard, after_progression: "
        "[{regimen: nivolumab-3-q2w, share: 0.5, delay: 21 day}, {regimen: [], share: 0.2}]}\n";
    char few[400], many[400];
    snprintf(few, sizeof few, later, 16);
    snprintf(many, sizeof many, later, 40);
    held a = run("cancer: melanoma\naccrual: 0\nfollow_up: 18\ndropout: 0\n", few, 1);
    held b = run("cancer: melanoma\naccrual: 0\nfollow_up: 18\ndropout: 0\n", many, 2);
    CHECK(!a.status && !b.status);
    if (a.status || b.status) return;
    size_t n[3] = {0};
    for (size_t i = 0; i < 16; i++) {
        const coley_trial_patient *p = &a.trial->arm[0].patient[i], *q = &b.trial->arm[0].patient[i];
        CHECK(same_person(p, q) && p->later == q->later);
        CHECK(p->later_day == q->later_day || (isnan(p->later_day) && isnan(q->later_day)));
    }
    for (size_t i = 0; i < 40; i++) n[b.trial->arm[0].patient[i].later + 1]++;
    CHECK(n[0] > 5 && n[1] > 10 && n[2] > 2); /* 30, 50 and 20 % */
    coley_arena_destroy(a.arena);
    coley_arena_destroy(b.arena);
}

static void new_lesions_come_with_growth_alone_and_only_hasten_progression(void)
{
    static const char arm[] = "arms: [{name: a, n: 60, regimen: nivolumab-3-q2w}]\n";
    held a = run("cancer: melanoma\nfollow_up: 8\naccrual: 0\ndropout: 0\n", arm, 2);
    held b = run("cancer: melanoma\nfollow_up: 8\naccrual: 0\ndropout: 0\nnew_lesions: 5\n", arm, 2);
    CHECK(!a.status && !b.status);
    if (a.status || b.status) return;
    size_t sooner = 0;
    for (size_t i = 0; i < 60; i++) {
        const coley_trial_patient *p = &a.trial->arm[0].patient[i], *q = &b.trial->arm[0].patient[i];
        CHECK(p->id == q->id && q->responded <= p->responded);
        if (q->pfs_event != COLEY_EVENT_PROGRESSION || q->pfs_day >= p->pfs_day - 1) continue;
        sooner++;
        for (size_t k = 0; k < q->n_scans; k++) { /* larger than at the start, but for the reader's error */
            const coley_trial_scan *scan = &b.trial->arm[0].scan[q->first_scan + k];
            if ((double)scan->day == q->pfs_day) CHECK(scan->change > -0.12F);
        }
    }
    CHECK(sooner >= 3);
    coley_arena_destroy(a.arena);
    coley_arena_destroy(b.arena);
}

/* Untreated, three weeks in: nobody has a new lesion with chance (1 + change)^-c. */
static void as_many_have_a_new_lesion_as_their_growth_says(void)
{
    held h = run("cancer: melanoma\nfollow_up: 1\naccrual: 0\ndropout: 0\nnew_lesions: 5\n",
                 "arms: [{name: a, n: 300, regimen: [], scans: {every: 3 week}}]\n", 2);
    CHECK(!h.status);
    if (h.status) return;
    double expected = 0, variance = 0, seen = 0;
    for (size_t i = 0; i < 300; i++) {
        const coley_trial_patient *p = &h.trial->arm[0].patient[i];
        if (p->n_scans < 1) continue;
        const coley_trial_scan *scan = &h.trial->arm[0].scan[p->first_scan];
        if (!(scan->change < 0.19F)) continue; /* those whose targets have not progressed */
        const double chance = scan->change > 0 ? 1 - pow(1 + (double)scan->change, -5) : 0;
        expected += chance;
        variance += chance * (1 - chance);
        seen += scan->response == COLEY_RESPONSE_PD;
    }
    printf("# %g new lesions, %.1f expected, standard deviation %.1f\n", seen, expected, sqrt(variance));
    CHECK(expected > 30 && fabs(seen - expected) < 4 * sqrt(variance));
    coley_arena_destroy(h.arena);
}

int main(void)
{
    RUN(a_person_is_the_same_on_one_thread_or_two_and_in_any_company);
    RUN(two_arms_without_a_drug_are_the_same_trial_twice_when_people_are_the_same);
    RUN(both_checkpoint_inhibitors_do_more_and_harm_more_than_either);
    RUN(the_tail_is_flat_under_immunotherapy_and_not_under_chemotherapy);
    RUN(nobody_is_scanned_after_death_or_progresses_after_it);
    RUN(an_eligibility_that_nobody_meets_says_which_rule_removes_whom);
    RUN(one_person_no_event_and_no_scan_give_a_report_without_a_wrong_number);
    RUN(who_quits_gets_no_dose_from_the_next_look_on);
    RUN(new_lesions_come_with_growth_alone_and_only_hasten_progression);
    RUN(as_many_have_a_new_lesion_as_their_growth_says);
    RUN(what_comes_later_is_given_from_each_person_s_own_day_on);
    RUN(when_nobody_comes_to_a_later_therapy_the_trial_is_the_same_to_the_last_bit);
    RUN(crossover_lengthens_the_control_arms_survival_and_leaves_its_progression_and_response_alone);
    RUN(a_therapy_that_changes_is_the_same_in_any_company);
    RUN(who_comes_to_what_depends_on_the_person_alone);
    return check_done();
}
