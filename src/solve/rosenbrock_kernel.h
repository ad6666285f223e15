/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock_kernel.h -- the sums of a Rosenbrock step over columns of lanes.
 *
 * Included by one file for each instruction set, which defines COLEY_ROSENBROCK_KERNELS. Every sum runs over stages, or
 * over states, in one order; no lane sees another. */
#include "math/lanes.h"
#include "solve/rosenbrock.h"

#include <assert.h>
#include <math.h>

/* Every state v that is computed, and where k the LANES lanes from l on have it. */
#define EACH_STATE(b, l)                                                                                               \
    for (size_t s_ = 0; s_ < (b)->n_spans; s_++)                                                                       \
        for (size_t v = (b)->span[s_].first, k = v * (b)->width + (l); v < (b)->span[s_].end; v++, k += (b)->width)

/* `plain`: nothing flows in and time is not used, which spares reading zeros. With `follows`, row i of a is that of the
 * stage before and then 1, so that the argument goes on from where it was. `e`: weights of the estimate, or NULL. */
static inline __attribute__((always_inline)) void combine_stages(const coley_rosenbrock_block *b, const int n_before,
                                                                 const int follows, const int plain,
                                                                 const double gamma_i, const double *a, const double *c,
                                                                 const double *e)
{
    const size_t width = b->width, count = b->n * width;
    const double *restrict y = follows ? b->stage : b->y, *restrict u = b->u;
    const double *restrict inflow = b->inflow, *restrict dfdt = b->dfdt;
    double *stage = b->stage, *restrict sum = b->sum, *restrict estimate = b->estimate;
    lanes a_all[COLEY_STAGES_MAX], c_all[COLEY_STAGES_MAX], e_all[COLEY_STAGES_MAX];
    for (int j = 0; j < n_before; j++) a_all[j] = lanes_all(a[j]), c_all[j] = lanes_all(c[j]);
    for (int j = 0; e && j < n_before; j++) e_all[j] = lanes_all(e[j]);
    for (size_t l = 0; l < width; l += LANES) {
        const lanes inverse_h = lanes_load(b->inverse_h + l), gamma_h = lanes_all(gamma_i) * lanes_load(b->h + l);
        EACH_STATE(b, l)
        {
            lanes r = {0};
            if (!plain) r = lanes_load(inflow + k);
            if (n_before > 0) {
                lanes x = lanes_load(y + k), s = {0}, w = {0};
                for (int j = 0; j < n_before; j++) {
                    const lanes uj = lanes_load(u + (size_t)j * count + k);
                    s = lanes_fused(c_all[j], uj, s);
                    if (e) w = lanes_fused(e_all[j], uj, w);
                    if (!follows)
                        x = lanes_fused(a_all[j], uj, x);
                    else if (j == n_before - 1)
                        x += uj;
                }
                lanes_store(stage + k, x);
                if (e) lanes_store(estimate + k, w);
                r = lanes_fused(s, inverse_h, r);
            }
            if (!plain && dfdt) r = lanes_fused(lanes_load(dfdt + k), gamma_h, r);
            lanes_store(sum + k, r);
        }
    }
}

static inline __attribute__((always_inline)) void combine_any(const coley_rosenbrock_block *b, const int i,
                                                              const int follows, const double *e)
{
    const double *a = b->method->a[i], *c = b->method->c[i], gamma_i = b->method->gamma_i[i];
    if (b->flows || b->dfdt)
        combine_stages(b, i, follows, 0, gamma_i, a, c, e);
    else
        combine_stages(b, i, follows, 1, gamma_i, a, c, e);
}

static int row_follows(const coley_rosenbrock *method, int i)
{
    for (int j = 0; j + 1 < i; j++)
        if (method->a[i][j] != method->a[i - 1][j]) return 0;
    return i > 1 && method->a[i][i - 1] == 1.0;
}

static void combine(const coley_rosenbrock_block *b, int i)
{
    const int follows = row_follows(b->method, i);
    switch (i) {
    case 0:
        combine_any(b, 0, 0, NULL);
        break;
    case 1:
        combine_any(b, 1, 0, NULL);
        break;
    case 2:
        combine_any(b, 2, 0, NULL);
        break;
    case 3:
        combine_any(b, 3, 0, NULL);
        break;
    case 4:
        combine_any(b, 4, 0, NULL);
        break;
    case 5:
        if (follows)
            combine_any(b, 5, 1, NULL);
        else
            combine_any(b, 5, 0, NULL);
        break;
    case 6:
        combine_any(b, 6, 1, NULL);
        break;
    default:
        combine_any(b, 7, 1, b->method->estimate);
        break;
    }
    assert(i < 6 || follows);
    assert(!b->method->embedded || b->method->n_stages == COLEY_STAGES_MAX);
}

static void right_side(const coley_rosenbrock_block *b, int i)
{
    double *u = b->u + (size_t)i * b->n * b->width;
    for (size_t l = 0; l < b->width; l += LANES)
        EACH_STATE(b, l)
            lanes_store(u + k, lanes_load(u + k) + lanes_load(b->sum + k));
}

/* The larger of two, lane by lane; not a number when either is not, so that it shows in the error. */
static inline lanes lanes_larger(lanes a, lanes b)
{
    return lanes_pick(a >= b, a, lanes_pick(a == a, b, a));
}

