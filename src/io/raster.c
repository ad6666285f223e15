/* SPDX-License-Identifier: GPL-3.0-or-later */
/* raster.c -- discs and lines by the distance of a pixel's centre from the edge; letters by exact area.
 *
 * Letters: each edge of an outline adds, to each pixel of the rows that it crosses, the area between itself and the
 * pixel's right side, and to the next pixel the rest; running sums along the rows are then the covered shares (the
 * method of signed area accumulation, as in FreeType's smooth rasterizer and in Levien's font-rs). */
#include "io/raster.h"

#include <math.h>
#include <string.h>

#include "io/font.h"

coley_raster coley_raster_create(coley_arena *arena, int width, int height, coley_rgb colour)
{
    coley_raster r = {.width = width, .height = height};
    const size_t n = (size_t)width * (size_t)height;
    coley_raster_unclip(&r);
    r.rgb = COLEY_NEW(arena, uint8_t, 3 * n);
    for (size_t i = 0; r.rgb && i < n; i++) memcpy(r.rgb + 3 * i, (const uint8_t[]){colour.r, colour.g, colour.b}, 3);
    return r;
}

void coley_raster_clip(coley_raster *r, int x0, int y0, int x1, int y1)
{
    r->clip[0] = x0 < 0 ? 0 : x0;
    r->clip[1] = y0 < 0 ? 0 : y0;
    r->clip[2] = x1 > r->width ? r->width : x1;
    r->clip[3] = y1 > r->height ? r->height : y1;
}

void coley_raster_unclip(coley_raster *r)
{
    coley_raster_clip(r, 0, 0, r->width, r->height);
}

static float share_of(double v)
{
    return !(v > 0) ? 0.0F : v >= 1 ? 1.0F : (float)v;
}

/* The pixels that a shape between these may touch, within the clip; far away shapes touch none. */
typedef struct span {
    int x0, y0, x1, y1;
} span;

static int cut(double v, int low, int high)
{
    return !(v > low) ? low : v >= high ? high : (int)v;
}

static span touch(const coley_raster *r, double x0, double y0, double x1, double y1)
{
    return (span){cut(floor(x0), r->clip[0], r->clip[2]), cut(floor(y0), r->clip[1], r->clip[3]),
                  cut(ceil(x1), r->clip[0], r->clip[2]), cut(ceil(y1), r->clip[1], r->clip[3])};
}

static double overlap(double a0, double a1, int pixel)
{
    const double low = a0 > pixel ? a0 : pixel, high = a1 < pixel + 1 ? a1 : pixel + 1;
    return high > low ? high - low : 0;
}

void coley_raster_box(coley_raster *r, double x0, double y0, double x1, double y1, coley_rgb c)
{
    const span s = touch(r, x0, y0, x1, y1);
    for (int y = s.y0; y < s.y1; y++)
        for (int x = s.x0; x < s.x1; x++)
            coley_raster_blend(r, x, y, c, share_of(overlap(x0, x1, x) * overlap(y0, y1, y)));
}

void coley_raster_disc(coley_raster *r, double x, double y, double radius, coley_rgb c, double share)
{
    const span s = touch(r, x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1);
    /* What the smooth edge adds, pi / 12 in all, is much for a disc of the size of a pixel. */
    const double soft = radius < 0.5 ? 0.5 : radius;
    const double most = radius < 0.5 ? 3 * share * radius * radius
                        : radius < 1 ? share * radius * radius / (radius * radius + 1.0 / 12)
                                     : share;
    for (int j = s.y0; j < s.y1; j++)
        for (int i = s.x0; i < s.x1; i++) {
            const double dx = i + 0.5 - x, dy = j + 0.5 - y, edge = soft + 0.5, d2 = dx * dx + dy * dy;
            if (d2 >= edge * edge) continue;
            coley_raster_blend(r, i, j, c, share_of(most * (double)share_of(edge - sqrt(d2))));
        }
}

