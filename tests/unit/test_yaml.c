/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_yaml.c -- the YAML tree: what it reads, where it says a fault is, and what it refuses. */
#include "base/yaml.h"

#include "support/check.h"

#include <unistd.h>

static coley_error err;

static const coley_yaml *read_in(coley_arena *arena, const char *text, size_t length)
{
    const coley_yaml *root = NULL;
    err = (coley_error){0};
    return coley_yaml_parse(arena, "a.yaml", text, length, &root, &err) == COLEY_OK ? root : NULL;
}

static const coley_yaml *read_text(coley_arena *arena, const char *text)
{
    return read_in(arena, text, strlen(text));
}

static void scalars_stay_text_and_lists_and_maps_keep_their_order(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_yaml *root = read_text(arena, "b: no\na: [010, \"1\", ~]\nc: {x: 200 mg, y: }\n");
    CHECK(root && root->kind == COLEY_YAML_MAP && root->n == 3);
    CHECK_TEXT(root->key[0], "b");
    CHECK_TEXT(root->item[0]->text, "no");
    const coley_yaml *list = coley_yaml_find(root, "a");
    CHECK(list && list->n == 3);
    CHECK_TEXT(list->item[0]->text, "010");
    CHECK(list->item[2]->kind == COLEY_YAML_EMPTY);
    const coley_yaml *c = coley_yaml_find(root, "c");
    CHECK_TEXT(coley_yaml_find(c, "x")->text, "200 mg");
    CHECK(!coley_yaml_find(c, "y"));
    CHECK(!coley_yaml_find(NULL, "y"));
    coley_arena_destroy(arena);
}

static void json_is_yaml_too(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_yaml *root = read_text(arena, "{\"a\": [1, 2.5], \"b\": {\"c\": \"d\"}}");
    double x = 0;
    CHECK(root && coley_yaml_number(coley_yaml_find(root, "a")->item[1], 0, 9, &x, &err) == COLEY_OK);
    CHECK_NEAR(x, 2.5, 0);
    coley_arena_destroy(arena);
}

static void an_empty_document_is_an_empty_map(void)
{
    coley_arena *arena = coley_arena_create();
    const char *texts[] = {"", "\n\n", "# only a comment\n", "---\n", "~\n"};
    for (size_t i = 0; i < 5; i++) {
        const coley_yaml *root = read_text(arena, texts[i]);
        CHECK(root && root->kind == COLEY_YAML_MAP && root->n == 0);
    }
    coley_arena_destroy(arena);
}

static void a_fault_is_reported_with_file_line_column_and_dotted_key(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_yaml *root = read_text(arena, "regimen:\n  - drug: a\n  - drug: b\n    dose: -3 mg\n");
    const coley_yaml *dose = coley_yaml_find(coley_yaml_find(root, "regimen")->item[1], "dose");
    double x = 7;
    CHECK(coley_yaml_quantity(dose, "mg", 0, 1000, &x, &err) == COLEY_ERR_INPUT);
    CHECK_NEAR(x, 7, 0);
    CHECK_TEXT(err.file, "a.yaml");
    CHECK_TEXT(err.key, "regimen[1].dose");
    CHECK(err.line == 4 && err.column == 11);
    CHECK_HAS(err.text, "outside 0 to 1000 mg");
    coley_arena_destroy(arena);
}

static void quantities_convert_once_and_refuse_what_is_not_theirs(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_yaml *root =
        read_text(arena, "a: 2 week\nb: 3\nc: 5 mg\nd: NaN day\ne: [1]\nf: 1e999 day\ng: 1_000 day\n");
    double x = 0;
    CHECK(coley_yaml_quantity(coley_yaml_find(root, "a"), "day", 0, 100, &x, &err) == COLEY_OK);
    CHECK_NEAR(x, 14, 1e-15);
    for (const char *bad = "bcdefg"; *bad; bad++) {
        const char key[2] = {*bad, 0};
        CHECK(coley_yaml_quantity(coley_yaml_find(root, key), "day", 0, 100, &x, &err) == COLEY_ERR_INPUT);
        CHECK_TEXT(err.key, key);
        CHECK(err.line == *bad - 'a' + 1);
    }
    coley_arena_destroy(arena);
}

