/* SPDX-License-Identifier: GPL-3.0-or-later */
/* integrator.c -- blocks of lanes through RODAS: doses, samples, step control, refilling.
 *
 * All arithmetic is lane by lane; what differs between lanes (accepting a step, meeting a dose, finishing) is decided
 * lane by lane between the column loops. An empty lane goes on computing a copy of the last patient it held, unseen. */
#include "solve/integrator.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "solve/rosenbrock.h"

enum { WIDTH = 32, MAX_INFUSIONS = 16, NOBODY = -1 };

/* One infusion that is running: amount a day into a state until it ends. */
typedef struct infusion {
    double end_day, rate;
    int32_t state;
} infusion;

typedef struct lane {
    ptrdiff_t patient; /* NOBODY: empty */
    size_t n_doses, next_dose, next_sample, n_infusions;
    const coley_dose *dose;
    infusion infusion[MAX_INFUSIONS];
    double stop_day;     /* the step may not cross this */
    double h_next;       /* what the step control proposes [day] */
    double h_after_dose; /* first step that worked after the last dose [day] */
    int just_dosed, rejected_before;
    coley_integration result;
} lane;

/* What a thread needs for its block. Columns [.. x WIDTH]. */
typedef struct block {
    const coley_system *system;
    const coley_cohort *cohort;
    const coley_integrator_options *options;
    const coley_sparse_lu *lu;
    const coley_lu_kernels *lu_kernels;
    const coley_rosenbrock_kernels *kernels;
    const double *atol;
    atomic_size_t *next_patient;
    lane lane[WIDTH];
    double *t, *h, *inverse_h, *inverse_h_gamma, *t_stage, *norm;
    double *y, *y_new, *y_stage, *f, *jacobian, *ft, *matrix, *u[COLEY_ROSENBROCK_STAGES], *inflow, *inputs, *input_row;
    double *t_sample, *y_sample, *value;
    void *work;
    int any_inflow;
} block;

static double *columns(coley_arena *arena, size_t rows)
{
    return COLEY_NEW(arena, double, rows *WIDTH);
}

static coley_status block_create(coley_arena *arena, block *b, coley_error *err)
{
    const coley_system *s = b->system;
    const size_t n = s->n, n_values = s->observe ? s->n_observed : s->n;
    double **const one[] = {&b->t, &b->h, &b->inverse_h, &b->inverse_h_gamma, &b->t_stage, &b->norm, &b->t_sample};
    double **const state[] = {&b->y,    &b->y_new, &b->y_stage, &b->f,    &b->ft,   &b->inflow, &b->y_sample,
                              &b->u[0], &b->u[1],  &b->u[2],    &b->u[3], &b->u[4], &b->u[5]};
    int failed = 0;
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) failed |= !(*one[i] = columns(arena, 1));
    for (size_t i = 0; i < sizeof state / sizeof *state; i++) failed |= !(*state[i] = columns(arena, n));
    failed |= !(b->jacobian = columns(arena, (size_t)s->row_start[n]));
    failed |= !(b->matrix = columns(arena, b->lu->n_entries));
    failed |= !(b->inputs = columns(arena, s->n_inputs));
    failed |= !(b->value = columns(arena, n_values));
    failed |= !(b->input_row = COLEY_NEW(arena, double, s->n_inputs));
    failed |= !(b->work = coley_arena_alloc(arena, s->work_size(s->self, WIDTH)));
    for (int l = 0; l < WIDTH; l++) b->lane[l].patient = NOBODY;
    return failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

/* The next thing that a step may not cross. */
static void set_stop(const block *b, lane *p)
{
    double stop = b->cohort->t_end_day;
    if (p->next_dose < p->n_doses) stop = fmin(stop, p->dose[p->next_dose].t_day);
    for (size_t i = 0; i < p->n_infusions; i++) stop = fmin(stop, p->infusion[i].end_day);
    p->stop_day = stop;
}

