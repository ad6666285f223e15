/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c -- the sheet: title and time above, the tissue at the left, legend and colour bar at the right, the scale
 * bar below. All lengths are for a width of 1200 pixels and grow with it. */
#include "io/picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "io/picture_cells.h"
#include "io/plot.h"

static const double margin = 32, panel = 262, gap = 34, head = 92, foot = 66, entry = 31, tallest = 1250;
enum { ENTRIES_MAX = 28 };

typedef struct sheet {
    coley_raster *r;
    const coley_tissue_frame *f;
    const coley_picture_options *o;
    coley_picture_map map;
    double unit; /* pixels of a length of 1 */
    coley_rgb paper, ink, muted, line;
    coley_rgb colour[256];
    size_t field; /* n_fields: none */
    double field_low, field_high;
} sheet;

static size_t shown_types(const coley_tissue_frame *f)
{
    return f->n_types > ENTRIES_MAX ? ENTRIES_MAX : f->n_types;
}

static double panel_height(const coley_tissue_frame *f)
{
    return 34 + entry * ((double)shown_types(f) + (f->n_types > ENTRIES_MAX)) + 16 + 2 * entry + 150;
}

/* The box around the domain as it is seen [um]. */
static void seen_size(const coley_tissue_frame *f, const coley_picture_options *o, double size[2])
{
    const double x = f->high_um[0] - f->low_um[0], y = f->high_um[1] - f->low_um[1], z = f->high_um[2] - f->low_um[2];
    size[0] = x;
    size[1] = y;
    if (o->view == COLEY_PICTURE_BODY) {
        size[0] = 0.8191520443 * x + 0.5735764364 * y;
        size[1] = 0.8660254038 * z + 0.5 * (0.5735764364 * x + 0.8191520443 * y);
    }
}

coley_picture_map coley_picture_place(const coley_tissue_frame *f, const coley_picture_options *o)
{
    const double unit = o->width / 1200.0, wide = (1200 - 2 * margin - gap - panel) * unit;
    double size[2];
    seen_size(f, o, size);
    double scale = wide / size[0];
    if (scale * size[1] > tallest * unit) scale = tallest * unit / size[1];
    /* Whole pixels, so that the frame is sharp. */
    const double left = floor(margin * unit + (wide - scale * size[0]) / 2 + 0.5), top = floor(head * unit + 0.5);
    return (coley_picture_map){left, top, left + scale * size[0], top + scale * size[1], scale};
}

static void write_at(sheet *s, double x, double y, double size, int bold, coley_text_side side, coley_rgb colour,
                     const char *text)
{
    coley_raster_text(s->r, x, y, (coley_text_style){size * s->unit, bold, side, colour}, text);
}

/* As much of the text as fits, ended by an ellipsis if it is not all. */
static void write_fitting(sheet *s, double x, double y, double size, int bold, double room, coley_rgb colour,
                          const char *text)
{
    const coley_text_style style = {size * s->unit, bold, COLEY_TEXT_LEFT, colour};
    char part[256];
    snprintf(part, sizeof part, "%s", text);
    for (size_t n = strlen(part); n && coley_raster_text_width(style, part) > room;) {
        do n--;
        while (n && ((unsigned char)text[n] & 0xc0) == 0x80);
        snprintf(part, sizeof part, "%.*s\xe2\x80\xa6", (int)n, text);
    }
    coley_raster_text(s->r, x, y, style, part);
}

static void format_count(char text[32], size_t n)
{
    char plain[32];
    const int length = snprintf(plain, sizeof plain, "%zu", n);
    int k = 0;
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) text[k++] = ',';
        text[k++] = plain[i];
    }
    text[k] = '\0';
}

