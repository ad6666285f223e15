/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_event_table.c -- NONMEM-style dosing records: defaults, units, order, and what a wrong row is told. */
#include "io/event_table.h"

#include "support/check.h"

static coley_error err;

static coley_status read_text(coley_arena *arena, const char *text, coley_event_table *table)
{
    err = (coley_error){0};
    return coley_event_table_parse(arena, COLEY_EVENTS_OF_PATIENT, "doses.csv", text, strlen(text), table, &err);
}

static void a_dot_is_missing_and_an_amount_alone_is_a_dose(void)
{
    coley_arena *arena = coley_arena_create();
    coley_event_table t;
    CHECK(read_text(arena,
                    "ID,TIME,AMT,RATE,II,ADDL,EVID,CMT,DV\n1,0,200,.,21,2,1,pembrolizumab,.\n1,5,.,.,.,.,0,.,3.2\n"
                    "1,70,100,9600,,,,pembrolizumab,.\n",
                    &t) == COLEY_OK);
    CHECK(t.n == 3);
    CHECK(t.row[0].evid == COLEY_EVID_DOSE && t.row[0].additional == 2 && t.row[0].line == 2);
    CHECK(t.row[1].evid == COLEY_EVID_OBSERVATION && t.row[1].amount == 0);
    CHECK(t.row[2].evid == COLEY_EVID_DOSE);
    CHECK_TEXT(t.row[2].compartment, "pembrolizumab");
    coley_event_dose *dose;
    size_t n;
    CHECK(coley_event_table_doses(arena, &t, NULL, 1000, &dose, &n, &err) == COLEY_OK && n == 4);
    CHECK_NEAR(dose[2].time_day, 42, 0);
    CHECK_NEAR(dose[3].duration_day, 100.0 / 9600, 1e-15);
    CHECK(coley_event_table_doses(arena, &t, "1", 42, &dose, &n, &err) == COLEY_OK && n == 2);
    CHECK(coley_event_table_doses(arena, &t, "2", 42, &dose, &n, &err) == COLEY_OK && n == 0);
    coley_arena_destroy(arena);
}

static void the_head_may_name_other_units_and_hours_give_the_same_doses_as_days(void)
{
    coley_arena *arena = coley_arena_create();
    coley_event_table hours, days;
    CHECK(read_text(arena, "TIME [h],AMT [g],RATE [g/h],II [h],ADDL\n12,0.2,0.4,504,3\n", &hours) == COLEY_OK);
    CHECK(read_text(arena, "TIME,AMT,RATE,II,ADDL\n0.5,200,9600,21,3\n", &days) == COLEY_OK);
    coley_event_dose *a, *b;
    size_t n, m;
    CHECK(coley_event_table_doses(arena, &hours, NULL, 1e9, &a, &n, &err) == COLEY_OK);
    CHECK(coley_event_table_doses(arena, &days, NULL, 1e9, &b, &m, &err) == COLEY_OK);
    CHECK(n == 4 && m == 4);
    for (size_t i = 0; i < n; i++) {
        CHECK_NEAR(a[i].time_day, b[i].time_day, 1e-12);
        CHECK_NEAR(a[i].amount_mg, b[i].amount_mg, 1e-12);
        CHECK_NEAR(a[i].duration_day, b[i].duration_day, 1e-12);
    }
    coley_arena_destroy(arena);
}

static void doses_at_one_time_keep_the_order_of_the_file(void)
{
    coley_arena *arena = coley_arena_create();
    coley_event_table t;
    CHECK(read_text(arena, "TIME,AMT,II,ADDL,CMT\n0,1,7,3,a\n0,2,7,3,b\n0,3,7,3,c\n7,4,,,d\n", &t) == COLEY_OK);
    coley_event_dose *dose;
    size_t n;
    CHECK(coley_event_table_doses(arena, &t, NULL, 1e9, &dose, &n, &err) == COLEY_OK && n == 13);
    const char *order = "abcabcdabcabc";
    for (size_t i = 0; i < n; i++) CHECK(dose[i].drug[0] == order[i]);
    coley_arena_destroy(arena);
}

