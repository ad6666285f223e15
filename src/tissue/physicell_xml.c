/* SPDX-License-Identifier: GPL-3.0-or-later */
/* physicell_xml.c -- the settings file as a whole: domain, clocks, options, rules; what nobody asked for. */
#include "tissue/physicell_xml.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "tissue/physicell_parts.h"
#include "tissue/rules_file.h"

static coley_status read_domain(physicell_reader *r)
{
    static const char *const name[3][3] = {
        {"x_min", "x_max", "dx"}, {"y_min", "y_max", "dy"}, {"z_min", "z_max", "dz"}};
    coley_tissue_model *m = r->model;
    coley_xml *domain, *n;
    COLEY_TRY(coley_settings_need(r, r->root, "domain", &domain));
    COLEY_TRY(coley_settings_child_flag(r, domain, "use_2D", &m->plane));
    for (int a = 0; a < 3; a++) {
        double *const value[] = {&m->low_um[a], &m->high_um[a], &m->voxel_um[a]};
        for (int i = 0; i < 3; i++) {
            COLEY_TRY(coley_settings_need(r, domain, name[a][i], &n));
            COLEY_TRY(coley_settings_number(r, n, i == 2 ? 1e-3 : -1e6, 1e6, value[i]));
        }
        if (m->plane && a == 2) {
            m->low_um[2] = -m->voxel_um[2] / 2;
            m->high_um[2] = m->voxel_um[2] / 2;
        }
        if (m->low_um[a] >= m->high_um[a])
            return PHYSICELL_FAIL(r, domain, "%s %g is not below %s %g", name[a][0], m->low_um[a], name[a][1],
                                  m->high_um[a]);
    }
    return COLEY_OK;
}

static coley_status read_unit(physicell_reader *r, const coley_xml *overall, const char *name, const char *unit)
{
    const coley_xml *n = coley_xml_child(overall, name);
    if (!n || !*n->text || strcmp(n->text, unit) == 0) return COLEY_OK;
    return coley_settings_refuse(r, coley_settings_place(r, n), "\"%.40s\" is not supported; the unit is %s", n->text,
                                 unit);
}

static coley_status read_clocks(physicell_reader *r)
{
    coley_tissue_model *m = r->model;
    coley_xml *overall, *end;
    COLEY_TRY(coley_settings_need(r, r->root, "overall", &overall));
    COLEY_TRY(coley_settings_need(r, overall, "max_time", &end));
    COLEY_TRY(coley_settings_number(r, end, 0, 1e9, &m->end_min));
    COLEY_TRY(read_unit(r, overall, "time_units", "min"));
    COLEY_TRY(read_unit(r, overall, "space_units", "micron"));
    COLEY_TRY(coley_settings_child_number(r, overall, "dt_diffusion", 1e-6, 1e5, &m->diffusion_min));
    COLEY_TRY(coley_settings_child_number(r, overall, "dt_mechanics", 1e-6, 1e5, &m->mechanics_min));
    COLEY_TRY(coley_settings_child_number(r, overall, "dt_phenotype", 1e-6, 1e5, &m->phenotype_min));
    coley_xml_child(overall, "dt_intracellular");
    return COLEY_OK;
}

/* How often a kind of output is written; 0 or not enabled: never. */
static coley_status read_interval(physicell_reader *r, const coley_xml *save, const char *name, double *minutes)
{
    coley_xml *n = coley_xml_child(save, name);
    bool enabled = false;
    double interval = 0;
    COLEY_TRY(coley_settings_child_flag(r, n, "enable", &enabled));
    COLEY_TRY(coley_settings_child_number(r, n, "interval", 0, 1e9, &interval));
    *minutes = enabled ? interval : 0;
    coley_xml_see_all(n);
    return COLEY_OK;
}

static coley_status read_save(physicell_reader *r)
{
    coley_xml *save = coley_xml_child(r->root, "save");
    COLEY_TRY(read_interval(r, save, "full_data", &r->model->full_save_min));
    COLEY_TRY(read_interval(r, save, "SVG", &r->model->picture_save_min));
    coley_xml_see_all(save);
    return COLEY_OK;
}

static coley_status read_options(physicell_reader *r)
{
    const coley_xml *options = coley_xml_child(r->root, "options");
    bool no_springs = !r->model->springs, legacy = false;
    COLEY_TRY(coley_settings_child_flag(r, options, "virtual_wall_at_domain_edge", &r->model->virtual_walls));
    COLEY_TRY(
        coley_settings_child_number(r, options, "wall_repulsion", 0, PHYSICELL_LARGEST, &r->model->wall_repulsion));
    COLEY_TRY(coley_settings_child_number(r, options, "dead_uptake_share", 0, 1, &r->model->dead_uptake_share));
    COLEY_TRY(coley_settings_child_flag(r, options, "disable_automated_spring_adhesions", &no_springs));
    r->model->springs = !no_springs;
    const coley_xml *points = coley_xml_child(options, "legacy_random_points_on_sphere_in_divide");
    COLEY_TRY(coley_settings_flag(r, points, &legacy));
    if (legacy)
        coley_settings_note(r, r->path, points->line,
                            "directions of division are drawn evenly over the sphere, not as before "
                            "PhysiCell 1.10");
    const coley_xml *seed = coley_xml_child(options, "random_seed");
    if (!seed || !*seed->text || strcmp(seed->text, "random") == 0 || strcmp(seed->text, "system_clock") == 0)
        return COLEY_OK;
    int64_t number;
    if (!coley_text_integer(seed->text, 0, 4294967295, &number))
        return PHYSICELL_FAIL(r, seed, "\"%.40s\" is neither a whole number from 0 to 4294967295 nor system_clock",
                              seed->text);
    r->model->seed = (uint64_t)number;
    r->model->seed_given = true;
    return COLEY_OK;
}

