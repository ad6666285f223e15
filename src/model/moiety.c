/* SPDX-License-Identifier: GPL-3.0-or-later */
/* moiety.c -- Gaussian elimination on sparse rows of fractions.
 *
 * One row a species: its stoichiometries by reaction on the left, the combination of species that it is on the right.
 * A row whose left side is reduced to nothing is a sum that no reaction changes. */
#include "model/moiety.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct fraction {
    int64_t up, down; /* down > 0, no common divisor */
} fraction;

typedef struct entry {
    int32_t at; /* reaction, or n_reactions + species */
    fraction value;
} entry;

typedef struct row {
    size_t n;
    entry *entry; /* by ascending `at` */
} row;

typedef struct eliminator {
    coley_arena *arena;
    const coley_network *network;
    int32_t n_reactions;
    row *pivot; /* by reaction: the row that starts there */
    int overflow, no_memory;
} eliminator;

static int64_t divisor(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static fraction reduced(eliminator *e, __int128 up, __int128 down)
{
    __int128 a = up < 0 ? -up : up, b = down;
    while (b) {
        const __int128 rest = a % b;
        a = b;
        b = rest;
    }
    if (a > 1) {
        up /= a;
        down /= a;
    }
    const __int128 most = INT64_MAX / 4;
    if (up > most || up < -most || down > most) {
        e->overflow = 1;
        return (fraction){0, 1};
    }
    return (fraction){(int64_t)up, (int64_t)down};
}

/* x - f y */
static fraction less(eliminator *e, fraction x, fraction f, fraction y)
{
    const fraction product = reduced(e, (__int128)f.up * y.up, (__int128)f.down * y.down);
    return reduced(e, (__int128)x.up * product.down - (__int128)product.up * x.down, (__int128)x.down * product.down);
}

/* A stoichiometry as a fraction with a small denominator, by its continued fraction; 0 when it is none. */
static int fraction_of(double x, fraction *out)
{
    double rest = fabs(x), up0 = 0, up1 = 1, down0 = 1, down1 = 0;
    for (int i = 0; i < 20; i++) {
        const double whole = floor(rest);
        const double up = whole * up1 + up0, down = whole * down1 + down0;
        if (!(up < 1e9 && down < 1e6)) return 0;
        up0 = up1, up1 = up, down0 = down1, down1 = down;
        if (fabs(up / down - fabs(x)) <= 1e-14 * fabs(x)) {
            *out = (fraction){(int64_t)(x < 0 ? -up : up), (int64_t)down};
            return 1;
        }
        rest = 1 / (rest - whole);
    }
    return 0;
}

/* a - f b, by ascending place. */
static row combined(eliminator *e, const row *a, fraction f, const row *b)
{
    row sum = {.entry = COLEY_NEW(e->arena, entry, a->n + b->n)};
    if (!sum.entry) {
        e->no_memory = 1;
        return sum;
    }
    const fraction zero = {0, 1};
    for (size_t i = 0, j = 0; i < a->n || j < b->n;) {
        const int32_t at = j == b->n || (i < a->n && a->entry[i].at < b->entry[j].at) ? a->entry[i].at : b->entry[j].at;
        const fraction x = i < a->n && a->entry[i].at == at ? a->entry[i++].value : zero;
        const fraction y = j < b->n && b->entry[j].at == at ? b->entry[j++].value : zero;
        const fraction value = less(e, x, f, y);
        if (value.up) sum.entry[sum.n++] = (entry){at, value};
    }
    return sum;
}

/* Reduce by the pivots; a row that is left with a reaction becomes a pivot, else it is a moiety. */
static int eliminate(eliminator *e, row *r)
{
    while (!e->overflow && !e->no_memory && r->n && r->entry[0].at < e->n_reactions) {
        row *pivot = &e->pivot[r->entry[0].at];
        if (!pivot->n) {
            *pivot = *r;
            return 0;
        }
        const fraction x = r->entry[0].value, y = pivot->entry[0].value;
        const fraction f = y.up > 0 ? reduced(e, (__int128)x.up * y.down, (__int128)x.down * y.up)
                                    : reduced(e, -(__int128)x.up * y.down, -(__int128)x.down * y.up);
        if (!e->overflow) *r = combined(e, r, f, pivot);
    }
    return !e->overflow && !e->no_memory;
}

/* Whole numbers without a common divisor, the first above 0. */
static coley_moiety whole(eliminator *e, const row *r)
{
    coley_moiety m = {
        .n = r->n, .species = COLEY_NEW(e->arena, int32_t, r->n), .factor = COLEY_NEW(e->arena, int64_t, r->n)};
    if (!m.species || !m.factor) {
        e->no_memory = 1;
        return m;
    }
    int64_t multiple = 1, common = 0;
    for (size_t i = 0; i < r->n && !e->overflow; i++) {
        const fraction f =
            reduced(e, (__int128)multiple / divisor(multiple, r->entry[i].value.down) * r->entry[i].value.down, 1);
        multiple = f.up;
    }
    for (size_t i = 0; i < r->n && !e->overflow; i++) {
        m.species[i] = r->entry[i].at - e->n_reactions;
        m.factor[i] = reduced(e, (__int128)r->entry[i].value.up * (multiple / r->entry[i].value.down), 1).up;
        common = divisor(common, m.factor[i]);
    }
    const int64_t sign = r->n && m.factor[0] < 0 ? -1 : 1;
    for (size_t i = 0; i < r->n && common; i++) m.factor[i] = m.factor[i] / common * sign;
    return m;
}

/* --- the same sums with as few minus signs as possible: A + AB and B + AB in place of A + AB and B - A -------------
 */

static size_t count_signs(const int64_t *v, size_t n, int negative)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += negative ? v[i] < 0 : v[i] != 0;
    return count;
}

