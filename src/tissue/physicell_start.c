/* SPDX-License-Identifier: GPL-3.0-or-later */
/* physicell_start.c -- what stands where at the start: cells at random from user parameters, as the stock projects
 * place them; cells from a file; numbers drawn for each cell. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/rng.h"
#include "base/text.h"
#include "tissue/physicell_parts.h"

/* --- user parameters -------------------------------------------------------------------------------------------- */

/* A number for all types ("number_of_cells") or for one ("number_of_CD8_T_cell"); NaN: not said. */
typedef struct by_type {
    const char *before;
    double all, *of; /* [n_types] */
} by_type;

typedef struct parameters {
    physicell_reader *r;
    by_type count, nearest, farthest;
} parameters;

/* The name of a type as it stands in a parameter's name: spaces are underscores. */
static bool is_type_word(const char *word, const char *type)
{
    for (; *word && *type; word++, type++)
        if (*word != (*type == ' ' ? '_' : *type)) return false;
    return *word == *type;
}

static double *place_of(const parameters *p, by_type *family, const char *name)
{
    const size_t n = strlen(family->before);
    if (strncmp(name, family->before, n) != 0) return NULL;
    if (strcmp(name + n, "cells") == 0) return &family->all;
    for (size_t i = 0; i < p->r->model->n_types; i++)
        if (is_type_word(name + n, p->r->type[i].name)) return &family->of[i];
    return NULL;
}

static coley_status read_seed(physicell_reader *r, const coley_xml *n)
{
    double seed = 0;
    COLEY_TRY(coley_settings_number(r, n, 0, 4294967295.0, &seed));
    r->model->seed = (uint64_t)seed;
    r->model->seed_given = true;
    return COLEY_OK;
}

static coley_status read_parameter(parameters *p, const coley_xml *n)
{
    const char *type = coley_xml_attribute_text(n, "type");
    if (type && strcmp(type, "divider") == 0) return COLEY_OK; /* a heading */
    if (strcmp(n->name, "random_seed") == 0) return read_seed(p->r, n);
    double *number = place_of(p, &p->count, n->name);
    if (number) {
        COLEY_TRY(coley_settings_number(p->r, n, 0, COLEY_PLACED_MAX, number));
        return *number == floor(*number) ? COLEY_OK : PHYSICELL_FAIL(p->r, n, "%g is not a whole number", *number);
    }
    number = place_of(p, &p->nearest, n->name);
    if (!number) number = place_of(p, &p->farthest, n->name);
    if (number) return coley_settings_number(p->r, n, 0, 1e6, number);
    return coley_settings_refuse(p->r, coley_settings_place(p->r, n),
                                 "is a parameter of the project's own C++ code, which Coley does not run");
}

static bool start_family(physicell_reader *r, by_type *family, const char *before)
{
    *family = (by_type){.before = before, .all = NAN, .of = COLEY_NEW(r->arena, double, r->model->n_types)};
    for (size_t i = 0; family->of && i < r->model->n_types; i++) family->of[i] = NAN;
    return family->of != NULL;
}

static bool any_of(const by_type *family, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(family->of[i])) return true;
    return false;
}

static double number_of(const by_type *family, size_t type, double otherwise)
{
    const double number = isnan(family->of[type]) ? family->all : family->of[type];
    return isnan(number) ? otherwise : number;
}

/* --- cells at random -------------------------------------------------------------------------------------------- */

static double uniform(const physicell_reader *r, size_t cell, uint64_t draw)
{
    return coley_rng_uniform(r->model->seed, COLEY_STREAM_TISSUE_START, cell, draw);
}

/* Anywhere in the domain, as PhysiCell's template does. */
static void in_box(const physicell_reader *r, size_t cell, double at[3])
{
    const coley_tissue_model *m = r->model;
    for (int a = 0; a < 3; a++) at[a] = m->low_um[a] + uniform(r, cell, (uint64_t)a) * (m->high_um[a] - m->low_um[a]);
    if (m->plane) at[2] = 0;
}

