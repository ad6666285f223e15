/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phenotype.c -- every six minutes: transformation, rules, volume, damage, death and the cycle of each cell; then
 * births and removals.
 *
 * Volume (Macklin 2012; PhysiCell 1.14): with V = fluid + solids, f the target fluid fraction,
 *     d fluid/dt = r_F (f V - fluid),  d nuclear solid/dt = r_N (N* - N),  d cytoplasm solid/dt = r_C (ratio N* - C),
 * one Euler step a phenotype step. Events with a rate happen with probability rate x step. */
#include <math.h>

#include "tissue/tissue_parts.h"

typedef struct cycle_shape {
    int n_phases, divides_at_end_of, doubles_at_start_of;
} cycle_shape;

/* In the order of coley_cycle_kind. */
static const cycle_shape cycles[COLEY_CYCLE_COUNT] = {{1, 0, 0}, {2, 1, 1}, {3, 1, 1}, {3, 2, 1}, {4, 3, 1}, {2, 1, 1}};

enum { DRAW_DEATH, DRAW_CYCLE, DRAW_TRANSFORM }; /* transform: one more for each type */

/* A number of cell `id` at this step for one purpose. */
static float draw(const coley_tissue *t, size_t i, int purpose)
{
    uint32_t bits[4];
    coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_PHENOTYPE, (uint64_t)t->cells.id[i] | (uint64_t)purpose << 32,
                   t->step, bits);
    return uniform_of(bits[0]);
}

static void update_volume(coley_tissue *t, size_t i)
{
    coley_cell_columns *c = &t->cells;
    const coley_cell_type *type = &t->model->type[c->type[i]];
    const coley_volume_course *v = &type->volume;
    const float dt = t->phenotype_min;
    float fluid_rate = (float)v->fluid_per_min, nucleus_rate = (float)v->nucleus_per_min,
          cytoplasm_rate = (float)v->cytoplasm_per_min, calcify = (float)v->calcification_per_min;
    float fluid_fraction = (float)v->fluid_fraction;
    float ratio = (float)((v->total_um3 - v->nuclear_um3) / v->nuclear_um3);
    if (c->death[i]) {
        const coley_death_course *d = &type->death[c->death[i] - 1];
        const bool lysed = c->death[i] == COLEY_NECROTIC && c->phase[i] == 1;
        fluid_rate = (float)(lysed ? d->lysed_fluid_per_min : d->unlysed_fluid_per_min);
        nucleus_rate = (float)d->nucleus_per_min;
        cytoplasm_rate = (float)d->cytoplasm_per_min;
        calcify = (float)d->calcification_per_min;
        fluid_fraction = c->death[i] == COLEY_NECROTIC && !lysed ? 1 : 0;
        ratio = 0;
    }
    const float total = coley_cell_volume(c, i), nuclear = c->nuclear_fluid[i] + c->nuclear_solid[i];
    c->fluid[i] = fmaxf(c->fluid[i] + dt * fluid_rate * (fluid_fraction * total - c->fluid[i]), 0);
    c->nuclear_fluid[i] = total > 0 ? nuclear / total * c->fluid[i] : 0;
    c->nuclear_solid[i] =
        fmaxf(c->nuclear_solid[i] + dt * nucleus_rate * (c->target_nuclear_solid[i] - c->nuclear_solid[i]), 0);
    c->cytoplasm_solid[i] = fmaxf(
        c->cytoplasm_solid[i] + dt * cytoplasm_rate * (ratio * c->target_nuclear_solid[i] - c->cytoplasm_solid[i]), 0);
    if (calcify > 0) c->calcified[i] += dt * calcify * (1 - c->calcified[i]);
    coley_cell_set_radius(c, i);
}

void coley_cell_set_radius(coley_cell_columns *c, size_t i)
{
    c->radius[i] = cbrtf(coley_cell_volume(c, i) / 4.188790204786391f);
}

void coley_cell_scale_volume(coley_cell_columns *c, size_t i, float ratio)
{
    c->fluid[i] *= ratio;
    c->nuclear_fluid[i] *= ratio;
    c->nuclear_solid[i] *= ratio;
    c->cytoplasm_solid[i] *= ratio;
    c->target_nuclear_solid[i] *= ratio;
    c->rupture_volume[i] *= ratio;
    coley_cell_set_radius(c, i);
}

