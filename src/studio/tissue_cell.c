/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_cell.c -- one cell of a frame: what it carries, the rules of its type as they act on it, where it has been.
 *
 * Signals are read out of the frame: the field in its voxel, its pressure, damage and volume, and for contacts the
 * frame's list of who is in reach of whom. The response is the engine's own arithmetic (tissue/rules.h). A signal that
 * no frame holds (substance inside the cell) is not known, and then so is the response. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/emit.h"
#include "studio/tissue_parts_view.h"
#include "tissue/rules.h"

enum { HISTORY = 200, MOST_NEIGHBOURS = 512 };

typedef struct picked {
    coley_arena *arena;
    const coley_frame_head *head;
    coley_frame_matrix cells, fields;
    size_t cell;
    double at[3];
    size_t n_near;
    size_t near[MOST_NEIGHBOURS]; /* columns of its neighbours */
} picked;

static ptrdiff_t find_cell(const coley_frame_head *h, const coley_frame_matrix *m, double id)
{
    const coley_frame_label *label = coley_frame_label_find(h->label, h->n_labels, "ID");
    for (size_t i = 0; label && i < m->n; i++)
        if (coley_frame_at(m, label->row, i) == id) return (ptrdiff_t)i;
    return -1;
}

static double number_of(const picked *p, const char *name)
{
    const coley_frame_label *label = coley_frame_label_find(p->head->label, p->head->n_labels, name);
    return label ? coley_frame_at(&p->cells, label->row, p->cell) : NAN;
}

/* --- signals -------------------------------------------------------------------------------------------------------
 */

/* "770: 12,33" for this cell. */
static void read_neighbours(picked *p, double id)
{
    char path[4096], line[16384];
    snprintf(path, sizeof path, "%s/output%08zu_cell_neighbor_graph.txt", p->head->folder, p->head->number);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        char *at;
        if (strtod(line, &at) != id || *at != ':') continue;
        for (at++; p->n_near < MOST_NEIGHBOURS;) {
            char *end;
            const double other = strtod(at, &end);
            if (end == at) break;
            const ptrdiff_t column = find_cell(p->head, &p->cells, other);
            if (column >= 0) p->near[p->n_near++] = (size_t)column;
            at = end + strspn(end, ", \t");
        }
        break;
    }
    if (file) fclose(file);
}

static size_t voxel_along(const picked *p, size_t axis, double at)
{
    const coley_frame_head *h = p->head;
    const double width = (h->high_um[axis] - h->low_um[axis]) / (double)h->n_voxels[axis];
    const double k = floor((at - h->low_um[axis]) / width);
    return k < 0 ? 0 : k >= (double)h->n_voxels[axis] ? h->n_voxels[axis] - 1 : (size_t)k;
}

static double field_in(const picked *p, size_t field, size_t x, size_t y, size_t z)
{
    const size_t *n = p->head->n_voxels;
    return coley_frame_at(&p->fields, coley_frame_field_row(p->head, &p->fields, field), (z * n[1] + y) * n[0] + x);
}

/* Central differences, as in the engine; one-sided at the edge. */
static double slope(const picked *p, size_t field)
{
    size_t at[3];
    double sum = 0;
    for (size_t k = 0; k < 3; k++) at[k] = voxel_along(p, k, p->at[k]);
    for (size_t k = 0; k < 3; k++) {
        const size_t n = p->head->n_voxels[k];
        if (n < 2) continue;
        size_t low[3] = {at[0], at[1], at[2]}, high[3] = {at[0], at[1], at[2]};
        low[k] -= at[k] > 0;
        high[k] += at[k] + 1 < n;
        const double width = (p->head->high_um[k] - p->head->low_um[k]) / (double)n * (double)(high[k] - low[k]);
        const double d = (field_in(p, field, high[0], high[1], high[2]) - field_in(p, field, low[0], low[1], low[2]));
        sum += d / width * d / width;
    }
    return sqrt(sum);
}

static int within(int signal, int first, size_t n)
{
    return signal >= first && signal < first + (int)n;
}

static double count_near(const picked *p, int type, int state)
{
    double n = 0;
    for (size_t i = 0; i < p->n_near; i++) {
        const int s = coley_frame_state_of(p->head, &p->cells, p->near[i]);
        n += (type < 0 || coley_frame_type_of(p->head, &p->cells, p->near[i]) == (size_t)type) &&
             (state < 0 || (state == 3 ? s > 0 : s == state));
    }
    return n;
}

