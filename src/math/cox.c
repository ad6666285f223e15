/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cox.c -- Newton's method on the partial likelihood (Cox, J R Stat Soc B 1972; 34:187), ties by Efron (J Am Stat Assoc
 * 1977; 72:557) or Breslow. With r = exp(x b), sums over those at risk S and over the d who die D, f = l/d (Efron) or
 * 0: log L = sum_dead x b - sum_l log(S0 - f D0),   U = sum_dead x - sum_l (S1 - f D1)/(S0 - f D0). Columns are centred
 * and scaled to a spread of 1, so that no step depends on a unit. */
#include "math/cox.h"

#include <math.h>
#include <string.h>

#include "math/dense.h"
#include "math/normal.h"
#include "math/special.h"

enum { MOST_STEPS = 60, MOST_HALVINGS = 30 };
#define SINGULAR  1e-11
#define CONVERGED 1e-14

typedef struct likelihood {
    const coley_survival *s;
    size_t p;
    coley_ties ties;
    const double *x;                    /* [n * p] in the order of s */
    double log_l, *score, *information; /* [p], [p * p] */
    double *work;                       /* s1 d1 [p], s2 d2 [p * p], mean [p] */
} likelihood;

static double risk_of(const double *x, const double *b, size_t p)
{
    double sum = 0.0;
    for (size_t k = 0; k < p; k++) sum += x[k] * b[k];
    return sum;
}

static void add_person(const double *x, double r, size_t p, double *s0, double *s1, double *s2)
{
    *s0 += r;
    for (size_t k = 0; k < p; k++) {
        const double rx = r * x[k];
        s1[k] += rx;
        for (size_t l = 0; l <= k; l++) s2[k * p + l] += rx * x[l];
    }
}

/* A time at which d die: their share of score and information. */
static void add_deaths(likelihood *f, size_t d, double s0, const double *s1, const double *s2, double d0,
                       const double *d1, const double *d2, double *mean)
{
    const size_t p = f->p;
    for (size_t l = 0; l < d; l++) {
        const double share = f->ties == COLEY_TIES_EFRON ? (double)l / (double)d : 0.0, sum = s0 - share * d0;
        f->log_l -= log(sum);
        for (size_t k = 0; k < p; k++) {
            mean[k] = (s1[k] - share * d1[k]) / sum;
            f->score[k] -= mean[k];
            for (size_t m = 0; m <= k; m++)
                f->information[k * p + m] += (s2[k * p + m] - share * d2[k * p + m]) / sum - mean[k] * mean[m];
        }
    }
}

/* Log likelihood, score and information (lower triangle) at b; each stratum from its last time to its first. */
static void evaluate(likelihood *f, const double *b)
{
    const size_t p = f->p;
    double *const s1 = f->work, *const d1 = s1 + p, *const mean = d1 + p, *const s2 = mean + p, *const d2 = s2 + p * p;
    f->log_l = 0.0;
    memset(f->score, 0, p * sizeof *f->score);
    memset(f->information, 0, p * p * sizeof *f->information);
    for (size_t stratum = 0; stratum < f->s->n_strata; stratum++) {
        const size_t start = f->s->first[stratum];
        double s0 = 0.0;
        memset(f->work, 0, (3 * p + 2 * p * p) * sizeof *f->work);
        for (size_t i = f->s->first[stratum + 1]; i > start;) {
            const double time = f->s->time[i - 1];
            double d0 = 0.0;
            size_t d = 0;
            for (; i > start && f->s->time[i - 1] == time; i--) {
                const double *const x = f->x + (i - 1) * p, xb = risk_of(x, b, p), r = exp(xb);
                add_person(x, r, p, &s0, s1, s2);
                if (!f->s->event[i - 1]) continue;
                if (!d++) memset(d1, 0, p * sizeof *d1), memset(d2, 0, p * p * sizeof *d2);
                add_person(x, r, p, &d0, d1, d2);
                f->log_l += xb;
                for (size_t k = 0; k < p; k++) f->score[k] += x[k];
            }
            if (d) add_deaths(f, d, s0, s1, s2, d0, d1, d2, mean);
        }
    }
}