/* Between two distances from the middle of the domain, as the rules-based sample projects do. */
static void in_shell(const physicell_reader *r, size_t cell, double nearest, double farthest, double at[3])
{
    const coley_tissue_model *m = r->model;
    const double angle = 2 * 3.14159265358979323846 * uniform(r, cell, 0), u = uniform(r, cell, 1);
    const double power = m->plane ? 2 : 3, low = pow(nearest, power), high = pow(farthest, power);
    const double distance = pow(low + (high - low) * u, 1 / power);
    const double up = m->plane ? 0 : 2 * uniform(r, cell, 2) - 1, across = sqrt(1 - up * up);
    const double way[3] = {across * cos(angle), across * sin(angle), up};
    for (int a = 0; a < 3; a++) at[a] = (m->low_um[a] + m->high_um[a]) / 2 + distance * way[a];
    if (m->plane) at[2] = 0;
}

static double half_of_shortest(const coley_tissue_model *m)
{
    double shortest = fmin(m->high_um[0] - m->low_um[0], m->high_um[1] - m->low_um[1]);
    if (!m->plane) shortest = fmin(shortest, m->high_um[2] - m->low_um[2]);
    return shortest / 2;
}

static coley_status place_at_random(const parameters *p, const coley_xml *node, coley_place_list *list)
{
    physicell_reader *r = p->r;
    const size_t n_types = r->model->n_types;
    const bool shells = any_of(&p->count, n_types) || any_of(&p->nearest, n_types) || any_of(&p->farthest, n_types) ||
                        !isnan(p->nearest.all) || !isnan(p->farthest.all);
    double total = 0;
    for (size_t type = 0; type < n_types; type++) total += number_of(&p->count, type, 0);
    if (total > COLEY_PLACED_MAX)
        return PHYSICELL_FAIL(r, node, "%g cells (allowed: up to %d)", total, COLEY_PLACED_MAX);
    if (!COLEY_RESERVE(list->arena, list->cell, list->cap, (size_t)total)) return COLEY_FAIL_MEMORY(r->err);
    for (size_t type = 0; type < n_types; type++) {
        const size_t n = (size_t)number_of(&p->count, type, 0);
        const double nearest = number_of(&p->nearest, type, 0),
                     farthest = number_of(&p->farthest, type, half_of_shortest(r->model));
        if (n && shells && nearest > farthest)
            return PHYSICELL_FAIL(r, node,
                                  "cells of \"%.60s\" are to lie between %g and %g um from the middle; the first "
                                  "number is the smaller one",
                                  r->type[type].name, nearest, farthest);
        for (size_t i = 0; i < n; i++) {
            double at[3];
            if (shells)
                in_shell(r, list->n, nearest, farthest, at);
            else
                in_box(r, list->n, at);
            if (!coley_place_add(list, at, (int)type)) return COLEY_FAIL_MEMORY(r->err);
        }
    }
    return COLEY_OK;
}

coley_status coley_settings_read_parameters(physicell_reader *r, coley_place_list *list)
{
    parameters p = {.r = r};
    coley_xml *node = coley_xml_child(r->root, "user_parameters");
    if (!start_family(r, &p.count, "number_of_") || !start_family(r, &p.nearest, "min_position_") ||
        !start_family(r, &p.farthest, "max_position_"))
        return COLEY_FAIL_MEMORY(r->err);
    for (coley_xml *n = node ? node->first : NULL; n; n = n->next) {
        n->seen = true;
        COLEY_TRY(read_parameter(&p, n));
    }
    if (r->options.seed) {
        r->model->seed = *r->options.seed;
        r->model->seed_given = true;
    }
    return place_at_random(&p, node, list);
}

/* --- cells from a file ------------------------------------------------------------------------------------------ */

static void tell(physicell_reader *r, const char *path, const coley_cells_report *report)
{
    for (size_t i = 0; i < report->n_unknown; i++)
        coley_settings_note(r, path, 1,
                            "column \"%s\" is neither volume nor a behaviour%s%s%s: ignored, as PhysiCell does",
                            report->unknown[i], report->nearest[i] ? "; did you mean \"" : "",
                            report->nearest[i] ? report->nearest[i] : "", report->nearest[i] ? "\"?" : "");
    if (report->n_skipped)
        coley_settings_note(r, path, report->skipped_line, "%zu cells of unknown types (\"%s\") are left out",
                            report->n_skipped, report->skipped_type);
    if (report->n_outside) coley_settings_note(r, path, 0, "%zu cells stand outside of the domain", report->n_outside);
}

