/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_raster.c -- a shape covers its area, wherever it lies between the pixels, and nothing outside the clip. */
#include "io/raster.h"

#include "io/font.h"
#include "support/check.h"

static const coley_rgb black = {0, 0, 0}, white = {255, 255, 255};

/* Pixels that black covers on white. */
static double covered(const coley_raster *r)
{
    double sum = 0;
    for (int i = 0; i < r->width * r->height; i++) sum += (255 - r->rgb[3 * i]) / 255.0;
    return sum;
}

static void a_disc_covers_its_area(void)
{
    FOR_ALL(40, seed)
    {
        coley_arena *arena = coley_arena_create();
        coley_raster r = coley_raster_create(arena, 80, 80, white);
        const double radius = 0.3 + 0.7 * ((double)seed - 1), x = 40 + 0.037 * (double)seed,
                     y = 40 - 0.021 * (double)seed;
        coley_raster_disc(&r, x, y, radius, black, 1);
        CHECK_NEAR(covered(&r), 3.141592653589793 * radius * radius, radius < 2 ? 0.06 : 0.03);
        coley_arena_destroy(arena);
    }
}

static void boxes_and_lines_cover_theirs(void)
{
    coley_arena *arena = coley_arena_create();
    coley_raster r = coley_raster_create(arena, 60, 40, white);
    coley_raster_box(&r, 3.25, 4.5, 20.75, 9.25, black);
    CHECK_NEAR(covered(&r), 17.5 * 4.75, 0.005);
    r = coley_raster_create(arena, 60, 40, white);
    coley_raster_line(&r, 10, 10, 50, 30, 4, black, 1);
    CHECK_NEAR(covered(&r), 4 * hypot(40, 20) + 3.1416 * 4, 0.01);
    coley_arena_destroy(arena);
}

/* The area of a letter by the shoelace formula along its outline, curves in a thousand pieces. */
static double outline_area(uint32_t code, int bold)
{
    const int16_t *point;
    const coley_glyph glyph = coley_font_glyph(code, bold, &point);
    double area = 0, x = 0, y = 0, sx = 0, sy = 0;
    for (int i = 0; i < glyph.count; i++) {
        const int kind = ((point[2 * i] % 3) + 3) % 3;
        const double px = (point[2 * i] - kind) / 3, py = point[2 * i + 1];
        if (kind == 2) {
            const double ex = (point[2 * i + 2] - 1) / 3, ey = point[2 * i + 3];
            double fx = x, fy = y;
            for (int k = 1; k <= 1000; k++) {
                const double t = k / 1000.0, u = 1 - t, tx = u * u * x + 2 * u * t * px + t * t * ex,
                             ty = u * u * y + 2 * u * t * py + t * t * ey;
                area += fx * ty - tx * fy;
                fx = tx;
                fy = ty;
            }
            x = ex;
            y = ey;
            i++;
        } else if (kind == 0) {
            area += x * sy - sx * y;
            x = sx = px;
            y = sy = py;
        } else {
            area += x * py - px * y;
            x = px;
            y = py;
        }
    }
    return fabs(area + x * sy - sx * y) / 2e6;
}

static void every_letter_covers_the_area_of_its_outline(void)
{
    static const uint32_t codes[] = {'A', 'B', 'g', '8', '%', '@', 'l', 0xb5, 0x3b3, 0x2212};
    for (int bold = 0; bold < 2; bold++)
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
            for (int size = 12; size <= 48; size += 12) {
                coley_arena *arena = coley_arena_create();
                coley_raster r = coley_raster_create(arena, 100, 100, white);
                char text[5] = {0};
                if (codes[i] < 128)
                    text[0] = (char)codes[i];
                else if (codes[i] < 0x800)
                    snprintf(text, sizeof text, "%c%c", 0xc0 | codes[i] >> 6, 0x80 | (codes[i] & 63));
                else
                    snprintf(text, sizeof text, "%c%c%c", 0xe0 | codes[i] >> 12, 0x80 | (codes[i] >> 6 & 63),
                             0x80 | (codes[i] & 63));
                coley_raster_text(&r, 20.3, 60.6, (coley_text_style){size, bold, COLEY_TEXT_LEFT, black}, text);
                CHECK_NEAR(covered(&r) / size / size, outline_area(codes[i], bold), 0.006);
                coley_arena_destroy(arena);
            }
}

static void text_has_the_width_of_its_letters_and_lies_on_its_line(void)
{
    const coley_text_style style = {20, 0, COLEY_TEXT_RIGHT, black};
    CHECK_NEAR(coley_raster_text_width(style, "ab"),
               coley_raster_text_width(style, "a") + coley_raster_text_width(style, "b"), 1e-12);
    CHECK_NEAR(coley_raster_text_width(style, "\xce\xb3"), 20 * 0.592, 1e-12); /* gamma of DejaVu Sans: 1212 / 2048 */
    CHECK(coley_raster_text_width(style, "\xff") > 0);                         /* not UTF-8 */
    coley_arena *arena = coley_arena_create();
    coley_raster r = coley_raster_create(arena, 100, 40, white);
    coley_raster_text(&r, 90, 30, style, "HIH");
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 100; x++)
            if (r.rgb[3 * (y * 100 + x)] < 250)
                CHECK(y >= 15 && y < 30 && x < 90 && x >= 90 - coley_raster_text_width(style, "HIH"));
    CHECK(covered(&r) > 100);
    coley_arena_destroy(arena);
}

static void nothing_is_drawn_outside_the_clip_or_from_nowhere(void)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e300, -1e300, 1e9};
    coley_arena *arena = coley_arena_create();
    coley_raster r = coley_raster_create(arena, 40, 40, white);
    coley_raster_clip(&r, 10, 12, 20, 22);
    coley_raster_disc(&r, 15, 15, 30, black, 1);
    coley_raster_text(&r, 0, 20, (coley_text_style){30, 1, COLEY_TEXT_LEFT, black}, "WWW");
    coley_raster_line(&r, 0, 0, 40, 40, 9, black, 1);
    CHECK_NEAR(covered(&r), 100, 1e-9);
    coley_raster_unclip(&r);
    for (size_t i = 0; i < 6; i++) {
        coley_raster_disc(&r, odd[i], 3, 2, black, 1);
        coley_raster_ring(&r, 3, odd[i], 2, 1, black, 1);
        coley_raster_ball(&r, 3, odd[i], 2, black, white, 0.5);
        coley_raster_line(&r, odd[i], 3, odd[i], 4, 1, black, 1);
    }
    CHECK_NEAR(covered(&r), 100, 1e-9);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(a_disc_covers_its_area);
    RUN(boxes_and_lines_cover_theirs);
    RUN(every_letter_covers_the_area_of_its_outline);
    RUN(text_has_the_width_of_its_letters_and_lies_on_its_line);
    RUN(nothing_is_drawn_outside_the_clip_or_from_nowhere);
    return check_done();
}
