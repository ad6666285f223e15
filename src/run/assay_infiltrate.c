/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_infiltrate.c -- judges every sample, then lays it out. */
#include "run/assay_infiltrate.h"

#include <math.h>

#include "assay/infiltrate.h"
#include "base/table.h"

static const unsigned shown_columns = 1u << COLEY_COLUMN_PHENOTYPE | 1u << COLEY_COLUMN_REGION |
                                      1u << COLEY_COLUMN_SAMPLE | 1u << COLEY_COLUMN_X | 1u << COLEY_COLUMN_Y;

typedef struct judged {
    const coley_cell_sample *sample;
    coley_infiltrate result;
    unsigned in_table; /* types that the whole table has */
} judged;

static unsigned types_of(const coley_cell_table *table)
{
    unsigned types = 0;
    for (size_t i = 0; i < table->n; i++) types |= 1u << table->cells.type[i];
    return types;
}

/* Which types get a row: those of the rules, and what else of immune cells is there. */
static int is_shown(const coley_infiltrate_rules *r, const judged *j, int type)
{
    const unsigned not_immune = 1u << COLEY_CELL_OTHER | 1u << COLEY_CELL_TUMOUR | 1u << COLEY_CELL_STROMAL;
    return (int)((r->types | (j->in_table & ~not_immune)) >> type & 1);
}

/* --- for people ----------------------------------------------------------------------------------------------------
 */

static void print_densities(coley_arena *arena, const coley_infiltrate_rules *r, const judged *j, coley_text *text)
{
    static const char *const heading[] = {"per mm2", "tumour", "margin", "stroma", "all", "cells"};
    coley_table table = coley_table_begin(arena, heading, sizeof heading / sizeof *heading);
    for (int t = 0; t < COLEY_CELL_TYPE_COUNT; t++) {
        if (!is_shown(r, j, t)) continue;
        coley_table_add(&table, "%s", coley_cell_type_name((coley_cell_kind)t));
        for (int p = 0; p < COLEY_IN_COUNT; p++) {
            const double density = coley_infiltrate_per_mm2(&j->result, (coley_place_of)p, (coley_cell_kind)t);
            coley_table_add(&table, !(j->in_table >> t & 1) || isnan(density) ? "-" : "%.1f", density);
        }
        coley_table_add(&table, "%.0f", coley_infiltrate_count(&j->result, COLEY_IN_ALL, (coley_cell_kind)t));
    }
    coley_table_add(&table, "area, mm2");
    for (int p = 0; p < COLEY_IN_COUNT; p++)
        coley_table_add(&table, "%.4f", coley_infiltrate_mm2(&j->result, (coley_place_of)p));
    coley_table_add(&table, "%s", "");
    coley_table_draw(&table, text);
    if (table.failed) text->failed = 1;
}

static void print_pairs(coley_arena *arena, const coley_infiltrate_rules *r, const judged *j, coley_text *text)
{
    const char *heading[4 + 2 * COLEY_INFILTRATE_MAX_RADII] = {"from", "to nearest", "mean um", "median um"};
    size_t n = 4;
    for (size_t i = 0; i < r->n_radii; i++) {
        heading[n++] = coley_arena_printf(arena, "G %g", r->radius_um[i]);
        heading[n++] = coley_arena_printf(arena, "K %g", r->radius_um[i]);
        if (!heading[n - 2] || !heading[n - 1]) {
            text->failed = 1;
            return;
        }
    }
    coley_table table = coley_table_begin(arena, heading, n);
    for (size_t k = 0; k < j->result.n_pairs; k++) {
        const coley_pair_result *p = &j->result.pair[k];
        if (p->cannot_tell) continue;
        coley_table_add(&table, "%s", coley_cell_type_name((coley_cell_kind)p->from));
        coley_table_add(&table, "%s", coley_cell_type_name((coley_cell_kind)p->to));
        coley_table_add(&table, "%.1f", p->mean_um);
        coley_table_add(&table, "%.1f", p->median_um);
        for (size_t i = 0; i < r->n_radii; i++) {
            coley_table_add(&table, isnan(p->g[i]) ? "-" : "%.3f", p->g[i]);
            coley_table_add(&table, isnan(p->k_over_all[i]) ? "-" : "%.2f", p->k_over_all[i]);
        }
    }
    if (table.n_cells) {
        coley_text_addf(text, "\n");
        coley_table_draw(&table, text);
        coley_text_addf(
            text, "G r: share with one within r um (border-corrected). K r: cells around within r um, over what "
                  "all other cells\nlie around (translation-corrected): above 1 they keep near, below 1 apart.\n");
    }
    if (table.failed) text->failed = 1;
}

