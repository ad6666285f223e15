/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_builder.c -- columns by name, words by number, rows by block, and the table from them. */
#include "cells/cell_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"

enum { BLOCK = 1 << 14, BARE = 128 };

/* --- numbers and calls ---------------------------------------------------------------------------------------------
 */

static int is_missing(const char *text, size_t n)
{
    return n == 0 || (n == 2 && strncasecmp(text, "NA", 2) == 0) || (n == 3 && strncasecmp(text, "NaN", 3) == 0) ||
           (n == 3 && strncasecmp(text, "N/A", 3) == 0);
}

static void trim(const char **text, size_t *n)
{
    while (*n && (**text == ' ' || **text == '\t')) (*text)++, (*n)--;
    while (*n && ((*text)[*n - 1] == ' ' || (*text)[*n - 1] == '\t')) (*n)--;
}

/* Digits and a point, at most 15 of them: the quotient of two exact numbers is the nearest double. */
static int plain_number(const char *text, size_t n, double *value)
{
    static const double ten[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const int negative = n && *text == '-';
    uint64_t digits = 0;
    size_t n_digits = 0, after = 0;
    int point = 0;
    for (size_t i = (size_t)negative; i < n; i++) {
        const unsigned digit = (unsigned)(text[i] - '0');
        if (digit < 10) {
            digits = digits * 10 + digit;
            n_digits++;
            after += (size_t)point;
        } else if (text[i] == '.' && !point) {
            point = 1;
        } else {
            return 0;
        }
        if (n_digits > 15) return 0;
    }
    if (!n_digits || (point && (after == 0 || after == n_digits))) return 0;
    *value = (negative ? -1.0 : 1.0) * ((double)digits / ten[after]);
    return 1;
}

int coley_cell_number(const char *text, size_t n, double *value)
{
    if (plain_number(text, n, value)) return 1;
    trim(&text, &n);
    if (is_missing(text, n)) {
        *value = NAN;
        return 1;
    }
    char copy[64];
    if (n >= sizeof copy) return 0;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return coley_text_number(copy, value);
}

int coley_cell_call(const char *text, size_t n, double *value)
{
    static const char *const yes[] = {"yes", "true", "positive", "pos", "t", "y"};
    static const char *const no[] = {"no", "false", "negative", "neg", "f", "n"};
    if (coley_cell_number(text, n, value)) return 1;
    trim(&text, &n);
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strlen(yes[i]) == n && strncasecmp(text, yes[i], n) == 0)
            *value = 1;
        else if (strlen(no[i]) == n && strncasecmp(text, no[i], n) == 0)
            *value = 0;
        else
            continue;
        return 1;
    }
    if (n == 0 || (text[n - 1] != '+' && text[n - 1] != '-')) return 0;
    *value = text[n - 1] == '+';
    return 1;
}

/* --- which column is which -----------------------------------------------------------------------------------------
 */

static int exactly(const char *const *name, size_t n, const char *wanted, size_t length)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(name[i]) == length && strncmp(name[i], wanted, length) == 0) return (int)i;
    return -1;
}

static coley_status no_column(const char *const *name, size_t n, const char *wanted, const char *option,
                              coley_place place, coley_error *err)
{
    const char *near = coley_text_nearest(wanted, name, n);
    place.key = option;
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "the table has no column \"%.80s\"%s%.80s%s", wanted,
                         near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static coley_status named_column(const char *const *name, size_t n, const char *wanted, int column, coley_place place,
                                 coley_cell_layout *layout, coley_error *err)
{
    const char *option = coley_cell_column_name((coley_cell_column)column), *comma = strchr(wanted, ',');
    layout->at[column] = exactly(name, n, wanted, strlen(wanted));
    if (layout->at[column] >= 0) return COLEY_OK;
    if (comma && (column == COLEY_COLUMN_X || column == COLEY_COLUMN_Y)) {
        layout->at[column] = exactly(name, n, wanted, (size_t)(comma - wanted));
        layout->second[column] = exactly(name, n, comma + 1, strlen(comma + 1));
        if (layout->at[column] >= 0 && layout->second[column] >= 0) return COLEY_OK;
    }
    return no_column(name, n, wanted, option, place, err);
}

/* By the words: the earlier word wins; two columns of one bare name are too many. */
static coley_status known_column(const char *const *name, size_t n, const coley_cell_words *words, int column,
                                 coley_place place, coley_cell_layout *layout, coley_error *err)
{
    char bare[BARE];
    for (size_t w = 0; w < words->n_columns[column] && layout->at[column] < 0; w++)
        for (size_t i = 0; i < n; i++) {
            coley_cell_word_bare(name[i], 0, bare, sizeof bare);
            if (strcmp(bare, words->column[column][w]) != 0) continue;
            if (layout->at[column] >= 0) {
                place.key = name[i];
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                                     "\"%.60s\" and \"%.60s\" could both be the column of %s; say which with --%s",
                                     name[layout->at[column]], name[i],
                                     coley_cell_column_name((coley_cell_column)column),
                                     coley_cell_column_name((coley_cell_column)column));
            }
            layout->at[column] = (int)i;
        }
    return COLEY_OK;
}

