/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_frame.c -- what several writers ask of a frame. */
#include "io/tissue_frame.h"

const char *coley_frame_column_name(coley_arena *arena, const coley_frame_column *column)
{
    return column->part ? coley_arena_printf(arena, "%s_%s", column->part, column->name) : column->name;
}

size_t coley_frame_voxel(const coley_tissue_frame *f, size_t i)
{
    const double at[3] = {(double)f->x_um[i], (double)f->y_um[i], f->z_um ? (double)f->z_um[i] : 0.0};
    size_t voxel = 0;
    for (int a = 2; a >= 0; a--) {
        const double steps = (at[a] - f->low_um[a]) / f->voxel_um[a];
        const size_t last = f->n_voxels[a] - 1;
        voxel = voxel * f->n_voxels[a] + (!(steps > 0) ? 0 : steps >= (double)last ? last : (size_t)steps);
    }
    return voxel;
}
