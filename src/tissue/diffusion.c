/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diffusion.c -- the two schemes of diffusion.h over whole fields.
 *
 * Both make two passes over memory. The first goes plane by plane: along x, then y, while the plane is in the nearest
 * cache. The second goes row by row of x and y and runs along z forward and back over a strip that fits there too.
 *
 * The delta scheme's one weakness is that a large step t damps what is sharp in all three directions only by
 * 1 - (a + b + c) / ((1 + a)(1 + b)(1 + c)), a = t D k^2: next to a lone cell it would settle slowly. So a step is
 * taken as two, a long one and a short one of about dx^2 / D (sharp_share of it), which sees to the sharp part, with
 * one between them where they would be too far apart. All are steps of the same equation, so that time and steady state
 * are right. */
#include "tissue/diffusion.h"

#include <math.h>
#include <omp.h>

#include "math/isa.h"

/* The short step of the delta scheme in units of dx^2 / D. */
static const double sharp_share = 0.5;

/* The most that a part of a step may be longer than the next. */
static const double steepest = 64;

typedef struct fixed_list {
    size_t n;
    uint32_t *voxel; /* ordered */
    uint32_t *plane; /* [n z + 1] */
    float *value;
} fixed_list;

/* Lines of one step size. */
typedef struct line_set {
    float step;
    coley_field_line along[3];
} line_set;

enum { LINE_SETS = 16 };

struct coley_fields {
    coley_grid grid;
    coley_field_scheme scheme;
    const coley_tissue_model *model;
    const coley_field_kernels *kernel;
    coley_arena *arena;
    float **value;
    float *change;  /* delta scheme: one field */
    float *scratch; /* x lines turned on their side, a strip a thread */
    size_t scratch_size;
    fixed_list *fixed;
    line_set (*lines)[LINE_SETS];
    bool *empty; /* nothing in it and nothing comes in: it stays empty */
};

const coley_grid *coley_fields_grid(const coley_fields *fields)
{
    return &fields->grid;
}

float *coley_fields_values(coley_fields *fields, size_t substrate)
{
    return fields->value[substrate];
}

size_t coley_fields_bytes(const coley_fields *fields)
{
    return coley_arena_used(fields->arena);
}

static const coley_field_kernels *best_kernels(void)
{
#if defined(__x86_64__)
    switch (coley_isa_best()) {
    case COLEY_ISA_AVX512:
        return &coley_field_kernels_avx512;
    case COLEY_ISA_AVX2:
        return &coley_field_kernels_avx2;
    default:
        break;
    }
#endif
    return &coley_field_kernels_portable;
}

static size_t whole(size_t n, size_t unit)
{
    return (n + unit - 1) / unit * unit;
}

/* Directions that the problem has: a plane model does not diffuse along z. */
static int n_directions(const coley_fields *f)
{
    return f->model->plane ? 2 : 3;
}

static bool face_is_wall(const coley_fields *f, const coley_substrate *s, int face)
{
    return f->scheme == COLEY_FIELD_DELTA && s->face_fixed[face];
}

/* The line of one direction. k: what is lost on the spot, in units of a step. Ends that are held at a value do not
 * change in the delta scheme. */
static void make_line(const coley_fields *f, const coley_substrate *s, int axis, double step, coley_field_line *line)
{
    const size_t n = f->grid.n[axis];
    const double dx = f->grid.voxel[axis], c = n > 1 ? step * s->diffusion_um2_per_min / (dx * dx) : 0;
    const double k = f->scheme == COLEY_FIELD_SPLIT ? step * s->decay_per_min / n_directions(f) : 0;
    const bool low = face_is_wall(f, s, 2 * axis), high = face_is_wall(f, s, 2 * axis + 1);
    line->n = n;
    double back = 0;
    for (size_t i = 0; i < n; i++) {
        const int neighbours = (i > 0) + (i + 1 < n);
        const bool held = (low && i == 0) || (high && i + 1 == n);
        const double here = held ? 0 : c, m = 1 / ((held ? 1 : 1 + neighbours * c + k) - (i ? here * back : 0));
        line->m[i] = (float)m;
        back = here * m;
        line->b[i] = (float)back;
    }
}

