/* SPDX-License-Identifier: GPL-3.0-or-later */
/* motion.c -- forces, springs, walls and own movement make a velocity; the velocity makes the next place.
 *
 * Place by Adams and Bashforth's second order: x += dt (v + dt / (2 dt_before) (v - v_before)). Own movement keeps its
 * direction for a persistence time on average and is then drawn again: bias towards a gradient, the rest random. */
#include <math.h>

#include "tissue/tissue_parts.h"

typedef struct vector {
    float x, y, z;
} vector;

static vector unit(vector v)
{
    const float n = sqrtf(v.x * v.x + v.y * v.y + v.z * v.z);
    return n > 1e-16f ? (vector){v.x / n, v.y / n, v.z / n} : (vector){0, 0, 0};
}

static vector gradient_at(const coley_tissue *t, size_t i, size_t substrate)
{
    const coley_cell_columns *c = &t->cells;
    const float at[3] = {c->x[i], c->y[i], c->z[i]};
    float g[3];
    coley_fields_gradient(t->fields, substrate, at, g);
    return (vector){g[0], g[1], g[2]};
}

static vector bias_direction(const coley_tissue *t, size_t i, const coley_cell_type *type)
{
    vector sum = {0};
    if (type->chemotaxis == COLEY_CHEMOTAXIS_OFF) return sum;
    if (type->chemotaxis == COLEY_CHEMOTAXIS_ONE) {
        const vector g = gradient_at(t, i, (size_t)type->chemotaxis_substrate);
        const float sign = (float)type->chemotaxis_sign;
        return unit((vector){sign * g.x, sign * g.y, sign * g.z});
    }
    for (size_t k = 0; k < t->model->n_substrates; k++) {
        const float s = behaviour_of(t, i, t->model->b.chemotaxis + (int)k);
        if (s == 0) continue;
        vector g = gradient_at(t, i, k);
        if (type->chemotaxis_normalized) g = unit(g);
        sum = (vector){sum.x + s * g.x, sum.y + s * g.y, sum.z + s * g.z};
    }
    return unit(sum);
}

/* Own movement: kept, or drawn again. */
static void steer(coley_tissue *t, size_t i)
{
    coley_cell_columns *c = &t->cells;
    const coley_cell_type *type = &t->model->type[c->type[i]];
    const float dt = t->mechanics_min, persistence = behaviour_of(t, i, t->model->b.persistence);
    uint32_t bits[4];
    coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_MOVE, c->id[i], t->step, bits);
    if (persistence >= dt && uniform_of(bits[0]) >= chance_now(t, dt / persistence)) return;
    const float around = 6.283185307179586f * uniform_of(bits[1]);
    const float z = type->plane_only ? 0 : 2 * uniform_of(bits[2]) - 1, r = sqrtf(1 - z * z);
    const float bias = behaviour_of(t, i, t->model->b.bias), speed = behaviour_of(t, i, t->model->b.speed);
    const vector to = bias_direction(t, i, type);
    const vector way = unit((vector){bias * to.x + (1 - bias) * r * cosf(around),
                                     bias * to.y + (1 - bias) * r * sinf(around), bias * to.z + (1 - bias) * z});
    c->mx[i] = speed * way.x;
    c->my[i] = speed * way.y;
    c->mz[i] = speed * way.z;
}

static bool rests(const coley_tissue *t, size_t i)
{
    return t->trait[t->cells.type[i]].may_rest && behaviour_of(t, i, t->model->b.movable) <= 0.5f;
}

static vector spring_pull(const coley_tissue *t, uint32_t i)
{
    const coley_cell_columns *c = &t->cells;
    const coley_behaviours *b = &t->model->b;
    vector sum = {0};
    for (size_t k = coley_springs_first(t, i); k < t->n_springs && t->spring[k].from == i; k++) {
        const uint32_t j = t->spring[k].to;
        const float strength = sqrtf(behaviour_of(t, i, b->elastic) * behaviour_of(t, i, b->affinity + c->type[j]) *
                                     behaviour_of(t, j, b->elastic) * behaviour_of(t, j, b->affinity + c->type[i]));
        sum.x += strength * (c->x[j] - c->x[i]);
        sum.y += strength * (c->y[j] - c->y[i]);
        sum.z += strength * (c->z[j] - c->z[i]);
    }
    return sum;
}

