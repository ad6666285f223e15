/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_parts.h -- what the files of the engine share. Private to src/tissue.
 *
 * A mechanics step is: sort cells by space and copy what forces need in that order (neighbours.c); fields (sources.c,
 * fields.c); every 60th step the phenotype (phenotype.c, rules.c); contacts (interactions.c, springs.c); forces and
 * movement (motion.c). */
#ifndef COLEY_TISSUE_TISSUE_PARTS_H
#define COLEY_TISSUE_TISSUE_PARTS_H

#include "base/rng.h"
#include "tissue/forces.h"
#include "tissue/tissue.h"

/* What a type can do at all, so that the rest is not tried. */
typedef struct type_traits {
    bool eats, attacks, fuses, transforms, springs, counts_contacts, reacts; /* reacts: with any field */
    bool may_rest; /* some of its cells may be held where they are */
    size_t first_rule, n_rules;
} type_traits;

enum { SECRETES = 1, TAKES_UP = 2, EXPORTS = 4 };

/* The sorted copy that forces and contacts are computed from. */
typedef struct neighbours {
    coley_arena *arena; /* owned; a new one when it grows */
    size_t n, cap;
    coley_bins bins;
    uint32_t *bin_start;
    size_t cap_bins;
    uint32_t *slot, *bin_of; /* [cap]: slot of each place in the order; bin of each slot */
    float *x, *y, *z, *radius, *reach, *span, *repulsion, *adhesion, *vx, *vy, *vz;
    uint8_t *type, *death;
    int same; /* as in coley_force_view */
} neighbours;

typedef struct action {
    uint32_t actor, target;
    int kind;
} action;

typedef struct action_list {
    coley_arena *arena;
    size_t n, cap;
    action *action;
    bool failed;
} action_list;

typedef struct spring_pair {
    uint32_t from, to;
} spring_pair;

typedef struct sources {
    coley_arena *arena; /* owned */
    size_t cap, cap_cells;
    uint32_t *stamp, *place_of; /* [voxels]: the last round in which it held cells, its place in the list */
    uint32_t round;
    uint32_t *voxel, *plane, *voxel_of_cell;
    coley_field_cells *cells; /* [n_substrates] */
    size_t n;
} sources;

struct coley_tissue {
    const coley_tissue_model *model;
    coley_tissue_options options;
    coley_arena *arena;
    coley_cell_columns cells;
    coley_fields *fields;
    float *base;          /* [n_types x b.count] */
    int *column_of;       /* [b.count]: varying column of a behaviour, or -1 */
    bool *given;          /* [n_types x b.count] behaviours that the initial state gives cells of a type */
    int *behaviour_of;    /* [n_varying] */
    float *affinity;      /* [n_types x n_types] sqrt(f_ij f_ji), NULL: all 1 */
    bool affinity_varies; /* from cell to cell: forces go the plain way */
    type_traits *trait;   /* [n_types] */
    uint8_t *exchange;    /* [n_substrates x n_types] what a type can do to a substrate at all: SECRETES, ... */
    float ratio;          /* reach / radius where that is one number for all cells; else 0 */
    float *root;          /* [2 x n_types] square roots of repulsion and adhesion, where these do not vary */
    neighbours near;
    sources sources;
    size_t n_springs, cap_springs;
    spring_pair *spring; /* directed, sorted */
    const coley_force_kernels *force;
    uint64_t lane_order[256];
    action_list *actions; /* [n_threads] */
    uint64_t step;
    uint32_t next_id, field_steps, phenotype_every, field_every;
    float mechanics_min, field_min, phenotype_min;
    uint32_t at_once, at_once_before; /* mechanics steps that this step takes in one, and that the one before took */
    float step_min;                   /* their time */
    float stiffest, fastest;          /* of all cells at the last step: 1/min, um/min */
    coley_tissue_tally counts;
    bool contacts_known; /* `near` holds the contacts of the last step */
};

