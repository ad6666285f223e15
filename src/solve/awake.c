/* SPDX-License-Identifier: GPL-3.0-or-later */
/* awake.c -- see awake.h. */
#include "solve/awake.h"

#include <omp.h>
#include <string.h>

/* How many parts are made at most, and what makes one worth it: so many states fewer, and such a share of all. Making
 * one takes about as long as some tens of steps of a block. */
enum { MOST_PARTS = 24, LEAST_STATES = 4, LEAST_SHARE = 16 };

typedef struct part {
    const unsigned char *asked, *idle; /* states that were 0; of them those that are left out */
    size_t n_idle;
    const coley_awake *awake; /* NULL: could not be made */
} part;

struct coley_awakes {
    coley_arena *arena;
    omp_lock_t lock; /* of all below */
    coley_system system;
    coley_idle *idle;
    coley_awake whole;
    coley_span all;
    int is_made; /* the whole is */
    size_t n;
    part part[MOST_PARTS];
};

coley_awakes *coley_awakes_create(const coley_system *system)
{
    coley_arena *arena = coley_arena_create();
    coley_awakes *a = arena ? COLEY_NEW(arena, coley_awakes, 1) : NULL;
    if (!a) {
        coley_arena_destroy(arena);
        return NULL;
    }
    a->arena = arena;
    a->system = *system;
    omp_init_lock(&a->lock);
    return a;
}

void coley_awakes_destroy(coley_awakes *a)
{
    if (!a) return;
    omp_destroy_lock(&a->lock);
    coley_arena_destroy(a->arena);
}

coley_status coley_awake_whole(coley_awakes *a, const coley_awake **whole, coley_error *err)
{
    const coley_system *s = &a->system;
    *whole = &a->whole;
    if (a->is_made) return COLEY_OK;
    a->all = (coley_span){0, s->n};
    a->whole = (coley_awake){.n = s->n, .n_values = (size_t)s->row_start[s->n], .n_spans = 1, .span = &a->all};
    COLEY_TRY(coley_sparse_lu_analyse(a->arena, s->n, s->row_start, s->column, &a->whole.lu, err));
    a->is_made = 1;
    return COLEY_OK;
}

static int lies_in(const unsigned char *small, const unsigned char *large, size_t n)
{
    for (size_t v = 0; v < n; v++)
        if (small[v] && !large[v]) return 0;
    return 1;
}

static size_t count_both(const unsigned char *a, const unsigned char *b, size_t n)
{
    size_t count = 0;
    for (size_t v = 0; v < n; v++) count += a[v] && b[v];
    return count;
}

static int is_worth(const coley_awakes *a, size_t n_fewer)
{
    return n_fewer >= LEAST_STATES && n_fewer * LEAST_SHARE >= a->system.n;
}

static const coley_awake *make(coley_awakes *a, const unsigned char *idle)
{
    coley_awake *awake = COLEY_NEW(a->arena, coley_awake, 1);
    const coley_awake_program *p = awake ? coley_awake_make(a->arena, a->idle, idle) : NULL;
    if (!p) return NULL;
    *awake = (coley_awake){
        .program = p, .n = p->n, .n_values = (size_t)p->row_start[p->n], .n_spans = p->n_spans, .span = p->span};
    const coley_status status =
        coley_sparse_lu_analyse_part(a->arena, a->whole.lu, p->n, p->state, p->row_start, p->column, &awake->lu, NULL);
    return status == COLEY_OK ? awake : NULL;
}

/* The part for states that are 0, which are none that was asked for before. */
static const part *add_part(coley_awakes *a, const unsigned char *zero)
{
    const size_t n = a->system.n;
    unsigned char *asked = COLEY_NEW(a->arena, unsigned char, n), *idle = COLEY_NEW(a->arena, unsigned char, n);
    if (!a->idle) a->idle = coley_idle_create(a->arena, a->system.program);
    if (!asked || !idle || !a->idle) return NULL;
    memcpy(asked, zero, n);
    memcpy(idle, zero, n);
    coley_idle_narrow(a->idle, idle);
    part *made = &a->part[a->n++];
    *made = (part){.asked = asked, .idle = idle, .n_idle = count_both(idle, idle, n)};
    if (is_worth(a, made->n_idle)) made->awake = make(a, idle);
    return made;
}

static const coley_awake *find(coley_awakes *a, const unsigned char *zero)
{
    const size_t n = a->system.n;
    const part *best = NULL;
    size_t most = count_both(zero, zero, n); /* states that the least could leave out */
    for (size_t i = 0; i < a->n; i++) {
        const part *p = &a->part[i];
        if (p->awake && (!best || p->n_idle > best->n_idle) && lies_in(p->idle, zero, n)) best = p;
        if (!lies_in(zero, p->asked, n)) continue;
        const size_t bound = count_both(zero, p->idle, n);
        if (bound < most) most = bound;
    }
    const size_t have = best ? best->n_idle : 0;
    if (a->n < MOST_PARTS && most > have && is_worth(a, most - have)) {
        const part *made = add_part(a, zero);
        if (made && made->awake && made->n_idle > have) best = made;
    }
    return best ? best->awake : &a->whole;
}

const coley_awake *coley_awake_of(coley_awakes *a, const unsigned char *zero)
{
    if (!a->system.program) return &a->whole;
    omp_set_lock(&a->lock);
    const coley_awake *found = find(a, zero);
    omp_unset_lock(&a->lock);
    return found;
}
