/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot.c -- scales, axes, lines, bands, markers and tracks as SVG text. */
#include "io/plot.h"

#include "io/emit.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static void add_superscript(char *text, size_t size, int exponent)
{
    static const char *const digit[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char plain[16];
    snprintf(plain, sizeof plain, "%d", exponent);
    for (const char *p = plain; *p; p++) strncat(text, *p == '-' ? "⁻" : digit[*p - '0'], size - strlen(text) - 1);
}

static void trim_zeros(char *text)
{
    if (!strchr(text, '.')) return;
    size_t n = strlen(text);
    while (text[n - 1] == '0') text[--n] = '\0';
    if (text[n - 1] == '.') text[n - 1] = '\0';
}

coley_figure coley_figure_of(double value)
{
    coley_figure figure = {"–"};
    char text[32];
    if (!isfinite(value)) return figure;
    const double size = fabs(value);
    const char *sign = value < 0 ? "−" : "";
    if (size == 0) {
        snprintf(figure.text, sizeof figure.text, "0");
    } else if (size < 1e-3 || size >= 999999.5) {
        int exponent = (int)floor(log10(size));
        double mantissa = size / pow(10, exponent);
        if (mantissa >= 9.995) mantissa /= 10, exponent++;
        snprintf(text, sizeof text, "%.2f", mantissa);
        trim_zeros(text);
        snprintf(figure.text, sizeof figure.text, "%s%s × 10", sign, text);
        add_superscript(figure.text, sizeof figure.text, exponent);
    } else if (size >= 999.5) {
        const int whole = (int)lround(size);
        if (whole >= 10000)
            snprintf(figure.text, sizeof figure.text, "%s%d\u202f%03d", sign, whole / 1000, whole % 1000);
        else
            snprintf(figure.text, sizeof figure.text, "%s%d", sign, whole);
    } else {
        const int digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3 - (int)floor(log10(size)) - 1;
        snprintf(text, sizeof text, "%.*f", digits, size);
        trim_zeros(text);
        snprintf(figure.text, sizeof figure.text, "%s%s", sign, text);
    }
    return figure;
}

/* The time axis counts days up to three weeks, weeks up to about two years, months beyond. */
static double day_unit(double day_high, const char **name)
{
    if (day_high <= 21) return *name = "day", 1;
    if (day_high <= 800) return *name = "week", 7;
    return *name = "month", 30.4375;
}

coley_figure coley_figure_day(double day, double day_high)
{
    const char *name;
    const double unit = day_unit(day_high, &name);
    coley_figure figure;
    if (!isfinite(day)) return coley_figure_of(day);
    snprintf(figure.text, sizeof figure.text, "%s %.30s", name, coley_figure_of(round(10 * day / unit) / 10).text);
    return figure;
}

/* ---- frame: where things are ------------------------------------------------------------------------------------- */

typedef struct frame {
    double width, left, right, top; /* of the drawing; margins */
    double plot_width, plot_height;
    double day_low, day_high, low, high;
    int logarithmic;
    int narrow;
    const char *time_name; /* of the time axis */
    double time_days;
} frame;

static frame frame_create(coley_plot_size size, double day_low, double day_high)
{
    frame f = {.narrow = size == COLEY_PLOT_NARROW, .top = 22, .day_low = day_low, .day_high = day_high};
    f.width = f.narrow ? 360 : 960;
    f.left = f.narrow ? 40 : 56;
    f.right = f.narrow ? 10 : 184;
    f.plot_width = f.width - f.left - f.right;
    f.time_days = day_unit(day_high, &f.time_name);
    return f;
}

static double at_day(const frame *f, double day)
{
    return (day - f->day_low) / (f->day_high - f->day_low) * f->plot_width;
}

static double at_value(const frame *f, double value)
{
    const double share = f->logarithmic ? (value > 0 ? log(value / f->low) / log(f->high / f->low) : -1)
                                        : (value - f->low) / (f->high - f->low);
    /* Far outside is as good as just outside, and keeps the text short. */
    return (1 - fmin(fmax(share, -0.5), 1.5)) * f->plot_height;
}

static void open_svg(const frame *f, double height, const char *alt, coley_text *out)
{
    coley_text_addf(out, "<svg class=\"%s\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"",
                    f->narrow ? "narrow" : "wide", f->width, height);
    coley_text_add_escaped(out, alt ? alt : "");
    coley_text_addf(out, "\">\n");
}

static void colour_class(int colour, char name[8])
{
    if (colour < 0)
        snprintf(name, 8, "cm");
    else
        snprintf(name, 8, "c%d", colour % COLEY_PLOT_COLOURS);
}

/* ---- axes -------------------------------------------------------------------------------------------------------- */

/* The round step that gives about n intervals. */
static double nice_step(double span, double n)
{
    const double raw = span / n, scale = pow(10, floor(log10(raw)));
    const double lead = raw / scale;
    return scale * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

/* Ticks of the time axis in its unit. */
static double time_step(const frame *f, double unit)
{
    static const double steps[] = {1, 2, 3, 4, 6, 8, 12, 24, 26, 52, 60, 120};
    const double span = (f->day_high - f->day_low) / unit;
    double step = 120;
    for (size_t i = sizeof steps / sizeof *steps; i--;)
        if (span / steps[i] <= (f->narrow ? 5.5 : 11.5)) step = steps[i];
    while (span / step > 12) step *= 2;
    return step;
}

static void draw_time_axis(const frame *f, double y, coley_text *out)
{
    const char *const name = f->time_name;
    const double unit = f->time_days, step = time_step(f, unit);
    coley_text_addf(out, "<path class=\"axis\" d=\"M%.1f %.1fh%.1f\"/>\n", f->left, y, f->plot_width);
    for (double t = ceil(f->day_low / unit / step - 1e-9) * step; t * unit <= f->day_high * (1 + 1e-9); t += step) {
        const double x = f->left + at_day(f, t * unit);
        const int last = (t + step) * unit > f->day_high * (1 + 1e-9);
        coley_text_addf(out,
                        "<path class=\"axis\" d=\"M%.1f %.1fv4\"/><text class=\"tick\" x=\"%.1f\" y=\"%.1f\" "
                        "text-anchor=\"%s\">%s%s%g</text>\n",
                        x, y, x, y + 17, last && f->narrow ? "end" : "middle", fabs(t) < 1e-9 ? name : "",
                        fabs(t) < 1e-9 ? " " : "", fabs(t) < 1e-9 ? 0.0 : t);
    }
}

static void tick_label(const frame *f, double value, double step, char *text, size_t size)
{
    if (f->logarithmic && (value < 0.0095 || value > 9999)) {
        const int exponent = (int)floor(log10(value) + 1e-9), lead = (int)lround(value / pow(10, exponent));
        if (lead == 1)
            snprintf(text, size, "10");
        else
            snprintf(text, size, "%d×10", lead);
        add_superscript(text, size, exponent);
        return;
    }
    if (f->logarithmic) {
        snprintf(text, size, "%g", value);
        return;
    }
    if (fabs(value) < step * 1e-6) value = 0;
    /* Steps finer than a figure's three digits need more of them, or two ticks read the same. */
    if (step < 0.004 * fabs(value) && step > 1e-6 && fabs(value) < 1000)
        snprintf(text, size, "%s%.*f", value < 0 ? "−" : "", (int)ceil(-log10(step) - 1e-9), fabs(value));
    else
        snprintf(text, size, "%s", coley_figure_of(value).text);
}

static void draw_value_axis(const frame *f, const char *unit, coley_text *out)
{
    char text[48];
    double values[32];
    double step = 0;
    size_t n = 0;
    if (f->logarithmic) {
        const double decades = log10(f->high / f->low);
        const int stride = decades > 9 ? 3 : decades > 5 ? 2 : 1;
        for (int e = (int)ceil(log10(f->low) - 1e-9); e <= log10(f->high) + 1e-9 && n < 20; e++) {
            if (((e % stride) + stride) % stride == 0) values[n++] = pow(10, e);
            if (decades < 1.6 && n < 20 && 3 * pow(10, e) <= f->high) values[n++] = 3 * pow(10, e);
        }
    } else {
        step = nice_step(f->high - f->low, f->plot_height > 120 ? 5 : 3);
        for (double v = ceil(f->low / step - 1e-9) * step; v <= f->high + step * 1e-6 && n < 32; v += step)
            values[n++] = v;
    }
    for (size_t i = 0; i < n; i++) {
        const double y = f->top + at_value(f, values[i]);
        tick_label(f, values[i], step, text, sizeof text);
        coley_text_addf(out,
                        "<path class=\"grid\" d=\"M%.1f %.1fh%.1f\"/><text class=\"tick\" x=\"%.1f\" y=\"%.1f\" "
                        "text-anchor=\"end\">%s</text>\n",
                        f->left, y, f->plot_width, f->left - 6, y + 4, text);
    }
    if (unit) {
        coley_text_addf(out, "<text class=\"unit\" x=\"%.1f\" y=\"12\">", f->narrow ? 0.0 : 4.0);
        coley_text_add_escaped(out, unit);
        coley_text_addf(out, "</text>\n");
    }
}

static void draw_guides(const frame *f, const double *day, size_t n, double height, coley_text *out)
{
    if (!n) return;
    coley_text_addf(out, "<path class=\"guide\" d=\"");
    for (size_t i = 0; i < n; i++)
        if (day[i] > f->day_low && day[i] <= f->day_high)
            coley_text_addf(out, "M%.1f 0V%.1f", at_day(f, day[i]), height);
    coley_text_addf(out, "\"/>\n");
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* Is point i worth drawing? Long series keep the extremes of each half pixel. */
static int keep(const frame *f, const coley_plot_line *line, const double *y, size_t i)
{
    if ((double)line->n < 2.5 * f->plot_width || i == 0 || i + 1 == line->n) return 1;
    const size_t bucket = (size_t)((double)line->n / f->plot_width) + 1, first = i / bucket * bucket;
    const size_t last = first + bucket < line->n ? first + bucket : line->n;
    size_t least = first, most = first;
    for (size_t k = first; k < last; k++) {
        if (isnan(y[k])) return 1;
        if (y[k] < y[least]) least = k;
        if (y[k] > y[most]) most = k;
    }
    return i == least || i == most;
}

static int drawable(const frame *f, double value)
{
    return isfinite(value) && (!f->logarithmic || value > 0);
}

static void draw_path(const frame *f, const coley_plot_line *line, coley_text *out)
{
    char colour[8];
    colour_class(line->colour, colour);
    coley_text_addf(out, "<path class=\"line w%d %s%s\" d=\"", line->weight, colour, line->dashed ? " dash" : "");
    int down = 0;
    for (size_t i = 0; i < line->n; i++) {
        if (!drawable(f, line->y[i]) || !isfinite(line->x[i])) {
            down = 0;
            continue;
        }
        if (!keep(f, line, line->y, i)) continue;
        coley_text_addf(out, "%c%.1f %.1f", down ? 'L' : 'M', at_day(f, line->x[i]), at_value(f, line->y[i]));
        down = 1;
    }
    coley_text_addf(out, "\"/>\n");
}

/* Forward along the upper edge, back along the lower, one shape for each stretch without gaps. */
static void draw_band(const frame *f, const coley_plot_line *line, const double *low, const double *high, int inner,
                      coley_text *out)
{
    char colour[8];
    if (!low || !high) return;
    colour_class(line->colour, colour);
    coley_text_addf(out, "<path class=\"band%s f%s\" d=\"", inner ? " inner" : "", colour);
    for (size_t i = 0; i < line->n;) {
        if (!isfinite(low[i]) || !isfinite(high[i])) {
            i++;
            continue;
        }
        size_t end = i;
        while (end < line->n && isfinite(low[end]) && isfinite(high[end])) end++;
        int down = 0;
        for (size_t k = i; k < end; k++) {
            if (!keep(f, line, high, k)) continue;
            coley_text_addf(out, "%c%.1f %.1f", down ? 'L' : 'M', at_day(f, line->x[k]), at_value(f, high[k]));
            down = 1;
        }
        for (size_t k = end; k-- > i;)
            if (keep(f, line, low, k)) coley_text_addf(out, "L%.1f %.1f", at_day(f, line->x[k]), at_value(f, low[k]));
        coley_text_addf(out, "Z");
        i = end;
    }
    coley_text_addf(out, "\"/>\n");
}

static void marker_path(coley_marker marker, double x, double y, double r, coley_text *out)
{
    switch (marker) {
    case COLEY_MARKER_NONE:
        break;
    case COLEY_MARKER_CIRCLE:
        coley_text_addf(out, "M%.1f %.1fa%.1f %.1f 0 1 0 %.1f 0a%.1f %.1f 0 1 0 %.1f 0Z", x - r, y, r, r, 2 * r, r, r,
                        -2 * r);
        break;
    case COLEY_MARKER_SQUARE:
        coley_text_addf(out, "M%.1f %.1fh%.1fv%.1fh%.1fZ", x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r, -1.8 * r);
        break;
    case COLEY_MARKER_TRIANGLE:
        coley_text_addf(out, "M%.1f %.1fL%.1f %.1fL%.1f %.1fZ", x, y - 1.2 * r, x + 1.1 * r, y + 0.8 * r, x - 1.1 * r,
                        y + 0.8 * r);
        break;
    case COLEY_MARKER_DIAMOND:
        coley_text_addf(out, "M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ", x, y - 1.3 * r, x + 1.3 * r, y, x,
                        y + 1.3 * r, x - 1.3 * r, y);
        break;
    case COLEY_MARKER_DOWN:
        coley_text_addf(out, "M%.1f %.1fL%.1f %.1fL%.1f %.1fZ", x, y + 1.2 * r, x + 1.1 * r, y - 0.8 * r, x - 1.1 * r,
                        y - 0.8 * r);
        break;
    case COLEY_MARKER_STAR:
        for (int i = 0; i < 10; i++) {
            const double angle = M_PI * i / 5, reach = i % 2 ? 0.8 * r : 2 * r;
            coley_text_addf(out, "%c%.1f %.1f", i ? 'L' : 'M', x + reach * sin(angle), y - reach * cos(angle));
        }
        coley_text_addf(out, "Z");
        break;
    }
}

static void draw_markers(const frame *f, const coley_plot_line *line, coley_text *out)
{
    char colour[8];
    if (line->marker == COLEY_MARKER_NONE) return;
    colour_class(line->colour, colour);
    for (size_t i = 0; i < line->n; i++) {
        if (!drawable(f, line->y[i]) || line->x[i] < f->day_low || line->x[i] > f->day_high) continue;
        coley_text_addf(out, "<path class=\"mark %s %s%s\" d=\"", line->hollow ? "hollow" : "full",
                        line->hollow ? "" : "f", colour);
        marker_path(line->marker, at_day(f, line->x[i]), at_value(f, line->y[i]), line->weight >= 3 ? 5 : 4.2, out);
        if (!line->tip || !line->tip[i]) {
            coley_text_addf(out, "\"/>\n");
            continue;
        }
        coley_text_addf(out, "\"><title>");
        coley_text_add_escaped(out, line->tip[i]);
        coley_text_addf(out, "</title></path>\n");
    }
}

/* ---- names at the right end of the lines --------------------------------------------------------------------------
 */

typedef struct end_label {
    const char *text;
    char colour[8];
    double anchor, y; /* where the line ends; where the name goes */
    int below;        /* nothing of the line is in the frame, which a note says */
} end_label;

/* Length of `text` up to a good place to break a line of at most `most` bytes; all of it when it is short. A last line
 * of a letter or two is avoided. */
static size_t break_at(const char *text, size_t most)
{
    const size_t n = strlen(text);
    if (n <= most) return n;
    if (n <= most + 3) most = n * 2 / 3;
    size_t cut = most;
    while (cut > most / 3 && text[cut] != ' ') cut--;
    if (text[cut] == ' ') return cut;
    cut = most;
    while (cut && ((unsigned char)text[cut] & 0xC0) == 0x80) cut--;
    return cut;
}

static void add_escaped_part(coley_text *out, const char *text, size_t length)
{
    char part[128];
    if (length >= sizeof part) length = sizeof part - 1;
    while (length && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
    memcpy(part, text, length);
    part[length] = '\0';
    coley_text_add_escaped(out, part);
}

enum { SIDE_BYTES = 25, SIDE_LEADING = 13, SIDE_LINES = 3 };

/* Lines that a text takes at the side, at most SIDE_LINES. */
static int side_lines(const char *text)
{
    int n = 0;
    while (text && *text && n < SIDE_LINES) {
        text += break_at(text, SIDE_BYTES);
        text += *text == ' ';
        n++;
    }
    return n;
}

/* A text of a few lines, its first line's foot at y; what does not fit is cut with an ellipsis. */
static void draw_side_text(double x, double y, const char *text, const char *style, coley_text *out)
{
    coley_text_addf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", style, x, y);
    for (int i = 0; *text && i < SIDE_LINES; i++) {
        const size_t length = break_at(text, SIDE_BYTES);
        if (i) coley_text_addf(out, "<tspan x=\"%.1f\" dy=\"%d\">", x, SIDE_LEADING);
        add_escaped_part(out, text, length);
        text += length + (text[length] == ' ');
        if (i) coley_text_addf(out, "%s</tspan>", *text && i + 1 == SIDE_LINES ? "…" : "");
    }
    coley_text_addf(out, "</text>\n");
}

static int lower_first(const void *a, const void *b)
{
    const end_label *x = a, *y = b;
    return x->y < y->y ? -1 : x->y > y->y;
}

static int label_lines(const end_label *label)
{
    return side_lines(label->text) + label->below;
}

static double room_between(const end_label *upper, const end_label *lower)
{
    return 3 + SIDE_LEADING * (label_lines(upper) + label_lines(lower)) / 2.0;
}

/* Does the line come above the foot of the frame somewhere? */
static int is_in_frame(const frame *f, const coley_plot_line *line)
{
    for (size_t i = 0; i < line->n; i++)
        if (drawable(f, line->y[i]) && line->y[i] >= f->low) return 1;
    return 0;
}

static void draw_end_labels(const frame *f, const coley_plot *plot, coley_text *out)
{
    end_label label[16];
    size_t n = 0;
    for (size_t i = 0; i < plot->n_lines && n < 16; i++) {
        const coley_plot_line *line = &plot->line[i];
        size_t last = line->n;
        while (last && !drawable(f, line->y[last - 1])) last--;
        if (!line->label || !last) continue;
        const double y = fmin(fmax(at_value(f, line->y[last - 1]), 4), f->plot_height - 4);
        label[n] = (end_label){.text = line->label, .anchor = y, .y = y, .below = !is_in_frame(f, line)};
        colour_class(line->colour, label[n].colour);
        n++;
    }
    qsort(label, n, sizeof *label, lower_first);
    /* Push apart from the top, then back up from the bottom. */
    for (size_t i = 1; i < n; i++) {
        const double need = room_between(&label[i - 1], &label[i]);
        if (label[i].y < label[i - 1].y + need) label[i].y = label[i - 1].y + need;
    }
    double floor_y = f->plot_height + 6;
    for (size_t i = n; i--;) {
        if (label[i].y > floor_y) label[i].y = floor_y;
        if (i) floor_y = label[i].y - room_between(&label[i - 1], &label[i]);
    }
    for (size_t i = 0; i < n; i++) {
        const double x = f->left + f->plot_width;
        const double y = f->top + label[i].y + 4 - (label_lines(&label[i]) - 1) * SIDE_LEADING / 2.0;
        coley_text_addf(out, "<path class=\"line w2 %s\" d=\"M%.1f %.1fL%.1f %.1fh6\"/>\n", label[i].colour, x + 3,
                        f->top + label[i].anchor, x + 11, f->top + label[i].y);
        draw_side_text(x + 21, y, label[i].text, "name", out);
        if (label[i].below)
            draw_side_text(x + 21, y + side_lines(label[i].text) * SIDE_LEADING, "below the scale", "note", out);
    }
}

/* ---- numbers under the axis -------------------------------------------------------------------------------------- */

enum { COUNT_LEADING = 17 };

static double counts_height(const frame *f, const coley_plot *plot)
{
    return plot->n_counts ? COUNT_LEADING * (double)(1 + plot->n_counts * (f->narrow ? 2 : 1)) : 0;
}

/* In a narrow drawing each row's label stands above it, in a wide one beside it. */
static void draw_counts(const frame *f, const coley_plot *plot, double y, coley_text *out)
{
    char colour[8];
    const double unit = f->time_days, step = time_step(f, unit);
    if (!plot->n_counts) return;
    coley_text_addf(out, "<text class=\"unit\" x=\"%.1f\" y=\"%.1f\">", f->left, y += COUNT_LEADING);
    coley_text_add_escaped(out, plot->counts_title ? plot->counts_title : "");
    coley_text_addf(out, "</text>\n");
    for (size_t i = 0; i < plot->n_counts; i++) {
        const coley_plot_count *const c = &plot->count[i];
        const double x = f->narrow ? f->left : f->left + f->plot_width + 21;
        y += COUNT_LEADING;
        colour_class(c->colour, colour);
        coley_text_addf(out, "<path class=\"line w2 %s\" d=\"M%.1f %.1fh12\"/>\n", colour, x, y - 4);
        coley_text_addf(out, "<text class=\"name\" x=\"%.1f\" y=\"%.1f\">", x + 17, y);
        add_escaped_part(out, c->label, break_at(c->label, f->narrow ? 40 : SIDE_BYTES));
        coley_text_addf(out, "</text>\n");
        if (f->narrow) y += COUNT_LEADING;
        size_t at = 0;
        for (double t = ceil(f->day_low / unit / step - 1e-9) * step; t * unit <= f->day_high * (1 + 1e-9); t += step) {
            while (at < c->n && c->day[at] < t * unit * (1 - 1e-12)) at++;
            coley_text_addf(out, "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%zu</text>\n",
                            f->left + at_day(f, t * unit), y, at < c->n ? c->value[at] : 0);
        }
    }
}

/* ---- a whole plot ------------------------------------------------------------------------------------------------
 */

static void widen(const coley_plot *plot, const double *values, size_t n, double *low, double *high)
{
    for (size_t i = 0; values && i < n; i++) {
        if (!isfinite(values[i]) || (plot->logarithmic && values[i] <= 0)) continue;
        if (!(values[i] >= *low)) *low = values[i];
        if (!(values[i] <= *high)) *high = values[i];
    }
}

/* The value axis: as asked, else what the data need, rounded outwards. */
static void choose_range(const coley_plot *plot, frame *f)
{
    double low = NAN, high = NAN;
    for (size_t i = 0; i < plot->n_lines; i++) {
        const coley_plot_line *line = &plot->line[i];
        widen(plot, line->y, line->n, &low, &high);
        widen(plot, line->low90, line->n, &low, &high);
        widen(plot, line->high90, line->n, &low, &high);
    }
    f->logarithmic = plot->logarithmic && isfinite(low) && low > 0;
    if (f->logarithmic) {
        if (low < high * 1e-5) low = high * 1e-5; /* a wash-out's tail is not the story */
        low = pow(10, floor(log10(low) * 2 + 1e-9) / 2);
        high = pow(10, ceil(log10(high) * 2 - 1e-9) / 2);
        if (high < low * 10) low = pow(10, floor(log10(low))), high = fmax(pow(10, ceil(log10(high))), low * 10);
    } else {
        for (size_t i = 0; i < plot->n_levels; i++) widen(plot, &plot->level[i].y, 1, &low, &high);
        if (!isfinite(low)) low = 0, high = 1;
        if (low > 0 && low < 0.7 * high) low = 0;
        if (low < 0 && low > -1e-3 * high) low = 0; /* a solver's error below zero */
        if (high - low <= 1e-9 * fabs(high)) high = low + fmax(fabs(low), 1); /* flat but for rounding */
        const double step = nice_step(high - low, 5);
        low = floor(low / step + 1e-9) * step;
        high = ceil(high / step - 1e-9) * step;
    }
    f->low = isnan(plot->low) ? low : plot->low;
    f->high = isnan(plot->high) ? high : plot->high;
    assert(f->high > f->low);
}

static void draw_levels(const frame *f, const coley_plot *plot, coley_text *out)
{
    char colour[8];
    for (size_t i = 0; i < plot->n_levels; i++) {
        const double y = at_value(f, plot->level[i].y);
        colour_class(plot->level[i].colour, colour);
        coley_text_addf(out, "<path class=\"%s %s\" d=\"M0 %.1fH%.1f\"/>\n", plot->level[i].label ? "level" : "line w1",
                        colour, y, f->plot_width);
        if (!plot->level[i].label) continue;
        coley_text_addf(out, "<text class=\"level-name\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", f->plot_width - 4,
                        y - 4);
        coley_text_add_escaped(out, plot->level[i].label);
        coley_text_addf(out, "</text>\n");
    }
}

static frame plot_frame(const coley_plot *plot, coley_plot_size size)
{
    frame f = frame_create(size, plot->day_low, plot->day_high);
    f.plot_height = plot->height;
    if (plot->time_name) f.time_name = plot->time_name, f.time_days = plot->time_days;
    return f;
}

/* Height of the drawing. */
static double whole_height(const frame *f, const coley_plot *plot)
{
    return f->top + f->plot_height + (plot->no_axis ? 6 : 24) + counts_height(f, plot);
}

static void draw_contents(const frame *f, const coley_plot *plot, coley_text *out)
{
    if (isfinite(plot->shade_from_day) && plot->shade_from_day < f->day_high) {
        const double x = f->left + fmax(at_day(f, plot->shade_from_day), 0);
        coley_text_addf(out,
                        "<rect class=\"ahead\" x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%.1f\"/>"
                        "<text class=\"level-name\" x=\"%.1f\" y=\"%.0f\" text-anchor=\"end\">forecast</text>\n",
                        x, f->top, f->left + f->plot_width - x, f->plot_height, f->left + f->plot_width, f->top - 6);
    }
    draw_value_axis(f, plot->unit, out);
    /* The inner drawing cuts off what leaves the plot, but not half of a line that runs along its edge. */
    coley_text_addf(out, "<svg x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 -3 %.0f %.0f\">\n",
                    f->left, f->top - 3, f->plot_width, f->plot_height + 6, f->plot_width, f->plot_height + 6);
    draw_guides(f, plot->guide_day, plot->n_guides, f->plot_height, out);
    draw_levels(f, plot, out);
    for (size_t i = 0; i < plot->n_lines; i++) {
        draw_band(f, &plot->line[i], plot->line[i].low90, plot->line[i].high90, 0, out);
        draw_band(f, &plot->line[i], plot->line[i].low50, plot->line[i].high50, 1, out);
    }
    for (size_t i = 0; i < plot->n_lines; i++)
        if (plot->line[i].weight) draw_path(f, &plot->line[i], out);
    coley_text_addf(out, "</svg>\n<g transform=\"translate(%.0f %.0f)\">\n", f->left,
                    f->top); /* markers may reach over the edge */
    for (size_t i = 0; i < plot->n_lines; i++) draw_markers(f, &plot->line[i], out);
    coley_text_addf(out, "</g>\n");
    if (!plot->no_axis) draw_time_axis(f, f->top + f->plot_height, out);
    draw_counts(f, plot, f->top + f->plot_height + (plot->no_axis ? 6 : 20), out);
    if (!f->narrow) draw_end_labels(f, plot, out);
}

void coley_plot_draw(const coley_plot *plot, coley_plot_size size, coley_text *out)
{
    frame f = plot_frame(plot, size);
    choose_range(plot, &f);
    open_svg(&f, whole_height(&f, plot), plot->alt, out);
    draw_contents(&f, plot, out);
    coley_text_addf(out, "</svg>\n");
}

/* The style of report.html, as far as lines and axes need it; without variables, which few viewers but browsers read.
 */
static const char sheet_style[] =
    "<style>text{font:12px system-ui,sans-serif}.axis,.line{fill:none}.line{stroke-linejoin:round}"
    ".w1{stroke-width:1.3}.w2{stroke-width:2}.dash{stroke-dasharray:5 4}"
    "text{fill:#1c2126}.tick,.unit,.note{fill:#565f69}.note{font-size:11px}.paper{fill:#fff}"
    ".axis{stroke:#565f69}.grid{stroke:#e6e4dd}"
    ".c0{stroke:#0072b2}.c1{stroke:#d55e00}.c2{stroke:#009e73}.c3{stroke:#cc79a7}"
    ".c4{stroke:#e69f00}.c5{stroke:#56b4e9}.c6{stroke:#8a7500}.c7{stroke:#4d4d4d}"
    "@media(prefers-color-scheme:dark){"
    "text{fill:#e9ebee}.tick,.unit,.note{fill:#a3acb6}.paper{fill:#1a1e23}"
    ".axis{stroke:#a3acb6}.grid{stroke:#272d34}"
    ".c0{stroke:#56b4e9}.c1{stroke:#f08a3c}.c2{stroke:#2fc497}.c3{stroke:#e39bc3}"
    ".c4{stroke:#f0b93a}.c5{stroke:#3f8fd0}.c6{stroke:#d8cc4a}.c7{stroke:#c3c9d0}}</style>\n";

/* Only for sheets that have bands. */
static const char band_style[] =
    "<style>.band{stroke:none;opacity:.16}.band.inner{opacity:.24}.fc0{fill:#0072b2}.fc1{fill:#d55e00}.fc2{fill:#009e73}"
    ".fc3{fill:#cc79a7}.fc4{fill:#e69f00}.fc5{fill:#56b4e9}.fc6{fill:#8a7500}.fc7{fill:#4d4d4d}</style>\n";

static int has_bands(const coley_plot *plot, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < plot[i].n_lines; k++)
            if (plot[i].line[k].low90 || plot[i].line[k].low50) return 1;
    return 0;
}

void coley_plot_sheet(const coley_plot *plot, size_t n, const char *alt, coley_text *out)
{
    enum { MARGIN = 12 };
    double height = MARGIN;
    frame f = {0};
    for (size_t i = 0; i < n; i++) {
        f = plot_frame(&plot[i], COLEY_PLOT_WIDE);
        height += whole_height(&f, &plot[i]) + MARGIN;
    }
    coley_text_addf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
        "role=\"img\" aria-label=\"",
        f.width, height, f.width, height);
    coley_text_add_escaped(out, alt);
    coley_text_addf(out, "\">\n%s%s<rect class=\"paper\" width=\"%.0f\" height=\"%.0f\"/>\n", sheet_style,
                    has_bands(plot, n) ? band_style : "", f.width, height);
    double y = MARGIN;
    for (size_t i = 0; i < n; i++) {
        f = plot_frame(&plot[i], COLEY_PLOT_WIDE);
        choose_range(&plot[i], &f);
        coley_text_addf(out, "<g transform=\"translate(0 %.0f)\">\n", y);
        draw_contents(&f, &plot[i], out);
        coley_text_addf(out, "</g>\n");
        y += whole_height(&f, &plot[i]) + MARGIN;
    }
    coley_text_addf(out, "</svg>\n");
}

void coley_plot_legend(const coley_plot *plot, coley_text *out)
{
    char colour[8];
    coley_text_addf(out, "<ul class=\"legend\">");
    for (size_t i = 0; i < plot->n_lines; i++) {
        const coley_plot_line *line = &plot->line[i];
        if (!line->label) continue;
        colour_class(line->colour, colour);
        coley_text_addf(out, "<li><svg viewBox=\"0 0 26 12\" aria-hidden=\"true\">");
        if (line->weight)
            coley_text_addf(out, "<path class=\"line w%d %s%s\" d=\"M1 6H25\"/>", line->weight, colour,
                            line->dashed ? " dash" : "");
        if (line->marker != COLEY_MARKER_NONE) {
            coley_text_addf(out, "<path class=\"mark %s %s%s\" d=\"", line->hollow ? "hollow" : "full",
                            line->hollow ? "" : "f", colour);
            marker_path(line->marker, 13, 6, 3.5, out);
            coley_text_addf(out, "\"/>");
        }
        coley_text_addf(out, "</svg>");
        coley_text_add_escaped(out, line->label);
        coley_text_addf(out, "</li>");
    }
    coley_text_addf(out, "</ul>\n");
}

/* ---- tracks -------------------------------------------------------------------------------------------------------
 */

static void draw_items(const frame *f, const coley_plot_track *track, double height, coley_text *out)
{
    for (size_t i = 0; i < track->n_items; i++) {
        const coley_plot_item *item = &track->item[i];
        if (!(item->from_day <= f->day_high)) continue;
        const double x0 = at_day(f, fmax(item->from_day, f->day_low)), x1 = at_day(f, fmin(item->to_day, f->day_high));
        const double width = x1 - x0;
        coley_text_addf(out, "<g class=\"%s\">", item->style);
        if (item->tip) {
            coley_text_addf(out, "<title>");
            coley_text_add_escaped(out, item->tip);
            coley_text_addf(out, "</title>");
        }
        if (item->to_day > item->from_day)
            coley_text_addf(out, "<rect x=\"%.1f\" y=\"0.5\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>", x0 + 0.5,
                            fmax(width - 1, 1), height - 1);
        else
            coley_text_addf(out, "<path d=\"M%.1f 1v%.1f\"/>", x0, height - 2);
        if (item->text && width > 7.5 * (double)strlen(item->text) + 4) {
            coley_text_addf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">", x0 + width / 2, height / 2 + 4);
            coley_text_add_escaped(out, item->text);
            coley_text_addf(out, "</text>");
        }
        coley_text_addf(out, "</g>\n");
    }
}

static void draw_curve(frame *f, const coley_plot_track *track, double height, coley_text *out)
{
    double most = 0;
    for (size_t i = 0; i < track->n; i++)
        if (isfinite(track->y[i]) && track->y[i] > most) most = track->y[i];
    char colour[8];
    colour_class(track->colour, colour);
    f->plot_height = height;
    f->low = 0;
    f->high = most > 0 ? most * 1.04 : 1;
    f->logarithmic = 0;
    const coley_plot_line line = {.x = track->x, .y = track->y, .n = track->n, .colour = track->colour, .weight = 2};
    coley_text_addf(out, "<path class=\"area f%s\" d=\"", colour);
    for (size_t i = 0; i < track->n;) {
        size_t end = i;
        while (end < track->n && isfinite(track->y[end])) end++;
        if (end > i) {
            coley_text_addf(out, "M%.1f %.1f", at_day(f, track->x[i]), height);
            for (size_t k = i; k < end; k++)
                if (keep(f, &line, track->y, k))
                    coley_text_addf(out, "L%.1f %.1f", at_day(f, track->x[k]), at_value(f, track->y[k]));
            coley_text_addf(out, "L%.1f %.1fZ", at_day(f, track->x[end - 1]), height);
        }
        i = end > i ? end : i + 1;
    }
    coley_text_addf(out, "\"/>\n");
    draw_path(f, &line, out);
    coley_text_addf(out, "<path class=\"axis\" d=\"M0 %.1fh%.1f\"/>\n", height, f->plot_width);
}

/* Does a narrow row's note go on the line of its label? */
static int note_fits(const coley_plot_track *track)
{
    return !track->note || strlen(track->label) + strlen(track->note) < 46;
}

static void draw_track_names(const frame *f, const coley_plot_track *track, double y, coley_text *out)
{
    if (!f->narrow) {
        const double x = f->left + f->plot_width + 12;
        const int lines = side_lines(track->label) + side_lines(track->note);
        const double first = y + track->height / 2.0 - lines * SIDE_LEADING / 2.0 + 10;
        draw_side_text(x, first, track->label, "name", out);
        if (track->note) draw_side_text(x, first + side_lines(track->label) * SIDE_LEADING, track->note, "note", out);
        return;
    }
    coley_text_addf(out, "<text class=\"name\" x=\"%.1f\" y=\"%.1f\">", f->left, y + 12);
    coley_text_add_escaped(out, track->label);
    if (track->note && note_fits(track))
        coley_text_addf(out, " <tspan class=\"note\">");
    else if (track->note)
        coley_text_addf(out, "<tspan class=\"note\" x=\"%.1f\" dy=\"13\">", f->left);
    if (track->note) {
        coley_text_add_escaped(out, track->note);
        coley_text_addf(out, "</tspan>");
    }
    coley_text_addf(out, "</text>\n");
}

void coley_plot_tracks_draw(const coley_plot_tracks *tracks, coley_plot_size size, coley_text *out)
{
    frame f = frame_create(size, tracks->day_low, tracks->day_high);
    const double gap = 8;
    double height = tracks->axis ? 24 : 2, y = 0;
    for (size_t i = 0; i < tracks->n_tracks; i++)
        height += tracks->track[i].height + gap + (!f.narrow ? 0 : note_fits(&tracks->track[i]) ? 17 : 30);
    open_svg(&f, height, tracks->alt, out);
    for (size_t i = 0; i < tracks->n_tracks; i++) {
        const coley_plot_track *track = &tracks->track[i];
        draw_track_names(&f, track, y, out);
        y += !f.narrow ? 0 : note_fits(track) ? 17 : 30;
        coley_text_addf(out, "<svg x=\"%.0f\" y=\"%.1f\" width=\"%.0f\" height=\"%d\" viewBox=\"-2 0 %.0f %d\">\n",
                        f.left - 2, y, f.plot_width + 4, track->height, f.plot_width + 4, track->height);
        draw_guides(&f, tracks->guide_day, tracks->n_guides, track->height, out);
        if (track->y) draw_curve(&f, track, track->height, out);
        draw_items(&f, track, track->height, out);
        coley_text_addf(out, "</svg>\n");
        y += track->height + gap;
    }
    if (tracks->axis) draw_time_axis(&f, y - gap + 1, out);
    coley_text_addf(out, "</svg>\n");
}