static void a_wrong_row_is_refused_with_line_and_column(void)
{
    static const struct {
        const char *text, *says, *key;
        int line;
    } cases[] = {
        {"TIME,AMT\n0,-5\n", "below 0", "AMT", 2},
        {"TIME,AMT\n0,nan\n", "not a number", "AMT", 2},
        {"TIME,AMT\n5,1\n\n3,1\n", "earlier than 5 day on line 2", "TIME", 4},
        {"TIME,AMT\n.,1\n", "time is missing", "TIME", 2},
        {"TIME,AMT,EVID\n0,.,1\n", "needs an amount", "AMT", 2},
        {"TIME,AMT,EVID\n0,5,0\n", "no dose", "AMT", 2},
        {"TIME,AMT,EVID\n0,5,3\n", "reset", "EVID", 2},
        {"TIME,AMT,EVID\n0,5,9\n", "0 to 4", "EVID", 2},
        {"TIME,AMT,ADDL\n0,5,2\n", "interval", "II", 2},
        {"TIME,AMT,II,ADDL\n0,5,7,1.5\n", "whole number", "ADDL", 2},
        {"TIME,AMT,SS\n0,5,1\n", "steady state", "SS", 2},
        {"TIME,AMT,RATE\n0,5,-2\n", "modelled", "RATE", 2},
        {"TIME,AMT,TIME\n", "twice", "TIME", 1},
        {"TIME [mg],AMT\n", "mass", "TIME", 1},
        {"TIME [h,AMT\n", "']'", "", 1},
        {"ID [mg],TIME,AMT\n", "no unit", "ID", 1},
        {"when,how much\n0,1\n", "TIME is missing", "", 1},
        {"TIME,DV\n0,1\n", "AMT is missing", "", 1},
        {"", "empty", "", 0},
        {"TIME,AMT\n0,\"5\n", "quote", "", 2},
        {"TIME,AMT\n0,5\"5\n", "quote", "", 2},
        {"TIME,AMT\n0,\xFF\n", "UTF-8", "", 0},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coley_event_table t;
        CHECK(read_text(arena, cases[i].text, &t) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, cases[i].says);
        CHECK_TEXT(err.key, cases[i].key);
        CHECK(err.line == cases[i].line);
    }
    coley_arena_destroy(arena);
}

static void spreadsheets_may_add_a_byte_order_mark_quotes_and_carriage_returns(void)
{
    coley_arena *arena = coley_arena_create();
    coley_event_table t;
    CHECK(read_text(arena, "\xEF\xBB\xBF\"TIME\",\"AMT\",\"CMT\"\r\n\"0\",\"200\",\"a, b\"\r\n", &t) == COLEY_OK);
    CHECK(t.n == 1 && t.row[0].amount == 200);
    CHECK_TEXT(t.row[0].compartment, "a, b");
    coley_arena_destroy(arena);
}

static void too_many_doses_are_refused_not_computed(void)
{
    coley_arena *arena = coley_arena_create();
    coley_event_table t;
    coley_event_dose *dose;
    size_t n;
    CHECK(read_text(arena, "TIME,AMT,II,ADDL\n0,1,1e-9,1000000\n0,1,1e-9,1000000\n", &t) == COLEY_OK);
    CHECK(coley_event_table_doses(arena, &t, NULL, 1e9, &dose, &n, &err) == COLEY_ERR_INPUT);
    coley_arena_destroy(arena);
}

static void every_failing_allocation_is_reported(void)
{
    for (size_t k = 1;; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_event_table t;
        coley_event_dose *dose;
        size_t n;
        coley_status status = read_text(arena, "TIME,AMT,II,ADDL\n0,1,1,4\n", &t);
        if (status == COLEY_OK) status = coley_event_table_doses(arena, &t, NULL, 10, &dose, &n, &err);
        coley_arena_destroy(arena);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
    }
}

int main(void)
{
    RUN(a_dot_is_missing_and_an_amount_alone_is_a_dose);
    RUN(the_head_may_name_other_units_and_hours_give_the_same_doses_as_days);
    RUN(doses_at_one_time_keep_the_order_of_the_file);
    RUN(a_wrong_row_is_refused_with_line_and_column);
    RUN(spreadsheets_may_add_a_byte_order_mark_quotes_and_carriage_returns);
    RUN(too_many_doses_are_refused_not_computed);
    RUN(every_failing_allocation_is_reported);
    return check_done();
}
