/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_summary.c -- tables and sentences about a tissue model. */
#include "run/tissue_summary.h"

#include <math.h>
#include <string.h>

#include "base/table.h"
#include "io/emit.h"
#include "tissue/vocabulary.h"

static const char *const face_names[COLEY_FACE_COUNT] = {"x low", "x high", "y low", "y high", "z low", "z high"};

static const char *const cycle_names[COLEY_CYCLE_COUNT] = {
    [COLEY_CYCLE_LIVE] = "live",
    [COLEY_CYCLE_KI67_BASIC] = "Ki67, basic",
    [COLEY_CYCLE_KI67_ADVANCED] = "Ki67, advanced",
    [COLEY_CYCLE_FLOW] = "flow cytometry",
    [COLEY_CYCLE_SEPARATED] = "flow cytometry, separated",
    [COLEY_CYCLE_QUIESCENT] = "cycling and quiescent",
};

typedef struct summary {
    coley_arena *arena;
    const coley_tissue_model *m;
    const coley_vocabulary *words;
    size_t *placed; /* by type */
    size_t n[3];
    coley_text *out;
    coley_emit *emit;
} summary;

static int n_faces(const coley_tissue_model *m)
{
    return m->plane ? 4 : COLEY_FACE_COUNT;
}

static double base_of(const summary *s, size_t type, int behaviour)
{
    return s->m->base[type * (size_t)s->m->b.count + (size_t)behaviour];
}

/* --- for people ------------------------------------------------------------------------------------------------- */

static void tell_domain(const summary *s)
{
    const coley_tissue_model *m = s->m;
    coley_text_addf(s->out, "%s\n\n", m->path);
    coley_text_addf(s->out, "domain      %g x %g", m->high_um[0] - m->low_um[0], m->high_um[1] - m->low_um[1]);
    if (!m->plane) coley_text_addf(s->out, " x %g", m->high_um[2] - m->low_um[2]);
    coley_text_addf(s->out, " um, %s, %zu voxels of %g um; cells %s at its edge\n", m->plane ? "2D" : "3D",
                    s->n[0] * s->n[1] * s->n[2], m->voxel_um[0], m->virtual_walls ? "are pushed back" : "may leave");
    coley_text_addf(s->out,
                    "time        %g min (%.4g days); steps of %g min for substrates, %g for movement, %g for the "
                    "rest\n",
                    m->end_min, m->end_min / 1440, m->diffusion_min, m->mechanics_min, m->phenotype_min);
    coley_text_addf(s->out, "seed        ");
    if (m->seed_given)
        coley_text_addf(s->out, "%llu\n", (unsigned long long)m->seed);
    else
        coley_text_addf(s->out, "none in the file\n");
}

static void tell_faces(const summary *s, const coley_substrate *b, coley_text *text)
{
    bool all = true, none = true, same = true;
    for (int f = 0; f < n_faces(s->m); f++) {
        all = all && b->face_fixed[f];
        none = none && !b->face_fixed[f];
        same = same && b->face_value[f] == b->face_value[0];
    }
    if (none) {
        coley_text_addf(text, "closed");
    } else if (all && same) {
        coley_text_addf(text, "held at %g", b->face_value[0]);
    } else {
        const char *comma = "";
        for (int f = 0; f < n_faces(s->m); f++) {
            if (!b->face_fixed[f]) continue;
            coley_text_addf(text, "%s%s at %g", comma, face_names[f], b->face_value[f]);
            comma = ", ";
        }
    }
    if (b->supply_per_min > 0) coley_text_addf(text, "; supply %g/min to %g", b->supply_per_min, b->supply_target);
}

