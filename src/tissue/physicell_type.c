/* SPDX-License-Identifier: GPL-3.0-or-later */
/* physicell_type.c -- cell_definitions: what a type inherits, then its phenotype part by part. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "tissue/physicell_parts.h"

typedef struct type_reader {
    physicell_reader *r;
    coley_cell_type *type; /* the one that is read */
    double *base;          /* its row */
    coley_cell_type *plain;
    double *plain_base;                           /* what types without a parent start from */
    coley_death_course shared[COLEY_DEATH_COUNT]; /* of these only durations count: the last type that gave them */
    int shared_line[COLEY_DEATH_COUNT];
    bool own_durations;
} type_reader;

typedef struct number_row {
    const char *element;
    double *value;
    double low, high;
} number_row;

static coley_status read_rows(type_reader *t, const coley_xml *parent, const number_row *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        COLEY_TRY(coley_settings_child_number(t->r, parent, row[i].element, row[i].low, row[i].high, row[i].value));
    return COLEY_OK;
}

#define ROWS(t, parent, rows) read_rows((t), (parent), (rows), sizeof(rows) / sizeof *(rows))

/* A list of <element name="TYPE">number</element>, into `first`, one number a type. A type that there is not is
 * refused, but for a rate of 0. */
static coley_status read_of_types(type_reader *t, const coley_xml *list, const char *element, int first, double high)
{
    physicell_reader *r = t->r;
    for (coley_xml *n = coley_xml_child(list, element); n; n = coley_xml_next(n)) {
        double value = 0;
        COLEY_TRY(coley_settings_number(r, n, 0, high, &value));
        const char *name = coley_xml_attribute_text(n, "name");
        const int of = coley_settings_type(r, name);
        if (of >= 0) {
            t->base[first + of] = value;
        } else if (value == 0) {
            coley_settings_note(r, r->path, n->line, "%s of \"%s\", which is no cell type: ignored", element,
                                name ? name : "");
        } else {
            COLEY_TRY(
                coley_settings_refuse(r, coley_settings_place(r, n), "there is no cell type \"%s\"", name ? name : ""));
        }
    }
    return COLEY_OK;
}

/* --- cycle and death -------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int code;
    coley_cycle_kind kind;
} cycle_names[] = {
    {"Ki67 (advanced)", 0, COLEY_CYCLE_KI67_ADVANCED},
    {"Ki67 (basic)", 1, COLEY_CYCLE_KI67_BASIC},
    {"Flow cytometry model (basic)", 2, COLEY_CYCLE_FLOW},
    {"live apoptotic", 3, COLEY_CYCLE_LIVE}, /* as PhysiCell does: the live model */
    {"total cells", 4, COLEY_CYCLE_LIVE},
    {"Live", 5, COLEY_CYCLE_LIVE},
    {"Flow cytometry model (separated)", 6, COLEY_CYCLE_SEPARATED},
    {"Cycling-Quiescent model", 7, COLEY_CYCLE_QUIESCENT},
};
enum { N_CYCLE_NAMES = sizeof cycle_names / sizeof *cycle_names };

static coley_status find_cycle(type_reader *t, const coley_xml *cycle, coley_cycle_kind *kind)
{
    const char *code = coley_xml_attribute_text(cycle, "code"), *name = coley_xml_attribute_text(cycle, "name");
    int number = -1;
    if (code && *code) COLEY_TRY(coley_settings_integer_attribute(t->r, cycle, "code", 0, 7, &number));
    for (size_t i = 0; i < N_CYCLE_NAMES; i++) {
        if (number >= 0 ? number != cycle_names[i].code : !name || strcasecmp(name, cycle_names[i].name) != 0) continue;
        *kind = cycle_names[i].kind;
        if (number == 3 || number == 4)
            coley_settings_note(t->r, t->r->path, cycle->line, "the cycle \"%s\" is run as \"Live\", as PhysiCell does",
                                cycle_names[i].name);
        return COLEY_OK;
    }
    return PHYSICELL_FAIL(t->r, cycle,
                          "unknown cycle \"%.40s\"; give code=\"0\" (Ki67 advanced), 1 (Ki67 basic), 2 (flow "
                          "cytometry), 5 (live), 6 (flow cytometry separated) or 7 (cycling-quiescent)",
                          name ? name : "");
}

/* <rate start_index end_index fixed_duration>: from each phase there is one way. */
static coley_status read_rates(type_reader *t, const coley_xml *list, int n_phases, bool to_first, double *rate,
                               bool *fixed, bool *given)
{
    for (coley_xml *n = coley_xml_child(list, "rate"); n; n = coley_xml_next(n)) {
        int from, to;
        COLEY_TRY(coley_settings_integer_attribute(t->r, n, "start_index", 0, n_phases - 1, &from));
        COLEY_TRY(coley_settings_integer_attribute(t->r, n, "end_index", 0, n_phases, &to));
        const int next = to_first ? (from + 1) % n_phases : from + 1;
        if (to != next)
            return PHYSICELL_FAIL(t->r, n, "there is no way from phase %d to phase %d; it goes on to phase %d", from,
                                  to, next);
        COLEY_TRY(coley_settings_flag_attribute(t->r, n, "fixed_duration", false, &fixed[from]));
        COLEY_TRY(coley_settings_number(t->r, n, 0, PHYSICELL_LARGEST, &rate[from]));
        given[from] = true;
    }
    return COLEY_OK;
}

