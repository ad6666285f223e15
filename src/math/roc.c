/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roc.c -- areas from middle ranks (Sun X, Xu W. IEEE Signal Process Lett 2014; 21:1389). For someone with the outcome
 * the share is the part of those without whom the score lies above, ties counting a half, and the other way round;
 * var area = var(shares with)/n_with + var(shares without)/n_without. */
#include "math/roc.h"

#include <math.h>
#include <stdlib.h>

#include "math/normal.h"

typedef struct scored {
    double score;
    size_t row;
    int with;
} scored;

static int by_score_down(const void *a, const void *b)
{
    const scored *x = a, *y = b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Variance of the shares of one group's mean. */
static double variance_of(const double *share, const int *outcome, size_t n, int with, size_t count, double mean)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        if ((outcome[i] != 0) == with) sum += (share[i] - mean) * (share[i] - mean);
    return count > 1 ? sum / (double)(count - 1) / (double)count : 0.0;
}

/* The curve and the shares, from the highest score down. */
static void walk(const scored *s, size_t n, coley_roc *roc, coley_roc_point *point, double *share)
{
    const double with = (double)roc->n_with, without = (double)roc->n_without;
    double above_with = 0.0, above_without = 0.0, best = -1.0;
    point[0] = (coley_roc_point){INFINITY, 0.0, 1.0};
    roc->n_points = 1;
    for (size_t i = 0; i < n;) {
        size_t end = i;
        double here_with = 0.0, here_without = 0.0;
        for (; end < n && s[end].score == s[i].score; end++) {
            here_with += s[end].with;
            here_without += !s[end].with;
        }
        for (; i < end; i++)
            share[s[i].row] = s[i].with ? (without - above_without - 0.5 * here_without) / without
                                        : (above_with + 0.5 * here_with) / with;
        above_with += here_with;
        above_without += here_without;
        const coley_roc_point p = {s[i - 1].score, above_with / with, 1.0 - above_without / without};
        if (p.sensitivity + p.specificity > best + 1e-12) {
            best = p.sensitivity + p.specificity;
            roc->best = roc->n_points;
        }
        point[roc->n_points++] = p;
    }
}

coley_status coley_roc_curve(coley_arena *arena, const double *score, const int *outcome, size_t n, double level,
                             coley_roc *roc, coley_error *err)
{
    if (!n) return COLEY_FAIL(err, COLEY_ERR_INPUT, "there is nobody to analyse; give at least one person");
    scored *const sorted = COLEY_NEW(arena, scored, n);
    coley_roc_point *const point = COLEY_NEW(arena, coley_roc_point, n + 1);
    double *const share = COLEY_NEW(arena, double, n);
    if (!sorted || !point || !share) return COLEY_FAIL_MEMORY(err);
    *roc = (coley_roc){.area = 0.5, .interval = {0.0, 1.0}, .point = point, .share = share};
    for (size_t i = 0; i < n; i++) {
        if (isnan(score[i]))
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "person %zu: the score is no number; leave the person out", i + 1);
        sorted[i] = (scored){score[i], i, outcome[i] != 0};
        *(outcome[i] ? &roc->n_with : &roc->n_without) += 1;
    }
    if (!roc->n_with || !roc->n_without) {
        roc->why = roc->n_with ? "everybody has the outcome" : "nobody has the outcome";
        return COLEY_OK;
    }
    qsort(sorted, n, sizeof *sorted, by_score_down);
    walk(sorted, n, roc, point, share);
    double area = 0.0;
    for (size_t i = 0; i < n; i++)
        if (outcome[i]) area += share[i];
    roc->area = area / (double)roc->n_with;
    roc->standard_error = sqrt(variance_of(share, outcome, n, 1, roc->n_with, roc->area) +
                               variance_of(share, outcome, n, 0, roc->n_without, roc->area));
    const double wide = -coley_normal_quantile(0.5 * (1.0 - level)) * roc->standard_error;
    roc->interval = (coley_interval){fmax(0.0, roc->area - wide), fmin(1.0, roc->area + wide)};
    return COLEY_OK;
}

coley_roc_contrast coley_roc_compare(const coley_roc *a, const coley_roc *b, const int *outcome, size_t n)
{
    double sum[2] = {0};
    const double shift = a->area - b->area;
    coley_roc_contrast c = {.difference = shift, .z = NAN, .p = 1.0};
    if (a->why || b->why) return c;
    for (size_t i = 0; i < n; i++) {
        const double d = a->share[i] - b->share[i] - shift;
        sum[outcome[i] != 0] += d * d;
    }
    const double with = (double)a->n_with, without = (double)a->n_without;
    const double variance = (a->n_with > 1 ? sum[1] / (with * (with - 1.0)) : 0.0) +
                            (a->n_without > 1 ? sum[0] / (without * (without - 1.0)) : 0.0);
    c.standard_error = sqrt(variance);
    if (!(variance > 0.0)) return c;
    c.z = shift / c.standard_error;
    c.p = 2.0 * coley_normal_cdf(-fabs(c.z));
    return c;
}
