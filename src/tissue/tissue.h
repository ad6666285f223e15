/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue.h -- a piece of tissue, cell by cell, that can be stepped through time.
 *
 * Three clocks, as in PhysiCell: fields, mechanics (movement, contact, attack) and phenotype (rules, volume, cycle,
 * death). Random numbers are functions of (seed, purpose, cell, step) and each sum is taken by one thread in one order,
 * so that the same model and seed give the same bits on any number of threads, and after a restart. */
#ifndef COLEY_TISSUE_TISSUE_H
#define COLEY_TISSUE_TISSUE_H

#include "tissue/cell_columns.h"
#include "tissue/diffusion.h"
#include "tissue/tissue_model.h"

typedef struct coley_tissue coley_tissue;

typedef struct coley_tissue_options {
    coley_field_scheme scheme;
    double field_step_min; /* delta scheme; 0: the mechanics step. The split scheme takes the model's own. */
    int steps_at_once; /* delta scheme at the mechanics step: up to so many of these in one where forces are small */
    uint64_t seed;
    int n_threads;
} coley_tissue_options;

/* What happened since the start. */
typedef struct coley_tissue_tally {
    uint64_t births, deaths, removed, eaten, fused, attacks, transformed, left, recruited;
} coley_tissue_tally;

/* A tissue at time 0, its cells placed; caller destroys it. The model is borrowed for its lifetime. */
COLEY_MUST_CHECK coley_status coley_tissue_create(const coley_tissue_model *model, coley_tissue_options options,
                                                  coley_tissue **tissue, coley_error *err);
void coley_tissue_destroy(coley_tissue *tissue);

/* Add a living cell of a type; used before the first step. False when there is no memory. */
bool coley_tissue_add(coley_tissue *tissue, int type, const double at_um[3]);

/* One mechanics step, or some at once. ERR_DIVERGED names a cell whose number is not finite; ERR_MEMORY. */
COLEY_MUST_CHECK coley_status coley_tissue_step(coley_tissue *tissue, coley_error *err);

double coley_tissue_time(const coley_tissue *tissue);    /* min */
uint64_t coley_tissue_steps(const coley_tissue *tissue); /* mechanics steps of the model */
const coley_cell_columns *coley_tissue_cells(const coley_tissue *tissue);
coley_fields *coley_tissue_fields(const coley_tissue *tissue);
const coley_tissue_model *coley_tissue_model_of(const coley_tissue *tissue);
coley_tissue_tally coley_tissue_tallied(const coley_tissue *tissue);

/* A behaviour of a cell as it is now. */
float coley_tissue_behaviour(const coley_tissue *tissue, size_t slot, int behaviour);

/* Directed pairs of slots that a spring holds together, sorted; *n pairs. */
const uint32_t *coley_tissue_springs(const coley_tissue *tissue, size_t *n);

/* Bytes of one cell: its columns, and what sorting and forces need for it; and of one voxel. */
typedef struct coley_tissue_memory {
    size_t cell_columns, cell_scratch, voxel, total;
} coley_tissue_memory;
coley_tissue_memory coley_tissue_memory_of(const coley_tissue *tissue);

#endif