/* <duration index fixed_duration>; as a rate, so that 0 is "at once". */
static coley_status read_durations(type_reader *t, const coley_xml *list, int n_phases, double *rate, bool *fixed,
                                   bool *given)
{
    for (coley_xml *n = coley_xml_child(list, "duration"); n; n = coley_xml_next(n)) {
        int phase;
        double minutes = 0;
        COLEY_TRY(coley_settings_integer_attribute(t->r, n, "index", 0, n_phases - 1, &phase));
        COLEY_TRY(coley_settings_flag_attribute(t->r, n, "fixed_duration", false, &fixed[phase]));
        COLEY_TRY(coley_settings_number(t->r, n, 0, PHYSICELL_LARGEST, &minutes));
        rate[phase] = 1 / (minutes + 1e-16);
        given[phase] = true;
    }
    return COLEY_OK;
}

/* Rates and durations of an element, under today's and the former names. */
static coley_status read_phases(type_reader *t, const coley_xml *of, int n_phases, bool to_first, double *rate,
                                bool *fixed, bool *given)
{
    COLEY_TRY(read_rates(t, coley_xml_child(of, "phase_transition_rates"), n_phases, to_first, rate, fixed, given));
    COLEY_TRY(read_rates(t, coley_xml_child(of, "transition_rates"), n_phases, to_first, rate, fixed, given));
    return read_durations(t, coley_xml_child(of, "phase_durations"), n_phases, rate, fixed, given);
}

static coley_status read_asymmetric(type_reader *t, coley_xml *division)
{
    bool enabled;
    if (!division) return COLEY_OK;
    COLEY_TRY(coley_settings_flag_attribute(t->r, division, "enabled", false, &enabled));
    if (!enabled) {
        coley_xml_see_all(division);
        return COLEY_OK;
    }
    return read_of_types(t, division, "asymmetric_division_probability", t->r->model->b.asymmetric, 1);
}

static coley_status read_cycle(type_reader *t, const coley_xml *cycle)
{
    const coley_behaviours *b = &t->r->model->b;
    coley_cycle_kind kind = COLEY_CYCLE_LIVE;
    if (!cycle) return COLEY_OK;
    COLEY_TRY(find_cycle(t, cycle, &kind));
    double inherited[COLEY_TISSUE_PHASES_MAX];
    const bool same = kind == t->type->cycle;
    memcpy(inherited, t->base + b->cycle_exit, sizeof inherited);
    coley_cell_type_set_cycle(t->type, kind, b, t->base);
    if (same) memcpy(t->base + b->cycle_exit, inherited, sizeof inherited);
    bool given[COLEY_TISSUE_PHASES_MAX];
    COLEY_TRY(
        read_phases(t, cycle, coley_cycle_phases(kind), true, t->base + b->cycle_exit, t->type->phase_fixed, given));
    return read_asymmetric(t, coley_xml_child(cycle, "standard_asymmetric_division"));
}

static coley_status find_death(type_reader *t, const coley_xml *model, int *death)
{
    static const char *const names[] = {"apoptosis", "necrosis", "autophagy"};
    const char *code = coley_xml_attribute_text(model, "code"), *name = coley_xml_attribute_text(model, "name");
    *death = -1;
    if (code && *code) {
        COLEY_TRY(coley_settings_integer_attribute(t->r, model, "code", 100, 102, death));
        *death -= 100;
    }
    for (int i = 0; *death < 0 && name && i < 3; i++)
        if (strcasecmp(name, names[i]) == 0) *death = i;
    if (*death >= 0 && *death < COLEY_DEATH_COUNT) return COLEY_OK;
    const bool autophagy = *death == 2;
    *death = -1;
    if (autophagy) {
        coley_settings_note(t->r, t->r->path, model->line, "death by autophagy is left out, as PhysiCell does");
        return COLEY_OK;
    }
    return PHYSICELL_FAIL(t->r, model, "unknown death \"%.40s\"; give code=\"100\" (apoptosis) or \"101\" (necrosis)",
                          name ? name : "");
}

static coley_status read_death_course(type_reader *t, coley_xml *model, int death)
{
    coley_death_course *course = &t->type->death[death];
    const coley_xml *p = coley_xml_child(model, "parameters");
    const number_row rows[] = {
        {"unlysed_fluid_change_rate", &course->unlysed_fluid_per_min, 0, PHYSICELL_LARGEST},
        {"lysed_fluid_change_rate", &course->lysed_fluid_per_min, 0, PHYSICELL_LARGEST},
        {"cytoplasmic_biomass_change_rate", &course->cytoplasm_per_min, 0, PHYSICELL_LARGEST},
        {"nuclear_biomass_change_rate", &course->nucleus_per_min, 0, PHYSICELL_LARGEST},
        {"calcification_rate", &course->calcification_per_min, 0, PHYSICELL_LARGEST},
        {"relative_rupture_volume", &course->relative_rupture_volume, 0, PHYSICELL_LARGEST},
    };
    COLEY_TRY(ROWS(t, p, rows));
    double rate[2];
    bool fixed[2] = {course->fixed[0], course->fixed[1]}, given[2] = {false, false};
    COLEY_TRY(read_phases(t, model, death == COLEY_DEATH_APOPTOSIS ? 1 : 2, false, rate, fixed, given));
    for (int i = 0; i < 2; i++) {
        if (!given[i]) continue;
        course->duration_min[i] = rate[i] > 0 ? 1 / rate[i] : INFINITY;
        course->fixed[i] = fixed[i];
        t->shared[death].duration_min[i] = course->duration_min[i];
        t->shared[death].fixed[i] = fixed[i];
        t->shared_line[death] = model->line;
    }
    return COLEY_OK;
}

