/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_search.c -- see trial_search.h. */
#include "run/trial_search.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "math/bayes.h"
#include "math/cmaes.h"
#include "math/dense.h"
#include "math/design.h"
#include "math/quantile.h"

const char *const coley_search_kinds[] = {"as written", "start", "search", NULL};

/* --- the file --------------------------------------------------------------------------------------------------------
 */

coley_status coley_search_no_goal(const coley_yaml *at, coley_error *err)
{
    return coley_yaml_fail(at, err,
                           "there is no such endpoint; known are orr, cr, dcr, pfs_at_12, os_at_12, pfs_mean_24, "
                           "os_mean_24 (the number is months), ae_3_4, ae_any, eligible");
}

static coley_status read_utility(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_goals *goals = value;
    (void)arena;
    COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_MAP, err));
    if (node->n < 1 || node->n > COLEY_GOALS_MOST)
        return coley_yaml_fail(node, err, "%zu endpoints; 1 to %d are allowed", node->n, COLEY_GOALS_MOST);
    for (; goals->n < node->n; goals->n++) {
        coley_goal *goal = &goals->goal[goals->n];
        const coley_yaml *item = node->item[goals->n];
        if (!coley_goal_read(node->key[goals->n], goal)) return coley_search_no_goal(item, err);
        COLEY_TRY(coley_yaml_number(item, -1e6, 1e6, &goal->weight, err));
    }
    return COLEY_OK;
}

static void write_utility(coley_emit *emit, const char *key, const void *value)
{
    const coley_goals *goals = value;
    coley_emit_map(emit, key);
    for (size_t i = 0; i < goals->n; i++) coley_emit_number(emit, goals->goal[i].name, goals->goal[i].weight);
    coley_emit_end(emit);
}

static const char *const methods[] = {"bayesian", "cma-es", NULL};

#define ROW(name_, kind_, low_, high_, preset_, member_, doc_, ...)                                                    \
    {                                                                                                                  \
        .name = name_, .kind = COLEY_FIELD_##kind_, .low = low_, .high = high_, .preset = preset_,                     \
        .offset = offsetof(coley_search_design, member_), .doc = doc_, __VA_ARGS__                                     \
    }

const coley_field coley_search_fields[] = {
    ROW("title", TEXT, 0, 0, "Search for a design", title, "One line for the head of the report."),
    ROW("trial", TEXT, 0, 0, NULL, trial, "A trial file, beside this one."),
    ROW("arm", TEXT, 0, 0, "", arm, "The arm that is looked at; not given: the first."),
    ROW("against", TEXT, 0, 0, "", against,
        "An arm of the same people whose endpoints are taken off; not given: none."),
    ROW("parameters", LIST, 1, COLEY_SPACE_MOST, NULL, parameters, "What is moved.", .fields = coley_space_fields,
        .size = sizeof(coley_space_row)),
    ROW("utility", CUSTOM, 0, 0, NULL, utility, "Endpoints with their weights, as in `{orr: 1, ae_3_4: -0.7}`.",
        .unit = "endpoint: weight", .read = read_utility, .write = write_utility),
    ROW("method", CHOICE, 0, 0, "bayesian", method,
        "`bayesian`: expected improvement under a Gaussian process; `cma-es`: for many parameters and evaluations.",
        .choices = methods),
    ROW("people", INTEGER, 5, 1000000, "100", people, "People in each arm of every trial."),
    ROW("start", INTEGER, 2, 500, "10", start, "Designs that are spread evenly before the search (`bayesian`)."),
    ROW("evaluations", INTEGER, 3, COLEY_SEARCH_MOST, "40", evaluations, "Designs tried in all."),
    ROW("confirm", INTEGER, 0, 1000000, "400", confirm,
        "New people on whom the best design and the one as written are compared at the end; 0: none."),
    ROW("seed", INTEGER, 0, 9007199254740992.0, "1", seed, "Start of all random numbers."),
    {0},
};