static double signal_of(const picked *p, const coley_tissue_model *m, int signal)
{
    const coley_signals *s = &m->s;
    const int state = coley_frame_state_of(p->head, &p->cells, p->cell);
    if (within(signal, s->substrate, m->n_substrates))
        return field_in(p, (size_t)(signal - s->substrate), voxel_along(p, 0, p->at[0]), voxel_along(p, 1, p->at[1]),
                        voxel_along(p, 2, p->at[2]));
    if (within(signal, s->gradient, m->n_substrates)) return slope(p, (size_t)(signal - s->gradient));
    if (within(signal, s->contact, m->n_types)) return count_near(p, signal - s->contact, 0);
    if (signal == s->contact_live) return count_near(p, -1, 0);
    if (signal == s->contact_dead) return count_near(p, -1, 3);
    if (signal == s->contact_apoptotic) return count_near(p, -1, 1);
    if (signal == s->contact_necrotic) return count_near(p, -1, 2);
    if (within(signal, s->custom, m->n_custom)) return number_of(p, m->custom[signal - s->custom].name);
    if (signal == s->pressure) return number_of(p, "pressure");
    if (signal == s->volume) return number_of(p, "total_volume");
    if (signal == s->damage) return number_of(p, "damage");
    if (signal == s->damage_delivered) return number_of(p, "attack_total_damage_delivered");
    if (signal == s->attacking) return number_of(p, "attack_target") >= 0;
    if (signal == s->dead) return state > 0;
    if (signal == s->attack_time) return number_of(p, "total_attack_time");
    if (signal == s->time) return p->head->time_min;
    if (signal == s->apoptotic) return state == 1;
    if (signal == s->necrotic) return state == 2;
    return NAN;
}

/* --- the answer ------------------------------------------------------------------------------------------------------
 */

static void emit_rule(const picked *p, const coley_tissue_model *m, const coley_vocabulary *words,
                      const coley_rule *rule, coley_emit *emit)
{
    const int dead = coley_frame_state_of(p->head, &p->cells, p->cell) > 0;
    float up = 0, down = 0;
    int known = 1, applies = 0;
    for (size_t k = 0; k < rule->n_terms; k++) {
        const coley_rule_term *term = &rule->term[k];
        if (dead && !term->dead_too) continue;
        const double s = signal_of(p, m, term->signal);
        applies = 1;
        known &= !isnan(s);
        *(term->increases ? &up : &down) += coley_rule_strength(term, (float)s);
    }
    for (size_t k = 0; k < rule->n_terms; k++) {
        const coley_rule_term *term = &rule->term[k];
        const double s = signal_of(p, m, term->signal);
        const int acts = !dead || term->dead_too;
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "text", coley_studio_rule_text(p->arena, words, rule, term));
        coley_emit_text(emit, "signal", coley_vocabulary_signal_name(words, term->signal));
        coley_emit_number(emit, "value", s);
        coley_emit_number(emit, "response",
                          isnan(s) ? NAN
                          : acts   ? coley_rule_share(coley_rule_strength(term, (float)s))
                                   : 0);
        coley_emit_text(emit, "behaviour", coley_vocabulary_behaviour_name(words, rule->behaviour));
        coley_emit_number(emit, "behaviour_value", known && applies ? coley_rule_value(rule, up, down) : NAN);
        coley_emit_end(emit);
    }
}

static void emit_past(coley_arena *arena, const char *out, const coley_frame_head *now, double id, coley_emit *emit)
{
    static const char *const states[] = {"live", "apoptotic", "necrotic"};
    const size_t n = coley_frames_count(out), step = 1 + (n - 1) / HISTORY;
    coley_emit_list(emit, "history");
    for (size_t f = 0; f < n; f += step) {
        coley_frame_head h = *now; /* labels and types are those of every frame of a run */
        coley_frame_matrix m;
        h.number = f;
        if (coley_frame_cells_open(&h, &m, NULL)) continue;
        const ptrdiff_t i = find_cell(&h, &m, id);
        const coley_frame_label *place = coley_frame_label_find(h.label, h.n_labels, "position");
        if (i >= 0 && place) {
            coley_emit_map(emit, NULL);
            coley_emit_integer(emit, "frame", (int64_t)f);
            coley_emit_number(emit, "x", coley_frame_at(&m, place->row, (size_t)i));
            coley_emit_number(emit, "y", coley_frame_at(&m, place->row + 1, (size_t)i));
            coley_emit_number(emit, "z", coley_frame_at(&m, place->row + 2, (size_t)i));
            coley_emit_text(emit, "state", states[coley_frame_state_of(&h, &m, (size_t)i)]);
            coley_emit_text(emit, "type", h.type[coley_frame_type_of(&h, &m, (size_t)i)]);
            coley_emit_end(emit);
        }
        coley_frame_matrix_close(&m);
    }
    coley_emit_end(emit);
    (void)arena;
}