/* +1 or -1: at every event all who die have the largest (smallest) x of column k among those at risk, so that the
 * likelihood rises without end. */
static int endless(const coley_survival *s, const double *x, size_t p, size_t k)
{
    int up = 1, down = 1;
    for (size_t stratum = 0; stratum < s->n_strata && (up || down); stratum++) {
        const size_t start = s->first[stratum];
        double most = -INFINITY, least = INFINITY;
        for (size_t i = s->first[stratum + 1]; i > start;) {
            const double time = s->time[i - 1];
            size_t end = i;
            for (; i > start && s->time[i - 1] == time; i--) {
                most = fmax(most, x[(i - 1) * p + k]);
                least = fmin(least, x[(i - 1) * p + k]);
            }
            for (size_t m = i; m < end && s->event[m]; m++) {
                up &= x[m * p + k] == most;
                down &= x[m * p + k] == least;
            }
        }
    }
    return up ? 1 : down ? -1 : 0;
}

/* Columns in the order of the sorted people, centred and scaled. */
static coley_status read_columns(const coley_cox_input *in, size_t p, double *x, double *scale, coley_error *err)
{
    const coley_survival *const s = in->survival;
    for (size_t k = 0; k < p; k++) {
        double mean = 0.0, spread = 0.0;
        for (size_t i = 0; i < s->n; i++) {
            const double value = in->n_columns ? in->column[k][s->row[i]] : (double)((size_t)s->arm[i] == k + 1);
            if (!isfinite(value))
                return COLEY_FAIL(err, COLEY_ERR_INPUT,
                                  "person %zu: %s%s is %g; give a number, or leave the person out", s->row[i] + 1,
                                  in->name ? "" : "a covariate", in->name ? in->name[k] : "", value);
            x[i * p + k] = value;
            mean += value;
        }
        mean /= (double)s->n;
        for (size_t i = 0; i < s->n; i++) {
            x[i * p + k] -= mean;
            spread += x[i * p + k] * x[i * p + k];
        }
        scale[k] = spread > 0.0 ? sqrt(spread / (double)s->n) : 1.0;
        for (size_t i = 0; i < s->n; i++) x[i * p + k] /= scale[k];
    }
    return COLEY_OK;
}

/* Newton's steps from 0; b, f and cox's tests are filled. False where the information is singular. */
static int climb(likelihood *f, coley_cox *cox, double *b, double *step, double *root)
{
    const size_t p = f->p, square = p * p * sizeof *root;
    evaluate(f, b);
    cox->log_likelihood[0] = cox->log_likelihood[1] = f->log_l;
    memcpy(root, f->information, square);
    if (coley_dense_root(root, p, SINGULAR) < p) return 0;
    cox->score = coley_dense_form(root, p, f->score, step);
    for (cox->iterations = 0; cox->iterations < MOST_STEPS; cox->iterations++) {
        const double before = f->log_l;
        coley_dense_solve(root, p, f->score, step);
        double rise = 0.0;
        for (size_t k = 0; k < p; k++) rise += step[k] * f->score[k], b[k] += step[k];
        evaluate(f, b);
        for (int half = 0; half < MOST_HALVINGS && !(f->log_l >= before - 1e-12 * fabs(before)); half++) {
            for (size_t k = 0; k < p; k++) step[k] *= 0.5, b[k] -= step[k];
            evaluate(f, b);
        }
        double *const last = root;
        memcpy(last, f->information, square);
        if (coley_dense_root(last, p, SINGULAR) < p) break; /* on the way to an endless ratio */
        if (rise < CONVERGED) break;
    }
    cox->log_likelihood[1] = f->log_l;
    return 1;
}

