/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_seed.c -- phenotypes of a table to types of a model, positions to a domain, intensities to custom variables.
 */
#include "run/tissue_seed.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"
#include "base/yaml.h"
#include "base/whole_file.h"
#include "io/emit.h"
#include "tissue/physicell_xml.h"

typedef struct custom {
    const char *column;
    int variable; /* of the model */
    double scale;
    const double *value; /* [cells of the sample], not scaled; NaN: not measured */
    double sum;
    size_t n;
} custom;

typedef struct seeder {
    coley_arena *arena;
    const coley_tissue_seed_request *q;
    coley_tissue_model model; /* later with the new domain */
    coley_cell_words words;   /* meaning: 1 + index of the type in the model */
    coley_cell_table *table;
    const char *sample;
    coley_cells cells;
    custom custom[COLEY_SEED_MAX_CUSTOM];
    uint32_t *kept; /* rows of the sample that become cells */
    size_t n, *n_of_type, n_outside, n_unmapped, n_thinned;
    double spacing_um, n_random;
    coley_error *err;
} seeder;

/* --- words ------------------------------------------------------------------------------------------------------ */

static const char **type_names(seeder *s)
{
    const char **name = COLEY_NEW(s->arena, const char *, s->model.n_types);
    for (size_t i = 0; name && i < s->model.n_types; i++) name[i] = s->model.type[i].name;
    return name;
}

static coley_status add_word(seeder *s, size_t *cap, const char *text, int type)
{
    char bare[96];
    coley_cell_words *w = &s->words;
    coley_cell_word_bare(text, 1, bare, sizeof bare);
    if (!COLEY_RESERVE(s->arena, w->type, *cap, w->n_types + 1)) return COLEY_FAIL_MEMORY(s->err);
    const char *word = coley_arena_text(s->arena, bare, strlen(bare));
    if (!word) return COLEY_FAIL_MEMORY(s->err);
    w->type[w->n_types++] = (coley_cell_word){word, type + 1};
    return COLEY_OK;
}

/* "CD8 T cell=CD8+,cytotoxic" */
static coley_status add_type(seeder *s, size_t *cap, const char *text)
{
    const char *equals = strchr(text, '='), **names = type_names(s);
    const char *name = equals ? coley_arena_text(s->arena, text, (size_t)(equals - text)) : NULL;
    if (!names || (equals && !name)) return COLEY_FAIL_MEMORY(s->err);
    if (!equals || equals == text || !equals[1])
        return COLEY_FAIL(s->err, COLEY_ERR_USAGE,
                          "--type %s: write MODEL_TYPE=PHENOTYPE,PHENOTYPE, as in \"CD8 T cell=CD8+,cytotoxic\"",
                          coley_quote_make(text).text);
    size_t type = 0;
    while (type < s->model.n_types && strcmp(names[type], name) != 0) type++;
    if (type == s->model.n_types) {
        const char *near = coley_text_nearest(name, names, s->model.n_types);
        return COLEY_FAIL(s->err, COLEY_ERR_USAGE, "--type: the model has no cell type %s; %s\"%s\"%s",
                          coley_quote_make(name).text, near ? "did you mean " : "its first is ", near ? near : names[0],
                          near ? "?" : "");
    }
    for (const char *p = equals + 1; *p;) {
        const size_t length = strcspn(p, ",");
        const char *word = coley_arena_text(s->arena, p, length);
        if (!word) return COLEY_FAIL_MEMORY(s->err);
        COLEY_TRY(add_word(s, cap, word, (int)type));
        p += length + (p[length] == ',');
    }
    return COLEY_OK;
}