void coley_cell_start_phase(coley_tissue *t, size_t i, int phase)
{
    coley_cell_columns *c = &t->cells;
    c->phase[i] = (uint8_t)phase;
    c->elapsed[i] = 0;
    if (c->death[i] == COLEY_NECROTIC && phase == 1) {
        c->rupture_volume[i] = INFINITY;
        return;
    }
    if (c->death[i] == COLEY_ALIVE && cycles[t->model->type[c->type[i]].cycle].doubles_at_start_of == phase)
        c->target_nuclear_solid[i] *= 2;
}

void coley_cell_die(coley_tissue *t, size_t i, int death)
{
    coley_cell_columns *c = &t->cells;
    const coley_behaviours *b = &t->model->b;
    c->death[i] = (uint8_t)death;
    c->phase[i] = 0;
    c->elapsed[i] = 0;
    c->mx[i] = c->my[i] = c->mz[i] = 0;
    c->target_nuclear_solid[i] = 0;
    c->rupture_volume[i] =
        coley_cell_volume(c, i) * (float)t->model->type[c->type[i]].death[death - 1].relative_rupture_volume;
    for (size_t k = 0; k < t->model->n_substrates; k++) {
        const int s = t->column_of[b->secretion + (int)k], e = t->column_of[b->export_rate + (int)k],
                  u = t->column_of[b->uptake + (int)k];
        if (s >= 0) c->varying[s][i] = 0;
        if (e >= 0) c->varying[e][i] = 0;
        if (u >= 0) c->varying[u][i] *= (float)t->model->dead_uptake_share;
    }
}

void coley_cell_become(coley_tissue *t, size_t i, int type)
{
    coley_cell_columns *c = &t->cells;
    const coley_volume_course *v = &t->model->type[type].volume;
    const float *base = t->base + (size_t)type * (size_t)t->model->b.count;
    for (size_t k = 0; k < c->n_varying; k++) {
        const int custom = t->behaviour_of[k] - t->model->b.custom;
        if (custom >= 0 && custom < (int)t->model->n_custom && t->model->custom[custom].conserved) continue;
        c->varying[k][i] = base[t->behaviour_of[k]];
    }
    c->type[i] = (uint8_t)type;
    c->phase[i] = 0;
    c->elapsed[i] = 0;
    c->damage[i] = c->delivered[i] = 0;
    c->mx[i] = c->my[i] = c->mz[i] = 0;
    c->target_nuclear_solid[i] = (float)(v->nuclear_um3 * (1 - v->fluid_fraction));
}

static void transform(coley_tissue *t, size_t i, uint32_t *transformed)
{
    const coley_tissue_model *m = t->model;
    if (!t->trait[t->cells.type[i]].transforms) return;
    for (int k = 0; k < (int)m->n_types; k++) {
        const float rate = behaviour_of(t, i, m->b.transform + k);
        if (!(rate > 0) || draw(t, i, DRAW_TRANSFORM + k) > rate * t->phenotype_min) continue;
        coley_cell_become(t, i, k);
        ++*transformed;
        return;
    }
}

static void check_death(coley_tissue *t, size_t i, uint32_t *deaths)
{
    const coley_behaviours *b = &t->model->b;
    const float dt = t->phenotype_min, apoptosis = behaviour_of(t, i, b->apoptosis) * dt,
                necrosis = behaviour_of(t, i, b->necrosis) * dt;
    if (!(apoptosis > 0) && !(necrosis > 0)) return;
    uint32_t bits[4];
    coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_PHENOTYPE,
                   (uint64_t)t->cells.id[i] | (uint64_t)DRAW_DEATH << 32, t->step, bits);
    const int death = uniform_of(bits[0]) < apoptosis  ? COLEY_APOPTOTIC
                      : uniform_of(bits[1]) < necrosis ? COLEY_NECROTIC
                                                       : COLEY_ALIVE;
    if (!death) return;
    coley_cell_die(t, i, death);
    ++*deaths;
}

