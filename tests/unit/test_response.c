/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RECIST 1.1 and iRECIST: each rule with the worked numbers that decide it. */
#include "clinic/response.h"
#include "base/rng.h"
#include "support/check.h"

#include <stdlib.h>

/* One finding of a case: day, lesion, millimetres (or a finding without a size). */
typedef struct seen {
    double day;
    int lesion;
    double mm;
    coley_finding finding;
} seen;

#define M     COLEY_FINDING_MEASURED
#define GONE  COLEY_FINDING_ABSENT
#define SMALL COLEY_FINDING_TOO_SMALL
#define NE    COLEY_FINDING_NOT_EVALUABLE

typedef struct judged {
    coley_arena *arena;
    coley_status status;
    coley_response_report r;
} judged;

static judged judge(const coley_lesion *lesion, size_t n_lesions, const seen *s, size_t n,
                    const coley_response_options *options)
{
    judged j = {.arena = coley_arena_create()};
    coley_error err = {0};
    coley_measurement *m = COLEY_NEW(j.arena, coley_measurement, n);
    coley_lesion *l = COLEY_NEW(j.arena, coley_lesion, n_lesions);
    memcpy(l, lesion, n_lesions * sizeof *l);
    for (size_t i = 0; i < n; i++)
        m[i] = (coley_measurement){
            .day = s[i].day, .lesion = (size_t)s[i].lesion, .finding = s[i].finding, .diameter_mm = s[i].mm};
    const coley_lesion_table table = {.patient = "case",
                                      .n_lesions = n_lesions,
                                      .n_measurements = n,
                                      .lesion = l,
                                      .measurement = m,
                                      .last_contact_day = NAN};
    const coley_response_options usual = COLEY_RESPONSE_DEFAULT;
    j.status = coley_response_judge(j.arena, &table, options ? options : &usual, &j.r, &err);
    if (j.status != COLEY_OK) printf("# %s\n", err.text);
    return j;
}

static const coley_lesion two[] = {
    {.id = "A", .organ = "lung", .merged_into = -1, .split_from = -1},
    {.id = "B", .organ = "liver", .merged_into = -1, .split_from = -1},
};
static const coley_lesion with_new[] = {
    {.id = "A", .organ = "lung", .merged_into = -1, .split_from = -1},
    {.id = "N", .organ = "liver", .role = COLEY_LESION_NEW, .merged_into = -1, .split_from = -1},
    {.id = "O", .organ = "bone", .role = COLEY_LESION_NEW, .merged_into = -1, .split_from = -1},
};

/* Sums at visits every 56 days, one lesion; what each visit is called. */
static void sums(const double *mm, size_t n, const char *recist, const char *irecist)
{
    seen s[12];
    for (size_t i = 0; i < n; i++) s[i] = (seen){56.0 * (double)i, 0, mm[i], mm[i] > 0 ? M : GONE};
    judged j = judge(two, 1, s, n, NULL);
    char a[128] = "", b[128] = "";
    for (size_t i = 0; i < j.r.n_assessments; i++) {
        strcat(strcat(a, i ? " " : ""), coley_response_name(j.r.assessment[i].overall));
        strcat(strcat(b, i ? " " : ""), coley_iresponse_name(j.r.assessment[i].ioverall));
    }
    CHECK_TEXT(a, recist);
    if (irecist) CHECK_TEXT(b, irecist);
    coley_arena_destroy(j.arena);
}
#define SUMS(recist, irecist, ...)                                                                                     \
    do {                                                                                                               \
        const double mm_[] = {__VA_ARGS__};                                                                            \
        sums(mm_, sizeof mm_ / sizeof *mm_, recist, irecist);                                                          \
    } while (0)

static void thirty_per_cent_down_from_baseline_is_a_partial_response(void)
{
    SUMS("SD", "iSD", 100, 71);
    SUMS("PR", "iPR", 100, 70);
    SUMS("PR", "iPR", 33, 23.1);
    SUMS("CR", "iCR", 100, 0);
}

