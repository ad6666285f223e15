/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_frame_make.c -- the engine's columns as a frame: cells that are gone left out, fields without filling. */
#include <string.h>

#include "run/tissue_run.h"

/* PhysiCell's numbers of cycle models and phases, in the order of coley_cycle_kind. */
static const uint8_t cycle_code[COLEY_CYCLE_COUNT] = {5, 1, 0, 2, 6, 7};
static const uint8_t phase_code[COLEY_CYCLE_COUNT][COLEY_TISSUE_PHASES_MAX] = {{14},        {3, 2},          {3, 0, 1},
                                                                               {4, 10, 12}, {4, 10, 12, 13}, {15, 16}};
enum { CODE_APOPTOSIS = 100, CODE_NECROSIS = 101, PHASE_APOPTOTIC = 100, PHASE_SWELLING = 101, PHASE_LYSED = 102 };

typedef struct maker {
    coley_arena *arena;
    const coley_tissue *tissue;
    const uint32_t *slot; /* of the cells that are there */
    size_t n;
    coley_tissue_frame *frame;
    int failed;
} maker;

static float *numbers(maker *m)
{
    float *x = COLEY_NEW(m->arena, float, m->n);
    m->failed |= !x;
    return x;
}

static const float *taken(maker *m, const float *column)
{
    float *x = numbers(m);
    if (x)
        for (size_t i = 0; i < m->n; i++) x[i] = column[m->slot[i]];
    return x;
}

static const uint8_t *taken_bytes(maker *m, const uint8_t *column)
{
    uint8_t *x = COLEY_NEW(m->arena, uint8_t, m->n);
    m->failed |= !x;
    if (x)
        for (size_t i = 0; i < m->n; i++) x[i] = column[m->slot[i]];
    return x;
}

static void add_states(maker *m)
{
    const coley_cell_columns *c = coley_tissue_cells(m->tissue);
    const coley_tissue_model *model = coley_tissue_model_of(m->tissue);
    coley_tissue_frame *f = m->frame;
    uint32_t *id = COLEY_NEW(m->arena, uint32_t, m->n), *attacks = COLEY_NEW(m->arena, uint32_t, m->n);
    uint8_t *cycle = COLEY_NEW(m->arena, uint8_t, m->n), *phase = COLEY_NEW(m->arena, uint8_t, m->n);
    float *volume = numbers(m), *nuclear = numbers(m), *fluid = numbers(m);
    m->failed |= !id || !attacks || !cycle || !phase;
    if (m->failed) return;
    for (size_t k = 0; k < m->n; k++) {
        const size_t i = m->slot[k];
        const coley_cycle_kind kind = model->type[c->type[i]].cycle;
        id[k] = c->id[i];
        attacks[k] = c->target[i] == COLEY_NO_CELL ? UINT32_MAX : c->id[c->target[i]];
        cycle[k] = c->death[i] == COLEY_ALIVE       ? cycle_code[kind]
                   : c->death[i] == COLEY_APOPTOTIC ? CODE_APOPTOSIS
                                                    : CODE_NECROSIS;
        phase[k] = c->death[i] == COLEY_ALIVE       ? phase_code[kind][c->phase[i]]
                   : c->death[i] == COLEY_APOPTOTIC ? PHASE_APOPTOTIC
                   : c->phase[i]                    ? PHASE_LYSED
                                                    : PHASE_SWELLING;
        volume[k] = coley_cell_volume(c, i);
        nuclear[k] = c->nuclear_fluid[i] + c->nuclear_solid[i];
        fluid[k] = volume[k] > 0 ? c->fluid[i] / volume[k] : 0;
    }
    f->id = id;
    f->attacks = attacks;
    f->cycle_code = cycle;
    f->phase_code = phase;
    f->volume_um3 = volume;
    f->nuclear_volume_um3 = nuclear;
    f->fluid_fraction = fluid;
}

static void add_columns(maker *m)
{
    const coley_cell_columns *c = coley_tissue_cells(m->tissue);
    coley_tissue_frame *f = m->frame;
    f->type_of = taken_bytes(m, c->type);
    f->death = taken_bytes(m, c->death);
    f->x_um = taken(m, c->x);
    f->y_um = taken(m, c->y);
    f->z_um = taken(m, c->z);
    f->calcified_fraction = taken(m, c->calcified);
    f->elapsed_min = taken(m, c->elapsed);
    f->pressure = taken(m, c->pressure);
    f->velocity_x = taken(m, c->vx);
    f->velocity_y = taken(m, c->vy);
    f->velocity_z = taken(m, c->vz);
    f->motility_x = taken(m, c->mx);
    f->motility_y = taken(m, c->my);
    f->motility_z = taken(m, c->mz);
    f->damage = taken(m, c->damage);
    f->attack_time_min = taken(m, c->attacked);
}

