/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_sensitivity.c -- see trial_sensitivity.h. */
#include "run/trial_sensitivity.h"

#include <math.h>
#include <string.h>

/* --- the file --------------------------------------------------------------------------------------------------------
 */

static coley_status read_endpoints(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_goals *goals = value;
    const size_t n = node->kind == COLEY_YAML_LIST ? node->n : 1;
    (void)arena;
    if (n < 1 || n > COLEY_GOALS_MOST)
        return coley_yaml_fail(node, err, "%zu endpoints; 1 to %d are allowed", n, COLEY_GOALS_MOST);
    for (; goals->n < n; goals->n++) {
        const coley_yaml *item = node->kind == COLEY_YAML_LIST ? node->item[goals->n] : node;
        const char *name;
        COLEY_TRY(coley_yaml_text(item, &name, err));
        for (size_t k = 0; k < goals->n; k++)
            if (!strcmp(goals->goal[k].name, name)) return coley_yaml_fail(item, err, "'%.40s' is there twice", name);
        if (!coley_goal_read(name, &goals->goal[goals->n])) return coley_search_no_goal(item, err);
    }
    return COLEY_OK;
}

static void write_endpoints(coley_emit *emit, const char *key, const void *value)
{
    const coley_goals *goals = value;
    coley_emit_list(emit, key);
    for (size_t i = 0; i < goals->n; i++) coley_emit_text(emit, NULL, goals->goal[i].name);
    coley_emit_end(emit);
}

static const char *const methods[] = {"sobol", "morris", NULL};

#define ROW(name_, kind_, low_, high_, preset_, member_, doc_, ...)                                                    \
    {                                                                                                                  \
        .name = name_, .kind = COLEY_FIELD_##kind_, .low = low_, .high = high_, .preset = preset_,                     \
        .offset = offsetof(coley_sensitivity_design, member_), .doc = doc_, __VA_ARGS__                                \
    }

const coley_field coley_sensitivity_fields[] = {
    ROW("title", TEXT, 0, 0, "Sensitivity of a trial", title, "One line for the head of the report."),
    ROW("trial", TEXT, 0, 0, NULL, trial, "A trial file, beside this one."),
    ROW("arm", TEXT, 0, 0, "", arm, "The arm that is looked at; not given: the first."),
    ROW("against", TEXT, 0, 0, "", against,
        "An arm of the same people whose endpoints are taken off; not given: none."),
    ROW("parameters", LIST, 1, COLEY_SPACE_MOST, NULL, parameters, "What is moved, as for a search.",
        .fields = coley_space_fields, .size = sizeof(coley_space_row)),
    ROW("endpoints", CUSTOM, 0, 0, NULL, endpoints, "One, or a list, of those that a utility may have.",
        .unit = "endpoints", .read = read_endpoints, .write = write_endpoints),
    ROW("method", CHOICE, 0, 0, "sobol", method,
        "`sobol`: shares of the variance; `morris`: elementary effects, for many parameters and few trials.",
        .choices = methods),
    ROW("people", INTEGER, 5, 1000000, "100", people, "People in each arm of every trial."),
    ROW("rows", INTEGER, 2, 65536, "64", rows,
        "Rows of the design: with d parameters a row is d + 2 trials (`sobol`) or d + 1 (`morris`)."),
    ROW("seed", INTEGER, 0, 9007199254740992.0, "1", seed, "Start of all random numbers."),
    {0},
};

static coley_status read_root(coley_arena *arena, const char *name, const coley_yaml *root,
                              coley_sensitivity_design **out, coley_error *err)
{
    coley_sensitivity_design *design = COLEY_NEW(arena, coley_sensitivity_design, 1);
    if (!design || !(design->path = coley_arena_text(arena, name, strlen(name)))) return COLEY_FAIL_MEMORY(err);
    design->root = root;
    COLEY_TRY(coley_fields_read(arena, coley_sensitivity_fields, root, design, err));
    *out = design;
    return COLEY_OK;
}

coley_status coley_sensitivity_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                     coley_sensitivity_design **design, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_parse(arena, name, bytes, length, &root, err));
    return read_root(arena, name, root, design, err);
}

coley_status coley_sensitivity_load(coley_arena *arena, const char *path, coley_sensitivity_design **design,
                                    coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    return read_root(arena, path, root, design, err);
}