static void progression_needs_twenty_per_cent_and_five_millimetres_over_the_nadir(void)
{
    SUMS("PR SD", NULL, 30, 20, 24);
    SUMS("PR PD", NULL, 30, 20, 25);
    SUMS("SD SD", NULL, 60, 50, 59);
    SUMS("SD PD", NULL, 60, 50, 60);
    SUMS("PR PD", "iPR iUPD", 100, 60, 75);
    SUMS("SD", NULL, 100, 119);
    SUMS("PD", "iUPD", 100, 120);
    SUMS("SD", NULL, 20, 24.9);
}

static void unconfirmed_progression_is_confirmed_repeated_or_cancelled(void)
{
    SUMS("PD PD", "iUPD iUPD", 100, 125, 127);
    SUMS("PD PD", "iUPD iCPD", 100, 125, 130);
    SUMS("PD SD", "iUPD iSD", 100, 125, 95);
    SUMS("PD PR", "iUPD iPR", 100, 125, 60);
    SUMS("PD PD PD", "iUPD iUPD iUPD", 100, 125, 129, 129);
    SUMS("PD PD PD", "iUPD iUPD iCPD", 100, 125, 129, 131);
    SUMS("PD SD PD PD", "iUPD iSD iUPD iCPD", 100, 125, 95, 120, 126);
}

static void small_gains_add_up_to_a_confirmation(void)
{
    SUMS("PD PD PD", "iUPD iUPD iCPD", 100, 125, 129, 131);
}

static void pseudoprogression_is_flagged_only_when_an_iupd_is_cancelled(void)
{
    const seen back[] = {{0, 0, 100, M}, {56, 0, 125, M}, {112, 0, 60, M}};
    judged j = judge(two, 1, back, 3, NULL);
    CHECK(j.r.pseudoprogression && j.r.ibest == COLEY_IRESPONSE_PR && j.r.best == COLEY_RESPONSE_PD);
    CHECK(j.r.pfs_event == COLEY_EVENT_PROGRESSION && j.r.pfs_day == 56);
    CHECK(j.r.ipfs_event == COLEY_EVENT_CENSORED && j.r.ipfs_day == 112);
    coley_arena_destroy(j.arena);
    const seen on[] = {{0, 0, 100, M}, {56, 0, 125, M}, {112, 0, 140, M}};
    j = judge(two, 1, on, 3, NULL);
    CHECK(!j.r.pseudoprogression && j.r.ipfs_event == COLEY_EVENT_PROGRESSION && j.r.ipfs_day == 56);
    CHECK(j.r.ibest == COLEY_IRESPONSE_CPD);
    coley_arena_destroy(j.arena);
}

static void a_scan_too_early_does_not_confirm(void)
{
    const seen s[] = {{0, 0, 100, M}, {56, 0, 125, M}, {70, 0, 140, M}, {112, 0, 141, M}};
    judged j = judge(two, 1, s, 4, NULL);
    CHECK(j.r.assessment[1].ioverall == COLEY_IRESPONSE_UPD);
    CHECK(j.r.assessment[2].ioverall == COLEY_IRESPONSE_CPD);
    coley_arena_destroy(j.arena);
}

static void new_lesions_progress_and_are_measured_apart(void)
{
    const seen grows4[] = {{0, 0, 50, M}, {56, 0, 50, M}, {56, 1, 12, M}, {112, 0, 50, M}, {112, 1, 16, M}};
    judged j = judge(with_new, 2, grows4, 5, NULL);
    CHECK(j.r.assessment[0].overall == COLEY_RESPONSE_PD && j.r.assessment[0].n_new == 1);
    CHECK_NEAR(j.r.assessment[0].sod_mm, 50, 0);
    CHECK_NEAR(j.r.assessment[0].new_sod_mm, 12, 0);
    CHECK(j.r.assessment[0].ioverall == COLEY_IRESPONSE_UPD && j.r.assessment[1].ioverall == COLEY_IRESPONSE_UPD);
    coley_arena_destroy(j.arena);
    const seen grows5[] = {{0, 0, 50, M}, {56, 0, 50, M}, {56, 1, 12, M}, {112, 0, 50, M}, {112, 1, 17, M}};
    j = judge(with_new, 2, grows5, 5, NULL);
    CHECK(j.r.assessment[1].ioverall == COLEY_IRESPONSE_CPD);
    coley_arena_destroy(j.arena);
    const seen second[] = {{0, 0, 50, M},   {56, 0, 50, M},  {56, 1, 12, M},
                           {112, 0, 50, M}, {112, 1, 12, M}, {112, 2, 11, M}};
    j = judge(with_new, 3, second, 6, NULL);
    CHECK(j.r.assessment[1].ioverall == COLEY_IRESPONSE_CPD && j.r.assessment[1].n_new == 2);
    coley_arena_destroy(j.arena);
}

