/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "support/check.h"

#include <stdlib.h>

static void numbers_are_read_whole_or_not_at_all(void)
{
    double x = 0;
    CHECK(coley_text_number("1.5e-3", &x));
    CHECK_NEAR(x, 1.5e-3, 1e-18);
    CHECK(coley_text_number("-.5", &x));
    static const char *const bad[] = {"", " 1", "1 ", "nan", "inf", "0x10", "1e999", "1,5", "--1", "1e", "one"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!coley_text_number(bad[i], &x));
    int64_t n = 0;
    CHECK(coley_text_integer("-12", -20, 20, &n) && n == -12);
    CHECK(!coley_text_integer("21", -20, 20, &n));
    CHECK(!coley_text_integer("9999999999999999999", 0, INT64_MAX, &n));
}

static void a_near_name_is_suggested_and_a_far_one_is_not(void)
{
    static const char *const names[] = {"regimen", "disease", "patient"};
    CHECK_TEXT(coley_text_nearest("regime", names, 3), "regimen");
    CHECK_TEXT(coley_text_nearest("Pateint", names, 3), "patient");
    CHECK(!coley_text_nearest("zzzzzzzz", names, 3));
}

static void utf8_is_told_from_bytes_that_are_not(void)
{
    size_t bad = 99;
    CHECK(coley_text_utf8("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", 14, &bad));
    CHECK(!coley_text_utf8("ab\xff", 3, &bad) && bad == 2);
    CHECK(!coley_text_utf8("\xc0\x80", 2, &bad));
    CHECK(!coley_text_utf8("\xed\xa0\x80", 3, &bad));
    CHECK(!coley_text_utf8("\xe2\x82", 2, &bad));
}

static void a_file_is_written_whole_or_not_at_all(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    char *bytes = NULL;
    size_t length = 0;
    char path[] = "/tmp/coley-test-text-XXXXXX";
    CHECK(mkdtemp(path) != NULL);
    char file[128];
    snprintf(file, sizeof file, "%s/a.txt", path);
    CHECK(coley_file_write(file, "hello", 5, &err) == COLEY_OK);
    CHECK(coley_file_read(arena, file, 100, &bytes, &length, &err) == COLEY_OK && length == 5);
    CHECK_TEXT(bytes, "hello");
    CHECK(coley_file_read(arena, file, 4, &bytes, &length, &err) == COLEY_ERR_INPUT);
    CHECK(coley_file_read(arena, path, 100, &bytes, &length, &err) == COLEY_ERR_IO);
    CHECK(coley_file_read(arena, "/nonexistent", 100, &bytes, &length, &err) == COLEY_ERR_IO);
    CHECK_TEXT(err.file, "/nonexistent");
    CHECK(coley_file_write("/dev/full/x", "hello", 5, &err) == COLEY_ERR_IO);
    remove(file);
    remove(path);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(numbers_are_read_whole_or_not_at_all);
    RUN(a_near_name_is_suggested_and_a_far_one_is_not);
    RUN(utf8_is_told_from_bytes_that_are_not);
    RUN(a_file_is_written_whole_or_not_at_all);
    return check_done();
}