static coley_status read_death(type_reader *t, const coley_xml *death)
{
    const coley_behaviours *b = &t->r->model->b;
    for (coley_xml *model = coley_xml_child(death, "model"); model; model = coley_xml_next(model)) {
        int which;
        COLEY_TRY(find_death(t, model, &which));
        if (which < 0) {
            coley_xml_see_all(model);
            continue;
        }
        double rate = 0; /* PhysiCell's, too, when none is given */
        COLEY_TRY(coley_settings_child_number(t->r, model, "death_rate", 0, PHYSICELL_LARGEST, &rate));
        COLEY_TRY(coley_settings_child_number(t->r, model, "rate", 0, PHYSICELL_LARGEST, &rate));
        t->base[which == COLEY_DEATH_APOPTOSIS ? b->apoptosis : b->necrosis] = rate;
        COLEY_TRY(read_death_course(t, model, which));
    }
    return COLEY_OK;
}

/* --- volume, mechanics, motility -------------------------------------------------------------------------------- */

static coley_status read_volume(type_reader *t, const coley_xml *volume)
{
    coley_volume_course *v = &t->type->volume;
    const number_row rows[] = {
        {"total", &v->total_um3, 1e-3, 1e9},
        {"fluid_fraction", &v->fluid_fraction, 0, 1},
        {"nuclear", &v->nuclear_um3, 0, 1e9},
        {"fluid_change_rate", &v->fluid_per_min, 0, PHYSICELL_LARGEST},
        {"cytoplasmic_biomass_change_rate", &v->cytoplasm_per_min, 0, PHYSICELL_LARGEST},
        {"nuclear_biomass_change_rate", &v->nucleus_per_min, 0, PHYSICELL_LARGEST},
        {"calcified_fraction", &v->calcified_fraction, 0, 1},
        {"calcification_rate", &v->calcification_per_min, 0, PHYSICELL_LARGEST},
        {"relative_rupture_volume", &v->relative_rupture_volume, 0, PHYSICELL_LARGEST},
    };
    COLEY_TRY(ROWS(t, volume, rows));
    if (v->nuclear_um3 > v->total_um3)
        return PHYSICELL_FAIL(t->r, volume, "a nucleus of %g um3 in a cell of %g um3", v->nuclear_um3, v->total_um3);
    return COLEY_OK;
}

/* The adhesion that puts two cells in balance at so many radii (PhysiCell 1.14, Mechanics). */
static void set_distance(type_reader *t, double radii)
{
    const coley_behaviours *b = &t->r->model->b;
    const double half = fmin(radii, 2) / 2, ratio = (1 - half) / (1 - half / t->base[b->reach]);
    t->base[b->adhesion] = t->base[b->repulsion] * ratio * ratio;
}

static coley_status read_distance(type_reader *t, const coley_xml *options, const char *name, double unit)
{
    const coley_xml *n = coley_xml_child(options, name);
    bool enabled;
    double distance = 0;
    if (!n) return COLEY_OK;
    COLEY_TRY(coley_settings_flag_attribute(t->r, n, "enabled", false, &enabled));
    if (!enabled) return COLEY_OK;
    COLEY_TRY(coley_settings_number(t->r, n, 0, 1e6, &distance));
    if (distance / unit > 2)
        coley_settings_note(t->r, t->r->path, n->line,
                            "a distance of more than two radii is taken as two, as PhysiCell does");
    set_distance(t, distance / unit);
    return COLEY_OK;
}

static coley_status read_mechanics(type_reader *t, const coley_xml *mechanics)
{
    const coley_behaviours *b = &t->r->model->b;
    double *base = t->base;
    const number_row rows[] = {
        {"cell_cell_adhesion_strength", &base[b->adhesion], 0, 1e9},
        {"cell_BM_adhesion_strength", &base[b->membrane_adhesion], 0, 1e9},
        {"cell_cell_repulsion_strength", &base[b->repulsion], 0, 1e9},
        {"cell_BM_repulsion_strength", &base[b->membrane_repulsion], 0, 1e9},
        {"relative_maximum_adhesion_distance", &base[b->reach], 0, 100},
        {"attachment_elastic_constant", &base[b->elastic], 0, 1e9},
        {"attachment_rate", &base[b->attachment], 0, PHYSICELL_LARGEST},
        {"detachment_rate", &base[b->detachment], 0, PHYSICELL_LARGEST},
        {"maximum_number_of_attachments", &base[b->attachments_max], 0, 1e6},
    };
    if (!mechanics) return COLEY_OK;
    COLEY_TRY(ROWS(t, mechanics, rows));
    base[b->attachments_max] = floor(base[b->attachments_max]);
    COLEY_TRY(read_of_types(t, coley_xml_child(mechanics, "cell_adhesion_affinities"), "cell_adhesion_affinity",
                            b->affinity, 1e6));
    const coley_xml *options = coley_xml_child(mechanics, "options");
    COLEY_TRY(read_distance(t, options, "set_relative_equilibrium_distance", 1));
    return read_distance(t, options, "set_absolute_equilibrium_distance",
                         cbrt(t->type->volume.total_um3 * 3 / (4 * 3.14159265358979323846)));
}