static coley_status read_root(coley_arena *arena, const char *name, const coley_yaml *root, coley_search_design **out,
                              coley_error *err)
{
    coley_search_design *design = COLEY_NEW(arena, coley_search_design, 1);
    if (!design || !(design->path = coley_arena_text(arena, name, strlen(name)))) return COLEY_FAIL_MEMORY(err);
    design->root = root;
    COLEY_TRY(coley_fields_read(arena, coley_search_fields, root, design, err));
    *out = design;
    return COLEY_OK;
}

coley_status coley_search_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                coley_search_design **design, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_parse(arena, name, bytes, length, &root, err));
    return read_root(arena, name, root, design, err);
}

coley_status coley_search_load(coley_arena *arena, const char *path, coley_search_design **design, coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    return read_root(arena, path, root, design, err);
}

/* --- opening ---------------------------------------------------------------------------------------------------------
 */

const char *coley_search_beside(coley_arena *arena, const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    if (!slash || path[0] == '/') return path;
    return coley_arena_printf(arena, "%.*s/%s", (int)(slash - file), file, path);
}

coley_status coley_search_check_goals(const coley_space *space, const coley_goals *goals, const coley_yaml *at,
                                      coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    double u[COLEY_SPACE_MOST];
    const coley_yaml *root;
    coley_trial_design *trial;
    coley_trial *made;
    for (size_t i = 0; i < space->n; i++) u[i] = 0.5;
    coley_status status = arena ? coley_space_tree(arena, space, u, &root, err) : COLEY_FAIL_MEMORY(err);
    if (status == COLEY_OK) status = coley_trial_of_node(arena, space->trial, root, space->catalog, &trial, err);
    if (status == COLEY_OK) status = coley_trial_prepare(arena, trial, space->models, space->catalog, &made, err);
    for (size_t i = 0; status == COLEY_OK && i < goals->n; i++) {
        const coley_goal *goal = &goals->goal[i];
        const int harm = goal->kind == COLEY_GOAL_AE_3_4 || goal->kind == COLEY_GOAL_AE_ANY;
        if (harm && !made->harms_simulated[0])
            status = coley_yaml_fail(at, err,
                                     "%s: the arm '%.60s' has no model of side effects; give it a policy in the trial, "
                                     "as in policy: standard",
                                     goal->name, trial->arms.n ? COLEY_TRIAL_ARM(trial, 0)->name : "");
        else if (goal->month > trial->accrual_month + trial->follow_up_month)
            status = coley_yaml_fail(at, err, "%s: the trial ends at month %g; ask for an earlier one", goal->name,
                                     trial->accrual_month + trial->follow_up_month);
    }
    coley_arena_destroy(arena);
    return status;
}

coley_status coley_search_open(coley_arena *arena, coley_search_design *d, const char *models, const char *catalog,
                               coley_search *s, coley_error *err)
{
    *s = (coley_search){.design = d, .cap = (size_t)d->evaluations};
    s->space = (coley_space){.n = d->parameters.n,
                             .row = d->parameters.item,
                             .trial = coley_search_beside(arena, d->path, d->trial),
                             .arm = d->arm,
                             .against = d->against,
                             .people = d->people,
                             .seed = d->seed,
                             .models = models,
                             .catalog = catalog};
    if (!s->space.trial) return COLEY_FAIL_MEMORY(err);
    s->tried = COLEY_NEW(arena, coley_tried, s->cap);
    s->x = COLEY_NEW(arena, double, s->cap * s->space.n);
    s->y = COLEY_NEW(arena, double, s->cap);
    if (!s->tried || !s->x || !s->y) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_space_open(arena, &s->space, coley_yaml_find(d->root, "parameters"), err));
    return coley_search_check_goals(&s->space, &d->utility, coley_yaml_find(d->root, "utility"), err);
}

/* --- one design ------------------------------------------------------------------------------------------------------
 */