static coley_status make_words(seeder *s)
{
    coley_cell_words known;
    size_t cap = 0;
    const char *path = coley_arena_printf(s->arena, "%s/assays/cells.yaml", s->q->catalog);
    if (!path) return COLEY_FAIL_MEMORY(s->err);
    COLEY_TRY(coley_cell_words_read(s->arena, path, &known, s->err));
    s->words = known; /* names of columns and regions are the catalog's, those of types the model's */
    s->words.type = NULL;
    s->words.n_types = 0;
    for (size_t k = 0; k < s->q->n_types; k++) COLEY_TRY(add_type(s, &cap, s->q->type[k]));
    for (size_t i = 0; i < s->model.n_types; i++) COLEY_TRY(add_word(s, &cap, s->model.type[i].name, (int)i));
    return COLEY_OK;
}

/* A phenotype that --type names and no cell has is a slip of the pen. */
static coley_status check_words(seeder *s, size_t n_named)
{
    const coley_cell_table *t = s->table;
    const char **seen = COLEY_NEW(s->arena, const char *, t->n_phenotypes);
    if (!seen) return COLEY_FAIL_MEMORY(s->err);
    for (size_t i = 0; i < t->n_phenotypes; i++) seen[i] = t->phenotype[i].text;
    for (size_t k = 0; k < n_named; k++) {
        const coley_cell_words one = {.n_types = 1, .type = &s->words.type[k]};
        size_t i = 0;
        while (i < t->n_phenotypes && coley_cell_words_type(&one, seen[i]) < 0) i++;
        if (i < t->n_phenotypes) continue;
        const char *near = coley_text_nearest(s->words.type[k].word, seen, t->n_phenotypes);
        return COLEY_FAIL_AT(s->err, COLEY_ERR_INPUT, ((coley_place){.file = t->file, .key = "--type"}),
                             "no cell has the phenotype \"%s\"%s%s%s", s->words.type[k].word,
                             near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    return COLEY_OK;
}

/* --- the table -------------------------------------------------------------------------------------------------- */

static coley_status pick_sample(seeder *s, const coley_cell_table *t, size_t *sample)
{
    *sample = 0;
    if (!s->q->pick) {
        if (t->n_samples == 1) return COLEY_OK;
        return COLEY_FAIL_AT(
            s->err, COLEY_ERR_INPUT, ((coley_place){.file = t->file, .key = t->column[COLEY_COLUMN_SAMPLE]}),
            "the table has %zu samples; name one with --pick, as in --pick \"%s\"", t->n_samples, t->sample[0]);
    }
    while (*sample < t->n_samples && strcmp(t->sample[*sample], s->q->pick) != 0) ++*sample;
    if (*sample < t->n_samples) return COLEY_OK;
    const char *near = coley_text_nearest(s->q->pick, t->sample, t->n_samples);
    return COLEY_FAIL_AT(s->err, COLEY_ERR_INPUT, ((coley_place){.file = t->file, .key = "--pick"}),
                         "there is no sample %s among the %zu%s%s%s", coley_quote_make(s->q->pick).text, t->n_samples,
                         near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* Columns of numbers are read one at a time, each as the reader's column of staining: rows keep their order. */
static coley_status read_table(seeder *s, const char *numbers, coley_cell_table *table, coley_cells *cells)
{
    coley_cell_table_options o = {.words = &s->words,
                                  .needed = 1U << COLEY_COLUMN_X | 1U << COLEY_COLUMN_Y | 1U << COLEY_COLUMN_PHENOTYPE,
                                  .um_per_unit = s->q->um_per_unit};
    size_t sample;
    memcpy(o.column, s->q->column, sizeof o.column);
    o.column[COLEY_COLUMN_PDL1] = numbers;
    COLEY_TRY(coley_cell_table_read(s->arena, s->q->table, &o, table, s->err));
    COLEY_TRY(pick_sample(s, table, &sample));
    *cells = coley_cell_table_sample(table, sample);
    s->sample = table->sample[sample];
    return COLEY_OK;
}

/* "PD-L1=column*scale": the model's variable of that name, PD_L1 or pdl1 being the same. */
static coley_status read_custom(seeder *s, const char *text, custom *c)
{
    char bare[96], other[96];
    const char *equals = strchr(text, '='), *star = strrchr(text, '*');
    const char *name = equals ? coley_arena_text(s->arena, text, (size_t)(equals - text)) : NULL;
    *c = (custom){.scale = 1};
    if (!equals || equals == text || !equals[1] || (star && star > equals && !coley_text_number(star + 1, &c->scale)))
        return COLEY_FAIL(
            s->err, COLEY_ERR_USAGE,
            "--custom %s: write VARIABLE=COLUMN or VARIABLE=COLUMN*SCALE, as in \"PD-L1=Membrane PDL1*0.1\"",
            coley_quote_make(text).text);
    const size_t length = star && star > equals ? (size_t)(star - equals - 1) : strlen(equals + 1);
    c->column = coley_arena_text(s->arena, equals + 1, length);
    const char **names = COLEY_NEW(s->arena, const char *, s->model.n_custom);
    if (!name || !c->column || !names) return COLEY_FAIL_MEMORY(s->err);
    coley_cell_word_bare(name, 0, bare, sizeof bare);
    for (size_t k = 0; k < s->model.n_custom; k++) {
        names[k] = s->model.custom[k].name;
        coley_cell_word_bare(names[k], 0, other, sizeof other);
        c->variable = (int)k;
        if (strcmp(bare, other) == 0) return COLEY_OK;
    }
    const char *near = coley_text_nearest(name, names, s->model.n_custom);
    return COLEY_FAIL(s->err, COLEY_ERR_USAGE, "--custom: no cell type of the model has the custom variable %s%s%s%s",
                      coley_quote_make(name).text, near ? "; did you mean \"" : "", near ? near : "",
                      near ? "\"?" : "");
}

static coley_status read_customs(seeder *s)
{
    if (s->q->n_custom > COLEY_SEED_MAX_CUSTOM)
        return COLEY_FAIL(s->err, COLEY_ERR_USAGE, "--custom is given %zu times (allowed: up to %d)", s->q->n_custom,
                          COLEY_SEED_MAX_CUSTOM);
    for (size_t k = 0; k < s->q->n_custom; k++) {
        coley_cell_table *t = COLEY_NEW(s->arena, coley_cell_table, 1);
        coley_cells cells;
        if (!t) return COLEY_FAIL_MEMORY(s->err);
        COLEY_TRY(read_custom(s, s->q->custom[k], &s->custom[k]));
        COLEY_TRY(read_table(s, s->custom[k].column, t, &cells));
        s->custom[k].value = cells.pdl1;
    }
    return COLEY_OK;
}

static double custom_of(const custom *c, uint32_t row)
{
    return c->value ? c->value[row] * c->scale : NAN;
}

static void measure_customs(seeder *s)
{
    for (size_t k = 0; k < s->q->n_custom; k++)
        for (size_t i = 0; i < s->n; i++) {
            const double value = custom_of(&s->custom[k], s->kept[i]);
            if (!isfinite(value)) continue;
            s->custom[k].sum += value;
            s->custom[k].n++;
        }
}

/* --- which cells ------------------------------------------------------------------------------------------------ */

static coley_status refuse_unmapped(seeder *s)
{
    coley_text list = {.arena = s->arena};
    size_t n = 0;
    for (size_t i = 0; i < s->table->n_phenotypes; i++)
        if (!s->table->phenotype[i].known)
            coley_text_addf(&list, "%s\"%.60s\"", n++ ? ", " : "", s->table->phenotype[i].text);
    if (list.failed) return COLEY_FAIL_MEMORY(s->err);
    return COLEY_FAIL_AT(s->err, COLEY_ERR_INPUT,
                         ((coley_place){.file = s->table->file, .key = s->table->column[COLEY_COLUMN_PHENOTYPE]}),
                         "%zu cells are of no type of the model (%.600s): say of which with --type "
                         "MODEL_TYPE=PHENOTYPE,..., or leave them out with --drop-unmapped",
                         s->n_unmapped, list.data);
}

typedef struct far_row {
    double distance;
    uint32_t row;
} far_row;

static int nearest_first(const void *a, const void *b)
{
    const far_row *p = a, *q = b;
    if (p->distance != q->distance) return p->distance < q->distance ? -1 : 1;
    return p->row < q->row ? -1 : p->row > q->row;
}

static int by_row(const void *a, const void *b)
{
    const uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;
    return p < q ? -1 : p > q;
}

static void bounds_of(const seeder *s, double low[2], double high[2])
{
    for (int a = 0; a < 2; a++) {
        const double *at = a ? s->cells.y_um : s->cells.x_um;
        low[a] = INFINITY;
        high[a] = -INFINITY;
        for (size_t k = 0; k < s->n; k++) {
            low[a] = fmin(low[a], at[s->kept[k]]);
            high[a] = fmax(high[a], at[s->kept[k]]);
        }
    }
}

/* A square around the middle that holds so many: density stays as it is. */
static coley_status thin(seeder *s, size_t most)
{
    double low[2], high[2];
    if (s->n <= most) return COLEY_OK;
    far_row *row = COLEY_NEW(s->arena, far_row, s->n);
    if (!row) return COLEY_FAIL_MEMORY(s->err);
    bounds_of(s, low, high);
    for (size_t k = 0; k < s->n; k++) {
        const uint32_t i = s->kept[k];
        row[k].distance =
            fmax(fabs(s->cells.x_um[i] - (low[0] + high[0]) / 2), fabs(s->cells.y_um[i] - (low[1] + high[1]) / 2));
        row[k].row = i;
    }
    qsort(row, s->n, sizeof *row, nearest_first);
    for (size_t k = 0; k < most; k++) s->kept[k] = row[k].row;
    qsort(s->kept, most, sizeof *s->kept, by_row);
    s->n_thinned = s->n - most;
    s->n = most;
    return COLEY_OK;
}

static coley_status choose_cells(seeder *s)
{
    const double *w = s->q->window_um;
    s->kept = COLEY_NEW(s->arena, uint32_t, s->cells.n);
    s->n_of_type = COLEY_NEW(s->arena, size_t, s->model.n_types);
    if (!s->kept || !s->n_of_type) return COLEY_FAIL_MEMORY(s->err);
    for (size_t i = 0; i < s->cells.n; i++) {
        const double x = s->cells.x_um[i], y = s->cells.y_um[i];
        if (!isfinite(x) || !isfinite(y) || (w && !(x >= w[0] && x < w[2] && y >= w[1] && y < w[3])))
            s->n_outside++;
        else if (!s->cells.type[i])
            s->n_unmapped++;
        else
            s->kept[s->n++] = (uint32_t)i;
    }
    if (s->n_unmapped && !s->q->drop_unmapped) return refuse_unmapped(s);
    if (!s->n)
        return COLEY_FAIL_AT(s->err, COLEY_ERR_INPUT, ((coley_place){.file = s->table->file}),
                             "no cell is left of %zu: %zu outside of the window, %zu of no type of the model",
                             s->cells.n, s->n_outside, s->n_unmapped);
    if (s->q->max_cells) {
        const size_t most = s->q->max_cells / s->q->layers;
        COLEY_TRY(thin(s, most ? most : 1));
    }
    for (size_t k = 0; k < s->n; k++) s->n_of_type[s->cells.type[s->kept[k]] - 1]++;
    return COLEY_OK;
}

/* --- the domain ------------------------------------------------------------------------------------------------- */

/* Whole voxels around low..high, the middle kept. */
static void set_axis(coley_tissue_model *m, int axis, double low, double high)
{
    const double n = fmax(1, ceil((high - low) / m->voxel_um[axis] - 1e-9)),
                 middle = floor((low + high) / 2 + 0.5); /* whole micrometres: the file says them exactly */
    m->low_um[axis] = middle - n * m->voxel_um[axis] / 2;
    m->high_um[axis] = middle + n * m->voxel_um[axis] / 2;
}

static void fit_domain(seeder *s)
{
    coley_tissue_model *m = &s->model;
    double low[2], high[2], volume = 0;
    bounds_of(s, low, high);
    for (int a = 0; a < 2; a++) set_axis(m, a, low[a] - s->q->margin_um - 0.5, high[a] + s->q->margin_um + 0.5);
    for (size_t i = 0; i < m->n_types; i++) volume += (double)s->n_of_type[i] * m->type[i].volume.total_um3;
    s->spacing_um = 2 * cbrt(0.75 * volume / (double)s->n / 3.14159265358979323846);
    m->plane = s->q->layers == 1;
    const double half = m->plane ? m->voxel_um[2] / 2 : (double)s->q->layers * s->spacing_um / 2;
    set_axis(m, 2, -half, half);
}

/* --- files ------------------------------------------------------------------------------------------------------ */

/* Layers other than the middle one are its cells moved by up to half a cell along each axis. */
static void place_of(const seeder *s, size_t k, size_t layer, double at[3])
{
    const size_t middle = s->q->layers / 2;
    const uint32_t i = s->kept[k];
    at[0] = s->cells.x_um[i];
    at[1] = s->cells.y_um[i];
    at[2] = ((double)layer - ((double)s->q->layers - 1) / 2) * s->spacing_um;
    if (s->q->layers == 1) at[2] = 0;
    if (layer == middle) return;
    for (int a = 0; a < 3; a++)
        at[a] +=
            s->spacing_um *
            (coley_rng_uniform(s->q->seed, COLEY_STREAM_TISSUE_START, (uint64_t)layer << 32 | i, (uint64_t)a) - 0.5);
}

static void add_row(const seeder *s, size_t k, size_t layer, coley_text *out)
{
    double at[3];
    const uint32_t i = s->kept[k];
    const coley_cell_type *type = &s->model.type[s->cells.type[i] - 1];
    place_of(s, k, layer, at);
    coley_text_addf(out, "%.9g,%.9g,%.9g,", at[0], at[1], at[2]);
    if (strpbrk(type->name, ",\"\r\n"))
        coley_text_addf(out, "%d", type->id);
    else
        coley_text_addf(out, "%s", type->name);
    for (size_t c = 0; c < s->q->n_custom; c++) {
        const double value = custom_of(&s->custom[c], i);
        if (isfinite(value))
            coley_text_addf(out, ",%.9g", value);
        else
            coley_text_addf(out, ",skip"); /* not measured: as the model has it */
    }
    coley_text_addf(out, "\n");
}

static coley_status write_cells(seeder *s)
{
    const char *path = coley_arena_printf(s->arena, "%s/cells.csv", s->q->folder);
    coley_text out = {.arena = s->arena};
    if (!path) return COLEY_FAIL_MEMORY(s->err);
    coley_text_addf(&out, "x,y,z,type");
    for (size_t c = 0; c < s->q->n_custom; c++)
        coley_text_addf(&out, ",custom:%s", s->model.custom[s->custom[c].variable].name);
    coley_text_addf(&out, "\n");
    for (size_t layer = 0; layer < s->q->layers; layer++)
        for (size_t k = 0; k < s->n; k++) add_row(s, k, layer, &out);
    return out.failed ? COLEY_FAIL_MEMORY(s->err) : coley_file_write(path, out.data, out.length, s->err);
}

static coley_status write_folder(seeder *s)
{
    const char *path = coley_arena_printf(s->arena, "%s/settings.xml", s->q->folder);
    const coley_place place = {.file = s->q->folder};
    const char *cells = coley_arena_printf(s->arena, "%s/cells.csv", s->q->folder);
    if (!path || !cells) return COLEY_FAIL_MEMORY(s->err);
    if (mkdir(s->q->folder, 0777) != 0 && errno != EEXIST)
        return COLEY_FAIL_AT(s->err, COLEY_ERR_IO, place, "the folder cannot be made: %s", strerror(errno));
    if (!s->q->force && (access(path, F_OK) == 0 || access(cells, F_OK) == 0))
        return COLEY_FAIL_AT(s->err, COLEY_ERR_IO, place,
                             "the folder holds a settings.xml or cells.csv already: give --force to write over them, "
                             "or another folder");
    COLEY_TRY(write_cells(s));
    return coley_tissue_seed_settings(s->arena, s->q->settings, s->q->folder, &s->model, &s->n_random, s->err);
}

/* What was written is a model: read it. */
static coley_status read_back(seeder *s)
{
    coley_tissue_model *m = COLEY_NEW(s->arena, coley_tissue_model, 1);
    const char *path = coley_arena_printf(s->arena, "%s/settings.xml", s->q->folder);
    const coley_physicell_options o = {.ignore_unsupported = s->q->ignore_unsupported};
    if (!m || !path) return COLEY_FAIL_MEMORY(s->err);
    COLEY_TRY(coley_physicell_read(s->arena, path, o, m, s->err));
    if (m->n_placed != s->n * s->q->layers)
        return COLEY_FAIL_AT(s->err, COLEY_ERR_INPUT, ((coley_place){.file = path}),
                             "holds %zu cells at the start, not the %zu of the table: a cells.csv in the current "
                             "folder comes before it",
                             m->n_placed, s->n * s->q->layers);
    return COLEY_OK;
}

/* --- report ----------------------------------------------------------------------------------------------------- */

static const char *type_of_word(const seeder *s, const coley_cell_seen *seen)
{
    return seen->known ? s->model.type[seen->meaning - 1].name : NULL;
}

static void report_json(const seeder *s, coley_text *out)
{
    const coley_tissue_model *m = &s->model;
    coley_emit e = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "folder", s->q->folder);
    coley_emit_text(&e, "table", s->q->table);
    coley_emit_text(&e, "sample", s->sample);
    coley_emit_integer(&e, "cells", (int64_t)(s->n * s->q->layers));
    coley_emit_integer(&e, "layers", (int64_t)s->q->layers);
    coley_emit_integer(&e, "outside_window", (int64_t)s->n_outside);
    coley_emit_integer(&e, "unmapped", (int64_t)s->n_unmapped);
    coley_emit_integer(&e, "left_out_by_max_cells", (int64_t)s->n_thinned);
    coley_emit_number(&e, "random_cells_taken_out", s->n_random);
    coley_emit_list(&e, "domain_um");
    for (int a = 0; a < 3; a++) {
        coley_emit_number(&e, NULL, m->low_um[a]);
        coley_emit_number(&e, NULL, m->high_um[a]);
    }
    coley_emit_end(&e);
    coley_emit_list(&e, "types");
    for (size_t i = 0; i < m->n_types; i++) {
        coley_emit_map(&e, NULL);
        coley_emit_text(&e, "type", m->type[i].name);
        coley_emit_integer(&e, "cells", (int64_t)(s->n_of_type[i] * s->q->layers));
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_list(&e, "phenotypes");
    for (size_t i = 0; i < s->table->n_phenotypes; i++) {
        coley_emit_map(&e, NULL);
        coley_emit_text(&e, "phenotype", s->table->phenotype[i].text);
        coley_emit_integer(&e, "cells_of_the_table", (int64_t)s->table->phenotype[i].n);
        coley_emit_text(&e, "type", type_of_word(s, &s->table->phenotype[i]));
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_list(&e, "custom");
    for (size_t c = 0; c < s->q->n_custom; c++) {
        coley_emit_map(&e, NULL);
        coley_emit_text(&e, "variable", m->custom[s->custom[c].variable].name);
        coley_emit_text(&e, "column", s->custom[c].column);
        coley_emit_number(&e, "scale", s->custom[c].scale);
        coley_emit_integer(&e, "measured", (int64_t)s->custom[c].n);
        coley_emit_number(&e, "mean", s->custom[c].n ? s->custom[c].sum / (double)s->custom[c].n : NAN);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_end(&e);
}

static void report_words(const seeder *s, coley_text *out)
{
    const coley_tissue_model *m = &s->model;
    coley_text_addf(out, "%s%s%s: %zu cells", s->q->table, *s->sample ? ", sample " : "", s->sample, s->cells.n);
    if (s->n_outside) coley_text_addf(out, "; %zu outside of the window", s->n_outside);
    if (s->n_unmapped) coley_text_addf(out, "; %zu of no type of the model left out", s->n_unmapped);
    if (s->n_thinned) coley_text_addf(out, "; %zu farther from the middle left out by --max-cells", s->n_thinned);
    coley_text_addf(out, ".\nPhenotypes of the whole table:\n");
    for (size_t i = 0; i < s->table->n_phenotypes; i++) {
        const char *type = type_of_word(s, &s->table->phenotype[i]);
        coley_text_addf(out, "  %-28s %8zu  %s\n", s->table->phenotype[i].text, s->table->phenotype[i].n,
                        type ? type : "(left out)");
    }
    coley_text_addf(out, "Cells of the model:\n");
    for (size_t i = 0; i < m->n_types; i++)
        if (s->n_of_type[i]) coley_text_addf(out, "  %-28s %8zu\n", m->type[i].name, s->n_of_type[i] * s->q->layers);
    for (size_t c = 0; c < s->q->n_custom; c++)
        coley_text_addf(out, "%s from \"%s\" * %.6g: measured in %zu cells, mean %.4g.\n",
                        m->custom[s->custom[c].variable].name, s->custom[c].column, s->custom[c].scale, s->custom[c].n,
                        s->custom[c].n ? s->custom[c].sum / (double)s->custom[c].n : 0.0);
    if (s->n_random > 0)
        coley_text_addf(out, "The settings' %.6g cells at random (number_of_...) are taken out.\n", s->n_random);
    coley_text_addf(out, "Domain x %.6g to %.6g, y %.6g to %.6g, z %.6g to %.6g um, %s", m->low_um[0], m->high_um[0],
                    m->low_um[1], m->high_um[1], m->low_um[2], m->high_um[2], m->plane ? "2D" : "3D");
    if (!m->plane) coley_text_addf(out, ", %zu layers %.3g um apart", s->q->layers, s->spacing_um);
    coley_text_addf(out, ".\n");
    if (s->q->dry_run)
        coley_text_addf(out, "Nothing was written.\n");
    else
        coley_text_addf(out, "Run it with: coley tissue run %s/settings.xml --out results\n", s->q->folder);
}

coley_status coley_tissue_seed(coley_arena *arena, const coley_tissue_seed_request *request, coley_text *out,
                               coley_error *err)
{
    seeder *s = COLEY_NEW(arena, seeder, 1);
    coley_cell_table *table = COLEY_NEW(arena, coley_cell_table, 1);
    const coley_physicell_options o = {.ignore_unsupported = request->ignore_unsupported, .without_files = true};
    if (!s || !table) return COLEY_FAIL_MEMORY(err);
    *s = (seeder){.arena = arena, .q = request, .table = table, .err = err};
    COLEY_TRY(coley_physicell_read(arena, request->settings, o, &s->model, err));
    COLEY_TRY(make_words(s));
    COLEY_TRY(read_table(s, NULL, table, &s->cells));
    COLEY_TRY(check_words(s, s->words.n_types - s->model.n_types));
    COLEY_TRY(choose_cells(s));
    COLEY_TRY(read_customs(s));
    fit_domain(s);
    measure_customs(s);
    if (!request->dry_run) {
        COLEY_TRY(write_folder(s));
        COLEY_TRY(read_back(s));
    }
    if (request->json)
        report_json(s, out);
    else
        report_words(s, out);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
