/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_model.h -- what a tissue model says: substrates, cell types, rules, domain and initial state.
 *
 * The vocabulary is that of PhysiCell 1.14 (Ghaffarizadeh 2018, PLoS Comput Biol 14:e1005991; the rules grammar:
 * Johnson 2025, Cell 188:4711), so that its settings XML, rules CSV and cells CSV say everything that stands here. All
 * numbers that a rule may address by name are "behaviours": one row a cell type in `base`, one column a behaviour.
 * Times in minutes, lengths in um, volumes in um3, as those files have them. */
#ifndef COLEY_TISSUE_TISSUE_MODEL_H
#define COLEY_TISSUE_TISSUE_MODEL_H

#include "base/alloc.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At most so many; a settings file with more is refused. */
enum { COLEY_TISSUE_SUBSTRATES_MAX = 64, COLEY_TISSUE_TYPES_MAX = 250, COLEY_TISSUE_PHASES_MAX = 6 };
#define COLEY_TISSUE_LENGTH_MAX_UM 1e6
#define COLEY_TISSUE_VOXELS_MAX    1e9

typedef enum coley_axis { COLEY_AXIS_X, COLEY_AXIS_Y, COLEY_AXIS_Z } coley_axis;

/* Faces of the domain, low before high: x, y, z. */
typedef enum coley_face {
    COLEY_FACE_X_LOW,
    COLEY_FACE_X_HIGH,
    COLEY_FACE_Y_LOW,
    COLEY_FACE_Y_HIGH,
    COLEY_FACE_Z_LOW,
    COLEY_FACE_Z_HIGH,
    COLEY_FACE_COUNT
} coley_face;

/* A diffusing substance: du/dt = D lap u - decay u + supply (target - u) + cells. */
typedef struct coley_substrate {
    const char *name, *unit;
    double diffusion_um2_per_min, decay_per_min, initial;
    double supply_per_min, supply_target; /* everywhere, as from vessels; Coley's own extension */
    bool face_fixed[COLEY_FACE_COUNT];    /* Dirichlet condition on a face ... */
    double face_value[COLEY_FACE_COUNT];
} coley_substrate;

/* A voxel held at a value. */
typedef struct coley_fixed_voxel {
    int substrate;
    double at_um[3], value;
} coley_fixed_voxel;

typedef enum coley_cycle_kind {
    COLEY_CYCLE_LIVE,          /* code 5: one phase */
    COLEY_CYCLE_KI67_BASIC,    /* code 1 */
    COLEY_CYCLE_KI67_ADVANCED, /* code 0 */
    COLEY_CYCLE_FLOW,          /* code 2: G0/G1, S, G2/M */
    COLEY_CYCLE_SEPARATED,     /* code 6: G0/G1, S, G2, M */
    COLEY_CYCLE_QUIESCENT,     /* code 7: cycling and quiescent */
    COLEY_CYCLE_COUNT
} coley_cycle_kind;

enum { COLEY_DEATH_APOPTOSIS, COLEY_DEATH_NECROSIS, COLEY_DEATH_COUNT };

/* How a dying cell's volume changes, and how long a phase of dying lasts. */
typedef struct coley_death_course {
    double unlysed_fluid_per_min, lysed_fluid_per_min, cytoplasm_per_min, nucleus_per_min, calcification_per_min,
        relative_rupture_volume;
    double duration_min[2]; /* apoptosis: [0]; necrosis: [0] swelling until it bursts, [1] lysed */
    bool fixed[2];          /* else the duration is exponential with that mean */
} coley_death_course;

typedef struct coley_volume_course {
    double total_um3, nuclear_um3, fluid_fraction;
    double fluid_per_min, cytoplasm_per_min, nucleus_per_min, calcified_fraction, calcification_per_min,
        relative_rupture_volume;
} coley_volume_course;

typedef enum coley_chemotaxis {
    COLEY_CHEMOTAXIS_OFF,
    COLEY_CHEMOTAXIS_ONE,
    COLEY_CHEMOTAXIS_ADVANCED
} coley_chemotaxis;