/* RMS of x in tolerances, for the LANES lanes from l on. With `last`, a stage of weight e, `stage` becomes the new
 * state and x, if any, is what the stages before it say. */
static inline __attribute__((always_inline)) lanes scaled_size(const coley_rosenbrock_block *b, const double *x,
                                                               const double *last, double e, size_t l)
{
    const lanes rtol = lanes_all(b->rtol), weight = lanes_all(e);
    const double *restrict y = b->y, *restrict atol = b->atol;
    const size_t n = b->n;
    double *stage = b->stage;
    lanes sum = {0};
    EACH_STATE(b, l)
    {
        lanes y1 = lanes_load(stage + k), xk = {0};
        if (x) xk = lanes_load(x + k);
        if (last) {
            const lanes u = lanes_load(last + k);
            xk = lanes_fused(weight, u, xk);
            y1 += u;
            lanes_store(stage + k, y1);
        }
        const lanes size = lanes_larger(lanes_abs(y1), lanes_abs(lanes_load(y + k)));
        const lanes ratio = xk / lanes_fused(rtol, size, lanes_all(atol[v]));
        sum = lanes_fused(ratio, ratio, sum) +
              (y1 - y1); /* an infinite state is no better than one that is not a number */
    }
    for (size_t k = 0; k < LANES; k++) sum[k] = sqrt(sum[k] / (double)(n ? n : 1));
    return sum;
}

static void close(const coley_rosenbrock_block *b, double *error)
{
    const int s = b->method->n_stages - 1;
    const double *last = b->u + (size_t)s * b->n * b->width, e = b->method->estimate[s];
    for (size_t l = 0; l < b->width; l += LANES)
        lanes_store(error + l,
                    b->method->embedded ? scaled_size(b, b->estimate, last, e, l) : scaled_size(b, NULL, last, e, l));
}

static void look_inside(const coley_rosenbrock_block *b)
{
    const size_t count = b->n * b->width;
    double weight[COLEY_STAGES_MAX], slope[COLEY_STAGES_MAX];
    coley_dense_weights(b->method, COLEY_INSIDE, weight, slope);
    for (size_t l = 0; l < b->width; l += LANES) {
        const lanes inverse_h = lanes_load(b->inverse_h + l);
        EACH_STATE(b, l)
        {
            const lanes y = lanes_load(b->y + k), y1 = lanes_load(b->stage + k);
            lanes x = (1 - COLEY_INSIDE) * y + COLEY_INSIDE * y1, s = y1 - y;
            for (int j = 0; j < b->method->n_stages; j++) {
                const lanes u = lanes_load(b->u + (size_t)j * count + k);
                x += weight[j] * u;
                s += slope[j] * u;
            }
            lanes_store(b->sum + k, x);
            lanes_store(b->inside + k, s * inverse_h);
        }
    }
}

static void residual(const coley_rosenbrock_block *b, const double *f)
{
    for (size_t l = 0; l < b->width; l += LANES)
        EACH_STATE(b, l)
            lanes_store(b->inside + k, lanes_load(f + k) + lanes_load(b->inflow + k) - lanes_load(b->inside + k));
}

static void close_inside(const coley_rosenbrock_block *b, double *error)
{
    for (size_t l = 0; l < b->width; l += LANES)
        lanes_store(error + l, lanes_larger(lanes_load(error + l), scaled_size(b, b->inside, NULL, 0, l)));
}

static void dense(const coley_rosenbrock_block *b, const double *x, const double *weight, const double *take, double *to)
{
    const size_t width = b->width, count = b->n * width;
    for (size_t l = 0; l < width; l += LANES) {
        const lanes at = lanes_load(x + l);
        const lanes_mask yes = lanes_load(take + l) != 0.0, ends = at == 1.0;
        int any = 0;
        for (size_t k = 0; k < LANES; k++) any |= yes[k] != 0;
        if (!any) continue;
        for (size_t k = l; k < count; k += width) /* what is not computed stays what it is */
            lanes_store(to + k, lanes_pick(yes, lanes_load(b->y + k), lanes_load(to + k)));
        EACH_STATE(b, l)
        {
            const lanes y = lanes_load(b->y + k), y1 = lanes_load(b->stage + k);
            lanes value = y + at * (y1 - y); /* exact for what does not change */
            for (int j = 0; j < b->method->n_stages; j++)
                value += lanes_load(weight + (size_t)j * width + l) * lanes_load(b->u + (size_t)j * count + k);
            lanes_store(to + k, lanes_pick(yes, lanes_pick(ends, y1, value), lanes_load(to + k)));
        }
    }
}

static void accept(const coley_rosenbrock_block *b, const double *accepted, double *y)
{
    const size_t width = b->width;
    for (size_t l = 0; l < width; l += LANES) {
        const lanes_mask yes = lanes_load(accepted + l) != 0.0;
        EACH_STATE(b, l)
            lanes_store(y + k, lanes_pick(yes, lanes_load(b->stage + k), lanes_load(y + k)));
    }
}

const coley_rosenbrock_kernels COLEY_ROSENBROCK_KERNELS = {
    .combine = combine,
    .right_side = right_side,
    .close = close,
    .look_inside = look_inside,
    .residual = residual,
    .close_inside = close_inside,
    .dense = dense,
    .accept = accept,
};
