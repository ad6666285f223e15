/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target.h -- the part of the genome that was sequenced: a BED file as sorted, merged stretches by contig.
 *
 * Contigs "1" and "chr1" are one. Stretches that overlap count once in the size. */
#ifndef COLEY_ASSAY_TARGET_H
#define COLEY_ASSAY_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "assay/lines.h"

typedef struct coley_stretch {
    int64_t begin, end; /* from 0, half open */
} coley_stretch;

typedef struct coley_target_contig {
    const char *name; /* without "chr" */
    size_t n, cap;
    coley_stretch *stretch;
} coley_target_contig;

typedef struct coley_target {
    const char *file;
    size_t n_contigs, cap_contigs, n_rows;
    coley_target_contig *contig;
    double megabases; /* of all stretches once */
} coley_target;

COLEY_MUST_CHECK coley_status coley_target_read(coley_arena *arena, const char *path, coley_target *target,
                                                coley_error *err);
COLEY_MUST_CHECK coley_status coley_target_parse(coley_arena *arena, coley_lines *lines, coley_target *target,
                                                 coley_error *err);

/* The contig of that name, or NULL. */
const coley_target_contig *coley_target_find(const coley_target *target, const char *name, size_t length);

/* Is the base at `position` (from 0) inside? `at` is a place to search from, 0 at first: fast when positions rise. */
int coley_target_holds(const coley_target_contig *contig, int64_t position, size_t *at);

/* `name` without a leading "chr", in any case; the length goes with it. */
const char *coley_contig_name(const char *name, size_t *length);

#endif
