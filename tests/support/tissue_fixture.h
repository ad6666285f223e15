/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_fixture.h -- a made-up tumour as a frame: a disc or ball of tumour cells with a dead core, a rim of
 * fibroblasts and immune cells that come in from outside. It looks like tissue and nothing more: every number is
 * arithmetic. */
#ifndef COLEY_TESTS_TISSUE_FIXTURE_H
#define COLEY_TESTS_TISSUE_FIXTURE_H

#include <math.h>
#include <stdint.h>

#include "base/alloc.h"
#include "io/tissue_frame.h"

static const coley_frame_type fixture_types[] = {{"tumour", 0, NULL},
                                                 {"CD8 T cell", 1, NULL},
                                                 {"macrophage", 2, NULL},
                                                 {"fibroblast", 3, NULL},
                                                 {"T <reg> & \"co\"", 7, NULL}};

static inline uint32_t fixture_random(uint32_t *state) /* Marsaglia's xorshift */
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

static inline double fixture_unit(uint32_t *state)
{
    return fixture_random(state) * (1.0 / 4294967296.0);
}

typedef struct fixture_columns {
    uint32_t *id, *attacks;
    uint8_t *type, *death, *cycle, *phase;
    float *x, *y, *z, *volume, *nucleus, *fluid, *pressure, *damage;
} fixture_columns;

static inline void fixture_cell(fixture_columns *c, size_t i, const double at[3], double edge_um, uint32_t *state)
{
    const double r = sqrt(at[0] * at[0] + at[1] * at[1] + at[2] * at[2]) / edge_um, u = fixture_unit(state);
    int type = 3 + (u > 0.93), death = COLEY_FRAME_LIVE;
    if (r < 0.55 + 0.05 * sin(7 * atan2(at[1], at[0])))
        type = u < 0.94 ? 0 : u < 0.98 ? 1 : 2;
    else if (u < 0.35)
        type = u < 0.25 ? 1 : 2;
    if (type == 0 && r < 0.2) death = COLEY_FRAME_NECROTIC;
    if (type == 0 && r >= 0.2 && u > 0.91) death = COLEY_FRAME_APOPTOTIC;
    const double volume = (type == 0   ? 2494
                           : type == 2 ? 2000
                                       : 900) *
                          (0.8 + 0.4 * fixture_unit(state)) * (death == COLEY_FRAME_APOPTOTIC ? 0.5 : 1.0);
    c->id[i] = (uint32_t)(3 * i + 1);
    c->attacks[i] = UINT32_MAX;
    c->type[i] = (uint8_t)type;
    c->death[i] = (uint8_t)death;
    c->cycle[i] = death == COLEY_FRAME_LIVE ? 5 : death == COLEY_FRAME_APOPTOTIC ? 100 : 101;
    c->phase[i] = death == COLEY_FRAME_LIVE ? 14 : death == COLEY_FRAME_APOPTOTIC ? 100 : 102;
    c->x[i] = (float)at[0];
    c->y[i] = (float)at[1];
    c->z[i] = (float)at[2];
    c->volume[i] = (float)volume;
    c->nucleus[i] = (float)(0.22 * volume);
    c->fluid[i] = 0.75F;
    c->pressure[i] = (float)(2.0 - 2.0 * r);
    c->damage[i] = (float)u;
}

static inline void fixture_fields(coley_tissue_frame *f, float *oxygen, float *ifn)
{
    const double edge = f->high_um[0];
    for (size_t k = 0, v = 0; k < f->n_voxels[2]; k++)
        for (size_t j = 0; j < f->n_voxels[1]; j++)
            for (size_t i = 0; i < f->n_voxels[0]; i++, v++) {
                const double x = f->low_um[0] + ((double)i + 0.5) * f->voxel_um[0];
                const double y = f->low_um[1] + ((double)j + 0.5) * f->voxel_um[1];
                const double z = f->low_um[2] + ((double)k + 0.5) * f->voxel_um[2];
                const double r = sqrt(x * x + y * y + z * z) / edge;
                oxygen[v] = (float)(38.0 / (1.0 + exp(-8.0 * (r - 0.45))));
                ifn[v] = (float)exp(-10.0 * (r - 0.5) * (r - 0.5) - 2.0 * pow(atan2(y, x) - 0.7, 2));
            }
}