static void nodes_go_by_their_short_axis(void)
{
    const coley_lesion node[] = {
        {.id = "node", .organ = "lymph node", .nodal = 1, .merged_into = -1, .split_from = -1}};
    const seen s[] = {{0, 0, 18, M}, {56, 0, 9, M}};
    judged j = judge(node, 1, s, 2, NULL);
    CHECK(j.r.assessment[0].overall == COLEY_RESPONSE_CR);
    CHECK_NEAR(j.r.assessment[0].sod_mm, 9, 0);
    coley_arena_destroy(j.arena);
    const seen small[] = {{0, 0, 12, M}, {56, 0, 12, M}};
    j = judge(node, 1, small, 2, NULL);
    CHECK(j.r.n_targets == 0 && j.r.assessment[0].overall == COLEY_RESPONSE_NON_CR_NON_PD);
    coley_arena_destroy(j.arena);
}

static void at_most_five_targets_and_two_an_organ_are_chosen_the_largest_first(void)
{
    coley_lesion many[9];
    seen s[18];
    static const char *const organ[] = {"lung", "lung", "lung", "liver", "liver", "bone", "bone", "skin", "skin"};
    for (int i = 0; i < 9; i++) {
        many[i] = (coley_lesion){.id = "x", .organ = organ[i], .merged_into = -1, .split_from = -1};
        static const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
        many[i].id = ids[i];
        s[i] = (seen){0, i, 20 + i, M};
        s[9 + i] = (seen){56, i, 20 + i, M};
    }
    judged j = judge(many, 9, s, 18, NULL);
    CHECK(j.r.n_targets == 5);
    size_t in_lung = 0, in_skin = 0;
    for (size_t i = 0; i < j.r.n_targets; i++) {
        in_lung += j.r.target[i] < 3;
        in_skin += j.r.target[i] >= 7;
    }
    CHECK(in_lung <= 2 && in_skin == 2);
    coley_arena_destroy(j.arena);
}

static void too_small_counts_five_and_gone_counts_nothing(void)
{
    const seen s[] = {{0, 0, 30, M}, {0, 1, 20, M}, {56, 0, NAN, SMALL}, {56, 1, 0, GONE}};
    judged j = judge(two, 2, s, 4, NULL);
    CHECK_NEAR(j.r.assessment[0].sod_mm, 5, 0);
    CHECK(j.r.assessment[0].overall == COLEY_RESPONSE_PR);
    coley_arena_destroy(j.arena);
}

static void a_target_not_seen_is_not_evaluable_unless_the_rest_proves_progression(void)
{
    const seen s[] = {{0, 0, 30, M},    {0, 1, 20, M},   {56, 0, 30, M},
                      {56, 1, NAN, NE}, {112, 0, 61, M}, {112, 1, NAN, NE}};
    judged j = judge(two, 2, s, 6, NULL);
    CHECK(j.r.assessment[0].overall == COLEY_RESPONSE_NE);
    CHECK(j.r.assessment[1].overall == COLEY_RESPONSE_PD);
    coley_arena_destroy(j.arena);
}