/* Any column that speaks of PD-L1; of several, the one of membranes, which is what pathologists count. */
static coley_status pdl1_column(const char *const *name, size_t n, int needed, coley_place place,
                                coley_cell_layout *layout, coley_error *err)
{
    char bare[BARE], list[256] = "";
    int any = -1, n_any = 0, membrane = -1, n_membrane = 0;
    for (size_t i = 0; i < n; i++) {
        coley_cell_word_bare(name[i], 0, bare, sizeof bare);
        if (!strstr(bare, "pdl1") && !strstr(bare, "cd274")) continue;
        any = (int)i;
        if (strstr(bare, "membrane")) membrane = (int)i, n_membrane++;
        if (n_any++ < 4) {
            const size_t used = strlen(list);
            strncat(list, n_any > 1 ? ", \"" : "\"", sizeof list - used - 1);
            strncat(list, name[i], 50);
            strncat(list, "\"", sizeof list - strlen(list) - 1);
        }
    }
    if (n_any == 1 || n_membrane == 1) layout->at[COLEY_COLUMN_PDL1] = n_any == 1 ? any : membrane;
    if (n_any > 1 && n_membrane != 1 && needed) {
        place.key = "pdl1";
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%d columns could be PD-L1 (%s%s); say which with --pdl1",
                             n_any, list, n_any > 4 ? ", ..." : "");
    }
    return COLEY_OK;
}

static coley_status call_columns(coley_arena *arena, const char *const *name, size_t n,
                                 const coley_cell_table_options *o, coley_place place, coley_cell_layout *layout,
                                 coley_error *err)
{
    for (size_t i = 0; i < o->n_calls; i++) {
        const char *equals = strchr(o->call[i], '=');
        const char *left = equals ? coley_arena_text(arena, o->call[i], (size_t)(equals - o->call[i])) : "";
        if (!left) return COLEY_FAIL_MEMORY(err);
        layout->call_type[i] = equals ? coley_cell_type_find(left) : -1;
        if (layout->call_type[i] < 0)
            return COLEY_FAIL(err, COLEY_ERR_USAGE,
                              "--call %s: write TYPE=COLUMN, as in treg=FoxP3_positive; types are tumour, cd8, cd4, "
                              "treg, t, b, nk, macrophage, dendritic, granulocyte, immune, stromal, other",
                              coley_quote_make(o->call[i]).text);
        layout->call[i] = exactly(name, n, equals + 1, strlen(equals + 1));
        if (layout->call[i] < 0) return no_column(name, n, equals + 1, "call", place, err);
    }
    return COLEY_OK;
}

coley_status coley_cell_layout_find(coley_arena *arena, const char *const *name, size_t n,
                                    const coley_cell_table_options *o, coley_place place, coley_cell_layout *layout,
                                    coley_error *err)
{
    for (int c = 0; c < COLEY_COLUMN_COUNT; c++) {
        const int needed = (int)(o->needed >> c & 1);
        layout->at[c] = layout->second[c] = -1;
        if (o->column[c])
            COLEY_TRY(named_column(name, n, o->column[c], c, place, layout, err));
        else
            COLEY_TRY(known_column(name, n, o->words, c, place, layout, err));
        if (c == COLEY_COLUMN_PDL1 && layout->at[c] < 0) COLEY_TRY(pdl1_column(name, n, needed, place, layout, err));
        if (layout->at[c] >= 0 || !needed || (c == COLEY_COLUMN_PHENOTYPE && o->n_calls)) continue;
        const char *option = coley_cell_column_name((coley_cell_column)c);
        place.key = option;
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "none of the table's %zu columns is known as %s; name it with --%s", n, option, option);
    }
    return call_columns(arena, name, n, o, place, layout, err);
}

/* --- words ---------------------------------------------------------------------------------------------------------
 */

static uint32_t hash_of(const char *text, size_t n)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h;
}

