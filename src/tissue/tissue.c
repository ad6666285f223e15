/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue.c -- a tissue made from its model, and the order of a step. */
#include "tissue/tissue.h"

#include <math.h>

#include "tissue/tissue_parts.h"

/* Which behaviours differ from cell to cell: those that rules set, that are drawn at the start, or that cells are
 * given. */
static bool find_varying(coley_tissue *t)
{
    const coley_tissue_model *m = t->model;
    bool *varies = COLEY_NEW(t->arena, bool, (size_t)m->b.count);
    t->column_of = COLEY_NEW(t->arena, int, (size_t)m->b.count);
    t->behaviour_of = COLEY_NEW(t->arena, int, (size_t)m->b.count);
    t->given = COLEY_NEW(t->arena, bool, m->n_types *(size_t)m->b.count);
    if (!t->given || !varies || !t->column_of || !t->behaviour_of) return false;
    for (size_t k = 0; k < m->n_rules; k++) varies[m->rule[k].behaviour] = true;
    for (size_t k = 0; k < m->n_types; k++)
        for (size_t s = 0; s < m->type[k].n_spreads; s++)
            if (m->type[k].spread[s].behaviour >= 0) varies[m->type[k].spread[s].behaviour] = true;
    for (size_t k = 0; k < m->n_placed; k++)
        for (uint32_t v = 0; v < m->placed[k].n_values; v++) {
            const int b = m->placed_value[m->placed[k].first_value + v].behaviour;
            if (b >= 0) varies[b] = t->given[m->placed[k].type * m->b.count + b] = true;
        }
    for (size_t k = 0; k < m->n_custom; k++)
        if (m->custom[k].conserved) varies[m->b.custom + (int)k] = true;
    size_t n = 0;
    for (int b = 0; b < m->b.count; b++) {
        t->column_of[b] = varies[b] ? (int)n : -1;
        if (varies[b]) t->behaviour_of[n++] = b;
    }
    return coley_cell_columns_init(&t->cells, n, m->track_internal ? m->n_substrates : 0);
}

/* May a behaviour of this type become another than the type's own? Its rules or what its cells start with may do that.
 */
static bool may_vary(const coley_tissue *t, size_t type, int first, size_t n)
{
    const coley_tissue_model *m = t->model;
    const int last = first + (int)n;
    for (size_t k = 0; k < m->n_rules; k++)
        if (m->rule[k].type == (int)type && m->rule[k].behaviour >= first && m->rule[k].behaviour < last) return true;
    for (size_t k = 0; k < m->type[type].n_spreads; k++)
        if (m->type[type].spread[k].behaviour >= first && m->type[type].spread[k].behaviour < last) return true;
    for (int b = first; b < last; b++)
        if (t->given[type * (size_t)m->b.count + (size_t)b]) return true;
    return false;
}

/* Can a behaviour of this type be above 0 at all? */
static bool can(const coley_tissue *t, size_t type, int first, size_t n)
{
    for (int b = first; b < first + (int)n; b++)
        if (t->base[type * (size_t)t->model->b.count + (size_t)b] > 0) return true;
    return may_vary(t, type, first, n);
}

static uint8_t exchange_of(const coley_tissue *t, size_t type, int substrate)
{
    const coley_behaviours *b = &t->model->b;
    const float out = t->base[type * (size_t)b->count + (size_t)(b->export_rate + substrate)];
    return (uint8_t)((can(t, type, b->secretion + substrate, 1) ? SECRETES : 0) |
                     (can(t, type, b->uptake + substrate, 1) ? TAKES_UP : 0) |
                     (out != 0 || may_vary(t, type, b->export_rate + substrate, 1) ? EXPORTS : 0));
}

static bool is_contact(const coley_tissue_model *m, int signal)
{
    return signal >= m->s.contact && signal < m->s.contact + (int)m->n_types + 5;
}