static void non_targets_progress_only_without_doubt(void)
{
    const coley_lesion l[] = {
        two[0],
        {.id = "ascites", .organ = "peritoneum", .role = COLEY_LESION_NON_TARGET, .merged_into = -1, .split_from = -1}};
    const seen s[] = {{0, 0, 50, M},     {0, 1, NAN, COLEY_FINDING_PRESENT},
                      {56, 0, 0, GONE},  {56, 1, NAN, COLEY_FINDING_PRESENT},
                      {112, 0, 0, GONE}, {112, 1, NAN, COLEY_FINDING_PROGRESSED}};
    judged j = judge(l, 2, s, 6, NULL);
    CHECK(j.r.assessment[0].target == COLEY_RESPONSE_CR && j.r.assessment[0].overall == COLEY_RESPONSE_PR);
    CHECK(j.r.assessment[1].overall == COLEY_RESPONSE_PD);
    coley_arena_destroy(j.arena);
}

static void a_response_is_confirmed_after_four_weeks(void)
{
    coley_response_options o = COLEY_RESPONSE_DEFAULT;
    o.confirm = 1;
    const seen twice[] = {{0, 0, 100, M}, {42, 0, 65, M}, {84, 0, 60, M}, {126, 0, 90, M}};
    judged j = judge(two, 1, twice, 4, &o);
    CHECK(j.r.best == COLEY_RESPONSE_PR && j.r.best_confirmed == COLEY_RESPONSE_PR && j.r.response_start_day == 42);
    CHECK(j.r.response_duration_day == 84 && j.r.duration_event == COLEY_EVENT_PROGRESSION);
    coley_arena_destroy(j.arena);
    const seen once[] = {{0, 0, 100, M}, {42, 0, 65, M}, {84, 0, 90, M}};
    j = judge(two, 1, once, 3, &o);
    CHECK(j.r.best == COLEY_RESPONSE_PR && j.r.best_confirmed == COLEY_RESPONSE_SD && isnan(j.r.response_start_day));
    coley_arena_destroy(j.arena);
    const seen between[] = {{0, 0, 100, M}, {42, 0, 65, M}, {84, 0, 72, M}, {126, 0, 66, M}};
    j = judge(two, 1, between, 4, &o);
    CHECK(j.r.best_confirmed == COLEY_RESPONSE_PR);
    coley_arena_destroy(j.arena);
    const seen early[] = {{0, 0, 100, M}, {42, 0, 65, M}, {60, 0, 64, M}};
    j = judge(two, 1, early, 3, &o);
    CHECK(j.r.best_confirmed == COLEY_RESPONSE_SD);
    coley_arena_destroy(j.arena);
}

static void disease_seen_again_after_a_complete_response_is_progression(void)
{
    const seen s[] = {{0, 0, 30, M}, {56, 0, 0, GONE}, {112, 0, 8, M}};
    judged j = judge(two, 1, s, 3, NULL);
    CHECK(j.r.assessment[0].overall == COLEY_RESPONSE_CR && j.r.assessment[1].overall == COLEY_RESPONSE_PD);
    coley_arena_destroy(j.arena);
}

static void progression_after_missed_visits_is_censored_before_them(void)
{
    const seen s[] = {{0, 0, 50, M}, {42, 0, 50, M}, {84, 0, 50, M}, {126, 0, 50, M}, {300, 0, 90, M}};
    judged j = judge(two, 1, s, 5, NULL);
    CHECK(j.r.pfs_event == COLEY_EVENT_CENSORED && j.r.pfs_day == 126);
    CHECK_HAS(j.r.censor_rule, "missed");
    coley_arena_destroy(j.arena);
    coley_response_options o = COLEY_RESPONSE_DEFAULT;
    o.missed_visits_censor = 0;
    j = judge(two, 1, s, 5, &o);
    CHECK(j.r.pfs_event == COLEY_EVENT_PROGRESSION && j.r.pfs_day == 300);
    coley_arena_destroy(j.arena);
}

static void early_stable_disease_is_no_best_response(void)
{
    const seen s[] = {{0, 0, 50, M}, {20, 0, 50, M}, {60, 0, 80, M}};
    judged j = judge(two, 1, s, 3, NULL);
    CHECK(j.r.best == COLEY_RESPONSE_PD);
    coley_arena_destroy(j.arena);
    j = judge(two, 1, s, 2, NULL);
    CHECK(j.r.best == COLEY_RESPONSE_NE);
    coley_arena_destroy(j.arena);
}

