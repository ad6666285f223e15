/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu.c -- the order of the pivots and the list of operations.
 *
 * The pattern lives as two bit tables, rows and columns, while pivots are chosen: eliminating k joins row k to every
 * row that has k. The cost of a pivot is (row count - 1)(column count - 1), an upper bound of its fill; ties go to the
 * lowest variable, so that an order is a function of the pattern alone. */
#include "math/sparse_lu_plan.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

typedef struct bits {
    size_t words;
    uint64_t *row, *column; /* n x words each */
} bits;

static void bit_add(uint64_t *set, size_t i)
{
    set[i / 64] |= UINT64_C(1) << (i % 64);
}

static int bit_in(const uint64_t *set, size_t i)
{
    return (int)(set[i / 64] >> (i % 64) & 1);
}

/* Members of a set that are still to be eliminated. */
static size_t count_left(const uint64_t *set, const uint64_t *left, size_t words)
{
    size_t count = 0;
    for (size_t w = 0; w < words; w++) count += (size_t)__builtin_popcountll(set[w] & left[w]);
    return count;
}

static coley_status pattern_read(bits *b, size_t n, const int32_t *row_start, const int32_t *column, coley_error *err)
{
    for (size_t i = 0; i < n; i++) {
        for (int32_t k = row_start[i]; k < row_start[i + 1]; k++) {
            const int32_t j = column[k];
            if (j < 0 || (size_t)j >= n || (k > row_start[i] && column[k - 1] >= j))
                return COLEY_FAIL(err, COLEY_ERR_ARG,
                                  "row %zu of the pattern has column %d out of place: columns must "
                                  "ascend and lie in 0..%zu",
                                  i, (int)j, n - 1);
            bit_add(b->row + i * b->words, (size_t)j);
            bit_add(b->column + (size_t)j * b->words, i);
        }
        if (!bit_in(b->row + i * b->words, i))
            return COLEY_FAIL(err, COLEY_ERR_ARG, "row %zu of the pattern has no diagonal: add it", i);
    }
    return COLEY_OK;
}

/* The variable of least cost that is left. */
static size_t cheapest(const bits *b, size_t n, const uint64_t *left)
{
    const size_t words = b->words;
    size_t best = n, best_cost = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        if (!bit_in(left, i)) continue;
        const size_t cost = (count_left(b->row + i * words, left, words) - 1) *
                            (count_left(b->column + i * words, left, words) - 1);
        if (cost < best_cost) best = i, best_cost = cost;
    }
    return best;
}

/* Choose the order, or take the one that is given; the bits end as the pattern of L + U. */
static void order_pivots(bits *b, size_t n, uint64_t *left, const int32_t *given, int32_t *pivot)
{
    const size_t words = b->words;
    for (size_t i = 0; i < n; i++) bit_add(left, i);
    for (size_t k = 0; k < n; k++) {
        const size_t best = given ? (size_t)given[k] : cheapest(b, n, left);
        pivot[k] = (int32_t)best;
        left[best / 64] &= ~(UINT64_C(1) << (best % 64));
        const uint64_t *row = b->row + best * words, *column = b->column + best * words;
        for (size_t i = 0; i < n; i++) {
            const int joins_row = bit_in(left, i) && bit_in(column, i),
                      joins_column = bit_in(left, i) && bit_in(row, i);
            for (size_t w = 0; w < words; w++) {
                if (joins_row) b->row[i * words + w] |= row[w] & left[w];
                if (joins_column) b->column[i * words + w] |= column[w] & left[w];
            }
        }
    }
}

/* Room while the plan is written: position of a variable among the pivots, entry of (pivot row, pivot column). */
typedef struct places {
    int32_t *position; /* pivot number of a variable */
    int32_t *source;   /* n: value of A at each variable in the row at hand, or -1 */
} places;