static void advance_dying(coley_tissue *t, size_t i)
{
    coley_cell_columns *c = &t->cells;
    const float dt = t->phenotype_min;
    const coley_death_course *d = &t->model->type[c->type[i]].death[c->death[i] - 1];
    const int phase = c->phase[i];
    c->elapsed[i] += dt;
    if (c->death[i] == COLEY_NECROTIC && phase == 0 && coley_cell_volume(c, i) < c->rupture_volume[i]) return;
    const float duration = (float)d->duration_min[phase];
    const bool over = d->fixed[phase] ? c->elapsed[i] > duration - 0.5f * dt
                                      : duration <= 0 || draw(t, i, DRAW_CYCLE) < dt / duration;
    if (!over) return;
    if (c->death[i] == COLEY_NECROTIC && phase == 0)
        coley_cell_start_phase(t, i, 1);
    else
        c->mark[i] |= COLEY_MARK_GONE;
}

static void advance_cycle(coley_tissue *t, size_t i)
{
    coley_cell_columns *c = &t->cells;
    const coley_cell_type *type = &t->model->type[c->type[i]];
    const float dt = t->phenotype_min;
    const int phase = c->phase[i];
    c->elapsed[i] += dt;
    const float rate = behaviour_of(t, i, t->model->b.cycle_exit + phase);
    if (!(rate > 0)) return;
    const bool over =
        type->phase_fixed[phase] ? c->elapsed[i] > 1 / rate - 0.5f * dt : draw(t, i, DRAW_CYCLE) < rate * dt;
    if (!over) return;
    const cycle_shape *cycle = &cycles[type->cycle];
    if (cycle->divides_at_end_of == phase) c->mark[i] |= COLEY_MARK_DIVIDES;
    coley_cell_start_phase(t, i, (phase + 1) % cycle->n_phases);
}

/* How many of each type, and of the living and the dead in each way, a cell touches: [types], live, dead, apoptotic,
 * necrotic, otherwise dead. */
static void count_contacts(coley_tissue *t, size_t i, size_t n_types, float *counts)
{
    for (size_t k = 0; k < n_types + 5; k++) counts[k] = 0;
    if (!t->contacts_known) return;
    const neighbours *near = &t->near;
    const uint32_t bin = near->bin_of[i];
    if (bin == UINT32_MAX) return;
    size_t self = near->bin_start[bin];
    while (near->slot[self] != i) self++;
    const coley_force_view view = coley_neighbours_view(t);
    uint32_t place[TOUCHING_MAX];
    const size_t n = t->force->touching(&view, self, place, TOUCHING_MAX);
    for (size_t k = 0; k < n; k++) {
        const uint32_t p = place[k];
        if (near->death[p] == UINT8_MAX) continue; /* eaten since */
        counts[t->near.type[p]]++;
        counts[n_types + (near->death[p] ? 1 : 0)]++;
        if (near->death[p]) counts[n_types + 1 + near->death[p]]++;
    }
}

typedef struct tally {
    uint32_t deaths, transformed;
} tally;

static void advance(coley_tissue *t, size_t i, tally *sum)
{
    coley_cell_columns *c = &t->cells;
    const size_t n_types = t->model->n_types;
    float counts[COLEY_TISSUE_TYPES_MAX + 5];
    if (c->death[i] == COLEY_ALIVE) transform(t, i, &sum->transformed);
    const type_traits *trait = &t->trait[c->type[i]];
    if (trait->n_rules) {
        if (trait->counts_contacts) count_contacts(t, i, n_types, counts);
        coley_rules_apply(t, i, counts);
    }
    update_volume(t, i);
    const float rate = behaviour_of(t, i, t->model->b.damage), repair = behaviour_of(t, i, t->model->b.repair);
    if (rate > 1e-8f || repair > 1e-8f)
        c->damage[i] = (c->damage[i] + t->phenotype_min * rate) / (1 + t->phenotype_min * repair);
    if (c->death[i] == COLEY_ALIVE) check_death(t, i, &sum->deaths);
    if (c->death[i] == COLEY_ALIVE)
        advance_cycle(t, i);
    else
        advance_dying(t, i);
}

