/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_picture.c -- what is where in the tissue is where it should be in the picture, in its colour. */
#include "io/picture.h"

#include "base/text.h"
#include "io/png.h"
#include "support/check.h"
#include "support/png_read.h"
#include "support/tissue_fixture.h"

#include <stdlib.h>
#include <unistd.h>

static coley_error err;

/* Two types, three cells far apart in the middle plane, a field that falls from left to right. */
typedef struct scene {
    coley_tissue_frame f;
    uint32_t id[3];
    uint8_t type[3], death[3];
    float x[3], y[3], z[3], volume[3], nucleus[3], field[100 * 3];
    coley_frame_field fields[2];
} scene;

static const float radius_um = 12;

static void make_scene(scene *s, int plane)
{
    static const coley_frame_type types[] = {{"tumour", 0, NULL}, {"CD8", 1, NULL}, {"odd one", 2, "#123456"}};
    *s = (scene){.id = {0, 1, 2}, .type = {0, 1, 2}, .x = {-60, 0, 60}, .y = {50, 0, -50}};
    for (int i = 0; i < 3; i++) {
        s->volume[i] = 4.18879F * radius_um * radius_um * radius_um;
        s->nucleus[i] = s->volume[i] / 8; /* half the radius */
    }
    for (int v = 0; v < 300; v++) s->field[v] = (float)(9 - v % 10);
    s->fields[0] = (coley_frame_field){"oxygen", "mmHg", 1e5, 0.1, s->field};
    s->fields[1] = (coley_frame_field){"IFN-gamma", NULL, 1e3, 0.1, s->field};
    s->f = (coley_tissue_frame){.time_min = 90,
                                .plane = plane,
                                .low_um = {-100, -100, plane ? -10 : -30},
                                .high_um = {100, 100, plane ? 10 : 30},
                                .voxel_um = {20, 20, 20},
                                .n_voxels = {10, 10, plane ? 1 : 3},
                                .n_types = 3,
                                .n_fields = 2,
                                .n_cells = 3,
                                .type = types,
                                .field = s->fields,
                                .id = s->id,
                                .type_of = s->type,
                                .death = s->death,
                                .x_um = s->x,
                                .y_um = s->y,
                                .z_um = s->z,
                                .volume_um3 = s->volume,
                                .nuclear_volume_um3 = s->nucleus};
}

static coley_raster draw(coley_arena *arena, const coley_tissue_frame *f, const coley_picture_options *o)
{
    coley_raster r = {0};
    CHECK(coley_picture_draw(arena, f, o, &r, &err) == COLEY_OK);
    return r;
}

static coley_rgb at_um(const coley_raster *r, const coley_tissue_frame *f, const coley_picture_options *o, double x,
                       double y)
{
    const coley_picture_map m = coley_picture_place(f, o);
    return pixel_at(r, (int)(m.left + (x - f->low_um[0]) * m.scale), (int)(m.bottom - (y - f->low_um[1]) * m.scale));
}

static double distance(coley_rgb a, coley_rgb b)
{
    return abs(a.r - b.r) + abs(a.g - b.g) + abs(a.b - b.b);
}

/* Hue and not lightness: the share of each part above the least. */
static int same_hue(coley_rgb a, coley_rgb b)
{
    const double la = fmin(a.r, fmin(a.g, a.b)), lb = fmin(b.r, fmin(b.g, b.b));
    const double ha = fmax(a.r, fmax(a.g, a.b)) - la, hb = fmax(b.r, fmax(b.g, b.b)) - lb;
    if (ha < 20 || hb < 20) return 0;
    return fabs((a.r - la) / ha - (b.r - lb) / hb) < 0.12 && fabs((a.g - la) / ha - (b.g - lb) / hb) < 0.12 &&
           fabs((a.b - la) / ha - (b.b - lb) / hb) < 0.12;
}

static void a_cell_has_its_colour_at_its_place_and_a_darker_nucleus(void)
{
    static const coley_rgb expected[3] = {
        {0, 0x72, 0xb2}, {0xd5, 0x5e, 0}, {0x12, 0x34, 0x56}}; /* Okabe and Ito; its own */
    for (int dark = 0; dark < 2; dark++) {
        coley_arena *arena = coley_arena_create();
        static scene s;
        make_scene(&s, 1);
        coley_picture_options o = COLEY_PICTURE_DEFAULT;
        o.dark = dark;
        o.field = "";
        const coley_raster r = draw(arena, &s.f, &o);
        for (int i = 0; i < 3; i++) {
            const double x = (double)s.x[i], y = (double)s.y[i];
            const coley_rgb body = at_um(&r, &s.f, &o, x + 0.75 * 12, y), nucleus = at_um(&r, &s.f, &o, x, y);
            const coley_rgb beyond = at_um(&r, &s.f, &o, x + 1.2 * 12, y);
            CHECK(same_hue(body, expected[i]) && same_hue(nucleus, expected[i]) && !same_hue(beyond, expected[i]));
            CHECK(nucleus.r + nucleus.g + nucleus.b < body.r + body.g + body.b);
        }
        coley_arena_destroy(arena);
    }
}

