/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_frame_more.c -- what only some formats want of a tissue: every cell's behaviours under PhysiCell's labels, and
 * who is in reach of whom. */
#include <math.h>
#include <string.h>

#include "run/tissue_run.h"

/* --- behaviours ------------------------------------------------------------------------------------------------- */

enum { EACH_SUBSTRATE = -1, EACH_TYPE = -2 };

typedef struct label {
    const char *name;
    int behaviour, width;
} label;

typedef struct adder {
    coley_arena *arena;
    const coley_tissue *tissue;
    const coley_tissue_model *model;
    const uint32_t *slot;
    size_t n, n_columns, cap;
    coley_frame_column *column;
    bool failed;
} adder;

/* Room for one more column; NULL when there is no memory. */
static float *add_column(adder *a, const char *name, const char *part)
{
    float *value = COLEY_NEW(a->arena, float, a->n);
    a->failed |= !value || !COLEY_RESERVE(a->arena, a->column, a->cap, a->n_columns + 1);
    if (a->failed) return NULL;
    a->column[a->n_columns++] = (coley_frame_column){.name = name, .part = part, .value = value};
    return value;
}

static void add_behaviour(adder *a, const char *name, const char *part, int behaviour)
{
    float *value = add_column(a, name, part);
    for (size_t i = 0; value && i < a->n; i++) value[i] = coley_tissue_behaviour(a->tissue, a->slot[i], behaviour);
}

static void add_label(adder *a, const label *l)
{
    const coley_tissue_model *m = a->model;
    if (l->width > 0)
        for (int k = 0; k < l->width; k++)
            add_behaviour(a, l->name, l->width == 1 ? NULL : k ? "necrosis" : "apoptosis", l->behaviour + k);
    if (l->width == EACH_SUBSTRATE)
        for (size_t k = 0; k < m->n_substrates; k++)
            add_behaviour(a, l->name, m->substrate[k].name, l->behaviour + (int)k);
    if (l->width == EACH_TYPE)
        for (size_t k = 0; k < m->n_types; k++) add_behaviour(a, l->name, m->type[k].name, l->behaviour + (int)k);
}

static void add_behaviours(adder *a)
{
    const coley_behaviours *b = &a->model->b;
    const label labels[] = {{"death_rates", b->apoptosis, 2},
                            {"cell_cell_adhesion_strength", b->adhesion, 1},
                            {"cell_BM_adhesion_strength", b->membrane_adhesion, 1},
                            {"cell_cell_repulsion_strength", b->repulsion, 1},
                            {"cell_BM_repulsion_strength", b->membrane_repulsion, 1},
                            {"cell_adhesion_affinities", b->affinity, EACH_TYPE},
                            {"relative_maximum_adhesion_distance", b->reach, 1},
                            {"maximum_number_of_attachments", b->attachments_max, 1},
                            {"attachment_elastic_constant", b->elastic, 1},
                            {"attachment_rate", b->attachment, 1},
                            {"detachment_rate", b->detachment, 1},
                            {"persistence_time", b->persistence, 1},
                            {"migration_speed", b->speed, 1},
                            {"migration_bias", b->bias, 1},
                            {"chemotactic_sensitivities", b->chemotaxis, EACH_SUBSTRATE},
                            {"secretion_rates", b->secretion, EACH_SUBSTRATE},
                            {"uptake_rates", b->uptake, EACH_SUBSTRATE},
                            {"saturation_densities", b->secretion_target, EACH_SUBSTRATE},
                            {"net_export_rates", b->export_rate, EACH_SUBSTRATE},
                            {"apoptotic_phagocytosis_rate", b->eat_apoptotic, 1},
                            {"necrotic_phagocytosis_rate", b->eat_necrotic, 1},
                            {"other_dead_phagocytosis_rate", b->eat_other, 1},
                            {"live_phagocytosis_rates", b->eat, EACH_TYPE},
                            {"attack_rates", b->attack, EACH_TYPE},
                            {"immunogenicities", b->immunogenicity, EACH_TYPE},
                            {"attack_damage_rate", b->attack_damage, 1},
                            {"attack_duration", b->attack_duration, 1},
                            {"fusion_rates", b->fuse, EACH_TYPE},
                            {"transformation_rates", b->transform, EACH_TYPE},
                            {"asymmetric_division_probabilities", b->asymmetric, EACH_TYPE},
                            {"damage_rate", b->damage, 1},
                            {"damage_repair_rate", b->repair, 1}};
    for (size_t k = 0; k < sizeof labels / sizeof *labels; k++) add_label(a, &labels[k]);
}

