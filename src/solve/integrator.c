/* SPDX-License-Identifier: GPL-3.0-or-later */
/* integrator.c -- patients dealt to the lanes of blocks, each lane with a clock of its own.
 *
 * All lanes of a block take a step together, each of its own length; then every lane decides for itself whether the
 * step stands, whether samples fall into it, and whether it ends at a boundary (a dose, the end of an infusion, the end
 * of the run). Sums over columns are the kernels' business; here is what happens once a step and lane. Nothing that a
 * lane computes looks at another lane, which is why neither neighbours nor width nor threads can change a result. */
#include "solve/integrator.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "solve/integrator_parts.h"

/* First step of lane l from the size of the state and of the derivative, which stands in u_0. */
static double first_step(const block *b, size_t l)
{
    double d0 = 0, d1 = 0;
    for (size_t v = 0; v < b->step.n; v++) {
        const size_t k = v * b->width + l;
        const double tolerance = b->atol[v] + b->step.rtol * fabs(b->y[k]);
        const double r0 = b->y[k] / tolerance, r1 = (b->step.u[k] + b->inflow[k]) / tolerance;
        d0 += r0 * r0;
        d1 += r1 * r1;
    }
    const double n = b->step.n ? (double)b->step.n : 1;
    const double h = coley_step_first(sqrt(d0 / n), sqrt(d1 / n));
    return isfinite(h) ? h : 0;
}

/* The length of every lane's next step. */
static void steps_choose(block *b)
{
    const coley_cohort *cohort = b->run->cohort;
    for (size_t l = 0; l < b->width; l++) {
        lane *p = b->lane + l;
        double h = 1;
        if (p->active) {
            const double least = coley_step_least(b->t[l], cohort->t_end_day - cohort->t_start_day);
            if (!(p->h_next > 0)) p->h_next = fmax(first_step(b, l), 2 * least);
            h = coley_step_towards(b->t[l], fmin(p->h_next, b->run->options->h_max_day), p->boundary_day, &p->reaches);
        }
        b->h[l] = h;
        b->inverse_h[l] = 1 / h;
        b->shift[l] = 1 / (h * b->run->method->gamma);
    }
}

/* A step between two marks is one over an open interval: what jumps at them has the value of the inside. */
static void stay_inside(block *b)
{
    for (size_t l = 0; l < b->width; l++)
        b->t_stage[l] =
            fmax(nextafter(b->t[l], INFINITY), fmin(b->t_stage[l], nextafter(b->lane[l].boundary_day, -INFINITY)));
}

/* Machine code, where there is some and no lane's Jacobian has to be mended. */
static const coley_native *native_of(const block *b)
{
    return b->floors ? NULL : b->native;
}

/* What f sees of y. */
static const double *seen(block *b, const double *y)
{
    if (!b->floors) return y;
    memcpy(b->seen, y, b->step.n * b->width * sizeof *y);
    for (size_t l = 0; l < b->width; l++)
        if (b->lane[l].floors) b->lane[l].floored |= coley_lane_floor(&b->step, l, b->seen);
    return b->seen;
}

/* dy = f(t, y) by machine code where there is some. */
static void rhs(const block *b, const double *t, const double *y, double *dy)
{
    const coley_system *system = b->run->system;
    if (native_of(b))
        b->native->rhs(b->native->function, b->work, t, y, dy);
    else if (b->awake->program)
        coley_awake_rhs(b->awake->program, b->width, t, y, b->work, NULL, dy);
    else
        system->rhs(system->self, b->width, t, y, b->work, dy);
}

static void solve(const block *b, double *x)
{
    if (native_of(b))
        b->native->solve(b->factors, x);
    else
        coley_sparse_lu_solve(b->awake->lu, b->run->isa, b->width, b->factors, x);
}

