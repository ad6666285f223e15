/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proportion.h -- intervals of a proportion and of a rate from counts. */
#ifndef COLEY_MATH_PROPORTION_H
#define COLEY_MATH_PROPORTION_H

#include <stddef.h>

#include "math/interval.h"

/* k of n people: the exact interval (Clopper, Pearson, Biometrika 1934; 26:404). level 0.95 for 95 %. 0 to 1 when n is
 * 0. */
coley_interval coley_proportion_exact(size_t k, size_t n, double level);

/* Wilson's interval (J Am Stat Assoc 1927; 22:209), without correction for continuity. */
coley_interval coley_proportion_wilson(size_t k, size_t n, double level);

/* k events in `exposure` person-times: the exact interval of the rate (Garwood, Biometrika 1936; 28:437). 0 to infinity
 * when the exposure is 0. */
coley_interval coley_rate_exact(size_t k, double exposure, double level);

/* Two-sided exact P of k of n when the proportion is p: all counts that are no likelier than k, as binom.test of R. */
double coley_proportion_test(size_t k, size_t n, double p);

#endif