static coley_status read_chemotaxis(type_reader *t, coley_xml *node)
{
    bool enabled = false;
    double direction = t->type->chemotaxis_sign;
    if (!node) return COLEY_OK;
    COLEY_TRY(coley_settings_child_flag(t->r, node, "enabled", &enabled));
    const coley_xml *substrate = coley_xml_child(node, "substrate");
    COLEY_TRY(coley_settings_child_number(t->r, node, "direction", -1e6, 1e6, &direction));
    const int of = coley_settings_substrate(t->r, substrate ? substrate->text : NULL);
    if (enabled && of < 0)
        return PHYSICELL_FAIL(t->r, substrate ? substrate : node, "there is no substrate \"%.60s\"",
                              substrate ? substrate->text : "");
    if (of >= 0) t->type->chemotaxis_substrate = of;
    t->type->chemotaxis_sign = (direction > 0) - (direction < 0);
    if (enabled) t->type->chemotaxis = COLEY_CHEMOTAXIS_ONE;
    return COLEY_OK;
}

static coley_status read_sensitivities(type_reader *t, const coley_xml *list)
{
    physicell_reader *r = t->r;
    for (coley_xml *n = coley_xml_child(list, "chemotactic_sensitivity"); n; n = coley_xml_next(n)) {
        const char *name = coley_xml_attribute_text(n, "substrate");
        const int of = coley_settings_substrate(r, name);
        double value = 0;
        COLEY_TRY(coley_settings_number(r, n, -1e12, 1e12, &value));
        if (of >= 0)
            t->base[r->model->b.chemotaxis + of] = value;
        else if (value == 0)
            coley_settings_note(r, r->path, n->line, "a sensitivity to \"%s\", which is no substrate: ignored",
                                name ? name : "");
        else
            COLEY_TRY(
                coley_settings_refuse(r, coley_settings_place(r, n), "there is no substrate \"%s\"", name ? name : ""));
    }
    return COLEY_OK;
}

static coley_status read_advanced_chemotaxis(type_reader *t, coley_xml *node)
{
    bool enabled = false, normalized = false;
    if (!node) return COLEY_OK;
    COLEY_TRY(coley_settings_child_flag(t->r, node, "enabled", &enabled));
    COLEY_TRY(coley_settings_child_flag(t->r, node, "normalize_each_gradient", &normalized));
    if (enabled) {
        t->type->chemotaxis = COLEY_CHEMOTAXIS_ADVANCED;
        t->type->chemotaxis_normalized = normalized;
    }
    return read_sensitivities(t, coley_xml_child(node, "chemotactic_sensitivities"));
}

static coley_status read_motility(type_reader *t, const coley_xml *motility)
{
    const coley_behaviours *b = &t->r->model->b;
    const number_row rows[] = {
        {"speed", &t->base[b->speed], 0, 1e9},
        {"migration_bias", &t->base[b->bias], 0, 1},
        {"persistence_time", &t->base[b->persistence], 0, PHYSICELL_LARGEST},
    };
    COLEY_TRY(ROWS(t, motility, rows));
    const coley_xml *options = coley_xml_child(motility, "options");
    COLEY_TRY(coley_settings_child_flag(t->r, options, "enabled", &t->type->motile));
    COLEY_TRY(coley_settings_child_flag(t->r, options, "use_2D", &t->type->plane_only));
    COLEY_TRY(read_chemotaxis(t, coley_xml_child(options, "chemotaxis")));
    COLEY_TRY(read_advanced_chemotaxis(t, coley_xml_child(options, "advanced_chemotaxis")));
    if (t->r->model->plane) t->type->plane_only = true;
    return COLEY_OK;
}

/* --- secretion, interactions, transformation, integrity --------------------------------------------------------- */

static coley_status read_secretion(type_reader *t, const coley_xml *secretion)
{
    const coley_behaviours *b = &t->r->model->b;
    for (coley_xml *n = coley_xml_child(secretion, "substrate"); n; n = coley_xml_next(n)) {
        const char *name = coley_xml_attribute_text(n, "name");
        const int of = coley_settings_substrate(t->r, name);
        if (of < 0) return PHYSICELL_FAIL(t->r, n, "there is no substrate \"%.60s\"", name ? name : "");
        const number_row rows[] = {
            {"secretion_rate", &t->base[b->secretion + of], 0, PHYSICELL_LARGEST},
            {"secretion_target", &t->base[b->secretion_target + of], 0, PHYSICELL_LARGEST},
            {"uptake_rate", &t->base[b->uptake + of], 0, PHYSICELL_LARGEST},
            {"net_export_rate", &t->base[b->export_rate + of], -PHYSICELL_LARGEST, PHYSICELL_LARGEST},
        };
        COLEY_TRY(ROWS(t, n, rows));
    }
    return COLEY_OK;
}

