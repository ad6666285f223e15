/* SPDX-License-Identifier: GPL-3.0-or-later */
/* special.h -- the beta, gamma and chi-square distributions and their quantiles. */
#ifndef COLEY_MATH_SPECIAL_H
#define COLEY_MATH_SPECIAL_H

/* P(X < x) for X gamma with that shape and scale 1, and P(X > x), which keeps its digits far out. */
double coley_gamma_cdf(double shape, double x);
double coley_gamma_tail(double shape, double x);

/* x with P(X < x) = p; 0 for p = 0, infinity for p = 1, NaN outside. */
double coley_gamma_quantile(double shape, double p);

/* P(X > x) for X chi-square with df > 0 degrees of freedom. */
double coley_chi2_tail(double df, double x);

/* P(X < x) for X beta(a, b), and x with P(X < x) = p. */
double coley_beta_cdf(double a, double b, double x);
double coley_beta_quantile(double a, double b, double p);

/* P(|T| > t) for T of Student's distribution with df degrees of freedom. */
double coley_student_tails(double df, double t);

#endif
