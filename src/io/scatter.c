/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scatter.c -- see scatter.h. */
#include "io/scatter.h"

#include <math.h>
#include <stdio.h>

#include "io/emit.h"

#define ADD(...) coley_text_addf(out, __VA_ARGS__)

static const double left = 70, right = 20, top = 24, bottom = 46, width = 960;

typedef struct frame {
    double x_low, x_high, y_low, y_high, height;
    int x_log, y_log;
} frame;

static double part(double x, double low, double high, int logarithmic)
{
    return logarithmic ? log(x / low) / log(high / low) : (x - low) / (high - low);
}

static double across(const frame *f, double x)
{
    return left + (width - left - right) * part(x, f->x_low, f->x_high, f->x_log);
}

static double up(const frame *f, double y)
{
    return top + f->height * (1 - fmin(fmax(part(y, f->y_low, f->y_high, f->y_log), -0.02), 1.02));
}

/* Round numbers from low to high; on a log axis 1, 2, 5 times powers of ten. */
static size_t ticks(double low, double high, int logarithmic, double tick[24])
{
    size_t n = 0;
    if (logarithmic && high / low > 3) {
        static const double lead[] = {1, 2, 5};
        for (int e = (int)floor(log10(low)); e <= (int)ceil(log10(high)); e++)
            for (int k = 0; k < 3; k++) {
                const double x = lead[k] * pow(10, e);
                if (x >= low * 0.999 && x <= high * 1.001 && n < 24 && (k == 0 || high / low < 300)) tick[n++] = x;
            }
        return n;
    }
    const double raw = (high - low) / 7, scale = pow(10, floor(log10(raw))), share = raw / scale;
    const double step = scale * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    for (double x = ceil(low / step - 1e-9) * step; x <= high + 1e-9 * step && n < 24; x += step)
        tick[n++] = fabs(x) < 1e-9 * step ? 0 : x;
    return n;
}

static void open_drawing(const frame *f, const char *alt, const char *y_name, coley_text *out)
{
    ADD("<figure><svg class=\"figure\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", width,
        top + f->height + bottom);
    coley_text_add_escaped(out, alt);
    ADD("\">\n<text class=\"unit\" x=\"0\" y=\"12\">");
    coley_text_add_escaped(out, y_name);
    ADD("</text>\n");
}

static void x_axis(const frame *f, const char *name, size_t n_places, const char *const *place, coley_text *out)
{
    const double y = top + f->height;
    double tick[24];
    const size_t n = n_places ? n_places : ticks(f->x_low, f->x_high, f->x_log, tick);
    ADD("<path class=\"axis\" d=\"M%.1f %.1fH%.1f\"/>\n", left, y, width - right);
    for (size_t i = 0; i < n; i++) {
        const double x = across(f, n_places ? (double)i : tick[i]);
        ADD("<path class=\"axis\" d=\"M%.1f %.1fv4\"/><text class=\"tick\" x=\"%.1f\" y=\"%.1f\" "
            "text-anchor=\"middle\">",
            x, y, x, y + 17);
        if (n_places)
            coley_text_add_escaped(out, place[i]);
        else
            ADD("%.6g", tick[i]);
        ADD("</text>\n");
    }
    ADD("<text class=\"unit\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", width - right, y + 36);
    coley_text_add_escaped(out, name ? name : "");
    ADD("</text>\n");
}

static void y_axis(const frame *f, int lines, coley_text *out)
{
    double tick[24];
    const size_t n = ticks(f->y_low, f->y_high, f->y_log, tick);
    for (size_t i = 0; i < n; i++) {
        const double y = up(f, tick[i]);
        if (lines) ADD("<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>", left, y, width - right);
        ADD("<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.6g</text>\n", left - 6, y + 4, tick[i]);
    }
}

static void widen(double x, double *low, double *high)
{
    if (!isfinite(x)) return;
    *low = fmin(*low, x);
    *high = fmax(*high, x);
}

/* The ends of the value axis, from everything that is drawn, with a little room. */
static void choose_values(const coley_scatter *s, frame *f)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < s->n_series; k++)
        for (size_t i = 0; i < s->series[k].n; i++) {
            widen(s->series[k].y[i], &low, &high);
            if (s->series[k].low) widen(s->series[k].low[i], &low, &high);
            if (s->series[k].high) widen(s->series[k].high[i], &low, &high);
        }
    for (size_t i = 0; i < s->n_curve; i++) widen(s->curve_y[i], &low, &high);
    if (!(low <= high)) low = 0, high = 1;
    const double room = high > low ? 0.05 * (high - low) : fmax(0.1, 0.1 * fabs(high));
    f->y_low = isnan(s->y_low) ? low - room : s->y_low;
    f->y_high = isnan(s->y_high) ? high + room : s->y_high;
    if (!(f->y_high > f->y_low)) f->y_high = f->y_low + 1;
}