static bool find_traits(coley_tissue *t)
{
    const coley_tissue_model *m = t->model;
    const coley_behaviours *b = &m->b;
    t->trait = COLEY_NEW(t->arena, type_traits, m->n_types);
    t->exchange = COLEY_NEW(t->arena, uint8_t, m->n_types * m->n_substrates);
    t->root = COLEY_NEW(t->arena, float, 2 * m->n_types);
    if (!t->trait || !t->exchange || !t->root) return false;
    for (size_t k = 0; k < m->n_types; k++) {
        type_traits *r = &t->trait[k];
        r->eats = can(t, k, b->eat_apoptotic, 3) || can(t, k, b->eat, m->n_types);
        r->attacks = can(t, k, b->attack, m->n_types);
        r->fuses = can(t, k, b->fuse, m->n_types);
        r->transforms = can(t, k, b->transform, m->n_types);
        r->springs = can(t, k, b->attachment, 1) || can(t, k, b->detachment, 1);
        for (size_t s = 0; s < m->n_substrates; s++) {
            t->exchange[s * m->n_types + k] = exchange_of(t, k, (int)s);
            r->reacts = r->reacts || t->exchange[s * m->n_types + k];
        }
        const float *base = t->base + k * (size_t)b->count;
        t->ratio = (k == 0 || base[b->reach] == t->ratio) && t->column_of[b->reach] < 0 ? base[b->reach] : 0;
        t->root[2 * k] = sqrtf(base[b->repulsion]);
        t->root[2 * k + 1] = sqrtf(base[b->adhesion]);
        r->may_rest = t->column_of[b->movable] >= 0 || base[b->movable] <= 0.5f;
        for (size_t i = 0; i < m->n_rules; i++) {
            if (m->rule[i].type != (int)k) continue;
            if (!r->n_rules++) r->first_rule = i;
            for (size_t s = 0; s < m->rule[i].n_terms; s++)
                r->counts_contacts = r->counts_contacts || is_contact(m, m->rule[i].term[s].signal);
        }
    }
    return true;
}

static bool make_affinity(coley_tissue *t)
{
    const coley_tissue_model *m = t->model;
    const size_t n = m->n_types, count = (size_t)m->b.count;
    bool all_one = true;
    t->affinity = COLEY_NEW(t->arena, float, n *n + 8);
    if (!t->affinity) return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double f =
                m->base[i * count + (size_t)m->b.affinity + j] * m->base[j * count + (size_t)m->b.affinity + i];
            t->affinity[i * n + j] = (float)sqrt(f);
            all_one = all_one && f == 1;
        }
    if (all_one) t->affinity = NULL;
    for (size_t k = 0; k < n; k++) t->affinity_varies = t->affinity_varies || t->column_of[m->b.affinity + (int)k] >= 0;
    return true;
}

static uint32_t whole_steps(double part, double whole)
{
    const double n = round(whole / part);
    return n < 1 ? 1 : (uint32_t)n;
}

static coley_status set_clocks(coley_tissue *t, coley_error *err)
{
    const coley_tissue_model *m = t->model;
    double field = m->diffusion_min;
    if (t->options.scheme == COLEY_FIELD_DELTA)
        field = t->options.field_step_min > 0 ? t->options.field_step_min : m->mechanics_min;
    t->field_steps = whole_steps(field, m->mechanics_min);
    t->field_every = whole_steps(m->mechanics_min, field);
    t->phenotype_every = whole_steps(m->mechanics_min, m->phenotype_min);
    t->mechanics_min = (float)m->mechanics_min;
    t->field_min =
        (float)(field < m->mechanics_min ? m->mechanics_min / t->field_steps : m->mechanics_min * t->field_every);
    t->phenotype_min = (float)(m->mechanics_min * t->phenotype_every);
    /* Steps at once: every step of mechanics then has its own step of substances, as long as itself. */
    if (t->options.scheme == COLEY_FIELD_SPLIT || t->options.field_step_min > 0 || t->options.steps_at_once < 1)
        t->options.steps_at_once = 1;
    t->at_once = t->at_once_before = 1;
    t->step_min = t->mechanics_min;
    if (t->options.n_threads < 1) t->options.n_threads = 1;
    t->actions = COLEY_NEW(t->arena, action_list, (size_t)t->options.n_threads);
    if (!t->actions) return COLEY_FAIL_MEMORY(err);
    for (int k = 0; k < t->options.n_threads; k++)
        if (!(t->actions[k].arena = coley_arena_create())) return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}

