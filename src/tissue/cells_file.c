/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells_file.c -- rows of cells into places and numbers of single cells. */
#include "tissue/cells_file.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "base/rows.h"

enum { UNKNOWN_COLUMN = -2 };

typedef struct cells_reader {
    coley_place_list *list;
    const coley_tissue_model *model;
    const coley_vocabulary *words;
    coley_rows rows;
    bool skip_unknown;
    coley_cells_report *report;
    const char **type_name;
    size_t n_columns;
    const char **column; /* names; the first four are x, y, z, type */
    int *behaviour;
    bool *told; /* of an unknown column */
    int last_type;
    coley_error *err;
} cells_reader;

bool coley_place_add(coley_place_list *l, const double at_um[3], int type)
{
    if (l->n >= COLEY_PLACED_MAX || !COLEY_RESERVE(l->arena, l->cell, l->cap, l->n + 1)) return false;
    l->cell[l->n++] =
        (coley_place_cell){.at_um = {at_um[0], at_um[1], at_um[2]}, .type = type, .first_value = (uint32_t)l->n_values};
    return true;
}

static int type_of_id(const coley_tissue_model *m, const char *text)
{
    int64_t id;
    double number;
    if (!coley_text_integer(text, 0, 1 << 30, &id)) {
        if (!coley_text_number(text, &number) || number < 0 || number > 1 << 30) return -1;
        id = (int64_t)number; /* form 1 may write 3.0 */
    }
    for (size_t i = 0; i < m->n_types; i++)
        if (m->type[i].id == (int)id) return (int)i;
    return -1;
}

static int type_named(cells_reader *c, const char *name)
{
    const coley_tissue_model *m = c->model;
    if (c->last_type >= 0 && strcmp(c->type_name[c->last_type], name) == 0) return c->last_type;
    for (size_t i = 0; i < m->n_types; i++)
        if (strcmp(c->type_name[i], name) == 0) return c->last_type = (int)i;
    return type_of_id(m, name);
}