/* A soft wall at the domain's edge: strength (1 - d/r)^2 away from the nearest face; *stiffness: its slope. */
static vector wall_push(const coley_tissue *t, size_t i, float *stiffness)
{
    const coley_cell_columns *c = &t->cells;
    const coley_grid *g = coley_fields_grid(t->fields);
    const float at[3] = {c->x[i], c->y[i], c->z[i]};
    float distance = INFINITY, push[3] = {0};
    int axis = 0, side = 1;
    for (int a = 0; a < (t->model->plane ? 2 : 3); a++) {
        const float low = at[a] - g->low[a], high = g->low[a] + g->voxel[a] * (float)g->n[a] - at[a];
        if (low < distance) distance = low, axis = a, side = 1;
        if (high < distance) distance = high, axis = a, side = -1;
    }
    if (distance >= c->radius[i]) return (vector){0};
    const float s = 1 - distance / c->radius[i];
    const float strength = (float)t->model->wall_repulsion;
    push[axis] = (float)side * strength * s * s;
    *stiffness = 2 * strength * s / c->radius[i]; /* a wall does not give way */
    return (vector){push[0], push[1], push[2]};
}

static bool inside(const coley_grid *g, float x, float y, float z)
{
    const float at[3] = {x, y, z};
    for (int a = 0; a < 3; a++)
        if (!(at[a] >= g->low[a] && at[a] <= g->low[a] + g->voxel[a] * (float)g->n[a])) return false;
    return true;
}

/* What limits the next step: over all cells, the largest slope of the forces and the largest speed. */
typedef struct strain {
    float stiffest, fastest2;
} strain;

/* About the largest eigenvalue of what a cell's neighbours do to it when it moves. Each repels with the slope
 * k = 2 r (1 - d/R) / R; two cells alone part at the rate 2 k, one among twelve alike moves at 8 k = 2.3 sqrt(sum k^2),
 * and the pressure is sum (1 - d/R)^2. */
static float slope_of(const coley_tissue *t, size_t place, uint32_t i)
{
    const float r = t->near.repulsion[place];
    return 2.6f * r * r / t->cells.radius[i] * sqrtf(t->cells.pressure[i] / COLEY_PRESSURE_PER);
}

/* The cell at one place of the order moves; how far is left at its place. Springs read where others are, so where there
 * are any the cells go there (go) when all moves are known. */
static void move(coley_tissue *t, size_t place, strain *most)
{
    coley_cell_columns *c = &t->cells;
    neighbours *near = &t->near;
    const uint32_t i = near->slot[place];
    const coley_cell_type *type = &t->model->type[c->type[i]];
    if (is_gone(c, i) || rests(t, i)) {
        near->vx[place] = near->vy[place] = near->vz[place] = 0;
        return;
    }
    vector v = {near->vx[place], near->vy[place], near->vz[place]};
    float slope = t->options.steps_at_once > 1 ? slope_of(t, place, i) : 0;
    if (type->motile && !c->death[i]) {
        steer(t, i);
        v = (vector){v.x + c->mx[i], v.y + c->my[i], v.z + c->mz[i]};
    }
    if (t->model->springs && (c->mark[i] & COLEY_MARK_SPRING)) {
        const vector s = spring_pull(t, i);
        v = (vector){v.x + s.x, v.y + s.y, v.z + s.z};
    }
    if (t->model->virtual_walls) {
        float stiffness = 0;
        const vector w = wall_push(t, i, &stiffness);
        v = (vector){v.x + w.x, v.y + w.y, v.z + w.z};
        slope += stiffness;
    }
    if (t->model->plane) v.z = 0;
    const float speed2 = v.x * v.x + v.y * v.y + v.z * v.z;
    if (slope > most->stiffest) most->stiffest = slope;
    if (speed2 > most->fastest2) most->fastest2 = speed2;
    /* Adams and Bashforth for a step that may differ from the one before. */
    const float dt = t->step_min, back = 0.5f * (float)t->at_once / (float)t->at_once_before, now = 1 + back;
    near->vx[place] = dt * (now * v.x - back * c->vx[i]);
    near->vy[place] = dt * (now * v.y - back * c->vy[i]);
    near->vz[place] = dt * (now * v.z - back * c->vz[i]);
    c->vx[i] = v.x;
    c->vy[i] = v.y;
    c->vz[i] = v.z;
}