/* How the volume of a cell is changing: its type's course, or that of dying. */
static void add_volume(adder *a)
{
    static const char *const name[] = {
        "cytoplasmic_biomass_change_rate", "nuclear_biomass_change_rate", "fluid_change_rate",    "calcification_rate",
        "target_solid_cytoplasmic",        "target_solid_nuclear",        "target_fluid_fraction"};
    enum { N = sizeof name / sizeof *name };
    const coley_cell_columns *c = coley_tissue_cells(a->tissue);
    float *value[N];
    for (int k = 0; k < N; k++) value[k] = add_column(a, name[k], NULL);
    for (size_t k = 0; k < a->n && !a->failed; k++) {
        const size_t i = a->slot[k];
        const coley_cell_type *type = &a->model->type[c->type[i]];
        const coley_volume_course *v = &type->volume;
        const int lysed = c->death[i] == COLEY_NECROTIC && c->phase[i];
        const coley_death_course *d = &type->death[c->death[i] == COLEY_NECROTIC];
        const double live[N] = {v->cytoplasm_per_min,
                                v->nucleus_per_min,
                                v->fluid_per_min,
                                v->calcification_per_min,
                                (double)c->target_nuclear_solid[i] * (v->total_um3 - v->nuclear_um3) / v->nuclear_um3,
                                (double)c->target_nuclear_solid[i],
                                v->fluid_fraction};
        const double dead[N] = {d->cytoplasm_per_min,
                                d->nucleus_per_min,
                                lysed ? d->lysed_fluid_per_min : d->unlysed_fluid_per_min,
                                d->calcification_per_min,
                                0,
                                0,
                                c->death[i] == COLEY_NECROTIC && !lysed}; /* it swells first */
        for (int j = 0; j < N; j++) value[j][k] = (float)(c->death[i] ? dead[j] : live[j]);
    }
}

static void add_shares(adder *a)
{
    const coley_cell_columns *c = coley_tissue_cells(a->tissue);
    const coley_tissue_model *m = a->model;
    for (int which = 0; which < 2; which++)
        for (size_t s = 0; s < m->n_substrates; s++) {
            float *share = add_column(a, which ? "fraction_transferred_when_ingested" : "fraction_released_at_death",
                                      m->substrate[s].name);
            for (size_t k = 0; share && k < a->n; k++) {
                const coley_cell_type *type = &m->type[c->type[a->slot[k]]];
                share[k] = (float)(which ? type->transferred_when_ingested : type->released_at_death)[s];
            }
        }
}

/* What is no behaviour, but a label of PhysiCell: from the columns of the cells and from their types. */
static void add_states(adder *a)
{
    const coley_cell_columns *c = coley_tissue_cells(a->tissue);
    const coley_tissue_model *m = a->model;
    float *motile = add_column(a, "is_motile", NULL), *exit = add_column(a, "current_cycle_phase_exit_rate", NULL),
          *delivered = add_column(a, "attack_total_damage_delivered", NULL);
    for (size_t k = 0; k < a->n && !a->failed; k++) {
        const size_t i = a->slot[k];
        motile[k] = m->type[c->type[i]].motile && !c->death[i];
        exit[k] = c->death[i] ? 0 : coley_tissue_behaviour(a->tissue, i, m->b.cycle_exit + c->phase[i]);
        delivered[k] = c->delivered[i];
    }
    for (size_t s = 0; s < c->n_internal; s++) {
        float *inside = add_column(a, "internalized_total_substrates", m->substrate[s].name);
        for (size_t k = 0; inside && k < a->n; k++) inside[k] = c->internal[s][a->slot[k]];
    }
}

/* --- neighbours ------------------------------------------------------------------------------------------------- */

typedef struct finder {
    const coley_tissue_frame *f;
    const float *radius, *reach; /* [n_cells] */
    double width;                /* of a bin: no pair is farther apart */
    size_t n[3];
    uint32_t *first, *next; /* first cell of each bin, next one of the same bin; UINT32_MAX: none */
    coley_arena *arena;
    uint32_t *pair;
    size_t n_pairs, cap;
    bool failed;
} finder;

static size_t bin_along(const finder *s, int axis, double at)
{
    const double k = floor((at - s->f->low_um[axis]) / s->width);
    return k < 0 ? 0 : k >= (double)s->n[axis] ? s->n[axis] - 1 : (size_t)k;
}

static void bins_of(const finder *s, size_t i, size_t at[3])
{
    at[0] = bin_along(s, 0, (double)s->f->x_um[i]);
    at[1] = bin_along(s, 1, (double)s->f->y_um[i]);
    at[2] = bin_along(s, 2, (double)s->f->z_um[i]);
}

static size_t bin_of(const finder *s, size_t i)
{
    size_t at[3];
    bins_of(s, i, at);
    return (at[2] * s->n[1] + at[1]) * s->n[0] + at[0];
}

