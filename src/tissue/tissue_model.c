/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_model.c -- numbers of behaviours and signals, what a cell type is when nothing is said of it, contradictions.
 */
#include "tissue/tissue_model.h"

#include <math.h>
#include <string.h>

/* Give `first` the next number, and take so many. */
static void take(int *next, int *first, size_t n)
{
    *first = *next;
    *next += (int)n;
}

coley_behaviours coley_behaviours_number(size_t S, size_t T, size_t C)
{
    coley_behaviours b = {0};
    int n = 0;
    take(&n, &b.secretion, S);
    take(&n, &b.secretion_target, S);
    take(&n, &b.uptake, S);
    take(&n, &b.export_rate, S);
    take(&n, &b.cycle_exit, COLEY_TISSUE_PHASES_MAX);
    take(&n, &b.apoptosis, 1);
    take(&n, &b.necrosis, 1);
    take(&n, &b.speed, 1);
    take(&n, &b.bias, 1);
    take(&n, &b.persistence, 1);
    take(&n, &b.chemotaxis, S);
    take(&n, &b.adhesion, 1);
    take(&n, &b.elastic, 1);
    take(&n, &b.affinity, T);
    take(&n, &b.reach, 1);
    take(&n, &b.repulsion, 1);
    take(&n, &b.membrane_adhesion, 1);
    take(&n, &b.membrane_repulsion, 1);
    take(&n, &b.eat_apoptotic, 1);
    take(&n, &b.eat_necrotic, 1);
    take(&n, &b.eat_other, 1);
    take(&n, &b.eat, T);
    take(&n, &b.attack, T);
    take(&n, &b.fuse, T);
    take(&n, &b.transform, T);
    take(&n, &b.asymmetric, T);
    take(&n, &b.custom, C);
    take(&n, &b.movable, 1);
    take(&n, &b.immunogenicity, T);
    take(&n, &b.attachment, 1);
    take(&n, &b.detachment, 1);
    take(&n, &b.attachments_max, 1);
    take(&n, &b.attack_damage, 1);
    take(&n, &b.attack_duration, 1);
    take(&n, &b.damage, 1);
    take(&n, &b.repair, 1);
    b.count = n;
    return b;
}

coley_signals coley_signals_number(size_t S, size_t T, size_t C)
{
    coley_signals s = {0};
    int n = 0;
    take(&n, &s.substrate, S);
    take(&n, &s.internal, S);
    take(&n, &s.gradient, S);
    take(&n, &s.pressure, 1);
    take(&n, &s.volume, 1);
    take(&n, &s.contact, T);
    take(&n, &s.contact_live, 1);
    take(&n, &s.contact_dead, 1);
    take(&n, &s.contact_apoptotic, 1);
    take(&n, &s.contact_necrotic, 1);
    take(&n, &s.contact_other_dead, 1);
    take(&n, &s.contact_membrane, 1);
    take(&n, &s.damage, 1);
    take(&n, &s.damage_delivered, 1);
    take(&n, &s.attacking, 1);
    take(&n, &s.dead, 1);
    take(&n, &s.attack_time, 1);
    take(&n, &s.time, 1);
    take(&n, &s.custom, C);
    take(&n, &s.apoptotic, 1);
    take(&n, &s.necrotic, 1);
    s.count = n;
    return s;
}

/* Fixed in PhysiCell 1.14, not in its files: standard_domain_edge_avoidance_interactions (its standard models) sets
 * cell_BM_repulsion_strength to 100; Cell::start_death scales uptake by 0.1. A file of ours may say otherwise. */
static const double physicell_wall_repulsion = 100, physicell_dead_uptake_share = 0.1;

coley_tissue_model coley_tissue_model_empty(void)
{
    return (coley_tissue_model){.low_um = {-500, -500, -500},
                                .high_um = {500, 500, 500},
                                .voxel_um = {20, 20, 20},
                                .end_min = 45 * 24 * 60,
                                .diffusion_min = 0.01,
                                .mechanics_min = 0.1,
                                .phenotype_min = 6,
                                .full_save_min = 60,
                                .picture_save_min = 60,
                                .time_unit = "min",
                                .space_unit = "micron",
                                .springs = true,
                                .wall_repulsion = physicell_wall_repulsion,
                                .dead_uptake_share = physicell_dead_uptake_share};
}

