/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/lesions.h"
#include "support/check.h"

#include <stdlib.h>

static coley_error err;

static int parsed(coley_arena *a, const char *text, coley_lesion_file *file)
{
    err = (coley_error){0};
    return coley_lesions_parse(a, "l.csv", text, strlen(text), file, &err) == COLEY_OK;
}

static void our_own_layout_is_read_in_any_order_of_rows(void)
{
    coley_arena *a = coley_arena_create();
    coley_lesion_file f;
    CHECK(parsed(a,
                 "patient,day,lesion,organ,diameter_mm,nodal\nx,42,A,lung,20,no\nx,-3,A,lung,30,no\nx,-3,B,node,16,"
                 "yes\nx,42,B,node,9,yes\n",
                 &f));
    CHECK(f.n == 1 && f.patient[0].n_lesions == 2 && f.patient[0].n_measurements == 4);
    CHECK(f.patient[0].measurement[0].day == -3 && f.patient[0].measurement[3].day == 42);
    coley_scans s;
    CHECK(coley_lesions_scans(a, &f.patient[0], &s, &err) == COLEY_OK && s.n == 2);
    CHECK_NEAR(s.diameter_mm[0], 46, 0);
    CHECK_NEAR(s.diameter_mm[1], 29, 0);
    coley_arena_destroy(a);
}

static void the_public_layout_keeps_people_of_different_arms_apart(void)
{
    coley_arena *a = coley_arena_create();
    coley_lesion_file f;
    CHECK(parsed(a,
                 "study,arm,patient,day,longest_diameter_mm,censor\nS,A1,7,-2,30,\nS,A2,7,-2,50,\nS,A1,7,40,,TOO SMALL "
                 "TO MEASURE\nS,A1,7,80,,NOT EVALUABLE\nS,A1,7,40,6,\n",
                 &f));
    CHECK(f.n == 2 && f.n_not_evaluable == 1);
    CHECK_TEXT(f.patient[1].patient, "A2/7");
    coley_scans s;
    CHECK(coley_lesions_scans(a, &f.patient[0], &s, &err) == COLEY_OK && s.n == 2);
    coley_arena_destroy(a);
}

static void a_visit_at_which_a_lesion_was_not_seen_is_no_scan(void)
{
    coley_arena *a = coley_arena_create();
    coley_lesion_file f;
    CHECK(parsed(a,
                 "patient,day,lesion,diameter_mm,finding\n1,0,A,30,\n1,0,B,20,\n1,42,A,30,\n1,42,B,,not "
                 "evaluable\n1,84,A,,too small\n1,84,B,0,\n",
                 &f));
    coley_scans s;
    CHECK(coley_lesions_scans(a, &f.patient[0], &s, &err) == COLEY_OK && s.n == 2);
    CHECK_NEAR(s.diameter_mm[1], 5, 0);
    CHECK(s.too_small[1]);
    coley_arena_destroy(a);
}

static void mistakes_are_named_with_line_and_column(void)
{
    static const struct {
        const char *text;
        int line;
        const char *key, *part;
    } cases[] = {
        {"patient,day,diameter_mm\n1,0,-5\n", 2, "diameter_mm", "outside 0 to 500"},
        {"patient,day,diameter_mm\n1,0,5e9\n", 2, "diameter_mm", "outside"},
        {"patient,day,diameter_mm\n1,zero,5\n", 2, "day", "not a number"},
        {"patient,day,diameter_mm\n,0,5\n", 2, "patient", "empty"},
        {"patient,diameter_mm\n1,5\n", 1, "", "no column \"day\""},
        {"patient,day,diameter_mm,dia\n", 1, "dia", "unknown column"},
        {"patient,day,diameter_mm,patient\n", 1, "", "twice"},
        {"patient,day,diameter_mm\n", 0, "", "no measurements"},
        {"", 0, "", "empty"},
        {"patient,day,diameter_mm,finding\n1,0,5,tiny\n", 2, "finding", "not known"},
        {"patient,day,diameter_mm\n1,0,5,7\n", 2, "", "more cells"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coley_arena *a = coley_arena_create();
        coley_lesion_file f;
        CHECK(!parsed(a, cases[i].text, &f));
        CHECK_HAS(err.text, cases[i].part);
        CHECK_TEXT(err.key, cases[i].key);
        CHECK(err.line == cases[i].line);
        coley_arena_destroy(a);
    }
}

static void a_line_of_a_hundred_megabytes_is_refused_not_kept(void)
{
    coley_arena *a = coley_arena_create();
    const size_t n = 100u << 20;
    char *text = malloc(n + 64);
    const size_t head = (size_t)sprintf(text, "patient,day,diameter_mm\n1,0,");
    memset(text + head, '7', n);
    text[head + n] = '\0';
    coley_lesion_file f;
    CHECK(!parsed(a, text, &f));
    CHECK(err.line == 2);
    CHECK(coley_arena_used(a) < 1u << 20);
    free(text);
    coley_arena_destroy(a);
}

static void the_real_file_has_628_people(void)
{
    coley_arena *a = coley_arena_create();
    coley_lesion_file f;
    CHECK(coley_lesions_read(a, COLEY_SOURCE_DIR "/examples/data/atezolizumab_fir_poplar_birch.csv", &f, &err) ==
          COLEY_OK);
    CHECK(f.n == 628);
    const coley_lesion_table *t;
    CHECK(coley_lesions_patient(&f, "8987291926880773120", &t, &err) == COLEY_OK && t->n_measurements == 12);
    CHECK(coley_lesions_patient(&f, "8987291926880773121x", &t, &err) == COLEY_ERR_INPUT);
    CHECK(coley_lesions_patient(&f, NULL, &t, &err) == COLEY_ERR_USAGE);
    coley_arena_destroy(a);
}

static void every_allocation_may_fail(void)
{
    int done = 0;
    for (size_t k = 1; k < 300 && !done; k++) {
        coley_arena *a = coley_arena_create_failing(k);
        coley_lesion_file f;
        done = parsed(a, "patient,day,lesion,diameter_mm\n1,0,A,30\n1,42,A,20\n2,0,A,9\n", &f);
        if (!done) CHECK(err.code == COLEY_ERR_MEMORY);
        coley_arena_destroy(a);
    }
    CHECK(done);
}

int main(void)
{
    RUN(our_own_layout_is_read_in_any_order_of_rows);
    RUN(the_public_layout_keeps_people_of_different_arms_apart);
    RUN(a_visit_at_which_a_lesion_was_not_seen_is_no_scan);
    RUN(mistakes_are_named_with_line_and_column);
    RUN(a_line_of_a_hundred_megabytes_is_refused_not_kept);
    RUN(the_real_file_has_628_people);
    RUN(every_allocation_may_fail);
    return check_done();
}
