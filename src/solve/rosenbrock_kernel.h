/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rosenbrock_kernel.h -- the sums of a Rosenbrock step over columns of lanes.
 *
 * Included by one file for each instruction set, which defines COLEY_ROSENBROCK_KERNELS. Every sum runs over stages, or
 * over states, in one order; no lane sees another. */
#include "math/lanes.h"
#include "solve/rosenbrock.h"

#include <math.h>
#include <string.h>

static inline __attribute__((always_inline)) void combine_stages(const coley_rosenbrock_block *b, const int n_before,
                                                                 const double *restrict a, const double *restrict c)
{
    const size_t count = b->n * b->width;
    lanes a_all[COLEY_STAGES_MAX], c_all[COLEY_STAGES_MAX];
    for (int j = 0; j < n_before; j++) a_all[j] = lanes_all(a[j]), c_all[j] = lanes_all(c[j]);
    for (size_t k = 0; k < count; k += LANES) {
        lanes x = lanes_load(b->y + k), s = {0};
        for (int j = 0; j < n_before; j++) {
            const lanes u = lanes_load(b->u + (size_t)j * count + k);
            x += a_all[j] * u;
            s += c_all[j] * u;
        }
        lanes_store(b->stage + k, x);
        lanes_store(b->sum + k, s);
    }
}

static void combine(const coley_rosenbrock_block *b, int i)
{
    const double *a = b->method->a[i], *c = b->method->c[i];
    switch (i) {
    case 0:
        memset(b->sum, 0, b->n * b->width * sizeof *b->sum);
        break;
    case 1:
        combine_stages(b, 1, a, c);
        break;
    case 2:
        combine_stages(b, 2, a, c);
        break;
    case 3:
        combine_stages(b, 3, a, c);
        break;
    case 4:
        combine_stages(b, 4, a, c);
        break;
    case 5:
        combine_stages(b, 5, a, c);
        break;
    case 6:
        combine_stages(b, 6, a, c);
        break;
    default:
        combine_stages(b, 7, a, c);
        break;
    }
}

static void right_side(const coley_rosenbrock_block *b, int i)
{
    const size_t width = b->width, count = b->n * width;
    double *u = b->u + (size_t)i * count;
    const lanes gamma = lanes_all(b->method->gamma_i[i]);
    for (size_t l = 0; l < width; l += LANES) {
        const lanes gamma_h = gamma * lanes_load(b->h + l), inverse_h = lanes_load(b->inverse_h + l);
        for (size_t k = l; k < count; k += width) {
            lanes r = lanes_load(u + k) + lanes_load(b->inflow + k);
            r += lanes_load(b->sum + k) * inverse_h;
            if (b->dfdt) r += lanes_load(b->dfdt + k) * gamma_h;
            lanes_store(u + k, r);
        }
    }
}

/* The larger of two, lane by lane; not a number when either is not, so that it shows in the error. */
static inline lanes lanes_larger(lanes a, lanes b)
{
    return lanes_pick(a >= b, a, lanes_pick(a == a, b, a));
}

/* RMS of column block `x` in tolerances, for the LANES lanes from l on. */
static inline lanes scaled_size(const coley_rosenbrock_block *b, const double *x, size_t l)
{
    const lanes rtol = lanes_all(b->rtol);
    lanes sum = {0};
    for (size_t v = 0; v < b->n; v++) {
        const size_t k = v * b->width + l;
        const lanes y1 = lanes_load(b->stage + k);
        const lanes size = lanes_larger(lanes_abs(y1), lanes_abs(lanes_load(b->y + k)));
        const lanes ratio = lanes_load(x + k) / (lanes_all(b->atol[v]) + rtol * size);
        sum += ratio * ratio + (y1 - y1); /* an infinite state is no better than one that is not a number */
    }
    for (size_t k = 0; k < LANES; k++) sum[k] = sqrt(sum[k] / (double)(b->n ? b->n : 1));
    return sum;
}

static void close(const coley_rosenbrock_block *b, double *error)
{
    const size_t count = b->n * b->width;
    const double *last = b->u + (size_t)(b->method->n_stages - 1) * count;
    for (size_t k = 0; k < count; k += LANES)
        lanes_store(b->stage + k, lanes_load(b->stage + k) + lanes_load(last + k));
    for (size_t l = 0; l < b->width; l += LANES) lanes_store(error + l, scaled_size(b, last, l));
}

static void look_inside(const coley_rosenbrock_block *b)
{
    const size_t count = b->n * b->width;
    double weight[COLEY_STAGES_MAX], slope[COLEY_STAGES_MAX];
    coley_dense_weights(b->method, COLEY_INSIDE, weight, slope);
    for (size_t l = 0; l < b->width; l += LANES) {
        const lanes inverse_h = lanes_load(b->inverse_h + l);
        for (size_t k = l; k < count; k += b->width) {
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
    for (size_t k = 0; k < b->n * b->width; k += LANES)
        lanes_store(b->inside + k, lanes_load(f + k) + lanes_load(b->inflow + k) - lanes_load(b->inside + k));
}

static void close_inside(const coley_rosenbrock_block *b, double *error)
{
    for (size_t l = 0; l < b->width; l += LANES)
        lanes_store(error + l, lanes_larger(lanes_load(error + l), scaled_size(b, b->inside, l)));
}

static void accept(const coley_rosenbrock_block *b, const double *accepted, double *y)
{
    const size_t width = b->width, count = b->n * width;
    for (size_t l = 0; l < width; l += LANES) {
        const lanes_mask yes = lanes_load(accepted + l) != 0.0;
        for (size_t k = l; k < count; k += width)
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
    .accept = accept,
};
