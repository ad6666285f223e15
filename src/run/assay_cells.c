/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_cells.c -- files to samples. */
#include "run/assay_cells.h"

#include <math.h>
#include <string.h>

#include "base/yaml.h"

static coley_status make_options(coley_arena *arena, const coley_cells_request *q, unsigned needed,
                                 coley_cell_table_options *o, coley_error *err)
{
    coley_cell_words *words = COLEY_NEW(arena, coley_cell_words, 1);
    const char *path = coley_arena_printf(arena, "%s/assays/cells.yaml", q->catalog);
    if (!words || !path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_cell_words_read(arena, path, words, err));
    for (size_t i = q->n_maps; i-- > 0;) COLEY_TRY(coley_cell_words_map(arena, words, q->map[i], err));
    if (q->n_calls > COLEY_CELLS_MAX_CALLS)
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--call is given %zu times, allowed up to %d", q->n_calls,
                          COLEY_CELLS_MAX_CALLS);
    *o = (coley_cell_table_options){
        .words = words, .needed = needed, .um_per_unit = q->um_per_unit, .n_calls = q->n_calls};
    memcpy(o->column, q->column, sizeof o->column);
    for (size_t i = 0; i < q->n_calls; i++) o->call[i] = q->call[i];
    return COLEY_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static coley_status no_sample(const coley_cells_request *q, const coley_cell_sample *all, size_t n, coley_arena *arena,
                              coley_error *err)
{
    const char **name = COLEY_NEW(arena, const char *, n);
    if (!name) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) name[i] = all[i].name;
    const char *near = coley_text_nearest(q->pick, name, n);
    return COLEY_FAIL(err, COLEY_ERR_INPUT, "there is no sample %s among the %zu; %s%s%s",
                      coley_quote_make(q->pick).text, n, near ? "did you mean \"" : "the first is \"",
                      near ? near : name[0], "\"?");
}

coley_status coley_cells_read(coley_arena *arena, const coley_cells_request *q, unsigned needed,
                              coley_cell_sample **sample, size_t *n, coley_error *err)
{
    coley_cell_table_options o;
    size_t cap = 0;
    *sample = NULL;
    *n = 0;
    COLEY_TRY(make_options(arena, q, needed, &o, err));
    for (size_t f = 0; f < q->n_files; f++) {
        coley_cell_table *table = COLEY_NEW(arena, coley_cell_table, 1);
        if (!table) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_cell_table_read(arena, q->file[f], &o, table, err));
        if (!COLEY_RESERVE(arena, *sample, cap, *n + table->n_samples)) return COLEY_FAIL_MEMORY(err);
        for (size_t i = 0; i < table->n_samples; i++)
            (*sample)[(*n)++] =
                (coley_cell_sample){.name = *table->sample[i] ? table->sample[i] : base_name(q->file[f]),
                                    .table = table,
                                    .cells = coley_cell_table_sample(table, i)};
    }
    if (!q->pick) return COLEY_OK;
    for (size_t i = 0; i < *n; i++)
        if (strcmp((*sample)[i].name, q->pick) == 0) {
            (*sample)[0] = (*sample)[i];
            *n = 1;
            return COLEY_OK;
        }
    return no_sample(q, *sample, *n, arena, err);
}

typedef struct pool {
    double *x, *y, *pdl1, *area;
    uint8_t *type, *region;
    size_t n;
    double at_x; /* where the next field begins */
} pool;

static void pool_field(pool *p, const coley_cells *c, double apart_um)
{
    double left = INFINITY, right = -INFINITY;
    for (size_t i = 0; i < c->n && c->x_um; i++) {
        left = fmin(left, c->x_um[i]);
        right = fmax(right, c->x_um[i]);
    }
    for (size_t i = 0; i < c->n; i++, p->n++) {
        p->x[p->n] = c->x_um ? c->x_um[i] - left + p->at_x : 0;
        p->y[p->n] = c->y_um ? c->y_um[i] : 0;
        p->pdl1[p->n] = c->pdl1 ? c->pdl1[i] : NAN;
        p->area[p->n] = c->area_um2 ? c->area_um2[i] : NAN;
        p->type[p->n] = c->type[i];
        p->region[p->n] = c->region ? c->region[i] : COLEY_REGION_TUMOUR;
    }
    if (right >= left) p->at_x = apart_um * (floor((p->at_x + right - left) / apart_um) + 1);
}

