/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_calibrate.c -- see trial_calibrate.h. */
#include "run/trial_calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/dense.h"
#include "run/trial_people.h"

enum { MAX_GROUPS = 256, MAX_STEPS = 12 };

/* Below this a published error is not believed: shares, and logarithms of ratios. */
static const double least_error = 0.02;

/* --- people and what they tell ---------------------------------------------------------------------------------------
 */

/* One arm that was simulated: a row a person. */
typedef struct sample {
    coley_trial *trial;
    size_t arm, n;
    double *x; /* [n][n_groups] tilt statistic of each group of traits; 0 where the arm has none */
    double *v; /* [n_groups] what a shift of 1 moves its mean by */
} sample;

typedef struct fit {
    const coley_calibrate_options *options;
    coley_arena *arena, *round; /* for good; for a round */
    size_t n_designs;
    coley_trial_design *design[2 * COLEY_CALIBRATE_MAX_TRIALS];
    const char *name[2 * COLEY_CALIBRATE_MAX_TRIALS];
    size_t n_groups;
    const char *group[MAX_GROUPS];
    size_t n_chosen, chosen[COLEY_CALIBRATE_MAX_SHIFTS]; /* groups; the hazard comes after them */
    double center[MAX_GROUPS];                           /* what the population was simulated with */
    double at_100_mm;                                    /* likewise; the standard one is `standard` */
    double standard;
    size_t n_samples;
    sample sample[2 * COLEY_CALIBRATE_MAX_TRIALS * COLEY_TRIAL_MAX_ARMS];
    coley_calibration *result;
    size_t sample_of[COLEY_CALIBRATE_MAX_TARGETS];
} fit;

static const char *local_name(const char *id)
{
    return id[0] == 'L' && id[1] >= '1' && id[1] <= '9' && id[2] == '.' ? id + 3 : id;
}

static int may_move(const coley_session *s, const coley_trait *trait)
{
    static const char *const measured[] = {"TMB", "PDL1_TPS", "D0_mm", "infil"};
    const char *name = local_name(trait->id);
    if (trait->spread != COLEY_SPREAD_LOGNORMAL && trait->spread != COLEY_SPREAD_NORMAL &&
        trait->spread != COLEY_SPREAD_LOGITNORMAL)
        return 0;
    if (strchr(name, '.')) return 0; /* an organ's */
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++)
        if (!strcmp(name, measured[i])) return 0;
    for (size_t i = 0; i < s->n_drugs; i++)
        if (coley_catalog_find(s->drug[i]->value, s->drug[i]->n_values, name)) return 0;
    return 1;
}

static size_t group_of(fit *f, const char *name)
{
    for (size_t i = 0; i < f->n_groups; i++)
        if (!strcmp(f->group[i], name)) return i;
    if (f->n_groups == MAX_GROUPS) return SIZE_MAX;
    if (!(f->group[f->n_groups] = coley_arena_text(f->arena, name, strlen(name)))) return SIZE_MAX;
    return f->n_groups++;
}

/* x = 1' R^-1 z and v = 1' R^-1 1 for n lesions' numbers that go together by COLEY_LESION_SHARED. */
static coley_status fill_sample(fit *f, sample *s, coley_error *err)
{
    const coley_session *session = s->trial->arm[s->arm].session;
    const coley_population *population = session->population;
    size_t *group = COLEY_NEW(f->round, size_t, population->n_traits), count[MAX_GROUPS] = {0};
    double *z = COLEY_NEW(f->round, double, population->n_traits);
    if (!group || !z) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < population->n_traits; i++) {
        group[i] =
            may_move(session, &population->trait[i]) ? group_of(f, local_name(population->trait[i].id)) : SIZE_MAX;
        if (group[i] != SIZE_MAX) count[group[i]]++;
    }
    s->n = s->trial->arm[s->arm].n;
    s->x = COLEY_NEW(f->round, double, s->n *MAX_GROUPS);
    s->v = COLEY_NEW(f->round, double, MAX_GROUPS);
    if (!s->x || !s->v) return COLEY_FAIL_MEMORY(err);
    for (size_t g = 0; g < f->n_groups; g++)
        s->v[g] = (double)count[g] / (1 + fmax((double)count[g] - 1, 0) * COLEY_LESION_SHARED);
    for (size_t p = 0; p < s->n; p++) {
        coley_trial_scores(s->trial, population, s->trial->arm[s->arm].patient[p].id, z);
        for (size_t i = 0; i < population->n_traits; i++)
            if (group[i] != SIZE_MAX)
                s->x[p * MAX_GROUPS + group[i]] +=
                    z[i] / (1 + fmax((double)count[group[i]] - 1, 0) * COLEY_LESION_SHARED);
    }
    return COLEY_OK;
}

