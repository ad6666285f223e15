/* SPDX-License-Identifier: GPL-3.0-or-later */
/* condition.h -- from many virtual people and one real person's scans to a forecast.
 *
 * Virtual person k gives the logarithm of the relative diameter l_k(t) = ln d_k(t)/d_k(0). A real person who is like k
 * is measured as
 *
 *     y_i = x(t_i) + l_k(t_i) + e_i,    e_i ~ N(0, s_i^2),   s_i^2 = rel^2 + (mm / d_i)^2
 *     x(t + dt) - x(t) ~ N(0, drift^2 m (1 - exp(-dt/m)) + slow^2 dt)       what no virtual person explains
 *
 * with two habits of readers: now and then a scan is misread (error outlier_rel), and often the last number is written
 * again; the share of that is a Beta distribution, moved by each run of unchanged numbers (Polya's urn). So the likelihood of k and the forecast under k are those of a local-level filter (Kalman 1960, J Basic Eng
 * 82:35); the forecast is the mixture over k, weighted by likelihood. */
#ifndef COLEY_PATIENT_CONDITION_H
#define COLEY_PATIENT_CONDITION_H

#include "base/alloc.h"
#include "base/status.h"

/* How a scan differs from the truth, and the truth from every virtual person. */
typedef struct coley_scan_error {
    double rel;         /* reader and repeat-scan error, standard deviation of ln(diameter) */
    double mm;          /* the same at small sizes [mm] */
    double drift;       /* unexplained change of ln(diameter), standard deviation after one day [day^-1/2] */
    double memory_day;  /* how long it goes on before it levels off [day] */
    double slow;        /* the part that never levels off [day^-1/2] */
    double outlier;     /* share of scans that are misread, or of lesions that leap */
    double outlier_rel; /* their standard deviation of ln(diameter) */
    double trust;       /* share of a virtual person's further change that a real one like it goes through */
    double repeat;      /* share of scans at which the last number is written again, before anything is seen */
    double repeat_runs; /* of how many scans that share is worth: small when some people's numbers stay for ever */
    double visit_day;   /* usual time between scans [day] */
} coley_scan_error;

/* Relative courses of n people on a regular grid: log_rel[person * n_days + j] = ln d(j step)/d(0); NaN rows are people
 * to leave out. slope[person] is d ln d/dt just before day 0 [1/day], for scans before treatment. All borrowed. */
typedef struct coley_courses {
    size_t n, n_days;
    double step_day;
    const float *log_rel;
    const float *slope;
    const float *log_d0; /* ln of the baseline diameter [mm] that the person was simulated with */
    double log_d0_sd;    /* how far a person's own size may be from the real one's; infinite: does not matter */
} coley_courses;

/* Seen so far: n scans, days ascending. A lesion that is gone (0 mm) or too small to measure is only known to be at
 * most 5 mm. */
typedef struct coley_seen {
    size_t n;
    const double *day, *diameter_mm;
    const int *too_small; /* may be NULL */
} coley_seen;

/* Log-likelihood of the scans under each person, into log_likelihood[courses->n] (-infinity for people left out). */
void coley_condition_likelihood(const coley_courses *courses, const coley_scan_error *error, const coley_seen *seen,
                                double *log_likelihood);

/* What is known of one person after the scans: filter mean and variance of x at the last scan, and posterior weight. */
typedef struct coley_belief {
    size_t n;
    const double *weight;          /* [n], sums to 1 */
    const double *mean, *variance; /* of x at last_day */
    double last_day;
    double again, anew; /* Beta distribution of the share of scans that repeat the last number */
    double last_mm;   /* the last diameter that was read, or NaN */
    double effective; /* effective number of people, 1 / sum of squared weights */
} coley_belief;

COLEY_MUST_CHECK coley_status coley_condition(coley_arena *arena, const coley_courses *courses,
                                              const coley_scan_error *error, const coley_seen *seen,
                                              coley_belief *belief, coley_error *err);

/* Quantiles p[n_p] (ascending) of what a scan at `day` will measure [mm], into quantile[n_p]. `arena` is scratch. */
COLEY_MUST_CHECK coley_status coley_forecast_quantiles(coley_arena *arena, const coley_courses *courses,
                                                       const coley_scan_error *error, const coley_belief *belief,
                                                       double day, const double *p, size_t n_p, double *quantile,
                                                       coley_error *err);

/* Probability that the truth at `day` is at most `diameter_mm`. */
double coley_forecast_probability(const coley_courses *courses, const coley_scan_error *error,
                                  const coley_belief *belief, double day, double diameter_mm);

#endif