static int custom_of(const physicell_reader *r, const char *name)
{
    if (name && strncmp(name, "custom:", 7) == 0) name += 7;
    for (size_t i = 0; name && i < r->model->n_custom; i++)
        if (strcmp(r->custom[i].name, name) == 0) return (int)i;
    return -1;
}

static coley_status checkpoint_name(type_reader *t, const coley_xml *node, const char *attribute, bool of_cells,
                                    bool needed, int *number)
{
    const char *name = coley_xml_attribute_text(node, attribute);
    *number = of_cells ? custom_of(t->r, name) : coley_settings_substrate(t->r, name);
    if (name && *number < 0)
        return PHYSICELL_FAIL(t->r, node, "%s=\"%.60s\" is no %s", attribute, name,
                              of_cells ? "custom variable of custom_data" : "substrate");
    return name || !needed ? COLEY_OK
                           : PHYSICELL_FAIL(t->r, node, "has no %s=\"...\"; name a custom variable", attribute);
}

static coley_status checkpoint_number(type_reader *t, const coley_xml *node, const char *attribute, bool needed,
                                      double *value)
{
    const char *text = coley_xml_attribute_text(node, attribute);
    if (!text && !needed) return COLEY_OK;
    if (!text || !coley_text_number(text, value) || !(*value > 0) || *value > 1e12)
        return PHYSICELL_FAIL(t->r, node, "%s=\"%.40s\" is not a number above 0", attribute, text ? text : "");
    return COLEY_OK;
}

static coley_status read_checkpoint(type_reader *t, const coley_xml *node)
{
    coley_checkpoint c = {.half = 1, .hill = 1, .receptor_kd = 1, .ligand_kd = 1};
    if (!node) return COLEY_OK;
    COLEY_TRY(checkpoint_name(t, node, "receptor", true, true, &c.receptor));
    COLEY_TRY(checkpoint_name(t, node, "ligand", true, true, &c.ligand));
    COLEY_TRY(checkpoint_name(t, node, "receptor_antibody", false, false, &c.receptor_antibody));
    COLEY_TRY(checkpoint_name(t, node, "ligand_antibody", false, false, &c.ligand_antibody));
    COLEY_TRY(checkpoint_number(t, node, "receptor_kd", c.receptor_antibody >= 0, &c.receptor_kd));
    COLEY_TRY(checkpoint_number(t, node, "ligand_kd", c.ligand_antibody >= 0, &c.ligand_kd));
    COLEY_TRY(checkpoint_number(t, node, "half", true, &c.half));
    COLEY_TRY(checkpoint_number(t, node, "hill", false, &c.hill));
    t->type->checkpoint = c;
    return COLEY_OK;
}

/* Before 1.14 the damage of an attack was called damage_rate here; since then its absence means 0. */
static coley_status read_attack(type_reader *t, const coley_xml *node)
{
    physicell_reader *r = t->r;
    const coley_behaviours *b = &r->model->b;
    const coley_xml *damage = coley_xml_child(node, "attack_damage_rate"),
                    *former = coley_xml_child(node, "damage_rate");
    COLEY_TRY(read_of_types(t, coley_xml_child(node, "attack_rates"), "attack_rate", b->attack, PHYSICELL_LARGEST));
    bool attacks = false;
    for (size_t i = 0; i < r->model->n_types; i++) attacks = attacks || t->base[(size_t)b->attack + i] > 0;
    t->base[b->attack_damage] = t->base[b->attack_duration] = 0;
    if (!damage && former) {
        damage = former;
        coley_settings_note(r, r->path, former->line,
                            "damage_rate of cell_interactions, as written before PhysiCell 1.14, is "
                            "taken as attack_damage_rate");
    } else if (!damage && attacks) {
        coley_settings_note(r, r->path, node->line,
                            "attacks without attack_damage_rate do no damage, as in PhysiCell 1.14");
    }
    COLEY_TRY(coley_settings_number(r, damage, 0, PHYSICELL_LARGEST, &t->base[b->attack_damage]));
    return coley_settings_child_number(r, node, "attack_duration", 0, PHYSICELL_LARGEST, &t->base[b->attack_duration]);
}

static coley_status read_interactions(type_reader *t, const coley_xml *node)
{
    const coley_behaviours *b = &t->r->model->b;
    double dead = 0;
    if (!node) return COLEY_OK;
    COLEY_TRY(coley_settings_child_number(t->r, node, "dead_phagocytosis_rate", 0, PHYSICELL_LARGEST, &dead));
    t->base[b->eat_apoptotic] = t->base[b->eat_necrotic] = t->base[b->eat_other] = dead;
    const number_row rows[] = {
        {"apoptotic_phagocytosis_rate", &t->base[b->eat_apoptotic], 0, PHYSICELL_LARGEST},
        {"necrotic_phagocytosis_rate", &t->base[b->eat_necrotic], 0, PHYSICELL_LARGEST},
        {"other_dead_phagocytosis_rate", &t->base[b->eat_other], 0, PHYSICELL_LARGEST},
    };
    COLEY_TRY(ROWS(t, node, rows));
    COLEY_TRY(read_of_types(t, coley_xml_child(node, "live_phagocytosis_rates"), "phagocytosis_rate", b->eat,
                            PHYSICELL_LARGEST));
    COLEY_TRY(read_attack(t, node));
    COLEY_TRY(read_of_types(t, coley_xml_child(node, "fusion_rates"), "fusion_rate", b->fuse, PHYSICELL_LARGEST));
    return read_checkpoint(t, coley_xml_child(node, "checkpoint"));
}