coley_status coley_settings_read_cells(physicell_reader *r, coley_place_list *list)
{
    coley_xml *node = coley_xml_child(coley_xml_child(r->root, "initial_conditions"), "cell_positions");
    bool enabled = false;
    if (node) COLEY_TRY(coley_settings_flag_attribute(r, node, "enabled", false, &enabled));
    coley_xml_see_all(node);
    if (!enabled || r->options.without_files) return COLEY_OK;
    const char *type = coley_xml_attribute_text(node, "type"), *path;
    if (!type || strcasecmp(type, "csv") != 0)
        return coley_settings_refuse(r, coley_settings_place(r, node),
                                     "cells of type \"%.40s\" are not supported; write them as csv", type ? type : "");
    COLEY_TRY(coley_settings_file(r, node, &path));
    coley_cells_report report;
    COLEY_TRY(coley_cells_file_read(list, r->model, r->words, path, r->options.ignore_unsupported, &report, r->err));
    tell(r, path, &report);
    return COLEY_OK;
}

/* --- numbers drawn for each cell -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    coley_spread_kind kind;
} kinds[] = {
    {"Uniform", COLEY_SPREAD_UNIFORM},     {"LogUniform", COLEY_SPREAD_LOGUNIFORM},   {"Normal", COLEY_SPREAD_NORMAL},
    {"LogNormal", COLEY_SPREAD_LOGNORMAL}, {"Log10Normal", COLEY_SPREAD_LOG10NORMAL},
};

static coley_status need_number(physicell_reader *r, const coley_xml *n, const char *name, double low, double *value)
{
    coley_xml *child;
    COLEY_TRY(coley_settings_need(r, n, name, &child));
    return coley_settings_number(r, child, low, PHYSICELL_LARGEST, value);
}

static coley_status read_range(physicell_reader *r, const coley_xml *n, coley_spread *s)
{
    const double lowest = s->kind == COLEY_SPREAD_LOGUNIFORM ? 1e-100 : -PHYSICELL_LARGEST;
    COLEY_TRY(need_number(r, n, "min", lowest, &s->a));
    COLEY_TRY(need_number(r, n, "max", lowest, &s->b));
    if (s->a > s->b) return PHYSICELL_FAIL(r, n, "min %g is above max %g", s->a, s->b);
    s->low = s->a;
    s->high = s->b;
    return COLEY_OK;
}

/* The share of draws that lie within the bounds. */
static double within_bounds(const coley_spread *s)
{
    const double scale = s->kind == COLEY_SPREAD_LOG10NORMAL ? log(10) : 1;
    const bool of_log = s->kind != COLEY_SPREAD_NORMAL;
    const double low = of_log ? (s->low > 0 ? log(s->low) / scale : -INFINITY) : s->low;
    const double high = of_log ? (s->high > 0 ? log(s->high) / scale : -INFINITY) : s->high;
    const double deviation = fmax(s->b, 1e-300) * sqrt(2);
    return (erf((high - s->a) / deviation) - erf((low - s->a) / deviation)) / 2;
}

static coley_status read_bell(physicell_reader *r, const coley_xml *n, coley_spread *s)
{
    const double lowest = s->kind == COLEY_SPREAD_NORMAL ? -PHYSICELL_LARGEST : 0;
    COLEY_TRY(need_number(r, n, "mu", -PHYSICELL_LARGEST, &s->a));
    COLEY_TRY(need_number(r, n, "sigma", 0, &s->b));
    s->low = lowest;
    s->high = PHYSICELL_LARGEST;
    COLEY_TRY(coley_settings_child_number(r, n, "lower_bound", lowest, PHYSICELL_LARGEST, &s->low));
    COLEY_TRY(coley_settings_child_number(r, n, "upper_bound", lowest, PHYSICELL_LARGEST, &s->high));
    if (s->low > s->high) return PHYSICELL_FAIL(r, n, "lower_bound %g is above upper_bound %g", s->low, s->high);
    const double share = within_bounds(s);
    if (!(share >= 0.001))
        return PHYSICELL_FAIL(r, n, "only %g of the draws lie within the bounds (allowed: from 0.001); widen them",
                              share);
    return COLEY_OK;
}

