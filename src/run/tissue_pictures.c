/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_pictures.c -- a frame drawn once for its file and once, smaller, for the preview. */
#include "run/tissue_pictures.h"

#include <math.h>

#include "io/picture.h"
#include "io/png.h"

enum { PREVIEW_WIDTH = 640, PREVIEW_MS = 120 };

static coley_status draw(coley_arena *scratch, const coley_tissue_pictures *p, const coley_tissue_frame *frame,
                         const coley_picture_options *options, const char *stem, coley_error *err)
{
    coley_raster picture;
    const char *path = coley_arena_printf(scratch, "%s/pictures/%s%08zu.png", p->folder, stem, frame->number);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_picture_draw(scratch, frame, options, &picture, err));
    return coley_png_write(scratch, &picture, path, err);
}

coley_status coley_tissue_pictures_add(coley_arena *scratch, coley_tissue_pictures *p, const coley_tissue_frame *frame,
                                       coley_error *err)
{
    coley_picture_options options = COLEY_PICTURE_DEFAULT;
    coley_raster small;
    options.title = p->title;
    options.field = p->field;
    options.dark = p->dark;
    COLEY_TRY(draw(scratch, p, frame, &options, "picture", err));
    if (!frame->plane) {
        options.view = COLEY_PICTURE_BODY;
        COLEY_TRY(draw(scratch, p, frame, &options, "body", err));
    }
    if (!p->preview.path) {
        const char *path = coley_arena_printf(p->arena, "%s/preview.png", p->folder);
        if (!path) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_movie_open(p->arena, path, PREVIEW_MS, (uint32_t)frame->number, &p->preview, err));
    }
    options.width = PREVIEW_WIDTH;
    COLEY_TRY(coley_picture_draw(scratch, frame, &options, &small, err));
    return coley_movie_add(scratch, &p->preview, &small, err);
}