/* End the infusions and give the doses that are due now. */
static void give_doses(block *b, size_t l)
{
    lane *p = &b->lane[l];
    const double t = b->t[l];
    size_t kept = 0;
    for (size_t i = 0; i < p->n_infusions; i++) {
        if (p->infusion[i].end_day > t)
            p->infusion[kept++] = p->infusion[i];
        else
            p->just_dosed = 1;
    }
    p->n_infusions = kept;
    for (; p->next_dose < p->n_doses && p->dose[p->next_dose].t_day <= t; p->next_dose++) {
        const coley_dose *d = &p->dose[p->next_dose];
        p->just_dosed = 1;
        if (d->duration_day > 0.0 && p->n_infusions < MAX_INFUSIONS)
            p->infusion[p->n_infusions++] = (infusion){t + d->duration_day, d->amount / d->duration_day, d->state};
        else
            b->y[(size_t)d->state * WIDTH + l] += d->amount;
    }
    for (size_t i = 0; i < b->system->n; i++) b->inflow[i * WIDTH + l] = 0.0;
    for (size_t i = 0; i < p->n_infusions; i++) {
        b->inflow[(size_t)p->infusion[i].state * WIDTH + l] += p->infusion[i].rate;
        b->any_inflow = 1;
    }
    set_stop(b, p);
}

static void finish(block *b, size_t l, coley_status status, int32_t state)
{
    lane *p = &b->lane[l];
    p->result.status = status;
    p->result.t_day = b->t[l];
    p->result.state = state;
    if (b->cohort->finish) b->cohort->finish(b->cohort->self, (size_t)p->patient, &p->result);
    p->patient = NOBODY;
}

/* Take new patients into the empty lanes; how many lanes are busy after it. */
static size_t refill(block *b)
{
    const coley_cohort *c = b->cohort;
    unsigned char mask[WIDTH] = {0};
    size_t busy = 0, taken = 0;
    for (size_t l = 0; l < WIDTH; l++) {
        lane *p = &b->lane[l];
        if (p->patient == NOBODY) {
            const size_t next = atomic_fetch_add(b->next_patient, 1);
            if (next < c->n) {
                *p = (lane){.patient = (ptrdiff_t)next, .h_after_dose = 1e-3};
                p->n_doses = c->doses ? c->doses(c->self, next, &p->dose) : 0;
                memset(b->input_row, 0, b->system->n_inputs * sizeof *b->input_row);
                c->inputs(c->self, next, b->input_row);
                for (size_t i = 0; i < b->system->n_inputs; i++) b->inputs[i * WIDTH + l] = b->input_row[i];
                b->t[l] = c->t_start_day;
                mask[l] = 1;
                taken++;
            }
        }
        busy += p->patient != NOBODY;
    }
    if (taken) b->system->initial(b->system->self, WIDTH, mask, b->inputs, b->work, b->y);
    return busy;
}

/* Lanes that were never filled copy a busy one, so that every column holds ordinary numbers. */
static void fill_idle(block *b)
{
    size_t busy = WIDTH;
    for (size_t l = 0; l < WIDTH && busy == WIDTH; l++)
        if (b->lane[l].patient != NOBODY) busy = l;
    unsigned char mask[WIDTH] = {0};
    int any = 0;
    for (size_t l = 0; l < WIDTH; l++) {
        if (b->lane[l].patient != NOBODY) continue;
        for (size_t i = 0; i < b->system->n_inputs; i++) b->inputs[i * WIDTH + l] = b->inputs[i * WIDTH + busy];
        b->t[l] = b->t[busy];
        mask[l] = 1;
        any = 1;
    }
    if (any) b->system->initial(b->system->self, WIDTH, mask, b->inputs, b->work, b->y);
}

/* Hand out the samples in (from, to] of every lane in `ready`: s runs from 0 at the step's start to 1 at its end. */
static void give_samples(block *b, const unsigned char *ready, const double *from, int at_start)
{
    const coley_cohort *c = b->cohort;
    const size_t n = b->system->n;
    for (;;) {
        unsigned char now[WIDTH] = {0};
        double s[WIDTH];
        int any = 0;
        for (size_t l = 0; l < WIDTH; l++) {
            const lane *p = &b->lane[l];
            s[l] = 1.0;
            b->t_sample[l] = b->t[l];
            if (!ready[l] || p->next_sample >= c->n_samples || c->sample_day[p->next_sample] > b->t[l]) continue;
            now[l] = 1;
            any = 1;
            b->t_sample[l] = c->sample_day[p->next_sample];
            if (!at_start && b->h[l] > 0.0) s[l] = fmin((b->t_sample[l] - from[l]) / b->h[l], 1.0);
        }
        if (!any) return;
        if (at_start) {
            memcpy(b->y_sample, b->y, n * WIDTH * sizeof *b->y);
        } else {
            for (size_t i = 0; i < n; i++)
                for (size_t l = 0; l < WIDTH; l++) {
                    const size_t at = i * WIDTH + l;
                    double d2 = 0.0, d3 = 0.0;
                    for (int j = 0; j < 5; j++) {
                        d2 += coley_rodas4.d2[j] * b->u[j][at];
                        d3 += coley_rodas4.d3[j] * b->u[j][at];
                    }
                    const double r = 1.0 - s[l];
                    b->y_sample[at] =
                        r > 0.0 ? r * b->y[at] + s[l] * (b->y_new[at] + r * (d2 + s[l] * d3)) : b->y_new[at];
                }
        }
        const double *value = b->y_sample;
        if (b->system->observe) {
            b->system->observe(b->system->observer, WIDTH, b->t_sample, b->y_sample, b->work, b->value);
            value = b->value;
        }
        for (size_t l = 0; l < WIDTH; l++) {
            if (!now[l]) continue;
            lane *p = &b->lane[l];
            const coley_sample sample = {.patient = (size_t)p->patient,
                                         .index = p->next_sample,
                                         .t_day = b->t_sample[l],
                                         .value = value + l,
                                         .stride = WIDTH};
            c->sample(c->self, &sample);
            p->next_sample++;
        }
    }
}