/* The lines for a step, made when they are first asked for. */
static const line_set *lines_for(coley_fields *f, size_t substrate, float step)
{
    line_set *set = f->lines[substrate];
    int i = 0;
    while (i < LINE_SETS - 1 && set[i].step > 0 && set[i].step != step) i++;
    if (set[i].step != step) {
        set[i].step = step;
        for (int a = 0; a < n_directions(f); a++)
            make_line(f, &f->model->substrate[substrate], a, step, &set[i].along[a]);
    }
    return &set[i];
}

static size_t count_fixed(const coley_fields *f, size_t substrate, fixed_list *list)
{
    const coley_tissue_model *model = f->model;
    const coley_substrate *s = &model->substrate[substrate];
    const coley_grid *g = &f->grid;
    size_t n = 0;
    for (size_t z = 0; z < g->n[2]; z++) {
        if (list) list->plane[z] = (uint32_t)n;
        for (size_t y = 0; y < g->n[1]; y++)
            for (size_t x = 0; x < g->n[0]; x++) {
                const size_t at[3] = {x, y, z};
                const size_t place = z * g->plane + y * g->row + x;
                double value = 0;
                bool held = false;
                for (int a = 0; a < n_directions(f); a++)
                    for (int side = 0; side < 2; side++)
                        if (s->face_fixed[2 * a + side] && at[a] == (side ? g->n[a] - 1 : 0)) {
                            held = true;
                            value = s->face_value[2 * a + side];
                        }
                for (size_t i = 0; i < model->n_fixed_voxels; i++) {
                    const coley_fixed_voxel *v = &model->fixed_voxel[i];
                    if (v->substrate != (int)substrate ||
                        coley_grid_at(g, (float)v->at_um[0], (float)v->at_um[1], (float)v->at_um[2]) != place)
                        continue;
                    held = true;
                    value = v->value;
                }
                if (!held) continue;
                if (list) {
                    list->voxel[n] = (uint32_t)place;
                    list->value[n] = (float)value;
                }
                n++;
            }
    }
    if (list) list->plane[g->n[2]] = (uint32_t)n;
    return n;
}

static bool make_fixed(coley_arena *arena, const coley_fields *f, size_t substrate, fixed_list *list)
{
    const coley_substrate *s = &f->model->substrate[substrate];
    bool any = f->model->n_fixed_voxels > 0;
    for (int face = 0; face < COLEY_FACE_COUNT; face++) any = any || s->face_fixed[face];
    list->n = any ? count_fixed(f, substrate, NULL) : 0;
    list->voxel = COLEY_NEW(arena, uint32_t, list->n);
    list->value = COLEY_NEW(arena, float, list->n);
    list->plane = COLEY_NEW(arena, uint32_t, f->grid.n[2] + 1);
    if (!list->voxel || !list->value || !list->plane) return false;
    if (list->n) count_fixed(f, substrate, list);
    return true;
}

static void hold(const fixed_list *list, float *u, size_t first_plane, size_t n_planes)
{
    for (size_t i = list->plane[first_plane]; i < list->plane[first_plane + n_planes]; i++)
        u[list->voxel[i]] = list->value[i];
}

static void hold_still(const fixed_list *list, float *change, size_t plane)
{
    for (size_t i = list->plane[plane]; i < list->plane[plane + 1]; i++) change[list->voxel[i]] = 0;
}

static void fill(const coley_fields *f, size_t substrate)
{
    const coley_grid *g = &f->grid;
    const float *start = f->model->start_field[substrate];
    float *u = f->value[substrate];
    for (size_t z = 0; z < g->n[2]; z++)
        for (size_t y = 0; y < g->n[1]; y++)
            for (size_t x = 0; x < g->n[0]; x++)
                u[z * g->plane + y * g->row + x] =
                    start ? start[(z * g->n[1] + y) * g->n[0] + x] : (float)f->model->substrate[substrate].initial;
}

static coley_grid make_grid(const coley_tissue_model *model)
{
    coley_grid g = {0};
    coley_tissue_model_voxels(model, g.n);
    g.row = whole(g.n[0], 8);
    g.plane = g.row * whole(g.n[1], 8);
    g.total = g.plane * g.n[2];
    g.volume = 1;
    for (int a = 0; a < 3; a++) {
        g.low[a] = (float)model->low_um[a];
        g.voxel[a] = (float)model->voxel_um[a];
        g.per_voxel[a] = (float)(1 / model->voxel_um[a]);
        g.volume *= g.voxel[a];
    }
    return g;
}

