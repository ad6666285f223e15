/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_xml.c -- XML as a tree with lines; entities, document types and endless files are refused. */
#include "base/xml.h"

#include "support/check.h"

static coley_error err;

static coley_status parse(coley_arena *arena, const char *text, coley_xml **root)
{
    err = (coley_error){0};
    return coley_xml_parse(arena, "settings.xml", text, strlen(text), root, &err);
}

static void elements_keep_their_text_attributes_and_lines(void)
{
    coley_arena *arena = coley_arena_create();
    coley_xml *root;
    CHECK(parse(arena,
                "<?xml version=\"1.0\"?>\n<a>\n  <b name=\"x &amp; y\"> 1.5 <!-- a comment --> </b>\n  <c/>\n"
                "  <b>\n  <![CDATA[<2>]]></b>\n</a>",
                &root) == COLEY_OK);
    CHECK_TEXT(root->name, "a");
    const coley_xml *b = coley_xml_child(root, "b");
    CHECK_TEXT(b->text, "1.5");
    CHECK_TEXT(coley_xml_attribute_text(b, "name"), "x & y");
    CHECK(b->line == 3 && b->parent == root && coley_xml_attribute_text(b, "unit") == NULL);
    const coley_xml *second = coley_xml_next(b);
    CHECK_TEXT(second->text, "<2>");
    CHECK(second->line == 5 && coley_xml_next(second) == NULL);
    CHECK(coley_xml_child(b, "d") == NULL && coley_xml_child(NULL, "d") == NULL);
    CHECK(root->first->seen && !root->first->next->seen); /* nobody asked for c */
    coley_xml_see_all(root);
    CHECK(root->first->next->seen);
    coley_arena_destroy(arena);
}

static void a_document_type_is_refused_so_that_a_billion_laughs_never_begin(void)
{
    static const char laughs[] = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [\n <!ENTITY a \"lol\">\n"
                                 " <!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\n"
                                 " <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">\n]>\n<x>&c;</x>";
    static const char outside[] = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>\n<x>&e;</x>";
    coley_arena *arena = coley_arena_create();
    coley_xml *root;
    CHECK(parse(arena, laughs, &root) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "DOCTYPE");
    CHECK(err.line == 2);
    CHECK(parse(arena, outside, &root) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "DOCTYPE");
    CHECK(coley_arena_used(arena) < 100000);
    coley_arena_destroy(arena);
}

static void what_is_not_well_formed_is_refused_with_line_and_column(void)
{
    coley_arena *arena = coley_arena_create();
    coley_xml *root;
    CHECK(parse(arena, "<a>\n <b>1</c>\n</a>", &root) == COLEY_ERR_INPUT);
    CHECK(err.line == 2 && err.column > 0);
    CHECK_HAS(err.text, "not well-formed");
    CHECK(parse(arena, "", &root) == COLEY_ERR_INPUT);
    CHECK(parse(arena, "x,y,z\n1,2,3\n", &root) == COLEY_ERR_INPUT);
    CHECK(parse(arena, "<a>&unknown;</a>", &root) == COLEY_ERR_INPUT);
    coley_arena_destroy(arena);
}

static void ten_thousand_levels_are_an_error_and_no_crash(void)
{
    static char deep[70001];
    coley_arena *arena = coley_arena_create();
    coley_xml *root;
    for (int i = 0; i < 10000; i++) {
        memcpy(deep + 3 * i, "<a>", 3);
        memcpy(deep + 30000 + 4 * i, "</a>", 4);
    }
    CHECK(parse(arena, deep, &root) == COLEY_ERR_INPUT);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(elements_keep_their_text_attributes_and_lines);
    RUN(a_document_type_is_refused_so_that_a_billion_laughs_never_begin);
    RUN(what_is_not_well_formed_is_refused_with_line_and_column);
    RUN(ten_thousand_levels_are_an_error_and_no_crash);
    return check_done();
}