/* Rows of L + U in pivot order. */
static void lay_out_rows(coley_sparse_lu *lu, const bits *b, const int32_t *row_start, const int32_t *column, places *p)
{
    int32_t e = 0;
    for (size_t k = 0; k < lu->n; k++) {
        const int32_t i = lu->pivot[k];
        for (size_t j = 0; j < lu->n; j++) p->source[j] = -1;
        for (int32_t a = row_start[i]; a < row_start[i + 1]; a++) p->source[column[a]] = a;
        lu->row[k] = e;
        for (size_t m = 0; m < lu->n; m++) {
            const int32_t j = lu->pivot[m];
            if (!bit_in(b->row + (size_t)i * b->words, (size_t)j)) continue;
            if (m == k) lu->diagonal[k] = e;
            lu->variable[e] = j;
            lu->entry[e].source = p->source[j];
            e++;
        }
    }
    lu->row[lu->n] = e;
    assert((size_t)e == lu->n_entries);
}

/* Every entry's products, l(k,q) u(q,m) in the order of q. Counts only while lu->pair is NULL. */
static void list_pairs(coley_sparse_lu *lu, places *p)
{
    size_t n_pairs = 0;
    for (size_t k = 0; k < lu->n; k++) {
        /* Row k's entries by column, to find u(q,m) that meets them: column m of row q must stand in row k as well. */
        for (int32_t e = lu->row[k]; e < lu->row[k + 1]; e++) {
            const int32_t m = p->position[lu->variable[e]];
            for (int32_t a = lu->row[k]; a < e && p->position[lu->variable[a]] < (m < (int32_t)k ? m : (int32_t)k);
                 a++) {
                const int32_t q = p->position[lu->variable[a]];
                int32_t low = lu->diagonal[q] + 1, high = lu->row[q + 1];
                while (low < high) {
                    const int32_t middle = low + (high - low) / 2;
                    if (p->position[lu->variable[middle]] < m)
                        low = middle + 1;
                    else
                        high = middle;
                }
                if (low == lu->row[q + 1] || lu->variable[low] != lu->variable[e]) continue;
                if (lu->pair) lu->pair[n_pairs] = (coley_lu_pair){.left = a, .right = low};
                n_pairs++;
            }
            lu->entry[e].scale = m < (int32_t)k ? lu->diagonal[m] : m == (int32_t)k ? -1 : -2;
            lu->entry[e].pairs = (int32_t)n_pairs;
        }
    }
    lu->n_pairs = n_pairs;
}

/* `given`: an order of pivots, or NULL. */
static coley_status analyse(coley_arena *arena, size_t n, const int32_t *row_start, const int32_t *column,
                            const int32_t *given, coley_sparse_lu **result, coley_error *err)
{
    const size_t words = (n + 63) / 64;
    coley_sparse_lu *lu = COLEY_NEW(arena, coley_sparse_lu, 1);
    bits b = {words, COLEY_NEW(arena, uint64_t, n * words), COLEY_NEW(arena, uint64_t, n * words)};
    uint64_t *left = COLEY_NEW(arena, uint64_t, words);
    places p = {COLEY_NEW(arena, int32_t, n), COLEY_NEW(arena, int32_t, n)};
    if (!lu || !b.row || !b.column || !left || !p.position || !p.source) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(pattern_read(&b, n, row_start, column, err));

    lu->n = n;
    lu->pivot = COLEY_NEW(arena, int32_t, n);
    lu->row = COLEY_NEW(arena, int32_t, n + 1);
    lu->diagonal = COLEY_NEW(arena, int32_t, n);
    if (!lu->pivot || !lu->row || !lu->diagonal) return COLEY_FAIL_MEMORY(err);
    order_pivots(&b, n, left, given, lu->pivot);
    for (size_t k = 0; k < n; k++) p.position[lu->pivot[k]] = (int32_t)k;

    for (size_t w = 0; w < n * words; w++) lu->n_entries += (size_t)__builtin_popcountll(b.row[w]);
    if (lu->n_entries > INT32_MAX) return COLEY_FAIL(err, COLEY_ERR_ARG, "%zu states fill in to too many values", n);
    lu->entry = COLEY_NEW(arena, coley_lu_entry, lu->n_entries);
    lu->variable = COLEY_NEW(arena, int32_t, lu->n_entries);
    if (!lu->entry || !lu->variable) return COLEY_FAIL_MEMORY(err);
    lay_out_rows(lu, &b, row_start, column, &p);
    list_pairs(lu, &p);
    if (lu->n_pairs > INT32_MAX) return COLEY_FAIL(err, COLEY_ERR_ARG, "%zu states fill in to too many values", n);
    lu->pair = COLEY_NEW(arena, coley_lu_pair, lu->n_pairs);
    if (!lu->pair) return COLEY_FAIL_MEMORY(err);
    list_pairs(lu, &p);
    *result = lu;
    return COLEY_OK;
}