/* A domain of 2 edge_um a side (one voxel thick in a plane), filled with cells 11 um apart; `phase` moves them a
 * little. NULL arrays of the frame are what some models do not have. */
static inline coley_tissue_frame fixture_frame(coley_arena *arena, double edge_um, int plane, double phase)
{
    coley_tissue_frame f = {.time_min = 1500, .number = 12, .program = "Coley", .seed_text = "7", .plane = plane};
    for (int a = 0; a < 3; a++) {
        f.high_um[a] = plane && a == 2 ? 10 : edge_um;
        f.low_um[a] = -f.high_um[a];
        f.voxel_um[a] = 20;
        f.n_voxels[a] = (size_t)(2 * f.high_um[a] / f.voxel_um[a]);
    }
    const size_t n_voxels = f.n_voxels[0] * f.n_voxels[1] * f.n_voxels[2];
    const size_t side = (size_t)(2 * edge_um / 11), layers = plane ? 1 : side, cap = side * side * layers;
    float *field[2] = {COLEY_NEW(arena, float, n_voxels), COLEY_NEW(arena, float, n_voxels)};
    coley_frame_field *fields = COLEY_NEW(arena, coley_frame_field, 2);
    fields[0] = (coley_frame_field){"oxygen", "mmHg", 1e5, 0.1, field[0]};
    fields[1] = (coley_frame_field){"IFN-gamma", "ng/ml", 1e3, 0.01, field[1]};
    f.n_fields = 2;
    f.field = fields;
    fixture_fields(&f, field[0], field[1]);

    fixture_columns c = {
        COLEY_NEW(arena, uint32_t, cap), COLEY_NEW(arena, uint32_t, cap), COLEY_NEW(arena, uint8_t, cap),
        COLEY_NEW(arena, uint8_t, cap),  COLEY_NEW(arena, uint8_t, cap),  COLEY_NEW(arena, uint8_t, cap),
        COLEY_NEW(arena, float, cap),    COLEY_NEW(arena, float, cap),    COLEY_NEW(arena, float, cap),
        COLEY_NEW(arena, float, cap),    COLEY_NEW(arena, float, cap),    COLEY_NEW(arena, float, cap),
        COLEY_NEW(arena, float, cap),    COLEY_NEW(arena, float, cap)};
    uint32_t state = 2463534242U;
    for (size_t k = 0; k < layers; k++)
        for (size_t j = 0; j < side; j++)
            for (size_t i = 0; i < side; i++) {
                const double sway = 2 * sin(phase + (double)(i * j));
                const double at[3] = {((double)i + 0.5 * (double)(j % 2)) * 11 - edge_um + 6 + 4 * fixture_unit(&state),
                                      (double)j * 11 - edge_um + 5 + 4 * fixture_unit(&state) + sway,
                                      plane ? 0 : (double)k * 11 - edge_um + 5 + 4 * fixture_unit(&state)};
                const double r = sqrt(at[0] * at[0] + at[1] * at[1] + at[2] * at[2]) / edge_um;
                if (r < 0.95 && fixture_unit(&state) < (r < 0.55 ? 1.0 : 0.6))
                    fixture_cell(&c, f.n_cells++, at, edge_um, &state);
            }
    coley_frame_column *column = COLEY_NEW(arena, coley_frame_column, 3);
    column[0] = (coley_frame_column){"secretion_rates", "1/min", c.damage, "oxygen"};
    column[1] = (coley_frame_column){"secretion_rates", "1/min", c.pressure, "IFN-gamma"};
    column[2] = (coley_frame_column){"PD-L1 level", "dimensionless", c.damage, NULL};
    f.n_columns = 3;
    f.column = column;
    f.n_types = sizeof fixture_types / sizeof *fixture_types;
    f.type = fixture_types;
    f.id = c.id;
    f.attacks = c.attacks;
    f.type_of = c.type;
    f.death = c.death;
    f.cycle_code = c.cycle;
    f.phase_code = c.phase;
    f.x_um = c.x;
    f.y_um = c.y;
    f.z_um = c.z;
    f.volume_um3 = c.volume;
    f.nuclear_volume_um3 = c.nucleus;
    f.fluid_fraction = c.fluid;
    f.pressure = c.pressure;
    f.damage = c.damage;
    return f;
}

#endif