/* Find out what has to be computed from now on. What is left out is 0, and so is whatever steps would say of it. */
static void wake(block *b)
{
    const size_t n = b->step.n, width = b->width;
    b->stirred = 0;
    if (b->native) return;
    for (size_t v = 0; v < n; v++) {
        int stirs = 0;
        for (size_t l = 0; l < width; l++)
            stirs |= b->lane[l].active && !(b->y[v * width + l] == 0 && b->inflow[v * width + l] == 0);
        b->zero[v] = !stirs;
    }
    b->awake = coley_awake_of(b->run->awakes, b->zero);
    b->step.n_spans = b->awake->n_spans;
    b->step.span = b->awake->span;
    for (size_t s = 0, v = 0; v < n; v++) {
        while (s < b->step.n_spans && b->step.span[s].end <= v) s++;
        if (s < b->step.n_spans && b->step.span[s].first <= v) continue;
        memset(b->step.stage + v * width, 0, width * sizeof(double));
        for (int i = 0; i < b->run->method->n_stages; i++)
            memset(b->step.u + ((size_t)i * n + v) * width, 0, width * sizeof(double));
    }
}

/* The length of the step, and the factors of its matrix. */
static void step_begin(block *b)
{
    const run *r = b->run;
    const coley_system *system = r->system;
    int first = 0;
    b->step.flows = b->floors = 0;
    for (size_t l = 0; l < b->width; l++) {
        b->step.flows |= b->lane[l].infused;
        b->floors |= b->lane[l].floors;
        b->lane[l].floored = 0;
        first |= b->lane[l].active && !(b->lane[l].h_next > 0);
        b->t_stage[l] = system->n_marks ? nextafter(b->t[l], INFINITY) : b->t[l];
    }
    const double *y = seen(b, b->y);
    if (first) rhs(b, b->t_stage, y, b->step.u);
    steps_choose(b);
    if (native_of(b)) {
        b->native->factor(b->native->function, b->work, b->t_stage, b->y, b->shift, b->factors, b->bad, b->dfdt);
        return;
    }
    if (b->awake->program)
        coley_awake_jacobian(b->awake->program, b->width, b->t_stage, y, b->work, b->jacobian, b->dfdt);
    else
        system->jacobian(system->self, b->width, b->t_stage, y, b->work, b->jacobian, b->dfdt);
    for (size_t l = 0; l < b->width && b->floors; l++) {
        if (!b->lane[l].floors) continue;
        b->lane[l].floored |= coley_lane_mend(b->jacobian + l, b->awake->n_values, b->width);
        if (system->uses_time) b->lane[l].floored |= coley_lane_mend(b->dfdt + l, system->n, b->width);
    }
    coley_sparse_lu_factor(b->awake->lu, r->isa, b->width, b->shift, b->jacobian, b->factors, b->bad);
}

/* All stages of one step from (t, y): the new state in step.stage, its error in tolerances in `error`. */
static void step_try(block *b)
{
    const run *r = b->run;
    const coley_system *system = r->system;
    const size_t count = b->step.n * b->width;
    step_begin(b);
    for (int i = 0; i < r->method->n_stages; i++) {
        double *u = b->step.u + (size_t)i * count;
        r->kernels->combine(&b->step, i);
        const double *y = seen(b, i ? b->step.stage : b->y);
        for (size_t l = 0; l < b->width; l++) b->t_stage[l] = b->t[l] + r->method->alpha[i] * b->h[l];
        if (system->n_marks) stay_inside(b);
        if (native_of(b)) {
            b->native->stage(b->native->function, b->work, b->t_stage, y, b->step.sum, b->factors, u);
            continue;
        }
        if (b->awake->program) {
            coley_awake_rhs(b->awake->program, b->width, b->t_stage, y, b->work, b->step.sum, u);
        } else if (system->rhs_plus) {
            system->rhs_plus(system->self, b->width, b->t_stage, y, b->work, b->step.sum, u);
        } else {
            rhs(b, b->t_stage, y, u);
            r->kernels->right_side(&b->step, i);
        }
        solve(b, u);
    }
    r->kernels->close(&b->step, b->error);
    if (!system->uses_time) return;
    double *f = b->dfdt; /* its own content has done its work */
    r->kernels->look_inside(&b->step);
    for (size_t l = 0; l < b->width; l++) b->t_stage[l] = b->t[l] + COLEY_INSIDE * b->h[l];
    if (system->n_marks) stay_inside(b);
    rhs(b, b->t_stage, seen(b, b->step.sum), f);
    r->kernels->residual(&b->step, f);
    solve(b, b->step.inside);
    r->kernels->close_inside(&b->step, b->error);
}

