/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot.c -- SVG charts: numbers for people, gaps that stay gaps, text that cannot escape. */
#include "io/plot.h"

#include <math.h>
#include <stdlib.h>

#include "support/check.h"

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, part)); p += strlen(part)) n++;
    return n;
}

static void figures_have_three_digits_and_readable_powers(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {1, "1"},
        {71.44, "71.4"},
        {0.0512, "0.0512"},
        {-21.36, "−21.4"},
        {999.4, "999"},
        {999.6, "1000"},
        {1234, "1234"},
        {12345, "12\u202f345"},
        {999999, "999\u202f999"},
        {1e6, "1 × 10⁶"},
        {2.345e9, "2.35 × 10⁹"},
        {9.999e8, "1 × 10⁹"},
        {4.2e-5, "4.2 × 10⁻⁵"},
        {0.001, "0.001"},
        {NAN, "–"},
        {INFINITY, "–"},
        {99.96, "100"},
        {9.996, "10"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_TEXT(coley_figure_of(cases[i].value).text, cases[i].text);
    CHECK_TEXT(coley_figure_day(84, 365).text, "week 12");
    CHECK_TEXT(coley_figure_day(5, 20).text, "day 5");
}

static coley_plot plot_of(const coley_plot_line *line)
{
    return (coley_plot){.alt = "a <b>",
                        .unit = "u",
                        .day_low = 0,
                        .day_high = 100,
                        .low = NAN,
                        .high = NAN,
                        .height = 200,
                        .shade_from_day = NAN,
                        .line = line,
                        .n_lines = 1};
}

static void a_missing_value_breaks_the_line(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {0, 25, 50, 75, 100}, whole[] = {1, 2, 3, 4, 5}, broken[] = {1, 2, NAN, 4, 5};
    coley_plot_line line = {.x = x, .y = whole, .n = 5, .weight = 2};
    const coley_plot plot = plot_of(&line);
    coley_text a = {.arena = arena}, b = {.arena = arena};
    coley_plot_draw(&plot, COLEY_PLOT_WIDE, &a);
    line.y = broken;
    coley_plot_draw(&plot, COLEY_PLOT_WIDE, &b);
    const char *in_a = strstr(a.data, "class=\"line w2 c0\""), *in_b = strstr(b.data, "class=\"line w2 c0\"");
    CHECK(in_a && in_b);
    char path_a[400], path_b[400];
    sscanf(in_a, "class=\"line w2 c0\" d=\"%399[^\"]", path_a);
    sscanf(in_b, "class=\"line w2 c0\" d=\"%399[^\"]", path_b);
    CHECK(count(path_a, "M") == 1 && count(path_a, "L") == 4);
    CHECK(count(path_b, "M") == 2 && count(path_b, "L") == 2);
    coley_arena_destroy(arena);
}

static void a_line_that_is_flat_but_for_rounding_has_an_axis(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {0, 100}, low[] = {-1e-3, -2.5, 12, 1e9};
    for (size_t i = 0; i < sizeof low / sizeof *low; i++) {
        const double y[] = {low[i], nextafter(low[i], INFINITY)};
        const coley_plot_line line = {.x = x, .y = y, .n = 2, .weight = 2};
        const coley_plot plot = plot_of(&line);
        coley_text text = {.arena = arena};
        coley_plot_draw(&plot, COLEY_PLOT_WIDE, &text);
        CHECK(text.data && !strstr(text.data, "nan") && !strstr(text.data, "inf"));
    }
    coley_arena_destroy(arena);
}

static void words_cannot_become_markup(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {0, 100}, y[] = {1, 2};
    const char *tips[] = {"<i>", "\"><script>"};
    const coley_plot_line line = {
        .label = "<script>", .x = x, .y = y, .n = 2, .weight = 2, .marker = COLEY_MARKER_STAR, .tip = tips};
    const coley_plot plot = plot_of(&line);
    const coley_plot_item item = {.from_day = 1, .to_day = 90, .style = "s", .text = "<b>", .tip = "<u>"};
    const coley_plot_track track = {.label = "<label>", .note = "<note>", .n_items = 1, .item = &item, .height = 20};
    const coley_plot_tracks tracks = {.alt = "<alt>", .day_high = 100, .n_tracks = 1, .track = &track};
    coley_text out = {.arena = arena};
    for (int size = COLEY_PLOT_WIDE; size <= COLEY_PLOT_NARROW; size++) {
        coley_plot_draw(&plot, (coley_plot_size)size, &out);
        coley_plot_tracks_draw(&tracks, (coley_plot_size)size, &out);
    }
    coley_plot_legend(&plot, &out);
    const char *const bad[] = {"<script>", "<b>", "<i>", "<u>", "<label>", "<note>", "<alt>"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!strstr(out.data, bad[i]));
    coley_arena_destroy(arena);
}

static void odd_data_never_give_odd_numbers(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {0, 25, 50, 75, 100};
    const double rows[][5] = {{NAN, NAN, NAN, NAN, NAN},
                              {0, 0, 0, 0, 0},
                              {1e-300, 1e300, 1, 1, 1},
                              {-5, -4, -3, -2, -1},
                              {3, 3, 3, 3, 3},
                              {INFINITY, 1, -INFINITY, 2, 3},
                              {1e9, 1e9 + 1, 1e9, 1e9, 1e9},
                              {1e-9, 2e-9, 1e-9, 3e-9, 1e-9}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int log = 0; log < 2; log++) {
            const coley_plot_line line = {.label = "l",
                                          .x = x,
                                          .y = rows[i],
                                          .n = 5,
                                          .weight = 2,
                                          .low90 = rows[i],
                                          .high90 = rows[i],
                                          .marker = COLEY_MARKER_CIRCLE};
            coley_plot plot = plot_of(&line);
            plot.logarithmic = log;
            coley_text out = {.arena = arena};
            coley_plot_draw(&plot, COLEY_PLOT_WIDE, &out);
            CHECK(!strstr(out.data, "nan") && !strstr(out.data, "inf") && !out.failed);
        }
    }
    coley_arena_destroy(arena);
}

