/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_pdl1.c -- scores every sample at every threshold, then lays them out. */
#include "run/assay_pdl1.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "assay/pdl1.h"
#include "base/table.h"

static const unsigned shown_columns = 1u << COLEY_COLUMN_PHENOTYPE | 1u << COLEY_COLUMN_PDL1 |
                                      1u << COLEY_COLUMN_REGION | 1u << COLEY_COLUMN_SAMPLE | 1u << COLEY_COLUMN_AREA |
                                      1u << COLEY_COLUMN_X | 1u << COLEY_COLUMN_Y;

/* One sample at one threshold. */
typedef struct scored {
    const coley_cell_sample *sample;
    double above; /* NaN: the table has intensities and no threshold was given */
    coley_pdl1_counts counts;
    coley_pdl1_result result[COLEY_PDL1_MAX_SCORES];
} scored;

typedef struct report {
    const coley_pdl1_request *request;
    const coley_pdl1_rules *rules;
    size_t assay, n, n_read;
    const coley_cell_sample *read; /* as the files have them, before they are pooled */
    scored *row;
} report;

static coley_status find_assay(const coley_pdl1_rules *rules, const char *name, coley_arena *arena, size_t *assay,
                               coley_error *err)
{
    const char **names = COLEY_NEW(arena, const char *, rules->n_assays);
    coley_text list = {.arena = arena};
    if (!names) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < rules->n_assays; i++) {
        names[i] = rules->assay[i].name;
        coley_text_addf(&list, "%s%s", i ? ", " : "", names[i]);
        if (strcasecmp(name, names[i]) == 0) {
            *assay = i;
            return COLEY_OK;
        }
    }
    return COLEY_FAIL(err, COLEY_ERR_USAGE, "--assay: there is no assay %.40s; there are %s", name,
                      list.failed ? "" : list.data);
}

static coley_status score_row(coley_arena *arena, const report *r, const coley_cell_sample *sample, double above,
                              scored *row, coley_error *err)
{
    *row = (scored){.sample = sample, .above = above};
    const coley_cells *cells = &sample->cells;
    if (!isnan(above))
        return coley_pdl1_judge(arena, cells, above, r->rules, r->assay, r->request->cells.seed, &row->counts,
                                row->result, err);
    coley_pdl1_count(cells, INFINITY, &row->counts);
    for (size_t s = 0; s < r->rules->n_scores; s++)
        row->result[s] = (coley_pdl1_result){
            .value = NAN,
            .low = NAN,
            .high = NAN,
            .tile_low = NAN,
            .tile_high = NAN,
            .cannot_tell = r->rules->assay[r->assay].scores >> s & 1
                               ? "PD-L1 is an intensity, and nobody said which is stained: give --above"
                               : NULL};
    return COLEY_OK;
}

static coley_status score_all(coley_arena *arena, report *r, const coley_cell_sample *sample, size_t n,
                              coley_error *err)
{
    const coley_pdl1_request *q = r->request;
    const size_t each = q->n_above ? q->n_above : 1;
    if (!(r->row = COLEY_NEW(arena, scored, n * each))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < each; k++) {
            const double above = q->n_above ? q->above[k] : sample[i].table->pdl1_is_call ? 0.5 : NAN;
            COLEY_TRY(score_row(arena, r, &sample[i], above, &r->row[r->n++], err));
        }
    return COLEY_OK;
}

/* --- for people ----------------------------------------------------------------------------------------------------
 */

static const char *range_text(coley_arena *arena, double low, double high)
{
    const char *text = isnan(low) ? "-" : coley_arena_printf(arena, "%.1f to %.1f", low, high);
    return text ? text : "-";
}

static void print_scores(coley_arena *arena, const report *r, coley_text *text)
{
    static const char *const heading[] = {"sample", "above", "tumour cells", "score", "value", "cells", "tiles"};
    coley_table table = coley_table_begin(arena, heading, sizeof heading / sizeof *heading);
    for (size_t i = 0; i < r->n; i++)
        for (size_t s = 0; s < r->rules->n_scores; s++) {
            const scored *row = &r->row[i];
            const coley_pdl1_result *one = &row->result[s];
            if (!(r->rules->assay[r->assay].scores >> s & 1)) continue;
            coley_table_add(&table, "%s", row->sample->name);
            coley_table_add(&table, isnan(row->above) ? "-" : "%g", row->above);
            coley_table_add(&table, "%.0f", row->counts.n[COLEY_CELL_TUMOUR]);
            coley_table_add(&table, "%s", r->rules->score[s].name);
            coley_table_add(&table, one->cannot_tell ? "cannot tell" : "%.1f", one->value);
            coley_table_add(&table, "%s", range_text(arena, one->low, one->high));
            coley_table_add(&table, "%s", range_text(arena, one->tile_low, one->tile_high));
        }
    coley_table_draw(&table, text);
    if (table.failed) text->failed = 1;
}