/* --- rules ------------------------------------------------------------------------------------------------------ */

static coley_status read_ruleset(physicell_reader *r, coley_xml *n, coley_rule_set *set)
{
    const char *format = coley_xml_attribute_text(n, "format"), *protocol = coley_xml_attribute_text(n, "protocol");
    const char *version = coley_xml_attribute_text(n, "version"), *path;
    double number = 0;
    bool enabled;
    COLEY_TRY(coley_settings_flag_attribute(r, n, "enabled", false, &enabled));
    coley_xml_see_all(n);
    if (!enabled) return COLEY_OK;
    if (version && (!coley_text_number(version, &number) || number < 0 || number >= 4))
        return PHYSICELL_FAIL(r, n, "version=\"%.40s\" is none of 0 to 3", version);
    if (!format || strcasecmp(format, "csv") != 0)
        return coley_settings_refuse(r, coley_settings_place(r, n),
                                     "rules of format \"%.40s\" are not supported; write them as csv",
                                     format ? format : "");
    if (number >= 1 && (!protocol || strcmp(protocol, "CBHG") != 0))
        return coley_settings_refuse(r, coley_settings_place(r, n),
                                     "rules of protocol \"%.40s\" are not supported, only CBHG",
                                     protocol ? protocol : "");
    if (r->options.without_files) return COLEY_OK;
    COLEY_TRY(coley_settings_file(r, n, &path));
    return coley_rule_set_read(set, path, r->err);
}

static coley_status read_rules(physicell_reader *r)
{
    coley_xml *rules = coley_xml_child(r->root, "cell_rules"), *sets = coley_xml_child(rules, "rulesets");
    coley_rule_set *set = coley_rule_set_create(r->arena, r->model, r->words);
    if (!set) return COLEY_FAIL_MEMORY(r->err);
    coley_xml_see_all(coley_xml_child(rules, "settings"));
    for (coley_xml *n = coley_xml_child(sets, "ruleset"); n; n = coley_xml_next(n)) COLEY_TRY(read_ruleset(r, n, set));
    return coley_rule_set_finish(set, r->model, r->err);
}

/* --- what nobody asked for -------------------------------------------------------------------------------------- */

static bool is_harmless(const coley_xml *n)
{
    static const char *const sections[] = {"save", "parallel", "options", "metadata", "studio"};
    while (n->parent && n->parent->parent) n = n->parent;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (strcmp(n->name, sections[i]) == 0) return true;
    return false;
}

static coley_status judge_unseen(physicell_reader *r, const coley_xml *n)
{
    if (is_harmless(n)) {
        coley_settings_note(r, r->path, n->line, "<%s> is not known here: ignored", n->name);
        return COLEY_OK;
    }
    return coley_settings_refuse(r, coley_settings_place(r, n),
                                 "<%.60s> is unknown here, or stands here twice; neither PhysiCell 1.14 "
                                 "nor Coley would read it",
                                 n->name);
}

static coley_status check_seen(physicell_reader *r, const coley_xml *node)
{
    for (const coley_xml *n = node->first; n; n = n->next) COLEY_TRY(n->seen ? check_seen(r, n) : judge_unseen(r, n));
    return COLEY_OK;
}

/* ----------------------------------------------------------------------------------------------------------------- */

static coley_status read_all(physicell_reader *r)
{
    coley_place_list cells = {.arena = r->arena};
    if (strcmp(r->root->name, "PhysiCell_settings") != 0)
        return PHYSICELL_FAIL(r, r->root, "begins with <%.60s>, not with <PhysiCell_settings>", r->root->name);
    coley_xml_see_all(coley_xml_child(r->root, "parallel"));
    COLEY_TRY(read_domain(r));
    COLEY_TRY(read_clocks(r));
    COLEY_TRY(read_save(r));
    COLEY_TRY(read_options(r));
    COLEY_TRY(coley_settings_read_substrates(r));
    COLEY_TRY(coley_settings_read_types(r));
    COLEY_TRY(coley_settings_read_vessels(r));
    COLEY_TRY(coley_tissue_model_check(r->model, r->err));
    COLEY_TRY(coley_settings_read_start_values(r));
    COLEY_TRY(read_rules(r));
    COLEY_TRY(coley_settings_read_parameters(r, &cells));
    COLEY_TRY(coley_settings_read_cells(r, &cells));
    COLEY_TRY(coley_settings_read_spreads(r, &cells));
    COLEY_TRY(check_seen(r, r->root));
    COLEY_TRY(coley_settings_check_code(r));
    r->model->n_placed = cells.n;
    r->model->placed = cells.cell;
    r->model->placed_value = cells.value;
    return coley_tissue_model_check(r->model, r->err);
}

coley_status coley_physicell_parse(coley_arena *arena, const char *path, const char *bytes, size_t length,
                                   coley_physicell_options options, coley_tissue_model *model, coley_error *err)
{
    coley_xml *root;
    *model = coley_tissue_model_empty();
    model->path = path;
    COLEY_TRY(coley_xml_parse(arena, path, bytes, length, &root, err));
    physicell_reader r = {.arena = arena, .path = path, .options = options, .model = model, .root = root, .err = err};
    return read_all(&r);
}

coley_status coley_physicell_read(coley_arena *arena, const char *path, coley_physicell_options options,
                                  coley_tissue_model *model, coley_error *err)
{
    char *bytes;
    size_t length;
    COLEY_TRY(coley_file_read(arena, path, COLEY_XML_MAX_BYTES, &bytes, &length, err));
    return coley_physicell_parse(arena, path, bytes, length, options, model, err);
}