/* --- simulating ------------------------------------------------------------------------------------------------------
 */

static void set_shifts(const fit *f, coley_trial *trial)
{
    for (size_t a = 0; a < trial->n_arms; a++)
        for (size_t g = 0; g < f->n_groups; g++)
            if (f->center[g] != 0)
                coley_population_shift((coley_population *)trial->arm[a].session->population, f->group[g],
                                       f->center[g]);
    trial->survival.at_100_mm = f->at_100_mm;
}

static coley_status simulate(fit *f, coley_error *err)
{
    coley_arena_reset(f->round);
    f->n_samples = 0;
    for (size_t i = 0; i < f->n_designs; i++) {
        coley_trial *trial;
        COLEY_TRY(coley_trial_prepare(f->round, f->design[i], f->options->models, f->options->catalog, &trial, err));
        set_shifts(f, trial);
        COLEY_TRY(coley_trial_carry_out(f->round, trial, &f->options->session, err));
        for (size_t a = 0; a < trial->n_arms; a++) {
            sample *s = &f->sample[f->n_samples++];
            *s = (sample){.trial = trial, .arm = a};
            COLEY_TRY(fill_sample(f, s, err));
        }
    }
    return COLEY_OK;
}

/* --- figures under weights -------------------------------------------------------------------------------------------
 */

static size_t landmark(const coley_trial_design *design, double month)
{
    for (size_t k = 0; k < design->landmarks.n; k++)
        if (fabs(design->landmarks.month[k] - month) < 1e-9) return k;
    return 0;
}

/* The month at which a median is read, as a share of one half; else the landmark. */
static double month_of(const coley_trial_published *p)
{
    const int median = p->measure == COLEY_MEASURE_PFS_MEDIAN || p->measure == COLEY_MEASURE_OS_MEDIAN;
    return median ? p->value : p->month;
}

static int is_survival(const coley_trial_published *p)
{
    return p->measure == COLEY_MEASURE_OS_MEDIAN || p->measure == COLEY_MEASURE_OS_AT;
}

/* What one person adds to a figure; `slope` is its derivative by the logarithm of the hazard. */
static double feature(const sample *s, const coley_trial_published *p, size_t person, double log_hazard, double *slope)
{
    const coley_trial_arm_run *run = &s->trial->arm[s->arm];
    const coley_trial_patient *q = &run->patient[person];
    *slope = 0;
    if (p->measure == COLEY_MEASURE_ORR) return q->responded;
    if (p->measure == COLEY_MEASURE_CR) return q->best == COLEY_RESPONSE_CR;
    if (!is_survival(p)) return q->pfs_day > month_of(p) * COLEY_TRIAL_MONTH;
    const size_t at = person * s->trial->design->landmarks.n + landmark(s->trial->design, month_of(p));
    const double tumour = run->burden[at] * exp(log_hazard), alive = exp(-tumour - run->other[at]);
    *slope = -tumour * alive;
    return alive;
}

typedef struct weighing {
    double *w; /* [most people] sums to 1 */
    double effective;
} weighing;