static void a_long_series_is_thinned_but_keeps_its_peak(void)
{
    coley_arena *arena = coley_arena_create();
    enum { N = 50000 };
    double *x = COLEY_NEW(arena, double, N), *y = COLEY_NEW(arena, double, N);
    for (int i = 0; i < N; i++) x[i] = 100.0 * i / N, y[i] = 1;
    y[31234] = 9;
    const coley_plot_line line = {.x = x, .y = y, .n = N, .weight = 2};
    coley_plot plot = plot_of(&line);
    plot.low = 0;
    plot.high = 9;
    coley_text out = {.arena = arena};
    coley_plot_draw(&plot, COLEY_PLOT_NARROW, &out);
    CHECK(out.length < 30000);
    CHECK_HAS(out.data, " 0.0L"); /* the top of the plot is reached */
    coley_arena_destroy(arena);
}

static void a_sheet_stands_alone_and_its_charts_do_not_overlap(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {0, 100}, y[] = {1, 2};
    const coley_plot_line line = {.x = x, .y = y, .n = 2, .weight = 2, .label = "a & b"};
    const coley_plot plot[] = {plot_of(&line), plot_of(&line)};
    coley_text out = {.arena = arena};
    coley_plot_sheet(plot, 2, "both \"<", &out);
    CHECK(strncmp(out.data, "<svg xmlns=\"http://www.w3.org/2000/svg\"", 39) == 0);
    CHECK(count(out.data, "<svg") == 3 && count(out.data, "</svg>") == 3 && !strstr(out.data, "var("));
    CHECK(count(out.data, "class=\"line w2 c0\" d=\"M0.0") == 2 && strstr(out.data, "both &quot;&lt;"));
    const char *second = strstr(out.data, "translate(0 12)");
    CHECK(second && (second = strstr(second + 1, "translate(0 ")) && atof(second + 12) >= 12 + 200);
    coley_arena_destroy(arena);
}

static void drawing_of(const coley_plot *plot, coley_text *out)
{
    out->length = 0;
    coley_plot_draw(plot, COLEY_PLOT_WIDE, out);
}

