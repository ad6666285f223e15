/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_vary.h -- how the parameters of a model differ between people: a table of distributions, correlations between
 * them, and the parameters of patient i.
 *
 * A row names a parameter or an initial value and its distribution:
 *
 *   constant      value
 *   uniform       low, high            loguniform   low, high           triangular   low, mode, high
 *   normal        mean, sd             lognormal    median or mean; sd_log (of the natural logarithm) or cv
 *   logitnormal   median, sd_logit     model        what the model itself says beside the number
 *
 * low and high cut normal, lognormal and logitnormal off: exactly, through the quantile function, so that what is cut
 * off is spread over the rest. Numbers are in the row's unit, or in the model's own without one. Correlations are those
 * of the normal numbers behind the values (a Gaussian copula): for lognormal parameters, of their logarithms. */
#ifndef COLEY_RUN_MODEL_VARY_H
#define COLEY_RUN_MODEL_VARY_H

#include "io/csv.h"
#include "math/design.h"
#include "run/model_run.h"

/* kind, how the table calls it */
#define COLEY_VARY_LIST(X)                                                                                             \
    X(CONSTANT, "constant")                                                                                            \
    X(UNIFORM, "uniform")                                                                                              \
    X(LOGUNIFORM, "loguniform")                                                                                        \
    X(TRIANGULAR, "triangular")                                                                                        \
    X(NORMAL, "normal")                                                                                                \
    X(LOGNORMAL, "lognormal")                                                                                          \
    X(LOGITNORMAL, "logitnormal")                                                                                      \
    X(MODEL, "model")

typedef enum coley_vary_kind {
#define COLEY_VARY_ENUM(name, word) COLEY_VARY_##name,
    COLEY_VARY_LIST(COLEY_VARY_ENUM)
#undef COLEY_VARY_ENUM
        COLEY_VARY_COUNT
} coley_vary_kind;

/* One parameter that differs. Normal kinds: location a and scale b of the value, its logarithm or its logit. */
typedef struct coley_vary_row {
    const char *name, *unit; /* of the model; unit may be NULL */
    int32_t input;
    coley_vary_kind kind;
    double a, b, mode;
    double low, high;     /* ends; infinite when there is none */
    double z_low, z_high; /* ends of the normal number behind it */
    ptrdiff_t correlated; /* place among the correlated ones, or -1 */
    const double *each;   /* NULL, or the value of every patient (run/model_people.h) */
} coley_vary_row;

/* Owned by the arena; never changes, so that threads may share it. */
typedef struct coley_vary {
    size_t n;
    const coley_vary_row *row;
    size_t n_correlated;
    const size_t *member; /* [n_correlated] rows */
    const double *root;   /* [n_correlated^2] lower triangle, math/correlation.h */
    size_t n_inputs;
    const double *base; /* [n_inputs] values of what does not differ */
    size_t n_people;    /* 0, or patients that there are at most, out of a table */
} coley_vary;

typedef struct coley_vary_source {
    const coley_csv *table;        /* NULL: every parameter as the model itself spreads it */
    const coley_csv *correlations; /* pairs in columns a, b, r; or a matrix with names in its first row and column; or
                                      NULL */
    const double *base;            /* [n_inputs]; NULL: the model's */
} coley_vary_source;

COLEY_MUST_CHECK coley_status coley_vary_make(coley_arena *arena, const coley_model *model,
                                              const coley_vary_source *source, coley_vary *vary, coley_error *err);

/* Parameters of patient i, counted from 0, of a design. work: 2 n doubles. */
void coley_vary_inputs(const coley_vary *vary, const coley_design *design, uint64_t i, double *work, double *inputs);

/* The value of a row with normal number z and P(Z < z) = u behind it. */
double coley_vary_value(const coley_vary_row *row, double z, double u);

#endif