void coley_raster_ball(coley_raster *r, double x, double y, double radius, coley_rgb c, coley_rgb into, double fade)
{
    static const double light[3] = {-0.45, -0.55, 0.7035624}; /* unit length */
    const span s = touch(r, x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1);
    for (int j = s.y0; j < s.y1; j++)
        for (int i = s.x0; i < s.x1; i++) {
            const double dx = i + 0.5 - x, dy = j + 0.5 - y, edge = radius + 0.5, d2 = dx * dx + dy * dy;
            if (d2 >= edge * edge) continue;
            const double up = 1 - d2 / (radius * radius), nz = up > 0 ? sqrt(up) : 0;
            const double lit = (light[0] * dx + light[1] * dy) / radius + light[2] * nz;
            const double shade = 0.5 + 0.5 * (lit > 0 ? lit : 0), rim = nz < 0.35 ? 0.75 + 0.25 * nz / 0.35 : 1;
            coley_rgb k = {(uint8_t)(c.r * shade * rim), (uint8_t)(c.g * shade * rim), (uint8_t)(c.b * shade * rim)};
            coley_raster_blend(r, i, j, coley_colour_mix(k, into, fade), share_of(edge - sqrt(d2)));
        }
}

void coley_raster_ring(coley_raster *r, double x, double y, double radius, double width, coley_rgb c, double share)
{
    const span s = touch(r, x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1);
    const double middle = radius - width / 2;
    for (int j = s.y0; j < s.y1; j++)
        for (int i = s.x0; i < s.x1; i++) {
            const double dx = i + 0.5 - x, dy = j + 0.5 - y, d = fabs(sqrt(dx * dx + dy * dy) - middle);
            const float covered = share_of(width / 2 + 0.5 - d) * (float)share * (width < 1 ? (float)width : 1.0F);
            if (covered > 0) coley_raster_blend(r, i, j, c, covered);
        }
}

void coley_raster_line(coley_raster *r, double x0, double y0, double x1, double y1, double width, coley_rgb c,
                       double share)
{
    const double reach = width / 2 + 1, ux = x1 - x0, uy = y1 - y0, length2 = ux * ux + uy * uy;
    const span s = touch(r, fmin(x0, x1) - reach, fmin(y0, y1) - reach, fmax(x0, x1) + reach, fmax(y0, y1) + reach);
    for (int j = s.y0; j < s.y1; j++)
        for (int i = s.x0; i < s.x1; i++) {
            const double px = i + 0.5 - x0, py = j + 0.5 - y0;
            double at = length2 > 0 ? (px * ux + py * uy) / length2 : 0;
            at = at < 0 ? 0 : at > 1 ? 1 : at;
            const double dx = px - at * ux, dy = py - at * uy;
            const float covered = share_of(width / 2 + 0.5 - sqrt(dx * dx + dy * dy)) * (float)share;
            if (covered > 0) coley_raster_blend(r, i, j, c, covered);
        }
}

/* A letter is drawn in a field of its own. */
enum { FIELD = 128 };

typedef struct field {
    int width, height;
    float area[FIELD * FIELD + 2];
} field;

/* Area that an edge leaves in row y: it goes from xa to xb within it, `d` down (negative: up). */
static void add_row(field *f, int y, double xa, double xb, double d)
{
    float *row = f->area + y * f->width;
    const double low = xa < xb ? xa : xb, high = xa < xb ? xb : xa;
    const int first = (int)low, last = (int)ceil(high);
    if (last <= first + 1) { /* in one pixel */
        const double right = d * (0.5 * (xa + xb) - first);
        row[first] += (float)(d - right);
        row[first + 1] += (float)right;
        return;
    }
    const double per_pixel = d / (high - low);
    double before = 0; /* area that lies right of the edge, in the pixels so far */
    for (int x = first; x < last; x++) {
        const double a = low > x ? low : x, b = high < x + 1 ? high : x + 1;
        const double part = per_pixel * (b - a);            /* that goes down in this pixel */
        const double here = part * (x + 1 - 0.5 * (a + b)); /* of it, what is covered in this pixel */
        row[x] += (float)(here + before);
        before = part - here;
    }
    row[last] += (float)before;
}

static void add_edge(field *f, double x0, double y0, double x1, double y1)
{
    if (y0 == y1) return;
    const double sign = y0 < y1 ? 1 : -1, slope = (x1 - x0) / (y1 - y0);
    const double top = y0 < y1 ? y0 : y1, bottom = y0 < y1 ? y1 : y0, x_top = y0 < y1 ? x0 : x1;
    for (int y = (int)top; y < f->height && y < bottom; y++) {
        const double a = top > y ? top : y, b = bottom < y + 1 ? bottom : y + 1;
        if (b > a) add_row(f, y, x_top + (a - top) * slope, x_top + (b - top) * slope, sign * (b - a));
    }
}