/* Hours up to three days, then days; what is 0 in the smaller unit is left out. */
static void format_time(char text[64], double time_min)
{
    if (!(fabs(time_min) < 1e12)) {
        snprintf(text, 64, "%g min", time_min);
        return;
    }
    const long long whole = llround(time_min), days = whole >= 4320 ? whole / 1440 : 0,
                    hours = (whole - 1440 * days) / 60;
    const long long minutes = whole % 60;
    int n = 0;
    text[0] = '\0';
    if (days) n += snprintf(text + n, 64 - (size_t)n, "%lld d", days);
    if (hours) n += snprintf(text + n, 64 - (size_t)n, "%s%lld h", n ? " " : "", hours);
    if (minutes || !n) snprintf(text + n, 64 - (size_t)n, "%s%lld min", n ? " " : "", minutes);
}

static void draw_head(sheet *s)
{
    const double y = 56 * s->unit;
    char time[64], where[96] = "";
    format_time(time, s->f->time_min);
    const coley_text_style style = {20 * s->unit, 0, COLEY_TEXT_RIGHT, s->ink};
    const double edge = 1200 * s->unit - margin * s->unit;
    coley_raster_text(s->r, edge, y, style, time);
    const char *title = s->o->title ? s->o->title : s->f->source ? s->f->source : "Tissue";
    const double left = margin * s->unit;
    write_fitting(s, left, y, 25, 1, edge - coley_raster_text_width(style, time) - left - gap * s->unit, s->ink, title);
    if (s->f->plane) return;
    if (s->o->view == COLEY_PICTURE_BODY)
        snprintf(where, sizeof where, "the nearest eighth is cut away");
    else if (s->o->slab_um > 0)
        snprintf(where, sizeof where, "cut at z = %g \xc2\xb5m, %g \xc2\xb5m thick", coley_picture_cut(s->f, s->o),
                 s->o->slab_um);
    else
        snprintf(where, sizeof where, "cut at z = %g \xc2\xb5m", coley_picture_cut(s->f, s->o));
    write_at(s, s->map.left, s->map.bottom + 44 * s->unit, 16, 0, COLEY_TEXT_LEFT, s->muted, where);
}

/* 1, 2 or 5 times a power of ten, at most `most`. */
static double round_length(double most)
{
    const double power = pow(10, floor(log10(most)));
    return most >= 5 * power ? 5 * power : most >= 2 * power ? 2 * power : power;
}

static void draw_scale_bar(sheet *s)
{
    const double length_um = round_length(220 * s->unit / s->map.scale), length = length_um * s->map.scale;
    const double x1 = s->map.right, x0 = x1 - length, y = s->map.bottom + 22 * s->unit;
    char text[32];
    coley_raster_box(s->r, x0, y - 2.5 * s->unit, x1, y + 2.5 * s->unit, s->ink);
    if (length_um < 1000)
        snprintf(text, sizeof text, "%g \xc2\xb5m", length_um);
    else
        snprintf(text, sizeof text, "%g mm", length_um / 1000);
    write_at(s, (x0 + x1) / 2, y + 22 * s->unit, 16, 0, COLEY_TEXT_MIDDLE, s->ink, text);
}

static void draw_entry(sheet *s, double y, const char *name, size_t count, coley_rgb colour, coley_frame_death death)
{
    const double x = (1200 - margin - panel) * s->unit, edge = (1200 - margin) * s->unit, radius = 10.5 * s->unit;
    char text[32];
    format_count(text, count);
    const coley_text_style style = {17 * s->unit, 0, COLEY_TEXT_RIGHT, s->ink};
    coley_picture_cell(s->r, x + radius, y - 6 * s->unit, radius, 0.55 * radius, colour, death, s->o->dark);
    coley_raster_text(s->r, edge, y, style, text);
    const double from = x + 33 * s->unit, room = edge - coley_raster_text_width(style, text) - 12 * s->unit - from;
    write_fitting(s, from, y, 17, 0, room, s->ink, name);
}