/* New patients: samples at the start, first doses, first step. */
static void start_lanes(block *b, const unsigned char *fresh)
{
    give_samples(b, fresh, b->t, 1);
    for (size_t l = 0; l < WIDTH; l++) {
        if (!fresh[l]) continue;
        lane *p = &b->lane[l];
        give_doses(b, l);
        p->just_dosed = 1;
        p->h_next = 1e-3;
    }
}

static void choose_steps(block *b)
{
    for (size_t l = 0; l < WIDTH; l++) {
        lane *p = &b->lane[l];
        double h = 1e-3;
        if (p->patient != NOBODY) {
            h = fmin(p->h_next, b->options->h_max_day);
            if (p->just_dosed) h = fmin(h, p->h_after_dose);
            const double left = p->stop_day - b->t[l];
            if (h > 0.999999 * left)
                h = left;
            else if (h > 0.5 * left)
                h = 0.5 * left;
        }
        b->h[l] = h;
        b->inverse_h[l] = 1.0 / h;
        b->inverse_h_gamma[l] = 1.0 / (h * coley_rodas4.gamma);
    }
}

static void right_hand_side(block *b, const double *t, const double *y, double *f)
{
    b->system->rhs(b->system->self, WIDTH, t, y, b->work, f);
    if (!b->any_inflow) return;
    for (size_t i = 0; i < b->system->n * WIDTH; i++) f[i] += b->inflow[i];
}

static void run_stages(block *b)
{
    const size_t n = b->system->n, count = n * WIDTH;
    const double *ft = b->system->uses_time ? b->ft : NULL;
    b->system->jacobian(b->system->self, WIDTH, b->t, b->y, b->work, b->jacobian, b->system->uses_time ? b->ft : NULL);
    b->kernels->matrix(b->lu, WIDTH, b->inverse_h_gamma, b->jacobian, b->matrix);
    b->lu_kernels->factor(b->lu, WIDTH, b->matrix);
    for (size_t stage = 0; stage < COLEY_ROSENBROCK_STAGES; stage++) {
        b->kernels->state(count, stage, coley_rodas4.a[stage], b->y, b->u, b->y_stage);
        for (size_t l = 0; l < WIDTH; l++) b->t_stage[l] = b->t[l] + coley_rodas4.alpha[stage] * b->h[l];
        right_hand_side(b, b->t_stage, b->y_stage, b->f);
        b->kernels->right(n, WIDTH, stage, coley_rodas4.c[stage], b->u, b->inverse_h, coley_rodas4.gamma_sum[stage],
                          b->h, ft, b->f, b->u[stage]);
        b->lu_kernels->solve(b->lu, WIDTH, b->matrix, b->u[stage]);
    }
    const double one = 1.0;
    b->kernels->state(count, 1, &one, b->y_stage, &b->u[5], b->y_new);
    b->kernels->norm(n, WIDTH, b->atol, b->options->rtol, b->y, b->y_new, b->u[5], b->norm);
}

/* The state whose error is largest or not finite, for the message. */
static int32_t worst_state(const block *b, size_t l)
{
    int32_t worst = 0;
    double most = -1.0;
    for (size_t i = 0; i < b->system->n; i++) {
        const size_t at = i * WIDTH + l;
        const double scaled = fabs(b->u[5][at]) / (b->atol[i] + b->options->rtol * fabs(b->y[at]));
        if (!isfinite(scaled)) return (int32_t)i;
        if (scaled > most) {
            most = scaled;
            worst = (int32_t)i;
        }
    }
    return worst;
}