/* The state of lane l that is most to blame for the step just refused: the first whose derivative is no number, at the
 * step's start or else in the earliest stage that shows it; failing that, the one with the largest error. Called after
 * the derivative at (t, y) was put into step.sum. */
static int32_t state_to_blame(const block *b, size_t l)
{
    const size_t n = b->step.n, count = n * b->width;
    const int last = b->run->method->n_stages - 1;
    for (size_t v = 0; v < n; v++)
        if (!isfinite(b->y[v * b->width + l]) || !isfinite(b->step.sum[v * b->width + l])) return (int32_t)v;
    for (int i = 0; i <= last; i++)
        for (size_t v = 0; v < n; v++)
            if (!isfinite(b->step.u[(size_t)i * count + v * b->width + l])) return (int32_t)v;
    int32_t worst = 0;
    double most = -1;
    for (size_t v = 0; v < n; v++) {
        const size_t k = v * b->width + l;
        double estimate = 0;
        for (int j = 0; j <= last; j++) estimate += b->run->method->estimate[j] * b->step.u[(size_t)j * count + k];
        const double error = fabs(estimate) / (b->atol[v] + b->step.rtol * fabs(b->y[k]));
        if (error > most) most = error, worst = (int32_t)v;
    }
    return worst;
}

/* Lane l cannot go on: steps too short, or too many. */
static void lane_diverge(block *b, size_t l)
{
    const coley_system *system = b->run->system;
    system->rhs(system->self, b->width, b->t, b->y, b->work, b->step.sum);
    coley_block_finish(b, l, COLEY_ERR_DIVERGED, state_to_blame(b, l));
}

/* Cut the steps inside which events fire, and take the samples of the accepted ones. */
static void steps_end(block *b)
{
    for (size_t l = 0; l < b->width; l++) b->t_end[l] = b->lane[l].t_new;
    coley_events_locate(&b->events, &b->step, b->accept, b->run->cohort->t_end_day - b->run->cohort->t_start_day, b->t,
                        b->t_end, b->work);
    for (size_t l = 0; l < b->width; l++) {
        lane *p = b->lane + l;
        if (b->accept[l] == 0) continue;
        p->t_new = b->events.t_cut[l];
        p->stands |= b->events.found[l];
    }
    coley_block_samples(b);
    coley_events_cut(&b->events, &b->step, b->t, b->t_end);
}

/* Every lane decides about its step. */
static void step_decide(block *b)
{
    const run *r = b->run;
    const double length = r->cohort->t_end_day - r->cohort->t_start_day;
    for (size_t l = 0; l < b->width; l++) {
        lane *p = b->lane + l;
        b->accept[l] = 0;
        if (!p->active) continue;
        const double h = b->h[l], weight = p->steady.stage ? 1 : coley_step_weight(&p->memory, h, length);
        const double error = b->error[l] * weight;
        const int computed = error <= DBL_MAX && b->bad[l] == 0, good = computed && error <= 1;
        const int first_failure = !computed && !p->floors;
        const double least = coley_step_least(b->t[l], length);
        const int whole = p->restart >= 0 && p->restart < RESTART_START && h == p->h_next;
        if (computed) {
            p->h_next = coley_step_next(r->method, &p->memory, h, error, whole ? p->restart : RESTART_NONE);
        } else {
            p->h_next = fmax(0.2 * h, first_failure ? 2 * least : 0);
            p->memory.rejected = 1;
            p->floors = 1;
        }
        if (good) {
            p->result.n_steps++;
            p->floors = p->floored;
            p->restart = RESTART_NONE;
            b->accept[l] = 1;
            p->stands = p->reaches;
            p->t_new = p->reaches ? p->boundary_day : b->t[l] + h;
        } else {
            p->result.n_rejected++;
        }
        const int stuck = !good && p->h_next < least;
        if (stuck || p->result.n_steps + p->result.n_rejected >= r->options->max_steps) p->finished = 1;
    }
    if (!b->has_events) coley_block_samples(b);
}