static coley_status read_transformations(type_reader *t, const coley_xml *node)
{
    const int first = t->r->model->b.transform;
    const size_t self = (size_t)(t->type - t->r->type);
    const coley_xml *list = coley_xml_child(node, "transformation_rates");
    const double before = t->base[(size_t)first + self];
    COLEY_TRY(read_of_types(t, list, "transformation_rate", first, PHYSICELL_LARGEST));
    if (list && t->base[(size_t)first + self] != before) {
        coley_settings_note(t->r, t->r->path, list->line, "\"%s\" is to become itself: ignored", t->type->name);
        t->base[(size_t)first + self] = before;
    }
    return COLEY_OK;
}

static coley_status read_phenotype(type_reader *t, const coley_xml *phenotype)
{
    const coley_behaviours *b = &t->r->model->b;
    const number_row integrity[] = {
        {"damage_rate", &t->base[b->damage], 0, PHYSICELL_LARGEST},
        {"damage_repair_rate", &t->base[b->repair], 0, PHYSICELL_LARGEST},
    };
    COLEY_TRY(read_cycle(t, coley_xml_child(phenotype, "cycle")));
    COLEY_TRY(read_death(t, coley_xml_child(phenotype, "death")));
    COLEY_TRY(read_volume(t, coley_xml_child(phenotype, "volume")));
    COLEY_TRY(read_mechanics(t, coley_xml_child(phenotype, "mechanics")));
    COLEY_TRY(read_motility(t, coley_xml_child(phenotype, "motility")));
    COLEY_TRY(read_secretion(t, coley_xml_child(phenotype, "secretion")));
    COLEY_TRY(read_interactions(t, coley_xml_child(phenotype, "cell_interactions")));
    COLEY_TRY(read_transformations(t, coley_xml_child(phenotype, "cell_transformations")));
    COLEY_TRY(ROWS(t, coley_xml_child(phenotype, "cell_integrity"), integrity));
    coley_xml *inside = coley_xml_child(phenotype, "intracellular");
    if (!inside) return COLEY_OK;
    const char *type = coley_xml_attribute_text(inside, "type");
    coley_xml_see_all(inside);
    return coley_settings_refuse(t->r, coley_settings_place(t->r, inside),
                                 "a model inside the cell%s%s%s is not supported", type ? " (" : "", type ? type : "",
                                 type ? ")" : "");
}

/* --- custom data ------------------------------------------------------------------------------------------------ */

static coley_status read_custom(type_reader *t, const coley_xml *data)
{
    for (coley_xml *n = data ? data->first : NULL; n; n = n->next) {
        n->seen = true;
        if (strchr(n->text, ',')) {
            COLEY_TRY(
                coley_settings_refuse(t->r, coley_settings_place(t->r, n), "a custom variable with several values"));
            continue;
        }
        COLEY_TRY(coley_settings_number(t->r, n, -PHYSICELL_LARGEST, PHYSICELL_LARGEST,
                                        &t->base[t->r->model->b.custom + custom_of(t->r, n->name)]));
    }
    return COLEY_OK;
}

static bool is_plain(const coley_xml *definition)
{
    const char *name = coley_xml_attribute_text(definition, "name"), *id = coley_xml_attribute_text(definition, "ID");
    return (name && strcmp(name, "default") == 0) || (id && strcmp(id, "0") == 0);
}

static coley_status list_custom_of(physicell_reader *r, const coley_xml *definition, size_t *cap)
{
    const coley_xml *data = coley_xml_child(definition, "custom_data");
    for (const coley_xml *n = data ? data->first : NULL; n; n = n->next) {
        bool conserved;
        COLEY_TRY(coley_settings_flag_attribute(r, n, "conserved", false, &conserved));
        int i = custom_of(r, n->name);
        if (i < 0) {
            if (r->model->n_custom >= 1000) return PHYSICELL_FAIL(r, n, "more than 1000 custom variables");
            if (!COLEY_RESERVE(r->arena, r->custom, *cap, r->model->n_custom + 1)) return COLEY_FAIL_MEMORY(r->err);
            const char *unit = coley_xml_attribute_text(n, "units");
            i = (int)r->model->n_custom++;
            r->custom[i] = (coley_custom){.name = n->name, .unit = unit ? unit : ""};
        }
        r->custom[i].conserved = r->custom[i].conserved || conserved;
    }
    return COLEY_OK;
}