/* Weights of an arm's people under shifts d of the chosen groups, in addition to those that they were drawn with. */
static void weigh(const fit *f, const sample *s, const double *d, weighing *out)
{
    double most = -INFINITY, sum = 0, squares = 0;
    for (size_t p = 0; p < s->n; p++) {
        double log_w = 0;
        for (size_t k = 0; k < f->n_chosen; k++) log_w += d[k] * s->x[p * MAX_GROUPS + f->chosen[k]];
        out->w[p] = log_w;
        most = fmax(most, log_w);
    }
    for (size_t p = 0; p < s->n; p++) sum += out->w[p] = exp(out->w[p] - most);
    for (size_t p = 0; p < s->n; p++) {
        out->w[p] /= sum;
        squares += out->w[p] * out->w[p];
    }
    out->effective = 1 / squares / (double)s->n;
}

/* A figure, and with `gradient` its derivatives by the shifts and the logarithm of the hazard (last). */
static double figure(const fit *f, const sample *s, const coley_trial_published *p, const weighing *w,
                     double log_hazard, double *gradient)
{
    double mean = 0, steep = 0, both[COLEY_CALIBRATE_MAX_SHIFTS] = {0}, x_mean[COLEY_CALIBRATE_MAX_SHIFTS] = {0};
    for (size_t i = 0; i < s->n; i++) {
        double slope;
        const double y = feature(s, p, i, log_hazard, &slope);
        mean += w->w[i] * y;
        steep += w->w[i] * slope;
        for (size_t k = 0; gradient && k < f->n_chosen; k++) {
            const double x = s->x[i * MAX_GROUPS + f->chosen[k]];
            both[k] += w->w[i] * y * x;
            x_mean[k] += w->w[i] * x;
        }
    }
    if (gradient) {
        for (size_t k = 0; k < f->n_chosen; k++) gradient[k] = both[k] - mean * x_mean[k];
        gradient[f->n_chosen] = steep;
    }
    return mean;
}

static size_t most_people(const fit *f)
{
    size_t most = 1;
    for (size_t i = 0; i < f->n_samples; i++)
        if (f->sample[i].n > most) most = f->sample[i].n;
    return most;
}

/* All figures with shifts d and hazard d[n_chosen]; the sum that is minimised; the smallest effective share. */
static double evaluate(const fit *f, const double *d, weighing *w, double *value, double *gradient, double *effective)
{
    const coley_calibration *c = f->result;
    const size_t n = f->n_chosen + 1;
    double sum = 0;
    *effective = 1;
    for (size_t j = 0; j < c->n_targets; j++) {
        const sample *s = &f->sample[f->sample_of[j]];
        weigh(f, s, d, w);
        value[j] = figure(f, s, c->target[j].published, w, d[f->n_chosen], gradient ? gradient + j * n : NULL);
        if (!c->target[j].fitted) continue;
        const double miss = (value[j] - c->target[j].value) / c->target[j].error;
        sum += miss * miss;
        *effective = fmin(*effective, w->effective);
    }
    for (size_t k = 0; k < f->n_chosen; k++) {
        const double shift = f->center[f->chosen[k]] + d[k];
        sum += shift * shift / (f->options->prior * f->options->prior);
    }
    const double hazard = log(f->at_100_mm / f->standard) + d[f->n_chosen];
    return sum + hazard * hazard; /* prior of the hazard: one natural logarithm */
}

/* --- choosing traits -------------------------------------------------------------------------------------------------
 */

/* How a fitted figure moves with each group's mean, and its miss, in its error. What chance alone makes of a move is
 * taken off. */
static void moves_of(const fit *f, const coley_calibrate_target *target, const sample *s, double *move, double *hazard,
                     double *miss)
{
    const double n = (double)s->n;
    double y_sum = 0, slope_sum = 0, slope;
    for (size_t p = 0; p < s->n; p++) {
        y_sum += feature(s, target->published, p, 0, &slope);
        slope_sum += slope;
    }
    *miss = (y_sum / n - target->value) / target->error;
    *hazard = slope_sum / n / target->error;
    for (size_t g = 0; g < f->n_groups; g++) {
        double xy = 0, x_sum = 0;
        for (size_t p = 0; p < s->n; p++) {
            const double x = s->x[p * MAX_GROUPS + g];
            xy += x * feature(s, target->published, p, 0, &slope);
            x_sum += x;
        }
        const double raw = (xy - x_sum * y_sum / n) / n, chance = s->v[g] * 0.25 / n;
        move[g] = raw * fmax(1 - chance / (raw * raw + 1e-300), 0) / target->error;
    }
}