void coley_search_weigh(const coley_search_design *d, const double *replicate, coley_tried *t)
{
    static const double ends[] = {0.025, 0.975};
    double sorted[COLEY_REPLICATES], sum = 0, squares = 0, out[2];
    t->utility = 0;
    for (size_t k = 0; k < d->utility.n; k++) t->utility += d->utility.goal[k].weight * t->goal[k];
    for (size_t b = 0; b < COLEY_REPLICATES; b++) {
        double u = 0;
        for (size_t k = 0; k < d->utility.n; k++) u += d->utility.goal[k].weight * replicate[b * d->utility.n + k];
        t->replicate[b] = sorted[b] = u;
        sum += u;
    }
    for (size_t b = 0; b < COLEY_REPLICATES; b++) squares += pow(t->replicate[b] - sum / COLEY_REPLICATES, 2);
    coley_quantiles(sorted, COLEY_REPLICATES, ends, 2, out);
    t->error = sqrt(squares / (COLEY_REPLICATES - 1));
    t->low = out[0];
    t->high = out[1];
}

static coley_status try_design(const coley_search *s, int64_t people, int64_t seed,
                               const coley_session_options *options, coley_tried *t, coley_error *err)
{
    const size_t n = s->design->utility.n;
    coley_arena *arena = coley_arena_create();
    coley_trial *trial;
    if (!arena) return COLEY_FAIL_MEMORY(err);
    double *replicate = COLEY_NEW(arena, double, COLEY_REPLICATES *n);
    coley_status status = replicate ? COLEY_OK : COLEY_FAIL_MEMORY(err);
    if (status == COLEY_OK) status = coley_space_run(arena, &s->space, t->u, people, seed, options, &trial, err);
    if (status == COLEY_OK)
        status = coley_goal_values(arena, trial, 0, s->space.against ? 1 : SIZE_MAX, n, s->design->utility.goal,
                                   t->goal, replicate, err);
    if (status == COLEY_OK) coley_search_weigh(s->design, replicate, t);
    if (status == COLEY_ERR_INPUT) coley_space_blame(&s->space, t->u, err);
    coley_arena_destroy(arena);
    return status;
}

static void remember(coley_search *s, size_t k)
{
    for (size_t i = 0; i < s->space.n; i++) s->x[k * s->space.n + i] = s->tried[k].u[i];
    s->y[k] = s->tried[k].utility;
}

/* Try the k-th unless it is there already, and let it be kept. */
static coley_status settle(coley_search *s, size_t k, const coley_session_options *options, coley_progress *progress,
                           coley_search_keep *keep, void *self, coley_error *err)
{
    const int there = k < s->n;
    if (!there) {
        COLEY_TRY(try_design(s, s->design->people, s->design->seed, options, &s->tried[k], err));
        s->n = k + 1;
    }
    remember(s, k);
    coley_progress_add(progress, 1);
    return there || !keep ? COLEY_OK : keep(self, s, err);
}

/* --- the two searches ------------------------------------------------------------------------------------------------
 */

static int was_tried(const coley_search *s, size_t n, const double *u)
{
    for (size_t k = 0; k < n; k++) {
        double most = 0;
        for (size_t i = 0; i < s->space.n; i++) most = fmax(most, fabs(s->tried[k].u[i] - u[i]));
        if (most < 1e-9) return 1;
    }
    return 0;
}

/* The k-th design of the Gaussian process's search, or `exhausted`. */
static coley_status choose(coley_arena *arena, coley_search *s, size_t k, size_t *started, coley_error *err)
{
    const coley_search_design *d = s->design;
    coley_tried *t = &s->tried[k];
    int found;
    *t = (coley_tried){.kind = COLEY_TRIED_WRITTEN};
    if (k == 0 && coley_space_written(&s->space, t->u)) return COLEY_OK;
    t->kind = COLEY_TRIED_START;
    while (*started < (size_t)d->start) {
        coley_bayes_start((*started)++, s->space.n, s->space.axis, (uint64_t)d->seed, t->u);
        if (!was_tried(s, k, t->u)) return COLEY_OK;
    }
    t->kind = COLEY_TRIED_SEARCH;
    if (k < 2)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the parameters allow a single design; there is nothing to search");
    COLEY_TRY(coley_bayes_next(arena, k, s->space.n, s->x, s->space.axis, s->y, (uint64_t)d->seed, 0, &s->surface, t->u,
                               &found, err));
    s->exhausted = !found;
    return COLEY_OK;
}