typedef struct outline {
    double x, y, scale; /* where its origin is in the field */
} outline;

static void add_outline(field *f, const outline *at, const int16_t *point, size_t n)
{
    double x = 0, y = 0, start_x = 0, start_y = 0, cx = 0, cy = 0;
    int control = 0;
    for (size_t i = 0; i < n; i++) {
        const int kind = ((point[2 * i] % 3) + 3) % 3;
        const double px = at->x + at->scale * ((point[2 * i] - kind) / 3), py = at->y - at->scale * point[2 * i + 1];
        if (kind == 2) {
            cx = px;
            cy = py;
            control = 1;
            continue;
        }
        if (kind == 0) {
            add_edge(f, x, y, start_x, start_y);
            start_x = px;
            start_y = py;
        } else if (control) {
            double from_x = x, from_y = y;
            for (int k = 1; k <= 6; k++) {
                const double t = k / 6.0, u = 1 - t;
                const double to_x = u * u * x + 2 * u * t * cx + t * t * px,
                             to_y = u * u * y + 2 * u * t * cy + t * t * py;
                add_edge(f, from_x, from_y, to_x, to_y);
                from_x = to_x;
                from_y = to_y;
            }
        } else {
            add_edge(f, x, y, px, py);
        }
        x = px;
        y = py;
        control = 0;
    }
    add_edge(f, x, y, start_x, start_y);
}

static void draw_letter(coley_raster *r, double x, double y, coley_text_style style, uint32_t code)
{
    const int16_t *point;
    const coley_glyph glyph = coley_font_glyph(code, style.bold, &point);
    if (!glyph.count) return;
    double low[2] = {1e9, 1e9}, high[2] = {-1e9, -1e9};
    for (size_t i = 0; i < glyph.count; i++) {
        const int kind = ((point[2 * i] % 3) + 3) % 3;
        const double p[2] = {(point[2 * i] - kind) / 3, -(double)point[2 * i + 1]};
        for (int a = 0; a < 2; a++) {
            if (p[a] < low[a]) low[a] = p[a];
            if (p[a] > high[a]) high[a] = p[a];
        }
    }
    const double scale = style.size / 1000;
    const int left = (int)floor(x + scale * low[0]) - 1, up = (int)floor(y + scale * low[1]) - 1;
    field f = {.width = (int)ceil(x + scale * high[0]) + 2 - left, .height = (int)ceil(y + scale * high[1]) + 1 - up};
    if (f.width > FIELD || f.height > FIELD) return;
    const outline at = {x - left, y - up, scale};
    add_outline(&f, &at, point, glyph.count);
    for (int j = 0; j < f.height; j++) {
        float sum = 0;
        for (int i = 0; i < f.width; i++) {
            sum += f.area[j * f.width + i];
            const int px = left + i, py = up + j;
            if (px < r->clip[0] || px >= r->clip[2] || py < r->clip[1] || py >= r->clip[3]) continue;
            const float covered = share_of((double)fabsf(sum));
            if (covered > 0.004F) coley_raster_blend(r, px, py, style.colour, covered);
        }
    }
}

/* The next character of UTF-8 text; what is not UTF-8 is taken byte by byte. */
static uint32_t next_code(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    const int more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc0 ? 1 : 0;
    uint32_t code = more ? p[0] & (0x3fU >> more) : p[0];
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            *text += 1;
            return p[0];
        }
        code = code << 6 | (p[i] & 0x3fU);
    }
    *text += 1 + more;
    return code;
}

double coley_raster_text_width(coley_text_style style, const char *text)
{
    double width = 0;
    const int16_t *point;
    while (*text) width += coley_font_glyph(next_code(&text), style.bold, &point).advance;
    return width * style.size / 1000;
}

void coley_raster_text(coley_raster *r, double x, double y, coley_text_style style, const char *text)
{
    const int16_t *point;
    if (style.side != COLEY_TEXT_LEFT)
        x -= coley_raster_text_width(style, text) * (style.side == COLEY_TEXT_MIDDLE ? 0.5 : 1);
    while (*text) {
        const uint32_t code = next_code(&text);
        draw_letter(r, x, y, style, code);
        x += coley_font_glyph(code, style.bold, &point).advance * style.size / 1000;
    }
}