static void emit_rules(const picked *p, const coley_studio_run *run, const char *type, coley_emit *emit)
{
    coley_tissue_model model;
    const coley_vocabulary *words = NULL;
    if (coley_studio_tissue_model(p->arena, run, &model, NULL) == COLEY_OK)
        words = coley_vocabulary_create(p->arena, &model);
    coley_emit_list(emit, "rules");
    for (size_t k = 0; words && k < model.n_rules; k++)
        if (!strcmp(model.type[model.rule[k].type].name, type)) emit_rule(p, &model, words, &model.rule[k], emit);
    coley_emit_end(emit);
}

static coley_status answer_cell(picked *p, const char *out, const coley_studio_run *run, double id, coley_text *text,
                                coley_error *err)
{
    static const char *const states[] = {"live", "apoptotic", "necrotic"};
    static const char *const axes[] = {"x", "y", "z"};
    const coley_frame_head *h = p->head;
    const coley_frame_label *place = coley_frame_label_find(h->label, h->n_labels, "position");
    const char *type = h->n_types ? h->type[coley_frame_type_of(h, &p->cells, p->cell)] : "";
    coley_emit emit = {.out = text, .style = COLEY_EMIT_JSON};
    if (!place) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the frame has no positions");
    for (size_t k = 0; k < 3; k++) p->at[k] = coley_frame_at(&p->cells, place->row + k, p->cell);
    read_neighbours(p, id);
    coley_emit_map(&emit, NULL);
    coley_emit_integer(&emit, "id", (int64_t)id);
    coley_emit_text(&emit, "type", type);
    coley_emit_text(&emit, "state", states[coley_frame_state_of(h, &p->cells, p->cell)]);
    for (size_t k = 0; k < 3; k++) coley_emit_number(&emit, axes[k], p->at[k]);
    coley_emit_integer(&emit, "neighbours", (int64_t)p->n_near);
    for (size_t k = 0; k < h->n_labels; k++) {
        const coley_frame_label *label = &h->label[k];
        if (label->size == 1 && strcmp(label->name, "ID") && strcmp(label->name, "cell_type") &&
            !coley_frame_label_find(h->label, k, label->name))
            coley_emit_number(&emit, label->name, coley_frame_at(&p->cells, label->row, p->cell));
    }
    emit_rules(p, run, type, &emit);
    emit_past(p->arena, out, h, id, &emit);
    coley_emit_end(&emit);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

coley_status coley_studio_cell(coley_arena *arena, const char *out, const coley_studio_run *run,
                               const coley_frame_head *h, const char *id_text, coley_studio_reply *reply,
                               coley_error *err)
{
    picked *p = COLEY_NEW(arena, picked, 1);
    char *end;
    const double id = strtod(id_text, &end);
    if (!p) return COLEY_FAIL_MEMORY(err);
    if (end == id_text || *end || !(id >= 0 && id < 4294967295.0)) return coley_studio_not_found(reply, "such a cell");
    *p = (picked){.arena = arena, .head = h};
    COLEY_TRY(coley_frame_cells_open(h, &p->cells, err));
    coley_status status = coley_frame_fields_open(h, &p->fields, err);
    const ptrdiff_t cell = find_cell(h, &p->cells, id);
    if (status == COLEY_OK && cell < 0) {
        status = coley_studio_not_found(reply, "a cell of that number in this frame");
    } else if (status == COLEY_OK) {
        p->cell = (size_t)cell;
        status = answer_cell(p, out, run, id, &reply->text, err);
    }
    coley_frame_matrix_close(&p->fields);
    coley_frame_matrix_close(&p->cells);
    return status;
}