static void print_sample(coley_arena *arena, const coley_infiltrate_rules *r, const judged *j, coley_text *text)
{
    const coley_infiltrate *f = &j->result;
    coley_text_addf(text, "\n%s: %s%s%s\n", j->sample->name, coley_immune_phenotype_name(f->phenotype),
                    f->cannot_tell ? ": " : "", f->cannot_tell ? f->cannot_tell : "");
    if (!f->cannot_tell)
        coley_text_addf(text, "CD8 cells per mm2: %.3g in tumour (cutoff %g), %.3g in stroma (cutoff %g)\n",
                        coley_infiltrate_per_mm2(f, COLEY_IN_TUMOUR, COLEY_CELL_CD8), r->inflamed_tumour,
                        coley_infiltrate_per_mm2(f, COLEY_IN_STROMA, COLEY_CELL_CD8), r->excluded_stroma);
    coley_text_addf(text, "\n");
    print_densities(arena, r, j, text);
    print_pairs(arena, r, j, text);
}

static void print_summary(coley_arena *arena, const judged *j, size_t n, coley_text *text)
{
    static const char *const heading[] = {"sample",     "cells",      "tumour mm2", "stroma mm2",
                                          "CD8 tumour", "CD8 stroma", "phenotype"};
    coley_table table = coley_table_begin(arena, heading, sizeof heading / sizeof *heading);
    for (size_t i = 0; i < n; i++) {
        const coley_infiltrate *f = &j[i].result;
        coley_table_add(&table, "%s", j[i].sample->name);
        coley_table_add(&table, "%zu", j[i].sample->cells.n);
        coley_table_add(&table, "%.4f", coley_infiltrate_mm2(f, COLEY_IN_TUMOUR));
        coley_table_add(&table, "%.4f", coley_infiltrate_mm2(f, COLEY_IN_STROMA));
        coley_table_add(&table, "%.1f", coley_infiltrate_per_mm2(f, COLEY_IN_TUMOUR, COLEY_CELL_CD8));
        coley_table_add(&table, "%.1f", coley_infiltrate_per_mm2(f, COLEY_IN_STROMA, COLEY_CELL_CD8));
        coley_table_add(&table, "%s%s%s", coley_immune_phenotype_name(f->phenotype), f->cannot_tell ? ": " : "",
                        f->cannot_tell ? f->cannot_tell : "");
    }
    coley_text_addf(text, "\n");
    coley_table_draw(&table, text);
    if (table.failed) text->failed = 1;
}

static void print_text(coley_arena *arena, const coley_infiltrate_rules *r, const judged *j, size_t n, coley_text *text)
{
    for (size_t i = 0; i < n; i++)
        if (!i || j[i].sample->table != j[i - 1].sample->table)
            coley_cells_add_note(text, j[i].sample->table, shown_columns);
    if (n == 1)
        print_sample(arena, r, j, text);
    else
        print_summary(arena, j, n, text);
    if (j[0].result.regions_given)
        coley_text_addf(text, "\nTumour and stroma as the table says");
    else
        coley_text_addf(
            text, "\nThe table has no regions: tumour is where %.0f %% of the cells within %g um are tumour cells",
            100 * r->tumour_share, r->region_radius_um);
    coley_text_addf(text, "; margin: within %g um of the other side, part of both.\n", r->margin_um);
    coley_text_addf(text, "Area: pixels of %g um, each to the nearest cell within %g um.\n", r->pixel_um, r->reach_um);
    coley_text_addf(text,
                    "Inflamed: %g CD8 cells per mm2 of tumour; else excluded: %g per mm2 of stroma; else desert.\n%s\n",
                    r->inflamed_tumour, r->excluded_stroma, r->phenotype_source);
}

/* --- for programs --------------------------------------------------------------------------------------------------
 */

static void emit_densities(coley_emit *e, const coley_infiltrate_rules *r, const judged *j)
{
    for (int p = 0; p < COLEY_IN_COUNT; p++) {
        coley_emit_map(e, coley_place_name((coley_place_of)p));
        coley_emit_number(e, "area_mm2", coley_infiltrate_mm2(&j->result, (coley_place_of)p));
        coley_emit_map(e, "cells");
        for (int t = 0; t < COLEY_CELL_TYPE_COUNT; t++)
            if (j->in_table >> t & 1)
                coley_emit_integer(e, coley_cell_type_name((coley_cell_kind)t),
                                   (int64_t)coley_infiltrate_count(&j->result, (coley_place_of)p, (coley_cell_kind)t));
        coley_emit_end(e);
        coley_emit_map(e, "per_mm2");
        for (int t = 0; t < COLEY_CELL_TYPE_COUNT; t++)
            if (is_shown(r, j, t))
                coley_emit_number(e, coley_cell_type_name((coley_cell_kind)t),
                                  j->in_table >> t & 1
                                      ? coley_infiltrate_per_mm2(&j->result, (coley_place_of)p, (coley_cell_kind)t)
                                      : NAN);
        coley_emit_end(e);
        coley_emit_end(e);
    }
}