/* Takes what the direction g can explain out of the covariance's inverse A [n x n]: (A^-1 + prior^2 g g')^-1. */
static void take_out(double *A, size_t n, const double *g, double prior, double *Ag)
{
    double den = 1 / (prior * prior);
    for (size_t i = 0; i < n; i++) {
        Ag[i] = 0;
        for (size_t j = 0; j < n; j++) Ag[i] += A[i * n + j] * g[j];
        den += g[i] * Ag[i];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) A[i * n + j] -= Ag[i] * Ag[j] / den;
}

/* By how much the sum to be minimised falls, to first order, when a group may move beside those that A knows. */
static double gain_of(const double *A, size_t n, const double *g, double prior, const double *miss)
{
    double along = 0, den = 1 / (prior * prior);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            along += g[i] * A[i * n + j] * miss[j];
            den += g[i] * A[i * n + j] * g[j];
        }
    return along * along / den;
}

static int is_asked_for(const coley_calibrate_options *options, const char *name)
{
    for (size_t i = 0; i < options->n_only; i++)
        if (!strcmp(options->only[i], name)) return 1;
    return options->n_only == 0;
}

/* Group after group, each time the one that explains most of what those before it, and the hazard, leave. */
static coley_status choose(fit *f, coley_error *err)
{
    const coley_calibration *c = f->result;
    size_t n = 0;
    for (size_t j = 0; j < c->n_targets; j++) n += (size_t)c->target[j].fitted;
    for (size_t i = 0; i < f->options->n_only; i++) {
        size_t g = 0;
        while (g < f->n_groups && strcmp(f->group[g], f->options->only[i]) != 0) g++;
        if (g == f->n_groups)
            return COLEY_FAIL_AT(
                err, COLEY_ERR_USAGE, ((coley_place){.key = "--trait"}),
                "%s is no trait of these people that may be shifted: it must differ between people, and not "
                "be a drug's, an organ's or what trials measured",
                f->options->only[i]);
    }
    double *move = COLEY_NEW(f->round, double, n *MAX_GROUPS), *A = COLEY_NEW(f->round, double, n *n);
    double *by_group = COLEY_NEW(f->round, double, n *MAX_GROUPS), *rest = COLEY_NEW(f->round, double, 3 * n);
    if (!move || !A || !by_group || !rest) return COLEY_FAIL_MEMORY(err);
    double *miss = rest, *hazard = rest + n, *work = rest + 2 * n;
    for (size_t j = 0, row = 0; j < c->n_targets; j++) {
        if (!c->target[j].fitted) continue;
        moves_of(f, &c->target[j], &f->sample[f->sample_of[j]], move, &hazard[row], &miss[row]);
        for (size_t g = 0; g < f->n_groups; g++) by_group[g * n + row] = move[g];
        A[row * n + row] = 1;
        row++;
    }
    take_out(A, n, hazard, 1, work);
    size_t most = f->options->n_shifts < COLEY_CALIBRATE_MAX_SHIFTS ? f->options->n_shifts : COLEY_CALIBRATE_MAX_SHIFTS;
    for (f->n_chosen = 0; f->n_chosen < most && f->n_chosen < f->n_groups;) {
        size_t best = SIZE_MAX;
        double most_gain = 1; /* what a direction without meaning explains on average */
        for (size_t g = 0; g < f->n_groups; g++) {
            size_t k = 0;
            while (k < f->n_chosen && f->chosen[k] != g) k++;
            if (k < f->n_chosen || !is_asked_for(f->options, f->group[g])) continue;
            const double gain = gain_of(A, n, by_group + g * n, f->options->prior, miss);
            if (gain > most_gain) {
                most_gain = gain;
                best = g;
            }
        }
        if (best == SIZE_MAX) break;
        f->chosen[f->n_chosen++] = best;
        take_out(A, n, by_group + best * n, f->options->prior, work);
    }
    return COLEY_OK;
}