/* A field, with a vector of zeros before and after it: the residual reads one number too far on both sides. */
static float *new_field(coley_arena *arena, const coley_grid *g)
{
    float *u = COLEY_NEW(arena, float, g->total + 32);
    return u ? u + 16 : NULL;
}

coley_status coley_fields_create(coley_arena *arena, const coley_tissue_model *model, coley_field_scheme scheme,
                                 int n_threads, coley_fields **fields, coley_error *err)
{
    coley_fields *f = COLEY_NEW(arena, coley_fields, 1);
    if (!f) return COLEY_FAIL_MEMORY(err);
    *f = (coley_fields){.grid = make_grid(model), .scheme = scheme, .model = model, .arena = arena};
    f->kernel = best_kernels();
    if (f->grid.total > UINT32_MAX)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the domain has %zu voxels; at most %u are possible: use larger voxels",
                          f->grid.total, UINT32_MAX);
    const size_t n = model->n_substrates;
    f->scratch_size = 32 * f->grid.row;
    f->scratch = COLEY_NEW(arena, float, f->scratch_size *(size_t)(n_threads > 0 ? n_threads : 1));
    f->value = COLEY_NEW(arena, float *, n);
    f->fixed = COLEY_NEW(arena, fixed_list, n);
    f->empty = COLEY_NEW(arena, bool, n);
    f->lines = coley_arena_array(arena, sizeof *f->lines, n);
    f->change = scheme == COLEY_FIELD_DELTA ? new_field(arena, &f->grid) : NULL;
    if (!f->scratch || !f->value || !f->fixed || !f->empty || !f->lines || (scheme == COLEY_FIELD_DELTA && !f->change))
        return COLEY_FAIL_MEMORY(err);
    for (size_t s = 0; s < n; s++) {
        if (!(f->value[s] = new_field(arena, &f->grid))) return COLEY_FAIL_MEMORY(err);
        for (int i = 0; i < LINE_SETS; i++)
            for (int a = 0; a < 3; a++) {
                const size_t room = whole(f->grid.n[a], 8);
                f->lines[s][i].along[a].m = COLEY_NEW(arena, float, room);
                f->lines[s][i].along[a].b = COLEY_NEW(arena, float, room);
                if (!f->lines[s][i].along[a].m || !f->lines[s][i].along[a].b) return COLEY_FAIL_MEMORY(err);
            }
        if (!make_fixed(arena, f, s, &f->fixed[s])) return COLEY_FAIL_MEMORY(err);
        fill(f, s);
        hold(&f->fixed[s], f->value[s], 0, f->grid.n[2]);
    }
    *fields = f;
    return COLEY_OK;
}

void coley_fields_gradient(const coley_fields *fields, size_t substrate, const float at_um[3], float gradient[3])
{
    const coley_grid *g = &fields->grid;
    const float *u = fields->value[substrate];
    const size_t place = coley_grid_at(g, at_um[0], at_um[1], at_um[2]);
    const size_t at[3] = {place % g->plane % g->row, place % g->plane / g->row, place / g->plane};
    const size_t stride[3] = {1, g->row, g->plane};
    for (int a = 0; a < 3; a++) {
        const bool low = at[a] > 0, high = at[a] + 1 < g->n[a];
        const float up = u[place + (high ? stride[a] : 0)], down = u[place - (low ? stride[a] : 0)];
        gradient[a] = low || high ? (up - down) / (g->voxel[a] * (float)(low + high)) : 0;
    }
}

/* ---- split ---- */

static void apply_cells(float *u, const coley_field_cells *c)
{
    for (size_t i = 0; i < c->n; i++) u[c->voxel[i]] = u[c->voxel[i]] * c->alpha[i] + c->beta[i];
}

/* What neither spreads nor decays, is not fed and is left alone by cells. */
static bool is_still(const coley_fields *f, size_t s, const coley_field_cells *cells)
{
    const coley_substrate *sub = &f->model->substrate[s];
    return sub->diffusion_um2_per_min == 0 && sub->decay_per_min == 0 && sub->supply_per_min == 0 &&
           !(cells && cells->any);
}