static double draw_legend(sheet *s)
{
    const coley_tissue_frame *f = s->f;
    const double x = (1200 - margin - panel) * s->unit, edge = (1200 - margin) * s->unit, step = entry * s->unit;
    double y = s->map.top + 16 * s->unit;
    size_t live[256] = {0}, dead[3] = {0};
    char text[64];
    for (size_t i = 0; i < f->n_cells; i++) {
        if (f->death[i] == COLEY_FRAME_LIVE)
            live[f->type_of[i]]++;
        else
            dead[f->death[i] == COLEY_FRAME_NECROTIC ? 2 : 1]++;
    }
    write_at(s, x, y, 17, 1, COLEY_TEXT_LEFT, s->ink, "Cells");
    format_count(text, f->n_cells);
    write_at(s, edge, y, 17, 1, COLEY_TEXT_RIGHT, s->ink, text);
    y += 3 * s->unit;
    for (size_t t = 0; t < shown_types(f); t++)
        draw_entry(s, y += step, f->type[t].name, live[t], s->colour[t], COLEY_FRAME_LIVE);
    if (f->n_types > ENTRIES_MAX) {
        snprintf(text, sizeof text, "and %zu more types", f->n_types - ENTRIES_MAX);
        write_at(s, x + 33 * s->unit, y += step, 17, 0, COLEY_TEXT_LEFT, s->muted, text);
    }
    y += 16 * s->unit;
    coley_raster_box(s->r, x, floor(y), edge, floor(y) + 1, s->line);
    const coley_rgb plain = s->o->dark ? (coley_rgb){190, 193, 198} : (coley_rgb){110, 112, 116};
    draw_entry(s, y += step, "apoptotic", dead[1], plain, COLEY_FRAME_APOPTOTIC);
    draw_entry(s, y += step, "necrotic", dead[2], plain, COLEY_FRAME_NECROTIC);
    return y;
}

static void format_level(char text[32], double value, double size)
{
    /* What is nothing beside the bar's length is nothing; a minus is a true one. */
    const double shown = fabs(value) < 1e-9 * size ? 0.0 : value;
    snprintf(text, 32, "%s%.3g", shown < 0 ? "\xe2\x88\x92" : "", fabs(shown));
}

static void draw_colour_bar(sheet *s, double y)
{
    const coley_frame_field *field = &s->f->field[s->field];
    const double x = (1200 - margin - panel) * s->unit, edge = (1200 - margin) * s->unit, high = 16 * s->unit;
    char text[128];
    snprintf(text, sizeof text,
             field->unit && *field->unit && strcmp(field->unit, "dimensionless") ? "%.80s [%.40s]" : "%.80s",
             field->name, field->unit ? field->unit : "");
    y += 52 * s->unit;
    write_fitting(s, x, y, 17, 1, edge - x, s->ink, text);
    y = floor(y + 13 * s->unit);
    const int from = (int)floor(x), to = (int)floor(edge);
    for (int px = from; px < to; px++)
        coley_raster_box(s->r, px, y, px + 1, y + high,
                         coley_colour_of_level((px + 0.5 - from) / (to - from), s->o->dark));
    for (int i = 0; i < 3; i++) {
        static const coley_text_side sides[3] = {COLEY_TEXT_LEFT, COLEY_TEXT_MIDDLE, COLEY_TEXT_RIGHT};
        const double at = from + (to - from) * i / 2.0;
        const double mark = i == 2 ? at - 1 : i == 1 ? floor(at) : at;
        coley_raster_box(s->r, mark, y + high, mark + 1, y + high + 5 * s->unit, s->muted);
        format_level(text, s->field_low + (s->field_high - s->field_low) * i / 2.0, s->field_high - s->field_low);
        write_at(s, at, y + high + 22 * s->unit, 15, 0, sides[i], s->muted, text);
    }
}

static void draw_frame(sheet *s)
{
    const double x0 = s->map.left - 1, y0 = s->map.top - 1, x1 = floor(s->map.right) + 1, y1 = floor(s->map.bottom) + 1;
    coley_raster_box(s->r, x0, y0, x1, y0 + 1, s->line);
    coley_raster_box(s->r, x0, y1 - 1, x1, y1, s->line);
    coley_raster_box(s->r, x0, y0, x0 + 1, y1, s->line);
    coley_raster_box(s->r, x1 - 1, y0, x1, y1, s->line);
}

