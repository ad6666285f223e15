/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_report.c -- the page for people: complete, self-contained, the same twice, and deaf to markup in its inputs. */
#include "run/report.h"

#include "support/check.h"
#include "support/course_fixture.h"

#include <stdlib.h>
#include <unistd.h>

static coley_error err;

static char *page_of(coley_arena *arena, const coley_course *course, const coley_scenario *scenario)
{
    coley_text out = {.arena = arena};
    if (coley_report_page(arena, course, scenario, &out, &err) != COLEY_OK) return NULL;
    CHECK(strlen(out.data) == out.length);
    return out.data;
}

static const char scenario_text[] =
    "title: \"<script>t</script>\"\ncancer: nsclc\nlesions: [{site: lung, diameter: 3 cm}]\n";

static void the_page_has_every_part_and_plain_words_come_first(void)
{
    coley_arena *arena = coley_arena_create();
    const char *page = page_of(arena, &fixture_create(arena)->course, NULL);
    const char *const parts[] = {"For research and teaching; not medical advice",
                                 "id=\"plain\"",
                                 "id=\"sizes\"",
                                 "id=\"forecast\"",
                                 "id=\"drug\"",
                                 "id=\"occupancy\"",
                                 "id=\"t-cells\"",
                                 "id=\"steps\"",
                                 "id=\"suppression\"",
                                 "id=\"antigen\"",
                                 "id=\"healthy\"",
                                 "id=\"events\"",
                                 "id=\"origin\""};
    const char *at = page;
    for (size_t i = 0; at && i < sizeof parts / sizeof *parts; i++) {
        const char *found = strstr(at, parts[i]);
        if (!found) CHECK_FAIL_("%s is missing or out of place", parts[i]);
        if (found) at = found;
    }
    CHECK_HAS(page, "pseudoprogression");
    CHECK_HAS(page, "class=\"r-upd\"");
    CHECK_HAS(page, "class=\"moment\"><title>day 3: The inhibitor steps in");
    CHECK_HAS(page, "aria-label=");
    CHECK_HAS(page, "lang=\"en\"");
    coley_arena_destroy(arena);
}