static int grow_slots(coley_arena *arena, coley_cell_interner *in)
{
    const size_t n = in->n_slots ? 2 * in->n_slots : 64;
    uint32_t *slot = COLEY_NEW(arena, uint32_t, n);
    if (!slot) return 0;
    for (size_t i = 0; i < in->n; i++) {
        size_t at = hash_of(in->seen[i].text, in->length[i]) & (n - 1);
        while (slot[at]) at = (at + 1) & (n - 1);
        slot[at] = (uint32_t)i + 1;
    }
    in->slot = slot;
    in->n_slots = n;
    return 1;
}

static int same(const coley_cell_interner *in, uint32_t i, const char *text, size_t n)
{
    return in->length[i] == n && memcmp(in->seen[i].text, text, n) == 0;
}

static coley_status new_word(coley_cell_builder *b, coley_cell_column column, coley_cell_interner *in, const char *text,
                             size_t n, coley_place place, coley_error *err)
{
    size_t bad, cap = in->cap;
    place.key = coley_cell_column_name(column);
    if (!coley_text_utf8(text, n, &bad))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "not UTF-8; save the table as UTF-8");
    if (in->n == COLEY_CELLS_MAX_WORDS)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "more than %d different words in this column; is it the right one?",
                             COLEY_CELLS_MAX_WORDS);
    char *copy = coley_arena_text(b->arena, text, n);
    if (!copy || !COLEY_RESERVE(b->arena, in->seen, in->cap, in->n + 1)) return COLEY_FAIL_MEMORY(err);
    if (cap != in->cap) { /* the lengths grow with the words */
        size_t *length = coley_arena_grow(b->arena, in->length, in->n * sizeof *length, in->cap * sizeof *length);
        if (!length) return COLEY_FAIL_MEMORY(err);
        in->length = length;
    }
    int meaning = 0;
    if (column == COLEY_COLUMN_PHENOTYPE) meaning = coley_cell_words_type(b->options->words, copy);
    if (column == COLEY_COLUMN_REGION) meaning = coley_cell_words_region(b->options->words, copy);
    in->seen[in->n] = (coley_cell_seen){.text = copy, .meaning = meaning < 0 ? 0 : meaning, .known = meaning >= 0};
    in->length[in->n++] = n;
    if (2 * in->n > in->n_slots && !grow_slots(b->arena, in)) return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}

coley_status coley_cell_intern(coley_cell_builder *b, coley_cell_column column, const char *text, size_t n,
                               coley_place place, uint32_t *number, coley_error *err)
{
    coley_cell_interner *in = column == COLEY_COLUMN_PHENOTYPE ? &b->phenotype
                              : column == COLEY_COLUMN_REGION  ? &b->region
                                                               : &b->sample;
    trim(&text, &n);
    if (in->n && same(in, in->last, text, n)) {
        *number = in->last;
        in->seen[in->last].n++;
        return COLEY_OK;
    }
    if (!in->n_slots && !grow_slots(b->arena, in)) return COLEY_FAIL_MEMORY(err);
    size_t at = hash_of(text, n) & (in->n_slots - 1);
    while (in->slot[at] && !same(in, in->slot[at] - 1, text, n)) at = (at + 1) & (in->n_slots - 1);
    if (!in->slot[at]) {
        in->slot[at] = (uint32_t)in->n + 1;
        const size_t before = in->n;
        const coley_status status = new_word(b, column, in, text, n, place, err);
        if (status != COLEY_OK) return status;
        *number = in->last = (uint32_t)before;
    } else {
        *number = in->last = in->slot[at] - 1;
    }
    in->seen[*number].n++;
    return COLEY_OK;
}

/* --- rows ----------------------------------------------------------------------------------------------------------
 */

coley_status coley_cell_builder_begin(coley_arena *arena, const coley_cell_table_options *options,
                                      coley_cell_builder *b, coley_error *err)
{
    *b = (coley_cell_builder){.arena = arena, .options = options, .scratch = coley_arena_create()};
    return b->scratch ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

void coley_cell_builder_end(coley_cell_builder *b)
{
    coley_arena_destroy(b->scratch);
    b->scratch = NULL;
}

coley_status coley_cell_builder_add(coley_cell_builder *b, const coley_cell_row *row, coley_error *err)
{
    if (b->n % BLOCK == 0) {
        if (!COLEY_RESERVE(b->scratch, b->block, b->cap_blocks, b->n_blocks + 1)) return COLEY_FAIL_MEMORY(err);
        if (!(b->block[b->n_blocks] = COLEY_NEW(b->scratch, coley_cell_row, BLOCK))) return COLEY_FAIL_MEMORY(err);
        b->n_blocks++;
    }
    b->block[b->n / BLOCK][b->n % BLOCK] = *row;
    b->n++;
    b->not_call |= !(row->pdl1 == 0 || row->pdl1 == 1 || isnan(row->pdl1));
    return COLEY_OK;
}

static double *column_of(coley_arena *arena, const coley_cell_layout *layout, coley_cell_column c, size_t n, int *bad)
{
    if (layout->at[c] < 0) return NULL;
    double *column = COLEY_NEW(arena, double, n);
    *bad |= !column;
    return column;
}

/* A column of regions that says nothing known: an error when the user named it, no regions otherwise. */
static coley_status check_regions(coley_cell_builder *b, const char *file, coley_error *err)
{
    size_t known = 0;
    if (b->layout.at[COLEY_COLUMN_REGION] < 0) return COLEY_OK;
    for (size_t i = 0; i < b->region.n; i++) known += (size_t)b->region.seen[i].known;
    if (known) return COLEY_OK;
    if (b->options->column[COLEY_COLUMN_REGION])
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = file, .key = "region"}),
                             "none of its words (%s ...) is known as tumour or stroma",
                             coley_quote_make(b->region.seen[0].text).text);
    b->layout.at[COLEY_COLUMN_REGION] = -1;
    return COLEY_OK;
}