/* Every custom variable of any type, those of the type that others inherit from first. */
static coley_status list_custom(physicell_reader *r, const coley_xml *definitions)
{
    size_t cap = 0;
    for (int plain = 1; plain >= 0; plain--)
        for (const coley_xml *n = coley_xml_child(definitions, "cell_definition"); n; n = coley_xml_next(n))
            if (is_plain(n) == (bool)plain) COLEY_TRY(list_custom_of(r, n, &cap));
    r->model->custom = r->custom;
    return COLEY_OK;
}

/* --- definitions ------------------------------------------------------------------------------------------------ */

static coley_status name_type(physicell_reader *r, const coley_xml *n)
{
    coley_cell_type *type = &r->type[r->model->n_types];
    const char *name = coley_xml_attribute_text(n, "name");
    if (!name || !*name) return PHYSICELL_FAIL(r, n, "has no name=\"...\"");
    if (r->model->n_types == COLEY_TISSUE_TYPES_MAX)
        return PHYSICELL_FAIL(r, n, "more than %d cell types", COLEY_TISSUE_TYPES_MAX);
    if (coley_settings_type(r, name) >= 0) return PHYSICELL_FAIL(r, n, "a cell type of this name stands above");
    *type = (coley_cell_type){.name = name, .id = -1};
    if (coley_xml_attribute_text(n, "ID"))
        COLEY_TRY(coley_settings_integer_attribute(r, n, "ID", -1, 1 << 30, &type->id));
    for (size_t i = 0; i < r->model->n_types; i++)
        if (type->id >= 0 && r->type[i].id == type->id)
            return PHYSICELL_FAIL(r, n, "ID=\"%d\" is that of \"%.60s\", too", type->id, r->type[i].name);
    r->model->n_types++;
    return COLEY_OK;
}

static coley_status list_types(physicell_reader *r, const coley_xml *definitions)
{
    r->type = COLEY_NEW(r->arena, coley_cell_type, COLEY_TISSUE_TYPES_MAX + 1);
    if (!r->type) return COLEY_FAIL_MEMORY(r->err);
    r->model->type = r->type;
    for (const coley_xml *n = coley_xml_child(definitions, "cell_definition"); n; n = coley_xml_next(n))
        COLEY_TRY(name_type(r, n));
    if (!r->model->n_types) return PHYSICELL_FAIL(r, definitions, "has no <cell_definition>; write at least one");
    return COLEY_OK;
}

static void clear(double *base, int first, size_t n)
{
    memset(base + first, 0, n * sizeof *base);
}

/* What a type without a stated parent does not take over from the first type, whose own numbers would else leak. */
static void forget(const physicell_reader *r, coley_cell_type *type, double *base)
{
    const coley_behaviours *b = &r->model->b;
    const size_t S = r->model->n_substrates, T = r->model->n_types;
    type->motile = false;
    type->chemotaxis = COLEY_CHEMOTAXIS_OFF;
    clear(base, b->chemotaxis, S);
    clear(base, b->secretion, S);
    clear(base, b->uptake, S);
    clear(base, b->export_rate, S);
    clear(base, b->secretion_target, S);
    base[b->eat_apoptotic] = base[b->eat_necrotic] = base[b->eat_other] = 0;
    clear(base, b->eat, T);
    clear(base, b->attack, T);
    base[b->attack_damage] = 1;
    clear(base, b->fuse, T);
    clear(base, b->transform, T);
    clear(base, b->asymmetric, T);
    type->checkpoint.receptor = -1;
}

static void take_over(type_reader *t, const coley_cell_type *from, const double *from_base)
{
    const coley_cell_type named = *t->type;
    *t->type = *from;
    t->type->name = named.name;
    t->type->id = named.id;
    t->type->colour = NULL;
    t->type->recruitment.rate_per_min = 0; /* who comes in is each type's own */
    memmove(t->base, from_base, (size_t)t->r->model->b.count * sizeof *t->base);
}

/* The generic course of death that PhysiCell gives to the parameters that the first type leaves out. */
static void plain_death(type_reader *t, const coley_xml *death)
{
    for (const coley_xml *model = coley_xml_child(death, "model"); model; model = coley_xml_next(model)) {
        const char *code = coley_xml_attribute_text(model, "code"), *name = coley_xml_attribute_text(model, "name");
        const bool necrosis = code && *code ? strcmp(code, "101") == 0 : name && strcasecmp(name, "necrosis") == 0;
        coley_death_course *course = &t->type->death[necrosis];
        course->unlysed_fluid_per_min = 3.0 / 60;
        course->lysed_fluid_per_min = 0.05 / 60;
        course->cytoplasm_per_min = 1.0 / 60;
        course->nucleus_per_min = 0.35 / 60;
        course->calcification_per_min = 0;
        course->relative_rupture_volume = 2;
    }
}

static coley_status inherit(type_reader *t, const coley_xml *n, bool legacy_copy)
{
    physicell_reader *r = t->r;
    const char *parent = coley_xml_attribute_text(n, "parent_type");
    const coley_xml *death = coley_xml_child(coley_xml_child(n, "phenotype"), "death");
    const int self = (int)(t->type - r->type);
    if (!parent || !*parent) {
        take_over(t, t->plain, t->plain_base);
        if (is_plain(n))
            plain_death(t, death);
        else if (!legacy_copy)
            forget(r, t->type, t->base);
        return COLEY_OK;
    }
    const int of = coley_settings_type(r, parent);
    if (of < 0) return PHYSICELL_FAIL(r, n, "parent_type=\"%.60s\" is no cell type", parent);
    if (of >= self) return PHYSICELL_FAIL(r, n, "parent_type=\"%.60s\" must stand above its child", parent);
    take_over(t, &r->type[of], r->model->base + (size_t)of * (size_t)r->model->b.count);
    return COLEY_OK;
}