static void random_direction(const coley_tissue *t, uint64_t id, float out[3])
{
    uint32_t bits[4];
    coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_DIVIDE, id, t->step, bits);
    const float z = t->model->plane ? 0 : 2 * uniform_of(bits[0]) - 1,
                around = 6.283185307179586f * uniform_of(bits[1]);
    const float r = sqrtf(1 - z * z);
    out[0] = r * cosf(around);
    out[1] = r * sinf(around);
    out[2] = z;
}

/* The daughter's type, when divisions are asymmetric; the last free share is the mother's own type. */
static int daughter_type(const coley_tissue *t, size_t i)
{
    const coley_tissue_model *m = t->model;
    const int own = t->cells.type[i];
    float total = 0;
    for (int k = 0; k < (int)m->n_types; k++) total += behaviour_of(t, i, m->b.asymmetric + k);
    if (!(total > 0)) return own;
    uint32_t bits[4];
    coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_DIVIDE, t->cells.id[i], t->step, bits);
    float r = uniform_of(bits[2]);
    for (int k = 0; k < (int)m->n_types; k++) {
        float share = behaviour_of(t, i, m->b.asymmetric + k);
        if (k == own && total > 1) share = fmaxf(share + 1 - total, 0);
        if (r <= share) return k;
        r -= share;
    }
    return own;
}

static bool divide(coley_tissue *t, size_t i)
{
    coley_cell_columns *c = &t->cells;
    if (!coley_cell_columns_reserve(c, c->n + 1)) return false;
    c->mark[i] &= (uint8_t)~COLEY_MARK_DIVIDES;
    coley_springs_of_cell_remove(t, (uint32_t)i);
    const int type = daughter_type(t, i);
    float way[3];
    random_direction(t, c->id[i], way);
    const size_t d = c->n++;
    const float radius = c->radius[i];
    for (size_t k = 0; k < c->n_varying; k++) {
        const int custom = t->behaviour_of[k] - t->model->b.custom;
        if (custom >= 0 && custom < (int)t->model->n_custom && t->model->custom[custom].conserved)
            c->varying[k][i] *= 0.5f;
    }
    for (size_t k = 0; k < c->n_internal; k++) c->internal[k][i] *= 0.5f;
    coley_cell_scale_volume(c, i, 0.5f);
    c->attacked[i] = 0;
    coley_cell_columns_copy(c, d, i);
    c->id[d] = t->next_id++;
    c->target[d] = COLEY_NO_CELL;
    c->vx[d] = c->vy[d] = c->vz[d] = 0;
    c->x[d] += radius * way[0];
    c->y[d] += radius * way[1];
    c->z[d] += radius * way[2];
    c->x[i] -= 0.5f * radius * way[0];
    c->y[i] -= 0.5f * radius * way[1];
    c->z[i] -= 0.5f * radius * way[2];
    if (type != c->type[d]) coley_cell_become(t, d, type);
    t->counts.births++;
    return true;
}

static void release(coley_tissue *t, size_t i)
{
    coley_cell_columns *c = &t->cells;
    const coley_grid *g = coley_fields_grid(t->fields);
    for (size_t k = 0; k < c->n_internal; k++) {
        float *u = coley_fields_values(t->fields, k);
        u[coley_grid_at(g, c->x[i], c->y[i], c->z[i])] +=
            c->internal[k][i] * (float)t->model->type[c->type[i]].released_at_death[k] / g->volume;
        c->internal[k][i] = 0;
    }
}

bool coley_phenotype_step(coley_tissue *t)
{
    coley_cell_columns *c = &t->cells;
    uint32_t deaths = 0, transformed = 0;
#pragma omp parallel for schedule(static) reduction(+ : deaths, transformed) num_threads(threads_for(t))
    for (size_t i = 0; i < c->n; i++) {
        if (is_gone(c, i)) continue;
        tally sum = {0};
        advance(t, i, &sum);
        deaths += sum.deaths;
        transformed += sum.transformed;
    }
    t->counts.deaths += deaths;
    t->counts.transformed += transformed;
    const size_t n = c->n;
    for (size_t i = 0; i < n; i++) {
        if (is_gone(c, i)) {
            release(t, i);
            t->counts.removed++;
        } else if ((c->mark[i] & COLEY_MARK_DIVIDES) && !divide(t, i)) {
            return false;
        }
    }
    return coley_vessels_step(t) && coley_cells_settle(t);
}