/* --- the fit ---------------------------------------------------------------------------------------------------------
 */

/* One step of Gauss and Newton from d, cut until the weights leave people and the sum falls. False when none does. */
static int step(const fit *f, double *d, weighing *w, double *value, double *gradient, double *matrix, double *inverse)
{
    const coley_calibration *c = f->result;
    const size_t n = f->n_chosen + 1;
    double right[COLEY_CALIBRATE_MAX_SHIFTS + 1] = {0}, move[COLEY_CALIBRATE_MAX_SHIFTS + 1], effective;
    const double sum = evaluate(f, d, w, value, gradient, &effective);
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t j = 0; j < c->n_targets; j++) {
        if (!c->target[j].fitted) continue;
        const double weight = 1 / (c->target[j].error * c->target[j].error);
        for (size_t a = 0; a < n; a++) {
            right[a] -= weight * gradient[j * n + a] * (value[j] - c->target[j].value);
            for (size_t b = 0; b < n; b++) matrix[a * n + b] += weight * gradient[j * n + a] * gradient[j * n + b];
        }
    }
    for (size_t a = 0; a < n; a++) {
        const int hazard = a == f->n_chosen;
        const double prior = hazard ? 1 : f->options->prior * f->options->prior;
        const double now = hazard ? log(f->at_100_mm / f->standard) + d[a] : f->center[f->chosen[a]] + d[a];
        matrix[a * n + a] += 1 / prior;
        right[a] -= now / prior;
    }
    if (coley_dense_root(matrix, n, 1e-12) < n) return 0;
    coley_dense_inverse(matrix, n, inverse);
    coley_dense_solve(matrix, n, right, move);
    for (double share = 1; share > 0.05; share /= 2) {
        double next[COLEY_CALIBRATE_MAX_SHIFTS + 1];
        for (size_t a = 0; a < n; a++) next[a] = d[a] + share * move[a];
        if (evaluate(f, next, w, value, NULL, &effective) < sum && effective >= f->options->least_effective) {
            memcpy(d, next, n * sizeof *d);
            return 1;
        }
    }
    return 0;
}

static void keep_shifts(fit *f, const double *inverse)
{
    coley_calibration *c = f->result;
    const size_t n = f->n_chosen + 1;
    c->shifts = (coley_trial_shifts){.at_100_mm = f->at_100_mm};
    for (size_t g = 0; g < f->n_groups && c->shifts.n < COLEY_SHIFTS_MAX; g++) {
        size_t k = 0;
        while (k < f->n_chosen && f->chosen[k] != g) k++;
        if (k == f->n_chosen && f->center[g] == 0) continue;
        const size_t at = c->shifts.n++;
        c->shifts.name[at] = f->group[g];
        c->shifts.shift[at] = f->center[g];
        c->shifts.error[at] = NAN;
        if (k == f->n_chosen || at >= COLEY_CALIBRATE_MAX_SHIFTS) continue;
        const double variance = inverse[k * n + k], prior = f->options->prior * f->options->prior;
        c->shifts.error[at] = sqrt(variance);
        c->shrinkage[at] = fmax(0, 1 - variance / prior);
    }
}

/* Root mean square of the misses in their errors. */
static double misfit(const coley_calibration *c, const double *value, int fitted)
{
    double sum = 0;
    size_t n = 0;
    for (size_t j = 0; j < c->n_targets; j++) {
        if (c->target[j].fitted != fitted) continue;
        const double miss = (value[j] - c->target[j].value) / c->target[j].error;
        sum += miss * miss;
        n++;
    }
    return n ? sqrt(sum / (double)n) : NAN;
}

