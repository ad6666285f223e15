/* SPDX-License-Identifier: GPL-3.0-or-later */
/* movie.h -- pictures one after the other as an animated PNG (third edition of the PNG specification), which browsers
 * play; other programs show its first picture.
 *
 * Pictures are appended as they come. At any moment, a kill included, the file is a whole animation of the pictures so
 * far: a new one is written behind the end mark first, and then the mark gives way. */
#ifndef COLEY_IO_MOVIE_H
#define COLEY_IO_MOVIE_H

#include "base/alloc.h"
#include "base/status.h"
#include "io/raster.h"

#include <stdint.h>

typedef struct coley_movie {
    const char *path;
    int ms; /* that a picture stays */
    int width, height;
    uint32_t n;   /* pictures so far */
    uint64_t end; /* where the end mark stands */
} coley_movie;

/* With keep = 0 a new file, made with its first picture; else the first `keep` pictures of the one that is there stay
 * (all if there are fewer, none if there is no file). */
COLEY_MUST_CHECK coley_status coley_movie_open(coley_arena *arena, const char *path, int ms, uint32_t keep,
                                               coley_movie *movie, coley_error *err);

/* All pictures have the size of the first. */
COLEY_MUST_CHECK coley_status coley_movie_add(coley_arena *scratch, coley_movie *movie, const coley_raster *picture,
                                              coley_error *err);

#endif
