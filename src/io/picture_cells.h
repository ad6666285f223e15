/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture_cells.h -- the tissue itself, within a picture's frame. */
#ifndef COLEY_IO_PICTURE_CELLS_H
#define COLEY_IO_PICTURE_CELLS_H

#include "io/picture.h"

/* One cell, its radii in pixels. */
void coley_picture_cell(coley_raster *r, double x, double y, double radius, double nucleus, coley_rgb colour,
                        coley_frame_death death, int dark);

/* Field `k` with the colours of levels from low to high. */
void coley_picture_field(coley_raster *r, const coley_tissue_frame *f, const coley_picture_options *o,
                         const coley_picture_map *map, size_t k, double low, double high);

void coley_picture_slice(coley_raster *r, const coley_tissue_frame *f, const coley_picture_options *o,
                         const coley_picture_map *map, const coley_rgb *colour);

/* The body view; needs memory to sort the cells. */
COLEY_MUST_CHECK coley_status coley_picture_body(coley_arena *arena, coley_raster *r, const coley_tissue_frame *f,
                                                 const coley_picture_options *o, const coley_picture_map *map,
                                                 const coley_rgb *colour, coley_error *err);

/* Height of the cut [um]. */
double coley_picture_cut(const coley_tissue_frame *f, const coley_picture_options *o);

#endif