static void tell_substrates(const summary *s)
{
    static const char *const heading[] = {"substrate", "unit",  "D, um2/min", "decay, 1/min",
                                          "reach, um", "start", "faces"};
    if (!s->m->n_substrates) return;
    coley_table table = coley_table_begin(s->arena, heading, 7);
    for (size_t i = 0; i < s->m->n_substrates; i++) {
        const coley_substrate *b = &s->m->substrate[i];
        coley_text faces = {.arena = s->arena};
        tell_faces(s, b, &faces);
        coley_table_add(&table, "%s", b->name);
        coley_table_add(&table, "%s", b->unit);
        coley_table_add(&table, "%g", b->diffusion_um2_per_min);
        coley_table_add(&table, "%g", b->decay_per_min);
        if (b->decay_per_min > 0)
            coley_table_add(&table, "%.4g", sqrt(b->diffusion_um2_per_min / b->decay_per_min));
        else
            coley_table_add(&table, "-");
        if (s->m->start_field[i])
            coley_table_add(&table, "file");
        else
            coley_table_add(&table, "%g", b->initial);
        coley_table_add(&table, "%s", faces.failed ? "" : faces.data);
    }
    coley_text_addf(s->out, "\n");
    coley_table_draw(&table, s->out);
}

static void tell_movement(const summary *s, size_t i, coley_text *text)
{
    const coley_cell_type *t = &s->m->type[i];
    if (!t->motile) {
        coley_text_addf(text, "pushed only");
        return;
    }
    coley_text_addf(text, "%g um/min", base_of(s, i, s->m->b.speed));
    if (t->chemotaxis == COLEY_CHEMOTAXIS_ONE)
        coley_text_addf(text, " %s %s", t->chemotaxis_sign < 0 ? "away from" : "towards",
                        s->m->substrate[t->chemotaxis_substrate].name);
    for (size_t k = 0; t->chemotaxis == COLEY_CHEMOTAXIS_ADVANCED && k < s->m->n_substrates; k++) {
        const double weight = base_of(s, i, s->m->b.chemotaxis + (int)k);
        if (weight != 0) coley_text_addf(text, " %s %s", weight < 0 ? "away from" : "towards", s->m->substrate[k].name);
    }
}

static void tell_types(const summary *s)
{
    static const char *const heading[] = {"cell type", "id", "cells", "cycle", "volume, um3", "movement"};
    coley_table table = coley_table_begin(s->arena, heading, 6);
    for (size_t i = 0; i < s->m->n_types; i++) {
        const coley_cell_type *t = &s->m->type[i];
        coley_text movement = {.arena = s->arena};
        tell_movement(s, i, &movement);
        coley_table_add(&table, "%s", t->name);
        coley_table_add(&table, "%d", t->id);
        coley_table_add(&table, "%zu", s->placed[i]);
        coley_table_add(&table, "%s", cycle_names[t->cycle]);
        coley_table_add(&table, "%g", t->volume.total_um3);
        coley_table_add(&table, "%s", movement.failed ? "" : movement.data);
    }
    coley_text_addf(s->out, "\n");
    coley_table_draw(&table, s->out);
}

static double end_of(const coley_rule *r, const coley_rule_term *t)
{
    return t->increases ? r->maximum : r->minimum;
}

static void tell_rules(const summary *s)
{
    int type = -1;
    if (!s->m->n_rules) coley_text_addf(s->out, "\nNo rules\n");
    for (size_t i = 0; i < s->m->n_rules; i++) {
        const coley_rule *r = &s->m->rule[i];
        if (r->type != type) coley_text_addf(s->out, "\nRules of %s\n", s->m->type[r->type].name);
        type = r->type;
        coley_text_addf(s->out, "  %s is %g by itself\n", coley_vocabulary_behaviour_name(s->words, r->behaviour),
                        r->base);
        for (size_t k = 0; k < r->n_terms; k++) {
            const coley_rule_term *t = &r->term[k];
            coley_text_addf(s->out, "    %s %s it towards %g, half way at %g (Hill power %g)%s\n",
                            coley_vocabulary_signal_name(s->words, t->signal), t->increases ? "increases" : "decreases",
                            end_of(r, t), t->half, t->hill, t->dead_too ? ", in dead cells too" : "");
        }
    }
}