static const char *verdict(const coley_pdl1_result *one, double at_least)
{
    if (one->cannot_tell) return "cannot tell";
    const double low = isnan(one->tile_low) ? one->low : fmin(one->low, one->tile_low);
    const double high = isnan(one->tile_high) ? one->high : fmax(one->high, one->tile_high);
    const int open = !isnan(low) && low < at_least && high >= at_least;
    return one->value >= at_least ? open ? "reached, not firmly" : "reached"
           : open                 ? "not reached, not firmly"
                                  : "not reached";
}

static void print_cutoffs(coley_arena *arena, const report *r, coley_text *text)
{
    static const char *const heading[] = {"cutoff", "verdict", "cancer", "therapy", "source"};
    coley_table table = coley_table_begin(arena, heading, sizeof heading / sizeof *heading);
    for (size_t c = 0; c < r->rules->n_cutoffs; c++) {
        const coley_pdl1_cutoff *cut = &r->rules->cutoff[c];
        if ((size_t)cut->assay != r->assay) continue;
        coley_table_add(&table, "%s >= %g", r->rules->score[cut->score].name, cut->at_least);
        coley_table_add(&table, "%s", verdict(&r->row[0].result[cut->score], cut->at_least));
        coley_table_add(&table, "%s", cut->cancer);
        coley_table_add(&table, "%s", cut->therapy);
        coley_table_add(&table, "%s (%s)", cut->source, cut->as_of);
    }
    coley_text_addf(text, "\n");
    coley_table_draw(&table, text);
    if (table.failed) text->failed = 1;
}

static void print_reasons(const report *r, coley_text *text)
{
    size_t missing = 0;
    for (size_t s = 0; s < r->rules->n_scores; s++) {
        const coley_pdl1_score *score = &r->rules->score[s];
        if (!(r->rules->assay[r->assay].scores >> s & 1)) continue;
        const coley_pdl1_result *one = &r->row[0].result[s];
        coley_text_addf(text, "%s: %s, %s%s.\n", score->name, score->words, strcmp(score->unit, "%") ? "no unit" : "%",
                        score->over != COLEY_PDL1_OVER_TUMOUR_AREA ? ""
                        : one->by_area                             ? "; by the cells' areas"
                                                                   : "; by numbers of cells, since no areas are given");
        if (one->note && r->n == 1) coley_text_addf(text, "  %s: a higher score is possible.\n", one->note);
    }
    for (size_t i = 0; i < r->n; i++) {
        const char *said = NULL;
        for (size_t s = 0; s < r->rules->n_scores; s++) {
            const char *why = r->row[i].result[s].cannot_tell;
            if (why && (!said || strcmp(said, why)))
                coley_text_addf(text, "%s: cannot tell: %s.\n", r->row[i].sample->name, why);
            if (why) said = why;
        }
        missing += r->row[i].counts.n_missing;
    }
    if (missing) coley_text_addf(text, "%zu readings of PD-L1 are missing; those cells count nowhere.\n", missing);
}

static void print_text(coley_arena *arena, const report *r, coley_text *text)
{
    const coley_pdl1_assay *assay = &r->rules->assay[r->assay];
    const coley_cell_table *before = NULL;
    for (size_t i = 0; i < r->n_read; i++) {
        if (r->read[i].table != before) coley_cells_add_note(text, r->read[i].table, shown_columns);
        before = r->read[i].table;
    }
    coley_text_addf(text, "\n");
    print_scores(arena, r, text);
    coley_text_addf(
        text,
        "\nRanges: %g %% of %lld percentile bootstraps, over cells, and over tiles of %g um since neighbours "
        "stain alike.\n",
        100 * r->rules->level, (long long)r->rules->replicates, r->rules->tile_um);
    print_reasons(r, text);
    if (r->n == 1) print_cutoffs(arena, r, text);
    coley_text_addf(text, "\nRules of %s: %s.%s%s%s\n", assay->name, assay->source, assay->note ? " It " : "",
                    assay->note ? assay->note : "", assay->note ? "." : "");
    coley_text_addf(text,
                    "A threshold on an intensity is the laboratory's choice; no label's cutoff was made for it.\n");
}

/* --- for programs --------------------------------------------------------------------------------------------------
 */