static void the_dead_differ_from_the_living_without_colour(void)
{
    coley_arena *arena = coley_arena_create();
    static scene s;
    make_scene(&s, 1);
    coley_picture_options o = COLEY_PICTURE_DEFAULT;
    o.field = "";
    s.type[0] = s.type[1] = s.type[2] = 0;
    s.death[1] = COLEY_FRAME_APOPTOTIC;
    s.death[2] = COLEY_FRAME_NECROTIC;
    const coley_raster r = draw(arena, &s.f, &o);
    int dark[3][2] = {{0}}; /* of the inner pixels: in the middle, and halfway to the rim on the diagonals */
    for (int i = 0; i < 3; i++)
        for (double a = 0; a < 6.28; a += 0.05) {
            const double x = (double)s.x[i], y = (double)s.y[i];
            const coley_rgb middle = at_um(&r, &s.f, &o, x + cos(a), y + sin(a));
            const coley_rgb half = at_um(&r, &s.f, &o, x + 5.4 * cos(a), y + 5.4 * sin(a));
            dark[i][0] += middle.r + middle.g + middle.b < 450;
            dark[i][1] += half.r + half.g + half.b < 450;
        }
    CHECK(dark[0][0] > 120 && dark[0][1] > 120);                    /* a round nucleus */
    CHECK(dark[1][0] < 120 && dark[1][1] > 20 && dark[1][1] < 110); /* pieces around the middle */
    CHECK(dark[2][0] > 20 && dark[2][1] > 4 && dark[2][1] < 60);    /* the arms of a cross */
    coley_arena_destroy(arena);
}

/* Lightness in Oklab, by Ottosson's published matrices, from the code values. */
static double lightness(coley_rgb c)
{
    const double code[3] = {c.r / 255.0, c.g / 255.0, c.b / 255.0};
    double v[3];
    for (int i = 0; i < 3; i++) v[i] = code[i] <= 0.04045 ? code[i] / 12.92 : pow((code[i] + 0.055) / 1.055, 2.4);
    return 0.2104542553 * cbrt(0.4122214708 * v[0] + 0.5363325363 * v[1] + 0.0514459929 * v[2]) +
           0.7936177850 * cbrt(0.2119034982 * v[0] + 0.6806995451 * v[1] + 0.1073969566 * v[2]) -
           0.0040720468 * cbrt(0.0883024619 * v[0] + 0.2817188376 * v[1] + 0.6299787005 * v[2]);
}

static void equal_steps_of_a_field_are_equal_steps_of_lightness(void)
{
    for (int dark = 0; dark < 2; dark++) {
        const double low = lightness(coley_colour_of_level(0, dark)), high = lightness(coley_colour_of_level(1, dark));
        CHECK(dark ? high - low > 0.25 : low - high > 0.2);
        for (int i = 0; i <= 20; i++)
            CHECK_NEAR(lightness(coley_colour_of_level(i / 20.0, dark)), low + (high - low) * i / 20.0, 0.012);
    }
}