static coley_status check_base(physicell_reader *r, const coley_xml *n, size_t type, const coley_spread *s)
{
    bool check;
    COLEY_TRY(coley_settings_flag_attribute(r, n, "check_base", true, &check));
    const double base = s->behaviour == COLEY_SPREAD_VOLUME
                            ? r->type[type].volume.total_um3
                            : r->model->base[type * (size_t)r->model->b.count + (size_t)s->behaviour];
    if (!check || (base >= s->low && base <= s->high)) return COLEY_OK;
    return PHYSICELL_FAIL(r, n,
                          "the value of the cell_definition, %g, is outside of %g to %g; check_base=\"false\" allows "
                          "that",
                          base, s->low, s->high);
}

static coley_status read_distribution(physicell_reader *r, const coley_xml *n, size_t type, coley_spread *s)
{
    const char *kind = coley_xml_attribute_text(n, "type");
    coley_xml *behaviour;
    COLEY_TRY(coley_settings_need(r, n, "behavior", &behaviour));
    const bool volume = strcasecmp(behaviour->text, "volume") == 0;
    s->behaviour = volume ? COLEY_SPREAD_VOLUME : coley_vocabulary_behaviour(r->words, behaviour->text);
    if (!volume && s->behaviour < 0) {
        const char *near = coley_vocabulary_nearest_behaviour(r->words, behaviour->text);
        return PHYSICELL_FAIL(r, behaviour, "\"%.60s\" is neither volume nor a behaviour%s%.60s%s", behaviour->text,
                              near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    size_t k = 0;
    while (k < sizeof kinds / sizeof *kinds && (!kind || strcasecmp(kind, kinds[k].name) != 0)) k++;
    if (k == sizeof kinds / sizeof *kinds)
        return PHYSICELL_FAIL(r, n, "type=\"%.40s\" is none of Uniform, LogUniform, Normal, LogNormal, Log10Normal",
                              kind ? kind : "");
    s->kind = kinds[k].kind;
    COLEY_TRY(k < 2 ? read_range(r, n, s) : read_bell(r, n, s));
    return check_base(r, n, type, s);
}

static coley_status read_spreads_of(physicell_reader *r, coley_xml *list, size_t type)
{
    coley_spread *spread = NULL;
    size_t n = 0, cap = 0;
    bool enabled;
    if (!list) return COLEY_OK;
    COLEY_TRY(coley_settings_flag_attribute(r, list, "enabled", true, &enabled));
    for (coley_xml *d = coley_xml_child(list, "distribution"); d; d = coley_xml_next(d)) {
        bool this_one;
        COLEY_TRY(coley_settings_flag_attribute(r, d, "enabled", true, &this_one));
        coley_xml_see_all(d);
        if (!enabled || !this_one) continue;
        if (!COLEY_RESERVE(r->arena, spread, cap, n + 1)) return COLEY_FAIL_MEMORY(r->err);
        COLEY_TRY(read_distribution(r, d, type, &spread[n++]));
    }
    r->type[type].spread = spread;
    r->type[type].n_spreads = n;
    return COLEY_OK;
}

static bool is_drawn(const coley_cell_type *type, int behaviour)
{
    for (size_t i = 0; i < type->n_spreads; i++)
        if (type->spread[i].behaviour == behaviour) return true;
    return false;
}

/* What is drawn for the cells of a type replaces what the table says of single ones: PhysiCell draws last. */
static void drop_drawn(const physicell_reader *r, coley_place_list *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        coley_place_cell *c = &list->cell[i];
        const size_t first = c->first_value, end = first + c->n_values;
        c->first_value = (uint32_t)n;
        for (size_t k = first; k < end; k++)
            if (!is_drawn(&r->type[c->type], list->value[k].behaviour)) list->value[n++] = list->value[k];
        c->n_values = (uint32_t)(n - c->first_value);
    }
    list->n_values = n;
}

coley_status coley_settings_read_spreads(physicell_reader *r, coley_place_list *list)
{
    size_t type = 0;
    const coley_xml *definitions = coley_xml_child(r->root, "cell_definitions");
    for (coley_xml *n = coley_xml_child(definitions, "cell_definition"); n; n = coley_xml_next(n))
        COLEY_TRY(read_spreads_of(r, coley_xml_child(n, "initial_parameter_distributions"), type++));
    drop_drawn(r, list);
    return COLEY_OK;
}