static void tell_spreads(const summary *s)
{
    bool first = true;
    for (size_t i = 0; i < s->m->n_types; i++)
        for (size_t k = 0; k < s->m->type[i].n_spreads; k++) {
            const int b = s->m->type[i].spread[k].behaviour;
            if (first) coley_text_addf(s->out, "\nDrawn for each cell at the start\n");
            first = false;
            coley_text_addf(s->out, "  %s: %s\n", s->m->type[i].name,
                            b == COLEY_SPREAD_VOLUME ? "volume" : coley_vocabulary_behaviour_name(s->words, b));
        }
}

static void tell_notes(const summary *s, const coley_physicell_notes *notes)
{
    for (size_t i = 0; notes && i < notes->n; i++) {
        const coley_physicell_note *n = &notes->note[i];
        if (i == 0) coley_text_addf(s->out, "\nTo know\n");
        coley_text_addf(s->out, "  %s", n->file);
        if (n->line) coley_text_addf(s->out, ":%d", n->line);
        coley_text_addf(s->out, ": %s\n", n->text);
    }
}

/* --- for programs ----------------------------------------------------------------------------------------------- */

static void emit_three(coley_emit *e, const char *key, const double value[3])
{
    coley_emit_list(e, key);
    for (int a = 0; a < 3; a++) coley_emit_number(e, NULL, value[a]);
    coley_emit_end(e);
}

static void emit_domain(const summary *s)
{
    coley_emit *e = s->emit;
    coley_emit_text(e, "file", s->m->path);
    coley_emit_map(e, "domain");
    emit_three(e, "low_um", s->m->low_um);
    emit_three(e, "high_um", s->m->high_um);
    emit_three(e, "voxel_um", s->m->voxel_um);
    coley_emit_integer(e, "voxels", (int64_t)(s->n[0] * s->n[1] * s->n[2]));
    coley_emit_flag(e, "plane", s->m->plane);
    coley_emit_flag(e, "virtual_walls", s->m->virtual_walls);
    coley_emit_end(e);
    coley_emit_map(e, "time");
    coley_emit_number(e, "end_min", s->m->end_min);
    coley_emit_number(e, "diffusion_min", s->m->diffusion_min);
    coley_emit_number(e, "mechanics_min", s->m->mechanics_min);
    coley_emit_number(e, "phenotype_min", s->m->phenotype_min);
    coley_emit_end(e);
    if (s->m->seed_given) coley_emit_integer(e, "seed", (int64_t)s->m->seed);
}