static bool fill_bins(finder *s)
{
    const size_t n = s->f->n_cells;
    size_t bins;
    for (;;) { /* few cells in a large domain: no more bins than it pays to clear */
        bins = 1;
        for (int a = 0; a < 3; a++) {
            s->n[a] = (size_t)fmax(1, fmin(floor((s->f->high_um[a] - s->f->low_um[a]) / s->width), 65535));
            bins *= s->n[a];
        }
        if (bins <= 4 * n + 4096) break;
        s->width *= 1.25;
    }
    s->first = COLEY_NEW(s->arena, uint32_t, bins);
    s->next = COLEY_NEW(s->arena, uint32_t, n);
    if (!s->first || !s->next) return false;
    memset(s->first, 0xff, bins * sizeof *s->first);
    for (size_t i = n; i-- > 0;) {
        uint32_t *first = &s->first[bin_of(s, i)];
        s->next[i] = *first;
        *first = (uint32_t)i;
    }
    return true;
}

static void add_pair(finder *s, size_t i, size_t j)
{
    const coley_tissue_frame *f = s->f;
    const double dx = (double)f->x_um[i] - (double)f->x_um[j], dy = (double)f->y_um[i] - (double)f->y_um[j],
                 dz = (double)f->z_um[i] - (double)f->z_um[j];
    const double far = fmax((double)(s->radius[i] + s->radius[j]), (double)(s->reach[i] + s->reach[j]));
    if (dx * dx + dy * dy + dz * dz >= far * far) return;
    s->failed |= !COLEY_RESERVE(s->arena, s->pair, s->cap, 2 * (s->n_pairs + 1));
    if (s->failed) return;
    s->pair[2 * s->n_pairs] = f->id[i];
    s->pair[2 * s->n_pairs++ + 1] = f->id[j];
}

/* Pairs of cell i with later ones in its bin and those around. */
static void add_pairs(finder *s, size_t i)
{
    size_t at[3], low[3], high[3];
    bins_of(s, i, at);
    for (int a = 0; a < 3; a++) {
        low[a] = at[a] ? at[a] - 1 : 0;
        high[a] = at[a] + 1 < s->n[a] ? at[a] + 1 : at[a];
    }
    for (size_t z = low[2]; z <= high[2]; z++)
        for (size_t y = low[1]; y <= high[1]; y++)
            for (size_t x = low[0]; x <= high[0]; x++)
                for (uint32_t j = s->first[(z * s->n[1] + y) * s->n[0] + x]; j != UINT32_MAX; j = s->next[j])
                    if (j > i) add_pair(s, i, j);
}

static bool add_neighbours(adder *a, coley_tissue_frame *f)
{
    const coley_cell_columns *c = coley_tissue_cells(a->tissue);
    float *radius = COLEY_NEW(a->arena, float, a->n), *reach = COLEY_NEW(a->arena, float, a->n);
    if (!radius || !reach) return false;
    double widest = 1;
    for (size_t k = 0; k < a->n; k++) {
        radius[k] = c->radius[a->slot[k]];
        reach[k] = radius[k] * coley_tissue_behaviour(a->tissue, a->slot[k], a->model->b.reach);
        widest = fmax(widest, (double)fmaxf(radius[k], reach[k]));
    }
    finder s = {.f = f, .radius = radius, .reach = reach, .width = 2 * widest, .arena = a->arena};
    if (!fill_bins(&s)) return false;
    for (size_t i = 0; i < a->n && !s.failed; i++) add_pairs(&s, i);
    f->neighbour = s.pair;
    f->n_neighbours = s.n_pairs;
    return !s.failed;
}

const coley_tissue_frame *coley_tissue_frame_full(coley_arena *arena, const coley_tissue *tissue,
                                                  const coley_tissue_frame *frame)
{
    const coley_cell_columns *c = coley_tissue_cells(tissue);
    coley_tissue_frame *f = COLEY_NEW(arena, coley_tissue_frame, 1);
    uint32_t *slot = COLEY_NEW(arena, uint32_t, c->n);
    if (!f || !slot) return NULL;
    *f = *frame;
    adder a = {.arena = arena, .tissue = tissue, .model = coley_tissue_model_of(tissue), .slot = slot};
    for (size_t i = 0; i < c->n; i++)
        if (!(c->mark[i] & COLEY_MARK_GONE)) slot[a.n++] = (uint32_t)i;
    if (!COLEY_RESERVE(arena, a.column, a.cap, frame->n_columns)) return NULL;
    for (size_t k = 0; k < frame->n_columns; k++) a.column[a.n_columns++] = frame->column[k];
    add_behaviours(&a);
    add_states(&a);
    add_volume(&a);
    add_shares(&a);
    if (a.failed || !add_neighbours(&a, f)) return NULL;
    f->column = a.column;
    f->n_columns = a.n_columns;
    return f;
}
