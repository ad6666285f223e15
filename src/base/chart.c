/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.c -- lines on a raster: one point a character in ASCII, eight (2 x 4 braille dots) in Unicode. */
#include "base/chart.h"

#include <math.h>
#include <string.h>

enum { DOTS_X = 2, DOTS_Y = 4, LABEL = 10 };

typedef struct raster {
    size_t width, height; /* characters */
    int ascii;
    double low, high; /* of y */
    unsigned char cell[COLEY_CHART_MAX_HEIGHT][COLEY_CHART_MAX_WIDTH];
} raster;

/* Raster point (column from the left, row from the top). Braille numbers its dots 1 2 3 7 down the left column and
 * 4 5 6 8 down the right one (Unicode 15, block 2800). */
static void set_dot(raster *r, long column, long row, size_t series)
{
    static const unsigned char bit[DOTS_Y][DOTS_X] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    if (r->ascii)
        r->cell[row][column] = (unsigned char)"*+ox"[series % 4];
    else
        r->cell[row / DOTS_Y][column / DOTS_X] |= bit[row % DOTS_Y][column % DOTS_X];
}

static size_t clamp(size_t value, size_t low, size_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* The line from point i to i + 1, a dot for every column and every row that it crosses. */
static void draw_segment(raster *r, const coley_chart *chart, size_t series, size_t i)
{
    const long columns = (long)r->width * (r->ascii ? 1 : DOTS_X), rows = (long)r->height * (r->ascii ? 1 : DOTS_Y);
    const double x_low = chart->x[0], x_high = chart->x[chart->n - 1];
    const double *y = chart->y[series];
    const size_t j = i + 1 < chart->n && isfinite(y[i + 1]) ? i + 1 : i;
    if (!isfinite(y[i])) return;
    const double x_scale = x_high > x_low ? (double)(columns - 1) / (x_high - x_low) : 0;
    const double y_scale = (double)(rows - 1) / (r->high - r->low);
    const double x0 = (chart->x[i] - x_low) * x_scale, x1 = (chart->x[j] - x_low) * x_scale;
    const double y0 = (r->high - y[i]) * y_scale, y1 = (r->high - y[j]) * y_scale;
    const long steps = lround(ceil(fmax(1, fmax(fabs(x1 - x0), fabs(y1 - y0)))));
    for (long s = 0; s <= steps; s++) {
        const double f = (double)s / (double)steps;
        set_dot(r, lround(x0 + f * (x1 - x0)), lround(y0 + f * (y1 - y0)), series);
    }
}

static int find_range(const coley_chart *chart, raster *r)
{
    r->low = INFINITY;
    r->high = -INFINITY;
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->n; i++)
            if (isfinite(chart->y[s][i])) {
                r->low = fmin(r->low, chart->y[s][i]);
                r->high = fmax(r->high, chart->y[s][i]);
            }
    if (!(r->low <= r->high)) return 0;
    if (r->low > 0 && r->low < 0.5 * r->high) r->low = 0;
    if (r->low == r->high) r->high = r->low + (r->low == 0 ? 1 : fabs(r->low));
    return 1;
}

static void draw_row(const raster *r, size_t row, coley_text *text)
{
    for (size_t c = 0; c < r->width; c++) {
        const unsigned char cell = r->cell[row][c];
        if (r->ascii)
            coley_text_addf(text, "%c", cell ? cell : ' ');
        else if (!cell)
            coley_text_add(text, " ", 1);
        else
            coley_text_add(text, (const char[]){'\xe2', (char)(0xA0 | cell >> 6), (char)(0x80 | (cell & 0x3F))}, 3);
    }
}

void coley_chart_draw(const coley_chart *chart, coley_text *text)
{
    raster r = {.width = clamp(chart->width, 10, COLEY_CHART_MAX_WIDTH),
                .height = clamp(chart->height, 3, COLEY_CHART_MAX_HEIGHT),
                .ascii = chart->ascii};
    if (chart->title) coley_text_addf(text, "%s\n", chart->title);
    if (!chart->n || !find_range(chart, &r)) {
        coley_text_addf(text, "(nothing to draw)\n");
        return;
    }
    for (size_t s = chart->n_series; s-- > 0;) /* the first series ends on top */
        for (size_t i = 0; i < chart->n; i++) draw_segment(&r, chart, s, i);
    for (size_t row = 0; row < r.height; row++) {
        const double label = r.high - (r.high - r.low) * (double)row / (double)(r.height - 1);
        const int labelled = row == 0 || row + 1 == r.height || row == (r.height - 1) / 2;
        if (labelled)
            coley_text_addf(text, "%*.4g ", LABEL, label);
        else
            coley_text_addf(text, "%*s ", LABEL, "");
        coley_text_addf(text, r.ascii ? "|" : "\xe2\x94\x82");
        draw_row(&r, row, text);
        while (text->length && text->data[text->length - 1] == ' ') text->data[--text->length] = '\0';
        coley_text_addf(text, "\n");
    }
    coley_text_addf(text, "%*s %s", LABEL, "", r.ascii ? "+" : "\xe2\x94\x94");
    for (size_t c = 0; c < r.width; c++) coley_text_addf(text, r.ascii ? "-" : "\xe2\x94\x80");
    coley_text_addf(text, "\n%*s %-*.4g", LABEL + 1, "", (int)r.width / 2 - 3, chart->x[0]);
    coley_text_addf(text, "%s", chart->x_label ? chart->x_label : "");
    const size_t used = (size_t)((int)r.width / 2 - 3) + (chart->x_label ? strlen(chart->x_label) : 0);
    coley_text_addf(text, "%*.4g\n", (int)(r.width > used + 2 ? r.width - used : 2), chart->x[chart->n - 1]);
}