/* What hinders the attack of one type on another: Coley's own extension, the checkpoint handshake. PD-1 on the attacker
 * and PD-L1 on the target bind in the synapse; antibodies in the field block either. The share of an attack that goes
 * on is 1 / (1 + (bound / half)^hill), bound = free receptor x free ligand (relative numbers, custom variables). */
typedef struct coley_checkpoint {
    int receptor, ligand;                      /* custom variables of attacker and target; -1: no checkpoint */
    int receptor_antibody, ligand_antibody;    /* substrates, or -1 */
    double receptor_kd, ligand_kd, half, hill; /* Kd in the unit of the substrate */
} coley_checkpoint;

/* Cells of a type that come in from vessels: Coley's own extension. At each vessel rate x C^hill / (half^hill + C^hill)
 * a minute, C the substrate at the vessel; without a substrate: the rate. */
typedef struct coley_recruitment {
    double rate_per_min; /* of one vessel; 0: none come */
    int substrate;       /* or -1 */
    double half, hill;
} coley_recruitment;

/* A number drawn for each cell at the start. */
typedef enum coley_spread_kind {
    COLEY_SPREAD_UNIFORM,    /* a..b */
    COLEY_SPREAD_LOGUNIFORM, /* a..b */
    COLEY_SPREAD_NORMAL,     /* mean a, deviation b, within low..high */
    COLEY_SPREAD_LOGNORMAL,  /* of the logarithm: mean a, deviation b, within low..high */
    COLEY_SPREAD_LOG10NORMAL
} coley_spread_kind;

typedef struct coley_spread {
    int behaviour; /* or COLEY_SPREAD_VOLUME */
    coley_spread_kind kind;
    double a, b, low, high;
} coley_spread;

enum { COLEY_SPREAD_VOLUME = -1 };

typedef struct coley_cell_type {
    const char *name;
    int id; /* the file's ID; its place in the list is its index everywhere */
    coley_cycle_kind cycle;
    bool phase_fixed[COLEY_TISSUE_PHASES_MAX];
    coley_death_course death[COLEY_DEATH_COUNT];
    coley_volume_course volume;
    bool motile, plane_only; /* restrict_to_2D */
    coley_chemotaxis chemotaxis;
    int chemotaxis_substrate, chemotaxis_sign;
    bool chemotaxis_normalized;
    double released_at_death[COLEY_TISSUE_SUBSTRATES_MAX], transferred_when_ingested[COLEY_TISSUE_SUBSTRATES_MAX];
    coley_checkpoint checkpoint;
    coley_recruitment recruitment;
    size_t n_spreads;
    const coley_spread *spread;
    const char *colour; /* "#rrggbb" or NULL */
} coley_cell_type;

typedef struct coley_custom {
    const char *name, *unit;
    bool conserved; /* halved in division, added in fusion and ingestion */
} coley_custom;

/* Where each family of behaviours starts in a row of `base`; how many it has: substrates (S), types (T), custom (C). */
typedef struct coley_behaviours {
    int secretion, secretion_target, uptake, export_rate; /* S each */
    int cycle_exit;                                       /* 6 */
    int apoptosis, necrosis;                              /* 1/min */
    int speed, bias, persistence;                         /* motility */
    int chemotaxis;                                       /* S */
    int adhesion, elastic, affinity /* T */, reach, repulsion, membrane_adhesion, membrane_repulsion;
    int eat_apoptotic, eat_necrotic, eat_other, eat /* T */, attack /* T */, fuse /* T */;
    int transform /* T */, asymmetric /* T */, custom /* C */, movable, immunogenicity /* T */;
    int attachment, detachment, attachments_max;
    int attack_damage, attack_duration, damage, repair;
    int count;
} coley_behaviours;

/* The same for signals. */
typedef struct coley_signals {
    int substrate, internal, gradient; /* S each */
    int pressure, volume;
    int contact; /* T */
    int contact_live, contact_dead, contact_apoptotic, contact_necrotic, contact_other_dead, contact_membrane;
    int damage, damage_delivered, attacking, dead, attack_time, time;
    int custom; /* C */
    int apoptotic, necrotic;
    int count;
} coley_signals;