uint32_t coley_cell_new(coley_tissue *t, int type)
{
    coley_cell_columns *c = &t->cells;
    if (!coley_cell_columns_reserve(c, c->n + 1)) return COLEY_NO_CELL;
    const uint32_t i = (uint32_t)c->n++;
    const coley_volume_course *v = &t->model->type[type].volume;
    const float *base = t->base + (size_t)type * (size_t)t->model->b.count;
    c->x[i] = c->y[i] = c->z[i] = c->vx[i] = c->vy[i] = c->vz[i] = c->mx[i] = c->my[i] = c->mz[i] = 0;
    c->fluid[i] = (float)(v->total_um3 * v->fluid_fraction);
    c->nuclear_fluid[i] = (float)(v->nuclear_um3 * v->fluid_fraction);
    c->nuclear_solid[i] = c->target_nuclear_solid[i] = (float)(v->nuclear_um3 * (1 - v->fluid_fraction));
    c->cytoplasm_solid[i] = (float)((v->total_um3 - v->nuclear_um3) * (1 - v->fluid_fraction));
    c->rupture_volume[i] = (float)(v->total_um3 * v->relative_rupture_volume);
    c->calcified[i] = (float)v->calcified_fraction;
    c->pressure[i] = c->elapsed[i] = c->damage[i] = c->delivered[i] = c->attacked[i] = 0;
    c->id[i] = t->next_id++;
    c->target[i] = COLEY_NO_CELL;
    c->type[i] = (uint8_t)type;
    c->phase[i] = c->death[i] = c->mark[i] = 0;
    for (size_t k = 0; k < c->n_varying; k++) c->varying[k][i] = base[t->behaviour_of[k]];
    for (size_t k = 0; k < c->n_internal; k++) c->internal[k][i] = 0;
    coley_cell_set_radius(c, i);
    return i;
}

static void set_value(coley_tissue *t, uint32_t i, int behaviour, double value)
{
    if (behaviour == COLEY_SPREAD_VOLUME)
        coley_cell_scale_volume(&t->cells, i, (float)(value / coley_cell_volume(&t->cells, i)));
    else
        t->cells.varying[t->column_of[behaviour]][i] = (float)value;
}

static double draw_spread(const coley_tissue *t, uint32_t i, size_t which, const coley_spread *s)
{
    for (uint64_t attempt = 0;; attempt++) {
        const uint64_t id = (uint64_t)t->cells.id[i] | (uint64_t)which << 32;
        const double u = coley_rng_uniform(t->options.seed, COLEY_STREAM_TISSUE_SPREAD, id, attempt),
                     z = coley_rng_normal(t->options.seed, COLEY_STREAM_TISSUE_SPREAD, id, attempt);
        double x = 0;
        switch (s->kind) {
        case COLEY_SPREAD_UNIFORM:
            return s->a + u * (s->b - s->a);
        case COLEY_SPREAD_LOGUNIFORM:
            return s->a * pow(s->b / s->a, u);
        case COLEY_SPREAD_NORMAL:
            x = s->a + s->b * z;
            break;
        case COLEY_SPREAD_LOGNORMAL:
            x = exp(s->a + s->b * z);
            break;
        case COLEY_SPREAD_LOG10NORMAL:
            x = pow(10, s->a + s->b * z);
            break;
        }
        if ((x >= s->low && x <= s->high) || attempt > 10000) return fmin(fmax(x, s->low), s->high);
    }
}