/* Carry the move of a place over to its cell; 1 if the cell leaves the domain. */
static uint32_t go(coley_tissue *t, const coley_grid *g, size_t place)
{
    coley_cell_columns *c = &t->cells;
    const neighbours *near = &t->near;
    const uint32_t i = near->slot[place];
    if (is_gone(c, i)) return 0;
    c->x[i] += near->vx[place];
    c->y[i] += near->vy[place];
    c->z[i] += near->vz[place];
    if (inside(g, c->x[i], c->y[i], c->z[i]) || rests(t, i)) return 0;
    c->mark[i] |= COLEY_MARK_GONE;
    return 1;
}

/* As the kernel of force_kernel.h, where rules set affinities cell by cell. */
static void feel_plainly(const coley_tissue *t, const coley_force_view *v, size_t first, size_t last)
{
    const int f = t->model->b.affinity;
    for (size_t i = first; i < last; i++) {
        float vx = 0, vy = 0, vz = 0, pressure = 0;
        const uint32_t own = t->near.slot[i];
        const float range = fmaxf(v->reach[i], v->radius[i]) + v->bins->widest;
        coley_bin_rows rows;
        for (coley_bins_near(v->bins, v->x[i], v->y[i], v->z[i], range, &rows); coley_bin_rows_next(&rows);)
            for (size_t j = rows.begin; j < rows.end; j++) {
                const float dx = v->x[i] - v->x[j], dy = v->y[i] - v->y[j], dz = v->z[i] - v->z[j];
                const float d = fmaxf(sqrtf(dx * dx + dy * dy + dz * dz), 1e-5f), R = v->radius[i] + v->radius[j],
                            S = v->reach[i] + v->reach[j];
                if (j == i || (d >= R && d >= S)) continue;
                const uint32_t other = t->near.slot[j];
                const float affinity =
                    sqrtf(behaviour_of(t, own, f + v->type[j]) * behaviour_of(t, other, f + v->type[i]));
                const float push = d < R ? (1 - d / R) * (1 - d / R) : 0, pull = d < S ? (1 - d / S) * (1 - d / S) : 0;
                const float force =
                    (push * v->repulsion[i] * v->repulsion[j] - pull * v->adhesion[i] * v->adhesion[j] * affinity) / d;
                vx += force * dx;
                vy += force * dy;
                vz += force * dz;
                pressure += push;
            }
        v->vx[i] = vx;
        v->vy[i] = vy;
        v->vz[i] = vz;
        v->pressure[v->slot[i]] = pressure * COLEY_PRESSURE_PER;
    }
}

void coley_motion_step(coley_tissue *t)
{
    const neighbours *near = &t->near;
    const bool springs = t->n_springs > 0;
    const coley_force_view view = coley_neighbours_view(t);
    const coley_grid *g = coley_fields_grid(t->fields);
    enum { TILE = 256 };
    const size_t n_tiles = (near->n + TILE - 1) / TILE;
    uint64_t left = 0;
    float stiffest = 0, fastest2 = 0;
#pragma omp parallel num_threads(threads_for(t))
    {
#pragma omp for schedule(dynamic, 2) reduction(max : stiffest, fastest2) reduction(+ : left)
        for (size_t k = 0; k < n_tiles; k++) {
            const size_t first = k * TILE, last = first + TILE < near->n ? first + TILE : near->n;
            if (t->affinity_varies)
                feel_plainly(t, &view, first, last);
            else
                t->force->feel(&view, first, last);
            strain most = {0};
            for (size_t p = first; p < last; p++) {
                move(t, p, &most);
                if (!springs) left += go(t, g, p);
            }
            if (most.stiffest > stiffest) stiffest = most.stiffest;
            if (most.fastest2 > fastest2) fastest2 = most.fastest2;
        }
        if (springs) {
#pragma omp for schedule(static) reduction(+ : left)
            for (size_t p = 0; p < near->n; p++) left += go(t, g, p);
        }
    }
    t->counts.left += left;
    t->stiffest = stiffest;
    t->fastest = sqrtf(fastest2);
}
