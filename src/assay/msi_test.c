/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_test.c -- two-sample tests of repeat lengths.
 *
 *   Q_KS(x) = 2 sum (-1)^(j-1) exp(-2 j^2 x^2) = 1 - sqrt(2 pi)/x sum exp(-(2j-1)^2 pi^2/(8 x^2))
 *
 * The first series is quick for large x, the second for small x (Jacobi's theta function). Chi-squared with k degrees
 * of freedom: a finite sum, plus erfc for odd k (Abramowitz and Stegun 26.4.4, 26.4.5). */
#include "assay/msi_test.h"

#include <math.h>
#include <stdlib.h>

static const double pi = 3.14159265358979323846;

double coley_ks_q(double x)
{
    double sum = 0;
    if (!(x > 0)) return x <= 0 ? 1 : NAN;
    if (x < 1.18) {
        const double u = pi * pi / (8 * x * x);
        for (int j = 7; j > 0; j -= 2) sum += exp(-j * j * u);
        return 1 - sqrt(2 * pi) / x * sum;
    }
    for (int j = 6; j > 0; j--) sum += (j % 2 ? 2 : -2) * exp(-2 * j * j * x * x);
    return sum;
}

double coley_ks_p(double d, double n1, double n2)
{
    const double root = sqrt(n1 * n2 / (n1 + n2));
    return coley_ks_q((root + 0.12 + 0.11 / root) * d);
}

double coley_chi2_q(double x, int degrees)
{
    const double y = x / 2;
    if (degrees < 1 || !(x > 0)) return 1;
    double term = degrees % 2 ? exp(-y) * sqrt(y) * 2 / sqrt(pi) : exp(-y);
    double sum = degrees % 2 ? erfc(sqrt(y)) : term;
    for (int k = degrees % 2 ? 3 : 4; k <= degrees; k += 2) {
        sum += degrees % 2 ? term : 0;
        term *= y / (degrees % 2 ? 0.5 * k : 0.5 * k - 1);
        sum += degrees % 2 ? 0 : term;
    }
    return fmin(sum, 1);
}

coley_length_test coley_lengths_test(const coley_lengths *a, const coley_lengths *b)
{
    const double na = a->n_reads, nb = b->n_reads, n = na + nb;
    coley_length_test t = {.degrees = -1};
    double gap = 0;
    for (uint32_t i = 0, j = 0; i < a->n_kinds || j < b->n_kinds;) {
        const uint32_t ua = i < a->n_kinds ? a->kind[i].units : UINT32_MAX;
        const uint32_t ub = j < b->n_kinds ? b->kind[j].units : UINT32_MAX;
        const double x = ua <= ub ? a->kind[i++].reads : 0, y = ub <= ua ? b->kind[j++].reads : 0;
        const double ex = (x + y) * na / n, ey = (x + y) * nb / n;
        t.degrees++;
        t.chi2 += (x - ex) * (x - ex) / ex + (y - ey) * (y - ey) / ey;
        t.distance += 0.5 * fabs(x / na - y / nb);
        gap += x / na - y / nb;
        t.ks_d = fmax(t.ks_d, fabs(gap));
    }
    t.chi2_p = coley_chi2_q(t.chi2, t.degrees);
    t.ks_p = coley_ks_p(t.ks_d, na, nb);
    return t;
}

double coley_lengths_deleted(const coley_lengths *lengths, uint32_t units)
{
    double there = 0, missing = 0, many = 0;
    for (uint32_t i = 0; i < lengths->n_kinds; i++) {
        const uint32_t u = lengths->kind[i].units;
        const double reads = lengths->kind[i].reads;
        there += reads * (u < units ? u : units);
        missing += reads * (u < units ? units - u : 0);
        many += reads * (u > units ? u - units : 0);
    }
    return missing / (there + missing + many);
}

static int by_p(const void *a, const void *b, void *p)
{
    const size_t i = *(const size_t *)a, j = *(const size_t *)b;
    const double x = ((const double *)p)[i], y = ((const double *)p)[j];
    return x != y ? (x > y) - (x < y) : (i > j) - (i < j);
}

void coley_benjamini_hochberg(size_t n, const double *p, double *q, size_t *order)
{
    double least = 1;
    for (size_t i = 0; i < n; i++) order[i] = i;
    qsort_r(order, n, sizeof *order, by_p, (void *)(uintptr_t)p);
    for (size_t rank = n; rank > 0; rank--) {
        const size_t i = order[rank - 1];
        least = fmin(least, p[i] * (double)n / (double)rank);
        q[i] = least;
    }
}

void coley_wilson_95(double k, double n, double *low, double *high)
{
    const double z = 1.959964;
    *low = 0;
    *high = 1;
    if (!(n > 0)) return;
    const double p = k / n, d = 1 + z * z / n, m = p + z * z / (2 * n);
    const double h = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    *low = fmax(0, (m - h) / d);
    *high = fmin(1, (m + h) / d);
}