bool coley_tissue_add(coley_tissue *t, int type, const double at_um[3])
{
    const uint32_t i = coley_cell_new(t, type);
    if (i == COLEY_NO_CELL) return false;
    t->cells.x[i] = (float)at_um[0];
    t->cells.y[i] = (float)at_um[1];
    t->cells.z[i] = (float)at_um[2];
    const coley_cell_type *of = &t->model->type[type];
    for (size_t s = 0; s < of->n_spreads; s++)
        set_value(t, i, of->spread[s].behaviour, draw_spread(t, i, s, &of->spread[s]));
    return true;
}

static coley_status place_cells(coley_tissue *t, coley_error *err)
{
    const coley_tissue_model *m = t->model;
    if (!coley_cell_columns_reserve(&t->cells, m->n_placed)) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < m->n_placed; k++) {
        const coley_place_cell *p = &m->placed[k];
        if (!coley_tissue_add(t, p->type, p->at_um)) return COLEY_FAIL_MEMORY(err);
        for (uint32_t v = 0; v < p->n_values; v++) {
            const coley_place_value *value = &m->placed_value[p->first_value + v];
            set_value(t, (uint32_t)t->cells.n - 1, value->behaviour, value->value);
        }
    }
    return COLEY_OK;
}

static coley_status fill(coley_tissue *t, coley_error *err)
{
    const coley_tissue_model *m = t->model;
    const size_t n = m->n_types * (size_t)m->b.count;
    t->base = COLEY_NEW(t->arena, float, n);
    if (!t->base) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < n; k++) t->base[k] = (float)m->base[k];
    if (!find_varying(t) || !find_traits(t) || !make_affinity(t)) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(set_clocks(t, err));
    COLEY_TRY(coley_fields_create(t->arena, m, t->options.scheme, t->options.n_threads, &t->fields, err));
    COLEY_TRY(place_cells(t, err));
    return coley_sources_gather(t) ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

coley_status coley_tissue_create(const coley_tissue_model *model, coley_tissue_options options, coley_tissue **tissue,
                                 coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    coley_tissue *t = arena ? COLEY_NEW(arena, coley_tissue, 1) : NULL;
    if (!t) {
        coley_arena_destroy(arena);
        return COLEY_FAIL_MEMORY(err);
    }
    t->arena = arena;
    t->model = model;
    t->options = options;
    t->force = coley_force_kernels_best();
    coley_lane_orders(t->lane_order);
    const coley_status status = fill(t, err);
    if (status != COLEY_OK) {
        coley_tissue_destroy(t);
        return status;
    }
    *tissue = t;
    return COLEY_OK;
}

void coley_tissue_destroy(coley_tissue *tissue)
{
    if (!tissue) return;
    coley_cell_columns_clear(&tissue->cells);
    coley_neighbours_clear(&tissue->near);
    coley_sources_clear(&tissue->sources);
    for (int k = 0; tissue->actions && k < tissue->options.n_threads; k++)
        coley_arena_destroy(tissue->actions[k].arena);
    coley_arena_destroy(tissue->arena);
}

static void step_fields(coley_tissue *t, uint32_t n_steps)
{
    for (uint32_t k = 0; k < n_steps; k++) {
        coley_fields_step(t->fields, t->field_min, t->sources.cells, t->options.n_threads);
        if (t->cells.n_internal) coley_sources_apply_tracked(t, t->field_min);
    }
}

static coley_status check_finite(const coley_tissue *t, coley_error *err)
{
    const coley_cell_columns *c = &t->cells;
    for (size_t i = 0; i < c->n; i++) {
        if (isfinite(c->x[i] + c->y[i] + c->z[i] + c->radius[i]) || is_gone(c, i)) continue;
        return COLEY_FAIL(
            err, COLEY_ERR_DIVERGED,
            "cell %u of type \"%s\" has no finite place or size at %.9g min: take smaller mechanics steps, or "
            "look at the rules for its motility and volume",
            c->id[i], t->model->type[c->type[i]].name, coley_tissue_time(t));
    }
    return COLEY_OK;
}