/* Accept or reject each lane's step. `from` gets the old times of accepted lanes. */
static void judge_steps(block *b, unsigned char *accepted, double *from)
{
    for (size_t l = 0; l < WIDTH; l++) {
        accepted[l] = 0;
        from[l] = b->t[l];
        lane *p = &b->lane[l];
        if (p->patient == NOBODY) continue;
        const double e = b->norm[l], h = b->h[l];
        const int good = isfinite(e);
        const double factor = !good ? 0.1 : e > 0.0 ? fmin(6.0, fmax(0.2, 0.9 / sqrt(sqrt(e)))) : 6.0;
        if (good && e <= 1.0) {
            accepted[l] = 1;
            p->result.n_steps++;
            const int to_stop = h >= p->stop_day - b->t[l];
            b->t[l] = to_stop ? p->stop_day : b->t[l] + h;
            const double grown = h * (p->rejected_before ? fmin(factor, 1.0) : factor);
            p->h_next = to_stop && !p->just_dosed ? fmax(p->h_next, grown) : grown;
            if (p->just_dosed) p->h_after_dose = fmax(grown, 1e-9);
            p->just_dosed = 0;
            p->rejected_before = 0;
            continue;
        }
        p->result.n_rejected++;
        p->rejected_before = 1;
        p->h_next = h * fmin(factor, 0.9);
        if (p->just_dosed) p->h_after_dose = p->h_next;
    }
}

static void settle_lanes(block *b, const unsigned char *accepted)
{
    const size_t n = b->system->n;
    for (size_t l = 0; l < WIDTH; l++) {
        lane *p = &b->lane[l];
        if (p->patient == NOBODY) continue;
        if (accepted[l]) {
            for (size_t i = 0; i < n; i++) b->y[i * WIDTH + l] = b->y_new[i * WIDTH + l];
            if (b->t[l] >= p->stop_day) give_doses(b, l);
            if (b->t[l] >= b->cohort->t_end_day) {
                finish(b, l, COLEY_OK, -1);
                continue;
            }
        }
        const double least = 1e-14 * fmax(fabs(b->t[l]), 1.0);
        if (!(p->h_next > least) || p->result.n_steps + p->result.n_rejected >= b->options->max_steps)
            finish(b, l, COLEY_ERR_DIVERGED, worst_state(b, l));
    }
}

static void run_block(block *b)
{
    unsigned char accepted[WIDTH], fresh[WIDTH];
    double from[WIDTH];
    for (int first = 1;; first = 0) {
        for (size_t l = 0; l < WIDTH; l++) fresh[l] = b->lane[l].patient == NOBODY;
        if (!refill(b)) return;
        if (first) fill_idle(b);
        int any_fresh = 0;
        for (size_t l = 0; l < WIDTH; l++) {
            fresh[l] = fresh[l] && b->lane[l].patient != NOBODY;
            any_fresh |= fresh[l];
        }
        if (any_fresh) {
            start_lanes(b, fresh);
            for (size_t l = 0; l < WIDTH; l++)
                if (fresh[l] && b->cohort->t_end_day <= b->cohort->t_start_day) finish(b, l, COLEY_OK, -1);
            if (b->cohort->t_end_day <= b->cohort->t_start_day) continue;
        }
        choose_steps(b);
        run_stages(b);
        judge_steps(b, accepted, from);
        give_samples(b, accepted, from, 0);
        settle_lanes(b, accepted);
    }
}

static coley_status check(const coley_system *s, const coley_cohort *c, const coley_integrator_options *o,
                          coley_error *err)
{
    if (!(o->rtol > 0.0) || !(o->rtol < 1.0))
        return COLEY_FAIL(err, COLEY_ERR_ARG, "relative tolerance %g, allowed above 0 and below 1", o->rtol);
    if (!o->atol_state && !(o->atol > 0.0))
        return COLEY_FAIL(err, COLEY_ERR_ARG, "absolute tolerance %g, allowed above 0", o->atol);
    if (!(c->t_end_day >= c->t_start_day))
        return COLEY_FAIL(err, COLEY_ERR_ARG, "the end, day %g, is before the start, day %g", c->t_end_day,
                          c->t_start_day);
    for (size_t k = 0; k < c->n_samples; k++)
        if (!(c->sample_day[k] >= c->t_start_day) || !(c->sample_day[k] <= c->t_end_day) ||
            (k && !(c->sample_day[k] >= c->sample_day[k - 1])))
            return COLEY_FAIL(err, COLEY_ERR_ARG, "sample %zu, day %g, is out of order or outside day %g to %g", k,
                              c->sample_day[k], c->t_start_day, c->t_end_day);
    for (size_t patient = 0; c->doses && patient < c->n; patient++) {
        const coley_dose *dose;
        const size_t n = c->doses(c->self, patient, &dose);
        for (size_t i = 0; i < n; i++)
            if (!(dose[i].t_day >= c->t_start_day) || (i && !(dose[i].t_day >= dose[i - 1].t_day)) ||
                !isfinite(dose[i].amount) || !(dose[i].duration_day >= 0.0) || dose[i].state < 0 ||
                (size_t)dose[i].state >= s->n)
                return COLEY_FAIL(err, COLEY_ERR_ARG,
                                  "dose %zu of patient %zu (day %g, amount %g, over %g days, state %d) is out of order "
                                  "or out of range",
                                  i, patient, dose[i].t_day, dose[i].amount, dose[i].duration_day, (int)dose[i].state);
    }
    return COLEY_OK;
}