static void a_misspelt_key_is_answered_with_the_nearest(void)
{
    coley_arena *arena = coley_arena_create();
    static const char *const names[] = {"diameter", "site"};
    const coley_yaml *root = read_text(arena, "site: lung\ndiametre: 3 mm\n");
    CHECK(coley_yaml_keys(root, names, 2, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "did you mean 'diameter'?");
    CHECK(err.line == 2);
    root = read_text(arena, "zzz: 1\n");
    CHECK(coley_yaml_keys(root, names, 2, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "known here: diameter, site");
    coley_arena_destroy(arena);
}

static void flags_integers_and_choices_say_what_they_want(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_yaml *root = read_text(arena, "a: on\nb: maybe\nc: 12\nd: 1.5\ne: desrt\n");
    static const char *const names[] = {"inflamed", "excluded", "desert"};
    int flag = 0, choice = -1;
    int64_t whole = 0;
    CHECK(coley_yaml_flag(coley_yaml_find(root, "a"), &flag, &err) == COLEY_OK && flag == 1);
    CHECK(coley_yaml_flag(coley_yaml_find(root, "b"), &flag, &err) == COLEY_ERR_INPUT);
    CHECK(coley_yaml_integer(coley_yaml_find(root, "c"), 0, 20, &whole, &err) == COLEY_OK && whole == 12);
    CHECK(coley_yaml_integer(coley_yaml_find(root, "c"), 0, 10, &whole, &err) == COLEY_ERR_INPUT);
    CHECK(coley_yaml_integer(coley_yaml_find(root, "d"), 0, 10, &whole, &err) == COLEY_ERR_INPUT);
    CHECK(coley_yaml_choice(coley_yaml_find(root, "e"), names, 3, &choice, &err) == COLEY_ERR_INPUT && choice == -1);
    CHECK_HAS(err.text, "did you mean 'desert'?");
    coley_arena_destroy(arena);
}

static void nasty_input_is_refused_at_its_place(void)
{
    static const struct {
        const char *text, *says;
        int line;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", "given twice", 3},
        {"a: 1\n---\nb: 1\n", "second document", 2},
        {"a: !!python/object 1\n", "tags", 1},
        {"a: *nobody\n", "no anchor", 1},
        {"? [1, 2]\n: 3\n", "key must be plain text", 1},
        {"a: [1, 2\n", "not valid YAML", 0},
        {"a: b: c\n", "not valid YAML", 0},
        {"a:\n\t- b\n", "not valid YAML", 0},
        {"a: 1\nb: \xC3(\n", "not UTF-8", 2},
        {"a: \xED\xA0\x80\n", "not UTF-8", 1},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(!read_text(arena, cases[i].text));
        CHECK(err.code == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, cases[i].says);
        if (cases[i].line)
            CHECK(err.line == cases[i].line);
        else
            CHECK(err.line > 0 && err.column > 0);
    }
    CHECK(!read_in(arena, "a: 1\nb: \0\n", 10) && err.line == 2);
    CHECK_HAS(err.text, "NUL");
    coley_arena_destroy(arena);
}

static void bombs_and_towers_are_refused_quickly(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text bomb = {.arena = arena};
    coley_text_addf(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++)
        coley_text_addf(&bomb, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1,
                        i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    CHECK(!read_text(arena, bomb.data));
    CHECK_HAS(err.text, "aliases");

    coley_text tower = {.arena = arena};
    for (int i = 0; i < 50000; i++) coley_text_add(&tower, "[", 1);
    CHECK(!read_text(arena, tower.data));
    tower.length = 0;
    for (int i = 0; i < 100; i++) coley_text_addf(&tower, "%*sa:\n", i, "");
    CHECK(!read_text(arena, tower.data));
    CHECK_HAS(err.text, "nested deeper");

    /* Aliases may not build a tower either. */
    coley_text ladder = {.arena = arena};
    coley_text_addf(&ladder, "a0: &a0 [x]\n");
    for (int i = 1; i < 80; i++) coley_text_addf(&ladder, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    CHECK(!read_text(arena, ladder.data));
    CHECK_HAS(err.text, "nested deeper");

    char *key = coley_arena_alloc(arena, (1 << 20) + 16);
    memset(key, 'k', 1 << 20);
    memcpy(key + (1 << 20), ": 1\n", 5);
    CHECK(!read_text(arena, key));
    CHECK(err.code == COLEY_ERR_INPUT);

    char *line = coley_arena_alloc(arena, (size_t)20 << 20);
    memset(line, 'x', ((size_t)20 << 20) - 1);
    CHECK(!read_text(arena, line));
    CHECK_HAS(err.text, "allowed");
    coley_arena_destroy(arena);
}

static void an_alias_stands_for_its_anchor(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_yaml *root = read_text(arena, "a: &x {site: lung}\nb: [*x, *x]\n");
    CHECK(root && coley_yaml_find(root, "b")->n == 2);
    CHECK_TEXT(coley_yaml_find(coley_yaml_find(root, "b")->item[1], "site")->text, "lung");
    coley_arena_destroy(arena);
}

static void quotes_in_messages_are_short_and_clean(void)
{
    CHECK_TEXT(coley_quote_make("ab").text, "'ab'");
    CHECK_TEXT(coley_quote_make("a\n\x1b[31m").text, "'a  [31m'");
    char *longest =
        "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
        "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4x\xC3\xA4\xC3\xA4";
    const coley_quote quote = coley_quote_make(longest);
    CHECK(strlen(quote.text) < sizeof quote.text && coley_text_utf8(quote.text, strlen(quote.text), NULL));
    CHECK_HAS(quote.text, "...'");
}

static void nothing_is_ever_printed(void)
{
    coley_arena *arena = coley_arena_create();
    FILE *caught = tmpfile();
    const int before = dup(STDERR_FILENO);
    fflush(stderr);
    dup2(fileno(caught), STDERR_FILENO);
    const char *const texts[] = {"a: [1\n",         "a: b: c\n",  "%YAML 9.9\n---\na: 1\n", "a: \"\\q\"\n", "}{",
                                 "a: &b\n*b : c\n", "- a\nb: c\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) read_text(arena, texts[i]);
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    CHECK(lseek(fileno(caught), 0, SEEK_END) == 0);
    fclose(caught);
    coley_arena_destroy(arena);
}

static void a_file_that_is_not_there_is_named(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_yaml *root;
    CHECK(coley_yaml_load(arena, "tests/unit/nothing-here.yaml", &root, &err) == COLEY_ERR_IO);
    CHECK_TEXT(err.file, "tests/unit/nothing-here.yaml");
    coley_arena_destroy(arena);
}

static void every_failing_allocation_is_reported(void)
{
    const char *text = "a: &x {b: [1, 2, 3], c: 4 mg}\nd: *x\ne: 'f'\n";
    for (size_t k = 1;; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        const coley_yaml *root;
        const coley_status status = coley_yaml_parse(arena, "a.yaml", text, strlen(text), &root, &err);
        coley_arena_destroy(arena);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
    }
}

int main(void)
{
    RUN(scalars_stay_text_and_lists_and_maps_keep_their_order);
    RUN(json_is_yaml_too);
    RUN(an_empty_document_is_an_empty_map);
    RUN(a_fault_is_reported_with_file_line_column_and_dotted_key);
    RUN(quantities_convert_once_and_refuse_what_is_not_theirs);
    RUN(a_misspelt_key_is_answered_with_the_nearest);
    RUN(flags_integers_and_choices_say_what_they_want);
    RUN(nasty_input_is_refused_at_its_place);
    RUN(bombs_and_towers_are_refused_quickly);
    RUN(an_alias_stands_for_its_anchor);
    RUN(quotes_in_messages_are_short_and_clean);
    RUN(nothing_is_ever_printed);
    RUN(a_file_that_is_not_there_is_named);
    RUN(every_failing_allocation_is_reported);
    return check_done();
}
