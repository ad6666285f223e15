/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_view.c -- what a tissue's folder holds: its types, frames, fields, attributes and counts; and of one frame the
 * cells as eight bytes each, an attribute, a field. One picked cell is in tissue_cell.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "io/emit.h"
#include "studio/tissue_parts_view.h"
#include "studio/views.h"
#include "tissue/physicell_xml.h"
#include "tissue/vocabulary.h"

enum { MOST_FRAMES = 100000 };

/* --- TissueMeta ----------------------------------------------------------------------------------------------------
 */

static int is_attribute(const coley_frame_head *h, size_t k)
{
    static const char *const apart[] = {"ID", "position", "cell_type", "dead", "cycle_model", "current_death_model"};
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        if (!strcmp(h->label[k].name, apart[i])) return 0;
    return h->label[k].size == 1 && coley_frame_label_find(h->label, k, h->label[k].name) == NULL;
}

/* The least and largest value of each row of a matrix, over the first, the middle and the last frame. */
typedef struct range {
    double low, high;
} range;

static coley_status look_at(const coley_frame_head *h, range *attribute, range *field, coley_error *err)
{
    coley_frame_matrix m;
    COLEY_TRY(coley_frame_cells_open(h, &m, err));
    for (size_t i = 0; i < m.n; i++)
        for (size_t k = 0; k < h->n_labels; k++) {
            const double v = coley_frame_at(&m, h->label[k].row, i);
            attribute[k].low = fmin(attribute[k].low, v);
            attribute[k].high = fmax(attribute[k].high, v);
        }
    coley_frame_matrix_close(&m);
    COLEY_TRY(coley_frame_fields_open(h, &m, err));
    for (size_t i = 0; i < m.n; i++)
        for (size_t k = 0; k < h->n_fields; k++) {
            const double v = coley_frame_at(&m, coley_frame_field_row(h, &m, k), i);
            field[k].low = fmin(field[k].low, v);
            field[k].high = fmax(field[k].high, v);
        }
    coley_frame_matrix_close(&m);
    return COLEY_OK;
}

size_t coley_frame_field_row(const coley_frame_head *h, const coley_frame_matrix *m, size_t field)
{
    return m->rows - h->n_fields + field; /* place and volume of the voxel stand before */
}

static coley_status find_ranges(coley_arena *arena, const char *out, size_t n_frames, const coley_frame_head *first,
                                range **attribute, range **field, coley_error *err)
{
    const size_t look[3] = {0, n_frames / 2, n_frames - 1};
    *attribute = COLEY_NEW(arena, range, first->n_labels);
    *field = COLEY_NEW(arena, range, first->n_fields);
    if (!*attribute || !*field) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < first->n_labels; k++) (*attribute)[k] = (range){INFINITY, -INFINITY};
    for (size_t k = 0; k < first->n_fields; k++) (*field)[k] = (range){INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++) {
        coley_frame_head h;
        if (i && look[i] == look[i - 1]) continue;
        COLEY_TRY(coley_frame_head_read(arena, out, look[i], &h, err));
        if (h.n_labels != first->n_labels || h.n_fields != first->n_fields)
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "frame %zu has other labels than frame 0", look[i]);
        COLEY_TRY(look_at(&h, *attribute, *field, err));
    }
    return COLEY_OK;
}

static void emit_types(const coley_frame_head *h, const coley_tissue_model *model, coley_emit *emit)
{
    static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
                                          "#f0e442", "#7f7f7f", "#882255", "#44aa99", "#999933", "#332288"};
    coley_emit_list(emit, "types");
    for (size_t i = 0; i < h->n_types; i++) {
        const char *own = NULL;
        for (size_t k = 0; model && k < model->n_types; k++)
            if (!strcmp(model->type[k].name, h->type[i])) own = model->type[k].colour;
        coley_emit_map(emit, NULL);
        coley_emit_integer(emit, "id", (int64_t)i);
        coley_emit_text(emit, "name", h->type[i]);
        coley_emit_text(emit, "colour", own ? own : colours[i % (sizeof colours / sizeof *colours)]);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    coley_emit_list(emit, "states");
    coley_emit_text(emit, NULL, "live");
    coley_emit_text(emit, NULL, "apoptotic");
    coley_emit_text(emit, NULL, "necrotic");
    coley_emit_end(emit);
}