static bool is_empty(coley_fields *f, size_t s, const coley_field_cells *cells)
{
    if (cells && cells->any) {
        for (size_t i = 0; i < cells->n; i++)
            if (cells->beta[i] != 0) return f->empty[s] = false;
    }
    if (f->empty[s]) return true;
    if (f->fixed[s].n || f->model->substrate[s].supply_per_min > 0) return false;
    for (size_t i = 0; i < f->grid.total; i++)
        if (f->value[s][i] != 0) return false;
    return f->empty[s] = true;
}

/* A strip of turned rows for the calling thread. */
static float *scratch_of(const coley_fields *f)
{
    return f->scratch + (size_t)omp_get_thread_num() * f->scratch_size;
}

/* Threads that a field is worth: waiting for one another costs as much as some thousand voxels. */
static int threads_for(const coley_fields *f, int n_threads)
{
    const size_t worth = 1 + f->grid.total / 8192;
    return worth < (size_t)n_threads ? (int)worth : n_threads;
}

static void split_step(coley_fields *f, size_t s, float step, int n_threads)
{
    const coley_grid *g = &f->grid;
    const line_set *set = lines_for(f, s, step);
    float *u = f->value[s];
    const fixed_list *fixed = &f->fixed[s];
    const size_t rows = whole(g->n[1], 8);
    hold(fixed, u, 0, g->n[2]);
#pragma omp parallel num_threads(threads_for(f, n_threads))
    {
#pragma omp for schedule(static)
        for (size_t z = 0; z < g->n[2]; z++) {
            float *plane = u + z * g->plane;
            f->kernel->sweep_x(plane, g->row, rows, &set->along[0], scratch_of(f));
            hold(fixed, u, z, 1);
            f->kernel->sweep_across(plane, g->row, g->row, &set->along[1]);
            hold(fixed, u, z, 1);
        }
        if (!f->model->plane) {
#pragma omp for schedule(static)
            for (size_t y = 0; y < g->n[1]; y++)
                f->kernel->sweep_across(u + y * g->row, g->row, g->plane, &set->along[2]);
        }
    }
    hold(fixed, u, 0, g->n[2]);
}

/* ---- delta ---- */

static void cells_into_residual(float *r, const float *u, const coley_field_cells *c, size_t plane, float step,
                                float centre_loss)
{
    for (size_t i = c->plane[plane]; i < c->plane[plane + 1]; i++) {
        const size_t v = c->voxel[i];
        /* The loss on the spot, 1 + t a, is divided out here; `centre_loss` is that of the voxels without cells, which
         * all get 1 / centre_loss through the stencil's numbers. */
        r[v] = (r[v] + step / centre_loss * (c->beta[i] - c->alpha[i] * u[v])) * centre_loss /
               (centre_loss + step * c->alpha[i]);
    }
}

static void delta_substep(coley_fields *f, size_t s, float step, const coley_field_cells *cells, int n_threads)
{
    const coley_grid *g = &f->grid;
    const coley_substrate *sub = &f->model->substrate[s];
    const line_set *set = lines_for(f, s, step);
    float *u = f->value[s], *change = f->change;
    const fixed_list *fixed = &f->fixed[s];
    const size_t rows = whole(g->n[1], 8);
    const double loss = sub->decay_per_min + sub->supply_per_min, per = 1 / (1 + step * loss);
    coley_field_stencil k = {.nx = g->n[0], .ny = g->n[1], .row = g->row};
    double centre = -step * loss;
    for (int a = 0; a < 3; a++) {
        const double c =
            a < n_directions(f) ? step * sub->diffusion_um2_per_min / ((double)g->voxel[a] * g->voxel[a]) : 0;
        k.gain[a] = (float)(c * per);
        centre -= 2 * c;
    }
    k.centre = (float)(centre * per);
    k.add = (float)(step * sub->supply_per_min * sub->supply_target * per);
#pragma omp parallel num_threads(threads_for(f, n_threads))
    {
#pragma omp for schedule(static)
        for (size_t z = 0; z < g->n[2]; z++) {
            const float *at = u + z * g->plane, *below = z ? at - g->plane : at,
                        *above = z + 1 < g->n[2] ? at + g->plane : at;
            float *plane = change + z * g->plane;
            f->kernel->residual(plane, at, below, above, &k);
            if (cells && cells->any) cells_into_residual(change, u, cells, z, step, (float)(1 / per));
            hold_still(fixed, change, z);
            f->kernel->sweep_x(plane, g->row, rows, &set->along[0], scratch_of(f));
            hold_still(fixed, change, z);
            f->kernel->sweep_across(plane, g->row, g->row, &set->along[1]);
            hold_still(fixed, change, z);
        }
#pragma omp for schedule(static)
        for (size_t y = 0; y < g->n[1]; y++) {
            if (!f->model->plane) f->kernel->sweep_across(change + y * g->row, g->row, g->plane, &set->along[2]);
            for (size_t z = 0; z < g->n[2]; z++)
                f->kernel->add_to(u + z * g->plane + y * g->row, change + z * g->plane + y * g->row, g->row);
        }
    }
    hold(fixed, u, 0, g->n[2]);
}