static coley_status read_colour(type_reader *t, const coley_xml *n)
{
    if (!n) return COLEY_OK;
    if (n->text[0] != '#' || strlen(n->text) != 7 || strspn(n->text + 1, "0123456789abcdefABCDEF") != 6)
        return PHYSICELL_FAIL(t->r, n, "\"%.40s\" is no colour; write it as #rrggbb", n->text);
    t->type->colour = n->text;
    return COLEY_OK;
}

static coley_status read_definition(type_reader *t, const coley_xml *n, bool legacy_copy)
{
    COLEY_TRY(inherit(t, n, legacy_copy));
    if (t->r->model->plane) t->type->plane_only = true;
    COLEY_TRY(read_phenotype(t, coley_xml_child(n, "phenotype")));
    COLEY_TRY(read_custom(t, coley_xml_child(n, "custom_data")));
    COLEY_TRY(read_colour(t, coley_xml_child(n, "colour")));
    COLEY_TRY(coley_settings_read_recruitment(t->r, coley_xml_child(n, "recruitment"), &t->type->recruitment));
    if (!is_plain(n)) return COLEY_OK;
    *t->plain = *t->type;
    memcpy(t->plain_base, t->base, (size_t)t->r->model->b.count * sizeof *t->base);
    return COLEY_OK;
}

/* Within a step of the phenotype two courses are one; so are durations that differ by rounding. */
static bool is_same_course(const coley_death_course *x, const coley_death_course *y)
{
    for (int p = 0; p < 2; p++) {
        const double a = x->duration_min[p], b = y->duration_min[p];
        if (a < 0.01 && b < 0.01) continue;
        if (x->fixed[p] != y->fixed[p] || !(a == b || fabs(a - b) <= 0.001 * b)) return false;
    }
    return true;
}

/* PhysiCell has one model of apoptosis and one of necrosis for all types: the durations of the type that is read last
 * hold for all. So here, unless the file says own_phase_durations. */
static void share_durations(type_reader *t)
{
    physicell_reader *r = t->r;
    static const char *const name[] = {"apoptosis", "necrosis"};
    for (int d = 0; d < COLEY_DEATH_COUNT && !t->own_durations; d++) {
        bool same = true;
        for (size_t i = 0; i < r->model->n_types; i++) {
            coley_death_course *own = &r->type[i].death[d];
            same = same && is_same_course(own, &t->shared[d]);
            memcpy(own->duration_min, t->shared[d].duration_min, sizeof own->duration_min);
            memcpy(own->fixed, t->shared[d].fixed, sizeof own->fixed);
        }
        if (same) continue;
        coley_settings_note(
            r, r->path, t->shared_line[d],
            "cell types differ in how long %s lasts, or whether that is fixed; what the last type says holds "
            "for all, as in PhysiCell 1.14 (own_phase_durations in options gives each its own)",
            name[d]);
    }
}

coley_status coley_settings_read_types(physicell_reader *r)
{
    coley_xml *definitions;
    const coley_xml *options = coley_xml_child(r->root, "options");
    bool legacy_copy = false;
    type_reader t = {.r = r};
    COLEY_TRY(coley_settings_need(r, r->root, "cell_definitions", &definitions));
    COLEY_TRY(coley_settings_child_flag(r, options, "legacy_cell_defaults_copy", &legacy_copy));
    COLEY_TRY(coley_settings_child_flag(r, options, "own_phase_durations", &t.own_durations));
    COLEY_TRY(list_types(r, definitions));
    COLEY_TRY(list_custom(r, definitions));
    coley_tissue_model *m = r->model;
    m->b = coley_behaviours_number(m->n_substrates, m->n_types, m->n_custom);
    m->s = coley_signals_number(m->n_substrates, m->n_types, m->n_custom);
    m->base = COLEY_NEW(r->arena, double, m->n_types *(size_t)m->b.count);
    t.plain = COLEY_NEW(r->arena, coley_cell_type, 1);
    t.plain_base = COLEY_NEW(r->arena, double, (size_t)m->b.count);
    if (!m->base || !t.plain || !t.plain_base) return COLEY_FAIL_MEMORY(r->err);
    *t.plain = coley_cell_type_default(&m->b, m->n_types, t.plain_base);
    memcpy(t.shared, t.plain->death, sizeof t.shared);
    t.type = r->type;
    t.base = m->base;
    for (coley_xml *n = coley_xml_child(definitions, "cell_definition"); n; n = coley_xml_next(n)) {
        COLEY_TRY(read_definition(&t, n, legacy_copy));
        t.type++;
        t.base += m->b.count;
    }
    share_durations(&t);
    r->words = coley_vocabulary_create(r->arena, m);
    return r->words ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}
