/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_test.h -- are two distributions of repeat lengths one? Chi-squared, Kolmogorov and Smirnov, false discovery rate.
 */
#ifndef COLEY_ASSAY_MSI_TEST_H
#define COLEY_ASSAY_MSI_TEST_H

#include <stddef.h>

#include "assay/msi_count.h"

/* Q_KS(x) = 2 sum over j >= 1 of (-1)^(j-1) exp(-2 j^2 x^2): 1 at 0, 0 far out. */
double coley_ks_q(double x);

/* The classical p-value of two samples of n1 and n2 whose distribution functions are at most d apart:
 * Q_KS((sqrt(n) + 0.12 + 0.11/sqrt(n)) d), n = n1 n2/(n1 + n2). Conservative for lengths, which have ties. */
double coley_ks_p(double d, double n1, double n2);

/* Chance that chi-squared with that many degrees of freedom is above x. */
double coley_chi2_q(double x, int degrees);

typedef struct coley_length_test {
    double distance;     /* half the sum of |share - share| over lengths: 0 the same, 1 nothing in common */
    double chi2, chi2_p; /* homogeneity; degrees: lengths that were seen less one */
    int degrees;
    double ks_d, ks_p;
} coley_length_test;

/* Both must have reads. */
coley_length_test coley_lengths_test(const coley_lengths *a, const coley_lengths *b);

/* Share of deleted units: (units missing against the reference) / (units there, missing and too many). MSIsensor-pro's
 * parameter p (Jia 2020). */
double coley_lengths_deleted(const coley_lengths *lengths, uint32_t units);

/* q[i]: the false discovery rate at which test i counts (Benjamini and Hochberg 1995). `order` is room for n. */
void coley_benjamini_hochberg(size_t n, const double *p, double *q, size_t *order);

/* Wilson's interval of a share k of n at 95 % (Wilson 1927). */
void coley_wilson_95(double k, double n, double *low, double *high);

#endif
