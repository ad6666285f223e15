/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_emit.c -- JSON and YAML out: valid, exact, and safe whatever the text. */
#include "io/emit.h"

#include "base/yaml.h"
#include "support/check.h"

#include <jansson.h>
#include <stdlib.h>

static void write_sample(coley_arena *arena, coley_emit_style style, const char *nasty, coley_text *out)
{
    (void)arena;
    coley_emit emit = {.out = out, .style = style};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "text", nasty);
    coley_emit_number(&emit, "number", 0.1);
    coley_emit_number(&emit, "unknown", NAN);
    coley_emit_integer(&emit, "whole", -7);
    coley_emit_flag(&emit, "flag", 1);
    coley_emit_list(&emit, "list");
    coley_emit_text(&emit, NULL, nasty);
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "a", "b");
    coley_emit_list(&emit, "empty");
    coley_emit_end(&emit);
    coley_emit_end(&emit);
    coley_emit_map(&emit, NULL);
    coley_emit_end(&emit);
    coley_emit_end(&emit);
    coley_emit_map(&emit, "none");
    coley_emit_end(&emit);
    coley_emit_text(&emit, "null", NULL);
    coley_emit_end(&emit);
}

static const char *const nasty[] = {"plain",
                                    "",
                                    " ",
                                    "null",
                                    "~",
                                    "- x",
                                    "a: b",
                                    "#no",
                                    "\"quoted\" \\ back",
                                    "line\nline\ttab\x01",
                                    "ü € 𝄞",
                                    "yes",
                                    "0x1F",
                                    "*alias",
                                    "&a",
                                    "!t",
                                    "{x}",
                                    "[",
                                    "trailing ",
                                    "'",
                                    "%d",
                                    "@",
                                    "`",
                                    "200 mg",
                                    "1e5",
                                    "a,b",
                                    "?",
                                    "|",
                                    ">"};

static void json_is_read_back_by_another_library(void)
{
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof nasty / sizeof *nasty; i++) {
        coley_text out = {.arena = arena};
        write_sample(arena, COLEY_EMIT_JSON, nasty[i], &out);
        json_error_t why;
        json_t *root = json_loads(out.data, JSON_REJECT_DUPLICATES, &why);
        if (!root) CHECK_FAIL_("%s in %s", why.text, out.data);
        CHECK_TEXT(json_string_value(json_object_get(root, "text")), nasty[i]);
        CHECK(json_real_value(json_object_get(root, "number")) == 0.1);
        CHECK(json_is_null(json_object_get(root, "unknown")) && json_is_true(json_object_get(root, "flag")));
        CHECK(json_array_size(json_object_get(root, "list")) == 3);
        json_decref(root);
    }
    coley_arena_destroy(arena);
}

static void yaml_is_read_back_by_our_reader(void)
{
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof nasty / sizeof *nasty; i++) {
        coley_text out = {.arena = arena};
        write_sample(arena, COLEY_EMIT_YAML, nasty[i], &out);
        coley_error err;
        const coley_yaml *root = NULL;
        if (coley_yaml_parse(arena, "y", out.data, out.length, &root, &err) != COLEY_OK) {
            CHECK_FAIL_("%s in %s", err.text, out.data);
            continue;
        }
        const coley_yaml *list = coley_yaml_find(root, "list");
        CHECK_TEXT(coley_yaml_find(root, "text")->text, nasty[i]);
        CHECK(list && list->n == 3 && list->item[1]->n == 2 && list->item[2]->kind == COLEY_YAML_MAP);
        CHECK_TEXT(list->item[0]->text, nasty[i]);
        CHECK(!coley_yaml_find(root, "unknown") && !coley_yaml_find(root, "null"));
    }
    coley_arena_destroy(arena);
}

static void numbers_read_back_exactly_in_the_fewest_digits(void)
{
    CHECK_TEXT(coley_digits_exact(0.1).text, "0.1");
    CHECK_TEXT(coley_digits_exact(1.0 / 3).text, "0.3333333333333333");
    CHECK_TEXT(coley_digits_exact(42).text, "42");
    CHECK_TEXT(coley_digits_exact(NAN).text, "");
    FOR_ALL(2000, seed)
    {
        const double x = ldexp((double)(seed * 2654435761u % 4294967291u) / 3.0, (int)(seed % 200) - 100);
        CHECK(strtod(coley_digits_exact(x).text, NULL) == x);
    }
}

static void markup_in_text_is_made_harmless(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text out = {.arena = arena};
    coley_text_add_escaped(&out, "<script>alert('x')</script> & \"q\"\x01\n");
    CHECK_TEXT(out.data, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;\n");
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(json_is_read_back_by_another_library);
    RUN(yaml_is_read_back_by_our_reader);
    RUN(numbers_read_back_exactly_in_the_fewest_digits);
    RUN(markup_in_text_is_made_harmless);
    return check_done();
}
