/* SPDX-License-Identifier: GPL-3.0-or-later */
/* enrol.c -- see enrol.h. */
#include "trial/enrol.h"

#include <assert.h>
#include <math.h>

#include "base/rng.h"
#include "trial/covariates.h"

size_t coley_enrol_arm(uint64_t seed, size_t n_arms, const int *ratio, uint64_t stratum, uint64_t k)
{
    size_t block[COLEY_ENROL_MAX_BLOCK], n = 0;
    for (size_t a = 0; a < n_arms; a++)
        for (int i = 0; i < ratio[a]; i++) {
            assert(n < COLEY_ENROL_MAX_BLOCK);
            block[n++] = a;
        }
    assert(n > 0);
    const uint64_t number = k / n;
    for (size_t i = n - 1; i > 0; i--) { /* Fisher and Yates */
        const uint64_t tick = (uint64_t)COLEY_DRAW_BLOCK << 56 | stratum << 32 | (uint64_t)i;
        const size_t j = (size_t)(coley_rng_uniform(seed, COLEY_STREAM_TRIAL, number, tick) * (double)(i + 1));
        const size_t kept = block[i];
        block[i] = block[j];
        block[j] = kept;
    }
    return block[k % n];
}

void coley_enrol_ratio(size_t n_arms, const int64_t *n, int *ratio)
{
    int64_t least = n[0], most = COLEY_ENROL_MAX_BLOCK / (int64_t)n_arms;
    for (size_t a = 1; a < n_arms; a++)
        if (n[a] < least) least = n[a];
    /* Twos for like arms, so that a block is more than one of each. */
    for (size_t a = 0; a < n_arms; a++) {
        const int64_t r = llround(2.0 * (double)n[a] / (double)least);
        ratio[a] = (int)(r < 1 ? 1 : r > most ? most : r);
    }
}

double coley_enrol_day(uint64_t seed, uint64_t person, size_t i, size_t n, double accrual_day)
{
    return accrual_day * ((double)i + coley_rng_uniform(seed, COLEY_STREAM_TRIAL, person, COLEY_DRAW_ENTRY)) /
           (double)n;
}

double coley_enrol_dropout(uint64_t seed, uint64_t person, double share_per_year)
{
    if (!(share_per_year > 0)) return INFINITY;
    const double hazard = -log1p(-share_per_year) / 365.25;
    return -log(coley_rng_uniform(seed, COLEY_STREAM_TRIAL, person, COLEY_DRAW_DROPOUT)) / hazard;
}

int coley_enrol_later(uint64_t seed, uint64_t person, size_t n, const double *share)
{
    const double u = coley_rng_uniform(seed, COLEY_STREAM_LATER, person, 0);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        if (u < (sum += share[i])) return (int)i;
    return -1;
}