static inline float behaviour_of(const coley_tissue *t, size_t i, int b)
{
    const int k = t->column_of[b];
    return k >= 0 ? t->cells.varying[k][i] : t->base[(size_t)t->cells.type[i] * (size_t)t->model->b.count + (size_t)b];
}

/* Rates that death changes: dead cells do not secrete or export unless a rule says so, and take up less. */
static inline float secreted(const coley_tissue *t, size_t i, int b)
{
    return t->cells.death[i] && t->column_of[b] < 0 ? 0 : behaviour_of(t, i, b);
}

static inline float taken_up(const coley_tissue *t, size_t i, int b)
{
    const float rate = behaviour_of(t, i, b);
    return t->cells.death[i] && t->column_of[b] < 0 ? (float)t->model->dead_uptake_share * rate : rate;
}

/* The chance in this step of what has that chance in one mechanics step. */
static inline float chance_now(const coley_tissue *t, float chance)
{
    if (t->at_once == 1) return chance;
    if (!(chance < 1)) return 1;
    float spared = 1;
    for (uint32_t k = 0; k < t->at_once; k++) spared *= 1 - chance;
    return 1 - spared;
}

/* Threads that the cells are worth: waiting for one another costs as much as some hundred cells. */
static inline int threads_for(const coley_tissue *t)
{
    const size_t worth = 1 + t->cells.n / 1024;
    return worth < (size_t)t->options.n_threads ? (int)worth : t->options.n_threads;
}

static inline bool is_gone(const coley_cell_columns *c, size_t i)
{
    return c->mark[i] & COLEY_MARK_GONE;
}

/* Cells that one cell may touch at once; more are not seen. */
enum { TOUCHING_MAX = 512 };

static inline float uniform_of(uint32_t bits)
{
    return ((float)(bits >> 8) + 0.5f) * 0x1p-24f;
}

/* The engine's parts. False: out of memory. */
bool coley_neighbours_sort(coley_tissue *t);
bool coley_neighbours_reserve(neighbours *near, size_t n, size_t n_bins); /* what it held is lost when it grows */
void coley_neighbours_clear(neighbours *near);
bool coley_sources_gather(coley_tissue *t);
void coley_sources_apply_tracked(coley_tissue *t, float step_min);
void coley_sources_clear(sources *s);
bool coley_phenotype_step(coley_tissue *t);
bool coley_interactions_step(coley_tissue *t);
void coley_motion_step(coley_tissue *t);
bool coley_springs_step(coley_tissue *t);
bool coley_vessels_step(coley_tissue *t);

/* The sorted columns as forces.h wants them. */
coley_force_view coley_neighbours_view(coley_tissue *t);

/* Take out the cells marked gone and put the rest in order of space. */
bool coley_cells_settle(coley_tissue *t);

/* A cell of a type as the model has it, at a free slot; COLEY_NO_CELL without memory. */
uint32_t coley_cell_new(coley_tissue *t, int type);
void coley_cell_scale_volume(coley_cell_columns *c, size_t i, float ratio);
void coley_cell_set_radius(coley_cell_columns *c, size_t i);
void coley_cell_become(coley_tissue *t, size_t i, int type);
void coley_cell_die(coley_tissue *t, size_t i, int death);
void coley_cell_start_phase(coley_tissue *t, size_t i, int phase);

/* rules.c: rewrite the varying behaviours of cell i. contacts: [n_types + 5] counts, or NULL when none are needed. */
void coley_rules_apply(coley_tissue *t, size_t i, const float *contacts);

/* springs.c */
bool coley_spring_add(coley_tissue *t, uint32_t a, uint32_t b);
void coley_spring_remove(coley_tissue *t, uint32_t a, uint32_t b);
void coley_springs_of_cell_remove(coley_tissue *t, uint32_t a);
size_t coley_springs_first(const coley_tissue *t, uint32_t a);
void coley_springs_renumber(coley_tissue *t, const uint32_t *new_slot);

#endif