/* A step is taken as a long one and shorter ones down to the sharp one, each at most steepest times the next. */
static void delta_step(coley_fields *f, size_t s, float step, const coley_field_cells *cells, int n_threads)
{
    const double dx = f->grid.voxel[0], D = f->model->substrate[s].diffusion_um2_per_min;
    const float sharp = D > 0 ? (float)(sharp_share * dx * dx / D) : step;
    if (sharp * 4 >= step) {
        delta_substep(f, s, step, cells, n_threads);
        return;
    }
    const int n = 1 + (int)ceil(log((double)step / (double)sharp) / log(steepest) - 1e-6);
    const float ratio = powf(sharp / step, 1 / (float)(n - 1));
    float rest = step;
    for (int k = 1; k < n; k++) rest -= step * powf(ratio, (float)k);
    delta_substep(f, s, rest, cells, n_threads);
    for (int k = 1; k < n; k++) delta_substep(f, s, step * powf(ratio, (float)k), cells, n_threads);
}

void coley_fields_step(coley_fields *fields, float step_min, const coley_field_cells *cells, int n_threads)
{
    for (size_t s = 0; s < fields->model->n_substrates; s++) {
        const coley_field_cells *c = cells ? &cells[s] : NULL;
        if (is_still(fields, s, c) || is_empty(fields, s, c)) continue;
        if (fields->scheme == COLEY_FIELD_DELTA) {
            delta_step(fields, s, step_min, c, n_threads);
        } else {
            split_step(fields, s, step_min, n_threads);
            if (c && c->any) apply_cells(fields->value[s], c);
        }
    }
}

void coley_fields_split_naive(const coley_fields *fields, size_t substrate, double step_min, double *u, double *back)
{
    const coley_grid *g = &fields->grid;
    const coley_substrate *s = &fields->model->substrate[substrate];
    const size_t stride[3] = {1, g->row, g->plane};
    for (int a = 0; a < n_directions(fields); a++) {
        const size_t n = g->n[a], other[2] = {(size_t)(a == 0), (size_t)(a == 2 ? 1 : 2)};
        const double dx = g->voxel[a], c = n > 1 ? step_min * s->diffusion_um2_per_min / (dx * dx) : 0;
        const double k = step_min * s->decay_per_min / n_directions(fields);
        for (size_t j = 0; j < g->n[other[1]]; j++)
            for (size_t i = 0; i < g->n[other[0]]; i++) {
                double *line = u + j * stride[other[1]] + i * stride[other[0]];
                /* The line's matrix, eliminated from the low end; back[p] is what row p hands to the next. */
                for (size_t p = 0; p < n; p++) {
                    const double m = 1 / (1 + ((p > 0) + (p + 1 < n)) * c + k - (p ? c * back[p - 1] : 0));
                    back[p] = c * m;
                    line[p * stride[a]] = (line[p * stride[a]] + (p ? c * line[(p - 1) * stride[a]] : 0)) * m;
                }
                for (size_t p = n - 1; p-- > 0;) line[p * stride[a]] += back[p] * line[(p + 1) * stride[a]];
            }
    }
}
