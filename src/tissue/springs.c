/* SPDX-License-Identifier: GPL-3.0-or-later */
/* springs.c -- cells that hold on to each other: dynamic attachments, and the grip of an attack.
 *
 * Each spring stands twice in the list, once from each end, sorted by the first cell. A cell that has any is marked. */
#include <stdlib.h>
#include <string.h>

#include "tissue/tissue_parts.h"

static int compare(const void *a, const void *b)
{
    const spring_pair *p = a, *q = b;
    if (p->from != q->from) return p->from < q->from ? -1 : 1;
    return (p->to > q->to) - (p->to < q->to);
}

size_t coley_springs_first(const coley_tissue *t, uint32_t a)
{
    size_t low = 0, high = t->n_springs;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (t->spring[middle].from < a)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t count_of(const coley_tissue *t, uint32_t a)
{
    if (!(t->cells.mark[a] & COLEY_MARK_SPRING)) return 0;
    size_t n = 0;
    for (size_t k = coley_springs_first(t, a); k < t->n_springs && t->spring[k].from == a; k++) n++;
    return n;
}

static bool holds(const coley_tissue *t, uint32_t a, uint32_t b)
{
    if (!(t->cells.mark[a] & COLEY_MARK_SPRING)) return false;
    for (size_t k = coley_springs_first(t, a); k < t->n_springs && t->spring[k].from == a; k++)
        if (t->spring[k].to == b) return true;
    return false;
}

static bool insert(coley_tissue *t, uint32_t from, uint32_t to)
{
    if (!COLEY_RESERVE(t->arena, t->spring, t->cap_springs, t->n_springs + 1)) return false;
    size_t at = coley_springs_first(t, from);
    while (at < t->n_springs && t->spring[at].from == from && t->spring[at].to < to) at++;
    memmove(t->spring + at + 1, t->spring + at, (t->n_springs - at) * sizeof *t->spring);
    t->spring[at] = (spring_pair){from, to};
    t->n_springs++;
    t->cells.mark[from] |= COLEY_MARK_SPRING;
    return true;
}

bool coley_spring_add(coley_tissue *t, uint32_t a, uint32_t b)
{
    if (holds(t, a, b)) return true;
    return insert(t, a, b) && insert(t, b, a);
}

static void erase(coley_tissue *t, uint32_t from, uint32_t to)
{
    for (size_t k = coley_springs_first(t, from); k < t->n_springs && t->spring[k].from == from; k++) {
        if (t->spring[k].to != to) continue;
        memmove(t->spring + k, t->spring + k + 1, (t->n_springs - k - 1) * sizeof *t->spring);
        t->n_springs--;
        break;
    }
    const size_t left = coley_springs_first(t, from);
    if (left >= t->n_springs || t->spring[left].from != from) t->cells.mark[from] &= (uint8_t)~COLEY_MARK_SPRING;
}

void coley_spring_remove(coley_tissue *t, uint32_t a, uint32_t b)
{
    erase(t, a, b);
    erase(t, b, a);
}

void coley_springs_of_cell_remove(coley_tissue *t, uint32_t a)
{
    while (t->cells.mark[a] & COLEY_MARK_SPRING) {
        const size_t k = coley_springs_first(t, a);
        if (k >= t->n_springs || t->spring[k].from != a) {
            t->cells.mark[a] &= (uint8_t)~COLEY_MARK_SPRING;
            return;
        }
        coley_spring_remove(t, a, t->spring[k].to);
    }
}

void coley_springs_renumber(coley_tissue *t, const uint32_t *new_slot)
{
    size_t n = 0;
    for (size_t k = 0; k < t->n_springs; k++) {
        const spring_pair p = {new_slot[t->spring[k].from], new_slot[t->spring[k].to]};
        if (p.from != COLEY_NO_CELL && p.to != COLEY_NO_CELL) t->spring[n++] = p;
    }
    t->n_springs = n;
    if (n) qsort(t->spring, n, sizeof *t->spring, compare);
}

/* Let go of springs by chance; then take hold of neighbours by chance while there are hands free. */
static bool of_cell(coley_tissue *t, uint32_t a, size_t place)
{
    const coley_behaviours *b = &t->model->b;
    const float dt = t->mechanics_min, let_go = chance_now(t, behaviour_of(t, a, b->detachment) * dt),
                take = behaviour_of(t, a, b->attachment) * dt;
    uint32_t bits[4];
    if (let_go > 0)
        for (size_t k = coley_springs_first(t, a); k < t->n_springs && t->spring[k].from == a;) {
            const uint32_t other = t->spring[k].to;
            coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_SPRING,
                           (uint64_t)t->cells.id[a] | (uint64_t)t->cells.id[other] << 32, t->step, bits);
            if (uniform_of(bits[0]) <= let_go)
                coley_spring_remove(t, a, other);
            else
                k++;
        }
    const size_t most = (size_t)behaviour_of(t, a, b->attachments_max);
    if (!(take > 0) || count_of(t, a) >= most) return true;
    const neighbours *near = &t->near;
    const coley_force_view view = coley_neighbours_view(t);
    uint32_t touch[TOUCHING_MAX];
    const size_t n = t->force->touching(&view, place, touch, TOUCHING_MAX);
    for (size_t k = 0; k < n; k++) {
        const uint32_t other = near->slot[touch[k]];
        if (is_gone(&t->cells, other) || count_of(t, other) >= (size_t)behaviour_of(t, other, b->attachments_max))
            continue;
        coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_SPRING,
                       (uint64_t)t->cells.id[a] | (uint64_t)t->cells.id[other] << 32, t->step, bits);
        const float chance = take * behaviour_of(t, a, b->affinity + t->cells.type[other]);
        if (uniform_of(bits[1]) > chance_now(t, chance)) continue;
        if (!coley_spring_add(t, a, other)) return false;
        if (count_of(t, a) >= most) return true;
    }
    return true;
}

bool coley_springs_step(coley_tissue *t)
{
    if (!t->model->springs) return true;
    bool any = false;
    for (size_t k = 0; k < t->model->n_types; k++) any = any || t->trait[k].springs;
    if (!any) return true;
    for (size_t p = 0; p < t->near.n; p++) {
        const uint32_t i = t->near.slot[p];
        if (!t->trait[t->cells.type[i]].springs || is_gone(&t->cells, i)) continue;
        if (!of_cell(t, i, p)) return false;
    }
    return true;
}