coley_status coley_sparse_lu_analyse(coley_arena *arena, size_t n, const int32_t *row_start, const int32_t *column,
                                     const coley_sparse_lu **result, coley_error *err)
{
    assert(arena && row_start && column && result);
    coley_sparse_lu *lu;
    COLEY_TRY(analyse(arena, n, row_start, column, NULL, &lu, err));
    *result = lu;
    return COLEY_OK;
}

coley_status coley_sparse_lu_analyse_part(coley_arena *arena, const coley_sparse_lu *whole, size_t n,
                                          const int32_t *variable, const int32_t *row_start, const int32_t *column,
                                          const coley_sparse_lu **result, coley_error *err)
{
    assert(arena && whole && variable && row_start && column && result);
    int32_t *place = COLEY_NEW(arena, int32_t, whole->n), *order = COLEY_NEW(arena, int32_t, n);
    if (!place || !order) return COLEY_FAIL_MEMORY(err);
    for (size_t v = 0; v < whole->n; v++) place[v] = -1;
    for (size_t i = 0; i < n; i++) place[variable[i]] = (int32_t)i;
    for (size_t k = 0, i = 0; k < whole->n; k++)
        if (place[whole->pivot[k]] >= 0) order[i++] = place[whole->pivot[k]];
    coley_sparse_lu *lu;
    COLEY_TRY(analyse(arena, n, row_start, column, order, &lu, err));
    for (size_t k = 0; k < n; k++) lu->pivot[k] = variable[lu->pivot[k]];
    for (size_t e = 0; e < lu->n_entries; e++) lu->variable[e] = variable[lu->variable[e]];
    *result = lu;
    return COLEY_OK;
}

size_t coley_sparse_lu_size(const coley_sparse_lu *lu)
{
    return lu->n;
}

size_t coley_sparse_lu_count(const coley_sparse_lu *lu)
{
    return lu->n_entries;
}

size_t coley_sparse_lu_factor_work(const coley_sparse_lu *lu)
{
    return lu->n_pairs;
}

int32_t coley_sparse_lu_pivot(const coley_sparse_lu *lu, size_t k)
{
    assert(k < lu->n);
    return lu->pivot[k];
}

static const coley_lu_kernels *kernels(coley_isa isa)
{
    return isa == COLEY_ISA_AVX512 ? &coley_lu_kernels_avx512
           : isa == COLEY_ISA_AVX2 ? &coley_lu_kernels_avx2
                                   : &coley_lu_kernels_portable;
}

void coley_sparse_lu_factor(const coley_sparse_lu *lu, coley_isa isa, size_t width, const double *shift,
                            const double *values, double *factors, double *bad)
{
    assert(width % 8 == 0);
    kernels(isa)->factor(lu, width, shift, values, factors, bad);
}

void coley_sparse_lu_solve(const coley_sparse_lu *lu, coley_isa isa, size_t width, const double *factors, double *x)
{
    assert(width % 8 == 0);
    kernels(isa)->solve(lu, width, factors, x);
}