/* Count on through the points that a design which is there already was the next of. */
static void pass_start(const coley_search *s, size_t k, size_t *started)
{
    double u[COLEY_SPACE_MOST];
    if (s->tried[k].kind != COLEY_TRIED_START) return;
    do coley_bayes_start((*started)++, s->space.n, s->space.axis, (uint64_t)s->design->seed, u);
    while (was_tried(s, k, u) && *started < (size_t)s->design->start);
}

static coley_status search_surface(coley_search *s, const coley_session_options *options, coley_progress *progress,
                                   coley_search_keep *keep, void *self, coley_error *err)
{
    coley_arena *scratch = coley_arena_create();
    coley_status status = scratch ? COLEY_OK : COLEY_FAIL_MEMORY(err);
    size_t started = 0;
    for (size_t k = 0; k < s->cap && status == COLEY_OK; k++) {
        if (k >= s->n)
            status = choose(scratch, s, k, &started, err);
        else
            pass_start(s, k, &started);
        if (s->exhausted) break;
        if (status == COLEY_OK) status = settle(s, k, options, progress, keep, self, err);
        coley_arena_reset(scratch);
    }
    coley_arena_destroy(scratch);
    return status;
}

static coley_status search_strategy(coley_arena *arena, coley_search *s, const coley_session_options *options,
                                    coley_progress *progress, coley_search_keep *keep, void *self, coley_error *err)
{
    const size_t d = s->space.n;
    double start[COLEY_SPACE_MOST];
    coley_cmaes cma;
    for (size_t i = 0; i < d; i++) start[i] = 0.5;
    size_t k = 0;
    coley_tried written = {.kind = COLEY_TRIED_WRITTEN};
    if (coley_space_written(&s->space, written.u)) {
        memcpy(start, written.u, d * sizeof *start);
        if (!s->n) s->tried[0] = written;
        COLEY_TRY(settle(s, k++, options, progress, keep, self, err));
    }
    COLEY_TRY(coley_cmaes_init(arena, d, start, 0.3, 0, (uint64_t)s->design->seed, &cma, err));
    double *x = COLEY_NEW(arena, double, cma.lambda *d), *f = COLEY_NEW(arena, double, cma.lambda);
    if (!x || !f) return COLEY_FAIL_MEMORY(err);
    while (k < s->cap) {
        coley_cmaes_ask(&cma, x);
        for (size_t j = 0; j < cma.lambda && k < s->cap; j++, k++) {
            coley_tried *t = &s->tried[k];
            if (k >= s->n) {
                *t = (coley_tried){.kind = COLEY_TRIED_SEARCH};
                for (size_t i = 0; i < d; i++) t->u[i] = coley_axis_place(s->space.axis[i], coley_fold(x[j * d + i]));
            }
            COLEY_TRY(settle(s, k, options, progress, keep, self, err));
            f[j] = -t->utility;
        }
        if (k < s->cap) coley_cmaes_tell(&cma, x, f);
    }
    return COLEY_OK;
}

/* --- where the optimum lies ------------------------------------------------------------------------------------------
 */

enum { SPREAD = 256, NEAR = 96 };

typedef struct places {
    size_t n, d;
    double *x;    /* [n*d]; the first `known` are the designs that were tried */
    double *row;  /* [n*known] correlations with these */
    double *root; /* [n*n] of what stays uncertain, in units of the process's variance */
} places;

static int is_there(const places *p, const double *x)
{
    for (size_t k = 0; k < p->n; k++) {
        double most = 0;
        for (size_t i = 0; i < p->d; i++) most = fmax(most, fabs(x[i] - p->x[k * p->d + i]));
        if (most < 1e-9) return 1;
    }
    return 0;
}