/* The phases of a cycle and their standard rates (PhysiCell 1.14, its MCF10A reference cells), 1/min. */
static const struct {
    int n_phases;
    double rate_per_min[COLEY_TISSUE_PHASES_MAX];
    bool fixed[COLEY_TISSUE_PHASES_MAX];
} cycles[COLEY_CYCLE_COUNT] = {
    [COLEY_CYCLE_LIVE] = {1, {0.0432 / 60}, {false}},
    [COLEY_CYCLE_KI67_BASIC] = {2, {1 / (4.59 * 60), 1 / (15.5 * 60)}, {false, true}},
    [COLEY_CYCLE_KI67_ADVANCED] = {3, {1 / (3.62 * 60), 1 / (13.0 * 60), 1 / (2.5 * 60)}, {false, true, true}},
    [COLEY_CYCLE_FLOW] = {3, {0.00324, 0.00208, 0.00333}, {false}},
    [COLEY_CYCLE_SEPARATED] = {4, {0.00335, 0.00208, 0.00417, 0.0167}, {false}},
    [COLEY_CYCLE_QUIESCENT] = {2, {1 / (4.59 * 60), 1 / (15.5 * 60)}, {false, true}},
};

int coley_cycle_phases(coley_cycle_kind cycle)
{
    return cycles[cycle].n_phases;
}

void coley_cell_type_set_cycle(coley_cell_type *type, coley_cycle_kind cycle, const coley_behaviours *b, double *base)
{
    type->cycle = cycle;
    for (int i = 0; i < COLEY_TISSUE_PHASES_MAX; i++) {
        base[b->cycle_exit + i] = cycles[cycle].rate_per_min[i];
        type->phase_fixed[i] = cycles[cycle].fixed[i];
    }
}

static void set_all(double *base, int first, size_t n, double value)
{
    for (size_t i = 0; i < n; i++) base[(size_t)first + i] = value;
}

coley_cell_type coley_cell_type_default(const coley_behaviours *b, size_t n_types, double *base)
{
    coley_cell_type t = {
        .name = "breast epithelium",
        .death[COLEY_DEATH_APOPTOSIS] = {.unlysed_fluid_per_min = 3.0 / 60,
                                         .cytoplasm_per_min = 1.0 / 60,
                                         .nucleus_per_min = 0.35 / 60,
                                         .relative_rupture_volume = 2,
                                         .duration_min = {8.6 * 60},
                                         .fixed = {true}},
        .death[COLEY_DEATH_NECROSIS] = {.unlysed_fluid_per_min = 0.67 / 60,
                                        .lysed_fluid_per_min = 0.05 / 60,
                                        .cytoplasm_per_min = 0.0032 / 60,
                                        .nucleus_per_min = 0.013 / 60,
                                        .calcification_per_min = 0.0042 / 60,
                                        .relative_rupture_volume = 2,
                                        .duration_min = {1 / 9e9, 60 * 24 * 60},
                                        .fixed = {false, true}},
        .volume = {.total_um3 = 2494,
                   .nuclear_um3 = 540,
                   .fluid_fraction = 0.75,
                   .fluid_per_min = 3.0 / 60,
                   .cytoplasm_per_min = 0.27 / 60,
                   .nucleus_per_min = 0.33 / 60,
                   .relative_rupture_volume = 2},
        .chemotaxis_sign = 1,
        .checkpoint = {.receptor = -1, .ligand = -1, .receptor_antibody = -1, .ligand_antibody = -1},
        .recruitment = {.substrate = -1, .half = 1, .hill = 1},
    };
    for (int i = 0; i < COLEY_TISSUE_SUBSTRATES_MAX; i++) t.transferred_when_ingested[i] = 1;
    coley_cell_type_set_cycle(&t, COLEY_CYCLE_KI67_ADVANCED, b, base);
    base[b->apoptosis] = 0.00319 / 60;
    base[b->speed] = 1;
    base[b->persistence] = 1;
    base[b->adhesion] = 0.4;
    base[b->repulsion] = 10;
    base[b->membrane_adhesion] = 4;
    base[b->membrane_repulsion] = 100;
    base[b->reach] = 1.25;
    base[b->elastic] = 0.01;
    base[b->attachments_max] = 12;
    base[b->attack_damage] = 1;
    base[b->attack_duration] = 30;
    base[b->movable] = 1;
    set_all(base, b->affinity, n_types, 1);
    set_all(base, b->immunogenicity, n_types, 1);
    return t;
}

void coley_tissue_model_voxels(const coley_tissue_model *m, size_t n[3])
{
    for (int a = 0; a < 3; a++) {
        const double voxels = ceil((m->high_um[a] - m->low_um[a]) / m->voxel_um[a] - 1e-9);
        n[a] = voxels >= 1 ? (size_t)voxels : 1;
    }
    if (m->plane) n[2] = 1;
}

/* --- contradictions --------------------------------------------------------------------------------------------- */

#define FAIL(m, of, ...)                                                                                               \
    COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = (m)->path, .key = (of)}), __VA_ARGS__)