/* Remembers the first patient, in patient order, who did not reach the end. */
typedef struct outcome {
    const coley_cohort *cohort;
    coley_integration worst;
    size_t worst_patient;
    atomic_flag busy;
} outcome;

static void watch_inputs(void *self, size_t patient, double *inputs)
{
    const outcome *o = self;
    o->cohort->inputs(o->cohort->self, patient, inputs);
}

static size_t watch_doses(void *self, size_t patient, const coley_dose **dose)
{
    const outcome *o = self;
    return o->cohort->doses ? o->cohort->doses(o->cohort->self, patient, dose) : 0;
}

static void watch_sample(void *self, const coley_sample *sample)
{
    const outcome *o = self;
    o->cohort->sample(o->cohort->self, sample);
}

static void watch_finish(void *self, size_t patient, const coley_integration *result)
{
    outcome *o = self;
    if (o->cohort->finish) o->cohort->finish(o->cohort->self, patient, result);
    if (result->status == COLEY_OK) return;
    while (atomic_flag_test_and_set(&o->busy)) {}
    if (patient < o->worst_patient) {
        o->worst_patient = patient;
        o->worst = *result;
    }
    atomic_flag_clear(&o->busy);
}

coley_status coley_integrate(const coley_system *system, const coley_cohort *cohort,
                             const coley_integrator_options *options, coley_error *err)
{
    COLEY_TRY(check(system, cohort, options, err));
    coley_arena *arena = coley_arena_create();
    if (!arena) return COLEY_FAIL_MEMORY(err);
    coley_status status = COLEY_OK;
    const int n_threads = options->n_threads > 1 ? options->n_threads : 1;
    const coley_sparse_lu *lu = coley_sparse_lu_analyse(arena, system->n, system->row_start, system->column);
    double *atol = COLEY_NEW(arena, double, system->n);
    block *blocks = COLEY_NEW(arena, block, (size_t)n_threads);
    if (!lu || !atol || !blocks) status = COLEY_FAIL_MEMORY(err);
    atomic_size_t next_patient = 0;
    outcome watched = {.cohort = cohort, .worst_patient = SIZE_MAX, .busy = ATOMIC_FLAG_INIT};
    coley_cohort inner = *cohort;
    inner.self = &watched;
    inner.inputs = watch_inputs;
    inner.doses = watch_doses;
    inner.sample = watch_sample;
    inner.finish = watch_finish;
    for (size_t i = 0; status == COLEY_OK && i < system->n; i++)
        atol[i] = options->atol_state ? options->atol_state[i] : options->atol;
    for (int k = 0; status == COLEY_OK && k < n_threads; k++) {
        blocks[k] = (block){.system = system,
                            .cohort = &inner,
                            .options = options,
                            .lu = lu,
                            .lu_kernels = coley_lu_best(),
                            .kernels = coley_rosenbrock_best(),
                            .atol = atol,
                            .next_patient = &next_patient};
        status = block_create(arena, &blocks[k], err);
    }
    if (status == COLEY_OK) {
#pragma omp parallel for num_threads(n_threads) schedule(static, 1) if (n_threads > 1)
        for (int k = 0; k < n_threads; k++) run_block(&blocks[k]);
        if (watched.worst_patient != SIZE_MAX)
            status = COLEY_FAIL(err, COLEY_ERR_DIVERGED,
                                "patient %zu: the solution is lost at day %g, state %d (%zu steps, %zu rejected)",
                                watched.worst_patient, watched.worst.t_day, (int)watched.worst.state,
                                watched.worst.n_steps, watched.worst.n_rejected);
    }
    coley_arena_destroy(arena);
    return status;
}