static void emit_numbers(coley_emit *e, const char *key, const double *x, size_t n)
{
    coley_emit_list(e, key);
    for (size_t i = 0; i < n; i++) coley_emit_number(e, NULL, x[i]);
    coley_emit_end(e);
}

static void emit_pairs(coley_emit *e, const coley_infiltrate_rules *r, const judged *j)
{
    coley_emit_list(e, "neighbours");
    for (size_t k = 0; k < j->result.n_pairs; k++) {
        const coley_pair_result *p = &j->result.pair[k];
        coley_emit_map(e, NULL);
        coley_emit_text(e, "from", coley_cell_type_name((coley_cell_kind)p->from));
        coley_emit_text(e, "to", coley_cell_type_name((coley_cell_kind)p->to));
        coley_emit_text(e, "cannot_tell", p->cannot_tell);
        if (!p->cannot_tell) {
            coley_emit_number(e, "mean_um", p->mean_um);
            coley_emit_number(e, "median_um", p->median_um);
            emit_numbers(e, "radius_um", r->radius_um, r->n_radii);
            emit_numbers(e, "g", p->g, r->n_radii);
            emit_numbers(e, "k_um2", p->k_um2, r->n_radii);
            emit_numbers(e, "k_over_all", p->k_over_all, r->n_radii);
        }
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

static void print_json(const coley_infiltrate_rules *r, const judged *j, size_t n, coley_text *text)
{
    coley_emit e = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_map(&e, "rules");
    coley_emit_number(&e, "margin_um", r->margin_um);
    coley_emit_number(&e, "pixel_um", r->pixel_um);
    coley_emit_number(&e, "reach_um", r->reach_um);
    coley_emit_number(&e, "inflamed_tumour_per_mm2", r->inflamed_tumour);
    coley_emit_number(&e, "excluded_stroma_per_mm2", r->excluded_stroma);
    coley_emit_text(&e, "source", r->phenotype_source);
    coley_emit_end(&e);
    coley_emit_list(&e, "tables");
    for (size_t i = 0; i < n; i++)
        if (!i || j[i].sample->table != j[i - 1].sample->table) coley_cells_emit(&e, j[i].sample->table, shown_columns);
    coley_emit_end(&e);
    coley_emit_list(&e, "samples");
    for (size_t i = 0; i < n; i++) {
        coley_emit_map(&e, NULL);
        coley_emit_text(&e, "sample", j[i].sample->name);
        coley_emit_text(&e, "file", j[i].sample->table->file);
        coley_emit_flag(&e, "regions_given", j[i].result.regions_given);
        coley_emit_text(
            &e, "phenotype",
            j[i].result.phenotype == COLEY_IMMUNE_UNKNOWN ? NULL : coley_immune_phenotype_name(j[i].result.phenotype));
        coley_emit_text(&e, "cannot_tell", j[i].result.cannot_tell);
        emit_densities(&e, r, &j[i]);
        emit_pairs(&e, r, &j[i]);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_end(&e);
}

coley_status coley_assay_infiltrate(coley_arena *arena, const coley_infiltrate_request *q, coley_text *text,
                                    coley_error *err)
{
    coley_infiltrate_rules rules;
    coley_cell_sample *sample;
    size_t n;
    const char *path = coley_arena_printf(arena, "%s/assays/infiltrate.yaml", q->cells.catalog);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_infiltrate_rules_read(arena, path, &rules, err));
    if (!isnan(q->margin_um)) rules.margin_um = q->margin_um;
    COLEY_TRY(coley_cells_read(arena, &q->cells,
                               1u << COLEY_COLUMN_PHENOTYPE | 1u << COLEY_COLUMN_X | 1u << COLEY_COLUMN_Y, &sample, &n,
                               err));
    judged *j = COLEY_NEW(arena, judged, n);
    if (!j) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        j[i].sample = &sample[i];
        j[i].in_table = i && sample[i].table == sample[i - 1].table ? j[i - 1].in_table : types_of(sample[i].table);
        COLEY_TRY(coley_infiltrate_judge(arena, &sample[i].cells, (int)(j[i].in_table >> COLEY_CELL_CD8 & 1), &rules,
                                         &j[i].result, err));
    }
    if (q->cells.json)
        print_json(&rules, j, n, text);
    else
        print_text(arena, &rules, j, n, text);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
