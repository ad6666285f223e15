/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expression scores against R (log2, sweep, scale and colMeans on made-up numbers), and tables of every layout. */
#include <stdlib.h>

#include "assay/expression.h"
#include "base/text.h"
#include "support/check.h"

#define DATA COLEY_SOURCE_DIR "/tests/data/cells/"

static coley_arena *arena;
static coley_expression_rules rules;
static coley_error err;

static void compare(const coley_expression *e)
{
    static double value[64];
    const char *why;
    char *bytes;
    size_t length;
    CHECK(coley_file_read(arena, DATA "expression_expected.tsv", 1 << 20, &bytes, &length, &err) == COLEY_OK);
    const char *line = strchr(bytes, '\n');
    CHECK(e->n_samples == 12);
    for (size_t i = 0; i < e->n_samples && line; i++, line = strchr(line + 1, '\n')) {
        char name[16];
        double expected[3];
        CHECK(sscanf(line, " %15s %lf %lf %lf", name, &expected[0], &expected[1], &expected[2]) == 4);
        CHECK_TEXT(e->sample[i], name);
        for (size_t k = 0; k < 3; k++) {
            coley_expression_judge(arena, e, &rules, k, value, &why);
            CHECK(!why);
            CHECK_NEAR(value[i], expected[k], 1e-12);
        }
    }
}

static coley_expression parse(const char *text, coley_status expected)
{
    coley_expression e = {0};
    err = (coley_error){0};
    CHECK(coley_expression_parse(arena, "e.tsv", text, strlen(text), &rules, 0, &e, &err) == expected);
    return e;
}

static void scores_are_those_that_r_finds(void)
{
    coley_expression e;
    CHECK(coley_expression_read(arena, DATA "expression.tsv", &rules, 0, &e, &err) == COLEY_OK);
    CHECK(e.genes_in_rows);
    compare(&e);
}

/* The same table turned over, with commas. */
static void genes_may_be_columns(void)
{
    char *bytes;
    size_t length;
    coley_text turned = {.arena = arena};
    CHECK(coley_file_read(arena, DATA "expression.tsv", 1 << 20, &bytes, &length, &err) == COLEY_OK);
    for (int column = 0; column <= 12; column++) { /* R leaves the corner out: the header is one field short */
        coley_text_addf(&turned, column ? "s%d" : "sample", column);
        for (const char *line = strchr(bytes, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
            const char *field = line + 1;
            for (int k = 0; k < column; k++) field += strcspn(field, "\t") + 1;
            coley_text_addf(&turned, ",%.*s", (int)strcspn(field, "\t\n"), field);
        }
        coley_text_addf(&turned, "\n");
    }
    const coley_expression e = parse(turned.data, COLEY_OK);
    CHECK(!e.genes_in_rows);
    compare(&e);
}

static void a_missing_gene_cannot_tell_and_is_named(void)
{
    double value[4];
    const char *why;
    const coley_expression e = parse("gene\ta\tb\nGZMA\t3\t1\nPRF1\t15\tNA\nSTAT1\t1\t1\n", COLEY_OK);
    coley_expression_judge(arena, &e, &rules, 0, value, &why);
    CHECK_HAS(why, "28 of its 29 genes are not in the file: CCL5, CD27");
    CHECK(isnan(value[0]));
    coley_expression_judge(arena, &e, &rules, 2, value, &why);
    CHECK(!why);
    CHECK_NEAR(value[0], 3, 1e-12); /* (log2 4 + log2 16) / 2 */
    CHECK(isnan(value[1]));
}

static void wrong_tables_are_refused_with_their_line(void)
{
    static const struct {
        const char *text, *says;
        int line;
    } cases[] = {{"", "empty", 0},
                 {"gene\n", "one column", 1},
                 {"gene\ta\tb\nGZMA\t1\n", "2 fields, but the header has 3", 2},
                 {"gene\ta\tb\nTTN\t1\t2\t3\t4\n", "5 fields, but the header has 3", 2},
                 {"gene\ta\nTTN\t1\nGZMA\tx1\n", "'x1' is no number", 3},
                 {"gene\ta\nGZMA\t-1\n", "say --log2", 2},
                 {"gene\ta\nGZMA\t1\nGZMA\t2\n", "lines 2 and 3; keep one", 3},
                 {"gene\ta\n\"GZMA\t1\n", "never closed", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parse(cases[i].text, COLEY_ERR_INPUT);
        CHECK_HAS(err.text, cases[i].says);
        CHECK(err.line == cases[i].line);
    }
}

static void older_symbols_are_known(void)
{
    const coley_expression e = parse("gene\ta\nPD-L1\t3\nc14orf102\t1\n", COLEY_OK);
    int found = 0;
    for (size_t g = 0; g < rules.n_genes; g++)
        found += e.line[g] && (!strcmp(rules.gene[g], "CD274") || !strcmp(rules.gene[g], "NRDE2"));
    CHECK(found == 2);
}

int main(void)
{
    arena = coley_arena_create();
    if (coley_expression_rules_read(arena, COLEY_SOURCE_DIR "/catalog/assays/expression.yaml", &rules, &err) !=
        COLEY_OK) {
        printf("Bail out! %s\n", err.text);
        return 1;
    }
    RUN(scores_are_those_that_r_finds);
    RUN(genes_may_be_columns);
    RUN(a_missing_gene_cannot_tell_and_is_named);
    RUN(wrong_tables_are_refused_with_their_line);
    RUN(older_symbols_are_known);
    coley_arena_destroy(arena);
    return check_done();
}