static void emit_score(coley_emit *e, const coley_pdl1_rules *rules, size_t assay, size_t s,
                       const coley_pdl1_result *one)
{
    const coley_pdl1_score *score = &rules->score[s];
    coley_emit_map(e, NULL);
    coley_emit_text(e, "score", score->name);
    coley_emit_number(e, "value", one->value);
    coley_emit_text(e, "unit", score->unit);
    coley_emit_text(e, "definition", score->words);
    coley_emit_number(e, "low", one->low);
    coley_emit_number(e, "high", one->high);
    coley_emit_number(e, "tile_low", one->tile_low);
    coley_emit_number(e, "tile_high", one->tile_high);
    if (score->over == COLEY_PDL1_OVER_TUMOUR_AREA) coley_emit_flag(e, "by_area", one->by_area);
    coley_emit_text(e, "cannot_tell", one->cannot_tell);
    coley_emit_text(e, "note", one->note);
    coley_emit_list(e, "cutoffs");
    for (size_t c = 0; c < rules->n_cutoffs; c++) {
        const coley_pdl1_cutoff *cut = &rules->cutoff[c];
        if ((size_t)cut->assay != assay || (size_t)cut->score != s) continue;
        coley_emit_map(e, NULL);
        coley_emit_number(e, "at_least", cut->at_least);
        coley_emit_text(e, "verdict", verdict(one, cut->at_least));
        coley_emit_text(e, "cancer", cut->cancer);
        coley_emit_text(e, "therapy", cut->therapy);
        coley_emit_text(e, "as_of", cut->as_of);
        coley_emit_text(e, "source", cut->source);
        coley_emit_end(e);
    }
    coley_emit_end(e);
    coley_emit_end(e);
}

static void emit_counts(coley_emit *e, const coley_pdl1_counts *counts)
{
    coley_emit_map(e, "cells");
    for (int t = 0; t < COLEY_CELL_TYPE_COUNT; t++)
        if (counts->n[t] > 0) coley_emit_integer(e, coley_cell_type_name((coley_cell_kind)t), (int64_t)counts->n[t]);
    coley_emit_end(e);
    coley_emit_map(e, "stained");
    for (int t = 0; t < COLEY_CELL_TYPE_COUNT; t++)
        if (counts->n[t] > 0)
            coley_emit_integer(e, coley_cell_type_name((coley_cell_kind)t), (int64_t)counts->stained[t]);
    coley_emit_end(e);
    coley_emit_integer(e, "not_measured", (int64_t)counts->n_missing);
}

static void print_json(const report *r, coley_text *text)
{
    coley_emit e = {.out = text, .style = COLEY_EMIT_JSON};
    const coley_cell_table *before = NULL;
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "assay", r->rules->assay[r->assay].name);
    coley_emit_integer(&e, "min_tumour_cells", r->rules->assay[r->assay].min_tumour_cells);
    coley_emit_list(&e, "tables");
    for (size_t i = 0; i < r->n_read; i++) {
        if (r->read[i].table != before) coley_cells_emit(&e, r->read[i].table, shown_columns);
        before = r->read[i].table;
    }
    coley_emit_end(&e);
    coley_emit_list(&e, "samples");
    for (size_t i = 0; i < r->n; i++) {
        coley_emit_map(&e, NULL);
        coley_emit_text(&e, "sample", r->row[i].sample->name);
        coley_emit_text(&e, "file", r->row[i].sample->table->file);
        coley_emit_number(&e, "above", r->row[i].above);
        emit_counts(&e, &r->row[i].counts);
        coley_emit_list(&e, "scores");
        for (size_t s = 0; s < r->rules->n_scores; s++)
            if (r->rules->assay[r->assay].scores >> s & 1) emit_score(&e, r->rules, r->assay, s, &r->row[i].result[s]);
        coley_emit_end(&e);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_end(&e);
}

coley_status coley_assay_pdl1(coley_arena *arena, const coley_pdl1_request *q, coley_text *text, coley_error *err)
{
    coley_pdl1_rules rules;
    coley_cell_sample *sample;
    size_t n;
    report r = {.request = q, .rules = &rules};
    const char *path = coley_arena_printf(arena, "%s/assays/pdl1.yaml", q->cells.catalog);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_pdl1_rules_read(arena, path, &rules, err));
    COLEY_TRY(find_assay(&rules, q->assay, arena, &r.assay, err));
    COLEY_TRY(
        coley_cells_read(arena, &q->cells, 1u << COLEY_COLUMN_PHENOTYPE | 1u << COLEY_COLUMN_PDL1, &sample, &n, err));
    coley_cell_sample pooled;
    r.read = sample;
    r.n_read = n;
    int is_call = 1;
    for (size_t i = 0; i < n; i++) is_call &= sample[i].table->pdl1_is_call;
    if (q->pool && n > 1) {
        if (!is_call && !q->n_above)
            return COLEY_FAIL(err, COLEY_ERR_USAGE,
                              "--pool: PD-L1 is an intensity in a table; say with --above what is stained");
        COLEY_TRY(coley_cells_pool(arena, sample, n, rules.tile_um, &pooled, err));
        sample = &pooled;
        n = 1;
    }
    COLEY_TRY(score_all(arena, &r, sample, n, err));
    if (q->cells.json)
        print_json(&r, text);
    else
        print_text(arena, &r, text);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
