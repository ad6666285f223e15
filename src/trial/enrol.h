/* SPDX-License-Identifier: GPL-3.0-or-later */
/* enrol.h -- allocation in permuted blocks within strata, and when people enter and are lost.
 *
 * A block has each arm as often as the allocation ratio says, in an order of the block's own: a function of the seed,
 * the stratum and the block's number, so that nothing is kept but how many of a stratum have entered. */
#ifndef COLEY_TRIAL_ENROL_H
#define COLEY_TRIAL_ENROL_H

#include <stddef.h>
#include <stdint.h>

enum { COLEY_ENROL_MAX_ARMS = 16, COLEY_ENROL_MAX_BLOCK = 64 };

/* ratio[n_arms] >= 1, at most COLEY_ENROL_MAX_BLOCK together; `k` is how many of the stratum entered before. */
size_t coley_enrol_arm(uint64_t seed, size_t n_arms, const int *ratio, uint64_t stratum, uint64_t k);

/* Small whole numbers in about the proportion of n[n_arms], for a block. */
void coley_enrol_ratio(size_t n_arms, const int64_t *n, int *ratio);

/* Day on which the i-th of n enters, from the trial's start: evenly, with a person's own share of the interval. */
double coley_enrol_day(uint64_t seed, uint64_t person, size_t i, size_t n, double accrual_day);

/* Days from entry until the person is lost to follow-up; infinite when nobody is. */
double coley_enrol_dropout(uint64_t seed, uint64_t person, double share_per_year);

/* Which of n things that come to so large a share of people this person gets; -1: none of them. */
int coley_enrol_later(uint64_t seed, uint64_t person, size_t n, const double *share);

#endif