static coley_status check_domain(const coley_tissue_model *m, coley_error *err)
{
    static const char *const axis[] = {"domain: x", "domain: y", "domain: z"};
    double voxels = 1;
    for (int a = 0; a < 3; a++) {
        const double length = m->high_um[a] - m->low_um[a];
        if (!(length > 0) || !(length <= COLEY_TISSUE_LENGTH_MAX_UM))
            return FAIL(m, axis[a], "the domain is %g um long here (allowed: above 0, up to %g)", length,
                        COLEY_TISSUE_LENGTH_MAX_UM);
        if (!(m->voxel_um[a] > 0)) return FAIL(m, axis[a], "voxels of %g um (allowed: above 0)", m->voxel_um[a]);
        voxels *= fmax(1, ceil(length / m->voxel_um[a] - 1e-9));
    }
    if (voxels > COLEY_TISSUE_VOXELS_MAX)
        return FAIL(m, "domain", "%g voxels; at most %g are possible: use larger voxels", voxels,
                    COLEY_TISSUE_VOXELS_MAX);
    return COLEY_OK;
}

static bool is_multiple(double of, double unit)
{
    const double n = of / unit;
    return n >= 1 - 1e-6 && fabs(n - round(n)) < 1e-6 * n;
}

static coley_status check_clocks(const coley_tissue_model *m, coley_error *err)
{
    const double step[] = {m->diffusion_min, m->mechanics_min, m->phenotype_min};
    static const char *const name[] = {"overall/dt_diffusion", "overall/dt_mechanics", "overall/dt_phenotype"};
    for (int i = 0; i < 3; i++)
        if (!(step[i] > 0) || !isfinite(step[i]))
            return FAIL(m, name[i], "a step of %g min (allowed: above 0)", step[i]);
    for (int i = 1; i < 3; i++)
        if (!is_multiple(step[i], step[i - 1]))
            return FAIL(m, name[i], "%g min is not a whole number of the next shorter steps of %g min", step[i],
                        step[i - 1]);
    if (!(m->end_min >= 0) || !(m->end_min <= 1e9))
        return FAIL(m, "overall/max_time", "%g min (allowed: 0 to %g)", m->end_min, 1e9);
    return COLEY_OK;
}

static coley_status check_substrates(const coley_tissue_model *m, coley_error *err)
{
    for (size_t i = 0; i < m->n_substrates; i++) {
        const coley_substrate *s = &m->substrate[i];
        const double number[] = {s->diffusion_um2_per_min, s->decay_per_min, s->supply_per_min};
        for (int k = 0; k < 3; k++)
            if (!(number[k] >= 0) || !isfinite(number[k]))
                return FAIL(m, s->name, "diffusion, decay or supply of %g (allowed: from 0)", number[k]);
        for (int f = 0; f < COLEY_FACE_COUNT; f++)
            if (s->face_fixed[f] && !isfinite(s->face_value[f]))
                return FAIL(m, s->name, "a face of the domain is held at %g", s->face_value[f]);
    }
    return COLEY_OK;
}

static coley_status check_types(const coley_tissue_model *m, coley_error *err)
{
    const coley_behaviours *b = &m->b;
    for (size_t i = 0; i < m->n_types; i++) {
        const double *base = m->base + i * (size_t)b->count;
        const coley_volume_course *v = &m->type[i].volume;
        if (!(v->total_um3 > 0) || !(v->nuclear_um3 >= 0) || !(v->nuclear_um3 <= v->total_um3))
            return FAIL(m, m->type[i].name, "a nucleus of %g um3 in a cell of %g um3", v->nuclear_um3, v->total_um3);
        for (int k = 0; k < b->count; k++)
            if (!isfinite(base[k])) return FAIL(m, m->type[i].name, "behaviour number %d is %g", k, base[k]);
        double sum = 0;
        for (size_t k = 0; k < m->n_types; k++) sum += base[(size_t)b->asymmetric + k];
        if (sum > 1 + 1e-9)
            return FAIL(m, m->type[i].name, "probabilities of asymmetric division add up to %g (allowed: up to 1)",
                        sum);
    }
    return COLEY_OK;
}

static coley_status check_rules(const coley_tissue_model *m, coley_error *err)
{
    for (size_t i = 0; i < m->n_rules; i++) {
        const coley_rule *r = &m->rule[i];
        if (r->type < 0 || (size_t)r->type >= m->n_types || r->behaviour < 0 || r->behaviour >= m->b.count)
            return FAIL(m, "cell_rules", "rule %zu is of no cell type or behaviour", i + 1);
        for (size_t k = 0; k < r->n_terms; k++)
            if (!(r->term[k].half > 0) || !(r->term[k].hill > 0))
                return FAIL(m, m->type[r->type].name,
                            "a rule with half-maximum %g and Hill power %g (allowed: above 0)", r->term[k].half,
                            r->term[k].hill);
    }
    return COLEY_OK;
}

coley_status coley_tissue_model_check(const coley_tissue_model *model, coley_error *err)
{
    if (model->n_types == 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = model->path, .key = "cell_definitions"}),
                             "there is no cell type; write at least one cell_definition");
    COLEY_TRY(check_domain(model, err));
    COLEY_TRY(check_clocks(model, err));
    COLEY_TRY(check_substrates(model, err));
    COLEY_TRY(check_types(model, err));
    return check_rules(model, err);
}
