/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classical.h -- the six classical laws of tumour growth, fitted to one lesion's measured diameters.
 *
 *   exponential         V' = (alpha - beta) V
 *   logistic            V' = alpha V (1 - V / beta)
 *   classic Bertalanffy V' = alpha V^(2/3) - beta V
 *   general Bertalanffy V' = alpha V^lambda - beta V
 *   Gompertz            V' = V (beta - alpha ln V)
 *   general Gompertz    V' = V^lambda (beta - alpha ln V)
 *
 * as compared on patients under chemotherapy and immunotherapy by Ghaffari Laleh et al. 2022, PLoS Comput Biol
 * 18:e1009822, with that study's bounds: alpha >= 0; beta >= 0 but for the Gompertz laws, where it has either sign;
 * 2/3 <= lambda <= 1. V is the volume of a sphere of the longest diameter [mm3]; V at the first day is fitted too. */
#ifndef COLEY_PATIENT_CLASSICAL_H
#define COLEY_PATIENT_CLASSICAL_H

#include "base/status.h"

#include <stddef.h>

/* name in files, name for people, number of fitted parameters with the first volume */
#define COLEY_CLASSICAL_LIST(X)                                                                                        \
    X(EXPONENTIAL, "exponential", "exponential", 2)                                                                    \
    X(LOGISTIC, "logistic", "logistic", 3)                                                                             \
    X(BERTALANFFY, "classic_bertalanffy", "classic Bertalanffy", 3)                                                    \
    X(GENERAL_BERTALANFFY, "general_bertalanffy", "general Bertalanffy", 4)                                            \
    X(GOMPERTZ, "gompertz", "Gompertz", 3)                                                                             \
    X(GENERAL_GOMPERTZ, "general_gompertz", "general Gompertz", 4)

typedef enum coley_classical_model {
#define COLEY_CLASSICAL_ENUM(id, key, title, n) COLEY_CLASSICAL_##id,
    COLEY_CLASSICAL_LIST(COLEY_CLASSICAL_ENUM)
#undef COLEY_CLASSICAL_ENUM
        COLEY_CLASSICAL_COUNT
} coley_classical_model;

/* What the squares are summed of. The 2022 study took volume; diameter weighs small lesions as much as large ones. */
typedef enum coley_classical_scale { COLEY_CLASSICAL_VOLUME, COLEY_CLASSICAL_DIAMETER } coley_classical_scale;

/* One law with its parameters. `alpha` of the exponential is the net rate and may be negative; its beta is 0. */
typedef struct coley_classical {
    coley_classical_model model;
    double alpha;      /* [1/day]; Bertalanffy: [mm3^(1-lambda)/day]; Gompertz: [1/day], general: as Bertalanffy */
    double beta;       /* logistic: [mm3]; Bertalanffy: [1/day]; Gompertz as its alpha, the volume taken in mm3 */
    double lambda;     /* exponent of the volume, 2/3 to 1; 1 where the law has none */
    double first_day;  /* where the curve starts [day] */
    double log_volume; /* natural logarithm of the volume there [mm3] */
    double sse;        /* sum of squares at the fit, [mm6] or [mm2] by its scale */
    size_t n_points;   /* what it was fitted to; fewer than the parameters means that the simplest curve was kept */
} coley_classical;

/* Fit to n >= 1 diameters [mm] >= 0 on ascending days, by bounded local search (NLopt) from starts that the data give.
 * Deterministic. A diameter of 0 is a volume of 0. One point gives a constant. */
COLEY_MUST_CHECK coley_status coley_classical_fit(coley_classical_model model, coley_classical_scale scale, size_t n,
                                                  const double *day, const double *diameter_mm, coley_classical *fit,
                                                  coley_error *err);

/* Diameter on a day not before first_day [mm]; at least 0.1 and at most 10,000: under and over that no law means much.
 */
double coley_classical_diameter_mm(const coley_classical *fit, double day);

/* "general_gompertz" and "general Gompertz". */
const char *coley_classical_key(coley_classical_model model);
const char *coley_classical_title(coley_classical_model model);

#endif
