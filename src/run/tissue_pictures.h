/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_pictures.h -- the pictures of a run as they come: pictures/picture00000012.png, in 3D also body00000012.png,
 * and preview.png, which is all of them one after the other. */
#ifndef COLEY_RUN_TISSUE_PICTURES_H
#define COLEY_RUN_TISSUE_PICTURES_H

#include "io/movie.h"
#include "io/tissue_frame.h"

typedef struct coley_tissue_pictures {
    coley_arena *arena; /* keeps what is needed until the end */
    const char *folder, *title, *field;
    int dark;
    coley_movie preview; /* open once it has a path */
} coley_tissue_pictures;

/* The frame's number counts pictures from the run's start: those of an earlier run from this number on give way. */
COLEY_MUST_CHECK coley_status coley_tissue_pictures_add(coley_arena *scratch, coley_tissue_pictures *pictures,
                                                        const coley_tissue_frame *frame, coley_error *err);

#endif