/* Designs among which optima are looked for: those tried, others all over, others near the best. */
static coley_status lay_places(coley_arena *arena, const coley_search *s, size_t best, places *p, coley_error *err)
{
    const coley_design spread = {.kind = COLEY_DESIGN_SOBOL, .seed = (uint64_t)s->design->seed + 1};
    const size_t d = s->space.n;
    *p = (places){.d = d, .x = COLEY_NEW(arena, double, (s->n + SPREAD + NEAR) * d)};
    if (!p->x) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < s->n + SPREAD + NEAR; k++) {
        double *x = p->x + p->n * d;
        for (size_t i = 0; i < d; i++) {
            double u = k < s->n ? s->x[k * d + i] : 0;
            if (k >= s->n && k < s->n + SPREAD) u = coley_design_coordinate(&spread, k - s->n, i);
            if (k >= s->n + SPREAD)
                u = coley_fold(s->x[best * d + i] +
                               0.1 * coley_rng_normal((uint64_t)s->design->seed, COLEY_STREAM_SEARCH, k, 1000 + i));
            x[i] = coley_axis_place(s->space.axis[i], u);
        }
        if (k < s->n || !is_there(p, x)) p->n++;
    }
    return COLEY_OK;
}

/* Correlations with what is known, and the root of what stays uncertain. */
static coley_status know_places(coley_arena *arena, const coley_gaussian *g, places *p, coley_error *err)
{
    p->row = COLEY_NEW(arena, double, p->n * g->n);
    p->root = COLEY_NEW(arena, double, p->n * p->n);
    double *half = COLEY_NEW(arena, double, p->n * g->n); /* L^-1 of each row */
    if (!p->row || !p->root || !half) return COLEY_FAIL_MEMORY(err);
    for (size_t c = 0; c < p->n; c++) {
        double *row = p->row + c * g->n, *h = half + c * g->n;
        coley_gaussian_row(g, p->x + c * p->d, row);
        for (size_t i = 0; i < g->n; i++) {
            double sum = row[i];
            for (size_t k = 0; k < i; k++) sum -= g->root[i * g->n + k] * h[k];
            h[i] = sum / g->root[i * g->n + i];
        }
    }
    for (double extra = 1e-6; extra < 1; extra *= 10) {
        for (size_t a = 0; a < p->n; a++)
            for (size_t b = 0; b <= a; b++) {
                double c = coley_gaussian_correlation(g, p->x + a * p->d, p->x + b * p->d);
                for (size_t k = 0; k < g->n; k++) c -= half[a * g->n + k] * half[b * g->n + k];
                p->root[a * p->n + b] = p->root[b * p->n + a] = c + (a == b ? extra : 0);
            }
        if (coley_dense_root(p->root, p->n, 1e-14) == p->n) return COLEY_OK;
    }
    return COLEY_FAIL(err, COLEY_ERR_DIVERGED, "the surface of the utility is not sure of itself anywhere");
}

/* One surface at all places: replicate b of the people, and the process's own luck. */
static void draw_surface(const coley_search *s, const places *p, size_t b, double *pull, double *y, double *z,
                         double *value)
{
    const coley_gaussian *g = &s->surface;
    for (size_t k = 0; k < s->n; k++) y[k] = s->tried[k].replicate[b];
    const double mean = coley_gaussian_pull(g, y, pull), scale = sqrt(g->variance);
    for (size_t c = 0; c < p->n; c++) {
        z[c] = coley_rng_normal((uint64_t)s->design->seed, COLEY_STREAM_SEARCH, UINT64_MAX - b, c);
        double sum = mean, luck = 0;
        for (size_t i = 0; i < g->n; i++) sum += p->row[c * g->n + i] * pull[i];
        for (size_t k = 0; k <= c; k++) luck += p->root[c * p->n + k] * z[k];
        value[c] = sum + scale * luck;
    }
}

static void interval_of(double *x, size_t n, double *low, double *high)
{
    static const double ends[] = {0.025, 0.975};
    double out[2];
    coley_quantiles(x, n, ends, 2, out);
    *low = out[0];
    *high = out[1];
}