/* The next of a few round numbers, so that bars of frames one after the other are mostly the same. */
static double round_up(double value)
{
    static const double round[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    if (!(value > 0) || value > 1e300) return value > 0 ? value : 0;
    const double power = pow(10, floor(log10(value)));
    size_t i = 0;
    while (i < 9 && round[i] * power < value * (1 - 1e-9)) i++;
    return round[i] * power;
}

static coley_status choose_field(sheet *s, coley_error *err)
{
    const coley_tissue_frame *f = s->f;
    const char *wanted = s->o->field, *names[256];
    s->field = f->n_fields;
    if (s->o->view == COLEY_PICTURE_BODY || (wanted && !*wanted) || !f->n_fields) return COLEY_OK;
    const size_t n = f->n_fields < 256 ? f->n_fields : 256;
    for (s->field = 0; wanted && s->field < n && strcmp(f->field[s->field].name, wanted);) s->field++;
    if (s->field == n) {
        for (size_t k = 0; k < n; k++) names[k] = f->field[k].name;
        const char *near = coley_text_nearest(wanted, names, n);
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "there is no field \"%.60s\" to draw; did you mean \"%.60s\"?", wanted,
                          near ? near : names[0]);
    }
    const size_t n_voxels = f->n_voxels[0] * f->n_voxels[1] * f->n_voxels[2];
    double low = 0, high = 0;
    for (size_t v = 0; v < n_voxels; v++) {
        const double value = (double)f->field[s->field].value[v];
        if (value < low) low = value;
        if (value > high) high = value;
    }
    s->field_low = isnan(s->o->field_low) ? -round_up(-low) : s->o->field_low;
    s->field_high = isnan(s->o->field_high) ? round_up(high) : s->o->field_high;
    if (s->field_low == 0 && s->field_high == 0 && isnan(s->o->field_high)) s->field_high = 1;
    return COLEY_OK;
}

static coley_status draw_tissue(coley_arena *arena, sheet *s, coley_error *err)
{
    coley_status status = COLEY_OK;
    coley_raster_clip(s->r, (int)s->map.left, (int)s->map.top, (int)s->map.right, (int)s->map.bottom);
    if (s->field < s->f->n_fields)
        coley_picture_field(s->r, s->f, s->o, &s->map, s->field, s->field_low, s->field_high);
    if (s->o->view == COLEY_PICTURE_BODY)
        status = coley_picture_body(arena, s->r, s->f, s->o, &s->map, s->colour, err);
    else
        coley_picture_slice(s->r, s->f, s->o, &s->map, s->colour);
    coley_raster_unclip(s->r);
    return status;
}

coley_status coley_picture_draw(coley_arena *arena, const coley_tissue_frame *frame,
                                const coley_picture_options *options, coley_raster *picture, coley_error *err)
{
    if (options->width < 320 || options->width > 8000)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "a picture %d pixels wide: allowed are 320 to 8000", options->width);
    const int dark = options->dark;
    sheet s = {.r = picture,
               .f = frame,
               .o = options,
               .map = coley_picture_place(frame, options),
               .unit = options->width / 1200.0,
               .paper = dark ? (coley_rgb){18, 21, 26} : (coley_rgb){255, 255, 255},
               .ink = dark ? (coley_rgb){233, 235, 238} : (coley_rgb){28, 33, 38},
               .muted = dark ? (coley_rgb){163, 172, 182} : (coley_rgb){86, 95, 105},
               .line = dark ? (coley_rgb){58, 64, 72} : (coley_rgb){205, 203, 196}};
    COLEY_TRY(choose_field(&s, err));
    for (size_t t = 0; t < frame->n_types && t < 256; t++) s.colour[t] = coley_colour_of_type(frame, t, dark);
    const double body = fmax(s.map.bottom, s.map.top + panel_height(frame) * s.unit);
    *picture = coley_raster_create(arena, options->width, (int)ceil(body + foot * s.unit), s.paper);
    if (!picture->rgb) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(draw_tissue(arena, &s, err));
    if (options->view == COLEY_PICTURE_SLICE) draw_frame(&s);
    draw_head(&s);
    draw_scale_bar(&s);
    const double y = draw_legend(&s);
    if (s.field < frame->n_fields) draw_colour_bar(&s, y);
    return COLEY_OK;
}
