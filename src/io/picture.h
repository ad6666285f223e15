/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.h -- a frame as people look at it: cells in the colours of their types over one of the fields, with legend,
 * counts, scale bar, colour bar and time.
 *
 * A live cell has a nucleus; an apoptotic one is pale and its nucleus is in pieces; a necrotic one is grey, crossed and
 * has none: one need not see colours to tell. The same frame gives the same bytes. */
#ifndef COLEY_IO_PICTURE_H
#define COLEY_IO_PICTURE_H

#include "base/alloc.h"
#include "base/status.h"
#include "io/raster.h"
#include "io/tissue_frame.h"

typedef enum coley_picture_view {
    COLEY_PICTURE_SLICE, /* 2D, or in 3D a cut through the tissue, seen from above */
    COLEY_PICTURE_BODY   /* 3D from the side, the nearest eighth cut away; farther cells fade */
} coley_picture_view;

typedef struct coley_picture_options {
    int width; /* [px] 320 to 8000 */
    int dark;
    coley_picture_view view;
    const char *title;            /* NULL: the frame's source */
    const char *field;            /* under the cells; NULL: the first, "": none */
    double field_low, field_high; /* of the colour bar; NaN: 0 and a round number above the frame's */
    double slice_um;              /* height of the cut; NaN: the middle */
    double slab_um;               /* cells whose centre is at most half of this away from the cut are shown whole */
} coley_picture_options;

#define COLEY_PICTURE_DEFAULT                                                                                          \
    {                                                                                                                  \
        .width = 1200, .field_low = NAN, .field_high = NAN, .slice_um = NAN                                            \
    }

COLEY_MUST_CHECK coley_status coley_picture_draw(coley_arena *arena, const coley_tissue_frame *frame,
                                                 const coley_picture_options *options, coley_raster *picture,
                                                 coley_error *err);

/* Where the tissue lies in the picture: pixel of a place is left + (x - low x) scale, bottom - (y - low y) scale. */
typedef struct coley_picture_map {
    double left, top, right, bottom, scale; /* [px], [px/um] */
} coley_picture_map;
coley_picture_map coley_picture_place(const coley_tissue_frame *frame, const coley_picture_options *options);

#endif