static void draw_curve(const frame *f, const coley_scatter *s, coley_text *out)
{
    if (s->n_curve && s->curve_low && s->curve_high) {
        ADD("<path class=\"band fc0\" d=\"");
        for (size_t i = 0; i < s->n_curve; i++)
            ADD("%c%.1f %.1f", i ? 'L' : 'M', across(f, s->curve_x[i]), up(f, s->curve_high[i]));
        for (size_t i = s->n_curve; i-- > 0;) ADD("L%.1f %.1f", across(f, s->curve_x[i]), up(f, s->curve_low[i]));
        ADD("Z\"/>\n");
    }
    if (!s->n_curve) return;
    ADD("<path class=\"line w2 c0\" d=\"");
    for (size_t i = 0; i < s->n_curve; i++)
        ADD("%c%.1f %.1f", i ? 'L' : 'M', across(f, s->curve_x[i]), up(f, s->curve_y[i]));
    ADD("\"/>\n");
}

static void draw_points(const frame *f, const coley_scatter_points *p, double shift, coley_text *out)
{
    char colour[8] = "cm";
    if (p->colour >= 0) snprintf(colour, sizeof colour, "c%d", p->colour % 8);
    for (size_t i = 0; i < p->n; i++) {
        const double x = across(f, p->x[i]) + shift;
        if (!isfinite(p->y[i])) continue;
        if (p->low && p->high && isfinite(p->low[i]) && isfinite(p->high[i]))
            ADD("<path class=\"line w1 %s\" d=\"M%.1f %.1fV%.1f\"/>", colour, x, up(f, p->low[i]), up(f, p->high[i]));
        ADD("<circle class=\"mark full f%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"/>\n", colour, x, up(f, p->y[i]),
            p->large ? 7 : 4);
    }
}

static void draw_legend(const coley_scatter *s, coley_text *out)
{
    double x = width - right;
    for (size_t k = s->n_series; k-- > 0;) {
        const coley_scatter_points *p = &s->series[k];
        if (!p->label) continue;
        ADD("<text class=\"name\" x=\"%.1f\" y=\"12\" text-anchor=\"end\">", x);
        coley_text_add_escaped(out, p->label);
        size_t letters = 0;
        for (const char *c = p->label; *c; c++) letters += (*c & 0xc0) != 0x80;
        x -= 6.4 * (double)letters + 10;
        ADD("</text><circle class=\"fc%d\" cx=\"%.1f\" cy=\"8\" r=\"4\"/>\n", p->colour < 0 ? 7 : p->colour % 8, x);
        x -= 20;
    }
}

void coley_scatter_draw(const coley_scatter *s, coley_text *out)
{
    frame f = {s->x_low, s->x_high, 0, 1, s->height ? s->height : 240, s->x_log, 0};
    if (s->n_places) {
        f.x_low = -0.5;
        f.x_high = (double)s->n_places - 0.5;
        f.x_log = 0;
    }
    if (!(f.x_high > f.x_low)) f.x_high = f.x_low + 1;
    choose_values(s, &f);
    open_drawing(&f, s->alt, s->y_name, out);
    y_axis(&f, 1, out);
    draw_curve(&f, s, out);
    for (size_t k = 0; k < s->n_series; k++)
        draw_points(&f, &s->series[k], s->n_places && s->n_series > 1 ? 14.0 * ((double)k - 0.5) : 0, out);
    x_axis(&f, s->x_name, s->n_places, s->place, out);
    draw_legend(s, out);
    ADD("</svg></figure>\n");
}

void coley_surface_draw(const coley_surface *s, coley_text *out)
{
    const frame f = {s->x_low, s->x_high, s->y_low, s->y_high, 380, s->x_log, s->y_log};
    const double w = (width - left - right) / (double)s->columns, h = f.height / (double)s->rows;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < s->rows * s->columns; i++) widen(s->value[i], &low, &high);
    open_drawing(&f, s->alt, s->y_name, out);
    for (size_t r = 0; r < s->rows; r++)
        for (size_t c = 0; c < s->columns; c++) {
            const double share = high > low ? (s->value[r * s->columns + c] - low) / (high - low) : 0.5;
            /* In twelve steps, so that levels are seen. */
            ADD("<rect class=\"fc0\" fill-opacity=\"%.2f\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                0.04 + 0.9 * floor(fmin(share, 0.999) * 12) / 11, left + (double)c * w,
                top + f.height - (double)(r + 1) * h, w + 0.3, h + 0.3);
        }
    y_axis(&f, 0, out);
    x_axis(&f, s->x_name, 0, NULL, out);
    ADD("<circle class=\"mark full fc1\" cx=\"%.1f\" cy=\"%.1f\" r=\"8\"/></svg></figure>\n",
        left + s->mark_x * (width - left - right), top + f.height * (1 - s->mark_y));
}
