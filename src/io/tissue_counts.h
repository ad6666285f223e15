/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_counts.h -- counts over time as CSV, a row a moment: time_min, live, apoptotic and necrotic cells of each
 * type, the mean of each field over the domain.
 *
 * A row is appended in one piece, so that a kill loses at most the one that is being written; what it left unfinished,
 * and rows of a run that went further, go when the table is taken up again. */
#ifndef COLEY_IO_TISSUE_COUNTS_H
#define COLEY_IO_TISSUE_COUNTS_H

#include "base/alloc.h"
#include "base/status.h"
#include "base/text.h"
#include "io/tissue_frame.h"

typedef struct coley_tissue_counts {
    const char *path;
    int fd;
    size_t length; /* of whole rows */
    coley_text row;
} coley_tissue_counts;

/* A new table; or, if `from_min` is above minus infinity and there is one with this header, its rows before that time
 * are kept; one with another header is refused. Columns are those of `frame`, whose counts are not written yet.
 * Whatever the table needs comes from `arena`. */
COLEY_MUST_CHECK coley_status coley_tissue_counts_open(coley_arena *arena, const coley_tissue_frame *frame,
                                                       const char *path, double from_min, coley_tissue_counts *counts,
                                                       coley_error *err);

COLEY_MUST_CHECK coley_status coley_tissue_counts_add(coley_tissue_counts *counts, const coley_tissue_frame *frame,
                                                      coley_error *err);

void coley_tissue_counts_close(coley_tissue_counts *counts);

#endif