/* Add another sum, once or with its sign turned, where that takes minus signs away. `spare` has room for one sum. */
static void turn_positive(int64_t *all, size_t n_sums, size_t n, int64_t *spare)
{
    for (int pass = 0, better = 1; pass < 8 && better; pass++) {
        better = 0;
        for (size_t i = 0; i < n_sums; i++)
            for (size_t j = 0; j < n_sums; j++)
                for (int64_t sign = 1; sign >= -1 && i != j; sign -= 2) {
                    int64_t *a = all + i * n;
                    const int64_t *b = all + j * n;
                    int large = 0;
                    for (size_t k = 0; k < n; k++) {
                        spare[k] = a[k] + sign * b[k];
                        large |= spare[k] > 1000000 || spare[k] < -1000000;
                    }
                    const size_t terms = count_signs(spare, n, 0);
                    if (2 * count_signs(spare, n, 1) > terms)
                        for (size_t k = 0; k < n; k++) spare[k] = -spare[k];
                    const size_t minus = count_signs(spare, n, 1), was = count_signs(a, n, 1);
                    if (large || minus > was || (minus == was && terms >= count_signs(a, n, 0))) continue;
                    memcpy(a, spare, n * sizeof *a);
                    better = 1;
                }
    }
}

enum { MAX_DENSE = 200000 };

static int simplify(coley_arena *arena, size_t n_symbols, coley_moiety *moiety, size_t n_sums)
{
    /* Only the species that stand in some sum. */
    int32_t *place = COLEY_NEW(arena, int32_t, n_symbols), *species = COLEY_NEW(arena, int32_t, n_symbols);
    size_t n = 0;
    if (!place || !species) return 0;
    for (size_t i = 0; i < n_sums; i++)
        for (size_t k = 0; k < moiety[i].n; k++)
            if (!place[moiety[i].species[k]]) {
                species[n] = moiety[i].species[k];
                place[moiety[i].species[k]] = (int32_t)++n;
            }
    if (n_sums < 2 || n_sums * n_sums * n > MAX_DENSE) return 1;
    int64_t *all = COLEY_NEW(arena, int64_t, n_sums * n);
    if (!all) return 0;
    for (size_t i = 0; i < n_sums; i++)
        for (size_t k = 0; k < moiety[i].n; k++) {
            if (moiety[i].factor[k] > 1000000 || moiety[i].factor[k] < -1000000) return 1;
            all[i * n + (size_t)place[moiety[i].species[k]] - 1] = moiety[i].factor[k];
        }
    turn_positive(all, n_sums, n, all + n_sums * n);
    for (size_t i = 0; i < n_sums; i++) {
        coley_moiety *m = &moiety[i];
        m->n = 0;
        m->species = COLEY_NEW(arena, int32_t, n);
        m->factor = COLEY_NEW(arena, int64_t, n);
        if (!m->species || !m->factor) return 0;
        for (size_t k = 0; k < n; k++)
            if (all[i * n + k]) {
                m->species[m->n] = species[k];
                m->factor[m->n++] = all[i * n + k];
            }
    }
    return 1;
}