static void add_custom(maker *m)
{
    const coley_tissue_model *model = coley_tissue_model_of(m->tissue);
    coley_frame_column *column = COLEY_NEW(m->arena, coley_frame_column, model->n_custom);
    m->failed |= !column;
    for (size_t k = 0; k < model->n_custom && !m->failed; k++) {
        float *x = numbers(m);
        if (!x) return;
        for (size_t i = 0; i < m->n; i++)
            x[i] = coley_tissue_behaviour(m->tissue, m->slot[i], model->b.custom + (int)k);
        column[k] = (coley_frame_column){.name = model->custom[k].name, .unit = model->custom[k].unit, .value = x};
    }
    m->frame->n_columns = model->n_custom;
    m->frame->column = column;
}

static void add_fields(maker *m)
{
    const coley_tissue_model *model = coley_tissue_model_of(m->tissue);
    coley_fields *fields = coley_tissue_fields(m->tissue);
    const coley_grid *g = coley_fields_grid(fields);
    coley_frame_field *field = COLEY_NEW(m->arena, coley_frame_field, model->n_substrates);
    m->failed |= !field;
    for (size_t k = 0; k < model->n_substrates && !m->failed; k++) {
        const coley_substrate *s = &model->substrate[k];
        float *u = COLEY_NEW(m->arena, float, g->n[0] * g->n[1] * g->n[2]);
        m->failed |= !u;
        if (!u) return;
        for (size_t z = 0; z < g->n[2]; z++)
            for (size_t y = 0; y < g->n[1]; y++)
                memcpy(u + (z * g->n[1] + y) * g->n[0], coley_fields_values(fields, k) + z * g->plane + y * g->row,
                       g->n[0] * sizeof *u);
        field[k] = (coley_frame_field){.name = s->name,
                                       .unit = s->unit,
                                       .diffusion_um2_per_min = s->diffusion_um2_per_min,
                                       .decay_per_min = s->decay_per_min,
                                       .value = u};
    }
    m->frame->n_fields = model->n_substrates;
    m->frame->field = field;
}

static void add_types(maker *m)
{
    const coley_tissue_model *model = coley_tissue_model_of(m->tissue);
    coley_frame_type *type = COLEY_NEW(m->arena, coley_frame_type, model->n_types);
    m->failed |= !type;
    for (size_t k = 0; k < model->n_types && !m->failed; k++)
        type[k] =
            (coley_frame_type){.name = model->type[k].name, .id = model->type[k].id, .colour = model->type[k].colour};
    m->frame->n_types = model->n_types;
    m->frame->type = type;
}

static void add_springs(maker *m)
{
    const coley_cell_columns *c = coley_tissue_cells(m->tissue);
    size_t n;
    const uint32_t *pair = coley_tissue_springs(m->tissue, &n);
    uint32_t *spring = COLEY_NEW(m->arena, uint32_t, n + 1);
    m->failed |= !spring;
    for (size_t k = 0; k < n && spring; k++) {
        if (pair[2 * k] > pair[2 * k + 1]) continue;
        spring[2 * m->frame->n_springs] = c->id[pair[2 * k]];
        spring[2 * m->frame->n_springs++ + 1] = c->id[pair[2 * k + 1]];
    }
    m->frame->spring = spring;
}

const coley_tissue_frame *coley_tissue_frame_make(coley_arena *arena, const coley_tissue *tissue, size_t number,
                                                  const char *program, double wall_s)
{
    const coley_tissue_model *model = coley_tissue_model_of(tissue);
    const coley_cell_columns *c = coley_tissue_cells(tissue);
    coley_tissue_frame *f = COLEY_NEW(arena, coley_tissue_frame, 1);
    uint32_t *slot = COLEY_NEW(arena, uint32_t, c->n);
    if (!f || !slot) return NULL;
    maker m = {.arena = arena, .tissue = tissue, .slot = slot, .frame = f};
    for (size_t i = 0; i < c->n; i++)
        if (!(c->mark[i] & COLEY_MARK_GONE)) slot[m.n++] = (uint32_t)i;
    f->time_min = coley_tissue_time(tissue);
    f->wall_s = wall_s;
    f->number = number;
    f->program = program;
    f->source = model->source;
    f->plane = model->plane;
    f->n_cells = m.n;
    coley_tissue_model_voxels(model, f->n_voxels);
    for (int a = 0; a < 3; a++) {
        f->low_um[a] = model->low_um[a];
        f->high_um[a] = model->high_um[a];
        f->voxel_um[a] = model->voxel_um[a];
    }
    add_types(&m);
    add_states(&m);
    add_columns(&m);
    add_custom(&m);
    add_fields(&m);
    add_springs(&m);
    return m.failed ? NULL : f;
}