static coley_status run_rounds(fit *f, coley_error *err)
{
    coley_calibration *c = f->result;
    enum { N = COLEY_CALIBRATE_MAX_SHIFTS + 1 };
    double *value = COLEY_NEW(f->arena, double, COLEY_CALIBRATE_MAX_TARGETS);
    double *gradient = COLEY_NEW(f->arena, double, COLEY_CALIBRATE_MAX_TARGETS *N);
    double *matrix = COLEY_NEW(f->arena, double, N *N), *inverse = COLEY_NEW(f->arena, double, N *N);
    if (!value || !gradient || !matrix || !inverse) return COLEY_FAIL_MEMORY(err);
    for (int round = 0; round <= f->options->rounds; round++) {
        COLEY_TRY(simulate(f, err)); /* the last one only measures */
        weighing w = {.w = COLEY_NEW(f->round, double, most_people(f))};
        double d[N] = {0}, effective;
        if (!w.w) return COLEY_FAIL_MEMORY(err);
        if (!round) COLEY_TRY(choose(f, err));
        (void)evaluate(f, d, &w, value, NULL, &effective);
        for (size_t j = 0; j < c->n_targets; j++) *(round ? &c->target[j].after : &c->target[j].before) = value[j];
        c->misfit[round > 0] = misfit(c, value, 1);
        c->test_misfit[round > 0] = misfit(c, value, 0);
        if (round == f->options->rounds) break;
        for (int i = 0; i < MAX_STEPS && step(f, d, &w, value, gradient, matrix, inverse); i++) {}
        (void)evaluate(f, d, &w, value, NULL, &c->effective);
        for (size_t k = 0; k < f->n_chosen; k++) f->center[f->chosen[k]] += d[k];
        f->at_100_mm *= exp(d[f->n_chosen]);
        c->rounds = round + 1;
        keep_shifts(f, inverse);
    }
    return COLEY_OK;
}

/* --- setting out -----------------------------------------------------------------------------------------------------
 */

static double error_of(const coley_trial_published *p, double n)
{
    const int median = p->measure == COLEY_MEASURE_PFS_MEDIAN || p->measure == COLEY_MEASURE_OS_MEDIAN;
    const double share = median ? 0.5 : p->value;
    const double binomial = sqrt(fmax(share * (1 - share), 0.01) / n);
    if (median || isnan(p->low)) return fmax(binomial, least_error);
    return fmax((p->high - p->low) / (2 * 1.959964), least_error);
}

static int can_be_fitted(const coley_trial_published *p)
{
    return p->measure <= COLEY_MEASURE_OS_AT;
}

static void add_landmark(coley_trial_design *design, double month)
{
    coley_trial_months *marks = &design->landmarks;
    for (size_t k = 0; k < marks->n; k++)
        if (fabs(marks->month[k] - month) < 1e-9) return;
    if (marks->n < COLEY_TRIAL_MAX_MONTHS) marks->month[marks->n++] = month;
}