/* --- the trials ------------------------------------------------------------------------------------------------------
 */

coley_status coley_sensitivity_open(coley_arena *arena, coley_sensitivity_design *d, const char *models,
                                    const char *catalog, coley_sensitivity_run *r, coley_error *err)
{
    *r = (coley_sensitivity_run){.design = d};
    r->space = (coley_space){.n = d->parameters.n,
                             .row = d->parameters.item,
                             .trial = coley_search_beside(arena, d->path, d->trial),
                             .arm = d->arm,
                             .against = d->against,
                             .people = d->people,
                             .seed = d->seed,
                             .models = models,
                             .catalog = catalog};
    r->plan = (coley_sensitivity_plan){.kind = (coley_sensitivity_kind)d->method,
                                       .d = d->parameters.n,
                                       .rows = (size_t)d->rows,
                                       .seed = (uint64_t)d->seed};
    r->n_points = coley_sensitivity_points(&r->plan);
    const size_t n = d->endpoints.n;
    r->value = COLEY_NEW(arena, double, r->n_points *n);
    r->index = COLEY_NEW(arena, coley_sensitivity, n * r->space.n);
    r->mean = COLEY_NEW(arena, double, n);
    r->deviation = COLEY_NEW(arena, double, n);
    if (!r->space.trial || !r->value || !r->index || !r->mean || !r->deviation) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_space_open(arena, &r->space, coley_yaml_find(d->root, "parameters"), err));
    return coley_search_check_goals(&r->space, &d->endpoints, coley_yaml_find(d->root, "endpoints"), err);
}

static coley_status one_point(const coley_sensitivity_run *r, size_t k, const coley_session_options *options,
                              coley_error *err)
{
    const coley_goals *goals = &r->design->endpoints;
    coley_arena *arena = coley_arena_create();
    coley_trial *trial;
    double u[COLEY_SPACE_MOST];
    if (!arena) return COLEY_FAIL_MEMORY(err);
    coley_sensitivity_point(&r->plan, k, u);
    coley_status status =
        coley_space_run(arena, &r->space, u, r->design->people, r->design->seed, options, &trial, err);
    if (status == COLEY_OK)
        status = coley_goal_values(arena, trial, 0, r->space.against ? 1 : SIZE_MAX, goals->n, goals->goal,
                                   r->value + k * goals->n, NULL, err);
    if (status == COLEY_ERR_INPUT) coley_space_blame(&r->space, u, err);
    coley_arena_destroy(arena);
    return status;
}

static coley_status take_indices(coley_arena *arena, coley_sensitivity_run *r, coley_error *err)
{
    const size_t n = r->design->endpoints.n;
    double *y = COLEY_NEW(arena, double, r->n_points);
    if (!y) return COLEY_FAIL_MEMORY(err);
    for (size_t g = 0; g < n; g++) {
        double sum = 0, squares = 0;
        for (size_t k = 0; k < r->n_points; k++) sum += y[k] = r->value[k * n + g];
        r->mean[g] = sum / (double)r->n_points;
        for (size_t k = 0; k < r->n_points; k++) squares += (y[k] - r->mean[g]) * (y[k] - r->mean[g]);
        r->deviation[g] = sqrt(squares / (double)r->n_points);
        COLEY_TRY(coley_sensitivity_of(&r->plan, y, r->index + g * r->space.n, err));
    }
    return COLEY_OK;
}

coley_status coley_sensitivity_go(coley_arena *arena, coley_sensitivity_run *r, const coley_session_options *options,
                                  coley_sensitivity_keep *keep, void *self, coley_error *err)
{
    const coley_session_options quiet = {.n_threads = options->n_threads};
    coley_status status = COLEY_OK;
    coley_progress_begin(options->progress, "trials", r->n_points);
    coley_progress_add(options->progress, r->n);
    while (r->n < r->n_points && status == COLEY_OK) {
        status = one_point(r, r->n, &quiet, err);
        if (status != COLEY_OK) break;
        r->n++;
        coley_progress_add(options->progress, 1);
        if (keep && (r->n % 8 == 0 || r->n == r->n_points)) status = keep(self, r, err);
    }
    coley_progress_end(options->progress);
    COLEY_TRY(status);
    return take_indices(arena, r, err);
}