/* --- the matrix -------------------------------------------------------------------------------------------------- */

typedef struct change {
    int32_t species, reaction;
    double amount;
} change;

static int by_species(const void *a, const void *b)
{
    const change *x = a, *y = b;
    return x->species != y->species ? (x->species > y->species) - (x->species < y->species)
                                    : (x->reaction > y->reaction) - (x->reaction < y->reaction);
}

/* All stoichiometries; species of reactions whose own are formulas are marked. */
static size_t list_changes(const coley_network *net, change *list, unsigned char *left_out)
{
    size_t n = 0;
    for (size_t r = 0; r < net->n_reactions; r++) {
        const coley_reaction *x = &net->reaction[r];
        for (size_t i = 0; i < x->n_reactants + x->n_products; i++) {
            const coley_term *t = i < x->n_reactants ? &x->reactant[i] : &x->product[i - x->n_reactants];
            const coley_symbol *s = &net->symbol[t->species];
            if (s->boundary || s->constant || s->rule_kind != COLEY_RULE_NONE) continue;
            if (t->amount->op != COLEY_OP_NUMBER) {
                left_out[t->species] = 1;
                continue;
            }
            list[n++] = (change){t->species, (int32_t)r, i < x->n_reactants ? -t->amount->number : t->amount->number};
        }
    }
    return n;
}

coley_status coley_moieties(coley_arena *arena, const coley_network *net, coley_moiety **moiety, size_t *n,
                            coley_error *err)
{
    size_t n_terms = 0, cap = 0;
    for (size_t r = 0; r < net->n_reactions; r++) n_terms += net->reaction[r].n_reactants + net->reaction[r].n_products;
    eliminator e = {.arena = arena,
                    .network = net,
                    .n_reactions = (int32_t)net->n_reactions,
                    .pivot = COLEY_NEW(arena, row, net->n_reactions)};
    change *list = COLEY_NEW(arena, change, n_terms);
    unsigned char *left_out = COLEY_NEW(arena, unsigned char, net->n_symbols);
    *moiety = NULL;
    *n = 0;
    if (!e.pivot || !list || !left_out) return COLEY_FAIL_MEMORY(err);
    const size_t n_changes = list_changes(net, list, left_out);
    if (n_changes) qsort(list, n_changes, sizeof *list, by_species);
    for (size_t i = 0; i < n_changes;) {
        const int32_t species = list[i].species;
        size_t end = i;
        while (end < n_changes && list[end].species == species) end++;
        row r = {.entry = COLEY_NEW(arena, entry, end - i + 1)};
        if (!r.entry) return COLEY_FAIL_MEMORY(err);
        for (; i < end && !left_out[species];) {
            double amount = 0;
            const int32_t reaction = list[i].reaction;
            for (; i < end && list[i].reaction == reaction; i++) amount += list[i].amount;
            fraction f = {0, 1};
            if (amount != 0 && !fraction_of(amount, &f)) e.overflow = 1;
            if (amount != 0 && !e.overflow) r.entry[r.n++] = (entry){reaction, f};
        }
        i = end;
        if (left_out[species]) continue;
        r.entry[r.n++] = (entry){e.n_reactions + species, {1, 1}};
        if (!e.overflow && eliminate(&e, &r)) {
            if (!COLEY_RESERVE(arena, *moiety, cap, *n + 1)) return COLEY_FAIL_MEMORY(err);
            (*moiety)[(*n)++] = whole(&e, &r);
        }
        if (e.no_memory) return COLEY_FAIL_MEMORY(err);
        if (e.overflow)
            return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED,
                              "the stoichiometries are no fractions small enough to find conserved sums exactly");
    }
    return simplify(arena, net->n_symbols, *moiety, *n) ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}