static coley_status find_optimum(coley_arena *arena, coley_search *s, coley_error *err)
{
    coley_optimum *o = &s->optimum;
    const size_t d = s->space.n, B = COLEY_REPLICATES;
    places p;
    COLEY_TRY(coley_gaussian_fit(arena, s->n, d, s->x, s->space.axis, s->y, 600, NULL, &s->surface, err));
    o->best = coley_bayes_best(&s->surface);
    o->mean = coley_gaussian_at(&s->surface, s->x + o->best * d, NULL);
    COLEY_TRY(lay_places(arena, s, o->best, &p, err));
    COLEY_TRY(know_places(arena, &s->surface, &p, err));
    double *pull = COLEY_NEW(arena, double, s->n), *y = COLEY_NEW(arena, double, s->n);
    double *z = COLEY_NEW(arena, double, p.n), *value = COLEY_NEW(arena, double, p.n);
    double *at_best = COLEY_NEW(arena, double, B), *gain = COLEY_NEW(arena, double, B);
    double *where = COLEY_NEW(arena, double, B *d);
    if (!pull || !y || !z || !value || !at_best || !gain || !where) return COLEY_FAIL_MEMORY(err);
    for (size_t b = 0; b < B; b++) {
        size_t top = 0;
        draw_surface(s, &p, b, pull, y, z, value);
        for (size_t c = 1; c < p.n; c++)
            if (value[c] > value[top]) top = c;
        for (size_t i = 0; i < d; i++) where[i * B + b] = coley_space_value(&s->space.row[i], p.x[top * d + i]);
        at_best[b] = value[o->best];
        gain[b] = s->tried[o->best].replicate[b] - s->tried[0].replicate[b];
    }
    for (size_t i = 0; i < d; i++) {
        const coley_space_row *row = &s->space.row[i];
        for (size_t b = 0; row->choices.n && b < B; b++) o->share[i][(size_t)where[i * B + b]] += 1.0 / (double)B;
        interval_of(where + i * B, B, &o->from[i], &o->to[i]);
    }
    interval_of(at_best, B, &o->low, &o->high);
    const int written = s->tried[0].kind == COLEY_TRIED_WRITTEN;
    interval_of(gain, B, &o->gain_low, &o->gain_high);
    o->gain = written ? s->tried[o->best].utility - s->tried[0].utility : NAN;
    if (!written) o->gain_low = o->gain_high = NAN;
    return COLEY_OK;
}

/* On people whom the search has never seen: the best of many is best by luck as well. */
static coley_status confirm(coley_search *s, const coley_session_options *options, coley_error *err)
{
    coley_optimum *o = &s->optimum;
    o->again_gain = o->again_gain_low = o->again_gain_high = NAN;
    if (!s->design->confirm) return COLEY_OK;
    o->again = s->tried[o->best];
    COLEY_TRY(try_design(s, s->design->confirm, s->design->seed + 1, options, &o->again, err));
    o->confirmed = 1;
    if (s->tried[0].kind != COLEY_TRIED_WRITTEN) return COLEY_OK;
    double gain[COLEY_REPLICATES];
    o->written_again = s->tried[0];
    if (o->best)
        COLEY_TRY(try_design(s, s->design->confirm, s->design->seed + 1, options, &o->written_again, err));
    else
        o->written_again = o->again;
    o->confirmed_written = 1;
    for (size_t b = 0; b < COLEY_REPLICATES; b++) gain[b] = o->again.replicate[b] - o->written_again.replicate[b];
    interval_of(gain, COLEY_REPLICATES, &o->again_gain_low, &o->again_gain_high);
    o->again_gain = o->again.utility - o->written_again.utility;
    return COLEY_OK;
}

coley_status coley_search_run(coley_arena *arena, coley_search *s, const coley_session_options *options,
                              coley_search_keep *keep, void *self, coley_error *err)
{
    const coley_session_options quiet = {.n_threads = options->n_threads};
    coley_progress_begin(options->progress, "designs tried", s->cap);
    coley_status status = s->design->method == COLEY_SEARCH_CMAES
                              ? search_strategy(arena, s, &quiet, options->progress, keep, self, err)
                              : search_surface(s, &quiet, options->progress, keep, self, err);
    coley_progress_end(options->progress);
    COLEY_TRY(status);
    COLEY_TRY(find_optimum(arena, s, err));
    return confirm(s, &quiet, err);
}
