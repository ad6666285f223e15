/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/chart.h"
#include "support/check.h"

#include "base/table.h"

static void a_rising_line_runs_from_corner_to_corner(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {0, 10}, y[] = {0, 4}, *const series[] = {y};
    coley_text text = {.arena = arena};
    coley_chart_draw(&(coley_chart){.title = "size",
                                    .x_label = "day",
                                    .width = 11,
                                    .height = 5,
                                    .ascii = 1,
                                    .n = 2,
                                    .x = x,
                                    .n_series = 1,
                                    .y = series},
                     &text);
    CHECK_TEXT(text.data, "size\n"
                          "         4 |         **\n"
                          "           |       **\n"
                          "         2 |    ***\n"
                          "           |  **\n"
                          "         0 |**\n"
                          "           +-----------\n"
                          "            0 day    10\n");
    coley_arena_destroy(arena);
}

static void braille_rows_are_as_wide_as_asked_and_gaps_stay_gaps(void)
{
    coley_arena *arena = coley_arena_create();
    double x[100], y[100];
    for (int i = 0; i < 100; i++) {
        x[i] = i;
        y[i] = i > 40 && i < 60 ? NAN : 50 + 10 * sin(i * 0.2);
    }
    const double *const series[] = {y};
    coley_text text = {.arena = arena};
    coley_chart_draw(&(coley_chart){.width = 50, .height = 8, .n = 100, .x = x, .n_series = 1, .y = series}, &text);
    CHECK(coley_text_utf8(text.data, text.length, NULL));
    for (char *line = strtok(text.data, "\n"); line; line = strtok(NULL, "\n")) CHECK(coley_table_width(line) <= 63);
    coley_arena_destroy(arena);
}

static void nothing_finite_is_said_and_one_point_or_a_flat_line_are_drawn(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {1, 2}, nothing[] = {NAN, INFINITY},
                 flat[] = {0, 0}, *const a[] = {nothing}, *const b[] = {flat};
    coley_text text = {.arena = arena};
    coley_chart_draw(&(coley_chart){.width = 20, .height = 5, .n = 2, .x = x, .n_series = 1, .y = a}, &text);
    CHECK_HAS(text.data, "nothing to draw");
    coley_chart_draw(&(coley_chart){.width = 20, .height = 5, .ascii = 1, .n = 2, .x = x, .n_series = 1, .y = b},
                     &text);
    CHECK_HAS(text.data, "0 |********************");
    coley_chart_draw(&(coley_chart){.width = 1, .height = 1000, .ascii = 1, .n = 1, .x = x, .n_series = 1, .y = b},
                     &text);
    CHECK(!text.failed);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(a_rising_line_runs_from_corner_to_corner);
    RUN(braille_rows_are_as_wide_as_asked_and_gaps_stay_gaps);
    RUN(nothing_finite_is_said_and_one_point_or_a_flat_line_are_drawn);
    return check_done();
}