static coley_status find_type(cells_reader *c, bool by_name, int *type)
{
    const char *text = c->rows.cell[3];
    *type = by_name ? type_named(c, text) : type_of_id(c->model, text);
    if (*type >= 0) return COLEY_OK;
    if (!c->skip_unknown) {
        const char *near = coley_text_nearest(text, c->type_name, c->model->n_types);
        return COLEY_ROWS_FAIL(&c->rows, "type", c->err,
                               "unknown cell type \"%.80s\"%s%.80s%s (--ignore-unsupported leaves such cells out)",
                               text, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    if (c->report->n_skipped++ == 0) {
        c->report->skipped_line = c->rows.line;
        if (!(c->report->skipped_type = coley_arena_text(c->list->arena, text, strlen(text))))
            return COLEY_FAIL_MEMORY(c->err);
    }
    return COLEY_OK;
}

static coley_status tell_unknown(cells_reader *c, size_t column)
{
    coley_cells_report *r = c->report;
    if (c->told[column]) return COLEY_OK;
    c->told[column] = true;
    r->unknown[r->n_unknown] = c->column[column];
    r->nearest[r->n_unknown++] = coley_vocabulary_nearest_behaviour(c->words, c->column[column]);
    return COLEY_OK;
}

static coley_status read_values(cells_reader *c)
{
    coley_place_list *l = c->list;
    for (size_t k = 4; k < c->rows.n_cells; k++) {
        const char *text = c->rows.cell[k];
        if (!*text || tolower((unsigned char)*text) == 's') continue;
        coley_place_value v = {.behaviour = c->behaviour[k]};
        const bool volume = v.behaviour == COLEY_SPREAD_VOLUME;
        COLEY_TRY(coley_rows_number(&c->rows, k, c->column[k], volume ? 1e-3 : -1e100, volume ? 1e9 : 1e100, &v.value,
                                    c->err));
        if (v.behaviour == UNKNOWN_COLUMN) {
            COLEY_TRY(tell_unknown(c, k));
            continue;
        }
        if (l->n_values >= UINT32_MAX || !COLEY_RESERVE(l->arena, l->value, l->cap_values, l->n_values + 1))
            return COLEY_FAIL_MEMORY(c->err);
        l->value[l->n_values++] = v;
        l->cell[l->n - 1].n_values++;
    }
    return COLEY_OK;
}

static coley_status read_cell(cells_reader *c, bool named)
{
    static const char *const axis[] = {"x", "y", "z"};
    const coley_tissue_model *m = c->model;
    const coley_rows *r = &c->rows;
    double at[3];
    int type;
    bool outside = false;
    if (r->n_cells < 4 || r->n_cells > c->n_columns)
        return COLEY_ROWS_FAIL(r, NULL, c->err, "%zu cells; %s", r->n_cells,
                               named ? "a row has x, y, z, type and no more than the header names"
                                     : "a row without header has x, y, z and the number of the type");
    for (size_t a = 0; a < 3; a++) {
        COLEY_TRY(coley_rows_number(r, a, axis[a], -1e7, 1e7, &at[a], c->err));
        if (m->plane && a == 2) continue;
        outside = outside || at[a] < m->low_um[a] || at[a] > m->high_um[a];
    }
    COLEY_TRY(find_type(c, named, &type));
    if (type < 0) return COLEY_OK;
    c->report->n_outside += outside;
    if (c->list->n >= COLEY_PLACED_MAX) return COLEY_ROWS_FAIL(r, NULL, c->err, "more than %d cells", COLEY_PLACED_MAX);
    if (!coley_place_add(c->list, at, type)) return COLEY_FAIL_MEMORY(c->err);
    return named ? read_values(c) : COLEY_OK;
}

static coley_status read_header(cells_reader *c)
{
    static const char *const first[] = {"x", "y", "z", "type"};
    const coley_rows *r = &c->rows;
    coley_arena *arena = c->list->arena;
    const size_t n = r->n_cells;
    c->n_columns = n;
    c->column = COLEY_NEW(arena, const char *, n);
    c->behaviour = COLEY_NEW(arena, int, n);
    c->told = COLEY_NEW(arena, bool, n);
    c->report->unknown = COLEY_NEW(arena, const char *, n);
    c->report->nearest = COLEY_NEW(arena, const char *, n);
    if (!c->column || !c->behaviour || !c->told || !c->report->unknown || !c->report->nearest)
        return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < n; i++) {
        c->column[i] = r->cell[i]; /* the bytes of the file stay */
        const bool volume = strcmp(r->cell[i], "volume") == 0;
        c->behaviour[i] = volume ? COLEY_SPREAD_VOLUME : coley_vocabulary_behaviour(c->words, r->cell[i]);
        if (!volume && c->behaviour[i] < 0) c->behaviour[i] = UNKNOWN_COLUMN;
        if (i < 3 && tolower((unsigned char)*r->cell[i]) != *first[i])
            return COLEY_ROWS_FAIL(r, NULL, c->err,
                                   "column %zu of the header is \"%.40s\"; it begins with x, y, z, type", i + 1,
                                   r->cell[i]);
    }
    return n >= 4 ? COLEY_OK : COLEY_ROWS_FAIL(r, NULL, c->err, "the header begins with x, y, z, type");
}

static coley_status read_cells(cells_reader *c)
{
    bool more, named = false;
    c->last_type = -1;
    c->n_columns = 4;
    c->type_name = COLEY_NEW(c->list->arena, const char *, c->model->n_types);
    if (!c->type_name) return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < c->model->n_types; i++) c->type_name[i] = c->model->type[i].name;
    for (bool first = true;; first = false) {
        COLEY_TRY(coley_rows_next(&c->rows, &more, c->err));
        if (!more) return COLEY_OK;
        if (first && tolower((unsigned char)*c->rows.cell[0]) == 'x') {
            named = true;
            COLEY_TRY(read_header(c));
        } else {
            COLEY_TRY(read_cell(c, named));
        }
    }
}

coley_status coley_cells_file_read(coley_place_list *list, const coley_tissue_model *model,
                                   const coley_vocabulary *words, const char *path, bool skip_unknown,
                                   coley_cells_report *report, coley_error *err)
{
    cells_reader c = {
        .list = list, .model = model, .words = words, .skip_unknown = skip_unknown, .report = report, .err = err};
    *report = (coley_cells_report){0};
    COLEY_TRY(coley_rows_read(list->arena, path, &c.rows, err));
    return read_cells(&c);
}

coley_status coley_cells_file_parse(coley_place_list *list, const coley_tissue_model *model,
                                    const coley_vocabulary *words, const char *name, char *bytes, size_t length,
                                    bool skip_unknown, coley_cells_report *report, coley_error *err)
{
    cells_reader c = {
        .list = list, .model = model, .words = words, .skip_unknown = skip_unknown, .report = report, .err = err};
    *report = (coley_cells_report){0};
    COLEY_TRY(coley_rows_open(list->arena, name, bytes, length, &c.rows, err));
    return read_cells(&c);
}