coley_status coley_cell_builder_finish(coley_cell_builder *b, const char *file, const char *const *name,
                                       coley_cell_table *table, coley_error *err)
{
    COLEY_TRY(check_regions(b, file, err));
    const coley_cell_layout *layout = &b->layout;
    int bad = 0;
    const int has_sample = layout->at[COLEY_COLUMN_SAMPLE] >= 0;
    *table = (coley_cell_table){.file = file, .n = b->n, .n_samples = has_sample ? b->sample.n : 1};
    for (int c = 0; c < COLEY_COLUMN_COUNT; c++) table->column[c] = layout->at[c] < 0 ? NULL : name[layout->at[c]];
    double *x = column_of(b->arena, layout, COLEY_COLUMN_X, b->n, &bad);
    double *y = column_of(b->arena, layout, COLEY_COLUMN_Y, b->n, &bad);
    double *pdl1 = column_of(b->arena, layout, COLEY_COLUMN_PDL1, b->n, &bad);
    double *area = column_of(b->arena, layout, COLEY_COLUMN_AREA, b->n, &bad);
    uint8_t *type = COLEY_NEW(b->arena, uint8_t, b->n);
    uint8_t *region = layout->at[COLEY_COLUMN_REGION] < 0 ? NULL : COLEY_NEW(b->arena, uint8_t, b->n);
    table->sample = COLEY_NEW(b->arena, const char *, table->n_samples);
    table->first = COLEY_NEW(b->arena, size_t, table->n_samples + 1);
    size_t *next = COLEY_NEW(b->arena, size_t, table->n_samples + 1);
    if (bad || !type || (!region && layout->at[COLEY_COLUMN_REGION] >= 0) || !table->sample || !table->first || !next)
        return COLEY_FAIL_MEMORY(err);
    for (size_t s = 0; s < table->n_samples; s++) {
        table->sample[s] = has_sample ? b->sample.seen[s].text : "";
        table->first[s + 1] = next[s + 1] = table->first[s] + (has_sample ? b->sample.seen[s].n : b->n);
    }
    for (size_t i = 0; i < b->n; i++) {
        const coley_cell_row *row = &b->block[i / BLOCK][i % BLOCK];
        const size_t to = next[has_sample ? row->sample : 0]++;
        if (x) x[to] = row->x;
        if (y) y[to] = row->y;
        if (pdl1) pdl1[to] = row->pdl1;
        if (area) area[to] = row->area;
        if (region) region[to] = row->region;
        type[to] = row->type;
    }
    table->cells =
        (coley_cells){.n = b->n, .x_um = x, .y_um = y, .type = type, .region = region, .pdl1 = pdl1, .area_um2 = area};
    table->pdl1_is_call = pdl1 && !b->not_call;
    table->n_phenotypes = b->phenotype.n;
    table->phenotype = b->phenotype.seen;
    table->n_regions = region ? b->region.n : 0;
    table->region = b->region.seen;
    return COLEY_OK;
}

static const double *piece(const double *column, size_t first)
{
    return column ? column + first : NULL;
}

coley_cells coley_cell_table_sample(const coley_cell_table *t, size_t i)
{
    const size_t first = t->first[i];
    return (coley_cells){.n = t->first[i + 1] - first,
                         .x_um = piece(t->cells.x_um, first),
                         .y_um = piece(t->cells.y_um, first),
                         .type = t->cells.type + first,
                         .region = t->cells.region ? t->cells.region + first : NULL,
                         .pdl1 = piece(t->cells.pdl1, first),
                         .area_um2 = piece(t->cells.area_um2, first)};
}