static void emit_substrates(const summary *s)
{
    coley_emit *e = s->emit;
    coley_emit_list(e, "substrates");
    for (size_t i = 0; i < s->m->n_substrates; i++) {
        const coley_substrate *b = &s->m->substrate[i];
        coley_emit_map(e, NULL);
        coley_emit_text(e, "name", b->name);
        coley_emit_text(e, "unit", b->unit);
        coley_emit_number(e, "diffusion_um2_per_min", b->diffusion_um2_per_min);
        coley_emit_number(e, "decay_per_min", b->decay_per_min);
        coley_emit_number(e, "initial", b->initial);
        coley_emit_flag(e, "start_from_file", s->m->start_field[i] != NULL);
        coley_emit_number(e, "supply_per_min", b->supply_per_min);
        coley_emit_number(e, "supply_target", b->supply_target);
        coley_emit_list(e, "faces");
        for (int f = 0; f < n_faces(s->m); f++) coley_emit_number(e, NULL, b->face_fixed[f] ? b->face_value[f] : NAN);
        coley_emit_end(e);
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

static void tell_recruitment(const summary *s)
{
    bool any = false;
    for (size_t i = 0; i < s->m->n_types; i++) {
        const coley_recruitment *c = &s->m->type[i].recruitment;
        if (!(c->rate_per_min > 0)) continue;
        coley_text_addf(s->out, "%s%s: up to %g a minute come in at each of %zu vessels", any ? "" : "\n",
                        s->m->type[i].name, c->rate_per_min, s->m->n_vessels);
        if (c->substrate >= 0)
            coley_text_addf(s->out, ", half as many at %s %g", s->m->substrate[c->substrate].name, c->half);
        coley_text_addf(s->out, "\n");
        any = true;
    }
}

static void emit_types(const summary *s)
{
    coley_emit *e = s->emit;
    coley_emit_list(e, "cell_types");
    for (size_t i = 0; i < s->m->n_types; i++) {
        const coley_cell_type *t = &s->m->type[i];
        coley_emit_map(e, NULL);
        coley_emit_text(e, "name", t->name);
        coley_emit_integer(e, "id", t->id);
        coley_emit_integer(e, "cells", (int64_t)s->placed[i]);
        coley_emit_text(e, "cycle", cycle_names[t->cycle]);
        coley_emit_number(e, "volume_um3", t->volume.total_um3);
        coley_emit_flag(e, "motile", t->motile);
        if (t->recruitment.rate_per_min > 0)
            coley_emit_number(e, "recruited_per_min_and_vessel", t->recruitment.rate_per_min);
        coley_emit_map(e, "behaviours");
        for (int b = 0; b < s->m->b.count; b++)
            coley_emit_number(e, coley_vocabulary_behaviour_name(s->words, b), base_of(s, i, b));
        coley_emit_end(e);
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

static void emit_rules(const summary *s)
{
    coley_emit *e = s->emit;
    coley_emit_list(e, "rules");
    for (size_t i = 0; i < s->m->n_rules; i++) {
        const coley_rule *r = &s->m->rule[i];
        coley_emit_map(e, NULL);
        coley_emit_text(e, "cell_type", s->m->type[r->type].name);
        coley_emit_text(e, "behaviour", coley_vocabulary_behaviour_name(s->words, r->behaviour));
        coley_emit_number(e, "minimum", r->minimum);
        coley_emit_number(e, "base", r->base);
        coley_emit_number(e, "maximum", r->maximum);
        coley_emit_list(e, "signals");
        for (size_t k = 0; k < r->n_terms; k++) {
            coley_emit_map(e, NULL);
            coley_emit_text(e, "signal", coley_vocabulary_signal_name(s->words, r->term[k].signal));
            coley_emit_text(e, "direction", r->term[k].increases ? "increases" : "decreases");
            coley_emit_number(e, "half_maximum", r->term[k].half);
            coley_emit_number(e, "hill_power", r->term[k].hill);
            coley_emit_flag(e, "dead_cells_too", r->term[k].dead_too);
            coley_emit_end(e);
        }
        coley_emit_end(e);
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

static void emit_notes(const summary *s, const coley_physicell_notes *notes)
{
    coley_emit *e = s->emit;
    coley_emit_list(e, "notes");
    for (size_t i = 0; notes && i < notes->n; i++) {
        coley_emit_map(e, NULL);
        coley_emit_text(e, "file", notes->note[i].file);
        coley_emit_integer(e, "line", notes->note[i].line);
        coley_emit_text(e, "text", notes->note[i].text);
        coley_emit_end(e);
    }
    coley_emit_end(e);
}

coley_status coley_tissue_summary(coley_arena *arena, const coley_tissue_model *model,
                                  const coley_physicell_notes *notes, bool json, coley_text *out, coley_error *err)
{
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    summary s = {.arena = arena, .m = model, .out = out, .emit = &emit};
    s.words = coley_vocabulary_create(arena, model);
    s.placed = COLEY_NEW(arena, size_t, model->n_types);
    if (!s.words || !s.placed) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < model->n_placed; i++) s.placed[model->placed[i].type]++;
    coley_tissue_model_voxels(model, s.n);
    if (json) {
        coley_emit_map(&emit, NULL);
        emit_domain(&s);
        emit_substrates(&s);
        emit_types(&s);
        emit_rules(&s);
        emit_notes(&s, notes);
        coley_emit_end(&emit);
    } else {
        tell_domain(&s);
        tell_substrates(&s);
        tell_types(&s);
        tell_recruitment(&s);
        tell_rules(&s);
        tell_spreads(&s);
        tell_notes(&s, notes);
    }
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
