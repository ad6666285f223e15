/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEtab's priors as distributions. */
#include "run/petab.h"

#include "base/text.h"
#include "support/check.h"

static const char head[] = "parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\t"
                           "objectivePriorType\tobjectivePriorParameters\tspread\n";

static coley_status parse(coley_arena *arena, const char *rows, coley_csv *table, coley_error *err)
{
    char text[2000];
    *err = (coley_error){0};
    snprintf(text, sizeof text, "%s%s", head, rows);
    return coley_petab_parse(arena, "p.tsv", text, strlen(text), table, err);
}

static double number(const coley_csv *table, size_t row, const char *column)
{
    double x = NAN;
    if (!coley_text_number(coley_csv_cell(table, row, coley_csv_column(table, column)), &x)) x = NAN;
    return x;
}

static const char *kind(const coley_csv *table, size_t row)
{
    return coley_csv_cell(table, row, coley_csv_column(table, "distribution"));
}

static void priors_become_the_distributions_that_they_mean(void)
{
    coley_arena *arena = coley_arena_create();
    coley_csv t;
    coley_error err;
    CHECK(parse(arena,
                "a\tlog10\t1e-3\t10\t0.1\t1\tparameterScaleNormal\t-1;0.5\t\n"
                "b\tlin\t\t\t1\t1\tlogNormal\t0;0.3\t\n"
                "c\tlin\t0\t5\t1\t1\tnormal\t2;1\t\n"
                "d\tlog\t0.1\t10\t1\t1\t\t\t\n"
                "e\tlin\t0\t1\t1\t1\tuniform\t0.2;0.4\t\n"
                "f\tlog10\t0\t1\t1\t1\tparameterScaleUniform\t-2;0\t\n"
                "g\tlin\t0\t1\t7\t0\t\t\t\n"
                "L1__h\tlin\t0\t1\t0.3\t1\t\t\tlogitnormal(0.3, 1)\n",
                &t, &err) == COLEY_OK);
    CHECK(t.n_rows == 8);
    CHECK_TEXT(kind(&t, 0), "lognormal");
    CHECK_NEAR(number(&t, 0, "median"), 0.1, 1e-12);
    CHECK_NEAR(number(&t, 0, "sd_log"), 0.5 * log(10), 1e-12);
    CHECK_NEAR(number(&t, 0, "high"), 10, 1e-12);
    CHECK_TEXT(kind(&t, 1), "lognormal");
    CHECK_NEAR(number(&t, 1, "median"), 1, 1e-12);
    CHECK(isnan(number(&t, 1, "low")));
    CHECK_TEXT(kind(&t, 2), "normal");
    CHECK_NEAR(number(&t, 2, "sd"), 1, 1e-12);
    CHECK_TEXT(kind(&t, 3), "loguniform");
    CHECK_TEXT(kind(&t, 4), "uniform");
    CHECK_NEAR(number(&t, 4, "high"), 0.4, 1e-12);
    CHECK_TEXT(kind(&t, 5), "loguniform");
    CHECK_NEAR(number(&t, 5, "low"), 0.01, 1e-12);
    CHECK_TEXT(kind(&t, 6), "constant");
    CHECK_NEAR(number(&t, 6, "value"), 7, 1e-12);
    CHECK_TEXT(kind(&t, 7), "logitnormal");
    CHECK_TEXT(coley_csv_cell(&t, 7, 0), "L1.h");
    coley_arena_destroy(arena);
}

static void refuses(const char *rows, int line, const char *key, const char *words)
{
    coley_arena *arena = coley_arena_create();
    coley_csv t;
    coley_error err;
    CHECK(parse(arena, rows, &t, &err) == COLEY_ERR_INPUT);
    CHECK(err.line == line);
    CHECK_HAS(err.key, key);
    CHECK_HAS(err.text, words);
    coley_arena_destroy(arena);
}

static void what_is_not_read_is_named_with_its_line_and_column(void)
{
    refuses("a\tlin\t0\t1\t1\t1\tlaplace\t0;1\t\n", 2, "objectivePriorType", "is not read");
    refuses("a\tln\t0\t1\t1\t1\t\t\t\n", 2, "parameterScale", "lin, log, log10");
    refuses("a\tlin\t0\t1\t1\tyes\t\t\t\n", 2, "estimate", "neither 0 nor 1");
    refuses("a\tlin\t0\t1\t1\t1\tnormal\t0,1\t\n", 2, "objectivePriorParameters", "two numbers");
    refuses("a\tlin\t\t\t1\t1\t\t\t\n", 2, "parameterId", "neither a prior nor two bounds");
    refuses("a\tlin\t0\t1\t\t0\t\t\t\n", 2, "nominalValue", "no value");
    refuses("a\tlin\t0\t1\t1\t1\t\t\tgamma(1, 2)\n", 2, "spread", "is not one of");
    refuses("a\tlin\t0\tx\t1\t1\t\t\t\n", 2, "upperBound", "is no number");
    refuses("\n\na\tlin\t0\t1\t1\t1\tlaplace\t0;1\t\n", 4, "objectivePriorType", "is not read");
}

static void quotes_and_commas_are_letters_of_a_cell_and_ends_of_lines_may_be_windows_own(void)
{
    coley_arena *arena = coley_arena_create();
    coley_csv t;
    coley_error err;
    const char text[] = "parameterId\tparameterScale\testimate\tnominalValue\tnote\r\na\tlin\t0\t1\tone, \"two\"\r\n";
    CHECK(coley_petab_parse(arena, "p.tsv", text, strlen(text), &t, &err) == COLEY_OK);
    CHECK(t.n_rows == 1);
    const char without[] = "parameterId\testimate\na\t1\n";
    CHECK(coley_petab_parse(arena, "p.tsv", without, strlen(without), &t, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.key, "parameterScale");
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(priors_become_the_distributions_that_they_mean);
    RUN(what_is_not_read_is_named_with_its_line_and_column);
    RUN(quotes_and_commas_are_letters_of_a_cell_and_ends_of_lines_may_be_windows_own);
    return check_done();
}