/* How many mechanics steps the next one takes in one. Adams and Bashforth's method stands while step x largest
 * eigenvalue < 1. After a phenotype step new cells have not yet been felt. */
static uint32_t choose_at_once(const coley_tissue *t)
{
    static const uint32_t choice[] = {5, 3, 2};
    static const float stiff_most = 0.8f, far_most_um = 1;
    const uint64_t since = t->step % t->phenotype_every;
    if (since == 0) return 1;
    for (size_t k = 0; k < sizeof choice / sizeof *choice; k++) {
        const float time = t->mechanics_min * (float)choice[k];
        if (choice[k] <= (uint32_t)t->options.steps_at_once && choice[k] <= 2 * t->at_once_before &&
            since + choice[k] <= t->phenotype_every && time * t->stiffest <= stiff_most &&
            time * t->fastest <= far_most_um)
            return choice[k];
    }
    return 1;
}

/* As PhysiCell orders it: one field step, then phenotype when it is due, mechanics, and the field steps up to the next.
 */
coley_status coley_tissue_step(coley_tissue *t, coley_error *err)
{
    const bool phenotype = t->step % t->phenotype_every == 0;
    t->at_once = choose_at_once(t);
    t->step_min = t->mechanics_min * (float)t->at_once;
    if (t->options.steps_at_once > 1) t->field_min = t->step_min;
    if (t->field_every == 1)
        step_fields(t, 1);
    else if (t->step % t->field_every == 0)
        step_fields(t, 1);
    if (phenotype) {
        COLEY_TRY(check_finite(t, err));
        if (!coley_phenotype_step(t)) return COLEY_FAIL_MEMORY(err);
    }
    if (!coley_neighbours_sort(t) || !coley_springs_step(t) || !coley_interactions_step(t))
        return COLEY_FAIL_MEMORY(err);
    coley_motion_step(t);
    if (!coley_sources_gather(t)) return COLEY_FAIL_MEMORY(err);
    if (t->field_every == 1) step_fields(t, t->field_steps - 1);
    t->step += t->at_once;
    t->at_once_before = t->at_once;
    return COLEY_OK;
}

double coley_tissue_time(const coley_tissue *tissue)
{
    return (double)tissue->step * tissue->model->mechanics_min;
}

uint64_t coley_tissue_steps(const coley_tissue *tissue)
{
    return tissue->step;
}

const coley_cell_columns *coley_tissue_cells(const coley_tissue *tissue)
{
    return &tissue->cells;
}

coley_fields *coley_tissue_fields(const coley_tissue *tissue)
{
    return tissue->fields;
}

const coley_tissue_model *coley_tissue_model_of(const coley_tissue *tissue)
{
    return tissue->model;
}

coley_tissue_tally coley_tissue_tallied(const coley_tissue *tissue)
{
    return tissue->counts;
}

float coley_tissue_behaviour(const coley_tissue *tissue, size_t slot, int behaviour)
{
    return behaviour_of(tissue, slot, behaviour);
}

const uint32_t *coley_tissue_springs(const coley_tissue *tissue, size_t *n)
{
    *n = tissue->n_springs;
    return &tissue->spring->from;
}

coley_tissue_memory coley_tissue_memory_of(const coley_tissue *tissue)
{
    coley_tissue_memory m = {.cell_columns = coley_cell_columns_bytes(&tissue->cells)};
    m.cell_scratch = 11 * sizeof(float) + 2 * sizeof(uint32_t) + 2 + sizeof(uint32_t);
    m.voxel = (tissue->model->n_substrates + (tissue->options.scheme == COLEY_FIELD_DELTA)) * sizeof(float) +
              2 * sizeof(uint32_t);
    const coley_arena *const parts[] = {tissue->cells.arena, tissue->near.arena, tissue->sources.arena, tissue->arena};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        if (parts[k]) m.total += coley_arena_used(parts[k]);
    return m;
}