/* Make the good steps final, arrive at boundaries, give up where it cannot go on. */
static void step_conclude(block *b)
{
    int any = 0;
    if (b->has_events) steps_end(b);
    b->run->kernels->accept(&b->step, b->accept, b->y);
    for (size_t l = 0; l < b->width; l++) {
        lane *p = b->lane + l;
        b->mask[l] = 0;
        if (b->accept[l] != 0) {
            b->t[l] = p->t_new;
            b->mask[l] = (unsigned char)p->stands;
            any |= p->stands;
        }
    }
    if (any) coley_block_stand(b);
    for (size_t l = 0; l < b->width; l++)
        if (b->lane[l].active && b->lane[l].finished) lane_diverge(b, l);
}

static void block_run(block *b)
{
    for (;;) {
        coley_block_refill(b);
        int active = 0;
        for (size_t l = 0; l < b->width; l++) active |= b->lane[l].active;
        if (!active) return;
        if (b->stirred) wake(b);
        step_try(b);
        step_decide(b);
        step_conclude(b);
    }
}

/* All memory of a block; false when there is not enough. */
static int block_init(block *b, coley_arena *arena, run *r, size_t width)
{
    const coley_system *system = r->system;
    const size_t n = system->n, n_values = (size_t)system->row_start[n];
    double **const column[] = {&b->t,      &b->t_stage, &b->h,          &b->inverse_h, &b->shift, &b->bad,
                               &b->error,  &b->accept,  &b->pending_t,  &b->take,      &b->share, &b->y,
                               &b->inflow, &b->pending, &b->step.stage, &b->step.sum};
    for (size_t i = 0; i < sizeof column / sizeof *column; i++)
        if (!(*column[i] = COLEY_NEW(arena, double, (i < 11 ? 1 : n) * width))) return 0;
    b->run = r;
    b->width = width;
    b->native = width == COLEY_LANES ? system->native : NULL;
    b->awake = r->whole;
    b->zero = COLEY_NEW(arena, unsigned char, n);
    b->weight = COLEY_NEW(arena, double, (size_t)r->method->n_stages *width);
    b->lane = COLEY_NEW(arena, lane, width);
    b->mask = COLEY_NEW(arena, unsigned char, width);
    b->only = COLEY_NEW(arena, unsigned char, width);
    b->before = COLEY_NEW(arena, double, n *width);
    b->kept = COLEY_NEW(arena, double, n *width);
    b->dfdt = COLEY_NEW(arena, double, n *width);
    b->atol = COLEY_NEW(arena, double, n);
    b->jacobian = COLEY_NEW(arena, double, n_values *width);
    b->factors = COLEY_NEW(arena, double, coley_sparse_lu_count(r->whole->lu) * width);
    b->observed = COLEY_NEW(arena, double, system->n_observed *width);
    b->inputs = COLEY_NEW(arena, double, system->n_inputs *width);
    b->has_events = system->n_events || system->n_marks;
    b->t_end = COLEY_NEW(arena, double, width);
    if (!b->t_end || !coley_events_init(&b->events, arena, system, width)) return 0;
    for (size_t i = 0; i < r->cohort->n_stop_events; i++) b->events.stops[r->cohort->stop_event[i]] = 1;
    b->one_inputs = COLEY_NEW(arena, double, system->n_inputs);
    b->leg_state = COLEY_NEW(arena, double, n);
    b->seen = COLEY_NEW(arena, double, n *width);
    b->goes_on = COLEY_NEW(arena, unsigned char, width);
    if (!b->leg_state || !b->seen || !b->goes_on) return 0;
    b->work = coley_arena_alloc(arena, system->work_size ? system->work_size(system->self, width) : 0);
    double *u = COLEY_NEW(arena, double, (size_t)r->method->n_stages *n *width);
    double *estimate = COLEY_NEW(arena, double, n *width);
    double *inside = COLEY_NEW(arena, double, system->uses_time ? n *width : 0);
    if (!b->zero || !b->weight || !b->lane || !b->mask || !b->only || !b->before || !b->kept || !b->dfdt || !b->atol ||
        !b->jacobian || !b->factors || !b->observed || !b->inputs || !b->one_inputs || !b->work || !u || !estimate ||
        !inside)
        return 0;
    for (size_t v = 0; v < n; v++) b->atol[v] = r->options->atol_state ? r->options->atol_state[v] : r->options->atol;
    b->step = (coley_rosenbrock_block){.method = r->method,
                                       .n = n,
                                       .width = width,
                                       .n_spans = r->whole->n_spans,
                                       .span = r->whole->span,
                                       .y = b->y,
                                       .inflow = b->inflow,
                                       .dfdt = system->uses_time ? b->dfdt : NULL,
                                       .h = b->h,
                                       .inverse_h = b->inverse_h,
                                       .u = u,
                                       .stage = b->step.stage,
                                       .sum = b->step.sum,
                                       .estimate = estimate,
                                       .atol = b->atol,
                                       .rtol = r->options->rtol,
                                       .inside = inside};
    return 1;
}