/* Tests by a fit whose columns all have a bound, or by its likelihood alone. */
static void judge(coley_cox *cox, const likelihood *f, const double *b)
{
    const double df = (double)f->p;
    cox->likelihood_ratio = fmax(0.0, 2.0 * (cox->log_likelihood[1] - cox->log_likelihood[0]));
    cox->p_score = coley_chi2_tail(df, cox->score);
    cox->p_likelihood_ratio = coley_chi2_tail(df, cox->likelihood_ratio);
    cox->wald = 0.0;
    if (cox->unbounded) return; /* Wald's test goes to 0 with an endless ratio */
    for (size_t k = 0; k < f->p; k++)
        for (size_t l = 0; l < f->p; l++)
            cox->wald += b[k] * b[l] * (k >= l ? f->information[k * f->p + l] : f->information[l * f->p + k]);
    cox->p_wald = coley_chi2_tail(df, cox->wald);
}

/* From scaled columns back to the user's. */
static void unscale(coley_cox *cox, const likelihood *f, const double *b, double *root, const double *scale,
                    double *log_ratio, double *error, double *covariance)
{
    const size_t p = f->p;
    const int whole = coley_dense_root(memcpy(root, f->information, p * p * sizeof *root), p, SINGULAR) == p;
    if (whole) coley_dense_inverse(root, p, covariance);
    for (size_t k = 0; k < p; k++) {
        /* A ratio of e^20 for one standard deviation is the way to infinity along several columns at once. */
        const int side = endless(f->s, f->x, p, k);
        const int out = side || !whole || fabs(b[k]) > 20.0;
        cox->unbounded += out;
        log_ratio[k] = out ? (side ? side : b[k] > 0 ? 1 : -1) * INFINITY : b[k] / scale[k];
        for (size_t l = 0; l < p && whole; l++) covariance[k * p + l] /= scale[k] * scale[l];
        error[k] = out ? INFINITY : sqrt(covariance[k * p + k]);
    }
}

coley_status coley_cox_fit(coley_arena *arena, const coley_cox_input *input, coley_cox *cox, coley_error *err)
{
    const coley_survival *const s = input->survival;
    const size_t p = input->n_columns ? input->n_columns : s->n_arms - 1, n = s->n;
    *cox = (coley_cox){
        .n = n, .n_events = s->n_events, .n_columns = p, .p_wald = 1.0, .p_score = 1.0, .p_likelihood_ratio = 1.0};
    if (!p) {
        cox->why = "there is one arm and no covariate";
        return COLEY_OK;
    }
    double *const x = COLEY_NEW(arena, double, n *p), *const scale = COLEY_NEW(arena, double, 3 * p);
    double *const root = COLEY_NEW(arena, double, p *p), *const covariance = COLEY_NEW(arena, double, p *p);
    double *const result = COLEY_NEW(arena, double, 2 * p);
    likelihood f = {.s = s, .p = p, .ties = input->ties, .x = x};
    f.score = COLEY_NEW(arena, double, p);
    f.information = COLEY_NEW(arena, double, p *p);
    f.work = COLEY_NEW(arena, double, 3 * p + 2 * p * p);
    if (!x || !scale || !root || !covariance || !result || !f.score || !f.information || !f.work)
        return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(read_columns(input, p, x, scale, err));
    cox->log_ratio = result;
    cox->standard_error = result + p;
    cox->covariance = covariance;
    double *const b = scale + p, *const step = b + p;
    if (!s->n_events)
        cox->why = "there is no event";
    else if (!climb(&f, cox, b, step, root))
        cox->why = "a covariate does not vary among those at risk, or follows from the others";
    if (cox->why) {
        for (size_t k = 0; k < 2 * p; k++) result[k] = NAN;
        return COLEY_OK;
    }
    unscale(cox, &f, b, root, scale, result, result + p, covariance);
    judge(cox, &f, b);
    return COLEY_OK;
}

coley_ratio coley_cox_ratio(const coley_cox *cox, size_t column, double level)
{
    const double b = cox->log_ratio[column], error = cox->standard_error[column];
    if (!isfinite(b) || !isfinite(error)) {
        const double ratio = isnan(b) ? NAN : b > 0 ? INFINITY : 0.0;
        return (coley_ratio){ratio, {0.0, INFINITY}, NAN, NAN};
    }
    const double wide = -coley_normal_quantile(0.5 * (1.0 - level)) * error, z = b / error;
    return (coley_ratio){exp(b), {exp(b - wide), exp(b + wide)}, z, 2.0 * coley_normal_cdf(-fabs(z))};
}