static coley_status add_design(fit *f, const char *path, int fitted, size_t *n_samples, coley_error *err)
{
    coley_calibration *c = f->result;
    coley_trial_design *design;
    COLEY_TRY(coley_trial_load(f->arena, path, f->options->catalog, &design, err));
    if (f->n_designs && strcmp(design->cancer, c->cancer) != 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = path, .key = "cancer"}),
                             "is %s, and the first trial's is %s; a calibration is of one cancer", design->cancer,
                             c->cancer);
    c->cancer = design->cancer;
    design->everybody = 1;
    design->people.population = 1;
    design->dropout_per_year = 0;
    design->landmarks.n = 0;
    double last = 3;
    for (size_t a = 0; a < design->arms.n; a++, ++*n_samples)
        for (size_t i = 0; i < COLEY_TRIAL_ARM(design, a)->published.n; i++) {
            const coley_trial_arm *arm = COLEY_TRIAL_ARM(design, a);
            const coley_trial_published *p = COLEY_TRIAL_PUBLISHED(arm, i);
            if (!can_be_fitted(p) || c->n_targets == COLEY_CALIBRATE_MAX_TARGETS) continue;
            const int median = p->measure == COLEY_MEASURE_PFS_MEDIAN || p->measure == COLEY_MEASURE_OS_MEDIAN;
            if (is_survival(p)) add_landmark(design, month_of(p));
            if (!isnan(month_of(p))) last = fmax(last, month_of(p));
            f->sample_of[c->n_targets] = *n_samples;
            c->target[c->n_targets++] = (coley_calibrate_target){.trial = f->name[f->n_designs],
                                                                 .arm = arm->name,
                                                                 .published = p,
                                                                 .fitted = fitted && p->fit,
                                                                 .value = median ? 0.5 : p->value,
                                                                 .error = error_of(p, (double)arm->n)};
        }
    coley_trial_set_people(design, f->options->people);
    /* Responses come within a year; everybody is followed as long as the last figure asks. */
    const double months = fmax(last + 3, 15);
    design->accrual_month = 0;
    design->follow_up_month = months;
    for (size_t a = 0; a < design->arms.n; a++)
        COLEY_TRIAL_ARM(design, a)->scenario->run.duration_day = months * COLEY_TRIAL_MONTH;
    f->design[f->n_designs++] = design;
    return COLEY_OK;
}

static const char *short_name(coley_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return coley_arena_text(arena, name, dot ? (size_t)(dot - name) : strlen(name));
}

static coley_status set_out(fit *f, coley_error *err)
{
    const coley_calibrate_options *o = f->options;
    size_t n_samples = 0;
    if (o->n_trials > COLEY_CALIBRATE_MAX_TRIALS || o->n_tests > COLEY_CALIBRATE_MAX_TRIALS)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "more than %d trials", COLEY_CALIBRATE_MAX_TRIALS);
    for (size_t i = 0; i < o->n_trials + o->n_tests; i++) {
        const char *path = i < o->n_trials ? o->path[i] : o->test[i - o->n_trials];
        if (!(f->name[f->n_designs] = short_name(f->arena, path))) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(add_design(f, path, i < o->n_trials, &n_samples, err));
    }
    size_t n_fitted = 0;
    for (size_t j = 0; j < f->result->n_targets; j++) n_fitted += (size_t)f->result->target[j].fitted;
    if (!n_fitted)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = o->path[0], .key = "published"}),
                             "has no figure to fit: orr, cr, pfs_median, pfs_at, os_median or os_at");
    coley_mortality mortality;
    COLEY_TRY(coley_mortality_read(f->arena, o->catalog, f->result->cancer, &mortality, err));
    f->standard = f->at_100_mm = mortality.at_100_mm;
    if (!o->start) return COLEY_OK;
    coley_trial_shifts shifts;
    COLEY_TRY(coley_trial_shifts_load(f->arena, o->start, &shifts, err));
    for (size_t i = 0; i < shifts.n; i++) {
        const size_t g = group_of(f, shifts.name[i]);
        if (g != SIZE_MAX) f->center[g] = shifts.shift[i];
    }
    if (isfinite(shifts.at_100_mm)) f->at_100_mm = shifts.at_100_mm;
    return COLEY_OK;
}

coley_status coley_calibrate(coley_arena *arena, const coley_calibrate_options *options, coley_calibration *calibration,
                             coley_error *err)
{
    fit *f = COLEY_NEW(arena, fit, 1);
    if (!f) return COLEY_FAIL_MEMORY(err);
    *calibration = (coley_calibration){0};
    *f = (fit){.options = options, .arena = arena, .round = coley_arena_create(), .result = calibration};
    if (!f->round) return COLEY_FAIL_MEMORY(err);
    coley_status status = set_out(f, err);
    if (status == COLEY_OK) status = run_rounds(f, err);
    coley_arena_destroy(f->round);
    return status;
}
