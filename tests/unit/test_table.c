/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/table.h"
#include "support/check.h"

static void numbers_stand_to_the_right_and_words_to_the_left(void)
{
    coley_arena *arena = coley_arena_create();
    static const char *const heading[] = {"drug", "dose [mg]", "n"};
    coley_table table = coley_table_begin(arena, heading, 3);
    coley_table_add(&table, "nivolumab");
    coley_table_add(&table, "%d", 240);
    coley_table_add(&table, "-");
    coley_table_add(&table, "caf\xc3\xa9");
    coley_table_add(&table, "%.1f", 3.5);
    coley_table_add(&table, "12");
    coley_text text = {.arena = arena};
    coley_table_draw(&table, &text);
    CHECK_TEXT(text.data, "drug       dose [mg]   n\n"
                          "---------  ---------  --\n"
                          "nivolumab        240   -\n"
                          "caf\xc3\xa9             3.5  12\n");
    coley_arena_destroy(arena);
}

static void every_failed_allocation_shows_in_the_text(void)
{
    static const char *const heading[] = {"a"};
    int succeeded = 0;
    for (size_t k = 1; k < 40 && !succeeded; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_table table = coley_table_begin(arena, heading, 1);
        for (int i = 0; i < 20; i++) coley_table_add(&table, "%d", i);
        coley_text text = {.arena = arena};
        coley_table_draw(&table, &text);
        succeeded = !text.failed;
        if (succeeded) CHECK_HAS(text.data, "19\n");
        coley_arena_destroy(arena);
    }
    CHECK(succeeded);
}

int main(void)
{
    RUN(numbers_stand_to_the_right_and_words_to_the_left);
    RUN(every_failed_allocation_shows_in_the_text);
    return check_done();
}