typedef struct coley_rule_term {
    int signal;
    bool increases, dead_too;
    double half, hill;
} coley_rule_term;

/* One behaviour of one type: U = base + (max - base) H(up), value = U + (min - U) H(down), H(s) = S / (1 + S),
 * S = sum over terms (s / half)^hill. */
typedef struct coley_rule {
    int type, behaviour;
    double minimum, base, maximum;
    size_t n_terms;
    const coley_rule_term *term;
} coley_rule;

/* A cell at the start. `value` overrides numbers of its type. */
typedef struct coley_place_value {
    int behaviour; /* or COLEY_SPREAD_VOLUME */
    double value;
} coley_place_value;

typedef struct coley_place_cell {
    double at_um[3];
    int type;
    uint32_t first_value, n_values; /* into place_value */
} coley_place_cell;

typedef struct coley_tissue_model {
    const char *path, *source; /* the settings file; a line on where the model is from, or NULL */
    double low_um[3], high_um[3], voxel_um[3];
    bool plane; /* 2D: one voxel in z */
    double end_min, diffusion_min, mechanics_min, phenotype_min;
    double full_save_min, picture_save_min; /* <= 0: never */
    const char *time_unit, *space_unit;
    uint64_t seed;
    bool seed_given;
    bool virtual_walls;       /* cells are pushed back at the domain's edge, */
    double wall_repulsion;    /* by wall_repulsion (1 - distance / radius)^2 um/min */
    double dead_uptake_share; /* of its uptake a dying cell keeps so much, unless a rule says otherwise */
    bool springs;             /* automated spring attachments are on */
    bool gradients, track_internal;
    size_t n_substrates;
    const coley_substrate *substrate;
    size_t n_fixed_voxels;
    const coley_fixed_voxel *fixed_voxel;
    const float *start_field[COLEY_TISSUE_SUBSTRATES_MAX]; /* nx ny nz, x fastest; NULL: `initial` everywhere */
    size_t n_types;
    const coley_cell_type *type;
    size_t n_custom;
    const coley_custom *custom;
    coley_behaviours b;
    coley_signals s;
    double *base; /* n_types x b.count */
    size_t n_rules;
    const coley_rule *rule; /* by type, then in the order of the file */
    size_t n_vessels;
    const double (*vessel_um)[3]; /* where cells may come in */
    size_t n_placed;
    const coley_place_cell *placed;
    const coley_place_value *placed_value;
} coley_tissue_model;

/* Number the behaviours and signals of a model with so many substrates, types and custom variables. */
coley_behaviours coley_behaviours_number(size_t n_substrates, size_t n_types, size_t n_custom);
coley_signals coley_signals_number(size_t n_substrates, size_t n_types, size_t n_custom);

/* A model of no types and substrates yet, with PhysiCell's defaults for times and switches. */
coley_tissue_model coley_tissue_model_empty(void);

/* A cell type with PhysiCell's defaults, and its row of `base` (count behaviours, zeroed before). The row's affinities
 * and immunogenicities are 1. */
coley_cell_type coley_cell_type_default(const coley_behaviours *b, size_t n_types, double *base);

/* How many phases a cycle has; phase i goes to phase i + 1, the last one to the first. */
int coley_cycle_phases(coley_cycle_kind cycle);

/* Give a type that cycle, with its standard rates (in the type's row of `base`) and fixed durations. */
void coley_cell_type_set_cycle(coley_cell_type *type, coley_cycle_kind cycle, const coley_behaviours *b, double *base);

/* Voxels along each axis. */
void coley_tissue_model_voxels(const coley_tissue_model *model, size_t n[3]);

/* Contradictions that a parser of one line cannot see (a type without cycle rate table, a face value that is not
 * finite, steps that do not divide each other); the message names model->path. */
coley_status coley_tissue_model_check(const coley_tissue_model *model, coley_error *err);

#endif