/* Lanes a block: as asked for, else the width that measured best on 50 and on 228 states (wider columns share the cost
 * of reading the programs, but leave more lanes idle while the last patients finish, and many of them outgrow the
 * caches), and not more than there are patients for. */
static size_t width_of(const coley_system *system, const coley_cohort *cohort, const coley_integrator_options *options)
{
    const size_t threads = (size_t)options->n_threads, share = (cohort->n + threads - 1) / threads;
    if (options->width) return options->width;
    if (system->native) return COLEY_LANES;
    const size_t best = system->n > 100 ? 16 : 24, rounds = (share + best - 1) / best;
    const size_t even = (share + rounds - 1) / rounds;
    return (even + COLEY_LANES - 1) / COLEY_LANES * COLEY_LANES;
}

/* The run of a cohort that is not empty, in blocks from `arena`. */
static coley_status run_blocks(coley_arena *arena, run *r, coley_error *err)
{
    const coley_integrator_options *options = r->options;
    const size_t n = r->cohort->n, width = width_of(r->system, r->cohort, options), needed = (n + width - 1) / width;
    const int n_blocks = needed < (size_t)options->n_threads ? (int)needed : options->n_threads;
    COLEY_TRY(coley_awake_whole(r->awakes, &r->whole, err));
    block *blocks = COLEY_NEW(arena, block, (size_t)n_blocks);
    if (!blocks) return COLEY_FAIL_MEMORY(err);
    for (int i = 0; i < n_blocks; i++)
        if (!block_init(blocks + i, arena, r, width)) return COLEY_FAIL_MEMORY(err);

#pragma omp parallel for schedule(static, 1) num_threads(n_blocks)
    for (int i = 0; i < n_blocks; i++) block_run(blocks + i);

    const block *first = NULL;
    for (int i = 0; i < n_blocks; i++)
        if (blocks[i].failed && (!first || blocks[i].failed_patient < first->failed_patient)) first = blocks + i;
    return first ? coley_run_failed(r->system, r->cohort, first->failed_patient, &first->failed_result, err) : COLEY_OK;
}

coley_status coley_integrate_in(coley_arena *arena, const coley_system *system, const coley_cohort *cohort,
                                const coley_integrator_options *options, coley_error *err)
{
    COLEY_TRY(coley_run_check(system, cohort, options, err));
    if (cohort->n == 0) return COLEY_OK;
    const coley_isa isa = coley_isa_best();
    run r = {.system = system,
             .cohort = cohort,
             .options = options,
             .method = coley_rosenbrock_of(options->method),
             .kernels = isa == COLEY_ISA_AVX512 ? &coley_rosenbrock_kernels_avx512
                        : isa == COLEY_ISA_AVX2 ? &coley_rosenbrock_kernels_avx2
                                                : &coley_rosenbrock_kernels_portable,
             .awakes = system->awakes ? system->awakes : coley_awakes_create(system),
             .isa = isa};
    if (!r.awakes) return COLEY_FAIL_MEMORY(err);
    const coley_status status = run_blocks(arena, &r, err);
    if (!system->awakes) coley_awakes_destroy(r.awakes);
    return status;
}

coley_status coley_integrate(const coley_system *system, const coley_cohort *cohort,
                             const coley_integrator_options *options, coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    if (!arena) return COLEY_FAIL_MEMORY(err);
    const coley_status status = coley_integrate_in(arena, system, cohort, options, err);
    coley_arena_destroy(arena);
    return status;
}
