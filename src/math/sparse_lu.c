/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu.c -- the analysis: order, fill, lists. Dense bit tables are enough: patterns have hundreds of rows. */
#include "math/sparse_lu.h"

#include <string.h>

typedef struct analysis {
    size_t n;
    unsigned char *full; /* [n x n] 1 where the factors have an entry, in the matrix's order */
    int32_t *entry;      /* [n x n] number of the entry */
    int32_t *order, *rank;
} analysis;

/* Eliminate the row of least degree in the symmetrised graph of what is left. */
static void choose_order(analysis *s, unsigned char *graph, unsigned char *gone)
{
    const size_t n = s->n;
    for (size_t k = 0; k < n; k++) {
        size_t best = n, best_degree = n + 1;
        for (size_t i = 0; i < n; i++) {
            if (gone[i]) continue;
            size_t degree = 0;
            for (size_t j = 0; j < n; j++) degree += !gone[j] && graph[i * n + j];
            if (degree < best_degree) {
                best_degree = degree;
                best = i;
            }
        }
        s->order[k] = (int32_t)best;
        s->rank[best] = (int32_t)k;
        gone[best] = 1;
        for (size_t i = 0; i < n; i++) {
            if (gone[i] || !graph[i * n + best]) continue;
            for (size_t j = 0; j < n; j++)
                if (!gone[j] && graph[best * n + j]) graph[i * n + j] = 1;
        }
    }
}

static void fill(analysis *s)
{
    const size_t n = s->n;
    for (size_t k = 0; k < n; k++) {
        const size_t p = (size_t)s->order[k];
        for (size_t i = 0; i < n; i++) {
            if ((size_t)s->rank[i] <= k || !s->full[i * n + p]) continue;
            for (size_t j = 0; j < n; j++)
                if ((size_t)s->rank[j] > k && s->full[p * n + j]) s->full[i * n + j] = 1;
        }
    }
}

typedef struct lists {
    int32_t *pivot, *scale_start, *scale, *update_start;
    coley_lu_update *update;
    coley_lu_row *lower, *upper;
    int32_t *lower_entry, *lower_column, *upper_entry, *upper_column;
} lists;

static int make_lists(coley_arena *arena, const analysis *s, lists *l)
{
    const size_t n = s->n;
    size_t n_scale = 0, n_update = 0, n_upper = 0;
    for (size_t k = 0; k < n; k++) {
        const size_t p = (size_t)s->order[k];
        size_t below = 0, right = 0;
        for (size_t i = 0; i < n; i++) {
            below += (size_t)s->rank[i] > k && s->full[i * n + p];
            right += (size_t)s->rank[i] > k && s->full[p * n + i];
        }
        n_scale += below;
        n_upper += right;
        n_update += below * right;
    }
    *l = (lists){.pivot = COLEY_NEW(arena, int32_t, n),
                 .scale_start = COLEY_NEW(arena, int32_t, n + 1),
                 .scale = COLEY_NEW(arena, int32_t, n_scale),
                 .update_start = COLEY_NEW(arena, int32_t, n + 1),
                 .update = COLEY_NEW(arena, coley_lu_update, n_update),
                 .lower = COLEY_NEW(arena, coley_lu_row, n),
                 .upper = COLEY_NEW(arena, coley_lu_row, n),
                 .lower_entry = COLEY_NEW(arena, int32_t, n_scale),
                 .lower_column = COLEY_NEW(arena, int32_t, n_scale),
                 .upper_entry = COLEY_NEW(arena, int32_t, n_upper),
                 .upper_column = COLEY_NEW(arena, int32_t, n_upper)};
    if (!l->pivot || !l->scale_start || !l->scale || !l->update_start || !l->update || !l->lower || !l->upper ||
        !l->lower_entry || !l->lower_column || !l->upper_entry || !l->upper_column)
        return 0;
    int32_t scale = 0, update = 0, lower = 0, upper = 0;
    for (size_t k = 0; k < n; k++) {
        const size_t p = (size_t)s->order[k];
        l->pivot[k] = s->entry[p * n + p];
        for (size_t a = k + 1; a < n; a++) {
            const size_t i = (size_t)s->order[a];
            if (!s->full[i * n + p]) continue;
            l->scale[scale++] = s->entry[i * n + p];
            for (size_t b = k + 1; b < n; b++) {
                const size_t j = (size_t)s->order[b];
                if (!s->full[p * n + j]) continue;
                l->update[update++] = (coley_lu_update){s->entry[i * n + j], s->entry[i * n + p], s->entry[p * n + j]};
            }
        }
        l->scale_start[k + 1] = scale;
        l->update_start[k + 1] = update;
        l->lower[k] = (coley_lu_row){.i = (int32_t)p, .start = lower};
        l->upper[k] = (coley_lu_row){.i = (int32_t)p, .start = upper};
        for (size_t b = 0; b < n; b++) {
            const size_t j = (size_t)s->order[b];
            if (b == k || !s->full[p * n + j]) continue;
            if (b < k) {
                l->lower_entry[lower] = s->entry[p * n + j];
                l->lower_column[lower++] = (int32_t)j;
            } else {
                l->upper_entry[upper] = s->entry[p * n + j];
                l->upper_column[upper++] = (int32_t)j;
            }
        }
        l->lower[k].end = lower;
        l->upper[k].end = upper;
    }
    return 1;
}

