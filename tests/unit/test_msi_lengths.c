/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of repeat lengths: what is read, added up, refused. */
#include "assay/msi_lengths.h"
#include "support/check.h"

static coley_status read_text(coley_arena *arena, const char *text, coley_length_table *table, coley_error *err)
{
    coley_lines *lines;
    const coley_status status = coley_lines_of_bytes(arena, "lengths.tsv", text, strlen(text), &lines, err);
    return status == COLEY_OK ? coley_length_table_parse(arena, lines, table, err) : status;
}

static void lengths_are_sorted_and_added_up(void)
{
    coley_arena *arena = coley_arena_create();
    coley_length_table t;
    CHECK(read_text(arena,
                    "reads\tsite\tlength\tsample\tnote\n5\tBAT25\t25\tnormal\tx\n3\tBAT25\t21\ttumour\t\n2\tBAT25\t25\t"
                    "tumor\t\n"
                    "4\tBAT25\t21\ttumour\t\n0\tBAT25\t30\tnormal\t\n7\tNR21\t21\tnormal\t\n",
                    &t, NULL) == COLEY_OK);
    CHECK(t.n == 2);
    CHECK_TEXT(t.name[0], "BAT25");
    CHECK(t.tumour[0].n_kinds == 2 && t.tumour[0].n_reads == 9 && t.tumour[0].kind[0].units == 21 &&
          t.tumour[0].kind[0].reads == 7);
    CHECK(t.normal[0].n_kinds == 1 && t.normal[0].n_reads == 5);
    CHECK(t.normal[1].n_reads == 7 && t.tumour[1].n_reads == 0);
    coley_arena_destroy(arena);
}

static void faults_are_told_with_line_and_column(void)
{
    static const struct {
        const char *text, *key, *says;
        int line;
    } bad[] = {
        {"", "", "is empty", 0},
        {"site\tsample\tlength\n", "", "no column reads", 1},
        {"site\tsample\tlength\treads\n", "", "no rows", 0},
        {"site\tsample\tlength\treads\nA\tnormal\t9\n", "", "3 columns", 2},
        {"site\tsample\tlength\treads\nA\tblood\t9\t4\n", "sample", "tumour or normal", 2},
        {"site\tsample\tlength\treads\nA\tnormal\t9.5\t4\n", "length", "whole number", 2},
        {"site\tsample\tlength\treads\nA\tnormal\t9\t-4\n", "reads", "whole number", 2},
        {"site\tsample\tlength\treads\n\tnormal\t9\t4\n", "site", "name of a site", 2},
        {"site\tsample\tlength\treads\nA\tnormal\t9\t4\nB\tnormal\t9\t4\nA\ttumour\t9\t4\n", "", "two places", 0},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        coley_error err = {0};
        coley_length_table t;
        CHECK(read_text(arena, bad[i].text, &t, &err) == COLEY_ERR_INPUT);
        CHECK_TEXT(err.key, bad[i].key);
        CHECK_HAS(err.text, bad[i].says);
        CHECK(err.line == bad[i].line);
    }
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(lengths_are_sorted_and_added_up);
    RUN(faults_are_told_with_line_and_column);
    return check_done();
}
