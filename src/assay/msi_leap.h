/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_leap.h -- from one site's reads to the next one's without unpacking what lies between, in a BAM file with an
 * index.
 *
 * An index knows where 16384 bases begin; in a deep file that is hundreds of blocks. The headers of the blocks ahead
 * say how long each is, so that one can be chosen by the bases that blocks hold on average. It is taken only if a
 * record begins it and lies before what is wanted; otherwise a nearer one is tried, or none. What is read after a leap
 * is a part of what would have been read without it, and holds everything that lies at `target` and behind. */
#ifndef COLEY_ASSAY_MSI_LEAP_H
#define COLEY_ASSAY_MSI_LEAP_H

#include <stdint.h>

#include <htslib/sam.h>

typedef struct coley_leap {
    int descriptor;          /* of the file, to look at headers; -1: no leaps */
    int64_t block, position; /* block under way and the position of the first record that was read in it */
    double bases;            /* that a block holds, lately; 0: not known */
    uint64_t n_skipped;      /* blocks */
} coley_leap;

/* For a file that is open; leaps are made in BAM only. */
coley_leap coley_leap_begin(const char *path, const samFile *in);
void coley_leap_end(coley_leap *leap);

/* A piece of the file begins: what was learnt of blocks holds no more. */
void coley_leap_reset(coley_leap *leap);

/* After a record at `position` was read: true when it is the first of its block, so that a leap is worth a thought. */
int coley_leap_at_block(coley_leap *leap, const samFile *in, int64_t position);

/* Go on nearer to `target` (> position) of contig tid. */
void coley_leap_to(coley_leap *leap, samFile *in, hts_itr_t *query, int tid, int64_t position, int64_t target);

#endif
