/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/trial_design.h"

#include "support/check.h"

static const char head[] = "cancer: melanoma\narms:\n  - {name: a, n: 10, regimen: x}\n";

static coley_status parse(const char *text, coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    coley_trial_design *design;
    *err = (coley_error){0};
    const coley_status status = coley_trial_parse(arena, "trial.yaml", text, strlen(text), &design, err);
    coley_arena_destroy(arena);
    return status;
}

static void refuses(const char *more, const char *line_and_words)
{
    char text[2000];
    coley_error err;
    snprintf(text, sizeof text, "%s%s", head, more);
    CHECK(parse(text, &err) == COLEY_ERR_INPUT);
    char said[1500];
    snprintf(said, sizeof said, "%d %s %s", err.line, err.key, err.text);
    CHECK_HAS(said, line_and_words);
}

static void arms_keep_their_own_keys_and_leave_the_rest_to_their_scenario(void)
{
    coley_error err;
    CHECK(parse(head, &err) == COLEY_OK);
    CHECK(parse("cancer: melanoma\nscenario: {lesions: []}\narms: [{name: a, policy: standard, model: {also: [x]}}]\n",
                &err) == COLEY_OK);
}

static void a_key_that_nobody_knows_is_named_with_the_nearest(void)
{
    refuses("follow_upp: 3\n", "follow_up");
}

static void arms_with_one_name_contradict_each_other(void)
{
    refuses("  - {name: a, n: 10}\n", "'a' is there twice");
}

static void a_control_that_is_no_arm_is_refused(void)
{
    refuses("control: placebo\n", "there is no arm 'placebo'");
}

static void published_figures_lack_nothing(void)
{
    refuses("  - {name: b, published: [{measure: orr, value: 58, source: s}]}\n", "a share is from 0 to 1");
    refuses("  - {name: b, published: [{measure: os_at, value: 0.5, source: s}]}\n", "'month' is missing");
    refuses("  - {name: b, published: [{measure: hr_os, value: 0.5, source: s}]}\n", "'to' is missing");
    refuses("  - {name: b, published: [{measure: hr_os, to: b, value: 0.5, source: s}]}\n", "no other arm 'b'");
    refuses("  - {name: b, published: [{measure: orr, value: 0.5, low: 0.6, high: 0.7, source: s}]}\n", "between them");
    refuses("  - {name: b, published: [{measure: orr, value: 0.5, low: 0.4, source: s}]}\n", "both 'low' and 'high'");
    refuses("  - {name: b, published: [{measure: orr, value: 0.5}]}\n", "'source' is missing");
}

static void the_same_people_in_arms_of_two_sizes_are_refused(void)
{
    refuses("  - {name: b, n: 11}\npeople: {same_in_every_arm: yes}\n", "all arms have as many");
}

static void numbers_outside_their_range_say_the_range(void)
{
    refuses("dropout: 2\n", "0.95");
    refuses("accrual: -1\n", "240");
}

static void what_comes_after_progression_is_checked_with_its_place(void)
{
    const char *const wrong[][2] = {
        {"{share: 0.5}", "5 arms[1].after_progression[0] needs either 'regimen', or 'arm'"},
        {"{arm: a, regimen: x, share: 0.5}", "5 arms[1].after_progression[0] needs either"},
        {"{arm: c, share: 0.5}", "no arm 'c' to cross over to"},
        {"{arm: b, share: 0.5}", "would cross over to itself"},
        {"{regimen: x, share: 1.5}", "share 1.5"},
        {"{regimen: x}", "'share' is missing"},
        {"{regimen: x, share: 0.5, delay: -1 day}", "730"},
        {"{regimen: x, share: 0.5, delai: 1 day}", "delay"},
        {"{arm: a, share: 0.6}, {regimen: x, share: 0.5}", "5 arms[1].after_progression the shares of arm 'b' are 1.1"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[300];
        snprintf(text, sizeof text, "  - name: b\n    after_progression: [%s]\n", wrong[i][0]);
        refuses(text, wrong[i][1]);
    }
    refuses("  - {name: b}\nafter_progression: [{arm: a, share: 0.5}]\n", "'a' would cross over to itself");
    refuses("  - {name: b, after_progression: [{arm: a, share: 1}]}\nstop_at_progression: no\n",
            "needs stop_at_progression");
    coley_error err;
    char text[400];
    snprintf(text, sizeof text, "%s  - {name: b, after_progression: []}\nafter_progression: [{regimen: x, share: 1}]\n",
             head);
    CHECK(parse(text, &err) == COLEY_OK);
}

static void the_page_of_trials_has_the_table_of_keys_as_it_is(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text table = {.arena = arena};
    coley_error err = {0};
    char *page;
    size_t length;
    coley_trial_document(&table);
    CHECK(coley_file_read(arena, COLEY_SOURCE_DIR "/docs/trials.md", 1 << 20, &page, &length, &err) == COLEY_OK);
    /* Row by row, so that a failure names the row. */
    for (char *row = strtok(table.data, "\n"); row; row = strtok(NULL, "\n")) CHECK_HAS(page, row);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(arms_keep_their_own_keys_and_leave_the_rest_to_their_scenario);
    RUN(a_key_that_nobody_knows_is_named_with_the_nearest);
    RUN(arms_with_one_name_contradict_each_other);
    RUN(a_control_that_is_no_arm_is_refused);
    RUN(published_figures_lack_nothing);
    RUN(the_same_people_in_arms_of_two_sizes_are_refused);
    RUN(numbers_outside_their_range_say_the_range);
    RUN(what_comes_after_progression_is_checked_with_its_place);
    RUN(the_page_of_trials_has_the_table_of_keys_as_it_is);
    return check_done();
}