static void the_page_asks_for_nothing_from_elsewhere(void)
{
    coley_arena *arena = coley_arena_create();
    const char *page = page_of(arena, &fixture_create(arena)->course, NULL);
    const char *const bad[] = {"http://", "https://", "src=",      "<script",    "<link",
                               "@import", "<iframe",  "href=\"//", "javascript:"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (strstr(page, bad[i])) CHECK_FAIL_("the page holds %s", bad[i]);
    for (const char *p = page; (p = strstr(p, "url(")); p++) CHECK(p[4] == '#');
    for (const char *p = page; (p = strstr(p, "href=\"")); p++) CHECK(p[6] == '#');
    CHECK_HAS(page, "default-src 'none'");
    coley_arena_destroy(arena);
}

static void the_same_course_gives_the_same_bytes(void)
{
    coley_arena *a = coley_arena_create(), *b = coley_arena_create();
    coley_arena_alloc(b, 12345); /* other addresses */
    CHECK_TEXT(page_of(a, &fixture_create(a)->course, NULL), page_of(b, &fixture_create(b)->course, NULL));
    coley_arena_destroy(a);
    coley_arena_destroy(b);
}

static void markup_in_any_text_stays_text(void)
{
    coley_arena *arena = coley_arena_create();
    fixture *f = fixture_create(arena);
    const char *evil = "<script>alert(1)</script>\"'><img onerror=x>&";
    f->course.title = f->course.patient = f->course.cancer = f->course.facts[0] = f->course.summary[0] = evil;
    for (size_t i = 0; i < f->course.n_series; i++) f->series[i].label = evil;
    f->series[4].unit = f->series[5].unit = evil;
    for (size_t i = 0; i < f->course.n_doses; i++) f->dose[i].drug = f->dose[i].unit = evil;
    for (size_t i = 0; i < f->course.n_events; i++) f->event[i].what = evil;
    for (size_t i = 0; i < f->lesions.n_lesions; i++) f->lesions.lesion[i].id = f->lesions.lesion[i].organ = evil;
    for (size_t i = 0; i < f->response.n_assessments; i++) f->response.assessment[i].why = evil;
    coley_scenario *scenario = NULL;
    CHECK(coley_scenario_parse(arena, "s", scenario_text, strlen(scenario_text), &scenario, &err) == COLEY_OK);
    const char *page = page_of(arena, &f->course, scenario);
    CHECK(page && !strstr(page, "<script") && !strstr(page, "<img"));
    CHECK_HAS(page, "&lt;script&gt;");
    coley_arena_destroy(arena);
}

static void a_checker_finds_it_well_formed(void)
{
    if (system("command -v xmllint >/dev/null 2>&1") != 0) return; /* not on this machine */
    coley_arena *arena = coley_arena_create();
    const char *page = page_of(arena, &fixture_create(arena)->course, NULL);
    char path[] = "/tmp/coley-report-XXXXXX", command[128];
    const int fd = mkstemp(path);
    CHECK(fd >= 0 && write(fd, page, strlen(page)) == (ssize_t)strlen(page));
    close(fd);
    snprintf(command, sizeof command, "xmllint --noout %s", path);
    CHECK(system(command) == 0);
    unlink(path);
    coley_arena_destroy(arena);
}

static void a_course_with_little_in_it_still_makes_a_page(void)
{
    coley_arena *arena = coley_arena_create();
    const double day[] = {0, 1}, value[] = {NAN, NAN};
    const coley_series series = {.id = "x", .label = "x", .unit = "1", .group = "other", .value = value};
    coley_course course = {
        .title = "t", .patient = "p", .cancer = "c", .n_days = 2, .day = day, .forecast_from_day = NAN};
    CHECK(page_of(arena, &course, NULL) != NULL);
    course.n_series = 1;
    course.series = &series;
    CHECK(page_of(arena, &course, NULL) != NULL);
    course.n_days = 0;
    CHECK(page_of(arena, &course, NULL) == NULL && err.code == COLEY_ERR_ARG);
    coley_arena_destroy(arena);
}

static void a_new_lesion_is_a_star_with_its_day(void)
{
    coley_arena *arena = coley_arena_create();
    fixture *f = fixture_create(arena);
    CHECK(!strstr(page_of(arena, &f->course, NULL), "new tumour"));
    for (size_t i = 3; i < f->response.n_assessments; i++) f->response.assessment[i].n_new = 1;
    CHECK_HAS(page_of(arena, &f->course, NULL), "<title>day 168: 1 new tumour</title>");
    coley_arena_destroy(arena);
}

static void many_series_of_one_group_are_split_by_place(void)
{
    coley_arena *arena = coley_arena_create();
    fixture *f = fixture_create(arena);
    coley_series series[12];
    char ids[12][16];
    for (int i = 0; i < 12; i++) {
        snprintf(ids[i], sizeof ids[i], "L%d.T%d", 1 + i / 4, i % 4);
        series[i] = (coley_series){
            .id = ids[i], .label = ids[i], .unit = "cell", .group = "t_cells", .value = f->series[10].value};
    }
    f->course.series = series;
    f->course.n_series = 12;
    const char *page = page_of(arena, &f->course, NULL);
    CHECK_HAS(page, "<h3>L1</h3>");
    CHECK_HAS(page, "<h3>L3</h3>");
    coley_arena_destroy(arena);
}

static int is_vowel(char c)
{
    return strchr("aeiouyAEIOUY", c) != NULL;
}

/* Flesch-Kincaid grade (Kincaid 1975): 0.39 words per sentence + 11.8 syllables per word - 15.59. A syllable is a run
 * of vowels; a final e is silent. */
static double reading_grade(const char *const *sentence)
{
    double words = 0, stops = 0, syllables = 0;
    for (size_t i = 0; sentence[i]; i++) {
        const char *p = sentence[i];
        while (*p) {
            size_t n = strcspn(p, " ");
            double runs = 0;
            for (size_t k = 0; k < n; k++) runs += is_vowel(p[k]) && (k == 0 || !is_vowel(p[k - 1]));
            if (n > 2 && p[n - 1] == 'e' && runs > 1) runs--;
            words++;
            syllables += runs > 0 ? runs : 1;
            stops += p[n - 1] == '.' || p[n - 1] == ':';
            p += n + (p[n] == ' ');
        }
    }
    return 0.39 * words / stops + 11.8 * syllables / words - 15.59;
}

static void plain_words_read_at_the_age_of_twelve_and_carry_numbers(void)
{
    coley_arena *arena = coley_arena_create();
    const char *sentence[COLEY_REPORT_MAX_SENTENCES + 1];
    CHECK(coley_report_sentences(arena, &fixture_create(arena)->course, sentence, &err) == COLEY_OK);
    const double grade = reading_grade(sentence);
    if (!(grade <= 7)) CHECK_FAIL_("grade %.1f", grade);
    CHECK_HAS(sentence[0], "18 doses of pembrolizumab");
    CHECK_HAS(sentence[3], "25 mm, on day 294");
    coley_arena_destroy(arena);
}

static void a_course_that_only_grows_is_said_to_grow(void)
{
    coley_arena *arena = coley_arena_create();
    fixture *f = fixture_create(arena);
    for (size_t i = 0; i < f->response.n_assessments; i++) f->response.assessment[i].sod_mm = 90 + 12 * (double)i;
    const char *sentence[COLEY_REPORT_MAX_SENTENCES + 1];
    CHECK(coley_report_sentences(arena, &f->course, sentence, &err) == COLEY_OK);
    int grew = 0;
    for (size_t i = 0; sentence[i]; i++) {
        grew |= strstr(sentence[i], "They grew, to 186 mm on day 378.") != NULL;
        CHECK(!strstr(sentence[i], "again") && !strstr(sentence[i], "smaller"));
    }
    CHECK(grew);
    coley_arena_destroy(arena);
}

static void the_terminal_shows_the_key_numbers(void)
{
    coley_arena *arena = coley_arena_create();
    const fixture *f = fixture_create(arena);
    for (int ascii = 0; ascii < 2; ascii++) {
        coley_text out = {.arena = arena};
        CHECK(coley_report_terminal(arena, &f->course, 80, ascii, &out, &err) == COLEY_OK);
        CHECK_HAS(out.data, "PR (RECIST 1.1), iPR (iRECIST)");
        CHECK_HAS(out.data, "not medical advice");
        if (ascii)
            for (const char *p = out.data; *p; p++) CHECK((unsigned char)*p < 128);
    }
    coley_arena_destroy(arena);
}

static void every_failing_allocation_is_reported(void)
{
    /* The fixture has an arena of its own; steps grow, for there are thousands of allocations. */
    coley_arena *own = coley_arena_create();
    const fixture *f = fixture_create(own);
    for (size_t k = 1, n = 0;; k += 1 + k / 6) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_text out = {.arena = arena};
        coley_status status = coley_report_page(arena, &f->course, NULL, &out, &err);
        if (status == COLEY_OK) status = coley_report_terminal(arena, &f->course, 80, 0, &out, &err);
        coley_arena_destroy(arena);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
        CHECK(++n < 200);
    }
    coley_arena_destroy(own);
}

int main(void)
{
    RUN(the_page_has_every_part_and_plain_words_come_first);
    RUN(the_page_asks_for_nothing_from_elsewhere);
    RUN(the_same_course_gives_the_same_bytes);
    RUN(markup_in_any_text_stays_text);
    RUN(a_checker_finds_it_well_formed);
    RUN(a_course_with_little_in_it_still_makes_a_page);
    RUN(a_new_lesion_is_a_star_with_its_day);
    RUN(many_series_of_one_group_are_split_by_place);
    RUN(plain_words_read_at_the_age_of_twelve_and_carry_numbers);
    RUN(a_course_that_only_grows_is_said_to_grow);
    RUN(the_terminal_shows_the_key_numbers);
    RUN(every_failing_allocation_is_reported);
    return check_done();
}