coley_status coley_cells_pool(coley_arena *arena, const coley_cell_sample *sample, size_t n, double apart_um,
                              coley_cell_sample *pooled, coley_error *err)
{
    size_t all = 0;
    int places = 1, areas = 1;
    for (size_t i = 0; i < n; i++) {
        all += sample[i].cells.n;
        places &= sample[i].cells.x_um && sample[i].cells.y_um;
        areas &= sample[i].cells.area_um2 != NULL;
    }
    pool p = {.x = COLEY_NEW(arena, double, all),
              .y = COLEY_NEW(arena, double, all),
              .pdl1 = COLEY_NEW(arena, double, all),
              .area = COLEY_NEW(arena, double, all),
              .type = COLEY_NEW(arena, uint8_t, all),
              .region = COLEY_NEW(arena, uint8_t, all)};
    if (!p.x || !p.y || !p.pdl1 || !p.area || !p.type || !p.region) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) pool_field(&p, &sample[i].cells, apart_um);
    *pooled = (coley_cell_sample){.name = coley_arena_printf(arena, "%zu fields", n), .table = sample[0].table};
    if (!pooled->name) return COLEY_FAIL_MEMORY(err);
    pooled->cells = (coley_cells){.n = all,
                                  .x_um = places ? p.x : NULL,
                                  .y_um = places ? p.y : NULL,
                                  .type = p.type,
                                  .region = p.region,
                                  .pdl1 = p.pdl1,
                                  .area_um2 = areas ? p.area : NULL};
    return COLEY_OK;
}

static void add_words(coley_text *text, const char *what, const coley_cell_seen *seen, size_t n, const char *read_as,
                      const char *advice)
{
    size_t unknown = 0, cells = 0, listed = 0;
    for (size_t i = 0; i < n; i++) {
        unknown += !seen[i].known;
        cells += seen[i].known ? 0 : seen[i].n;
    }
    if (!unknown) return;
    coley_text_addf(text, "  %zu cell%s of %zu unknown %s%s read as %s:", cells, cells == 1 ? "" : "s", unknown, what,
                    unknown == 1 ? "" : "s", read_as);
    for (size_t i = 0; i < n && listed < 6; i++)
        if (!seen[i].known) coley_text_addf(text, "%s \"%.40s\" (%zu)", listed++ ? "," : "", seen[i].text, seen[i].n);
    coley_text_addf(text, "%s; %s\n", unknown > 6 ? ", ..." : "", advice);
}

void coley_cells_add_note(coley_text *text, const coley_cell_table *t, unsigned shown)
{
    coley_text_addf(text, "%s: %zu cells; columns", t->file, t->n);
    int n = 0;
    for (int c = 0; c < COLEY_COLUMN_COUNT; c++)
        if (t->column[c] && shown >> c & 1)
            coley_text_addf(text, "%s %s = \"%s\"", n++ ? "," : "", coley_cell_column_name((coley_cell_column)c),
                            t->column[c]);
    coley_text_addf(text, "\n");
    add_words(text, "phenotype", t->phenotype, t->n_phenotypes, "other", "say what they are with --map");
    if (t->cells.region)
        add_words(text, "region", t->region, t->n_regions, "outside and left out", "rename them in the table");
}

static void emit_seen(coley_emit *e, const char *key, const coley_cell_seen *seen, size_t n, int regions)
{
    coley_emit_list(e, key);
    for (size_t i = 0; i < n; i++) {
        coley_emit_map(e, NULL);
        coley_emit_text(e, "word", seen[i].text);
        coley_emit_text(e, "read_as",
                        regions ? coley_cell_region_name((coley_cell_region)seen[i].meaning)
                                : coley_cell_type_name((coley_cell_kind)seen[i].meaning));
        coley_emit_flag(e, "known", seen[i].known);
        coley_emit_integer(e, "cells", (int64_t)seen[i].n);
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

void coley_cells_emit(coley_emit *e, const coley_cell_table *t, unsigned shown)
{
    coley_emit_map(e, NULL);
    coley_emit_text(e, "file", t->file);
    coley_emit_integer(e, "cells", (int64_t)t->n);
    coley_emit_map(e, "columns");
    for (int c = 0; c < COLEY_COLUMN_COUNT; c++)
        if (shown >> c & 1) coley_emit_text(e, coley_cell_column_name((coley_cell_column)c), t->column[c]);
    coley_emit_end(e);
    emit_seen(e, "phenotypes", t->phenotype, t->n_phenotypes, 0);
    if (t->cells.region) emit_seen(e, "regions", t->region, t->n_regions, 1);
    coley_emit_end(e);
}
