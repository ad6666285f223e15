/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c -- see table.h. */
#include "base/table.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

coley_table coley_table_begin(coley_arena *arena, const char *const *heading, size_t n_columns)
{
    return (coley_table){.arena = arena, .heading = heading, .n_columns = n_columns};
}

void coley_table_add(coley_table *table, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *cell = length < 0 ? NULL : coley_arena_alloc(table->arena, (size_t)length + 1);
    if (!cell || !COLEY_RESERVE(table->arena, table->cell, table->cap_cells, table->n_cells + 1)) {
        table->failed = 1;
        return;
    }
    va_start(arguments, format);
    vsnprintf(cell, (size_t)length + 1, format, arguments);
    va_end(arguments);
    table->cell[table->n_cells++] = cell;
}

size_t coley_table_width(const char *text)
{
    size_t n = 0;
    for (const char *p = text; *p; p++) n += ((unsigned char)*p & 0xC0) != 0x80; /* bytes that start a character */
    return n;
}

static int is_number(const char *cell)
{
    if (!*cell || strcmp(cell, "-") == 0) return 1;
    const char *p = cell + strspn(cell, "+-<>~");
    return isdigit((unsigned char)*p) || *p == '.' || strcmp(p, "nan") == 0 || strcmp(p, "inf") == 0;
}

static void draw_cell(coley_text *text, const char *cell, size_t width, int right, int last)
{
    const int gap = (int)(width - coley_table_width(cell));
    if (right)
        coley_text_addf(text, "%*s%s", gap, "", cell);
    else
        coley_text_addf(text, "%s%*s", cell, gap, "");
    if (!last) {
        coley_text_addf(text, "  ");
        return;
    }
    while (!text->failed && text->length && text->data[text->length - 1] == ' ') text->data[--text->length] = '\0';
    coley_text_addf(text, "\n");
}

void coley_table_draw(const coley_table *table, coley_text *text)
{
    const size_t n = table->n_columns;
    size_t *width = COLEY_NEW(table->arena, size_t, n);
    int *right = COLEY_NEW(table->arena, int, n);
    if (table->failed || !width || !right) {
        text->failed = 1;
        return;
    }
    for (size_t c = 0; c < n; c++) {
        width[c] = coley_table_width(table->heading[c]);
        right[c] = table->n_cells > 0;
        for (size_t i = c; i < table->n_cells; i += n) {
            const size_t w = coley_table_width(table->cell[i]);
            if (w > width[c]) width[c] = w;
            right[c] = right[c] && is_number(table->cell[i]);
        }
    }
    for (size_t c = 0; c < n; c++) draw_cell(text, table->heading[c], width[c], right[c], c + 1 == n);
    for (size_t c = 0; c < n; c++) {
        for (size_t i = 0; i < width[c]; i++) coley_text_add(text, "-", 1);
        coley_text_addf(text, c + 1 == n ? "\n" : "  ");
    }
    for (size_t i = 0; i < table->n_cells; i++)
        draw_cell(text, table->cell[i], width[i % n], right[i % n], i % n + 1 == n);
    if (table->n_cells % n) coley_text_add(text, "\n", 1);
}