static void emit_named(coley_emit *emit, const char *name, const char *unit, range r)
{
    coley_emit_map(emit, NULL);
    coley_emit_text(emit, "name", name);
    coley_emit_text(emit, "unit", strcmp(unit, "none") ? unit : "");
    coley_emit_number(emit, "low", r.low);
    coley_emit_number(emit, "high", r.high);
}

static void emit_columns(const coley_frame_head *h, const range *attribute, const range *field, coley_emit *emit)
{
    coley_emit_list(emit, "fields");
    for (size_t k = 0; k < h->n_fields; k++) {
        emit_named(emit, h->field[k].name, h->field[k].unit, field[k]);
        coley_emit_integer(emit, "nx", (int64_t)h->n_voxels[0]);
        coley_emit_integer(emit, "ny", (int64_t)h->n_voxels[1]);
        coley_emit_integer(emit, "nz", (int64_t)h->n_voxels[2]);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    coley_emit_list(emit, "attributes");
    for (size_t k = 0; k < h->n_labels; k++) {
        if (!is_attribute(h, k) || !(attribute[k].low < attribute[k].high)) continue;
        emit_named(emit, h->label[k].name, h->label[k].unit, attribute[k]);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

/* counts.csv: the columns "TYPE live" over time. */
static void emit_counts(coley_arena *arena, const char *out, coley_emit *emit)
{
    coley_csv csv;
    const char *path = coley_arena_printf(arena, "%s/counts.csv", out);
    const int known = path && coley_csv_read(arena, path, &csv, NULL) == COLEY_OK;
    coley_emit_map(emit, "counts");
    coley_emit_list(emit, "time");
    for (size_t r = 0; known && r < csv.n_rows; r++)
        coley_emit_number(emit, NULL, strtod(coley_csv_cell(&csv, r, coley_csv_column(&csv, "time_min")), NULL));
    coley_emit_end(emit);
    coley_emit_map(emit, "series");
    for (size_t c = 0; known && c < csv.n_columns; c++) {
        const size_t length = strlen(csv.name[c]);
        if (length < 6 || strcmp(csv.name[c] + length - 5, " live")) continue;
        const char *type = coley_arena_text(arena, csv.name[c], length - 5);
        if (!type) continue;
        coley_emit_list(emit, type);
        for (size_t r = 0; r < csv.n_rows; r++)
            coley_emit_number(emit, NULL, strtod(coley_csv_cell(&csv, r, (int)c), NULL));
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    coley_emit_end(emit);
}

coley_status coley_studio_tissue_model(coley_arena *arena, const coley_studio_run *run, coley_tissue_model *model,
                                       coley_error *err)
{
    const coley_physicell_options options = {.ignore_unsupported = true};
    *model = coley_tissue_model_empty();
    if (!run->path) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the settings of this tissue are not known");
    return coley_physicell_read(arena, run->path, options, model, err);
}

const char *coley_studio_rule_text(coley_arena *arena, const coley_vocabulary *words, const coley_rule *rule,
                                   const coley_rule_term *term)
{
    const char *signal = coley_vocabulary_signal_name(words, term->signal),
               *behaviour = coley_vocabulary_behaviour_name(words, rule->behaviour);
    return coley_arena_printf(arena, "%s %s %s from %g towards %g, half at %g, Hill power %g%s", signal ? signal : "?",
                              term->increases ? "raises" : "lowers", behaviour ? behaviour : "?", rule->base,
                              term->increases ? rule->maximum : rule->minimum, term->half, term->hill,
                              term->dead_too ? ", in dead cells too" : "");
}

static void emit_rules(coley_arena *arena, const coley_tissue_model *model, coley_emit *emit)
{
    const coley_vocabulary *words = model ? coley_vocabulary_create(arena, model) : NULL;
    coley_emit_list(emit, "rules");
    for (size_t k = 0; words && k < model->n_rules; k++)
        for (size_t i = 0; i < model->rule[k].n_terms; i++) {
            coley_emit_map(emit, NULL);
            coley_emit_text(emit, "type", model->type[model->rule[k].type].name);
            coley_emit_text(emit, "text",
                            coley_studio_rule_text(arena, words, &model->rule[k], &model->rule[k].term[i]));
            coley_emit_end(emit);
        }
    coley_emit_end(emit);
}

/* Times are told by the first frame and the last: a save is every so many minutes. How many cells there are is in the
 * length of each matrix. */
static coley_status emit_frames(coley_arena *arena, const char *out, size_t n, coley_emit *emit, coley_error *err)
{
    coley_frame_head last;
    COLEY_TRY(coley_frame_head_read(arena, out, n - 1, &last, err));
    coley_emit_list(emit, "frames");
    for (size_t i = 0; i < n; i++) {
        coley_frame_head h = last;
        coley_frame_matrix cells;
        h.number = i;
        if (coley_frame_cells_open(&h, &cells, NULL)) continue;
        coley_emit_map(emit, NULL);
        coley_emit_integer(emit, "n", (int64_t)i);
        coley_emit_number(emit, "time_min", n > 1 ? last.time_min * (double)i / (double)(n - 1) : last.time_min);
        coley_emit_integer(emit, "cells", (int64_t)cells.n);
        coley_emit_end(emit);
        coley_frame_matrix_close(&cells);
    }
    coley_emit_end(emit);
    return COLEY_OK;
}

coley_status coley_studio_tissue(coley_arena *arena, const char *out, const coley_studio_run *run, coley_text *text,
                                 coley_error *err)
{
    const size_t n = coley_frames_count(out);
    coley_frame_head first;
    coley_tissue_model model;
    range *attribute, *field;
    coley_emit emit = {.out = text, .style = COLEY_EMIT_JSON};
    if (!n || n > MOST_FRAMES) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the tissue has no frame yet");
    const int has_model = coley_studio_tissue_model(arena, run, &model, NULL) == COLEY_OK;
    COLEY_TRY(coley_frame_head_read(arena, out, 0, &first, err));
    COLEY_TRY(find_ranges(arena, out, n, &first, &attribute, &field, err));
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "title", run->title);
    coley_emit_text(&emit, "notice", "Simulated. For research and teaching; not medical advice.");
    coley_emit_text(&emit, "state", run->state);
    emit_types(&first, has_model ? &model : NULL, &emit);
    coley_emit_list(&emit, "domain");
    for (size_t k = 0; k < 3; k++) coley_emit_number(&emit, NULL, first.low_um[k]);
    for (size_t k = 0; k < 3; k++) coley_emit_number(&emit, NULL, first.high_um[k]);
    coley_emit_end(&emit);
    coley_emit_text(&emit, "unit", "um");
    COLEY_TRY(emit_frames(arena, out, n, &emit, err));
    emit_columns(&first, attribute, field, &emit);
    emit_counts(arena, out, &emit);
    emit_rules(arena, has_model ? &model : NULL, &emit);
    coley_emit_text(&emit, "command", run->command);
    coley_emit_end(&emit);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

/* --- a frame as bytes ----------------------------------------------------------------------------------------------
 */

static uint16_t quantized(double value, double low, double high)
{
    const double share = (value - low) / (high - low);
    return (uint16_t)lrint(65535 * fmin(fmax(share, 0), 1));
}

static coley_status write_cells(const coley_frame_head *h, const coley_frame_matrix *m, coley_text *out,
                                coley_error *err)
{
    const coley_frame_label *place = coley_frame_label_find(h->label, h->n_labels, "position");
    if (!place) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the frame has no positions");
    for (size_t i = 0; i < m->n; i++) {
        uint16_t cell[4];
        for (size_t k = 0; k < 3; k++)
            cell[k] = quantized(coley_frame_at(m, place->row + k, i), h->low_um[k], h->high_um[k]);
        cell[3] = (uint16_t)(coley_frame_type_of(h, m, i) | (unsigned)coley_frame_state_of(h, m, i) << 8);
        coley_text_add(out, (const char *)cell, sizeof cell);
    }
    return COLEY_OK;
}

static coley_status write_attribute(const coley_frame_head *h, const coley_frame_matrix *m, const char *name,
                                    coley_text *out, coley_error *err)
{
    const int ids = !strcmp(name, "ids");
    const coley_frame_label *label = coley_frame_label_find(h->label, h->n_labels, ids ? "ID" : name);
    if (!label) return COLEY_FAIL(err, COLEY_ERR_INPUT, "there is no attribute \"%.60s\"", name);
    for (size_t i = 0; i < m->n; i++) {
        const double value = coley_frame_at(m, label->row, i);
        const uint32_t id = (uint32_t)value;
        const float number = (float)value;
        coley_text_add(out, ids ? (const char *)&id : (const char *)&number, 4);
    }
    return COLEY_OK;
}

static coley_status write_field(const coley_frame_head *h, const char *name, coley_text *out, coley_error *err)
{
    coley_frame_matrix m;
    const coley_frame_label *field = coley_frame_label_find(h->field, h->n_fields, name);
    if (!field) return COLEY_FAIL(err, COLEY_ERR_INPUT, "there is no field \"%.60s\"", name);
    COLEY_TRY(coley_frame_fields_open(h, &m, err));
    const size_t row = coley_frame_field_row(h, &m, field->row);
    for (size_t i = 0; i < m.n; i++) {
        const float value = (float)coley_frame_at(&m, row, i);
        coley_text_add(out, (const char *)&value, sizeof value);
    }
    coley_frame_matrix_close(&m);
    return COLEY_OK;
}

coley_status coley_studio_frame(coley_arena *arena, const char *out, const coley_studio_run *run, const char *rest,
                                coley_studio_reply *reply, coley_error *err)
{
    char *end;
    coley_frame_head h;
    coley_frame_matrix cells;
    const size_t number = (size_t)strtoul(rest, &end, 10);
    const char *what = *end == '/' ? end + 1 : "";
    if (end == rest || number >= coley_frames_count(out))
        return coley_studio_not_found(reply, "a frame of that number");
    COLEY_TRY(coley_frame_head_read(arena, out, number, &h, err));
    if (!strncmp(what, "cell/", 5)) return coley_studio_cell(arena, out, run, &h, what + 5, reply, err);
    COLEY_TRY(coley_frame_cells_open(&h, &cells, err));
    reply->header[0][0] = "X-Coley-Cells";
    reply->header[0][1] = coley_arena_printf(arena, "%zu", cells.n);
    reply->type = "application/octet-stream";
    coley_status status = !strcmp(what, "cells")             ? write_cells(&h, &cells, &reply->text, err)
                          : !strncmp(what, "attribute/", 10) ? write_attribute(&h, &cells, what + 10, &reply->text, err)
                          : !strncmp(what, "field/", 6)      ? write_field(&h, what + 6, &reply->text, err)
                                                             : coley_studio_not_found(reply, what);
    coley_frame_matrix_close(&cells);
    if (reply->status == 404) reply->type = NULL;
    if (status == COLEY_OK && (reply->text.failed || !reply->header[0][1])) status = COLEY_FAIL_MEMORY(err);
    return status;
}
