/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantile.c -- partition (Hoare 1961, Commun ACM 4:321), going on only where a place that is wanted lies. */
#include "math/quantile.h"

#include <assert.h>

enum { SHORT = 24, MAX_QUANTILES = 16 };

static void insertion_sort(double *x, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const double v = x[i];
        size_t k = i;
        for (; k > 0 && x[k - 1] > v; k--) x[k] = x[k - 1];
        x[k] = v;
    }
}

static double middle_of(double a, double b, double c)
{
    const double low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* Put what would stand at `want[0..n_want)` of the sorted x[0..n) there; want counts from `first`. */
static void select_places(double *x, size_t n, const size_t *want, size_t n_want, size_t first)
{
    while (n_want) {
        if (n <= SHORT) {
            insertion_sort(x, n);
            return;
        }
        const double pivot = middle_of(x[0], x[n / 2], x[n - 1]);
        size_t i = 0, j = n - 1;
        for (;;) {
            while (x[i] < pivot) i++;
            while (pivot < x[j]) j--;
            if (i >= j) break;
            const double v = x[i];
            x[i++] = x[j];
            x[j--] = v;
        }
        const size_t cut = j + 1; /* x[0..cut) <= pivot <= x[cut..n) */
        size_t below = 0;
        while (below < n_want && want[below] - first < cut) below++;
        select_places(x, cut, want, below, first);
        want += below;
        n_want -= below;
        x += cut;
        n -= cut;
        first += cut;
    }
}

void coley_quantiles(double *x, size_t n, const double *p, size_t n_p, double *q)
{
    size_t want[2 * MAX_QUANTILES] = {0}, n_want = 0;
    assert(n && n_p <= MAX_QUANTILES);
    for (size_t k = 0; k < n_p; k++) {
        const size_t low = (size_t)(p[k] * (double)(n - 1));
        assert(!k || p[k] >= p[k - 1]);
        for (size_t place = low; place < n && place < low + 2; place++)
            if (!n_want || place > want[n_want - 1]) want[n_want++] = place;
    }
    select_places(x, n, want, n_want, 0);
    for (size_t k = 0; k < n_p; k++) {
        const double place = p[k] * (double)(n - 1);
        const size_t low = (size_t)place;
        q[k] = low + 1 < n ? x[low] + (place - (double)low) * (x[low + 1] - x[low]) : x[n - 1];
    }
}