static void the_order_of_lesions_does_not_matter_and_a_blind_visit_never_progresses(void)
{
    FOR_ALL(200, seed)
    {
        seen a[16], b[16], c[18];
        int n = 0;
        for (int v = 0; v < 6; v++)
            for (int l = 0; l < 2; l++, n++) {
                const double mm = 10 + 60 * coley_rng_uniform(seed, COLEY_STREAM_TEST, (uint64_t)v, (uint64_t)l);
                a[n] = (seen){42.0 * v, l, mm, M};
            }
        for (int v = 0; v < 6; v++) {
            b[2 * v] = (seen){42.0 * v, 0, a[2 * v + 1].mm, M};
            b[2 * v + 1] = (seen){42.0 * v, 1, a[2 * v].mm, M};
        }
        const coley_lesion swapped[] = {two[1], two[0]};
        judged x = judge(two, 2, a, 12, NULL), y = judge(swapped, 2, b, 12, NULL);
        for (size_t i = 0; i < x.r.n_assessments; i++) {
            CHECK(x.r.assessment[i].overall == y.r.assessment[i].overall &&
                  x.r.assessment[i].ioverall == y.r.assessment[i].ioverall);
            CHECK(x.r.assessment[i].nadir_mm <= (i ? x.r.assessment[i - 1].nadir_mm : INFINITY));
        }
        memcpy(c, a, sizeof a);
        c[12] = (seen){252, 0, NAN, NE};
        c[13] = (seen){252, 1, NAN, NE};
        judged z = judge(two, 2, c, 14, NULL);
        CHECK(z.r.assessment[5].overall == COLEY_RESPONSE_NE);
        CHECK(z.r.best == x.r.best && z.r.pfs_day == x.r.pfs_day);
        coley_arena_destroy(x.arena);
        coley_arena_destroy(y.arena);
        coley_arena_destroy(z.arena);
    }
}

static void every_allocation_may_fail(void)
{
    coley_measurement m[] = {{0, 0, M, 50}, {56, 0, M, 70}, {112, 0, M, 20}};
    coley_lesion l[] = {two[0]};
    const coley_lesion_table table = {
        .patient = "p", .n_lesions = 1, .n_measurements = 3, .lesion = l, .measurement = m, .last_contact_day = NAN};
    const coley_response_options o = COLEY_RESPONSE_DEFAULT;
    int done = 0;
    for (size_t k = 1; k < 200 && !done; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_response_report r;
        coley_error err = {0};
        done = coley_response_judge(arena, &table, &o, &r, &err) == COLEY_OK;
        if (!done) CHECK(err.code == COLEY_ERR_MEMORY);
        coley_arena_destroy(arena);
    }
    CHECK(done);
}

int main(void)
{
    RUN(thirty_per_cent_down_from_baseline_is_a_partial_response);
    RUN(progression_needs_twenty_per_cent_and_five_millimetres_over_the_nadir);
    RUN(unconfirmed_progression_is_confirmed_repeated_or_cancelled);
    RUN(small_gains_add_up_to_a_confirmation);
    RUN(pseudoprogression_is_flagged_only_when_an_iupd_is_cancelled);
    RUN(a_scan_too_early_does_not_confirm);
    RUN(new_lesions_progress_and_are_measured_apart);
    RUN(nodes_go_by_their_short_axis);
    RUN(at_most_five_targets_and_two_an_organ_are_chosen_the_largest_first);
    RUN(too_small_counts_five_and_gone_counts_nothing);
    RUN(a_target_not_seen_is_not_evaluable_unless_the_rest_proves_progression);
    RUN(non_targets_progress_only_without_doubt);
    RUN(a_response_is_confirmed_after_four_weeks);
    RUN(disease_seen_again_after_a_complete_response_is_progression);
    RUN(progression_after_missed_visits_is_censored_before_them);
    RUN(early_stable_disease_is_no_best_response);
    RUN(the_order_of_lesions_does_not_matter_and_a_blind_visit_never_progresses);
    RUN(every_allocation_may_fail);
    return check_done();
}
