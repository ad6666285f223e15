/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_frame.h -- one moment of a tissue as plain columns, for the writers of files and pictures.
 *
 * Everything is borrowed from whoever made the frame. Writers never see the engine. */
#ifndef COLEY_IO_TISSUE_FRAME_H
#define COLEY_IO_TISSUE_FRAME_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

typedef struct coley_frame_type {
    const char *name;
    int id;
    const char *colour; /* "#rrggbb", or NULL: chosen by name, the same in every run */
} coley_frame_type;

typedef struct coley_frame_field {
    const char *name, *unit;
    double diffusion_um2_per_min, decay_per_min;
    const float *value; /* [nx ny nz], x fastest */
} coley_frame_field;

/* A further number of every cell (custom data, rates that rules set, ...). Columns of one name that stand together are
 * one vector, with a component for each substrate, type or axis, which `part` names; MultiCellDS has them under one
 * label. Under PhysiCell's own names (secretion_rates, attack_rates, ...) its loaders find them. */
typedef struct coley_frame_column {
    const char *name, *unit;
    const float *value; /* [n_cells] */
    const char *part;   /* NULL: a plain number */
} coley_frame_column;

typedef enum coley_frame_death { COLEY_FRAME_LIVE, COLEY_FRAME_APOPTOTIC, COLEY_FRAME_NECROTIC } coley_frame_death;

typedef struct coley_tissue_frame {
    double time_min, wall_s;
    size_t number;                                      /* frames before this one */
    const char *program, *seed_text, *source, *created; /* may be NULL; created: ISO 8601, left at the epoch if NULL */
    int plane;                                          /* 2D */
    double low_um[3], high_um[3], voxel_um[3];
    size_t n_voxels[3];
    size_t n_types, n_fields, n_columns, n_cells;
    const coley_frame_type *type;
    const coley_frame_field *field;
    const coley_frame_column *column;
    /* [n_cells] each; what a model does not have may be NULL, but for id, type_of, death, x_um, y_um and volume_um3 */
    const uint32_t *id;
    const uint8_t *type_of;                 /* index into `type` */
    const uint8_t *death;                   /* coley_frame_death */
    const uint8_t *cycle_code, *phase_code; /* PhysiCell's numbers */
    const float *x_um, *y_um, *z_um, *volume_um3, *nuclear_volume_um3, *fluid_fraction, *calcified_fraction,
        *elapsed_min, *pressure, *velocity_x, *velocity_y, *velocity_z, *motility_x, *motility_y, *motility_z, *damage,
        *attack_time_min;
    const uint32_t *attacks; /* id of the cell that is attacked, UINT32_MAX: none */
    size_t n_springs;
    const uint32_t *spring; /* pairs of ids */
    size_t n_neighbours;
    const uint32_t *neighbour; /* pairs of ids of cells in reach of each other, each pair once; NULL: not noted */
} coley_tissue_frame;

/* A column's name with its part, "oxygen_secretion_rates", as pcdl names it; NULL when there is no memory. */
const char *coley_frame_column_name(coley_arena *arena, const coley_frame_column *column);

/* The voxel that holds cell i; for a cell at or beyond the edge the nearest. */
size_t coley_frame_voxel(const coley_tissue_frame *frame, size_t i);

/* Radius of a sphere of that volume. */
static inline double coley_frame_radius_um(double volume_um3)
{
    return cbrt(volume_um3 * 0.238732414637843); /* 3 / 4 pi */
}

#endif