static void ticks_are_told_apart_and_a_solvers_error_below_zero_moves_no_axis(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {0, 100}, narrow[] = {99.905, 99.935}, washed_out[] = {800, -1e-3};
    coley_plot_line line = {.x = x, .y = narrow, .n = 2, .weight = 2};
    const coley_plot plot = plot_of(&line);
    coley_text out = {.arena = arena};
    drawing_of(&plot, &out);
    CHECK(strstr(out.data, ">99.91<") && strstr(out.data, ">99.92<") && strstr(out.data, ">99.93<"));
    CHECK(!strstr(out.data, ">99.9<"));
    line.y = washed_out;
    drawing_of(&plot, &out);
    CHECK(strstr(out.data, ">800<") && strstr(out.data, ">0<") && !strstr(out.data, "−"));
    coley_arena_destroy(arena);
}

static void a_line_that_never_comes_into_the_frame_is_said_to_lie_below_it(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {0, 50, 100}, much[] = {1e8, 1e9, 1e8}, little[] = {2, 3, 2}, comes[] = {2, 1e8, 2};
    coley_plot_line line[] = {{.x = x, .y = much, .n = 3, .weight = 2, .label = "much"},
                              {.x = x, .y = little, .n = 3, .weight = 2, .label = "little", .colour = 1}};
    coley_plot plot = plot_of(line);
    plot.n_lines = 2;
    plot.logarithmic = 1;
    coley_text out = {.arena = arena};
    drawing_of(&plot, &out);
    CHECK(count(out.data, "below the scale") == 1);
    line[1].y = comes;
    drawing_of(&plot, &out);
    CHECK(!strstr(out.data, "below the scale"));
    coley_arena_destroy(arena);
}

static void a_long_name_takes_three_lines_before_it_is_cut(void)
{
    coley_arena *arena = coley_arena_create();
    const double x[] = {0, 100}, y[] = {1, 2};
    coley_plot_line line = {
        .x = x, .y = y, .n = 2, .weight = 2, .label = "tumour cells with little antigen or MHC in lesion 1"};
    const coley_plot plot = plot_of(&line);
    coley_text out = {.arena = arena};
    drawing_of(&plot, &out);
    CHECK(strstr(out.data, "lesion 1</tspan>") && !strstr(out.data, "…"));
    line.label = "a name that is so long that nobody would want to read the whole of it at the side of a chart";
    drawing_of(&plot, &out);
    CHECK(count(out.data, "…</tspan>") == 1);
    coley_arena_destroy(arena);
}

static void people_at_risk_stand_under_the_ticks_of_the_axis(void)
{
    static const double x[] = {0, 61}, y[] = {1, 0.5}, day[] = {10, 31, 61};
    static const size_t at_risk[] = {3, 2, 1};
    coley_arena *arena = coley_arena_create();
    coley_text text = {.arena = arena};
    const coley_plot_line line = {.x = x, .y = y, .n = 2, .weight = 2};
    const coley_plot_count rows[] = {{"one <arm>", 0, 3, day, at_risk}};
    coley_plot plot = plot_of(&line);
    plot.day_high = 61;
    plot.time_name = "month";
    plot.time_days = 30.5;
    plot.counts_title = "at risk";
    plot.n_counts = 1;
    plot.count = rows;
    coley_plot_draw(&plot, COLEY_PLOT_WIDE, &text);
    CHECK_HAS(text.data, ">month 0</text>");
    CHECK_HAS(text.data, "one &lt;arm&gt;");
    const char *row = strstr(text.data, "one &lt;arm&gt;");
    /* Months 0, 1 and 2: days 0, 30.5, 61. */
    CHECK(row && strstr(row, ">3</text>") && strstr(row, ">2</text>") && strstr(row, ">1</text>"));
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(figures_have_three_digits_and_readable_powers);
    RUN(a_missing_value_breaks_the_line);
    RUN(a_line_that_is_flat_but_for_rounding_has_an_axis);
    RUN(words_cannot_become_markup);
    RUN(odd_data_never_give_odd_numbers);
    RUN(a_long_series_is_thinned_but_keeps_its_peak);
    RUN(a_sheet_stands_alone_and_its_charts_do_not_overlap);
    RUN(ticks_are_told_apart_and_a_solvers_error_below_zero_moves_no_axis);
    RUN(a_line_that_never_comes_into_the_frame_is_said_to_lie_below_it);
    RUN(a_long_name_takes_three_lines_before_it_is_cut);
    RUN(people_at_risk_stand_under_the_ticks_of_the_axis);
    return check_done();
}