const coley_sparse_lu *coley_sparse_lu_analyse(coley_arena *arena, size_t n, const int32_t *row_start,
                                               const int32_t *column)
{
    coley_sparse_lu *lu = COLEY_NEW(arena, coley_sparse_lu, 1);
    analysis s = {.n = n,
                  .full = COLEY_NEW(arena, unsigned char, n *n),
                  .entry = COLEY_NEW(arena, int32_t, n * n),
                  .order = COLEY_NEW(arena, int32_t, n),
                  .rank = COLEY_NEW(arena, int32_t, n)};
    unsigned char *graph = COLEY_NEW(arena, unsigned char, n *n), *gone = COLEY_NEW(arena, unsigned char, n);
    int32_t *place = COLEY_NEW(arena, int32_t, (size_t)row_start[n]), *diagonal = COLEY_NEW(arena, int32_t, n);
    if (!lu || !s.full || !s.entry || !s.order || !s.rank || !graph || !gone || !place || !diagonal) return NULL;
    for (size_t i = 0; i < n; i++)
        for (int32_t e = row_start[i]; e < row_start[i + 1]; e++) {
            s.full[i * n + (size_t)column[e]] = 1;
            graph[i * n + (size_t)column[e]] = graph[(size_t)column[e] * n + i] = 1;
        }
    choose_order(&s, graph, gone);
    fill(&s);
    int32_t n_entries = 0;
    for (size_t i = 0; i < n * n; i++)
        if (s.full[i]) s.entry[i] = n_entries++;
    lists l;
    if (!make_lists(arena, &s, &l)) return NULL;
    for (size_t i = 0; i < n; i++) {
        diagonal[i] = s.entry[i * n + i];
        for (int32_t e = row_start[i]; e < row_start[i + 1]; e++) place[e] = s.entry[i * n + (size_t)column[e]];
    }
    *lu = (coley_sparse_lu){.n = n,
                            .n_entries = (size_t)n_entries,
                            .n_matrix = (size_t)row_start[n],
                            .place = place,
                            .diagonal = diagonal,
                            .order = s.order,
                            .pivot = l.pivot,
                            .scale_start = l.scale_start,
                            .scale = l.scale,
                            .update_start = l.update_start,
                            .update = l.update,
                            .lower = l.lower,
                            .upper = l.upper,
                            .lower_entry = l.lower_entry,
                            .lower_column = l.lower_column,
                            .upper_entry = l.upper_entry,
                            .upper_column = l.upper_column};
    return lu;
}

const coley_lu_kernels *coley_lu_best(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return &coley_lu_avx512;
    if (__builtin_cpu_supports("avx2")) return &coley_lu_avx2;
#endif
    return &coley_lu_portable;
}