static void the_ground_has_the_colour_that_the_bar_gives_to_the_level(void)
{
    coley_arena *arena = coley_arena_create();
    static scene s;
    make_scene(&s, 1);
    coley_picture_options o = COLEY_PICTURE_DEFAULT;
    o.field = "IFN-gamma";
    const coley_raster r = draw(arena, &s.f, &o);
    for (int v = 0; v < 10; v++) /* at the centres of voxels: 9 ... 0; the bar ends at 10 */
        CHECK(distance(at_um(&r, &s.f, &o, -90 + 20 * v, -90), coley_colour_of_level((9 - v) / 10.0, 0)) < 6);
    o.field_low = 0;
    o.field_high = 18;
    const coley_raster half = draw(arena, &s.f, &o);
    CHECK(distance(at_um(&half, &s.f, &o, -90, -90), coley_colour_of_level(0.5, 0)) < 6);
    o.field = "IFN-gama";
    coley_raster none;
    CHECK(coley_picture_draw(arena, &s.f, &o, &none, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "did you mean \"IFN-gamma\"");
    o.width = 100;
    CHECK(coley_picture_draw(arena, &s.f, &o, &none, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "320 to 8000");
    coley_arena_destroy(arena);
}

static void a_cut_shows_cells_where_it_goes_through_them(void)
{
    coley_arena *arena = coley_arena_create();
    static scene s;
    make_scene(&s, 0);
    s.z[1] = 9.6F; /* cut to a circle of sqrt(144 - 92) = 7.2 um, beside the nucleus */
    s.z[2] = 12.5F;
    coley_picture_options o = COLEY_PICTURE_DEFAULT;
    o.field = "";
    const coley_rgb paper = {255, 255, 255};
    const coley_raster r = draw(arena, &s.f, &o);
    CHECK(distance(at_um(&r, &s.f, &o, -60 + 10, 50), paper) > 50);
    CHECK(distance(at_um(&r, &s.f, &o, 6.5, 0), paper) > 50 && distance(at_um(&r, &s.f, &o, 8, 0), paper) < 5);
    CHECK(distance(at_um(&r, &s.f, &o, 60, -50), paper) < 5);
    o.slab_um = 26;
    const coley_raster slab = draw(arena, &s.f, &o);
    CHECK(distance(at_um(&slab, &s.f, &o, 60 + 10, -50), paper) > 50);
    o.view = COLEY_PICTURE_BODY;
    const coley_raster body = draw(arena, &s.f, &o);
    CHECK(body.rgb != NULL);
    coley_arena_destroy(arena);
}

static void the_same_frame_is_the_same_file_as_libpng_reads_it(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 150, 1, 0);
    coley_picture_options o = COLEY_PICTURE_DEFAULT;
    o.width = 500;
    char *bytes[2], path[64];
    size_t length[2];
    coley_raster r;
    snprintf(path, sizeof path, "/tmp/coley-picture-%ld.png", (long)getpid());
    for (int i = 0; i < 2; i++) {
        r = draw(arena, &f, &o);
        CHECK(coley_png_write(arena, &r, path, &err) == COLEY_OK);
        CHECK(coley_file_read(arena, path, 1 << 24, &bytes[i], &length[i], &err) == COLEY_OK);
    }
    CHECK(length[0] == length[1] && !memcmp(bytes[0], bytes[1], length[0]));
    const coley_raster read = png_read(arena, bytes[0], length[0]);
    CHECK(read.rgb && read.width == 500 && read.height == r.height);
    CHECK(read.rgb && !memcmp(read.rgb, r.rgb, 3 * (size_t)r.width * (size_t)r.height));
    unlink(path);
    coley_arena_destroy(arena);
}

static void no_cells_many_types_and_missing_memory_are_no_accident(void)
{
    coley_arena *arena = coley_arena_create();
    static scene s;
    make_scene(&s, 1);
    static coley_frame_type types[250];
    for (int i = 0; i < 250; i++)
        types[i] = (coley_frame_type){"a type with a name that is longer than the legend", i, NULL};
    s.f.n_types = 250;
    s.f.type = types;
    s.f.n_cells = 0;
    s.f.n_voxels[0] = s.f.n_voxels[1] = 1;
    s.f.voxel_um[0] = s.f.voxel_um[1] = 200;
    coley_picture_options o = COLEY_PICTURE_DEFAULT;
    o.width = 400;
    CHECK(draw(arena, &s.f, &o).rgb != NULL);
    o.view = COLEY_PICTURE_BODY;
    CHECK(draw(arena, &s.f, &o).rgb != NULL);
    for (size_t k = 1;; k++) {
        coley_arena *failing = coley_arena_create_failing(k);
        coley_raster r;
        const coley_status status = coley_picture_draw(failing, &s.f, &o, &r, &err);
        coley_arena_destroy(failing);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
    }
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(a_cell_has_its_colour_at_its_place_and_a_darker_nucleus);
    RUN(the_dead_differ_from_the_living_without_colour);
    RUN(equal_steps_of_a_field_are_equal_steps_of_lightness);
    RUN(the_ground_has_the_colour_that_the_bar_gives_to_the_level);
    RUN(a_cut_shows_cells_where_it_goes_through_them);
    RUN(the_same_frame_is_the_same_file_as_libpng_reads_it);
    RUN(no_cells_many_types_and_missing_memory_are_no_accident);
    return check_done();
}
